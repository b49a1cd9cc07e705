"""Files that others than the stage itself have made or vouch for: workers, the manifest, the folders that changed."""

from __future__ import annotations

import pytest
from folders import build, files, fill, manifest_of, nodes
from vijf.digests import digest
from vijf.publish import disk
from vijf.publish.planned import PlanError
from vijf.publish.stage import WORKER, Changes, Stage, Staged, Stager
from vijf.publish.state import State

BUILD = b'{"generator": "vijf"}'
SITE = {"build.json": BUILD, "nl/a/index.html": b"a", "nl/b/index.html": b"b", "v1/a/x": b"1"}


@pytest.fixture
def output(tmp_path):
    """A site that stands."""
    build(tmp_path / "site", SITE)
    return tmp_path / "site"


def described(site):
    """Digest and size of each file, as a manifest says them."""
    return {path: (digest(data), len(data)) for path, data in site.items()}


def test_what_workers_put_is_adopted_and_committed(output):
    """Each numbers its files in its own way, so none overwrites another's; what stands already isn't staged."""
    state = State.of(output)
    with Stage(output, state) as stage:
        stage.put("build.json", BUILD)
        made = [
            Stager(output, state, 1).put("nl/a/index.html", b"new a"),
            Stager(output, state, 2).put("nl/b/index.html", b"b"),
            Stager(output, state, 3).put("nl/c/index.html", b"c"),
        ]
        assert [staged.number for staged in made] == [WORKER, -1, 3 * WORKER]
        assert sorted(path.name for path in state.stage.iterdir()) == [str(WORKER), str(3 * WORKER)]
        for staged in made:
            stage.adopt(staged)
        assert stage.commit(b"") == Changes(("nl/a/index.html", "nl/c/index.html"), ("v1/a/x",))
    assert files(output) == {
        "build.json": BUILD,
        "nl/a/index.html": b"new a",
        "nl/b/index.html": b"b",
        "nl/c/index.html": b"c",
    }


@pytest.mark.parametrize("path", ["build.json", "BUILD.json", "build.json/x", "../x", "/x"])
def test_what_is_adopted_or_carried_is_checked_like_what_is_put(output, path):
    """Two files at one place, or a path that leads out, are errors wherever they come from."""
    with Stage(output, State.of(output)) as stage:
        stage.put("build.json", BUILD)
        with pytest.raises(PlanError):
            stage.adopt(Staged(path, "d", 1, -1))
        with pytest.raises(PlanError):
            stage.carry([path])
        assert list(stage.planned) == ["build.json"]


def test_carried_files_stay_unread(output, monkeypatch):
    """The manifest vouches for them; nothing else of the former site does."""
    monkeypatch.setattr(disk, "has_bytes", lambda *_: pytest.fail("read"))
    monkeypatch.setattr(disk, "digest_of_file", lambda *_: pytest.fail("read"))
    known = described(SITE)
    with Stage(output, State.of(output)) as stage:
        stage.carry(known.keys() - {"v1/a/x"})
        assert stage.commit(b"") == Changes((), ("v1/a/x",))


def test_a_known_file_is_compared_unread(output, monkeypatch):
    """Digest and size of what stands spare reading it; other bytes are staged all the same."""
    with monkeypatch.context() as patch:
        patch.setattr(disk, "has_bytes", lambda *_: pytest.fail("read"))
        with Stage(output, State.of(output)) as stage:
            known = digest(b"a"), 1
            assert stage.put("nl/a/index.html", b"a", known) == Staged("nl/a/index.html", *known, -1)
    with Stage(output, State.of(output)) as stage:
        assert stage.put("nl/a/index.html", b"c", known).number == 0
        assert stage.put("nl/b/index.html", b"b", (digest(b"other"), 1)).number == -1


def test_only_folders_that_changed_are_looked_at(output):
    """What isn't planned goes there, and stays elsewhere; what has no place in a folder goes with it."""
    fill(output, {"nl/a/old/deep": b"?", "nl/b/stray": b"?", "v1/stray": b"?"})
    with Stage(output, State.of(output)) as stage:
        stage.put("nl/a/index.html", b"new")
        stage.put("build.json", BUILD)
        changes = stage.commit(manifest_of(SITE), ["nl/a", "v1/a", "nl/never"])
    assert changes == Changes(("nl/a/index.html",), ("nl/a/old/deep", "v1/a/x"))
    assert nodes(output) == {
        "build.json": BUILD,
        "nl": "folder",
        "nl/a": "folder",
        "nl/a/index.html": b"new",
        "nl/b": "folder",
        "nl/b/index.html": b"b",
        "nl/b/stray": b"?",
        "v1": "folder",
        "v1/stray": b"?",
    }


def test_a_folder_that_became_a_link_or_file_is_replaced_not_followed(output, tmp_path):
    """Also where it is one of those that are looked at."""
    fill(tmp_path / "elsewhere", {"index.html": b"a", "precious": b"p"})
    (output / "nl/a/index.html").unlink()
    (output / "nl/a").rmdir()
    (output / "nl/a").symlink_to(tmp_path / "elsewhere")
    (output / "v1/a/x").unlink()
    (output / "v1/a").rmdir()
    (output / "v1/a").write_bytes(b"?")
    with Stage(output, State.of(output)) as stage:
        for path, data in SITE.items():
            stage.put(path, data)
        changes = stage.commit(manifest_of(SITE), ["nl/a", "v1/a"])
    assert changes == Changes(("nl/a/index.html", "v1/a/x"), ("nl/a", "v1/a"))
    assert files(output) == SITE
    assert files(tmp_path / "elsewhere") == {"index.html": b"a", "precious": b"p"}


def test_a_comparison_changes_nothing_and_says_what_a_commit_would(output):
    """The stage goes, and the site is as it was."""
    fill(output, {"stray": b"?"})
    before, state = nodes(output), State.of(output)
    manifest = state.manifest.read_bytes()
    with Stage(output, state) as stage:
        for path, data in (SITE | {"nl/a/index.html": b"other"}).items():
            stage.put(path, data)
        assert stage.compare() == Changes(("nl/a/index.html",), ("stray",))
    assert nodes(output) == before
    assert state.manifest.read_bytes() == manifest
    assert not state.stage.exists()
    assert not state.journal.exists()
