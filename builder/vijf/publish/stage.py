"""Staging a new site over the one that stands, and committing it.

    with Stage(output, state) as stage:
        stage.put("index.html", data)
        stage.keep("nl/de-ketting/index.html")
        changes = stage.commit(manifest)

Workers put files with a `Stager` of their own, and the stage adopts them. Until `commit` the output is only read. A
block that ends without a commit leaves the former site as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from vijf.digests import digest
from vijf.errors import Interrupted
from vijf.publish import disk
from vijf.publish import journal as journals
from vijf.publish.generations import Generations
from vijf.publish.journal import Journal
from vijf.publish.manifest import load
from vijf.publish.planned import PlanError, Planned, check
from vijf.publish.state import State
from vijf.publish.survey import Survey, check_rights, survey
from vijf.urls import parents

FIRST = "build.json"
"""Put in place before all others: it marks the folder as Vijf's own, even if the state is lost after a kill."""
WORKER = 1_000_000_000
"""Numbers in the stage that each process has to itself."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a commit did: paths that are new or have new bytes, and files that are gone; both sorted.

    `notes` say what failed without any harm to the site.
    """

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Staged(NamedTuple):
    """A file of the new site: its digest and size, and its number in the stage, -1 where it stands already."""

    path: str
    digest: str
    size: int
    number: int


class Stager:
    """Compares new files with those that stand, and writes those that differ into the stage.

    Each process has its own, with a number of its own, from 0.
    """

    def __init__(self, output: Path, state: State, worker: int = 0) -> None:
        self._root = os.path.realpath(output)
        self._stage = str(state.stage)
        self._next = worker * WORKER
        self._folders: dict[str, bool] = {"": True}  # path -> whether it is a real folder of the former site
        with disk.failing("cannot stage the site"):
            self._longest = os.pathconf(self._root, "PC_NAME_MAX"), os.pathconf(self._root, "PC_PATH_MAX")

    def put(self, path: str, data: bytes, known: tuple[str, int] | None = None) -> Staged:
        """Stage `data` for `path`, unless the former site has these bytes there: then its file stays untouched.

        `known` are digest and size of what stands there, where they are sure; else it is read and compared. Raises
        `MachineError` for what the machine refuses.
        """
        if known is not None and known == (digest(data), len(data)):
            return Staged(path, *known, -1)
        with disk.failing(f"cannot stage {path}"):
            self._check_length(path)
            status = self.standing(path)
            number = -1
            if status is None or status.st_size != len(data) or not disk.has_bytes(f"{self._root}/{path}", data):
                number = self._next
                disk.write_new(f"{self._stage}/{number}", data)
                self._next += 1
        return Staged(path, digest(data), len(data), number)

    def keep(self, path: str) -> Staged | None:
        """The file `path` as it stands, read for its digest; None where there is none."""
        check(path)
        with disk.failing(f"cannot keep {path}"):
            if self.standing(path) is None:
                return None
            return Staged(path, *disk.digest_of_file(f"{self._root}/{path}"), -1)

    def standing(self, path: str) -> os.stat_result | None:
        """The status of the former site's regular file at `path`, which no link leads to."""
        if not self.is_folder(path.rpartition("/")[0]):
            return None
        status = disk.lstat(f"{self._root}/{path}")
        return status if status is not None and stat.S_ISREG(status.st_mode) else None

    def is_folder(self, folder: str) -> bool:
        """Whether the former site has a real folder there."""
        known = self._folders.get(folder)
        if known is None:
            known = self.is_folder(folder.rpartition("/")[0]) and disk.is_folder(f"{self._root}/{folder}")
            self._folders[folder] = known
        return known

    def _check_length(self, path: str) -> None:
        """Find names too long before the commit, where it would be too late. The stage's own names are short."""
        name, whole = self._longest
        if len(path) * 4 < name and (len(self._root) + len(path)) * 4 < whole:
            return  # whatever its characters are
        longest = max(len(os.fsencode(part)) for part in path.split("/"))
        if longest > name or len(os.fsencode(f"{self._root}/{path}")) >= whole:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), path)


class Stage:
    """The new site while it is being made; the lock is held, and an interrupted commit has been completed."""

    def __init__(self, output: Path, state: State) -> None:
        self._output = output
        self._state = state
        self._generations = Generations.of(output)
        self._root = Path(os.path.realpath(output))
        self._planned = Planned()
        self._moves: list[tuple[int, str, int]] = []
        self._open = False

    def __enter__(self) -> Self:
        if os.path.lexists(self._state.journal):
            raise PlanError("recover() must complete the interrupted commit before a new stage is opened")
        with disk.failing("cannot stage the site"):
            self._drop()
            self._state.stage.mkdir()
        self._stager = Stager(self._output, self._state)
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        if not os.path.lexists(self._state.journal):  # else the journal is in force and needs the stage
            with contextlib.suppress(OSError):  # the next build drops it too
                self._drop()

    def _drop(self) -> None:
        disk.remove_flat(self._state.stage)
        if self._generations:
            self._generations.drop_next()

    @property
    def planned(self) -> AbstractSet[str]:
        """The paths of all files that are planned."""
        return self._planned.files

    def put(self, path: str, data: bytes, known: tuple[str, int] | None = None) -> Staged:
        """Plan the file `path` (relative, with slashes) with these bytes; `data` isn't kept.

        Where the former site has the same bytes there, its file stays untouched; `known` are digest and size of what
        stands, where they are sure. Raises `PlanError` for a path that is unsafe, was planned before, differs from
        another only by case or normal form, or is a folder of another; `MachineError` for what the machine refuses.
        """
        self._check_open()
        self._planned.add(path)
        staged = self._stager.put(path, data, known)
        self._note(staged)
        return staged

    def keep(self, path: str) -> Staged | None:
        """Plan the file `path` as it stands; returns what stands (if nothing does, nothing is planned).

        Its bytes are read, for its digest. Raises what `put` raises.
        """
        self._check_open()
        staged = self._stager.keep(path)
        if staged is not None:
            self._planned.add(path)
            self._note(staged)
        return staged

    def adopt(self, staged: Staged) -> None:
        """Plan a file that a worker's `Stager` has put. Raises `PlanError` as `put` does."""
        self._check_open()
        self._planned.add(staged.path)
        self._note(staged)

    def carry(self, paths: Iterable[str]) -> None:
        """Plan files of the former site, which stand as the manifest says, unread. Raises `PlanError` as `put` does."""
        self._check_open()
        for path in paths:
            self._planned.add(path)

    def commit(self, manifest: bytes, folders: Collection[str] | None = None) -> Changes:
        """Make the output what was planned, and `manifest` the head of the state's manifest.

        Everything that was not planned is removed; names at the root that begin with a dot only if the former
        manifest names them. Where `folders` are given, that goes for what is in these only. The file system is flushed
        once, and only if something changes. A `MachineError` before the change was decided leaves the former site;
        after that the next build completes it, and the message says so. An output that is a link to a generation gets
        a new one, if something changes, and keeps the one before.
        """
        self._check_open()
        self._open = False
        with disk.failing("cannot publish, the former site stands"):
            found = self._survey(folders)
            journal = self._journal(found, manifest)
            disk.write_new(self._state.stage / "manifest", manifest)
            if journal.changes and self._generations:
                journal = journals.swapped(journal, self._generations, self._state)
            if journal.changes:
                disk.write_lines(self._state.stage / "journal", journals.write(journal))
                (self._state.stage / "journal").replace(self._state.journal)
        where = "be only partly in place" if self._generations is None else "not be in place yet"
        with disk.failing(f"the new site may {where}, the next build completes it"):
            if journal.changes and self._generations is None:
                disk.flush(self._root)
            try:
                journals.apply(journal, self._output, self._state)
                notes = self._prune(journal)
            except KeyboardInterrupt:
                raise Interrupted("stopped while the site was being changed; the next build completes it") from None
        return replace(self._changes(found), notes=notes)

    def _prune(self, journal: Journal) -> tuple[str, ...]:
        """Remove generations older than the one before; what couldn't be removed."""
        if self._generations is None or journal.swap is None:
            return ()
        return tuple(self._generations.prune([self._root.name, journal.swap]))

    def compare(self) -> Changes:
        """What a commit of everything that was planned would do; nothing is done."""
        self._check_open()
        with disk.failing("cannot look at the site"):
            return self._changes(self._survey(None))

    def _changes(self, found: Survey) -> Changes:
        return Changes(tuple(sorted(path for _, path, _ in self._moves)), tuple(sorted(found.files)))

    def _note(self, staged: Staged) -> None:
        if staged.number >= 0:
            self._moves.append((staged.number, staged.path, staged.size))

    def _check_open(self) -> None:
        if not self._open:
            raise PlanError("the stage is not open: it is used in a with statement and committed once")

    def _survey(self, folders: Collection[str] | None) -> Survey:
        former = load(self._state.manifest)
        return survey(self._root, self._planned, frozenset(former.outputs) if former else frozenset(), folders)

    def _journal(self, found: Survey, manifest: bytes) -> Journal:
        """Return the steps from the former site to the planned one, having asked whether they are allowed."""
        moves = sorted(self._moves, key=lambda move: (move[1] != FIRST, move[0]))
        needed = {folder for _, path, _ in moves for folder in parents(path)}
        make = tuple(sorted(folder for folder in needed if not self._stager.is_folder(folder)))
        if self._generations is None:  # else everything is done in folders of our own
            check_rights(self._root, [*found.clear, *make, *(path for _, path, _ in moves), *found.remove])
        return Journal(digest(manifest), found.clear, make, tuple(moves), found.remove)
