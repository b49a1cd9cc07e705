"""What the machine refuses becomes a message that says what, where and what to do; the former site stands."""

from __future__ import annotations

import errno
import os
import pickle
import stat
from types import SimpleNamespace

import pytest
from folders import build, fill, nodes
from vijf.errors import ContentError, Diagnostic, MachineError, Span, UsageError
from vijf.publish import disk
from vijf.publish.disk import failing, machine_error
from vijf.publish.journal import recover
from vijf.publish.planned import PlanError
from vijf.publish.stage import Stage
from vijf.publish.state import State, claim

OLD = {"build.json": b'{"generator": "vijf"}', "index.html": b"old", "nl/index.html": b"old"}
NEW = {**OLD, "index.html": b"new", "de/index.html": b"new"}


@pytest.fixture
def output(tmp_path):
    build(tmp_path / "site", OLD)
    return tmp_path / "site"


def fails(monkeypatch, name, number, when):
    """Make `os.<name>` raise that error for the calls whose arguments `when` accepts."""
    function = getattr(os, name)

    def call(*arguments, **options):
        if when(*arguments):
            raise OSError(number, os.strerror(number), "/the/place")
        return function(*arguments, **options)

    monkeypatch.setattr(os, name, call)


def stands(output):
    """Expect the former site, no stage and no journal."""
    state = State.of(output)
    assert {path: data for path, data in nodes(output).items() if data != "folder"} == OLD
    assert not state.stage.exists()
    assert not state.journal.exists()


@pytest.mark.parametrize("of", [b"new", b'{"vijf-journal"', b'{"vijf-manifest"'])
def test_a_full_disk_while_staging_leaves_the_former_site(output, monkeypatch, of):
    """Whether a page, the journal or the manifest doesn't fit: nothing was touched, and the advice is to free space."""
    fails(monkeypatch, "write", errno.ENOSPC, lambda _, data: bytes(data).startswith(of))
    with pytest.raises(MachineError, match=r"No space left.*Free some space"):
        build(output, NEW)
    stands(output)


def test_a_short_write_is_continued(output, monkeypatch):
    """The system may write less than it was given, without an error."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
    build(output, NEW)
    assert nodes(output)["de/index.html"] == b"new"


def test_a_folder_without_the_right_to_write_is_found_before_anything_changes(output, monkeypatch):
    """The rights of every folder that changes are asked first, so the site isn't left half replaced."""
    fill(output, {"nl/stray": b""})
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("/nl") and access(path, mode))
    with pytest.raises(MachineError, match=r"the former site stands: Permission denied \(.*/nl\)\. Give"):
        build(output, NEW)
    (output / "nl/stray").unlink()
    stands(output)


def test_a_folder_on_another_file_system_is_found_before_anything_changes(output, monkeypatch):
    """A disk mounted inside the output takes no files by renaming."""
    status = disk.lstat
    other = SimpleNamespace(st_dev=-1, st_mode=stat.S_IFDIR)
    monkeypatch.setattr(disk, "lstat", lambda path: other if str(path) == f"{output}/nl" else status(path))
    with pytest.raises(MachineError, match=r"the former site stands: Invalid cross-device link"):
        build(output, {**NEW, "nl/index.html": b"new"})
    monkeypatch.undo()
    stands(output)


def test_an_output_without_the_right_to_write_is_refused_at_once(output, monkeypatch):
    """Before hours of rendering, not after."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(MachineError, match="Permission denied"):
        claim(output, State.of(output))


@pytest.mark.parametrize("path", ["x" * 256, "new/" + "é" * 128 + ".html", "/".join(["long" * 20] * 60)])
def test_a_name_too_long_is_found_while_staging(output, path):
    """A rename would find it only in the middle of the commit."""
    with pytest.raises(MachineError, match=r"name too long.*Shorten"):
        build(output, {**NEW, path: b""})
    stands(output)


@pytest.mark.parametrize(
    ("stranger", "path"), [(".nojekyll/mine", ".nojekyll"), (".well-known", ".well-known/security.txt")]
)
def test_a_stranger_in_the_way_of_a_dotfile_is_not_removed(output, stranger, path):
    """Dotfiles that no build wrote stay, so a plan that needs their place is refused, and says which."""
    fill(output, {stranger: b"mine"})
    with pytest.raises(MachineError, match="is in the way of"):
        build(output, {**NEW, path: b""})
    assert (output / stranger).read_bytes() == b"mine"
    assert (output / "index.html").read_bytes() == b"old"


def test_an_empty_folder_in_the_way_of_a_dotfile_is_not_removed_either(output):
    """It may be somebody's mount point."""
    (output / ".nojekyll").mkdir()
    with pytest.raises(MachineError, match="is in the way of"):
        build(output, {**NEW, ".nojekyll": b""})
    assert (output / ".nojekyll").is_dir()


def test_a_failure_in_the_middle_of_the_commit_is_completed_by_the_next_build(output, monkeypatch):
    """The journal stays in force with its stage, and the message says so."""
    state = State.of(output)
    with monkeypatch.context() as patch:
        fails(patch, "replace", errno.EIO, lambda _, target: os.fspath(target).endswith("de/index.html"))
        with pytest.raises(MachineError, match=r"the next build completes it: Input/output error"):
            build(output, NEW)
        with pytest.raises(MachineError, match="cannot complete the build that was interrupted"):
            recover(output, state)
        with pytest.raises(PlanError, match="recover"):
            build(output, NEW)
    assert recover(output, state)
    assert {path: data for path, data in nodes(output).items() if data != "folder"} == NEW


def test_an_unreadable_file_of_the_former_site_is_replaced(output, monkeypatch):
    """A file whose bytes can't be compared counts as different."""
    inode = (output / "index.html").stat().st_ino
    place = str(output / "index.html")
    fails(monkeypatch, "open", errno.EIO, lambda path, *_: os.fspath(path) == place)
    assert build(output, OLD).changed == ("index.html",)
    assert (output / "index.html").stat().st_ino != inode


def test_an_output_that_vanishes_is_reported(output):
    """Deleting the folder during a build is an error with a place, not a traceback."""
    state = State.of(output)
    output.rename(output.parent / "moved")
    with pytest.raises(MachineError, match="site"), Stage(output, state):
        pytest.fail("the output is gone")


def test_messages_say_what_where_why_and_what_to_do():
    """Each known error has its advice, an unknown one a general one, and none lacks the place."""
    text = str(machine_error(OSError(errno.EROFS, "Read-only file system", "/srv/site"), "cannot stage a.html"))
    assert text == (
        "cannot stage a.html: Read-only file system (/srv/site). "
        "Mount the file system for writing, or choose another folder with --output."
    )
    assert str(machine_error(OSError(errno.EDOM, "Odd"), "cannot")) == "cannot: Odd. Put that right and build again."
    assert str(machine_error(OSError("odd"), "cannot")) == "cannot: OSError. Put that right and build again."


def test_only_the_machines_errors_are_translated():
    """An error of the program stays what it is."""
    with pytest.raises(KeyError), failing("cannot"):
        raise KeyError


@pytest.mark.parametrize(
    "error",
    [
        machine_error(OSError(errno.ENOSPC, "No space left on device", "/srv"), "cannot stage a.html"),
        UsageError("The output site is a file."),
        PlanError("'a' and 'A' can't both be in one site"),
        ContentError([Diagnostic(Span("a.yaml", 1, 2), "code", "wrong")]),
    ],
)
def test_every_error_pickles(error):
    """Errors cross a process pool: type, arguments and text survive."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert type(again) is type(error)
    assert again.args == error.args
    assert str(again) == str(error)
