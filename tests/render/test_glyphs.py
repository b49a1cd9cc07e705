"""The letters of pictures: the table agrees with the shipped fonts, and what is drawn fits."""

from __future__ import annotations

import io
import json
import re

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from made_content import FAMILY, LINES
from strategies import LAWS
from vijf.render import glyphs

WEIGHTS = ("regular", "bold")
drawable = st.text(st.sampled_from("abcdefgWil.,:-– 0123456789éßÅΩαжЖ'\"/%"), max_size=60).map(glyphs.tidy)  # noqa: RUF001


@pytest.fixture(scope="module", params=WEIGHTS)
def pair(request):
    """A weight's name, and its font."""
    return request.param, TTFont(io.BytesIO(glyphs.font_file(glyphs.FONTS[request.param])))


def test_the_table_has_the_characters_of_the_fonts(pair):
    """Both weights have the same characters, and the table has exactly those."""
    weight, font = pair
    assert set(map(ord, glyphs.face(weight).glyphs)) == set(font.getBestCmap())
    assert set(glyphs.face(weight).glyphs) == set(glyphs.face("bold").glyphs)


def test_latin_greek_and_cyrillic_are_there():
    """Letters of the languages of Europe can be drawn, and what stands between them."""
    assert glyphs.drawable("Zażółć gęślą jaźń ĲĳŐőŞşȘșẞ ÞþÐð Łł Ġġ Ħħ")
    assert glyphs.drawable("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία")
    assert glyphs.drawable("Съешь ещё этих мягких французских булок Ґґ Єє Її Ћћ Џџ Ѓѓ")
    assert glyphs.drawable("€ £ % & @ § © ® ™ – — ‘ ’ “ ” „ « » … • · № −\u00a0\u202f")  # noqa: RUF001
    assert not any(map(glyphs.drawable, ("日", "ع", "ש", "👍")))


def test_each_advance_and_outline_is_the_fonts(pair):
    """Every outline covers the font's own box, and is as wide, within one unit of 500 an em, in every character."""
    weight, font = pair
    outlines, scale = font.getGlyphSet(), glyphs.units() / font["head"].unitsPerEm
    for code, name in font.getBestCmap().items():
        advance, x, y, data = glyphs.face(weight).glyphs[chr(code)]
        assert advance == round(outlines[name].width * scale), chr(code)
        whole, own = ControlBoundsPen(None), ControlBoundsPen(outlines)
        outlines[name].draw(own)
        if own.bounds is None:
            assert data == ""
            continue
        parse_path(f"M{x} {y}{data}", whole)
        left, bottom, right, top = (bound * scale for bound in own.bounds)
        assert whole.bounds == pytest.approx((left, -top, right, -bottom), abs=2), chr(code)


def test_each_outline_has_the_fonts_area(pair):
    """A letter that was mixed up with another of the same box would have another area: none is off by 3 %."""
    weight, font = pair
    outlines, scale = font.getGlyphSet(), glyphs.units() / font["head"].unitsPerEm
    for code, name in font.getBestCmap().items():
        _, x, y, data = glyphs.face(weight).glyphs[chr(code)]
        drawn, own = AreaPen(None), AreaPen(outlines)
        outlines[name].draw(own)
        if data:
            parse_path(f"M{x} {y}{data}", drawn)
            assert abs(drawn.value) == pytest.approx(abs(own.value) * scale**2, rel=0.03, abs=12), chr(code)


def test_kerning_brings_letters_together():
    """Pairs that the eye sees apart are narrower than their letters; the rest isn't moved."""
    for weight in WEIGHTS:
        assert glyphs.width("To", weight) < glyphs.width("T", weight) + glyphs.width("o", weight)
        assert glyphs.width("AV", weight) < glyphs.width("A", weight) + glyphs.width("V", weight)
        assert glyphs.width("nn", weight) == 2 * glyphs.width("n", weight)


@LAWS
@given(drawable, st.sampled_from(WEIGHTS), st.sampled_from([10, 11, 13, 26]), st.integers(30, 300))
def test_a_line_fits_into_its_room(text, weight, size, room):
    """It is never wider, and stays as it is where it fits; else it is smaller, then narrower, at last cut."""
    line = glyphs.fit(text, weight, size, room)
    full = glyphs.width(text, weight) * size / glyphs.units()
    drawn = glyphs.width(line.text, weight) * line.size * line.squeeze / glyphs.units()
    assert drawn == pytest.approx(line.width)
    assert line.width <= room + 1e-6
    assert size * 0.85 <= line.size + 1e-9
    assert 0.85 - 1e-9 <= line.squeeze <= 1
    if full <= room:
        assert (line.text, line.size, line.squeeze) == (text, size, 1)
    elif full * 0.85 <= room:
        assert (line.text, line.squeeze) == (text, 1)
    elif full * 0.85 * 0.85 > room:
        assert line.text.endswith("…")


@LAWS
@given(st.one_of(st.sampled_from(LINES), st.text(max_size=40)))
def test_tidying_drops_only_what_is_not_drawn(text):
    """What is drawn of a text has no double spaces, no emoji and nothing unseen; a drawable text only loses spaces."""
    plain = glyphs.tidy(text)
    assert plain == " ".join(plain.split())
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe0f]", plain) or "\u200b" in plain
    assert glyphs.tidy(plain) == plain


def test_emoji_are_dropped_and_letters_kept():
    """Single emoji, families, flags and keycaps go; a trade mark sign, which counts as an emoji, stays."""
    assert glyphs.tidy(f"🚲 Fietsen{FAMILY}van Jan™ ❤️ 🇳🇱 👩🏽‍🚒") == "Fietsen van Jan™"
    assert glyphs.tidy("e\u0301 A\u030a") == "é Å"
    assert glyphs.tidy("日本 \u202eשלום") == "日本 שלום"  # noqa: RUF001


def test_the_data_is_lines_of_whole_numbers():
    """The table is JSON without floats, small enough to be read on each build."""
    data = glyphs.font_file("glyphs.json")
    assert len(data) < 450_000
    assert sum(len(glyphs.font_file(name)) for name in glyphs.FONTS.values()) < 150_000
    for weight in WEIGHTS:
        for advance, x, y, outline in json.loads(data)[weight]["glyphs"].values():
            assert all(type(number) is int for number in (advance, x, y))
            assert re.fullmatch("[-0-9 mlhvqtz]*", outline)


def test_the_licence_of_the_typeface_stands_beside_it():
    """The fonts are under the SIL Open Font License, and each says so too."""
    text = glyphs.font_file("OFL.txt").decode()
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Inter Project Authors" in text
    for name in glyphs.FONTS.values():
        font = TTFont(io.BytesIO(glyphs.font_file(name)))
        assert "SIL Open Font License" in str(font["name"].getDebugName(13))
