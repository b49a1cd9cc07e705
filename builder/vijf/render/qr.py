"""QR codes (ISO/IEC 18004): segno's, but the choice among the eight masks, which takes it four fifths of its time.

A mask turns over the same modules of every code of one version and error correction. So from the code with the first
mask come all others by what differs between two masks. Each gets its penalty (section 7.8.3 of the standard) by
arithmetic with whole codes as numbers: the modules, row by row, are the bits of one number, the first the lowest.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

MASKS = 8
GAP = 4
"""Light modules behind each row: nothing reaches from a row into the next, and beyond an edge all counts as light."""
WITHOUT_VERSION = 6
"""The highest version without information on the version in it, which this knows nothing of."""


class _Kind(NamedTuple):
    """What all codes of one version and error correction share, in the two directions: by rows and by columns."""

    side: int
    differences: tuple[tuple[int, int], ...]
    """Mask -> the modules that it has other than the first mask."""
    every: int
    """All modules."""
    judged: int
    """The modules that count in choosing: without those that say which mask it is."""


def rows(address: str) -> list[str]:
    """The rows of the code of an address, `1` for dark modules: correction of errors M or better, the best mask."""
    import segno  # takes time, and many sites have no codes

    code = segno.make_qr(address, error="m", boost_error=True, mask=0)
    if not isinstance(code.version, int) or code.version > WITHOUT_VERSION:
        matrix = segno.make_qr(address, error="m", boost_error=True).matrix
        return [_text(row) for row in matrix]
    kind = _kind(code.version, code.error)
    by_rows, by_columns = _both(code.matrix)
    penalties = [_penalty(kind, by_rows ^ one, by_columns ^ other) for one, other in kind.differences]
    best = by_rows ^ kind.differences[penalties.index(min(penalties))][0]
    text = f"{best:0{kind.side * (kind.side + GAP)}b}"[::-1]
    return [text[at : at + kind.side] for at in range(0, len(text), kind.side + GAP)]


@lru_cache(maxsize=32)
def _kind(version: int, error: str) -> _Kind:
    import segno

    made = [segno.make_qr("1", version=version, error=error, boost_error=False, mask=mask) for mask in range(MASKS)]
    codes = [_both(code.matrix) for code in made]
    side = len(made[0].matrix)
    judged = [[1] * side for _ in range(side)]
    for at in (*range(9), *range(side - 8, side)):
        judged[8][at] = judged[at][8] = 0
    judged[8][6] = judged[6][8] = 1  # of the timing patterns
    return _Kind(
        side,
        tuple((by_rows ^ codes[0][0], by_columns ^ codes[0][1]) for by_rows, by_columns in codes),
        _number([[1] * side] * side),
        _number(judged),  # the same by rows and by columns
    )


def _text(row: Iterable[int]) -> str:
    return "".join(map(str, row))


def _number(matrix: Iterable[Iterable[int]]) -> int:
    return int(("0" * GAP).join(map(_text, matrix))[::-1], 2)


def _both(matrix: Iterable[Iterable[int]]) -> tuple[int, int]:
    """A code by rows and by columns."""
    return _number(matrix), _number(zip(*matrix, strict=True))


def _penalty(kind: _Kind, by_rows: int, by_columns: int) -> int:
    """The penalty of a code, given in both directions."""
    by_rows, by_columns = by_rows & kind.judged, by_columns & kind.judged
    points = 0
    for dark in (by_rows, by_columns):
        light = kind.every & ~dark
        points += _runs(dark) + _runs(light) + 40 * _finders(dark)
    row = kind.side + GAP
    for colour in (by_rows, kind.every & ~by_rows):
        pairs = colour & colour >> 1
        points += 3 * (pairs & pairs >> row).bit_count()
    percent = 100 * by_rows.bit_count() / kind.side**2
    return points + 10 * int(abs(percent - 50) / 5)


def _runs(colour: int) -> int:
    """Points for modules of one colour in a row: 3 for five of them, one more for each that follows."""
    pairs = colour & colour >> 1
    fives = pairs & pairs >> 2 & colour >> 4
    return fives.bit_count() + 2 * (fives & ~(fives >> 1)).bit_count()


def _finders(dark: int) -> int:
    """How often dark and light take turns as in the corners (1:1:3:1:1), with four light modules before or behind.

    Of two that overlap the first counts.
    """
    found = dark & ~(dark >> 1) & dark >> 2 & dark >> 3 & dark >> 4 & ~(dark >> 5) & dark >> 6
    two = dark | dark >> 1
    four = two | two >> 2
    found &= ~(four >> 7) | ~(four << 4)
    count, free = 0, 0
    while found:
        at = (found & -found).bit_length() - 1
        found &= found - 1
        if at >= free:
            count, free = count + 1, at + 7
    return count
