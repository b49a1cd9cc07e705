"""What all tests of `vijf.publish` share."""

from __future__ import annotations

import pytest
from vijf.publish import disk


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems some hundred times: a killed process loses nothing it has written."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
