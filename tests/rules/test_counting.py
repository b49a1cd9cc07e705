"""Who counts, who doesn't, and which reason is given."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS, SITE, moment, review_lists, reviews, shops
from vijf import model as m
from vijf.rules.counting import Uncounted, counts, why_uncounted

BOUGHT = date(2024, 1, 1)
SHOP = m.Shop("a", "A", "https://a.example", owner_since=BOUGHT)
AT = moment(BOUGHT)
PLAIN = m.Review("r", AT, AT, rating=8)

REASONS = {
    Uncounted.REMOVED: {"removed": m.Removal(AT, m.Ground.FAKE, m.Remover.COURT)},
    Uncounted.ON_HOLD: {"held": m.Hold(AT, AT, m.Ground.FAKE)},
    Uncounted.NO_RATING: {"rating": None},
    Uncounted.RATING_WITHDRAWN: {"rating_withdrawn": m.RatingWithdrawn(AT, m.WithdrawalReason.CUSTOMER)},
    Uncounted.IMPORTED: {"origin": m.Origin("kiyoh")},
    Uncounted.FORMER_OWNER: {"published": moment(BOUGHT - timedelta(1))},
}
"""Each reason, in the order of the rule, and what makes a counted review one of it."""


def test_review_with_nothing_against_it_counts():
    """A published mark of the present owner's time counts, from the owner's first day on."""
    assert why_uncounted(PLAIN, SHOP, SITE) is None
    assert counts(PLAIN, SHOP, SITE)


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_alone_is_given(reason):
    """One thing against a review is named."""
    review = replace(PLAIN, **REASONS[reason])
    assert why_uncounted(review, SHOP, SITE) is reason
    assert not counts(review, SHOP, SITE)


@pytest.mark.parametrize("several", [pair for n in (2, 3, 6) for pair in combinations(REASONS, n)], ids="+".join)
def test_of_several_reasons_the_first_is_given(several):
    """Where more than one holds, the first of the rule's order is named."""
    changes = {}
    for reason in several:
        changes |= REASONS[reason]
    assert why_uncounted(replace(PLAIN, **changes), SHOP, SITE) is several[0]


def test_the_reasons_are_all_there_are():
    """The table above and the enumeration hold the same reasons in the same order."""
    assert list(REASONS) == list(Uncounted)


def test_imports_count_where_the_operator_says_so():
    """`imports.count` names platforms: those count, others don't."""
    assert counts(replace(PLAIN, origin=m.Origin("counted")), SHOP, SITE)
    assert not counts(replace(PLAIN, origin=m.Origin("counted")), SHOP, replace(SITE, count_imports=frozenset()))


def test_received_before_a_new_owner_and_published_after_counts():
    """The day of publication decides about owners, not the day on which it came in."""
    assert counts(replace(PLAIN, received=moment(BOUGHT - timedelta(9))), SHOP, SITE)


@settings(LAWS, max_examples=150)
@given(reviews(), shops())
def test_words_and_verification_never_decide(review, shop):
    """What a review says, who wrote it and how it was checked change nothing about whether it counts."""
    silent = replace(
        review,
        title=None,
        text="x",
        author=None,
        language=None,
        verification=None,
        incentive=m.Incentive.PAID,
        collected=None,
        replies=(),
        amended=(),
        redacted=None,
        experience=None,
        aspects=None,
        recommends=None,
    )
    assert why_uncounted(review, shop, SITE) == why_uncounted(silent, shop, SITE)


@settings(LAWS, max_examples=200)
@given(review_lists(), st.integers(2, 20))
def test_height_of_a_mark_never_decides(reviews, mark):
    """A review counts or doesn't, whatever its mark: nobody can leave the low ones out."""
    for review in reviews:
        if review.rating is not None:
            assert counts(review, SHOP, SITE) == counts(replace(review, rating=mark), SHOP, SITE)
