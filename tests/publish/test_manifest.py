"""The manifest and the journal survive being written and read, and nothing else is ever taken for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from contents import files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vijf.digests import digest
from vijf.publish import journal as journals
from vijf.publish import making
from vijf.publish.build import Options, build
from vijf.publish.journal import Journal
from vijf.publish.manifest import (
    DirectoryPage,
    DirectoryRow,
    Head,
    Names,
    Pool,
    Shard,
    ShopRecord,
    load,
    read_head,
    read_part,
    write_head,
    write_part,
)
from vijf.publish.seal import seal, unseal
from vijf.publish.state import State
from vijf.render.items import Item, Part

LAWS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=8)
parts = words.filter(lambda part: part not in (".", ".."))
paths = st.lists(parts, min_size=1, max_size=3).map("/".join)
numbers = st.integers(0, 1 << 40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=3,
)
json_objects = st.dictionaries(words, json_values, max_size=2)
moments = st.datetimes(timezones=st.just(UTC))
site_files = st.dictionaries(paths, st.tuples(words, numbers), max_size=2)
digests_of = st.dictionaries(words, words, max_size=2)


def tuples(values):
    """Up to two of these, as a tuple."""
    return st.lists(values, max_size=2).map(tuple)


shards = st.builds(
    Shard,
    words,
    numbers,
    numbers,
    numbers,
    numbers,
    words,
    words,
    site_files,
    tuples(st.tuples(paths, words)),
    st.none() | moments,
)
items = st.builds(
    Item,
    st.tuples(moments, st.booleans(), moments, words, numbers, words),
    *[words] * 7,
    moments,
    moments,
    tuples(st.builds(Part, words, words, words)),
    json_objects,
)
heads = st.builds(
    Head,
    digests_of,
    tuples(shards),
    tuples(st.builds(DirectoryPage, words, st.tuples(words, words))),
    st.dictionaries(words, numbers, max_size=2),
    numbers,
    tuples(st.builds(Names, words, words, tuples(words), st.none() | words, numbers)),
    digests_of,
    site_files,
    st.builds(Pool, tuples(items), st.booleans()),
    tuples(words),
)
records = st.builds(ShopRecord, words, digests_of, site_files, json_objects, json_objects)
rows = st.builds(DirectoryRow, json_objects)
nodes = paths | paths.map(lambda path: path + "/")
journal_values = st.builds(
    Journal,
    words,
    st.lists(nodes, max_size=3).map(tuple),
    st.lists(paths, max_size=3).map(tuple),
    st.lists(st.tuples(st.integers(0, 99), paths, st.integers(0, 99)), max_size=3).map(tuple),
    st.lists(nodes, max_size=3).map(tuple),
)

DAY = datetime(2026, 11, 3, 8, tzinfo=UTC)
ITEM = Item(
    (DAY, False, DAY, "r1", 0, "ketting"), "tag:r1", "ketting", "De Ketting", "/r1", "Snel", "Jan", "nl", DAY, DAY,
    (Part("Goed.", "nl"),), {"rating": 8},
)  # fmt: skip
RECORD = ShopRecord(
    "ketting", {"shops/ketting/shop.yaml": "d1"}, {"nl/ketting/index.html": ("d2", 312)}, {"counted": 17}, {"m": [1]}
)
ROW = DirectoryRow({"slug": "ketting"})
HEAD = Head(
    environment={"vijf": "d0"},
    shards=(Shard("shard-0.d3", 1, 17, 1, 312, "0a", "0b", {"m.xml": ("d4", 9)}, (("s.xml", "2026-11-03"),), DAY),),
    directory=(DirectoryPage("page-1.d5", ("de ketting", "ketting")),),
    initials={"D": 1},
    listed=1,
    names=(Names("ketting", "De Ketting", ("ketting-fietsen",), "peer", 17),),
    inputs={"site.yaml": "d6"},
    outputs={"build.json": ("d7", 200)},
    newest=Pool((ITEM,), more=True),
    faulty=("c",),
)
WHOLE = write_head(HEAD)
FORM, SAID = unseal(WHOLE)
PARTS = {kind: write_part(name, [record, record]) for kind, name, record in (
    (ShopRecord, "shard-0", RECORD), (DirectoryRow, "page-1", ROW)
)}  # fmt: skip


def test_a_part_is_the_documented_text_under_the_name_of_its_digest():
    """One JSON object a line: format, records, and a digest of all before; the name ends with that of the whole."""
    body = (
        b'{"vijf-part":2}\n'
        b'{"slug":"ketting","inputs":{"shops/ketting/shop.yaml":"d1"},"outputs":{"nl/ketting/index.html":["d2",312]},'
        b'"summary":{"counted":17},"shared":{"m":[1]}}\n'
    )
    text = body + b'{"end":"' + digest(body).encode() + b'"}\n'
    assert write_part("shard-0", [RECORD]) == (f"shard-0.{digest(text)}", text)


def test_the_head_is_the_documented_text():
    """A line for the format, one for all that the head says, and a digest of both."""
    form, said, end = WHOLE.splitlines(keepends=True)
    assert form == b'{"vijf-manifest":2}\n'
    assert json.loads(said)["outputs"] == {"build.json": ["d7", 200]}
    assert json.loads(end) == {"end": digest(form + said)}


@LAWS
@given(heads)
def test_a_head_reads_back_as_it_was(head):
    """read(write(x)) == x, and it names all its parts."""
    again = read_head(write_head(head))
    assert again == head
    assert again.parts == {part.part for part in (*head.shards, *head.directory)}


@LAWS
@given(words, st.lists(records, max_size=3), st.lists(rows, max_size=3))
def test_a_part_reads_back_as_it_was(name, shops, page):
    """read(write(x)) == x, under its own name only."""
    for kind, made in ((ShopRecord, shops), (DirectoryRow, page)):
        named, data = write_part(name, made)
        assert read_part(kind, named, data) == made
        assert read_part(kind, name, data) is None
        assert read_part(kind, f"{name}.{digest(b'')}", data) is None


@LAWS
@given(st.lists(records, min_size=2, max_size=3), st.lists(rows, max_size=3))
def test_parts_that_differ_have_names_that_differ(shops, page):
    """So a head and the parts that it names always fit, whichever of them a killed build has left."""
    made = [shops, shops[:1], page] + ([shops[::-1]] if shops != shops[::-1] else [])
    assert len({write_part("x", part)[0] for part in made}) == len(made)


def test_a_part_of_another_kind_is_none():
    """What a page of the directory says is no shop's record."""
    name, data = PARTS[DirectoryRow]
    assert read_part(ShopRecord, name, data) is None
    name, data = PARTS[ShopRecord]
    assert read_part(DirectoryRow, name, data) is None


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_head_cut_short_anywhere_is_none(length):
    """A torn file is no manifest, whichever byte was the last."""
    assert read_head(WHOLE[:length]) is None


@pytest.mark.parametrize("bit", range(8))
def test_a_head_with_one_other_bit_is_none(bit):
    """The digest finds what a disk has changed, wherever it is."""
    for at in range(len(WHOLE)):
        assert read_head(WHOLE[:at] + bytes([WHOLE[at] ^ 1 << bit]) + WHOLE[at + 1 :]) is None


@LAWS
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_head_with_one_other_byte_is_none(at, change):
    """Or a person."""
    assert read_head(WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]) is None


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_cut_short_or_with_one_other_bit_is_none(kind):
    """The same of parts: under its own name, and under that of the bytes that are there."""
    name, data = PARTS[kind]
    assert len(read_part(kind, name, data)) == 2
    broken = [data[:length] for length in range(len(data))]
    broken += [data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :] for at in range(len(data)) for bit in range(8)]
    for torn in broken:
        assert read_part(kind, name, torn) is None
        assert read_part(kind, f"x.{digest(torn)}", torn) is None


WRONG = (None, True, 7, 1.5, "x", [], {}, [[]], {"x": None}, [1, 2, 3])
"""Values of every type that JSON has, of which a field takes at most some."""


def broken(kind, value, *, optional=False):
    """Every way in which `value`, as JSON of the type `kind`, can lack a field or have one of another type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any or kind is object:
        return
    if origin is UnionType:
        yield from broken(arguments[0], value, optional=True)
        return
    free = origin is not None and arguments[-1] in (Any, object)
    yield from (wrong for wrong in WRONG if not fits(wrong, value, optional=optional, free=free))
    if kind is datetime:
        yield "yesterday"
    elif hasattr(kind, "_fields") or (origin is tuple and arguments[-1] is not ...):
        hints = list(get_type_hints(kind).values()) if origin is None else arguments
        yield from (value[:-1], [*value, value[-1]])
        for index, (hint, part) in enumerate(zip(hints, value, strict=True)):
            yield from ([*value[:index], wrong, *value[index + 1 :]] for wrong in broken(hint, part))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from ([*value[:index], wrong, *value[index + 1 :]] for wrong in broken(arguments[0], part))
    elif origin is not None:
        for key, part in value.items():
            yield from (value | {key: wrong} for wrong in broken(arguments[1], part))
    elif isinstance(value, dict):
        yield value | {"more": 1}
        for name, hint in get_type_hints(kind).items():
            yield {key: part for key, part in value.items() if key != name}
            yield from (value | {name: wrong} for wrong in broken(hint, value[name]))


def fits(wrong, value, *, optional, free):
    """Whether a value might stand where `value` does: it has the same type, or is the absence of an optional one."""
    if type(wrong) is not type(value):
        return wrong is None and optional
    return free or not isinstance(wrong, list | dict) or not wrong


def test_a_head_that_lacks_a_field_or_has_one_of_another_type_is_none():
    """A text with a right digest is not believed unless all of it is what a head says."""
    assert read_head(seal([FORM, SAID])) == HEAD
    tried = list(broken(Head, SAID))
    assert len(tried) > 500
    taken = [wrong for wrong in tried if read_head(seal([FORM, wrong])) is not None]
    assert taken == []


@pytest.mark.parametrize(("kind", "record"), [(ShopRecord, RECORD), (DirectoryRow, ROW)])
def test_a_part_that_lacks_a_field_or_has_one_of_another_type_is_none(kind, record):
    """The same of each record of a part, also where others are sound."""
    form, said = unseal(write_part("x", [record])[1])
    sound = seal([form, said])
    assert read_part(kind, f"x.{digest(sound)}", sound) == [record]
    tried = list(broken(kind, said))
    assert len(tried) >= 5
    for wrong in tried:
        for lines in ([form, wrong], [form, said, wrong], [form, wrong, said]):
            data = seal(lines)
            assert read_part(kind, f"x.{digest(data)}", data) is None, wrong


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../../etc/passwd", "a/../b", "a//b", "a/", "./a", "a\0b", "\udce9"]
)
def test_paths_that_lead_out_of_the_site_make_no_manifest(path):
    """Neither a head nor a part may name a file that a build could never have written."""
    forged = {path: ["d", 1]}
    shard = SAID["shards"][0] | {"files": forged}
    for wrong in (SAID | {"outputs": forged}, SAID | {"shards": [shard]}):
        assert read_head(seal([FORM, wrong])) is None
    name, data = write_part("x", [ShopRecord("s", {}, {path: ("d", 1)}, {}, {})])
    assert read_part(ShopRecord, name, data) is None


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [SAID],
        [FORM],
        [FORM, FORM],
        [FORM, SAID, SAID],
        [SAID, FORM],
        [{"vijf-manifest": 1}, SAID],
        [{"vijf-manifest": 3}, SAID],
        [FORM | {"more": 1}, SAID],
        [{"vijf-part": 2}, SAID],
        [{"vijf-journal": 1}, SAID],
    ],
)
def test_a_foreign_head_is_none(lines):
    """A text of another format, of another kind, or with lines more or less is not believed."""
    assert read_head(seal(lines)) is None


@pytest.mark.parametrize("form", [{}, {"vijf-part": 1}, {"vijf-part": 3}, {"vijf-part": 2, "more": 1}, FORM])
def test_a_foreign_part_is_none(form):
    """The same of parts."""
    data = seal([form, *unseal(PARTS[ShopRecord][1])[1:]])
    assert read_part(ShopRecord, f"x.{digest(data)}", data) is None


@pytest.mark.parametrize(
    "body",
    [
        b"\n",
        b"null\n",
        b"[1]\n",
        WHOLE.splitlines(keepends=True)[0] + b'{"environment":NaN}\n',
        WHOLE.splitlines(keepends=True)[0] + b'{"listed":' + b"1" * 5000 + b"}\n",
        b'{"a":' * 100_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_lines_that_are_no_json_objects_make_no_manifest(body):
    """Whatever stands above a right digest, reading raises nothing."""
    text = body + json.dumps({"end": digest(body)}, separators=(",", ":")).encode() + b"\n"
    assert read_head(text) is None
    assert read_part(ShopRecord, f"x.{digest(text)}", text) is None


@LAWS
@given(st.binary(max_size=200))
def test_random_bytes_are_neither_manifest_nor_journal(data):
    """Reading raises nothing, whatever was in the file."""
    assert read_head(data) is None
    assert read_part(ShopRecord, f"x.{digest(data)}", data) is None
    assert journals.read(data) is None


def test_a_manifest_that_is_missing_or_no_file_is_none(tmp_path):
    """A lost state costs a full build, not an error."""
    assert load(tmp_path / "none") is None
    assert load(tmp_path) is None
    (tmp_path / "manifest").write_bytes(WHOLE)
    assert load(tmp_path / "manifest") == HEAD


@pytest.fixture
def several(content):
    """Enough shops for several workers, some with names that concern others, and their newest reviews of one day."""
    for number in range(12):
        content.shop(f"s{number}", number, name=f"Shop {'zyx'[number % 3]}{number}", formerly=[f"old{number}"])
    content.shop("gone", 3, status="closed", until="2025-01-01", merged_into="s3")
    return content


def test_the_manifest_is_the_same_whatever_the_order_and_number_of_workers(several, tmp_path, monkeypatch):
    """Workers finish in any order: head and parts have the same bytes, under the same names."""

    def made(name, jobs):
        output = tmp_path / name
        build(several.folder, output, State.of(output), None, Options(jobs=jobs))
        state = State.of(output)
        return {"manifest": state.manifest.read_bytes(), **files(state.parts)}

    expected = made("one", 1)
    assert len(expected) == 3  # the head, a shard, a page of the directory
    assert len(read_head(expected["manifest"]).newest.items) > 30
    for jobs in (2, 3, 5):
        assert made(f"jobs{jobs}", jobs) == expected
    with monkeypatch.context() as patch:
        patch.setattr(making, "each", lambda make, slugs, _jobs: ((slug, make(0, slug)) for slug in slugs[::-1]))
        assert made("backwards", 1) == expected


@LAWS
@given(journal_values)
def test_a_journal_reads_back_as_it_was(journal):
    """read(write(x)) == x, steps in their order."""
    assert journals.read(b"".join(journals.write(journal))) == journal


def test_a_journal_keeps_names_that_are_no_unicode():
    """Files on disk may have any bytes as names, and must be removable after a kill."""
    journal = Journal("d", remove=("caf\udce9\n",))
    assert journals.read(b"".join(journals.write(journal))) == journal


@pytest.mark.parametrize(
    "record",
    [
        {"burn": "a"},
        {"remove": "../a"},
        {"remove": "/a"},
        {"remove": "/"},
        {"remove": "a//b"},
        {"clear": ""},
        {"make": "a/../b"},
        {"make": 1},
        {"move": "a"},
        {"move": [0, "a"]},
        {"move": [0, "../a", 1]},
        {"move": ["0", "a", 1]},
        {"move": [True, "a", 1]},
    ],
)
def test_a_journal_with_a_step_that_no_commit_writes_is_none(record):
    """No step leads out of the output, and a step of another version isn't guessed at."""
    head = {"vijf-journal": 1, "manifest": "d"}
    assert journals.read(seal([head, {"remove": "a"}])) is not None
    assert journals.read(seal([head, record])) is None
    assert journals.read(seal([head | {"vijf-journal": 2}])) is None
