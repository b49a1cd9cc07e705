"""The shops of a build under way: made where they are stale, taken over where they aren't, shard by shard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vijf.content.files import Folder
from vijf.content.load import Loaded, ShopNames, SiteContent, load_shop
from vijf.content.stamps import NONE
from vijf.errors import Diagnostic, Span
from vijf.plan import shard_of, shop_folders
from vijf.publish import disk
from vijf.publish.former import Former
from vijf.publish.manifest import Names, Pool, Shard, ShopRecord
from vijf.publish.newest import pooled
from vijf.publish.parts import write_part_file
from vijf.publish.shared import shard_files, shard_of_records
from vijf.publish.shops import Absorbed, Made, ShopWork
from vijf.publish.stage import Stage
from vijf.publish.stale import Explained, Reason, Stale
from vijf.publish.state import State
from vijf.publish.workers import each
from vijf.render.site import ShopSummary


@dataclass(frozen=True, slots=True)
class Places:
    """What a build works with: content, output, state, and the last build."""

    folder: Folder
    output: Path
    state: State
    former: Former | None


class Making:
    """The shops of a build under way.

    `shards` are those of the new manifest, `summaries` what is said of each shop that was made, was kept or is gone,
    before and now; `newest` the newest items of those that were made; `names` those that concern other shops;
    `stamps` the stamp of each one's content with the number of its entries; `folders` where things changed; `reasons`
    why each artifact was made.
    """

    def __init__(self, places: Places, opened: SiteContent, stage: Stage, stale: Stale, now: datetime | None) -> None:
        self.reasons: list[Explained] = []
        self.faults: list[Diagnostic] = []
        self.kept: list[str] = []
        self.left_out: list[str] = []
        self.summaries: dict[str, tuple[ShopSummary | None, ShopSummary | None]] = {}
        self.stamps: dict[str, tuple[str, int]] = {}
        self.folders: set[str] = set()
        self.newest = Pool()
        self._places, self._opened, self._stage, self._stale, self._now = places, opened, stage, stale, now
        self._former = None if stale.full else places.former
        self._slugs = {names.slug: names for names in opened.names}
        self._told: dict[str, Absorbed] = {}
        self._waiting: dict[int, dict[str, ShopRecord]] = {}
        head = self._former.head if self._former else None
        self.shards: list[Shard | None] = list(head.shards) if head else [None] * stale.shards
        touched = {*stale.gone, *stale.shops}
        self.names = {names.slug: names for names in head.names if names.slug not in touched} if head else {}

    def make(self, jobs: int, *, keep_going: bool, progress: Callable[[int, int, str], None]) -> None:
        """Make every stale shop into the stage; after the first fault only reading goes on, unless `keep_going`.

        Raises `MachineError`, `StartOver`.
        """
        places, site = self._places, self._opened.site
        self._told = self._absorbed()
        work = ShopWork(
            places.folder, places.output, places.state, self._stale.since, site, self._now, self._told, self._slugs
        )
        left = self._by_shard(self._stale.shops)
        for shard in self._touched_shards() - left.keys():
            self._close(shard)
        order = [slug for shard in sorted(left) for slug in left[shard]]
        with closing(each(work.make, order, jobs)) as outcomes:
            for done, (slug, outcome) in enumerate(outcomes, 1):
                shard = self._shard(slug)
                if isinstance(outcome, Made):
                    if keep_going or not self.faults:
                        self._take(outcome, self._stale.shops[slug])
                else:
                    self.faults += outcome
                    if keep_going:
                        self._keep(slug)
                left[shard].remove(slug)
                if not left[shard] and (keep_going or not self.faults):
                    self._close(shard)
                progress(done, len(order), slug)

    def _shard(self, slug: str) -> int:
        return shard_of(slug, len(self.shards))

    def _by_shard(self, slugs: Iterable[str]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for slug in sorted(slugs):
            found.setdefault(self._shard(slug), []).append(slug)
        return found

    def _touched_shards(self) -> set[int]:
        if self._former is None:
            return set(range(len(self.shards)))
        return {self._shard(slug) for slug in (*self._stale.shops, *self._stale.gone)} | self._stale.torn

    def _absorbed(self) -> dict[str, Absorbed]:
        """Shop -> those that merged into it. Where that changed, the shop is stale too; faults are met again later."""
        now: dict[str, list[tuple[str, str, int]]] = {}
        for names in self._opened.names:
            if names.merged_into is not None:
                known = self.names.get(names.slug) or self._read_names(names)
                if known is not None:
                    now.setdefault(names.merged_into, []).append(known.entry)
        absorbed = {slug: tuple(sorted(entries)) for slug, entries in now.items()}
        if self._former is not None:
            for slug in absorbed.keys() | self._former.absorbed.keys():
                there = self._former.record([slug]) is not None and slug not in self._stale.gone
                if there and absorbed.get(slug) != self._former.absorbed.get(slug):
                    self._stale.shops.setdefault(slug, Reason.MERGED)
        return absorbed

    def _read_names(self, names: ShopNames) -> Names | None:
        """The names of a stale shop; where it has faults, as the last build knew them."""
        loaded = load_shop(self._places.folder, names.slug, self._opened.site, self._now)
        if isinstance(loaded, Loaded):
            name, received = loaded.content.shop.name, len(loaded.content.reviews)
        else:
            record = self._old(names)
            summary = ShopSummary.of(record.summary) if record else None
            if summary is None:
                return None
            name, received = summary.name, summary.received
        return Names(names.slug, name, names.formerly, names.merged_into, received)

    def _old(self, names: ShopNames) -> ShopRecord | None:
        """What the last build made of a shop, also under an earlier slug, and whatever else has changed since."""
        former = self._places.former
        return former.record((names.slug, *names.formerly)) if former else None

    def _take(self, made: Made, reason: Reason) -> None:
        for staged in made.staged:
            self._stage.adopt(staged)
            self.reasons.append((staged.path, reason, staged.number >= 0))
        summary = ShopSummary.of(made.record.summary)
        self._note(made.record, summary)
        self.stamps[made.record.slug] = made.stamp, summary.received if summary else 0
        self.newest = pooled(self.newest, made.newest.items, more=made.newest.more)

    def _note(self, record: ShopRecord, summary: ShopSummary | None) -> None:
        """Put a shop's record into its shard."""
        slug = record.slug
        self._waiting.setdefault(self._shard(slug), {})[slug] = record
        names = self._slugs.get(slug)
        if summary is not None and names is not None and (names.formerly or names.merged_into):
            known = Names(slug, summary.name, names.formerly, names.merged_into, summary.received)
            if names.merged_into and known.entry not in self._told.get(names.merged_into, ()):
                raise disk.changed_meanwhile(self._places.folder.shown(f"shops/{slug}"))
            self.names[slug] = known
        old = self._former.record([slug]) if self._former else None
        self.summaries[slug] = (ShopSummary.of(old.summary) if old else None), summary
        for each_record in (old, record):
            self._mark(each_record)

    def _mark(self, record: ShopRecord | None) -> None:
        if record is not None:
            self.folders |= {"/".join(path.split("/", 2)[:2]) for path in record.outputs}

    def _keep(self, slug: str) -> None:
        """Keep a shop's last output, also from under an earlier slug.

        That is what the manifest names, or without one what stands in its folders; never what is another's now.
        """
        names = self._slugs[slug]
        folders = tuple(f"{folder}/" for name in (slug, *names.formerly) for folder in self._folders_of(name))
        record = self._old(names)
        standing = list(record.outputs) if record else self._standing(folders)
        kept = [self._stage.keep(path) for path in standing if path.startswith(folders)]
        outputs = {file.path: (file.digest, file.size) for file in kept if file is not None}
        (self.kept if outputs else self.left_out).append(slug)
        record = record if outputs else None
        summary, shared = (record.summary, record.shared) if record else ({}, {})
        new = ShopRecord(slug, {}, outputs, summary, shared)  # no inputs: made anew once its content is sound
        self._note(new, ShopSummary.of(new.summary))
        self.stamps[slug] = NONE, 0
        if self._places.former is not None:
            items = self._places.former.head.newest.items
            self.newest = pooled(self.newest, (item for item in items if item.shop in (slug, *names.formerly)))

    def _folders_of(self, slug: str) -> list[str]:
        return shop_folders(self._opened.site, slug)

    def _standing(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            for parent, _, files in os.walk(self._places.output / folder):
                yield from sorted((Path(parent) / file).relative_to(self._places.output).as_posix() for file in files)

    def _close(self, shard: int) -> None:
        """Make what the shops of a shard share, and the part of the manifest that holds their records."""
        new = self._waiting.pop(shard, {})
        records = dict(new)
        if self._former is not None:
            for slug, record in self._former.shard(shard).items():
                if slug in self._stale.gone:
                    self.summaries[slug] = ShopSummary.of(record.summary), None
                    self._mark(record)
                elif slug not in new:
                    records[slug] = record
        ordered = [records[slug] for slug in sorted(records)]
        files, entries = {}, []
        standing = self._former.head.shards[shard].files if self._former and not self._stale.whole else {}
        for path, data, entry in shard_files(self._opened.site, shard, ordered):
            staged = self._stage.put(path, data, standing.get(path))
            files[path] = staged.digest, staged.size
            entries += [entry] if entry else []
            reason = Reason.OUTPUT if shard in self._stale.torn else Reason.SHOPS
            self.reasons.append((path, reason, staged.number >= 0))
        self.shards[shard], data = shard_of_records(shard, ordered, files, entries)
        write_part_file(self._places.state, self.shards[shard].part, data)  # type: ignore[union-attr]  # just made
        if self._former is not None:
            self._former.forget(shard)

    def vanished(self) -> Iterator[Diagnostic]:
        """Warnings for shops that have fewer entries than in the last build: reviews leave tombstones, not gaps."""
        former = self._places.former
        untouched = {*self.kept, *self.left_out}
        earlier = {slug: names.slug for names in self._opened.names for slug in names.formerly}
        for slug, before in self._received_before():
            slug_now = earlier.get(slug, slug)
            now = self.summaries.get(slug_now, (None, None))[1]
            gone = before - (now.received if now else 0)
            if former is None or gone <= 0 or slug_now in untouched:
                continue
            if now is None:
                message = f"is gone, with {gone} reviews; a shop leaves with `status` and `until`, and gets a new slug "
                message += "with `formerly`"
            else:
                message = (
                    f"has {gone} fewer entries than the site had; a review that goes leaves a tombstone (`removed:`)"
                )
            place = Span(self._places.folder.shown(f"shops/{slug_now}"))
            yield Diagnostic(place, "fewer-reviews", message, warning=True)

    def _received_before(self) -> Iterator[tuple[str, int]]:
        """(slug, entries) of each shop of the last build that was made anew, or is gone."""
        former = self._places.former
        if self._former is not None:
            for slug, (old, _) in self.summaries.items():
                if old is not None:
                    yield slug, old.received
        elif former is not None:
            for number in range(len(former.head.shards)):
                for slug, record in former.shard(number).items():
                    yield slug, int(record.summary.get("received", 0))
                former.forget(number)
