"""`vijf build --swap`: an output that is a link to a whole generation of the site, switched by each build."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from contents import files, review, stamps
from folders import nodes
from generations import current, generation, inodes, is_whole, kept, read_at_once, shops_made
from vijf.publish.state import State


def clean(run, tmp_path, content="content"):
    """What a build into a new folder makes."""
    other = tmp_path / "clean" / "site"
    assert run("build", "--content", content, "--output", other).code == 0
    found = files(other)
    shutil.rmtree(other.parent)
    return found


def test_a_first_swap_makes_a_relative_link_to_a_whole_site(site, run, tmp_path):
    """The link is relative, so that the folder it lies in can be moved; the site is what any build makes."""
    assert site.is_symlink()
    assert str(site.readlink()) == ".site.generations/1"
    assert is_whole(files(site))
    assert files(site) == clean(run, tmp_path)
    assert State.of(site).folder == tmp_path / ".vijf/site"


@pytest.mark.parametrize("option", [(), ("--swap",)])
def test_every_later_build_swaps_with_or_without_the_option(site, two, run, tmp_path, option):
    """What stays is the same file in both generations, what changed is another; the old one is as it was."""
    before, old = files(site), inodes(site)
    two.reviews("peer", "2025.yaml", review(40))
    done = run("build", "--json", *option)
    assert done.code == 0, done.err
    changed = json.loads(done.out)["changed"]
    assert current(site) == "2"
    new = inodes(site)
    assert {path for path in new if new[path] != old.get(path)} == set(changed)
    assert 0 < len(changed) < len(new)
    assert files(generation(site, "1")) == before
    assert inodes(generation(site, "1")) == old
    assert files(site) == clean(run, tmp_path)


def test_a_build_that_changes_nothing_makes_no_generation(site, run):
    """Neither does one that changes the content's bytes, but not the site's."""
    before = stamps(site.parent / ".site.generations"), os.lstat(site).st_ino
    assert run("build").code == 0
    assert run("build", "--swap").code == 0
    assert (stamps(site.parent / ".site.generations"), os.lstat(site).st_ino) == before


@pytest.mark.usefixtures("site")
def test_later_builds_of_a_swapped_output_read_only_what_changed(two, run):
    """Every folder is a new one after a swap, yet the next build knows all shops that stayed."""
    for number in (50, 51, 52):
        two.reviews("peer", "2025.yaml", review(number))
        assert shops_made(run("build", "--explain")) == {"peer"}
    assert shops_made(run("build", "--explain")) == set()


def test_named_changes_of_a_swapped_output_keep_what_is_known_of_other_shops(site, two, run):
    """`--changed` looks at one shop only, and the build after it still has no shop to make."""
    two.reviews("peer", "2025.yaml", review(40))
    made = run("build", "--changed", "content/shops/peer/reviews/2025.yaml", "--explain")
    assert made.code == 0, made.err
    assert current(site) == "2"
    assert shops_made(made) == {"peer"}
    assert shops_made(run("build", "--explain")) == set()
    assert run("build", "--verify").code == 0


def test_a_shop_whose_folder_was_touched_is_not_vouched_for_by_a_swap(site, two, run):
    """What others put into the output is found by the next full look, although a swap came in between."""
    (site / "v1/appel/stray").write_bytes(b"stray")
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build", "--changed", "content/shops/peer/reviews/2025.yaml").code == 0
    assert (site / "v1/appel/stray").exists()  # nobody looked there
    assert run("build").code == 0
    assert not (site / "v1/appel/stray").exists()
    assert is_whole(files(site))


def test_files_that_are_no_longer_part_of_the_site_are_not_in_the_next_generation(site, two, run, tmp_path):
    """They stay in the one before, with their folders."""
    shutil.rmtree(two.folder / "shops/appel")
    assert run("build").code == 0
    assert not list(site.rglob("appel"))
    assert (generation(site, "1") / "nl/appel/index.html").exists()
    assert files(site) == clean(run, tmp_path)


def test_only_the_current_generation_and_the_one_before_are_kept(site, two, run):
    """Whoever reads the former site can read on; older ones are gone."""
    for number in range(4):
        two.reviews("peer", "2025.yaml", review(40 + number))
        assert run("build").code == 0
        assert kept(site) == sorted([str(number + 1), str(number + 2)])


def test_an_old_generation_that_cannot_be_removed_costs_a_note_only(site, two, run, monkeypatch):
    """The site is published, the exit code is 0, and the next build tries again."""
    two.reviews("peer", "2025.yaml", review(40))
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda folder: (folder / "no").rmdir())
        done = run("build")
    assert (done.code, current(site)) == (0, "2")
    assert "cannot remove the old generation" in done.err
    assert ".site.generations/0" in done.err
    assert kept(site) == ["0", "1", "2"]
    two.reviews("peer", "2025.yaml", review(41))
    assert run("build").err == ""
    assert kept(site) == ["2", "3"]


def test_what_an_operator_put_there_goes_over(site, two, run, tmp_path):
    """Dotfiles at the root, with modes and empty folders; links are copied as links, and none is followed."""
    (site / ".well-known/acme").mkdir(parents=True)
    (site / ".well-known/acme/token").write_bytes(b"token")
    (site / ".well-known/acme/token").chmod(0o640)
    (site / ".well-known/empty").mkdir(mode=0o750)
    (tmp_path / "elsewhere").mkdir()
    (site / ".linked").symlink_to("../../elsewhere")
    (site / ".broken").symlink_to("/no/where")
    before = {path: node for path, node in nodes(site, modes=True).items() if path.startswith(".")}
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    assert {path: node for path, node in nodes(site, modes=True).items() if path.startswith(".")} == before
    assert str((site / ".linked").readlink()) == "../../elsewhere"
    assert (generation(site, "1") / ".well-known/acme/token").samefile(site / ".well-known/acme/token")
    assert (tmp_path / "elsewhere").samefile(site / ".linked")


def test_a_stranger_in_the_site_is_left_behind(site, run):
    """What isn't part of the site isn't carried over, and isn't followed where it is a link."""
    (site / "stray").mkdir()
    (site / "stray/file").write_bytes(b"")
    (site / "link").symlink_to("/")
    assert run("build").code == 0
    assert current(site) == "2"
    assert is_whole(files(site))


def test_files_and_folders_take_each_others_place(site, two, run, tmp_path):
    """A path that was a file becomes a folder and the other way round."""
    for path in ("a", "b/c"):
        two.write(f"static/{path}", path)
    assert run("build").code == 0
    shutil.rmtree(two.folder / "static")
    for path in ("a/c", "b"):
        two.write(f"static/{path}", path)
    assert run("build").code == 0
    assert files(site) == clean(run, tmp_path)
    assert (generation(site, "2") / "b/c").read_bytes() == b"b/c"


def test_faults_leave_the_former_generation_and_keep_going_keeps_a_shop(site, two, run):
    """A build that is refused makes no generation; `--keep-going` publishes one with the shop's last output."""
    kept_page = (site / "nl/appel/index.html").read_bytes()
    two.reviews("peer", "2025.yaml", review(40))
    two.shop("appel", 3, status="unheard")
    assert run("build").code == 1
    assert (current(site), kept(site)) == ("1", ["0", "1"])
    assert run("build", "--keep-going").code == 1
    assert current(site) == "2"
    assert (site / "nl/appel/index.html").read_bytes() == kept_page
    two.shop("appel", 3)
    assert run("build").code == 0
    assert run("build", "--verify").code == 0


def test_verify_finds_what_differs_in_the_current_generation(site, run):
    """And leaves everything as it is."""
    assert run("build", "--verify").code == 0
    (site / "nl/peer/index.html").unlink()
    before = stamps(site.parent / ".site.generations")
    done = run("build", "--verify")
    assert done.code == 1
    assert "nl/peer/index.html" in done.out
    assert stamps(site.parent / ".site.generations") == before


def test_a_link_that_was_led_back_is_published_anew(site, two, run):
    """An operator may go back to the generation before; the next build believes nothing that isn't there."""
    old = files(site)
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    new = files(site)
    for option in ((), ("--changed", "content/shops/appel/shop.yaml")):
        last = int(current(site))
        lead(site, "1")
        assert files(site) == old
        assert run("build", *option).code == 0
        assert files(site) == new
        assert kept(site) == ["1", str(last + 1)]


def lead(site, number):
    """What an operator would do: `ln -sfn .site.generations/1 site`."""
    fresh = site.with_name("fresh")
    fresh.symlink_to(f".site.generations/{number}")
    fresh.replace(site)


@pytest.mark.usefixtures("site")
def test_moved_together_link_generations_and_state_still_work(two, run, tmp_path):
    """All three lie side by side and name each other by relative paths."""
    (tmp_path / "moved").mkdir()
    for name in ("site", ".site.generations", ".vijf"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    moved = tmp_path / "moved/site"
    assert shops_made(run("build", "--output", moved, "--explain")) == set()
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build", "--output", moved).code == 0
    assert current(moved) == "2"
    assert is_whole(files(moved))


def test_a_lost_state_costs_a_full_build_only(site, two, run):
    """State is disposable here too: files that stay are still the same ones."""
    old = inodes(site)
    shutil.rmtree(site.parent / ".vijf")
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    new = inodes(site)
    assert new["nl/appel/index.html"] == old["nl/appel/index.html"]
    assert is_whole(files(site))


def test_a_reader_never_sees_two_sites_mixed(site, two, run):
    """Whoever opens the folder through the link reads one whole site, while builds switch it underneath."""
    seen = set()
    for number in range(6):
        two.reviews("peer", "2025.yaml", review(40 + number), review(60 + number))
        two.reviews("appel", "2025.yaml", review(40 + number))
        building = os.fork()
        if not building:
            code = 1
            try:
                code = run("build").code
            finally:
                os._exit(code)
        status = None
        while status is None:
            number_before = int(current(site))
            try:
                found = read_at_once(site)
            except FileNotFoundError:
                assert int(current(site)) > number_before + 1  # two builds later its place is given up
            else:
                assert is_whole(found)
                seen.add(found["build.json"])
            ended, code = os.waitpid(building, os.WNOHANG)
            status = code if ended else None
        assert os.waitstatus_to_exitcode(status) == 0
    assert len(seen) > 4


def test_an_open_folder_can_be_read_on_after_one_swap(site, two, run):
    """A request under way ends with the site that it began with."""
    before = files(site)
    root = os.open(site, os.O_RDONLY | os.O_DIRECTORY)
    two.reviews("peer", "2025.yaml", review(40))
    assert run("build").code == 0
    for path, data in before.items():
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=root), "rb") as file:
            assert file.read() == data
    os.close(root)
