"""Content folders written by tests, folders as values, and the environment that commands run in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import vijf
from strategies import as_yaml

SITE = {
    "schema": 1,
    "name": "Voorbeeldkeur",
    "url": "https://reviews.example.nl",
    "languages": ["nl"],
    "operator": {"name": "Stichting Voorbeeldkeur", "email": "post@voorbeeldkeur.example"},
}


@dataclass(frozen=True)
class Content:
    """A content folder to write; it starts with a site in Dutch and no shop. All its dates lie in the past."""

    folder: Path

    def write(self, path: str, text: str) -> Path:
        """Write a file below the folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def site(self, **changes: Any) -> Path:
        """Write `site.yaml` with some of its keys changed."""
        return self.write("site.yaml", as_yaml({**SITE, **changes}, block=True))

    def shop(self, slug: str, reviews: int = 0, **changes: Any) -> Path:
        """Write a shop whose name is its slug, with that many ordinary reviews (`a0`, `a1` ..., oldest first)."""
        if reviews:
            self.reviews(slug, "2024.yaml", *(review(number) for number in range(reviews)))
        values = {"name": slug, "url": f"https://{slug}.example"} | changes
        return self.write(f"shops/{slug}/shop.yaml", as_yaml(values, block=True))

    def reviews(self, slug: str, file: str, *reviews: dict[str, Any]) -> Path:
        """Write a file of reviews."""
        return self.write(f"shops/{slug}/reviews/{file}", as_yaml(list(reviews), block=True))


def review(number: int, **changes: Any) -> dict[str, Any]:
    """An ordinary review as the content says it: one a day from 2024-01-01, with marks from 6 to 10 in turn."""
    day = (date(2024, 1, 1) + timedelta(number)).isoformat()
    values = {
        "id": f"a{number}",
        "received": day,
        "published": day,
        "rating": 6 + number % 5,
        "text": f"Text {number}.",
    }
    return values | changes


def files(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stamps(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """What shows that a file was touched at all: inode, modification time and mode of everything in a folder."""
    found = {path: path.lstat() for path in [folder, *folder.rglob("*")]}
    return {path: (node.st_ino, node.st_mtime_ns, node.st_mode) for path, node in found.items()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that only one of two folders has, or that have other bytes there."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def environment(**changes: str) -> dict[str, str]:
    """What commands run in: this package is found, and no CI is."""
    inherited = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    return inherited | {"PYTHONPATH": str(Path(vijf.__file__).parents[1])} | changes
