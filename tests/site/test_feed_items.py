"""What a feed holds: every visible review and dated reply, newest first, under ids that nothing changes."""

from __future__ import annotations

import re
from datetime import timedelta

import made_content as made
import pytest
from built_site import BuiltSite
from lxml import etree
from vijf.publish import disk
from vijf.publish.build import build
from vijf.publish.state import State

URL = "https://reviews.example.nl"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems some fifty times."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


def built(folder, shops, **settings):
    """A site of these shops: slug to (shop, reviews)."""
    for path, text in made.files(made.site(**settings), shops).items():
        target = folder / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    output = folder / "site"
    build(folder / "content", output, State.of(output), None)
    return BuiltSite(output, settings.get("url", URL))


def items(site, slug="winkel"):
    """The items of a shop's feed, by the end of their ids: what names them within the shop."""
    return {item["id"].split("/", 3)[3]: item for item in site.json(f"v1/{slug}/feed.json")["items"]}


def one(folder, *reviews, shop=None, **settings):
    """The items of a shop with these reviews."""
    return items(built(folder, {"winkel": (shop or made.shop("De Winkel"), list(reviews))}, **settings))


def reply(number, by="shop", text="Dank u.", **facts):
    """A reply on the `number`-th day."""
    return {"by": by, "date": (made.FIRST_DAY + timedelta(number)).isoformat(), "text": text, **facts}


def test_a_review_on_hold_or_removed_leaves_no_word(tmp_path):
    """Where a review was there is nothing left of it: no item, no words, no placeholder, also of its replies."""
    words = {"title": "Geheimtitel", "text": "Geheimtekst", "replies": [reply(2, text="Geheimreactie")]}
    before = one(tmp_path / "a", made.review(0, 8), made.review(1, 9, **words))
    assert list(before) == ["r1/shop/2025-01-08", "r1", "r0"]
    for name, gone in (("held", made.held(1, 9)), ("removed", made.removed(1, 9))):
        site = built(tmp_path / name, {"winkel": (made.shop("De Winkel"), [made.review(0, 8), gone])})
        assert list(items(site)) == ["r0"]
        for path in ("v1/winkel/feed.json", "v1/winkel/feed.xml", "v1/feed.xml"):
            assert "r1" not in site.text(path)
            assert "eheim" not in site.text(path)


def test_a_removal_moves_the_feed_on(tmp_path):
    """`updated` of a feed is the last event in the data, also when that took an item away; never the build's time."""
    gone = made.review(1, 9, removed={"date": "2025-02-03", "ground": "fake", "by": "operator"})
    site = built(tmp_path, {"winkel": (made.shop("De Winkel"), [made.review(0, 8), gone])})
    for path in ("v1/winkel/feed.xml", "v1/feed.xml"):
        root = etree.fromstring(site.bytes(path))
        assert root.findtext(f"{ATOM}updated") == "2025-02-02T23:00:00Z"  # 00:00 of that day in Amsterdam
        assert [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")] == ["2025-01-05T23:00:00Z"]


def test_the_day_of_an_erasure_is_told_nowhere(tmp_path):
    """An erased review's days are in no feed: not as an item, nor as the last event."""
    gone = made.review(1, 9, removed={"date": "2025-02-03", "ground": "erased", "by": "customer"})
    site = built(tmp_path, {"winkel": (made.shop("De Winkel"), [made.review(0, 8), gone])})
    for path in ("v1/winkel/feed.xml", "v1/feed.xml", "v1/winkel/feed.json"):
        assert not re.search("2025-02|2025-01-0[67]", site.text(path))


def test_a_reply_adds_an_item_and_changes_no_other(tmp_path):
    """A dated reply is an item of its own; what stood in the feed before stays as it was, ids and dates included."""
    texts = [reply(5, text="Dank."), reply(3, by="customer", text="Nog iets."), reply(5, text="En nog eens.")]
    before = one(tmp_path / "0", made.review(0, 8, title="Mooi"), made.review(1, 9))
    for count in (1, 2, 3):
        after = one(tmp_path / str(count), made.review(0, 8, title="Mooi", replies=texts[:count]), made.review(1, 9))
        assert {name: after[name] for name in before} == before
        assert len(after) == len(before) + 1
        before = after
    assert list(before) == ["r0/shop/2025-01-11/2", "r0/shop/2025-01-11", "r0/customer/2025-01-09", "r1", "r0"]
    last = before["r0/shop/2025-01-11/2"]
    assert last["title"] == "Reactie van De Winkel bij “Mooi”"
    assert last["content_text"] == "En nog eens."
    assert last["authors"] == [{"name": "De Winkel"}]
    assert last["_vijf"] == {"shop": "winkel", "review": "r0", "by": "shop"}
    assert before["r0/customer/2025-01-09"]["authors"] == [{"name": "Een klant"}]


def test_titles_of_replies_name_what_they_answer(tmp_path):
    """A reply is called after the review's title, else after its author, else after a customer."""
    reviews = [
        made.review(0, 8, replies=[reply(0)]),
        made.review(1, 8, author={"name": "Bo"}, replies=[reply(1)]),
        made.review(2, 8, author={"name": "Bo"}, title="Top", replies=[reply(2, by="operator")]),
    ]
    assert [item["title"] for name, item in one(tmp_path, *reviews).items() if "/" in name] == [
        "Toelichting van Stichting Voorbeeldkeur bij “Top”",
        "Reactie van De Winkel bij de beoordeling van Bo",
        "Reactie van De Winkel bij een beoordeling van een klant",
    ]


def test_an_imported_reply_without_a_date_stands_in_its_review(tmp_path):
    """It makes no item; its words and who says them stand in the review's own content."""
    imported = made.review(
        0, 8, text="Prima.", origin={"platform": "kiyoh"}, replies=[{"by": "shop", "text": "Fijn zo!"}]
    )
    found = one(tmp_path, imported)
    assert list(found) == ["r0"]
    assert "Reactie van De Winkel:\nFijn zo!" in found["r0"]["content_text"]


def test_a_new_name_for_the_shop_changes_no_id(tmp_path):
    """Renamed once and again, a shop keeps the ids of its feed and items; the old address has the same feed."""
    reviews = [made.review(0, 8, replies=[reply(1)]), made.review(1, 9)]
    first = built(tmp_path / "1", {"eerst": (made.shop("Zaak"), reviews)})
    second = built(tmp_path / "2", {"toen": (made.shop("Zaak", formerly=["eerst"]), reviews)})
    third = built(tmp_path / "3", {"nu": (made.shop("Zaak", formerly=["eerst", "toen"]), reviews)})

    def ids(site, path):
        return [element.text for element in etree.fromstring(site.bytes(path)).iter(f"{ATOM}id")]

    assert ids(first, "v1/eerst/feed.xml") == ids(second, "v1/toen/feed.xml") == ids(third, "v1/nu/feed.xml")
    assert ids(first, "v1/feed.xml") == ids(third, "v1/feed.xml")
    for name in ("feed.xml", "feed.json"):
        assert third.bytes(f"v1/eerst/{name}") == third.bytes(f"v1/toen/{name}") == third.bytes(f"v1/nu/{name}")


def test_what_happens_to_a_review_changes_no_id(tmp_path):
    """Amended, redacted, its mark withdrawn: the id stays and `updated` is that day; `published` is always the first."""
    plain = made.review(0, 8, text="Goed.")
    day = {"date": "2025-03-02"}
    found = {
        "": one(tmp_path / "0", plain)["r0"],
        "Gewijzigd": one(tmp_path / "1", plain | {"amended": [{**day, "rating": 4}]})["r0"],
        "onleesbaar": one(tmp_path / "2", plain | {"redacted": day})["r0"],
        "Cijfer": one(tmp_path / "3", plain | {"rating_withdrawn": {**day, "reason": "customer"}})["r0"],
    }
    assert len({item["id"] for item in found.values()}) == 1
    assert {item["date_published"] for item in found.values()} == {"2025-01-05T23:00:00Z"}
    assert found.pop("")["date_modified"] == "2025-01-05T23:00:00Z"
    for words, item in found.items():
        assert item["date_modified"] == "2025-03-01T23:00:00Z"
        assert words in item["content_text"]


def test_ids_are_of_host_and_path(tmp_path):
    """An id is a tag URI of the site's host, without its port, and its path; two sites on one host share none."""
    found = one(tmp_path / "a", made.review(0, 8), url="https://host.example:8443/shops")
    assert found["winkel/r0"]["id"] == "tag:host.example,2026:/shops/v1/winkel/r0"
    assert one(tmp_path / "b", made.review(0, 8))["r0"]["id"] == "tag:reviews.example.nl,2026:/v1/winkel/r0"


def test_what_must_be_said_of_a_review_is_said(tmp_path):
    """Incentive, origin, how it was checked, why it doesn't count, both days: all stand in the words of the item."""
    full = made.review(
        5,
        8.5,
        received="2025-01-06",
        title="Titel",
        text="Eerste alinea.\n\nTweede <b>alinea</b>.",
        language="en",
        author={"name": "Anna", "place": "Zwolle"},
        incentive="discount",
        experience="2025-01-02",
        verification={"method": "invoice"},
        aspects={"delivery": 9},
        recommends=False,
        origin={"platform": "kiyoh", "rating": 4, "scale": [1, 5]},
    )
    item = one(tmp_path / "a", full)["r5"]
    assert item["title"] == "8,5 van 10 – Titel"
    assert item["authors"] == [{"name": "Anna uit Zwolle"}]
    assert item["language"] == "en"
    text = item["content_text"]
    assert text.startswith("Eerste alinea.\n\nTweede <b>alinea</b>.\n\n")
    for words in (
        "Levering 9",
        "Beveelt dit bedrijf niet aan",
        "Overgenomen van Kiyoh",
        "Tegenprestatie: korting.",
        "Telt niet mee: overgenomen van een ander platform.",
        "6 januari 2025",
        "11 januari 2025",
        "Gecontroleerd via factuur",
        "2 januari 2025",
    ):
        assert words in text, words
    facts = {"shop": "winkel", "review": "r5", "rating": 8.5, "counted": False, "why": "imported"}
    assert item["_vijf"] == facts


def test_a_review_without_mark_title_or_name_has_words_too(tmp_path):
    """No title: the author stands there, or a customer; no mark: none is made up; only a mark: a sentence says so."""
    found = one(tmp_path, made.review(0), made.review(1, 7), made.review(2, 7, author={"name": "Bo"}))
    assert [item["title"] for item in found.values()] == ["7 van 10 – Bo", "7 van 10 – Een klant", "Een klant"]
    assert found["r1"]["content_text"].startswith("Alleen een cijfer, zonder tekst.\n")
    assert found["r0"]["_vijf"]["rating"] is None


def test_a_mark_that_was_withdrawn_is_not_in_the_title(tmp_path):
    """The sentence says what it was; the title names it no longer."""
    withdrawn = {"date": "2025-03-02", "reason": "no_answer"}
    item = one(tmp_path, made.review(0, 3, title="Nee", rating_withdrawn=withdrawn))["r0"]
    assert item["title"] == "Nee"
    assert "was 3" in item["content_text"]
    assert item["_vijf"]["counted"] is False


def test_newest_first_by_their_own_dates(any_site):
    """In every feed items stand by date of publication, newest first."""
    for path in any_site.files:
        if path.endswith("/feed.json"):
            found = any_site.json(path)["items"]
            assert [i["date_published"] for i in found] == sorted((i["date_published"] for i in found), reverse=True)


def test_items_of_one_moment_have_one_order(tmp_path):
    """Reviews of the same day stand as in every list; replies of that day above them, the later one first."""
    same = {"received": "2025-01-06", "published": "2025-01-06"}
    replies = [reply(0, text="Een."), reply(0, text="Twee.")]
    reviews = [made.review(2, 7, **same), made.review(1, 8, **same, replies=replies), made.review(3, 9, **same)]
    names = ["r1/shop/2025-01-06/2", "r1/shop/2025-01-06", "r3", "r2", "r1"]
    assert list(one(tmp_path / "a", *reviews)) == names
    assert list(one(tmp_path / "b", *reversed(reviews))) == names


def test_a_shops_feed_holds_forty(shape, tmp_path):
    """The newest 40 items, whatever there is; all where there are fewer."""
    reviews = [made.review(number, 8) for number in range(41)]
    assert list(one(tmp_path, *reviews)) == [f"r{number}" for number in range(40, 0, -1)]
    assert len(items(shape("everything"), "veel")) == 40
    assert len(items(shape("everything"), "vier")) == 4


def test_the_sites_feed_holds_fifty_and_five_of_a_shop(tmp_path):
    """Of each shop at most its newest five, of these the newest fifty; an import pushes nobody out."""
    shops = {
        f"s{number}": (made.shop(f"Zaak {number}"), [made.review(day * 12 + number, 8) for day in range(7)])
        for number in range(12)
    }
    shops["import"] = (made.shop("Import"), [made.review(400 + number, 8) for number in range(60)])
    site = built(tmp_path, shops)
    entries = etree.fromstring(site.bytes("v1/feed.xml")).findall(f"{ATOM}entry")
    found = [entry.findtext(f"{ATOM}id").split("/v1/")[1] for entry in entries]
    allowed = [f"import/r{number}" for number in range(459, 454, -1)]
    allowed += [f"s{day % 12}/r{day}" for day in range(83, 23, -1)]
    assert found == allowed[:50]
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles[0] == "Import: 8 van 10 – Een klant"
    assert [entry.find(f"{ATOM}category").get("term") for entry in entries] == [name.split("/")[0] for name in found]


def test_a_shops_own_reply_names_the_shop_once(tmp_path):
    """In the site's feed a title that says the shop's name already isn't given it again."""
    site = built(tmp_path, {"winkel": (made.shop("De Winkel"), [made.review(0, 8, title="Mooi", replies=[reply(1)])])})
    titles = [e.findtext(f"{ATOM}title") for e in etree.fromstring(site.bytes("v1/feed.xml")).iter(f"{ATOM}entry")]
    assert titles == ["Reactie van De Winkel bij “Mooi”", "De Winkel: 8 van 10 – Mooi"]


def test_reviews_of_a_shop_that_merged_stay_in_feeds(shape):
    """They are still read at their own addresses, so they still stand in the shop's feed and in the site's."""
    site = shape("everything")
    feed = site.json("v1/dicht/feed.json")
    assert len(feed["items"]) == 5
    assert feed["home_page_url"] == f"{URL}/nl/dicht/page/1/"
    assert "Geen" in site.json("v1/weg/feed.json")["description"]


def test_below_five_and_above_no_feed_sums_up(tmp_path):
    """Marks of other reviews change nothing in a feed but their own items: there is no mean, share or number in it."""
    marks = (2, 9.5, 7, 6.5, 8, 10)
    for count in (4, 6):
        low, high = (
            one(tmp_path / f"{count}{mark}", *(made.review(n, m) for n, m in enumerate((*marks[: count - 1], mark))))
            for mark in (1, 10)
        )
        assert {name: low[name] for name in list(low)[1:]} == {name: high[name] for name in list(high)[1:]}
        site = BuiltSite(tmp_path / f"{count}1" / "site", URL)
        other = BuiltSite(tmp_path / f"{count}10" / "site", URL)
        for path in ("v1/winkel/feed.json", "v1/winkel/feed.xml", "v1/feed.xml"):
            first, second = site.text(path), other.text(path)
            assert first != second
            ours, theirs = "1 van 10 – ", "10 van 10 – "
            assert first.replace(ours, "M", 1).replace('"rating":1,', "R", 1) == second.replace(theirs, "M", 1).replace(
                '"rating":10,', "R", 1
            )


@pytest.mark.parametrize("languages", [["nl", "en"], ["en", "nl"]])
def test_feeds_are_in_the_default_language(languages, tmp_path):
    """The first language of the site is that of its feeds, and of the pages that they lead to."""
    site = built(tmp_path, {"winkel": (made.shop("De Winkel"), [made.review(0, 8)])}, languages=languages)
    feed = site.json("v1/winkel/feed.json")
    assert feed["language"] == languages[0]
    assert feed["title"] == {"nl": "Beoordelingen over De Winkel", "en": "Reviews of De Winkel"}[languages[0]]
    assert feed["items"][0]["url"].startswith(f"{URL}/{languages[0]}/winkel/page/1/#")
    xml = etree.fromstring(site.bytes("v1/feed.xml"))
    assert xml.get("{http://www.w3.org/XML/1998/namespace}lang") == languages[0]


def test_two_builds_give_the_same_feeds(tmp_path):
    """The same content gives the same bytes: there is no clock in a feed."""
    first, second = (BuiltSite(made.build(tmp_path / name, made.everything()), URL) for name in "ab")
    feeds = [path for path in first.files if "/feed." in path]
    assert feeds
    assert all(first.bytes(path) == second.bytes(path) for path in feeds)
