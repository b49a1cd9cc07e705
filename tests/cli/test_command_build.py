"""`vijf build` as people meet it: what it prints, what it returns, what it writes and what it leaves alone."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from contents import environment, files, review
from vijf import __version__
from vijf.publish import journal


def stamps(folder):
    """What shows that a file was touched at all: inode, modification time and mode of everything in a folder."""
    found = {path: path.lstat() for path in [folder, *folder.rglob("*")]}
    return {path: (node.st_ino, node.st_mtime_ns, node.st_mode) for path, node in found.items()}


def summary(done):
    """The summary of a build with `--json`."""
    return json.loads(done.out)


def of(slug, paths):
    """The paths in the folders of one shop, without its slug, to be read easily."""
    return {path.replace(f"/{slug}/", "/SHOP/") for path in paths if f"/{slug}/" in path}


def test_summary_says_how_much_was_done(content, run, tmp_path):
    """One line: shops, reviews, where to, files, bytes, and how many of them were written."""
    content.shop("peer", 6)
    content.shop("appel", 2)
    done = run("build")
    count = len(files(tmp_path / "site"))
    assert done.code == 0
    assert done.err == ""
    form = rf"2 shops, 8 reviews -> site: {count} files, \d+\.\d kB; {count} written, 0 removed, 0 unchanged \(.* s\)\n"
    assert re.fullmatch(form, done.out)


def test_json_names_what_changed_for_a_purge(content, run, tmp_path):
    """`changed` holds exactly the new files and those with new bytes, `removed` exactly those that are gone."""
    content.shop("peer", 6)
    content.shop("appel", 2)
    first = summary(run("build", "--json"))
    before = files(tmp_path / "site")
    assert first["changed"] == sorted(before)
    assert first["removed"] == []
    assert (first["shops"], first["reviews"], first["files"]) == (2, 8, len(before))
    assert first["bytes"] == sum(map(len, before.values()))
    shutil.rmtree(content.folder / "shops/appel")
    content.shop("peer", 7)
    second = summary(run("build", "--json"))
    after = files(tmp_path / "site")
    assert second["changed"] == sorted(path for path in after if after[path] != before.get(path))
    assert second["removed"] == sorted(before.keys() - after.keys())
    assert second["removed"]
    assert (second["faults"], second["warnings"], second["kept"], second["recovered"]) == ([], [], [], False)


def test_a_second_build_writes_nothing(content, run, tmp_path):
    """Where nothing changed, no file or folder is touched: same inode, same time, same mode."""
    content.shop("peer", 25)
    run("build")
    before = stamps(tmp_path / "site")
    done = summary(run("build", "--json"))
    assert (done["changed"], done["removed"]) == ([], [])
    assert stamps(tmp_path / "site") == before


def test_one_new_review_rewrites_only_what_shows_it(content, run, tmp_path):
    """Of its shop: the head page, one archive page, the data and what shows the score; nothing of another shop."""
    content.site(languages=["nl", "en"])
    content.shop("peer", 45)
    content.shop("appel", 6)
    run("build")
    before = stamps(tmp_path / "site")
    content.reviews("peer", "new.yaml", review(45))
    changed = summary(run("build", "--json"))["changed"]
    badges = {f"v1/SHOP/{form}.{tail}.svg" for form in ("badge", "badge-wide") for tail in ("nl", "nl-dark")}
    dutch = {"nl/SHOP/index.html", "nl/SHOP/page/3/index.html", "v1/SHOP/widget.nl.js", *badges}
    english = {path.replace("nl", "en") for path in dutch}
    data = {"v1/SHOP/score.json", "v1/SHOP/reviews.json", "v1/SHOP/reviews/2.json"}
    mine, rest = of("peer", changed), {path for path in changed if "/peer/" not in path}
    assert dutch | english | data <= mine
    # Kinds of output that aren't named here may change with the score, but no other page or badge.
    assert {path for path in mine if path.endswith("index.html") or "/badge" in path} <= dutch | english
    assert {"build.json", "nl/index.html", "en/index.html"} <= rest
    assert not of("appel", changed)
    assert not {path for path in rest if "/-/" in path or path in ("index.html", "404.html", "review/index.html")}
    untouched = {path: stamp for path, stamp in before.items() if not path.is_dir()}
    for path in changed:
        untouched.pop(tmp_path / "site" / path, None)
    after = stamps(tmp_path / "site")
    assert {path: after[path] for path in untouched} == untouched


@pytest.mark.xfail(strict=True, reason="every part of the archive repeats the total")
def test_one_new_review_rewrites_one_part_of_the_open_data(content, run):
    """Besides the head only the part of the archive into which the head's oldest review moves."""
    content.shop("peer", 45)
    run("build")
    content.reviews("peer", "new.yaml", review(45))
    changed = summary(run("build", "--json"))["changed"]
    assert [path for path in changed if "/reviews" in path] == ["v1/peer/reviews.json", "v1/peer/reviews/2.json"]


def test_a_removed_shop_leaves_nothing_behind(content, run, tmp_path):
    """Its files and folders go; what the other shops have stays."""
    content.shop("peer", 6)
    content.shop("appel", 6)
    run("build")
    before = files(tmp_path / "site")
    shutil.rmtree(content.folder / "shops/appel")
    done = summary(run("build", "--json"))
    assert done["removed"] == sorted(path for path in before if "/appel/" in path)
    assert not list((tmp_path / "site").rglob("appel"))
    assert of("peer", files(tmp_path / "site")) == of("peer", before)


def test_a_renamed_shop_keeps_answering_at_its_earlier_address(content, run, tmp_path):
    """With `formerly`, every earlier address still answers: pages lead on, data and widgets hold what is new."""
    content.shop("oud", 25)
    run("build")
    before = files(tmp_path / "site")
    (content.folder / "shops/oud").rename(content.folder / "shops/nieuw")
    content.shop("nieuw", formerly=["oud"])
    assert summary(run("build", "--json"))["removed"] == []
    after = files(tmp_path / "site")
    assert before.keys() <= after.keys()
    assert b"https://reviews.example.nl/nl/nieuw/" in after["nl/oud/index.html"]
    assert b"/nl/nieuw/page/2/" in after["nl/oud/page/2/index.html"]
    assert after["v1/oud/score.json"] == after["v1/nieuw/score.json"]
    assert json.loads(after["v1/oud/reviews.json"])["next"] == "/v1/oud/reviews/1.json"
    assert after["v1/oud/widget.nl.js"] == after["v1/nieuw/widget.nl.js"]


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
    assert last.startswith("vijf: 3 faults in the content; nothing was written.")
    assert files(tmp_path / "site") == before
    assert stamps(tmp_path / "site") == stamped


def test_a_first_build_with_faults_writes_no_site(content, run, tmp_path):
    """Where no site stood before, none is there afterwards; `--json` says why on standard output."""
    content.write("shops/appel/shop.yaml", "name: Appel\n")
    done = run("build", "--json")
    assert done.code == 1
    assert [fault["code"] for fault in summary(done)["faults"]] == ["missing-key"]
    assert files(tmp_path / "site") == {} if (tmp_path / "site").exists() else True


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


@pytest.mark.usefixtures("content")
def test_state_goes_where_it_is_told_to(run, tmp_path):
    """By default beside the output and never in it; with `--state` into that folder."""
    run("build", "--output", "public", "--state", "notes")
    assert (tmp_path / "notes/manifest").exists()
    assert not (tmp_path / ".vijf").exists()
    run("build", "--output", "other")
    assert (tmp_path / ".vijf/other/manifest").exists()
    assert files(tmp_path / "public") == files(tmp_path / "other")


def test_lost_state_costs_nothing_but_time(content, run, tmp_path):
    """Without its state the next build finds the same site and leaves every file untouched."""
    content.shop("peer", 6)
    run("build")
    before = stamps(tmp_path / "site")
    shutil.rmtree(tmp_path / ".vijf")
    done = summary(run("build", "--json"))
    assert (done["changed"], done["removed"]) == ([], [])
    assert stamps(tmp_path / "site") == before


def test_other_folders_than_the_usual_ones(content, run, tmp_path):
    """`--content` and `--output` may lie anywhere, and faults are named by the path that was given."""
    content.folder.rename(tmp_path / "reviews")
    assert run("build", "--content", "reviews", "--output", tmp_path / "deep/public").code == 0
    assert (tmp_path / "deep/public/nl/index.html").exists()
    (tmp_path / "reviews/stray").touch()
    done = run("build", "--content", tmp_path / "reviews", "--output", "public")
    assert done.err.startswith(f"{tmp_path}/reviews/stray: ")


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
    path = type(content.folder)
    usual = path.open

    def refusing(self, *arguments, **options):
        if self.name == "2024.yaml":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return usual(self, *arguments, **options)

    monkeypatch.setattr(path, "open", refusing)
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


def test_static_files_are_copied_and_may_not_stand_on_a_page(content, run, tmp_path):
    """`static/` goes to the root of the site as it is; where something stands already it is a fault."""
    content.write("static/CNAME", "reviews.example.nl\n")
    content.write("static/.well-known/security.txt", "Contact: mailto:a@b.example\n")
    run("build")
    assert (tmp_path / "site/CNAME").read_text() == "reviews.example.nl\n"
    assert (tmp_path / "site/.well-known/security.txt").exists()
    content.write("static/nl/index.html", "mine")
    done = run("build")
    assert done.code == 1
    assert done.err.startswith("content/static/nl/index.html: stands where the page nl/index.html stands already")


def test_build_json_says_version_and_content(content, run, tmp_path):
    """It names the version and one digest of the content, which changes with any file of it."""
    content.shop("peer", 1)
    run("build")
    first = json.loads((tmp_path / "site/build.json").read_bytes())
    content.write("shops/peer/reviews/2024.yaml", "# nothing but a remark\n[]\n")
    run("build")
    second = json.loads((tmp_path / "site/build.json").read_bytes())
    assert first["version"] == second["version"] == __version__
    assert first["files"] == len(files(tmp_path / "site"))
    assert first["content"] != second["content"]


def test_a_date_in_the_future_is_refused(content, run):
    """The clock may refuse a date; only `until` may lie ahead."""
    content.shop("peer", status="left", until="2199-01-01", member_since="2020-01-01")
    assert run("check").code == 0
    content.reviews("peer", "2024.yaml", review(0, published="2198-01-01"))
    done = run("build")
    assert done.code == 1
    assert "[future]" in done.err


@pytest.mark.xfail(strict=True, reason="the message says so of every moment")
def test_stopping_in_the_middle_of_the_change_does_not_claim_that_nothing_happened(content, run, monkeypatch):
    """Ctrl-C while files are put in place: the site isn't as it was, so the message doesn't say so."""
    content.shop("peer", 6)
    run("build")
    content.shop("peer", 7)
    usual = journal._move
    moved = []

    def interrupted(staged, root, path):
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(path)
        usual(staged, root, path)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_move", interrupted)
        done = run("build")
    assert done.code == 130
    assert len(moved) == 2
    assert "the site is as it was" not in done.err
    again = run("build")
    assert again.out.startswith("an earlier build had been interrupted; its change was completed first\n")


@pytest.mark.xfail(strict=True, reason="an OSError of printing isn't caught")
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
