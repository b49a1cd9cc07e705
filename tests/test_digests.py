"""The digest of a file, and the sum over many: the order is irrelevant, and one change needs no other file."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st
from vijf.digests import digest, joined, sum_of

LAWS = settings(max_examples=200, deadline=None, derandomize=True)

sets_of_files = st.dictionaries(st.text(min_size=1, max_size=8), st.binary(max_size=4).map(digest), max_size=6)


def test_the_documented_sum():
    """BLAKE2b of 256 bits over `<digest>  <path>` and a line feed, as a number, most significant byte first."""
    line = f"{digest(b'x')}  nl/caf\u00e9.html\n".encode()
    expected = hashlib.blake2b(line, digest_size=32).hexdigest()
    assert joined([sum_of([("nl/caf\u00e9.html", digest(b"x"))])]) == expected


def test_the_sum_of_no_files_is_zero_in_64_digits():
    """Small sums have leading zeros."""
    assert joined([]) == joined([sum_of([])]) == "0" * 64
    assert joined([255]) == "0" * 62 + "ff"


@LAWS
@given(sets_of_files, st.randoms(use_true_random=False))
def test_the_order_of_files_is_irrelevant(files, chance):
    """Whoever walks a folder needn't sort."""
    order = list(files.items())
    chance.shuffle(order)
    assert sum_of(order) == sum_of(files.items())


@LAWS
@given(sets_of_files, st.sets(st.integers(0, 5)))
def test_sums_of_parts_add_up(files, which):
    """The sum over all is the sum of the sums over any two parts, modulo 2^256."""
    entries = list(files.items())
    one = [entry for index, entry in enumerate(entries) if index in which]
    other = [entry for index, entry in enumerate(entries) if index not in which]
    assert joined([sum_of(one), sum_of(other)]) == joined([sum_of(entries)])
    assert 0 <= sum_of(entries) < 1 << 256


@LAWS
@given(sets_of_files, sets_of_files)
def test_other_files_have_another_sum(one, other):
    """A file more or less, another path, other bytes."""
    assert (joined([sum_of(one.items())]) == joined([sum_of(other.items())])) == (one == other)


def test_bytes_that_trade_places_change_the_sum():
    """A digest belongs to its path."""
    assert sum_of([("a", "1"), ("b", "2")]) != sum_of([("a", "2"), ("b", "1")])


def test_names_that_are_no_unicode_count():
    """They can't be in a site, but sums are asked of whatever there is."""
    assert sum_of([("\udce9", "1")]) != sum_of([("e", "1")])
