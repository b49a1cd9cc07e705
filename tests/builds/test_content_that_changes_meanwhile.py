"""Content that changes, vanishes or can't be read while a build reads it: no build is taken for what it isn't."""

import builtins
import os
import shutil
import subprocess
import sys

import pytest
from contents import Content, differing, environment, files, review
from strategies import NOW
from vijf.errors import MachineError
from vijf.publish import build as builds
from vijf.publish import disk
from vijf.publish.build import Options, build
from vijf.publish.closing import Closing
from vijf.publish.shops import ShopWork
from vijf.publish.state import State


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the file system."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture
def standing(content):
    """Shops, built; one merged into another. Gives the content."""
    content.site(without=["png", "card"])
    content.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")
    content.write("static/a.txt", "a\n")
    content.shop("aap", 6)
    content.shop("boom", 20)
    content.shop("cel", 6, status="closed", until="2025-01-01", merged_into="aap")
    for number in range(8):
        content.shop(f"s{number}", 1)
    make(content)
    make(content)
    return content


def make(content, output="site", **options):
    """Build beside the content."""
    place = content.folder.parent / output
    return build(content.folder, place, State.of(place), NOW, Options(**{"jobs": 1, **options}))


def before(monkeypatch, owner, name, change):
    """Have `change` happen right before the next call of a function, and never again."""
    function, left = getattr(owner, name), [change]

    def call(*arguments, **options):
        if left:
            left.pop()()
        return function(*arguments, **options)

    monkeypatch.setattr(owner, name, call)


def refused(content, said, **options):
    """The build is a failure of the machine that says so, and leaves the site as it was; the next is as clean."""
    site = content.folder.parent / "site"
    stood = files(site)
    with pytest.raises(MachineError, match=said):
        make(content, **options)
    assert files(site) == stood
    as_clean(content)


def as_clean(content):
    """What the next build makes equals a clean build."""
    make(content)
    make(content, "clean")
    assert differing(files(content.folder.parent / "site"), files(content.folder.parent / "clean")) == []


def test_settings_that_change_between_two_readings_stop_the_build(standing, monkeypatch):
    """They are compared with those of the last build and then read: both must be the same, or shops would mix."""
    before(monkeypatch, builds, "open_content", lambda: standing.site(name="Anders"))
    refused(standing, r"content/site.yaml: changed while the site was being built, which stands as it was; build again")


def test_settings_that_change_after_they_were_read_are_seen_by_the_next_build(standing, monkeypatch):
    """The manifest says what was read, not what is there at the end."""
    standing.shop("aap", 7)
    before(monkeypatch, ShopWork, "make", lambda: standing.site(name="Anders"))
    make(standing)
    as_clean(standing)


@pytest.mark.parametrize("changes", [{"formerly": ["eerder"]}, {"name": "Ander"}])
def test_a_shop_that_changes_between_two_readings_leads_to_no_mixed_site(standing, monkeypatch, changes):
    """Its earlier addresses were checked against others', so those must stay; anything else is as read last."""
    standing.shop("aap", 7)
    before(monkeypatch, ShopWork, "make", lambda: standing.shop("aap", 7, **changes))
    if "formerly" in changes:
        refused(standing, "content/shops/aap/shop.yaml: changed while")
    else:
        make(standing)
        as_clean(standing)


def test_a_merged_shop_that_grows_between_two_readings_stops_the_build(standing, monkeypatch):
    """The shop that it merged into names its newest archive page, and was made from the first reading."""
    standing.shop("cel", 7, status="closed", until="2025-01-01", merged_into="aap")
    grown = lambda: standing.reviews("cel", "2024.yaml", *(review(n) for n in range(25)))  # noqa: E731
    before(monkeypatch, ShopWork, "make", grown)
    refused(standing, "content/shops/cel: changed while")


@pytest.mark.parametrize("path", ["shops/boom/reviews/2024.yaml", "static/a.txt", "pages/about.nl.md"])
def test_a_file_that_changes_after_it_was_read_is_seen_by_the_next_build(standing, monkeypatch, path):
    """Also where it keeps its size, and its time is put back."""
    standing.shop("aap", 7)
    standing.shop("boom", 21)
    standing.write("static/a.txt", "b\n")
    file = standing.folder / path

    def change():
        status = file.stat()
        text = file.read_text()
        file.write_text(text.replace("Text 1", "Texd 1").replace("b\n", "c\n").replace("Wij", "Zij"))
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    before(monkeypatch, Closing, "commit", change)
    make(standing)
    as_clean(standing)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("path", ["shops/boom/reviews/2024.yaml", "shops/boom/shop.yaml", "shops/boom"])
def test_content_that_vanishes_stops_the_build(standing, monkeypatch, path, jobs):
    """A file or folder that was listed and is gone when it is read: a failure that names it."""
    for slug in ("aap", "boom", *(f"s{number}" for number in range(8))):
        standing.shop(slug, 2)
    kept, target = standing.folder.parent / "kept", standing.folder / path
    made = ShopWork.make

    def vanishing(work, worker, slug):
        if slug == "boom" and target.exists():
            target.rename(kept)
        return made(work, worker, slug)

    stood = files(standing.folder.parent / "site")
    with monkeypatch.context() as patch:
        patch.setattr(ShopWork, "make", vanishing)
        if path.endswith("2024.yaml"):  # not listed any more, so it is just gone
            make(standing, jobs=jobs)
        else:
            with pytest.raises(MachineError, match=r"content/shops/boom.*(can't be read|can't be listed)"):
                make(standing, jobs=jobs)
            assert files(standing.folder.parent / "site") == stood
            kept.rename(target)
    as_clean(standing)


@pytest.mark.parametrize(
    "path", ["site.yaml", "pages/about.nl.md", "static/a.txt", "shops/boom/shop.yaml", "shops/boom/reviews/2024.yaml"]
)
def test_a_file_that_cannot_be_read_stops_the_build(standing, monkeypatch, path):
    """It is named, with the reason, and the former site stands."""
    standing.shop("boom", 21)
    standing.write("static/a.txt", "b\n")
    opened = builtins.open

    def refuse(name, *arguments, **options):
        if str(name).endswith(f"content/{path}"):
            raise PermissionError(13, "Permission denied", str(name))
        return opened(name, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", refuse)
        stood = files(standing.folder.parent / "site")
        with pytest.raises(MachineError, match=rf"content/{path}: can't be read: Permission denied"):
            make(standing)
        assert files(standing.folder.parent / "site") == stood
    as_clean(standing)


STARVED = """
import resource, sys
from vijf.cli import main
from vijf.cli.build import build
import vijf.publish.build, vijf.render
pages = int(open("/proc/self/statm").read().split()[0])
size = pages * resource.getpagesize() + int(sys.argv.pop(1)) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size, size))
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_too_little_memory_is_a_failure_in_plain_words(tmp_path, jobs):
    """With any amount of memory a build is done, or returns 3 with a line that says why, and changes nothing."""
    content = Content(tmp_path / "content")
    content.site()
    for number in range(9):
        content.shop(f"s{number}", 400)
    build(content.folder, tmp_path / "site", State.of(tmp_path / "site"), NOW)
    content.reviews("s3", "most.yaml", *(review(number % 900, id=f"m{number}") for number in range(4000)))
    for number in range(9):
        content.reviews(f"s{number}", "more.yaml", review(900, text="x" * 20_000))
    stood = files(tmp_path / "site")
    codes = []
    for room in (0, 256, 1024, 2048, 4096, 8192, 12_000, 16_000, 24_000, 32_000, 48_000, 64_000, 96_000, 4_000_000):
        command = [sys.executable, "-c", STARVED, str(room), "build", "--jobs", str(jobs)]
        done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
        codes.append(done.returncode)
        assert done.returncode in (0, 3), (room, done.returncode, done.stderr)
        assert "Traceback" not in done.stderr, (room, done.stderr)
        if done.returncode:
            assert done.stderr.startswith("vijf: "), (room, done.stderr)
            assert files(tmp_path / "site") == stood, room
        else:
            break
    assert codes[0] == 3
    assert codes[-1] == 0
    shutil.rmtree(tmp_path / "clean", ignore_errors=True)
    build(content.folder, tmp_path / "clean", State.of(tmp_path / "clean"), NOW)
    assert differing(files(tmp_path / "site"), files(tmp_path / "clean")) == []
