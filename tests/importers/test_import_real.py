"""Real exports through the whole command, recounted straight from the rows.

The rows are real customers' and in no repository: the tests run where VIJF_REAL_REVIEWS names a folder that holds them.
"""

import json
import os
from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from importing import SITE, make_content, tree, vijf

FOLDER = Path(os.environ.get("VIJF_REAL_REVIEWS") or "no-such-folder")
MAPS = Path(__file__).parent / "maps"
NAMES = {"rental": "trustpilot", "venue": "google"}
SLUGS = {
    "Turo": "turo",
    "Fat Llama": "fat-llama",
    "Getaround": "getaround",
    "Outdoorsy": "outdoorsy",
    "RVshare": "rvshare",
    "Lensrentals.com": "lensrentals",
    "KitSplit": "kitsplit",
    "S V Banquet Halls": "sv-banquet-halls",
}

pytestmark = pytest.mark.skipif(
    not all((FOLDER / f"{name}.jsonl").is_file() for name in NAMES), reason="the real reviews aren't here"
)


@pytest.fixture(scope="module")
def rows():
    """Slug -> the rows about it, oldest first."""
    found = defaultdict(list)
    for name in NAMES:
        for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[SLUGS[row["shop"]]].append(row)
    return {slug: sorted(of_shop, key=lambda row: row["created"]) for slug, of_shop in found.items()}


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """The site where both platforms count, and the one where none does."""
    built = {}
    for count in ("trustpilot, google", ""):
        root = tmp_path_factory.mktemp("real")
        content = make_content(root, site=SITE + f"imports: {{count: [{count}]}}\n")
        for name in NAMES:
            words = (FOLDER / f"{name}.jsonl", "--map", MAPS / f"{name}.map.yaml", "--content", content)
            code, _, err = vijf("import", "table", *words)
            assert (code, err) == (0, "")
            before = tree(content)
            assert vijf("import", "table", *words)[0] == 0
            assert tree(content) == before
        assert vijf("check", "--content", content)[0] == 0
        assert vijf("build", "--content", content, "--output", root / "site", "--state", root / "state")[0] == 0
        built[bool(count)] = root / "site"
    return built


def published(site, slug):
    """The whole archive of a shop, newest first, by following `next`."""
    path, found = f"/v1/{slug}/reviews.json", []
    while path:
        part = json.loads((site / path.lstrip("/")).read_bytes())
        found += part["reviews"]
        path = part["next"]
    return found


def test_each_shop_has_as_many_reviews_as_rows(rows, sites):
    """Nothing is lost and nothing comes twice: one shop has 1,540 reviews, one exactly five."""
    counts = {slug: len(of_shop) for slug, of_shop in rows.items()}
    assert sorted(counts.values())[0] == 5
    assert sorted(counts.values())[-1] == 1540
    for slug, count in counts.items():
        score = json.loads((sites[True] / f"v1/{slug}/score.json").read_bytes())
        archive = published(sites[True], slug)
        assert score["counted"] == score["visible"] == len(archive) == count
        assert len({review["id"] for review in archive}) == count


def test_scores_are_the_exact_means_of_the_rows(rows, sites):
    """Twice the mean of the stars, in lowest terms, and its one decimal rounded half up."""
    for slug, of_shop in rows.items():
        mean = Fraction(2 * sum(row["rating"] for row in of_shop), len(of_shop))
        score = json.loads((sites[True] / f"v1/{slug}/score.json").read_bytes())
        assert score["mean"] == f"{mean.numerator}/{mean.denominator}"
        assert score["score"] == int(mean * 10 + Fraction(1, 2)) / 10


def test_the_archive_says_what_the_rows_say(rows, sites):
    """Newest first, every review with its own mark, date, words and replies."""
    for slug, of_shop in rows.items():
        archive = list(reversed(published(sites[True], slug)))
        by_origin = {review["origin"]["id"]: review for review in archive}
        moments = [datetime.fromisoformat(review["published"]) for review in archive]
        assert moments == sorted(moments)
        assert moments == [datetime.fromisoformat(row["created"]) for row in of_shop]
        for row in of_shop:
            review = by_origin[row["id"]]
            assert (review["rating"], review["origin"]["rating"]) == (2 * row["rating"], row["rating"])
            assert review.get("text", "") == (row["body"] or "").strip()
            assert review.get("author", {}).get("name", "") == (row["author"] or "").strip()
            assert review["language"] == row["language"]
            assert review["verification"]["method"] == ("none" if row["verified"] is False else "unknown")
            assert [reply["text"] for reply in review.get("replies", ())] == (
                [row["reply"]["body"].strip()] if row["reply"] else []
            )


def test_titles_are_dropped_only_where_the_text_begins_with_them(rows, sites):
    """A title that isn't shown can be read as the beginning of the text; one that is shown is as it was."""
    for slug, of_shop in rows.items():
        by_origin = {review["origin"]["id"]: review for review in published(sites[True], slug)}
        for row in of_shop:
            shown, given = by_origin[row["id"]].get("title"), " ".join((row["title"] or "").split())
            if shown is None:
                assert " ".join(row["body"].split()).startswith(given.rstrip("….").strip())
            else:
                assert " ".join(shown.split()) == given


def test_replies_without_a_date_stay_without_one(rows, sites):
    """732 replies of one file have no date, 91 of the other have."""
    dated = undated = 0
    for slug in rows:
        for review in published(sites[True], slug):
            for reply in review.get("replies", ()):
                dated, undated = dated + ("date" in reply), undated + ("date" not in reply)
    assert (dated, undated) == (91, 732)


def test_where_no_platform_counts_no_score_exists_anywhere(rows, sites):
    """The same content without imports.count has every review and no sum of their marks."""
    for slug, of_shop in rows.items():
        score = json.loads((sites[False] / f"v1/{slug}/score.json").read_bytes())
        assert (score["counted"], score["score"], score["mean"]) == (0, None, None)
        archive = published(sites[False], slug)
        assert len(archive) == len(of_shop)
        assert {review["why"] for review in archive} == {"imported"}
    for path in sites[False].rglob("*"):
        if path.suffix in (".html", ".json", ".js", ".svg", ".xml"):
            text = path.read_text(encoding="utf-8")
            assert "aggregateRating" not in text, path
            assert "ratingValue" not in text, path
