"""What a new site has to do away with: a reading of the output folder, which changes nothing.

Paths are relative, with slashes; a folder's path ends with one ("a/b/"). Links are never followed: a link is a
node like any file. Names at the root that begin with a dot (.git, .well-known) are left alone, but for files
that an earlier build wrote there.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vijf.errors import MachineError
from vijf.publish import disk
from vijf.publish.planned import Planned
from vijf.urls import parents


@dataclass(frozen=True, slots=True)
class Survey:
    """What goes, children before their folders.

    `clear`: what stands where a planned file needs a folder or the other way round, so it goes before any
    file is put in place. `remove`: everything else that isn't planned; goes after.
    """

    clear: tuple[str, ...]
    remove: tuple[str, ...]

    @property
    def files(self) -> Iterator[str]:
        """Everything in it that isn't a folder."""
        return (node for node in (*self.clear, *self.remove) if not node.endswith("/"))


def survey(root: Path, planned: Planned, former: Collection[str], folders: Collection[str] | None = None) -> Survey:
    """Compare the folder `root` with the plan; `former` are the paths that earlier builds wrote.

    Where `folders` are given, only these and what is below them is looked at; what is planned there is in `planned`.

    Raises `MachineError` where something that no build wrote stands in the way of a dotfile, and `OSError`.
    """
    if folders is None:
        nodes = list(_walk(root))
    else:
        nodes = [node for folder in sorted(folders) for node in _subtree(root, folder)]
    names = {node.rstrip("/") for node in nodes}
    going = [node for node in nodes if not _stays(root, node, planned, names)]
    going += _dotfiles(root, planned, former)
    _check_dotfiles(root, planned, set(going))
    clear = [node for node in reversed(going) if _in_the_way(node, planned)]
    remove = [node for node in reversed(going) if not _in_the_way(node, planned)]
    return Survey(tuple(clear), tuple(remove))


def real_parents(root: Path, path: str) -> bool:
    """Whether every folder that `path` lies in, below `root`, is a real folder there and no link."""
    return all(disk.is_folder(f"{root}/{folder}") for folder in parents(path))


def stands(root: Path, folders: Collection[str], files: Mapping[str, tuple[str, int]]) -> bool:
    """Whether `files` stand below `root` with their digests and sizes, as real files, and nothing else in `folders`."""
    planned = Planned()
    for path in files:
        planned.add(path)
    try:
        for folder in folders:
            for node in _subtree(root, folder):
                if node.rstrip("/") not in (planned.folders if node.endswith("/") else planned.files):
                    return False
        return all(disk.digest_of_file(f"{root}/{path}") == file for path, file in files.items())
    except OSError:
        return False


def check_rights(root: Path, nodes: Collection[str]) -> None:
    """Raise the `OSError` that changing one of `nodes` would meet: no right to write, or another file system.

    It asks before anything is changed, so that the site which stands is not left half replaced.
    """
    device = root.stat().st_dev
    folders = {node.rstrip("/").rpartition("/")[0] for node in nodes}
    above = str(root)
    for folder in sorted(folders):
        path = f"{above}/{folder}"
        status = disk.lstat(path)
        if status is None or not stat.S_ISDIR(status.st_mode):
            continue
        if not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        if status.st_dev != device:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), path)


def _walk(root: Path, start: str = "") -> Iterator[str]:
    """Yield all nodes below `start`, folders before what they hold; skips dot names at the root."""
    folders = [start]
    while folders:
        folder = folders.pop()
        with os.scandir(root / folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        for name, is_folder in found:
            if folder or not name.startswith("."):
                node = f"{folder}{name}/" if is_folder else folder + name
                yield node
                if is_folder:
                    folders.append(node)


def _subtree(root: Path, folder: str) -> Iterator[str]:
    """Yield the folder, if it is a real one, and all nodes below it; of anything else only itself."""
    if real_parents(root, f"{folder}/x"):
        yield f"{folder}/"
        yield from _walk(root, f"{folder}/")
    elif real_parents(root, folder) and disk.lstat(root / folder) is not None:
        yield folder


def _stays(root: Path, node: str, planned: Planned, names: Collection[str]) -> bool:
    path = node.rstrip("/")
    if path in (planned.folders if node.endswith("/") else planned.files):
        return True
    # On a file system that ignores case, "Logo.png" is where "logo.png" goes: removing it would remove the new
    # file. It is such a node if the planned name isn't listed and yet is there.
    spelling = planned.spelling(path)
    return spelling is not None and spelling not in names and os.path.lexists(root / spelling)


def _in_the_way(node: str, planned: Planned) -> bool:
    path = node.rstrip("/")
    return path in planned.files or path in planned.folders or any(above in planned.files for above in parents(path))


def _dotfiles(root: Path, planned: Planned, former: Collection[str]) -> list[str]:
    """List what earlier builds wrote below dot names and nobody plans now, with the folders that may be left empty."""
    going: set[str] = set()
    for path in former:
        if path.startswith(".") and path not in planned.files and real_parents(root, path):
            status = disk.lstat(root / path)
            if status is not None and not stat.S_ISDIR(status.st_mode):
                going.add(path)
                going.update(f"{above}/" for above in parents(path) if above not in planned.folders)
    return sorted(going)  # "a/" sorts before "a/b", so folders come before what they hold


def _check_dotfiles(root: Path, planned: Planned, going: Collection[str]) -> None:
    """Refuse to put a dotfile or dot folder where something else stands that no build wrote."""
    for path in sorted(path for path in planned.files if path.startswith(".")):
        blocking = next((node for node in _blocking(root, path) if node not in going), None)
        if blocking is not None:
            raise MachineError(
                f"{root}/{blocking} is in the way of {path}, and no build wrote it. "
                "Move it away, or leave that file out of the content, and build again."
            )


def _blocking(root: Path, path: str) -> Iterator[str]:
    """Yield what stands where the file `path` or one of its folders is to be."""
    for above in parents(path):
        if not disk.is_folder(root / above):
            if disk.lstat(root / above) is not None:
                yield above
            return
    if disk.is_folder(root / path):
        yield f"{path}/"
        yield from _walk(root, f"{path}/")
