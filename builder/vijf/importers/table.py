"""CSV and JSON lines -> neutral rows, one by one, each with its line; what can't be read is a `Refusal`.

A row is as the file gives it: nothing is judged here, so that other formats can give the same rows. Memory holds
one chunk and one row. Broken quotes end a CSV file, since nothing after them can be trusted.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from vijf import limits
from vijf.content.nodes import shorten
from vijf.errors import Diagnostic, Span
from vijf.importers.lines import TOO_LONG, BadRow, Stop, decode_line, open_bytes, split_lines
from vijf.importers.mapping import Delimiter, Encoding, Format, Map, Named


@dataclass(frozen=True, slots=True)
class Row:
    """One review in a platform's own words; None where it says nothing. `line` is where its row starts."""

    line: int
    id: str | None = None
    shop: str | None = None
    rating: str | None = None
    scale: str | None = None
    """Such as `1-5`."""
    title: str | None = None
    text: str | None = None
    author: str | None = None
    place: str | None = None
    language: str | None = None
    received: str | None = None
    published: str | None = None
    experience: str | None = None
    verification: str | None = None
    reply: str | None = None
    reply_date: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row can't be read. `skippable`: the rows after it can. A warning refuses nothing."""

    diagnostic: Diagnostic
    skippable: bool = True


def read_rows(chunks: Iterable[bytes], file: str, mapping: Map, form: Format) -> Iterator[Row | Refusal]:
    """The rows of a file whose bytes are `chunks`, of any length, read as `mapping` says; never raises.

    `file` is its name in refusals. A UTF-8 or UTF-16 byte order mark decides the encoding.
    """
    source = _Source(file, mapping)
    rows = source.csv(chunks) if form is Format.CSV else source.jsonl(chunks)
    try:
        yield from rows
    except Stop as stop:
        span = stop.span or Span(file, source.line + 1, 1)
        yield Refusal(Diagnostic(span, stop.code, stop.message), skippable=False)
        return
    for column in source.wanted:
        if source.any_row and column.name not in source.met:
            message = f"no row has `{shorten(column.name)}`; mend the name or leave it out"
            yield Refusal(Diagnostic(column.span, "map", message, warning=True))


class _Source:
    """One pass over a file: where it is, and which columns it met."""

    def __init__(self, file: str, mapping: Map) -> None:
        self.file, self.mapping = file, mapping
        self.line = 0
        self.any_row = False
        self.met: set[str] = set()
        named: dict[str, Named] = dict(mapping.columns)
        if isinstance(mapping.scale, Named):
            named["scale"] = mapping.scale
        self.named = named

    @property
    def wanted(self) -> Iterable[Named]:
        return self.named.values()

    def refuse(self, line: int, message: str, column: int = 1) -> Refusal:
        return Refusal(Diagnostic(Span(self.file, line, column), "row", message))

    # JSON lines

    def jsonl(self, chunks: Iterable[bytes]) -> Iterator[Row | Refusal]:
        encoding, chunks = open_bytes(chunks, Encoding.UTF_8)
        for number, raw in enumerate(split_lines(chunks), 1):
            self.line = number
            try:
                if raw is None:
                    raise BadRow(f"{TOO_LONG}; leave out what isn't mapped")
                if raw.strip():
                    yield Row(number, **self._of_object(_json(decode_line(raw, encoding))))
                    self.any_row = True
            except BadRow as bad:
                yield self.refuse(number, bad.message, bad.column)

    def _of_object(self, value: dict[str, Any]) -> dict[str, str]:
        found = {}
        for ours, theirs in self.named.items():
            met, cell = _look_up(value, theirs.name)
            if met:
                self.met.add(theirs.name)
            text = _scale_text(cell) if ours == "scale" else _cell_text(cell, theirs.name)
            if text is not None and text.strip():
                found[ours] = text
        return found

    # CSV

    def csv(self, chunks: Iterable[bytes]) -> Iterator[Row | Refusal]:
        encoding, chunks = open_bytes(chunks, self.mapping.encoding)
        feed = _Feed(chunks, encoding)
        delimiter = "\t" if self.mapping.delimiter is Delimiter.TAB else self.mapping.delimiter.value
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        header: list[str] | None = None
        while True:
            self.line = reader.line_num
            feed.start_row()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                raise Stop(None, "row", f"{_csv_problem(error)}; nothing after it was read") from error
            start = self.line + 1
            if not cells or cells == [""]:
                continue
            if header is None:
                header = [name.strip() for name in cells]
                places = self._places(header)
                if feed.problem:
                    raise Stop(Span(self.file, start, 1), "row", feed.problem)
            elif feed.problem:
                yield self.refuse(start, feed.problem)
            elif len(cells) != len(header):
                yield self.refuse(start, f"has {len(cells)} cells; the header has {len(header)}")
            else:
                self.any_row = True
                yield Row(start, **{ours: cells[at] for ours, at in places.items() if cells[at].strip()})
        if header is None:
            raise Stop(Span(self.file, 1, 1), "row", "the file is empty; its first row must name the columns")

    def _places(self, header: list[str]) -> dict[str, int]:
        """Our column -> where it stands. Ends the file where one is missing or stands twice."""
        places = {}
        for ours, theirs in self.named.items():
            count = header.count(theirs.name)
            if count != 1:
                raise Stop(theirs.span, "map", _column_problem(theirs.name, header, count))
            places[ours] = header.index(theirs.name)
            self.met.add(theirs.name)
        return places


def _column_problem(name: str, header: list[str], count: int) -> str:
    if count:
        return f"the file has {count} columns `{shorten(name)}`; rename one of them there"
    near = get_close_matches(name, header, n=1)
    if near:
        return f"the file has no column `{shorten(name)}` (did you mean `{shorten(near[0])}`?)"
    there = ", ".join(shorten(known) for known in header[:20])
    hint = "; or set `delimiter` under `csv`" if len(header) == 1 else ""
    return f"the file has no column `{shorten(name)}`; it has {there}{hint}"


def _csv_problem(error: csv.Error) -> str:
    """What csv says, in words that tell what to do."""
    text = str(error)
    if "unexpected end" in text:
        return "a quote that opens in this row is never closed"
    if "field larger" in text:
        return "a cell is very long; most likely a quote that opens in this row is never closed"
    if "expected after" in text:
        return "a quote inside a quoted cell isn't doubled"
    return f"is not valid CSV ({text})"


class _Feed:
    """Lines of text for `csv.reader`, which joins them where a quoted cell has several."""

    def __init__(self, chunks: Iterable[bytes], encoding: Encoding) -> None:
        self.lines, self.encoding = split_lines(chunks), encoding
        self.start_row()

    def start_row(self) -> None:
        self.size, self.problem = 0, ""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        raw = next(self.lines)
        self.size += limits.IMPORT_ROW_BYTES + 1 if raw is None else len(raw) + 1
        if raw is None or self.size > limits.IMPORT_ROW_BYTES:
            raise Stop(None, "row", f"{TOO_LONG}; most likely a quote is never closed")
        try:
            return decode_line(raw, self.encoding) + "\n"
        except BadRow as bad:
            # The row can't be read, but where it ends can.
            self.problem = self.problem or bad.message
            return raw.decode(self.encoding, "replace") + "\n"


# JSON


class _Number(str):
    """A JSON number as written: neither rounded nor turned into another spelling."""

    __slots__ = ()


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("an object has the same key twice")
    return value


_DECODER = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_constant, object_pairs_hook=_unique)


def _json(line: str) -> dict[str, Any]:
    try:
        value = _DECODER.decode(line.strip())
    except json.JSONDecodeError as error:
        raise BadRow(f"is not valid JSON: {error.msg}; each line holds one whole object", error.colno) from error
    except ValueError as error:
        raise BadRow(f"is not valid JSON: {error}") from error
    except RecursionError as error:
        raise BadRow("is nested too deep; no review is") from error
    if not isinstance(value, dict):
        raise BadRow("is not an object; each line must be one: {...}")
    return value


def _look_up(value: Mapping[str, Any], path: str) -> tuple[bool, Any]:
    """Whether the row has `path`, such as `reply.body`, and what stands there. A key with dots in it goes first."""
    if path in value:
        return True, value[path]
    head, dot, rest = path.partition(".")
    if not dot or head not in value:
        return False, None
    inner = value[head]
    if inner is None:
        return True, None
    if not isinstance(inner, dict):
        raise BadRow(f"`{shorten(head)}` is not an object, so it has no `{shorten(rest)}`")
    return _look_up(inner, rest)


def _cell_text(cell: object, name: str) -> str | None:
    """A single JSON value as text; None for null."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        raise BadRow(f"`{shorten(name)}` is {'a list' if isinstance(cell, list) else 'an object'}, not a single value")
    if not cell.isascii() and any("\ud800" <= char <= "\udfff" for char in cell):
        raise BadRow(f"`{shorten(name)}` holds half a character (a lone surrogate); mend it")
    return cell


def _scale_text(cell: object) -> str | None:
    """A scale as text, `1-5`, also where it is a list of two numbers."""
    if isinstance(cell, list) and len(cell) == 2 and all(isinstance(end, str) for end in cell):
        return f"{cell[0]}-{cell[1]}"
    return _cell_text(cell, "scale")
