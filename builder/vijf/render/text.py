"""What strangers wrote, made safe for the place where it lands.

HTML text and attributes are escaped by Jinja2's autoescape, or by `html_text`, which gives the same; JSON inside
`<script>` and JavaScript by `json_ascii`, SVG and other XML by `xml_text`. In places that can't isolate directions
with elements (attributes, titles, SVG), `one_direction` does it with characters.

Most texts here are Latin letters and need none of the care that others need. Each of the patterns below names, with
room to spare, the characters that do; a text without any takes the short way to the same end.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from json.encoder import encode_basestring

from markupsafe import Markup, escape

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_ESCAPED_P = "&lt;p dir=&#34;auto&#34;&gt;"
_BIDI_CONTROLS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_XML_ASCII = bytes(set(range(32)) - set(b"\t\n\r"))

_PLAIN = "\\u2010-\\u2027\\u20a0-\\u20bf"
"""Dashes, quotes, dots and currencies: beyond Latin, but as plain as it."""
_DIRECTED = re.compile(f"[^\\u0000-\\u058f{_PLAIN}]")
"""What may be written from right to left, or controls the direction."""
_JOINED = re.compile(f"[^\\u0000-\\u000c\\u000e-\\u02ff{_PLAIN}]")
"""What may be one sign together with its neighbours: a carriage return, accents, emoji, most other scripts."""


def html_text(text: str) -> str:
    """`text` escaped for HTML and XML, in elements and in quoted attributes: what `markupsafe.escape` gives.

    An ordinary string, for markup that is put together in Python; it must not be given to a template.
    """
    # Looking for a character first is several times as fast as replacing what isn't there.
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "'" in text:
        text = text.replace("'", "&#39;")
    if '"' in text:
        text = text.replace('"', "&#34;")
    return text


def escaped(value: object) -> str:
    """What `markupsafe.escape` gives, as an ordinary string where it can be one: it is joined and never escaped again.

    Marking each piece as markup, only to join it, costs as much as all else that a template does.
    """
    if type(value) is Markup:
        return value
    return html_text(value) if type(value) is str else escape(value)


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: a blank line starts a paragraph, a line break stays one; everything is escaped.

    Each paragraph finds its own direction (`dir="auto"` also isolates it, so that no control character
    reaches beyond).
    """
    return Markup(in_paragraphs(text))  # noqa: S704  # escaped


def in_paragraphs(text: str) -> str:
    """What `paragraphs` gives, as an ordinary string for markup that is put together in Python."""
    html = html_text(text)
    if "\n" in html:
        html = "".join([f'<p dir="auto">{part}</p>' for part in _PARAGRAPHS.split(html) if part])
        return html.replace("\n", "<br>")
    return f'<p dir="auto">{html}</p>' if html else ""


def escaped_paragraphs(text: str) -> str:
    """What `paragraphs` gives, escaped once more, as feeds hold HTML: `html_text(paragraphs(text))`.

    Only the text itself is looked through for it; the tags around it are always the same.
    """
    html = html_text(html_text(text))
    if "\n" in html:
        html = "".join([f"{_ESCAPED_P}{part}&lt;/p&gt;" for part in _PARAGRAPHS.split(html) if part])
        return html.replace("\n", "&lt;br&gt;")
    return f"{_ESCAPED_P}{html}&lt;/p&gt;" if html else ""


def isolate(text: str) -> Markup:
    """`text` in a `<bdi>`: it finds its own direction, and what stands around it keeps its order.

    Its own direction controls are dropped: one that is left open would undo the isolation.
    """
    return Markup(isolated(text))  # noqa: S704  # escaped


@lru_cache(maxsize=8192)
def isolated(text: str) -> str:
    """What `isolate` gives, as an ordinary string for markup that is put together in Python.

    Remembered: first names and towns come again and again.
    """
    return f"<bdi>{html_text(_without_controls(text))}</bdi>"


def one_direction(text: str) -> str:
    """`text` for a place without elements: its own direction controls dropped, and isolated if it has any strong
    right-to-left character, so that what stands around it keeps its order.
    """  # noqa: D205  # one sentence
    if text.isascii() or not _DIRECTED.search(text):
        return text
    plain = text.translate(_BIDI_CONTROLS)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain):
        return f"{_FIRST_STRONG_ISOLATE}{plain}{_POP_ISOLATE}"
    return plain


def _without_controls(text: str) -> str:
    return text if text.isascii() else text.translate(_BIDI_CONTROLS)


def excerpt(text: str, most: int) -> str:
    """At most `most` characters of `text`, cut between words where possible, with an ellipsis if cut."""
    if len(text) <= most:
        return text
    end = _whole_signs(text, most) if _JOINED.search(text, 0, most + 1) else most
    cut = text[:end]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if space > most // 2:
        cut = cut[:space]
    return cut.rstrip(" \n,;:.-") + "…"


def _whole_signs(text: str, most: int) -> int:
    """Where the last sign ends of those that fit into `most` characters: an emoji family, a flag are several."""
    import regex  # takes time, and few texts need it

    end = 0
    for sign in regex.finditer(r"\X", text):
        if sign.end() > most:
            break
        end = sign.end()
    return end


_ASCII = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_UNICODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_ascii(value: object) -> str:
    """`value` as JSON that is also JavaScript, whatever the encoding of the page, and can't end a script."""
    return no_markup(_ASCII.encode(value))


def no_markup(text: str) -> str:
    """JSON with the characters of markup escaped, which stand nowhere but in its strings."""
    if "<" in text or ">" in text or "&" in text:
        text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text


def json_text(value: object) -> str:
    """`value` as compact JSON in Unicode: open data is for reading."""
    return _UNICODE.encode(value)


json_string = encode_basestring
"""What `json_text` gives for a text, for JSON that is put together in Python."""


def json_bytes(value: object) -> bytes:
    """`value` as compact JSON in UTF-8 with a final line feed."""
    return f"{json_text(value)}\n".encode()


def xml_text(text: str) -> str:
    """`text` without the few characters that XML can't hold; escaping is left to the template."""
    if text.isascii() and len(text.encode().translate(None, _NOT_XML_ASCII)) == len(text):
        return text  # found out in a third of the time
    return _NOT_XML.sub("\ufffd", text)
