"""A list of records straight from the lines of a plain file: what a line says is decoded where it stands.

Most lines of a review stand in other reviews too: days, marks, languages, how it was checked. What a short line says is
therefore remembered as the value that its field made of it, not only as words; and no tree of located values lies
between a file and its reviews. Nothing else is decided here: `vijf.content.plain` says what lines mean, and the fields
of the record what is sound, as they do when a file is read by libyaml's events.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from vijf.content.fields import Field, Many, Reading, Record
from vijf.content.nodes import Faults, Node
from vijf.content.plain import KEPT, SHORT, Scan, Unsure, document, parts

_FEW = 4
"""Lines of a value below its key up to which it is remembered: a name and a place, how a review was checked."""
_Said = tuple[str, Any, str | None]
"""What a line of an entry says: its key, and the value as its field decodes it; instead of that `|` or `|-` where the
value is the text below."""


def unplaced(data: bytes, record: Record, reading: Reading) -> Iterator[Any]:
    """What `record` makes of each entry of a file that is one list, None where it notes a fault.

    By `items`, and by libyaml from where that is unsure on. The places of faults mean nothing: where there is one, read
    the file by `events.parse_items`.
    """
    done = 0
    try:
        for value in items(data, record, reading):
            yield value
            done += 1
    except Unsure:
        from vijf.content.events import parse_items

        for node in islice(parse_items(data, reading.faults), done, None):
            yield record.decode(node, reading)


def unplaced_record(data: bytes, record: Record, zone: ZoneInfo, now: datetime | None) -> Any:  # noqa: ANN401  # what it is depends on the record
    """What `record` makes of the one value of a file, likewise; None at the first sign of a fault."""
    faults = Faults("")
    node: Node | None
    try:
        node = document(data)
    except Unsure:
        from vijf.content.events import parse

        node = parse(data, faults)
    value = None if node is None else record.decode(node, Reading(faults, zone, now))
    return None if faults.found else value


def items(data: bytes, record: Record, reading: Reading) -> Iterator[Any]:
    """What `record` makes of each entry, once it is sure that it is sound. Raises `Unsure`."""
    lines = _lines(record, 1, reading.zone, reading.now)
    for part in parts(data):
        scan = Scan(part)
        more = True
        while more:
            value = lines.entry(scan)
            more = _starts(scan)  # else whatever stands there may belong to this entry
            yield value


def _starts(scan: Scan) -> bool:
    """Whether an entry starts on this line; not at the end. Raises `Unsure` where anything else does."""
    outer, inner = scan.line[:2]
    if outer == inner != 0:
        raise Unsure
    return outer != 0


class _Lines:
    """What lines say in entries of `record` whose dashes stand in column `outer`, as far as it was seen before."""

    __slots__ = ("few", "inner", "known", "outer", "reading", "record")

    def __init__(self, record: Record, outer: int, zone: ZoneInfo, now: datetime | None) -> None:
        self.record, self.outer, self.inner = record, outer, outer + 2
        self.reading = Reading(Faults(""), zone, now)
        self.known: dict[str, _Said] = {}
        self.few: dict[tuple[str, ...] | None, Any] = {}

    def entry(self, scan: Scan) -> Any:  # noqa: ANN401
        """What the record makes of the entry that starts on this line; `scan` goes on to what is behind it."""
        outer, inner, key = scan.line[:3]
        if outer != self.outer or inner != self.inner:
            raise Unsure
        if key is None:
            return self.sound(self.record.decode(scan.item(self.outer), self.reading))
        values: dict[str, Any] = {}
        lines, known = scan.lines, self.known
        said, at = self.said(scan)
        while True:
            key, value, block = said
            if block is not None:
                node, at = scan.text(at, self.inner, cut=block == "|-")
                value = self.decoded(self.record.fields[key], node)
            if key in values:
                raise Unsure
            values[key] = value
            found = known.get(lines[at])
            if found is not None:
                said = found
                at += 1
                continue
            scan.next(at)
            if scan.line[0] <= self.outer:
                return self.sound(self.record.from_values(values, self.reading))
            said, at = self.said(scan)

    def said(self, scan: Scan) -> tuple[_Said, int]:
        """What this line says, perhaps together with those below it; and the line behind that."""
        outer, column, key, _, node, block = scan.line
        field = None if key is None else self.record.fields.get(key)
        if column != self.inner or key is None or field is None:
            raise Unsure
        source, at = scan.lines[scan.at], scan.at + 1
        if node is None and block is None:
            value, at = self.below(key, field, scan, at)
            return (key, value, None), at
        said = key, None if node is None else self.decoded(field, node), block
        if outer == column and len(source) < SHORT:  # not the first of an entry, which mostly is its id
            if len(self.known) == KEPT:
                self.known.clear()
            self.known[source] = said
        return said, at

    def below(self, key: str, field: Field, scan: Scan, at: int) -> tuple[Any, int]:
        """What a field makes of the value on line `at` or further down; and the line behind it."""
        end = self.end_of_few(scan.lines, at)
        few = (key, *scan.lines[at:end]) if end else None
        if few in self.few:
            return self.few[few], end
        scan.go_below(at, self.inner)
        if isinstance(field, Many) and isinstance(field.item, Record):
            lines = _lines(field.item, scan.line[0], self.reading.zone, self.reading.now)
            values = scan.entries(lambda _: lines.entry(scan))
            if field.unique or not field.least <= len(values) <= field.most:
                raise Unsure
            return tuple(values), scan.at
        value = self.decoded(field, scan.block())
        if few is not None and scan.at == end:
            if len(self.few) == KEPT:
                self.few.clear()
            self.few[few] = value
        return value, scan.at

    def end_of_few(self, lines: list[str], at: int) -> int:
        """The line behind those, from `at` on, that belong to a key, if they are few and short; else 0.

        Also 0 where it isn't sure that they end there: more may follow a blank line or a comment.
        """
        end, last = at, at + _FEW
        margin = " " * self.inner
        while end < last and lines[end].startswith(margin) and len(lines[end]) < SHORT:
            end += 1
        behind = lines[end].lstrip(" ")
        sure = end > at and not lines[end].startswith(margin) and behind and behind[0] != "#"
        return end if sure else 0

    def decoded(self, field: Field, node: Node) -> Any:  # noqa: ANN401
        """What a field makes of a value. Raises `Unsure` where it isn't sound."""
        value = field.decode(node, self.reading)
        return self.sound(None) if value is None else value

    def sound(self, value: Any) -> Any:  # noqa: ANN401
        """`value`, unless it is None. Raises `Unsure` then, and forgets the fault, which has no place."""
        if value is None:
            self.reading.faults.found.clear()
            raise Unsure
        return value


_lines = lru_cache(maxsize=8)(_Lines)
