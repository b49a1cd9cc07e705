"""One number everywhere: every output of the demo site agrees with an exact recount of the content's YAML."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import made_content as made
import pytest
import recount
from built_site import BuiltSite, words
from drawn_text import drawn_lines
from lxml import etree

SHOPS = recount.shops(recount.DEMO)
SCORED = [slug for slug, shop in SHOPS.items() if shop.mean is not None]
KEYS = [
    "schema", "shop", "threshold", "counted", "visible", "held", "withdrawn", "removed",
    "score", "mean", "best", "worst", "as_of",
]  # fmt: skip


def local(number: str, language: str) -> str:
    """A number as that language writes it."""
    return number.replace(".", ",") if language == "nl" else number


def fill(mean: Fraction) -> float:
    """The width of the filled part of five stars that are 24 wide each, with 1.6 of gap on either side of a star."""
    whole, part = divmod(mean / 2, 1)
    return float(24 * whole + (Fraction("1.6") + part * Fraction("20.8") if part else 0))


def languages_and_slugs(slugs):
    """Every combination, for shops that have a page of their own."""
    return [(lang, slug) for lang in ("nl", "en") for slug in slugs if "merged_into" not in SHOPS[slug].shop]


def test_the_demo_content_has_shops_on_both_sides_of_the_threshold():
    """The recount finds scores and shops without one, or the tests below would state nothing."""
    assert len(SCORED) >= 5
    assert len(SHOPS) - len(SCORED) >= 2


@pytest.mark.parametrize("slug", SHOPS)
def test_open_data_agrees_with_the_recount(demo, slug):
    """`score.json` has the contract's keys in at most 1 KB, the exact mean in lowest terms, and the account."""
    shop = SHOPS[slug]
    value = demo.json(f"v1/{slug}/score.json")
    assert list(value) == KEYS
    assert len(demo.bytes(f"v1/{slug}/score.json")) <= 1024
    mean = shop.mean
    assert value == {
        "schema": 1, "shop": slug, "threshold": 5, "counted": len(shop.counted), **shop.account,
        "score": float(recount.half_up(mean)) if mean is not None else None,
        "mean": f"{mean.numerator}/{mean.denominator}" if mean is not None else None,
        "best": 10, "worst": 1,
        "as_of": shop.last_event.isoformat() if shop.last_event else None,
    }  # fmt: skip


@pytest.mark.parametrize(("language", "slug"), languages_and_slugs(SHOPS))
def test_page_directory_badges_widget_and_markup_say_the_same(demo, language, slug):
    """Number, count and stars agree with the recount in every output, in the language's own spelling."""
    mean, counted = SHOPS[slug].mean, len(SHOPS[slug].counted)
    tree = demo.tree(f"{language}/{slug}/index.html")
    markup = json.loads(tree.find(".//script").text)
    row = demo.tree(f"{language}/index.html").xpath("//li[.//a[@href=$to]]", to=f"/{language}/{slug}/")[0]
    widget = demo.widget(f"v1/{slug}/widget.{language}.js")
    badges = [
        etree.fromstring(demo.bytes(f"v1/{slug}/badge{wide}.{language}{dark}.svg"))
        for wide in ("", "-wide")
        for dark in ("", "-dark")
    ]
    if mean is None:
        assert "aggregateRating" not in markup
        assert widget["score"] is None
        assert not tree.xpath("//*[@class='big']") + row.findall(".//b")
        return
    number = local(recount.half_up(mean), language)
    spoken = f"{number} {'van' if language == 'nl' else 'out of'} 10"
    of_count = f"{'uit' if language == 'nl' else 'from'} {counted} {'beoordelingen' if language == 'nl' else 'reviews'}"
    assert words(tree.xpath("//*[@class='big']")[0]) == number
    assert words(row.find(".//b")) == number
    assert widget["score"] == {"text": number, "label": spoken, "fill": round(float(mean / 10), 4)}
    assert [of_count in text for text in (words(tree), words(row), widget["summary"])] == [True] * 3
    assert tree.xpath("//p[contains(@class, 'score')]//svg/@aria-label") == [spoken]
    assert row.xpath(".//svg/@aria-label") == [spoken]
    for place in (tree.xpath("//p[contains(@class, 'score')]")[0], row):
        assert float(place.xpath(".//svg//svg/@width")[0]) == pytest.approx(fill(mean), abs=0.006)
    for badge in badges:
        assert badge[1].tag.endswith("rect")
        assert drawn_lines(etree.tostring(badge))[:2] == [number, "/ 10"]
        assert f"{counted} " in drawn_lines(etree.tostring(badge))[2]
        assert f"{spoken}, {of_count}" in badge.get("aria-label")
        inner = badge.find("{*}svg/{*}svg")
        assert float(inner.get("width")) == pytest.approx(fill(mean), abs=0.006)
    assert markup["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": recount.half_up(mean), "bestRating": 10, "worstRating": 1,
        "ratingCount": counted,
    }  # fmt: skip


@pytest.mark.parametrize(("language", "slug"), languages_and_slugs(SHOPS))
def test_the_account_on_the_page_adds_up(demo, language, slug):
    """Received is the sum of visible, on hold, withdrawn and removed, each as the recount has it."""
    shop = SHOPS[slug]
    rows = demo.tree(f"{language}/{slug}/index.html").xpath("//section[@id='account']/table[1]//td")
    received, *parts = [int(words(cell).replace(".", "").replace(",", "")) for cell in rows]
    assert parts == list(shop.account.values())
    assert received == sum(parts) == len(shop.newest_first)


@pytest.mark.parametrize(("language", "slug"), languages_and_slugs(SCORED))
def test_the_parts_of_a_score_agree_with_the_recount(demo, language, slug):
    """Distribution, aspects, recommendations, years and the last twelve months are counted from the same reviews."""
    shop = SHOPS[slug]
    tree = demo.tree(f"{language}/{slug}/index.html")
    tables = tree.xpath("//table[contains(@class, 'bars')]")
    counts = [int(words(row[-1])) for row in tables[0].xpath("./tr | ./tbody/tr")]
    assert counts == [sum(int(Fraction(e["rating"])) == mark for e in shop.counted) for mark in range(10, 0, -1)]

    aspects = {name: shop.mean_of(shop.counted, name) for name in shop.site["aspects"]}
    expected = [
        [shop.site["aspects"][name][language], local(recount.half_up(mean), language)]
        for name, mean in sorted(aspects.items())
        if mean is not None
    ]
    shown = [[words(row[0]), words(row[-1])] for table in tables[1:] for row in table.xpath("./tr | ./tbody/tr")]
    assert shown == expected

    answers = [e["recommends"] == "true" for e in shop.counted if "recommends" in e]
    sentence = [words(p) for p in tree.xpath("//div[@class='facts']/section[1]/p")]
    if len(answers) < shop.threshold:
        assert sentence == []
    else:
        share = int(Fraction(sum(answers), len(answers)) * 100 + Fraction(1, 2))
        share = share if share in (0, 100) and len(set(answers)) == 1 else min(max(share, 1), 99)
        assert re.findall(r"\d+(?=\s?%)", sentence[0]) == [str(share)]
        assert re.search(rf"\b{len(answers)}\b", sentence[0])

    years = {
        words(row[0]): words(row[1]) for row in tree.xpath("//div[@class='facts']/section[1]/table[not(@class)]//tr")
    }
    by_year: dict[int, list] = {}
    for entry in shop.counted:
        by_year.setdefault(shop.day(entry["published"]).year, []).append(entry)
    assert [int(year) for year in years] == list(range(max(by_year), min(by_year) - 1, -1))
    for year, text in years.items():
        check_part(text, by_year.get(int(year), []), shop, language)
    recent = words(tree.xpath("//*[@class='keys']/li")[0]).partition(": ")[2]
    check_part(recent, shop.last_twelve_months, shop, language)


def check_part(text, entries, shop, language):
    """A mean of some of the reviews: its number and count, or that there are too few."""
    mean = shop.mean_of(entries)
    if mean is None:
        assert not any(character.isdigit() for character in text), text
    else:
        assert text.split()[0] == local(recount.half_up(mean), language)
        assert f" {len(entries)} " in text


def test_half_is_rounded_up_in_every_output(tmp_path):
    """A mean of 8.25 is 8.3 and one of 8.35 is 8.4, where binary floats or rounding to even would say 8.2 or 8.3."""
    quarter = [made.review(n, m) for n, m in enumerate((8, 8, 8.5, 8.5, 8, 8.5, 8, 8.5))]
    twentieth = [made.review(n, 8.5 if n < 7 else 8) for n in range(10)]
    content = made.files(made.site(), {"a": (made.shop("A"), quarter), "b": (made.shop("B"), twentieth)})
    site = BuiltSite(made.build(tmp_path, content), "https://reviews.example.nl")
    for slug, number in (("a", "8.3"), ("b", "8.4")):
        assert str(site.json(f"v1/{slug}/score.json")["score"]) == number
        for language in ("nl", "en"):
            spelt = local(number, language)
            tree = site.tree(f"{language}/{slug}/index.html")
            assert words(tree.xpath("//*[@class='big']")[0]) == spelt
            assert json.loads(tree.find(".//script").text)["aggregateRating"]["ratingValue"] == number
            assert site.widget(f"v1/{slug}/widget.{language}.js")["score"]["text"] == spelt
            assert drawn_lines(site.bytes(f"v1/{slug}/badge.{language}.svg"))[0] == spelt


def test_an_imported_score_has_no_aggregate_rating(tmp_path):
    """Five counted imports make a score on the page and in open data, and nothing for search engines."""
    reviews = [made.review(n, 8, origin={"platform": "kiyoh"}) for n in range(5)]
    content = made.files(made.site(imports={"count": ["kiyoh"]}), {"a": (made.shop("A"), reviews)})
    site = BuiltSite(made.build(tmp_path, content), "https://reviews.example.nl")
    assert site.json("v1/a/score.json")["mean"] == "8/1"
    markup = site.tree("nl/a/index.html").find(".//script").text
    assert "aggregateRating" not in markup
    assert "reviewRating" not in markup
    own = made.files(made.site(), {"a": (made.shop("A"), [made.review(n, 8) for n in range(5)])})
    site = BuiltSite(made.build(tmp_path / "own", own), "https://reviews.example.nl")
    assert "aggregateRating" in site.tree("nl/a/index.html").find(".//script").text
