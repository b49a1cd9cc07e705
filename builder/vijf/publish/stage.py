"""Staging a new site over the one that stands, and committing it.

    with Stage(output, state) as stage:
        stage.put("index.html", data)
        stage.keep("nl/de-ketting/index.html")
        changes = stage.commit(manifest)

Until `commit` the output is only read. A block that ends without a commit leaves the former site as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from vijf.digests import digest
from vijf.errors import Interrupted
from vijf.publish import disk
from vijf.publish import journal as journals
from vijf.publish.journal import Journal
from vijf.publish.manifest import load
from vijf.publish.planned import PlanError, Planned, check
from vijf.publish.state import State
from vijf.publish.survey import Survey, check_rights, survey
from vijf.urls import parents

FIRST = "build.json"
"""Put in place before all others: it marks the folder as Vijf's own, even if the state is lost after a kill."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a commit did: paths that are new or have new bytes, and files that are gone; both sorted."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Stage:
    """The new site while it is being made; the lock is held, and an interrupted commit has been completed.

    `files` and `bytes` count what is planned so far, `changed` the files that differ from the former site.
    `digests` holds for each planned path the digest of its bytes (BLAKE2b, 128 bits) and their number.
    """

    def __init__(self, output: Path, state: State) -> None:
        self.files = 0
        self.bytes = 0
        self.changed = 0
        self.digests: dict[str, tuple[str, int]] = {}
        self._output = output
        self._state = state
        self._root = Path(os.path.realpath(output))
        self._planned = Planned()
        self._moves: list[tuple[int, str, int]] = []
        self._folders: dict[str, bool] = {"": True}  # path -> whether it is a real folder of the former site
        self._open = False

    def __enter__(self) -> Self:
        if os.path.lexists(self._state.journal):
            raise PlanError("recover() must complete the interrupted commit before a new stage is opened")
        with disk.failing("cannot stage the site"):
            self._longest = os.pathconf(self._root, "PC_NAME_MAX"), os.pathconf(self._root, "PC_PATH_MAX")
            disk.remove_flat(self._state.stage)
            self._state.stage.mkdir()
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        if not os.path.lexists(self._state.journal):  # else the journal is in force and needs the stage
            with contextlib.suppress(OSError):  # the next build drops it too
                disk.remove_flat(self._state.stage)

    def put(self, path: str, data: bytes) -> None:
        """Plan the file `path` (relative, with slashes) with these bytes; `data` isn't kept.

        Where the former site has the same bytes there, its file stays untouched. Raises `PlanError` for a path
        that is unsafe, was planned before, differs from another only by case or normal form, or is a folder of
        another; `MachineError` for what the machine refuses.
        """
        self._plan(path, digest(data), len(data))
        with disk.failing(f"cannot stage {path}"):
            self._check_length(path)
            status = self._standing(path)
            if status is None or status.st_size != len(data) or not disk.has_bytes(self._root / path, data):
                number = self.changed
                disk.write_new(self._state.stage / str(number), data)
                self._moves.append((number, path, len(data)))
                self.changed += 1

    def keep(self, path: str) -> bool:
        """Plan the file `path` as it stands; returns whether there is one (if not, nothing is planned).

        Its bytes are read, for its digest. Raises what `put` raises.
        """
        check(path)
        with disk.failing(f"cannot keep {path}"):
            if self._standing(path) is None:
                return False
            digest, size = disk.digest_of_file(self._root / path)
        self._plan(path, digest, size)
        return True

    def commit(self, manifest: bytes) -> Changes:
        """Make the output what was planned, and `manifest` the state's manifest.

        Everything that was not planned is removed; names at the root that begin with a dot only if the former
        manifest names them. The file system is flushed once, and only if something changes. A `MachineError`
        before the change was decided leaves the former site; after that the next build completes it, and the
        message says so.
        """
        self._check_open()
        self._open = False
        with disk.failing("cannot publish, the former site stands"):
            found = self._survey()
            journal = self._journal(found, manifest)
            disk.write_new(self._state.stage / "manifest", manifest)
            if journal.changes:
                disk.write_new(self._state.stage / "journal", journals.write(journal))
                (self._state.stage / "journal").replace(self._state.journal)
        with disk.failing("the new site may be only partly in place, the next build completes it"):
            if journal.changes:
                os.sync()
            try:
                journals.apply(journal, self._output, self._state)
            except KeyboardInterrupt:
                raise Interrupted("stopped while the site was being changed; the next build completes it") from None
        return Changes(tuple(sorted(path for _, path, _ in self._moves)), tuple(sorted(found.files)))

    def _plan(self, path: str, digest: str, size: int) -> None:
        self._check_open()
        self._planned.add(path)
        self.digests[path] = digest, size
        self.files += 1
        self.bytes += size

    def _check_open(self) -> None:
        if not self._open:
            raise PlanError("the stage is not open: it is used in a with statement and committed once")

    def _check_length(self, path: str) -> None:
        """Find names too long before the commit, where it would be too late. The stage's own names are short."""
        name, whole = self._longest
        longest = max(len(os.fsencode(part)) for part in path.split("/"))
        if longest > name or len(os.fsencode(f"{self._root}/{path}")) >= whole:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), path)

    def _standing(self, path: str) -> os.stat_result | None:
        """Return the status of the former site's regular file at `path`, which no link leads to."""
        if not self._is_folder(path.rpartition("/")[0]):
            return None
        status = disk.lstat(self._root / path)
        return status if status is not None and stat.S_ISREG(status.st_mode) else None

    def _is_folder(self, folder: str) -> bool:
        known = self._folders.get(folder)
        if known is None:
            known = self._is_folder(folder.rpartition("/")[0]) and disk.is_folder(self._root / folder)
            self._folders[folder] = known
        return known

    def _survey(self) -> Survey:
        former = load(self._state.manifest)
        return survey(self._root, self._planned, former.outputs if former else frozenset())

    def _journal(self, found: Survey, manifest: bytes) -> Journal:
        """Return the steps from the former site to the planned one, having asked whether they are allowed."""
        moves = sorted(self._moves, key=lambda move: (move[1] != FIRST, move[0]))
        needed = {folder for _, path, _ in moves for folder in parents(path)}
        make = tuple(sorted(folder for folder in needed if not self._is_folder(folder)))
        check_rights(self._root, [*found.clear, *make, *(path for _, path, _ in moves), *found.remove])
        return Journal(digest(manifest), found.clear, make, tuple(moves), found.remove)
