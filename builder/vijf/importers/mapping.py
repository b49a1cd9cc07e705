"""MAP.yaml: which column of a file means what; decoded with the same fields, and the same faults, as content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.events import parse
from vijf.content.fields import (
    LANGUAGE,
    Boolean,
    Choice,
    Decimal,
    Field,
    Many,
    Pattern,
    Reading,
    Record,
    Schema,
    Slug,
    Table,
    Text,
    Url,
)
from vijf.content.nodes import Faults, Node, Sequence, value_node
from vijf.content.nodes import Mapping as MappingNode
from vijf.content.site import load_zone
from vijf.errors import ContentError, Span
from vijf.model import Method

SHOPS = 10_000
"""Shops that one map may name."""
COLUMNS = (
    "id", "shop", "rating", "title", "text", "author", "place", "language", "received", "published", "experience",
    "verification", "reply", "reply_date",
)  # fmt: skip
"""What a row may hold, in Vijf's words."""


class Format(StrEnum):
    """Kinds of file that can be read."""

    CSV = "csv"
    JSONL = "jsonl"


class Delimiter(StrEnum):
    """What stands between the cells of a CSV file."""

    COMMA = ","
    SEMICOLON = ";"
    PIPE = "|"
    TAB = "tab"


class Encoding(StrEnum):
    """How the letters of a CSV file are stored, unless its byte order mark says."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    ISO_8859_1 = "iso-8859-1"


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the map gives and something else must have, with its place for the fault when it hasn't."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """The shop that one of their names stands for; `name` and `url` are needed where the shop is new."""

    slug: str
    span: Span
    name: str | None = None
    url: str | None = None


Scale = tuple[Fraction, Fraction]
"""The lowest and the highest mark of a platform. The lowest is 0 or 1."""


@dataclass(frozen=True, slots=True)
class Map:
    """MAP.yaml. Either `shops` says where rows go, or all of them go to one shop."""

    platform: str
    columns: Mapping[str, Named]
    """One of `COLUMNS` -> their name of it."""
    format: Format | None = None
    scale: Scale | Named | None = None
    """The scale of all marks, or the column that has it."""
    verification: Mapping[str, Method] | None = None
    """Their words, in small letters -> how it was checked that the author was a customer; others: unknown."""
    shops: Mapping[str, Target] | None = None
    """Their name of a shop -> ours."""
    shop: Named | None = None
    delimiter: Delimiter = Delimiter.COMMA
    encoding: Encoding = Encoding.UTF_8
    language: str | None = None
    """Where a row names none."""
    timezone: ZoneInfo | None = None
    """In which times without an offset are; without it they are refused."""
    html: bool = False
    """Whether texts hold HTML entities."""


class _Name:
    """A text that remembers its place."""

    def __init__(self, inner: Field) -> None:
        self.inner = inner

    def decode(self, node: Node, reading: Reading) -> Named | None:
        name = self.inner.decode(node, reading)
        return None if name is None else Named(name, _span(node, reading))

    def schema(self) -> Schema:
        return self.inner.schema()


class _Scale:
    """`[lowest, highest]`, or the name of a column that holds that."""

    _ends = Many(Decimal(), 2, least=2)
    _column = _Name(Text())

    def decode(self, node: Node, reading: Reading) -> Scale | Named | None:
        if not isinstance(node, Sequence):
            return self._column.decode(node, reading)
        ends: Scale | None = self._ends.decode(node, reading)
        problem = scale_problem(ends) if ends else None
        if problem:
            reading.faults.add(node, "map", problem)
            return None
        return ends

    def schema(self) -> Schema:
        return {"anyOf": [self._ends.schema(), self._column.schema()]}


def scale_problem(scale: Scale) -> str | None:
    """Why marks on `scale` can't become ours; None when they can."""
    low, high = scale
    if low not in (0, 1) or high <= 1:
        return f"a scale starts at 0 or 1 and ends above 1, like [1, 5]; this is [{low}, {high}]"
    return None


def _span(node: Node, reading: Reading) -> Span:
    return Span(reading.faults.file, node.line, node.column)


def _target(values: dict[str, Any], node: MappingNode, reading: Reading) -> Target:
    return Target(span=_span(node, reading), **values)


def _map(values: dict[str, Any], node: MappingNode, reading: Reading) -> Map | None:
    columns: Mapping[str, Named] = values["columns"]
    sound = True
    for wrong, key, message in _CONTRADICTIONS:
        if wrong(values, columns):
            reading.faults.add(value_node(node, key), "map", message)
            sound = False
    zone = values.pop("timezone", None)
    if zone is not None:
        values["timezone"] = load_zone(zone)
        if values["timezone"] is None:
            reading.faults.add(
                value_node(node, "timezone"),
                "timezone",
                f"`{zone}` is no known time zone; write it like UTC or Europe/Amsterdam",
            )
            sound = False
    words = {word.casefold(): method for word, method in values.pop("verification", {}).items()}
    csv: dict[str, Any] = values.pop("csv", {})
    return Map(**values, **csv, verification=words) if sound else None


_Wrong = Callable[[dict[str, Any], Mapping[str, Named]], bool]

# What would be ignored in silence, or leave a row without what every review needs: (is it so?, where, what to do).
_CONTRADICTIONS: tuple[tuple[_Wrong, str, str], ...] = (
    (lambda _, c: not {"rating", "text"} & c.keys(), "columns", "names neither `rating` nor `text`; add one of them"),
    (
        lambda _, c: not {"received", "published"} & c.keys(),
        "columns",
        "names neither `received` nor `published`; a review needs a date",
    ),
    (lambda _, c: "reply_date" in c and "reply" not in c, "columns", "`reply_date` needs `reply`, its text"),
    (lambda v, c: "rating" in c and "scale" not in v, "columns", "`rating` needs `scale`, such as `scale: [1, 5]`"),
    (lambda v, c: "scale" in v and "rating" not in c, "scale", "there is no column `rating` that it would be for"),
    (
        lambda v, c: "verification" in v and "verification" not in c,
        "verification",
        "there is no column `verification` whose words these would be",
    ),
    (lambda v, c: "shops" in v and "shop" not in c, "shops", "there is no column `shop` whose names these would be"),
    (lambda v, c: "shop" in c and "shops" not in v, "columns", "`shop` needs `shops`: their name -> {slug, name, url}"),
    (lambda v, _: "shop" in v and "shops" in v, "shop", "`shops` says already where rows go; keep one of the two"),
    (
        lambda v, _: "csv" in v and v.get("format") is Format.JSONL,
        "csv",
        "says how to read CSV, but the format is jsonl; drop one",
    ),
)

_COLUMNS = Record(dict.fromkeys(COLUMNS, _Name(Text())), lambda values, _node, _reading: values, required=())
_TARGET = Record({"slug": Slug(), "name": Text(), "url": Url()}, _target, required=("slug",))
_CSV = Record({"delimiter": Choice(Delimiter), "encoding": Choice(Encoding)}, lambda values, _node, _reading: values)

MAP = Record(
    {
        "platform": Slug(),
        "format": Choice(Format),
        "columns": _COLUMNS,
        "scale": _Scale(),
        "verification": Table(Text(), Choice(Method)),
        "shops": Table(Text(), _TARGET, SHOPS),
        "shop": _Name(Slug()),
        "csv": _CSV,
        "language": LANGUAGE,
        "timezone": Pattern("[A-Za-z]+(?:/[A-Za-z0-9_+-]+){0,2}", "a time zone", "Europe/Amsterdam", "timezone", 64),
        "html": Boolean(),
    },
    _map,
    required=("platform", "columns"),
)


def decode_map(data: bytes, file: str) -> Map:
    """The map that `data`, the bytes of `file`, describes. Raises `ContentError` with every fault in it."""
    faults = Faults(file)
    if len(data) > limits.YAML_BYTES:
        faults.add_at(1, 1, "too-large", f"is larger than {limits.YAML_BYTES:,} bytes; make it smaller")
        raise ContentError(faults.found)
    node = parse(data, faults)
    if node is None and not faults.found:
        faults.add_at(1, 1, "empty", "the file is empty; it needs at least `platform` and `columns`")
    utc = load_zone("UTC")
    assert utc is not None  # noqa: S101  # for the type checker: tzdata always has UTC
    decoded: Map | None = MAP.decode(node, Reading(faults, utc)) if node is not None else None
    if decoded is None or faults.found:
        raise ContentError(faults.found)
    return decoded
