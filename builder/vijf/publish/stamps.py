"""The stamps of a build: what the file system said of each shop's files and folders, as a hint for the next build.

One file for each shard of shops, `stamps/<n>`, and `stamps/site`. A hint vouches for one text of the manifest only,
which its first line names; it is written when that is in force, so that no kill can leave one that promises too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from vijf import urls
from vijf.content.stamps import FOREVER, NONE, folders_stamp
from vijf.model import Kind, Site
from vijf.publish import disk
from vijf.publish.manifest import Head
from vijf.publish.state import State

SITE = "site"
"""The file of stamps of what belongs to no shop, and its only entry: `content` is of `static/`."""


class ShopStamps(NamedTuple):
    """The stamps of a shop's files and of its folders in the output, and how many entries it has."""

    content: str
    output: str
    total: int


def tick(state: State) -> int:
    """The file system's clock, in nanoseconds: what is written from now on is not older."""
    path = state.folder / "tick"
    with disk.failing("cannot write the build's notes"):
        path.write_bytes(b"")
        return path.stat().st_mtime_ns


def next_tick(state: State) -> int:
    """The file system's clock once it shows another time than now: everything written so far is older."""
    first = now = tick(state)
    while now == first:
        now = tick(state)
    return now


def read(state: State, name: str, text: str) -> dict[str, ShopStamps]:
    """The stamps in the file `name`, if they vouch for the manifest's part (or head) `text`; else none."""
    try:
        lines = (state.stamps / name).read_text("ascii").splitlines()
        if not lines or lines[0] != text:
            return {}
        rows = (line.split("\t") for line in lines[1:])
        return {slug: ShopStamps(content, output, int(total)) for slug, content, output, total in rows}
    except (OSError, ValueError):
        return {}


def write(state: State, name: str, text: str, stamps: Mapping[str, ShopStamps]) -> None:
    """Write the stamps that vouch for `text`; a failure costs time only."""
    rows = [f"{slug}\t{found.content}\t{found.output}\t{found.total}\n" for slug, found in sorted(stamps.items())]
    path = state.stamps / name
    try:
        state.stamps.mkdir(exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{text}\n{''.join(rows)}", "ascii")
        fresh.replace(path)
    except OSError:
        return


def shop_folders(site: Site, slugs: Iterable[str], total: int) -> list[str]:
    """Every folder of the output that holds files of a shop with `total` entries, at all its addresses."""
    found = []
    embeds = Kind.EMBED not in site.without
    archive = range(1, urls.archive_count(total) + 1)
    for slug in slugs:
        found += [f"v1/{slug}", f"v1/{slug}/reviews", f"review/{slug}"]
        for language in site.languages:
            own = f"{language}/{slug}"
            found += [own, f"{own}/page", *(f"{own}/page/{number}" for number in archive)]
            if embeds:
                found.append(f"{own}/embed")
    return found


def site_folders(site: Site, head: Head) -> list[str]:
    """Every folder of the output that holds files of no shop alone, with those in which the shops' folders stand."""
    found = {"", "v1", "review", *site.languages}
    for files in (head.outputs, *(shard.files for shard in head.shards)):
        for path in files:
            found.update(urls.parents(path))
    return sorted(found)


def followed(
    known: Mapping[str, ShopStamps], folders: Callable[[str, int], Iterable[str]], former: str, root: str, now: int
) -> dict[str, ShopStamps]:
    """The stamps of shops whose folders have been copied as they were from one generation, `former`, to another.

    `folders` gives those of a shop by slug and number of entries. A stamp that no longer holds is not made good.
    """
    found = {}
    for slug, held in known.items():
        paths = list(folders(slug, held.total))
        holds = vouched(held.output, folders_stamp(former, paths, FOREVER))
        found[slug] = held._replace(output=folders_stamp(root, paths, now) if holds else NONE)
    return found


def vouched(one: str, other: str) -> bool:
    """Whether two stamps prove that nothing changed between them."""
    return one == other and one != NONE
