"""What a build has to make anew, and why: the content as it is now against what the last build read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from vijf.content.files import Folder
from vijf.content.load import shop_digests
from vijf.content.stamps import FOREVER, files_stamp, folders_stamp, shop_stamp
from vijf.model import Site
from vijf.plan import shard_count, shard_of
from vijf.publish import stamps
from vijf.publish.former import Former
from vijf.publish.stamps import ShopStamps
from vijf.publish.state import State


class Reason(StrEnum):
    """Why an artifact is made anew: all that there is."""

    FIRST = "no manifest of a former build"
    VIJF = "another version of Vijf"
    LIBRARIES = "another version of a library"
    SETTINGS = "site.yaml changed"
    SHARDS = "the number of shards changed"
    NEW = "the shop is new"
    CONTENT = "the shop's content changed"
    MERGED = "a shop that merged into it changed"
    OUTPUT = "its place in the output was touched"
    PAGES = "pages or static files changed"
    SHOPS = "what it says of shops changed"
    BUILD = "it sums up the build"
    FAULTS = "its content had faults"


Explained = tuple[str, Reason, bool]
"""The path of an artifact that was made anew, why, and whether its bytes changed."""


@dataclass(slots=True)
class Stale:
    """What has to be made: `shops` with the reason of each, and the site's own artifacts where `site` gives one.

    `full`: nothing of the last build stays. `whole`: everything in the output is looked at, else only what is made
    anew. `shards` is the number of shards now, `gone` are shops that the last build had. `since` is when the build
    began. `static`: files of `static/` may have changed. `known` are the stamps of shops that the last builds left,
    `stamps` those of shops' content as it is now.
    """

    shards: int
    since: int
    full: bool = False
    shops: dict[str, Reason] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    site: Reason | None = None
    whole: bool = True
    static: bool = True
    known: dict[str, ShopStamps] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)


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


def compare(folder: Folder, former: Former, state: State, output: str, site: Site, since: int) -> Stale:
    """Look at every shop: those whose stamps vouch for them stay; of the others the files are read and compared.

    Raises `StartOver`.
    """
    found = Stale(len(former.head.shards), since, whole=False)
    known: set[str] = set()
    for number, shard in enumerate(former.head.shards):
        held = stamps.read(state, str(number), shard.part)
        if len(held) < shard.shops:
            known |= former.shard(number).keys()
        known |= held.keys()
        found.known |= held
    formerly = {slug: names.formerly for slug, names in former.names.items()}
    for slug in folder.shops:
        _look(found, slug, folder, former, output, site, since, formerly.get(slug, ()), slug in known)
    found.gone = tuple(sorted(known - set(folder.shops)))
    _look_at_site(found, folder, former, state, output, site)
    return found


def compare_named(folder: Folder, named: Collection[str], former: Former, state: State, since: int) -> Stale:
    """Look only at the shops that are `named`, whether they are still there or not. Raises `StartOver`."""
    count = len(former.head.shards)
    found = Stale(count, since, whole=False, static=False)
    for number in sorted({shard_of(slug, count) for slug in named}):
        found.known |= stamps.read(state, str(number), former.head.shards[number].part)
    gone = []
    for slug in sorted(named):
        record = former.record([slug])
        if slug not in folder.shops:
            if record is not None:
                gone.append(slug)
        elif record is None:
            found.shops[slug] = Reason.NEW
        else:
            found.stamps[slug] = shop_stamp(f"{folder.root}/shops", slug, since)
            if shop_digests(folder, slug) != record.inputs:
                found.shops[slug] = Reason.CONTENT
    found.gone = tuple(gone)
    return found


def named_shops(changed: Collection[str]) -> frozenset[str] | None:
    """The shops that changed paths are of; None where one of them may concern any shop, so that all are looked at.

    Pages and `site.yaml` name no shop, and are read by every build.
    """
    parts = [path.split("/") for path in changed]
    if any(part[0] not in ("shops", "pages", "site.yaml") or part == ["shops"] for part in parts):
        return None
    return frozenset(part[1] for part in parts if part[0] == "shops")


def _look(
    found: Stale,
    slug: str,
    folder: Folder,
    former: Former,
    output: str,
    site: Site,
    since: int,
    formerly: Iterable[str],
    known: bool,  # noqa: FBT001
) -> None:
    content = found.stamps[slug] = shop_stamp(f"{folder.root}/shops", slug, since)
    if not known:
        found.shops[slug] = Reason.NEW
        return
    held = found.known.get(slug)
    if held is None or not stamps.vouched(held.content, content):
        record = former.record([slug])
        if record is None or shop_digests(folder, slug) != record.inputs:
            found.shops[slug] = Reason.NEW if record is None else Reason.CONTENT
            return
    if held is None:
        found.shops[slug] = Reason.OUTPUT
        return
    folders = stamps.shop_folders(site, (slug, *formerly), held.total)
    if not stamps.vouched(held.output, folders_stamp(output, folders, FOREVER)):
        found.shops[slug] = Reason.OUTPUT


def _look_at_site(found: Stale, folder: Folder, former: Former, state: State, output: str, site: Site) -> None:
    held = stamps.read(state, stamps.SITE, former.text_digest).get(stamps.SITE)
    folders = stamps.site_folders(site, former.head.outputs)
    if held is None or not stamps.vouched(held.output, folders_stamp(output, folders, FOREVER)):
        found.whole, found.site = True, Reason.OUTPUT
    static = files_stamp(str(folder.root), folder.static, FOREVER)
    found.static = held is None or not stamps.vouched(held.content, static)
