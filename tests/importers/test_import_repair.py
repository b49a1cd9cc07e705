"""Repairs of texts: each mends what exports break, says so, and leaves what carries meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import LAWS
from vijf.importers.repair import Repair, clean, repeats

KEPT = [
    "Top 👩‍👩‍👧 gezin",
    "❤️‍🔥 en 🏳️‍🌈 en 👩🏽‍🔧",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Schots",
    "می‌خواهم",
    "ක්‍ර",
    "é ö ß 日本",
    "regel\n\n  ingesprongen",
    "(Translated by Google) Good\n\n(Original)\nGoed",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_carries_meaning_is_left(text):
    """Emoji, flags, scripts that join, and the layout of a text stay as they are."""
    assert clean(text, entities=False, lines=True) == (text, ())


@pytest.mark.parametrize(
    "text, mended, kind",
    [
        ("\x80 5,\x97 \x93goed\x94", "€ 5,— “goed”", Repair.WINDOWS_1252),
        ("a\u200bb\ufeffc\xadd\u202ee", "abcde", Repair.INVISIBLE),
        ("a\u200db", "ab", Repair.INVISIBLE),
        ("👍\u200d", "👍", Repair.INVISIBLE),
        ("a\U000e0067b", "ab", Repair.INVISIBLE),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd", Repair.LINE_ENDS),
        (" \n a \xa0", "a", Repair.WHITE_SPACE),
        ("a &amp;amp; b", "a &amp; b", Repair.ENTITIES),
    ],
)
def test_what_exports_break_is_mended_and_named(text, mended, kind):
    """Each kind of damage is mended and says its name."""
    assert clean(text, entities=kind is Repair.ENTITIES, lines=True) == (mended, (kind,))


def test_a_line_has_no_line_ends():
    """In a text of one line, line ends and tabs are spaces."""
    assert clean("a\n\tb", entities=False, lines=False) == ("a b", (Repair.ONE_LINE,))


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\ufeff\n"])
def test_nothing_visible_is_nothing(text):
    """A text in which nothing can be seen is none."""
    assert clean(text, entities=False, lines=True)[0] is None


@LAWS
@given(st.text(max_size=60), st.booleans())
def test_mending_twice_changes_nothing_more(text, lines):
    """What was mended is whole."""
    mended, _ = clean(text, entities=False, lines=lines)
    if mended is not None:
        assert clean(mended, entities=False, lines=lines) == (mended, ())


@pytest.mark.parametrize("hostile", ["\U000e0067", "\u200d", " ", "\t", "\U0001f3f4\U000e0067", "\x80", "…", "&amp;"])
def test_a_megabyte_of_one_character_is_mended_in_one_pass(hostile):
    """No repair looks at the same place again and again: a text as long as a row may be is no trouble."""
    text = "a" + hostile * (1 << 20) + "b"
    mended, _ = clean(text, entities=True, lines=False)
    assert mended is not None
    assert mended[0] == "a"


@pytest.mark.parametrize(
    "title, text, repeated",
    [
        ("Great service", "Great service and more", True),
        ("Great service…", "Great service and more", True),
        ("Great serv...", "Great service and more", True),
        ("Great  service …", "Great\nservice and more", True),
        ("Smooth ride", "Smooth ride", True),
        ("…", "Anything", True),
        ("Great serv", "Great service and more", False),
        ("great service", "Great service", False),
        ("Service", "Great service", False),
        ("Great service and more", "Great service", False),
    ],
)
def test_a_title_repeats_only_the_beginning(title, text, repeated):
    """Spacing and an ellipsis make no difference; another word, or half a word without an ellipsis, does."""
    assert repeats(title, text) is repeated
