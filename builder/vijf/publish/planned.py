"""The paths of a new site: relative, with slashes, safe, and each only once on every file system."""

from __future__ import annotations

from vijf.urls import folded, parents


class PlanError(AssertionError):
    """The program planned or did what it never may: two files at one path, a path that leads out of the site.

    Nobody who runs Vijf can put that right, so it is not a `VijfError`.
    """


def check(path: object) -> None:
    """Raise `PlanError` unless `path` is a relative POSIX path that stays inside and that UTF-8 can write."""
    if not isinstance(path, str):
        raise PlanError(f"{path!r} is not a path")
    if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise PlanError(f"{path!r} is not a safe relative path")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise PlanError(f"{path!r} can't be written in UTF-8") from None


class Planned:
    """The files of the new site and the folders they lie in, growing one path at a time."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self._spelled: dict[str, str] = {}  # folded -> as planned, where that is another; few are

    def add(self, path: str) -> None:
        """Plan the file `path`; raises `PlanError` where it is unsafe, taken, or a folder of another file."""
        check(path)
        key = folded(path)
        other = self._taken(key)
        known = path.rpartition("/")[0] in self.folders  # then nothing above it is a file
        over = None if known else next(filter(None, map(self._file, parents(key))), None)
        if other or over:
            raise PlanError(f"{path!r} and {other or over!r} can't both be in one site")
        self.files.add(path)
        self._spell(key, path)
        for folder in () if known else parents(path):
            if folder not in self.folders:
                self.folders.add(folder)
                self._spell(folded(folder), folder)

    def spelling(self, path: str) -> str | None:
        """Return the planned path that is `path` up to case and normal form; None where there is none."""
        return self._taken(folded(path))

    def _spell(self, key: str, path: str) -> None:
        if key != path:
            self._spelled.setdefault(key, path)

    def _taken(self, key: str) -> str | None:
        """The planned file or folder with the folded path `key`."""
        return key if key in self.files or key in self.folders else self._spelled.get(key)

    def _file(self, key: str) -> str | None:
        path = self._taken(key)
        return path if path in self.files else None
