"""What CI does: a fresh checkout, with the output and the state of the last build out of a cache."""

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml
from contents import Content, differing, environment, files, review

SHOPS = 9


@pytest.fixture
def repository(tmp_path):
    """A repository with content."""
    content = Content(tmp_path / "origin/content")
    content.site(without=["png", "card"])
    content.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")
    content.write("static/a/b.txt", "b\n")
    for number in range(SHOPS):
        content.shop(f"s{number}", 7)
    git(tmp_path / "origin", "init", "--quiet")
    commit(tmp_path / "origin")
    return content


def git(folder, *arguments):
    """Run git."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.nl", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=environment())


def commit(folder):
    """Commit everything."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "State of the content")


@pytest.fixture
def ci(tmp_path, vijf):
    """A function that runs a job on a fresh machine, and gives the reasons for what it made, and the site."""
    cache = tmp_path / "cache.tar"

    def job(*kept, save=("site", ".vijf")):
        work = tmp_path / "work"
        shutil.rmtree(work, ignore_errors=True)
        git(tmp_path, "clone", "--quiet", "origin", "work")
        if kept:
            with tarfile.open(cache) as archive:
                archive.extractall(work, [m for m in archive if m.name.split("/")[0] in kept], filter="tar")
        done = vijf("build", "--explain", cwd=work)
        assert done.code == 0
        summary = re.search(r"([\d,]+) written, ([\d,]+) removed", done.out)
        found = files(work / "site")
        if save:
            subprocess.run(["tar", "--create", "--file", cache, *save], cwd=work, check=True)
        return done.out, (summary[1], summary[2]), found

    return job


def made(explained):
    """The shops of which something was made, by what `--explain` says."""
    return sorted(set(re.findall(r"^v1/(s\d)/", explained, re.MULTILINE)))


def one_more(content, number=3):
    """One more review, committed."""
    content.reviews(f"s{number}", "2024.yaml", *(review(n) for n in range(8)))
    commit(content.folder.parent)


def test_a_fresh_checkout_makes_only_the_shop_that_changed(repository, ci):
    """All files have new times and inodes, in content and output; still only the changed shop is made."""
    ci()
    one_more(repository)
    explained, (_, removed), site = ci("site", ".vijf")
    assert made(explained) == ["s3"]
    assert removed == "0"
    _, _, clean = ci(save=())
    assert differing(site, clean) == []


@pytest.mark.usefixtures("repository")
def test_a_fresh_checkout_of_nothing_new_makes_no_shop(ci):
    """Nothing is written either."""
    _, _, first = ci()
    explained, changed, site = ci("site", ".vijf")
    assert made(explained) == []
    assert changed == ("0", "0")
    assert site == first


@pytest.mark.parametrize(("kept", "written"), [("site", "few"), (".vijf", "all")])
def test_half_a_cache_costs_time_only(repository, ci, kept, written):
    """Output without state, or state without output: everything is made, and is right; only what differs is written."""
    _, (everything, _), _ = ci()
    one_more(repository)
    explained, (changed, _), site = ci(kept)
    assert made(explained) == [f"s{number}" for number in range(SHOPS)]
    assert (int(changed) == int(everything)) == (written == "all")
    assert differing(site, ci(save=())[2]) == []


@pytest.mark.usefixtures("repository")
def test_a_cache_in_which_files_were_lost_or_changed_is_put_right(ci, tmp_path):
    """A cache that was cut short or tampered with: what doesn't stand as the manifest says is made again."""
    _, _, first = ci()
    cache, fresh = tmp_path / "cache.tar", tmp_path / "unpacked"
    with tarfile.open(cache) as archive:
        archive.extractall(fresh, filter="tar")
    (fresh / "site/v1/s4/score.json").unlink()
    feed = fresh / "site/v1/s5/feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b"Text", b"Xxxx"))
    (fresh / "site/v1/s6/foreign").mkdir()
    (fresh / "site/sitemap/shops-1.xml").unlink()
    (fresh / "site/robots.txt").write_text("x")
    subprocess.run(["tar", "--create", "--file", cache, "site", ".vijf"], cwd=fresh, check=True)
    explained, _, site = ci("site", ".vijf")
    assert made(explained) == ["s4", "s5", "s6"]
    assert site == first


def caches(value):
    """The paths of every cache in a workflow."""
    if isinstance(value, dict):
        if str(value.get("uses", "")).startswith("actions/cache"):
            yield value["with"]["path"].split()
        for key, part in value.items():
            yield from [part["paths"]] if key == "cache" else caches(part)
    elif isinstance(value, list):
        for part in value:
            yield from caches(part)


def test_workflows_in_the_docs_cache_output_and_state_together():
    """Each cache of `docs/publishing.md` holds both folders, for GitHub and for GitLab."""
    text = (Path(__file__).parents[2] / "docs/publishing.md").read_text(encoding="utf-8")
    found = [
        paths
        for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.S | re.M)
        for paths in caches(yaml.safe_load(block))
    ]
    assert len(found) >= 4
    assert all(sorted(path.rstrip("/") for path in paths) == [".vijf", "site"] for paths in found)
