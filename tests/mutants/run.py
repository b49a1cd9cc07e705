"""Break the code in one way at a time and see that the tests notice: `make mutants`, or `run.py NAME...` for some.

`mutants.yaml` lists each mutant: the file, the text to replace (which must occur exactly once), what replaces it,
why that would be bad, and the tests that must fail. A mutant that survives is a hole in the tests.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("mutants.yaml")
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to break the code."""

    name: str
    file: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]


def load() -> list[Mutant]:
    """All mutants; raises `ValueError` for one whose text doesn't occur exactly once any more."""
    mutants = []
    for entry in yaml.safe_load(LIST.read_text("utf-8")):
        mutant = Mutant(**{**entry, "tests": tuple(entry["tests"])})
        count = (ROOT / mutant.file).read_text("utf-8").count(mutant.old)
        if count != 1:
            raise ValueError(f"{mutant.name}: its text occurs {count} times in {mutant.file}; it must occur once")
        mutants.append(mutant)
    return mutants


def known_files() -> list[str]:
    """The project's files: what git tracks, what it would, and the compiled catalogues."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    compiled = [str(path.relative_to(ROOT)) for path in (ROOT / "builder").rglob("*.mo")]
    return [name for name in (*listed, *compiled) if name and (ROOT / name).is_file()]


def survives(mutant: Mutant | None, tests: tuple[str, ...], *options: str) -> tuple[bool, str]:
    """Whether `tests` pass in a copy of the project with `mutant` in it (None: unchanged), and what pytest said."""
    with tempfile.TemporaryDirectory(prefix="vijf-mutant-") as folder:
        copy = Path(folder) / "project"
        for name in known_files():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
        for name in ("widget/node_modules", "tests/checkers/node_modules"):
            if (ROOT / name).is_dir():
                (copy / name).symlink_to(ROOT / name)
        if mutant is not None:
            path = copy / mutant.file
            path.write_text(path.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow",
            *options,
            *tests,
        ]
        environment = {**os.environ, "PYTHONPATH": str(copy / "builder"), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            run = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return False, "did not end"
        last = run.stdout.strip().splitlines()[-1:] or [run.stderr.strip()[-200:]]
        if run.returncode not in (0, 1):
            raise RuntimeError(f"pytest itself failed with {run.returncode}:\n{run.stdout}\n{run.stderr}")
        return run.returncode == 0, last[0]


def main() -> int:
    """Run the mutants that were named, or all; the number of survivors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    mutants = [mutant for mutant in load() if not options.names or mutant.name in options.names]
    needed = tuple(sorted({test for mutant in mutants for test in mutant.tests}))
    sound, said = survives(None, needed, "-n", str(options.jobs), "--dist", "loadfile")
    if not sound:
        print(f"the tests fail without any mutant: {said}")  # noqa: T201  # a command
        return 1
    started = time.monotonic()
    survivors = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, (alive, said) in zip(mutants, pool.map(lambda m: survives(m, m.tests), mutants), strict=True):
            print(f"{'SURVIVED' if alive else 'killed  '}  {mutant.name}: {mutant.why}  ({said})", flush=True)  # noqa: T201  # a command
            if alive:
                survivors.append(mutant.name)
    minutes = (time.monotonic() - started) / 60
    print(f"{len(mutants) - len(survivors)} of {len(mutants)} mutants killed in {minutes:.1f} minutes")  # noqa: T201  # a command
    return len(survivors)


if __name__ == "__main__":
    sys.exit(main())
