"""The digest by which the build knows inputs and outputs: BLAKE2b, 128 bits, hexadecimal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

SIZE = 16
"""Bytes of a digest."""


def digest(data: bytes) -> str:
    """The digest of `data`."""
    return hashlib.blake2b(data, digest_size=SIZE).hexdigest()


def digest_of_all(digests: Mapping[str, str]) -> str:
    """One digest over many: of the lines `<digest>  <path>`, in the order of the paths."""
    lines = "".join(f"{value}  {path}\n" for path, value in sorted(digests.items()))
    return digest(lines.encode())
