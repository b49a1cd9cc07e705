"""Writing the site: the only package that writes output. What is written, when, and how a kill leaves no half site.

`state.py` says where the disposable state lives, who may build and which folder may be built into; `stage.py` takes
the new files; `survey.py` finds what has to go; `journal.py` carries the change out, or completes it after a kill;
`manifest.py` remembers what each unit was made from. `build.py` puts them together.
"""
