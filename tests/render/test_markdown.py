"""Markdown comes out as a closed set of elements, whatever is written in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from made_content import MARKDOWN
from strategies import LAWS
from vijf.render.markdown import description_html, page_html

INLINE = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
PAGE = INLINE | {
    "h2", "h3", "h4", "h5", "h6", "blockquote", "code", "pre", "hr", "dl", "dt", "dd", "table", "thead", "tbody", "tr",
    "th", "td", "abbr", "sup", "sub",
}  # fmt: skip
_PIECES = st.sampled_from(
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](  java\tscript:alert(1))",
        "[a](&#106;avascript:1)",
        "<javascript:alert(1)>",
        "[a]: data:text/html,x\n\n[a]",
        "![x](https://evil.example/x.png)",
        "<img src=x onerror=1>",
        "<script>1</script>",
        "<svg/onload=1>",
        "<a href='vbscript:1' onclick=1 style='x' id='main'>x</a>",
        "# main",
        "## main",
        "<h2 id='account'>x</h2>",
        "<h1>x</h1>",
        "* a\n    * b\n        1. c",
        "```\n<b>\n```",
        "<!-- x",
        "]]>",
        "<style>*{}</style>",
        "| a | b |\n|---|---|\n| <i> | ` |",
        "term\n: definition",
        "**b** *e*",
        "\\<b>",
        "<iframe src=//evil>",
        "<math><mtext></p>",
        "\u202e",
        "<form action=x><input>",
        "<a href='https://ok.example/' target=_top>ok</a>",
        "[TOC]",
        "{: onclick=1 }",
    ]
)
sources = st.lists(
    st.one_of(_PIECES, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)), max_size=8
).map("\n\n".join)


SCHEMES = {"", "http", "https", "mailto", "tel"}


def scheme(address):
    """The scheme that a browser finds in an address (WHATWG URL: tabs and breaks are dropped, leading controls too)."""
    bare = re.sub("[\t\n\r]", "", address).lstrip("".join(map(chr, range(33))))
    found = re.match("([A-Za-z][A-Za-z0-9+.-]*):", bare)
    return found.group(1).lower() if found else ""


def elements(text):
    """All elements of a piece of HTML."""
    return list(html.fragment_fromstring(str(text), create_parent="div").iter("*"))[1:]


@settings(LAWS, max_examples=150)
@given(sources)
def test_a_page_has_only_known_elements_and_attributes(source):
    """No element, attribute or scheme beyond the list; ids are prefixed, so none is the page's own."""
    for element in elements(page_html(source)):
        assert element.tag in PAGE
        assert not [name for name in element.attrib if name not in ("href", "title", "start", "id")]
        assert scheme(element.get("href", "")) in SCHEMES
        assert element.get("id", "h-").startswith("h-")


@settings(LAWS, max_examples=150)
@given(sources)
def test_a_description_has_fewer_elements_and_vouches_for_no_link(source):
    """Only paragraphs, lists, emphasis and links; each link that leads anywhere is nofollow, noopener and ugc."""
    for element in elements(description_html(source)):
        assert element.tag in INLINE
        assert not set(element.attrib) - {"href", "rel"}
        if element.tag == "a":
            led = {"nofollow", "noopener", "ugc"} if "href" in element.attrib else set()
            assert set(element.get("rel", "").split()) == led
            assert scheme(element.get("href", "")) in SCHEMES


def test_headings_start_below_the_pages_own():
    """The first level in Markdown is h2, since the title is the h1; equal headings get ids of their own."""
    found = elements(page_html("# Een\n\n## Twee\n\n# Een"))
    assert [(e.tag, e.get("id")) for e in found] == [("h2", "h-een"), ("h3", "h-twee"), ("h2", "h-een_1")]


@pytest.mark.parametrize(
    "word", ["alert", "onerror", "onclick", "javascript", "style", "evil.example", "iframe", "<img", "<svg"]
)
def test_nothing_of_the_hostile_page_is_left_as_markup(word):
    """Of the hostile page only words are left: none of its tricks stands in a tag."""
    tags = re.findall("<[^>]*>", str(page_html(MARKDOWN)) + str(description_html(MARKDOWN)))
    assert [tag for tag in tags if word in tag] == []


def test_plain_markdown_keeps_its_meaning():
    """Emphasis, lists, tables and links come through."""
    found = [e.tag for e in elements(page_html("**a** [b](https://b.example)\n\n- c\n\n| d |\n|---|\n| e |"))]
    assert [tag for tag in ("strong", "a", "ul", "table", "td") if tag not in found] == []


@pytest.mark.parametrize("source", ['[a](https://b.example "t")', '<p lang="nl" title="t">a</p>'])
def test_a_description_has_no_attribute_but_of_links(source):
    """A description's elements carry `href` and `rel`, nothing else."""
    assert {name for element in elements(description_html(source)) for name in element.attrib} <= {"href", "rel"}
