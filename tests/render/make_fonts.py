"""Makes what `builder/vijf/render/static/fonts/` holds, from the typeface Inter: run it only to change that.

    npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
    pip install brotli fonttools uharfbuzz
    python tests/render/make_fonts.py package

Two fonts, cut down to the characters of `RANGES`, for pictures made of pixels; and `glyphs.json`, the same outlines as
SVG path data of whole numbers, for pictures made of paths, with widths and kerning, which both kinds of picture use.
Its format is described in `vijf.render.glyphs`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uharfbuzz
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[2] / "builder/vijf/render/static/fonts"
WEIGHTS = {"regular": "Inter-Regular", "bold": "Inter-Bold"}
UNITS = 500
"""Units of an em in the path data. At 28 pixels, the largest text in a badge, a unit is a twentieth of a pixel."""
RANGES = (
    (0x20, 0x7E), (0xA0, 0x180), (0x18F, 0x18F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC),
    (0x1E6, 0x1E7), (0x1EA, 0x1EB), (0x1F4, 0x1F5), (0x1FA, 0x1FF), (0x218, 0x21B), (0x237, 0x237), (0x259, 0x259),
    (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9),  # Latin, with Welsh and Vietnamese
    (0x384, 0x3D1),  # Greek
    (0x400, 0x45F), (0x490, 0x4FF),  # Cyrillic
    (0x2002, 0x200B), (0x2010, 0x2027), (0x202F, 0x203A), (0x2044, 0x2044), (0x205F, 0x205F),  # spaces, punctuation
    (0x2070, 0x2079), (0x2080, 0x2089), (0x20A0, 0x20BF), (0x2113, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212),
)  # fmt: skip
LETTERS = ((0x20, 0x7E), (0xC0, 0xFF), (0x2018, 0x201D))
KERNED = [chr(code) for first, last in (LETTERS) for code in range(first, last + 1)]
LEAST_KERNING = 8
"""In units: less isn't seen."""


def main(source: Path) -> None:
    """Write both fonts and `glyphs.json` from the unpacked package in `source`."""
    table: dict[str, object] = {"units": UNITS}
    for weight, name in WEIGHTS.items():
        font = TTFont(source / "web" / f"{name}.woff2", recalcTimestamp=False)
        kerning = kerning_of(font, source / "web" / f"{name}.woff2")
        codes = {code for first, last in RANGES for code in range(first, last + 1)} & set(font.getBestCmap())
        cut_down(font, codes)
        font.flavor = None
        font.save(TARGET / f"{name}.ttf", reorderTables=True)
        table[weight] = {"glyphs": outlines(font), "kerning": kerning}
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (TARGET / "glyphs.json").write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")


def cut_down(font: TTFont, codes: set[int]) -> None:
    """Leave only these characters, and neither features nor hints: `glyphs.json` has the kerning."""
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14]
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def outlines(font: TTFont) -> dict[str, list[object]]:
    """Each character's advance and path data."""
    glyphs, scale = font.getGlyphSet(), UNITS / font["head"].unitsPerEm
    found: dict[str, list[object]] = {}
    for code, name in sorted(font.getBestCmap().items()):
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(pen)
        found[chr(code)] = [round(glyphs[name].width * scale), *path_data(pen.value, scale)]
    return found


def path_data(commands: list, scale: float) -> tuple[int, int, str]:
    """Where a glyph's first contour begins, and the rest of it in relative coordinates; y grows downwards."""
    parts: list[str] = []
    begins: list[tuple[int, int]] = []
    for contour in contours_of(commands):
        at = round(contour[0][0] * scale), round(-contour[0][1] * scale)
        if begins:  # after z, the pen is where that contour began
            parts.append(f"m{numbers(at[0] - begins[-1][0], at[1] - begins[-1][1])}")
        begins.append(at)
        for curve in contour[1:]:
            data, at = segment(curve, at, scale)
            parts.append(data)
        parts.append("z")
    return (*(begins[0] if begins else (0, 0)), merged("".join(parts)))


def contours_of(commands: list):
    """Contours as [start, segment, segment ...], where a segment is the points of a quadratic spline."""
    contour: list = []
    for name, points in commands:
        if name == "moveTo":
            contour = [points[0]]
        elif name in ("lineTo", "qCurveTo"):
            contour.append(points)
        else:
            # The line back is drawn by z; one to the very start is no line at all.
            if len(contour[-1]) == 1 and contour[-1][0] == contour[0]:
                contour.pop()
            yield contour


def segment(points: tuple, at: tuple[int, int], scale: float) -> tuple[str, tuple[int, int]]:
    """A line or a quadratic spline from `at`, and where it ends.

    Between two control points of a spline lies a point that makes the second the mirror image of the first, which is
    what `t` draws. It is rounded so that this mirror image lies as near as can be, so errors don't add up.
    """
    exact = [(x * scale, -y * scale) for x, y in points]
    ends = round(exact[-1][0]), round(exact[-1][1])
    if len(exact) == 1:
        return line(ends[0] - at[0], ends[1] - at[1]), ends
    control = round(exact[0][0]), round(exact[0][1])
    parts = []
    for index in range(len(exact) - 1):
        if index == len(exact) - 2:
            to = ends
        else:
            following = exact[index + 1]
            to = round((control[0] + following[0]) / 2), round((control[1] + following[1]) / 2)
        dx, dy = to[0] - at[0], to[1] - at[1]
        if index == 0:
            parts.append(f"q{numbers(control[0] - at[0], control[1] - at[1], dx, dy)}")
        else:
            parts.append(f"t{numbers(dx, dy)}")
        at, control = to, (2 * to[0] - control[0], 2 * to[1] - control[1])
    return "".join(parts), ends


def line(dx: int, dy: int) -> str:
    if dx == 0 and dy == 0:
        return ""
    if dy == 0:
        return f"h{dx}"
    return f"v{dy}" if dx == 0 else f"l{numbers(dx, dy)}"


def numbers(*values: int) -> str:
    """Numbers with a space only where the next has no sign."""
    text = str(values[0])
    for value in values[1:]:
        text += str(value) if value < 0 else f" {value}"
    return text


def merged(data: str) -> str:
    """Path data in which a command that is repeated is written once."""
    found, last = [], ""
    letter, start = "", 0
    tokens: list[tuple[str, str]] = []
    for index, character in enumerate(data + "z"):
        if character.isalpha():
            if letter:
                tokens.append((letter, data[start:index]))
            letter, start = character, index + 1
    for command, rest in [*tokens, ("z", "")]:
        if command == last and command in "qtl":
            found.append(rest if rest.startswith("-") else f" {rest}")
        else:
            found.append(command + rest)
        last = command
    text = "".join(found)
    return text.removesuffix("z") if data.endswith("z") else ""


def kerning_of(font: TTFont, path: Path) -> dict[str, int]:
    """Pair of characters -> what its second letter is moved by, in units; from the font's own rules."""
    font.flavor = None
    plain = path.with_suffix(".plain.ttf")
    font.save(plain)
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(plain)))
    plain.unlink()
    shaper, scale = uharfbuzz.Font(face), UNITS / face.upem

    def width(text: str, *, kern: bool) -> int:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(shaper, buffer, {"kern": kern, "liga": False, "calt": False})
        return sum(position.x_advance for position in buffer.glyph_positions)

    found = {}
    for left in KERNED:
        for right in KERNED:
            moved = round((width(left + right, kern=True) - width(left + right, kern=False)) * scale)
            if abs(moved) >= LEAST_KERNING:
                found[left + right] = moved
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
