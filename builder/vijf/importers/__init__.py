"""From other platforms' exports to content: nothing is invented, upgraded, rounded or cut on the way.

`mapping.py` decodes MAP.yaml; `table.py` reads a CSV or JSON lines file into neutral rows; `reviews.py` makes model
reviews of them with the rules of `vijf.content`; `repair.py` mends what exports are known to break; `merge.py`
compares with what stands; `emit.py` writes.
"""
