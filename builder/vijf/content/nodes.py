"""Located values: scalars, sequences and mappings that know their line and column; and where their faults go.

`vijf.content.events` makes them of YAML, and `vijf.content.plain` without places.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vijf import limits
from vijf.errors import Diagnostic, Span


@dataclass(slots=True)
class Faults:
    """The faults found in one file so far."""

    file: str
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, node: Node, code: str, message: str) -> None:
        """Note that `node` has a fault."""
        self.add_at(node.line, node.column, code, message)

    def add_at(self, line: int, column: int, code: str, message: str) -> None:
        """Note a fault at a place, both numbers from 1; no more than `limits.FAULTS_SHOWN` are kept."""
        if len(self.found) == limits.FAULTS_SHOWN:
            code, message = "more-faults", "there are more faults in this file; mend those above first"
        if len(self.found) <= limits.FAULTS_SHOWN:
            self.found.append(Diagnostic(Span(self.file, line, column), code, message))


@dataclass(slots=True)
class Scalar:
    """A single value as written; `plain` when it stood without quotes (only then may it be a number)."""

    text: str
    plain: bool
    line: int
    column: int


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: list[Node]
    line: int
    column: int


@dataclass(slots=True)
class Mapping:
    """A mapping: key -> (the key's own node, its value). A duplicate key was noted as a fault; the first stands."""

    entries: dict[str, tuple[Scalar, Node]]
    line: int
    column: int


Node = Scalar | Sequence | Mapping

_NAMES = {Scalar: "a single value", Sequence: "a list", Mapping: "a mapping"}


def kind_of(node: Node) -> str:
    """What a node is, in words, for messages."""
    return _NAMES[type(node)]


NOWHERE = Mapping({}, 0, 0)
"""Stands for a mapping whose values are known but not their places: a fault in it is then seen, but has no place."""


def value_node(mapping: Mapping, key: str, part: int | None = None) -> Node:
    """The node of a key's value, for faults about it, or of a part of its list; `mapping` when the key is absent."""
    entry = mapping.entries.get(key)
    if entry is None:
        return mapping
    return entry[1].items[part] if part is not None and isinstance(entry[1], Sequence) else entry[1]


def key_node(mapping: Mapping, key: str) -> Node:
    """The node of a key itself, for faults about it; `mapping` when it is absent."""
    entry = mapping.entries.get(key)
    return mapping if entry is None else entry[0]


def shorten(text: str, most: int = 40) -> str:
    """`text` as it can stand in a message: printable, on one line, not longer than `most` characters."""
    cut = text[:most] + "…" if len(text) > most else text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def decode_utf8(data: bytes, faults: Faults) -> str | None:
    """`data` as text without its byte order mark, or None after noting where it stops being UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = len(before.decode("utf-8", "replace")) + 1
        byte = data[error.start]
        faults.add_at(line, column, "encoding", f"byte 0x{byte:02X} is not UTF-8; save the file as UTF-8")
        return None
