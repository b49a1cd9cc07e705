"""What a badge says in letters that are drawn: outlines read back as text, each line from left to right.

Letters are known by the shipped table alone, which `tests/render/test_glyphs.py` compares with the font itself. So a
test that reads "8,7" here has seen the outlines of these three signs, in this order.
"""

from __future__ import annotations

import json
import re
from functools import cache

from lxml import etree
from vijf.render.glyphs import font_file

SVG = "{http://www.w3.org/2000/svg}"


@cache
def letters():
    """Outline -> (character, x at which it begins, advance, advance of a space), for both weights; Latin first."""
    table = json.loads(font_file("glyphs.json"))
    found = {}
    for weight in ("regular", "bold"):
        glyphs = table[weight]["glyphs"]
        for character, (advance, x, _, outline) in sorted(glyphs.items()):
            if outline:
                found.setdefault(outline, (character, x, advance, glyphs[" "][0]))
    return found


def drawn_lines(svg: bytes) -> list[str]:
    """The lines of a badge, in the order of the file: the score first where there is one; `<text>` as it stands."""
    root = etree.fromstring(svg)
    named = {path.get("id"): path for path in root.iter(f"{SVG}path") if path.get("id")}
    return [
        element.text if element.tag == f"{SVG}text" else read(element, named)
        for element in root
        if element.tag in (f"{SVG}text", f"{SVG}g")
    ]


def read(group, named):
    """The letters of a group in their order, with a space where there is room for most of one."""
    found = []
    for element in group:
        path = named[element.get("href")[1:]] if element.tag == f"{SVG}use" else element
        moved = int(element.get("x", 0)) if element.tag == f"{SVG}use" else 0
        for start, outline in re.findall(r"M(-?\d+) -?\d+([^M]+)", path.get("d")):
            character, x, advance, space = letters()[outline]
            found.append((int(start) - x + moved, character, advance, space))
    text, end = "", None
    for at, character, advance, space in sorted(found):
        text += (" " if end is not None and at - end > space * 0.6 else "") + character
        end = at + advance
    return text
