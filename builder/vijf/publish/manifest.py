"""What the last build made, and from what: text, versioned, disposable, in parts of which a small change reads few.

    manifest                the head: what everything depends on, and the names of all parts
    parts/shard-<n>.<d>     the shops of shard n: inputs, outputs, what the directory and shared files need of each
    parts/page-<n>.<d>      what page n of the directory says of its shops
    stamps/<n>              what the file system said of the shops of shard n; a hint of its own, see `stamps`

A part's name ends with its digest, which the head repeats: parts are written before the head that names them, so that
head and parts always fit, whenever a build is killed. Whatever is lost, torn, old or forged is no manifest: it costs a
full build, never a wrong page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from vijf import urls
from vijf.digests import digest
from vijf.publish.planned import PlanError, check
from vijf.publish.seal import seal, unseal
from vijf.render.items import Item

FORMAT = 2
"""Goes up when a line means something else; manifests of another format are not read."""

T = TypeVar("T")
Files = Mapping[str, tuple[str, int]]
"""Path of the site -> digest and size in bytes."""


@dataclass(frozen=True, slots=True)
class ShopRecord:
    """What a build read and made of one shop.

    `inputs`: digests by content path; none where its content had faults and its last output was kept. `outputs`: its
    files, those at earlier addresses included. `summary` is what the directory says of it, `shared` its part of the
    files that many shops share; both are JSON.
    """

    slug: str
    inputs: Mapping[str, str]
    outputs: Files
    summary: Mapping[str, Any]
    shared: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard as the head knows it: the part that holds its shops' records, and what there is in all.

    `inputs` and `outputs` are sums over its shops' files (`vijf.digests.sum_of`), in hexadecimal; `count` and `bytes`
    are of its outputs. `files` are those that its shops share, `sitemap` their entries in the sitemap's index.
    `updated` is the last event in its shops' data.
    """

    part: str
    shops: int
    reviews: int
    count: int
    bytes: int
    inputs: str
    outputs: str
    files: Files
    sitemap: Sequence[tuple[str, str]]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of the directory as the head knows it: its part, and the key (name, slug) of its first shop."""

    part: str
    first: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """What a page of the directory says of one shop: its summary, as JSON."""

    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """A shop with names that concern others: earlier slugs, or the shop that it merged into."""

    slug: str
    name: str
    formerly: tuple[str, ...]
    merged_into: str | None
    received: int

    @property
    def entry(self) -> tuple[str, str, int]:
        """What the shop that this one merged into says of it: slug, name, number of the newest archive page."""
        return self.slug, self.name, urls.archive_count(self.received)


@dataclass(frozen=True, slots=True)
class Pool:
    """The newest items of all shops, newest first, some more than the site's feed holds; `more`: there are others."""

    items: tuple[Item, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a manifest.

    `environment`: digest by name of what all artifacts depend on. `inputs` and `outputs` are those of the site itself.
    `newest` has the newest items of all shops, from which the site's feed is made. `faulty` are the shops whose content
    had faults when a build was told to go on: every build tries them again.
    """

    environment: Mapping[str, str]
    shards: Sequence[Shard]
    directory: Sequence[DirectoryPage]
    initials: Mapping[str, int]
    listed: int
    names: Sequence[Names]
    inputs: Mapping[str, str]
    outputs: Files
    newest: Pool
    faulty: Sequence[str]

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset([*(shard.part for shard in self.shards), *(page.part for page in self.directory)])


def write_head(head: Head) -> bytes:
    """The text of a head: the same bytes for the same build."""
    return seal([{"vijf-manifest": FORMAT}, head])


def read_head(data: bytes) -> Head | None:
    """The head that `write_head` made, or None for every other sequence of bytes; raises nothing."""
    records = unseal(data)
    if not records or records[0] != {"vijf-manifest": FORMAT} or len(records) != 2:
        return None
    head = _thawed(Head, records[1])
    if head is None:
        return None
    paths = (*head.outputs, *(path for shard in head.shards for path in shard.files))
    return head if all(map(_safe, paths)) else None


def load(path: Path) -> Head | None:
    """The head in the file `path`; None where it is missing, can't be read or isn't one."""
    try:
        return read_head(path.read_bytes())
    except OSError:
        return None


def write_part(name: str, records: Sequence[Any]) -> tuple[str, bytes]:
    """(name, text) of a part that holds `records`, which are dataclasses; the name ends with the text's digest."""
    data = seal([{"vijf-part": FORMAT}, *records])
    return f"{name}.{digest(data)}", data


def read_part(kind: type[T], name: str, data: bytes) -> list[T] | None:
    """The records of the part `name`, each of `kind`; None unless these are its very bytes. Raises nothing."""
    if name.rpartition(".")[2] != digest(data):
        return None
    records = unseal(data)
    if not records or records[0] != {"vijf-part": FORMAT}:
        return None
    found = [_thawed(kind, record) for record in records[1:]]
    whole = [record for record in found if record is not None]
    if len(whole) < len(found):
        return None
    outputs = (path for record in whole if isinstance(record, ShopRecord) for path in record.outputs)
    return whole if all(map(_safe, outputs)) else None


def _safe(path: str) -> bool:
    try:
        check(path)
    except PlanError:
        return False
    return True


def _thawed(kind: type[T], value: object) -> T | None:
    """`value`, which was JSON, as the dataclass `kind`; None where a field is missing or of another type."""
    try:
        thawed: T = _thaw_to(kind)(value)  # type: ignore[arg-type]  # a type can be hashed
    except (TypeError, ValueError):
        return None
    return thawed


Thaw = Callable[[Any], Any]
"""Makes of JSON what it was before, or raises `TypeError` or `ValueError`."""


@lru_cache(maxsize=64)
def _thaw_to(kind: Any) -> Thaw:  # noqa: ANN401  # types are what this is about
    """What thaws values of a type: a dataclass, a named tuple, or what their fields are."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (Any, object):
        return lambda value: value
    if kind is datetime:
        return lambda value: datetime.fromisoformat(_instance(str, value))
    if origin is UnionType:
        some = _thaw_to(arguments[0])
        return lambda value: None if value is None else some(value)
    if origin is Mapping:
        return _thaw_mapping(_thaw_to(arguments[1]), arguments[1])
    if origin is tuple and arguments[-1] is not ...:
        return _thaw_fields(tuple, list(map(_thaw_to, arguments)))
    if origin is not None:
        part = _thaw_to(arguments[0])
        return lambda value: tuple(map(part, _instance(list, value)))
    if hasattr(kind, "_fields"):
        hints = list(map(_thaw_to, get_type_hints(kind).values()))
        return _thaw_fields(lambda parts: kind(*parts), hints)
    if is_dataclass(kind):
        return _thaw_dataclass(kind)
    return lambda value: _instance(kind, value)


def _thaw_mapping(thaw: Thaw, kind: type) -> Thaw:
    def mapping(value: object) -> Mapping[str, Any]:
        found = _instance(dict, value)
        if kind is str:  # the commonest by far
            if not all(type(part) is str for part in found.values()):
                raise TypeError("other values")
            return found
        return {key: thaw(part) for key, part in found.items()}

    return mapping


def _thaw_fields(kind: Callable[[Iterable[Any]], Any], thaws: Sequence[Thaw]) -> Thaw:
    def fields(value: object) -> Any:  # noqa: ANN401
        return kind(thaw(part) for thaw, part in zip(thaws, _instance(list, value), strict=True))

    return fields


def _thaw_dataclass(kind: Any) -> Thaw:  # noqa: ANN401
    thaws = {name: _thaw_to(hint) for name, hint in get_type_hints(kind).items()}

    def record(value: object) -> Any:  # noqa: ANN401
        found = _instance(dict, value)
        if found.keys() != thaws.keys():
            raise ValueError("other fields")
        return kind(**{name: thaw(found[name]) for name, thaw in thaws.items()})

    return record


def _instance(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
