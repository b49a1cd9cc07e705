"""A shop's logo, decoded within bounds and drawn anew, so that nothing of the file as given is ever published."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from vijf import limits
from vijf.content.nodes import Faults
from vijf.model import Logo

if TYPE_CHECKING:  # Pillow is loaded where there is a logo to read: it takes longer than reading a shop
    from PIL import Image

FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
"""File name ending -> the one format that such a file may hold."""


def read_logo(data: bytes, ending: str, faults: Faults) -> Logo | None:
    """The logo as a small PNG without metadata, or None after noting what is wrong with it.

    `data` is a PNG, JPEG or WebP of at most `limits.LOGO_BYTES` and `limits.LOGO_PIXELS`; the first frame
    counts. The longest side of the result is at most `limits.LOGO_SIDE`.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata does no harm, and the bound below is stricter than Pillow's
            return _redraw(data, FORMATS[ending], faults)
    except Image.DecompressionBombError:
        faults.add_at(0, 0, "logo", f"has more than {limits.LOGO_PIXELS:,} pixels; make it smaller")
        return None
    except Exception as error:  # noqa: BLE001  # decoders raise almost anything on broken files; each means the same here
        faults.add_at(0, 0, "logo", f"this image can't be read ({type(error).__name__}); save it anew as {ending}")
        return None


def _redraw(data: bytes, format_: str, faults: Faults) -> Logo | None:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=[format_]) as image:
        width, height = image.size
        if width * height > limits.LOGO_PIXELS:
            faults.add_at(
                0,
                0,
                "logo",
                f"{width} x {height} pixels are more than {limits.LOGO_PIXELS:,}; make it smaller, "
                f"{limits.LOGO_SIDE} pixels wide is enough",
            )
            return None
        image.draft("RGB", (2 * limits.LOGO_SIDE, 2 * limits.LOGO_SIDE))
        drawn = _eight_bits(ImageOps.exif_transpose(image)).convert("RGBA")
    drawn.thumbnail((limits.LOGO_SIDE, limits.LOGO_SIDE), Image.Resampling.LANCZOS)
    if drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return Logo(out.getvalue(), *clean.size)


def _eight_bits(image: Image.Image) -> Image.Image:
    """`image` with eight bits a channel: Pillow would clip sixteen bits of grey instead of scaling them."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
