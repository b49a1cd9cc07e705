"""MAP.yaml: what is accepted, and where each fault is said to be."""

from fractions import Fraction
from pathlib import Path

import pytest
from importing import MAP
from vijf.errors import ContentError
from vijf.importers.mapping import COLUMNS, Delimiter, Encoding, decode_map
from vijf.importers.mapping import MAP as MAP_RECORD
from vijf.importers.repair import Repair
from vijf.model import Method

WRONG = {
    "an unknown key": ("scael: [1, 5]\n", "m:4:1", "did you mean `scale`?", "unknown-key"),
    "an unknown column": (("by, published", "by, publishd: d, published"), "m:2:57", "did you mean", "unknown-key"),
    "a scale from 2": (("[1, 10]", "[2, 10]"), "m:3:8", "starts at 0 or 1", "map"),
    "a scale upside down": (("[1, 10]", "[1, 0]"), "m:3:8", "ends above 1", "map"),
    "no scale": (("scale: [1, 10]\n", ""), "m:2:10", "`rating` needs `scale`", "map"),
    "a scale without marks": (("rating: mark, ", ""), "m:3:8", "no column `rating`", "map"),
    "neither mark nor text": (("rating: mark, text: text, ", ""), "m:2:10", "neither `rating` nor `text`", "map"),
    "no date": ((", published: day", ""), "m:2:10", "neither `received` nor `published`", "map"),
    "a reply's date alone": ((", published", ", reply_date: r, published"), "m:2:10", "needs `reply`", "map"),
    "words for no column": ("verification: {'yes': order}\n", "m:4:15", "no column `verification`", "map"),
    "a method that isn't one": ("verification: {'yes': checked}\n", "m:4:23", "use one of invitation", "choice"),
    "shops without a column": ("shops: {A: {slug: a}}\n", "m:4:8", "no column `shop`", "map"),
    "a column shop without shops": ((", published", ", shop: s, published"), "m:2:10", "needs `shops`", "map"),
    "two answers to which shop": ("shop: a\nshops: {A: {slug: a}}\n", "m:4:7", "keep one of the two", "map"),
    "csv for json": ("format: jsonl\ncsv: {delimiter: ';'}\n", "m:5:6", "the format is jsonl", "map"),
    "a time zone that isn't one": ("timezone: Mars/Base\n", "m:4:11", "no known time zone", "timezone"),
    "a delimiter that isn't one": ("csv: {delimiter: '/'}\n", "m:4:18", "use one of", "choice"),
    "an unquoted boolean": ("verification: {true: none}\n", "m:4:16", "quote it", "quote"),
    "a shop's slug missing": ("shops: {A: {name: A}}\n", "m:4:12", "`slug` is missing", "missing-key"),
}


@pytest.mark.parametrize("change, place, message, code", WRONG.values(), ids=WRONG)
def test_a_wrong_map_is_refused_at_its_place(change, place, message, code):
    """Each fault of a map says where it is, what is wrong, and its code."""
    text = MAP.replace(*change) if isinstance(change, tuple) else MAP + change
    assert text != MAP
    with pytest.raises(ContentError) as caught:
        decode_map(text.encode(), "m")
    lines = str(caught.value).split("\n")
    assert any(line.startswith(f"{place}: ") and message in line and line.endswith(f"[{code}]") for line in lines), (
        lines
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"[]", b"a", b"\xff", b"[" * 100_000, b"columns: {a: &a b}"])
def test_what_is_no_map_at_all_is_a_fault(data):
    """Empty, foreign, broken and hostile maps are faults, never crashes."""
    with pytest.raises(ContentError):
        decode_map(data, "m")


def test_all_contradictions_are_told_at_once():
    """A map with two contradictions gives two faults."""
    text = MAP.replace("scale: [1, 10]\n", "shop: a\nshops: {A: {slug: a}}\n")
    with pytest.raises(ContentError) as caught:
        decode_map(text.encode(), "m")
    assert len(caught.value.diagnostics) == 3


def test_a_map_says_what_it_says():
    """Values arrive as they are meant: exact ends of a scale, words in small letters, defaults elsewhere."""
    text = (
        MAP.replace("by,", "by, verification: v,") + 'verification: {"Ja": order}\ncsv: {delimiter: tab}\nhtml: true\n'
    )
    mapping = decode_map(text.encode(), "m")
    assert mapping.scale == (Fraction(1), Fraction(10))
    assert mapping.verification == {"ja": Method.ORDER}
    assert mapping.delimiter is Delimiter.TAB
    assert mapping.encoding is Encoding.UTF_8
    assert mapping.html
    assert mapping.columns["rating"].name == "mark"
    assert mapping.columns["rating"].span.line == 2


ROOT = Path(__file__).parents[2]


def test_the_documentation_shows_a_map_with_every_key():
    """The example of docs/importing.md is a sound map and names every column and key; `shop` excludes `shops`."""
    text = (ROOT / "docs/importing.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    mapping = decode_map(example.encode(), "m")
    assert set(mapping.columns) == set(COLUMNS)
    keys = {line.partition(":")[0] for line in example.splitlines() if line[:1].isalpha()}
    assert keys == {*MAP_RECORD.fields} - {"shop"}


def test_the_documentation_names_every_repair():
    """What the report counts can be looked up."""
    text = (ROOT / "docs/importing.md").read_text(encoding="utf-8")
    assert all(f"| `{repair}` |" in text for repair in Repair)


@pytest.mark.parametrize("path", sorted((ROOT / "tests/importers/maps").glob("*.yaml")), ids=lambda path: path.name)
def test_the_example_maps_are_sound(path):
    """Maps that the documentation points to can be used."""
    assert decode_map(path.read_bytes(), path.name).shops
