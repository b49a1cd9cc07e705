"""`vijf check` as people and CI meet it: exact lines, annotations, JSON, and the comparison with the former site."""

import json
import shutil
from datetime import date, timedelta

import pytest
from contents import files, review


def test_sound_content_is_said_to_be_sound(content, run):
    """How much was read, and that there is no fault."""
    content.shop("peer", 3)
    content.shop("appel")
    done = run("check")
    assert (done.code, done.out, done.err) == (0, "2 shops, 3 reviews: no faults\n", "")


def test_check_writes_nothing(content, run, tmp_path):
    """No site, no state, nothing in the content."""
    content.shop("peer", 3)
    before = files(tmp_path)
    run("check")
    assert files(tmp_path) == before


def test_one_fault_is_one_exact_line(content, run):
    """File as given, line and column of the value, what is wrong, what to do, and the code."""
    content.shop("peer")
    content.write(
        "shops/peer/reviews/x.yaml", "- id: a1\n  received: 2024-01-01\n  published: 2024-01-01\n  rating: 11\n"
    )
    done = run("check")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "content/shops/peer/reviews/x.yaml:4:11: `11` is not a mark; give 1 to 10 in halves, like 8 or 8.5, unquoted "
        "[rating]\n"
        "vijf: 1 fault; nothing was written\n"
    )


MANY = {
    "pages/about.md": "no language in its name\n",
    "site.yaml": "schema: 1\nname: Voorbeeldkeur\nnaam: x\nurl: https://x.example\nlanguages: [nl]\nthreshold: 4\n"
    "operator: {name: x, email: a@b.example}\n",
    "shops/appel/shop.yaml": "name: Appel\n",
    "shops/peer/reviews/x.yaml": "- id: a1\n  received: 2024-01-02\n  published: 2024-01-01\n  rating: 8\n"
    "- id: A2\n  received: 2024-01-02\n  published: 2024-01-02\n  rating: 8\n",
    "shops/peer/shop.yaml": "name: Peer\nurl: https://peer.example\nformerly: [appel]\n",
}
PLACES = [
    "content/pages/about.md [unexpected-file]",
    "content/shops/appel/shop.yaml:1:1 [missing-key]",
    "content/shops/peer/reviews/x.yaml:3:14 [date-order]",
    "content/shops/peer/reviews/x.yaml:5:7 [slug]",
    "content/shops/peer/shop.yaml [slug-taken]",
    "content/site.yaml:3:1 [unknown-key]",
    "content/site.yaml:6:12 [number]",
]


def test_all_faults_are_shown_at_once_and_sorted(content, run):
    """Faults of all files in one run, by file, line and column, then how many there are."""
    for path, text in MANY.items():
        content.write(path, text)
    done = run("check")
    *lines, last = done.err.splitlines()
    assert done.code == 1
    assert [f"{line.split(': ')[0]} {line[line.rindex('[') :]}" for line in lines] == PLACES
    assert last.startswith("vijf: 7 faults; ")


def test_the_nearest_known_word_is_named(content, run):
    """A key that isn't known names the one that was probably meant."""
    content.shop("peer", categorie="fruit")
    assert "`category`" in run("check").err


def test_github_actions_get_annotations(content, run, monkeypatch):
    """There each fault is also a workflow command, on either stream, with its special characters escaped."""
    content.shop("peer")
    content.write("shops/peer/reviews/x.yaml", '- {id: a, received: 2024-01-01, published: 2024-01-01, rating: "5%"}\n')
    content.write("pages/news.fr.md", "---\ntitle: x\n---\nx\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = run("check")
    assert done.code == 1
    assert [line for line in (done.out + done.err).splitlines() if line.startswith("::")] == [
        (
            "::warning file=content/pages/news.fr.md,title=unused-page::the site isn't published in `fr`, "
            "so this page isn't either"
        ),
        (
            "::error file=content/shops/peer/reviews/x.yaml,line=1,col=64,title=rating::`5%25` is not a mark; "
            "give 1 to 10 in halves, like 8 or 8.5, unquoted"
        ),
    ]


def test_json_has_faults_and_warnings(content, run):
    """`--json` gives each fault with its place and code, and how much was read where there is none."""
    content.shop("peer", 2)
    content.write("pages/news.fr.md", "---\ntitle: x\n---\nx\n")
    done = run("check", "--json")
    value = json.loads(done.out)
    assert (done.code, value["shops"], value["reviews"], value["faults"]) == (0, 1, 2, [])
    assert [warning["code"] for warning in value["warnings"]] == ["unused-page"]
    content.write("shops/peer/shop.yaml", "name: Peer\nurl: no address\n")
    done = run("check", "--json")
    (fault,) = json.loads(done.out)["faults"]
    assert done.code == 1
    assert fault.pop("message")
    assert fault == {
        "file": "content/shops/peer/shop.yaml", "line": 2, "column": 6, "code": "url", "warning": False,
    }  # fmt: skip


@pytest.mark.parametrize("command", ["check", "build"])
def test_json_stays_json_in_github_actions(content, run, monkeypatch, command):
    """With `--json` standard output holds nothing else, also where annotations are printed."""
    content.write("shops/peer/shop.yaml", "name: Peer\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert json.loads(run(command, "--json").out)["faults"]


@pytest.fixture
def former(content, run, tmp_path):
    """A site that stood before: one shop with 45 reviews, so that some are only in the archive of the open data."""
    content.shop("peer", 45)
    assert run("build").code == 0
    return tmp_path / "site"


GONE = (
    "the review `{}` stands on the site and is gone here; bring it back, or put a tombstone (`removed:`) in its place"
)


@pytest.mark.usefixtures("former")
def test_nothing_gone_is_fine(run):
    """Content from which nothing vanished passes."""
    assert run("check", "--against", "site").out == "1 shop, 45 reviews: no faults\n"


@pytest.mark.usefixtures("former")
@pytest.mark.parametrize("gone", [0, 44])
def test_a_review_that_is_gone_is_refused(content, run, gone):
    """A review that the former site had, in its head or its archive, can't vanish without a tombstone."""
    content.reviews("peer", "2024.yaml", *(review(number) for number in range(45) if number != gone))
    assert run("check").code == 0
    done = run("check", "--against", "site")
    assert done.code == 1
    assert done.err.splitlines()[0] == f"content/shops/peer: {GONE.format(f'a{gone}')} [review-gone]"


@pytest.mark.usefixtures("former")
def test_a_tombstone_takes_its_place(content, run):
    """A removed review keeps its entry, and that is enough."""
    tombstone = {
        "id": "a3",
        "received": "2024-01-04",
        "published": "2024-01-04",
        "removed": {"date": "2024-03-01", "ground": "fake", "by": "operator"},
    }
    content.reviews("peer", "2024.yaml", *(review(number) for number in range(45) if number != 3), tombstone)
    assert run("check", "--against", "site").code == 0


@pytest.mark.usefixtures("former")
def test_a_moved_shop_takes_its_reviews_along(content, run):
    """Under a new slug with `formerly` nothing is gone, but a review that is missing there is."""
    (content.folder / "shops/peer").rename(content.folder / "shops/stoofpeer")
    content.shop("stoofpeer", formerly=["peer"])
    assert run("check", "--against", "site").code == 0
    content.reviews("stoofpeer", "2024.yaml", *(review(number) for number in range(44)))
    done = run("check", "--against", "site")
    assert done.code == 1
    assert done.err.startswith(f"content/shops/peer: {GONE.format('a44')}")


@pytest.mark.usefixtures("former")
def test_a_shop_that_is_gone_is_refused(content, run):
    """A shop that took part can't vanish: it leaves with a status."""
    shutil.rmtree(content.folder / "shops/peer")
    done = run("check", "--against", "site")
    assert done.code == 1
    assert done.err.splitlines()[0] == (
        "content/shops/peer: this shop stands on the site and is gone here; set its `status` and `until` instead, "
        "or, if it was renamed, `formerly` [shop-gone]"
    )


@pytest.mark.parametrize(("days", "warned"), [(10, True), (400, False)])
def test_a_shop_that_left_keeps_its_pages_for_a_year(content, run, days, warned):
    """Gone within twelve months after it left: a warning. Gone later: nothing."""
    until = date.today() - timedelta(days)  # noqa: DTZ011  # a day more or less makes no difference here
    content.shop("peer", status="left", until=until.isoformat())
    content.reviews("peer", "2020.yaml", review(0, received="2020-01-01", published="2020-01-01"))
    run("build")
    shutil.rmtree(content.folder / "shops/peer")
    done = run("check", "--against", "site")
    assert done.code == 0
    assert ("[gone-early]" in done.err) is warned
    assert ("warning: this shop left on" in done.err) is warned


@pytest.mark.usefixtures("former")
def test_faults_and_what_is_gone_are_shown_together(content, run):
    """A fault in one shop doesn't hide a review that is gone in another, nor is the faulty shop called gone."""
    content.shop("appel", 2)
    run("build")
    content.write("shops/appel/shop.yaml", "name: Appel\n")
    content.reviews("peer", "2024.yaml", *(review(number) for number in range(44)))
    done = run("check", "--against", "site")
    assert [line[line.rindex("[") :] for line in done.err.splitlines()[:-1]] == ["[missing-key]", "[review-gone]"]


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("site", ["nowhere", "content"])
def test_only_a_site_can_be_compared_with(run, site):
    """A folder that Vijf didn't build is wrong usage."""
    done = run("check", "--against", site)
    assert done.code == 2
    assert done.err == f"vijf: {site}: is no site that Vijf built; name the folder that holds its build.json\n"


def test_a_torn_former_site_is_no_traceback(former, run):
    """Data that can't be read is named."""
    (former / "v1/peer/reviews.json").write_text("{")
    done = run("check", "--against", "site")
    assert done.code == 2
    assert done.err.startswith("vijf: site/v1/peer/reviews.json: can't be read")
