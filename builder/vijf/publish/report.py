"""What a build did, as it is told to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from vijf.errors import Diagnostic
from vijf.publish.manifest import Head
from vijf.publish.stage import Changes
from vijf.publish.stale import Explained


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did.

    `reasons` says of each artifact that was made anew why, and whether its bytes changed. `faults` isn't empty only
    where the build was told to go on; `kept` are the shops whose last output then stands, `left_out` those that never
    had any.
    """

    shops: int
    reviews: int
    files: int
    bytes: int
    changes: Changes
    warnings: tuple[Diagnostic, ...]
    reasons: tuple[Explained, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    recovered: bool = False

    @classmethod
    def of(cls, head: Head, changes: Changes, warnings: tuple[Diagnostic, ...]) -> Report:
        """A build that left this manifest."""
        sizes = [size for shard in head.shards for _, size in shard.files.values()]
        sizes += [size for _, size in head.outputs.values()]
        return cls(
            shops=sum(shard.shops for shard in head.shards) - len(head.faulty),
            reviews=sum(shard.reviews for shard in head.shards),
            files=sum(shard.count for shard in head.shards) + len(sizes),
            bytes=sum(shard.bytes for shard in head.shards) + sum(sizes),
            changes=changes,
            warnings=warnings,
        )
