"""The files of this package that rendering reads: style sheets, scripts, fonts, catalogues, templates.

By their place beside this module, since `importlib.resources` takes longer to import than all of them to read.
"""

from __future__ import annotations

from pathlib import Path

_RENDER = Path(__file__).parent
STATIC = _RENDER / "static"
TEMPLATES = _RENDER / "templates"
COMPILED = _RENDER / "compiled"
"""The templates as Python code, made by the package's build; `vijf.render.templates` says what is in it."""


def catalogue(code: str) -> Path:
    """The compiled messages of a language."""
    return _RENDER / "locales" / code / "LC_MESSAGES" / "vijf.mo"
