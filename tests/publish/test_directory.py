"""The directory from one build to the next: all that changed is made anew, and as a full build makes it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vijf import limits
from vijf.publish.directory import after, completed, whole
from vijf.publish.former import Former
from vijf.publish.manifest import Head, Pool, write_head
from vijf.publish.parts import StartOver, write_part_file
from vijf.publish.state import State
from vijf.render.site import Directory, ShopSummary

LAWS = settings(max_examples=200, deadline=None, derandomize=True)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pages so small that random shops fill several."""
    monkeypatch.setattr(limits, "SHOPS_PER_PAGE", 3)


def shop(slug, name="Peer", visible=0, merged_into=None):
    """What is said of a shop."""
    return ShopSummary(slug, name, "", "", "active", visible, 0, None, visible, merged_into)


@st.composite
def directories(draw):
    """Shops by slug; names so few and alike that they are told apart by their slugs."""
    slugs = draw(st.sets(st.sampled_from("abcdefghij")))
    return {
        slug: shop(
            slug,
            draw(st.sampled_from(["Peer", "peer", "Appel", "'t Hoekje", "12 ambachten", "Élan"])),
            draw(st.integers(0, 2)),
            draw(st.sampled_from([None, None, None, "z"])),
        )
        for slug in sorted(slugs)
    }


@contextmanager
def former_of(shops):
    """The last build of these shops, as far as the directory is concerned."""
    update = whole(shops.values())
    directory = update.directory
    with tempfile.TemporaryDirectory() as folder:
        state = State.of(Path(folder) / "site")
        state.folder.mkdir(parents=True)
        for name, data in update.parts:
            write_part_file(state, name, data)
        head = Head({}, (), update.pages, directory.initials, directory.listed, (), {}, {}, Pool(), ())
        yield Former(state, head, write_head(head))


def changes_between(before, now):
    """What changed: as a build tells it, also of shops that were looked at and are as they were."""
    return {slug: (before.get(slug), now.get(slug)) for slug in before.keys() | now.keys()}


@LAWS
@given(directories(), directories(), st.sets(st.sampled_from("abcdefghij")))
@example({"a": shop("a")}, {}, {"a"})
@example({}, {"a": shop("a")}, {"a"})
@example({s: shop(s) for s in "abcd"}, {"d": shop("d", visible=1)}, {"d"})
@example({s: shop(s) for s in "abcd"}, {"a": shop("a", name="Zus")}, {"a"})
def test_the_directory_after_changes_is_that_of_all_shops(before, later, touched):
    """The manifest's pages are those of a full build, and at least those that differ are made, with their shops."""
    now = {slug: said for slug, said in before.items() if slug not in touched}
    now |= {slug: said for slug, said in later.items() if slug in touched}
    changes = {slug: pair for slug, pair in changes_between(before, now).items() if slug in touched}
    expected, old = whole(now.values()), Directory.of(before.values())
    with former_of(before) as former:
        update = after(former, changes)
        complete = completed(former, update)
    assert update.pages == expected.pages
    directory = update.directory
    assert (directory.listed, directory.initials) == (expected.directory.listed, expected.directory.initials)
    wanted = expected.directory.pages
    assert directory.pages.items() <= {number: list(rows) for number, rows in wanted.items()}.items()
    same = (old.listed, old.initials) == (directory.listed, directory.initials)
    differ = {number for number, rows in wanted.items() if not same or old.pages.get(number) != rows}
    assert differ <= directory.pages.keys()
    assert complete.directory == expected.directory
    assert complete.pages == expected.pages
    known = {page.part for page in former.head.directory} | {name for name, _ in update.parts}
    assert {page.part for page in update.pages} <= known


def test_a_shop_that_changes_makes_only_its_own_page():
    """Its place is the same, so no other page is made, and the letters lead where they led."""
    before = {f"s{n}": shop(f"s{n}", f"Shop {n}") for n in range(9)}
    new = replace(before["s4"], visible=7)
    with former_of(before) as former:
        update = after(former, {"s4": (before["s4"], new)})
        assert update.directory.pages == {2: [before["s3"], new, before["s5"]]}
        assert len(update.parts) == 1
        assert after(former, {"s4": (new, new)}).directory.pages == {}


def test_shops_that_trade_places_make_only_the_pages_between():
    """As many shops under the same letters: pages before and after stay."""
    before = {f"s{n}": shop(f"s{n}", f"Shop {n}") for n in range(9)}
    new = replace(before["s4"], name="Shop 3a")
    with former_of(before) as former:
        assert list(after(former, {"s4": (before["s4"], new)}).directory.pages) == [2]
        new = replace(before["s0"], name="Shop 7a")
        assert list(after(former, {"s0": (before["s0"], new)}).directory.pages) == [1, 2, 3]


def test_a_shop_that_was_kept_under_an_earlier_slug_is_not_listed_twice():
    """While it had faults its old pages were listed; now it stands under its new slug only."""
    with former_of({"new": shop("old"), "b": shop("b")}) as former:
        update = after(former, {"new": (shop("old"), shop("new"))})
    assert update.directory.pages == {1: [shop("b"), shop("new")]}


def test_a_directory_has_a_page_even_when_it_is_empty():
    """The site's first page is there before the first shop, and after the last."""
    assert whole([]).directory.pages == {1: []}
    with former_of({}) as former:
        assert completed(former, after(former, {})).directory == Directory.of([])


def test_a_page_that_is_lost_starts_over():
    """Nothing is guessed at."""
    before = {slug: shop(slug) for slug in "abcd"}
    with former_of(before) as former:
        for path in former._state.parts.iterdir():
            path.write_bytes(b"")
        with pytest.raises(StartOver):
            after(former, {"a": (before["a"], shop("a", visible=1))})
        with pytest.raises(StartOver):
            after(former, {"a": (before["a"], None)})
