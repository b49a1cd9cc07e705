"""Whatever strangers write comes out as the same text, and never as an element, attribute, script or format."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache

from drawn_text import drawn_lines
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from made_content import LINES, MARKDOWN, TEXTS
from strategies import LAWS, SITE, days, maybe, moment
from vijf import model as m
from vijf.plan import Artifact
from vijf.render.language import load_language
from vijf.render.renderers import SHOP_RENDERERS, SITE_RENDERERS
from vijf.render.site import Directory, SiteBundle, summarise
from vijf.render.snippets import snippet
from vijf.render.text import json_ascii, one_direction, paragraphs, xml_text
from vijf.render.views import ShopBundle

UP_TO_SIX = st.integers(0, 6)
FEW = settings(LAWS, max_examples=40)
FORBIDDEN = {"exclude_categories": ("Cs", "Cc"), "exclude_characters": "\ufffe\uffff\u2028\u2029"}
_PIECES = st.sampled_from(
    [*LINES, "</", "<!--", "]]>", "{{", "%}", "\\", '"', "'", "`", "&#", "&lt", "\u202e", "\u2067", "é"]
)
_RAW = st.text(st.characters(**FORBIDDEN), max_size=20)
lines = (
    st.lists(st.one_of(_PIECES, _RAW), min_size=1, max_size=4)
    .map("".join)
    .map(str.strip)
    .filter(bool)
    .map(lambda t: t[:200])
)
lines = lines.map(str.strip).filter(bool)
texts = st.lists(
    st.one_of(lines, st.sampled_from([*TEXTS, "\n", "\n\n", "\n \n", "\u2028", "\t"])), min_size=1, max_size=4
)
texts = texts.map("".join).map(str.strip).filter(bool)


@st.composite
def bundles(draw, counted=UP_TO_SIX):
    """A shop whose every word is hostile, on a site whose words are hostile too."""
    name = draw(lines)
    site = replace(
        SITE,
        name=draw(lines),
        languages=("nl", "en"),
        operator=m.Operator(
            draw(lines), "info@example.nl", draw(texts), None, (m.Registration(draw(lines), "1"),), {"nl": draw(texts)}
        ),
        aspects={"delivery": {"nl": draw(lines)}},
        demo=draw(st.booleans()),
    )
    shop = m.Shop(
        "shop",
        name,
        "https://shop.example/?a=1&b=2",
        category=draw(maybe(lines)),
        contact=m.Contact(address=m.Address(draw(lines), draw(lines), draw(lines), "NL")),
        registration=(m.Registration(draw(lines), draw(lines)),),
    )
    day = draw(days)
    reviews = tuple(
        m.Review(
            f"r{number}",
            moment(day),
            moment(day),
            rating=draw(st.integers(2, 20)),
            title=draw(maybe(lines)),
            text=draw(texts),
            language=draw(st.sampled_from(["nl", "ar", "zh-Hans"])),
            author=m.Author(draw(maybe(lines)), draw(maybe(lines))),
            aspects={"delivery": 10},
            replies=(m.Reply(draw(st.sampled_from(m.Speaker)), draw(texts), moment(day)),),
        )
        for number in reversed(range(draw(counted)))
    )
    return ShopBundle(site, m.ShopContent(shop, reviews))


def plain(bundle):
    """The same shop and site with tame words: what elements and attributes a page has without hostility."""
    tame_site = replace(
        bundle.site,
        name="x",
        operator=m.Operator("x", "info@example.nl", "x", None, (m.Registration("x", "1"),), {"nl": "x"}),
        aspects={"delivery": {"nl": "x"}},
    )
    shop = bundle.content.shop
    tame = replace(
        shop,
        name="x",
        category=shop.category and "x",
        contact=m.Contact(address=m.Address("x", "x", "x", "NL")),
        registration=(m.Registration("x", "x"),),
    )
    reviews = tuple(
        replace(
            review,
            title=review.title and "x",
            text="x",
            author=m.Author(review.author.name and "x", review.author.place and "x"),
            replies=tuple(replace(reply, text="x") for reply in review.replies),
        )
        for review in bundle.content.reviews
    )
    return ShopBundle(tame_site, m.ShopContent(tame, reviews))


def shape(page):
    """How often each element with its attribute names occurs, less what texts may bring: paragraphs and breaks."""
    tree = html.document_fromstring(page.decode())
    return Counter((e.tag, *sorted(e.attrib)) for e in tree.iter() if e.tag not in ("p", "br"))


def normal(text):
    """A text as a reader sees it: white space collapsed, direction controls aside."""
    return " ".join(re.sub("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", "", text).split())


BADGE_ATTRIBUTES = {
    "aria-label", "class", "color", "d", "fill", "font-family", "font-size", "font-weight", "height", "href", "id",
    "lang", "lengthAdjust", "role", "rx", "stroke", "textLength", "transform", "viewBox", "width", "x", "y",
}  # fmt: skip
PAGES = [Artifact("nl/shop/index.html", "shop", "nl"), Artifact("en/shop/page/1/index.html", "archive", "en", 1),
         Artifact("review/shop/index.html", "write", "nl"),
         Artifact("nl/was/index.html", "redirect", "nl", name="nl/shop/")]  # fmt: skip


@FEW
@given(bundles())
def test_words_bring_no_element_and_no_attribute(bundle):
    """A page of hostile words has exactly the elements and attributes of the same page with tame words."""
    tame = plain(bundle)
    for artifact in PAGES:
        page = SHOP_RENDERERS[artifact.kind](bundle, artifact)
        assert shape(page) == shape(SHOP_RENDERERS[artifact.kind](tame, artifact))


@FEW
@given(bundles(st.integers(1, 3)))
def test_a_page_gives_back_what_was_written(bundle):
    """Name, titles, texts, authors and replies are read back from the parsed page as they were, white space aside."""
    tree = html.document_fromstring(SHOP_RENDERERS["shop"](bundle, PAGES[0]).decode())
    assert normal(tree.find(".//h1").text_content()) == normal(bundle.content.shop.name)
    for review, article in zip(bundle.content.reviews, tree.iter("article"), strict=True):
        given_title = [normal(e.text_content()) for e in article.iter("h3")]
        assert given_title == ([normal(review.title)] if review.title else [])
        shown = article.xpath(".//*[@class='text']")
        for element, text in zip(shown, (review.text, review.replies[0].text), strict=True):
            for br in element.iter("br"):
                br.tail = "\n" + (br.tail or "")
            assert normal("\n".join(p.text_content() for p in element)) == normal(text)
        if review.author.name:
            assert normal(article.xpath(".//*[@class='name']")[0].text_content()) == normal(review.author.name)


@FEW
@given(bundles(st.integers(0, 6)))
def test_structured_data_cannot_end_its_script(bundle):
    """JSON-LD holds no `<`, `>` or `&`, parses as JSON, and gives name and texts back exactly."""
    page = SHOP_RENDERERS["shop"](bundle, PAGES[0]).decode()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL | re.IGNORECASE)
    assert len(scripts) == 1
    assert not set("<>&") & set(scripts[0])
    assert scripts[0].isascii()
    value = json.loads(scripts[0])
    assert value["name"] == bundle.content.shop.name
    assert [review.get("reviewBody") for review in value.get("review", [])] == [r.text for r in bundle.content.reviews]


@FEW
@given(bundles(), st.sampled_from(["badge", "badge-wide", "badge-dark", "badge-wide-dark"]))
def test_badges_are_well_formed_and_hold_no_more_than_a_badge(bundle, form):
    """A badge parses as XML, has only what a badge is made of, and says the shop's name to those who hear it."""
    artifact = Artifact("x.svg", "badge", "nl", name=form)
    badge = etree.fromstring(SHOP_RENDERERS["badge"](bundle, artifact))
    tame = etree.fromstring(SHOP_RENDERERS["badge"](plain(bundle), artifact))
    # Which letters are drawn, and how often, depends on the words; a line that can't be drawn is text.
    assert {etree.QName(e).localname for e in badge.iter()} <= {"svg", "title", "rect", "g", "path", "use", "text"}
    assert [e.tag for e in badge if not e.tag.endswith(("}g", "}text"))] == [
        e.tag for e in tame if not e.tag.endswith(("}g", "}text"))
    ]
    assert len(badge) == len(tame)
    assert {name for e in badge.iter() for name in e.attrib} <= BADGE_ATTRIBUTES
    assert set(badge.attrib) == set(tame.attrib)
    assert drawn_lines(etree.tostring(badge))[0] == drawn_lines(etree.tostring(tame))[0]
    assert xml_text(one_direction(bundle.content.shop.name)) in badge.get("aria-label")
    assert badge.find("{*}title").text == badge.get("aria-label")


@FEW
@given(bundles())
def test_the_widget_is_ascii_and_carries_plain_data(bundle):
    """The script is ASCII, its data has no `<`, `>` or `&`, and it parses to the names and titles as given."""
    code = SHOP_RENDERERS["widget"](bundle, Artifact("v1/shop/widget.nl.js", "widget", "nl")).decode("ascii")
    start = code.index('{"v":1')
    value, end = json.JSONDecoder().raw_decode(code, start)
    assert not set("<>&") & set(code[start:end])
    assert value["name"] == bundle.content.shop.name
    assert [review.get("title") for review in value["reviews"]] == [r.title for r in bundle.content.reviews]


@settings(LAWS, max_examples=3)
@given(bundles(st.integers(2, 6)))
def test_the_widget_is_a_script_that_an_engine_accepts(bundle):
    """A JavaScript engine compiles the whole file and evaluates its data to what the builder meant."""
    code = SHOP_RENDERERS["widget"](bundle, Artifact("v1/shop/widget.nl.js", "widget", "nl")).decode("ascii")
    start = code.index('{"v":1')
    value, end = json.JSONDecoder().raw_decode(code, start)
    program = (
        f"new (require('vm').Script)({json.dumps(code)}); process.stdout.write(JSON.stringify(({code[start:end]})))"
    )
    done = subprocess.run(["node", "-"], input=program, capture_output=True, text=True, check=True, encoding="utf-8")
    assert json.loads(done.stdout) == value


@FEW
@given(bundles())
def test_open_data_gives_back_every_word(bundle):
    """`reviews.json` parses, in UTF-8, and holds title, text, author and replies exactly."""
    value = json.loads(
        SHOP_RENDERERS["reviews.json"](bundle, Artifact("v1/shop/reviews.json", "reviews.json")).decode()
    )
    for entry, review in zip(value["reviews"], bundle.content.reviews, strict=True):
        assert (entry.get("title"), entry["text"]) == (review.title, review.text)
        assert entry["replies"][0]["text"] == review.replies[0].text
        assert entry.get("author", {}).get("name") == review.author.name
    assert len(SHOP_RENDERERS["score.json"](bundle, Artifact("v1/shop/score.json", "score.json"))) <= 1024


@FEW
@given(bundles(st.integers(0, 6)), lines, lines)
def test_pages_of_the_site_bear_hostile_words(bundle, title, description):
    """Directory, own pages, house rules, choice of language and 404 have no element more than with tame words."""

    def page(own, which):
        site = SiteBundle(
            own.site,
            (m.Page("about", "nl", title if own is bundle else "x", "x", description if own is bundle else "x"),),
            Directory.of([summarise(own)]),
        )
        return SITE_RENDERERS[which.kind](site, which)

    for kind, name in (
        ("directory", ""),
        ("page", "about"),
        ("house-rules", ""),
        ("score", ""),
        ("languages", ""),
        ("not-found", ""),
        ("write-any", ""),
    ):
        artifact = Artifact("x.html", kind, "nl", number=1, name=name)
        hostile, tame = shape(page(bundle, artifact)), shape(page(plain(bundle), artifact))
        assert hostile == tame, kind


@FEW
@given(lines)
def test_the_snippet_holds_a_name_as_text_only(name):
    """What a shop pastes has the same elements whatever the shop is called, and says its name."""

    def parsed(called):
        return html.fragments_fromstring(
            snippet(replace(SITE, languages=("nl",)), m.Shop("shop", called, "https://s.example"), load_language("nl"))
        )

    found, tame = parsed(name), parsed("x")
    assert [e.tag for part in found if not isinstance(part, str) for e in part.iter()] == [
        e.tag for part in tame if not isinstance(part, str) for e in part.iter()
    ]
    assert normal(found[0].find(".//text").text_content()).endswith(normal(name))


@given(st.recursive(st.one_of(texts, st.integers(), st.none()), lambda inner: st.lists(inner, max_size=3)))
@LAWS
def test_json_for_scripts_is_json_without_brackets(value):
    """`json_ascii` parses back to the same value, is ASCII, and holds nothing that could end a script."""
    text = json_ascii(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&\u2028\u2029") & set(text)


@given(texts)
@LAWS
def test_paragraphs_keep_every_word(text):
    """A text becomes paragraphs and breaks, nothing else, and reads back as it was; none is empty."""
    parts = html.fragments_fromstring(str(paragraphs(text)))
    assert {e.tag for part in parts for e in part.iter()} <= {"p", "br"}
    assert all(part.get("dir") == "auto" and list(part.attrib) == ["dir"] for part in parts)
    for part in parts:
        for br in part.iter("br"):
            br.tail = "\n" + (br.tail or "")
    assert normal("\n\n".join(part.text_content() for part in parts)) == normal(text)
    assert all(part.text_content().strip() for part in parts)


def test_paragraphs_and_breaks_stand_where_they_were_written():
    """A blank line, also one of spaces, starts a paragraph; a single break stays one."""
    assert paragraphs("a\nb\n\nc\n \t\n\nd") == ('<p dir="auto">a<br>b</p><p dir="auto">c</p><p dir="auto">d</p>')


@given(st.text(max_size=30))
@LAWS
def test_xml_text_holds_only_what_xml_can(text):
    """What XML can't hold becomes U+FFFD, all else stays, and any parser takes it."""
    assume(not any(unicodedata.category(c) == "Cs" for c in text))
    safe = xml_text(text)
    element = etree.Element("x")
    element.text = safe
    assert len(safe) == len(text)
    assert all(a in (b, "\ufffd") for a, b in zip(safe, text, strict=True))


@given(lines)
@LAWS
def test_one_direction_leaves_no_control_open(text):
    """No direction control of the text's own is left; at most one isolate, opened first and closed last."""
    safe = one_direction(text)
    inner = safe.removeprefix("\u2068").removesuffix("\u2069")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", inner)
    assert safe.startswith("\u2068") == safe.endswith("\u2069")


@cache
def rendered_description(text):
    bundle = ShopBundle(SITE, m.ShopContent(m.Shop("shop", "Shop", "https://s.example", description={"en": text}), ()))
    return SHOP_RENDERERS["shop"](bundle, Artifact("en/shop/index.html", "shop", "en")).decode()


def test_a_description_in_its_page_brings_no_more_than_its_subset():
    """Hostile Markdown in a description leaves paragraphs, lists, emphasis, and links that vouch for nothing."""
    text = html.document_fromstring(rendered_description(MARKDOWN)).xpath(
        "//section[@id='contact']//div[@class='text']"
    )[0]
    assert {e.tag for e in text.iter()} <= {"div", "p", "br", "strong", "em", "ul", "ol", "li", "a"}
    for link in text.iter("a"):
        assert re.match("https?:", link.get("href", "https:"))
        assert set(link.attrib) <= {"href", "rel"}
        assert ("nofollow" in link.get("rel", "")) == ("href" in link.attrib)
