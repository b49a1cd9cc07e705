"""`pages/<name>.<lang>.md`: YAML front matter between two lines `---`, then Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

from vijf import limits
from vijf.content.fields import Reading, Record, Text, markdown_problem
from vijf.content.nodes import Faults, decode_utf8
from vijf.content.straight import unplaced_record
from vijf.errors import Span
from vijf.model import Page

FRONT_MATTER = Record(
    {"title": Text(limits.TITLE), "description": Text(limits.TITLE)},
    lambda values, _node, _reading: values,
    required=("title",),
)

_FRAME = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def read_page(name: str, language: str, data: bytes, reading: Reading) -> Page | None:
    """The page in `data`, or None after noting what is wrong with it."""
    faults = reading.faults
    text = decode_utf8(data, faults)
    if text is None:
        return None
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        faults.add_at(
            line,
            control.start() - text.rfind("\n", 0, control.start()),
            "control-character",
            f"control character U+{ord(control.group()):04X}; delete it (it can't be seen)",
        )
        return None
    frame = _FRAME.match(text)
    if frame is None:
        faults.add_at(
            1, 1, "front-matter", "a page starts with a line `---`, then `title: ...`, then a line `---`; add them"
        )
        return None
    front = frame.group(1).encode()
    values = unplaced_record(front, FRONT_MATTER, reading.zone, reading.now) or _placed_front(front, reading)
    if values is None:
        return None
    body = text[frame.end() :].replace("\r\n", "\n").strip("\n")
    problem = markdown_problem(body)
    if problem:
        faults.add_at(text.count("\n", 0, frame.end()) + 1, 1, "markdown", problem)
        return None
    return Page(name=name, language=language, body=body, **values)


def _placed_front(front: bytes, reading: Reading) -> dict[str, str] | None:
    """What the front matter says, read so that each fault has its place."""
    from vijf.content.events import parse

    inner = Faults(reading.faults.file)
    node = parse(front, inner)
    if node is None and not inner.found:
        inner.add_at(0, 1, "missing-key", "`title` is missing; add it")
    values: dict[str, str] | None = None
    if node is not None:
        values = FRONT_MATTER.decode(node, replace(reading, faults=inner))
    # The front matter starts on the file's second line.
    reading.faults.found += [replace(d, span=Span(d.span.file, d.span.line + 1, d.span.column)) for d in inner.found]
    return values
