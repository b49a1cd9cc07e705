"""From the model to bytes: one pure function for each kind of artifact, in the two tables of `renderers`.

A renderer takes a bundle of everything that it may depend on, and the artifact; it gives the file's bytes.
"""
