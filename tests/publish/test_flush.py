"""`disk.flush`: the one flush of a build, of one file system only."""

from __future__ import annotations

import ctypes
import os
import sys
from types import SimpleNamespace

import pytest
from vijf.publish import disk

flush = disk.flush  # before the fixture of these tests puts something else there


def library(monkeypatch, syncfs):
    """Have the C library be one with this `syncfs`, or without."""
    found = SimpleNamespace(**({"syncfs": syncfs} if syncfs else {}))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name, **_options: found)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux flushes one file system")
def test_only_the_file_system_of_the_folder_is_flushed(tmp_path, monkeypatch):
    """Others may be slow, and have nothing to do with the site; the folder is closed again."""
    asked = []
    library(monkeypatch, lambda descriptor: asked.append((descriptor, os.fstat(descriptor).st_ino)) or 0)
    monkeypatch.setattr(os, "sync", lambda: pytest.fail("everything was flushed"))
    flush(tmp_path)
    ((descriptor, inode),) = asked
    assert inode == tmp_path.stat().st_ino
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_without_syncfs_everything_is_flushed(tmp_path, monkeypatch):
    """As on systems that have no such call."""
    asked = []
    library(monkeypatch, None)
    monkeypatch.setattr(os, "sync", lambda: asked.append("all"))
    flush(tmp_path)
    assert asked == ["all"]


def test_a_flush_that_fails_is_an_error_with_its_place(tmp_path, monkeypatch):
    """The disk may say only now that it couldn't keep what was written."""
    library(monkeypatch, lambda _descriptor: -1)
    monkeypatch.setattr(ctypes, "get_errno", lambda: 5)
    with pytest.raises(OSError, match="Input/output error") as caught:
        flush(tmp_path)
    assert caught.value.errno == 5
    assert caught.value.filename == str(tmp_path)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    """It is asked by its path."""
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "none")


def test_the_real_call_works(tmp_path):
    """The library's function is found and called as it wants to be."""
    (tmp_path / "file").write_bytes(b"x")
    flush(tmp_path)
