"""What every artifact depends on besides its content: this package, its libraries, and the settings of the site."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from vijf import __version__
from vijf.digests import digest

LIBRARIES = ("babel", "jinja2", "markdown", "markupsafe", "nh3", "pillow", "pyyaml", "regex", "tzdata")
"""Libraries whose version can change a byte of the site."""


def environment(settings: str) -> dict[str, str]:
    """Name -> digest of what all artifacts depend on; `settings` is that of `site.yaml`."""
    return {"vijf": _package(), "libraries": _libraries(), "settings": settings}


@lru_cache(maxsize=1)
def _package() -> str:
    """The digest of every file of this package: code, templates, catalogues."""
    root = str(files("vijf"))
    found = []
    for path in sorted(_files(root)):
        with open(path, "rb") as file:  # noqa: PTH123  # many small files: a Path would double it
            found.append(f"{digest(file.read())}  {path.removeprefix(root)}\n")
    return digest(f"{__version__}\n{''.join(found)}".encode())


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            elif not entry.name.endswith((".pyc", ".po")):
                yield entry.path


@lru_cache(maxsize=1)
def _libraries() -> str:
    lines = [f"python {sys.version_info[:2]} unicode {unicodedata.unidata_version}"]
    for name in LIBRARIES:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # bundled by whoever packaged this
            lines.append(f"{name} unknown")
    return digest("\n".join(lines).encode())
