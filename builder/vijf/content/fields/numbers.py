"""Booleans, whole numbers, marks, and marks as another platform gave them; never in quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

from vijf.content.fields.base import FALSE, TRUE, Reading, Schema, scalar
from vijf.content.nodes import Node, Scalar, shorten


class Boolean:
    """`true` or `false`."""

    def decode(self, node: Node, reading: Reading) -> bool | None:
        found = scalar(node, reading, "true or false")
        if found is None:
            return None
        if found.plain and found.text in TRUE:
            return True
        if found.plain and found.text in FALSE:
            return False
        reading.faults.add(node, "boolean", f"`{shorten(found.text)}` is neither true nor false; write one, unquoted")
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def decode(self, node: Node, reading: Reading) -> int | None:
        found = scalar(node, reading, "a whole number")
        if found is None:
            return None
        whole = re.fullmatch(r"([0-9]{1,9})(\.0{1,9})?", found.text) if found.plain else None  # 5.0 is one in JSON too
        if whole is not None and self.least <= int(whole[1]) <= self.most:
            return int(whole[1])
        reading.faults.add(
            node, "number", f"`{shorten(found.text)}` is not a whole number from {self.least} to {self.most}, unquoted"
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
        halves = self._halves.get(node.text) if type(node) is Scalar and node.plain else None
        if halves is not None:
            return halves
        found = scalar(node, reading, "a mark")
        if found is not None:
            reading.faults.add(
                node,
                "rating",
                f"`{shorten(found.text)}` is not a mark; give 1 to 10 in halves, like 8 or 8.5, unquoted",
            )
        return None

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 1, "maximum": 10, "multipleOf": 0.5}


@lru_cache(maxsize=256)
def _decimal(text: str) -> Fraction | None:
    """The number that `text` is, if it is one; marks and their scales are few, and making a fraction is slow."""
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", text) and Fraction(text) <= 1000:
        return Fraction(text)
    return None


class Decimal:
    """A number as another platform gave it: 0 to 1000, at most four decimals, exact."""

    def decode(self, node: Node, reading: Reading) -> Fraction | None:
        found = scalar(node, reading, "a number")
        if found is None:
            return None
        value = _decimal(found.text) if found.plain else None
        if value is not None:
            return value
        reading.faults.add(
            node,
            "number",
            f"`{shorten(found.text)}` is not a number from 0 to 1000 with at most four decimals, unquoted",
        )
        return None

    def schema(self) -> Schema:
        return {"type": "number", "minimum": 0, "maximum": 1000}
