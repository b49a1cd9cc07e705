"""Logos: bounded, drawn anew, without anything of the file as given; broken ones are a fault, never an exception."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin
from vijf import limits
from vijf.content.logo import read_logo
from vijf.content.nodes import Faults

SECRET = b"taken at home, 52.3702 N"


def picture(mode="RGB", size=(40, 20), colour=None):
    """A picture of one colour but for one corner."""
    image = Image.new(mode, size, colour)
    image.putpixel((0, 0), 1 if len(image.getbands()) == 1 else (1,) * len(image.getbands()))
    return image


def saved(image, format_="PNG", **options):
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def read(data, ending="png"):
    """The logo, or None, and the codes and messages of the faults; exactly one of both."""
    faults = Faults("logo")
    logo = read_logo(data, ending, faults)
    assert (logo is None) == bool(faults.found)
    assert all(fault.code == "logo" for fault in faults.found)
    return logo, "".join(fault.message for fault in faults.found)


def opened(logo):
    return Image.open(io.BytesIO(logo.png))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def tiny_file_of(width, height):
    """A small PNG that says it has that many pixels, one bit each."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("ending", "format_"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_each_format_gives_a_small_png(ending, format_):
    """A large logo of each format comes out as a PNG whose longest side is the limit, in proportion."""
    logo, _ = read(saved(picture(size=(800, 400)), format_), ending)
    assert (logo.width, logo.height) == (limits.LOGO_SIDE, limits.LOGO_SIDE // 2)
    assert logo.png.startswith(b"\x89PNG")
    assert opened(logo).size == (logo.width, logo.height)


def test_small_logo_is_not_enlarged():
    """A logo smaller than the limit keeps its size and its pixels."""
    logo, _ = read(saved(picture(colour=(200, 10, 30))))
    assert (logo.width, logo.height) == (40, 20)
    assert opened(logo).getpixel((20, 10)) == (200, 10, 30)


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1)])
def test_line_of_pixels_keeps_at_least_one(size):
    """However flat a logo is, no side becomes zero."""
    logo, _ = read(saved(Image.new("L", size)))
    assert min(logo.width, logo.height) == 1


def test_same_file_gives_same_bytes():
    """A logo is a function of its file."""
    data = saved(picture(size=(300, 300)))
    assert read(data) == read(data)


@pytest.mark.parametrize(
    ("width", "height"),
    [(60_000, 60_000), (4_001, 4_000), (65_535, 245), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1), (0, 5)],
)
def test_decompression_bomb_is_refused_before_it_is_decoded(width, height):
    """A file of a few hundred bytes that says it has billions of pixels is refused."""
    data = tiny_file_of(width, height)
    assert len(data) < 1000
    logo, message = read(data)
    assert logo is None
    assert message


def test_too_many_pixels_are_called_that():
    """A file just over the limit is told about the limit, and a bomb is too."""
    for width in (4_001, 10_000, 60_000):
        _, message = read(tiny_file_of(width, 4_000 if width < 5_000 else width))
        assert f"{limits.LOGO_PIXELS:,}" in message, width


def test_exactly_as_many_pixels_as_allowed_are_read():
    """The limit itself is allowed."""
    logo, _ = read(saved(Image.new("1", (4_000, 4_000))))
    assert (logo.width, logo.height) == (limits.LOGO_SIDE, limits.LOGO_SIDE)


@pytest.mark.parametrize(("ending", "format_"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_truncated_file_is_refused(ending, format_):
    """A file that stops anywhere is refused; at its very end it may be whole."""
    noise = random.Random("noise").randbytes(3 * 64 * 64)  # noqa: S311  # the same noise in each run
    data = saved(Image.frombytes("RGB", (64, 64), noise), format_)
    for length in (0, 1, 8, 20, len(data) // 3, len(data) // 2, len(data) * 3 // 4):
        assert read(data[:length], ending)[0] is None, length


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_ending_and_format_must_agree(ending, format_):
    """A file is only ever given to the decoder of its ending."""
    logo, _ = read(saved(picture(size=(32, 32)), format_), ending)
    assert (logo is not None) == ({"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}[ending] == format_)


@pytest.mark.parametrize("data", [b"", b"<svg onload='x'/>", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_refused(data):
    """Other files under an image's name are a fault."""
    assert read(data)[0] is None


@pytest.mark.parametrize(("ending", "format_"), [("png", "PNG"), ("webp", "WEBP")])
def test_of_an_animation_the_first_frame_counts(ending, format_):
    """An animated logo stands still, on its first frame."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    data = saved(frames[0], format_, save_all=True, append_images=frames[1:], lossless=True, duration=50)
    logo, _ = read(data, ending)
    image = opened(logo)
    assert getattr(image, "n_frames", 1) == 1
    assert image.getpixel((10, 10)) == (255, 0, 0)
    assert b"acTL" not in logo.png


def test_cmyk_jpeg_becomes_rgb():
    """A JPEG from a print shop is shown in its colours."""
    logo, _ = read(saved(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG", quality=100), "jpg")
    red, green, blue = opened(logo).getpixel((10, 10))
    assert opened(logo).mode == "RGB"
    assert red > 180
    assert green < 80
    assert blue < 80


def test_sixteen_bit_grey_keeps_its_brightness():
    """Sixteen bits of grey become eight: half bright stays half bright, it doesn't turn white."""
    image = Image.new("I;16", (20, 20), 0x8000)
    logo, _ = read(saved(image))
    red, green, blue = opened(logo).convert("RGB").getpixel((10, 10))
    assert red == green == blue
    assert 120 <= red <= 136


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_read(mode):
    """Each kind of pixel that a PNG may have is read; it comes out with or without transparency."""
    logo, _ = read(saved(Image.new(mode, (10, 10))))
    assert opened(logo).mode in ("RGB", "RGBA")


def test_transparency_stays():
    """A transparent background stays transparent, and an opaque picture gets no alpha channel."""
    assert opened(read(saved(Image.new("RGBA", (10, 10), (1, 2, 3, 0))))[0]).getpixel((5, 5))[3] == 0
    assert opened(read(saved(Image.new("RGBA", (10, 10), (1, 2, 3, 255))))[0]).mode == "RGB"


def test_palette_with_transparency_is_read():
    """A palette with several transparent colours, as web tools save it, is no fault."""
    image = picture("P")
    logo, _ = read(saved(image, transparency=bytes([0, 128, 255])))
    assert opened(logo).mode == "RGBA"


def test_camera_rotation_is_carried_out():
    """A picture that says it lies on its side is turned upright, since the result can't say so any more."""
    image = Image.new("RGB", (40, 20), (0, 0, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    logo, _ = read(saved(image, "JPEG", exif=exif), "jpg")
    assert (logo.width, logo.height) == (20, 40)


def _with_metadata(ending):
    if ending == "png":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", SECRET.decode())
        info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        info.add(b"prVt", SECRET)
        return saved(picture(), pnginfo=info, dpi=(300, 300), icc_profile=SECRET) + SECRET
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    options = {"exif": exif, "icc_profile": SECRET, "xmp": SECRET}
    if ending == "jpg":
        return saved(picture(), "JPEG", comment=SECRET, **options) + SECRET
    return saved(picture(), "WEBP", **options)


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_no_metadata_survives(ending):
    """Comments, EXIF, XMP, colour profiles, private chunks and bytes behind the end aren't published."""
    data = _with_metadata(ending)
    assert SECRET in data
    logo, _ = read(data, ending)
    kinds, at = [], 8
    while at < len(logo.png):
        length = int.from_bytes(logo.png[at : at + 4], "big")
        kinds.append(logo.png[at + 4 : at + 8])
        at += length + 12
    assert set(kinds) <= {b"IHDR", b"IDAT", b"IEND"}
    assert SECRET not in logo.png


def test_text_bomb_in_a_png_is_bounded():
    """A compressed comment of fifty million characters does no harm."""
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * 50_000_000, 9))
    data = saved(picture())
    logo, _ = read(data[:33] + bomb + data[33:])
    assert logo is None or len(logo.png) < 10_000


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_damaged_files_give_a_logo_or_a_fault(ending):
    """Random damage to a good file never raises: a logo within bounds, or a fault."""
    chance = random.Random(f"damage {ending}")  # noqa: S311  # the same damage in each run
    good = _with_metadata(ending)
    refused = 0
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        logo, _ = read(bytes(data), ending)
        refused += logo is None
        assert logo is None or max(logo.width, logo.height) <= limits.LOGO_SIDE
    assert refused
