"""A shop's life: it is renamed, leaves, is expelled, closes, merges, changes hands; what was pasted keeps answering."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from built_site import refresh, words

GONE = ("weg", "eruit", "dicht")
DAYS = {"nl": "1 juli 2025", "en": "1 July 2025"}


def same_moved(site, path, target):
    """Whether a page leads on to `target`, also without JavaScript and without following refreshes."""
    tree = site.tree(path)
    leads = [refresh(meta) for meta in tree.iter("meta") if refresh(meta) is not None]
    return leads == [target] and tree.xpath("//a/@href") == [target]


@pytest.mark.parametrize(("earlier", "slug"), [("vroeger", "veel"), ("eerder", "weinig")])
def test_earlier_addresses_keep_answering(shape, earlier, slug):
    """Pages, archive pages and the form's address lead on; data, badges and widgets are the shop's own."""
    site = shape("everything")
    for language in ("nl", "en"):
        pages = [path for path in site.pages if path.startswith(f"{language}/{slug}/")]
        for path in pages:
            target = "/" + path.removesuffix("index.html")
            assert same_moved(site, path.replace(f"/{slug}/", f"/{earlier}/"), target), path
    assert same_moved(site, f"review/{earlier}/index.html", f"/review/{slug}/")
    own = [path for path in site.files if path.startswith(f"v1/{slug}/")]
    assert own
    for path in own:
        answer = site.bytes(path.replace(f"/{slug}/", f"/{earlier}/"))
        here, there = f"/v1/{slug}/".encode(), f"/v1/{earlier}/".encode()
        assert answer.replace(there, here) == site.bytes(path).replace(there, here)  # ids in feeds hold the first slug


def test_the_widget_of_an_earlier_snippet_knows_its_element(shape):
    """A widget carries the shop's earlier slugs, so that an element with an old `shop` attribute is filled."""
    data = shape("everything").widget("v1/vroeger/widget.nl.js")
    assert (data["shop"], data["formerly"]) == ("veel", ["vroeger"])


@pytest.mark.parametrize("language", DAYS)
def test_what_became_of_a_shop_has_a_sentence_of_its_own(shape, language):
    """Leaving, being expelled and closing are told apart, each with the first day after the last."""
    site = shape("everything")
    found = {site.widget(f"v1/{slug}/widget.{language}.js")["status"] for slug in GONE}
    assert len(found) == 3
    assert all(DAYS[language] in sentence for sentence in found)
    assert "status" not in site.widget(f"v1/vijf/widget.{language}.js")


@pytest.mark.parametrize("language", DAYS)
@pytest.mark.parametrize("slug", GONE)
def test_what_became_of_a_shop_stands_on_everything(shape, slug, language):
    """Page, archive, badge and the form's address say the widget's sentence of since when a shop is gone."""
    site = shape("everything")
    sentence = site.widget(f"v1/{slug}/widget.{language}.js")["status"]
    for form in ("badge", "badge-wide"):
        assert sentence in site.tree(f"v1/{slug}/{form}.{language}.svg").xpath("//svg/@aria-label")[0]
    assert words(site.tree(f"{language}/{slug}/page/1/index.html").xpath("//*[@class='status']")[0]) == sentence
    if slug != "dicht":
        assert words(site.tree(f"{language}/{slug}/index.html").xpath("//*[@class='status']")[0]) == sentence
    assert sentence in words(site.tree(f"review/{slug}/index.html"))


def test_a_shop_that_left_takes_no_reviews(shape):
    """Neither its page nor its form's address leads to the desk; an active shop's do."""
    site = shape("with a desk")
    assert not site.tree("review/weg/index.html").xpath("//meta[@http-equiv] | //a[contains(@href, 'desk')]")
    assert not site.tree("nl/weg/index.html").xpath("//a[contains(@href, '/review/')]")
    assert site.tree("nl/vijf/index.html").xpath("//a[@href='/review/vijf/']")
    assert site.tree("review/vijf/index.html").xpath("//a/@href")[0] == "https://desk.example.nl/review/vijf"


def test_without_a_desk_the_forms_address_names_the_operators_mail(shape):
    """`/review/<slug>/` and `/review/` always answer, and name an address in every language."""
    site = shape("everything")
    for path in ("review/index.html", "review/vijf/index.html"):
        assert site.tree(path).xpath("//a/@href").count("mailto:post@example.nl") == 2


def test_merging_leads_on_and_adds_no_score(shape):
    """The merged shop's page leads to the other, its archive and data stay, it isn't listed, and no score changes."""
    site = shape("everything")
    for language in ("nl", "en"):
        assert same_moved(site, f"{language}/dicht/index.html", f"/{language}/veel/")
        assert f"/{language}/dicht/" not in site.tree(f"{language}/index.html").xpath("//a/@href")
        assert len(site.tree(f"{language}/dicht/page/1/index.html").xpath("//article")) == 5
    assert site.json("v1/dicht/score.json")["counted"] == 5
    assert site.json("v1/veel/score.json")["counted"] == 47 - 5


def test_a_new_owner_starts_without_the_old_score(shape):
    """Reviews from before a new owner stay visible and uncounted; only two count here, so there is no score."""
    site = shape("everything")
    assert site.json("v1/overgenomen/score.json") | {"as_of": ""} == {
        "schema": 1, "shop": "overgenomen", "threshold": 5, "counted": 2, "visible": 5, "held": 0, "withdrawn": 0,
        "removed": 0, "score": None, "mean": None, "best": 10, "worst": 1, "as_of": "",
    }  # fmt: skip
    assert len(site.tree("nl/overgenomen/index.html").xpath("//article//p[@aria-label]")) == 5


def test_open_data_gives_status_and_last_day(shape):
    """`reviews.json` says what became of a shop, with its last day, the one before `since`."""
    value = shape("everything").json("v1/weg/reviews.json")
    assert (value["status"], value["until"]) == ("left", "2025-06-30")
    assert date.fromisoformat(value["until"]) + timedelta(1) == date(2025, 7, 1)
    assert json.dumps(shape("everything").json("v1/vijf/reviews.json")["until"]) == "null"
