"""What strangers wrote, made safe for the place where it lands.

HTML text and attributes are escaped by Jinja2's autoescape (`escape` here is the same function), JSON inside
`<script>` and JavaScript by `json_ascii`, SVG and other XML by `xml_text`. In places that can't isolate
directions with elements (attributes, titles, SVG), `one_direction` does it with characters.
"""

from __future__ import annotations

import json
import re
import unicodedata

import regex
from markupsafe import Markup, escape

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_BIDI_CONTROLS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: a blank line starts a paragraph, a line break stays one; everything is escaped.

    Each paragraph finds its own direction (`dir="auto"` also isolates it, so that no control character
    reaches beyond).
    """
    html = "".join(f'<p dir="auto">{escape(part)}</p>' for part in _PARAGRAPHS.split(text) if part)
    return Markup(html.replace("\n", "<br>"))  # noqa: S704  # every part was escaped above


def isolate(text: str) -> Markup:
    """`text` in a `<bdi>`: it finds its own direction, and what stands around it keeps its order.

    Its own direction controls are dropped: one that is left open would undo the isolation.
    """
    return Markup(f"<bdi>{escape(text.translate(_BIDI_CONTROLS))}</bdi>")  # noqa: S704  # escaped


def one_direction(text: str) -> str:
    """`text` for a place without elements: its own direction controls dropped, and isolated if it has any strong
    right-to-left character, so that what stands around it keeps its order.
    """  # noqa: D205  # one sentence
    plain = text.translate(_BIDI_CONTROLS)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain):
        return f"{_FIRST_STRONG_ISOLATE}{plain}{_POP_ISOLATE}"
    return plain


def excerpt(text: str, most: int) -> str:
    """At most `most` characters of `text`, cut between words where possible, with an ellipsis if cut."""
    if len(text) <= most:
        return text
    end = 0
    for sign in regex.finditer(r"\X", text):  # a sign may be several characters: an emoji family, a flag
        if sign.end() > most:
            break
        end = sign.end()
    cut = text[:end]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if space > most // 2:
        cut = cut[:space]
    return cut.rstrip(" \n,;:.-") + "…"


def json_ascii(value: object) -> str:
    """`value` as JSON that is also JavaScript, whatever the encoding of the page, and can't end a script."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def json_bytes(value: object) -> bytes:
    """`value` as compact JSON in UTF-8 with a final line feed: open data is for reading."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def xml_text(text: str) -> str:
    """`text` without the few characters that XML can't hold; escaping is left to the template."""
    return _NOT_XML.sub("\ufffd", text)
