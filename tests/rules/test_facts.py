"""The facts of a shop: its account adds up, order is irrelevant, and below the threshold ratings leave no trace."""

import random
from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS, SITE, brief_review, marks, moment, review_lists, reviews
from vijf import model as m
from vijf.rules.counting import Uncounted
from vijf.rules.facts import Account, ShopFacts, events, last_event, shop_facts

SHOP = m.Shop("a", "A", "https://a.example")


def visible(number, day=date(2024, 1, 1), **changes):
    """A counted review of that day."""
    at = moment(day)
    return replace(m.Review(f"v{number}", at, at, rating=16, text="x"), **changes)


# --- below the threshold ----------------------------------------------------------------------------------------


@settings(LAWS, max_examples=300)
@given(review_lists(most=20), st.lists(st.tuples(marks, marks, st.booleans()), min_size=20, max_size=20))
def test_below_the_threshold_ratings_leave_no_trace(reviews, others):
    """With other marks, aspect marks and recommendations, the facts are the very same: nothing sums them up."""
    site = replace(SITE, threshold=100)
    changed = [
        replace(
            review,
            rating=None if review.rating is None else mark,
            aspects=None if review.aspects is None else dict.fromkeys(review.aspects, aspect),
            recommends=None if review.recommends is None else recommends,
        )
        for review, (mark, aspect, recommends) in zip(reviews, others, strict=False)
    ]
    facts = shop_facts(SHOP, reviews, site)
    assert facts.score is None
    assert facts == shop_facts(SHOP, changed, site)


def test_above_the_threshold_ratings_do_leave_a_trace():
    """The former test would notice: with enough reviews, another mark gives other facts."""
    five = [visible(n) for n in range(5)]
    assert shop_facts(SHOP, five, SITE) != shop_facts(SHOP, [replace(five[0], rating=2), *five[1:]], SITE)


def test_only_the_score_sums_up_ratings():
    """A new attribute of the facts has to be judged here: is it a sum of ratings? Then it belongs into the score."""
    assert {field.name for field in fields(ShopFacts)} == {
        *("account", "counted", "why", "score", "replies", "methods", "grounds", "incentives"),
        *("moments", "last_event", "recent"),
    }


@settings(LAWS, max_examples=200)
@given(review_lists(), st.integers(5, 40))
def test_score_exists_exactly_from_the_threshold_on(reviews, threshold):
    """Whatever else there is: held, removed and imported reviews don't help a shop over the threshold."""
    facts = shop_facts(SHOP, reviews, replace(SITE, threshold=threshold))
    assert (facts.score is not None) == (facts.counted >= threshold)
    if facts.score is not None:
        assert facts.score.mean.count == facts.counted


# --- the account ------------------------------------------------------------------------------------------------


@settings(LAWS, max_examples=300)
@given(review_lists())
def test_account_adds_up(reviews):
    """Every entry that came in is visible, on hold, withdrawn or removed; none is lost and none counted twice."""
    facts = shop_facts(SHOP, reviews, SITE)
    account = facts.account
    assert account.received == len(reviews)
    assert account.received == account.visible + account.held + account.withdrawn + account.removed
    assert min(account.visible, account.held, account.withdrawn, account.removed) >= 0
    assert facts.counted <= account.visible
    assert sum(facts.methods.values()) == account.visible
    assert facts.counted == sum(why is None for why in facts.why.values())
    assert set(facts.why) == {review.id for review in reviews}


def test_account_tells_taken_back_from_removed():
    """What its customer took back is withdrawn; what others removed, or a customer had erased, is removed."""
    at = moment(date(2024, 1, 1))
    hidden = [
        {"held": m.Hold(at, at, m.Ground.FAKE)},
        {"removed": m.Removal(at, m.Ground.WITHDRAWN_BY_CUSTOMER, m.Remover.CUSTOMER)},
        {"removed": m.Removal(at, m.Ground.ERASED, m.Remover.CUSTOMER)},
        {"removed": m.Removal(at, m.Ground.COURT_ORDER, m.Remover.COURT)},
    ]
    reviews = [visible(0), *(visible(n, text=None, **state) for n, state in enumerate(hidden, 1))]
    assert shop_facts(SHOP, reviews, SITE).account == Account(received=5, visible=1, held=1, withdrawn=1, removed=2)


def test_the_day_of_an_erasure_is_told_nowhere():
    """Of an erased review only months are told: it has no moment, and the last event is that of another."""
    late = m.Removal(moment(date(2025, 6, 1)), m.Ground.ERASED, m.Remover.CUSTOMER)
    facts = shop_facts(SHOP, [visible(0), visible(1, text=None, removed=late)], SITE)
    assert facts.moments.keys() == {visible(0).id}
    assert facts.last_event == facts.moments[visible(0).id].day < date(2025, 6, 1)


def test_shop_without_reviews_has_facts():
    """No review: every count is zero and no date is made up."""
    facts = shop_facts(SHOP, [], SITE)
    assert facts.account == Account(0, 0, 0, 0, 0)
    assert (facts.score, facts.last_event, facts.recent, facts.counted) == (None, None, 0, 0)
    assert facts.replies.median_days is None


# --- laws -------------------------------------------------------------------------------------------------------


@settings(LAWS, max_examples=150)
@given(review_lists(), st.integers())
def test_order_of_reviews_is_irrelevant(reviews, seed):
    """Shuffled reviews give equal facts, in the same order where facts have one."""
    shuffled = list(reviews)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  # Hypothesis gives the seed
    one, other = shop_facts(SHOP, reviews, SITE), shop_facts(SHOP, shuffled, SITE)
    assert one == other
    assert list(one.methods) == list(other.methods)
    if one.score is not None:
        assert list(one.score.aspects) == list(other.score.aspects)


@settings(LAWS, max_examples=200)
@given(
    review_lists(),
    st.integers(0, 1200),
    marks,
    st.sampled_from(("held", "removed", "taken_back", "imported", "withdrawn_rating", "no rating")),
)
def test_uncounted_review_never_changes_the_score(reviews, day, mark, state):
    """One more removed, held, withdrawn, imported or markless review leaves mean, distribution and years alone."""
    extra = brief_review(1000, day, None if state == "no rating" else mark, state, {"delivery": 2}, False, None)
    before, after = shop_facts(SHOP, reviews, SITE), shop_facts(SHOP, [*reviews, extra], SITE)
    assert after.why["r1000"] is not None
    assert after.counted == before.counted
    if before.score is None:
        assert after.score is None
        return
    # The window may move with the last event, and a removal is told of; nothing else may change.
    same = {"last_twelve_months": before.score.last_twelve_months, "removed": before.score.removed}
    assert replace(after.score, **same) == before.score


@settings(LAWS, max_examples=150)
@given(reviews())
def test_last_event_is_the_latest_that_happened(review):
    """Nothing that happened is later than the last event; the end of a hold lies ahead and is none."""
    latest = last_event(review)
    assert latest in list(events(review))
    assert all(moment.instant <= latest.instant for moment in events(review))
    assert shop_facts(SHOP, [review], SITE).last_event == max(moment.day for moment in events(review))
    if review.held is not None:
        later = replace(review.held, until=moment(review.held.until.day + timedelta(99)))
        assert last_event(replace(review, held=later)) == latest


EVENTS = {
    "reply": lambda at: {"replies": (m.Reply(m.Speaker.SHOP, "x", at),)},
    "amendment": lambda at: {"amended": (m.Amendment(at),)},
    "withdrawal": lambda at: {"rating_withdrawn": m.RatingWithdrawn(at, m.WithdrawalReason.CUSTOMER)},
    "redaction": lambda at: {"redacted": at},
    "hold": lambda at: {"held": m.Hold(at, at, m.Ground.FAKE)},
    "removal": lambda at: {"removed": m.Removal(at, m.Ground.FAKE, m.Remover.COURT)},
}


@pytest.mark.parametrize("event", EVENTS)
def test_every_kind_of_event_moves_the_window(event):
    """Twelve months count from whatever happened last to any review of the shop, not from its newest review."""
    start = date(2022, 3, 1)
    recent = [visible(n, start) for n in range(6)]
    assert shop_facts(SHOP, recent, SITE).recent == 6
    old = visible(99, start - timedelta(30))
    moved = replace(old, **EVENTS[event](moment(start + timedelta(400))))
    facts = shop_facts(SHOP, [*recent, moved], SITE)
    assert facts.last_event == start + timedelta(400)
    assert facts.recent == 0
    assert facts.score.last_twelve_months is None


def test_leap_day_as_last_event():
    """From 29 February, the year goes back to 1 March: the 28th is outside, and no day is missing."""
    leap = date(2024, 2, 29)
    reviews = [visible(0, leap), visible(1, date(2023, 3, 1)), visible(2, date(2023, 2, 28))]
    assert shop_facts(SHOP, reviews, SITE).recent == 2


# --- replies, checks, incentives --------------------------------------------------------------------------------


def answered_after(number, *days, by=m.Speaker.SHOP):
    start = date(2024, 1, 1)
    replies = tuple(m.Reply(by, "x", None if n is None else moment(start + timedelta(n))) for n in days)
    return visible(number, start, replies=replies)


def test_median_counts_first_answers_of_the_shop_only():
    """The first dated answer of the shop to each visible review; others' replies and undated ones don't count."""
    reviews = [
        answered_after(1, 5, 2, 9),
        answered_after(2, 3),
        answered_after(3, None),
        answered_after(4, 0, by=m.Speaker.OPERATOR),
        answered_after(5),
    ]
    replies = shop_facts(SHOP, reviews, SITE).replies
    assert (replies.visible, replies.answered) == (5, 3)
    assert replies.median_days == Fraction(5, 2)


def test_replies_need_no_threshold():
    """How a shop answers is told from the first review on."""
    assert shop_facts(SHOP, [answered_after(1, 4)], SITE).replies.median_days == 4


def test_checks_and_incentives_are_told_of_visible_reviews():
    """Reviews that don't say how they were checked count as unknown; getting nothing isn't an incentive."""
    at = moment(date(2024, 1, 1))
    reviews = [
        visible(1, verification=m.Verification(m.Method.ORDER), incentive=m.Incentive.DISCOUNT),
        visible(2, verification=m.Verification(m.Method.ORDER)),
        visible(3),
        visible(4, verification=m.Verification(m.Method.INVOICE), held=m.Hold(at, at, m.Ground.FAKE), text=None),
    ]
    facts = shop_facts(SHOP, reviews, SITE)
    assert facts.methods == {m.Method.ORDER: 2, m.Method.UNKNOWN: 1}
    assert facts.incentives == {m.Incentive.DISCOUNT: 1}


def test_new_owner_starts_without_score():
    """Reviews from before a new owner stay visible and are counted apart."""
    shop = replace(SHOP, owner_since=date(2024, 6, 1))
    facts = shop_facts(shop, [visible(n) for n in range(9)], SITE)
    assert facts.account.visible == 9
    assert facts.score is None
    assert set(facts.why.values()) == {Uncounted.FORMER_OWNER}
