"""A plain subset of YAML, read line by line: several times faster than libyaml, and never otherwise than it.

`document`, and `Scan` for a list, give the values that libyaml's events give (`vijf.content.events`) but for their
places, or raise `Unsure`. No fault is ever found here: what may be one is `Unsure`, and what a field finds in these
values has no place to be told. In both cases the file is read again by libyaml, so that there is one set of messages
and places. What is read, and nothing else:

- A file in UTF-8 without byte order mark, control characters or ends of lines other than a line feed, and with a line
  feed at its end; with tabs only inside the texts below `|`.
- A list or a mapping that starts in the first column, in block form. Blank lines, and comments on lines of their own
  or behind a value and a space, may stand anywhere.
- A mapping in block form: `key: value` in one column, with one space. A key is 1 to 64 of `A-Z a-z 0-9 _ -`, doesn't
  start with `-` and stands once. Its value stands on the same line, or is a mapping further in, or a list as far in
  or further.
- A list in block form: `- value` or `- key: value` in one column, with one space; the value stands on the same line.
- Words in double quotes with JSON's escapes, but none for a surrogate; in single quotes; without quotes where nothing
  in them could be a sign: not in the first place any that YAML knows, no colon or `#` beside a space, no colon at the
  end.
- A list or mapping in brackets on one line; in these, words without quotes hold none of `,[]{}?#`, and a colon only
  before a letter, figure or `/`; keys are as above.
- A text below `|` or `|-` whose first line isn't blank.
- At most `BLOCKS` lists and mappings below a key within each other and `FLOWS` in brackets; together with the
  outermost list and its entry these are no more than `limits.DEPTH`.

Words that go on on the next line aren't mistaken for words that end: YAML wants the rest of them further in than
their mapping, and a line further in, where none may be, is `Unsure`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

from vijf.content.nodes import Mapping, Node, Scalar, Sequence

T = TypeVar("T")

BLOCKS = 4
FLOWS = 2

# The first bytes of what may be a control character, another end of a line, a byte order mark or no character.
_DOUBTFUL = b"\xc2\xe2\xef"
_HARMLESS = b"\t\n" + bytes({*range(0x20, 0x7F), *range(0x80, 0x100)} - {*_DOUBTFUL})
_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_KEY = "([A-Za-z0-9_][A-Za-z0-9_-]{0,63}+)"
_FIRST = r"""[^-?:,\[\]{}#&*!|>'"%@` ]"""
_WORDS = rf"({_FIRST}(?:[^ :#]++|:(?=[^ ])|#| ++(?=[^ :#]))*+)"
_FLOW_WORDS = rf"""({_FIRST}(?:[^ :#,\[\]{{}}?]++|:(?=[A-Za-z0-9/])| ++(?=[^ :#,\[\]{{}}?]))*+)"""
_QUOTED = r"""\"((?:[^"\\]++|\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}))*+)"|'((?:[^']++|'')*+)'"""
_REST = r" *+(?:(?<= )#.*+)?+"

# Groups: indent, dash, key; then words, in double quotes, in single quotes; `|` or `|-`; a bracket.
_LINE = re.compile(rf"( *+)(- )?+(?:{_KEY}:(?: |$))?+(?:{_WORDS}|{_QUOTED}|(\|-?)|([\[{{]).*+)?+{_REST}|#.*+")
# Groups: key; then words, in double quotes, in single quotes, and what ends them; a bracket.
_FLOW = re.compile(rf" *+(?:{_KEY}: )?+(?:(?:{_FLOW_WORDS}|{_QUOTED}) *+([,\]}}])|([\[{{]))")
_FLOW_END = re.compile(r" *+([,\]}])")
_AFTER_FLOW = re.compile(_REST)

SHORT = 80
"""Characters from which on a line isn't kept: it hardly comes again, and what is kept has to stay small."""
KEPT = 8192
"""So many lines are kept with what they say: days, marks, languages come again and again."""

_PART = 1 << 16
"""Bytes after which a list is cut before its next entry."""

END = "\x00"
_NEVER_FIRST = "\t" + END


class Unsure(Exception):  # noqa: N818  # not an error: libyaml will say what the file is
    """Something may not be what it looks like."""


_Line = tuple[int, int, str | None, Scalar | None, Node | None, str | None]
"""What a line says by itself: the column of its first sign (from 1; 0 behind the end of the file); the column behind
the dash, the same where there is none; the key, also as a node; the value if it stands here; `|` or `|-` if it is the
text below. Its nodes are shared by all lines that say the same, so nobody may change them."""


def document(data: bytes) -> Node:
    """The one value of a file. Raises `Unsure`."""
    scan = Scan(_text(data))
    if scan.line[0] != 1:
        raise Unsure
    node = scan.block()
    if scan.line[0]:
        raise Unsure
    return node


def _text(data: bytes) -> str:
    """The text of a file that has only characters and ends of lines that are read here."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unsure from None
    rest = data.translate(None, _HARMLESS)
    if not data.endswith(b"\n") or (rest and (rest.translate(None, _DOUBTFUL) or _ODD.search(text))):
        raise Unsure
    return text


def parts(data: bytes) -> Iterator[str]:
    """The text of a list, a long one in parts that end where an entry ends, so that it needs little memory."""
    text = _text(data)
    if len(data) <= _PART:
        yield text
        return
    del text
    start = 0
    while (end := data.find(b"\n- ", start + _PART)) >= 0:
        yield data[start : end + 1].decode()
        start = end + 1
    yield data[start:].decode()


class Scan:
    """One pass over the lines of a file: `line` is what line `at` (from 0) says, never a blank one or a comment."""

    __slots__ = ("at", "depth", "line", "lines")

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.lines[-1] = END
        self.depth = 0
        self.next(0)

    def next(self, at: int) -> None:
        """Go to the first line from `at` on that says something."""
        while True:
            source = self.lines[at]
            line = _read(source) if source else None
            if line is not None:
                self.at, self.line = at, line
                return
            at += 1

    def block(self) -> Node:
        """The list or mapping that starts on this line."""
        outer, inner = self.line[:2]
        if inner > outer:
            return Sequence(self.entries(self.item), 0, 0)
        self.deepen()
        node = self.mapping()
        self.depth -= 1
        return node

    def entries(self, entry: Callable[[int], T]) -> list[T]:
        """What `entry` makes, called with the column of their dashes, of the entries of the list that starts here."""
        self.deepen()
        outer = self.line[0]
        values = [entry(outer)]
        while self.line[0] == outer and self.line[1] > outer:
            values.append(entry(outer))
        self.depth -= 1
        return values

    def deepen(self) -> None:
        """Count one more list or mapping below a key; whoever called this takes it off when it ends."""
        if self.depth == BLOCKS:
            raise Unsure
        self.depth += 1

    def item(self, column: int) -> Node:
        """The entry, starting on this line, of a list whose dashes stand in `column`."""
        outer, inner, key, _, node, _ = self.line
        if outer != column or inner == outer:
            raise Unsure
        if key is not None:
            node = self.mapping()
        elif node is not None:
            self.next(self.at + 1)
        else:
            raise Unsure
        if self.line[0] > column:
            raise Unsure
        return node

    def mapping(self) -> Mapping:
        """The mapping whose first key stands on this line; it ends before a line that starts further out."""
        lines, at = self.lines, self.at
        _, column, key, name, value, block = self.line
        entries: dict[str, tuple[Scalar, Node]] = {}
        while key is not None and name is not None and key not in entries:
            at += 1
            if value is None:
                if block is not None:
                    value, at = self.text(at, column, cut=block == "|-")
                else:
                    value, at = self.below(at, column)
            entries[key] = name, value
            # As `next` does; written out because each line of a file passes here.
            while True:
                source = lines[at]
                line = _kept(source) if len(source) < SHORT else _read(source)
                if line is not None:
                    break
                at += 1
            outer, inner, key, name, value, block = line
            if outer != column or inner != column:
                self.at, self.line = at, line
                if outer < column:
                    return Mapping(entries, 0, 0)
                break
        raise Unsure

    def below(self, at: int, column: int) -> tuple[Node, int]:
        """The value, on line `at` or further down, of a key in `column`; and the line behind it."""
        self.go_below(at, column)
        return self.block(), self.at

    def go_below(self, at: int, column: int) -> None:
        """Go to where, on line `at` or further down, the value of a key in `column` starts."""
        self.next(at)
        outer, inner = self.line[:2]
        if outer < column or (outer == column and inner == outer):
            raise Unsure

    def text(self, at: int, column: int, *, cut: bool) -> tuple[Scalar, int]:
        """The text whose first line is line `at`, below a key in `column`; and the line behind it."""
        lines = self.lines
        line = lines[at]
        first = line.lstrip(" ")
        width = len(line) - len(first)
        if not first or width < column or first[0] in _NEVER_FIRST:
            raise Unsure
        margin = " " * width
        found = [first]
        while True:
            at += 1
            line = lines[at]
            if line.startswith(margin):
                found.append(line[width:])
            elif not line.strip(" "):
                found.append("")
            else:
                break
        while not found[-1]:
            found.pop()
        if not cut:
            found.append("")
        return Scalar("\n".join(found), False, 0, 0), at  # noqa: FBT003


def _read(line: str) -> _Line | None:
    """What a line says; None when it is blank or a comment."""
    if line == END:
        return 0, 0, None, None, None, None
    match = _LINE.fullmatch(line)
    if match is None or "\t" in line:
        raise Unsure
    indent, dash, key, words, double, single, block, bracket = match.groups()
    if match.lastindex is None or match.lastindex == 1:
        return None
    value: Node | None
    if bracket is not None:
        value, end = _flow(line, match.start(8), 0)
        if _AFTER_FLOW.fullmatch(line, end) is None:
            raise Unsure
    else:
        value = _scalar(words, double, single)
    outer = len(indent) + 1
    inner = outer + 2 if dash else outer
    return outer, inner, key, None if key is None else _name(key), value, block


_kept = lru_cache(maxsize=KEPT)(_read)


@lru_cache(maxsize=256)
def _name(key: str) -> Scalar:
    return Scalar(key, plain=True, line=0, column=0)


def _scalar(words: str | None, double: str | None, single: str | None) -> Node | None:
    """The words that were found in one of three forms; None when there are none."""
    if words is not None:
        return Scalar(words, True, 0, 0)  # noqa: FBT003  # keywords cost time here
    if double is not None:
        return Scalar(json.loads(f'"{double}"') if "\\" in double else double, False, 0, 0)  # noqa: FBT003
    if single is not None:
        return Scalar(single.replace("''", "'"), False, 0, 0)  # noqa: FBT003
    return None


def _flow(line: str, at: int, depth: int) -> tuple[Node, int]:
    """The list or mapping whose bracket stands at `at`, and where it ends."""
    if depth == FLOWS:
        raise Unsure
    values: list[Node] = []
    entries: dict[str, tuple[Scalar, Node]] = {}
    close = "]" if line[at] == "[" else "}"
    at += 1
    after: str | None = ","
    if line.startswith(close, at):
        at, after = at + 1, close
    while after == ",":
        match = _FLOW.match(line, at)
        if match is None:
            raise Unsure
        key, words, double, single, after, bracket = match.groups()
        at = match.end()
        value: Node | None = _scalar(words, double, single)
        if bracket is not None:
            value, at = _flow(line, at - 1, depth + 1)
            end = _FLOW_END.match(line, at)
            if end is None:
                raise Unsure
            at, after = end.end(), end[1]
        if value is None or (key is None) != (close == "]") or key in entries:
            raise Unsure
        if key is None:
            values.append(value)
        else:
            entries[key] = _name(key), value
    if after != close:
        raise Unsure
    return (Sequence(values, 0, 0) if close == "]" else Mapping(entries, 0, 0)), at
