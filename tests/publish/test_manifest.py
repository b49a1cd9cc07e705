"""The manifest and the journal survive being written and read, and nothing else is ever taken for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vijf.digests import digest
from vijf.publish import journal as journals
from vijf.publish import manifest as manifests
from vijf.publish.journal import Journal
from vijf.publish.manifest import Manifest, Unit, load
from vijf.publish.planned import PlanError
from vijf.publish.seal import seal

LAWS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=8)
parts = words.filter(lambda part: part not in (".", ".."))
paths = st.lists(parts, min_size=1, max_size=3).map("/".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(words, inner)
)
units = st.builds(
    Unit,
    words,
    st.dictionaries(words, words, max_size=3),
    st.dictionaries(words, json_values, max_size=3),
    st.lists(paths, max_size=3).map(tuple),
)
unit_lists = st.lists(units, max_size=4, unique_by=lambda unit: unit.name)
nodes = paths | paths.map(lambda path: path + "/")
journal_values = st.builds(
    Journal,
    words,
    st.lists(nodes, max_size=3).map(tuple),
    st.lists(paths, max_size=3).map(tuple),
    st.lists(st.tuples(st.integers(0, 99), paths, st.integers(0, 99)), max_size=3).map(tuple),
    st.lists(nodes, max_size=3).map(tuple),
)

UNIT = Unit("shops/de-ketting", {"shops/de-ketting/shop.yaml": "d1"}, {"counted": 17}, ("nl/de-ketting/index.html",))
WHOLE = manifests.write(Manifest.of("0.1.0", "d0", [UNIT]))


def test_the_manifest_is_the_documented_text():
    """One JSON object a line: head, units, and a digest of all before."""
    body = (
        b'{"vijf-manifest":1,"version":"0.1.0","site":"d0"}\n'
        b'{"unit":"shops/de-ketting","inputs":{"shops/de-ketting/shop.yaml":"d1"},"summary":{"counted":17},'
        b'"outputs":["nl/de-ketting/index.html"]}\n'
    )
    assert body + b'{"end":"' + digest(body).encode() + b'"}\n' == WHOLE


@LAWS
@given(words, words, unit_lists)
def test_a_manifest_reads_back_as_it_was(version, site, made):
    """read(write(x)) == x, with every unit found by its name."""
    manifest = Manifest.of(version, site, made)
    again = manifests.read(manifests.write(manifest))
    assert again == manifest
    assert all(again.unit(unit.name) == unit for unit in made)
    assert again.unit("\0") is None
    assert again.outputs == {path for unit in made for path in unit.outputs}


@LAWS
@given(unit_lists)
def test_the_order_in_which_units_are_made_is_irrelevant(made):
    """Parallel workers finish in any order; the text is the same."""
    assert manifests.write(Manifest.of("0", "s", made)) == manifests.write(Manifest.of("0", "s", made[::-1]))


def test_two_units_of_one_name_are_refused():
    """One would silently stand for the other."""
    with pytest.raises(PlanError):
        Manifest.of("0", "s", [UNIT, UNIT])


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_manifest_cut_short_anywhere_is_none(length):
    """A torn file is no manifest, whichever byte was the last."""
    assert manifests.read(WHOLE[:length]) is None


@LAWS
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_manifest_with_one_other_byte_is_none(at, change):
    """The digest finds what a disk or a person has changed."""
    assert manifests.read(WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]) is None


HEAD = {"vijf-manifest": 1, "version": "0", "site": "s"}
LINE = {"unit": "u", "inputs": {}, "summary": {}, "outputs": []}


@pytest.mark.parametrize(
    "records",
    [
        [],
        [LINE],
        [HEAD | {"vijf-manifest": 2}],
        [HEAD | {"version": 1}],
        [HEAD | {"site": None}],
        [{"vijf-journal": 1}],
        [HEAD, HEAD],
        [HEAD, LINE, LINE],
        [HEAD, LINE | {"unit": 1}],
        [HEAD, LINE | {"inputs": []}],
        [HEAD, LINE | {"inputs": {"a": 1}}],
        [HEAD, LINE | {"summary": None}],
        [HEAD, LINE | {"outputs": "a"}],
        [HEAD, LINE | {"outputs": [1]}],
        [HEAD, LINE | {"outputs": ["../../etc/passwd"]}],
    ],
)
def test_a_forged_or_foreign_manifest_is_none(records):
    """A text with a right digest but other fields, types, versions or dangerous paths is not believed."""
    assert manifests.read(seal([HEAD, LINE])) is not None
    assert manifests.read(seal(records)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"\n",
        b"null\n",
        b"[1]\n",
        b'{"vijf-manifest":1,"version":"0","site":"s","x":NaN}\n',
        b'{"vijf-manifest":1,"version":"0","site":"s","x":' + b"1" * 5000 + b"}\n",
        b'{"a":' * 100_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_lines_that_are_no_json_objects_make_no_manifest(body):
    """Whatever stands above a right digest, reading raises nothing."""
    assert manifests.read(body + json.dumps({"end": digest(body)}, separators=(",", ":")).encode() + b"\n") is None


@LAWS
@given(st.binary(max_size=200))
def test_random_bytes_are_neither_manifest_nor_journal(data):
    """Reading raises nothing, whatever was in the file."""
    assert manifests.read(data) is None
    assert journals.read(data) is None


def test_a_manifest_that_is_missing_or_no_file_is_none(tmp_path):
    """A lost state costs a full build, not an error."""
    assert load(tmp_path / "none") is None
    assert load(tmp_path) is None
    (tmp_path / "manifest").write_bytes(WHOLE)
    assert load(tmp_path / "manifest").unit("shops/de-ketting") == UNIT


@LAWS
@given(journal_values)
def test_a_journal_reads_back_as_it_was(journal):
    """read(write(x)) == x, steps in their order."""
    assert journals.read(journals.write(journal)) == journal


def test_a_journal_keeps_names_that_are_no_unicode():
    """Files on disk may have any bytes as names, and must be removable after a kill."""
    journal = Journal("d", remove=("caf\udce9\n",))
    assert journals.read(journals.write(journal)) == journal


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
