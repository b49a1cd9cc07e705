"""Reading and writing single files, and saying in plain words what the machine refused.

Nothing here knows about sites; nothing here flushes unasked (the commit does that once, for all files).
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from vijf.digests import SIZE
from vijf.errors import MachineError

FILE_MODE = 0o644
"""Published files may be read by the web server's user, whatever the umask of the build."""
FOLDER_MODE = 0o755
"""The same for folders."""
CHUNK = 1 << 20
_LINES = 10_000

_ADVICE = {
    errno.ENOSPC: "Free some space on this file system and build again",
    errno.EDQUOT: "Free some of this user's quota and build again",
    errno.EFBIG: "Raise the limit on file sizes (ulimit -f) and build again",
    errno.EACCES: "Give the user who builds the right to write there and build again",
    errno.EPERM: "Give the user who builds the right to change it and build again",
    errno.EROFS: "Mount the file system for writing, or choose another folder with --output",
    errno.ENAMETOOLONG: "Shorten the name, or choose an output folder with a shorter path",
    errno.EXDEV: "Output and state must be on one file system: choose the state's folder with --state",
    errno.EMFILE: "Raise the limit on open files (ulimit -n) and build again",
    errno.ENFILE: "The machine has too many files open: close some programs and build again",
    errno.EIO: "The disk reports an error: check it before you build again",
    errno.EBUSY: "Something else is using it: unmount or close it and build again",
    errno.ELOOP: "Its symbolic links lead in a circle: remove them and build again",
    errno.ENOTDIR: "A file stands where a folder should be: move it away and build again",
    errno.EISDIR: "A folder stands where a file should be: move it away and build again",
    errno.EEXIST: "Something else wrote there at the same time: stop it and build again",
    errno.ENOENT: "Something else removed it at the same time: stop it and build again",
}


def machine_error(error: OSError, doing: str) -> MachineError:
    """Say what failed (`doing`, such as "cannot stage a.html"), where, why, and what to do about it."""
    where = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    why = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0, "Put that right and build again")
    return MachineError(f"{doing}: {why}{where}. {advice}.")


def changed_meanwhile(place: str) -> MachineError:
    """What to say of content that was read twice and had changed."""
    return MachineError(f"{place}: changed while the site was being built, which stands as it was; build again")


@contextlib.contextmanager
def failing(doing: str) -> Iterator[None]:
    """Turn an `OSError` of the block into the `MachineError` that says so."""
    try:
        yield
    except OSError as error:
        raise machine_error(error, doing) from error


def digest_of_file(path: str | Path) -> tuple[str, int]:
    """Return the digest and the size in bytes of the regular file `path`, read in chunks; raises `OSError`."""
    state, size = blake2b(digest_size=SIZE), 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            state.update(chunk)
            size += len(chunk)
    return state.hexdigest(), size


def has_bytes(path: str | Path, data: bytes) -> bool:
    """Whether the regular file `path` holds exactly `data`. One that can't be read doesn't: it is replaced."""
    view, at = memoryview(data), 0
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                if chunk != view[at : at + len(chunk)]:
                    return False
                at += len(chunk)
    except OSError:
        return False
    return at == len(data)


def write_new(path: str | Path, data: bytes) -> None:
    """Write the new file `path`, with the mode of published files; raises `OSError`, also where it exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        _write(descriptor, data)
        os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write a new file likewise, holding a few of its lines at a time."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        rest = iter(lines)
        while some := b"".join(islice(rest, _LINES)):
            _write(descriptor, some)
        os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def flush(folder: str | Path) -> None:
    """Have everything that was written to the file system of `folder` reach the disk; raises `OSError`.

    Only that file system where Linux can (`syncfs`): others may be slow, and have nothing to do with the site.
    """
    import ctypes  # it takes longer than the rest of this module, and most builds change nothing

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def lstat(path: str | Path) -> os.stat_result | None:
    """Return the status of the node at `path`, not following a link; None where there is none."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_folder(path: str | Path) -> bool:
    """Whether a real folder, not a link to one, is at `path`."""
    status = lstat(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def remove_flat(folder: Path) -> None:
    """Remove the flat folder `folder` and its files, if it is there."""
    if is_folder(folder):
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
        for name in names:
            (folder / name).unlink()
        folder.rmdir()


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, following no link; raises `OSError`."""
    import shutil  # it takes as long as a build that changes nothing

    shutil.rmtree(folder)


def copy(source: str, target: str) -> None:
    """Copy a file with its mode and times; raises `OSError`."""
    import shutil

    shutil.copy2(source, target)
