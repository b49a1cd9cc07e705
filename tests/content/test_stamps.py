"""Stamps: any change of a shop's files changes the stamp, or there is none."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from vijf.content.stamps import FOREVER, NONE, files_stamp, folders_stamp, shop_stamp


def wait():
    """Let the file system's clock go on: what happens in one tick shows only in what `since` is for."""
    time.sleep(0.02)


@pytest.fixture
def shops(content):
    """The folder of shops, with two of them."""
    content.shop("peer", 2)
    content.reviews("peer", "2023.yaml")
    content.write("shops/peer/logo.png", "a logo")
    content.shop("appel", 2)
    wait()
    return content.folder / "shops"


def of(shops, since=FOREVER):
    return shop_stamp(str(shops), "peer", since)


def change(shops):
    (shops / "peer/reviews/2024.yaml").write_text("[]\n")


def change_in_place(shops):
    """Other bytes, as many as before, and the time of modification put back."""
    path = shops / "peer/shop.yaml"
    status = path.stat()
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace(shops):
    """An older file moved over it, with the same size and time of modification."""
    path, fresh = shops / "peer/shop.yaml", shops.parent / "fresh"
    shutil.copy2(path, fresh)
    fresh.replace(path)


def make_link(shops):
    path = shops / "peer/logo.png"
    path.rename(shops.parent / "logo.png")
    path.symlink_to(shops.parent / "logo.png")


CHANGES = [
    change,
    change_in_place,
    replace,
    make_link,
    lambda shops: (shops / "peer/shop.yaml").touch(),
    lambda shops: (shops / "peer/shop.yaml").chmod(0o600),
    lambda shops: (shops / "peer/new.yaml").write_text(""),
    lambda shops: (shops / "peer/reviews/new.yaml").write_text(""),
    lambda shops: (shops / "peer/logo.png").unlink(),
    lambda shops: (shops / "peer/reviews/2024.yaml").unlink(),
    lambda shops: (shops / "peer/reviews/2024.yaml").rename(shops / "peer/reviews/2025.yaml"),
    lambda shops: (shops / "peer/reviews/2024.yaml").rename(shops / "peer/2024.yaml"),
    lambda shops: shutil.rmtree(shops / "peer/reviews"),
    lambda shops: shutil.rmtree(shops / "peer"),
    lambda shops: (shops / "peer").rename(shops / "peren"),
]


@pytest.mark.parametrize("happens", CHANGES)
def test_whatever_happens_to_a_shop_changes_its_stamp(shops, happens):
    """A file that is changed, new, gone, renamed, touched or replaced: each shows, and in no other shop's stamp."""
    before, other = of(shops), shop_stamp(str(shops), "appel", FOREVER)
    assert before != NONE
    assert of(shops) == before
    happens(shops)
    assert of(shops) != before
    assert shop_stamp(str(shops), "appel", FOREVER) == other


def test_reading_changes_no_stamp(shops):
    """Times of access are nobody's business."""
    before = of(shops)
    for path in (shops / "peer").rglob("*.yaml"):
        path.read_bytes()
    assert of(shops) == before


def test_a_shop_without_reviews_has_a_stamp_and_one_that_is_not_there_has_none(shops):
    """A shop may be new; a name without a folder is no shop."""
    shutil.rmtree(shops / "peer/reviews")
    assert of(shops) != NONE
    assert shop_stamp(str(shops), "nobody", FOREVER) == NONE


@pytest.mark.parametrize("name", ["shop.yaml", "logo.png", "reviews/2024.yaml", "reviews"])
def test_a_file_as_young_as_the_build_gets_no_stamp(shops, name):
    """It may change again in the same tick of the clock, without a trace."""
    youngest = max(path.stat().st_ctime_ns for path in (shops / "peer").rglob("*"))
    assert of(shops, youngest + 1) != NONE
    (shops / "peer" / name).chmod(0o755 if name == "reviews" else 0o600)
    young = (shops / "peer" / name).stat().st_ctime_ns
    assert of(shops, young) == NONE
    assert of(shops, young + 1) != NONE


def test_a_file_dated_ahead_gets_no_stamp(shops):
    """Whoever sets its time to tomorrow could change it until then."""
    now = max(path.stat().st_ctime_ns for path in (shops / "peer").rglob("*")) + 10**10
    assert of(shops, now) != NONE
    os.utime(shops / "peer/shop.yaml", ns=(now + 1, now + 1))
    assert of(shops, now) == NONE


@pytest.mark.parametrize("name", ["logo.png", "reviews/2024.yaml", "reviews"])
def test_links_get_no_stamp(shops, name):
    """What they lead to may change without a trace here."""
    path = shops / "peer" / name
    path.rename(shops.parent / "elsewhere")
    path.symlink_to(shops.parent / "elsewhere")
    assert of(shops) == NONE


def test_names_that_are_no_unicode_are_names(shops):
    """The file system has them, so they count."""
    before = of(shops)
    (shops / "peer" / os.fsdecode(b"caf\xe9")).write_bytes(b"")
    assert of(shops) not in (before, NONE)


def test_a_folders_stamp_changes_when_a_name_in_it_comes_or_goes(tmp_path):
    """Folders themselves: what is written into a file that stays doesn't show, and needn't."""
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/file").write_text("x")

    def stamp(since=FOREVER):
        return folders_stamp(str(tmp_path), ["a", "a/b", "none"], since)

    first = stamp()
    assert first != NONE
    (tmp_path / "a/file").write_text("y")
    assert stamp() == first
    for happens in (
        lambda: (tmp_path / "a/b/new").touch(),
        lambda: (tmp_path / "a/file").unlink(),
        lambda: (tmp_path / "none").mkdir(),
        lambda: (tmp_path / "a/b").rename(tmp_path / "a/c"),
    ):
        before = stamp()
        wait()
        happens()
        assert stamp() != before
    assert stamp((tmp_path / "a").stat().st_mtime_ns) == NONE


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_any_more_gets_no_stamp(tmp_path, kind):
    """A link may lead to a folder that looks alike."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "a").symlink_to("b") if kind == "link" else (tmp_path / "a").touch()
    assert folders_stamp(str(tmp_path), ["a"], FOREVER) == NONE


def test_a_stamp_of_files_changes_with_any_of_them(tmp_path):
    """Changed, touched, replaced or renamed; links, folders and what isn't there give none."""
    for name in "ab":
        (tmp_path / name).write_text(name)

    def stamp(paths=("a", "b"), since=FOREVER):
        return files_stamp(str(tmp_path), paths, since)

    seen = {stamp(), stamp(("a",)), stamp(())}
    assert len(seen) == 3
    assert NONE not in seen
    for happens in (
        lambda: (tmp_path / "a").write_text("other"),
        lambda: (tmp_path / "b").touch(),
        lambda: shutil.copy2(tmp_path / "b", tmp_path / "c").replace(tmp_path / "b"),
    ):
        wait()
        happens()
        assert stamp() not in seen
        seen.add(stamp())
    assert stamp(since=(tmp_path / "b").stat().st_ctime_ns) == NONE
    (tmp_path / "link").symlink_to("a")
    for other in ("link", "none", "."):
        assert stamp(("a", other)) == NONE
