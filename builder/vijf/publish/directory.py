"""The directory of shops from one build to the next: which of its pages change when some shops do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from vijf.publish.former import Former
from vijf.publish.manifest import DirectoryPage, DirectoryRow, write_part
from vijf.publish.parts import StartOver
from vijf.render.site import Directory, ShopSummary, directory_key

Changes = Mapping[str, tuple[ShopSummary | None, ShopSummary | None]]
"""Slug -> what was said of a shop, and what is said now; None where it wasn't there, or isn't."""


@dataclass(frozen=True, slots=True)
class DirectoryUpdate:
    """The directory as it is now: in `directory.pages` just the pages to make anew, and the manifest's `pages`.

    `parts` are the new ones among these: name and text.
    """

    directory: Directory
    pages: tuple[DirectoryPage, ...]
    parts: tuple[tuple[str, bytes], ...]


def whole(summaries: Iterable[ShopSummary]) -> DirectoryUpdate:
    """The directory made anew from all shops."""
    directory = Directory.of(summaries)
    made = [_part(number, rows) for number, rows in directory.pages.items() if rows]
    return DirectoryUpdate(directory, tuple(page for page, _ in made), tuple((page.part, data) for page, data in made))


def after(former: Former, changes: Changes) -> DirectoryUpdate:
    """The directory of the last build after some shops changed. Raises `StartOver`."""
    head = former.head
    moved = [(old, new) for old, new in changes.values() if _listed_key(old) != _listed_key(new)]
    if moved:
        return _reordered(former, changes)
    pages: dict[int, list[ShopSummary]] = {}
    firsts = [page.first for page in head.directory]
    for old, new in changes.values():
        if old is None or new is None or old == new or new.merged_into is not None:
            continue
        number = bisect_right(firsts, directory_key(new))
        rows = pages.get(number) or _rows(former, number)
        pages[number] = [new if row.slug == new.slug else row for row in rows]
    made = {number: _part(number, rows) for number, rows in pages.items()}
    kept = tuple(made[n][0] if n in made else page for n, page in enumerate(head.directory, 1))
    parts = tuple((page.part, data) for page, data in made.values())
    return DirectoryUpdate(Directory(head.listed, head.initials, pages), kept, parts)


def completed(former: Former, update: DirectoryUpdate) -> DirectoryUpdate:
    """`update`, with those pages of the directory too that stand as the last build left them. Raises `StartOver`."""
    changed = update.directory.pages
    standing = range(1, len(update.pages) + 1)
    pages = {number: changed[number] if number in changed else _rows(former, number) for number in standing}
    return replace(update, directory=replace(update.directory, pages=pages or {1: []}))


def _reordered(former: Former, changes: Changes) -> DirectoryUpdate:
    """The same where shops came, went, or go by another name: the order of all others is looked at too."""
    standing = [_rows(former, number) for number in range(1, len(former.head.directory) + 1)]
    kept = {old.slug for old, _ in changes.values() if old is not None}  # faulty shops may be kept by an earlier slug
    stay = [row for rows in standing for row in rows if row.slug not in changes and row.slug not in kept]
    update = whole([*stay, *(new for _, new in changes.values() if new is not None)])
    directory, head = update.directory, former.head
    same_letters = list(directory.initials.items()) == list(head.initials.items())  # in this order on every page
    if directory.listed == head.listed and same_letters:
        pages = {n: rows for n, rows in directory.pages.items() if n > len(standing) or rows != standing[n - 1]}
        directory = Directory(directory.listed, directory.initials, pages)
    return DirectoryUpdate(directory, update.pages, update.parts)


def _listed_key(shop: ShopSummary | None) -> tuple[str, str] | None:
    return directory_key(shop) if shop is not None and shop.merged_into is None else None


def _part(number: int, rows: Iterable[ShopSummary]) -> tuple[DirectoryPage, bytes]:
    shops = list(rows)
    part, data = write_part(f"page-{number}", [DirectoryRow(asdict(shop)) for shop in shops])
    return DirectoryPage(part, directory_key(shops[0])), data


def _rows(former: Former, number: int) -> list[ShopSummary]:
    rows = [ShopSummary.of(summary) for summary in former.page(number)]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows):
        raise StartOver(f"page {number} of the directory isn't in the manifest")
    return found
