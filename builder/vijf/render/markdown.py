"""Markdown as sanitised HTML: for the operator's pages, and a smaller subset for a shop's description.

Texts of reviewers and replies never come here: they are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown import Markdown

_INLINE = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
_PAGE = _INLINE | {
    "h2", "h3", "h4", "h5", "h6", "blockquote", "code", "pre", "hr", "dl", "dt", "dd",
    "table", "thead", "tbody", "tr", "th", "td", "abbr", "sup", "sub",
}  # fmt: skip
_REL = "nofollow noopener ugc"
_SCHEMES = {"http", "https", "mailto", "tel"}
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_WORD = f"[{_LETTER}0-9][{_LETTER}0-9'-]*[,.;:?!]*"
_PLAIN_WORDS = re.compile(f"[{_LETTER}][{_LETTER}'-]*[,.;:?!]*(?: {_WORD})*")
"""A single line of words between single spaces, in letters of Western Europe."""


def page_html(body: str) -> Markup:
    """A Markdown page as HTML; its first level of headings is `h2`, since the page's title is the `h1`."""
    import markdown  # both take time, and most builds meet no Markdown
    import nh3

    html = markdown.markdown(
        body,
        extensions=["tables", "def_list", "sane_lists", "toc"],
        extension_configs={"toc": {"baselevel": 2, "marker": ""}},
        output_format="html",
    )
    attributes = {"*": set[str](), "a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}
    attributes |= {f"h{n}": {"id"} for n in range(2, 7)}
    clean = nh3.clean(
        html,
        tags=_PAGE,
        attributes=attributes,
        url_schemes=_SCHEMES,
        link_rel=None,
        attribute_filter=_heading_ids(),
    )
    return Markup(clean)  # noqa: S704  # sanitised


def description_html(text: str) -> Markup:
    """A shop's description as HTML: paragraphs, lists, emphasis and links that vouch for nothing."""
    if _PLAIN_WORDS.fullmatch(text):
        return Markup(f"<p>{text}</p>")  # noqa: S704  # neither Markdown nor HTML has a meaning for these characters
    import nh3

    html = _description_markdown().reset().convert(text)
    clean = nh3.clean(html, tags=_INLINE, attributes={"*": set(), "a": {"href"}}, url_schemes=_SCHEMES, link_rel=_REL)
    clean = clean.replace(f'<a rel="{_REL}">', "<a>")  # a link whose address was dropped has no relation either
    return Markup(clean)  # noqa: S704  # sanitised


@lru_cache(maxsize=1)
def _description_markdown() -> Markdown:
    """The converter, which costs more to set up than to use."""
    from markdown import Markdown

    return Markdown(extensions=["sane_lists"], output_format="html")


def _heading_ids() -> Callable[[str, str, str], str | None]:
    """A filter of attributes: headings' ids get a prefix against meeting the page's own, and none comes twice."""
    seen: set[str] = set()

    def keep(_tag: str, attribute: str, value: str) -> str | None:
        if attribute != "id":
            return value
        if value in seen:
            return None
        seen.add(value)
        return f"h-{value}"

    return keep
