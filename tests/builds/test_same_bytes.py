"""A build is a function of the content: the same bytes wherever, whenever and by whomever it is run."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from contents import Content, differing, files, review
from vijf.publish import disk
from vijf.publish.build import build as build_site
from vijf.publish.state import State

NAMES = ["Peer", "Ångström & Zonen", "'t Hoekje", "12 ambachten", "élan", "Zürich"]


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    """Content with what could depend on the machine: names to sort, days near midnight, several files, pages."""
    content = Content(tmp_path_factory.mktemp("varied") / "content")
    content.site(languages=["nl", "en"], aspects={"delivery": {"nl": "Levering", "en": "Delivery"}})
    for number, name in enumerate(NAMES):
        content.shop(f"s{number}", number * 5, name=name, category=name, formerly=[f"old{number}"])
    night = [
        review(900, published="2024-06-30T22:30:00Z", received="2024-06-30T21:59:59Z"),
        review(901, published="2024-12-31T23:30:00Z", received="2024-12-31T23:30:00Z", aspects={"delivery": 9.5}),
        review(902, published="2025-01-01", received="2025-01-01"),
    ]
    content.reviews("s1", "night.yaml", *night)
    content.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")
    content.write("pages/about.en.md", "---\ntitle: About us\n---\nUs.\n")
    content.write("static/robots.extra", "x\n")
    return content


def modes(folder):
    """Path -> mode of everything below a folder."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mode for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def expected(varied, tmp_path_factory):
    """The site of that content, and the modes of its files and folders."""
    monkeypatch = pytest.MonkeyPatch()
    site = tmp_path_factory.mktemp("expected") / "site"
    with monkeypatch.context() as patch:
        patch.setattr(disk, "flush", lambda _folder: None)
        build(varied.folder, site)
    return files(site), modes(site)


def build(content, output):
    """Build in this process, without the clock."""
    return build_site(content, output, State.of(output), None)


@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "0"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "nl_NL.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "de", "PYTHONHASHSEED": "4242"},
        {"PYTHONOPTIMIZE": "2", "SOURCE_DATE_EPOCH": "0", "COLUMNS": "20", "NO_COLOR": "1"},
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_environment_changes_no_byte(varied, expected, vijf, tmp_path, env):
    """Neither time zone, locale, hash seed nor anything else that the environment says."""
    done = vijf("build", "--content", varied.folder, env=env)
    assert done.code == 0, done.err
    assert differing(files(tmp_path / "site"), expected[0]) == []


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_umask_changes_neither_bytes_nor_modes(varied, expected, vijf, tmp_path, umask):
    """The web server can read every file, and nobody else can write, whatever the umask of the build."""
    done = vijf("build", "--content", varied.folder, umask=umask)
    assert done.code == 0, done.err
    assert differing(files(tmp_path / "site"), expected[0]) == []
    assert modes(tmp_path / "site") == expected[1]
    assert {mode & 0o777 for mode in expected[1].values()} == {0o644, 0o755}


@pytest.mark.parametrize("way", ["relative", "absolute", "with dots", "symbolic link", "copy"])
def test_path_of_the_content_changes_no_byte(varied, expected, tmp_path, monkeypatch, way):
    """However the content is named, and from whichever folder."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
    monkeypatch.chdir(varied.folder.parent)
    content = Path("content")
    if way == "absolute":
        content = varied.folder
    elif way == "with dots":
        content = Path("content/shops/../../content/.")
    elif way == "symbolic link":
        content = tmp_path / "link"
        content.symlink_to(varied.folder)
    elif way == "copy":
        content = tmp_path / "elsewhere/inhoud"
        shutil.copytree(varied.folder, content)
    build(content, tmp_path / "site")
    assert differing(files(tmp_path / "site"), expected[0]) == []


def test_times_of_files_change_no_byte(varied, expected, tmp_path, monkeypatch):
    """When a file was saved is not part of what it says."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
    copy = tmp_path / "content"
    shutil.copytree(varied.folder, copy)
    for age, path in enumerate(sorted(copy.rglob("*"), reverse=True)):
        os.utime(path, (age * 86_400, age * 86_400))
    build(copy, tmp_path / "site")
    assert differing(files(tmp_path / "site"), expected[0]) == []


def test_order_of_a_folder_changes_no_byte(varied, expected, tmp_path, monkeypatch):
    """File systems list a folder in any order."""
    usual = os.listdir
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
    monkeypatch.setattr(os, "listdir", lambda path: sorted(usual(path), reverse=True))
    build(varied.folder, tmp_path / "site")
    assert differing(files(tmp_path / "site"), expected[0]) == []


@pytest.mark.parametrize("way", ["renamed", "one file each", "all in one, backwards", "with remarks and an empty file"])
def test_file_names_of_reviews_carry_no_meaning(varied, expected, tmp_path, monkeypatch, way):
    """Reviews may be split, merged, renamed and put in any order: only `build.json` differs."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
    content = Content(tmp_path / "content")
    shutil.copytree(varied.folder, content.folder)
    reviews = content.folder / "shops/s1/reviews"
    entries = [text for path in sorted(reviews.iterdir()) for text in entries_of(path.read_text())]
    assert len(entries) == 8
    if way == "renamed":
        (reviews / "2024.yaml").rename(reviews / "zzz.yaml")
        (reviews / "night.yaml").rename(reviews / "0.yaml")
    else:
        shutil.rmtree(reviews)
    if way == "one file each":
        for number, text in enumerate(entries):
            content.write(f"shops/s1/reviews/{number * 7 % 8}.yaml", text)
    elif way == "all in one, backwards":
        content.write("shops/s1/reviews/all.yaml", "".join(reversed(entries)))
    elif way == "with remarks and an empty file":
        content.write("shops/s1/reviews/all.yaml", "# remark\n" + "\n\n".join(entries))
        content.write("shops/s1/reviews/empty.yaml", "[]\n")
    build(content.folder, tmp_path / "site")
    assert differing(files(tmp_path / "site"), expected[0]) == ["build.json"]


def entries_of(text):
    """The entries of a file of reviews, each as text."""
    return [f"- {entry.strip()}\n" for entry in f"\n{text}".split("\n- ")[1:]]


def test_a_build_reads_no_clock(varied, expected, run, tmp_path, monkeypatch):
    """At any later moment the same content gives the same site: nothing is dropped or worded by age."""
    monkeypatch.setattr("vijf.cli.build.now", lambda: datetime(2150, 1, 1, tzinfo=UTC))
    assert run("build", "--content", varied.folder).code == 0
    assert differing(files(tmp_path / "site"), expected[0]) == []
