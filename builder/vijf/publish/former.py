"""The last build, as its manifest tells of it: parts are read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from vijf.digests import digest
from vijf.plan import shard_of
from vijf.publish.manifest import DirectoryRow, Head, Names, ShopRecord, read_head
from vijf.publish.parts import read_part_file
from vijf.publish.state import State

T = TypeVar("T")


def read_manifest(state: State) -> bytes:
    """The text of a state's manifest, whatever it is; nothing where there is none that can be read."""
    try:
        return state.manifest.read_bytes()
    except OSError:
        return b""


class Former:
    """What the last build made."""

    def __init__(self, state: State, head: Head, text: bytes) -> None:
        self.head, self.text = head, text
        self._state = state
        self._shards: dict[int, dict[str, ShopRecord]] = {}

    @classmethod
    def of(cls, state: State, text: bytes) -> Former | None:
        """The last build of this state, whose manifest has this text; None where that is no manifest."""
        head = read_head(text)
        return cls(state, head, text) if head is not None and head.shards else None

    def shard(self, number: int) -> dict[str, ShopRecord]:
        """The records of a shard by slug, in the order of the slugs. Raises `StartOver`."""
        found = self._shards.get(number)
        if found is None:
            records = self._part(ShopRecord, self.head.shards[number].part)
            found = self._shards[number] = {record.slug: record for record in records}
        return found

    @property
    def text_digest(self) -> str:
        """The digest of the head's text."""
        return digest(self.text)

    def forget(self, number: int) -> None:
        """Keep the records of a shard no longer in memory."""
        self._shards.pop(number, None)

    def record(self, slugs: Iterable[str]) -> ShopRecord | None:
        """The record of a shop under the first of its `slugs` that the last build knew. Raises `StartOver`."""
        for slug in slugs:
            record = self.shard(shard_of(slug, len(self.head.shards))).get(slug)
            if record is not None:
                return record
        return None

    def page(self, number: int) -> list[Mapping[str, Any]]:
        """What page `number` of the directory, from 1, says of its shops. Raises `StartOver`."""
        return [row.summary for row in self._part(DirectoryRow, self.head.directory[number - 1].part)]

    @cached_property
    def absorbed(self) -> dict[str, tuple[tuple[str, str, int], ...]]:
        """Shop -> those that had merged into it: slug, name, number of the newest archive page."""
        found: dict[str, list[tuple[str, str, int]]] = {}
        for names in self.head.names:
            if names.merged_into is not None:
                found.setdefault(names.merged_into, []).append(names.entry)
        return {slug: tuple(sorted(entries)) for slug, entries in found.items()}

    @property
    def names(self) -> dict[str, Names]:
        """Slug -> names, of the shops whose names concern others."""
        return {names.slug: names for names in self.head.names}

    def _part(self, kind: type[T], name: str) -> list[T]:
        return read_part_file(self._state, kind, name)
