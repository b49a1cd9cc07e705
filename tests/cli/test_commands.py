"""The command itself and its smaller commands: help, init, explain, snippet, schema."""

import html
import json
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import click
import jsonschema
import pytest
from contents import files, review
from vijf import __version__
from vijf.cli import COMMANDS, main
from vijf.content.schema import SCHEMAS


def test_help_names_every_command(run):
    """`vijf --help` shows how to start, and each command with a line on what it does."""
    done = run("--help")
    listed = [line.split()[0] for line in done.out.split("Commands:\n")[1].splitlines()]
    assert done.code == 0
    assert listed == list(COMMANDS)
    assert "vijf init my-reviews" in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run, command):
    """`--help` and `-h` show what it does, an example where it takes an argument, and all its options with help."""
    done = run(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: vijf {command} ")
    assert run(command, "-h") == done
    made = main.get_command(click.Context(main, **main.context_settings), command)
    assert made.short_help.endswith(".")
    assert all(option.help for option in made.params if isinstance(option, click.Option))
    if any(isinstance(parameter, click.Argument) for parameter in made.params):
        assert f"  vijf {command} " in done.out


def test_version(run):
    """`--version` prints name and version."""
    assert run("--version").out == f"vijf, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["buidl"], "No such command 'buidl'. Did you mean 'build'?"),
        (["build", "--outptu", "x"], "No such option"),
        (["explain"], "Missing argument"),
        (["explain", "per"], "there is no shop 'per' in content. Did you mean 'peer'?"),
        (["snippet", "peer", "--language", "en"], "the site isn't published in 'en'; it is in nl"),
        (["schema", "sites"], "'sites' is not one of"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["init", "content"], "exists and is not an empty folder"),
    ],
)
def test_wrong_usage_is_exit_code_2_with_advice(content, run, arguments, message):
    """What makes no sense says what would."""
    content.shop("peer")
    done = run(*arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


def test_the_first_site_takes_the_lines_of_the_help(vijf, tmp_path):
    """`init`, `cd`, `build`, as the help says, in processes of their own: a site stands, with every page of it."""
    made = vijf("init", "my-reviews")
    assert (made.code, made.err) == (0, "")
    assert "vijf build" in made.out
    folder = tmp_path / "my-reviews"
    assert (folder / ".gitignore").exists()
    checked = vijf("check", cwd=folder)
    assert (checked.code, checked.err) == (0, "")
    built = vijf("build", cwd=folder)
    assert (built.code, built.err) == (0, "")
    assert (folder / "site/nl/index.html").exists()
    ignored = (folder / ".gitignore").read_text().split()
    assert {path.name for path in folder.iterdir()} - {name.strip("/") for name in ignored} == {
        ".gitignore", "README.md", "content",
    }  # fmt: skip


def test_starter_content_shows_a_score_and_the_lack_of_one(run, tmp_path):
    """Of the two example shops one has five reviews and one hasn't, and both are marked as demo."""
    run("init", "x")
    run("build", "--content", "x/content", "--output", "site")
    scores = [json.loads(path.read_bytes())["score"] for path in sorted((tmp_path / "site/v1").glob("*/score.json"))]
    assert [score is None for score in scores] == [True, False]


@pytest.mark.parametrize("taken", ["a file", "a full folder"])
def test_init_overwrites_nothing(run, tmp_path, taken):
    """Where something stands already it is refused and left alone."""
    target = tmp_path / "x" if taken == "a file" else tmp_path / "x/mine"
    target.parent.mkdir(exist_ok=True)
    target.write_text("mine")
    assert run("init", "x").code == 2
    assert target.read_text() == "mine"
    assert len(files(tmp_path)) == 1


def test_init_takes_an_empty_folder(run, tmp_path):
    """A folder that was just made is fine."""
    (tmp_path / "x").mkdir()
    assert run("init", "x").code == 0


def test_init_where_nothing_can_be_written(run, tmp_path):
    """What the machine refuses is exit code 3."""
    (tmp_path / "file").write_text("")
    done = run("init", "file/x")
    assert done.code == 3
    assert "can't be written: Not a directory" in done.err


def test_demo_content_has_neither_faults_nor_warnings(run, demo_site):
    """The repository's own content is sound, and its site has the data of every shop."""
    content = Path(__file__).parents[2] / "content"
    done = run("check", "--content", content)
    assert (done.code, done.err) == (0, "")
    assert {path.name for path in (content / "shops").iterdir()} <= {path.name for path in (demo_site / "v1").iterdir()}


LIFE = [
    review(0, id="former", received="2023-01-01", published="2023-01-01", rating=2),
    *(review(number) for number in range(1, 6)),
    review(6, id="half", rating=8.5),
    {"id": "words", "received": "2024-01-08", "published": "2024-01-08", "text": "Text"},
    review(8, id="lapsed", rating_withdrawn={"date": "2024-03-01", "reason": "no_answer"}),
    {"id": "away", "received": "2024-01-10", "published": "2024-01-10", "rating": 1,
     "removed": {"date": "2024-02-01", "ground": "fake", "by": "operator"}},
    {"id": "back", "received": "2024-01-11", "published": "2024-01-11",
     "removed": {"date": "2024-02-01", "ground": "withdrawn_by_customer", "by": "customer"}},
    {"id": "waits", "received": "2024-01-12", "published": "2024-01-12",
     "held": {"since": "2024-02-01", "until": "2024-02-10", "ground": "fake"}},
    review(12, id="there", collected="import", origin={"platform": "kiyoh", "rating": 9, "scale": [1, 10]}),
]  # fmt: skip
LINES = """\
peer (peer), newest first:

  2024-01-13  there      8  doesn't count: imported from a platform that imports.count doesn't name
  2024-01-12  waits      -  doesn't count: on hold
  2024-01-11  back       -  doesn't count: removed
  2024-01-10  away       1  doesn't count: removed
  2024-01-09  lapsed     9  doesn't count: its rating was withdrawn or has lapsed
  2024-01-08  words      -  doesn't count: no rating was given
  2024-01-07  half     8.5  counts
  2024-01-06  a5         6  counts
  2024-01-05  a4        10  counts
  2024-01-04  a3         9  counts
  2024-01-03  a2         8  counts
  2024-01-02  a1         7  counts
  2023-01-01  former     2  doesn't count: from before owner_since

received 13 = visible 10 + on hold 1 + withdrawn 1 + removed 1
score: 48.5 points / 6 ratings = 97/12 = 8.1 (rounded once, half up)
"""


@pytest.fixture
def life(content):
    """A shop to which everything has happened that keeps a review from counting."""
    content.shop("peer", owner_since="2023-06-01")
    content.reviews("peer", "2024.yaml", *LIFE)


@pytest.mark.usefixtures("life")
def test_explain_says_of_each_review_why_it_counts(run):
    """Newest first, with mark and reason, then the account and the sum that makes the score."""
    assert run("explain", "peer").out == LINES


@pytest.mark.usefixtures("life")
def test_explain_agrees_with_what_is_published(run, tmp_path):
    """Whoever adds up what `explain --json` says counts comes to the score of `score.json`."""
    run("build")
    published = json.loads((tmp_path / "site/v1/peer/score.json").read_bytes())
    explained = json.loads(run("explain", "peer", "--json").out)
    marks = {entry["id"]: Fraction(str(entry.get("rating", 0))) for entry in LIFE}
    counted = [marks[entry["id"]] for entry in explained["reviews"] if entry["counted"]]
    assert len(explained["reviews"]) == len(LIFE)
    assert Fraction(published["mean"]) == sum(counted) / len(counted)
    assert {key: explained[key] for key in published} == published


def test_explain_below_the_threshold_prints_no_mean(content, run):
    """Four ratings make no score, here neither."""
    content.shop("peer", 4)
    done = run("explain", "peer")
    assert done.out.splitlines()[-1] == "no score: 4 of at least 5 ratings count"
    assert json.loads(run("explain", "peer", "--json").out)["mean"] is None


def test_explain_of_a_faulty_shop_shows_its_faults(content, run):
    """A shop that can't be read returns 1 with the faults."""
    content.write("shops/peer/shop.yaml", "name: Peer\n")
    done = run("explain", "peer")
    assert done.code == 1
    assert "[missing-key]" in done.err


SNIPPET = """\
<vijf-reviews shop="peer" variant="card"><a rel="nofollow" href="https://reviews.example.nl/base/{lang}/peer/">\
<svg display="block" width="100%" height="260" role="img" aria-label="{words}">\
<text x="16" y="32" fill="currentColor" text-decoration="underline">{words}</text></svg></a></vijf-reviews>
<script async src="https://reviews.example.nl/base/v1/peer/widget.{lang}.js" referrerpolicy="no-referrer"></script>
"""


@pytest.mark.parametrize(("arguments", "lang"), [([], "nl"), (["--language", "en"], "en")])
def test_snippet_has_its_exact_form(content, run, arguments, lang):
    """Shops paste these very characters, and they must work for years; the shop's name is escaped."""
    name = """Kip & Ei <b>"vers"</b> 'n Zoon"""
    content.site(url="https://reviews.example.nl/base/", languages=["nl", "en"])
    content.shop("peer", name=name)
    made = run("snippet", "peer", *arguments).out
    words = made.split('aria-label="')[1].split('"')[0]
    assert name in html.unescape(words)
    assert made == SNIPPET.format(lang=lang, words=words)


def test_snippet_is_sound_html_whatever_the_name(content, run):
    """The name adds no element and no attribute."""
    content.shop("peer", name='"><script>alert(1)</script><a onclick="')
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, [name for name, _ in attrs]))

    Reader().feed(run("snippet", "peer").out)
    assert found == [
        ("vijf-reviews", ["shop", "variant"]),
        ("a", ["rel", "href"]),
        ("svg", ["display", "width", "height", "role", "aria-label"]),
        ("text", ["x", "y", "fill", "text-decoration"]),
        ("script", ["async", "src", "referrerpolicy"]),
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_prints_a_valid_schema(run, name):
    """Each is a JSON Schema by its own dialect's metaschema, with a title that names the file."""
    done = run("schema", name)
    schema = json.loads(done.out)
    assert done.code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"Vijf: {SCHEMAS[name][0]}"


def test_schema_knows_the_kinds_of_files(run):
    """There is one for each kind of file that people write."""
    assert list(SCHEMAS) == ["site", "shop", "reviews", "page"]
    assert run("schema").code == 2
