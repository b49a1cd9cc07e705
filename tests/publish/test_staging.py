"""A commit makes the output exactly what was planned, touches nothing else, and tells exactly what it did."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from folders import build, files, fill, manifest_of, nodes
from vijf.digests import digest
from vijf.publish import disk, survey
from vijf.publish.manifest import load
from vijf.publish.planned import PlanError
from vijf.publish.stage import Changes, Stage, Staged
from vijf.publish.state import State, claim

BUILD = b'{"generator": "vijf"}'


@pytest.fixture
def output(tmp_path):
    return tmp_path / "site"


@pytest.fixture
def stage(output):
    state = State.of(output)
    claim(output, state)
    with Stage(output, state) as stage:
        yield stage


def test_first_build_writes_exactly_the_plan(output):
    """An empty folder ends up with the planned files and no others."""
    site = {"build.json": BUILD, "index.html": b"hi", "nl/ketting/index.html": b"", ".well-known/x": b"y"}
    assert build(output, site) == Changes(tuple(sorted(site)), ())
    assert files(output) == site


def test_unplanned_files_and_the_folders_they_leave_empty_are_removed(output):
    """Files of a former plan, files of anyone else and empty folders go."""
    build(output, {"build.json": BUILD, "nl/old/deep/index.html": b"old", "nl/index.html": b"nl"})
    fill(output, {"stray/file": b"?"})
    (output / "hollow/hollower").mkdir(parents=True)
    changes = build(output, {"build.json": BUILD, "nl/index.html": b"nl"})
    assert changes == Changes((), ("nl/old/deep/index.html", "stray/file"))
    assert nodes(output) == {"build.json": BUILD, "nl": "folder", "nl/index.html": b"nl"}


def test_unchanged_files_are_not_touched(output):
    """A file whose bytes are the same keeps its inode and its times; another of the same size doesn't."""
    build(output, {"build.json": BUILD, "same": b"same", "other": b"ab"})
    before = (output / "same").stat(), (output / "other").stat()
    assert build(output, {"build.json": BUILD, "same": b"same", "other": b"cd"}).changed == ("other",)
    after = (output / "same").stat(), (output / "other").stat()
    assert (after[0].st_ino, after[0].st_mtime_ns) == (before[0].st_ino, before[0].st_mtime_ns)
    assert (output / "other").read_bytes() == b"cd"
    assert after[1].st_ino != before[1].st_ino


def test_a_file_of_another_size_is_replaced_unread(output, monkeypatch):
    """Its size already says that it differs."""
    build(output, {"build.json": BUILD, "other": b"abc"})
    monkeypatch.setattr(disk, "has_bytes", lambda *_: pytest.fail("read"))
    with Stage(output, State.of(output)) as stage:
        assert stage.put("other", b"abcd").number >= 0


def test_bytes_are_compared_to_the_end(tmp_path):
    """Neither a longer nor a shorter file that begins alike has the same bytes."""
    fill(tmp_path, {"file": b"abc"})
    assert [disk.has_bytes(tmp_path / "file", data) for data in (b"abc", b"ab", b"abcd", b"")] == [True, *[False] * 3]


def test_a_kept_file_stays_and_a_missing_one_is_not_planned(output):
    """keep() plans what stands, with the digest of its bytes, and gives None where nothing stands."""
    build(output, {"build.json": BUILD, "shop/index.html": b"last good"})
    with Stage(output, State.of(output)) as stage:
        stage.put("build.json", BUILD)
        kept = stage.keep("shop/index.html")
        assert kept == Staged("shop/index.html", digest(b"last good"), 9, -1)
        assert stage.keep("shop/never") is None
        assert stage.planned == {"build.json", "shop/index.html"}
        assert stage.commit(b"") == Changes((), ())
    assert files(output) == {"build.json": BUILD, "shop/index.html": b"last good"}


def test_a_link_is_never_kept(output, tmp_path):
    """What a link leads to is not the former site's, be it the file or a folder above it."""
    fill(tmp_path / "elsewhere", {"page": b"foreign"})
    build(output, {"build.json": BUILD})
    (output / "page").symlink_to(tmp_path / "elsewhere/page")
    (output / "folder").symlink_to(tmp_path / "elsewhere")
    with Stage(output, State.of(output)) as stage:
        assert stage.keep("page") is None
        assert stage.keep("folder/page") is None
        assert stage.planned == set()


def test_sizes_and_digests_are_of_everything_planned(output):
    """They come with each file that is put; digests are BLAKE2b of 128 bits. Only what is new goes into the stage."""
    build(output, {"build.json": BUILD, "same": b"12345"})
    with Stage(output, State.of(output)) as stage:
        same, new = stage.put("same", b"12345"), stage.put("new", b"abc")
        assert same == ("same", digest(b"12345"), 5, -1)
        assert new == ("new", "cf4ab791c62b8d2b2109c90275287816", 3, 0)
        assert stage.planned == {"same", "new"}
        assert [path.name for path in State.of(output).stage.iterdir()] == ["0"]


def test_bytes_are_not_kept_after_put(stage):
    """Memory doesn't grow with the size of the site: nothing refers to the bytes of a staged file."""
    data = os.urandom(1000)
    before = sys.getrefcount(data)
    stage.put("file", data)
    assert sys.getrefcount(data) == before


def test_a_block_that_ends_without_commit_changes_nothing(output):
    """A stage that is abandoned, by an exception or not, leaves the former site and no stage."""
    build(output, {"build.json": BUILD, "a": b"1"})
    before = nodes(output)
    with pytest.raises(KeyboardInterrupt), Stage(output, State.of(output)) as stage:
        stage.put("a", b"2")
        raise KeyboardInterrupt
    assert nodes(output) == before
    assert not State.of(output).stage.exists()


def test_commit_leaves_only_the_manifest(output):
    """Afterwards the state has the new manifest, and neither journal nor stage."""
    site = {"build.json": BUILD, "a": b"1"}
    build(output, site)
    state = State.of(output)
    assert state.manifest.read_bytes() == manifest_of(site)
    assert sorted(path.name for path in state.folder.iterdir()) == ["manifest", "owner"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": b"file"}, {"a/b/c": b"in a folder"}),
        ({"a/b/c": b"1", "a/d": b"2"}, {"a": b"file"}),
        ({"a/b": b"1"}, {"a/b/c": b"2", "a/d": b"3"}),
    ],
)
def test_files_and_folders_take_each_others_place(output, before, after):
    """A file may become a folder, and a folder with all it holds a file."""
    build(output, {"build.json": BUILD, **before})
    assert build(output, {"build.json": BUILD, **after}) == Changes(tuple(sorted(after)), tuple(sorted(before)))
    assert files(output) == {"build.json": BUILD, **after}


def test_links_are_replaced_or_removed_and_never_followed(output, tmp_path):
    """Links in the output are nodes like files: nothing they point to is read, changed or deleted."""
    elsewhere = {"index.html": b"foreign", "deep/file": b"foreign"}
    fill(tmp_path / "elsewhere", elsewhere)
    build(output, {"build.json": BUILD})
    for name in ("stray", "folder"):
        (output / name).symlink_to(tmp_path / "elsewhere")
    (output / "page").symlink_to(tmp_path / "elsewhere/index.html")
    (output / "nowhere").symlink_to("nowhere-at-all")
    site = {"build.json": BUILD, "folder/index.html": b"foreign", "page": b"foreign"}
    assert build(output, site) == Changes(("folder/index.html", "page"), ("folder", "nowhere", "stray"))
    assert files(output) == site
    assert files(tmp_path / "elsewhere") == elsewhere


def test_dotfiles_at_the_root_that_no_build_wrote_stay(output):
    """Other programs' .git and .gitignore are left alone, dotfiles further down are not."""
    mine = {".gitignore": b"*", ".git/config": b"[core]", ".well-known/acme/token": b"t"}
    fill(output, mine)
    (output / ".git/refs/tags").mkdir(parents=True)
    build(output, {"build.json": BUILD, "nl/index.html": b"nl", ".well-known/security.txt": b"s"})
    fill(output, {"nl/.DS_Store": b"?"})
    assert build(output, {"build.json": BUILD, "nl/index.html": b"nl"}).removed == (
        ".well-known/security.txt",
        "nl/.DS_Store",
    )
    assert files(output) == {"build.json": BUILD, "nl/index.html": b"nl", **mine}
    assert (output / ".git/refs/tags").is_dir()


def test_dotfiles_of_a_former_build_go_with_their_empty_folders(output):
    """A planned .nojekyll that is no longer planned goes: the former manifest names it."""
    build(output, {"build.json": BUILD, ".nojekyll": b"", ".well-known/x/y": b"y"})
    assert build(output, {"build.json": BUILD}).removed == (".nojekyll", ".well-known/x/y")
    assert nodes(output) == {"build.json": BUILD}


def test_dotfiles_of_a_former_build_are_not_looked_for_behind_links(output, tmp_path):
    """A folder that somebody has replaced by a link holds nothing that a build wrote."""
    build(output, {"build.json": BUILD, ".well-known/x": b"x"})
    (output / ".well-known").rename(tmp_path / "elsewhere")
    (output / ".well-known").symlink_to(tmp_path / "elsewhere")
    assert build(output, {"build.json": BUILD}).removed == ()
    assert files(tmp_path / "elsewhere") == {"x": b"x"}


def test_a_dot_folder_of_a_former_build_may_become_a_file(output):
    """What builds wrote under a dot name is theirs to replace."""
    build(output, {"build.json": BUILD, ".well-known/x/y": b"y"})
    assert build(output, {"build.json": BUILD, ".well-known": b"file"}).removed == (".well-known/x/y",)
    assert build(output, {"build.json": BUILD, ".well-known/z": b"z"}).removed == (".well-known",)
    assert files(output) == {"build.json": BUILD, ".well-known/z": b"z"}


def test_names_that_are_not_utf8_are_removed_too(output):
    """A stray file whose name is no Unicode text is unplanned like any other."""
    build(output, {"build.json": BUILD})
    stray = os.fsdecode(b"caf\xe9\n")
    fill(output, {stray: b"?"})
    assert build(output, {"build.json": BUILD}).removed == (stray,)
    assert files(output) == {"build.json": BUILD}


def test_modes_do_not_depend_on_the_umask(output):
    """Files are 0644 and folders 0755, so that a web server's user can read them."""
    former = os.umask(0o077)
    try:
        build(output, {"build.json": BUILD, "nl/a/b": b"1"})
    finally:
        os.umask(former)
    assert output.stat().st_mode & 0o7777 == 0o755
    assert nodes(output, modes=True) == {
        "build.json": (0o644, BUILD),
        "nl": (0o755, "folder"),
        "nl/a": (0o755, "folder"),
        "nl/a/b": (0o644, b"1"),
    }


def test_build_json_is_put_in_place_first(output, monkeypatch):
    """It marks the output as Vijf's own, so no other file may come before it, whatever the order of planning."""
    moved = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda one, other: (moved.append(os.fspath(other)), replace(one, other)))
    build(output, {"a": b"1", "b": b"2", "build.json": BUILD})
    assert [path for path in moved if path.startswith(f"{output}/")] == [
        f"{output}/{name}" for name in ("build.json", "a", "b")
    ]


def test_the_file_system_is_flushed_once_and_only_for_changes(output, monkeypatch):
    """One flush for all files, after the journal is written and before the first of them is moved; no fsync."""
    steps = []
    flush, replace = disk.flush, os.replace
    monkeypatch.setattr(disk, "flush", lambda folder: (steps.append("flush"), flush(folder)))
    monkeypatch.setattr(os, "replace", lambda one, other: (steps.append(Path(other).name), replace(one, other)))
    monkeypatch.setattr(os, "fsync", lambda _: steps.append("fsync"))
    build(output, {"build.json": BUILD, "a": b"1"})
    assert steps == ["journal", "flush", "build.json", "a", "manifest"]
    steps.clear()
    assert build(output, {"build.json": BUILD, "a": b"1"}) == Changes((), ())
    assert steps == ["manifest"]


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../a", "a/../b", "a/..", "./a", "a/.", "a//b", "a/", "a\0b", "caf\udce9"],
)
def test_unsafe_paths_are_refused(stage, path):
    """A path that isn't relative, leads out, has empty parts, or that UTF-8 can't write is an error in the program."""
    with pytest.raises(PlanError):
        stage.put(path, b"")
    with pytest.raises(PlanError):
        stage.keep(path)
    assert stage.planned == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "a"),
        ("a", "a/b"),
        ("a/b/c", "a"),
        ("a/b/c", "a/b"),
        ("logo.png", "Logo.png"),
        ("A", "a/b"),
        ("a/B/c", "A/b"),
        ("stra\u00dfe", "STRASSE"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
def test_two_files_that_one_file_system_could_not_hold_are_refused(stage, one, other):
    """The same path twice, a file that is another's folder, or names that differ only by case or normal form."""
    stage.put(one, b"1")
    with pytest.raises(PlanError):
        stage.put(other, b"2")


def test_folders_may_be_shared_and_names_may_begin_alike(stage):
    """Neither a folder with two files nor a name that begins with another is a collision."""
    for path in ("a/b", "a/c", "a.html", "ab", "A/d"):
        stage.put(path, b"")
    assert len(stage.planned) == 5


def test_a_stage_is_committed_once(stage):
    """After a commit nothing can be planned or committed any more."""
    stage.put("build.json", BUILD)
    stage.commit(b"")
    with pytest.raises(PlanError):
        stage.commit(b"")
    with pytest.raises(PlanError):
        stage.put("late", b"")


def test_another_spelling_of_a_planned_file_stays_where_the_file_system_ignores_case(output, monkeypatch):
    """There the listing says Logo.png for what was planned as logo.png: removing it would remove the new file."""
    build(output, {"build.json": BUILD})
    fill(output, {"Logo.png": b"1"})
    exists = os.path.lexists
    monkeypatch.setattr(survey.os.path, "lexists", lambda path: exists(path) or Path(path).name == "logo.png")
    assert build(output, {"build.json": BUILD, "logo.png": b"1"}).removed == ()


def test_another_spelling_of_a_planned_file_goes_where_case_matters(output):
    """On other file systems it is just another file."""
    build(output, {"build.json": BUILD, "Logo.png": b"1"})
    assert build(output, {"build.json": BUILD, "logo.png": b"1"}).removed == ("Logo.png",)
    assert files(output) == {"build.json": BUILD, "logo.png": b"1"}


def test_the_output_may_be_a_link_to_a_folder(output, tmp_path):
    """Both names of the folder have one state, beside the real folder."""
    (tmp_path / "real/site").mkdir(parents=True)
    output.symlink_to(tmp_path / "real/site")
    build(output, {"build.json": BUILD})
    assert files(tmp_path / "real/site") == {"build.json": BUILD}
    assert load(tmp_path / "real/.vijf/site/manifest") is not None
