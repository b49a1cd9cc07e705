"""Writing reviews as content: what is written reads back as the same, and files are whole or not there."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import tree
from strategies import LAWS, NOW, ZONE, lines, reviews
from vijf.content.events import parse, parse_items
from vijf.content.fields import Reading
from vijf.content.nodes import Faults
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP
from vijf.errors import MachineError
from vijf.importers.emit import reviews_yaml, shop_yaml, write_files
from vijf.model import Author, Moment, Reply, Review, Speaker


def read_back(data):
    """The reviews that a file's bytes say, without fault."""
    reading = Reading(Faults("f"), ZONE, NOW)
    found = [REVIEW.decode(node, reading) for node in parse_items(data, reading.faults)]
    assert reading.faults.found == []
    return found


@LAWS
@given(st.lists(reviews(), max_size=4))
def test_what_is_written_reads_back_as_the_same(written):
    """Any reviews that content can hold, in any state, survive; they stand oldest first."""
    assert read_back(reviews_yaml(written)) == sorted(written, key=lambda review: review.sort_key)


@LAWS
@given(st.lists(reviews(), max_size=4, unique_by=lambda review: review.sort_key), st.randoms())
def test_the_order_of_the_input_makes_no_difference(written, random):
    """The same reviews are the same bytes."""
    shuffled = list(written)
    random.shuffle(shuffled)
    assert reviews_yaml(shuffled) == reviews_yaml(written)


TEXTS = [
    "- a\n- b", "a: b", "# a", "---", "...", "%a", "a\n\n\n b\n  c", "a\n\t\nb", "a\n   \nb", "\ufeffa", "a\u2028b",
    "null", "yes", "12", "1e5", "0x1F", "'", '"', "\\n", "| a", "> a", "*a", "&a", "!a",
    "{a", "[a", "a #b", "a:", ":a", "?", "-", "👍🏽", "a" * 20_000, "@a", "`a", "é", "a, b", "\xad", "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_look_like_yaml_stay_texts(text):
    """Whatever a customer writes is text, in every place that holds words."""
    line = text.replace("\n", " ").replace("\t", " ").replace("\u2028", " ")[:200]
    moment = Moment(datetime(2026, 1, 2, tzinfo=UTC), date(2026, 1, 2), exact=True)
    reply = Reply(Speaker.SHOP, text, moment)
    odd = Review("a1", moment, moment, title=line, text=text, author=Author(line, line), replies=(reply,))
    assert read_back(reviews_yaml([odd])) == [odd]


@LAWS
@given(lines)
def test_a_new_shop_reads_back_as_the_same(name):
    """Any name that content can hold survives."""
    faults = Faults("f")
    node = parse(shop_yaml(name, "https://a.example"), faults)
    assert SHOP.decode(node, Reading(faults, ZONE)) == {"name": name, "url": "https://a.example"}


FILES = {"shops/a/reviews/i.yaml": b"[]\n", "shops/a/shop.yaml": b"a", "shops/b/reviews/i.yaml": b"b"}


def test_files_are_written_with_nothing_left_over(tmp_path):
    """After writing there are these files and no others."""
    write_files(tmp_path, FILES)
    assert tree(tmp_path) == FILES


@pytest.mark.parametrize("name", ["fsync", "mkdir", "open"])
@pytest.mark.parametrize("after", range(6))
def test_a_machine_that_refuses_leaves_what_stood(tmp_path, monkeypatch, name, after):
    """Wherever the disk fills up before the first file has its name, the folder is as it was."""
    write_files(tmp_path, {"shops/b/reviews/i.yaml": b"old"})
    before, folders = tree(tmp_path), sorted(tmp_path.rglob("*"))
    owner = os if name == "fsync" else Path
    true, calls = getattr(owner, name), 0

    def refuse(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(28, "No space left on device")
        return true(*args, **kwargs)

    monkeypatch.setattr(owner, name, refuse)
    try:
        write_files(tmp_path, FILES)
    except MachineError as error:
        monkeypatch.undo()
        assert "No space left on device" in str(error)
        assert tree(tmp_path) == before
        assert sorted(tmp_path.rglob("*")) == folders
    else:
        assert calls <= after


@pytest.mark.parametrize("after", range(3))
def test_a_stop_between_names_leaves_whole_files(tmp_path, monkeypatch, after):
    """Each file is old or new, never part of either; a shop has its shop.yaml before its reviews."""
    write_files(tmp_path, {"shops/b/reviews/i.yaml": b"old"})
    true, calls = Path.replace, 0

    def refuse(self, target):
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(5, "Input/output error")
        return true(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(MachineError):
        write_files(tmp_path, FILES)
    left = tree(tmp_path)
    assert all(data in (FILES[path], b"old") for path, data in left.items())
    assert "shops/a/shop.yaml" in left or "shops/a/reviews/i.yaml" not in left
