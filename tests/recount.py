"""What a reader with nothing but the YAML would work out: who counts, the mean, the order, the account.

On purpose it shares no code with the package: PyYAML's BaseLoader (every value a string), fractions, its own rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

DEMO = Path(__file__).parents[1] / "content"
"""The demo content."""


def read(path: Path) -> Any:
    """A YAML file, all its values strings."""
    # The loader makes nothing but strings, lists and mappings.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


def half_up(number: Fraction) -> str:
    """A number with one decimal and a point, halves upwards."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


@dataclass(frozen=True)
class ShopRecount:
    """One shop's folder of content, counted anew."""

    folder: Path
    site: Any

    @cached_property
    def shop(self) -> Any:
        """`shop.yaml`."""
        return read(self.folder / "shop.yaml")

    @cached_property
    def newest_first(self) -> list[Any]:
        """All entries in the order of every list."""
        found = [entry for path in (self.folder / "reviews").glob("*.yaml") for entry in read(path) or []]
        return sorted(
            found, key=lambda e: (self.instant(e["published"]), self.instant(e["received"]), e["id"]), reverse=True
        )

    def instant(self, text: str) -> datetime:
        """When; a plain day begins at midnight in the site's zone."""
        if "T" in text:
            return datetime.fromisoformat(text)
        zone = ZoneInfo(self.site.get("timezone", "Europe/Amsterdam"))
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), zone).astimezone(UTC)

    def day(self, text: str) -> date:
        """The local day."""
        zone = ZoneInfo(self.site.get("timezone", "Europe/Amsterdam"))
        return self.instant(text).astimezone(zone).date()

    @property
    def threshold(self) -> int:
        """How many counted reviews a score needs."""
        return int(self.site.get("threshold", 5))

    def counts(self, entry: Any) -> bool:
        """Whether an entry counts."""
        owner = self.shop.get("owner_since")
        platforms = (self.site.get("imports") or {}).get("count") or []
        return (
            not {"held", "removed", "rating_withdrawn"} & set(entry)
            and "rating" in entry
            and ("origin" not in entry or entry["origin"]["platform"] in platforms)
            and (owner is None or self.day(entry["published"]) >= date.fromisoformat(owner))
        )

    @cached_property
    def counted(self) -> list[Any]:
        """The entries that count."""
        return [entry for entry in self.newest_first if self.counts(entry)]

    @cached_property
    def mean(self) -> Fraction | None:
        """The exact mean, None below the threshold."""
        return self.mean_of(self.counted)

    def mean_of(self, entries: list[Any], aspect: str | None = None) -> Fraction | None:
        """The exact mean of some entries, or of one aspect of them; None below the threshold."""
        if aspect is not None:
            entries = [e["aspects"] for e in entries if aspect in e.get("aspects", {})]
        marks = [Fraction(e[aspect or "rating"]) for e in entries]
        return sum(marks, Fraction()) / len(marks) if len(marks) >= self.threshold else None

    @cached_property
    def account(self) -> dict[str, int]:
        """Where every entry is now."""

        def state(entry: Any) -> str:
            if "held" in entry:
                return "held"
            if "removed" in entry:
                return "withdrawn" if entry["removed"]["ground"] == "withdrawn_by_customer" else "removed"
            return "visible"

        found = Counter(state(entry) for entry in self.newest_first)
        return {name: found[name] for name in ("visible", "held", "withdrawn", "removed")}

    @cached_property
    def last_event(self) -> date | None:
        """The day of the last thing that happened."""
        days = []
        for entry in self.newest_first:
            moments = [
                entry["received"],
                entry["published"],
                *(r["date"] for r in entry.get("replies", []) if "date" in r),
            ]
            moments += [change["date"] for change in entry.get("amended", [])]
            for name, key in (
                ("rating_withdrawn", "date"),
                ("redacted", "date"),
                ("held", "since"),
                ("removed", "date"),
            ):
                if name in entry:
                    moments.append(entry[name][key])
            days += [self.day(moment) for moment in moments]
        return max(days, default=None)

    @property
    def last_twelve_months(self) -> list[Any]:
        """The counted entries of the year up to the last event."""
        if self.last_event is None:
            return []
        last = self.last_event
        since = date(last.year - 1, last.month, 28 if (last.month, last.day) == (2, 29) else last.day)
        return [entry for entry in self.counted if self.day(entry["published"]) > since]


def shops(content: Path) -> dict[str, ShopRecount]:
    """Every shop of a content folder, by slug."""
    site = read(content / "site.yaml")
    return {folder.name: ShopRecount(folder, site) for folder in sorted((content / "shops").iterdir())}
