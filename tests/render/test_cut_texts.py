"""Texts that are cut: excerpts of widgets, lines of badges."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from made_content import FAMILY, LINES
from strategies import LAWS
from vijf.render.badge import WIDTHS, Text, cut_to_estimate, estimate, viewers_line
from vijf.render.text import excerpt

CLUSTERS = [FAMILY, "e\u0301\u0302", "❤\ufe0f"]
SPLIT_TODAY = [
    "👍🏽",
    "👩🏽‍🚒",
    "🇳🇱",
    "1\ufe0f\u20e3",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0928\u093f",
]
words = st.lists(st.sampled_from(["woord", "lang", "é", "日本", FAMILY, "x" * 30, ",", "\n"]), max_size=40).map(
    " ".join
)


@given(words, st.integers(1, 100))
@LAWS
def test_an_excerpt_is_the_beginning_and_short_enough(text, most):
    """What is left is the text's own beginning and at most an ellipsis longer than asked; short texts stay whole."""
    cut = excerpt(text, most)
    if len(text) <= most:
        assert cut == text
    else:
        assert cut.endswith("…")
        assert text.startswith(cut[:-1])
        assert len(cut) <= most + 1


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_an_excerpt_never_splits_what_is_one_sign(cluster):
    """An emoji family, a red heart, a letter with accents: whole or not at all."""
    check_whole(cluster)


@pytest.mark.parametrize("cluster", SPLIT_TODAY)
def test_an_excerpt_never_splits_flags_and_skin_tones(cluster):
    """A flag, a thumb with its colour, a keycap and a letter with its vowel are one sign too."""
    check_whole(cluster)


def check_whole(cluster):
    """Cut a row of the same sign everywhere: each is kept whole."""
    for before in range(8):
        text = "x" * before + cluster * 3 + "y" * 30
        for most in range(1, len(text)):
            kept = excerpt(text, most).removesuffix("…").lstrip("x")
            assert kept.rstrip("y") in ("", cluster, cluster * 2, cluster * 3), (most, kept)


def test_an_excerpt_is_cut_between_words():
    """Where a space is near, no word is broken."""
    assert excerpt("een twee drie vier", 12) == "een twee…"
    assert excerpt("Donaudampfschiff", 8) == "Donaudam…"


@pytest.mark.parametrize("form", WIDTHS)
@settings(LAWS, max_examples=150)
@given(
    text=st.one_of(st.sampled_from(LINES), words, st.text(max_size=60)),
    size=st.sampled_from([10, 11, 13]),
)
def test_a_line_in_the_viewers_fonts_has_room_or_is_squeezed_into_it(form, text, size):
    """What might be wider than its room gets that room as its length, and is squeezed by no more than a seventh."""
    room = WIDTHS[form] - 24
    width = estimate(cut_to_estimate(text, size, room), size)
    assert width <= room * 1.15 + size * 1.1
    length = etree.fromstring(viewers_line(Text(text, 12, 43, size, "regular", "quiet", room))).get("textLength")
    assert length in (None, str(room))
    assert length == str(room) or width <= room * 0.92


@given(st.text(max_size=30), st.text(max_size=30))
@LAWS
def test_the_estimate_grows_with_the_text(one, other):
    """More text is never estimated narrower; marks that combine take no room."""
    assert estimate(one + other, 11) >= max(estimate(one, 11), estimate(other, 11)) - 1e-9
    assert estimate("e\u0301", 11) == estimate("e", 11)


def test_wide_letters_are_estimated_wide():
    """Full-width letters take more room than Latin ones, and no printable letter takes none."""
    assert estimate("日本", 10) > estimate("nl", 10)
    assert all(
        estimate(chr(c), 10) > 0 for c in range(0x20, 0x2000) if re.match("[LNPSZ]", unicodedata.category(chr(c)))
    )
