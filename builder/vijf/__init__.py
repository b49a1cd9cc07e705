"""Vijf: publish shop reviews from YAML as a static site. See docs/ for the guide."""

__version__ = "0.1.0"
