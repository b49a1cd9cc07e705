"""What an import would change: its reviews beside those that stand in the shop's `import-<platform>.yaml`.

A review that stands and isn't in the file stays: an export may be partial, and what was published doesn't vanish
without a tombstone. One about which something was decided here (on hold, removed, redacted, amended, its mark
withdrawn) stays as decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vijf import limits
from vijf.content.events import parse_items
from vijf.content.fields import Reading
from vijf.content.files import Folder, shop_files
from vijf.content.load import load_names, zone_of
from vijf.content.nodes import Faults
from vijf.content.review import REVIEW
from vijf.errors import ContentError, Diagnostic, Span
from vijf.importers.emit import reviews_yaml, shop_yaml
from vijf.importers.mapping import Map
from vijf.model import Review, Site


@dataclass(frozen=True, slots=True)
class Tally:
    """What happens to the reviews of one shop; their sum is what its file will hold."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    decided: int = 0
    """Said otherwise by the import, but something was decided about them here: they stay."""
    kept: int = 0
    """Not in the import: they stay."""


@dataclass(slots=True)
class Plan:
    """The files to write, path below the content folder -> bytes, and what that means for each shop."""

    files: dict[str, bytes] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    new_shops: list[str] = field(default_factory=list)


def plan_import(
    folder: Folder, site: Site, mapping: Map, shops: Mapping[str, Mapping[str, Review]], now: datetime
) -> Plan:
    """Compare `shops`, slug -> id -> review, with `folder`. Writes nothing.

    Raises `ContentError` where the standing reviews have faults, a new shop lacks its name, address or slug, an id
    stands in another file of the shop, or the file would be larger than content may be.
    """
    plan = Plan()
    faults: list[Diagnostic] = []
    _plan_shops(plan, folder, site, mapping, shops, faults)
    for slug, incoming in shops.items():
        path = f"shops/{slug}/reviews/import-{mapping.platform}.yaml"
        if _leaves(folder, path):
            faults.append(_fault(folder, path, "symlink", "leads out of the content folder; put the file itself here"))
            continue
        mine, others = _standing(folder, slug, path, site, now, faults)
        for id_ in sorted(incoming.keys() & others.keys()):
            message = f"`{id_}` is in the import too; keep it in one of the two files"
            faults.append(Diagnostic(others[id_], "duplicate-id", message))
        merged, plan.tallies[slug] = merge(mine, incoming)
        data = reviews_yaml(merged)
        if len(data) > limits.YAML_BYTES:
            message = f"would be larger than {limits.YAML_BYTES:,} bytes; split the import into several platforms"
            faults.append(_fault(folder, path, "too-large", message))
        if {review.id: review for review in merged} != mine:
            plan.files[path] = data
    if faults:
        raise ContentError(faults)
    return plan


def merge(standing: Mapping[str, Review], incoming: Mapping[str, Review]) -> tuple[list[Review], Tally]:
    """The reviews that the file is to hold, and how they came to be there."""
    merged = dict(standing)
    counts = dict.fromkeys(("new", "unchanged", "changed", "decided"), 0)
    for id_, review in incoming.items():
        before = standing.get(id_)
        if before is None:
            what = "new"
        elif before == review:
            what = "unchanged"
        else:
            what = "decided" if _decided(before) else "changed"
        counts[what] += 1
        if what != "decided":
            merged[id_] = review
    return list(merged.values()), Tally(**counts, kept=len(standing.keys() - incoming.keys()))


def _decided(review: Review) -> bool:
    later = (review.held, review.removed, review.redacted, review.rating_withdrawn)
    return bool(review.amended) or any(event is not None for event in later)


def _plan_shops(
    plan: Plan, folder: Folder, site: Site, mapping: Map, shops: Mapping[str, object], faults: list[Diagnostic]
) -> None:
    """A `shop.yaml` for each shop that isn't there yet."""
    new = [slug for slug in shops if slug not in folder.shops]
    former = {name: slug for slug in folder.shops for name in load_names(folder, slug, site).formerly} if new else {}
    for slug in new:
        targets = [target for target in (mapping.shops or {}).values() if target.slug == slug]
        target = next((target for target in targets if target.name and target.url), None)
        if slug in former:
            message = f"`{slug}` is an earlier address of the shop {former[slug]}; name that one"
            faults.append(Diagnostic(targets[0].span, "slug-taken", message))
        elif target is None or target.name is None or target.url is None:
            message = f"there is no shop `{slug}` yet; give its `name` and `url`, or mend the slug"
            faults.append(Diagnostic(targets[0].span, "unknown-shop", message))
        else:
            plan.files[f"shops/{slug}/shop.yaml"] = shop_yaml(target.name, target.url)
            plan.new_shops.append(slug)


def _leaves(folder: Folder, path: str) -> bool:
    """Whether a link on the way makes `path` lie outside the content folder."""
    return not (folder.root / path).resolve().is_relative_to(folder.root.resolve())


def _standing(
    folder: Folder, slug: str, mine: str, site: Site, now: datetime, faults: list[Diagnostic]
) -> tuple[dict[str, Review], dict[str, Span]]:
    """The reviews of the file `mine`, and where each id of the shop's other files stands."""
    if not (folder.root / "shops" / slug).is_dir():
        return {}, {}
    found: dict[str, Review] = {}
    others: dict[str, Span] = {}
    for path in shop_files(Folder(folder.root), slug)[0]:
        for review, span in _reviews(folder, path, site, now, faults):
            if path == mine and review.id in found:
                faults.append(Diagnostic(span, "duplicate-id", f"`{review.id}` stands in this file already; keep one"))
            elif path == mine:
                found[review.id] = review
            else:
                others[review.id] = span
    return found, others


def _reviews(
    folder: Folder, path: str, site: Site, now: datetime, faults: list[Diagnostic]
) -> Iterator[tuple[Review, Span]]:
    quiet = Folder(folder.root)
    data = quiet.read(path, limits.YAML_BYTES)
    faults += quiet.faults
    if data is None:
        return
    reading = Reading(Faults(folder.shown(path)), zone_of(site), now)
    for node in parse_items(data, reading.faults):
        review = REVIEW.decode(node, reading)
        if review is not None:
            yield review, Span(reading.faults.file, node.line, node.column)
    faults += reading.faults.found


def _fault(folder: Folder, path: str, code: str, message: str) -> Diagnostic:
    return Diagnostic(Span(folder.shown(path)), code, message)
