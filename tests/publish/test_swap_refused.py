"""Which outputs are swapped, which are refused, and what the machine may refuse of a swap."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from contents import files, review, stamps
from folders import fill, nodes
from generations import current, inodes, is_whole, kept, shops_made
from vijf.errors import MachineError, UsageError
from vijf.publish import disk
from vijf.publish.state import State, claim, exclusive


@pytest.mark.usefixtures("two")
def test_a_folder_with_a_site_is_refused_with_what_to_do(run, tmp_path):
    """The message's own commands lead to a swapped output."""
    assert run("build").code == 0
    before = nodes(tmp_path / "site"), stamps(tmp_path / "site")
    done = run("build", "--swap")
    assert done.code == 2
    assert "mv site site.old" in done.err
    assert "remove site.old" in done.err
    assert (nodes(tmp_path / "site"), stamps(tmp_path / "site")) == before
    assert not (tmp_path / ".site.generations").exists()
    assert run("build").code == 0  # in place, as before
    (tmp_path / "site").rename(tmp_path / "site.old")
    assert run("build", "--swap").code == 0
    assert files(tmp_path / "site") == files(tmp_path / "site.old")


@pytest.mark.usefixtures("two")
def test_a_folder_with_dotfiles_only_is_refused_too(run, tmp_path):
    """They would be lost without a word."""
    fill(tmp_path, {"site/.well-known/token": b"mine"})
    done = run("build", "--swap")
    assert done.code == 2
    assert "copy over what isn't Vijf's (such as .well-known)" in done.err
    assert nodes(tmp_path / "site")[".well-known/token"] == b"mine"


@pytest.mark.usefixtures("two")
def test_a_folder_of_somebody_else_is_refused(run, tmp_path):
    """As without the option."""
    fill(tmp_path, {"site/thesis.doc": b""})
    assert "was not built by Vijf" in run("build", "--swap").err
    assert not (tmp_path / "site").is_symlink()


@pytest.mark.usefixtures("two")
def test_an_empty_folder_becomes_a_link(run, tmp_path):
    """It has nothing to lose."""
    (tmp_path / "deep/site").mkdir(parents=True)
    assert run("build", "--swap", "--output", "deep/site").code == 0
    assert current(tmp_path / "deep/site") == "1"
    assert State.of(tmp_path / "deep/site").folder == tmp_path / "deep/.vijf/site"


def test_a_first_swap_with_faults_shows_an_empty_site_and_the_next_one_a_whole_one(two, run, tmp_path):
    """As the output is an empty folder then without the option."""
    two.shop("appel", 3, status="unheard")
    assert run("build", "--swap").code == 1
    assert files(tmp_path / "site") == {}
    two.shop("appel", 3)
    assert run("build").code == 0
    assert current(tmp_path / "site") == "1"
    assert is_whole(files(tmp_path / "site"))


@pytest.mark.usefixtures("two")
def test_a_link_to_elsewhere_is_built_into_and_refused_with_the_option(run, tmp_path):
    """The link is somebody's own: it stays what it is."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to("elsewhere")
    done = run("build", "--swap")
    assert done.code == 2
    assert "none of its generations" in done.err
    assert run("build").code == 0
    assert str((tmp_path / "site").readlink()) == "elsewhere"
    assert is_whole(files(tmp_path / "elsewhere"))
    assert "none of its generations" in run("build", "--swap").err
    assert not list(tmp_path.glob(".*.generations"))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("target", [".site.generations/x", ".site.generations/01", ".site.generations", "site-1/1"])
def test_a_link_to_what_is_no_generation_is_no_swapped_output(run, tmp_path, target):
    """Only a number in the folder with its own name is."""
    (tmp_path / target).mkdir(parents=True)
    (tmp_path / "site").symlink_to(target)
    assert run("build", "--swap").code == 2
    assert files(tmp_path / target) == {}


def test_a_number_is_no_generation_where_no_link_leads_to_one(site, run, tmp_path):
    """Not once the link is gone, leads elsewhere or has become a folder: it is refused as an output then."""
    site.unlink()
    (tmp_path / ".site.generations/x").mkdir()
    for put in (lambda: None, lambda: site.symlink_to(".site.generations/x"), site.mkdir):
        site.unlink(missing_ok=True)
        put()
        assert run("build", "--output", ".site.generations/1").code == 2
    assert kept(site) == ["0", "1", "x"]


def test_every_name_of_a_swapped_output_is_one_output(site, two, run, tmp_path):
    """By a link to the link, or by a generation itself: one state, one lock, and the same link is switched."""
    (tmp_path / "alias").symlink_to("site")
    names = [site, tmp_path / "alias", tmp_path / ".site.generations/1", tmp_path / ".site.generations/0"]
    assert {State.of(name) for name in names} == {State.of(site)}
    with exclusive(State.of(site)):
        for name in names:
            done = run("build", "--output", name)
            assert "Another build of this output is running" in done.err
    for number, name in enumerate(names[:3]):
        two.reviews("peer", "2025.yaml", review(40 + number))
        assert run("build", "--output", name).code == 0
        assert current(site) == str(number + 2)
    assert sorted(path.name for path in (tmp_path / ".vijf").iterdir()) == ["site"]


@pytest.mark.parametrize("place", ["site/below", ".site.generations", ".site.generations/1/x", ".site.generations/x"])
def test_no_other_output_is_built_inside_the_generations(site, run, place):
    """A swap would leave it behind."""
    before = nodes(site.parent / ".site.generations")
    assert run("build", "--output", place).code == 2
    assert nodes(site.parent / ".site.generations") == before


@pytest.mark.parametrize("place", ["site", "site/below", ".site.generations", ".site.generations/7", "."])
def test_content_and_state_lie_outside_the_generations(site, place):
    """Neither may be in the other, under whatever name."""
    with pytest.raises(UsageError, match="overlap"):
        claim(site, State.of(site), [site.parent / place])
    with pytest.raises(UsageError, match="overlap"):
        claim(site, State.of(site, site.parent / place))


def test_a_link_whose_generation_is_gone_is_refused(site, run):
    """As any link to nowhere; without it one can begin again, and numbers go on."""
    shutil.rmtree(site.parent / ".site.generations/1")
    done = run("build")
    assert done.code == 2
    assert "a symbolic link to nowhere. Remove it" in done.err
    site.unlink()
    assert run("build", "--swap").code == 0
    assert is_whole(files(site))
    assert current(site) == "2"


def test_a_generation_can_become_a_plain_folder_again(site, two, run, tmp_path):
    """Who no longer wants a link puts the generation in its place: builds are in place then."""
    generation = site.resolve()
    site.unlink()
    generation.rename(site)
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    assert not site.is_symlink()
    assert is_whole(files(site))
    assert kept(tmp_path / "site") == ["0"]


@pytest.mark.parametrize("number", [errno.EMLINK, errno.EPERM, errno.EOPNOTSUPP])
def test_without_hard_links_files_are_copied(site, two, run, monkeypatch, number):
    """With mode and times, so that web servers and caches see the same file as before."""
    (site / ".mine").write_bytes(b"mine")
    (site / ".mine").chmod(0o640)
    old, before = inodes(site), {path: (site / path).stat() for path in inodes(site)}
    two.reviews("peer", "2025.yaml", review(40))
    monkeypatch.setattr(os, "link", refusing(number))
    assert run("build").code == 0
    assert current(site) == "2"
    assert not set(inodes(site).values()) & set(old.values())
    assert is_whole({path: data for path, data in files(site).items() if path != ".mine"})
    for path in (".mine", "nl/appel/index.html"):
        status = (site / path).stat()
        assert (status.st_mode, status.st_mtime_ns) == (before[path].st_mode, before[path].st_mtime_ns)
    assert shops_made(run("build", "--explain")) == set()


def refusing(number, which=lambda _path: True, instead=os.link):
    """A function of `os` that refuses paths, and does for others what it always does."""

    def refuse(path, *rest, **options):
        if which(os.fspath(path)):
            raise OSError(number, os.strerror(number), path)
        return instead(path, *rest, **options)

    return refuse


@pytest.mark.parametrize("name", ["link", "mkdir", "rename", "symlink"])
def test_a_full_disk_leaves_the_former_site(site, two, run, monkeypatch, name):
    """Whatever doesn't fit any more: the former site stands, and with space again the next build publishes."""
    before = files(site)
    two.reviews("peer", "2025.yaml", review(40))
    (site / ".linked").symlink_to("x")
    generations = str(site.parent / ".site.generations")
    with monkeypatch.context() as patch:
        within = lambda path: path.startswith(generations) or path == "x"  # noqa: E731  # a test's own
        patch.setattr(os, name, refusing(errno.ENOSPC, within, getattr(os, name)))
        done = run("build")
    assert done.code == 3
    assert "No space left on device" in done.err
    assert "Free some space" in done.err
    assert current(site) == "1"
    assert files(site) == before
    assert ("next" in kept(site)) == (name == "rename")  # then it had been decided
    assert run("build").code == 0
    assert current(site) == "2"
    assert kept(site) == [*(["0"] if name == "rename" else []), "1", "2"]  # the next swap removes it


def test_a_disk_mounted_inside_the_output_is_refused(site, two, run, monkeypatch):
    """It can't be in two generations at once; its files are neither copied nor lost."""
    fill(site, {".well-known/token": b"mine"})
    two.reviews("peer", "2025.yaml", review(40))
    monkeypatch.setattr(os, "link", refusing(errno.EXDEV, lambda path: path.endswith("token"), os.link))
    done = run("build")
    assert done.code == 3
    assert "lies on another file system than the output" in done.err
    assert (current(site), kept(site)) == ("1", ["0", "1"])


def test_a_file_that_can_be_neither_linked_nor_read_is_named(site, two, run, monkeypatch):
    """An operator's own file may belong to another user: the build says which one is in its way."""
    fill(site, {".htpasswd": b"secret"})
    two.reviews("peer", "2025.yaml", review(40))
    monkeypatch.setattr(os, "link", refusing(errno.EPERM, lambda path: path.endswith(".htpasswd"), os.link))
    monkeypatch.setattr(disk, "copy", refusing(errno.EACCES))
    done = run("build")
    assert done.code == 3
    assert ".htpasswd" in done.err
    assert "the former site stands" in done.err
    assert (current(site), kept(site)) == ("1", ["0", "1"])


def test_a_folder_of_the_former_generation_needs_no_right_to_write(site, two, run, monkeypatch):
    """Nothing is done there: it may be another user's."""
    access, refused = os.access, site.resolve() / "v1/peer"
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != refused and access(path, mode))
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    assert current(site) == "2"


@pytest.mark.parametrize("place", [".", ".site.generations"])
def test_a_folder_without_the_right_to_write_is_refused_at_once(site, monkeypatch, place):
    """Before hours of rendering: the link lies in one, the generations in the other."""
    access, refused = os.access, site.parent / place
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != refused and access(path, mode))
    with pytest.raises(MachineError, match="Permission denied"):
        claim(site, State.of(site))
