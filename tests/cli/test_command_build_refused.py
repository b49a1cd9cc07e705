"""`vijf build` where something is wrong: faults, folders, files, disks; the site that stood before still stands."""

import builtins
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from contents import environment, files, review, stamps
from vijf.publish import journal

BROKEN = "- {id: x, received: 2024-01-02, published: soon, rating: 11}\n"


def test_faults_leave_the_former_site_as_it_is(content, run, tmp_path):
    """With a fault anywhere the build returns 1, shows every fault, and doesn't touch the site."""
    content.shop("peer", 6)
    run("build")
    before, stamped = files(tmp_path / "site"), stamps(tmp_path / "site")
    content.shop("peer", 9)
    content.shop("appel", 1)
    content.write("shops/appel/reviews/x.yaml", BROKEN)
    content.write("shops/zuur/shop.yaml", "name: Zuur\n")
    done = run("build")
    assert done.code == 1
    assert done.out == ""
    *faults, last = done.err.splitlines()
    assert [fault.split(": ")[0] for fault in faults] == [
        "content/shops/appel/reviews/x.yaml:1:44",
        "content/shops/appel/reviews/x.yaml:1:58",
        "content/shops/zuur/shop.yaml:1:1",
    ]
    assert last.startswith("vijf: 3 faults; nothing was written")
    assert files(tmp_path / "site") == before
    assert stamps(tmp_path / "site") == stamped


def test_a_first_build_with_faults_writes_no_site(content, run, tmp_path):
    """Where no site stood before, none is there afterwards; `--json` says why on standard output."""
    content.write("shops/appel/shop.yaml", "name: Appel\n")
    done = run("build", "--json")
    assert done.code == 1
    assert [fault["code"] for fault in json.loads(done.out)["faults"]] == ["missing-key"]
    assert not list(tmp_path.glob("site/*"))


def test_keep_going_keeps_what_a_faulty_shop_had(content, run, tmp_path):
    """The shop with faults keeps its last output, the others are built, the faults are shown, and it returns 1."""
    content.shop("appel", 6)
    content.shop("peer", 6)
    run("build")
    before = files(tmp_path / "site")
    content.write("shops/appel/reviews/x.yaml", BROKEN)
    content.shop("peer", 7)
    done = run("build", "--keep-going")
    after = files(tmp_path / "site")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "kept as they stood because of faults: appel"
    assert "content/shops/appel/reviews/x.yaml:1:58" in done.err
    assert {path for path in after if "/appel/" in path} == {path for path in before if "/appel/" in path}
    assert all(after[path] == before[path] for path in after if "/appel/" in path)
    assert json.loads(after["v1/peer/score.json"])["counted"] == 7
    assert b"/nl/appel/" in after["nl/index.html"]
    (content.folder / "shops/appel/reviews/x.yaml").unlink()
    assert run("build").code == 0


def test_a_faulty_shop_is_tried_again_by_every_build(content, run):
    """Also by one that is told to look at another shop only: the fault is said again, until it is mended."""
    content.shop("peer", 1)
    content.shop("sound", 1)
    assert run("build").code == 0
    content.write("shops/peer/shop.yaml", "name: Peer\n")
    assert run("build", "--keep-going").code == 1
    path = content.reviews("sound", "new.yaml", review(50))
    done = run("build", "--keep-going", "--changed", path)
    assert done.code == 1
    assert "content/shops/peer/shop.yaml" in done.err
    assert "kept as they stood because of faults: peer" in done.out
    assert run("build", "--changed", path).code == 1
    content.shop("peer", 1)
    assert run("build", "--changed", path).code == 0


def test_keep_going_has_no_mercy_on_the_site_itself(content, run, tmp_path):
    """Faults in `site.yaml` concern every page, so nothing is built."""
    content.shop("peer", 6)
    content.site(threshold=3)
    done = run("build", "--keep-going")
    assert done.code == 1
    assert "site.yaml" in done.err
    assert not list(tmp_path.glob("site/*"))


@pytest.mark.usefixtures("content")
def test_a_foreign_folder_is_refused(run, tmp_path):
    """A folder with somebody else's files isn't built into: nothing in it is lost."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.odt").write_text("years of work")
    done = run("build")
    assert done.code == 2
    assert "The output site is not empty and was not built by Vijf" in done.err
    assert files(tmp_path / "site") == {"thesis.odt": b"years of work"}


@pytest.mark.parametrize("output", ["content", "content/site", "."])
def test_an_output_that_overlaps_the_content_is_refused(content, run, output):
    """Content is never built over, from whichever side the folders overlap."""
    before = files(content.folder)
    done = run("build", "--output", output)
    assert done.code == 2
    assert "overlap" in done.err or "was not built by Vijf" in done.err
    assert {path: data for path, data in files(content.folder).items() if path[0] != "."} == before


def test_a_refused_output_leaves_nothing_in_the_content(content, run):
    """An output in the content is refused before anything, such as a lock, is written there."""
    before = files(content.folder)
    run("build", "--output", "content/site")
    assert files(content.folder) == before


@pytest.mark.parametrize(
    ("folder", "message"),
    [("nowhere", "there is no such folder"), ("empty", "holds no site.yaml, so it is no content")],
)
def test_no_content_is_wrong_usage(run, tmp_path, folder, message):
    """Where there is no content the message says how to get some, and it returns 2."""
    (tmp_path / "empty").mkdir()
    done = run("build", "--content", folder)
    assert done.code == 2
    assert message in done.err
    assert "vijf init" in done.err
    assert not (tmp_path / "site").exists()


def test_an_unreadable_file_is_the_machines_fault(content, run, tmp_path, monkeypatch):
    """A file that can't be read returns 3 with its name and the reason, and the former site stands."""
    content.shop("peer", 6)
    run("build")
    before = files(tmp_path / "site")
    content.shop("peer", 7)
    usual = builtins.open

    def refusing(path, *arguments, **options):
        if str(path).endswith("/2024.yaml"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return usual(path, *arguments, **options)

    monkeypatch.setattr(builtins, "open", refusing)
    done = run("build")
    monkeypatch.undo()
    assert done.code == 3
    assert done.err == "vijf: content/shops/peer/reviews/2024.yaml: can't be read: Permission denied\n"
    assert files(tmp_path / "site") == before


@pytest.mark.parametrize("at", [1, 2, 7])
def test_a_full_disk_leaves_the_former_site(content, run, tmp_path, monkeypatch, at):
    """Whenever the disk is full, it returns 3 and says what to do; the site is as it was, and a later build works."""
    content.shop("peer", 6)
    run("build")
    before = files(tmp_path / "site")
    content.shop("peer", 9)
    count = 0
    usual = os.write

    def full(descriptor, data):
        nonlocal count
        count += 1
        if count >= at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return usual(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        done = run("build")
    assert done.code == 3
    assert "No space left on device" in done.err
    assert "Free some space" in done.err
    assert files(tmp_path / "site") == before
    assert run("build").code == 0
    assert json.loads(files(tmp_path / "site")["v1/peer/score.json"])["counted"] == 9


def test_a_date_in_the_future_is_refused(content, run):
    """The clock may refuse a date; only `until` may lie ahead."""
    content.shop("peer", status="left", until="2199-01-01", member_since="2020-01-01")
    assert run("check").code == 0
    content.reviews("peer", "2024.yaml", review(0, published="2198-01-01"))
    done = run("build")
    assert done.code == 1
    assert "[future]" in done.err


def test_stopping_in_the_middle_of_the_change_does_not_claim_that_nothing_happened(content, run, monkeypatch):
    """Ctrl-C while files are put in place: the site isn't as it was, so the message doesn't say so."""
    content.shop("peer", 6)
    run("build")
    content.shop("peer", 7)
    usual = journal._move
    moved = []

    def interrupted(staged, root, path, sound):
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(path)
        usual(staged, root, path, sound)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_move", interrupted)
        done = run("build")
    assert done.code == 130
    assert len(moved) == 2
    assert "the site is as it was" not in done.err
    again = run("build")
    assert again.out.startswith("an earlier build had been interrupted; its change was completed first\n")


@pytest.mark.parametrize("command", [["build"], ["explain", "peer"], ["check"], ["snippet", "peer"]])
def test_output_that_cannot_be_written_is_the_machines_fault(content, tmp_path, command):
    """Where standard output is full there is a message and exit code 3, not a traceback."""
    content.shop("peer", 1)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "vijf", *command],
            cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "No space left on device" in done.stderr
    assert done.returncode == 3


def test_a_reader_that_has_seen_enough_is_no_error(content, tmp_path):
    """`vijf explain SHOP | head -1` ends quietly."""
    content.shop("peer")
    many = [review(number, received="2024-01-01", published="2024-01-01") for number in range(4000)]
    content.reviews("peer", "many.yaml", *many)
    script = f"{sys.executable} -m vijf explain peer | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "peer (peer), newest first:\n0\n"
    assert done.stderr == ""
