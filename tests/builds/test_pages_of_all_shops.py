"""Pages, feeds and maps that tell of many shops, when a build makes them anew with or without their shops."""

from __future__ import annotations

import shutil

import pytest
from contents import differing, files, review
from vijf.publish import disk


@pytest.fixture
def clean(run, tmp_path):
    """A function that names what a build over the site left other than a clean build of the same content."""

    def clean():
        assert run("build", "--output", tmp_path / "clean", "--state", tmp_path / "clean-state").code == 0
        return differing(files(tmp_path / "site"), files(tmp_path / "clean"))

    return clean


@pytest.fixture
def three(content, run):
    """Three shops, built."""
    for slug in ("peer", "appel", "banaan"):
        content.shop(slug, 6)
    assert run("build").code == 0
    return content


def touch_output(_content, site):
    (site / "nl/foreign.html").write_text("?")


def change_static(content, _site):
    content.write("static/favicon.ico", "other")


def write_page(content, _site):
    content.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")


@pytest.mark.parametrize("happens", [touch_output, change_static, write_page])
def test_the_directory_keeps_its_shops_when_only_the_sites_own_pages_are_made(three, run, clean, tmp_path, happens):
    """Where no shop changed, no shop is read, and the directory still has them all."""
    happens(three, tmp_path / "site")
    assert run("build").code == 0
    assert b"banaan" in (tmp_path / "site/nl/index.html").read_bytes()
    assert clean() == []


def test_the_last_shop_leaves_an_empty_directory(three, run, clean):
    """The site's first page doesn't go on telling of shops that are gone."""
    for slug in ("peer", "appel", "banaan"):
        (three.folder / f"shops/{slug}/shop.yaml").unlink()
        (three.folder / f"shops/{slug}/reviews/2024.yaml").unlink()
        (three.folder / f"shops/{slug}/reviews").rmdir()
        (three.folder / f"shops/{slug}").rmdir()
        assert run("build").code == 0
        assert clean() == []


def test_a_faulty_shop_that_was_never_built_is_left_out(three, run, tmp_path):
    """With --keep-going the others are built, whether there was a site or not."""
    three.shop("kers", 6, nme="Kers")
    for output in ("site", "new"):
        done = run("build", "--keep-going", "--output", tmp_path / output)
        assert done.code == 1
        assert "left out because of faults: kers" in done.out
        assert "3 shops, " in done.out
        assert b"kers" not in (tmp_path / output / "sitemap.xml").read_bytes()
        assert not (tmp_path / output / "nl/kers").exists()
    assert differing(files(tmp_path / "site"), files(tmp_path / "new")) == []


def test_a_faulty_shop_is_kept_without_what_was_known_of_it(three, run, clean, tmp_path):
    """Its files stand and its notes are lost: the files stay, and once it is mended all is as ever."""
    before = files(tmp_path / "site")
    shutil.rmtree(tmp_path / ".vijf/site")
    three.shop("peer", 6, nme="Peer")
    done = run("build", "--keep-going")
    assert "kept as they stood because of faults: peer" in done.out
    assert "2 shops, " in done.out
    own = {path: data for path, data in before.items() if "/peer/" in path}
    assert {path: data for path, data in files(tmp_path / "site").items() if "/peer/" in path} == own
    three.shop("peer", 6)
    assert run("build").code == 0
    assert clean() == []


def test_a_shop_that_got_a_new_slug_and_a_fault_leaves_no_trace_of_it(three, run, clean, tmp_path):
    """Kept under its earlier slug, it is listed so; once it is mended it is listed and fed once, under the new one."""
    (three.folder / "shops/peer").rename(three.folder / "shops/peren")
    three.shop("peren", formerly=["peer"])
    three.reviews("peren", "2025.yaml", review(400, rating=11))
    done = run("build", "--keep-going")
    assert "kept as they stood because of faults: peren" in done.out
    assert b"/nl/peer/" in (tmp_path / "site/nl/index.html").read_bytes()
    three.reviews("peren", "2025.yaml", review(400, rating=10))
    assert run("build").code == 0
    assert clean() == []


@pytest.mark.usefixtures("three")
def test_nothing_is_flushed_where_nothing_changed(run, monkeypatch):
    """A build that finds all as it should be leaves the disk alone."""
    assert run("build").code == 0
    monkeypatch.setattr(disk, "flush", lambda _folder: pytest.fail("flushed"))
    assert run("build").code == 0
