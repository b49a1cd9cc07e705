"""`vijf dump`: what is public, whole and nothing else, in three formats; and a file that is replaced whole or not."""

import json
import os
import pty
import re
import resource
import subprocess
import sys
import tracemalloc
from datetime import date
from pathlib import Path

import made_content as made
import pytest
from contents import Content, environment, files
from dumped import cells, everything, jsonl, records, restored, sheet, spelt, table, write
from vijf.cli import workbook
from vijf.content.files import find
from vijf.content.load import Loaded, load_shop, load_site
from vijf.render.table import columns

DOCS = Path(__file__).parents[2] / "docs"
FORMATS = ("csv", "jsonl", "xlsx")


@pytest.fixture
def all_kinds(tmp_path):
    """Content with one of each thing that can happen."""
    write(tmp_path / "content", everything())
    return tmp_path / "content"


@pytest.fixture
def dump(run, tmp_path):
    """Dump to a file that stands nowhere yet and give its bytes."""

    def dump(form, *words):
        out = tmp_path / f"dump.{form}"
        done = run("dump", "--format", form, "--out", out, *words)
        assert (done.code, done.err) == (0, "")
        return out.read_bytes()

    return dump


def published(site, slug):
    """The reviews of a shop as anyone gets them from the built site, following `next`."""
    found, path = [], f"/v1/{slug}/reviews.json"
    while path:
        part = json.loads((site / path.lstrip("/")).read_bytes())
        found += part["reviews"]
        path = part["next"]
    return found


@pytest.mark.usefixtures("all_kinds")
def test_json_lines_are_what_the_site_publishes(run, tmp_path):
    """Line by line the reviews of `reviews.json` and its parts, shops by slug, newest first, with their shop."""
    run("build")
    lines = jsonl(run("dump", "--format", "jsonl").out)
    slugs = sorted(path.name for path in (tmp_path / "content/shops").iterdir())
    expected = [(slug, review) for slug in slugs for review in published(tmp_path / "site", slug)]
    own = ("shop", "shop_name", "address")
    assert [(line["shop"], {k: v for k, v in line.items() if k not in own}) for line in lines] == expected
    assert {line["shop_name"] for line in lines if line["shop"] == "veel"} == {"Veel & Meer"}


@pytest.mark.usefixtures("all_kinds")
def test_each_address_is_where_the_review_stands(run, tmp_path):
    """The address leads to a page of the built site that has the review's anchor, hidden ones included."""
    run("build")
    for line in jsonl(run("dump", "--format", "jsonl").out):
        path, _, anchor = line["address"].removeprefix("https://reviews.example.nl/").partition("#")
        assert f'id="{anchor}"' in (tmp_path / "site" / path / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("all_kinds")
def test_csv_holds_every_fact_of_the_json(dump, run):
    """Each single value of a line stands in its row, under the same order, and each row has all columns."""
    lines, rows = jsonl(run("dump", "--format", "jsonl").out), records(dump("csv"))
    assert len(lines) == len(rows)

    def values(value):
        if isinstance(value, dict):
            return [v for key, part in value.items() if (key, part) != ("by", "shop") for v in values(part)]
        if isinstance(value, list):
            return [v for part in value for v in values(part)]
        return [] if value is None else [spelt(value)]

    for line, row in zip(lines, rows, strict=True):
        said = [restored(cell) for cell in row.values()]
        together = "\n".join(said)
        for value in values(line):
            assert value in together if len(value) > 5 else value in re.split(r"[\s,()]+|\.\.", together), (value, row)
        assert (row["shop"], row["id"], row["address"]) == (line["shop"], line["id"], line["address"])


@pytest.mark.usefixtures("all_kinds")
def test_cells_that_gather_several_values(dump):
    """The shop's first reply stands by itself, the others below each other; changes are a line each."""
    rows = {row["id"]: row for row in records(dump("csv", "--shop", "alles"))}
    one = rows["r0"]
    assert (one["reply_date"], one["reply"], one["amended"]) == ("2025-02-02", "Dank.", "2025-03-02 (was 4)")
    assert one["other_replies"] == (
        "customer, 2025-02-01:\nNog iets.\n\nshop, 2025-02-03T10:00:00Z:\nNogmaals.\n\n"
        "operator, 2025-02-04:\nTot zover."
    )
    other = rows["r1"]
    assert other["amended"] == "2025-03-02\n2025-03-03 (was 4.5)"
    assert (other["reply_date"], other["reply"], other["other_replies"]) == ("", "Ooit.", "")
    assert [other[f"origin_{name}"] for name in ("platform", "id", "rating", "scale")] == [
        "kiyoh",
        "00123",
        "4.5",
        "1..5",
    ]
    assert (other["rating"], other["counted"], other["why"]) == ("8", "false", "imported")


@pytest.mark.usefixtures("all_kinds")
def test_hidden_entries_keep_their_place_without_words(dump):
    """What is on hold or removed has id, dates and ground; an erased one only months, and nothing of its origin."""
    hidden = [row for row in records(dump("csv")) if row["why"] in ("on_hold", "removed")]
    assert len(hidden) >= 7
    allowed = {"shop", "shop_name", "id", "address", "received", "published", "counted", "why", "incentive"}
    for row in hidden:
        assert {key for key, cell in row.items() if cell} <= allowed | {
            key for key in row if key.startswith(("held_", "removed_"))
        } | {"origin_platform"}
        if row["removed_ground"] == "erased":
            assert {row[key] for key in ("received", "published", "removed_date")} == {"2025-01"}


def few(hidden, visible):
    """A shop with hidden marks, and below or at the threshold."""
    own = [made.review(n, mark) for n, mark in enumerate(visible)]
    beside = [made.held(20, hidden), made.removed(21, hidden), made.removed(22, hidden, "erased")]
    return made.files(made.site(), {"a": (made.shop("A"), own + beside)})


@pytest.mark.parametrize("form", FORMATS)
def test_marks_of_hidden_entries_change_no_byte(dump, tmp_path, form):
    """Low or high, the mark of what is on hold or removed is nowhere in a dump."""
    found = []
    for mark in (1, 9.5):
        write(tmp_path / "content", few(mark, [8, 7]))
        found.append(dump(form))
    assert found[0] == found[1]


@pytest.mark.parametrize("count", [4, 5])
def test_a_mark_stands_beside_its_review_only(dump, tmp_path, count):
    """Another mark changes one cell of its own row: a dump has no sum, below the threshold or above."""
    found = []
    for mark in (2, 9.5):
        write(tmp_path / "content", few(3, [mark, 8, 7, 6, 5][:count]))
        found.append(table(dump("csv")))
    head = found[0][0]
    pairs = [(row, other, at) for row, other in zip(*found, strict=True) for at in range(len(head))]
    differing = [(row[2], head[at]) for row, other, at in pairs if row[at] != other[at]]
    assert differing == [("r0", "rating")]


def test_columns_are_the_documented_ones(all_kinds):
    """`docs/dumping.md` has each column in its order, and the aspects of the site come last."""
    text = (DOCS / "dumping.md").read_text(encoding="utf-8").split("## Columns")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `([a-z_<>]+)` \| \S", text, re.MULTILINE)
    site, _ = load_site(find(all_kinds), None)
    assert documented.pop() == "aspect_<name>"
    assert columns(site) == (*documented, "aspect_delivery", "aspect_service")


@pytest.mark.usefixtures("all_kinds")
def test_csv_has_its_exact_form(dump):
    """A byte order mark for Excel, commas, CRLF behind each row, LF inside cells."""
    data = dump("csv")
    assert data.startswith(b"\xef\xbb\xbfshop,shop_name,id,address,")
    assert data.count(b"\r\n") == len(table(data)) == data.count(b"\r")
    assert data.endswith(b"\r\n")
    assert b"Tekst.\n\nNog een alinea." in data


@pytest.mark.usefixtures("all_kinds")
def test_workbook_has_the_cells_of_the_csv(dump, tmp_path):
    """A foreign reader finds the same table in both, with marks as numbers, and the head frozen."""
    rows = [[restored(cell) for cell in row] for row in table(dump("csv"))]
    dump("xlsx")
    page = sheet(tmp_path / "dump.xlsx")
    assert cells(page) == rows
    assert page.freeze_panes == "A2"
    kinds = {page.cell(1, at + 1).value: {type(row[at]) for row in list(page.values)[1:]} for at in range(len(rows[0]))}
    assert kinds["rating"] == {int, float, type(None)}
    assert kinds["counted"] == {bool}
    assert kinds["published"] == {str}


@pytest.mark.usefixtures("all_kinds")
@pytest.mark.parametrize("form", FORMATS)
def test_same_content_gives_same_bytes(vijf, tmp_path, form):
    """Whatever the time zone, the hash seed and the umask."""
    found = []
    for zone, mask in (("Pacific/Kiritimati", 0o077), ("America/Los_Angeles", 0o002)):
        env = {"TZ": zone, "PYTHONHASHSEED": str(mask)}
        done = vijf("dump", "--format", form, "--out", "x", env=env, umask=mask)
        assert (done.code, done.err) == (0, "")
        found.append((tmp_path / "x").read_bytes())
        (tmp_path / "x").unlink()
    assert found[0] == found[1]


@pytest.mark.usefixtures("all_kinds")
@pytest.mark.parametrize("form", FORMATS)
def test_standard_output_has_the_bytes_of_the_file(dump, tmp_path, form):
    """A pipe gets what `--out` writes."""
    command = [sys.executable, "-m", "vijf", "dump", "--format", form]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, check=True)
    assert done.stdout == dump(form)
    assert done.stderr == b""


# Which shops


def test_shops_that_are_named(content, run):
    """Only these, by slug, each once, whatever the order; a fault of another shop is none of their business."""
    for slug in ("peer", "appel", "kers"):
        content.shop(slug, 2)
    content.write("shops/kapot/shop.yaml", "name: Kapot\n")
    done = run("dump", "--format", "jsonl", "--shop", "peer", "--shop", "appel", "--shop", "peer")
    assert [line["shop"] + line["id"] for line in jsonl(done.out)] == ["appela1", "appela0", "peera1", "peera0"]
    assert run("dump", "--format", "jsonl").code == 1


def test_a_site_without_reviews_has_a_head_only(content, run):
    """No review is no row, and no fault."""
    content.shop("peer")
    assert run("dump", "--format", "jsonl").out == ""
    assert len(table(run("dump", "--format", "csv").out.encode())) == 1
    assert run("dump", "--format", "xlsx", "--out", "x.xlsx").out == "0 reviews of 1 shop -> x.xlsx\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Missing option '--format'"),
        (["--format", "xls"], "'xls' is not one of 'csv', 'jsonl', 'xlsx'"),
        (["--format", "csv", "--shop", "per"], "there is no shop 'per' in content. Did you mean 'peer'?"),
        (["--format", "csv", "--out", "content"], "content: is no file that could be replaced"),
        (["--format", "csv", "--out", "/dev/null"], "/dev/null: is no file that could be replaced"),
        (["--format", "csv", "--out", "not/there.csv"], "not/there.csv: there is no folder not"),
        (["--format", "csv", "--content", "else"], "there is no such folder"),
    ],
)
def test_wrong_usage_is_exit_code_2(content, run, tmp_path, words, message):
    """What makes no sense says what would, prints nothing and leaves everything as it was."""
    content.shop("peer", 1)
    before = files(tmp_path)
    done = run("dump", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert files(tmp_path) == before
    assert Path("/dev/null").is_char_device()


def test_a_workbook_is_nothing_for_a_terminal(content, tmp_path):
    """XLSX without --out on a terminal is refused; JSON lines aren't."""
    content.shop("peer", 1)

    def on_terminal(form):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "vijf", "dump", "--format", form]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), stdout=theirs, stderr=subprocess.PIPE, check=False
        )
        os.close(theirs)
        try:
            shown = os.read(ours, 1000)
        except OSError:  # nothing was written and the other end is closed
            shown = b""
        os.close(ours)
        return done.returncode, shown, done.stderr

    assert on_terminal("xlsx") == (2, b"", b"vijf: XLSX is nothing for a terminal; name a file with --out\n")
    assert on_terminal("jsonl")[1].startswith(b'{"shop":"peer"')


def test_without_xlsxwriter_it_says_what_to_install(content, run, monkeypatch):
    """The library is optional: CSV works without it, and XLSX says how to get it, before it reads anything."""
    content.write("shops/kapot/shop.yaml", "name: Kapot\n")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = run("dump", "--format", "xlsx", "--out", "x.xlsx")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'vijf[xlsx]'" in done.err
    (content.folder / "shops/kapot/shop.yaml").unlink()
    content.shop("kapot", 1)
    assert run("dump", "--format", "csv").code == 0


# Failing


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("stands", [True, False])
def test_faults_write_nothing(content, run, tmp_path, form, stands):
    """Every fault is shown, nothing is printed, and the file that stood at --out stays, with nothing beside it."""
    content.shop("appel", 30)
    content.write("shops/kapot/shop.yaml", "name: Kapot\n")
    content.write("shops/stuk/shop.yaml", "url: https://stuk.example\n")
    if stands:
        (tmp_path / "x").write_text("mine")
    before = files(tmp_path)
    for words in (["--out", "x"], [] if form != "xlsx" else ["--out", "x"]):
        done = run("dump", "--format", form, *words)
        assert (done.code, done.out) == (1, "")
        assert "shops/kapot/shop.yaml" in done.err
        assert "shops/stuk/shop.yaml" in done.err
    assert files(tmp_path) == before


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_leaves_the_file_that_stood(content, vijf, tmp_path, form):
    """What the machine refuses is exit code 3; the file that stood is whole, and nothing lies beside it."""
    content.shop("peer", 600)
    (tmp_path / "x").write_text("mine")
    before = files(tmp_path)
    done = vijf("dump", "--format", form, "--out", "x",
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)))  # fmt: skip
    assert (done.code, done.out) == (3, "")
    assert "can't be written" in done.err
    assert "File too large" in done.err
    assert "Traceback" not in done.err
    assert files(tmp_path) == before


def test_a_file_is_replaced_where_a_link_leads(content, run, tmp_path):
    """The link stays one, and the file behind it keeps its mode; a new file can be read by a web server."""
    content.shop("peer", 1)
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "real.csv").chmod(0o600)
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert run("dump", "--format", "csv", "--out", "link.csv").code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes().startswith(b"\xef\xbb\xbfshop")
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o600
    run("dump", "--format", "csv", "--out", "new.csv")
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o644


def test_a_reader_that_has_enough_is_no_fault(content, tmp_path):
    """`vijf dump ... | head` ends quietly."""
    content.shop("peer", 900)
    command = f"{sys.executable} -m vijf dump --format jsonl | head -c 10"
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment(), capture_output=True, check=False)  # noqa: S602  # the point is the pipe
    assert (done.stdout, done.stderr) == (b'{"shop":"p', b"")


# Memory


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_number_of_shops(run, tmp_path, form):
    """Four times the shops need hardly more: only one shop's reviews are held at a time."""
    peaks = []
    for count in (4, 16):
        content = Content(tmp_path / str(count))
        content.site()
        for number in range(count):
            content.shop(f"s{number}", 120)
        run("dump", "--format", form, "--content", content.folder, "--out", "warm")  # what is loaded once
        tracemalloc.start()
        assert run("dump", "--format", form, "--content", content.folder, "--out", "x").code == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


# Taking back in


def maps():
    """The maps in `docs/dumping.md`, by format."""
    text = (DOCS / "dumping.md").read_text(encoding="utf-8")
    found = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return {re.search("^format: (.*)$", body, re.MULTILINE)[1]: body for body in found}


def imported(run, tmp_path, form, slug, *words):
    """A dump of one shop, taken into another site by the documented map: its reviews by their id in the first."""
    other = Content(tmp_path / "elsewhere")
    other.site(languages=["nl", "en"])
    other.shop("nieuw")
    assert run("dump", "--format", form, "--shop", slug, "--out", f"x.{form}").code == 0
    (tmp_path / "map.yaml").write_text(
        maps()[form].replace("  de-ketting: {slug: de-ketting}", f"  {slug}: {{slug: nieuw}}")
    )
    done = run("import", "table", f"x.{form}", "--map", "map.yaml", "--content", "elsewhere", *words)
    assert done.code == 0, done.err
    folder = find(tmp_path / "elsewhere")
    site, _ = load_site(folder, None)
    loaded = load_shop(folder, "nieuw", site, None)
    assert isinstance(loaded, Loaded)
    return {review.origin.id: review for review in loaded.content.reviews}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("slug", ["veel", "alles"])
def test_a_dump_can_be_imported_elsewhere(run, tmp_path, all_kinds, form, slug):
    """By the documented maps all visible reviews come across with mark, words, author, dates and check."""
    back = imported(run, tmp_path, form, slug, "--skip-bad-rows")
    folder = find(all_kinds)
    site, _ = load_site(folder, None)
    given = {review.id: review for review in load_shop(folder, slug, site, None).content.reviews if review.visible}
    assert set(back) == set(given)
    kept = ("received", "published", "experience", "rating", "title", "text", "language", "author")
    for name, review in given.items():
        other = back[name]
        assert [getattr(other, part) for part in kept] == [getattr(review, part) for part in kept]
        assert other.verification.method == (review.verification.method if review.verification else "unknown")
        assert other.origin.platform == "voorbeeldkeur"
        if form == "csv":
            first = [(reply.text, reply.date) for reply in review.replies if reply.by == "shop"][:1]
            assert [(reply.text, reply.date) for reply in other.replies] == first


@pytest.mark.usefixtures("all_kinds")
def test_hidden_entries_are_not_imported(run, tmp_path):
    """They have neither mark nor words, so each is refused by its line, and nothing is written unless skipped."""
    run("dump", "--format", "jsonl", "--shop", "alles", "--out", "x.jsonl")
    Content(tmp_path / "elsewhere").site()
    Content(tmp_path / "elsewhere").shop("alles")
    (tmp_path / "map.yaml").write_text(maps()["jsonl"].replace("de-ketting", "alles"))
    done = run("import", "table", "x.jsonl", "--map", "map.yaml", "--content", "elsewhere")
    assert done.code == 1
    assert re.findall(r"^x\.jsonl:(\d+)", done.err, re.MULTILINE) == ["1"]


def test_golden_content_can_be_dumped(run):
    """The content of the golden site, in all formats, with as many rows as its reviews."""
    golden = Path(__file__).parents[1] / "golden/content"
    done = [run("dump", "--format", form, "--content", golden, "--out", f"x.{form}").out for form in FORMATS]
    counts = {re.match(r"\d+", out)[0] for out in done}
    rows = records(Path("x.csv").read_bytes())
    assert counts == {str(len(rows))}
    assert len(rows) > 15
    assert all(re.fullmatch(r"\d{4}-\d\d(-\d\d.*)?", row["published"]) for row in rows)
    assert date.fromisoformat(next(row["published"][:10] for row in rows if row["why"] == ""))


@pytest.mark.parametrize("rows", [3, 4])
def test_a_sheet_that_is_full_is_refused(content, run, tmp_path, monkeypatch, rows):
    """More reviews than rows: nothing is written, and it says what to do instead. As many as fit are fine."""
    monkeypatch.setattr(workbook, "ROWS", 4)  # with the head
    content.shop("peer", rows)
    (tmp_path / "x.xlsx").write_text("mine")
    done = run("dump", "--format", "xlsx", "--out", "x.xlsx")
    assert done.code == (2 if rows == 4 else 0)
    assert ((tmp_path / "x.xlsx").read_bytes() == b"mine") == (rows == 4)
    assert ("a sheet holds 3 reviews; take csv or jsonl" in done.err) == (rows == 4)


def test_the_real_limits_of_a_sheet():
    """ECMA-376 sheets as Excel has them: 2**20 rows, and cells of 2**15 - 1 units."""
    assert (workbook.ROWS, workbook.CELL) == (2**20, 2**15 - 1)
