"""The built pages in a real browser, full of hostile words: nothing runs or breaks out, everything can be read."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from urllib.parse import urlsplit

import made_content as made
import pytest
from built_site import BuiltSite, words

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 1280)
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# Runs before the page; Chromium lets it through every policy.
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.__refused.push(event.violatedDirective + " " + event.blockedURI));
"""
# What sticks out to the right of the window, by its class or element: the reader of a failure wants to know.
WIDER = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 5).map((e) => `${e.localName}.${e.className.baseVal ?? e.className}`).concat("wider") : []"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The hostile content, built."""
    return BuiltSite(made.build(tmp_path_factory.mktemp("hostile"), made.hostile()), "https://reviews.example.nl")


def pages_of(site):
    """One language's pages, and those of all languages."""
    return [path for path in site.pages if path.startswith(("nl/", "review/shop-3/")) or path.count("/") == 0]


def serve(site, origin, **headers):
    """Let `origin` answer with all files of a site."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for path in site.files:
        kind = KINDS.get("." + path.rpartition(".")[2])
        if kind:
            origin.answers["/" + path.removesuffix("index.html")] = (kind, site.text(path), named)
    origin.answers["/favicon.ico"] = ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", {})


class Watched:
    """A page in a context of its own, and all that it did which it shouldn't."""

    def __init__(self, browser, **settings):
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.noise, self.hosts = [], set()
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("dialog", lambda dialog: (self.noise.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.add_init_script(WATCH)

    def close(self):
        """Done with it."""
        self.context.close()


@pytest.fixture
def open_page(browser):
    """`open_page(**settings)`: a page that is watched."""
    opened = []

    def start(**settings):
        opened.append(Watched(browser, **settings))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def policy(site, path):
    """The strictest policy that a host could send: the page's own style sheet, images and frames from itself."""
    style = re.search("<style>(.*?)</style>", site.text(path), re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; frame-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def test_hostile_pages_run_nothing_and_ask_nobody(hostile, origins, open_page):
    """Every page opens without a dialog, error, script or request to another host, and keeps its title."""
    serve(hostile, origins[0])
    watched = open_page()
    for path in pages_of(hostile):
        watched.page.goto(f"{origins[0].url}/{path.removesuffix('index.html')}")
        assert watched.page.title() == " ".join(words(hostile.tree(path).find(".//title")).split()), path
        assert watched.page.locator("h1").count() == 1
        assert (path, watched.noise) == (path, [])
    assert watched.hosts == {urlsplit(origins[0].url).netloc}


def test_a_strict_policy_refuses_nothing_of_a_page(hostile, origins, open_page):
    """Under `default-src 'none'` with the hash of the one style sheet nothing is refused and the style holds."""
    serve(hostile, origins[0], Content_Security_Policy=policy(hostile, "nl/shop-0/index.html"))
    for path, (kind, data, _) in origins[0].answers.items():
        if "/frame." in path:
            origins[0].answers[path] = kind, data, {}  # frames have a policy of their own
    pages = [path for path in hostile.pages if not path.startswith("v1/")]
    assert {policy(hostile, path) for path in pages} == {policy(hostile, "nl/shop-0/index.html")}
    watched = open_page()
    for path in pages_of(hostile):
        watched.page.goto(f"{origins[0].url}/{path.removesuffix('index.html')}")
        assert (path, watched.page.evaluate("window.__refused"), watched.noise) == (path, [], [])
        assert watched.page.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_a_strict_policy_would_be_noticed(hostile, origins, open_page):
    """The test above sees a refusal: with another hash the sheet is refused."""
    wrong = policy(hostile, "nl/shop-0/index.html").replace("sha256-", "sha256-A")
    serve(hostile, origins[0], Content_Security_Policy=wrong)
    watched = open_page()
    watched.page.goto(f"{origins[0].url}/nl/")
    assert watched.page.evaluate("window.__refused") != []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(hostile, origins, open_page, width):
    """5,019 letters without a space, wide letters and all else stay inside, down to 320 pixels."""
    serve(hostile, origins[0])
    watched = open_page(viewport={"width": width, "height": 800})
    for path in pages_of(hostile):
        watched.page.goto(f"{origins[0].url}/{path.removesuffix('index.html')}")
        assert (path, watched.page.evaluate(WIDER)) == (path, [])


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_with_text_twice_as_large(hostile, origins, open_page, width):
    """Text at 200 per cent reflows (WCAG 1.4.4)."""
    serve(hostile, origins[0])
    watched = open_page(viewport={"width": width, "height": 800})
    for path in pages_of(hostile):
        watched.page.goto(f"{origins[0].url}/{path.removesuffix('index.html')}")
        watched.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert (path, watched.page.evaluate(WIDER)) == (path, [])


def test_direction_controls_in_a_name_do_not_turn_the_page(hostile, origins, open_page):
    """Beside a name full of overrides the page's own words still run from left to right."""
    serve(hostile, origins[0])
    watched = open_page(viewport={"width": 1280, "height": 800})
    number = next(n for n, line in enumerate(made.LINES) if "\u202e" in line)
    watched.page.goto(f"{origins[0].url}/nl/shop-{number}/")
    # The x of each character of the first plain sentence after the name, as drawn.
    xs = watched.page.evaluate("""() => {
      const node = document.querySelector(".keys li a[href='#contact']").firstChild, range = document.createRange();
      return [...node.data].map((_, i) => {
        range.setStart(node, i); range.setEnd(node, i + 1);
        return range.getBoundingClientRect().left;
      });
    }""")
    assert xs == sorted(xs)
    assert watched.page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "ltr"


def test_open_isolates_in_a_name_do_not_move_what_stands_behind_it(hostile, origins, open_page):
    """Author, place and date keep their order on a line, whatever direction controls are in the names."""
    serve(hostile, origins[0])
    watched = open_page(viewport={"width": 1280, "height": 800})
    for number in range(len(made.LINES)):
        watched.page.goto(f"{origins[0].url}/nl/shop-{number}/")
        moved = watched.page.evaluate("""() => [...document.querySelectorAll(".who")].filter((line) => {
          const date = line.querySelector(".when").getBoundingClientRect();
          return [...line.querySelectorAll("bdi")].some((name) => [...name.getClientRects()].some(
            (part) => part.top < date.bottom && part.bottom > date.top && part.right > date.left + 1));
        }).length""")
        assert (number, moved) == (number, 0)


def test_pages_are_read_without_javascript(hostile, origins, open_page):
    """With JavaScript off, score, reviews, tombstones and contact are all there and visible."""
    serve(hostile, origins[0])
    watched = open_page(java_script_enabled=False)
    watched.page.goto(f"{origins[0].url}/nl/shop-0/")
    assert watched.page.locator("article").count() == 20
    for selector in (".score .big", ".stars", "article .mark", "article .text", "#account table", "#contact", "footer"):
        assert watched.page.locator(f"{selector} >> visible=true").count() > 0, selector
    watched.page.get_by_role("link", name="Oudere beoordelingen").click()
    assert "/nl/shop-0/page/" in watched.page.url


def test_the_keyboard_reaches_every_link(hostile, origins, open_page):
    """Tab goes through all links in the order of the page, first the one that skips to the content; focus is seen."""
    serve(hostile, origins[0])
    watched = open_page()
    watched.page.goto(f"{origins[0].url}/nl/shop-2/")
    links = watched.page.evaluate("[...document.links].map((link) => link.href)")
    met, outlines = [], set()
    for _ in links:
        watched.page.keyboard.press("Tab")
        met.append(watched.page.evaluate("document.activeElement.href"))
        outlines.add(watched.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert met == links
    assert met[0].endswith("#main")
    assert outlines == {"solid"}


def snippet(content, slug):
    """What `vijf snippet` prints."""
    command = [sys.executable, "-m", "vijf", "snippet", slug, "--content", str(content)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return done.stdout


@pytest.mark.parametrize(
    ("content", "slug"), [(made.everything, "veel"), (made.everything, "vier"), (made.hostile, "shop-3")]
)
def test_the_pasted_snippet_shows_the_shop_on_a_page_of_another_host(origins, open_page, tmp_path, content, slug):
    """The printed snippet with the built script fills its card across origins: heading, score or none, reviews."""
    shop, reviews = origins
    site = BuiltSite(made.build(tmp_path, content(url=reviews.url)), reviews.url)
    serve(site, reviews)
    data = site.widget(f"v1/{slug}/widget.nl.js")
    watched = open_page()
    body = snippet(tmp_path / "content", slug)
    shop.page("/favicon.ico", "")
    watched.page.goto(shop.page("/", f"<!doctype html><html lang=nl><title>Winkel</title><h1>Winkel</h1>{body}</html>"))
    card = watched.page.locator("vijf-reviews >> .card")
    card.wait_for()
    assert card.locator(".heading").inner_text().split() == data["heading"].split()
    assert card.locator(".summary").inner_text().split() == data["summary"].split()
    assert card.locator("article").count() == len(data["reviews"])
    assert card.locator(".score").count() == (1 if data["score"] else 0)
    assert [card.locator(".score-number").inner_text()] == [data["score"]["text"]] if data["score"] else True
    assert card.locator(".more").get_attribute("href") == f"{reviews.url}/nl/{slug}/"
    assert watched.page.title() == "Winkel"
    assert watched.noise == []
    assert reviews.asked == [f"/v1/{slug}/widget.nl.js"]
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
