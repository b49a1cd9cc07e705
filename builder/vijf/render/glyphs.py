"""The letters of pictures: which ones can be drawn, how wide they are, and their outlines.

The typeface is shipped (`static/fonts/`, made by `tests/render/make_fonts.py`), so pictures look the same wherever
they are shown. `glyphs.json` holds for each weight the characters with their advance, where their outline begins and
its path data, and what pairs of letters are moved by (kerning). All in whole units of which `units` make an em; y
grows downwards from the baseline.

Letters stand beside each other from left to right, each character by itself: Latin, Greek and Cyrillic. What the
typeface lacks (Arabic, Chinese, most signs) can't be drawn; callers then say it in another way.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vijf.render.package import STATIC
from vijf.render.text import excerpt

Weight = Literal["regular", "bold"]
FONTS: Mapping[Weight, str] = {"regular": "Inter-Regular.ttf", "bold": "Inter-Bold.ttf"}
SMALLEST = 0.85
"""The least share of its size, and then of its width, that a line is brought to before it is cut."""
_UNSEEN = r"[\p{Cf}\ufe0e\ufe0f\u20e3]"
_SIGN = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]"


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of the typeface."""

    glyphs: Mapping[str, tuple[int, int, int, str]]
    """Character -> advance, x and y at which its outline begins, and the outline from there ("" for a space)."""
    kerning: Mapping[str, int]
    """Pair of characters -> what the second is moved to the right by, mostly negative."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that fits: what is left of it, its size in pixels, and the share of its width it is drawn at."""

    text: str
    weight: Weight
    size: float
    squeeze: float
    width: float
    """In pixels, as drawn."""


@lru_cache(maxsize=1)
def _table() -> Mapping[str, object]:
    table: Mapping[str, object] = json.loads(font_file("glyphs.json"))
    return table


@lru_cache(maxsize=2)
def face(weight: Weight) -> Face:
    """Read the face from the package, once."""
    found = _table()[weight]
    if not isinstance(found, dict):
        raise TypeError("glyphs.json has another form")
    return Face(found["glyphs"], found["kerning"])


@lru_cache(maxsize=1)
def units() -> int:
    """How many units make an em."""
    found = _table()["units"]
    if not isinstance(found, int):
        raise TypeError("glyphs.json has another form")
    return found


def font_file(name: str) -> bytes:
    """Read a file of `static/fonts/`."""
    return (STATIC / "fonts" / name).read_bytes()


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """`text` as it is drawn: letters and their accents as one, emoji and unseen characters dropped, spaces single.

    Emoji are dropped only where the typeface lacks them: it has the trade mark sign, which counts as one.
    """
    glyphs = face("regular").glyphs
    composed = unicodedata.normalize("NFC", text)
    if not all(map(glyphs.__contains__, composed)):
        import regex  # takes time, and few texts need it

        signs = (" " if c not in glyphs and regex.match(_SIGN, c) else c for c in regex.sub(_UNSEEN, "", composed))
        composed = "".join(signs)
    return " ".join(composed.split())


def drawable(text: str) -> bool:
    """Whether every character of `text` has a glyph."""
    return all(map(face("regular").glyphs.__contains__, text))


def places(text: str, weight: Weight) -> Iterator[tuple[str, int]]:
    """Yield each character of a drawable text, and where its origin is, in units."""
    glyphs, kerning = face(weight).glyphs, face(weight).kerning
    pen, before = 0, ""
    for character in text:
        pen += kerning.get(before + character, 0)
        yield character, pen
        pen += glyphs[character][0]
        before = character


@lru_cache(maxsize=8192)
def width(text: str, weight: Weight) -> int:
    """How wide a drawable text is, in units."""
    last, at = "", 0
    for last, at in places(text, weight):  # noqa: B007  # the last of them is what counts
        pass
    return at + face(weight).glyphs[last][0] if last else 0


@lru_cache(maxsize=4096)
def outline(text: str, weight: Weight) -> str:
    """A drawable text as SVG path data in units, its baseline at y = 0."""
    glyphs = face(weight).glyphs
    parts = []
    for character, at in places(text, weight):
        _, x, y, data = glyphs[character]
        if data:
            parts.append(f"M{at + x} {y}{data}")
    return "".join(parts)


@lru_cache(maxsize=4096)
def fit(text: str, weight: Weight, size: float, room: float) -> Line:
    """A drawable text in at most `room` pixels: at `size` if it fits, else smaller, then narrower, at last cut.

    Smaller and narrower each go down to `SMALLEST`.
    """
    full = width(text, weight) * size / units()
    if full * SMALLEST * SMALLEST > room:
        text = cut(text, weight, size, room / (SMALLEST * SMALLEST))
        full = width(text, weight) * size / units()
    share = min(1.0, room / full) if full else 1.0
    smaller = max(share, SMALLEST)
    squeeze = share / smaller
    return Line(text, weight, size * smaller, squeeze, full * share)


def cut(text: str, weight: Weight, size: float, room: float) -> str:
    """The longest excerpt of a drawable text that takes at most `room` pixels at `size`; at least an ellipsis."""
    most = room / size * units()
    if width(text, weight) <= most:
        return text
    least, beyond = 0, len(text)
    while least + 1 < beyond:  # widths of excerpts grow with their length, but for the place of the last space
        middle = (least + beyond) // 2
        if width(excerpt(text, middle), weight) <= most:
            least = middle
        else:
            beyond = middle
    return excerpt(text, least) if least else "…"
