"""What a site has to say of the benchmark's content, worked out from its YAML alone.

Shares no code with the package: PyYAML, fractions, its own order. It knows the kinds of reviews that the benchmark's
content has (published, with a mark) and refuses others, so that nothing is compared by the wrong rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

KNOWN = {
    "id", "received", "published", "experience", "rating", "title", "text", "language", "author", "collected",
    "verification", "replies",
}  # fmt: skip
"""Keys of reviews that change nothing in whether and how a review counts."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the shop answered, and on which day."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A review."""

    id: str
    received: datetime
    published: datetime
    day: str
    """The local day of publication."""
    mark: Fraction
    title: str
    text: str
    author: str
    place: str
    replies: Sequence[Reply]

    @property
    def shown_mark(self) -> str:
        """The mark as Dutch pages write it: `8`, `7,5`."""
        return f"{float(self.mark):g}".replace(".", ",")


@dataclass(frozen=True)
class Shop:
    """A shop with its reviews, newest first."""

    slug: str
    name: str
    entries: Sequence[Entry]
    threshold: int

    @property
    def scored(self) -> bool:
        """Whether it has enough reviews for a score."""
        return len(self.entries) >= self.threshold

    @cached_property
    def exact(self) -> Fraction | None:
        """The mean of all marks; None below the threshold."""
        return sum((e.mark for e in self.entries), Fraction()) / len(self.entries) if self.scored else None

    @cached_property
    def tenths(self) -> int | None:
        """The mean in tenths, rounded once, half up."""
        return None if self.exact is None else (self.exact * 10 + Fraction(1, 2)).__floor__()

    @property
    def mean(self) -> str | None:
        """The mean as Dutch pages write it, `8,7`; None below the threshold."""
        return None if self.tenths is None else f"{self.tenths // 10},{self.tenths % 10}"

    @cached_property
    def histogram(self) -> Mapping[str, int]:
        """Whole mark -> how many have it or a half more; empty below the threshold."""
        found = Counter(int(entry.mark) for entry in self.entries)
        return {str(mark): found[mark] for mark in range(10, 0, -1)} if self.scored else {}


@dataclass(frozen=True)
class Content:
    """All of it: shops by name, as the directory has them."""

    url: str
    zone: ZoneInfo
    shops: Sequence[Shop]


def read(folder: Path) -> Content:
    """What the content in `folder` says. Raises ValueError for reviews of a kind that isn't known here."""
    site = _yaml(folder / "site.yaml")
    zone = ZoneInfo(site.get("timezone", "Europe/Amsterdam"))
    threshold = int(site.get("threshold", 5))
    shops = [_shop(home, zone, threshold) for home in (folder / "shops").iterdir()]
    return Content(site["url"], zone, sorted(shops, key=lambda shop: shop.name.casefold()))


def _shop(folder: Path, zone: ZoneInfo, threshold: int) -> Shop:
    entries = [_entry(values, zone) for path in (folder / "reviews").glob("*.yaml") for values in _yaml(path)]
    entries.sort(key=lambda entry: (entry.published, entry.received, entry.id), reverse=True)
    return Shop(folder.name, _yaml(folder / "shop.yaml")["name"], entries, threshold)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text) if "T" in text else midnight(text, zone)


def _entry(values: Mapping[str, Any], zone: ZoneInfo) -> Entry:
    if not values.keys() <= KNOWN or "rating" not in values:
        raise ValueError(f"a review of another kind: {sorted(values)}")
    published = _moment(values["published"], zone)
    author = values.get("author", {})
    return Entry(
        id=values["id"],
        received=_moment(values["received"], zone),
        published=published,
        day=published.astimezone(zone).date().isoformat(),
        mark=Fraction(values["rating"]),
        title=values.get("title", ""),
        text=values.get("text", ""),
        author=author.get("name", ""),
        place=author.get("place", ""),
        replies=tuple(Reply(reply["date"], reply["text"]) for reply in values.get("replies", ())),
    )


def midnight(day: str, zone: ZoneInfo) -> datetime:
    """When a day begins in the site's time zone."""
    return datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)


def _yaml(path: Path) -> Any:
    # The loader makes nothing but strings, lists and mappings; libyaml's is ten times as fast as the one in Python.
    return yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader) or []  # noqa: S506
