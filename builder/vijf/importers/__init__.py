"""From other platforms' exports to content: nothing is invented, upgraded, rounded or cut on the way.

`mapping.py` decodes MAP.yaml; `lines.py` and `table.py` read a CSV or JSON lines file into neutral
rows; `reviews.py` makes model reviews of them with the rules of `vijf.content`, `dates.py` and `repair.py` helping;
`batch.py` collects them; `merge.py` compares with what stands; `emit.py` writes.
"""
