"""What all tests of `vijf.publish` share."""

from __future__ import annotations

import pytest
from vijf.publish import disk


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems some hundred times: a killed process loses nothing it has written."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture
def two(content):
    """Content of two shops."""
    content.shop("peer", 6)
    content.shop("appel", 3)
    return content


@pytest.fixture
def site(two, run, tmp_path):
    """Their site, published by a first swap."""
    done = run("build", "--swap", "--content", two.folder)
    assert done.code == 0, done.err
    return tmp_path / "site"
