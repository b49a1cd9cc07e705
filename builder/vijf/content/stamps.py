"""Stamps: what the file system says of a shop's files (names, sizes, times, inodes), without reading them.

An equal stamp proves that nothing changed since it was taken; another one, or none, proves nothing. A file that changed
in the same tick of the clock in which the build began may change again without a trace, so it gets no stamp (the rule
that git calls racy).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from hashlib import blake2b

NONE = ""
"""The stamp of what can't be vouched for; equal to no other."""
FOREVER = 1 << 63
"""Later than every file: a stamp as of then is taken to be compared, not to be kept."""
_SIZE = 12
_REVIEWS = "reviews"


def shop_stamp(shops: str, slug: str, since: int) -> str:
    """The stamp of the shop's folder in the folder `shops`: of every name in it and in its `reviews/`.

    `since` is when the build began, in nanoseconds. `NONE` where something is a link, can't be looked at, or changed
    as late as that.
    """
    parts: list[str] = []
    folder = f"{shops}/{slug}"
    if not (_add_entries(parts, folder, since) and _add_entries(parts, f"{folder}/{_REVIEWS}", since, missing=True)):
        return NONE
    return _digest(parts)


def folders_stamp(root: str, folders: Iterable[str], since: int) -> str:
    """The stamp of folders below `root` themselves: it changes when a name in one of them comes or goes."""
    parts: list[str] = []
    for folder in folders:
        try:
            status = os.lstat(f"{root}/{folder}")
        except OSError:
            parts.append(f"{folder}\0-")
            continue
        if not stat.S_ISDIR(status.st_mode) or status.st_mtime_ns >= since:
            return NONE
        parts.append(f"{folder}\0{status.st_mtime_ns}\0{status.st_ino}")
    return _digest(parts)


def files_stamp(root: str, paths: Iterable[str], since: int) -> str:
    """The stamp of files below `root`. `NONE` where one is a link, isn't there, or changed as late as `since`."""
    parts: list[str] = []
    for path in paths:
        try:
            status = os.lstat(f"{root}/{path}")
        except OSError:
            return NONE
        if not stat.S_ISREG(status.st_mode) or max(status.st_mtime_ns, status.st_ctime_ns) >= since:
            return NONE
        times = f"{status.st_mtime_ns}\0{status.st_ctime_ns}"
        parts.append(f"{path}\0{status.st_size}\0{times}\0{status.st_ino}")
    return _digest(parts)


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=_SIZE).hexdigest()


def _add_entries(parts: list[str], folder: str, since: int, *, missing: bool = False) -> bool:
    """Add what there is to say of each entry of `folder`; gives whether all of it can be relied on."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=_name)
    except FileNotFoundError:
        parts.append("-")
        return missing
    except OSError:
        return False
    for entry in found:
        status = entry.stat(follow_symlinks=False)
        if status.st_ctime_ns >= since or status.st_mtime_ns >= since or stat.S_ISLNK(status.st_mode):
            return False
        times = f"{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}"
        parts.append(f"{entry.name}\0{times}\0{status.st_ino}\0{status.st_mode}")
    parts.append("/")
    return True


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
