"""The digest by which the build knows inputs and outputs: BLAKE2b, 128 bits, hexadecimal; and a sum over many files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SIZE = 16
"""Bytes of a digest."""
SUM_SIZE = 32
"""Bytes of the sum over many files."""
_MODULUS = 1 << (8 * SUM_SIZE)


def digest(data: bytes) -> str:
    """The digest of `data`."""
    return hashlib.blake2b(data, digest_size=SIZE).hexdigest()


def sum_of(files: Iterable[tuple[str, str]]) -> int:
    """One number over many files, given as (path, digest), in any order.

    For each file the line `<digest>  <path>` is hashed with BLAKE2b to 256 bits and read as a number; their sum modulo
    2^256 is the result. So the sums of two sets of files add up to that of both, and a change of one file changes the
    sum without asking the others. It finds accidents; it is no signature.
    """
    total = 0
    for path, value in files:
        line = f"{value}  {path}\n".encode("utf-8", "surrogateescape")
        total += int.from_bytes(hashlib.blake2b(line, digest_size=SUM_SIZE).digest(), "big")
    return total % _MODULUS


def joined(sums: Iterable[int]) -> str:
    """The sum of several sums, as `build.json` prints it: 64 hexadecimal digits."""
    return f"{sum(sums) % _MODULUS:0{2 * SUM_SIZE}x}"
