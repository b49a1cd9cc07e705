"""The pinned element on the pages of shops: fixed by its digest, with its data in a file of their own.

Page, script and data come from two origins, with the headers that a host has to send. The script is the newest
kept one; where a test needs an older one-request script, it takes the hook out of the present one.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "builder/vijf/render/static"
NEWEST = json.loads((STATIC / "released/index.json").read_text(encoding="utf-8"))[-1]
PINNED = (STATIC / "released" / NEWEST["file"]).read_text(encoding="ascii")
WIDGET = (STATIC / "widget.js").read_text(encoding="ascii")
SAMPLE = json.loads((ROOT / "widget/test/de-ketting.json").read_text(encoding="utf-8"))
SCRIPT = f"/v1/{NEWEST['file']}"
DATA = "/v1/de-ketting/widget.nl.json"
ONE_REQUEST = "/v1/de-ketting/widget.nl.js"
CARD = "vijf-reviews >> .card"
CORS = {"Access-Control-Allow-Origin": "*"}
METER = """
window.__shift = 0; window.__refused = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.__shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(event.violatedDirective));
"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def data(**changes) -> str:
    return json.dumps({**copy.deepcopy(SAMPLE), **changes})


def element(reviews, slug="de-ketting", path=DATA) -> str:
    return (
        f'<vijf-reviews shop="{slug}" variant="card" src="{reviews.url}{path}">'
        f'<a rel="nofollow" href="{SAMPLE["url"]}">'
        '<svg display="block" width="100%" height="260" role="img" aria-label="Beoordelingen">'
        '<text x="16" y="32">Beoordelingen</text></svg></a></vijf-reviews>'
    )


def tag(reviews, integrity=NEWEST["integrity"]) -> str:
    return (
        f'<script async src="{reviews.url}{SCRIPT}" integrity="{integrity}" crossorigin="anonymous" '
        'referrerpolicy="no-referrer"></script>'
    )


def one_request(reviews) -> str:
    return f'<script async src="{reviews.url}{ONE_REQUEST}" referrerpolicy="no-referrer"></script>'


def html(body: str) -> str:
    return f'<!doctype html><html lang="nl"><head><title>Shop</title></head><body>{body}</body></html>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; an uncaught error fails the test."""
    context = browser.new_context(viewport={"width": 768, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(METER)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def shop(origins):
    """The shop's own web server."""
    origins[0].page("/favicon.ico", "")
    return origins[0]


@pytest.fixture
def reviews(origins):
    """The web server of the reviews: both scripts, and the data."""
    origin = origins[1]
    origin.answers[SCRIPT] = ("text/javascript", PINNED, CORS)
    origin.answers[DATA] = ("application/json", data(), CORS)
    origin.script(ONE_REQUEST, WIDGET.replace('"@VIJF_DATA@"', json.dumps(SAMPLE)))
    return origin


def visit(page: Page, shop, body: str, **headers: str) -> None:
    page.goto(shop.page("/", html(body), **headers))


def settled(page: Page, reviews, asked: int) -> None:
    """Wait until the reviews' host was asked that often, and the page has had time to draw."""
    for _ in range(200):
        if len(reviews.asked) >= asked:
            break
        page.wait_for_timeout(10)
    page.wait_for_load_state("networkidle")
    page.evaluate(TWO_FRAMES)


def test_under_the_strictest_policy_the_digest_fits_and_nothing_is_refused(page, shop, reviews):
    """With SRI, a policy for scripts and data of one host and Trusted Types, the card is complete and styled."""
    policy = (
        f"default-src 'none'; script-src {reviews.url}; connect-src {reviews.url}; style-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    visit(page, shop, element(reviews) + tag(reviews), Content_Security_Policy=policy)
    expect(page.locator(CARD)).to_have_css("border-top-left-radius", "12px")
    expect(page.locator("vijf-reviews >> .review")).to_have_count(10)
    assert page.evaluate("window.__refused") == []
    assert reviews.asked == [SCRIPT, DATA]


@pytest.mark.parametrize("width", [320, 412, 768, 1200])
def test_nothing_moves_when_script_and_data_arrive_late(page, shop, reviews, width):
    """Between first paint, script, data and card no element on the page changes its place."""
    for path in (SCRIPT, DATA):
        reviews.gates[path] = threading.Event()
    page.set_viewport_size({"width": width, "height": 900})
    body = f"<p>Over</p>{element(reviews)}<p>Onder</p>" + tag(reviews)
    page.goto(shop.page("/", html(body)), wait_until="domcontentloaded")
    for path in (SCRIPT, DATA):
        page.evaluate(TWO_FRAMES)
        reviews.gates[path].set()
        page.wait_for_timeout(50)
    expect(page.locator(CARD)).to_be_visible()
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("window.__shift") == 0


def test_a_wrong_digest_leaves_the_fallback(page, shop, reviews):
    """A script that isn't the one that was pinned never runs, and no data are asked for."""
    reviews.answers[SCRIPT] = ("text/javascript", PINNED + " ", CORS)
    visit(page, shop, element(reviews) + tag(reviews))
    settled(page, reviews, 1)
    assert page.evaluate("customElements.get('vijf-reviews') === undefined")
    expect(page.locator("vijf-reviews svg")).to_be_visible()
    assert reviews.asked == [SCRIPT]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ("application/json", "{", CORS),
        ("application/json", "null", CORS),
        ("application/json", data(v=2), CORS),
        ("application/json", data(), {}),
        ("text/html", "<h1>500</h1>", CORS),
    ],
    ids=["missing", "cut", "null", "newer", "no-cors", "page"],
)
def test_data_that_fail_leave_the_fallback(page, shop, reviews, answer):
    """Whatever is wrong with the data, the link in the snippet stays, no error escapes and nothing moves."""
    del reviews.answers[DATA]
    if answer:
        reviews.answers[DATA] = answer
    visit(page, shop, f"<p>Over</p>{element(reviews)}<p>Onder</p>" + tag(reviews))
    settled(page, reviews, 2)
    expect(page.locator("vijf-reviews svg")).to_be_visible()
    assert page.locator("vijf-reviews").evaluate("element => element.shadowRoot") is None
    assert page.evaluate("window.__shift") == 0
    assert reviews.asked == [SCRIPT, DATA]


@pytest.mark.parametrize("src", ["javascript:document.title='ran'", "data:application/json,{}", "/data.json", ""])
def test_only_web_addresses_are_asked(page, shop, reviews, src):
    """Another kind of `src`, or none, is not fetched and breaks nothing."""
    body = element(reviews).replace(f'src="{reviews.url}{DATA}"', f'src="{src}"') + tag(reviews)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, shop, body)
    settled(page, reviews, 1)
    assert asked == [shop.url + "/", reviews.url + SCRIPT]
    assert page.title() == "Shop"
    expect(page.locator("vijf-reviews svg")).to_be_visible()


def test_pasted_twice_each_address_is_asked_once(page, shop, reviews):
    """Three snippets, scripts and all: three cards, one request for the script and one for the data."""
    visit(page, shop, (element(reviews) + tag(reviews)) * 3)
    expect(page.locator(CARD)).to_have_count(3)
    settled(page, reviews, 2)
    assert sorted(reviews.asked) == sorted([SCRIPT, DATA])


def test_two_shops_share_a_page(page, shop, reviews):
    """Each element gets the data of its own address."""
    reviews.answers["/b.json"] = ("application/json", data(shop="b", formerly=[], heading="Over b"), CORS)
    visit(page, shop, element(reviews) + element(reviews, "b", "/b.json") + tag(reviews))
    expect(page.locator("vijf-reviews >> .heading")).to_have_text([SAMPLE["heading"], "Over b"])


@pytest.mark.parametrize("first", [SCRIPT, ONE_REQUEST])
def test_with_the_one_request_script_on_one_page_in_either_order(page, shop, reviews, first):
    """Both kinds of snippet on one page, of one shop and of two: all become cards, whichever script comes first."""
    reviews.answers["/b.json"] = ("application/json", data(shop="b", formerly=[], heading="Over b"), CORS)
    second = ONE_REQUEST if first == SCRIPT else SCRIPT
    reviews.gates[second] = threading.Event()
    plain = element(reviews).replace(f' src="{reviews.url}{DATA}"', "")
    body = plain + element(reviews) + element(reviews, "b", "/b.json") + tag(reviews) + one_request(reviews)
    page.goto(shop.page("/", html(body)), wait_until="domcontentloaded")
    page.wait_for_function("!!customElements.get('vijf-reviews')")
    reviews.gates[second].set()
    expect(page.locator("vijf-reviews >> .heading")).to_have_text([SAMPLE["heading"]] * 2 + ["Over b"])
    page.evaluate("snippet => document.body.insertAdjacentHTML('beforeend', snippet)", element(reviews, "b", "/b.json"))
    expect(page.locator(CARD)).to_have_count(4)
    assert reviews.asked.count("/b.json") == 1


def test_a_class_of_an_older_one_request_script_is_not_broken(page, shop, reviews):
    """Where an older script, without the hook, has registered the element, both snippets still become cards."""
    older = WIDGET.replace("bringBy", "unknown")
    assert older != WIDGET
    reviews.script(ONE_REQUEST, older.replace('"@VIJF_DATA@"', json.dumps(SAMPLE)))
    reviews.answers["/b.json"] = ("application/json", data(shop="b", formerly=[], heading="Over b"), CORS)
    visit(page, shop, element(reviews) + element(reviews, "b", "/b.json") + one_request(reviews))
    expect(page.locator(CARD)).to_have_count(1)
    page.add_script_tag(url=reviews.url + SCRIPT)
    expect(page.locator("vijf-reviews >> .heading")).to_have_text([SAMPLE["heading"], "Over b"])


def test_a_foreign_element_of_the_same_name_is_left_alone(page, shop, reviews):
    """Where the page has registered the name itself, the script does nothing and asks for nothing."""
    own = "<script>customElements.define('vijf-reviews', class extends HTMLElement {})</script>"
    visit(page, shop, own + element(reviews) + tag(reviews))
    settled(page, reviews, 1)
    expect(page.locator("vijf-reviews svg")).to_be_visible()
    assert reviews.asked == [SCRIPT]


def test_elements_created_moved_and_changed_later_work(page, shop, reviews):
    """Created by script, address set last, in a shadow root, moved elsewhere: each time there is a card."""
    visit(page, shop, "<main></main><aside></aside>" + tag(reviews))
    page.wait_for_function("!!customElements.get('vijf-reviews')")
    page.evaluate(
        """address => {
          const late = document.createElement("vijf-reviews");
          late.setAttribute("shop", "de-ketting");
          document.querySelector("main").append(late);
          late.setAttribute("src", address);
        }""",
        reviews.url + DATA,
    )
    expect(page.locator("main").locator(CARD)).to_be_visible()
    page.evaluate("document.querySelector('aside').append(document.querySelector('vijf-reviews'))")
    expect(page.locator("aside").locator(CARD)).to_be_visible()
    page.evaluate(
        "snippet => { document.querySelector('main').attachShadow({ mode: 'open' }).innerHTML = snippet }",
        element(reviews),
    )
    expect(page.locator(CARD)).to_have_count(2)
    assert reviews.asked == [SCRIPT, DATA]


def test_the_request_for_data_tells_nothing_of_visitor_and_page(page, shop, reviews):
    """No cookie goes along, though the host once set one, and no address of the page."""
    page.context.add_cookies([{"name": "visitor", "value": "1", "url": reviews.url}])
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))  # a built-in can't be a handler
    visit(page, shop, element(reviews) + tag(reviews))
    expect(page.locator(CARD)).to_be_visible()
    asked = [request for request in sent if request.url.startswith(reviews.url)]
    assert len(asked) == 2
    for request in asked:
        headers = request.all_headers()
        assert not {"cookie", "referer"} & set(headers)
        assert headers.get("origin") in (None, shop.url)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
