"""Numbers, shares and days as each language writes them; the width of stars."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import LAWS
from vijf.content.site import available_languages
from vijf.render.language import load_language
from vijf.render.phrases import mean_text, out_of_ten
from vijf.render.stars import STAR_PATH, star_width
from vijf.rules.score import Mean

NL, EN, DE, FR = map(load_language, ("nl", "en", "de", "fr"))
shares = st.fractions(0, 1)


@pytest.mark.parametrize(
    ("language", "halves", "text"),
    [
        (NL, 17, "8,5"),
        (NL, 16, "8"),
        (EN, 17, "8.5"),
        (EN, 20, "10"),
        (NL, 2, "1"),
        (NL, 3, "1,5"),
        (DE, 17, "8,5"),
        (FR, 17, "8,5"),
    ],
)
def test_a_mark_has_a_decimal_only_for_its_half(language, halves, text):
    """One customer's mark is written as given: whole, or with its half."""
    assert language.mark(halves) == text


@pytest.mark.parametrize(
    ("language", "tenths", "text"),
    [
        (NL, 87, "8,7"),
        (NL, 80, "8,0"),
        (NL, 100, "10,0"),
        (EN, 87, "8.7"),
        (EN, 10, "1.0"),
        (DE, 80, "8,0"),
        (FR, 87, "8,7"),
    ],
)
def test_a_score_always_has_one_decimal(language, tenths, text):
    """A mean of exactly eight is 8.0, so that it never looks like one customer's mark."""
    assert language.score(tenths) == text


@given(st.integers(10, 100))
@LAWS
def test_scores_differ_between_languages_only_in_their_separator(tenths):
    """Every language prints the same digits."""
    plain = f"{tenths // 10}.{tenths % 10}"
    for code in available_languages():
        assert load_language(code).score(tenths).replace(",", ".") == plain


@pytest.mark.parametrize(("language", "text"), [(NL, "12.345"), (EN, "12,345"), (DE, "12.345"), (FR, "12\u202f345")])
def test_thousands_are_grouped_as_the_language_does(language, text):
    """Counts of many reviews stay readable."""
    assert language.integer(12345) == text


@pytest.mark.parametrize(
    ("share", "whole"),
    [
        ("0", 0),
        ("1", 100),
        ("1/1000", 1),
        ("999/1000", 99),
        ("1/2", 50),
        ("1/8", 13),
        ("3/8", 38),
        ("2/3", 67),
        ("1/200", 1),
        ("199/200", 99),
    ],
)
def test_per_cents_are_rounded_half_up_and_never_claim_all_or_none(share, whole):
    """100 and 0 per cent only when it is everyone or no one."""
    for language in (NL, EN):
        assert language.percent(Fraction(share)).replace("\xa0", "").replace(" ", "") == f"{whole}%"


@given(shares, shares)
@LAWS
def test_more_is_never_shown_as_less(one, other):
    """Per cents grow with the share."""
    low, high = sorted((one, other))
    assert int(EN.percent(low).rstrip("%")) <= int(EN.percent(high).rstrip("%"))


@pytest.mark.parametrize(
    ("language", "text"),
    [(NL, "87%"), (EN, "87%"), (DE, "87\N{NO-BREAK SPACE}%"), (FR, "87\N{NO-BREAK SPACE}%")],
)
def test_the_sign_of_per_cents_stands_as_the_language_sets_it(language, text):
    """German and French put a space before it at which no line breaks."""
    assert language.percent(Fraction(87, 100)) == text


@pytest.mark.parametrize(
    ("language", "text"), [(NL, "8,7 van 10"), (EN, "8.7 out of 10"), (DE, "8,7 von 10"), (FR, "8,7 sur 10")]
)
def test_a_score_says_out_of_how_much(language, text):
    """The same number in each language's words."""
    assert out_of_ten(language, mean_text(language, Mean(Fraction(87, 10), 10))) == text


@pytest.mark.parametrize(
    ("language", "third", "first", "month"),
    [
        (DE, "3. November 2026", "1. November 2026", "November 2026"),
        (FR, "3 novembre 2026", "1er novembre 2026", "novembre 2026"),
    ],
)
def test_days_are_as_natives_write_them(language, third, first, month):
    """A German day is an ordinal number, a French one only on the first of a month."""
    assert language.day(date(2026, 11, 3)) == third
    assert language.day(date(2026, 11, 1)) == first
    assert language.day(date(2026, 11, 11)) == third.replace("3", "11", 1)
    assert language.month(date(2026, 11, 1)) == month


def test_days_and_months_are_in_words():
    """Dates are written out, so that nobody takes a month for a day."""
    day = date(2026, 11, 3)
    assert (NL.day(day), EN.day(day)) == ("3 november 2026", "November 3, 2026") or EN.day(day) == "3 November 2026"
    assert (NL.month(day), EN.month(day)) == ("november 2026", "November 2026")
    assert (NL.weekday(0), EN.weekday(6)) == ("maandag", "Sunday")


@pytest.mark.parametrize(
    ("number", "text"), [("5", "5"), ("4.25", "4,3"), ("4.24", "4,2"), ("0", "0"), ("1000", "1.000")]
)
def test_a_mark_from_elsewhere_has_at_most_one_decimal(number, text):
    """What another platform gave is rounded half up."""
    assert NL.decimal(Fraction(number)) == text


def test_names_of_languages_and_countries_are_in_the_readers_language():
    """What nobody knows stays its code."""
    assert (NL.language_name("de"), EN.language_name("de")) == ("Duits", "German")
    assert NL.language_name("xx-nonsense") == "xx-nonsense"
    assert (NL.country("BE"), EN.country("QZ")) == ("België", "QZ")
    assert (NL.name, NL.direction) == ("Nederlands", "ltr")


@given(shares)
@LAWS
def test_stars_stay_within_their_drawing(share):
    """The filled part is 0 to 120 wide, a plain number, and only all or nothing reaches an end."""
    width = float(star_width(share))
    assert 0 <= width <= 120
    assert (width == 0) <= (share < Fraction(1, 1000))
    assert (width == 120) <= (share > Fraction(999, 1000))
    assert star_width(share).replace(".", "").isdigit()


@given(shares, shares)
@LAWS
def test_stars_grow_with_the_mean(one, other):
    """A higher mean never has less of its stars filled."""
    low, high = sorted((one, other))
    assert float(star_width(low)) <= float(star_width(high))


@pytest.mark.parametrize(
    ("mean", "width"), [("10", "120"), ("8", "96"), ("2", "24"), ("1", "12"), ("9", "108"), ("9.9", "117.36")]
)
def test_stars_are_filled_to_the_exact_mean(mean, width):
    """Two points fill a star, each over its own shape and not over the gap beside it."""
    assert star_width(Fraction(mean) / 10) == width


def test_there_are_five_stars():
    """The drawing has five outlines."""
    assert STAR_PATH.count("M") == 5


@given(st.integers(5, 50).flatmap(lambda n: st.lists(st.integers(2, 20), min_size=n, max_size=n)))
@LAWS
def test_a_mean_is_rounded_once_and_half_up(halves):
    """Tenths are the floor of ten times the exact mean and a half."""
    mean = Mean(Fraction(sum(halves), 2 * len(halves)), len(halves))
    assert mean.tenths == (10 * sum(halves) + len(halves)) // (2 * len(halves))
