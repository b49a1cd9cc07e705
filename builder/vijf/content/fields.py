"""The kinds of value that content is made of: each decodes a located value and describes itself as JSON Schema.

`field.decode(node, reading)` gives the value, or None after noting a fault (null itself is always refused, so
None means nothing else). The type comes from the field, not from the look of the scalar: where a text is wanted,
what YAML would read as a number is refused with "quote it"; where a number is wanted, quotes are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.nodes import Faults, Mapping, Node, Scalar, Sequence, kind_of, shorten
from vijf.model import Moment

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field needs besides its value: where faults go, the site's time zone, and the latest day allowed."""

    faults: Faults
    zone: ZoneInfo
    now: datetime | None = None


class Field(Protocol):
    """One kind of value."""

    def decode(self, node: Node, reading: Reading) -> Any:
        """Give the value, or None after noting a fault."""

    def schema(self) -> Schema:
        """Describe what is accepted, as JSON Schema (draft 2020-12)."""


# What a plain scalar means in YAML 1.2's core schema when it isn't text.
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
# Tab and line feed are the only controls that a text may hold; U+FFFE and U+FFFF can't stand in XML.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_CLEAN = "^[^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]*$"
_CLEAN_LINE = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\uFFFE\\uFFFF]*$"
_LINE_BREAK = re.compile("[\t\n\u2028\u2029]")


def _scalar(node: Node, reading: Reading, wanted: str) -> Scalar | None:
    if not isinstance(node, Scalar):
        reading.faults.add(node, "type", f"{kind_of(node)} stands where {wanted} is wanted")
        return None
    if node.plain and node.text in _NULL:
        reading.faults.add(node, "null", f"nothing stands here; give {wanted} or leave the key out")
        return None
    return node


def _string(node: Node, reading: Reading, wanted: str) -> str | None:
    """A scalar that means text."""
    scalar = _scalar(node, reading, wanted)
    if scalar is None:
        return None
    text = scalar.text
    if scalar.plain and (text in _TRUE or text in _FALSE or _NUMBER.fullmatch(text)):
        what = "a boolean" if text in _TRUE or text in _FALSE else "a number"
        reading.faults.add(node, "quote", f'YAML reads {shorten(text)} as {what}; quote it: "{shorten(text)}"')
        return None
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """Words of at most `most` characters, trimmed; of one line unless `lines`."""

    most: int = limits.LINE
    lines: bool = False

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = _string(node, reading, "a text")
        if text is None:
            return None
        if len(text) > self.most:
            reading.faults.add(
                node, "too-long", f"{len(text):,} characters; at most {self.most:,} are possible: shorten it"
            )
            return None
        control = _CONTROL.search(text)
        if control is not None:
            reading.faults.add(
                node, "control-character", f"holds control character U+{ord(control.group()):04X}; delete it"
            )
            return None
        if not self.lines and _LINE_BREAK.search(text):
            reading.faults.add(node, "one-line", "holds a line break or tab; write it on one line")
            return None
        trimmed = text.strip()
        if not trimmed:
            reading.faults.add(node, "empty", "is empty; write something or leave the key out")
            return None
        return trimmed

    def schema(self) -> Schema:
        return {
            "type": "string",
            "maxLength": self.most,
            "pattern": _CLEAN if self.lines else _CLEAN_LINE,
            "not": {"pattern": "^\\s*$"},
        }


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of a fixed form. `wanted` says in words what it is, `example` shows one, `code` names the fault."""

    pattern: str
    wanted: str
    example: str
    code: str
    most: int = limits.LINE

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = _string(node, reading, self.wanted)
        if text is None:
            return None
        if len(text) > self.most or not _compiled(self.pattern).fullmatch(text):
            reading.faults.add(node, self.code, f"`{shorten(text)}` is not {self.wanted}; write it like {self.example}")
            return None
        return text

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.most, "pattern": f"^(?:{self.pattern})$"}


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# Names that Windows keeps for devices can't be folders there, with or without an ending.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})
SLUG_PATTERN = "[a-z0-9][a-z0-9-]{0,63}"


@dataclass(frozen=True, slots=True)
class Slug:
    """A name in an address: slugs, ids, platforms, keys of aspects."""

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = _string(node, reading, "a slug")
        if text is None:
            return None
        problem = slug_problem(text)
        if problem:
            reading.faults.add(node, "slug", problem)
            return None
        return text

    def schema(self) -> Schema:
        return {
            "type": "string",
            "maxLength": limits.SLUG,
            "pattern": f"^{SLUG_PATTERN}$",
            "not": {"enum": sorted(DEVICES)},
        }


def slug_problem(text: str) -> str | None:
    """What is wrong with `text` as a slug or id, and what to do; None when it is one."""
    if text in DEVICES:
        return f"`{text}` is the name of a device on Windows, where it can't be a folder; choose another"
    if not _compiled(SLUG_PATTERN).fullmatch(text):
        return (
            f"`{shorten(text)}` can't stand in an address; use a-z, 0-9 and -, start with a letter or figure, "
            f"at most {limits.SLUG} characters"
        )
    return None


E = TypeVar("E", bound=StrEnum)


class Choice:
    """One of the values of an enumeration."""

    __slots__ = ("_values",)

    def __init__(self, choices: type[E]) -> None:
        self._values: dict[str, StrEnum] = {member.value: member for member in choices}

    def decode(self, node: Node, reading: Reading) -> StrEnum | None:
        text = _string(node, reading, f"one of {', '.join(self._values)}")
        if text is None:
            return None
        value = self._values.get(text)
        if value is None:
            reading.faults.add(
                node,
                "choice",
                f"`{shorten(text)}` is unknown here{_nearest(text, list(self._values))}; "
                f"use one of {', '.join(self._values)}",
            )
        return value

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self._values)}


class Boolean:
    """`true` or `false`."""

    def decode(self, node: Node, reading: Reading) -> bool | None:
        scalar = _scalar(node, reading, "true or false")
        if scalar is None:
            return None
        if scalar.plain and scalar.text in _TRUE:
            return True
        if scalar.plain and scalar.text in _FALSE:
            return False
        reading.faults.add(node, "boolean", f"`{shorten(scalar.text)}` is neither true nor false; write one, unquoted")
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def decode(self, node: Node, reading: Reading) -> int | None:
        scalar = _scalar(node, reading, "a whole number")
        if scalar is None:
            return None
        if scalar.plain and re.fullmatch("[0-9]{1,9}", scalar.text) and self.least <= int(scalar.text) <= self.most:
            return int(scalar.text)
        reading.faults.add(
            node, "number", f"`{shorten(scalar.text)}` is not a whole number from {self.least} to {self.most}, unquoted"
        )
        return None

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Rating:
    """A mark from 1 to 10 in halves, given as half points (2 to 20)."""

    _halves: ClassVar = {
        **{f"{n}{end}": 2 * n for n in range(1, 11) for end in ("", ".0")},
        **{f"{n}.5": 2 * n + 1 for n in range(1, 10)},
    }

    def decode(self, node: Node, reading: Reading) -> int | None:
        scalar = _scalar(node, reading, "a mark")
        if scalar is None:
            return None
        halves = self._halves.get(scalar.text) if scalar.plain else None
        if halves is None:
            reading.faults.add(
                node,
                "rating",
                f"`{shorten(scalar.text)}` is not a mark; give 1 to 10 in halves, like 8 or 8.5, unquoted",
            )
        return halves

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 1, "maximum": 10, "multipleOf": 0.5}


class Decimal:
    """A number as another platform gave it: 0 to 1000, at most four decimals, exact."""

    def decode(self, node: Node, reading: Reading) -> Fraction | None:
        scalar = _scalar(node, reading, "a number")
        if scalar is None:
            return None
        if scalar.plain and re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", scalar.text):
            value = Fraction(scalar.text)
            if value <= 1000:
                return value
        reading.faults.add(
            node,
            "number",
            f"`{shorten(scalar.text)}` is not a number from 0 to 1000 with at most four decimals, unquoted",
        )
        return None

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 0, "maximum": 1000}


DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT_PATTERN = DAY_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z"


@dataclass(frozen=True, slots=True)
class Day:
    """A plain day, `2026-11-03`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> date | None:
        text = _string(node, reading, "a date")
        if text is None:
            return None
        if not _compiled(DAY_PATTERN).fullmatch(text):
            reading.faults.add(node, "date", f"`{shorten(text)}` is not a date; write it like 2026-11-03")
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            reading.faults.add(node, "date", f"{text} is not a day of the calendar")
            return None
        return day if _in_range(day, self.ahead, None, node, reading) else None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{DAY_PATTERN}$"}


@dataclass(frozen=True, slots=True)
class When:
    """A plain day, or an instant in UTC such as `2026-11-03T08:00:00Z`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> Moment | None:
        text = _string(node, reading, "a date")
        if text is None:
            return None
        moment = _moment(text, reading.zone)
        if isinstance(moment, str):
            reading.faults.add(node, "date", moment)
            return None
        return moment if _in_range(moment.day, self.ahead, moment, node, reading) else None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^(?:{DAY_PATTERN}|{INSTANT_PATTERN})$"}


@lru_cache(maxsize=4096)
def _moment(text: str, zone: ZoneInfo) -> Moment | str:
    """The moment that `text` names, or what is wrong with it."""
    try:
        if _compiled(DAY_PATTERN).fullmatch(text):
            day = date.fromisoformat(text)
            return Moment(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC), day, exact=False)
        if _compiled(INSTANT_PATTERN).fullmatch(text):
            if text[11:13] == "24":
                raise ValueError  # some versions of Python read it as midnight, others don't
            instant = datetime.fromisoformat(text)
            return Moment(instant, instant.astimezone(zone).date(), exact=True)
    except (ValueError, OverflowError):
        return f"{text} is not a day and time of the calendar"
    return f"`{shorten(text)}` is not a date; write it like 2026-11-03 or 2026-11-03T08:00:00Z"


def _in_range(day: date, ahead: bool, moment: Moment | None, node: Node, reading: Reading) -> bool:  # noqa: FBT001  # private
    if not limits.EARLIEST <= day <= limits.LATEST:
        reading.faults.add(node, "date", f"{day} lies before {limits.EARLIEST} or after {limits.LATEST}; mend the year")
        return False
    if reading.now is None or ahead:
        return True
    late = (
        moment.instant > reading.now if moment and moment.exact else day > reading.now.astimezone(reading.zone).date()
    )
    if late:
        reading.faults.add(node, "future", f"{day} lies in the future; only `until` may")
    return not late


# A web address: http or https, a host without user or password, nothing that can't be part of one.
_NEVER_IN_URL = "\\s\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff\\\\\"'<>`{}|^"
_HOST = f"[^{_NEVER_IN_URL}/?#@:\\[\\]%]+(?::[0-9]{{1,5}})?"
URL_PATTERN = f"https?://{_HOST}(?:[/?#][^{_NEVER_IN_URL}]*)?"


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute address on the web."""

    base: bool = False
    """A base that paths are put behind: no query, no fragment; without its final slash."""

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = _string(node, reading, "an address")
        if text is None:
            return None
        if len(text) > limits.URL or not _compiled(self._pattern()).fullmatch(text) or not _host_is_sound(text):
            reading.faults.add(
                node, "url", f"`{shorten(text)}` is not a web address; write it like https://shop.example/page"
            )
            return None
        return text.rstrip("/") if self.base else text

    def _pattern(self) -> str:
        return BASE_URL_PATTERN if self.base else URL_PATTERN

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": limits.URL, "pattern": f"^(?:{self._pattern()})$"}


BASE_URL_PATTERN = "https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?"


def _host_is_sound(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    segments = parts.path.split("/")
    return bool(host.strip(".-")) and ".." not in host and host.isprintable() and port != 0 and ".." not in segments


EMAIL = Pattern(
    r"[A-Za-z0-9.!#$%&*+/=?_~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "a mail address",
    "info@shop.example",
    "email",
    limits.EMAIL,
)
PHONE = Pattern(r"\+?[0-9][0-9 ()./-]{3,38}", "a phone number", '"+31 20 000 0000"', "phone", limits.PHONE)
LANGUAGE = Pattern("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "a language code", "nl or pt-BR", "language", 35)
COUNTRY = Pattern("[A-Z]{2}", "a country code of two capitals", "NL", "country", 2)
PERIOD = Pattern(
    "(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-4]):[0-5][0-9]", "a period", '"09:00-17:30"', "hours", 11
)


class Many:
    """A list of `least` to `most` values of one kind, as a tuple; where `unique`, none may stand twice."""

    __slots__ = ("item", "least", "most", "unique")

    def __init__(self, item: Field, most: int = limits.LIST, *, least: int = 0, unique: bool = False) -> None:
        self.item, self.least, self.most, self.unique = item, least, most, unique

    def decode(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence):
            if _scalar(node, reading, "a list") is not None:
                reading.faults.add(node, "type", f"{kind_of(node)} stands where a list is wanted; write [ ... ]")
            return None
        if not self.least <= len(node.items) <= self.most:
            reading.faults.add(
                node, "list-length", f"{len(node.items)} entries; {self.least} to {self.most} are possible"
            )
            return None
        values = [self.item.decode(item, reading) for item in node.items]
        if any(value is None for value in values):
            return None
        if self.unique and len(set(values)) < len(values):
            reading.faults.add(node, "listed-twice", "names the same thing twice; keep one")
            return None
        return tuple(values)

    def schema(self) -> Schema:
        schema: Schema = {"type": "array", "items": self.item.schema(), "maxItems": self.most}
        if self.least:
            schema["minItems"] = self.least
        if self.unique:
            schema["uniqueItems"] = True
        return schema


class Table:
    """A mapping whose keys are data (languages, days, aspects), each of the kind `key`, with values of one kind."""

    __slots__ = ("key", "most", "value")

    def __init__(self, key: Field, value: Field, most: int = limits.LIST) -> None:
        self.key, self.value, self.most = key, value, most

    def decode(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        mapping = _mapping(node, reading)
        if mapping is None:
            return None
        if not 1 <= len(mapping.entries) <= self.most:
            reading.faults.add(
                node,
                "list-length",
                f"{len(mapping.entries)} entries; 1 to {self.most} are possible, or leave the key out",
            )
            return None
        decoded = [
            (self.key.decode(key, reading), self.value.decode(value, reading))
            for key, value in mapping.entries.values()
        ]
        if any(key is None or value is None for key, value in decoded):
            return None
        return dict(decoded)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": self.most,
            "propertyNames": self.key.schema(),
            "additionalProperties": self.value.schema(),
        }


Build = Callable[[dict[str, Any], Mapping, Reading], Any]


class Record:
    """A mapping with known keys; `build` makes the model value of what was decoded, and may note further faults.

    `build` is called only when all keys present are sound and the required ones are there.
    """

    __slots__ = ("build", "fields", "required", "rules")

    def __init__(
        self, fields: dict[str, Field], build: Build, *, required: tuple[str, ...] = (), rules: Schema | None = None
    ) -> None:
        self.fields, self.build, self.required, self.rules = fields, build, required, rules or {}

    def decode(self, node: Node, reading: Reading) -> Any:
        mapping = _mapping(node, reading)
        if mapping is None:
            return None
        if not mapping.entries:
            reading.faults.add(node, "empty", "is an empty mapping; fill it or leave the key out")
            return None
        values: dict[str, Any] = {}
        sound = True
        for name, (key, node_) in mapping.entries.items():
            field = self.fields.get(name)
            if field is None:
                reading.faults.add(
                    key,
                    "unknown-key",
                    f"`{shorten(name)}` is not a key here{_nearest(name, list(self.fields))}; "
                    f"possible are {', '.join(self.fields)}",
                )
                sound = False
                continue
            value = values[name] = field.decode(node_, reading)
            if value is None:
                sound = False
        for name in self.required:
            if name not in mapping.entries:
                reading.faults.add(node, "missing-key", f"`{name}` is missing; add it")
                sound = False
        return self.build(values, mapping, reading) if sound else None

    def schema(self) -> Schema:
        schema: Schema = {
            "type": "object",
            "properties": {name: field.schema() for name, field in self.fields.items()},
            "additionalProperties": False,
            "minProperties": 1,
        }
        if self.required:
            schema["required"] = list(self.required)
        return {**schema, **self.rules}


def _mapping(node: Node, reading: Reading) -> Mapping | None:
    if isinstance(node, Mapping):
        return node
    if not isinstance(node, Scalar) or _scalar(node, reading, "a mapping") is not None:
        reading.faults.add(node, "type", f"{kind_of(node)} stands where a mapping is wanted; write `key: value`")
    return None


def _nearest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""


LOCALIZED_LINE = Table(LANGUAGE, Text(), limits.LIST)
LOCALIZED_TEXT = Table(LANGUAGE, Text(limits.DESCRIPTION, lines=True), limits.LIST)
