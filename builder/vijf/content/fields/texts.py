"""Texts, words from a closed list, and texts of a fixed form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from vijf import limits
from vijf.content.fields.base import Reading, Schema, nearest, string
from vijf.content.nodes import Node, Scalar, shorten

# Tab and line feed are the only controls that a text may hold; U+FFFE and U+FFFF can't stand in XML.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# Bytes of UTF-8 that no such character has: the others may start one.
_HARMLESS = b"\t\n" + bytes({*range(0x20, 0x7F), *range(0x80, 0x100)} - {0xC2, 0xEF})
_CLEAN = "^[^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\uFFFE\\uFFFF]*$"
_CLEAN_LINE = "^[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\uFFFE\\uFFFF]*$"
_LINE_BREAK = re.compile("[\t\n\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Text:
    """Words of at most `most` characters, trimmed; of one line unless `lines`."""

    most: int = limits.LINE
    lines: bool = False

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = string(node, reading, "a text")
        if text is None:
            return None
        if len(text) > self.most:
            reading.faults.add(
                node, "too-long", f"{len(text):,} characters; at most {self.most:,} are possible: shorten it"
            )
            return None
        if not text.isprintable() and not self._may_hold(text, node, reading):
            return None
        trimmed = text.strip()
        if not trimmed:
            reading.faults.add(node, "empty", "is empty; write something or leave the key out")
            return None
        return trimmed

    def _may_hold(self, text: str, node: Node, reading: Reading) -> bool:
        """Whether nothing in `text` is a control character, or a line break where none may be; notes a fault if not."""
        control = _control(text)
        if control is not None:
            reading.faults.add(
                node, "control-character", f"holds control character U+{ord(control.group()):04X}; delete it"
            )
            return False
        if not self.lines and _LINE_BREAK.search(text):
            reading.faults.add(node, "one-line", "holds a line break or tab; write it on one line")
            return False
        return True

    def schema(self) -> Schema:
        return {
            "type": "string",
            "maxLength": self.most,
            "pattern": _CLEAN if self.lines else _CLEAN_LINE,
            "not": {"pattern": "^\\s*$"},
        }


def _control(text: str) -> re.Match[str] | None:
    """The first character of `text` that no text may hold."""
    if not text.encode("utf-8", "surrogatepass").translate(None, _HARMLESS):
        return None  # as most texts, and found out several times faster
    return _CONTROL.search(text)


# What makes Markdown's parser recurse or go back and forth: nobody writes that many for people to read.
_NESTED = re.compile(r"(?m)(?:^|\n)[ \t]*(?:(?:[-*+>]|[0-9]{1,9}[.)])[ \t]*){12,}")
_RUNS = re.compile(r"[\[<!]{20,}|[*_`~]{40,}")
_OPENINGS = 400


def markdown_problem(text: str) -> str | None:
    """Why `text` can't be read as Markdown in reasonable time, and what to do; None when it can."""
    if _NESTED.search(text):
        return "nests lists or quotes deeper than anyone can read; write plainer"
    if _RUNS.search(text) or text.count("[") + text.count("<") > _OPENINGS:
        return f"holds more than {_OPENINGS} brackets, or long rows of signs; write plainer"
    return None


@dataclass(frozen=True, slots=True)
class Markdown(Text):
    """A text in the small subset of Markdown that a description may use."""

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = Text.decode(self, node, reading)
        problem = markdown_problem(text) if text is not None else None
        if problem:
            reading.faults.add(node, "markdown", problem)
            return None
        return text


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of a fixed form. `wanted` says in words what it is, `example` shows one, `code` names the fault."""

    pattern: str
    wanted: str
    example: str
    code: str
    most: int = limits.LINE

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = string(node, reading, self.wanted)
        if text is None:
            return None
        if len(text) > self.most or not _fits(self.pattern, text):
            reading.faults.add(node, self.code, f"`{shorten(text)}` is not {self.wanted}; write it like {self.example}")
            return None
        return text

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.most, "pattern": f"^(?:{self.pattern})$"}


@lru_cache(maxsize=1024)
def _fits(pattern: str, text: str) -> bool:
    return compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern`, compiled once."""
    return re.compile(pattern)


E = TypeVar("E", bound=StrEnum)


class Choice:
    """One of the values of an enumeration."""

    __slots__ = ("_values",)

    def __init__(self, choices: type[E]) -> None:
        self._values: dict[str, StrEnum] = {member.value: member for member in choices}

    def decode(self, node: Node, reading: Reading) -> StrEnum | None:
        # No member is a word that YAML reads as anything but text, so what is found here needs no further look.
        value = self._values.get(node.text) if type(node) is Scalar else None
        if value is not None:
            return value
        text = string(node, reading, f"one of {', '.join(self._values)}")
        if text is not None:
            reading.faults.add(
                node,
                "choice",
                f"`{shorten(text)}` is unknown here{nearest(text, list(self._values))}; "
                f"use one of {', '.join(self._values)}",
            )
        return None

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self._values)}
