"""Cells of a dump that strangers wrote: none becomes a formula, a link, a number or a part of the file's own markup."""

import re
import zipfile

import made_content as made
import pytest
from dumped import END, SIGNS, SKIPPED, cells, jsonl, records, restored, sheet, spelt, table, unescaped, write
from hypothesis import example, given
from hypothesis import strategies as st
from vijf.cli import workbook
from vijf.render.table import CSV_START, csv_row, neutral

# More than a review can hold, in order to find what happens at the edges.
_ODD = st.sampled_from([*SIGNS, *"'\";,\t\n\r \xa0\u200b\ufeff\u202e\u3000|%x1", "=cmd|' /C calc'!A0", ";=", "\r\n@"])
WORDS = st.lists(
    st.one_of(_ODD, st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cn", "Cs")))
).map("".join)


def formula(cell):
    """Whether a spreadsheet could take a cell for a formula."""
    return cell.lstrip(SKIPPED).startswith(tuple(SIGNS))


def dangerous(cell):
    """The same, or that it begins with what is treated alike."""
    return cell[:1] in ("\t", "\r", "\n") or formula(cell)


@given(WORDS)
@example("=1+1")
@example("'=1+1")
@example("''=1+1")
@example("\t=1")
@example("'t Is goed; 's avonds ook")
@example('x;"=1+1"')
@example("- een\n- twee")
@example("Top ;-)")
@example("\u200b\ufeff \uff1d1")
@example('";=1\n"')
def test_no_cell_begins_like_a_formula_and_nothing_else_is_altered(text):
    """Only apostrophes are added, and by the documented rule they come off again; a safe text is left as it is."""
    made_safe = neutral(text)
    assert not dangerous(made_safe)
    assert restored(made_safe) == text
    parts = re.split(rf"[;{END}]", text)
    if not any(formula(part.replace("'", "")) for part in parts) and text.lstrip("'")[:1] not in tuple(END):
        assert made_safe == text


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from([",", ";", "\t"]))
@example(["a", "b;=1+1;c", "x"], ";")
@example(["a", 'x;"=1+1"', "x"], ";")
@example(["a,b", 'c\n=HYPERLINK("https://evil.example")', "x"], ";")
def test_whatever_a_program_takes_for_the_separator(texts, separator):
    """Read rightly, each text comes back; read with a wrong separator no cell begins like a formula either."""
    data = csv_row(["slug", *texts])
    if separator == ",":
        assert [restored(cell) for cell in table(data)[0][1:]] == texts
    for row in table(data, delimiter=separator):
        assert not any(formula(cell) for cell in row), row


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(1, 10), st.sampled_from([8.5, 1.5])), min_size=1))
def test_numbers_and_truth_stay_what_they_are(values):
    """A mark has a point in every language and no apostrophe."""
    assert table(CSV_START + csv_row(["x", *values]))[0][1:] == list(map(spelt, values))


def test_ordinary_words_are_left_alone():
    """Signs inside a sentence, apostrophes at its start and negative thoughts are no formulas."""
    for text in (
        "'s Avonds gebeld, 's morgens klaar",
        "'t Was goed",
        "a - b",
        "mail a@b.example",
        "1+1=2",
        "8-9",
        '"Top"',
    ):
        assert neutral(text) == text


@pytest.mark.parametrize("sign", ["\t", "'", " ", ";", "; ", "\n'", "\u200b", '; \n" ='])
def test_time_grows_with_the_length_only(sign):
    """A text made to be slow isn't: each sign is looked at a few times, so a long text is done at once."""
    assert len(neutral(sign * 20_000)) <= 40_000 * len(sign)


# Hostile content, through the command


@pytest.fixture
def hostile(tmp_path):
    """Hostile words in every place where words can stand."""
    write(tmp_path / "content", made.hostile())


@pytest.mark.usefixtures("hostile")
def test_hostile_words_come_back_from_csv_and_json(run, tmp_path):
    """Every title, text, name and reply is in the CSV as in the JSON, which has one line for each review."""
    lines = jsonl(run("dump", "--format", "jsonl").out)
    run("dump", "--format", "csv", "--out", "x.csv")
    rows = records((tmp_path / "x.csv").read_bytes())
    for line, row in zip(lines, rows, strict=True):
        said = {key: restored(cell) for key, cell in row.items()}
        assert (said["title"], said["text"], said["author_name"], said["author_place"], said["shop_name"]) == (
            line["title"], line["text"], line["author"]["name"], line["author"]["place"], line["shop_name"]
        )  # fmt: skip
        assert said["reply"] == next(reply["text"] for reply in line["replies"] if reply["by"] == "shop")
        for reply in line["replies"]:
            assert reply["text"] in said["reply"] + said["other_replies"]
        assert not any(dangerous(cell) for cell in row.values())


@pytest.mark.usefixtures("hostile")
def test_hostile_words_come_back_from_the_workbook(run, tmp_path):
    """The same cells as in CSV, all of them texts, numbers and truth values."""
    run("dump", "--format", "csv", "--out", "x.csv")
    assert run("dump", "--format", "xlsx", "--out", "x.xlsx").err == ""
    page = sheet(tmp_path / "x.xlsx")
    assert cells(page) == [[restored(cell) for cell in row] for row in table((tmp_path / "x.csv").read_bytes())]


WORKBOOK = (
    "=1+1",
    "{=1+1}",
    "+31 20 000 0000",
    "@SUM(A1)",
    "https://evil.example/?a=1&b=2",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "0123",
    "1e5",
    "_x0041_ and _x005F_",
    '<r><t>x</t></r></is></c><c r="A9"><f>1+1</f></c><c t="inlineStr"><is><r></r>',
    "<r></r>",
    "<r>&amp;</r>",
    "]]></t></is>",
    "a\u2028b",
    "🙂" * 3,
)


@pytest.mark.parametrize("words", WORKBOOK)
def test_words_in_a_workbook_stay_words(tmp_path, words):
    """No formula, link, number, escape or markup comes of a text, and it is read back as it was."""
    path = tmp_path / "x.xlsx"
    with path.open("wb") as file:
        assert workbook.write_workbook(file, ["text", "next"], [[words, "end"]]) == []
    page = sheet(path)
    cell = page["A2"]
    assert [unescaped(cell.value), page["B2"].value, page.dimensions] == [words, "end", "A1:B2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.quotePrefix == (words[0] in "=+@")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
        assert {info.date_time[:2] for info in book.infolist()} == {(1980, 1)}
    assert not any("<f>" in part or "hyperlink" in part for part in parts.values())
    assert "1980-01-01T00:00:00Z" in parts["docProps/core.xml"]


@pytest.mark.parametrize(
    ("sign", "fits"),
    [("x", workbook.CELL), ("🙂", workbook.CELL // 2), ("é", workbook.CELL)],
)
def test_a_cell_holds_what_excel_allows_and_says_where_it_was_cut(tmp_path, sign, fits):
    """Counted in UTF-16 units; one sign more is cut between signs, ends with the note and is told by row and column."""
    path = tmp_path / "x.xlsx"
    with path.open("wb") as file:
        cut = workbook.write_workbook(file, ["id", "text"], [["a", sign * fits], ["b", sign * (fits + 1)]])
    assert cut == [(3, "text")]
    _, (_, whole), (_, part) = sheet(path).values
    assert whole == sign * fits
    assert part.endswith(workbook.CUT)
    assert set(part.removesuffix(workbook.CUT)) == {sign}
    assert workbook.CELL - 1 <= len(part.encode("utf-16-le")) // 2 <= workbook.CELL


def test_the_command_names_what_it_cut(content, run, tmp_path):
    """Long conversations are cut in XLSX with a warning, and whole in the other formats."""
    replies = [{"by": "customer", "date": "2024-02-01", "text": "w" * 19_000} for _ in range(3)]
    content.shop("peer")
    content.reviews("peer", "x.yaml", {"id": "a", "received": "2024-01-01", "published": "2024-01-01", "rating": 8,
                                       "replies": replies})  # fmt: skip
    done = run("dump", "--format", "xlsx", "--out", "x.xlsx")
    assert done.code == 0
    assert "1 text cut to the 32,767 signs" in done.err
    assert "row 2 other_replies" in done.err
    run("dump", "--format", "csv", "--out", "x.csv")
    assert records((tmp_path / "x.csv").read_bytes())[0]["other_replies"].count("w") == 57_000
