"""What a build has to make anew, and why: the content as it is now against what the last build read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from vijf.content.files import Folder
from vijf.content.load import shop_digests
from vijf.content.stamps import FOREVER, files_stamp, folders_stamp, shop_stamp
from vijf.model import Site
from vijf.plan import shard_count, shard_of, shop_folders
from vijf.publish import disk, stamps
from vijf.publish.former import Former
from vijf.publish.stamps import ShopStamps
from vijf.publish.state import State
from vijf.publish.survey import stands
from vijf.publish.workers import each


class Reason(StrEnum):
    """Why an artifact is made anew: all that there is."""

    FIRST = "no manifest of a former build"
    VIJF = "another version of Vijf"
    LIBRARIES = "another version of a library"
    SETTINGS = "site.yaml changed"
    SHARDS = "the number of shards changed"
    NEWEST = "too few of the newest reviews were known"
    NEW = "the shop is new"
    CONTENT = "the shop's content changed"
    MERGED = "a shop that merged into it changed"
    OUTPUT = "its place in the output was touched"
    PAGES = "pages or static files changed"
    SHOPS = "what it says of shops changed"
    BUILD = "it sums up the build"
    FAULTS = "its content had faults"


_WORTH_FORKING = 1_000
"""Shops below which looking at them takes less time than forking."""

Explained = tuple[str, Reason, bool]
"""The path of an artifact that was made anew, why, and whether its bytes changed."""


@dataclass(slots=True)
class Stale:
    """What has to be made: `shops` with the reason of each, and the site's own artifacts where `site` gives one.

    `full`: nothing of the last build stays. `whole`: everything in the output is looked at, else only what is made
    anew. `shards` is the number of shards now, `gone` are shops that the last build had. `since` is when the build
    began. `static`: files of `static/` may have changed. `torn` are shards whose shared files don't stand as the last
    build left them. `fresh` are new stamps of shops that stay as they are.
    """

    shards: int
    since: int
    full: bool = False
    shops: dict[str, Reason] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    site: Reason | None = None
    whole: bool = True
    static: bool = True
    torn: set[int] = field(default_factory=set)
    fresh: dict[str, ShopStamps] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether all is as the last build left it, as far as was looked; pages are read by every build."""
        return not (self.full or self.shops or self.gone or self.site or self.static or self.torn or self.fresh)

    def add(self, seen: _Seen) -> None:
        """Take up what a look at a shard found."""
        self.shops |= seen.shops
        self.gone += seen.gone
        self.fresh |= seen.fresh


def everything(folder: Folder, reason: Reason, since: int) -> Stale:
    """A full build."""
    count = shard_count(len(folder.shops))
    return Stale(count, since, full=True, shops=dict.fromkeys(folder.shops, reason), site=reason)


def changed_environment(former: Former, environment: dict[str, str], shops: int) -> Reason | None:
    """Why nothing of the last build can stay as it is; None where it can."""
    reasons = {"vijf": Reason.VIJF, "libraries": Reason.LIBRARIES, "settings": Reason.SETTINGS}
    for name, reason in reasons.items():
        if former.head.environment.get(name) != environment[name]:
            return reason
    return Reason.SHARDS if len(former.head.shards) != shard_count(shops) else None


def compare(folder: Folder, former: Former, state: State, output: str, site: Site, since: int, jobs: int) -> Stale:
    """Look at every shop: those whose stamps vouch for them stay; of the others the files are read and compared.

    In `jobs` processes where there are many. Raises `StartOver`.
    """
    count = len(former.head.shards)
    found = Stale(count, since, whole=False)
    look = _Look(folder, former, state, output, site, since)
    slugs: list[list[str]] = [[] for _ in range(count)]
    for slug in folder.shops:
        slugs[shard_of(slug, count)].append(slug)

    def at_shard(_worker: int, number: str) -> _Seen:
        return look.at_shard(int(number), slugs[int(number)])

    jobs = jobs if len(folder.shops) >= _WORTH_FORKING else 1
    with closing(each(at_shard, list(map(str, range(count))), jobs, "looking at shard")) as outcomes:
        for _, seen in outcomes:
            found.add(seen)
    look.at_site(found)
    return found


def compare_named(
    folder: Folder, named: Collection[str], former: Former, state: State, output: str, site: Site, since: int
) -> Stale:
    """Look only at the shops that are `named`, whether they are still there or not. Raises `StartOver`."""
    count = len(former.head.shards)
    found = Stale(count, since, whole=False)
    look = _Look(folder, former, state, output, site, since)
    for number in sorted({shard_of(slug, count) for slug in named}):
        here = sorted(slug for slug in named if shard_of(slug, count) == number)
        found.add(look.at_shard(number, [slug for slug in here if slug in folder.shops], here))
    look.at_site(found)
    return found


def named_shops(changed: Collection[str]) -> frozenset[str] | None:
    """The shops that changed paths are of; None where one of them may concern any shop, so that all are looked at.

    Pages and `site.yaml` name no shop, and are read by every build.
    """
    parts = [path.split("/") for path in changed]
    if any(part[0] not in ("shops", "pages", "site.yaml") or part == ["shops"] for part in parts):
        return None
    return frozenset(part[1] for part in parts if part[0] == "shops")


class _Seen(NamedTuple):
    """What a look at a shard found: as in `Stale`."""

    shops: dict[str, Reason]
    gone: tuple[str, ...]
    fresh: dict[str, ShopStamps]


class _Look:
    """A look at content and output."""

    def __init__(self, folder: Folder, former: Former, state: State, output: str, site: Site, since: int) -> None:
        self._folder, self._former, self._state, self._output = folder, former, state, output
        self._site, self._since = site, since
        self._formerly = {slug: names.formerly for slug, names in former.names.items()}
        # A link that leads to a shop's folders would be taken away, and they with it.
        self._sound = all(disk.is_folder(f"{output}/{above}") for above in ("v1", "review", *site.languages))

    def at_shard(self, number: int, slugs: Sequence[str], only: Collection[str] | None = None) -> _Seen:
        """Find out which of the shops `slugs`, that are there and belong to a shard, are stale, and which are gone.

        With `only`, nothing else in the shard is looked at.
        """
        shard = self._former.head.shards[number]
        held = stamps.read(self._state, str(number), shard.part)
        known = held.keys() if len(held) >= shard.shops else held.keys() | self._former.shard(number).keys()
        found = _Seen({}, tuple(sorted((known if only is None else known & set(only)) - set(slugs))), {})
        for slug in slugs:
            self._at_shop(found, slug, held.get(slug), known=slug in known)
        return found

    def _at_shop(self, found: _Seen, slug: str, held: ShopStamps | None, *, known: bool) -> None:
        """Find out whether a shop is stale, which the last build knew or didn't, and left these stamps of."""
        content = shop_stamp(f"{self._folder.root}/shops", slug, self._since)
        reason = None if known else Reason.NEW
        if known and (held is None or not stamps.vouched(held.content, content)):
            reason = self._read(slug)
        if reason is None:
            fresh = self._output_of(slug, held)
            if fresh is None:
                reason = Reason.OUTPUT
            elif held is None or fresh._replace(content=content) != held:
                found.fresh[slug] = fresh._replace(content=content)
        if reason is not None:
            found.shops[slug] = reason

    def _read(self, slug: str) -> Reason | None:
        """Why a shop is stale, by the digests of its files."""
        record = self._former.record([slug])
        if record is None:
            return Reason.NEW
        if not record.inputs:
            return Reason.FAULTS
        return None if shop_digests(self._folder, slug) == record.inputs else Reason.CONTENT

    def _output_of(self, slug: str, held: ShopStamps | None) -> ShopStamps | None:
        """What is known of a shop's output, by its stamp or else by the digests of its files; None where it is touched.

        So a site that was copied, as out of the cache of a CI, is read instead of made, which is a quarter of the work.
        """
        slugs = slug, *self._formerly.get(slug, ())
        if held is not None and self._sound:
            folders = stamps.shop_folders(self._site, slugs, held.total)
            if stamps.vouched(held.output, folders_stamp(self._output, folders, FOREVER)):
                return held
        record = self._former.record([slug])
        if record is None or not record.inputs or not self._sound:
            return None
        total = int(record.summary["received"])
        stamp = folders_stamp(self._output, stamps.shop_folders(self._site, slugs, total), self._since)
        own = [folder for one in slugs for folder in shop_folders(self._site, one)]
        return ShopStamps("", stamp, total) if stands(Path(self._output), own, record.outputs) else None

    def at_site(self, found: Stale) -> None:
        """Find out whether what belongs to no shop is as the last build left it."""
        former, folder = self._former, self._folder
        held = stamps.read(self._state, stamps.SITE, former.text_digest).get(stamps.SITE)
        folders = stamps.site_folders(self._site, former.head)
        if held is None or not stamps.vouched(held.output, folders_stamp(self._output, folders, FOREVER)):
            found.whole, found.site = True, Reason.OUTPUT
            root = Path(self._output)
            found.torn = {n for n, shard in enumerate(former.head.shards) if not stands(root, (), shard.files)}
        static = files_stamp(str(folder.root), folder.static, FOREVER)
        found.static = held is None or not stamps.vouched(held.content, static)
