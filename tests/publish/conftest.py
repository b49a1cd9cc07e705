"""What all tests of `vijf.publish` share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems some hundred times: a killed process loses nothing it has written."""
    monkeypatch.setattr(os, "sync", lambda: None)
