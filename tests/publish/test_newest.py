"""The pool of newest items: what it holds is what a pool made from all shops would, or it says that it isn't sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vijf import limits
from vijf.publish import newest
from vijf.publish.manifest import Pool
from vijf.publish.newest import pooled, replaced
from vijf.render.items import Item

LAWS = settings(max_examples=300, deadline=None, derandomize=True)
DAY = datetime(2026, 1, 1, tzinfo=UTC)
POOL, FEED = 8, 4
"""Smaller than the real limits, so that random shops fill pool and feed."""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(limits, "SITE_FEED_POOL", POOL)
    monkeypatch.setattr(limits, "SITE_FEED_ITEMS", FEED)


def item(shop, day, number=0):
    """An item of a shop on the `day`-th day."""
    moment = DAY + timedelta(day)
    order = (moment, False, moment, f"r{number}", 0, shop)
    return Item(order, f"{shop}/{number}", shop, shop, "/", "", "", "nl", moment, moment, (), {"day": day})


def items(shop, days):
    """The items of a shop on these days."""
    return [item(shop, day, number) for number, day in enumerate(days)]


def feed(pool):
    """What the site's feed shows of a pool."""
    return pool.items[:FEED]


shops = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.integers(0, 9), max_size=5), max_size=6)


def whole(content):
    """The pool of all shops, made at once."""
    return pooled(Pool(), [one for shop, days in content.items() for one in items(shop, days)])


@LAWS
@given(shops, st.randoms(use_true_random=False))
def test_a_pool_is_the_same_in_whatever_order_and_portions_it_grows(content, chance):
    """The newest of all, newest first, and whether there are others; as many as a pool holds."""
    everything = [one for shop, days in content.items() for one in items(shop, days)]
    pool = Pool()
    order = list(content)
    chance.shuffle(order)
    for shop in order:
        pool = pooled(pool, items(shop, content[shop]))
    newest_first = sorted(everything, key=lambda one: one.order, reverse=True)
    assert pool == Pool(tuple(newest_first[:POOL]), more=len(everything) > POOL)


@LAWS
@given(shops, st.integers(1, 3), st.randoms(use_true_random=False))
def test_what_a_worker_holds_back_has_no_place(content, workers, chance):
    """Each worker gives only items that are among the newest of those it has seen; the pool is the same."""
    own, pool = [Pool()] * workers, Pool()
    for shop, days in content.items():
        worker = chance.randrange(workers)
        given_items = items(shop, days)
        own[worker] = pooled(own[worker], given_items)
        mine = [one for one in given_items if own[worker].items and one.order >= own[worker].items[-1].order]
        pool = pooled(pool, mine, more=len(mine) < len(given_items))
    assert pool == whole(content)


@LAWS
@given(shops, shops, st.sets(st.sampled_from("abcdef")))
@example({"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 4]}, {}, {"a"})
@example({"a": [5] * 5, "b": [4] * 5}, {"a": [0] * 5}, {"a"})
def test_after_some_shops_changed_the_feed_is_that_of_all_shops_or_unsure(former, later, touched):
    """Whatever shops come, change and go: None, or a pool that shows what one made from all shops shows."""
    now = {shop: days for shop, days in former.items() if shop not in touched}
    now |= {shop: days for shop, days in later.items() if shop in touched}
    new = pooled(Pool(), [one for shop in touched & now.keys() for one in items(shop, now[shop])])
    pool = replaced(whole(former), touched, new)
    expected = whole(now)
    if pool is None:
        assert whole(former).more
    else:
        assert feed(pool) == feed(expected)
        assert pool.items == expected.items[: len(pool.items)]
        assert pool.more or pool == expected


@LAWS
@given(st.lists(st.tuples(shops, st.sets(st.sampled_from("abcdef"))), min_size=2, max_size=6))
def test_the_feed_stays_that_of_all_shops_through_many_builds(history):
    """A pool that is sure of less after each build never shows what isn't so; unsure, it is made anew."""
    now, pool = {}, Pool()
    for later, touched in history:
        now = {shop: days for shop, days in now.items() if shop not in touched}
        now |= {shop: days for shop, days in later.items() if shop in touched}
        new = pooled(Pool(), [one for shop in touched & now.keys() for one in items(shop, now[shop])])
        pool = replaced(pool, touched, new) or whole(now)
        assert feed(pool) == feed(whole(now))


def test_a_new_review_asks_no_other_shop():
    """The commonest change leaves the pool sure, whatever else there is, and so does one that goes."""
    former = whole({shop: [1, 2, 3] for shop in "abcdef"})
    assert former.more
    pool = replaced(former, {"a"}, pooled(Pool(), items("a", [1, 2, 3, 9])))
    assert feed(pool)[0].facts["day"] == 9
    assert replaced(former, {"a"}, Pool()) is not None


def test_too_few_sure_items_give_none():
    """Items that the former pool had no place for may be newer than what is left: nobody knows."""
    former = whole({"a": [9, 9, 9, 9, 9], "b": [8, 8, 8], "c": [7, 7]})
    assert former.more
    assert replaced(former, {"a"}, Pool()) is None
    assert replaced(replace(former, more=False), {"a"}, Pool()) == Pool(tuple(former.items[5:]))


def test_the_pool_holds_more_than_the_feed_shows(monkeypatch):
    """The real limits: some of the newest may go before all shops have to be asked."""
    monkeypatch.undo()
    assert newest.limits.SITE_FEED_POOL >= 2 * newest.limits.SITE_FEED_ITEMS
    assert newest.limits.SITE_FEED_POOL - newest.limits.SITE_FEED_ITEMS >= newest.limits.SITE_FEED_OF_ONE_SHOP
