"""The end of a build: the site's own files, the commit, and what the next build must know."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vijf.content.load import SiteContent
from vijf.content.stamps import files_stamp, folders_stamp
from vijf.digests import digest
from vijf.errors import Diagnostic, Span
from vijf.plan import Artifact, shard_of
from vijf.publish import directory, stamps
from vijf.publish.directory import DirectoryUpdate
from vijf.publish.hosting import Host, host_warnings
from vijf.publish.making import Making, Places
from vijf.publish.manifest import Head, Pool, ShopRecord, write_head
from vijf.publish.newest import replaced
from vijf.publish.parts import TooFewNewest, drop_parts, read_part_file, write_part_file
from vijf.publish.paths import OWN_HEADERS
from vijf.publish.report import Report
from vijf.publish.site import SiteWork, read_static
from vijf.publish.stage import Stage
from vijf.publish.stale import Reason, Stale
from vijf.publish.stamps import ShopStamps
from vijf.render.items import Newest
from vijf.render.site import SiteBundle

_STATIC = "static/"


class Closing:
    """Makes the rest of the site once its shops are made, and publishes it."""

    def __init__(self, places: Places, opened: SiteContent, stage: Stage, stale: Stale, making: Making) -> None:
        self._places, self._opened, self._stage, self._stale, self._making = places, opened, stage, stale, making
        self._former = None if stale.full else places.former
        self._shards = [shard for shard in making.shards if shard is not None]
        self._update, self._newest = self._directory(), self._pool()
        updated = max((shard.updated for shard in self._shards if shard.updated), default=None)
        own_headers = read_static(places.folder, OWN_HEADERS) if OWN_HEADERS in places.folder.static else b""
        bundle = SiteBundle(
            opened.site, opened.pages, self._update.directory, Newest(self._newest.items, updated), own_headers
        )
        standing = self._former.head.outputs if self._former and not stale.whole else {}
        self._work = SiteWork(places.folder, opened, bundle, stage, standing)

    def make(self) -> None:
        """Make all of the site's own files that are stale."""
        work, reason = self._work, self._reason()
        artifacts = work.artifacts()
        if self._former is None or reason is not None:
            reason = reason or Reason.FIRST
            work.make(artifacts, reason)
            work.copy_static(reason)
        else:
            self._make_stale(artifacts, self._former.head)
        pages = work.sitemap_of_pages(reason or Reason.SHOPS)
        work.sitemap(self._shards, pages, reason or Reason.SHOPS)
        work.build_file(self._shards)

    def _directory(self) -> DirectoryUpdate:
        if self._former is None:
            return directory.whole(new for _, new in self._making.summaries.values() if new is not None)
        update = directory.after(self._former, self._making.summaries)
        return update if self._reason() is None else directory.completed(self._former, update)

    def _pool(self) -> Pool:
        if self._former is None:
            return self._making.newest
        former_slugs = {old.slug for old, _ in self._making.summaries.values() if old is not None}
        touched = {*self._making.summaries, *self._stale.gone, *former_slugs}
        pool = replaced(self._former.head.newest, touched, self._making.newest)
        if pool is None:
            raise TooFewNewest("too few of the newest reviews are known")
        return pool

    def _reason(self) -> Reason | None:
        """Why all of the site's own files are made anew; None where most stay."""
        if self._former is None or self._stale.site is not None:
            return self._stale.site
        pages = {path: value for path, value in self._former.head.inputs.items() if not path.startswith(_STATIC)}
        return Reason.PAGES if pages != self._opened.inputs else None

    def _make_stale(self, artifacts: Sequence[Artifact], head: Head) -> None:
        """Make only what the shops changed; everything else is as the last build left it."""
        changed = self._update.directory.pages
        for artifact in artifacts:
            told = artifact.kind == "site-feed" or (artifact.kind == "directory" and artifact.number in changed)
            if told or artifact.path not in head.outputs:
                self._work.make([artifact], Reason.SHOPS)
            elif artifact.kind == "headers" and self._stale.static:
                self._work.make([artifact], Reason.PAGES)
            else:
                self._work.carry([artifact.path])
        if self._stale.static:
            self._work.copy_static(Reason.PAGES)
        else:
            static = {path: value for path, value in head.inputs.items() if path.startswith(_STATIC)}
            self._work.inputs.update(static)
            self._work.carry(path.removeprefix(_STATIC) for path in static if path != OWN_HEADERS)

    def warnings(self, host: Host | None) -> tuple[Diagnostic, ...]:
        """What to warn of: in pages and settings, of reviews that vanished, and of what `host` won't take."""
        too_much = self._too_much(host) if host else []
        return (*self._opened.warnings, *sorted(self._making.vanished()), *too_much)

    def _too_much(self, host: Host) -> list[Diagnostic]:
        sizes = {path: size for path, (_, size) in self._work.outputs.items()}
        for shard in self._shards:
            sizes |= {path: size for path, (_, size) in shard.files.items()}
            for record in read_part_file(self._places.state, ShopRecord, shard.part):
                sizes |= {path: size for path, (_, size) in record.outputs.items()}
        span = Span(self._places.folder.shown("site.yaml"))
        found = host_warnings(host, self._opened.site, sizes)
        return [Diagnostic(span, "host-limit", message, warning=True) for message in found]

    def commit(self, environment: Mapping[str, str], warnings: tuple[Diagnostic, ...]) -> Report:
        """Publish what was made, leave to the next build what it must know, and say what was done.

        Raises what `Stage.commit` does.
        """
        state, update, making = self._places.state, self._update, self._making
        for name, data in update.parts:
            write_part_file(state, name, data)
        head = Head(
            environment=environment,
            shards=self._shards,
            directory=update.pages,
            initials=update.directory.initials,
            listed=update.directory.listed,
            names=[names for _, names in sorted(making.names.items())],
            inputs=self._work.inputs,
            outputs=self._work.outputs,
            newest=self._newest,
            faulty=sorted((*making.kept, *making.left_out)),
        )
        text = write_head(head)
        whole = self._stale.whole or self._paths_changed()
        if whole:
            self._plan_the_rest()
        before = os.path.realpath(self._places.output)
        changes = self._stage.commit(text, None if whole else making.folders)
        drop_parts(state, head.parts)
        self._stamp(head, digest(text), before)
        return replace(
            Report.of(head, changes, warnings),
            reasons=(*making.reasons, *self._work.made),
            faults=tuple(sorted(making.faults)),
            kept=tuple(making.kept),
            left_out=tuple(making.left_out),
        )

    def _paths_changed(self) -> bool:
        """Whether files that belong to no shop have come or gone: then their folders may have too."""
        head = self._former.head if self._former else None
        if head is None or head.outputs.keys() != self._work.outputs.keys():
            return True
        return any(old.files.keys() != new.files.keys() for old, new in zip(head.shards, self._shards, strict=True))

    def _plan_the_rest(self) -> None:
        """Plan the files of all shops that stay as they are."""
        if self._former is None:
            return
        made = {*self._making.summaries, *self._stale.gone}
        for number, shard in enumerate(self._shards):
            for slug, record in self._former.shard(number).items():
                if slug not in made:
                    self._stage.carry(record.outputs)
            self._former.forget(number)
            self._stage.carry(shard.files.keys() - self._stage.planned)

    def _stamp(self, head: Head, text: str, before: str) -> None:
        """Note what the file system says of everything now, once its clock shows another time.

        `before` is where the site stood: in another generation every folder is another.
        """
        state, site, made, stale = self._places.state, self._opened.site, self._making.stamps, self._stale
        root = os.path.realpath(self._places.output)
        moved = root != before
        now = stamps.next_tick(state)
        formerly = {slug: names.formerly for slug, names in self._making.names.items()}

        def folders_of(slug: str, total: int) -> list[str]:
            return stamps.shop_folders(site, (slug, *formerly.get(slug, ())), total)

        new = {slug: found for slug, found in stale.fresh.items() if slug not in made}
        if moved:
            new = stamps.followed(new, folders_of, before, root, now)
        for slug, (stamp, total) in made.items():
            new[slug] = ShopStamps(stamp, folders_stamp(root, folders_of(slug, total), now), total)
        by_shard: dict[int, dict[str, ShopStamps]] = {}
        for slug, found in new.items():
            by_shard.setdefault(shard_of(slug, len(self._shards)), {})[slug] = found
        old = self._former.head.shards if self._former else ()
        for number, shard in enumerate(self._shards):
            if moved or number in by_shard or not old or old[number].part != shard.part:
                held = stamps.read(state, str(number), old[number].part) if old else {}
                held = {slug: found for slug, found in held.items() if slug not in stale.gone and slug not in new}
                if moved:
                    held = stamps.followed(held, folders_of, before, root, now)
                stamps.write(state, str(number), shard.part, held | by_shard.get(number, {}))
        static = files_stamp(str(self._places.folder.root), self._places.folder.static, stale.since)
        own = ShopStamps(static, folders_stamp(root, stamps.site_folders(site, head), now), 0)
        stamps.write(state, stamps.SITE, text, {stamps.SITE: own})
