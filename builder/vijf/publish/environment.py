"""What every artifact depends on besides its content: this package, its libraries, and the settings of the site."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from vijf import __version__
from vijf.digests import digest

LIBRARIES = ("babel", "jinja2", "markdown", "markupsafe", "nh3", "pillow", "pyyaml", "regex", "segno", "tzdata")
"""Libraries whose version can change a byte of the site."""
_INSTALLED = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(-py[^-]*)?\.(dist|egg)-info")
_DERIVED = ("__pycache__", "compiled")
"""Folders of what is made from the other files."""


def environment(settings: str) -> dict[str, str]:
    """Name -> digest of what all artifacts depend on; `settings` is that of `site.yaml`."""
    return {"vijf": _package(), "libraries": _libraries(), "settings": settings}


@lru_cache(maxsize=1)
def _package() -> str:
    """The digest of every file of this package: code, templates, catalogues."""
    root = str(Path(__file__).parents[1])
    found = []
    for path in sorted(_files(root)):
        with open(path, "rb") as file:  # noqa: PTH123  # many small files: a Path would double it
            found.append(f"{digest(file.read())}  {path.removeprefix(root)}\n")
    return digest(f"{__version__}\n{''.join(found)}".encode())


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name not in _DERIVED:
                    yield from _files(entry.path)
            elif not entry.name.endswith((".pyc", ".po")):
                yield entry.path


@lru_cache(maxsize=1)
def _libraries() -> str:
    """The digest of the versions of Python and the libraries, as far as they are known."""
    versions = _versions()
    lines = [f"python {sys.version_info[:2]} unicode {unicodedata.unidata_version}"]
    lines += [f"{name} {versions.get(name, 'unknown')}" for name in LIBRARIES]
    return digest("\n".join(lines).encode())


def _versions() -> dict[str, str]:
    """Library -> version, from the names of what is installed: `importlib.metadata` takes longer than all else here."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                installed = _INSTALLED.fullmatch(entry.name)
                if installed:
                    found.setdefault(installed["name"].lower(), installed["version"])
    return found
