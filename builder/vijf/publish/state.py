"""Where build state lives, who may build, and which folder may be built into.

The state of an output is disposable: whoever deletes it gets a full build. It lies beside the output, never
in it, so that no web server serves it. In its folder:

    owner      which output it belongs to, as a path from here
    lock       held by the build that is running
    stage/     new files that are not in place yet
    journal    a change that has been decided and is being carried out
    manifest   what the last build made, and from what: its head
    parts/     the parts that the head names
    stamps/    what the file system said of the shops' files; a hint
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vijf.errors import MachineError, UsageError
from vijf.publish import disk
from vijf.publish.generations import Generations, address, inside

_BUILD_JSON_BYTES = 1 << 20
"""A build.json is far smaller; a larger file is somebody else's."""
_NAMES = ("stage", "journal", "manifest", "lock", "owner", "parts", "stamps")
_PRIVATE = {".git", ".hg", ".svn", ".vijf"}
"""Folders that belong to other programs, or to Vijf's own state."""


@dataclass(frozen=True, slots=True)
class State:
    """The paths of one output's state."""

    folder: Path
    stage: Path
    journal: Path
    manifest: Path
    lock: Path
    owner: Path
    parts: Path
    stamps: Path

    @classmethod
    def of(cls, output: Path, folder: Path | None = None) -> State:
        """Return the state of `output`: in `folder`, or else in `.vijf/<output name>/` beside it.

        Links are followed first, so that two names of one folder share one lock; the generations of an output share
        the state of the link that leads to them. Touches nothing.
        """
        real = address(output)
        folder = _real(folder) if folder else real.parent / ".vijf" / real.name
        return cls(folder, *(folder / name for name in _NAMES))


_held: set[int] = set()
"""Open locks of this process. A forked worker closes its copies, or it would hold the lock after a kill of ours."""


def _let_go() -> None:
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


@contextlib.contextmanager
def exclusive(state: State) -> Iterator[None]:
    """Keep every other build of this output out during the block.

    Raises `MachineError` where another build is running. The kernel holds the lock, not the file: it ends with
    the process, however that ends.
    """
    with disk.failing("cannot lock the build"):
        state.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(state.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, disk.FILE_MODE)
    _held.add(descriptor)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MachineError(
                f"Another build of this output is running (its lock is {state.lock}). "
                "Wait until it has ended, or give this one its own --output."
            ) from None
        except OSError as error:
            raise disk.machine_error(error, f"cannot lock {state.lock}") from error
        yield
    finally:
        if descriptor in _held:  # a fork that runs on from here has let go already
            _held.remove(descriptor)
            os.close(descriptor)


def claim(output: Path, state: State, apart: Iterable[Path] = ()) -> None:
    """Make `output` ready to be built into, or refuse it; creates it and its state where they are missing.

    Refused with `UsageError`: what is no folder, a folder that is neither empty nor Vijf's own (dotfiles at its
    root don't count), the root of the file system or the home folder, a place inside another program's data, a
    state that isn't on the same file system or belongs to another output, and an output that overlaps its state
    or one of `apart` (such as the content). What the machine refuses is a `MachineError`.
    """
    with disk.failing(f"cannot build into {output}"):
        _check_place(output, state, apart)
        _check_state(output, state)
        _check_folder(output, state)
        real = _real(output)
        for folder in (real, state.folder):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(disk.FOLDER_MODE)
        if not _on_one_mount(real, state.folder):
            raise UsageError(
                f"{output} and its state {state.folder} are on two file systems, so files can't be moved into place "
                "at once. Choose a state folder on the output's file system with --state."
            )
        generations = Generations.of(output)
        for folder in (generations.folder, generations.link.parent) if generations else (real,):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        if not _read_owner(state):
            state.owner.write_text(_owner(output, state), encoding="utf-8", errors="surrogateescape")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve it bears links that lead in a circle


def _owner(output: Path, state: State) -> str:
    return os.path.relpath(address(output), state.folder) + "\n"


def _check_place(output: Path, state: State, apart: Iterable[Path]) -> None:
    """Refuse an output where deleting what isn't planned would be a disaster."""
    real, generations = address(output), Generations.of(output)
    if output.is_symlink() and not output.exists():
        raise UsageError(f"The output {output} is a symbolic link to nowhere. Remove it, or choose another --output.")
    home = os.path.expanduser("~")  # noqa: PTH111  Path.expanduser fails where a container's user has no home
    if real in (Path(real.anchor), _real(Path(home))):
        raise UsageError(f"{real} can't be an output: everything else in it would be deleted. Choose a new folder.")
    if _PRIVATE.intersection(real.parts) or inside(real):
        raise UsageError(f"{real} lies in another program's data. Choose another folder with --output.")
    for place in (real, generations.folder) if generations else (real,):
        for other in (state.folder, *map(_real, apart)):
            if place == other or place in other.parents or other in place.parents:
                raise UsageError(f"The output {place} and {other} overlap. Choose folders that lie apart.")
    for other in map(_real, apart):
        if state.folder == other or other in state.folder.parents:
            raise UsageError(f"The state {state.folder} lies in {other}. Choose a folder outside it with --state.")


def _check_folder(output: Path, state: State) -> None:
    """Refuse an output that exists and is no folder, or is a folder with somebody else's files."""
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"The output {output} is a file. Choose a folder with --output.")
    names = sorted(node.name for node in output.iterdir() if not node.name.startswith("."))
    if names and not _is_own(output, state):
        raise UsageError(
            f"The output {output} is not empty and was not built by Vijf (it holds {names[0]!a}): "
            "a build would delete that. Empty it, or choose another folder with --output."
        )


def _is_own(output: Path, state: State) -> bool:
    """Whether Vijf built this folder: its build.json says so, or its state (which is known to be its) does."""
    path = output / "build.json"
    status = disk.lstat(path)
    if status is not None and stat.S_ISREG(status.st_mode) and status.st_size <= _BUILD_JSON_BYTES:
        try:
            build = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            build = None
        if isinstance(build, dict) and build.get("generator") == "vijf":
            return True
    return os.path.lexists(state.manifest) or os.path.lexists(state.journal)


def _check_state(output: Path, state: State) -> None:
    """Refuse a state folder that is another output's, or that isn't one."""
    if not os.path.lexists(state.folder):
        return
    owner = _read_owner(state)
    if owner and owner != _owner(output, state):
        raise UsageError(
            f"The state {state.folder} belongs to the output {state.folder / owner.strip()}. "
            "Give each output its own with --state; if that one was moved here, delete the state: nothing is lost."
        )
    others = {node.name for node in state.folder.iterdir()} - {state.lock.name, state.owner.name}
    if others and not owner:
        raise UsageError(
            f"The folder {state.folder} holds {min(others)!a}, which is no build state. "
            "Choose an empty or new folder with --state."
        )


def _read_owner(state: State) -> str:
    """Return what the state says of its output; empty where it says nothing (a kill may leave an empty file)."""
    try:
        return state.owner.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""


def _on_one_mount(one: Path, other: Path) -> bool:
    """Whether files can be renamed from one folder to the other.

    Two mounts of one device have the same number but still refuse. A rename to "." never succeeds, and Linux
    looks at the mounts before it says so: that tells them apart without touching anything.
    """
    if one.stat().st_dev != other.stat().st_dev:
        return False
    try:
        os.rename(f"{one}/.", f"{other}/.")  # noqa: PTH104  a Path would lose the dots
    except OSError as error:
        return error.errno != errno.EXDEV
    return True
