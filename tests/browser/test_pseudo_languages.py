"""Words that are 40 per cent longer, and a language from right to left, in a real browser: all fits and is mirrored."""

from __future__ import annotations

import pseudo
import pytest
from test_pages import open_page as _open_page
from test_pages import serve

pytestmark = pytest.mark.browser
open_page = _open_page

# What makes a page wider than its window, or cuts letters off: boxes that hide what they can't hold.
OVERFLOWING = """() => {
  const page = document.scrollingElement, name = (e) => `${e.localName}.${e.className.baseVal ?? e.className}`;
  const found = page.scrollWidth > page.clientWidth ? ["page"] : [];
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest(".skip, .unseen, .shapes, svg")) continue;
    const box = e.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > innerWidth + 1)) found.push("outside " + name(e));
    const style = getComputedStyle(e);
    if (style.overflow !== "visible" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      found.push("cut " + name(e));
  }
  return found;
}"""
# The letters of one line that a box holds, as far as they stick out of it (long words break instead), and numbers that
# break like a word: in two rows of digits nobody reads a number.
STICKING_OUT = """() => {
  const found = [], range = document.createRange();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (parent.closest(".skip, .unseen, .shapes, svg, script, style")) continue;
    let box = parent;
    while (getComputedStyle(box).display.startsWith("inline") && box.localName !== "body") box = box.parentElement;
    const around = box.getBoundingClientRect();
    range.selectNodeContents(walk.currentNode);
    const lines = [...range.getClientRects()], tops = lines.map((line) => Math.round(line.top));
    if (/^[\\d.,:%\N{EN DASH}]+$/.test(walk.currentNode.data.trim()) && Math.max(...tops) > Math.min(...tops))
      found.push(`${box.localName}.${box.className}: broken ${walk.currentNode.data}`);
    for (const line of lines)
      if (line.width && (line.left < around.left - 1 || line.right > around.right + 1))
        found.push(`${box.localName}.${box.className}: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return found;
}"""
LANGUAGES = (pseudo.LEFT, pseudo.RIGHT)


def visit(site, origin, watched, paths):
    """Open each of the pages in turn, but for those that lead on; gives its path once it is there."""
    serve(site, origin)
    for path in paths:
        if "http-equiv" in site.text(path):
            continue
        watched.page.goto(f"{origin.url}/{path.removesuffix('index.html')}")
        yield path


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("code", LANGUAGES)
def test_long_words_fit_on_every_page(pseudo_site, origins, open_page, code, width):
    """No page is wider than its window, nothing is cut off, and no line leaves its box."""
    watched = open_page(viewport={"width": width, "height": 800})
    shared = ["index.html", "404.html", "review/index.html", "review/polla/index.html"]
    paths = [*shared, *(path for path in pseudo_site.pages if path.startswith(f"{code}/"))]
    for path in visit(pseudo_site, origins[0], watched, paths):
        assert (path, watched.page.evaluate(OVERFLOWING)) == (path, [])
        assert (path, watched.page.evaluate(STICKING_OUT)) == (path, [])


def test_a_page_from_right_to_left_is_the_mirror_of_the_other(pseudo_site, origins, open_page):
    """What stands at the start of a line on one page stands at its start on the other: at the right."""
    watched = open_page(viewport={"width": 1280, "height": 800})
    # From the edge of the window where lines start to where the element does, or what is in it: the same in both.
    starts = """(selectors) => selectors.map((selector) => {
      const element = document.querySelector(selector), range = document.createRange();
      range.selectNodeContents(element);
      const turned = getComputedStyle(document.body).direction === "rtl";
      return [element, range].map((e) => e.getBoundingClientRect()).filter((box) => box.width).map((box) =>
        Math.round(turned ? innerWidth - box.right : box.left));
    })"""
    plain = [".brand", "h1", ".score", ".list h2", ".review .mark", ".note", ".reply .speaker", ".facts h2"]
    selectors = [*plain, ".bar .value", "#account th", ".plain li"]
    found = {}
    for path in visit(pseudo_site, origins[0], watched, [f"{code}/polla/index.html" for code in LANGUAGES]):
        found[path[:2]] = watched.page.evaluate(starts, selectors)
        assert watched.page.evaluate("getComputedStyle(document.body).direction") == (
            "rtl" if path[:2] == "ar" else "ltr"
        )
    assert found["ar"] == found["eo"]
    assert len(set(map(tuple, found["ar"]))) > 5


def test_numbers_and_latin_names_keep_their_order_among_arabic_words(pseudo_site, origins, open_page):
    """Inside lines from right to left, phone number, mail address, name and mark still read from left to right."""
    watched = open_page(viewport={"width": 1280, "height": 800})
    # The place of each character as drawn, from left to right.
    drawn = """(selector) => {
      const element = document.querySelector(selector), range = document.createRange(), found = [];
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) [...walk.currentNode.data].forEach((character, at) => {
        range.setStart(walk.currentNode, at); range.setEnd(walk.currentNode, at + 1);
        const box = range.getBoundingClientRect();
        if (box.width) found.push([box.left, character]);
      });
      return found.sort(([a], [b]) => a - b).map(([, character]) => character).join("");
    }"""
    expected = {
        "#contact a[href^='tel:']": "+30 21 0000 0000",
        "#contact a[href^='mailto:']": "a@kritiki.example",
        ".head a[href^='https:']": "shop.example",
        ".score .big": "8.5",
        "h1": "Ποδήλατα Αλυσίδα",
        ".who .name": "Άννα",
    }
    for _ in visit(pseudo_site, origins[0], watched, ["ar/polla/index.html"]):
        for selector, text in expected.items():
            if selector != ".score .big":
                assert watched.page.evaluate(drawn, selector) == text
        mark = watched.page.evaluate(drawn, ".score .big")
        assert mark == watched.page.locator(".score .big").inner_text()


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [240, 300, 900])
def test_long_words_fit_into_the_widget(pseudo_site, origins, open_page, code, width):
    """In a narrow and a wide place nothing of a card leaves it to the side, and it runs in its language's direction."""
    shop, reviews = origins
    serve(pseudo_site, reviews)
    watched = open_page(viewport={"width": 1000, "height": 600})
    for slug in ("polla", "liga", "kanena", "efyge"):
        body = f'<div style="width:{width}px"><vijf-reviews shop="{slug}"></vijf-reviews></div>'
        script = f'<script src="{reviews.url}/v1/{slug}/widget.{code}.js"></script>'
        page = shop.page(f"/{slug}", f"<!doctype html><html lang=el><title>Shop</title>{body}{script}</html>")
        shop.page("/favicon.ico", "")
        watched.page.goto(page)
        watched.page.locator("vijf-reviews >> .card").wait_for()
        found = watched.page.evaluate("""() => {
          const root = document.querySelector("vijf-reviews").shadowRoot, card = root.querySelector(".card");
          const edge = card.getBoundingClientRect();
          return [getComputedStyle(root.querySelector(".heading")).direction, edge.height,
            [...card.querySelectorAll("*")].filter((e) => {
              const box = e.getBoundingClientRect();
              return box.width && !e.closest("svg") && (box.left < edge.left - 1 || box.right > edge.right + 1);
            }).map((e) => e.className)];
        }""")
        assert (slug, found) == (slug, ["rtl" if code == pseudo.RIGHT else "ltr", 260, []])
