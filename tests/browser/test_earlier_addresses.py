"""What a shop pasted before it was renamed, in a real browser, from a site that is really built and served."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

KINDS = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}


@pytest.fixture
def renamed(content, run, tmp_path, origins):
    """A shop with earlier slugs on a site that is served; gives the page of another origin and the site's."""
    shop, reviews = origins
    content.site(url=reviews.url)
    content.shop("nieuw", 7, name="Nieuwe Naam", formerly=["eerst", "daarna"])
    assert run("build").code == 0
    site = tmp_path / "site"
    for file in site.rglob("*"):
        if file.is_file() and file.suffix in KINDS:
            path = "/" + file.relative_to(site).as_posix().removesuffix("index.html")
            reviews.answers[path] = (KINDS[file.suffix], file.read_text(encoding="utf-8"), {})
    return shop, reviews


@pytest.mark.parametrize("earlier", ["eerst", "daarna"])
def test_a_snippet_with_an_earlier_slug_shows_the_shop(browser, renamed, run, earlier):
    """The printed snippet with the slug that the shop once had shows the card under the present name."""
    shop, reviews = renamed
    pasted = run("snippet", "nieuw").out.replace("/nieuw/", f"/{earlier}/").replace('"nieuw"', f'"{earlier}"')
    assert "nieuw" not in re.sub("Nieuwe Naam", "", pasted)
    page = browser.new_page()
    try:
        page.goto(shop.page("/", f"<!doctype html><html lang=nl><title>x</title><body>{pasted}"))
        expect(page.locator("vijf-reviews >> .card")).to_be_visible()
        expect(page.locator("vijf-reviews >> .heading")).to_contain_text("Nieuwe Naam")
        expect(page.locator("vijf-reviews >> .review")).to_have_count(7)
        links = page.locator("vijf-reviews >> .card a").evaluate_all("all => all.map((a) => a.href)")
        assert links
        assert [link for link in links if not link.startswith(f"{reviews.url}/nl/nieuw/")] == []
    finally:
        page.close()


def test_a_badge_with_an_earlier_slug_is_drawn(browser, renamed):
    """An image that a shop placed long ago still loads, from another origin."""
    shop, reviews = renamed
    page = browser.new_page()
    try:
        image = f'<img src="{reviews.url}/v1/eerst/badge.nl.svg" alt="x">'
        page.goto(shop.page("/", f"<!doctype html><html lang=nl><title>x</title><body>{image}"), wait_until="load")
        assert page.locator("img").evaluate("image => image.naturalWidth") > 100
    finally:
        page.close()


@pytest.mark.parametrize("path", ["nl/{}/", "nl/{}/page/1/", "review/{}/"])
def test_a_visitor_with_an_earlier_address_arrives(browser, renamed, path):
    """A bookmark, a link to a review and a printed code end at the present address, its fragment kept."""
    _, reviews = renamed
    page = browser.new_page()
    try:
        page.goto(f"{reviews.url}/{path.format('eerst')}")
        page.wait_for_url(f"{reviews.url}/{path.format('nieuw')}**")
        expect(page.locator("h1")).to_contain_text("Nieuwe Naam")
    finally:
        page.close()
