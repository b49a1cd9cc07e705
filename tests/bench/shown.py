"""What a built file shows, read as browsers and feed readers do: reviews, scores, rows of the directory, entries.

Both generators use the same few class names for what is compared here; where their files differ, `layouts` knows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
_HTML = html.HTMLParser(encoding="utf-8")
# A feed or an image may not bring entities or files of its own.
_XML = etree.XMLParser(resolve_entities=False, no_network=True)

Text = list[list[str]]
"""Paragraphs of lines."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review on a page. `href` is the address that it gives as its own."""

    id: str
    href: str
    day: str
    mark: str
    title: str
    text: Text
    who: str
    replies: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a shop."""

    reviews: Sequence[Review]
    mean: str | None
    histogram: Mapping[str, int]
    structured: Mapping[str, Any] | None
    active: Sequence[str]
    """What would run: scripts, and attributes that call one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A shop in the directory."""

    href: str
    name: str
    mean: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed: where it leads, all lines of its words, and what would run in them."""

    href: str
    title: str
    lines: Sequence[str]
    active: Sequence[str]


def lines_of(text: str) -> Text:
    """A text of the content as paragraphs of lines."""
    return [paragraph.split("\n") for paragraph in text.split("\n\n")] if text else []


def page(data: bytes) -> Page:
    """A page of a shop, from its bytes."""
    tree = html.document_fromstring(data, parser=_HTML)
    found = tree.xpath('//script[@type="application/ld+json"]')
    return Page(
        reviews=[_review(node) for node in tree.find_class("review")],
        mean=_first_text(tree, '//*[@class="big"]'),
        histogram=_histogram(tree),
        structured=json.loads(found[0].text) if found else None,
        active=active(tree),
    )


def active(tree: html.HtmlElement) -> list[str]:
    """Scripts that run and handlers of events, for messages."""
    scripts = tree.xpath('descendant-or-self::script[not(@type="application/ld+json")]')
    handlers = tree.xpath("descendant-or-self::*/@*[starts-with(name(), 'on')]")
    return [etree.tostring(node, encoding="unicode")[:80] for node in scripts] + [
        f"{found.attrname} of <{found.getparent().tag}>" for found in handlers
    ]


def _first_text(tree: html.HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return found[0].text_content().strip() if found else None


def _histogram(tree: html.HtmlElement) -> dict[str, int]:
    tables = tree.find_class("bars")
    rows = tables[0].xpath(".//tr[td]") if tables else []
    return {row.find("th").text_content().strip(): int(row.findall("td")[-1].text_content()) for row in rows}


def _review(node: html.HtmlElement) -> Review:
    [when] = node.find_class("when")
    replies = node.find_class("reply")
    own = [text for text in node.find_class("text") if not text.xpath('ancestor::*[@class="reply"]')]
    return Review(
        id=node.get("id", "").removeprefix("r-"),
        href=when.get("href", ""),
        day=when.find("time").get("datetime"),
        mark=node.find_class("mark")[0].text_content().strip(),
        title=_first_text(node, "./h3|./header//h3") or "",
        text=text_lines(own[0]) if own else [],
        who=node.find_class("who")[0].text_content(),
        replies=[(reply.find(".//time").get("datetime"), text_lines(reply.find_class("text")[0])) for reply in replies],
    )


def text_lines(node: html.HtmlElement) -> Text:
    """The paragraphs below a node as lines; what is outside of any paragraph is one more."""
    for line_break in node.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    found = [[line.strip() for line in p.text_content().split("\n") if line.strip()] for p in node.iter("p")]
    stray = [(node.text or "").strip(), *((child.tail or "").strip() for child in node)]
    return found + [[text] for text in stray if text]


def rows(data: bytes) -> tuple[list[Row], list[str]]:
    """The rows of a page of the directory, and what would run on it."""
    tree = html.document_fromstring(data, parser=_HTML)
    found = []
    for node in tree.find_class("shop-row"):
        link = node.find(".//a")
        found.append(Row(link.get("href", ""), link.text_content().strip(), _first_text(node, ".//b")))
    return found, active(tree)


def items(data: bytes) -> list[Item]:
    """The entries of an Atom feed. Raises etree.XMLSyntaxError where it isn't well-formed."""
    found = []
    for entry in etree.fromstring(data, _XML).iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link[@rel='alternate']")
        body = html.fragment_fromstring(entry.findtext(f"{ATOM}content") or "", create_parent="div", parser=_HTML)
        lines = [line for paragraph in text_lines(body) for line in paragraph]
        found.append(Item(link.get("href"), entry.findtext(f"{ATOM}title") or "", lines, active(body)))
    return found


def words_of_image(data: bytes) -> str:
    """All that an SVG says, in letters and in its label. Raises etree.XMLSyntaxError."""
    tree = etree.fromstring(data, _XML)
    return " ".join([tree.get("aria-label", ""), *tree.itertext()])


def locations(data: bytes) -> list[str]:
    """The addresses in a sitemap or in an index of sitemaps. Raises etree.XMLSyntaxError."""
    return [node.text or "" for node in etree.fromstring(data, _XML).iter("{*}loc")]
