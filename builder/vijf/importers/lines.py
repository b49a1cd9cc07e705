"""Bytes of any chunking -> lines, within the bounds of a file and a row, in the encodings that exports come in."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from vijf import limits
from vijf.errors import Span
from vijf.importers.mapping import Encoding

TOO_LONG = f"is longer than the {limits.IMPORT_ROW_BYTES:,} bytes that a row may have"


class BadRow(Exception):  # noqa: N818  # not an error: the next row is read
    """A row that can't be read; the message says what is wrong with it."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.column = message, column


class Stop(Exception):  # noqa: N818  # not an error: what was read before it stands
    """The rest of the file can't be read; `span` is None where the reader's own place is meant."""

    def __init__(self, span: Span | None, code: str, message: str) -> None:
        super().__init__(message)
        self.span, self.code, self.message = span, code, message


def open_bytes(chunks: Iterable[bytes], given: Encoding) -> tuple[Encoding, Iterator[bytes]]:
    """The encoding, by the byte order mark if there is one, and the bytes without it; UTF-16 becomes UTF-8."""
    rest = iter(chunks)
    start = b""
    while len(start) < len(codecs.BOM_UTF8):
        more = next(rest, None)
        if more is None:
            break
        start += more
    if start.startswith(codecs.BOM_UTF8):
        return Encoding.UTF_8, _counted(start[len(codecs.BOM_UTF8) :], rest)
    if given is Encoding.UTF_16 or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding.UTF_8, _from_utf_16(_counted(start, rest))
    return given, _counted(start, rest)


def _counted(start: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    """All bytes, up to the bound of a file."""
    total = 0
    for chunk in chain((start,), rest):
        total += len(chunk)
        if total > limits.IMPORT_BYTES:
            raise Stop(None, "too-large", f"the file is larger than {limits.IMPORT_BYTES:,} bytes; split it")
        yield chunk


def _from_utf_16(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-8 for UTF-16; half characters pass, and are refused with the line that they stand in."""
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        raise Stop(None, "row", "the file ends in the middle of a character, or isn't UTF-16") from error


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """The lines, without their line feeds; None for one that is longer than a row may be."""
    rest = b""
    skipping = False
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not skipping:
                yield line if len(line) <= limits.IMPORT_ROW_BYTES else None
            skipping = False
        if len(rest) > limits.IMPORT_ROW_BYTES or skipping:
            if not skipping:
                yield None
            skipping, rest = True, b""
    if rest:
        yield rest if len(rest) <= limits.IMPORT_ROW_BYTES else None


def decode_line(raw: bytes, encoding: Encoding) -> str:
    """A line as text. Raises `BadRow` where it isn't in `encoding`."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8, or set `encoding` under `csv`" if encoding is Encoding.UTF_8 else "mend it"
        column = error.start + 1
        raise BadRow(f"byte 0x{raw[error.start]:02X} is not {encoding.value.upper()}; {hint}", column) from error
