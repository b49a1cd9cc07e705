"""Real builds that are killed, stopped, doubled or starved: the site is whole, and the next build completes it."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from contents import Content, differing, environment, files, review
from vijf.publish import disk
from vijf.publish.build import build
from vijf.publish.state import State

PATIENCE = 60
"""Seconds until a test gives up; nothing is expected to take as long."""


@dataclass(frozen=True)
class Two:
    """Two contents, and what a clean build makes of each."""

    contents: tuple[Path, Path]
    sites: tuple[dict[str, bytes], dict[str, bytes]]


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems for builds in this process."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A content and its successor: a shop more and one less, new reviews in every other, a page that became a file."""
    folder = tmp_path_factory.mktemp("two")
    former, new = Content(folder / "former"), Content(folder / "new")
    for content, extra in ((former, 0), (new, 3)):
        content.site()
        for number in range(5):
            content.shop(f"shop{number + extra // 3}", 45 + extra)
        content.write(f"static/{'a/b' if extra else 'a'}", "a file here, a folder there\n")
    built = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "flush", lambda _folder: None)
        for content in (former, new):
            output = folder / f"{content.folder.name}-site"
            build(content.folder, output, State.of(output), None)
            built.append(files(output))
    return Two((former.folder, new.folder), (built[0], built[1]))


def start(content, output):
    """A real build in a process of its own."""
    command = [sys.executable, "-m", "vijf", "build", "--content", str(content), "--output", str(output)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(path, process):
    """Wait until a build has made `path`, or has ended."""
    deadline = time.monotonic() + PATIENCE
    while not os.path.lexists(path) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.0005)


def test_a_killed_build_leaves_whole_files_and_is_completed(two, tmp_path):
    """Thirty builds over a former site, killed at random moments: see `kill_builds`."""
    kill_builds(two, tmp_path / "site", 30)


@pytest.mark.slow
def test_many_killed_builds_leave_whole_files_and_are_completed(two, tmp_path):
    """The same, two hundred times."""
    kill_builds(two, tmp_path / "site", 200)


def kill_builds(two, output, times):
    """Kill builds of one content over the other, half of them while files are put in place.

    After each kill every file that stands is whole: with the bytes of the former site or of the new one. The next
    build, of either content, then makes exactly what a clean build makes.
    """
    chance = random.Random(5)  # noqa: S311  moments, not secrets
    state = State.of(output)
    stands, killed, committing = 0, 0, 0
    build(two.contents[stands], output, state, None)
    for number in range(times):
        process = start(two.contents[1 - stands], output)
        wait_for(state.journal if number % 2 else state.stage, process)
        time.sleep(chance.uniform(0, 0.01 if number % 2 else 0.15))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        committing += state.journal.exists()
        for path, data in files(output).items():
            assert data in (two.sites[0].get(path), two.sites[1].get(path)), path
        stands = chance.randrange(2)
        interrupted = state.journal.exists()
        report = build(two.contents[stands], output, state, None)
        assert report.recovered == interrupted
        assert differing(files(output), two.sites[stands]) == []
        assert not state.stage.exists()
    assert killed > times / 2
    assert committing > 0


def test_a_build_that_was_killed_twice_is_completed(two, tmp_path):
    """Killed, and its successor killed too: the third build finds its way."""
    output = tmp_path / "site"
    state = State.of(output)
    build(two.contents[0], output, state, None)
    for content in (two.contents[1], two.contents[0]):
        process = start(content, output)
        wait_for(state.journal, process)
        process.kill()
        process.communicate()
    build(two.contents[1], output, state, None)
    assert differing(files(output), two.sites[1]) == []


def test_a_second_build_at_the_same_time_is_refused(two, tmp_path):
    """While one build is running another says so and returns 3; the first then completes as if alone."""
    output = tmp_path / "site"
    state = State.of(output)
    build(two.contents[0], output, state, None)
    first = start(two.contents[1], output)
    wait_for(state.stage, first)
    first.send_signal(signal.SIGSTOP)
    second = start(two.contents[1], output)
    _, said = second.communicate(timeout=PATIENCE)
    assert differing(files(output), two.sites[0]) == []
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=PATIENCE)
    assert second.returncode == 3
    assert said.startswith("vijf: Another build of this output is running")
    assert "Traceback" not in said
    assert first.returncode == 0
    assert differing(files(output), two.sites[1]) == []


def test_builds_started_together_leave_one_whole_site(two, tmp_path):
    """Each either builds or is refused, and the site is that of a clean build."""
    output = tmp_path / "deep/site"
    processes = [start(two.contents[0], output) for _ in range(3)]
    said = [process.communicate(timeout=PATIENCE)[1] for process in processes]
    codes = [process.returncode for process in processes]
    assert set(codes) <= {0, 3}
    assert 0 in codes
    assert all("Another build" in words for words, code in zip(said, codes, strict=True) if code)
    assert differing(files(output), two.sites[0]) == []


def test_ctrl_c_leaves_the_former_site(two, tmp_path):
    """Stopped while it renders: exit code 130, a word of comfort, and the site as it was."""
    output = tmp_path / "site"
    state = State.of(output)
    build(two.contents[0], output, state, None)
    process = start(two.contents[1], output)
    wait_for(state.stage / "0", process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip() == "vijf: stopped; the site is as it was"
    assert differing(files(output), two.sites[0]) == []
    assert not state.stage.exists()


@pytest.mark.parametrize("limit", [0, 1000, 10_000])
def test_a_file_system_that_is_full_leaves_the_former_site(two, tmp_path, vijf, limit):
    """Where a file can't become long enough: exit code 3 with advice, no traceback, and the site as it was."""
    output = tmp_path / "site"
    build(two.contents[0], output, State.of(output), None)
    done = vijf(
        "build", "--content", two.contents[1],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert done.code == 3
    assert done.err.startswith("vijf: cannot ")
    assert "File too large" in done.err
    assert "Raise the limit" in done.err
    assert differing(files(output), two.sites[0]) == []
    assert vijf("build", "--content", two.contents[1]).code == 0
    assert differing(files(output), two.sites[1]) == []


def peak(content, output):
    """The most memory that a build of `content` takes, in KiB."""
    process = start(content, output)
    process.stdout.close()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_shops(tmp_path):
    """Shops are read, rendered and forgotten one by one: eight times as many take hardly more memory."""
    content = Content(tmp_path / "content")
    content.site()
    peaks = {}
    for count in (50, 400):
        for number in range(count):
            content.reviews(f"shop{number}", "2024.yaml", *(review(n, text="Een tekst. " * 100) for n in range(40)))
            content.shop(f"shop{number}")
        peaks[count] = peak(content.folder, tmp_path / "site")
        assert len([path for path in (tmp_path / "site/v1").iterdir() if path.is_dir()]) == count
        shutil.rmtree(tmp_path / "site")
    assert peaks[400] < 1.15 * peaks[50], peaks
