"""What stands in feeds, as data that a build can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

Order = tuple[datetime, bool, datetime, str, int, str]
"""What items are ordered by, oldest first: own date, reviews before replies, then as all lists are."""


class Part(NamedTuple):
    """A part of an item's content: plain text in one language, with who says it where that isn't the author."""

    text: str
    language: str
    speaker: str = ""


class Item(NamedTuple):
    """One review or reply, in the words of one language; plain text throughout, nothing is escaped yet.

    `language` is that of the author's own words. `facts` is what programs may want besides: JSON values.
    """

    order: Order
    id: str
    shop: str
    shop_name: str
    url: str
    title: str
    author: str
    language: str
    published: datetime
    updated: datetime
    parts: tuple[Part, ...]
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest items of all shops, newest first, and the last event in all their data, None for none."""

    items: tuple[Item, ...] = ()
    updated: datetime | None = None
