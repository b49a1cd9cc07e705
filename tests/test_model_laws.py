"""Laws of the model, its errors, and of reading what was written: every model survives YAML, pickling and sorting."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS, NOW, SITE, ZONE, as_yaml, document, review_lists, reviews, shops, sites
from vijf import errors, model
from vijf.content.events import parse
from vijf.content.fields import Reading
from vijf.content.nodes import Faults
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP, build_shop
from vijf.content.site import SITE as SITE_RECORD
from vijf.errors import ContentError, Diagnostic, MachineError, Span, UsageError, VijfError

MODELS = [thing for _, thing in inspect.getmembers(model, inspect.isclass) if is_dataclass(thing)]


def read(record, written):
    """What `record` makes of YAML that is sound."""
    faults = Faults("f")
    node = parse(written.encode(), faults)
    value = record.decode(node, Reading(faults, ZONE, NOW))
    assert not faults.found
    return value


@settings(LAWS, max_examples=120)
@given(reviews(), st.booleans())
def test_review_comes_back_from_yaml(review, block):
    """parse(format(review)) == review, in JSON's form and in block form."""
    assert read(REVIEW, as_yaml(document(review), block=block)) == review


@settings(LAWS, max_examples=120)
@given(shops(), st.booleans())
def test_shop_comes_back_from_yaml(shop, block):
    """parse(format(shop)) == shop, in JSON's form and in block form."""
    assert build_shop(shop.slug, read(SHOP, as_yaml(document(shop), block=block))) == shop


@settings(LAWS, max_examples=120)
@given(sites(), st.booleans())
def test_site_comes_back_from_yaml(site, block):
    """parse(format(site)) == site, but for the final slash of its addresses."""
    expected = document(site)
    for key in ("url", "desk_url"):
        if key in expected:
            expected[key] = expected[key].rstrip("/")
    assert document(read(SITE_RECORD, as_yaml(document(site), block=block))) == expected


@settings(LAWS, max_examples=60)
@given(st.one_of(reviews(), shops(), sites()))
def test_models_cross_a_process_pool(value):
    """A model that is pickled, or copied, is the same model."""
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301  # our own bytes
    assert copy.deepcopy(value) == value


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_models_are_frozen_slots_dataclasses(kind):
    """Nothing in the model can be changed or added to after content made it."""
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)
    value = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(kind)[0].name, 1)


@settings(LAWS, max_examples=60)
@given(review_lists())
def test_sort_key_is_a_total_order(reviews):
    """No two reviews of a shop share their place, so pages never depend on the order of files."""
    keys = [review.sort_key for review in reviews]
    assert len(set(keys)) == len(keys)
    assert all((one < other) != (other < one) for one, other in combinations(keys, 2))


@settings(LAWS, max_examples=60)
@given(reviews())
def test_hidden_reviews_have_no_words(review):
    """A review on hold or removed has nothing that a page could print by mistake."""
    if not review.visible:
        assert not any((review.title, review.text, review.author, review.replies, review.aspects, review.amended))


def test_smallest_site_gets_the_strictest_defaults():
    """A site that says nothing has a threshold of five, publishes at once, counts no imports, is no demo."""
    data = b"schema: 1\nname: x\nurl: https://x.example\nlanguages: [en]\noperator: {name: x, email: a@b.example}\n"
    site = read(SITE_RECORD, data.decode())
    assert (site.threshold, site.count_imports, site.demo, site.without) == (5, frozenset(), False, frozenset())
    assert site.procedure == model.Procedure(model.Preset.IMMEDIATE, model.AppliesTo.ALL, None)
    assert site.timezone == "Europe/Amsterdam"
    assert SITE.threshold == 5


FAULTS = [
    Diagnostic(Span("b.yaml", 2, 1), "type", "x"),
    Diagnostic(Span("a.yaml", 10, 1), "type", "x"),
    Diagnostic(Span("a.yaml", 9, 2), "type", "x"),
    Diagnostic(Span("a.yaml", 9, 1), "type", "x", warning=True),
    Diagnostic(Span("a.yaml"), "too-large", "x"),
]


def test_diagnostics_sort_by_place():
    """By file, then line and column as numbers; a fault of a whole file comes first."""
    shown = ["a.yaml: x [too-large]", "a.yaml:9:1: warning: x [type]", "a.yaml:9:2: x [type]", "a.yaml:10:1: x [type]"]
    assert str(ContentError(FAULTS)).splitlines() == [*shown, "b.yaml:2:1: x [type]"]


@pytest.mark.parametrize(
    "error", [ContentError(FAULTS), UsageError("no such folder"), MachineError("disk full"), VijfError("x")], ids=repr
)
def test_errors_cross_a_process_pool(error):
    """Every exception keeps its class, words and exit code when it is pickled."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.exit_code == error.exit_code


def test_every_error_is_tested_here():
    """A new class of error is added to the test above."""
    known = {thing for _, thing in inspect.getmembers(errors, inspect.isclass) if issubclass(thing, Exception)}
    assert known == {VijfError, ContentError, UsageError, MachineError}


def test_exit_codes_are_those_of_the_command_line():
    """1: the content has faults; 2: wrong usage; 3: the machine failed."""
    assert [error.exit_code for error in (ContentError, UsageError, MachineError)] == [1, 2, 3]


def test_rules_read_no_file_and_no_clock():
    """The rules are functions of their arguments: they import nothing that could tell them more."""
    source = "".join(path.read_text() for path in Path(inspect.getfile(model)).with_name("rules").glob("*.py"))
    for forbidden in ("import os", "pathlib", "now()", "today()", "import time", "random", "open("):
        assert forbidden not in source
