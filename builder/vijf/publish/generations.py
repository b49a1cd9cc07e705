"""An output that is a symbolic link to one of its generations: a whole site is published by switching that link.

    site -> .site.generations/12
    .site.generations/11    the one before: whoever is still reading it can read on
    .site.generations/12    the current one
    .site.generations/next  the one that is being made, until its journal is in force
    .site.generations/link  the new link, for a moment

A generation is a folder of its own that is never written to once the link has led to it. Files that stay are the same
in both, by hard links; a file that changes is another file in the new one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from vijf.errors import MachineError, UsageError
from vijf.publish import disk

_FOLDER = re.compile(r"\.(.+)\.generations", re.DOTALL)
_NUMBER = re.compile("0|[1-9][0-9]*")
_UNLINKED = {errno.EMLINK, errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a file system says that makes no hard link, or no more of them, or not to another user's file."""


@dataclass(frozen=True, slots=True)
class Generations:
    """The generations of one output: the link, and the folder beside it that holds them by number."""

    link: Path
    folder: Path

    @classmethod
    def of(cls, output: Path) -> Generations | None:
        """The generations that an output leads into, by whatever name it is called; None for any other output."""
        real = Path(os.path.realpath(output))
        name = _FOLDER.fullmatch(real.parent.name)
        if name is None or not is_number(real.name):
            return None
        found = cls(real.parent.with_name(name[1]), real.parent)
        current = found.current  # the link itself, where it is none
        return found if current.parent == found.folder and is_number(current.name) else None

    @property
    def current(self) -> Path:
        """The generation that is published."""
        return Path(os.path.realpath(self.link))

    @property
    def next(self) -> Path:
        """The generation that is being made."""
        return self.folder / "next"

    @property
    def behind(self) -> bool:
        """Whether somebody has led the link back to an earlier generation than the last one."""
        return self.following() != str(int(self.current.name) + 1)

    def following(self) -> str:
        """The number of the generation after the last. Raises `OSError`."""
        return str(max(map(int, self._numbers()), default=-1) + 1)

    def copy(self) -> None:
        """Make `next` hold all that the current generation holds, by hard links. Raises `MachineError`, `OSError`."""
        folders = [(os.fspath(self.current), os.fspath(self.next))]
        while folders:
            source, target = folders.pop()
            os.mkdir(target)  # noqa: PTH102  # tens of thousands of times: a Path would double it
            os.chmod(target, os.lstat(source).st_mode & 0o7777 | 0o700)  # noqa: PTH101
            with os.scandir(source) as entries:
                for entry in entries:
                    path = f"{target}/{entry.name}"
                    if entry.is_symlink():
                        os.symlink(os.readlink(entry.path), path)  # noqa: PTH115, PTH211
                    elif entry.is_dir():
                        folders.append((entry.path, path))
                    else:
                        _link(entry.path, path)

    def drop_next(self) -> None:
        """Remove a generation whose making has come to nothing, if there is one; raises `OSError`."""
        if disk.is_folder(self.next):
            disk.remove_tree(self.next)

    def switch(self, number: str) -> None:
        """Publish `next` as the generation `number`, from whatever point that had come to; raises `OSError`."""
        target = self.folder / number
        with contextlib.suppress(FileNotFoundError):  # then it has its number
            self.next.rename(target)
        if not disk.is_folder(target):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target))
        fresh = self.folder / "link"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"{self.folder.name}/{number}")
        fresh.replace(self.link)

    def prune(self, keep: Collection[str]) -> list[str]:
        """Remove all generations but those to `keep`; returns in words what couldn't be removed."""
        notes = []
        for number in sorted(self._numbers() - set(keep), key=int):
            try:
                disk.remove_tree(self.folder / number)
            except OSError as error:
                why = disk.machine_error(error, f"cannot remove the old generation {self.folder / number}")
                notes.append(f"{why} The new site is published all the same.")
        return notes

    def _numbers(self) -> set[str]:
        return {name for name in os.listdir(self.folder) if is_number(name)}  # noqa: PTH208  # names are wanted


def is_number(name: object) -> bool:
    """Whether a generation can have this name."""
    return isinstance(name, str) and _NUMBER.fullmatch(name) is not None


def address(output: Path) -> Path:
    """The real path by which an output is known, whichever of its generations is current."""
    generations = Generations.of(output)
    return generations.link if generations else Path(os.path.realpath(output))


def inside(path: Path) -> bool:
    """Whether a path leads into the generations of some output."""
    return any(_FOLDER.fullmatch(part) for part in path.parts)


def begin(output: Path) -> None:
    """Make of the empty folder `output` a link to a first, empty generation; nothing to do where it is one already.

    Raises `UsageError` for any other output, `MachineError`.
    """
    if Generations.of(output):
        return
    if output.is_symlink():
        raise UsageError(
            f"The output {output} is a symbolic link to {os.path.realpath(output)}, which is none of its generations, "
            "so --swap can't switch it. Name another --output, or build without --swap."
        )
    with disk.failing(f"cannot begin to publish {output} by swapping"):
        if os.listdir(output):  # noqa: PTH208  # only whether there is any
            raise UsageError(_full(output))
        link = Path(os.path.realpath(output))
        found = Generations(link, link.with_name(f".{link.name}.generations"))
        found.folder.mkdir(exist_ok=True)
        found.folder.chmod(disk.FOLDER_MODE)
        found.drop_next()
        found.next.mkdir()
        found.next.chmod(disk.FOLDER_MODE)
        link.rmdir()
        found.switch(found.following())


def _full(output: Path) -> str:
    old = f"{output}.old"
    return (
        f"The output {output} is a folder with files in it, and --swap needs a symbolic link in its place. "
        f"Move it away (mv {output} {old}), build with --swap, copy over what isn't Vijf's (such as .well-known), "
        f"then remove {old}."
    )


def _link(source: str, target: str) -> None:
    """Give a file a second name; where that can't be, copy it, with its mode and times."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise MachineError(
                f"{source} lies on another file system than the output, so it can't be carried over into a new "
                "generation; the former site stands. Unmount it, and put a symbolic link in its place."
            ) from error
        if error.errno not in _UNLINKED:
            raise
        disk.copy(source, target)
