"""The documentation says what the code does: keys, options, codes, limits, paths and keys of the data, both ways."""

import base64
import hashlib
import json
import os
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from playwright.sync_api import sync_playwright
from vijf import limits, urls
from vijf.cli import main
from vijf.codes import CODES
from vijf.content import fields as f
from vijf.content.files import find
from vijf.content.load import Loaded, load_shop, load_site
from vijf.content.pages import FRONT_MATTER
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP
from vijf.content.site import SITE
from vijf.plan import site_artifacts
from vijf.publish.build import build
from vijf.publish.state import State
from vijf.render.hosts import DATA_KEPT, PAGES_KEPT, PINNED_KEPT, policy
from vijf.render.language import load_language
from vijf.render.snippets import snippet
from vijf.rules.counting import Uncounted

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TEXTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
NOW = datetime(2099, 1, 1, tzinfo=UTC)
"""Later than all demo content."""


def read(name):
    """The text of a page of the documentation."""
    return (DOCS / name).read_text(encoding="utf-8")


def section(text, heading):
    """What stands below a heading of the second level, up to the next one."""
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"no section {heading}"
    return rest.split("\n## ", 1)[0]


def tables(text):
    """The rows of all tables in a text, without their heads: lists of cells."""
    lines = text.splitlines()
    rows = []
    for above, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line) and above.startswith("|"):
            rows.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def code_spans(cell):
    """The texts between backticks."""
    return re.findall("`([^`]+)`", cell)


def blocks(text, language):
    """The code blocks of a language."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [body for name, body in fences if name == language]


def described(field):  # noqa: C901  # one case for each kind of value
    """What `docs/content.md` says of a kind of value, with its bounds."""
    match field:
        case f.Text():
            return f"{'text' if field.lines else 'line'}, at most {field.most:,}"
        case f.Pattern():
            return field.wanted.removeprefix("a ")
        case f.Slug():
            return "slug"
        case f.Url():
            return "base address" if field.base else "web address"
        case f.Choice():
            return "one of " + ", ".join(f"`{word}`" for word in field.schema()["enum"])
        case f.Boolean():
            return "`true` or `false`"
        case f.Integer():
            return (
                f"`{field.least}`" if field.least == field.most else f"whole number, {field.least:,} to {field.most:,}"
            )
        case f.Rating():
            return "mark"
        case f.Decimal():
            return f"number, {field.schema()['minimum']} to {field.schema()['maximum']:,}"
        case f.Day() | f.When():
            return ("day" if isinstance(field, f.Day) else "date") + (", may lie ahead" if field.ahead else "")
        case f.Many():
            return f"list of {field.least:,} to {field.most:,}: {described(field.item)}"
        case f.Table():
            return f"mapping of 1 to {field.most:,}: {described(field.key)} to {described(field.value)}"
        case f.Record():
            return "mapping"
    raise AssertionError(f"{field} needs words")


def keys_of(record, above=""):
    """(path, kind of value, whether required) of each key of a record, and of the records in it."""
    for name, field in record.fields.items():
        yield above + name, described(field), name in record.required
        while isinstance(field, f.Many):
            field = field.item  # down to what the list is of
        if isinstance(field, f.Record):
            yield from keys_of(field, f"{above}{name}.")


def documented_keys(text):
    """The same, from the table of keys in a section; `.tue` after `a.mon` is `a.tue`."""
    for row in tables(text):
        if len(row) == 4:
            first, *siblings = code_spans(row[0])
            for path in (first, *(first.rpartition(".")[0] + sibling for sibling in siblings)):
                yield path, row[1], row[2] == "yes"


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("site.yaml", SITE),
        ("shops/&lt;slug&gt;/shop.yaml", SHOP),
        ("shops/&lt;slug&gt;/reviews/*.yaml", REVIEW),
        ("pages/&lt;name&gt;.&lt;language&gt;.md", FRONT_MATTER),
    ],
)
def test_content_page_has_every_key_with_its_kind_and_bounds(heading, record):
    """`docs/content.md` names exactly the keys that are decoded, what each takes, and which are required."""
    found = list(documented_keys(section(read("content.md"), heading)))
    assert len(found) == len({path for path, _, _ in found})
    assert set(found) == set(keys_of(record))


def _limits():
    for name, value in vars(limits).items():
        if name.isupper() and name not in ("KIB", "MIB"):
            if name.endswith("_BYTES"):
                kib = value // limits.KIB
                yield name, f"{kib // 1024} MiB" if kib % 1024 == 0 else f"{kib} KiB"
            else:
                yield name, f"{value:,}" if isinstance(value, int) else value.isoformat()


def test_content_page_has_every_limit():
    """The table of limits holds each bound of `vijf.limits` with its number."""
    found = {code_spans(row[0])[0]: row[1] for row in tables(section(read("content.md"), "Limits"))}
    assert found == dict(_limits())


def test_content_page_has_every_reason_for_not_counting():
    """The values of `why` stand in the order in which they are tried."""
    rows = [row for row in tables(section(read("content.md"), "shops/&lt;slug&gt;/reviews/*.yaml")) if len(row) == 2]
    assert [code_spans(row[0])[0] for row in rows] == [why.value for why in Uncounted]


@pytest.mark.parametrize("example", blocks(read("content.md"), "yaml"))
def test_examples_of_content_are_sound(example, tmp_path):
    """What `docs/content.md` shows as an example can be built."""
    content = tmp_path / "content"
    (content / "shops/a/reviews").mkdir(parents=True)
    site = blocks(read("content.md"), "yaml")[0]
    (content / "site.yaml").write_text(site, encoding="utf-8")
    (content / "shops/a/shop.yaml").write_text("name: A\nurl: https://a.example\n", encoding="utf-8")
    if example != site:
        (content / "shops/a/reviews/x.yaml").write_text(example, encoding="utf-8")
    folder = find(content)
    site, _ = load_site(folder, NOW)
    assert not folder.faults
    assert isinstance(load_shop(folder, "a", site, NOW), Loaded)


# Commands


def _commands(group, context, above="vijf"):
    """(full name, command, context) of each command, and of those below it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = click.Context(command, info_name=name, parent=context)
        yield f"{above} {name}", command, inner
        if isinstance(command, click.Group):
            yield from _commands(command, inner, f"{above} {name}")


COMMANDS = {
    name: (command, context)
    for name, command, context in _commands(main, click.Context(main, info_name="vijf", **main.context_settings))
}


def _options(command):
    return {
        opt for param in command.params if isinstance(param, click.Option) for opt in param.opts + param.secondary_opts
    }


def test_commands_page_has_every_command():
    """`docs/commands.md` has a section for each command, in the order of `--help`, and for nothing else."""
    assert re.findall(r"^## (.*)$", read("commands.md"), re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_page_has_every_option(name):
    """A command's section shows its usage, and a table of exactly its options with their defaults."""
    command, context = COMMANDS[name]
    text = section(read("commands.md"), name)
    assert blocks(text, "")[0] == f"{name} {' '.join(command.collect_usage_pieces(context))}\n"
    rows = [row for row in tables(text) if len(row) == 3]
    assert {span.split()[0] for row in rows for span in code_spans(row[0])} == _options(command)
    for param in command.params:
        if isinstance(param, click.Option) and param.show_default:
            row = next(row for row in rows if param.opts[0] in [span.split()[0] for span in code_spans(row[0])])
            assert row[1] == f"`{param.default}`"


def _invocations():
    """Each `vijf ...` that stands as code anywhere in the documentation: `page: words`."""
    found = set()
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        inline = re.findall(r"`(vijf [^`\n]+)`", text)
        fenced = [line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
        for line in [*inline, *fenced]:
            for part in re.split(r"&&|\|\||[;>#]", line):
                words = part.split()
                if words[:1] == ["vijf"] and len(words) > 1:
                    found.add(f"{path.name}: {' '.join(words)}")
    return sorted(found)


@pytest.mark.parametrize("invocation", _invocations())
def test_commands_in_the_documentation_exist(invocation):
    """Whatever a page says to type is a command of ours with options that it has."""
    words = invocation.partition(": ")[2].split()
    if words[1].startswith("-"):
        assert words[1] in {"--help", "--version", "-h", "-V"}
        return
    if words[1] == "COMMAND":
        return
    name = next((name for name in (" ".join(words[:3]), " ".join(words[:2])) if name in COMMANDS), None)
    assert name, f"no command {' '.join(words)}"
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= {*_options(COMMANDS[name][0]), "--help"}


def test_readme_opens_with_the_two_commands():
    """`make site` and `make test` stand before anything else one could type, and are targets of the Makefile."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    typed = [line.split("#")[0].strip() for block in blocks(readme, "sh") for line in block.splitlines()]
    assert typed[:2] == ["make site", "make test"]
    assert readme.index("make site") < 500


def test_make_targets_in_the_documentation_exist():
    """Every `make ...` on a page is a target, and CONTRIBUTING.md has each target that explains itself."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    named = {
        name
        for path in TEXTS
        for name in re.findall(r"`make\s([a-z-]+)`|^make ([a-z-]+)", path.read_text(), re.MULTILINE)
    }
    assert {one or other for one, other in named} <= targets
    rows = tables((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert {span.removeprefix("make ") for row in rows for span in code_spans(row[0])} == targets


def test_readme_shows_the_snippet_that_is_printed():
    """The snippet in README.md is what `vijf snippet de-ketting` prints for the demo content."""
    folder = find(ROOT / "content")
    site, _ = load_site(folder, NOW)
    loaded = load_shop(folder, "de-ketting", site, NOW)
    printed = snippet(site, loaded.content.shop, load_language(site.languages[0]))
    assert blocks((ROOT / "README.md").read_text(encoding="utf-8"), "html") == [printed]


def test_commands_page_shows_what_explain_prints():
    """The output below `vijf explain` is what the starter's first shop gives."""
    starter = ROOT / "builder/vijf/starter/content"
    result = CliRunner().invoke(main, ["explain", "voorbeeld-fietsen", "--content", str(starter)])
    assert result.output in blocks(section(read("commands.md"), "vijf explain"), "")


def test_codes_of_exit_are_documented():
    """The exit codes of the errors stand in the table of `docs/commands.md`."""
    assert {row[0] for row in tables(read("commands.md").split("\n## ")[0])} == {"0", "1", "2", "3", "130"}


# Messages


def test_messages_page_has_every_code():
    """`docs/errors.md` explains each code of `vijf.codes` in their order, and no other."""
    assert re.findall(r"^### `(.*)`$", read("errors.md"), re.MULTILINE) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_messages_page_explains_a_code(code):
    """A code has its meaning, an example with that code, and what to do."""
    text = read("errors.md").split(f"### `{code}`\n", 1)[1].split("\n## ")[0].split("\n### ")[0]
    meaning, _, rest = text.strip().partition("\n\n```\n")
    example, _, advice = rest.partition("\n```\n")
    assert meaning == CODES[code]
    assert example.endswith(f" [{code}]")
    assert ("warning: " in example) == ("(a warning)" in meaning)
    assert len(advice.split()) > 1


def test_examples_of_messages_are_real():
    """Where a case file has the code, the example's words stand in a case file."""
    said = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/content/cases").glob("*.case"))
    for example in blocks(read("errors.md"), "")[1:]:
        code = re.search(r"\[([a-z-]+)\]$", example.strip())[1]
        if f"[{code}]\n" in said:
            assert example.strip().split(": ", 1)[1] in said


# Outputs


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo content, built once: the folder of its site."""
    output = tmp_path_factory.mktemp("demo") / "site"
    build(ROOT / "content", output, State.of(output), None)
    return output


def _pattern(path, languages):
    words = {"language": "|".join(map(re.escape, languages)), "slug": "[a-z0-9][a-z0-9-]*", "n": "[1-9][0-9]*"}
    words["name"] = r"(?!house-rules/|score/)[a-z0-9][a-z0-9-]*"
    words["hash"] = "[0-9a-f]{16}"
    parts = re.split("<([a-z]+)>", path)
    return "".join(f"(?:{words[part]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))


def test_outputs_page_has_every_path(demo):
    """Each file of a site fits exactly one path of `docs/outputs.md`, and each of those occurs."""
    folder = find(ROOT / "content")
    site, _ = load_site(folder, NOW)
    static = {path.removeprefix("static/") for path in folder.static}
    built = {path.relative_to(demo).as_posix() for path in demo.rglob("*") if path.is_file()} - static
    built |= {artifact.path for artifact in site_artifacts(site, [], limits.SHOPS_PER_PAGE + 1, [])}
    built.add(urls.merchant_feed(1))
    listed = [code_spans(row[0])[0] for row in tables(read("outputs.md").split("\n## ")[0])]
    patterns = {path: re.compile(_pattern(path, site.languages)) for path in listed}
    fits = {path: [name for name, pattern in patterns.items() if pattern.fullmatch(path)] for path in built}
    assert {path: names for path, names in fits.items() if len(names) != 1} == {}
    assert {names[0] for names in fits.values()} == set(listed)


def _keys(value, above="", *, data=("aspects",)):
    """The dotted keys of a JSON value; those below `data` are the operator's own."""
    if isinstance(value, list):
        return {key for item in value for key in _keys(item, above)}
    if not isinstance(value, dict) or above.removesuffix(".").rpartition(".")[2] in data:
        return set()
    return {above + key for key in value} | {k for key, inner in value.items() for k in _keys(inner, f"{above}{key}.")}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("score.json", ["v1/*/score.json"]),
        ("reviews.json and its archive", ["v1/*/reviews.json", "v1/*/reviews/*.json"]),
        ("build.json", ["build.json"]),
    ],
)
def test_outputs_page_has_every_key_of_the_data(demo, heading, names):
    """The keys of open data in the demo are exactly those that are documented."""
    values = [json.loads(path.read_bytes()) for name in names for path in demo.glob(name)]
    rows = tables(section(read("outputs.md"), heading))
    assert {code_spans(row[0])[0] for row in rows} == _keys(values)


def test_example_of_score_is_of_the_right_form(demo):
    """The score.json that is shown has the keys of a real one, in their order."""
    shown = json.loads(blocks(section(read("outputs.md"), "score.json"), "json")[0])
    assert list(shown) == list(json.loads((demo / "v1/de-ketting/score.json").read_bytes()))


# Publishing


def test_workflow_is_yaml_and_runs_our_commands():
    """The workflow can be read, checks before it publishes, and installs what the check needs."""
    workflow = yaml.safe_load(next(block for block in blocks(read("publishing.md"), "yaml") if "jobs:" in block))
    jobs = workflow["jobs"]
    assert jobs["publish"]["needs"] == "check"
    said = {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}
    assert "vijf check --against site" in said["check"]
    assert "vijf build" in said["publish"]


def _policies():
    return set(re.findall(r"default-src 'none'[^\"\n]*", read("publishing.md")))


def test_both_servers_send_the_same():
    """The table, nginx and Caddy agree on the policies and on how long things are kept, with what the code says."""
    nginx, caddy = blocks(read("publishing.md"), "nginx")[0], blocks(read("publishing.md"), "caddyfile")[0]
    said = {re.sub("'sha256-[^']*'|'unsafe-inline'", "STYLE", policy) for policy in _policies()}
    assert said == {re.sub("'sha256-[^']*'", "STYLE", policy("", framed=framed)) for framed in (False, True)}
    for value in (
        *_policies(),
        DATA_KEPT,
        PINNED_KEPT,
        PAGES_KEPT,
        "strict-origin-when-cross-origin",
        "nosniff",
    ):
        assert value in nginx
        assert value in caddy
        assert value.split(";")[0] in read("publishing.md").split("### nginx")[0]


def _style_hash(page):
    style = re.search(b"<style>(.*?)</style>", page.read_bytes(), re.DOTALL)[1]
    return base64.b64encode(hashlib.sha256(style).digest()).decode()


def test_command_for_the_hash_prints_it(demo):
    """What the page says to run prints the hash of the style that all pages have, and then that of frames."""
    command = next(block for block in blocks(read("publishing.md"), "sh") if "style-src" in block)
    printed = subprocess.run(command, shell=True, cwd=demo.parent, capture_output=True, text=True, check=True)  # noqa: S602
    of_pages, of_frames = printed.stdout.splitlines()
    hashes = {(page.relative_to(demo).parts[0] == "v1", _style_hash(page)) for page in demo.rglob("*.html")}
    assert {value for frame, value in hashes if not frame} == set(re.findall("'sha256-(.*)'", of_pages))
    assert {value for frame, value in hashes if frame} == set(re.findall("'sha256-(.*)'", of_frames))


def test_pages_need_nothing_that_the_policy_forbids(demo):
    """No page has a style attribute, a handler, a script that runs, or a second style."""
    for page in demo.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text), page
        assert set(re.findall("<script[^>]*>", text)) <= {'<script type="application/ld+json">'}, page
        assert text.count("<style") == 1, page


@pytest.mark.browser
def test_policy_blocks_nothing_that_a_page_needs(demo):
    """With the documented policy a shop's page keeps its style, its logo and its data; the browser reports nothing."""
    path = os.environ.get("VIJF_CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no Chromium at {path}")
    [policy] = [
        policy.replace("HASH", _style_hash(demo / "index.html")) for policy in _policies() if "frame-src" in policy
    ]

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_):
            """Say nothing."""

    def look(url):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page()
            said = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(url, wait_until="networkidle")
            font = page.evaluate("getComputedStyle(document.body).fontFamily")
            logo = page.evaluate("document.querySelector('main img').naturalWidth")
            unstyled = page.evaluate(
                "(() => { const s = document.createElement('style'); s.textContent = 'body { font-family: x }';"
                " document.head.append(s); return getComputedStyle(document.body).fontFamily })()"
            )
            browser.close()
            return said, font, logo, unstyled

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(demo)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        # A thread of its own: another test's browser may be running in this one.
        with ThreadPoolExecutor(1) as pool:
            url = f"http://127.0.0.1:{server.server_port}/nl/de-ketting/"
            said, font, logo, foreign = pool.submit(look, url).result()
    finally:
        server.shutdown()
        server.server_close()
    assert [text for text in said if "favicon" not in text and "404" not in text] == [
        text for text in said if "inline style" in text
    ], "only the style that this test puts in itself is refused"
    assert logo > 0
    assert font == foreign, "the policy is in force: a foreign style has no effect"
    assert "sans" in font


# All pages


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    """Every relative link leads to a file, and its fragment to a heading."""
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if re.match("[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        assert other.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert fragment in anchors, target


@pytest.mark.parametrize("path", sorted((DOCS / "design").glob("*.md")), ids=lambda path: path.stem)
def test_design_notes_have_their_parts(path):
    """A note has context, options or a reason for none, a decision and its price, in 40 to 100 lines."""
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert [h for h in headings if h != "Options"] == ["Context", "Decision", "Price"]
    assert 40 <= len(text.splitlines()) <= 100
    assert text.startswith(f"# {path.stem[:4]}: ")


def test_sizes_of_badges_are_those_that_are_drawn(demo):
    """The table of paths and the example in `docs/outputs.md` give each badge the size that its file has."""
    text = read("outputs.md")
    for form in ("badge", "badge-wide"):
        drawn = re.search(r'width="(\d+)" height="(\d+)"', (demo / f"v1/de-ketting/{form}.nl.svg").read_text("utf-8"))
        row = next(row for row in tables(text) if row[0] == f"`v1/<slug>/{form}.<language>.svg`")
        assert row[1] == "Badge, {} x {}.".format(*drawn.groups())
    sizes = re.findall(r'/badge\.(?:nl\.svg|png)" width="(\d+)" height="(\d+)"', text)
    assert sizes == [("176", "56"), ("176", "56")]
