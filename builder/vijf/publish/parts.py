"""The files that hold the manifest's parts: written before the head that names them, removed after it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from typing import TypeVar

from vijf.errors import VijfError
from vijf.publish import disk
from vijf.publish.manifest import read_part
from vijf.publish.state import State

T = TypeVar("T")


class StartOver(VijfError):  # noqa: N818  # never leaves this room: the build begins again, without the last one
    """What the manifest knows doesn't do: a part of it is lost, or something isn't in it that is needed now."""


class TooFewNewest(StartOver):
    """So many of the newest reviews went that all shops have to be asked; the manifest is sound."""


def write_part_file(state: State, name: str, data: bytes) -> None:
    """Write a part, unless it is there; its name says what is in it. Raises `MachineError`."""
    with disk.failing("cannot write the build's notes"):
        state.parts.mkdir(exist_ok=True)
        path = state.parts / name
        if not disk.has_bytes(path, data):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            disk.write_new(path, data)


def read_part_file(state: State, kind: type[T], name: str) -> list[T]:
    """The records of the part `name`, each of `kind`. Raises `StartOver` where it isn't what its name says."""
    try:
        data = (state.parts / name).read_bytes()
    except OSError:
        data = b""
    records = read_part(kind, name, data)
    if records is None:
        raise StartOver(f"the part {name} of the manifest is lost")
    return records


def drop_parts(state: State, keep: Collection[str]) -> None:
    """Remove all parts but those to `keep`; what can't be removed stays until another build."""
    with contextlib.suppress(OSError):
        for name in os.listdir(state.parts):  # noqa: PTH208  # names are wanted, not paths
            if name not in keep:
                (state.parts / name).unlink()
