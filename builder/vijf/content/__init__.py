"""From files to the model: the only package that reads input.

It finds the files of content, decodes them with bounds, and notes every fault.
"""
