"""Neutral rows -> reviews, by the same rules as content: what the decoder of content would refuse is refused here.

A row becomes located nodes, whose column says which part of the row they are, and `REVIEW` decodes them. Marks are
converted exactly or not at all, dates are taken or refused, a check of the author is never upgraded.
"""

from __future__ import annotations

import json
import re
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import blake2b

from vijf.content.fields import Reading
from vijf.content.nodes import Mapping as MappingNode
from vijf.content.nodes import Node, Scalar, Sequence, shorten
from vijf.content.review import REVIEW
from vijf.errors import Diagnostic, Span
from vijf.importers.dates import read_date
from vijf.importers.emit import decimal_text
from vijf.importers.mapping import COLUMNS, Map, Named, Scale, scale_problem
from vijf.importers.repair import Repair, clean, language_code, repeats
from vijf.importers.table import Row
from vijf.model import Method, Review

_PARTS = ("row", *COLUMNS, "scale")
_LONG_TEXTS = ("text", "reply")
_LINES = ("title", "author", "place")


class Conversion:
    """One row on its way to a review: the nodes it becomes, and what went wrong or was mended."""

    def __init__(self, row: Row, mapping: Map, reading: Reading) -> None:
        self.row, self.mapping, self.reading = row, mapping, reading
        self.repairs: list[Repair] = []

    def faults(self) -> list[Diagnostic]:
        """The faults, each at the row's line and saying which part it is about; one date that is both is told once."""
        place = Span(self.reading.faults.file, self.row.line, 1)
        told = (
            Diagnostic(place, found.code, f"{_PARTS[found.span.column]}: {found.message}")
            for found in self.reading.faults.found
        )
        return list(dict.fromkeys(told))

    def fault(self, part: str, code: str, message: str) -> None:
        """Note that a part of the row has a fault."""
        self.reading.faults.add_at(self.row.line, _PARTS.index(part), code, message)

    def scalar(self, part: str, text: str, *, plain: bool = False) -> Scalar:
        """A single value of a part; `plain` where it is a number."""
        return Scalar(text, plain, self.row.line, _PARTS.index(part))

    def map(self, part: str, values: Mapping[str, Node | None]) -> MappingNode | None:
        """A mapping of the values that are there; None when none is."""
        place = self.row.line, _PARTS.index(part)
        entries = {
            key: (Scalar(key, plain=False, line=place[0], column=place[1]), node)
            for key, node in values.items()
            if node is not None
        }
        return MappingNode(entries, *place) if entries else None

    def slug(self) -> str | None:
        """The shop that the row names."""
        shops = self.mapping.shops or {}
        if self.row.shop is None:
            self.fault("shop", "row", "is missing; the row says not which shop it is about")
            return None
        target = shops.get(self.row.shop.strip())
        if target is None:
            self.fault("shop", "row", f"`{shorten(self.row.shop.strip())}` is not in `shops` of the map; add it there")
        return target.slug if target else None

    def review(self, slug: str) -> Review | None:
        """The review, or None after noting faults."""
        received, published = self.both_dates()
        experience = self.day("experience")
        given = self.given_mark()
        said = self.said()
        replies = self.replies(said["reply"])
        node = self.map("row", {
            "id": self.scalar("id", self.identity(slug)),
            "received": received,
            "published": published,
            "experience": experience,
            "rating": self.mark(given),
            "title": said["title"],
            "text": said["text"],
            "language": self.language(),
            "author": self.map("author", {"name": said["author"], "place": said["place"]}),
            "collected": self.scalar("row", "import"),
            "verification": self.map("verification", {"method": self.scalar("verification", self.method())}),
            "replies": replies,
            "origin": self.origin(given),
        })  # fmt: skip
        if node is None or self.reading.faults.found:
            return None
        review: Review | None = REVIEW.decode(node, self.reading)
        return review

    def said(self) -> dict[str, Scalar | None]:
        """The texts of the row, mended; None where there is none."""
        texts: dict[str, str | None] = {}
        for part in (*_LINES, *_LONG_TEXTS):
            given: str | None = getattr(self.row, part)
            texts[part] = None
            if given is not None:
                texts[part], done = clean(given, entities=self.mapping.html, lines=part in _LONG_TEXTS)
                self.repairs += done
        title, text = texts["title"], texts["text"]
        if title and text and repeats(title, text):
            self.repairs.append(Repair.REPEATED_TITLE)
            texts["title"] = None
        return {part: self.scalar(part, words) if words else None for part, words in texts.items()}

    def replies(self, words: Scalar | None) -> Sequence | None:
        """The shop's reply; a date without words is no reply that could be shown."""
        if words is None:
            return None
        reply = self.map("reply", {"by": self.scalar("reply", "shop"), "text": words, "date": self.when("reply_date")})
        return Sequence([reply], words.line, words.column) if reply else None

    def method(self) -> str:
        """How the author was checked, by the map's own words; anything else is unknown."""
        words = (self.row.verification or "").strip().casefold()
        return (self.mapping.verification or {}).get(words, Method.UNKNOWN).value

    def language(self) -> Scalar | None:
        """The row's language, or else the map's."""
        code = self.row.language.strip() if self.row.language else self.mapping.language
        if not code:
            return None
        written = language_code(code)
        if written != code:
            self.repairs.append(Repair.LANGUAGE)
        return self.scalar("language", written)

    def identity(self, slug: str) -> str:
        """The review's id: the same for the same review in each export, and telling nothing about its author."""
        row = self.row
        if row.id is not None and row.id.strip():
            parts = ["id", self.mapping.platform, row.id.strip()]
        else:
            day = (row.published or row.received or "").strip()[:10]
            said = (row.author, row.rating, row.text)
            parts = ["row", self.mapping.platform, slug, day, *((text or "").strip() for text in said)]
        digest = blake2b(json.dumps(parts).encode(), digest_size=10).digest()
        return b32encode(digest).decode().lower()

    # Dates

    def both_dates(self) -> tuple[Scalar | None, Scalar | None]:
        """When it was received and published; where the file knows only one of them, that is both."""
        before = len(self.reading.faults.found)
        found = {part: self.when(part) for part in ("received", "published") if part in self.mapping.columns}
        for part, node in found.items():
            if node is None and len(self.reading.faults.found) == before:
                self.fault(part, "row", "is missing; a review has its date, or stays out")
        received, published = found.get("received"), found.get("published")
        return received or published, published or received

    def when(self, part: str) -> Scalar | None:
        """A part of the row as a day or an instant in UTC."""
        found = self.date(part)
        if isinstance(found, datetime):
            return self.scalar(part, found.astimezone(UTC).isoformat().replace("+00:00", "Z"))
        return None if found is None else self.scalar(part, found.isoformat())

    def day(self, part: str) -> Scalar | None:
        """A part of the row as a day; of an instant, the site's local day."""
        found = self.date(part)
        if isinstance(found, datetime):
            found = found.astimezone(self.reading.zone).date()
        return None if found is None else self.scalar(part, found.isoformat())

    def date(self, part: str) -> date | datetime | None:
        """A part of the row as a date; None where it says nothing or after noting a fault."""
        text = (getattr(self.row, part) or "").strip()
        if not text:
            return None
        try:
            return read_date(text, self.mapping.timezone)
        except ValueError as problem:
            self.fault(part, "date", str(problem))
        return None

    # Marks

    def given_mark(self) -> tuple[Fraction, Scale] | None:
        """The mark and its scale as the platform gives them."""
        text = (self.row.rating or "").strip().replace(",", ".")
        if not text:
            return None
        scale = self.scale()
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", text):
            self.fault("rating", "rating", f"`{shorten(text)}` is not a number with at most four decimals")
        elif scale and not scale[0] <= (value := Fraction(text)) <= scale[1]:
            ends = f"{decimal_text(scale[0])} to {decimal_text(scale[1])}"
            self.fault(
                "rating", "rating", f"`{text}` lies outside its scale, {ends}; where there is no mark, leave it empty"
            )
        elif scale:
            return value, scale
        return None

    def scale(self) -> Scale | None:
        """The scale of the row's mark, None after noting a fault."""
        if not isinstance(self.mapping.scale, Named):
            return self.mapping.scale
        text = (self.row.scale or "").strip()
        ends = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?) *(?:-|\.\.) *([0-9]{1,4}(?:\.[0-9]{1,4})?)", text)
        if ends is None:
            self.fault("scale", "row", f"`{shorten(text)}` is not a scale; write it like 1-5" if text else "is missing")
            return None
        scale = Fraction(ends[1]), Fraction(ends[2])
        problem = scale_problem(scale)
        if problem:
            self.fault("scale", "row", problem)
            return None
        return scale

    def mark(self, given: tuple[Fraction, Scale] | None) -> Scalar | None:
        """The mark on our scale, 1 to 10 in halves: exactly, or refused."""
        if given is None:
            return None
        value, (_, high) = given
        mark = value * 10 / high
        on = f"`{decimal_text(value)}` on a scale up to {decimal_text(high)}"
        if mark < 1:
            self.fault("rating", "rating", f"{on} is less than 1, our lowest mark; there is no mark that says the same")
        elif (mark * 2).denominator != 1:
            self.fault("rating", "rating", f"{on} is no whole or half mark out of 10, and nothing is rounded here")
        return self.scalar("rating", decimal_text(mark) if (mark * 2).denominator == 1 else "", plain=True)

    def origin(self, given: tuple[Fraction, Scale] | None) -> MappingNode | None:
        """Where it was first published, with the mark as given there."""
        value: dict[str, Node | None] = {"platform": self.scalar("row", self.mapping.platform)}
        if self.row.id is not None and self.row.id.strip():
            value["id"] = self.scalar("id", self.row.id.strip())
        if given is not None:
            mark, scale = given
            value["rating"] = self.scalar("rating", decimal_text(mark), plain=True)
            ends: list[Node] = [self.scalar("scale", decimal_text(end), plain=True) for end in scale]
            value["scale"] = Sequence(ends, self.row.line, _PARTS.index("scale"))
        return self.map("row", value)
