"""The build: read the content shop by shop, render what is planned, stage it, and commit when all of it is sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from vijf import __version__, limits, urls
from vijf.content.files import Folder, find
from vijf.content.load import Loaded, ShopNames, SiteContent, load_shop, open_content
from vijf.digests import digest, digest_of_all
from vijf.errors import ContentError, Diagnostic, Span
from vijf.plan import BUILD_FILE, Artifact, shard_count, shard_of, shop_artifacts, shop_folders, site_artifacts
from vijf.publish import manifest as manifests
from vijf.publish.hosting import Host, host_warnings
from vijf.publish.journal import recover
from vijf.publish.manifest import Manifest, Unit
from vijf.publish.paths import OWN_HEADERS, check_paths
from vijf.publish.shared import SharedFiles
from vijf.publish.stage import Changes, Stage
from vijf.publish.state import State, claim, exclusive
from vijf.render import (
    SHOP_RENDERERS,
    SITE_RENDERERS,
    Newest,
    ShopBundle,
    ShopSummary,
    SiteBundle,
    newest_of,
    newest_of_both,
    summarise,
)
from vijf.render.pinned import pinned_names
from vijf.render.text import json_bytes

GENERATOR = "vijf"
BUILD_SCHEMA = 1

Progress = Callable[[int, int, str], None]
"""Called with (shops done, shops in all, slug) after each shop."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did.

    `faults` isn't empty only where it was told to go on; `kept` are the shops whose last output then stands,
    `left_out` those that never had any.
    """

    shops: int
    reviews: int
    files: int
    bytes: int
    changes: Changes
    warnings: tuple[Diagnostic, ...]
    faults: tuple[Diagnostic, ...] = ()
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    recovered: bool = False


def build(
    content: Path,
    output: Path,
    state: State,
    now: datetime | None,
    *,
    keep_going: bool = False,
    host: Host | None = None,
    progress: Progress = lambda _done, _total, _slug: None,
) -> Report:
    """Make the site in `output` what `content` says, or leave it as it stands.

    `now` is only used to refuse dates in the future. With `keep_going` a shop with faults keeps its last
    output and the others are built. With `host` the report also warns of what that host won't take. Raises
    `ContentError` for faults, `UsageError` for a folder that can't be built into, `MachineError` for what the
    machine refuses; each leaves the former site as it was.
    """
    folder = find(content)
    opened = open_content(folder, now)
    path_faults = check_paths(folder, opened)
    claim(output, state, [content])
    with exclusive(state):
        recovered = recover(output, state)
        former = manifests.load(state.manifest)
        with Stage(output, state) as stage:
            building = _Building(folder, opened, output, stage, former)
            faults = building.shops(now, keep_going=keep_going and not path_faults, progress=progress)
            if path_faults or (faults and not keep_going):
                raise ContentError([*opened.warnings, *path_faults, *faults])
            building.site()
            vanished = sorted(building.vanished())
            too_much = building.too_much(host) if host else []
            changes = stage.commit(building.manifest())
            return Report(
                shops=len(folder.shops) - len(building.kept) - len(building.left_out),
                reviews=building.reviews,
                files=stage.files,
                bytes=stage.bytes,
                changes=changes,
                warnings=(*opened.warnings, *vanished, *too_much),
                faults=tuple(sorted(faults)),
                kept=tuple(building.kept),
                left_out=tuple(building.left_out),
                recovered=recovered,
            )


class _Building:
    """One build under way: which units it has made so far, and what the directory needs of each."""

    def __init__(
        self, folder: Folder, opened: SiteContent, output: Path, stage: Stage, former: Manifest | None
    ) -> None:
        self.folder, self.opened, self.output, self.stage, self.former = folder, opened, output, stage, former
        self.units: list[Unit] = []
        self.summaries: list[ShopSummary] = []
        self.absorbed: dict[str, list[tuple[str, str, int]]] = {}
        self.shared = SharedFiles(opened.site, stage)
        self.newest = Newest()
        self.kept: list[str] = []
        self.left_out: list[str] = []
        self.reviews = 0

    def shops(self, now: datetime | None, *, keep_going: bool, progress: Progress) -> list[Diagnostic]:
        """Render every shop into the stage; gives the faults found. After the first only reading goes on."""
        faults: list[Diagnostic] = []
        done = 0
        self._read_merged(now)
        for shard, slugs in enumerate(self._shards()):
            for slug in slugs:
                loaded = load_shop(self.folder, slug, self.opened.site, now)
                if isinstance(loaded, Loaded):
                    if keep_going or not faults:
                        self._render_shop(loaded)
                else:
                    faults += loaded
                    if keep_going:
                        self._keep_shop(slug)
                done += 1
                progress(done, len(self.folder.shops), slug)
            if keep_going or not faults:
                self.shared.close_shard(shard)
        return faults

    def _shards(self) -> list[list[str]]:
        """All slugs, dealt into shards, each in the order of the slugs."""
        found: list[list[str]] = [[] for _ in range(shard_count(len(self.folder.shops)))]
        for slug in sorted(self.folder.shops):
            found[shard_of(slug, len(found))].append(slug)
        return found

    def _read_merged(self, now: datetime | None) -> None:
        """Learn of shops that merged into another what that one's page says of them; faults are met again later."""
        for names in self.opened.names:
            if names.merged_into is None:
                continue
            loaded = load_shop(self.folder, names.slug, self.opened.site, now)
            unit = self._former_unit(names)
            former = ShopSummary.of(unit.summary) if unit else None
            if isinstance(loaded, Loaded):
                name, received = loaded.content.shop.name, len(loaded.content.reviews)
            elif former is not None:  # it keeps its last output
                name, received = former.name, former.received
            else:
                continue
            self.absorbed.setdefault(names.merged_into, []).append((names.slug, name, urls.archive_count(received)))

    def vanished(self) -> Iterator[Diagnostic]:
        """Warnings for shops that have fewer entries than in the last build: reviews leave tombstones, not gaps."""
        now = {shop.slug: shop.received for shop in self.summaries}
        names = {earlier: names.slug for names in self.opened.names for earlier in names.formerly}
        untouched = {*self.kept, *self.left_out}
        for unit in self.former.units.values() if self.former else ():
            former = ShopSummary.of(unit.summary)
            slug = names.get(former.slug, former.slug) if former else None
            if former is None or slug is None or slug in untouched:
                continue
            gone = former.received - now.get(slug, 0)
            if slug not in now:
                message = f"is gone, with {gone} reviews; a shop leaves with `status` and `until`, and gets a new slug "
                message += "with `formerly`"
            else:
                message = (
                    f"has {gone} fewer entries than the site had; a review that goes leaves a tombstone (`removed:`)"
                )
            if gone > 0:
                yield Diagnostic(Span(self.folder.shown(f"shops/{slug}")), "fewer-reviews", message, warning=True)

    def _render_shop(self, loaded: Loaded) -> None:
        site, content = self.opened.site, loaded.content
        bundle = ShopBundle(site, content, tuple(self.absorbed.get(content.shop.slug, ())))
        artifacts = shop_artifacts(site, content.shop, len(content.reviews), logo=content.logo is not None)
        for artifact in artifacts:
            self.stage.put(artifact.path, SHOP_RENDERERS[artifact.kind](bundle, artifact))
        self.shared.add(bundle)
        summary = summarise(bundle)
        self.summaries.append(summary)
        self.newest = newest_of_both(self.newest, newest_of(bundle))
        self.reviews += len(content.reviews)
        self._add(f"shops/{content.shop.slug}", loaded.inputs, artifacts, summary)

    def _keep_shop(self, slug: str) -> None:
        """Keep a shop's last output, also from under an earlier slug.

        That is what the manifest names, or without one what stands in its folders; never what is another's now.
        """
        names = next(names for names in self.opened.names if names.slug == slug)
        slugs = (slug, *names.formerly)
        unit = self._former_unit(names)
        folders = tuple(f"{folder}/" for name in slugs for folder in shop_folders(self.opened.site, name))
        standing = unit.outputs if unit else tuple(self._standing(folders))
        outputs = tuple(path for path in standing if path.startswith(folders) and self.stage.keep(path))
        (self.kept if outputs else self.left_out).append(slug)
        self.units.append(Unit(f"shops/{slug}", unit.inputs if unit else {}, unit.summary if unit else {}, outputs))
        summary = ShopSummary.of(unit.summary) if unit else None
        if summary is not None:
            self.summaries.append(summary)

    def _former_unit(self, names: ShopNames) -> Unit | None:
        """What the last build made of a shop, also under an earlier slug."""
        units = [self.former.unit(f"shops/{name}") for name in (names.slug, *names.formerly)] if self.former else []
        return next((unit for unit in units if unit is not None), None)

    def _standing(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            for parent, _, files in os.walk(self.output / folder):
                yield from sorted((Path(parent) / file).relative_to(self.output).as_posix() for file in files)

    def site(self) -> None:
        """Render what belongs to no shop, copy `static/`, and close with the build's own file."""
        opened = self.opened
        inputs = dict(opened.inputs)
        own_headers = self._static(OWN_HEADERS, inputs) if OWN_HEADERS in self.folder.static else b""
        bundle = SiteBundle(opened.site, opened.pages, self.summaries, self.newest, own_headers)
        artifacts = site_artifacts(opened.site, opened.pages, len(bundle.listed), pinned_names())
        for artifact in artifacts:
            self.stage.put(artifact.path, SITE_RENDERERS[artifact.kind](bundle, artifact))
        self.shared.close(bundle)
        artifacts += self.shared.artifacts
        for path in self.folder.static:
            if path != OWN_HEADERS:
                target = path.removeprefix("static/")
                self.stage.put(target, self._static(path, inputs))
                artifacts.append(Artifact(target, "static"))
        artifacts.append(Artifact(BUILD_FILE, "build"))
        self._add("site", inputs, artifacts, None)
        self.stage.put(BUILD_FILE, self._build_json())

    def too_much(self, host: Host) -> list[Diagnostic]:
        """Warnings of what `host` won't take of the site as it is staged."""
        sizes = {path: size for path, (_, size) in self.stage.digests.items()}
        span = Span(self.folder.shown("site.yaml"))
        found = host_warnings(host, self.opened.site, sizes)
        return [Diagnostic(span, "host-limit", message, warning=True) for message in found]

    def _static(self, path: str, inputs: dict[str, str]) -> bytes:
        """The bytes of a file of `static/`, which becomes one of the inputs."""
        data = self.folder.read(path, limits.STATIC_BYTES)
        if data is None:
            raise ContentError(self.folder.faults)
        inputs[path] = digest(data)
        return data

    def _build_json(self) -> bytes:
        """`build.json`: one digest over all content, one over all files, so that anyone can compare."""
        inputs = {path: value for unit in self.units for path, value in unit.inputs.items()}
        outputs = {path: value for path, (value, _) in self.stage.digests.items()}
        return json_bytes(
            {
                "schema": BUILD_SCHEMA,
                "generator": GENERATOR,
                "version": __version__,
                "content": digest_of_all(inputs),
                "files": len(outputs),
                "output": digest_of_all(outputs),
            }
        )

    def _add(
        self, name: str, inputs: Mapping[str, str], artifacts: Iterable[Artifact], summary: ShopSummary | None
    ) -> None:
        outputs = tuple(artifact.path for artifact in artifacts)
        self.units.append(Unit(name, inputs, asdict(summary) if summary else {}, outputs))

    def manifest(self) -> bytes:
        """The manifest of this build."""
        site = self.opened.inputs["site.yaml"]
        return manifests.write(Manifest.of(__version__, site, self.units))
