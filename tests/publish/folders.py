"""Folders as values: what is in one, and a site staged and committed from a mapping of paths to bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import vijf
from vijf.digests import digest
from vijf.publish.manifest import Head, Pool, write_head
from vijf.publish.stage import Changes, Stage
from vijf.publish.state import State, claim


def nodes(folder: Path, *, modes: bool = False) -> dict[str, object]:
    """Return everything below `folder`: bytes for a file, "-> target" for a link, "folder" for a folder."""
    found: dict[str, object] = {}
    for above, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(above, name)
            mode = path.lstat().st_mode & 0o7777
            if path.is_symlink():
                value: object = f"-> {path.readlink()}"
            else:
                value = "folder" if path.is_dir() else path.read_bytes()
                value = (mode, value) if modes else value
            found[path.relative_to(folder).as_posix()] = value
    return found


def files(folder: Path) -> dict[str, object]:
    """Return the files and links below `folder`, as `nodes` does."""
    return {path: value for path, value in nodes(folder).items() if value != "folder"}


def fill(folder: Path, content: dict[str, bytes]) -> None:
    """Write files without Vijf."""
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def manifest_of(site: dict[str, bytes], name: str = "all") -> bytes:
    """Return the head of a manifest of a build that depended on `name` and has all these outputs."""
    files = {path: (digest(data), len(data)) for path, data in sorted(site.items())}
    return write_head(Head({"vijf": name}, (), (), {}, 0, (), {}, files, Pool(), ()))


def build(output: Path, site: dict[str, bytes], state: State | None = None) -> Changes:
    """Stage and commit `site`, as a build would."""
    state = state or State.of(output)
    claim(output, state)
    with Stage(output, state) as stage:
        for path, data in site.items():
            stage.put(path, data)
        return stage.commit(manifest_of(site))


def killed(action: str, source: Path, target: Path) -> tuple[list[Path], Path]:
    """Run `killed.py` and return the folders of the children that were killed, and of the one that wasn't."""
    environment = os.environ | {"PYTHONPATH": str(Path(vijf.__file__).parents[1])}
    script = Path(__file__).with_name("killed.py")
    target.mkdir()
    run = subprocess.run(
        [sys.executable, script, action, source, target], env=environment, check=True, capture_output=True, text=True
    )
    count = int(run.stdout)
    return [target / str(step) for step in range(1, count + 1)], target / str(count + 1)
