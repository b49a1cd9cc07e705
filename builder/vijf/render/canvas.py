"""Drawing in pixels with few colours: text in the shipped typeface, stars, boxes and a logo; saved as a small PNG.

A canvas holds one byte a pixel, an index into its palette. A colour is mixed with the ground it stands on in `LEVELS`
steps, which smooth the edges of letters. So a picture of 1200 x 630 takes milliseconds and a few kilobytes; true
colour would take many times of both. The caller says on which ground it draws; nothing finds out.

Letters stand where `vijf.render.glyphs` puts them, as in SVG, and not where the drawing library would. Nothing here
depends on fonts or libraries of the machine, and a file has no metadata.
"""

from __future__ import annotations

import io
import math
from fractions import Fraction
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

from vijf.render import glyphs
from vijf.render.glyphs import Line, Weight
from vijf.render.stars import CELL, STAR_POINTS, star_width
from vijf.rules.score import STARS

LEVELS = 16
"""Steps from a ground to a colour on it."""
COLOURS = 256
"""As many as a palette holds."""
LOGO_COLOURS = 128
_FINER = 4
"""How many times larger a shape is drawn before it is brought to its size, for smooth edges."""
_COMPRESSION = 3
"""Of 1 to 9. A card is then a quarter larger than at 6 (20 kB), and takes less than half the time."""

Colour = str
"""As in CSS: `#1a2320`."""


class Canvas:
    """A picture of `width` x `height` pixels, which is all `ground` at first; None is transparent."""

    def __init__(self, width: int, height: int, ground: Colour | None) -> None:
        self._palette: list[tuple[int, int, int, int]] = []
        self._ramps: dict[tuple[Colour, Colour | None], int] = {}
        self._image = Image.new("L", (width, height), 0)
        self._palette.append(_rgba(ground))

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour, ground: Colour | None) -> None:
        """Fill a box; the right column and the bottom row are not part of it."""
        self._image.paste(self._ramp(colour, ground) + LEVELS - 1, (left, top, right, bottom))

    def rounded(
        self, left: int, top: int, right: int, bottom: int, radius: int, colour: Colour, ground: Colour | None
    ) -> None:
        """Fill a box with rounded corners."""
        self._stamp(_rounded(right - left, bottom - top, radius), left, top, colour, ground)

    def text(self, line: Line, x: float, baseline: float, colour: Colour, ground: Colour) -> None:
        """Write a line that was fitted into its room; `x` and `baseline` are where it begins."""
        margin = math.ceil(line.size / 4)  # some letters reach beyond their place
        left, top = math.floor(x) - margin, math.floor(baseline - line.size) - margin
        self._stamp(_text_mask(line, x - left, baseline - top), left, top, colour, ground)

    def stars(self, x: int, y: int, width: int, fill: Fraction, full: Colour, empty: Colour, ground: Colour) -> None:
        """Draw five stars, `width` pixels wide in all, filled from the left as far as the share says."""
        mask = _stars(width)
        self._stamp(mask, x, y, empty, ground)
        upto = int(float(star_width(fill)) * width / (CELL * STARS))  # down: 9.9 never looks like 10
        self._stamp(mask.crop((0, 0, upto, mask.height)), x, y, full, ground)

    def picture(self, png: bytes, left: int, top: int, side: int, ground: Colour) -> None:
        """Put a picture into the middle of a square of `side` pixels, in the colours that are left: so, as the last.

        A smaller one isn't enlarged. What is transparent in it shows the ground.
        """
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            drawn = image.convert("RGBA")
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        flat = Image.new("RGBA", drawn.size, ground)
        flat.alpha_composite(drawn)
        first = len(self._palette)
        few = flat.convert("RGB").quantize(min(LOGO_COLOURS, COLOURS - first), dither=Image.Dither.NONE)
        colours = few.getpalette() or []
        self._palette += [(colours[n], colours[n + 1], colours[n + 2], 255) for n in range(0, len(colours), 3)]
        indices = Image.frombytes("L", few.size, bytes(first + index for index in few.tobytes()))
        self._image.paste(indices, (left + (side - drawn.width) // 2, top + (side - drawn.height) // 2))

    def png(self) -> bytes:
        """The picture as PNG: the same bytes for the same drawing."""
        done = self._image.copy()
        done.putpalette([channel for colour in self._palette for channel in colour[:3]])
        alphas = bytes(colour[3] for colour in self._palette)
        clear = {"transparency": alphas} if min(alphas) < 255 else {}
        out = io.BytesIO()
        done.save(out, "PNG", compress_level=_COMPRESSION, **clear)
        return out.getvalue()

    def _ramp(self, colour: Colour, ground: Colour | None) -> int:
        """The first of `LEVELS` palette entries that lead from `ground` to `colour`."""
        first = self._ramps.get((colour, ground))
        if first is None:
            first = self._ramps[colour, ground] = len(self._palette)
            self._palette += _mixed(colour, ground)
            if len(self._palette) > COLOURS:
                raise ValueError(f"more than {COLOURS} colours in one picture")
        return first

    def _stamp(self, mask: Image.Image, x: int, y: int, colour: Colour, ground: Colour | None) -> None:
        """Put `colour` where the mask says; where it says nothing, what was there stays."""
        data = mask.tobytes()
        indices = Image.frombytes("L", mask.size, data.translate(_indices(self._ramp(colour, ground))))
        self._image.paste(indices, (x, y), Image.frombytes("L", mask.size, data.translate(_SEEN)))


def _levels() -> list[int]:
    """How far from the ground to the colour: of each value of a mask, 0 to 255, its level."""
    return [(value * (LEVELS - 1) + 127) // 255 for value in range(256)]


_SEEN = bytes(255 if level else 0 for level in _levels())


@lru_cache(maxsize=COLOURS)
def _indices(first: int) -> bytes:
    return bytes(first + level for level in _levels())


@lru_cache(maxsize=64)
def _mixed(colour: Colour, ground: Colour | None) -> tuple[tuple[int, int, int, int], ...]:
    """The colours on the way from a ground to a colour on it."""
    start, end = _rgba(ground) if ground else (*_rgba(colour)[:3], 0), _rgba(colour)
    found = []
    for level in range(LEVELS):
        mixed = [round(a + (b - a) * level / (LEVELS - 1)) for a, b in zip(start, end, strict=True)]
        found.append((mixed[0], mixed[1], mixed[2], mixed[3]))
    return tuple(found)


def _rgba(colour: Colour | None) -> tuple[int, int, int, int]:
    if colour is None:
        return 0, 0, 0, 0
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, 255


@lru_cache(maxsize=64)
def _font(weight: Weight, size: float) -> ImageFont.FreeTypeFont:
    # BASIC: the other layout engine is there only on some machines.
    file = io.BytesIO(glyphs.font_file(glyphs.FONTS[weight]))
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=64)  # the line at the foot is the same on every card
def _text_mask(line: Line, x: float, baseline: float) -> Image.Image:
    """How much of each pixel the letters cover, 0 to 255, with the line's beginning at `x`, `baseline`.

    The library puts letters on whole pixels. In small text that is seen as uneven gaps, so that is drawn larger first.
    """
    finer = 4 if line.size < 32 else 2 if line.size < 60 else 1
    scale = line.size / glyphs.units()
    margin = line.size / 4
    size = math.ceil(x + line.width / line.squeeze + margin), math.ceil(baseline + margin + 1)
    mask = Image.new("L", (size[0] * finer, size[1] * finer), 0)
    draw, font = ImageDraw.Draw(mask), _font(line.weight, line.size * finer)
    for letter, at in glyphs.places(line.text, line.weight):
        if not letter.isspace():
            draw.text(((x + at * scale) * finer, baseline * finer), letter, fill=255, font=font, anchor="ls")
    if finer > 1:
        mask = mask.reduce(finer)
    if line.squeeze < 1:
        squeezed = round(x + line.width + margin)
        reach = (x - x / line.squeeze, 0, x + (squeezed - x) / line.squeeze, size[1])
        box = (0, 0, squeezed, size[1])
        return mask.transform(box[2:], Image.Transform.EXTENT, reach, Image.Resampling.BICUBIC)
    return mask


@lru_cache(maxsize=16)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    large = Image.new("L", (width * _FINER, height * _FINER), 0)
    corner = (large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, *corner), radius * _FINER, fill=255)
    return large.reduce(_FINER)


@lru_cache(maxsize=16)
def _stars(width: int) -> Image.Image:
    scale = width * _FINER / (CELL * STARS)
    large = Image.new("L", (width * _FINER, round(CELL * scale / _FINER) * _FINER), 0)
    draw = ImageDraw.Draw(large)
    for number in range(STARS):
        draw.polygon([((x + CELL * number) * scale, y * scale) for x, y in STAR_POINTS], fill=255)
    return large.reduce(_FINER)
