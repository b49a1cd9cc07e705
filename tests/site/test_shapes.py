"""Sites of other shapes: one language, a path, a higher threshold, less output, no shops, many shops."""

from __future__ import annotations

import re

import pytest
from built_site import refresh, words

ORDER = ["2Wielers", "angst", "Ångström", "Çelik", "éclair", "Eclair", "ECLAIRS", "'t Hoekje", "Zebra", "zèbre"]


def test_a_site_in_one_language_leads_straight_to_it(shape):
    """The root leads on; nothing offers another language; nothing exists in one."""
    site = shape("one language")
    assert [refresh(meta) for meta in site.tree("index.html").iter("meta") if refresh(meta) is not None] == ["/nl/"]
    assert site.languages == ["nl"]
    assert not [path for path in site.files if path.startswith("en/") or ".en" in path]
    for path in site.pages:
        assert (
            not site.tree(path).xpath("//*[@hreflang][not(self::a[ancestor::ul[@class='choices']])]")
            or path == "index.html"
        )
        assert site.tree(path).get("lang") == "nl"


def test_a_site_below_a_path_links_with_it(shape):
    """Every rooted link, `next` and absolute address of a site below a path holds that path."""
    site = shape("below a path")
    for path in site.pages:
        rooted = [
            a for e in site.tree(path).iter("*") for a in (e.get("href"), e.get("src")) if (a or "").startswith("/")
        ]
        assert [address for address in rooted if not address.startswith("/a/b.c/")] == []
    assert site.json("v1/veel/reviews.json")["next"] == "/a/b.c/v1/veel/reviews/2.json"
    assert site.widget("v1/veel/widget.nl.js")["url"] == "https://reviews.example.nl/a/b.c/nl/veel/"


def test_a_higher_threshold_holds_everywhere(shape):
    """With a threshold of ten a shop with five counted reviews has no score, and every text names ten."""
    site = shape("threshold of ten")
    assert site.json("v1/vijf/score.json") | {"as_of": ""} == {
        "schema": 1, "shop": "vijf", "threshold": 10, "counted": 5, "visible": 5, "held": 0, "withdrawn": 0,
        "removed": 0, "score": None, "mean": None, "best": 10, "worst": 1, "as_of": "",
    }  # fmt: skip
    assert site.json("v1/veel/score.json")["score"] is not None
    assert "anaf 10 tonen wij een score" in words(site.tree("nl/vijf/index.html"))
    assert site.widget("v1/vijf/widget.en.js")["explain"] == "We show a score from 10"
    assert re.search(r"\b10 beoordelingen", words(site.tree("nl/index.html").find(".//main")))
    assert words(site.tree("en/-/score/index.html")).count("10 ") >= 2


def test_kinds_that_are_left_out_are_not_there(shape):
    """Without wide and dark only the plain badge stays, and no page or file names another."""
    site = shape("no wide or dark")
    assert {path.split("/")[-1] for path in site.files if "/badge" in path} == {
        "badge.nl.svg", "badge.en.svg", "badge.png",
    }  # fmt: skip
    assert not [path for path in site.pages if "badge-wide" in site.text(path) or "-dark.svg" in site.text(path)]
    full = {path.split("/")[-1] for path in shape("everything").files if "/badge" in path}
    assert full - {"badge.png"} == {
        f"badge{wide}.{code}{dark}.svg" for wide in ("", "-wide") for code in ("nl", "en") for dark in ("", "-dark")
    }


def test_a_site_without_shops_is_a_sound_site(shape):
    """The directory says that it is empty; nothing speaks of shops that aren't there."""
    site = shape("no shops")
    assert "nog geen bedrijven" in words(site.tree("nl/index.html").find(".//main"))
    assert not site.tree("nl/index.html").xpath("//li[@class='shop-row'] | //h2 | //ul[@class='letters']")
    assert sorted(path for path in site.files if path.startswith("v1/")) == sorted(["v1/feed.xml", *site.pinned])
    assert "nl/-/shops/2/index.html" not in site.files


def names(site, path):
    """The names of shops on a page of the directory, in order."""
    return [words(link) for link in site.tree(path).xpath("//li[@class='shop-row']//a")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_directory_has_pages_of_a_hundred(shape, language):
    """250 shops are 100, 100 and 50, each once; pages lead to each other and nothing lies beyond the last."""
    site = shape("many shops")
    paths = [f"{language}/index.html", f"{language}/-/shops/2/index.html", f"{language}/-/shops/3/index.html"]
    listed = [names(site, path) for path in paths]
    assert list(map(len, listed)) == [100, 100, 50]
    assert len({name for page in listed for name in page}) == 250
    assert f"{language}/-/shops/4/index.html" not in site.files
    assert f"{language}/-/shops/1/index.html" not in site.files
    for number, path in enumerate(paths):
        rel = {a.get("rel"): a.get("href") for a in site.tree(path).xpath("//nav[@class='pager']/a")}
        around = {"prev": paths[number - 1] if number else None, "next": paths[number + 1] if number < 2 else None}
        assert rel == {key: "/" + value.removesuffix("index.html") for key, value in around.items() if value}


def test_shops_stand_by_name_whatever_its_case_and_accents(shape):
    """Accents, capitals and leading signs don't move a name out of its place; figures come first."""
    site = shape("many shops")
    paths = ("nl/index.html", "nl/-/shops/2/index.html", "nl/-/shops/3/index.html")
    listed = [name for path in paths for name in names(site, path)]
    special = [name for name in listed if not name.startswith("Winkel")]
    equal = {"éclair": 4, "Eclair": 4, "zèbre": 8, "Zebra": 8}
    assert sorted(special, key=lambda name: (equal.get(name, ORDER.index(name)), special.index(name))) == special
    plain = [name for name in listed if name.startswith("Winkel")]
    assert plain == sorted(plain)
    assert listed.index("'t Hoekje") < listed.index("Winkel 000") < listed.index("Zebra")


def test_letters_lead_to_the_page_where_they_begin(shape):
    """Each initial once, in order, its link to the first shop of that letter; figures share one heading."""
    site = shape("many shops")
    letters = {words(a): a.get("href") for a in site.tree("nl/index.html").xpath("//ul[@class='letters']//a")}
    assert list(letters) == ["0\N{EN DASH}9", "A", "C", "E", "T", "W", "Z"]
    assert len(site.tree("nl/index.html").xpath("//ul[@class='letters']//a")) == len(letters)
    assert letters["W"].startswith("/nl/#")
    assert letters["Z"].startswith("/nl/-/shops/3/#")
    for language in ("nl", "en"):
        for number in (2, 3):
            again = {
                words(a): a.get("href")
                for a in site.tree(f"{language}/-/shops/{number}/index.html").xpath("//ul[@class='letters']//a")
            }
            assert list(again) == list(letters)
