"""Find and read the files of a content folder: the only place that touches them.

Everything found is decided here: which files are content, which must not be there, which lie outside the
folder although they seem to be in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vijf.content.fields import slug_problem
from vijf.content.logo import FORMATS
from vijf.content.nodes import shorten
from vijf.errors import Diagnostic, MachineError, Span, UsageError

_PAGE_NAME = re.compile(r"(?P<name>[^.]+)\.(?P<language>[A-Za-z0-9-]+)\.md")
_IGNORED = re.compile(r"\..*|README(\.(md|txt|rst))?|.*~")

_PIECE = 1 << 20


@dataclass(slots=True)
class Folder:
    """A content folder as it was found: names only, nothing read. Paths are relative to it, in POSIX form."""

    root: Path
    site: bool = False
    """Whether there is a `site.yaml` that may be read (no link that leaves the folder)."""
    pages: dict[tuple[str, str], str] = field(default_factory=dict)
    """(name, language) -> path of a Markdown page."""
    static: list[str] = field(default_factory=list)
    """Paths below `static/`, with that folder's name, sorted."""
    shops: list[str] = field(default_factory=list)
    """Slugs, sorted."""
    faults: list[Diagnostic] = field(default_factory=list)
    _shown_root: str = ""

    def shown(self, path: str) -> str:
        """A path as people know it: with the folder's name as they gave it."""
        if not self._shown_root:
            self._shown_root = (self.root / "x").as_posix()[:-1]
        return self._shown_root + path if path else self.root.as_posix()

    def fault(self, path: str, code: str, message: str, *, warning: bool = False) -> None:
        """Note a fault of a whole file."""
        self.faults.append(Diagnostic(Span(self.shown(path)), code, message, warning))

    def read(self, path: str, most: int) -> bytes | None:
        """The bytes of a file, or None after noting that it has more than `most`.

        Raises `MachineError` when it can't be read at all.
        """
        try:
            with open(f"{self.root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123  # paths cost time here
                size = os.fstat(file.fileno()).st_size
                data = file.read(min(size, most) + 1)  # not `most` at once: room for that many would be made first
                while data and len(data) != size and len(data) <= most:  # not all of it yet, or it is growing
                    more = file.read(min(most + 1 - len(data), _PIECE))
                    if not more:
                        break
                    data += more
        except OSError as error:
            raise MachineError(f"{self.shown(path)}: can't be read: {error.strerror}") from error
        if len(data) > most:
            self.fault(path, "too-large", f"is larger than {most:,} bytes; split it or make it smaller")
            return None
        return data


def find(root: Path, only: Collection[str] | None = None) -> Folder:
    """Look through the content folder `root`, of its shops only for those in `only`, where given.

    Raises `UsageError` when it isn't one.
    """
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such folder; name one with --content, or make one with `vijf init`")
    if not (root / "site.yaml").is_file():
        raise UsageError(f"{root}: holds no site.yaml, so it is no content; make one with `vijf init`")
    folder = Folder(root)
    for path, entry in _entries(folder, ""):
        is_folder = entry.is_dir()
        if path == "pages" and is_folder:
            _find_pages(folder)
        elif path == "static" and is_folder:
            _find_static(folder, "static")
        elif path == "shops" and is_folder:
            _find_shops(folder, only)
        elif path == "site.yaml":
            folder.site = True
        else:
            folder.fault(
                path, "unexpected-file", "is not a part of content (site.yaml, pages, static, shops); move it out"
            )
    return folder


def shop_files(folder: Folder, slug: str) -> tuple[list[str], str | None]:
    """The review files of a shop, sorted, and its logo, noting what else lies there."""
    base = f"shops/{slug}"
    reviews: list[str] = []
    logos: list[str] = []
    for path, entry in _entries(folder, base):
        name = entry.name
        if name == "reviews" and entry.is_dir():
            for review_path, review_entry in _entries(folder, path):
                if review_path.endswith(".yaml") and review_entry.is_file():
                    reviews.append(review_path)
                else:
                    folder.fault(review_path, "unexpected-file", "is not read; files of reviews are named *.yaml")
        elif name.startswith("logo.") and name[5:] in FORMATS and entry.is_file():
            logos.append(path)
        elif name != "shop.yaml":
            folder.fault(
                path, "unexpected-file", "is not a part of a shop (shop.yaml, logo.png|jpg|webp, reviews/); move it out"
            )
    for extra in logos[1:]:
        folder.fault(extra, "two-logos", f"there is {logos[0].rpartition('/')[2]} already; keep one")
    return reviews, logos[0] if logos else None


Entry = os.DirEntry[str] | Path
"""Something in a folder. What it is mostly came with its name when the folder was listed, so asking costs nothing."""


def _entries(folder: Folder, below: str, only: Collection[str] | None = None) -> list[tuple[str, Entry]]:
    """A folder's entries with their paths, sorted, without dotfiles, notes and links that lead outside.

    With `only` just the entries of these names, and the folder isn't listed.
    """
    entries: Sequence[Entry]
    try:
        if only is not None:
            named = (folder.root / below / name for name in sorted(only))
            entries = [path for path in named if os.path.lexists(path)]
        else:
            with os.scandir(folder.root / below) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        raise MachineError(f"{folder.shown(below)}: can't be listed: {error.strerror}") from error
    found = []
    for entry in entries:
        name = entry.name
        path = f"{below}/{name}" if below else name
        if _IGNORED.fullmatch(name) and not below.startswith("static"):
            continue
        if not path.isprintable():
            folder.fault(shorten(path, len(path)), "unexpected-file", "has a name that can't be shown; rename it")
            continue
        if entry.is_symlink():
            target = Path(os.path.realpath(entry))
            if not target.exists():
                folder.fault(path, "symlink", "is a link to something that isn't there; put the file itself here")
                continue
            if not target.is_relative_to(folder.root.resolve()):
                folder.fault(path, "symlink", "is a link that leaves the content folder; put the file itself here")
                continue
        found.append((path, entry))
    return found


def _find_pages(folder: Folder) -> None:
    for path, entry in _entries(folder, "pages"):
        match = _PAGE_NAME.fullmatch(entry.name)
        if match is None or not entry.is_file():
            folder.fault(path, "unexpected-file", "is not read; pages are named <name>.<language>.md, like about.nl.md")
            continue
        problem = slug_problem(match["name"])
        if problem:
            folder.fault(path, "slug", problem)
            continue
        folder.pages[match["name"], match["language"]] = path


def _find_static(folder: Folder, below: str) -> None:
    for path, entry in _entries(folder, below):
        if entry.is_dir():
            if entry.is_symlink():
                folder.fault(path, "symlink", "is a link to a folder; put the files themselves here")
                continue
            _find_static(folder, path)
        elif entry.is_file():
            folder.static.append(path)
        else:
            folder.fault(path, "unexpected-file", "is neither a file nor a folder; move it out")


def _find_shops(folder: Folder, only: Collection[str] | None) -> None:
    for path, entry in _entries(folder, "shops", only):
        slug = entry.name
        if not entry.is_dir():
            folder.fault(path, "unexpected-file", "is not a folder; each shop has a folder of its own")
        elif problem := slug_problem(slug):
            folder.fault(path, "slug", problem)
        elif not os.path.isfile(f"{folder.root}/{path}/shop.yaml"):  # noqa: PTH113  # paths cost time here
            folder.fault(path, "missing-file", "holds no shop.yaml; add one with at least `name` and `url`")
        else:
            folder.shops.append(slug)
