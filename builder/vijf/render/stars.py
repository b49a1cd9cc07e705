"""Five stars as a drawing: their outline, and how much of it is filled for a mean."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from vijf.rules.score import STARS

CELL = 24
"""Width and height of the square in which one star stands; the five make a drawing of 120 x 24."""
_INSET = Fraction(8, 5)
_WIDE = CELL - 2 * _INSET
_STAR = "M{} 1.8l3.1 6.7 7.3.9-5.4 5 1.4 7.2-6.4-3.6-6.4 3.6 1.4-7.2-5.4-5 7.3-.9z"
STAR_PATH = "".join(_STAR.format(CELL // 2 + CELL * n) for n in range(STARS))
"""The five stars as an SVG path."""
_STEPS = [float(number) for number in re.findall(r"-?\d*\.?\d+", _STAR.format(CELL // 2))]
STAR_POINTS = tuple(zip(accumulate(_STEPS[::2]), accumulate(_STEPS[1::2]), strict=True))
"""The corners of the first star."""


@lru_cache(maxsize=1024)
def star_width(share: Fraction) -> str:
    """How far the drawing is filled, from 0 to 120, for a share of 0 to 1 (the exact mean divided by ten).

    Each star is filled over its own shape, not over the gaps between stars: 9.9 never looks like 10.
    """
    whole, rest = divmod(share.numerator * STARS, share.denominator)
    width = CELL * whole + (_INSET + Fraction(rest, share.denominator) * _WIDE if rest else 0)
    return f"{float(width):.2f}".rstrip("0").rstrip(".")
