"""Feeds as reading programs meet them: sound Atom and JSON Feed, found from the pages, hostile words harmless."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import feedparser
import made_content as made
import pytest
from built_site import refresh
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree, html
from strategies import LAWS, SITE, reviews, shops
from vijf import limits
from vijf.model import Author, Moment, Reply, Review, Shop, ShopContent, Speaker
from vijf.plan import Artifact
from vijf.render.renderers import SHOP_RENDERERS
from vijf.render.views import ShopBundle

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}:/[a-zA-Z0-9._~/:-]*")

_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "pattern": "^https?://"}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _URL, "avatar": _URL},
        "minProperties": 1,
        "patternProperties": {"^_": {"type": "object"}},
        "additionalProperties": False,
    },
}
_LANGUAGE = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}
_ATTACHMENT = {
    "type": "object",
    "required": ["url", "mime_type"],
    "properties": {"url": _URL, "mime_type": _TEXT, "title": _TEXT},
}
_ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
    "properties": {
        "id": _TEXT,
        "url": _URL,
        "external_url": _URL,
        "title": _TEXT,
        "content_html": _TEXT,
        "content_text": _TEXT,
        "summary": _TEXT,
        "image": _URL,
        "banner_image": _URL,
        "date_published": {"type": "string", "format": "date-time", "pattern": RFC_3339.pattern},
        "date_modified": {"type": "string", "format": "date-time", "pattern": RFC_3339.pattern},
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": _TEXT},
        "language": _LANGUAGE,
        "attachments": {"type": "array", "items": _ATTACHMENT},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}
JSON_FEED = Draft202012Validator(
    {
        "type": "object",
        "required": ["version", "title", "items"],
        "properties": {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": _TEXT,
            "home_page_url": _URL,
            "feed_url": _URL,
            "description": _TEXT,
            "user_comment": _TEXT,
            "next_url": _URL,
            "icon": _URL,
            "favicon": _URL,
            "authors": _AUTHORS,
            "language": _LANGUAGE,
            "expired": {"type": "boolean"},
            "hubs": {"type": "array"},
            "items": {"type": "array", "items": _ITEM},
        },
        "patternProperties": {"^_": {"type": "object"}},
        "additionalProperties": False,
    },
    format_checker=FormatChecker(),
)
"""JSON Feed 1.1, what it requires and allows; deprecated and unknown keys are refused."""


def atoms(site):
    """The paths of all Atom feeds."""
    return sorted(path for path in site.files if path.endswith("/feed.xml"))


def jsons(site):
    """The paths of all JSON feeds."""
    return sorted(path for path in site.files if path.endswith("/feed.json"))


def parsed(data):
    """An Atom feed as feedparser reads it, of the type that servers send for it."""
    return feedparser.parse(data, response_headers={"content-type": "application/atom+xml; charset=utf-8"})


def contents(site, path):
    """(entry, its content as HTML) of an Atom feed: as XML says it, cleaned by nobody."""
    for entry in etree.fromstring(site.bytes(path)).iter(f"{ATOM}entry"):
        yield entry, html.fragment_fromstring(entry.findtext(f"{ATOM}content"), create_parent="section")


def test_every_shop_has_both_feeds_and_the_site_has_one(any_site):
    """Where there is open data of a shop, also at an earlier address, there are both feeds; `/v1/feed.xml` besides."""
    folders = {path.removesuffix("reviews.json") for path in any_site.files if path.endswith("/reviews.json")}
    assert set(atoms(any_site)) == {f"{folder}feed.xml" for folder in folders} | {"v1/feed.xml"}
    assert set(jsons(any_site)) == {f"{folder}feed.json" for folder in folders}


def test_a_reader_of_atom_finds_nothing_wrong(any_site):
    """feedparser reads each feed without a complaint, and finds title, id, dates, link and author of all of it."""
    for path in atoms(any_site):
        feed = parsed(any_site.bytes(path))
        assert not feed.bozo, (path, feed.get("bozo_exception"))
        assert feed.version == "atom10"
        assert feed.encoding == "utf-8"
        for part in [feed.feed, *feed.entries]:
            assert TAG_URI.fullmatch(part.id), part.id
            assert RFC_3339.fullmatch(part.updated)
            assert part.updated_parsed
            assert part.title
            assert part.author
            assert part.link.startswith(f"{any_site.url}/")
        for entry in feed.entries:
            assert RFC_3339.fullmatch(entry.published)
            assert entry.published <= entry.updated <= feed.feed.updated
            assert [content.type for content in entry.content] == ["text/html"]
            assert entry.content[0].value


def test_atom_has_what_the_standard_requires_once(any_site):
    """RFC 4287: one id, title, updated of feed and entry; a link to itself; no id twice; entries only after the rest."""
    for path in atoms(any_site):
        root = etree.fromstring(any_site.bytes(path))
        assert root.tag == f"{ATOM}feed"
        for part in [root, *root.iter(f"{ATOM}entry")]:
            for name in ("id", "title", "updated", "author"):
                assert len(part.findall(f"{ATOM}{name}")) == 1, (path, name)
            assert [link.get("type") for link in part.findall(f"{ATOM}link[@rel='alternate']")] == ["text/html"]
        tags = [child.tag for child in root]
        assert f"{ATOM}entry" not in tags[: len(tags) - tags.count(f"{ATOM}entry")]
        found = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
        assert len(set(found) | {root.findtext(f"{ATOM}id")}) == len(found) + 1, path


def test_json_feeds_are_of_version_one_point_one(any_site):
    """Each feed.json is what JSON Feed 1.1 asks for, and has no key that it doesn't know."""
    for path in jsons(any_site):
        JSON_FEED.validate(any_site.json(path))


def test_the_schema_of_these_tests_can_refuse():
    """A feed without a version, an item without content and a date without zone are no JSON Feed."""
    good = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "1", "content_text": "x"}]}
    JSON_FEED.validate(good)
    for change in (
        {"version": "1"},
        {"items": [{"id": "1"}]},
        {"items": [{"id": "1", "content_text": "x", "date_published": "2026-01-01"}]},
        {"author": {"name": "x"}},
    ):
        assert not JSON_FEED.is_valid(good | change), change


def test_both_formats_say_the_same(any_site):
    """Ids, titles, dates, authors, languages and links are the same in both, in the same order."""
    for path in jsons(any_site):
        entries = etree.fromstring(any_site.bytes(path.replace(".json", ".xml"))).findall(f"{ATOM}entry")
        items = any_site.json(path)["items"]
        assert [
            (
                entry.findtext(f"{ATOM}id"),
                entry.findtext(f"{ATOM}title"),
                entry.findtext(f"{ATOM}published"),
                entry.findtext(f"{ATOM}updated"),
                entry.findtext(f"{ATOM}author/{ATOM}name"),
                entry.get("{http://www.w3.org/XML/1998/namespace}lang"),
                entry.find(f"{ATOM}link").get("href"),
            )
            for entry in entries
        ] == [
            (
                item["id"],
                item["title"],
                item["date_published"],
                item["date_modified"],
                item["authors"][0]["name"],
                item["language"],
                item["url"],
            )
            for item in items
        ], path


def test_both_formats_hold_the_same_words(any_site):
    """The text of Atom's HTML is that of `content_text`, but for white space."""
    for path in jsons(any_site):
        texts = ["".join(item["content_text"].split()) for item in any_site.json(path)["items"]]
        pages = contents(any_site, path.replace(".json", ".xml"))
        for text, (_, content) in zip(texts, pages, strict=True):
            assert text.replace(":", "") == "".join(content.text_content().split()).replace(":", "")


def test_every_address_in_a_feed_leads_to_its_review(any_site):
    """Links of feeds and items are files of the site; an item's has the review at its fragment."""
    for path in jsons(any_site):
        feed = any_site.json(path)
        assert any_site.file_at(feed["home_page_url"]) in any_site.files
        assert any_site.bytes(any_site.file_at(feed["feed_url"])) == any_site.bytes(path)
        for item in feed["items"]:
            page, _, fragment = item["url"].partition("#")
            assert fragment == f"r-{item['_vijf']['review']}"
            assert "/page/" in page
            assert any_site.tree(any_site.file_at(page)).xpath("//*[@id=$name]", name=fragment)
    for path in atoms(any_site):
        own = etree.fromstring(any_site.bytes(path)).find(f"{ATOM}link[@rel='self']").get("href")
        assert any_site.bytes(any_site.file_at(own)) == any_site.bytes(path)


def test_a_stranger_has_no_markup_in_a_feed(any_site):
    """The HTML of an entry has our few tags with `lang` and `dir`, whatever the words in it look like."""
    for path in atoms(any_site):
        for _, content in contents(any_site, path):
            for element in content.iterdescendants():
                assert element.tag in ("div", "p", "b", "br"), (path, element.tag)
                assert set(element.attrib) <= {"lang", "dir"}, path


def test_hostile_words_come_out_as_they_are(shape):
    """Title and text of hostile reviews are found letter by letter in both formats, and run in none."""
    site = shape("hostile")
    said = "".join(item["content_text"] for path in jsons(site) for item in site.json(path)["items"])
    shown = "".join(content.text_content() for path in atoms(site) for _, content in contents(site, path))
    for line in made.LINES:
        assert line in said
        assert line.replace("\n", "") in shown
    titles = [item["title"] for path in jsons(site) for item in site.json(path)["items"]]
    assert any("<script>document.title='ran'</script>" in title for title in titles)
    for path in atoms(site):
        for entry in parsed(site.bytes(path)).entries:
            assert "<script" not in entry.content[0].value
            assert "<img" not in entry.content[0].value


def test_no_direction_of_a_stranger_reaches_beyond_a_title(shape):
    """Titles and names hold no control of direction but whole isolates."""
    site = shape("hostile")
    for path in jsons(site):
        feed = site.json(path)
        for text in [
            feed["title"],
            *(i["title"] for i in feed["items"]),
            *(i["authors"][0]["name"] for i in feed["items"]),
        ]:
            assert not re.search("[\u202a-\u202e\u2066\u2067]", text)
            assert text.count("\u2068") == text.count("\u2069")


def test_what_xml_cannot_hold_is_replaced():
    """Words with noncharacters make well-formed Atom still."""
    when = Moment(datetime.fromisoformat("2026-01-01T00:00:00Z"), datetime(2026, 1, 1).date(), exact=True)
    bad = "a\ufffeb\uffffc\x01d]]>"
    review = Review(
        "x",
        when,
        when,
        rating=16,
        title=bad,
        text=bad,
        author=Author(bad, bad),
        replies=(Reply(Speaker.SHOP, bad, when),),
    )
    bundle = ShopBundle(SITE, ShopContent(Shop("s", bad, "https://s.example"), (review,)))
    root = etree.fromstring(SHOP_RENDERERS["feed.xml"](bundle, Artifact("v1/s/feed.xml", "feed.xml", "en")))
    assert "a\ufffdb\ufffdc\ufffdd]]>" in "".join(root.itertext())


def test_an_empty_feed_is_sound_too(shape):
    """A site and a shop without any review have feeds with a fixed date and no entries."""
    for site, path in ((shape("no shops"), "v1/feed.xml"), (shape("everything"), "v1/geen/feed.xml")):
        feed = parsed(site.bytes(path))
        assert not feed.bozo
        assert feed.entries == []
        assert feed.feed.updated == "1970-01-01T00:00:00Z"
    assert shape("everything").json("v1/geen/feed.json")["items"] == []


def test_pages_lead_to_their_feeds(any_site):
    """A shop's page names its two feeds in its head and to its readers, the directory the site's; all are there."""
    for path in any_site.pages:
        tree = any_site.tree(path)
        parts = path.split("/")
        if parts[0] not in any_site.languages or any(map(refresh, tree.iter("meta"))):
            continue
        heads = {link.get("type"): link.get("href") for link in tree.xpath("//head/link[@rel='alternate'][@title]")}
        found = {link.get("type"): link.get("href") for link in tree.xpath("//main//a[@type]")}
        own = {kind: address for kind, address in heads.items() if "oembed" not in kind}
        if len(parts) == 3 and parts[1] != "-":
            assert own == {
                "application/atom+xml": f"{any_site.url}/v1/{parts[1]}/feed.xml",
                "application/feed+json": f"{any_site.url}/v1/{parts[1]}/feed.json",
            }
            assert set(found) == {*own, "application/json"}
        elif len(parts) == 2:
            assert own == {"application/atom+xml": f"{any_site.url}/v1/feed.xml"}
            assert set(found) == set(own)
        for address in own.values():
            assert any_site.file_at(address) in any_site.files


@pytest.mark.parametrize(
    ("without", "gone", "left"),
    [("atom", "/feed.xml", "/feed.json"), ("jsonfeed", "/feed.json", "/feed.xml")],
)
def test_a_feed_can_be_left_out(without, gone, left, tmp_path):
    """`without` leaves out that format everywhere, and every link to it; the other stays."""
    site = made.build(tmp_path, made.everything(without=[without]))
    paths = [path for path in site.rglob("*") if path.is_file()]
    assert not [path for path in paths if path.as_posix().endswith(gone)]
    assert [path for path in paths if path.as_posix().endswith(left)]
    for page in (path for path in paths if path.suffix == ".html"):
        assert gone.encode() not in page.read_bytes()
    assert b"reviews.json" in (site / "nl/veel/index.html").read_bytes()


def test_demo_feeds_say_that_they_are(demo):
    """Each feed of a demo site says so, and so does each item, since readers mix items of many feeds."""
    for path in jsons(demo):
        feed = demo.json(path)
        assert "Demo" in feed["description"]
        assert all("Demo" in item["content_text"] for item in feed["items"])


def test_the_documentation_has_every_fact_for_programs(demo):
    """The keys below `_vijf` in the demo's feeds are those in the table of `docs/outputs.md`."""
    found = {f"_vijf.{key}" for path in jsons(demo) for item in demo.json(path)["items"] for key in item["_vijf"]}
    text = (Path(__file__).parents[2] / "docs/outputs.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(_vijf\.[a-z]+)` \|", text, re.MULTILINE)) == found


@given(shops(), st.lists(reviews(), max_size=8, unique_by=lambda review: review.id))
@settings(LAWS, max_examples=80)
def test_whatever_the_content_holds_feeds_are_sound(shop, written):
    """Over random content: valid JSON Feed and Atom, ids that differ, nothing of what isn't visible, newest first."""
    newest_first = tuple(sorted(written, key=lambda review: review.sort_key, reverse=True))
    bundle = ShopBundle(SITE, ShopContent(shop, newest_first))
    feed = json.loads(SHOP_RENDERERS["feed.json"](bundle, Artifact("", "feed.json", "en")))
    JSON_FEED.validate(feed)
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids) <= limits.FEED_ITEMS
    assert {item["_vijf"]["review"] for item in feed["items"]} <= {r.id for r in written if r.visible}
    dates = [datetime.fromisoformat(item["date_published"]) for item in feed["items"]]
    assert dates == sorted(dates, reverse=True)
    root = etree.fromstring(SHOP_RENDERERS["feed.xml"](bundle, Artifact("", "feed.xml", "en")))
    assert [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")] == ids
