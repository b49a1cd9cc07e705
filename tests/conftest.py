"""What all tests share: content to write, the command to run on it, and the demo site.

This file also puts its folder on the import path, for `contents` and `strategies`.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pseudo
import pytest
from built_site import BuiltSite
from click.testing import CliRunner
from contents import Content, environment
from vijf.cli import main
from vijf.publish import disk

REPOSITORY = Path(__file__).parents[1]


def pytest_addoption(parser):
    """`pytest tests/test_golden.py --refresh-golden`: the golden site becomes what is built now; review the diff."""
    parser.addoption("--refresh-golden", action="store_true", help="write the golden site anew")


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def content(tmp_path):
    """A small content folder, where commands look for it when nobody says otherwise."""
    made = Content(tmp_path / "content")
    made.site()
    return made


@pytest.fixture
def vijf(tmp_path):
    """Run the real command in a process of its own: `vijf("build", "--json", cwd=..., env={...})`."""

    def run(*arguments: object, cwd: Path = tmp_path, env: dict[str, str] | None = None, **options: Any) -> Done:
        command = [sys.executable, "-m", "vijf", *map(str, arguments)]
        whole = environment(**(env or {}))
        done = subprocess.run(command, cwd=cwd, env=whole, capture_output=True, text=True, check=False, **options)
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in this process, which is quicker: nothing is flushed, and no CI is found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(disk, "flush", lambda _folder: None)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def run(*arguments: object) -> Done:
        done = CliRunner().invoke(main, list(map(str, arguments)), prog_name="vijf")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory):
    """The site of the repository's content, built once for all workers: to read, never to change."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    site = root / "demo" / "site"
    site.parent.mkdir(exist_ok=True)
    with (site.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (site.parent / "done").exists():
            command = [sys.executable, "-m", "vijf", "build", "--content", REPOSITORY / "content", "--output", site]
            subprocess.run(command, env=environment(), check=True, capture_output=True)
            (site.parent / "done").touch()
    return site


@pytest.fixture(scope="session")
def pseudo_site(tmp_path_factory):
    """A site in two made-up languages, one of them from right to left."""
    return BuiltSite(pseudo.build(tmp_path_factory.mktemp("pseudo")), pseudo.URL)
