"""Whatever is done to content, output and state, in whatever order: a build leaves what a clean build makes."""

import tempfile
from pathlib import Path

import pytest
from contents import differing
from edited import CONTENT, FOREIGN, IDLE, World, run, tree
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS
from vijf import limits
from vijf.errors import ContentError
from vijf.publish import disk, workers

NUMBERS = st.integers(0, 49)


def rounds(names, most=4):
    """Rounds of one to three edits each, and how each round is written and built."""
    edits = st.tuples(st.sampled_from(sorted(names)), NUMBERS, NUMBERS)
    return st.lists(st.tuples(st.lists(edits, min_size=1, max_size=3), st.integers(0, 29)), min_size=1, max_size=most)


ANY = rounds(CONTENT | IDLE | FOREIGN)
KNOWN = {
    "a page changes, and the directory is made anew": (3, [[("change page", 0, 1)]]),
    "the last shop goes": (1, [[("remove shop", 0, 0)], [("add shop", 1, 3)]]),
    "a folder of the output becomes a link": (3, [[("touch output", at, 6)] for at in (3, 9, 17)]),
    "a file of the output is overwritten in place": (2, [[("overwrite output", at, 1)] for at in (5, 11)]),
    "files of the output go": (4, [[("touch output", at, 0)] for at in range(4, 12)]),
    "a shop gets the address that another gave up": (3, [[("rename shop", 0, 5)], [("add shop", 0, 2)]]),
    "two shops change places": (4, [[("swap shops", 0, 3)], [("swap shops", 0, 3)]]),
    "a shop merges, grows, and is parted": (4, [[("merge", 0, 2)], [("add review", 0, 2)], [("merge", 0, 1)]]),
    "languages come and go": (2, [[("change site", 1, at)] for at in (1, 2, 0)]),
    "an earlier state is put back": (
        3, [[("save", 0, 0), ("change review", 0, 0)], [("restore", 0, 1), ("change review", 0, 0)]],
    ),
    "an earlier output is put back": (3, [[("save", 1, 0), ("change review", 0, 0)], [("restore", 1, 1)]]),
    "the output is copied": (3, [[("copy output", 0, 1)], [("add review", 0, 0)]]),
    "a static file takes a shop's place": (
        3, [[("remove shop", 1, 0), ("take address", 1, 0)], [("add shop", 1, 1)]],
    ),
    "a shop's initial comes and goes": (5, [[("change name", 1, 8)], [("change name", 1, 2)]]),
}  # fmt: skip
"""Sequences that are in every run: those that once led elsewhere, and what one would try first."""


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the file system some hundred times."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture
def tight(monkeypatch):
    """Limits so low that shards, pages of the directory, archives and the feed's pool turn over; two workers fork."""
    for name, value in {
        "SHOPS_PER_SHARD": 2,
        "SHOPS_PER_PAGE": 3,
        "SITE_FEED_POOL": 8,
        "SITE_FEED_ITEMS": 4,
        "SITE_FEED_OF_ONE_SHOP": 2,
        "PER_PAGE": 2,
    }.items():
        monkeypatch.setattr(limits, name, value)
    monkeypatch.setattr(workers, "_WORTH_FORKING", 2)


def edited(shops, history):
    """Run a history in a new world."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "w")
        world.start(shops)
        run(world, history)


@pytest.mark.parametrize("number", [0, 1], ids=["named", "all"])
@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.usefixtures("tight")
def test_what_was_done_leads_to_what_a_clean_build_makes(name, number):
    """Builds after certain edits equal clean ones, where the changed paths are named too."""
    shops, history = KNOWN[name]
    edited(shops, [(edits, number) for edits in history])


@settings(LAWS, max_examples=6)
@given(st.integers(0, 6), ANY)
def test_any_edits_lead_to_what_a_clean_build_makes(shops, history):
    """Edits of content, output and state in any order, after each of which a build equals a clean one."""
    edited(shops, history)


@pytest.mark.usefixtures("tight")
@settings(LAWS, max_examples=8)
@given(shops=st.integers(0, 8), history=ANY)
def test_any_edits_lead_to_what_a_clean_build_makes_where_everything_is_in_many_parts(shops, history):
    """The same with several shards, pages of the directory and archive pages, and with two workers."""
    edited(shops, history)


@pytest.mark.slow
@settings(LAWS, max_examples=120)
@given(st.integers(0, 8), rounds(CONTENT | IDLE | FOREIGN, 8))
def test_any_edits_lead_to_what_a_clean_build_makes_at_length(shops, history):
    """The same, with many more and longer histories."""
    edited(shops, history)


@pytest.mark.usefixtures("tight")
@pytest.mark.slow
@settings(LAWS, max_examples=200)
@given(shops=st.integers(0, 9), history=rounds(CONTENT | IDLE | FOREIGN, 8))
def test_any_edits_in_many_parts_lead_to_what_a_clean_build_makes_at_length(shops, history):
    """The same, with many more and longer histories."""
    edited(shops, history)


@pytest.mark.usefixtures("tight")
@pytest.mark.slow
@settings(LAWS, max_examples=150)
@given(shops=st.integers(0, 9), history=rounds(CONTENT | IDLE, 8))
def test_any_edits_of_content_lead_to_what_a_clean_build_makes_at_length(shops, history):
    """The same without touching what belongs to Vijf, so that nothing but the content makes a build look closer."""
    edited(shops, history)


# ---------------------------------------------------------------------- faults in between


def faulty_rounds(world, history):
    """Rounds of edits with faults in between: see the test below."""
    world.write()
    world.check()
    for number, (edits, slugs) in enumerate(history):
        before = tree(world.output)
        for edit in edits:
            world.edit(edit)
        chosen = {world.shop(slug) for slug, _ in slugs} - {None}
        for slug, kind in slugs:
            if world.shop(slug) in chosen:
                world.shops[world.shop(slug)].fault = ("shop", "reviews")[kind]
        world.write(number)
        if world.faulty:
            nothing_changes(world, before)
            if number % 2:
                others_move_on(world, before)
            for shop in world.shops.values():
                shop.fault = ""
            world.write(number + 1)
        report = world.check()
        assert not report.faults
    assert world.verify() == ((), ())


def nothing_changes(world, before):
    """A build with faults is refused and leaves the site as it was."""
    with pytest.raises(ContentError):
        world.build()
    assert differing(tree(world.output), before) == []


def others_move_on(world, before):
    """With `keep_going` faulty shops stand as they stood, and all others are as in a clean build of the same."""
    report = world.build(keep_going=True)
    assert sorted((*report.kept, *report.left_out)) == world.faulty
    after = tree(world.output)
    clean = world.folder / "kept-clean" / "site"
    world.build(clean, keep_going=True)
    wanted = tree(clean)
    targets = {world.shops[slug].merged_into for slug in world.faulty}
    for slug in world.shops:
        if slug in world.faulty:
            stood = of(slug, before)
            if slug in report.kept and stood:
                assert differing(of(slug, after), stood) == [], slug
        elif slug not in targets:
            assert differing(of(slug, after), of(slug, wanted)) == [], slug
    assert world.build(keep_going=True).changes.changed == ()


def of(slug, site):
    """The files of a shop."""
    return {path: data for path, data in site.items() if path.split("/")[1:2] == [slug]}


FAULTY = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(sorted(CONTENT)), NUMBERS, NUMBERS), max_size=2),
        st.lists(st.tuples(NUMBERS, st.integers(0, 1)), max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.usefixtures("tight")
@settings(LAWS, max_examples=6)
@given(shops=st.integers(1, 6), history=FAULTY)
def test_faults_that_come_and_go_leave_no_trace(shops, history):
    """While there's a fault nothing changes, or with `keep_going` only other shops; repaired, all is as clean."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "w")
        world.start(shops)
        faulty_rounds(world, history)


@pytest.mark.usefixtures("tight")
@pytest.mark.slow
@settings(LAWS, max_examples=120)
@given(shops=st.integers(1, 8), history=FAULTY)
def test_faults_that_come_and_go_leave_no_trace_at_length(shops, history):
    """The same, with many more histories."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "w")
        world.start(shops)
        faulty_rounds(world, history)


@pytest.fixture
def world(tmp_path):
    """Four shops, built."""
    made = World(tmp_path / "w")
    made.start(4)
    made.write()
    made.check()
    return made


def test_a_shop_that_was_kept_while_settings_changed_is_made_once_it_is_sound(world):
    """Its content is as it was before, but its last output says what the settings were."""
    world.shops["aap"].fault = "reviews"
    world.site["name"] = "Anders"
    world.write()
    assert world.build(keep_going=True).kept == ("aap",)
    world.shops["aap"].fault = ""
    world.write()
    world.check()


def test_a_shop_that_was_kept_while_another_merged_into_it_is_made_once_it_is_sound(world):
    """Its content is as it was before, but its last output doesn't name the other."""
    world.shops["aap"].fault = "reviews"
    world.shops["boom"].merged_into = "aap"
    world.write()
    assert world.build(keep_going=True).kept == ("aap",)
    world.shops["aap"].fault = ""
    world.write()
    world.check()


@pytest.mark.parametrize("formerly", [["aap"], []])
def test_a_shop_that_was_kept_under_an_earlier_slug_stands_once_in_the_directory(world, formerly):
    """Renamed and broken in one edit, its last output stands at its earlier address; repaired, only at the new one."""
    shop = world.shops.pop("aap")
    shop.formerly, shop.fault = ["aap"], "reviews"
    world.shops["ezel"] = shop
    world.write()
    assert world.build(keep_going=True).kept == ("ezel",)
    shop.formerly, shop.fault = formerly, ""
    world.write()
    world.check()


def test_a_new_shop_with_faults_is_left_out_until_it_is_sound(world):
    """It was never built, so there is nothing to keep; the others are built."""
    world.edit(("add shop", 4, 3))
    world.shops["ezel"].fault = "shop"
    world.edit(("add review", 0, 0))
    world.write()
    report = world.build(keep_going=True)
    assert (report.kept, report.left_out) == ((), ("ezel",))
    world.shops["ezel"].fault = ""
    world.write()
    world.check()


@pytest.mark.parametrize("folder", ["nl", "v1", "review"])
def test_shops_behind_a_link_are_made_anew(world, folder):
    """Where a link stands for a folder of all shops it is taken away, and what was seen through it is written again."""
    world.output.joinpath(folder).rename(world.folder / "moved")
    world.output.joinpath(folder).symlink_to(world.folder / "moved")
    world.check()
    assert not world.output.joinpath(folder).is_symlink()


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("missing", [True, False], ids=["missing", "foreign"])
def test_files_that_many_shops_share_are_put_back(tmp_path, missing):
    """Also those in a folder where nothing else stands; and what doesn't belong there goes."""
    world = World(tmp_path / "w")
    world.start(8)
    world.write()
    world.check()
    shared = world.output / "merchant-reviews/2.xml"
    if missing:
        shared.unlink()
    else:
        shared.with_name("foreign.xml").write_text("x")
    world.check()


@pytest.mark.usefixtures("tight")
def test_letters_that_only_change_their_order_are_written_on_every_page(tmp_path):
    """A name that starts with a sign stands among other letters then; pages with the same shops name them in order."""
    world = World(tmp_path / "w")
    world.start(4)
    for slug, name in zip(
        sorted(world.shops), ("007", "Zee", "\N{GREEK SMALL LETTER ALPHA}", "\N{GREEK SMALL LETTER BETA}"), strict=True
    ):
        world.shops[slug].name = name
    world.write()
    world.check()
    world.shops["aap"].name = "{7"
    world.write()
    world.check()
