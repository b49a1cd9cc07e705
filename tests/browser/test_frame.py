"""The frame on the page of a shop that takes no script: its size, its list, its links, its looks in light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

pytestmark = pytest.mark.browser

SHOPS = ("de-ketting", "spaak-en-velg", "de-wrongel", "papierwinkel-stil")
"""With a score, no longer taking part, below five, without any review."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own."""
    context = browser.new_context(viewport={"width": 900, "height": 700})
    yield context.new_page()
    context.close()


def framed(page: Page, origins, demo_site, slug: str, width: int, *, height: int = 260) -> Frame:
    """Show a shop's frame on a page of another origin, that sends the strictest policy which lets it in."""
    shop, reviews = origins
    path = f"/v1/{slug}/frame.nl.html"
    source = (demo_site / path[1:]).read_text(encoding="utf-8")
    address = reviews.page(path, source)
    tag = f'<iframe src="{address}" title="Beoordelingen" width="{width}" height="{height}" frameborder="0"></iframe>'
    policy = f"default-src 'none'; frame-src {reviews.url}"
    page.goto(shop.page("/", f"<!doctype html><title>Shop</title>{tag}", Content_Security_Policy=policy))
    page.wait_for_load_state("load")
    found = page.frame(url=address)
    assert found is not None
    return found


@pytest.mark.parametrize("slug", SHOPS)
@pytest.mark.parametrize("width", [240, 320, 480, 800])
def test_it_fits_its_place_and_only_the_list_scrolls(page, origins, demo_site, slug, width):
    """Whatever it says, it is as large as its frame; nothing is cut at the side, and the list keeps some height."""
    frame = framed(page, origins, demo_site, slug, width)
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert frame.evaluate(size) == [width, 260]
    wider = """() => [...document.querySelectorAll("main, main *")]
        .filter(piece => piece.scrollWidth > piece.clientWidth + 1 && getComputedStyle(piece).display !== "inline")
        .map(piece => piece.outerHTML.slice(0, 80))"""
    assert frame.evaluate(wider) == []
    assert frame.evaluate("document.querySelector('.list').clientHeight") >= 36


def test_large_text_scrolls_as_a_whole(page, origins, demo_site):
    """Where the frame is too low for its text, nothing is cut away: all of it can be scrolled to."""
    frame = framed(page, origins, demo_site, "de-ketting", 320, height=120)
    assert frame.evaluate("document.documentElement.scrollHeight") > 500
    assert frame.evaluate("document.documentElement.scrollWidth") == 320


def test_the_list_is_reached_and_scrolled_by_keyboard(page, origins, demo_site):
    """Tab leads to the heading, then to the named region, which End scrolls."""
    frame = framed(page, origins, demo_site, "de-ketting", 320)
    page.keyboard.press("Tab")
    expect(frame.locator(".heading")).to_be_focused()
    page.keyboard.press("Tab")
    region = frame.get_by_role("region", name="Beoordelingen over Fietsenwinkel De Ketting")
    expect(region).to_be_focused()
    expect(region).to_have_css("outline-style", "solid")
    page.keyboard.press("End")
    frame.wait_for_function("document.querySelector('.list').scrollTop > 100")


def test_links_are_large_enough_to_hit(page, origins, demo_site):
    """Every link is 24 pixels or more both ways."""
    frame = framed(page, origins, demo_site, "de-ketting", 320)
    links = frame.locator("a").all()
    assert len(links) == 12
    for link in links:
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a computed colour such as "rgb(28, 33, 38)"."""
    channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_stars_have_contrast(page, origins, demo_site, scheme):
    """4.5 to 1 for words, 3 to 1 for full stars, on the ground that the visitor's system asks for."""
    page.emulate_media(color_scheme=scheme)
    frame = framed(page, origins, demo_site, "spaak-en-velg", 320)
    ground = luminance(frame.locator("main").evaluate("card => getComputedStyle(card).backgroundColor"))
    assert (ground < 0.1) == (scheme == "dark")
    for name in (".heading", ".summary", ".date", ".by", ".more", ".status", ".demo", ".text", ".stars .full"):
        key = "fill" if "full" in name else "color"
        ink = luminance(frame.locator(name).first.evaluate(f"piece => getComputedStyle(piece).{key}"))
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= (3 if "full" in name else 4.5), name


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_embed_page_shows_each_thing_and_never_scrolls_sideways(page, origins, demo_site, width, language):
    """All pictures and the frame are drawn, texts wrap, and one click on a text selects all of it."""
    site = origins[1]
    for path in demo_site.joinpath("v1/de-ketting").glob("*.svg"):
        site.answers[f"/v1/de-ketting/{path.name}"] = ("image/svg+xml", path.read_text(encoding="utf-8"), {})
    name = f"/v1/de-ketting/frame.{language}.html"
    site.page(name, (demo_site / name[1:]).read_text(encoding="utf-8"))
    source = (demo_site / language / "de-ketting/embed/index.html").read_text(encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 4000})
    page.goto(site.page("/embed/", source))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("main img").evaluate_all("all => all.map(one => one.naturalWidth > 0)") == [True] * 4
    assert page.frame_locator("main iframe").locator("h1").count() == 1
    first = page.locator("pre").first
    first.click()
    assert page.evaluate("getSelection().toString().trim()") == first.inner_text().strip()
