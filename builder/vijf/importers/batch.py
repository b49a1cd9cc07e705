"""All rows of a file -> a `Batch`: reviews per shop, what was mended, what was refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.fields import Reading
from vijf.content.nodes import Faults
from vijf.errors import Diagnostic
from vijf.importers.mapping import Map
from vijf.importers.repair import Repair
from vijf.importers.reviews import Conversion
from vijf.importers.table import Refusal, Row
from vijf.model import Review


@dataclass(slots=True)
class Batch:
    """What a file came to."""

    shops: dict[str, dict[str, Review]] = field(default_factory=dict)
    """Slug -> id -> review, in the order of the file."""
    read: int = 0
    repeated: int = 0
    """Rows that say exactly what an earlier one says."""
    refused: int = 0
    repaired: Counter[Repair] = field(default_factory=Counter)
    refusals: list[Diagnostic] = field(default_factory=list)
    """Why, at most `limits.FAULTS_SHOWN` of them; a row may have several."""
    warnings: list[Diagnostic] = field(default_factory=list)
    broken: bool = False
    """Whether something was refused that can't be left out."""


def collect(
    rows: Iterable[Row | Refusal], mapping: Map, file: str, shop: str | None, zone: ZoneInfo, now: datetime
) -> Batch:
    """All reviews of `rows`; every row of one shop where `shop` is its slug.

    `file` is the name in refusals, `zone` the site's, `now` the latest moment that a date may have.
    """
    batch = Batch()
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        if isinstance(row, Refusal):
            _refuse(batch, row)
            continue
        batch.read += 1
        made = Conversion(row, mapping, Reading(Faults(file), zone, now))
        slug = shop or made.slug()
        review = made.review(slug or "")
        first = lines.get((slug or "", review.id)) if review else None
        if slug and review and first is not None:
            if batch.shops[slug][review.id] == review:
                batch.repeated += 1
                continue
            made.fault("id", "row", f"line {first} has the same id and says something else; delete one of them")
        found = made.faults()
        if found or review is None or slug is None:
            batch.refused += 1
            batch.refusals += found[: max(limits.FAULTS_SHOWN - len(batch.refusals), 0)]
            continue
        batch.shops.setdefault(slug, {})[review.id] = review
        batch.repaired.update(made.repairs)
        lines[slug, review.id] = row.line
    return batch


def _refuse(batch: Batch, refusal: Refusal) -> None:
    if refusal.diagnostic.warning:
        batch.warnings.append(refusal.diagnostic)
        return
    if refusal.skippable:
        batch.read += 1
        batch.refused += 1
    else:
        batch.broken = True
    if len(batch.refusals) < limits.FAULTS_SHOWN or not refusal.skippable:
        batch.refusals.append(refusal.diagnostic)
