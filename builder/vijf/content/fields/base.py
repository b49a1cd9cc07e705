"""What all fields share: where faults go, and how a scalar is read as text or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from vijf.content.nodes import Faults, Node, Scalar, kind_of, shorten

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field needs besides its value: where faults go, the site's time zone, and the present moment."""

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
TRUE = {"true", "True", "TRUE"}
FALSE = {"false", "False", "FALSE"}
_WORDS = _NULL | TRUE | FALSE
_NUMBER_STARTS = frozenset("+-.0123456789")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


def scalar(node: Node, reading: Reading, wanted: str) -> Scalar | None:
    """`node` when it is a single value that isn't null, else None after noting that `wanted` is wanted."""
    if type(node) is not Scalar:
        reading.faults.add(node, "type", f"{kind_of(node)} stands where {wanted} is wanted")
        return None
    if node.plain and node.text in _NULL:
        reading.faults.add(node, "null", f"nothing stands here; give {wanted} or leave the key out")
        return None
    return node


def string(node: Node, reading: Reading, wanted: str) -> str | None:
    """The text of a scalar that means text, else None after noting what is wrong."""
    if type(node) is Scalar and (not node.plain or means_text(node.text)):
        return node.text
    found = scalar(node, reading, wanted)
    if found is None:
        return None
    text = found.text
    if found.plain:
        what = "a boolean" if text in TRUE or text in FALSE else "a number"
        reading.faults.add(node, "quote", f'YAML reads {shorten(text)} as {what}; quote it: "{shorten(text)}"')
        return None
    return text


def means_text(text: str) -> bool:
    """Whether `text`, without quotes, is a text in YAML 1.2: neither null, nor a boolean, nor a number."""
    return text not in _WORDS and (text[0] not in _NUMBER_STARTS or not _NUMBER.fullmatch(text))


def nearest(word: str, known: list[str]) -> str:
    """What `word` may have been meant to be, in brackets, as a part of a message; empty when nothing is near."""
    close = get_close_matches(word, known, n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""
