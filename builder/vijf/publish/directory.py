"""The directory of shops from one build to the next: which of its pages change when some shops do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from vijf.publish.former import Former
from vijf.publish.manifest import DirectoryPage, DirectoryRow, write_part
from vijf.publish.parts import StartOver
from vijf.render import Directory, ShopSummary
from vijf.render.site import directory_key

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


def after(former: Former, changes: Changes, *, every: bool) -> DirectoryUpdate:
    """The directory of the last build after some shops changed; with `every`, all pages of it. Raises `StartOver`."""
    head = former.head
    moved = [(old, new) for old, new in changes.values() if _listed_key(old) != _listed_key(new)]
    if moved or every:
        return _reordered(former, changes, every=every)
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


def _reordered(former: Former, changes: Changes, *, every: bool) -> DirectoryUpdate:
    """The same where shops came, went, or go by another name: the order of all others is looked at too."""
    standing = [_rows(former, number) for number in range(1, len(former.head.directory) + 1)]
    former_slugs = {old.slug for old, _ in changes.values() if old is not None}  # what was kept may have an earlier one
    stay = [row for rows in standing for row in rows if row.slug not in changes and row.slug not in former_slugs]
    update = whole([*stay, *(new for _, new in changes.values() if new is not None)])
    directory, head = update.directory, former.head
    same_letters = list(directory.initials.items()) == list(head.initials.items())  # in this order on every page
    if directory.listed == head.listed and same_letters and not every:
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
