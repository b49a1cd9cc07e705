"""The score and its parts: exact, rounded once, and nothing at all below the threshold."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS, SITE, brief_review, marks, moment, review_lists
from vijf import model as m
from vijf.rules.counting import counts
from vijf.rules.facts import shop_facts
from vijf.rules.score import BEST, Mean, aggregate, mean_of, year_before

SHOP = m.Shop("a", "A", "https://a.example")
LAST = date(2024, 12, 31)


def score_of(reviews, threshold=5, last_event=LAST):
    return aggregate([review for review in reviews if counts(review, SHOP, SITE)], (), threshold, last_event)


def rated(*given):
    """Counted reviews with these marks, in half points."""
    return [brief_review(n, n, mark, "visible", None, None, None) for n, mark in enumerate(given)]


# --- the mean ---------------------------------------------------------------------------------------------------


def test_four_reviews_have_no_score_and_five_do():
    """The threshold itself is enough; one fewer is not."""
    assert score_of(rated(20, 20, 20, 20)) is None
    assert score_of(rated(20, 20, 20, 20, 20)).mean == Mean(Fraction(10), 5)


@pytest.mark.parametrize(
    ("given_marks", "tenths"),
    [
        ([16] * 19 + [18], 81),  # 8.05 goes up
        ([17] * 19 + [15], 85),  # 8.45 goes up, where binary floats are below it
        ([17] * 39 + [15], 85),  # 8.475
        ([17] * 9 + [15] * 11, 80),  # 7.95 goes up to the next whole
        ([2] * 5, 10),
        ([20] * 5, 100),
        ([20] * 99 + [2], 99),  # 9.91
        ([20] * 199 + [19], 100),  # 9.9975: rounds to ten although one mark isn't
    ],
)
def test_rounds_once_and_half_up(given_marks, tenths):
    """One decimal, half up, from the exact mean."""
    assert mean_of(given_marks, 5).tenths == tenths


@settings(LAWS, max_examples=400)
@given(st.lists(marks, min_size=5, max_size=300))
def test_mean_agrees_with_an_independent_recount(given_marks):
    """Recounted in decimal arithmetic: the same mean, and the same rounding half up."""
    mean = mean_of(given_marks, 5)
    with localcontext() as context:
        context.prec = 60
        recount = sum(Decimal(mark) / 2 for mark in given_marks) / len(given_marks)
        # A mean with a denominator below 600 that isn't exactly on a half lies further from it than 10 ** -20.
        rounded = recount.quantize(Decimal("1e-20")).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(mean.tenths) / 10 == rounded
    assert mean.exact * 2 * mean.count == sum(given_marks)
    assert mean.count == len(given_marks)
    assert 10 <= mean.tenths <= 100


@settings(LAWS, max_examples=200)
@given(st.lists(marks, min_size=5, max_size=60))
def test_star_fill_is_a_share(given_marks):
    """Five stars are filled from the exact mean: from one tenth to whole, never more or less."""
    mean = mean_of(given_marks, 5)
    assert Fraction(1, 10) <= mean.fill <= 1
    assert mean.fill * BEST == mean.exact
    assert (mean.fill == 1) == (set(given_marks) == {20})


@settings(LAWS, max_examples=200)
@given(st.lists(st.tuples(marks, st.integers(0, 18)), min_size=5, max_size=40))
def test_higher_marks_never_lower_the_mean(pairs):
    """When every mark stays or rises, neither the exact mean nor the printed one falls."""
    before = mean_of([mark for mark, _ in pairs], 5)
    after = mean_of([min(20, mark + more) for mark, more in pairs], 5)
    assert after.exact >= before.exact
    assert after.tenths >= before.tenths


@settings(LAWS, max_examples=300)
@given(review_lists(), st.integers(5, 12))
def test_every_mean_needs_the_threshold(reviews, threshold):
    """The whole, each aspect, each year, the last twelve months and recommendations each stand on enough answers."""
    score = score_of(reviews, threshold)
    counted = [review for review in reviews if counts(review, SHOP, SITE)]
    assert (score is None) == (len(counted) < threshold)
    if score is None:
        return
    means = [score.mean, score.last_twelve_months, *score.aspects.values(), *score.years.values()]
    assert all(mean is None or mean.count >= threshold for mean in means)
    answered = Counter(aspect for review in counted for aspect in review.aspects or ())
    assert set(score.aspects) == {aspect for aspect, n in answered.items() if n >= threshold}
    years = Counter(review.published.day.year for review in counted)
    assert {year for year, mean in score.years.items() if mean} == {year for year, n in years.items() if n >= threshold}
    assert list(score.years) == list(range(min(years), max(years) + 1))
    assert (score.recommending is None) == (score.recommend_answers < threshold)


@settings(LAWS, max_examples=200)
@given(review_lists(least=5))
def test_distribution_adds_up(reviews):
    """Marks from ten down to one, each counted rating in one of them."""
    score = score_of(reviews)
    if score is None:
        return
    assert list(score.distribution) == list(range(10, 0, -1))
    assert sum(score.distribution.values()) == score.mean.count
    assert sum(mean.count for mean in score.years.values() if mean) <= score.mean.count
    given_marks = [review.rating for review in reviews if counts(review, SHOP, SITE)]
    assert score.halves == any(mark % 2 for mark in given_marks)
    for whole, n in score.distribution.items():
        assert n == given_marks.count(2 * whole) + given_marks.count(2 * whole + 1)


def test_half_marks_go_with_the_whole_below():
    """An 8.5 stands with the eights, and only exactly ten is a ten."""
    score = score_of(rated(16, 17, 19, 20, 2))
    assert {mark: n for mark, n in score.distribution.items() if n} == {10: 1, 9: 1, 8: 2, 1: 1}
    assert score.halves
    assert not score_of(rated(16, 16, 18, 20, 2)).halves


def test_aspect_needs_marks_of_its_own():
    """Four marks for an aspect make no mean, however many reviews there are; the fifth does."""
    reviews = rated(*[16] * 9)
    four = [replace(review, aspects={"delivery": 20}) for review in reviews[:4]] + reviews[4:]
    assert score_of(four).aspects == {}
    five = [replace(review, aspects={"delivery": 20}) for review in reviews[:5]] + reviews[5:]
    assert score_of(five).aspects == {"delivery": Mean(Fraction(10), 5)}


def test_recommending_is_the_share_of_those_who_answer():
    """Who doesn't answer stands on neither side."""
    reviews = rated(*[16] * 8)
    answers = (True, True, True, False, False, None, None, None)
    score = score_of([replace(review, recommends=answer) for review, answer in zip(reviews, answers, strict=True)])
    assert score.recommending == Fraction(3, 5)
    assert score.recommend_answers == 5


def test_year_without_enough_marks_has_none_but_keeps_its_place():
    """Years stand without gaps, oldest first; where there are too few there is no mean, and an empty year is shown."""
    per_year = {2021: 5, 2022: 4, 2024: 6}
    reviews = [
        replace(brief_review(year * 10 + n, 0, 16, "visible", None, None, None), published=moment(date(year, 6, 1)))
        for year, count in per_year.items()
        for n in range(count)
    ]
    years = score_of(reviews).years
    assert list(years) == [2021, 2022, 2023, 2024]
    assert [mean.count if mean else None for mean in years.values()] == [5, None, None, 6]


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 28)),
        (date(2025, 3, 1), date(2024, 3, 1)),
        (date(2024, 12, 31), date(2023, 12, 31)),
    ],
)
def test_a_year_before(day, before):
    """The same day a year earlier; for a leap day, the 28th."""
    assert year_before(day) == before


@pytest.mark.parametrize("last", [date(2024, 2, 29), date(2024, 12, 31), date(2025, 2, 28)])
def test_twelve_months_end_with_the_last_event(last):
    """The window ends on the day of the last event and starts the day after the same day a year before."""
    first = year_before(last) + timedelta(1)
    inside = [replace(review, published=moment(first)) for review in rated(*[10] * 5)]
    outside = [replace(review, id=f"o{review.id}", published=moment(year_before(last))) for review in rated(*[20] * 5)]
    assert score_of(inside + outside, last_event=last).last_twelve_months == Mean(Fraction(5), 5)
    assert score_of(inside[:4] + outside, last_event=last).last_twelve_months is None


def test_marks_of_removed_reviews_are_told_from_the_threshold_on():
    """How many were removed per mark is a sum of ratings too: below the threshold it doesn't exist."""
    gone = [brief_review(90 + n, 0, mark, "removed", None, None, None) for n, mark in enumerate((2, 3, 20, None))]
    taken_back = [brief_review(99, 0, 2, "taken_back", None, None, None)]
    assert shop_facts(SHOP, rated(*[16] * 5) + gone + taken_back, SITE).score.removed == {20: 1, 3: 1, 2: 1}
    assert shop_facts(SHOP, rated(*[16] * 4) + gone + taken_back, SITE).score is None
