"""A text of JSON objects, one a line, whose last line is a digest of all before it.

    {"vijf-journal":1}
    ...
    {"end":"0f343b0931126a20f133d67c2b018a3b"}

A text that was cut short, changed or never written ends otherwise, so a reader knows that it can't be used.
The digest finds accidents; it is no signature.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, NoReturn

from vijf.digests import SIZE, digest


def seal(records: Iterable[object]) -> bytes:
    """Return the text of `records` (mappings and dataclasses, moments as ISO 8601), with its digest.

    Pure ASCII: names that aren't Unicode survive as escapes.
    """
    return b"".join(sealed(records))


def sealed(records: Iterable[object]) -> Iterator[bytes]:
    """Yield the same text line by line."""
    state = blake2b(digest_size=SIZE)
    for record in records:
        line = _line(record)
        state.update(line)
        yield line
    yield _line({"end": state.hexdigest()})


def unseal(data: bytes) -> list[dict[str, Any]] | None:
    """Return the records of a text that `seal` made, or None for anything else; raises nothing."""
    body, _, end = data.removesuffix(b"\n").rpartition(b"\n")
    body += b"\n"
    if body + end + b"\n" != data or end + b"\n" != _line({"end": digest(body)}):
        return None
    try:
        records = [json.loads(line, parse_constant=_refuse) for line in body.splitlines()]
    except (ValueError, RecursionError):
        return None
    return records if all(isinstance(record, dict) for record in records) else None


def _line(record: object) -> bytes:
    return _ENCODER.encode(record).encode("ascii") + b"\n"


def _plain(record: object) -> Mapping[str, Any] | str:
    if isinstance(record, datetime):
        return record.isoformat()
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError(f"{record!r} can't be written as JSON")
    return {field.name: getattr(record, field.name) for field in fields(record)}


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain)


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and infinities are no JSON
