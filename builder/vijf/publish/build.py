"""The build: read the content shop by shop, render what is planned, stage it, and commit when all of it is sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from vijf import __version__, limits, urls
from vijf.content.files import Folder, find
from vijf.content.load import Loaded, SiteContent, load_shop, open_content
from vijf.digests import digest, digest_of_all
from vijf.errors import ContentError, Diagnostic, Span
from vijf.plan import BUILD_FILE, Artifact, shop_artifacts, shop_folders, site_artifacts
from vijf.publish import manifest as manifests
from vijf.publish.journal import recover
from vijf.publish.manifest import Manifest, Unit
from vijf.publish.paths import check_paths
from vijf.publish.stage import Changes, Stage
from vijf.publish.state import State, claim, exclusive
from vijf.render import SHOP_RENDERERS, SITE_RENDERERS, ShopBundle, ShopSummary, SiteBundle, summarise
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
    progress: Progress = lambda _done, _total, _slug: None,
) -> Report:
    """Make the site in `output` what `content` says, or leave it as it stands.

    `now` is only used to refuse dates in the future. With `keep_going` a shop with faults keeps its last
    output and the others are built. Raises `ContentError` for faults, `UsageError` for a folder that can't be
    built into, `MachineError` for what the machine refuses; each leaves the former site as it was.
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
            changes = stage.commit(building.manifest())
            return Report(
                shops=len(folder.shops) - len(building.kept) - len(building.left_out),
                reviews=building.reviews,
                files=stage.files,
                bytes=stage.bytes,
                changes=changes,
                warnings=(*opened.warnings, *vanished),
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
        self.merged: dict[str, list[ShopSummary]] = {}
        self.kept: list[str] = []
        self.left_out: list[str] = []
        self.reviews = 0

    def shops(self, now: datetime | None, *, keep_going: bool, progress: Progress) -> list[Diagnostic]:
        """Render every shop into the stage; gives the faults found. After the first only reading goes on."""
        faults: list[Diagnostic] = []
        for done, slug in enumerate(self._merged_first(), 1):
            loaded = load_shop(self.folder, slug, self.opened.site, now)
            if isinstance(loaded, Loaded):
                if keep_going or not faults:
                    self._render_shop(loaded)
            else:
                faults += loaded
                if keep_going:
                    self._keep_shop(slug)
            progress(done, len(self.folder.shops), slug)
        return faults

    def _merged_first(self) -> list[str]:
        """All slugs; shops that merged into another come first, since that one's page links to what they have."""
        merged = {names.slug for names in self.opened.names if names.merged_into is not None}
        return sorted(self.folder.shops, key=lambda slug: (slug not in merged, slug))

    def _absorbed(self, slug: str) -> Iterator[tuple[str, str, int]]:
        for shop in self.merged.get(slug, ()):
            yield shop.slug, shop.name, urls.archive_count(shop.received)

    def _list(self, summary: ShopSummary) -> None:
        self.summaries.append(summary)
        if summary.merged_into is not None:
            self.merged.setdefault(summary.merged_into, []).append(summary)

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
        bundle = ShopBundle(site, content, tuple(self._absorbed(content.shop.slug)))
        artifacts = shop_artifacts(site, content.shop, len(content.reviews), logo=content.logo is not None)
        for artifact in artifacts:
            self.stage.put(artifact.path, SHOP_RENDERERS[artifact.kind](bundle, artifact))
        summary = summarise(bundle)
        self._list(summary)
        self.reviews += len(content.reviews)
        self._add(f"shops/{content.shop.slug}", loaded.inputs, artifacts, summary)

    def _keep_shop(self, slug: str) -> None:
        """Keep a shop's last output, also from under an earlier slug.

        That is what the manifest names, or without one what stands in its folders; never what is another's now.
        """
        names = next(names for names in self.opened.names if names.slug == slug)
        slugs = (slug, *names.formerly)
        units = [self.former.unit(f"shops/{name}") for name in slugs] if self.former else []
        unit = next((unit for unit in units if unit is not None), None)
        folders = tuple(f"{folder}/" for name in slugs for folder in shop_folders(self.opened.site, name))
        standing = unit.outputs if unit else tuple(self._standing(folders))
        outputs = tuple(path for path in standing if path.startswith(folders) and self.stage.keep(path))
        (self.kept if outputs else self.left_out).append(slug)
        self.units.append(Unit(f"shops/{slug}", unit.inputs if unit else {}, unit.summary if unit else {}, outputs))
        summary = ShopSummary.of(unit.summary) if unit else None
        if summary is not None:
            self._list(summary)

    def _standing(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            for parent, _, files in os.walk(self.output / folder):
                yield from sorted((Path(parent) / file).relative_to(self.output).as_posix() for file in files)

    def site(self) -> None:
        """Render what belongs to no shop, copy `static/`, and close with the build's own file."""
        opened = self.opened
        bundle = SiteBundle(opened.site, opened.pages, self.summaries)
        artifacts = site_artifacts(opened.site, opened.pages, len(bundle.listed), pinned_names())
        for artifact in artifacts:
            self.stage.put(artifact.path, SITE_RENDERERS[artifact.kind](bundle, artifact))
        inputs = dict(opened.inputs)
        for path in self.folder.static:
            data = self.folder.read(path, limits.STATIC_BYTES)
            if data is None:
                raise ContentError(self.folder.faults)
            inputs[path] = digest(data)
            target = path.removeprefix("static/")
            self.stage.put(target, data)
            artifacts.append(Artifact(target, "static"))
        artifacts.append(Artifact(BUILD_FILE, "build"))
        self._add("site", inputs, artifacts, None)
        self.stage.put(BUILD_FILE, self._build_json())

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
