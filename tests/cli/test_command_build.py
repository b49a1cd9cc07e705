"""`vijf build` as people meet it: what it prints, what it writes and what it leaves alone."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys

import pytest
from contents import environment, files, review, stamps
from vijf import __version__


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


def test_progress_is_shown_on_a_terminal_only(content, tmp_path):
    """On a terminal a bar counts the shops; elsewhere nothing is printed but the summary."""
    content.shop("peer")
    content.shop("appel")
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "vijf", "build"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(TERM="xterm"), stdout=subprocess.PIPE, stderr=end, check=True
    )
    os.close(end)
    shown = os.read(terminal, 10_000)
    os.close(terminal)
    assert b"Building" in shown
    assert b"100%" in shown
    assert b"Building" not in done.stdout


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
    assert (second["faults"], second["kept"], second["recovered"]) == ([], [], False)
    [warning] = second["warnings"]
    assert (warning["file"], warning["code"]) == ("content/shops/appel", "fewer-reviews")
    assert "is gone, with 2 reviews" in warning["message"]


@pytest.mark.parametrize("change", ["fewer", "none", "renamed", "tombstone"])
def test_entries_that_vanish_are_warned_of(content, run, change):
    """A shop with fewer entries than the site had is named; one that was renamed or has tombstones isn't."""
    content.shop("peer", 3)
    run("build")
    if change == "fewer":
        content.shop("peer", 2)
    elif change == "none":
        shutil.rmtree(content.folder / "shops/peer/reviews")
    elif change == "renamed":
        shutil.rmtree(content.folder / "shops/peer")
        content.shop("perzik", 3, formerly=["peer"])
    done = run("build")
    assert done.code == 0
    assert ("[fewer-reviews]" in done.err) == (change in ("fewer", "none"))


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
    dutch = {"nl/SHOP/index.html", "nl/SHOP/page/3/index.html", "v1/SHOP/widget.nl.js", "v1/SHOP/badge.png", *badges}
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
