"""What a small change costs: which files are written, and which are so much as looked at."""

import os
import re
import sys
from dataclasses import dataclass, field

import pytest
from contents import Content, differing, files, review, stamps
from strategies import NOW
from vijf import limits
from vijf.publish import disk
from vijf.publish.build import Options, build
from vijf.publish.state import State

SHOP = "s007"
ASKED = {"build.json"}
"""Read by every build: it says that the folder is Vijf's own."""


@dataclass
class Watch:
    """The paths that a build opened, listed and asked the state of, relative to the test's folder."""

    root: str
    opened: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    @property
    def all(self):
        return [*self.opened, *self.listed, *self.looked_at]

    def below(self, folder, paths=None):
        """Those of `paths` (or of all) that lie below a folder, relative to it."""
        return {path.removeprefix(f"{folder}/") for path in paths or self.all if path.startswith(f"{folder}/")}


_watching = []
"""Hooks can't be taken out, so there is one, and it tells whoever is here."""


def _hook(event, arguments):
    if _watching and event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], str | os.PathLike):
        path = os.path.normpath(os.fspath(arguments[0]))
        for watch in _watching:
            if path.startswith(watch.root):
                kind = watch.opened if event == "open" else watch.listed
                kind.append(path.removeprefix(watch.root))


sys.addaudithook(_hook)


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the file system."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture
def watched(monkeypatch):
    """A function that builds, and gives what was looked at."""

    def watch(content, **options):
        found = Watch(f"{content.folder.parent}/")

        def asking(function):
            def ask(path, *arguments, **options):
                text = os.path.normpath(os.fspath(path)) if isinstance(path, str | os.PathLike) else ""
                if text.startswith(found.root):
                    found.looked_at.append(text.removeprefix(found.root))
                return function(path, *arguments, **options)

            return ask

        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", asking(os.stat))
            patch.setattr(os, "lstat", asking(os.lstat))
            _watching.append(found)
            try:
                report = make(content, **options)
            finally:
                _watching.remove(found)
        return report, found

    return watch


def make(content, **options):
    """Build beside the content."""
    output = content.folder.parent / "site"
    return build(content.folder, output, State.of(output), NOW, Options(**{"jobs": 1, **options}))


def site(folder, shops):
    """A site with a page, a static file and that many shops, built so often that its stamps vouch for everything."""
    content = Content(folder / "content")
    content.site(languages=["nl", "en"])
    content.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")
    content.write("static/a/b.txt", "b\n")
    for number in range(shops):
        content.shop(f"s{number:03}", 7, contact={"address": {"country": "NL"}})
    for _ in range(2):
        make(content)
    return content


def one_more(content):
    """One more review in one shop."""
    return content.reviews(SHOP, "2024.yaml", *(review(number) for number in range(8)))


@pytest.fixture
def parts(monkeypatch):
    """Several shards and pages of the directory."""
    monkeypatch.setattr(limits, "SHOPS_PER_SHARD", 4)
    monkeypatch.setattr(limits, "SHOPS_PER_PAGE", 5)


OF_THE_SHOP = {
    "LANG/SHOP/index.html",
    "LANG/SHOP/page/1/index.html",
    "v1/SHOP/badge-wide.LANG-dark.svg",
    "v1/SHOP/badge-wide.LANG.svg",
    "v1/SHOP/badge.LANG-dark.svg",
    "v1/SHOP/badge.LANG.svg",
    "v1/SHOP/badge.png",
    "v1/SHOP/card.png",
    "v1/SHOP/feed.json",
    "v1/SHOP/feed.xml",
    "v1/SHOP/frame.LANG.html",
    "v1/SHOP/reviews.json",
    "v1/SHOP/score.json",
    "v1/SHOP/shield.json",
    "v1/SHOP/widget.LANG.js",
    "v1/SHOP/widget.LANG.json",
}
OF_ALL = {
    "LANG/-/shops/2/index.html",
    "build.json",
    "merchant-reviews/N.xml",
    "sitemap.xml",
    "sitemap/shops-N.xml",
    "v1/feed.xml",
}


def in_short(path):
    """A path without the name of the shop, the language and the number of its shard."""
    path = path.replace(f"/{SHOP}/", "/SHOP/")
    path = re.sub(r"^(nl|en)/", "LANG/", path)
    path = re.sub(r"\.(nl|en)([.-])", r".LANG\2", path)
    return re.sub(r"(merchant-reviews/|sitemap/shops-)\d+", r"\1N", path)


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("named", [False, True])
def test_one_more_review_writes_the_files_that_it_changes(tmp_path, named):
    """Exactly those whose bytes differ, which are these; every other file and folder keeps its inode and its time."""
    content = site(tmp_path, 20)
    before, touched = files(tmp_path / "site"), stamps(tmp_path / "site")
    path = one_more(content).relative_to(content.folder).as_posix()
    report = make(content, changed=[path] if named else None)
    after = files(tmp_path / "site")
    changed = differing(before, after)
    assert list(report.changes.changed) == changed
    assert {in_short(path) for path in changed} == OF_THE_SHOP | OF_ALL
    now = stamps(tmp_path / "site")
    assert now.keys() == touched.keys()
    moved = [node.relative_to(tmp_path / "site").as_posix() for node in now if now[node] != touched[node]]
    folders = {path.rpartition("/")[0] or "." for path in changed}
    assert sorted(node for node in moved if (tmp_path / "site" / node).is_file()) == changed
    assert {node for node in moved if (tmp_path / "site" / node).is_dir()} == folders


@pytest.mark.usefixtures("parts")
def test_one_more_review_reads_no_file_of_another_shop(tmp_path, watched):
    """Neither content nor output of another shop is opened, nor any part of the manifest that tells of others only."""
    content = site(tmp_path, 20)
    one_more(content)
    report, seen = watched(content)
    read = seen.below("content", seen.opened)
    assert read == {f"shops/{SHOP}/shop.yaml", f"shops/{SHOP}/reviews/2024.yaml", "site.yaml", "pages/about.nl.md"}
    notes = {re.sub(r"\.[0-9a-f]{32}$", "", path) for path in seen.below(".vijf/site/parts", seen.opened)}
    assert len({name for name in notes if name.startswith("shard-")}) == 1
    assert {name for name in notes if name.startswith("page-")} == {"page-2"}
    compared = seen.below("site", seen.opened) - ASKED - set(report.changes.changed)
    assert [path for path in compared if f"/{SHOP}/" not in path] == []


@pytest.mark.usefixtures("parts")
def test_named_changes_look_at_nothing_else(tmp_path, watched):
    """With `changed` no other shop's folder is listed, and no other shop's file or folder so much as looked at."""
    content = site(tmp_path, 20)
    path = one_more(content).relative_to(content.folder).as_posix()
    _, seen = watched(content, changed=[path])
    assert seen.below(f"content/shops/{SHOP}")
    slugs = {slug for path in seen.all for slug in re.findall(r"\bs\d{3}\b", path)}
    assert slugs == {SHOP}
    assert "content/shops" not in seen.listed


def test_named_changes_cost_the_same_whatever_the_number_of_shops(tmp_path, watched, monkeypatch):
    """As many calls of the file system for 20 shops as for 60, as long as the shops share the same files."""
    monkeypatch.setattr(limits, "SHOPS_PER_SHARD", 1000)
    monkeypatch.setattr(limits, "SHOPS_PER_PAGE", 1000)
    counts = []
    for shops in (20, 60):
        content = site(tmp_path / str(shops), shops)
        path = one_more(content).relative_to(content.folder).as_posix()
        _, seen = watched(content, changed=[path])
        calls = [
            path for path in (*seen.looked_at, *seen.opened) if not path.endswith("/tick")
        ]  # until the clock moves
        compared = [path for path in seen.opened if path.startswith("site/")]  # those that are as long as they were
        counts.append((len(calls) - len(compared), len(seen.listed)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("options", [{}, {"changed": [f"shops/{SHOP}"]}], ids=["all", "named"])
def test_a_build_of_nothing_new_writes_nothing(tmp_path, watched, options):
    """Nothing of the output is touched, no content opened but `site.yaml` and pages; notes stay as they are."""
    content = site(tmp_path, 9)
    touched, notes = stamps(tmp_path / "site"), files(tmp_path / ".vijf")
    report, seen = watched(content, **options)
    assert report.changes.changed == report.changes.removed == ()
    assert stamps(tmp_path / "site") == touched
    wanted = {"site.yaml", "pages/about.nl.md"}
    if options:  # what is named is read
        wanted |= {f"shops/{SHOP}/shop.yaml", f"shops/{SHOP}/reviews/2024.yaml"}
    assert seen.below("content", seen.opened) in (wanted, wanted & {"site.yaml", "pages/about.nl.md"})
    assert seen.below("site", seen.opened) <= ASKED
    assert set(differing(files(tmp_path / ".vijf"), notes)) <= {"site/stamps/site", "site/tick"}


def test_a_touched_file_is_read_once(tmp_path, watched):
    """New times alone make a build read that shop's files, and write nothing; a later build doesn't read them again."""
    content = site(tmp_path, 9)
    touched = stamps(tmp_path / "site")
    os.utime(content.folder / f"shops/{SHOP}/shop.yaml")
    read = []
    for _ in range(3):
        report, seen = watched(content)
        assert report.changes.changed == ()
        read.append(bool(seen.below(f"content/shops/{SHOP}", seen.opened)))
    assert read[0]
    assert not read[2]
    assert stamps(tmp_path / "site") == touched


def test_a_new_build_writes_into_no_folder_that_may_be_anothers(tmp_path):
    """An empty folder may be the state; one that holds something else is refused, and nothing is written into it."""
    from vijf.errors import UsageError

    content = Content(tmp_path / "content")
    content.site()
    content.shop("a", 1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other/file").write_text("mine")
    state = State.of(tmp_path / "site", tmp_path / "other")
    with pytest.raises(UsageError, match="no build state"):
        build(content.folder, tmp_path / "site", state, NOW)
    assert files(tmp_path / "other") == {"file": b"mine"}
    build(content.folder, tmp_path / "site", State.of(tmp_path / "site", tmp_path / "empty"), NOW)
    assert (tmp_path / "site/build.json").exists()
