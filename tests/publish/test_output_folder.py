"""Which folders may be built into: everything unplanned in them is deleted, so the wrong one must be refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folders import build, fill, nodes
from vijf.errors import MachineError, UsageError
from vijf.publish.state import State, claim

BUILD = b'{"generator": "vijf"}'


def refused(output, state=None, apart=()):
    """Expect that the output is refused as wrong usage, and return the message."""
    with pytest.raises(UsageError) as caught:
        claim(output, state or State.of(output), apart)
    return str(caught.value)


def test_state_lies_beside_the_output(tmp_path):
    """It is `.vijf/<output name>/` beside the output, so that no web server serves it, or wherever one says."""
    state = State.of(tmp_path / "site")
    assert state.folder == tmp_path / ".vijf/site"
    assert state.journal.parent == state.manifest.parent == state.lock.parent == state.stage.parent == state.folder
    assert State.of(tmp_path / "site", tmp_path / "state").folder == tmp_path / "state"


def test_missing_folders_are_created(tmp_path):
    """Output and state are made, with the folders above them."""
    output = tmp_path / "a/b/site"
    claim(output, State.of(output))
    assert output.is_dir()
    assert State.of(output).folder.is_dir()


def test_an_empty_folder_and_one_with_only_dotfiles_are_accepted(tmp_path):
    """Dotfiles at the root, such as .gitignore, don't make a folder somebody else's."""
    fill(tmp_path / "site", {".gitignore": b"*", ".git/config": b""})
    claim(tmp_path / "site", State.of(tmp_path / "site"))
    assert set(nodes(tmp_path / "site")) == {".gitignore", ".git", ".git/config"}


@pytest.mark.parametrize(
    "content",
    [
        {"thesis.doc": b""},
        {"build.json": b"{}"},
        {"build.json": b'{"generator": "hugo"}'},
        {"build.json": b'["generator", "vijf"]'},
        {"build.json": b'{"generator": "vijf"'},
        {"build.json": b"[" * 100_000},
        {"build.json": b'{"generator": "vijf"}' + b" " * (1 << 20)},
        {"build.json/generator": b"vijf"},
        {"sub/build.json": BUILD},
    ],
)
def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path, content):
    """Only a build.json that names Vijf makes a folder that isn't empty Vijf's own."""
    fill(tmp_path / "site", content)
    before = nodes(tmp_path)
    assert "is not empty and was not built by Vijf" in refused(tmp_path / "site")
    assert nodes(tmp_path) == before


def test_a_link_for_build_json_does_not_make_it_own(tmp_path):
    """A link may lead to another site's build.json."""
    fill(tmp_path, {"other/build.json": BUILD})
    (tmp_path / "site").mkdir()
    (tmp_path / "site/build.json").symlink_to(tmp_path / "other/build.json")
    assert "not built by Vijf" in refused(tmp_path / "site")


def test_a_former_output_is_own_without_its_state(tmp_path):
    """State is disposable: build.json is enough."""
    fill(tmp_path / "site", {"build.json": BUILD, "index.html": b""})
    claim(tmp_path / "site", State.of(tmp_path / "site"))


def test_a_former_output_is_own_without_its_build_json(tmp_path):
    """The state that belongs to it is enough too, as long as it knows of a build."""
    output = tmp_path / "site"
    build(output, {"build.json": BUILD, "index.html": b""})
    (output / "build.json").unlink()
    claim(output, State.of(output))
    State.of(output).manifest.unlink()
    assert "not built by Vijf" in refused(output)


def test_a_file_and_a_link_to_nowhere_are_refused(tmp_path):
    """An output is a folder, or nothing yet."""
    fill(tmp_path, {"file": b""})
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    assert "is a file" in refused(tmp_path / "file")
    assert "link to nowhere" in refused(tmp_path / "link")
    assert "link to nowhere" in refused(tmp_path / "circle")


def test_an_output_below_a_file_is_the_machines_failure(tmp_path):
    """The folders above can't be made; the message says where."""
    fill(tmp_path, {"file": b""})
    with pytest.raises(MachineError, match="Not a directory"):
        claim(tmp_path / "file/site", State.of(tmp_path / "file/site", tmp_path / "state"))


def test_the_root_and_the_home_folder_are_refused(tmp_path, monkeypatch):
    """Even an empty home folder is no place where everything unplanned may be deleted."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert "can't be an output" in refused(tmp_path / "home")
    assert "can't be an output" in refused(Path("/"), State.of(tmp_path / "x"))


def test_other_programs_data_is_refused(tmp_path):
    """No site is built inside a repository's .git or inside build state."""
    assert "another program's data" in refused(tmp_path / ".git/site")
    assert "another program's data" in refused(tmp_path / ".vijf")


@pytest.mark.parametrize("other", ["site", "site/below", "."])
def test_an_output_that_overlaps_its_content_or_state_is_refused(tmp_path, other):
    """Neither may be in the other, under whatever name."""
    (tmp_path / "site").mkdir()
    (tmp_path / "alias").symlink_to("site")
    for output in (tmp_path / "site", tmp_path / "alias"):
        assert "overlap" in refused(output, apart=[tmp_path / other])
        assert "overlap" in refused(output, State.of(output, tmp_path / other))


def test_a_state_folder_of_another_output_is_refused(tmp_path):
    """Its journal and manifest would be carried out and believed in the wrong folder."""
    claim(tmp_path / "one", State.of(tmp_path / "one", tmp_path / "state"))
    assert "belongs to the output" in refused(tmp_path / "two", State.of(tmp_path / "two", tmp_path / "state"))
    claim(tmp_path / "one", State.of(tmp_path / "one", tmp_path / "state"))


def test_a_folder_that_is_no_state_is_refused_as_state(tmp_path):
    """Files called `stage` or `manifest` may be somebody's."""
    fill(tmp_path / "papers", {"manifest": b"of 1848"})
    assert "no build state" in refused(tmp_path / "site", State.of(tmp_path / "site", tmp_path / "papers"))


def test_output_and_state_may_be_moved_together(tmp_path):
    """The state names its output by a relative path, so a checkout or cache may be moved."""
    build(tmp_path / "one/site", {"build.json": BUILD, "a": b""})
    (tmp_path / "one").rename(tmp_path / "two")
    (tmp_path / "two/site/build.json").unlink()
    claim(tmp_path / "two/site", State.of(tmp_path / "two/site"))


def test_a_state_on_another_file_system_is_refused(tmp_path):
    """Files are renamed into place, which works only on one file system."""
    other = Path("/dev/shm")  # noqa: S108  wanted for being another file system; only asked, never written
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    folder = other / f"vijf-{os.getpid()}"
    try:
        assert "two file systems" in refused(tmp_path / "site", State.of(tmp_path / "site", folder))
    finally:
        folder.rmdir()
