"""The embedded card on the pages of shops: its place, its manners, its honesty.

The script comes from another origin than the page, as it does for shops. Each test builds its page around
the snippet that shops are given; only the host names in it are those of the local servers.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
BUILT = (ROOT / "builder/vijf/render/static/widget.js").read_text(encoding="ascii")
SAMPLE = json.loads((ROOT / "widget/test/de-ketting.json").read_text(encoding="utf-8"))
SCRIPT = "/v1/de-ketting/widget.nl.js"
WIDTHS = (320, 412, 768, 1200)
CARD = "vijf-reviews >> .card"

ELEMENT = (
    '<vijf-reviews shop="de-ketting" variant="card"><a rel="nofollow" href="https://reviews.example.nl/nl/de-ketting/">'
    '<svg display="block" width="100%" height="260" role="img" aria-label="Beoordelingen van De Ketting">'
    '<text x="16" y="32" fill="currentColor" text-decoration="underline">'
    "Beoordelingen van De Ketting</text></svg></a></vijf-reviews>"
)
BELOW_FIVE = {
    "score": None,
    "summary": "Nog geen score: 3 beoordelingen",
    "explain": "Vanaf 5 tonen wij een score",
    "reviews": SAMPLE["reviews"][2:5],
}
NONE_YET = {"score": None, "summary": "Nog geen score", "none": "Nog geen beoordelingen", "reviews": []}
LEFT = {"status": "Geen lid meer sinds 1 mei 2026", "demo": "Demo-inhoud"}
UNBROKEN = "x" * 20_000
HOSTILE = (
    "<img src=x onerror=\"document.title='ran'\"></script><script>document.title='ran'</script>"
    "\u2028\u2029\u202etxet desrever\u2066 ${document.title='ran'} '\"`\\ \U0001f600 \0"
)

# Runs before the page: adds up layout shifts and notes what policies refuse.
METER = """
window.__shift = 0; window.__refused = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.__shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(event.violatedDirective));
"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def script(**changes) -> str:
    """The script of a shop: the built file with the sample's data in it, changed as the test wants."""
    data = {**copy.deepcopy(SAMPLE), **changes}
    return BUILT.replace('"@VIJF_DATA@"', json.dumps(data, ensure_ascii=True))


def tag(origin, path=SCRIPT) -> str:
    return f'<script async src="{origin.url}{path}" referrerpolicy="no-referrer"></script>'


def html(body: str, *, head: str = "", doctype: str = "<!doctype html>") -> str:
    return f'{doctype}<html lang="nl"><head><title>Shop</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; an uncaught error or a word on the console fails the test.

    What Chromium itself says of a failed request is let through: tests make scripts fail on purpose.
    """
    context = browser.new_context(viewport={"width": 768, "height": 900})
    page = context.new_page()
    noise: list[str] = []
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("console", lambda message: noise.append(message.text))
    yield page
    context.close()
    assert [text for text in noise if not text.startswith("Failed to load resource")] == []


@pytest.fixture
def shop(origins):
    """The shop's own web server."""
    origins[0].page("/favicon.ico", "")
    return origins[0]


@pytest.fixture
def reviews(origins):
    """The web server of the reviews, with the sample's script."""
    origins[1].script(SCRIPT, script())
    return origins[1]


def visit(page: Page, shop, body: str, **parts) -> None:
    page.goto(shop.page("/", html(body, **parts)))


def box(page: Page, selector: str) -> tuple[float, float]:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found["width"], found["height"]


def visit_with_late_script(page: Page, shop, reviews, body: str, width: int) -> float:
    """Open a page whose script arrives after the first paint; gives the layout shift of all that."""
    reviews.gates[SCRIPT] = threading.Event()
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(METER)
    page.goto(shop.page("/", html(body)), wait_until="domcontentloaded")
    page.evaluate(TWO_FRAMES)
    reviews.gates[SCRIPT].set()
    page.wait_for_load_state("load")
    page.evaluate(TWO_FRAMES)
    shift: float = page.evaluate("window.__shift")
    return shift


# Its place on the page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("around", ["<p>Over ons</p>{}<p>Onder</p>", "<p>Wij <b>{}</b> zijn</p><p>Onder</p>"])
def test_nothing_moves_when_the_card_arrives(page, shop, reviews, width, around):
    """Between first paint and card no element on the page changes its place, at any width."""
    assert visit_with_late_script(page, shop, reviews, around.format(ELEMENT) + tag(reviews), width) == 0
    expect(page.locator(CARD)).to_be_visible()


@pytest.mark.parametrize(
    "style", ["display:flex", "display:flex;flex-direction:column;align-items:center", "display:grid", "float:left"]
)
def test_nothing_moves_in_containers_that_ask_for_the_width_of_their_content(page, shop, reviews, style):
    """Beside other content in flex rows, centred columns, grids and floats the card is as wide as its fallback was."""
    body = f'<div style="{style}"><p>Links</p>{ELEMENT}<p>Rechts</p></div><p>Onder</p>' + tag(reviews)
    assert visit_with_late_script(page, shop, reviews, body, 768) == 0
    expect(page.locator(CARD)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("fault", ["404", "blocked"])
def test_nothing_moves_when_the_script_fails(page, shop, reviews, width, fault):
    """Without its script the element keeps the place and shows its link."""

    def block(route: Route) -> None:
        route.abort()

    if fault == "404":
        del reviews.answers[SCRIPT]
    else:
        page.route("**" + SCRIPT, block)
    assert visit_with_late_script(page, shop, reviews, f"<p>Over</p>{ELEMENT}<p>Onder</p>" + tag(reviews), width) == 0
    assert box(page, "vijf-reviews svg") == (width - 16, 260)
    assert page.locator("vijf-reviews").evaluate("element => element.shadowRoot") is None


def test_the_meter_sees_a_shift_where_the_snippet_reserves_no_place(page, shop, reviews):
    """The control for the tests above: an element without its svg does push the page down."""
    body = '<p>Over</p><vijf-reviews shop="de-ketting"></vijf-reviews><p>Onder</p>' + tag(reviews)
    assert visit_with_late_script(page, shop, reviews, body, 412) > 0


@pytest.mark.parametrize("state", [{}, BELOW_FIVE, NONE_YET, LEFT], ids=["score", "below-five", "none", "left"])
@pytest.mark.parametrize("width", [240, 320, 768, 1200])
@pytest.mark.parametrize("text", ["100%", "200%"])
def test_the_card_is_always_260_high_and_as_wide_as_its_container(page, shop, reviews, state, width, text):
    """Whatever it says and however large its text: 260 px high, the container's width, no sideways scrolling."""
    reviews.script(SCRIPT, script(**state))
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, shop, ELEMENT + tag(reviews), head=f"<style>html{{font-size:{text}}}body{{margin:0}}</style>")
    assert box(page, CARD) == (width, 260)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wider = """card => [card, ...card.querySelectorAll("div, article, p, a")]
        .filter(piece => piece.scrollWidth > piece.clientWidth && getComputedStyle(piece).display !== "inline")
        .map(piece => piece.className)"""
    assert page.locator(CARD).evaluate(wider) == []


# Its manners


def test_three_widgets_cost_one_request_and_leave_nothing_behind(page, shop, reviews):
    """One request to the reviews' host; no cookie, storage or global; the page's own title stays."""
    names = "Object.getOwnPropertyNames(window).sort()"
    visit(page, shop, ELEMENT * 3)
    before = page.evaluate(names)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, shop, ELEMENT * 3 + tag(reviews))
    expect(page.locator(CARD)).to_have_count(3)
    assert reviews.asked == [SCRIPT]
    assert asked == [shop.url + "/", reviews.url + SCRIPT]
    assert page.evaluate(names) == before
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.title() == "Shop"
    assert page.locator("head *").count() == 1
    assert page.locator("script").count() == 1


def test_a_strict_policy_with_trusted_types_refuses_nothing(page, shop, reviews):
    """Under the strictest policy that lets its script in, the card is complete, styled and without a violation."""
    policy = (
        f"default-src 'none'; script-src {reviews.url}; style-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page.add_init_script(METER)
    page.goto(shop.page("/", html(ELEMENT + tag(reviews)), Content_Security_Policy=policy))
    expect(page.locator(CARD)).to_have_css("border-top-left-radius", "12px")
    expect(page.locator("vijf-reviews >> .review")).to_have_count(10)
    assert box(page, CARD)[1] == 260
    assert page.evaluate("window.__refused") == []


def test_pasted_twice_it_is_there_twice(page, shop, reviews):
    """The snippet twice, script and all: two cards, no error, and what is being read isn't replaced."""
    reviews.script("/again.js", script())
    reviews.gates["/again.js"] = threading.Event()
    body = (ELEMENT + tag(reviews)) * 2 + tag(reviews, "/again.js")
    page.goto(shop.page("/", html(body)), wait_until="domcontentloaded")
    expect(page.locator(CARD)).to_have_count(2)
    page.locator("vijf-reviews >> .list").first.evaluate("list => { list.scrollTop = 50 }")
    reviews.gates["/again.js"].set()
    page.wait_for_load_state("load")
    assert page.locator("vijf-reviews >> .list").first.evaluate("list => list.scrollTop") == 50


@pytest.mark.parametrize("first", ["a", "b"])
def test_two_shops_share_a_page_in_either_order(page, shop, reviews, first):
    """Each element gets its own shop's data, whichever script comes first."""
    for slug in "ab":
        reviews.script(f"/{slug}.js", script(shop=slug, formerly=[], heading=f"Beoordelingen van {slug}"))
        reviews.gates[f"/{slug}.js"] = threading.Event()
    body = "".join(
        ELEMENT.replace('shop="de-ketting"', f'shop="{slug}"') + tag(reviews, f"/{slug}.js") for slug in "ab"
    )
    page.goto(shop.page("/", html(body)), wait_until="domcontentloaded")
    reviews.gates[f"/{first}.js"].set()
    expect(page.locator(CARD)).to_have_count(1)
    for gate in reviews.gates.values():
        gate.set()
    page.wait_for_load_state("load")
    headings = page.locator("vijf-reviews >> .heading")
    expect(headings).to_have_text(["Beoordelingen van a", "Beoordelingen van b"])


def test_an_earlier_slug_in_a_snippet_still_answers(page, shop, reviews):
    """A snippet pasted before the shop was renamed shows the shop under its present name."""
    visit(page, shop, ELEMENT.replace('shop="de-ketting"', 'shop="ketting-fietsen"') + tag(reviews))
    expect(page.locator("vijf-reviews >> .heading")).to_have_text("Beoordelingen van De Ketting")


def test_elements_created_moved_and_removed_later_work(page, shop, reviews):
    """A single-page application may create the element late, move it, take it away and bring it back."""
    visit(page, shop, '<main></main><aside></aside><iframe srcdoc="<p>"></iframe>' + tag(reviews))
    page.evaluate("snippet => { document.querySelector('main').innerHTML = snippet }", ELEMENT)
    expect(page.locator(CARD)).to_be_visible()
    page.evaluate("document.querySelector('aside').append(document.querySelector('vijf-reviews'))")
    expect(page.locator("aside").locator(CARD)).to_be_visible()
    page.evaluate("window.kept = document.querySelector('vijf-reviews'); kept.remove(); document.body.append(kept)")
    expect(page.locator(CARD)).to_have_css("border-top-left-radius", "12px")
    page.evaluate("document.querySelector('iframe').contentDocument.body.append(kept)")
    expect(page.frame_locator("iframe").locator(CARD)).to_have_css("border-top-left-radius", "12px")


def test_another_shop_attribute_shows_that_shop_or_the_fallback(page, shop, reviews):
    """Changing `shop` shows the other shop's data at once; without data, the fallback in full size again."""
    reviews.script("/b.js", script(shop="b", formerly=[], heading="Beoordelingen van b"))
    visit(page, shop, ELEMENT + tag(reviews) + tag(reviews, "/b.js"))
    heading = page.locator("vijf-reviews >> .heading")
    set_shop = "slug => document.querySelector('vijf-reviews').setAttribute('shop', slug)"
    page.evaluate(set_shop, "b")
    expect(heading).to_have_text("Beoordelingen van b")
    page.evaluate(set_shop, "unknown")
    expect(heading).to_have_count(0)
    expect(page.locator("vijf-reviews svg text")).to_be_visible()
    assert box(page, "vijf-reviews svg")[1] == 260
    page.evaluate(set_shop, "de-ketting")
    expect(heading).to_have_text("Beoordelingen van De Ketting")


def test_inside_another_shadow_root_it_works(page, shop, reviews):
    """An element in a shadow root of the page, there before the script, becomes a card too."""
    visit(page, shop, "<div></div>")
    page.evaluate(
        "snippet => { document.querySelector('div').attachShadow({ mode: 'open' }).innerHTML = snippet }", ELEMENT
    )
    page.add_script_tag(url=reviews.url + SCRIPT)
    expect(page.locator(CARD)).to_have_css("border-top-left-radius", "12px")


@pytest.mark.parametrize(
    "parts",
    [{"head": '<base href="https://elsewhere.example/deep/" target="_self">'}, {"doctype": ""}],
    ids=["base", "quirks"],
)
def test_base_elements_and_quirks_mode_change_nothing(page, shop, reviews, parts):
    """Under <base> and without a doctype the card has its size, its stars and its addresses."""
    visit(page, shop, ELEMENT + tag(reviews), **parts)
    assert box(page, CARD) == (752, 260)
    assert box(page, "vijf-reviews >> .head .stars")[0] > 60
    assert box(page, "vijf-reviews >> .head .stars svg path")[0] > 60
    assert page.locator("vijf-reviews >> .more").evaluate("link => link.href") == SAMPLE["url"]


def test_hostile_rules_of_the_page_reach_nothing_inside(page, shop, reviews):
    """Rules for everything, even important ones, and odd inherited text styles leave the card as it is."""
    hostile = (
        "* { all: unset !important } vijf-reviews { display: inline } "
        "body { text-transform: uppercase !important; letter-spacing: 1em !important; white-space: nowrap !important; "
        "text-align: right !important; text-indent: 5em !important; line-height: 5 !important; display: block }"
    )
    looks = """card => [card.offsetHeight, ...["textTransform", "letterSpacing", "whiteSpace", "textAlign",
        "textIndent", "lineHeight", "borderTopWidth", "color"].map(name => getComputedStyle(card)[name])]"""
    visit(page, shop, ELEMENT + tag(reviews))
    calm = page.locator(CARD).evaluate(looks)
    visit(page, shop, ELEMENT + tag(reviews), head=f"<style>{hostile}</style>")
    assert page.locator(CARD).evaluate(looks) == calm


def test_what_the_page_hides_stays_hidden(page, shop, reviews):
    """`hidden`, `display: none` and `visibility: hidden` on the element or around it hide the card."""
    for attribute in ("hidden", 'style="display:none"', 'style="visibility:hidden"'):
        visit(page, shop, f"<div {attribute}>{ELEMENT}</div>" + tag(reviews))
        expect(page.locator(CARD)).to_have_count(1)
        expect(page.locator(CARD)).to_be_hidden()


def test_it_uses_the_shops_font(page, shop, reviews):
    """The card takes over the font of the place where it stands."""
    visit(page, shop, ELEMENT + tag(reviews), head="<style>body{font-family:Georgia,serif}</style>")
    expect(page.locator("vijf-reviews >> .text").first).to_have_css("font-family", "Georgia, serif")


def test_a_foreign_element_of_the_same_name_is_left_alone(page, shop, reviews):
    """Where the page has registered the name itself, the script does nothing and breaks nothing."""
    own = "<script>customElements.define('vijf-reviews', class extends HTMLElement {})</script>"
    visit(page, shop, own + ELEMENT + tag(reviews))
    assert reviews.asked == [SCRIPT]
    expect(page.locator("vijf-reviews svg text")).to_be_visible()
    expect(page.locator(CARD)).to_have_count(0)


def test_tampered_prototypes_do_not_break_it(page, shop, reviews):
    """Old libraries extend Array and Object, and forms can hide the document's methods; the card still comes."""
    old = "<script>Array.prototype.each = Object.prototype.each = Array.from = () => { throw 1 }</script>"
    visit(
        page, shop, old + "<form name=createElementNS></form><form name=createElement></form>" + ELEMENT + tag(reviews)
    )
    expect(page.locator("vijf-reviews >> .review")).to_have_count(10)


def test_inside_a_form_nothing_submits(page, shop, reviews):
    """The card holds nothing that belongs to the form around it."""
    visit(page, shop, f"<form>{ELEMENT}</form>" + tag(reviews))
    expect(page.locator("form").locator(CARD)).to_be_visible()
    assert page.evaluate("document.forms[0].elements.length") == 0
    assert page.locator("vijf-reviews >> button, input").count() == 0


def test_going_away_and_back_finds_the_card_again(page, shop, reviews):
    """The browser's Back, from its cache of pages or not, leads to a page with its card."""
    visit(page, shop, ELEMENT + tag(reviews))
    page.goto(shop.page("/other", html("<p>Anders</p>")))
    page.go_back()
    expect(page.locator(CARD)).to_be_visible()


# Its honesty


@pytest.mark.parametrize(
    "changes", [{"v": 2}, {"v": None}, {"score": {"text": "9,9"}}, {"reviews": "many"}, {"url": "javascript:alert(1)"}]
)
def test_data_it_cannot_show_truthfully_leave_the_fallback(page, shop, reviews, changes):
    """Newer or malformed data neither break the page nor show half of what they say."""
    reviews.script(SCRIPT, script(**changes))
    visit(page, shop, ELEMENT + tag(reviews))
    assert page.evaluate("typeof customElements.get('vijf-reviews')") == "function"
    expect(page.locator("vijf-reviews svg text")).to_be_visible()
    expect(page.locator(CARD)).to_have_count(0)


@pytest.mark.parametrize("state", [BELOW_FIVE, NONE_YET], ids=["three", "none"])
def test_below_five_there_is_no_digit_or_star_of_a_score(page, shop, reviews, state):
    """Without a score the head holds its words and nothing that looks like a mark."""
    reviews.script(SCRIPT, script(**state))
    visit(page, shop, ELEMENT + tag(reviews))
    head = page.locator("vijf-reviews >> .head")
    assert head.locator("svg, .score, .score-number").count() == 0
    words = [SAMPLE["heading"], state["summary"], state.get("explain", "")]
    assert head.evaluate("head => [...head.children].map(child => child.textContent)") == [w for w in words if w]
    outside = page.locator("vijf-reviews >> .card > :not(.list)").evaluate_all("parts => parts.map(p => p.outerHTML)")
    assert "8,7" not in "".join(outside)
    if state is NONE_YET:
        expect(page.locator("vijf-reviews >> .list")).to_have_text("Nog geen beoordelingen")


def test_the_score_is_said_once_and_filled_exactly(page, shop, reviews):
    """The stars carry the label, the number stands beside them as text, and the fill is the share given."""
    visit(page, shop, ELEMENT + tag(reviews))
    score = page.locator("vijf-reviews >> .score")
    expect(score.locator("> .stars")).to_have_attribute("aria-label", "8,7 van 10")
    expect(score.locator("> .stars")).to_have_attribute("role", "img")
    expect(score.locator(".score-number")).to_have_text("8,7")
    expect(page.locator("vijf-reviews >> .summary")).to_have_text("19 beoordelingen")
    assert float(score.locator("svg svg").get_attribute("width") or 0) == pytest.approx(81 + 0.353 * 18)


def test_reviews_stand_in_the_order_given_with_notes_and_tombstones(page, shop, reviews):
    """Nothing is filtered or sorted; removed reviews and lapsed ratings are said in words, without a mark."""
    visit(page, shop, ELEMENT + tag(reviews))
    items = page.locator("vijf-reviews >> .review")
    dates = [review["date"] for review in SAMPLE["reviews"]]
    assert page.locator("vijf-reviews >> .date").all_text_contents() == dates
    expect(items.nth(1)).to_have_text(SAMPLE["reviews"][1]["note"] + SAMPLE["reviews"][1]["date"])
    expect(items.nth(5).locator(".note")).to_have_text("cijfer vervallen: klant reageerde niet")
    assert items.nth(1).locator("svg").count() == items.nth(5).locator("svg").count() == 0
    expect(items.nth(4).locator(".words")).to_have_attribute("lang", "de")
    expect(items.nth(0).locator(".reply-by")).to_have_text("Reactie van De Ketting")
    expect(items.nth(0).locator(".date")).to_have_attribute("href", SAMPLE["reviews"][0]["url"])
    expect(items.nth(0).locator(".words .text")).to_have_count(2)


def test_status_and_demo_are_said(page, shop, reviews):
    """A shop that left and demo content are marked as such."""
    reviews.script(SCRIPT, script(**LEFT))
    visit(page, shop, ELEMENT + tag(reviews))
    expect(page.locator("vijf-reviews >> .status")).to_be_visible()
    expect(page.locator("vijf-reviews >> .status")).to_have_text(LEFT["status"])
    expect(page.locator("vijf-reviews >> .demo")).to_have_text("Demo-inhoud")


@pytest.mark.parametrize("text", [HOSTILE, UNBROKEN], ids=["markup", "unbroken"])
def test_texts_of_strangers_neither_run_nor_overflow(page, shop, reviews, text):
    """Markup, line separators, direction overrides and endless words are shown as text, inside the card."""
    mark = {"text": text, "label": text, "fill": 1}
    review = {"url": f"javascript:{text}", "by": text, "date": text, "lang": text, "rating": mark, "title": text}
    review |= {"text": text, "note": text, "reply": {"by": text, "text": text}}
    texts = dict.fromkeys(("name", "heading", "summary", "explain", "status", "demo", "more", "lang", "dir"), text)
    reviews.script(SCRIPT, script(**texts, score=mark, reviews=[review] * 2))
    page.set_viewport_size({"width": 320, "height": 900})
    visit(page, shop, ELEMENT + "<p>Na</p>" + tag(reviews))
    expect(page.locator("vijf-reviews >> .review .text").first).to_have_text(text)
    assert page.title() == "Shop"
    assert page.locator("vijf-reviews >> img, script").count() == 0
    assert page.locator("vijf-reviews >> a[href^=javascript]").count() == 0
    assert box(page, CARD) == (304, 260)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert box(page, "vijf-reviews >> .list")[1] >= 24
    assert page.locator("vijf-reviews >> .list").evaluate("list => list.scrollWidth - list.clientWidth") == 0


def test_stranger_texts_find_their_own_direction(page, shop, reviews):
    """A Hebrew review in a Dutch card runs from right to left, and an override ends where its text ends."""
    hebrew = {**SAMPLE["reviews"][0], "title": "\u05e9\u05dc\u05d5\u05dd", "text": "\u05ea\u05d5\u05d3\u05d4"}
    reviews.script(SCRIPT, script(reviews=[hebrew]))
    visit(page, shop, ELEMENT + tag(reviews))
    expect(page.locator("vijf-reviews >> .words .text").first).to_have_css("direction", "rtl")
    expect(page.locator("vijf-reviews >> .date")).to_have_css("unicode-bidi", "isolate")
    expect(page.locator(CARD)).to_have_css("direction", "ltr")


# For everyone


def test_the_list_is_a_named_region_that_scrolls_by_keyboard(page, shop, reviews):
    """Tab reaches the heading and then the region of reviews, which End scrolls; focus is visible."""
    visit(page, shop, ELEMENT + tag(reviews))
    region = page.get_by_role("region", name="Beoordelingen van De Ketting")
    page.keyboard.press("Tab")
    expect(page.locator("vijf-reviews >> .heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(region).to_be_focused()
    expect(region).to_have_css("outline-style", "solid")
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('vijf-reviews').shadowRoot.querySelector('.list').scrollTop > 100")


@pytest.mark.parametrize("width", [240, 480, 1200])
def test_every_link_is_a_target_of_24_pixels_and_opens_normally(page, shop, reviews, width):
    """All links are 24 px or more both ways, carry rel=nofollow and open where links open."""
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, shop, ELEMENT + tag(reviews))
    links = page.locator("vijf-reviews >> .card a").all()
    assert len(links) == 12
    for link in links:
        found = link.bounding_box()
        assert found is not None
        assert min(found["width"], found["height"]) >= 24
        assert (link.get_attribute("rel"), link.get_attribute("target")) == ("nofollow", None)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a computed colour such as "rgb(28, 33, 38)"."""
    channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("theme", "scheme", "dark"),
    [("light", "dark", False), ("dark", "light", True), ("auto", "light", False), ("auto", "dark", True)],
)
def test_text_and_stars_have_contrast_in_both_themes(page, shop, reviews, theme, scheme, dark):
    """4.5 to 1 for all text, 3 to 1 for stars; `auto` follows the visitor, the others don't."""
    page.emulate_media(color_scheme=scheme)
    reviews.script(SCRIPT, script(**LEFT))
    visit(page, shop, ELEMENT.replace(" variant", f' theme="{theme}" variant') + tag(reviews))
    colour = "element => getComputedStyle(element).color"
    ground = luminance(page.locator(CARD).evaluate("card => getComputedStyle(card).backgroundColor"))
    assert (ground < 0.1) is dark
    for name in ("heading", "summary", "date", "note", "title", "text", "by", "more", "status", "demo", "stars"):
        ink = luminance(page.locator(f"vijf-reviews >> .{name}").first.evaluate(colour))
        contrast = (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)
        assert contrast >= (3 if name == "stars" else 4.5), name


def test_in_print_and_forced_colours_it_stays_readable(page, shop, reviews):
    """Print takes dark text although the theme is dark; forced colours reach the stars."""
    visit(page, shop, ELEMENT.replace(" variant", ' theme="dark" variant') + tag(reviews))
    page.emulate_media(media="print")
    expect(page.locator(CARD)).to_have_css("color", "rgb(28, 33, 38)")
    page.emulate_media(media="screen", forced_colors="active", color_scheme="light")
    text = page.locator(CARD).evaluate("card => getComputedStyle(card).color")
    expect(page.locator("vijf-reviews >> .head .stars")).to_have_css("color", text)


def test_a_shop_can_colour_it_and_reach_its_parts(page, shop, reviews):
    """Custom properties set the colours, `::part` reaches the pieces."""
    own = "vijf-reviews{--vijf-background:rgb(1,2,3)} vijf-reviews::part(heading){font-style:italic}"
    visit(page, shop, ELEMENT + tag(reviews), head=f"<style>{own}</style>")
    expect(page.locator(CARD)).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(page.locator("vijf-reviews >> .heading")).to_have_css("font-style", "italic")
