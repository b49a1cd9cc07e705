"""All reviews, newest first, each in a place that stays: pages, archive, widget and open data."""

from __future__ import annotations

import json
import re

import made_content as made
import pytest
import recount
from built_site import BuiltSite, words

SHOPS = recount.shops(recount.DEMO)
PER_PAGE = 20


def anchors(site, path):
    """The ids of the reviews on a page, in order."""
    return [article.get("id").removeprefix("r-") for article in site.tree(path).iter("article")]


def chain(site, slug):
    """All entries of open data, following `next` from the head."""
    path, found = f"v1/{slug}/reviews.json", []
    while path:
        value = site.json(path)
        found += value["reviews"]
        path = site.file_at(f"{'/'.join(site.url.split('/')[:3])}{value['next']}") if value["next"] else None
    return found


@pytest.mark.parametrize("slug", SHOPS)
def test_every_list_is_newest_first_and_complete(demo, slug):
    """Head, archive and open data hold exactly the content's reviews, by (published, received, id), newest first."""
    ids = [entry["id"] for entry in SHOPS[slug].newest_first]
    for language in ("nl", "en"):
        if "merged_into" not in SHOPS[slug].shop:
            assert anchors(demo, f"{language}/{slug}/index.html") == ids[:PER_PAGE]
        pages = sorted(
            (path for path in demo.pages if path.startswith(f"{language}/{slug}/page/")),
            key=lambda path: -int(path.split("/")[3]),
        )
        assert [anchor for path in pages for anchor in anchors(demo, path)] == ids
        widget = demo.widget(f"v1/{slug}/widget.{language}.js")
        assert [review["url"].partition("#r-")[2] for review in widget["reviews"]] == ids[:10]
    assert [entry["id"] for entry in chain(demo, slug)] == ids


@pytest.mark.parametrize("slug", SHOPS)
def test_the_archive_is_numbered_from_the_oldest(demo, slug):
    """Page 1 holds the twenty oldest; only the last page is partial; each review links to its own archive page."""
    ids = [entry["id"] for entry in reversed(SHOPS[slug].newest_first)]
    for language in ("nl", "en"):
        place = {}
        for number in range(1, -(-len(ids) // PER_PAGE) + 1):
            expected = ids[(number - 1) * PER_PAGE : number * PER_PAGE]
            path = f"{language}/{slug}/page/{number}/index.html"
            assert anchors(demo, path) == expected[::-1]
            place |= dict.fromkeys(expected, f"/{path.removesuffix('index.html')}")
        assert f"{language}/{slug}/page/{-(-len(ids) // PER_PAGE) + 1}/index.html" not in demo.files
        for path in [path for path in demo.pages if path.startswith(f"{language}/{slug}/")]:
            for article in demo.tree(path).iter("article"):
                link = article.xpath(".//a[@class='when']/@href")
                review = article.get("id").removeprefix("r-")
                assert link == [f"{place[review]}#r-{review}"]


@pytest.mark.parametrize("slug", SHOPS)
def test_parts_of_open_data_are_numbered_like_the_pages(demo, slug):
    """`reviews/<n>.json` holds what page n holds, less what the head has; no part is empty."""
    ids = [entry["id"] for entry in SHOPS[slug].newest_first]
    beyond = ids[PER_PAGE:][::-1]
    parts = [path for path in demo.files if path.startswith(f"v1/{slug}/reviews/")]
    assert demo.json(f"v1/{slug}/reviews.json")["total"] == len(ids)
    assert len(parts) == -(-len(beyond) // PER_PAGE)
    for number in range(1, len(parts) + 1):
        value = demo.json(f"v1/{slug}/reviews/{number}.json")
        assert [entry["id"] for entry in value["reviews"]] == beyond[(number - 1) * PER_PAGE : number * PER_PAGE][::-1]
        assert "total" not in value


def test_archive_pages_hold_no_sum(any_site):
    """No score, stars, table, count of reviews or `n of m` on an archive page, whatever the shop has."""
    for path in any_site.pages:
        if "/page/" in path and not any_site.tree(path).xpath("//meta[@http-equiv]"):
            tree = any_site.tree(path)
            assert not tree.xpath("//main//table | //main//svg | //*[contains(@class, 'score')]"), path
            text = " ".join(words(part) for part in tree.xpath("//h2 | //main//nav | //main/div/p"))
            assert not re.search(r"\d+ (van|of|/) \d+", text), path


def site_with(count, folder):
    """A shop with `count` reviews."""
    content = made.files(made.site(), {"a": (made.shop("A"), [made.review(n, 1 + n % 10) for n in range(count)])})
    return BuiltSite(made.build(folder / str(count), content), "https://reviews.example.nl")


def test_a_new_review_leaves_older_archive_pages_as_they_are(tmp_path):
    """One more review changes the last archive page only: no page knows the total, so old ones stay as they are."""
    former, later = (site_with(count, tmp_path) for count in (47, 48))
    changed = {path for path in former.files if former.bytes(path) != later.bytes(path)}
    assert {path for path in changed if "/page/" in path} == {"nl/a/page/3/index.html", "en/a/page/3/index.html"}
    assert former.files == later.files


def test_the_first_review_of_a_new_archive_page_changes_only_the_page_before(tmp_path):
    """Review 41 opens page 3; page 2 gets its link there; page 1 stays."""
    former, later = (site_with(count, tmp_path) for count in (40, 41))
    assert {path.split("/")[3] for path in later.files - former.files if "/page/" in path} == {"3"}
    changed = {path for path in former.files if former.bytes(path) != later.bytes(path) and "/page/" in path}
    assert changed == {"nl/a/page/2/index.html", "en/a/page/2/index.html"}


def test_a_new_review_leaves_older_parts_of_open_data_as_they_are(tmp_path):
    """One more review changes the head of the open data and the part that it pushes a review into."""
    former, later = (site_with(count, tmp_path) for count in (47, 48))
    changed = {path for path in former.files if former.bytes(path) != later.bytes(path)}
    assert {path for path in changed if "/reviews" in path} == {"v1/a/reviews.json", "v1/a/reviews/2.json"}


HIDDEN = [
    (slug, entry) for slug, shop in SHOPS.items() for entry in shop.newest_first if {"held", "removed"} & set(entry)
]


def test_tombstones_keep_their_slots_and_say_why(demo):
    """A hidden review stands where it stood, with its ground and date, its own language, and that it is uncounted."""
    assert len(HIDDEN) >= 5
    for slug, entry in HIDDEN:
        data = next(e for e in chain(demo, slug) if e["id"] == entry["id"])
        assert data["counted"] is False
        assert data["why"] == ("removed" if "removed" in entry else "on_hold")
        assert data["rating"] is None
        for path in [path for path in demo.pages if path.startswith((f"nl/{slug}/", f"en/{slug}/"))]:
            for article in demo.tree(path).xpath("//article[@id=$name]", name=f"r-{entry['id']}"):
                assert "hidden-review" in article.get("class")
                state = words(article.xpath(".//*[@class='state']")[0])
                assert len(state) > 20, path
                assert not article.xpath(
                    ".//*[contains(@class, 'mark')] | .//h3 | .//*[@class='text'] | .//*[@class='who']"
                )


def test_hidden_reviews_hide_every_mark(tmp_path):
    """Two sites whose hidden reviews had other marks are the same, byte for byte, below and above the threshold."""

    def site(name, mark):
        hidden = [
            made.held(10, mark),
            made.removed(12, mark, "erased"),
            made.removed(13, mark, "withdrawn_by_customer"),
        ]
        shops = {
            "few": (made.shop("Few"), [made.review(0, 8), *hidden, made.removed(11, mark)]),
            "many": (made.shop("Many"), [made.review(n, 8) for n in range(6)] + hidden[:1] + hidden[2:]),
        }
        return BuiltSite(made.build(tmp_path / name, made.files(made.site(), shops)), "https://reviews.example.nl")

    low, high = site("low", 1.5), site("high", 9.5)
    assert [path for path in low.files - {"build.json"} if low.bytes(path) != high.bytes(path)] == []


@pytest.mark.parametrize("state", ["held", "fake", "erased"])
def test_hidden_reviews_hide_the_mark_that_another_platform_had(tmp_path, state):
    """The mark and number that a hidden review has on another platform are in no output either."""
    origin = {"platform": "kiyoh", "id": "elsewhere-4711", "rating": 4.25, "scale": [1, 5]}
    hidden = made.removed(0, 8, state) if state != "held" else made.held(0, 8)
    content = made.files(made.site(), {"a": (made.shop("A"), [{**hidden, "origin": origin}])})
    site = BuiltSite(made.build(tmp_path, content), "https://reviews.example.nl")
    assert [path for path in site.files if b"4.25" in site.bytes(path) or b"4711" in site.bytes(path)] == []


def erased_site(folder, day, received="2025-02-27"):
    """A shop with an erased review, on a given day."""
    gone = made.review(0, removed={"date": day, "ground": "erased", "by": "customer"})
    gone |= {"received": received, "published": received, "id": "gone", "experience": "2025-02-20",
             "verification": {"method": "invoice", "date": "2025-02-21"}}  # fmt: skip
    later = made.review(500, 8)
    content = made.files(made.site(), {"a": (made.shop("A"), [gone, later])})
    return BuiltSite(made.build(folder, content), "https://reviews.example.nl")


def test_erased_reviews_show_months_only(tmp_path):
    """No output has a day of a review that was erased: another day of the same month gives the same bytes."""
    one = erased_site(tmp_path / "one", "2025-03-11")
    other = erased_site(tmp_path / "other", "2025-03-25", received="2025-02-28")
    assert [path for path in one.files - {"build.json"} if one.bytes(path) != other.bytes(path)] == []
    for path in one.files - {"build.json"}:
        assert not re.search(rb"2025-0[23]-\d|\d+ (maart|march|februari|february) 2025", one.bytes(path).lower()), path
    assert "maart 2025" in words(one.tree("nl/a/index.html").xpath("//article[@id='r-gone']")[0])


def test_the_day_of_an_erasure_is_not_in_as_of(tmp_path):
    """When an erasure is the last thing that happened, `score.json` doesn't give its day away."""
    content = made.files(
        made.site(),
        {
            "a": (
                made.shop("A"),
                [
                    made.review(0, 8),
                    {
                        **made.removed(1, 8, "erased"),
                        "removed": {"date": "2025-09-09", "ground": "erased", "by": "customer"},
                    },
                ],
            )
        },
    )
    site = BuiltSite(made.build(tmp_path, content), "https://reviews.example.nl")
    assert "2025-09-09" not in site.text("v1/a/score.json")


def test_uncounted_reviews_say_why(shape):
    """Whatever doesn't count says so in a sentence beside it, on pages, in widgets and in open data."""
    site = shape("everything")
    why = {entry["id"]: entry["why"] for entry in chain(site, "weinig")}
    assert why == {"r5": "removed", "r4": "on_hold", "r3": "imported", "r2": "no_rating", "r1": None, "r0": None}
    assert {entry["why"] for entry in chain(site, "overgenomen")} == {None, "former_owner"}
    assert next(e for e in chain(site, "veel") if e["id"] == "r45")["why"] == "rating_withdrawn"

    def note(slug, review, language="nl"):
        return words(site.tree(f"{language}/{slug}/index.html").xpath(f"//article[@id='{review}']")[0])

    assert "Telt niet mee: " in note("weinig", "r-r3")
    assert "Kiyoh" in note("weinig", "r-r3", "en")
    assert "5 (1 to 5)" in note("weinig", "r-r3", "en")
    assert "Telt niet mee" in note("overgenomen", "r-r0")
    assert re.search(r"[Cc]ijfer vervallen.* 1 maart 2025.*klant reageerde niet.*\(was 6\)", note("veel", "r-r45"))
    assert "does not count" in note("veel", "r-r46", "en").lower()
    assert re.search(r"[Gg]ewijzigd op 2 maart 2025 \(was 4\)", note("veel", "r-r44"))
    assert re.search("tegenprestatie: .*korting", note("veel", "r-r44").lower())
    widget = {review["url"].partition("#r-")[2]: review for review in site.widget("v1/weinig/widget.nl.js")["reviews"]}
    assert "Telt niet mee" in widget["r3"]["note"]
    assert "rating" not in widget["r2"]


def test_reviews_without_a_mark_never_look_like_one(shape):
    """A review without a mark, or with a lapsed one, shows a dash that says what it is, and no number of stars."""
    site = shape("everything")
    for review in ("r45",):
        article = site.tree("nl/veel/index.html").xpath(f"//article[@id='r-{review}']")[0]
        assert words(article.xpath(".//p[contains(@class, 'mark')]")[0]) == "\N{EN DASH}"
        assert article.xpath(".//p[contains(@class, 'mark')]/@aria-label") == ["geen cijfer"]
        data = json.loads(site.tree("nl/veel/index.html").find(".//script").text)
        assert "reviewRating" not in next(r for r in data["review"] if r["@id"].endswith("#r-r45"))
