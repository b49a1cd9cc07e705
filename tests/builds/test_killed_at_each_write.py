"""A real build, killed by SIGKILL at each of the system calls that change the file system, as strace counts them.

Other tests kill at random moments, or before steps that the code is known to take; this one asks the kernel, so that no
step is left out because nobody thought of it.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from contents import Content, differing, environment, files
from vijf.publish import disk
from vijf.publish.build import build
from vijf.publish.state import State

CALLS = """
write pwrite64 ftruncate rename renameat renameat2 mkdir mkdirat rmdir unlink unlinkat chmod fchmod fchmodat
link linkat symlink symlinkat syncfs sync utimensat
"""
"""All calls by which a program changes a file system, but for opening a file anew, which writes nothing yet."""
WITHOUT = ["png", "card", "frame", "merchant", "invite", "embed", "shield", "jsonfeed", "wide", "dark"]


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems for builds in this process."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


@pytest.fixture(scope="module")
def strace():
    """The tool, on a machine that lets it trace."""
    tool = shutil.which("strace")
    if tool is None or subprocess.run([tool, "-qq", "-o", "/dev/null", "true"], check=False).returncode:
        pytest.skip("strace isn't here, or may not trace")
    return tool


def write(folder, *, new):
    """A content and its successor: a review more, a shop less, another one new, a file where a folder was."""
    content = Content(folder)
    content.site(without=WITHOUT, languages=["nl"])
    content.shop("peer", 6 + new)
    content.shop("new" if new else "old", 1)
    content.write("static/a" if new else "static/a/b", "a file here, a folder there\n")
    return content.folder


class Killing:
    """Builds of `new` over the site of `old`, each killed at one system call."""

    def __init__(self, strace, folder, options=()):
        self.strace, self.folder, self.options = strace, folder, options
        self.old, self.new = write(folder / "old", new=False), write(folder / "new", new=True)
        self.former = folder / "former"
        self.former.mkdir()
        self.start(self.former, self.old)
        self.before = files(self.former / "site")
        clean = folder / "clean/site"
        build(self.new, clean, State.of(clean), None)
        self.after = files(clean)

    def start(self, where, content, *tracing):
        """A build in a process of its own, traced if asked; gives its exit code, -9 where it was killed."""
        trace = [self.strace, "-qq", *tracing] if tracing else []
        command = [sys.executable, "-m", "vijf", "build", "--content", content, "--jobs", "1", *self.options]
        env = environment(PYTHONDONTWRITEBYTECODE="1")
        return subprocess.run([*trace, *command], cwd=where, env=env, capture_output=True, check=False).returncode

    def copy(self):
        """The former site with its state, as fresh for each kill."""
        where = self.folder / "again"
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self.former, where, symlinks=True)
        return where

    def calls(self):
        """Call -> how often a build makes it."""
        log = self.folder / "log"
        assert self.start(self.copy(), self.new, "-o", log, "-e", f"trace={','.join(CALLS.split())}") == 0
        return Counter(re.findall(r"^(?:\d+ +)?(\w+)\(", log.read_text(errors="replace"), re.MULTILINE))

    def check(self, where):
        """Every file that stands is whole, a mixture stands only while a journal does, and the next build mends it."""
        site = where / "site"
        state = State.of(site)
        standing = files(site)
        for path, data in standing.items():
            assert data in (self.before.get(path), self.after.get(path)), path
        committing = state.journal.exists()
        if site.is_symlink() or not committing:
            assert standing in (self.before, self.after)
        build(self.new, site, state, None)
        assert differing(files(site), self.after) == []
        assert not state.stage.exists()
        return committing


@pytest.mark.slow
@pytest.mark.parametrize(("options", "least"), [((), 10), (("--swap",), 4)], ids=["in place", "swapped"])
def test_a_build_killed_at_any_system_call_leaves_a_whole_site_and_is_completed(strace, tmp_path, options, least):
    """Each call of each kind, one build for each: the former site stands, or the next build completes the new one.

    A site that is swapped is one or the other at every moment. Of all the kills, `least` or more come while a change
    that was decided is carried out.
    """
    killing = Killing(strace, tmp_path, options)
    assert killing.before != killing.after
    calls = killing.calls()
    assert {"write", "rename", "mkdir", "unlink"} <= calls.keys()
    killed = committing = 0
    for call, count in calls.items():
        for number in range(1, count + 1):
            where = killing.copy()
            inject = f"inject={call}:signal=SIGKILL:when={number}"
            code = killing.start(where, killing.new, "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
            killed += code != 0
            committing += killing.check(where)
    assert killed == calls.total()
    assert committing >= least
