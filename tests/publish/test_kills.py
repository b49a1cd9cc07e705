"""A build that is killed leaves the former site or a journal from which the new one is completed, never a mixture."""

from __future__ import annotations

import shutil

import pytest
from folders import build, fill, killed, manifest_of, nodes
from vijf.publish.journal import read, recover
from vijf.publish.state import State

OLD = {
    "build.json": b'{"generator": "vijf", "n": 1}',
    ".nojekyll": b"",
    "index.html": b"old",
    "same": b"same",
    "gone/deep/file": b"gone",
    "known/a": b"same",
    "file-to-folder": b"old",
    "folder-to-file/a": b"old",
    "folder-to-file/b/c": b"old",
}
NEW = {
    "build.json": b'{"generator": "vijf", "n": 2}',
    "index.html": b"new",
    "same": b"same",
    "file-to-folder/a": b"new",
    "folder-to-file": b"new",
    "known/a": b"same",
    "known/b": b"new",
    "link/page": b"new",
    "nl/-/score/index.html": b"new",
}


@pytest.fixture
def source(tmp_path):
    """A site, a dotfile and a link of somebody else in it, and the next site to be built over it."""
    folder = tmp_path / "source"
    build(folder / "site", OLD)
    (folder / "site/.gitignore").write_bytes(b"*")
    (folder / "site/link").symlink_to("..")
    fill(folder / "new", NEW)
    (folder / "new.manifest").write_bytes(manifest_of(NEW, "new"))
    return folder


@pytest.fixture
def finished(source, tmp_path):
    """What the new site is when nothing is killed."""
    whole = tmp_path / "whole"
    shutil.copytree(source, whole, symlinks=True)
    build(whole / "site", NEW)
    return nodes(whole / "site", modes=True)


def check_recovered(folder, expected, manifest):
    """Recover, and expect that site and manifest and a clean state; a second recovery has nothing to do."""
    output = folder / "site"
    state = State.of(output)
    recover(output, state)
    assert nodes(output, modes=True) == expected
    assert state.manifest.read_bytes() == manifest
    assert not state.journal.exists()
    assert not state.stage.exists()
    assert not recover(output, state)


def test_a_commit_killed_at_any_step_leaves_the_former_site_or_becomes_the_new_one(source, finished, tmp_path):
    """Without a journal the output is the complete former or new site; with one, recovery makes it the new one."""
    former, manifests = nodes(source / "site", modes=True), (manifest_of(OLD), manifest_of(NEW, "new"))
    folders, survivor = killed("commit", source, tmp_path / "killed")
    seen = {"former": 0, "journal": 0, "new": 0}
    for folder in folders:
        state = State.of(folder / "site")
        if state.journal.exists():
            assert read(state.journal.read_bytes()) is not None
            assert state.manifest.read_bytes() in manifests
            seen["journal"] += 1
            check_recovered(folder, finished, manifests[1])
            continue
        stands = nodes(folder / "site", modes=True)
        assert stands in (former, finished)
        new = stands == finished
        assert state.manifest.read_bytes() == manifests[new]
        seen["new" if new else "former"] += 1
        check_recovered(folder, stands, manifests[new])
    check_recovered(survivor, finished, manifests[1])
    assert min(seen.values()) > 0
    assert seen["journal"] > len(NEW) + 4  # each move, and what goes before and after


def test_a_recovery_killed_at_any_step_is_completed_by_the_next(source, finished, tmp_path):
    """Wherever the commit was killed, and wherever its recovery is killed too, the new site is completed."""
    folders, _ = killed("commit", source, tmp_path / "killed")
    interrupted = [folder for folder in folders if State.of(folder / "site").journal.exists()]
    pairs = 0
    for folder in interrupted[::3]:  # each step of a recovery is still met after many different kills
        again, survivor = killed("recover", folder, tmp_path / f"twice-{folder.name}")
        pairs += len(again)
        for twice in [*again, survivor]:
            check_recovered(twice, finished, manifest_of(NEW, "new"))
            shutil.rmtree(twice)
    assert pairs > 100


def test_a_stage_without_a_journal_is_dropped(source):
    """What a killed build had staged is of no use to the next."""
    output = source / "site"
    state = State.of(output)
    fill(state.folder, {"stage/0": b"half", "stage/1": b""})
    before = nodes(output)
    assert not recover(output, state)
    assert nodes(output) == before
    assert not state.stage.exists()
    assert state.manifest.exists()


@pytest.fixture
def interrupted(source, tmp_path):
    """A commit that was killed between two moves: some files are in place, others still staged."""
    folders, _ = killed("commit", source, tmp_path / "killed")
    for folder in folders:
        output, state = folder / "site", State.of(folder / "site")
        if state.journal.exists() and (output / "index.html").read_bytes() == b"new":
            return output, state
    raise AssertionError("no child was killed there")


def test_a_torn_journal_is_dropped_with_its_stage_and_the_manifest(interrupted):
    """A power cut can tear the journal; nothing is sure then, so the output is left and the next build is full."""
    output, state = interrupted
    whole = state.journal.read_bytes()
    before = nodes(output)
    for torn in (b"", whole[:-1], whole[: len(whole) // 2], whole.replace(b"index", b"xndex"), b"\0" * len(whole)):
        state.manifest.write_bytes(b"old")
        fill(state.folder, {"journal": torn, "stage/0": b"x"})
        assert not recover(output, state)
        assert nodes(output) == before
        assert sorted(path.name for path in state.folder.iterdir()) == ["owner"]


def test_a_journal_that_no_longer_fits_is_dropped_and_the_next_build_is_a_full_one(interrupted):
    """Somebody emptied the output, or the stage, after the kill: nothing fails for ever, and nothing is believed."""
    output, state = interrupted
    shutil.rmtree(output)
    output.mkdir()
    assert not recover(output, state)
    assert nodes(output) == {}
    assert not state.manifest.exists()
    build(output, NEW)
    assert set(NEW) <= set(nodes(output))


def test_a_journal_whose_stage_is_gone_is_dropped(interrupted):
    """Files that are neither staged nor in place can't be put in place."""
    output, state = interrupted
    shutil.rmtree(state.stage)
    assert not recover(output, state)
    assert not state.manifest.exists()
    assert not state.journal.exists()
    build(output, NEW)
    assert nodes(output)["folder-to-file"] == b"new"


def test_a_journal_that_misses_one_new_file_is_dropped(interrupted):
    """A former file that still stands where a lost one should be isn't taken for it: it has another size."""
    output, state = interrupted
    journal = read(state.journal.read_bytes())
    lost = next(number for number, path, _ in journal.move if path == "known/b")
    (state.stage / str(lost)).unlink()
    (output / "known/b").write_bytes(b"something else")
    assert not recover(output, state)
    assert not state.manifest.exists()


def test_a_journal_that_misses_its_manifest_is_dropped_with_the_former_one(interrupted):
    """The former manifest would vouch for files that have been replaced."""
    output, state = interrupted
    (state.stage / "manifest").unlink()
    assert not recover(output, state)
    assert not state.manifest.exists()


def test_recovery_writes_through_no_link(interrupted, tmp_path):
    """A folder that has become a link since the kill is not written to."""
    output, state = interrupted
    fill(tmp_path, {"elsewhere/a": b"precious"})
    shutil.rmtree(output / "known")
    (output / "known").symlink_to(tmp_path / "elsewhere")
    assert not recover(output, state)
    assert nodes(tmp_path / "elsewhere") == {"a": b"precious"}


def test_recovery_spares_what_was_put_there_since(interrupted, tmp_path):
    """A folder that has new files is not removed, and no link that has come up since is followed."""
    output, state = interrupted
    fill(tmp_path, {"precious/deep/file": b"precious"})
    shutil.rmtree(output / "gone")
    (output / "gone").symlink_to(tmp_path / "precious")
    assert recover(output, state)
    assert (tmp_path / "precious/deep/file").read_bytes() == b"precious"
