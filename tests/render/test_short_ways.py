"""Where rendering takes a short way for ordinary texts, it comes to the same end as the long way for all."""

from __future__ import annotations

import re
import sys
import unicodedata

import markupsafe
import regex
from hypothesis import given
from hypothesis import strategies as st
from strategies import LAWS
from vijf.render.text import escaped_paragraphs, excerpt, html_text, isolate, isolated, one_direction, paragraphs

ODD = ["&", "<", ">", '"', "'", "\n", "\n\n", "\r\n", " \t\n", "\u202e", "\u2066", "\u200f", "é", "e\u0301", "—", "€",
       "\u200d", "👍🏽", "🇳🇱", "שלום", "日本", "\u00ad", "\x85", "\u2028", "woord ", "x" * 30]  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(ODD), max_size=30).map("".join))
CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


@given(texts)
@LAWS
def test_escaping_is_that_of_the_templates(text):
    """Markup that Python puts together holds the same bytes as a template's would."""
    assert html_text(text) == str(markupsafe.escape(text))
    assert isolated(text) == isolate(text) == f"<bdi>{markupsafe.escape(CONTROLS.sub('', text))}</bdi>"


@given(texts)
@LAWS
def test_paragraphs_are_escaped_one_by_one(text):
    """Escaping the whole text first gives what escaping each paragraph gives."""
    parts = [part for part in re.split(r"\n[ \t]*\n\s*", text) if part]
    expected = "".join(f'<p dir="auto">{markupsafe.escape(part)}</p>' for part in parts)
    assert paragraphs(text) == expected.replace("\n", "<br>")
    assert escaped_paragraphs(text) == html_text(str(paragraphs(text)))


def direct(text):
    """`one_direction` without its short way."""
    plain = CONTROLS.sub("", text)
    return f"\u2068{plain}\u2069" if {unicodedata.bidirectional(c) for c in plain} & {"R", "AL"} else plain


@given(texts)
@LAWS
def test_direction_is_found_in_every_text(text):
    """A text that is left as it is has no character that is written from right to left or says which way to write."""
    assert one_direction(text) == direct(text)


def test_direction_is_found_for_every_character():
    """There is no character at all whose direction the short way overlooks."""
    wrong = [f"U+{n:04X}" for n in range(sys.maxunicode + 1) if one_direction(chr(n)) != direct(chr(n))]
    assert not wrong


def cut(text, most):
    """`excerpt`, always asking for whole signs."""
    if len(text) <= most:
        return text
    end = max((sign.end() for sign in regex.finditer(r"\X", text) if sign.end() <= most), default=0)
    space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
    return text[: space if space > most // 2 else end].rstrip(" \n,;:.-") + "…"


@given(texts, st.integers(1, 70))
@LAWS
def test_excerpts_end_after_a_whole_sign(text, most):
    """Only a text in which each character is a sign by itself is cut by counting characters."""
    assert excerpt(text, most) == cut(text, most)


def test_no_character_is_overlooked_that_joins_its_neighbours():
    """A text of any character, between letters and doubled, is cut where its signs end."""
    for n in range(sys.maxunicode + 1):
        text = f"ab{chr(n) * 2}c"
        if 0xD800 <= n < 0xE000 or len(regex.findall(r"\X", text)) == len(text):
            continue
        assert [excerpt(text, most) for most in range(1, 5)] == [cut(text, most) for most in range(1, 5)], f"U+{n:04X}"
