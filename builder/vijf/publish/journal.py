"""The journal of a commit: everything it is going to do, so that whoever finds it can finish.

    {"vijf-journal":1,"manifest":"<digest of the new manifest>"}
    {"clear":"old/file"}               stands in the way: goes first ("folder/" where it is a folder)
    {"make":"nl/-"}                    a folder to create
    {"move":[0,"build.json",312]}      stage/0, of 312 bytes, goes to that path
    {"remove":"nl/gone/index.html"}    unplanned: goes last
    {"end":"<digest of all before>"}

Where the output is a link to a generation, those steps are carried out on a copy that nobody sees yet, and the journal
holds this one alone:

    {"swap":"12"}                      the next generation gets that number, and the link leads to it

Each step may have been taken already, so the whole can be killed at any point and run again. A journal that is
there and whole is in force; before it is there, nothing in the output has been touched.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vijf.digests import digest
from vijf.publish import disk
from vijf.publish.generations import Generations, is_number
from vijf.publish.seal import sealed, unseal
from vijf.publish.state import State
from vijf.publish.survey import real_parents

FORMAT = 1
"""Goes up when a line means something else."""
_CHANGED = (FileNotFoundError, NotADirectoryError, IsADirectoryError, FileExistsError)
"""What a step meets where somebody has changed output or stage since the journal was written."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The steps of a commit, in their order; a move is the number in the stage, the path and the size in bytes.

    Either `swap` is the number of the generation to switch to, or there are the steps in the output itself.
    """

    manifest: str
    clear: tuple[str, ...] = ()
    make: tuple[str, ...] = ()
    move: tuple[tuple[int, str, int], ...] = ()
    remove: tuple[str, ...] = ()
    swap: str | None = None

    @property
    def changes(self) -> bool:
        """Whether it does anything to the output at all."""
        return bool(self.clear or self.make or self.move or self.remove or self.swap)


def write(journal: Journal) -> Iterator[bytes]:
    """Yield the text of a journal, line by line: a first build's is long."""
    return sealed(_records(journal))


def _records(journal: Journal) -> Iterator[Mapping[str, Any]]:
    yield {"vijf-journal": FORMAT, "manifest": journal.manifest}
    for node in journal.clear:
        yield {"clear": node}
    for folder in journal.make:
        yield {"make": folder}
    for move in journal.move:
        yield {"move": move}
    for node in journal.remove:
        yield {"remove": node}
    if journal.swap:
        yield {"swap": journal.swap}


def read(data: bytes) -> Journal | None:
    """Return the journal that `write` made of this format, or None; raises nothing."""
    records = unseal(data)
    if not records or records[0].get("vijf-journal") != FORMAT:
        return None
    if len(records) == 2 and "swap" in records[1]:
        number = records[1]["swap"]
        return Journal(str(records[0].get("manifest")), swap=number) if is_number(number) else None
    steps: dict[str, list[Any]] = {"clear": [], "make": [], "move": [], "remove": []}
    for record in records[1:]:
        for step, value in record.items():
            steps.setdefault(step, []).append(value)
    moves = [tuple(move) if isinstance(move, list) else () for move in steps.pop("move")]
    numbers = all([type(part) for part in move] == [int, str, int] for move in moves)
    paths = [*(move[1] for move in moves if numbers), *(path for paths in steps.values() for path in paths)]
    if len(steps) != 3 or not numbers or not all(map(_inside, paths)):
        return None
    clear, make, remove = (tuple(steps[step]) for step in ("clear", "make", "remove"))
    return Journal(str(records[0].get("manifest")), clear, make, tuple(moves), remove)


def recover(output: Path, state: State) -> bool:
    """Complete the commit that a killed build left in `state`; returns whether there was one to complete.

    A stage without a journal is dropped. A journal that can't be carried out (torn by a power cut, written by
    another version, its stage or the output changed by hand) is dropped with its stage and with the manifest:
    nothing that was known of the output is sure any more, so the next build is a full one. Raises `MachineError`;
    the journal then stays in force.
    """
    with disk.failing("cannot complete the build that was interrupted"):
        try:
            journal = read(state.journal.read_bytes())
        except FileNotFoundError:
            disk.remove_flat(state.stage)
            return False
        if journal is not None:
            disk.flush(state.folder)  # the kill may have come before the commit's own flush
            with contextlib.suppress(*_CHANGED):
                _check_staged(journal, Path(os.path.realpath(output)), state)
                apply(journal, output, state)
                return True
        state.manifest.unlink(missing_ok=True)
        state.journal.unlink(missing_ok=True)
        disk.remove_flat(state.stage)
        return False


def apply(journal: Journal, output: Path, state: State) -> None:
    """Carry out a journal that is in force, from whatever point it had come to; raises `OSError`."""
    if journal.swap:
        generations = Generations.of(output)
        if generations is None:  # the link was replaced since
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(output))
        generations.switch(journal.swap)
    else:
        _take_steps(journal, os.path.realpath(output), state)
    with contextlib.suppress(FileNotFoundError):  # then it is in place
        (state.stage / "manifest").replace(state.manifest)
    state.journal.unlink(missing_ok=True)  # first: a journal without its stage could not be finished
    disk.remove_flat(state.stage)


def swapped(journal: Journal, generations: Generations, state: State) -> Journal:
    """Make the next generation: the current one after the steps of `journal`; returns the journal that publishes it.

    All of it has reached the disk then. Raises `MachineError`, `OSError`; the stage is then used up in part.
    """
    generations.copy()
    _take_steps(journal, str(generations.next), state)
    disk.flush(generations.folder)
    return Journal(journal.manifest, swap=generations.following())


def _take_steps(journal: Journal, root: str, state: State) -> None:
    for node in journal.clear:
        _remove(root, node)
    stage, sound = str(state.stage), {""}
    for folder in journal.make:
        _make(root, folder, sound)
    for number, path, _ in journal.move:
        _move(f"{stage}/{number}", root, path, sound)
    for node in journal.remove:
        _remove(root, node)


def _check_staged(journal: Journal, root: Path, state: State) -> None:
    """Raise `FileNotFoundError` unless every new file is either staged or in place already."""
    for number, path, size in journal.move:
        if disk.lstat(f"{state.stage}/{number}") is None:
            status = disk.lstat(f"{root}/{path}")
            if status is None or not stat.S_ISREG(status.st_mode) or status.st_size != size:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{root}/{path}")
    if disk.lstat(state.stage / "manifest") is None and digest(state.manifest.read_bytes()) != journal.manifest:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(state.stage / "manifest"))


def _inside(path: object) -> bool:
    """Whether a path of a journal is a string that stays inside the output, or is a folder's with its slash."""
    if not isinstance(path, str) or "\0" in path:
        return False
    return not any(part in ("", ".", "..") for part in path.removesuffix("/").split("/"))


def _remove(root: str, node: str) -> None:
    """Remove one node, unless it is gone, has become a folder (or stopped being one), or holds new things."""
    path = Path(f"{root}/{node}")
    status = disk.lstat(path) if real_parents(Path(root), node.rstrip("/")) else None
    if status is None or stat.S_ISDIR(status.st_mode) != node.endswith("/"):
        return
    if not node.endswith("/"):
        path.unlink()
        return
    try:
        path.rmdir()
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


# The two below are called tens of thousands of times by a first build: a Path would double what they cost.


def _make(root: str, folder: str, sound: set[str]) -> None:
    """Create one folder, with the mode of published folders also where a kill came before its mode was set."""
    _check_sound(root, folder.rpartition("/")[0], sound)
    try:
        os.mkdir(f"{root}/{folder}", disk.FOLDER_MODE)  # noqa: PTH102
    except FileExistsError:
        if not disk.is_folder(f"{root}/{folder}"):
            raise
    os.chmod(f"{root}/{folder}", disk.FOLDER_MODE)  # noqa: PTH101
    sound.add(folder)


def _move(staged: str, root: str, path: str, sound: set[str]) -> None:
    """Put one staged file in place; one that is gone from the stage is there already."""
    _check_sound(root, path.rpartition("/")[0], sound)
    with contextlib.suppress(FileNotFoundError):
        os.replace(staged, f"{root}/{path}")  # noqa: PTH105


def _check_sound(root: str, folder: str, sound: set[str]) -> None:
    """Raise `NotADirectoryError` unless `folder` and all above it are real folders; `sound` are those that were found
    to be.
    """  # noqa: D205  # one sentence
    if folder in sound:
        return
    _check_sound(root, folder.rpartition("/")[0], sound)
    if not disk.is_folder(f"{root}/{folder}"):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), f"{root}/{folder}")
    sound.add(folder)
