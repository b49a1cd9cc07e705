"""Below the threshold no sum of ratings exists in any output.

The strongest question comes first: two sites whose contents differ only in marks must not differ anywhere but
beside the single reviews. Then each known form of an aggregate is looked for by name and by value.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction

import made_content as made
import pytest
import recount
from built_site import BuiltSite, strip_reviews, words
from drawn_text import drawn_lines
from vijf.render.stars import STAR_PATH

LOW, HIGH = (1, 2.5, 3, 1.5), (9.5, 10, 8, 7)
OTHER = (made.held, made.removed)
STARS = (STAR_PATH[:30], "#bd6500", "#f2aa44")
"""What stars in a badge are made of: their outline and their colours. Letters are paths too."""
FORBIDDEN = ("aggregateRating", "AggregateRating", "reviewRating", "ratingValue", "ratingCount", "bestRating")


def few_reviews(marks, threshold=5):
    """Shops with none to `threshold - 1` counted marks, alone and beside everything that doesn't count."""
    shops = {}
    for count in range(threshold):
        own = [
            made.review(
                n, marks[n % 4], aspects={"delivery": marks[(n + 1) % 4], "service": 5}, recommends=marks is HIGH
            )
            for n in range(count)
        ]
        beside = [
            made.held(20, marks[0]),
            made.removed(21, marks[1]),
            made.removed(22, marks[2], "erased"),
            made.removed(23, marks[3], "withdrawn_by_customer"),
            made.review(24, marks[0], origin={"platform": "kiyoh"}),
            made.review(25, marks[1], rating_withdrawn={"date": "2025-03-01", "reason": "customer"}),
            made.review(26),
        ]
        shops[f"only-{count}"] = (made.shop(f"Only {'abcdefghij'[count]}"), own)
        shops[f"mixed-{count}"] = (made.shop(f"Mixed {'abcdefghij'[count]}", formerly=[f"was-{count}"]), own + beside)
    owner = [made.review(n, marks[n % 4]) for n in range(12)]
    shops["new-owner"] = (made.shop("New owner", owner_since="2025-01-16"), owner)
    shops["left"] = (made.shop("Left", status="left", until="2025-06-30"), [made.review(0, marks[0])])
    return made.files(made.site(threshold=threshold), shops)


@pytest.fixture(scope="session", params=[5, 10])
def pair(request, tmp_path_factory):
    """The same shops below the threshold, once with low and once with high marks."""
    return [
        BuiltSite(
            made.build(tmp_path_factory.mktemp("few"), few_reviews(marks, request.param)), "https://reviews.example.nl"
        )
        for marks in (LOW, HIGH)
    ]


def without_single_marks(site, path):
    """A file as bytes, less the places where one review may say its own mark."""
    if path.endswith(".html"):
        return strip_reviews(site.tree(path))
    if "/reviews" in path:
        value = site.json(path)
        for review in value["reviews"]:
            if not {"held", "removed"} & set(review):
                review["rating"] = bool(review["rating"])
                review.pop("recommends", None)
                review.pop("aspects", None)
        return json.dumps(value)
    if path.endswith("/feed.json"):
        value = site.json(path)
        for item in value["items"]:
            del item["title"], item["content_text"]
            item["_vijf"].pop("rating", None)
        return json.dumps(value)
    if path.endswith("/feed.xml"):
        return re.sub(rb"(?<=<entry)(.*?)<title>.*?</title>(.*?)<content.*?</content>", rb"\1\2", site.bytes(path), flags=re.S)
    if "/widget." in path:
        value = site.widget(path) if path.endswith(".js") else site.json(path)
        for review in value["reviews"]:
            review.pop("rating", None)
            review["note"] = re.sub(r"\((was|then) [\d.,]+\)", "", review.get("note", ""))
        return json.dumps(value)
    return site.bytes(path)


def test_marks_change_nothing_but_the_places_of_single_reviews(pair):
    """Low and high marks give the same site, byte for byte, but for each review's own mark."""
    low, high = pair
    assert low.files == high.files
    for path in low.files - {"build.json"}:
        assert without_single_marks(low, path) == without_single_marks(high, path), path


def test_marks_are_really_in_the_places_of_single_reviews(pair):
    """The test above would also pass for a site without marks: pages, widgets and open data do hold them."""
    low, high = pair
    for path in (
        "nl/only-4/index.html",
        "nl/only-4/page/1/index.html",
        "v1/only-4/reviews.json",
        "v1/only-4/widget.nl.js",
        "v1/only-4/widget.nl.json",
        "v1/only-4/frame.nl.html",
        "v1/only-4/feed.json",
        "v1/only-4/feed.xml",
    ):
        assert low.bytes(path) != high.bytes(path)


def below(site: BuiltSite):
    """(slug, all files that are about it) of each shop without a score."""
    for path in sorted(site.files):
        if path.endswith("/score.json") and site.json(path)["score"] is None:
            slug = path.split("/")[1]
            yield slug, site.shop_files(slug)


def test_no_form_of_an_aggregate_is_there(any_site):
    """No stars, bars, per cents, score block or rating markup for any shop below the threshold, in any file."""
    for _, paths in below(any_site):
        for path in paths:
            text = any_site.text(path) if path.endswith((".html", ".svg", ".json", ".js")) else ""
            assert not [word for word in FORBIDDEN if word in text], path
            if path.endswith(".html"):
                tree = any_site.tree(path)
                assert not tree.xpath(
                    "//main//svg | //*[contains(@class, 'stars') or contains(@class, 'bar') or @class='big']"
                ), path
                assert not re.search(r"\d\s*%", words(tree.find(".//main")).replace('width="100%"', "")), path
            if path.endswith(".svg"):
                assert not any_site.tree(path).xpath("//svg//svg | //*[@class] | //lineargradient | //clippath"), path
                assert not [word for word in STARS if word in text], path
                assert not [line for line in drawn_lines(any_site.bytes(path)) if re.match(r"[\d/]+\D?\d*$", line)], path
            if "/widget." in path:
                value = any_site.widget(path) if path.endswith(".js") else any_site.json(path)
                assert value["score"] is None
            if path.endswith("score.json"):
                assert (any_site.json(path)["score"], any_site.json(path)["mean"]) == (None, None)


def test_the_directory_gives_such_a_shop_no_number(any_site):
    """A row of a shop below the threshold has no stars, no mean and no bold figure."""
    without = {slug for slug, _ in below(any_site)}
    for path in any_site.pages:
        for row in any_site.tree(path).xpath("//li[@class='shop-row']"):
            slug = row.find(".//a").get("href").rstrip("/").split("/")[-1]
            assert bool(row.xpath(".//svg | .//b")) == (slug not in without), (path, slug)


def written(mean: Fraction) -> set[str]:
    """How someone might write a mean: in tenths and hundredths, of ten and of five, as a share, in both locales."""
    values = {mean, mean / 2}
    found = {f"{float(value):.{digits}f}" for value in values for digits in (1, 2, 3)}
    found |= {recount.half_up(mean), recount.half_up(mean / 2), f"{float(mean / 10):.4f}"}
    found |= {f"{mean.numerator}/{mean.denominator}"} if mean.denominator > 1 else set()
    return found | {number.replace(".", ",") for number in found}


def test_the_mean_that_must_not_exist_is_nowhere(tmp_path):
    """Marks are chosen so that their mean equals nothing else that is shown; no spelling of it is anywhere."""
    marks = (3.5, 9.5, 10, 1.5)
    for left_out in range(3):
        given = marks[: 4 - left_out]
        mean = Fraction(sum(map(Fraction, given))) / len(given)
        spelt = written(mean) - {str(mark) for mark in given} - {str(mark).replace(".", ",") for mark in given}
        # Every single mark counts towards five as well: `9.5` alone is no aggregate, `19/2` would be.
        folder = tmp_path / str(left_out)
        content = made.files(
            made.site(), {"weinig": (made.shop("Weinig"), [made.review(n, m) for n, m in enumerate(given)])}
        )
        site = BuiltSite(made.build(folder, content), "https://reviews.example.nl")
        pattern = re.compile(r"(?<![\d.,/])(" + "|".join(map(re.escape, sorted(spelt))) + r")(?![\d/])")
        for path in site.files - {"build.json", *site.pinned}:
            text = site.text(path) if not path.endswith(".png") else ""
            if path.endswith(".html"):
                text = re.sub("<style>.*?</style>|<symbol.*?</symbol>", "", text, flags=re.DOTALL)
            if path.endswith(".js"):
                text = json.dumps(site.widget(path))
            if path.endswith(".svg"):
                said = [*drawn_lines(site.bytes(path)), site.tree(path).xpath("//svg/@aria-label")[0]]
                text = "\n".join([*said, re.sub(r'(font-size|x|y|rx|viewBox|width|transform|d)="[^"]*"', "", text)])
            assert not pattern.search(text), (path, pattern.search(text))


def test_what_stands_there_instead_is_never_a_fraction(shape):
    """The designed state: how many reviews there are and from when a score is shown, never `3 of 5`."""
    site = shape("everything")
    assert words(site.tree("nl/vier/index.html").xpath("//*[contains(@class, 'unscored')]")[0]) == (
        "Nog geen score: 4 beoordelingen Vanaf 5 tonen wij een score"  # the glossary's words
    )
    assert words(site.tree("en/vier/index.html").xpath("//*[contains(@class, 'unscored')]")[0]) == (
        "No score yet: 4 reviews We show a score from 5"
    )
    for _, paths in below(site):
        for path in paths:
            if path.endswith((".html", ".svg")):
                drawn = drawn_lines(site.bytes(path)) if path.endswith(".svg") else []
                text = " ".join([words(site.tree(path)), *drawn])
                assert not re.search(r"\d (van|of|out of|from) (the )?5\b|\d\s*/\s*5\b", text), path


def test_parts_of_a_score_need_as_many_answers_as_the_score(tmp_path):
    """An aspect, a year, the last months and recommendations with four answers change nothing, whatever they say."""

    def content(mark, says):
        facts = {"aspects": {"delivery": mark}, "recommends": says}
        old = [made.review(n, 8) for n in range(6)]
        new = [made.review(500 + n, mark, **facts) for n in range(4)]
        balance = [made.review(n, 11 - mark) for n in (20, 21, 22, 23)]  # keeps the whole mean where it is
        return made.files(made.site(), {"zes": (made.shop("Zes"), old + balance + new)})

    one, other = (
        BuiltSite(made.build(tmp_path / str(mark), content(mark, says)), "https://reviews.example.nl")
        for mark, says in ((2, True), (9, False))
    )
    for language in ("nl", "en"):
        trees = [site.tree(f"{language}/zes/index.html") for site in (one, other)]
        years = [[words(row) for row in tree.xpath("//table[not(@class)][1]//tr")] for tree in trees]
        assert not re.search(r"\d", words(trees[0].xpath("//*[@class='keys']/li")[0]).partition(":")[2])
        assert years[0][0] == years[1][0]
        assert years[0][0].startswith("2026t")
        for tree in trees:
            assert len(tree.xpath("//table[contains(@class, 'bars')]")) == 1
            assert "%" not in words(tree.find(".//main"))
