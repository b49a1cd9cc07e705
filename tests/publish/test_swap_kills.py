"""A swap that is killed at any step shows the former site or the new one, whole, and the next build completes it."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys

import pytest
from contents import differing, environment, files, review
from folders import fill, killed, manifest_of, nodes
from generations import current, generation, is_whole, kept
from vijf.digests import digest
from vijf.errors import MachineError
from vijf.publish import disk
from vijf.publish.generations import Generations, begin
from vijf.publish.journal import Journal, read, recover, write
from vijf.publish.seal import seal
from vijf.publish.stage import Stage
from vijf.publish.state import State, claim, exclusive

OLD = {
    "build.json": b'{"generator": "vijf", "n": 1}',
    ".nojekyll": b"",
    "index.html": b"old",
    "same": b"same",
    "gone/deep/file": b"gone",
    "file-to-folder": b"old",
    "folder-to-file/a/b": b"old",
}
NEW = {
    "build.json": b'{"generator": "vijf", "n": 2}',
    "index.html": b"new",
    "same": b"same",
    "file-to-folder/a": b"new",
    "folder-to-file": b"new",
    "nl/-/score/index.html": b"new",
}


def publish(output, site):
    """Stage and commit a site, as a build with `--swap` would."""
    state = State.of(output)
    claim(output, state)
    with exclusive(state):
        recover(output, state)
        begin(output)
        with Stage(output, state) as stage:
            for path, data in site.items():
                stage.put(path, data)
            return stage.commit(manifest_of(site))


@pytest.fixture
def source(tmp_path):
    """A site in generation 2 with a dotfile and a link of somebody else, and the next site to be built over it."""
    folder = tmp_path / "source"
    folder.mkdir()
    publish(folder / "site", {"build.json": OLD["build.json"]})
    publish(folder / "site", OLD)
    fill(folder, {"site/.well-known/token": b"mine"})
    (folder / "site/.link").symlink_to("..")
    fill(folder / "new", NEW)
    (folder / "new.manifest").write_bytes(manifest_of(NEW))
    return folder


@pytest.fixture
def finished(source, tmp_path):
    """What the new site is when nothing is killed."""
    whole = tmp_path / "whole"
    shutil.copytree(source, whole, symlinks=True)
    publish(whole / "site", NEW)
    return nodes(whole / "site", modes=True)


def check_completed(folder, former, finished):
    """Expect one whole site, before and after a recovery, and that the next build leaves nothing behind."""
    output, state = folder / "site", State.of(folder / "site")
    in_force = state.journal.exists()
    stands = nodes(output, modes=True)
    assert stands in (former, finished)
    assert nodes(generation(output, "2"), modes=True) == former
    assert recover(output, state) == in_force
    assert nodes(output, modes=True) == (finished if in_force else stands)
    assert not recover(output, state)
    assert not state.journal.exists()
    new = nodes(output, modes=True) == finished
    assert state.manifest.read_bytes() == manifest_of(NEW if new else OLD)
    publish(output, NEW)
    assert nodes(output, modes=True) == finished
    assert nodes(generation(output, "2"), modes=True) == former
    assert not {"next", "link"} & set(kept(output))
    return "journal" if in_force else "new" if new else "former"


def test_a_swap_killed_at_any_step_leaves_one_whole_site(source, finished, tmp_path):
    """Never a mixture, journal or not; what was published before is never written to."""
    former = nodes(source / "site", modes=True)
    folders, survivor = killed("commit", source, tmp_path / "killed")
    seen = [check_completed(folder, former, finished) for folder in [*folders, survivor]]
    assert seen == sorted(seen, key=["former", "journal", "new"].index)
    assert seen.count("former") > 2 * len(OLD) + len(NEW)
    assert seen.count("journal") >= 4  # number, link, its place, manifest
    assert seen.count("new") >= 2  # what is left of the stage, old generations


def test_a_recovery_of_a_swap_killed_at_any_step_is_completed_by_the_next(source, finished, tmp_path):
    """Wherever the swap was killed after it had been decided, and wherever its recovery is killed too."""
    former = nodes(source / "site", modes=True)
    folders, _ = killed("commit", source, tmp_path / "killed")
    pairs = 0
    for folder in folders:
        if State.of(folder / "site").journal.exists():
            again, survivor = killed("recover", folder, tmp_path / f"twice-{folder.name}")
            pairs += len(again)
            for twice in [*again, survivor]:
                check_completed(twice, former, finished)
    assert pairs > 10


def test_a_beginning_killed_at_any_step_can_be_begun_again(tmp_path):
    """The folder was empty, so there is nothing to lose."""
    source = tmp_path / "source"
    (source / "site").mkdir(parents=True)
    folders, survivor = killed("begin", source, tmp_path / "killed")
    for folder in [*folders, survivor]:
        publish(folder / "site", OLD)
        assert files(folder / "site") == OLD
        assert not {"next", "link"} & set(kept(folder / "site"))
    assert len(folders) >= 5


@pytest.fixture
def interrupted(source, monkeypatch):
    """A swap that came to its end when it had been decided and nothing had been done yet."""
    output = source / "site"
    with monkeypatch.context() as patch:
        patch.setattr(Generations, "switch", fail)
        with pytest.raises(MachineError, match="may not be in place yet, the next build completes it: Input/output"):
            publish(output, NEW)
    assert "next" in kept(output)
    return output, State.of(output)


def fail(*_arguments):
    """What a broken disk does."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_the_journal_of_a_swap_is_one_step(interrupted):
    """It names the number of the new generation, and nothing else."""
    _, state = interrupted
    text = state.journal.read_bytes()
    assert text.splitlines()[1] == b'{"swap":"3"}'
    assert read(text) == Journal(digest(manifest_of(NEW)), swap="3")
    assert b"".join(write(read(text))) == text


def test_a_generation_is_on_the_disk_before_it_is_decided_on(source, monkeypatch):
    """The file system is flushed once, when all files are in the new generation and no journal vouches for it yet."""
    output, state, seen = source / "site", State.of(source / "site"), []

    def flush(folder):
        seen.append((folder, state.journal.exists(), current(output), files(Generations.of(output).next)))

    monkeypatch.setattr(disk, "flush", flush)
    publish(output, NEW)
    ((folder, decided, number, new),) = seen
    assert (folder, decided, number) == (Generations.of(output).folder, False, "2")
    assert new == files(output)
    publish(output, NEW)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "steps",
    [
        *([{"swap": number}] for number in ("", "../x", "03", "-1", "next", 3, None, ["3"], "3/", "3\n", "٣")),
        [{"swap": "3"}, {"swap": "4"}],
        [{"swap": "3"}, {"remove": "index.html"}],
        [{"remove": "index.html"}, {"swap": "3"}],
    ],
)
def test_a_journal_with_another_number_or_more_steps_is_none(steps):
    """A generation is named by a plain number, and switching is all that a swap does: no journal leads elsewhere."""
    assert read(seal([{"vijf-journal": 1, "manifest": "0"}, *steps])) is None


def test_a_torn_journal_of_a_swap_is_dropped_and_the_former_site_stays(interrupted):
    """The generation that it would have published goes too, with the next build."""
    output, state = interrupted
    state.journal.write_bytes(state.journal.read_bytes()[:-1])
    assert not recover(output, state)
    assert current(output) == "2"
    assert not state.manifest.exists()
    publish(output, NEW)
    assert kept(output) == ["2", "3"]


def test_a_journal_whose_generation_is_gone_is_dropped(interrupted):
    """There is nothing to switch to, so the former site stays and nothing that was known is believed."""
    output, state = interrupted
    shutil.rmtree(Generations.of(output).next)
    assert not recover(output, state)
    assert current(output) == "2"
    assert not state.manifest.exists()


def test_a_journal_whose_link_has_become_a_folder_is_dropped(interrupted):
    """Somebody put a plain folder in its place: it is left alone, and built into as such."""
    output, state = interrupted
    output.unlink()
    fill(output, {".mine": b"mine"})
    assert not recover(output, state)
    assert files(output) == {".mine": b"mine"}


@pytest.mark.slow
def test_real_builds_killed_at_any_moment_show_one_whole_site(content, run, tmp_path):
    """Whole processes, killed a bit later each time: at each moment the link leads to a site that fits its sums."""
    content.shop("peer", 30)
    content.shop("appel", 8)
    assert run("build", "--swap").code == 0
    output = tmp_path / "site"
    command = [sys.executable, "-m", "vijf", "build", "--content", content.folder, "--output", output, "--jobs", "1"]
    ended = killed_builds = 0
    for number in range(200):
        content.reviews("peer", "2025.yaml", review(400 + number))
        build = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            build.communicate(timeout=0.12 + 0.01 * number)
            ended += 1
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            build.communicate()
            killed_builds += 1
        assert is_whole(files(output))
        if ended > 3:
            break
    assert killed_builds > 3
    assert run("build").code == 0
    assert not {"next", "link"} & set(kept(output))
    clean = tmp_path / "clean/site"
    assert run("build", "--output", clean).code == 0
    assert differing(files(output), files(clean)) == []
