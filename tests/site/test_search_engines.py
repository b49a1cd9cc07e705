"""What search engines get: a sitemap of just the pages that they may list, robots, social tags, the merchant feed."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import made_content as made
import pytest
from built_site import BuiltSite, refresh
from contents import differing, files
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from vijf import limits
from vijf.plan import shard_count, shard_of
from vijf.render import sitemap
from vijf.render.language import load_language

MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
FEED = "{http://schemas.google.com/merchant_reviews/5.0}"
SAMPLE = Path(__file__).parents[3] / "shared/formats/google-merchant-reviews-feed/sample-5.0.xml"
URL = "https://reviews.example.nl"
NL = {"contact": {"address": {"country": "NL"}}}


def listed(site):
    """Address -> last change, from every file that the sitemap's index names."""
    found = []
    for file in etree.fromstring(site.bytes("sitemap.xml")).findall("s:sitemap/s:loc", MAPS):
        for entry in etree.fromstring(site.bytes(site.file_at(file.text))).findall("s:url", MAPS):
            found.append((entry.findtext("s:loc", namespaces=MAPS), entry.findtext("s:lastmod", namespaces=MAPS)))
    assert len(dict(found)) == len(found), "an address stands twice"
    return dict(found)


def may_be_listed(site, path):
    """Whether a page is for search engines: not kept out, leads nowhere else, and is no error."""
    tree = site.tree(path)
    noindex = tree.xpath("//head/meta[@name='robots'][contains(@content, 'noindex')]")
    return not noindex and not any(map(refresh, tree.iter("meta"))) and not path.startswith("v1/")


def test_the_sitemap_names_just_the_pages_that_may_be_listed(any_site):
    """Every page that no `noindex` keeps out and that leads nowhere else, once, under its canonical address."""
    pages = [path for path in any_site.pages if may_be_listed(any_site, path)]
    canonical = [any_site.tree(path).xpath("string(//link[@rel='canonical']/@href)") for path in pages]
    found = listed(any_site)
    assert set(found) == set(canonical) | ({f"{any_site.url}/"} & set(found))
    assert [address for address in found if any_site.file_at(address) not in any_site.files] == []


def test_the_last_change_is_that_of_the_reviews_on_the_page(tmp_path):
    """A shop's page changed with its last event, an archive page with the last of its own reviews."""
    reviews = [made.review(number, 7) for number in range(25)]
    reviews[2]["amended"] = [{"date": "2025-06-01", "rating": 3}]
    reviews[4] = made.removed(4, 3, "erased") | {"removed": {"date": "2025-07-01", "ground": "erased", "by": "customer"}}
    site = BuiltSite(made.build(tmp_path, made.files(made.site(), {"a": (made.shop("A"), reviews)})), URL)
    found = listed(site)
    assert found[f"{URL}/nl/a/"] == "2025-06-01"
    assert found[f"{URL}/nl/a/page/1/"] == "2025-06-01"
    assert found[f"{URL}/nl/a/page/2/"] == "2025-01-30"
    index = etree.fromstring(site.bytes("sitemap.xml"))
    assert index.xpath("string(s:sitemap[contains(s:loc, 'shops-1')]/s:lastmod)", namespaces=MAPS) == "2025-06-01"


def test_one_new_review_touches_one_shard(tmp_path):
    """With many shops a new review writes one file of the sitemap, its index, and one of the merchant feed anew."""
    shops = {f"s{number}": (made.shop(f"S{number}", **NL), [made.review(0, 7)]) for number in range(300)}
    content = made.files(made.site(languages=["nl"]), shops)
    before = files(made.build(tmp_path, content))
    content["shops/s7/reviews/new.yaml"] = made.as_yaml([made.review(90, 8)])
    after = files(made.build(tmp_path, content))
    shared = [path for path in differing(before, after) if path.startswith(("sitemap", "merchant"))]
    shard = shard_of("s7", 4)
    feed = "merchant-reviews.xml" if shard == 0 else f"merchant-reviews/{shard + 1}.xml"
    assert shared == sorted([feed, "sitemap.xml", f"sitemap/shops-{shard + 1}.xml"])
    assert len([path for path in after if path.startswith("merchant-reviews")]) == 4


@given(st.integers(0, 2_000_000))
def test_shards_are_a_power_of_two_and_none_too_large(shops):
    """On average a shard holds at most `SHOPS_PER_SHARD` shops, and more than half of that once there are several."""
    count = shard_count(shops)
    assert count & (count - 1) == 0
    assert shops / count <= limits.SHOPS_PER_SHARD
    assert count == 1 or shops / count > limits.SHOPS_PER_SHARD / 2


def test_a_shop_stays_in_its_shard_whatever_happens_to_others():
    """The shard is decided by the slug alone, and slugs spread evenly."""
    spread = Counter(shard_of(f"shop-{number}", 64) for number in range(64 * 128))
    assert len(spread) == 64
    assert min(spread.values()) > 64
    assert max(spread.values()) < 256


def test_files_of_the_sitemap_keep_their_limits(monkeypatch):
    """No file has more addresses or bytes than search engines take; what doesn't fit goes on in another."""
    monkeypatch.setattr(limits, "SITEMAP_ADDRESSES", 3)
    entries = [(f"nl/s{number}/index.html", f"2025-01-0{number + 1}") for number in range(8)]
    made_files = list(sitemap.sitemap_files(URL, "shops-1", entries))
    assert [entry for entry, _ in made_files] == [
        ("sitemap/shops-1.xml", "2025-01-03"), ("sitemap/shops-1-2.xml", "2025-01-06"),
        ("sitemap/shops-1-3.xml", "2025-01-08"),
    ]  # fmt: skip
    assert b"".join(data for _, data in made_files).count(b"<loc>") == 8
    monkeypatch.setattr(limits, "SITEMAP_BYTES", 1_200)
    assert all(len(data) <= 1_200 for _, data in sitemap.sitemap_files(URL, "x", entries))
    assert list(sitemap.sitemap_files(URL, "x", [])) == []


def test_robots_names_the_sitemap_and_keeps_nobody_out(any_site):
    """`robots.txt` leads to the sitemap and forbids nothing."""
    text = any_site.text("robots.txt")
    assert f"Sitemap: {any_site.url}/sitemap.xml" in text.splitlines()
    assert "Disallow" not in text


def property_of(site, path, name):
    """The values of a social tag."""
    return site.tree(path).xpath("//meta[@property=$name or @name=$name]/@content", name=name)


def test_social_tags_say_what_the_page_says(any_site):
    """Title, description, address and language of the page, and of the other versions that exist."""
    for path in any_site.pages:
        tree = any_site.tree(path)
        if not may_be_listed(any_site, path) or not property_of(any_site, path, "og:type"):
            continue
        assert property_of(any_site, path, "og:url") == tree.xpath("//link[@rel='canonical']/@href"), path
        assert property_of(any_site, path, "og:description") == tree.xpath("//meta[@name='description']/@content")
        assert property_of(any_site, path, "og:title")[0] in tree.findtext(".//title")
        code = tree.get("lang")
        assert property_of(any_site, path, "og:locale") == [load_language(code).with_country]
        others = set(tree.xpath("//link[@rel='alternate'][@hreflang]/@hreflang")) - {code, "x-default"}
        assert property_of(any_site, path, "og:locale:alternate") == [
            load_language(other).with_country for other in any_site.tree(path).xpath("//ul[@class='languages']//a/@hreflang")
            if other in others
        ]  # fmt: skip


def test_every_visitors_page_has_social_tags(shape):
    """Shops, archives, directories and the built-in and own pages carry them."""
    site = shape("everything")
    without = [path for path in site.pages if may_be_listed(site, path) and not property_of(site, path, "og:title")]
    assert without == ["index.html"]


def feed_of(site, path="merchant-reviews.xml"):
    """A file of the merchant feed."""
    return etree.fromstring(site.bytes(path))


def test_the_merchant_feed_holds_what_counts_and_names_what_was_taken_back(tmp_path):
    """Reviews that count; held, removed and lapsed ones as deleted; imported and markless ones in neither."""
    reviews = [
        made.review(0, 8.5, title="T & T", text="Goed <b>.", author={"name": "Anna"}, collected="invitation"),
        made.review(1, 7, collected="tablet"),
        made.review(2),
        made.held(3, 1),
        made.removed(4, 2),
        made.removed(5, 2, "erased"),
        made.review(6, 3, rating_withdrawn={"date": "2025-03-01", "reason": "no_answer"}),
        made.review(7, 10, origin={"platform": "kiyoh"}, collected="import"),
        made.review(8, 6, amended=[{"date": "2025-04-01T10:00:00Z", "rating": 2}], collected="link"),
    ]
    shops = {
        "nu": (made.shop("Nu", formerly=["toen", "later"], **NL), reviews),
        "waar": (made.shop("Waar"), [made.review(0, 9)]),
    }
    feed = feed_of(BuiltSite(made.build(tmp_path, made.files(made.site(), shops)), URL))
    assert [element.tag.removeprefix(FEED) for element in feed] == ["merchants", "reviews", "deleted_reviews"]
    assert [merchant.get("id") for merchant in feed.iter(f"{FEED}merchant")] == ["toen"], "without a country: left out"
    found = {review.get("id"): review for review in feed.iter(f"{FEED}review")}
    assert sorted(found) == ["toen.r0", "toen.r1", "toen.r8"]
    first = found["toen.r0"]
    assert first.findtext(f"{FEED}title") == "T & T"
    assert first.findtext(f"{FEED}content") == "Goed <b>."
    overall = first.find(f"{FEED}ratings/{FEED}overall")
    assert (overall.text, dict(overall.attrib)) == ("8.5", {"min": "1", "max": "10"})
    assert first.findtext(f"{FEED}country_code") == "NL"
    methods = {key: review.findtext(f"{FEED}collection_method") for key, review in found.items()}
    assert methods == {"toen.r0": "after_fulfillment", "toen.r1": "point_of_sale", "toen.r8": "unsolicited"}
    assert found["toen.r8"].findtext(f"{FEED}last_update_timestamp") == "2025-04-01T10:00:00Z"
    deleted = {
        entry.get("id"): entry.findtext(f"{FEED}last_update_timestamp") for entry in feed.iter(f"{FEED}deleted_review")
    }
    assert sorted(deleted) == ["toen.r3", "toen.r4", "toen.r5", "toen.r6"]
    assert deleted["toen.r5"] == "2025-01-01T00:00:00Z", "of what was erased only the month is told"


def order_of(element):
    """The names of an element's children, each once, in their order."""
    return list(dict.fromkeys(child.tag for child in element))


# The order of the published sample, which a test below compares with the sample itself where it is at hand.
PARTS = {
    "merchant": "name merchant_url rating_url create_timestamp last_update_timestamp",
    "review": "reviewer_name create_timestamp last_update_timestamp country_code title content ratings collection_method",
    "deleted_review": "last_update_timestamp",
}


def test_the_merchant_feed_has_the_structure_of_the_format(any_site):
    """Sections and parts in the format's order; ids once; every review of a merchant that is named; UTC with Z."""
    merchants, ids = set(), Counter()
    for path in (path for path in any_site.files if path.startswith("merchant-reviews")):
        feed = feed_of(any_site, path)
        sections = order_of(feed)
        assert sections == [FEED + name for name in ("merchants", "reviews", "deleted_reviews") if FEED + name in sections]
        assert all(len(section) for section in feed)
        for section in feed:
            for entry in section:
                allowed = [FEED + name for name in PARTS[entry.tag.removeprefix(FEED)].split()]
                assert order_of(entry) == [name for name in allowed if name in order_of(entry)]
                ids[entry.tag.rpartition("deleted_")[2], entry.get("id")] += 1
        merchants |= {merchant.get("id") for merchant in feed.iter(f"{FEED}merchant")}
        assert {review.get("mid") for review in feed.iter(f"{FEED}review")} <= merchants
        stamps = feed.xpath("//*[contains(local-name(), 'timestamp')]/text()")
        assert [stamp for stamp in stamps if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)] == []
        for review in feed.iter(f"{FEED}review"):
            assert review.findtext(f"{FEED}create_timestamp") <= review.findtext(f"{FEED}last_update_timestamp")
    assert set(ids.values()) <= {1}


@pytest.mark.skipif(not SAMPLE.exists(), reason="the published sample isn't at hand")
def test_the_order_of_parts_is_that_of_the_published_sample():
    """Whatever the sample shows of merchants and reviews, the feed has under that name and in that order."""
    sample = etree.parse(SAMPLE).getroot()
    for name in ("merchant", "review"):
        shown = [tag.removeprefix(FEED) for tag in order_of(next(sample.iter(FEED + name)))]
        assert [part for part in PARTS[name].split() if part in shown] == shown


def test_ids_of_the_merchant_feed_survive_a_new_slug(tmp_path):
    """A shop that is renamed keeps its id and those of its reviews."""
    content = made.files(made.site(), {"oud": (made.shop("A", **NL), [made.review(n, 7) for n in range(6)])})
    before = feed_of(BuiltSite(made.build(tmp_path, content), URL))
    shutil.rmtree(tmp_path / "content")
    renamed = {path.replace("/oud/", "/nieuw/"): text for path, text in content.items()}
    renamed["shops/nieuw/shop.yaml"] = made.as_yaml(made.shop("A", formerly=["oud"], **NL))
    after = feed_of(BuiltSite(made.build(tmp_path, renamed), URL))
    assert [e.get("id") for e in before.iter() if e.get("id")] == [e.get("id") for e in after.iter() if e.get("id")]


def test_without_the_merchant_feed_there_is_none(tmp_path):
    """`without: [merchant]` leaves it out; the sitemap always is."""
    site = BuiltSite(made.build(tmp_path, made.everything(without=["merchant"])), URL)
    assert [path for path in site.files if "merchant" in path] == []
    assert "sitemap.xml" in site.files
