"""Badges: two widths, light and dark, as SVG. An image on a shop's page: no script, no font file, no foreign host.

Text is drawn as outlines of the shipped typeface, so a badge looks the same in every browser and in every program
that shows SVG, and its lines fit exactly. Only a line with letters that the typeface lacks stays text, in the viewer's
fonts: its width can but be estimated, so it is bounded by `textLength`. What a badge says is in its title and label.

`layout` says what stands where; `vijf.render.pictures` draws the same in pixels. 1.6 million badges are made for
100,000 shops in four languages, so SVG is put together here rather than in a template.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from markupsafe import escape

from vijf.plan import Artifact
from vijf.render import glyphs, phrases
from vijf.render.glyphs import Line, Weight
from vijf.render.language import Language, load_language
from vijf.render.stars import STAR_PATH, star_width
from vijf.render.text import excerpt, json_bytes, one_direction, xml_text
from vijf.render.views import ShopBundle

HEIGHT = 56
WIDTHS = {"badge": 176, "badge-wide": 320}
CORNER = 8
"""Radius of the frame's corners, in pixels."""
LIGHT = {
    "ground": "#ffffff",
    "ink": "#1a2320",
    "quiet": "#56615c",
    "line": "#c3ccc6",
    "star": "#bd6500",
    "empty": "#d3dad4",
}
DARK = {
    "ground": "#1b2321",
    "ink": "#e9efec",
    "quiet": "#a6b3ae",
    "line": "#46544f",
    "star": "#f2aa44",
    "empty": "#46544f",
}
_PADDING = 11
_GAP = 9
_NAMES = "abcdefghijklmnopqrstuvwxyz"
_FALLBACK = "Verdana,'DejaVu Sans','Noto Sans',sans-serif"
SHIELD_COLOUR = "3d5a80"
"""Of every shield; a slate blue that is neither a good nor a bad mark's."""
SHIELD_LABEL = 60
"""Characters of the site's name in a shield."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in a badge: where its baseline begins, in pixels, and the room it has."""

    text: str
    x: float
    y: int
    size: int
    weight: Weight
    colour: str
    room: float


@dataclass(frozen=True, slots=True)
class Stars:
    """Five stars in a badge: their place, and the share of them that is filled."""

    x: float
    y: float
    width: int
    fill: Fraction


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a badge. Below the threshold there are no stars, and no text says a score."""

    width: int
    texts: tuple[Text, ...]
    stars: Stars | None


@dataclass(frozen=True, slots=True)
class _Form:
    """How large a score is drawn in a badge: its size, the most it may take, and the width of the stars beside it."""

    size: int
    most: int
    stars: int


_FORMS = {"badge": _Form(26, 47, 75), "badge-wide": _Form(28, 62, 85)}


def badge(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`badge.<lang>.svg` and its wide and dark forms: the score, stars and number, or the state before five."""
    language = load_language(artifact.language)
    form = artifact.name.removesuffix("-dark")
    dark = artifact.name.endswith("-dark")
    drawn = layout(bundle, language, form, one_direction(bundle.site.name))
    head = _head(drawn.width, language.code, dark=dark).replace("\0", escape(xml_text(label(bundle, language))))
    stars = _stars(drawn.stars, DARK if dark else LIGHT) if drawn.stars else ""
    return f"{head}{stars}{_texts(drawn.texts)}</svg>\n".encode()


def layout(bundle: ShopBundle, language: Language, form: str, name: str) -> Layout:
    """What stands where in a badge of that form; `name` is what the site is called in it."""
    width, score, size = WIDTHS[form], bundle.facts.score, _FORMS[form]
    first, second = _lines(bundle, language, name, wide=form == "badge-wide")
    left, right = float(_PADDING), width - _PADDING
    if score is None:
        stars, above = None, []
        below = [
            Text(first, left, 25, 13, "bold", "ink", right - left),
            Text(second, left, 43, 11, "regular", "quiet", right - left),
        ]
    else:
        value = Text(phrases.mean_text(language, score.mean), left, 37, size.size, "bold", "ink", size.most)
        left += round(_drawn_width(value)) + _GAP
        stars = Stars(left, 7, size.stars, score.mean.fill)
        above = [value, Text("/ 10", left + size.stars + 4, 3 + size.stars // 5, 10, "regular", "quiet", 22)]
        below = [
            Text(first, left, 36, 11, "regular", "ink", right - left),
            Text(second, left, 49, 10, "regular", "quiet", right - left),
        ]
    if bundle.site.demo:
        below = _beside(below, language.gettext("demo"), right)
    return Layout(width, (*above, *below), stars)


def _beside(lines: list[Text], word: str, right: int) -> list[Text]:
    """`lines` with a word at the right of the shorter one, which leaves it room."""
    shorter = min(lines, key=_drawn_width)
    mark = replace(lines[-1], text=word, y=shorter.y)
    taken = _drawn_width(mark)
    narrowed = replace(shorter, room=shorter.room - taken - 8)
    return [*(narrowed if line is shorter else line for line in lines), replace(mark, x=right - taken, room=taken)]


def label(bundle: ShopBundle, language: Language) -> str:
    """What the badge says, read aloud in one sentence."""
    name = one_direction(bundle.content.shop.name)
    return ", ".join([language.gettext("Reviews of %(name)s", name=name), *_said(bundle, language)])


def _said(bundle: ShopBundle, language: Language) -> list[str]:
    """What is said of the shop, in parts: the score and what it is made of, or the state before five; then the rest."""
    facts = bundle.facts
    status = phrases.status(language, bundle.content.shop)
    parts = []
    if facts.score:
        parts.append(phrases.out_of_ten(language, phrases.mean_text(language, facts.score.mean)))
        parts.append(language.ngettext("from %(count)s review", "from %(count)s reviews", facts.counted))
    else:
        parts.append(phrases.no_score(language, facts))
    if status:
        parts.append(status)
    if bundle.site.demo:
        parts.append(language.gettext("demo"))
    return parts


def shield_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`shield.json`, an endpoint of shields.io: what the badge says, in the site's first language.

    The colour is the same whatever is said, so that it tells nothing of ratings. The message is never empty.
    """
    language = load_language(artifact.language)
    return json_bytes(
        {
            "schemaVersion": 1,
            "label": one_direction(excerpt(bundle.site.name, SHIELD_LABEL)),
            "message": ", ".join(_said(bundle, language)),
            "color": SHIELD_COLOUR,
        }
    )


def _lines(bundle: ShopBundle, language: Language, name: str, *, wide: bool) -> tuple[str, str]:
    """The first line, beside the stars or in their place, and the second: the status, else who publishes this."""
    shop, facts = bundle.content.shop, bundle.facts
    status = phrases.status(language, shop) if wide else phrases.short_status(language, shop.status)
    second = status or name
    if facts.score and wide:
        first = language.ngettext("from %(count)s review", "from %(count)s reviews", facts.counted)
    elif facts.score:
        first = language.ngettext("%(count)s review", "%(count)s reviews", facts.counted)
    elif wide:
        first = phrases.no_score(language, facts)
    else:
        first = language.gettext("No score yet")
        second = status or phrases.review_count(language, facts.account.visible)
    return first, second


@lru_cache(maxsize=256)
def _head(width: int, code: str, *, dark: bool) -> str:
    """The beginning of a badge, a zero byte in place of its label. Ink is its fill, quiet its `currentColor`."""
    colours = DARK if dark else LIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        f'role="img" aria-label="\0" lang="{escape(code)}" fill="{colours["ink"]}" color="{colours["quiet"]}">'
        f'<title>\0</title><rect x=".5" y=".5" width="{width - 1}" height="{HEIGHT - 1}" rx="{CORNER}" '
        f'fill="{colours["ground"]}" stroke="{colours["line"]}"/>'
    )


def _stars(stars: Stars, colours: Mapping[str, str]) -> str:
    return (
        f'<svg class="stars" x="{_number(stars.x)}" y="{_number(stars.y)}" width="{stars.width}" '
        f'height="{stars.width // 5}" viewBox="0 0 120 24"><path fill="{colours["empty"]}" d="{STAR_PATH}"/>'
        f'<svg width="{star_width(stars.fill)}" height="24"><path fill="{colours["star"]}" d="{STAR_PATH}"/>'
        "</svg></svg>"
    )


@lru_cache(maxsize=8192)
def _texts(texts: tuple[Text, ...]) -> str:
    """The lines as outlines, or as text where the typeface lacks a letter. They recur: light and dark, shop by shop."""
    lines = {
        text: glyphs.fit(plain, text.weight, text.size, text.room) for text in texts if (plain := _plain(text.text))
    }
    often = Counter((line.weight, letter) for line in lines.values() for letter in line.text)
    drawn: dict[tuple[Weight, str], tuple[str, int]] = {}
    return "".join(
        _outlines(text, lines[text], often, drawn) if text in lines else viewers_line(text) for text in texts
    )


def _outlines(
    text: Text, line: Line, often: Counter[tuple[Weight, str]], drawn: dict[tuple[Weight, str], tuple[str, int]]
) -> str:
    """A line: one path of the letters that stand but once in the badge, and one for each other, used again later.

    `drawn` says of the latter under which name and where they were drawn.
    """
    found = glyphs.face(line.weight).glyphs
    once, more = [], []
    for letter, at in glyphs.places(line.text, line.weight):
        _, x, y, data = found[letter]
        key = line.weight, letter
        if not data:
            continue
        if often[key] == 1:
            once.append(f"M{at + x} {y}{data}")
        elif key in drawn:
            name, first = drawn[key]
            more.append(f'<use href="#{name}" x="{at - first}"/>' if at != first else f'<use href="#{name}"/>')
        else:
            name = f"{_NAMES[len(drawn) % 26]}{len(drawn) // 26 or ''}"
            drawn[key] = name, at
            more.append(f'<path id="{name}" d="M{at + x} {y}{data}"/>')
    if once:
        more.append(f'<path d="{"".join(once)}"/>')
    scale = line.size / glyphs.units()
    across = f"{_number(scale * line.squeeze)} " if line.squeeze < 1 else ""
    return (
        f'<g{_fill(text)} transform="translate({_number(text.x)} {text.y})scale({across}{_number(scale)})">'
        f"{''.join(more)}</g>"
    )


def viewers_line(text: Text) -> str:
    """A line in the viewer's own fonts: cut where it is far too long, else squeezed if it might not fit."""
    cut = cut_to_estimate(xml_text(text.text), text.size, text.room)
    bold = ' font-weight="700"' if text.weight == "bold" else ""
    squeezed = estimate(cut, text.size) > text.room * 0.92
    bound = f' textLength="{_number(text.room)}" lengthAdjust="spacingAndGlyphs"' if squeezed else ""
    return (
        f'<text x="{_number(text.x)}" y="{text.y}" font-size="{text.size}"{bold} font-family="{_FALLBACK}"'
        f"{_fill(text)}{bound}>{escape(cut)}</text>"
    )


def _fill(text: Text) -> str:
    return ' fill="currentColor"' if text.colour == "quiet" else ""


def _plain(text: str) -> str:
    """`text` as it is drawn, empty where the typeface lacks a letter of it."""
    plain = glyphs.tidy(text)
    return plain if glyphs.drawable(plain) else ""


def cut_to_estimate(text: str, size: int, room: float) -> str:
    """What is left of `text` so that squeezing it into `room` pixels leaves it readable."""
    most = room * 1.15
    if estimate(text, size) <= most:
        return text
    keep = len(text)
    while keep > 1 and estimate(text[:keep], size) > most - size:
        keep -= 1
    return excerpt(text, keep)


def estimate(text: str, size: int) -> float:
    """About how wide `text` is, in pixels, in an ordinary sans-serif font; rather too wide than too narrow."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    if character in "iljtfrI.,:;'|! ()[]-·":
        return 0.38
    if character in "mwMW@%—":
        return 0.98
    return 0.7 if character.isupper() else 0.6


def _drawn_width(text: Text) -> float:
    plain = _plain(text.text)
    if plain:
        return glyphs.fit(plain, text.weight, text.size, text.room).width
    return min(estimate(text.text, text.size), text.room)


def _number(value: float) -> str:
    """A number as SVG takes it, to a hundred-thousandth, without a zero that says nothing."""
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return text[1:] if text.startswith("0.") else text
