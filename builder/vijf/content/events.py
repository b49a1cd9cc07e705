"""YAML text -> located values, by libyaml's events.

Works on libyaml's *events*, never on its nodes or on Python objects: duplicate keys, anchors and tags stay
visible, YAML 1.1's implicit types never happen, and depth is bounded (composing nodes loses anchors and can
crash the process on deeply nested input). Faults are collected in a `Faults`; a syntax error ends its file.

Loading PyYAML takes longer than reading most shops, and sound content mostly doesn't need it (`vijf.content.plain`): so
what reads content imports this module where it turns out to need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # missing from its stubs

from vijf import limits
from vijf.content.nodes import Faults, Mapping, Node, Scalar, Sequence, decode_utf8, kind_of, shorten


class _Stop(Exception):  # noqa: N818  # not an error: the rest of the file can't be read
    pass


class _Reader:
    """One pass over the events of one document."""

    def __init__(self, data: bytes, faults: Faults) -> None:
        self.faults = faults
        self.parser: Any = CParser(data)

    def next(self) -> Any:
        try:
            return self.parser.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.faults.add_at(line, column, "yaml-syntax", f"this is not valid YAML: {_problem(error)}")
        except yaml.reader.ReaderError as error:
            self.faults.add_at(1, 1, "yaml-syntax", f"this is not valid YAML: {error.reason}")
        raise _Stop

    def start(self) -> Any:
        """Skip to the first value; None when the document is empty."""
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        return self.next()

    def finish(self) -> None:
        """Refuse a second document."""
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            line, column = _place(event)
            self.faults.add_at(
                line, column, "second-document", "a second document starts here; put each into a file of its own"
            )

    def node(self, event: Any, depth: int) -> Node:
        """The value that starts with `event`."""
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if type(event) is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self.refuse_properties(event, line, column)
            return Scalar(event.value, not event.style, line, column)
        if type(event) is yaml.AliasEvent:
            self.faults.add_at(
                line, column, "alias", f"*{event.anchor} is an alias; write the value out where it is meant"
            )
            return Scalar("*", False, line, column)
        if event.anchor is not None or event.tag is not None:
            self.refuse_properties(event, line, column)
        if depth >= limits.DEPTH:
            self.faults.add_at(
                line, column, "too-deep", f"nested deeper than {limits.DEPTH} levels; nothing in this format is"
            )
            raise _Stop
        if type(event) is yaml.SequenceStartEvent:
            return Sequence(list(self.items(depth + 1)), line, column)
        return self._mapping(depth + 1, line, column)

    def items(self, depth: int) -> Iterator[Node]:
        """The values of a sequence, one by one."""
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            yield self.node(event, depth)

    def _mapping(self, depth: int, line: int, column: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self.node(event, depth)
            value = self.node(self.next(), depth)
            if not isinstance(key, Scalar):
                self.faults.add(key, "key-type", f"a key can't be {kind_of(key)}; write a name")
            elif key.text in entries:
                first = entries[key.text][0]
                self.faults.add(
                    key, "duplicate-key", f"`{shorten(key.text)}` stands twice (first on line {first.line}); keep one"
                )
            else:
                entries[key.text] = (key, value)
        return Mapping(entries, line, column)

    def refuse_properties(self, event: Any, line: int, column: int) -> None:
        """Note an anchor or a tag, if `event` has one."""
        if event.anchor is not None:
            self.faults.add_at(
                line, column, "anchor", f"&{event.anchor} is an anchor; write the value out where it is meant"
            )
        if event.tag is not None:
            self.faults.add_at(line, column, "tag", f"`{shorten(event.tag)}` is a tag; leave it out")


def parse(data: bytes, faults: Faults) -> Node | None:
    """The one value of a document, or None when it is empty or can't be read (then `faults` says why)."""
    if not _readable(data, faults):
        return None
    reader = _Reader(data, faults)
    try:
        event = reader.start()
        if event is None:
            return None
        node = reader.node(event, 0)
        reader.finish()
    except _Stop:
        return None
    return node


def parse_items(data: bytes, faults: Faults) -> Iterator[Node]:
    """The values of a document that is one list, one by one, so that a long file needs little memory."""
    if not _readable(data, faults):
        return
    reader = _Reader(data, faults)
    try:
        event = reader.start()
        if event is None:
            faults.add_at(1, 1, "empty", "the file is empty; write [] for no reviews, or delete the file")
            return
        if type(event) is yaml.SequenceStartEvent:
            reader.refuse_properties(event, *_place(event))
            yield from reader.items(1)
        else:
            node = reader.node(event, 0)
            faults.add(node, "type", f"this file is {kind_of(node)}; it must be a list: start each review with `- id:`")
        reader.finish()
    except _Stop:
        return


# What YAML can't hold at all; libyaml would stop here without saying where.
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _readable(data: bytes, faults: Faults) -> bool:
    text = decode_utf8(data, faults)
    if text is None:
        return False
    found = _UNREADABLE.search(text)
    if found is None:
        return True
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    faults.add_at(
        line, column, "control-character", f"control character U+{ord(found.group()):04X}; delete it (it can't be seen)"
    )
    return False


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


# What to do about libyaml's most frequent complaints; it often notices them a line or more too late.
_ADVICE = {
    "mapping values are not allowed": "put a text that holds a colon in quotes or below `|`, and mind the indentation",
    "could not find expected ':'": "write `key: value`, with a space behind the colon",
    "quoted scalar, found unexpected end": "a quote that was opened further up is never closed",
    "tab character": "indent with spaces, not tabs",
    "cannot start any token": "indent with spaces, not tabs, and put texts with special signs in quotes",
    "block sequence": "start each entry with `- `, all at the same depth",
    "block mapping": "keys of one mapping start in the same column",
}
_MEND = "; mend the quotes or the indentation here or just above"


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "unreadable"
    what = f"{error.context}, {problem}" if error.context else problem
    return what + next((f"; {advice}" for part, advice in _ADVICE.items() if part in what), _MEND)
