"""The pinned element: every released `vijf.<hash>.js`, kept in the package and published for ever.

A shop that pins one has its digest in its own pages, so its bytes never change. `widget/build.js` writes the
folder and its index; nothing else may.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vijf.plan import Artifact
from vijf.render.package import STATIC
from vijf.render.site import SiteBundle


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned script: its file name, its digest as the attribute `integrity` has it, and since which version it
    is out (None: it comes with the next).
    """  # noqa: D205  # one sentence

    file: str
    integrity: str
    version: str | None


@lru_cache(maxsize=1)
def pinned() -> tuple[Pinned, ...]:
    """All of them, oldest first; the last is what snippets name."""
    index = _folder().joinpath("index.json").read_text("utf-8")
    return tuple(Pinned(**entry) for entry in json.loads(index))


def pinned_names() -> list[str]:
    """Their file names, oldest first."""
    return [script.file for script in pinned()]


def pinned_script(_bundle: SiteBundle, artifact: Artifact) -> bytes:
    """The script named `artifact.name`, byte for byte as it was released."""
    return _folder().joinpath(artifact.name).read_bytes()


def _folder() -> Path:
    return STATIC / "released"
