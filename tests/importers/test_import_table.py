"""Reading files: rows as they stand, in any chunks and encoding, and hostile input that becomes a line and a reason."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import MAP, faults_of, rows_of
from strategies import LAWS
from vijf import limits
from vijf.importers.mapping import Format
from vijf.importers.table import Refusal, Row

CSV_MAP = MAP + "csv: {delimiter: ';'}\n"
HEAD = b"id;mark;text;by;day\n"
GOOD = b'{"id": "1", "mark": 8, "text": "a", "by": null, "day": "2026-01-02"}'


def test_a_row_holds_what_the_file_says():
    """JSON numbers stay as written, true and false become words, null and white space are nothing."""
    (row,) = rows_of(b'{"id": 12, "mark": 4.50, "text": " a ", "by": null, "day": "  "}', MAP)[:1]
    assert row == Row(1, id="12", rating="4.50", text=" a ")


def test_dotted_names_lead_into_objects():
    """`reply.body` is the key in the object `reply`; null there is no reply; a key with a dot goes first."""
    text = MAP.replace("by, published", "reply.by, reply: a.b, published")
    found = rows_of(b'{"reply": {"by": "x"}, "a.b": "y"}\n{"reply": null, "a": {"b": "z"}}', text)
    assert [(row.author, row.reply) for row in found[:2]] == [("x", "y"), (None, "z")]


def test_what_is_no_object_on_the_way_is_refused():
    """A text where the map expects an object isn't read past in silence."""
    text = MAP.replace("by,", "reply.by,")
    assert "in:1:1: `reply` is not an object" in faults_of(b'{"reply": "x"}', text)[0]


def test_a_scale_may_be_a_list_or_a_text():
    """A column with the scale holds [1, 5] or 1-5."""
    text = MAP.replace("[1, 10]", "ends")
    found = rows_of(b'{"ends": [1, 5]}\n{"ends": "0-10"}', text)
    assert [row.scale for row in found[:2]] == ["1-5", "0-10"]


def test_csv_with_quotes_line_ends_and_a_mark_is_read():
    """Delimiter, byte order mark, CRLF, doubled quotes and cells of several lines; lines are where rows start."""
    data = codecs.BOM_UTF8 + HEAD.replace(b"\n", b"\r\n") + b'1;8;"a ""b""\r\nc";;2026-01-02\r\n\r\n2;7;d;;2026-01-03'
    first, second = rows_of(data, CSV_MAP, Format.CSV)
    assert first == Row(2, id="1", rating="8", text='a "b"\r\nc', published="2026-01-02")
    assert second == Row(5, id="2", rating="7", text="d", published="2026-01-03")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-1"])
def test_each_encoding_gives_the_same_rows(encoding):
    """The same text in another encoding is the same rows."""
    data = (HEAD.decode() + "1;8;één;ö;2026-01-02\n").encode(encoding)
    assert rows_of(data, MAP + f"csv: {{delimiter: ';', encoding: {encoding}}}\n", Format.CSV) == [
        Row(2, id="1", rating="8", text="één", author="ö", published="2026-01-02")
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", list(Format))
def test_a_byte_order_mark_decides(encoding, form):
    """A file with a byte order mark is read by it, whatever the map says."""
    mark = "" if encoding == "utf-8-sig" else "\ufeff"
    data = (mark + (HEAD + b"1;8;a;;d" if form is Format.CSV else GOOD).decode()).encode(encoding)
    found = rows_of(data, CSV_MAP, form)
    assert isinstance(found[0], Row)
    assert found[0].text == "a"


@LAWS
@given(
    st.lists(st.dictionaries(st.sampled_from(["id", "text", "by"]), st.text(max_size=9)), max_size=6),
    st.lists(st.integers(1, 40), min_size=1),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_chunks_make_no_difference(values, sizes, encoding):
    """However the bytes are cut, the same rows are read."""
    data = "\n".join(json.dumps(value, ensure_ascii=True) for value in values).encode(encoding)
    chunks, at = [], 0
    while at < len(data):
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(data[at : at + size])
        at += size
    assert rows_of(chunks) == rows_of(data)


@LAWS
@given(st.binary(max_size=200), st.sampled_from(list(Format)), st.sampled_from(["utf-8", "utf-16", "windows-1252"]))
def test_any_bytes_are_rows_or_refusals(data, form, encoding):
    """No bytes at all make reading fail."""
    head = HEAD if form is Format.CSV else GOOD + b"\n"
    for start in (b"", head):
        for found in rows_of(start + data, MAP + f"csv: {{delimiter: ';', encoding: {encoding}}}\n", form):
            assert isinstance(found, Row | Refusal)


HOSTILE_JSON = {
    "broken": (b'{"id": ', "in:2:7: is not valid JSON"),
    "NaN": (b'{"mark": NaN}', "in:2:1: is not valid JSON: NaN"),
    "Infinity": (b'{"mark": -Infinity}', "in:2:1: is not valid JSON: -Infinity"),
    "deep": (b"[" * 500_000, "in:2:1: is nested too deep"),
    "deep objects": (b'{"a":' * 150_000, "in:2:1: is nested too deep"),
    "a list": (b"[]", "in:2:1: is not an object"),
    "a number": (b"1", "in:2:1: is not an object"),
    "a key twice": (b'{"id": 1, "id": 2}', "in:2:1: is not valid JSON: an object has the same key twice"),
    "not UTF-8": (b'{"id": "\xe9"}', "in:2:9: byte 0xE9 is not UTF-8"),
    "half a character": (rb'{"id": "\ud800"}', "in:2:1: `id` holds half a character"),
    "a list as text": (b'{"text": ["a"]}', "in:2:1: `text` is a list"),
    "an object as text": (b'{"text": {}}', "in:2:1: `text` is an object"),
    "a huge row": (b'{"id": "' + b"a" * limits.IMPORT_ROW_BYTES + b'"}', "in:2:1: is longer than"),
}


@pytest.mark.parametrize("line, reason", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_a_hostile_json_line_is_refused_and_the_next_is_read(line, reason):
    """Each has its line and reason, and the rows around it are read."""
    found = rows_of(GOOD + b"\n" + line + b"\n" + GOOD)
    assert [type(row) for row in found] == [Row, Refusal, Row]
    assert str(found[1].diagnostic).startswith(reason)
    assert found[1].diagnostic.code == "row"
    assert found[2].line == 3


def test_a_number_of_many_figures_costs_nothing():
    """Numbers stay text, so that a million figures are no work and no error."""
    (row,) = rows_of(b'{"id": ' + b"9" * 500_000 + b"}")[:1]
    assert row.id == "9" * 500_000


STOPPING_CSV = {
    "a quote never closed": (b'2;8;"a;;\n3;7;b;;\n', "in:3:1: a quote that opens in this row is never closed"),
    "a quote in a quoted cell": (b'2;8;"a"b";;\n', "in:3:1: a quote inside a quoted cell isn't doubled"),
    "a very long cell": (b'2;8;"' + b"a" * 200_000 + b'";;\n', "in:3:1: a cell is very long"),
    "a very long row": (b"2;" + b"a" * limits.IMPORT_ROW_BYTES + b"\n", "in:3:1: is longer than"),
    "a row of many lines": (b'2;"' + b'\n";"' * limits.IMPORT_ROW_BYTES, "in:3:1: is longer than"),
    "a lone carriage return": (b"2;a\rb;;;\n", "in:3:1: is not valid CSV"),
}


@pytest.mark.parametrize("rest, reason", STOPPING_CSV.values(), ids=STOPPING_CSV)
def test_broken_csv_ends_the_file_and_cannot_be_skipped(rest, reason):
    """Where quotes are broken nothing after them can be trusted: the file ends there, with the row's line."""
    found = rows_of(HEAD + b"1;8;a;;d\n" + rest + b"9;8;a;;d\n", CSV_MAP, Format.CSV)
    assert isinstance(found[0], Row)
    assert str(found[-1].diagnostic).startswith(reason)
    assert not found[-1].skippable
    assert len(found) == 2


@pytest.mark.parametrize(
    "line, reason",
    [(b"2;8;a", "has 3 cells; the header has 5"), (b"2;8;\xe9;;d", "byte 0xE9 is not UTF-8; save the file as UTF-8")],
)
def test_a_bad_csv_row_is_refused_and_the_next_is_read(line, reason):
    """A row that can't be read, but whose end is known, stands alone."""
    found = rows_of(HEAD + line + b"\n3;8;a;;d", CSV_MAP, Format.CSV)
    assert found[0].diagnostic.span.line == 2
    assert reason in found[0].diagnostic.message
    assert found[0].skippable
    assert found[1].line == 3


def test_nul_bytes_are_no_crash():
    """A NUL is a character like others here; the rules for texts refuse it later."""
    assert rows_of(HEAD + b"1;8;a\x00b;;d", CSV_MAP, Format.CSV)[0].text == "a\x00b"
    assert rows_of(rb'{"text": "a\u0000b"}')[0].text == "a\x00b"


@pytest.mark.parametrize(
    "head, reason",
    [
        (b"id;mark;text;bye;day\n", "map.yaml:2:53: the file has no column `by` (did you mean `bye`?) [map]"),
        (b"id,mark,text,by,day\n", "or set `delimiter` under `csv` [map]"),
        (b"id;mark;text;by;day;by\n", "map.yaml:2:53: the file has 2 columns `by`; rename one of them there [map]"),
        (b"", "in:1:1: the file is empty; its first row must name the columns [row]"),
    ],
)
def test_a_header_that_does_not_fit_the_map_is_said_in_the_map(head, reason):
    """A column that isn't there, or stands twice, is a fault at its name in the map."""
    (fault,) = faults_of(head + b"1;8;a;;d\n" if head else head, CSV_MAP, Format.CSV)
    assert fault.endswith(reason)


def test_a_json_name_that_no_row_has_is_a_warning():
    """JSON leaves out what is empty, so a name that never occurs is only pointed out."""
    found = rows_of(GOOD.replace(b'"by": null, ', b""))
    assert str(found[-1].diagnostic) == "map.yaml:2:53: warning: no row has `by`; mend the name or leave it out [map]"


def test_a_file_beyond_its_bound_is_refused(monkeypatch):
    """Reading stops at the bound, and what was read can't be taken for the whole."""
    monkeypatch.setattr(limits, "IMPORT_BYTES", 100)
    found = rows_of([GOOD + b"\n"] * 3)
    assert str(found[-1].diagnostic) == "in:2:1: the file is larger than 100 bytes; split it [too-large]"
    assert not found[-1].skippable


def test_memory_is_bounded_by_a_row():
    """A line without an end is dropped while it is read."""
    taken = 0

    def chunks():
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b"a" * (limits.IMPORT_ROW_BYTES // 4)

    found = rows_of(chunks())
    assert taken == 100
    assert [str(refusal.diagnostic).partition(" that")[0] for refusal in found] == [
        f"in:1:1: is longer than the {limits.IMPORT_ROW_BYTES:,} bytes"
    ]
