"""The JSON Schemas and the decoder refuse the same, as far as a schema can know.

Documents are made from valid ones by breaking them in one or two places, and by putting odd values into single
fields. The laws: what the schema refuses, the decoder refuses; what the decoder refuses for no other reason
than one that a schema can state, the schema refuses.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from strategies import LAWS, NOW, ZONE, as_yaml, document, lines, reviews, shops, sites
from vijf.content.events import parse
from vijf.content.fields import Many, Reading, Record, Table, Url
from vijf.content.nodes import Faults
from vijf.content.pages import FRONT_MATTER
from vijf.content.review import REVIEW
from vijf.content.schema import SCHEMAS, json_schema
from vijf.content.shop import SHOP
from vijf.content.site import SITE

UNSOUND_URLS = ("https://x.example:99999/", "https://a..b/", "https://x.example/../y", "https://-.-/", "http://x:0/")
"""Of the right form, but no address: what a pattern can't say."""

ONLY_THE_DECODER = (
    # code, and words of the message where the code alone also stands for what a schema knows
    ("date", "of the calendar"),
    ("date", "lies before"),
    ("date-order", ""),
    ("future", ""),
    ("timezone", "is no known time zone"),
    ("no-catalogue", ""),
    ("procedure", ""),
    ("shop-status", ""),
    ("removal", ""),
    ("rating-withdrawn", ""),
    ("origin", ""),
    ("hours", "must end after they start"),
    ("missing-key", "only an imported reply"),
    *(("url", url) for url in UNSOUND_URLS),
)
"""Reasons to refuse that no schema states: the calendar, catalogues, and how values of one mapping go together."""


def _whole_pattern(_validator, pattern, instance, _schema):
    """`pattern` as ECMA 262 means it, where `$` is the very end; Python's `$` also stands before a last line feed."""
    if isinstance(instance, str) and not re.search(pattern.removesuffix("$") + r"\Z", instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = extend(Draft202012Validator, {"pattern": _whole_pattern})


@dataclass(frozen=True)
class Subject:
    """A kind of file: how it is decoded, its schema, and valid documents of it."""

    record: Any
    schema: dict
    documents: Any


@cache
def subjects():
    pages = st.fixed_dictionaries({"title": lines}, optional={"description": lines})
    return {
        "site": Subject(SITE, json_schema("site"), sites().map(document)),
        "shop": Subject(SHOP, json_schema("shop"), shops().map(document)),
        "reviews": Subject(Many(REVIEW), json_schema("reviews") | {"maxItems": 50}, st.tuples(reviews()).map(document)),
        "page": Subject(FRONT_MATTER, json_schema("page"), pages),
    }


def faults_of(field, value, *, block):
    """What the decoder says of `value` written as YAML."""
    faults = Faults("f")
    node = parse(as_yaml(value, block=block).encode(), faults)
    assert node is not None, faults.found
    decoded = field.decode(node, Reading(faults, ZONE, NOW))
    assert (decoded is None) == bool(faults.found), "a value is given exactly when nothing is wrong"
    return faults.found


def check_laws(field, validator, value, *, block, beyond_schema=ONLY_THE_DECODER):
    """Both laws for one value; gives "good", "bad", or "only the decoder"."""
    found = faults_of(field, value, block=block)
    valid = validator.is_valid(value)
    if not found:
        assert valid, f"decoded, but the schema refuses: {next(validator.iter_errors(value)).message}"
        return "good"
    if not valid:
        return "bad"
    beyond = [d for d in found if any(d.code == code and words in d.message for code, words in beyond_schema)]
    assert beyond, f"refused, but valid by the schema: {found[0]}"
    return "only the decoder"


ODD_TEXTS = (
    *("", " ", "\n", "\u00a0", "true", "12", "8", "null", "~", "no", "a\nb", "a\tb", "a\u2028b", "a\r", "\x00", "\x85"),
    *("\ufffe", "\ufeff", "\U0001f6b2", "x" * 65, "x" * 201, "x" * 301, "é" * 5001, "x" * 20_001),
    *("con", "A", "-", "a-b", "a_b", "nl", "nl-NL", "NL", "nl\n", "NL\n", "slug\n", "Europe/Amsterdm", "Etc/GMT+1"),
    *("2026-11-03", "2026-02-30", "1899-12-31", "2200-01-01", "2026-11-03T08:00:00Z", "2026-11-03T08:00Z\n"),
    *("2026-11-03T25:00Z", "2026-11-3", "2026-11-03T08:00:00+01:00", "09:00-17:30", "17:30-09:00", "24:00-25:00"),
    *("info@x.example", "info@x", "a@b.c\n", "+31 20 000 0000", "020", "https://x.example", "https://x.example/a b"),
    *("javascript:alert(1)", "https://a:b@x.example", "https://x.example/" + "y" * 2000, "//x", *UNSOUND_URLS),
    *("operator", "shop", "immediate", "fake", "import", "invitation", "left", "active", "png"),
)
ODD_NUMBERS = (
    0,
    1,
    2,
    5,
    8,
    10,
    11,
    20,
    1000,
    1001,
    10**9,
    10**12,
    -1,
    0.5,
    1.5,
    8.25,
    9.5,
    10.5,
    3.1416,
    1000.5,
    0.75,
)
ODD_VALUES = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"a": {}},
    {"nl": "x"},
    ["x"],
    ["x", "x"],
    [1, 5],
    [None],
    {"x": None},
)
KEYS = (
    "rating",
    "text",
    "held",
    "removed",
    "origin",
    "until",
    "status",
    "schema",
    "date",
    "nl",
    "zz",
    "",
    "a\nb",
    "x" * 70,
)
odd = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(ODD_VALUES),
    st.text(max_size=20),
    st.integers(1, 200).map(lambda n: n / 20),
)


def _places(value, path=()):
    """The path of every value in a document."""
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


def _copy(value):
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


@st.composite
def broken(draw, documents):
    """A valid document with up to two values replaced, left out, added, moved or repeated."""
    value = _copy(draw(documents))
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from(sorted(_places(value), key=repr)))
        if not path:
            continue
        *above, key = path
        holder = value
        for step in above:
            holder = holder[step]
        change = draw(st.sampled_from(("replace", "leave out", "add", "repeat", "move")))
        if change == "leave out":
            del holder[key]
        elif change == "replace":
            holder[key] = _copy(draw(odd))
        elif change == "move":
            holder[key] = _copy(draw(st.sampled_from([_at(value, other) for other in _places(value)])))
        elif isinstance(holder, list):
            holder.extend([_copy(holder[key])] * draw(st.sampled_from((1, 2, 60))))
        else:
            holder[draw(st.sampled_from(KEYS))] = _copy(draw(odd)) if change == "add" else _copy(holder[key])
    return value


def _at(value, path):
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize(("kind", "examples"), [("site", 450), ("shop", 450), ("reviews", 450), ("page", 200)])
def test_schema_and_decoder_agree_on_documents(kind, examples):
    """On documents valid and broken, of each kind of file: both laws, and both verdicts really occur."""
    subject = subjects()[kind]
    validator = Validator(subject.schema)
    seen = Counter()

    @settings(LAWS, max_examples=examples)
    @given(broken(subject.documents), st.booleans())
    def law(value, block):
        seen[check_laws(subject.record, validator, value, block=block)] += 1

    law()
    assert seen["good"] >= examples // 8, seen
    assert seen["bad"] >= examples // 8, seen


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["site", "shop", "reviews", "page"])
def test_schema_and_decoder_agree_on_many_documents(kind):
    """The same laws, on twenty times as many documents."""
    test_schema_and_decoder_agree_on_documents(kind, 10_000)


def _all_fields():
    """Each different kind of field below the files' records, by the path at which it is first met."""
    found = {}

    def visit(path, field):
        found.setdefault(str(field.schema()), (path, field))
        if isinstance(field, Record):
            for name, part in field.fields.items():
                visit(f"{path}.{name}", part)
        elif isinstance(field, Many):
            visit(f"{path}[]", field.item)
        elif isinstance(field, Table):
            visit(f"{path}.*", field.value)

    for name, record in (("site", SITE), ("shop", SHOP), ("review", REVIEW), ("page", FRONT_MATTER)):
        visit(name, record)
    return dict(found.values())


FIELDS = _all_fields()


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_schema_and_decoder_agree_on_odd_values(path):
    """Each kind of field, on every odd value there is."""
    field = FIELDS[path]
    validator = Validator(field.schema())
    seen = Counter(
        check_laws(field, validator, value, block=block)
        for value in (*ODD_TEXTS, *ODD_NUMBERS, *ODD_VALUES)
        for block in (False, True)
    )
    assert seen["bad"]


LEAVES = sorted(path for path, field in FIELDS.items() if "pattern" in field.schema())


@pytest.mark.parametrize("path", LEAVES)
def test_schema_and_decoder_agree_on_texts_that_fit_a_pattern(path):
    """Texts made from a field's own pattern, and those texts with one character more or less."""
    field = FIELDS[path]
    schema = field.schema()
    validator = Validator(schema)
    seen = Counter()
    # Ports, dots and the like of made-up hosts: only the decoder takes addresses apart.
    beyond = (*ONLY_THE_DECODER, ("url", "")) if isinstance(field, Url) else ONLY_THE_DECODER
    fitting = st.from_regex(schema["pattern"].replace(r"\uFFFE\uFFFF", r"\ufffe\uffff"), fullmatch=True)

    @settings(LAWS, max_examples=40)
    @given(fitting, st.integers(0, 30), st.sampled_from(["", "", "-", " ", "\n", ".", "é", "0", "/"]))
    def law(text, at, extra):
        text = text.encode("utf-8", "ignore").decode()
        changed = text[:at] + extra + text[at + (extra == "-") :]
        seen[check_laws(field, validator, changed, block=False, beyond_schema=beyond)] += 1

    law()
    assert seen["good"] or seen["only the decoder"], seen


def test_every_schema_is_one():
    """What `vijf schema` prints is JSON Schema of draft 2020-12, for each kind of file."""
    assert set(SCHEMAS) == {"site", "shop", "reviews", "page"}
    for name in SCHEMAS:
        Draft202012Validator.check_schema(json_schema(name))


def test_an_editor_is_not_told_a_wrong_key_is_right():
    """The schema really looks into what is nested: an unknown key deep in a shop is refused by it."""
    shop = {"name": "x", "url": "https://x.example", "contact": {"address": {"country": "NL", "land": "NL"}}}
    assert not Validator(json_schema("shop")).is_valid(shop)
    del shop["contact"]["address"]["land"]
    assert Validator(json_schema("shop")).is_valid(shop)
