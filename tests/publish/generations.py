"""An output that is a link, as tests look at it: which generation is published, and whether it is one whole site."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path


def current(output: Path) -> str:
    """The number of the generation that the link names."""
    folder, _, number = str(output.readlink()).rpartition("/")
    assert folder == f".{output.name}.generations"
    return number


def kept(output: Path) -> list[str]:
    """The names beside the current generation, and itself."""
    return sorted(path.name for path in output.with_name(f".{output.name}.generations").iterdir())


def generation(output: Path, number: str) -> Path:
    """The folder of a generation."""
    return output.with_name(f".{output.name}.generations") / number


def inodes(folder: Path) -> dict[str, int]:
    """Path -> inode of every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in found}


def read_at_once(output: Path) -> dict[str, bytes]:
    """All files of what an output is now, read through one opened folder, whatever is published meanwhile."""
    root = os.open(output, os.O_RDONLY | os.O_DIRECTORY)
    try:
        found = {}
        for folder, _, names, descriptor in os.fwalk(".", dir_fd=root):
            for name in names:
                file = os.open(name, os.O_RDONLY, dir_fd=descriptor)
                with os.fdopen(file, "rb") as opened:
                    found[os.path.normpath(f"{folder}/{name}")] = opened.read()
        return found
    finally:
        os.close(root)


def shops_made(done: object) -> set[str]:
    """The shops that a build with `--explain` says it has made anew."""
    assert done.code == 0, done.err
    return {line.split("/")[1] for line in done.out.splitlines() if line.startswith("v1/") and "/score.json:" in line}


def is_whole(files: dict[str, bytes]) -> bool:
    """Whether files are exactly those that their `build.json` says: number, and sum as docs/outputs.md has it."""
    said = json.loads(files["build.json"])
    total = 0
    for path, data in files.items():
        if path != "build.json":
            line = f"{hashlib.blake2b(data, digest_size=16).hexdigest()}  {path}\n".encode()
            total += int.from_bytes(hashlib.blake2b(line, digest_size=32).digest(), "big")
    return said["files"] == len(files) - 1 and said["output"] == f"{total % (1 << 256):064x}"
