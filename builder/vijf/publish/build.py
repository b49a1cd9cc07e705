"""The build: find out what is stale, make it, and publish it when all of it is sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vijf.content.files import Folder, find
from vijf.content.load import ShopNames, SiteContent, load_names, load_site, open_content
from vijf.errors import ContentError
from vijf.model import Site
from vijf.publish import disk, stamps
from vijf.publish.environment import environment
from vijf.publish.former import Former, read_manifest
from vijf.publish.generations import Generations, begin
from vijf.publish.hosting import Host
from vijf.publish.journal import recover
from vijf.publish.parts import StartOver, TooFewNewest
from vijf.publish.report import Report
from vijf.publish.stage import Changes, Stage
from vijf.publish.stale import Reason, Stale, changed_environment, compare, compare_named, everything, named_shops
from vijf.publish.state import State, claim, exclusive
from vijf.publish.workers import cores

if TYPE_CHECKING:
    from vijf.publish.closing import Closing

__all__ = ["Options", "Report", "build", "verify"]

Progress = Callable[[int, int, str], None]
"""Called with (shops done, shops in all, slug) after each shop."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to build.

    `keep_going`: a shop with faults keeps its last output, and the others are built. `jobs`: processes. `changed`:
    paths below the content folder; nothing else may have changed since the last build, and nothing else is looked at.
    `host`: the report also warns of what that host won't take. `swap`: an output that is empty, or isn't there, becomes
    a link to generations of the site; every later build then switches that link.
    `progress` is called with (shops done, shops in all, slug) after each shop.
    """

    keep_going: bool = False
    jobs: int = field(default_factory=cores)
    changed: Collection[str] | None = None
    host: Host | None = None
    swap: bool = False
    progress: Progress = lambda _done, _total, _slug: None


class _Again(Exception):  # noqa: N818  # not an error: another build has ended since this one began
    pass


def build(content: Path, output: Path, state: State, now: datetime | None, options: Options | None = None) -> Report:
    """Make the site in `output` what `content` says, or leave it as it stands.

    `now` is only used to refuse dates in the future. Raises `ContentError` for faults, `UsageError` for a folder that
    can't be built into, `MachineError` for what the machine refuses; each leaves the former site as it was.
    """
    trust, anew, recovered = True, False, False
    while True:
        attempt = _Attempt(content, output, state, now, options or Options())
        try:
            return replace(attempt.build(trust=trust, anew=anew), recovered=recovered)
        except TooFewNewest:
            anew = True
        except StartOver:
            trust = False
        except _Again:
            recovered = recovered or attempt.recovered


def verify(content: Path, output: Path, state: State, now: datetime | None, options: Options | None = None) -> Changes:
    """Make everything anew beside `output`, and give what a full build would change there; nothing in it is changed.

    Where something differs, the next build is a full one. Raises what `build` raises.
    """
    return _Attempt(content, output, state, now, options or Options()).verify()


class _Attempt:
    """One build, begun from what the manifest says now."""

    def __init__(self, content: Path, output: Path, state: State, now: datetime | None, options: Options) -> None:
        self.content, self.output, self.state, self.now, self.options = content, output, state, now, options
        self.recovered = False

    def build(self, *, trust: bool, anew: bool) -> Report:
        """Publish; `trust` says whether the manifest is to be believed, `anew` that everything is made all the same.

        Raises what `build` does, and to begin again `StartOver` or `_Again`.
        """
        options, text = self.options, read_manifest(self.state)
        former = Former.of(self.state, text) if trust else None
        looked = self._look(former, anew=anew)
        if former is not None and looked.nothing(former) and not options.host and not options.swap:
            with exclusive(self.state):
                self._check_sole(text)
                return Report.of(former.head, Changes((), ()), looked.opened.warnings)
        claim(self.output, self.state, [self.content])
        with exclusive(self.state):
            self._check_sole(text)
            if options.swap:
                begin(self.output)
            if looked.stale.full:  # nothing has been looked at yet that a stamp is of
                looked.stale.since = stamps.tick(self.state)
            with Stage(self.output, self.state) as stage:
                closing = self._made(stage, looked, former, keep_going=options.keep_going)
                return closing.commit(looked.environment, closing.warnings(options.host))

    def _check_sole(self, text: bytes) -> None:
        """Complete an interrupted commit. Raises `_Again` if there was one, or if the manifest has another text now."""
        self.recovered = recover(self.output, self.state)
        if self.recovered or text != read_manifest(self.state):
            raise _Again

    def _made(self, stage: Stage, looked: _Looked, former: Former | None, *, keep_going: bool) -> Closing:
        """Make into the stage all that is stale. Raises `ContentError` for faults, unless it is to go on."""
        # What renders is loaded only now: that takes longer than finding nothing to do.
        from vijf.publish.closing import Closing
        from vijf.publish.making import Making, Places
        from vijf.publish.paths import check_paths

        folder, stale, opened, options = looked.folder, looked.stale, looked.opened, self.options
        path_faults = check_paths(folder, opened, looked.shops)
        places = Places(folder, self.output, self.state, former)
        making = Making(places, opened, stage, stale, self.now)
        keep_going = keep_going and not path_faults
        making.make(options.jobs, keep_going=keep_going, progress=options.progress)
        if path_faults or (making.faults and not keep_going):
            raise ContentError([*opened.warnings, *path_faults, *making.faults])
        closing = Closing(places, opened, stage, stale, making)
        closing.make()
        return closing

    def verify(self) -> Changes:
        """Make everything, and compare."""
        looked = self._look(None, anew=True)
        claim(self.output, self.state, [self.content])
        with exclusive(self.state):
            recover(self.output, self.state)
            with Stage(self.output, self.state) as stage:
                self._made(stage, looked, None, keep_going=False)
                changes = stage.compare()
            if changes.changed or changes.removed:  # a build that trusted the manifest would leave it so
                with disk.failing("cannot forget what the last build made"):
                    self.state.manifest.unlink(missing_ok=True)
            return changes

    def _look(self, former: Former | None, *, anew: bool) -> _Looked:
        """Find out what is stale; where little may have changed, looking at little."""
        since = stamps.tick(self.state) if os.path.lexists(self.state.owner) else 0  # else it isn't sure to be ours
        generations = Generations.of(self.output)
        behind = generations is not None and generations.behind  # then the manifest is about another one
        named = None if behind or anew else named_shops(self.options.changed or ["."])
        output = os.path.realpath(self.output)
        if former is not None and named is not None:
            named |= frozenset(former.head.faulty)
            folder = find(self.content, named)
            shops = sum(shard.shops for shard in former.head.shards) - _known(former, named) + len(folder.shops)
            settings = _Settings.read(folder, self.now)
            if settings.site is not None and changed_environment(former, settings.environment, shops) is None:
                stale = compare_named(folder, named, former, self.state, output, settings.site, since)
                return self._looked(folder, settings, stale, _known_names(folder, former, stale, settings.site), shops)
        folder = find(self.content)
        shops = len(folder.shops)
        settings = _Settings.read(folder, self.now)
        reason = changed_environment(former, settings.environment, shops) if former else Reason.FIRST
        if anew:
            reason = reason or Reason.NEWEST
        if former is None or settings.site is None or reason is not None:
            return self._looked(folder, settings, everything(folder, reason or Reason.SETTINGS, since), {}, shops)
        stale = compare(folder, former, self.state, output, settings.site, since, self.options.jobs)
        return self._looked(folder, settings, stale, _known_names(folder, former, stale, settings.site), shops)

    def _looked(
        self, folder: Folder, settings: _Settings, stale: Stale, names: Mapping[str, ShopNames], shops: int
    ) -> _Looked:
        """Read all but the shops. Raises `MachineError` where the settings aren't those that were compared."""
        opened = open_content(folder, self.now, names)
        if opened.inputs["site.yaml"] != settings.environment["settings"]:
            raise disk.changed_meanwhile(folder.shown("site.yaml"))
        return _Looked(folder, stale, opened, settings.environment, shops)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a build found before it began: the content, what of it is stale, all but the shops, and how many these are.

    `folder` may list the shops only that may have changed.
    """

    folder: Folder
    stale: Stale
    opened: SiteContent
    environment: Mapping[str, str]
    shops: int

    def nothing(self, former: Former) -> bool:
        """Whether there is nothing to make."""
        pages = {path: value for path, value in former.head.inputs.items() if not path.startswith("static/")}
        return self.stale.nothing and pages == self.opened.inputs


@dataclass(frozen=True, slots=True)
class _Settings:
    """`site.yaml` as it was read once, None where it has faults; and what every artifact depends on, that included."""

    site: Site | None
    environment: dict[str, str]

    @classmethod
    def read(cls, folder: Folder, now: datetime | None) -> _Settings:
        mine = Folder(folder.root, site=folder.site)  # faults are noted when all is read
        site, inputs = load_site(mine, now)
        return cls(site, environment(inputs.get("site.yaml", "")))


def _known(former: Former, slugs: Iterable[str]) -> int:
    """How many of these shops the last build knew. Raises `StartOver`."""
    return sum(former.record([slug]) is not None for slug in slugs)


def _known_names(folder: Folder, former: Former, stale: Stale, site: Site) -> dict[str, ShopNames]:
    """The names of shops that needn't be read for them, with those that others name."""
    touched = {*stale.gone, *stale.shops}
    lasting = [names for names in former.head.names if names.slug not in touched]
    found = {slug: ShopNames(slug) for slug in folder.shops if slug not in stale.shops}
    found |= {names.slug: ShopNames(names.slug, names.formerly, names.merged_into) for names in lasting}
    mentioned = {names.merged_into for names in found.values() if names.merged_into}
    mentioned |= {names.merged_into for names in former.head.names if names.merged_into and names.slug in touched}
    for slug in stale.shops:
        names = load_names(folder, slug, site)
        mentioned |= {*names.formerly, *([names.merged_into] if names.merged_into else [])}
    shops = folder.root / "shops"
    found |= {slug: ShopNames(slug) for slug in mentioned - found.keys() - touched if (shops / slug).is_dir()}
    return found
