"""One build of an output at a time, and no lock that outlives its build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import vijf
from vijf.errors import MachineError
from vijf.publish.state import State, exclusive

HOLD = """
import os, sys
from pathlib import Path
from vijf.publish.state import State, exclusive
with exclusive(State.of(Path(sys.argv[1]))):
    worker = "worker" in sys.argv and os.fork() == 0
    if worker or "worker" not in sys.argv:
        print("held", flush=True)
    sys.stdin.read()
    if worker:
        os._exit(0)
"""


@pytest.fixture
def hold(tmp_path):
    """A function that starts a process which holds the lock of an output until it is killed."""
    started = []

    def start(*options):
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, tmp_path / "site", *options],
            env=os.environ | {"PYTHONPATH": str(Path(vijf.__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        started.append(child)
        assert child.stdout.readline() == b"held\n"
        return child

    yield start
    for child in started:
        child.kill()
        child.stdin.close()
        child.stdout.close()
        child.wait()


def test_a_second_build_is_refused(hold, tmp_path):
    """While one process builds, another gets a machine's failure that says what to do."""
    hold()
    refused = pytest.raises(MachineError, match=r"Another build of this output is running.*Wait")
    with refused, exclusive(State.of(tmp_path / "site")):
        pytest.fail("both hold the lock")


def test_another_output_can_be_built_at_the_same_time(hold, tmp_path):
    """The lock is the output's."""
    hold()
    with exclusive(State.of(tmp_path / "other")):
        pass


def test_the_lock_is_free_after_a_kill(hold, tmp_path):
    """The kernel lets go with the process: no stale lock file needs to be removed by hand."""
    child = hold()
    child.kill()
    child.wait()
    with exclusive(State.of(tmp_path / "site")):
        pass


def test_a_worker_that_outlives_a_killed_build_does_not_hold_the_lock(hold, tmp_path):
    """Forked workers inherit open files, and with them the lock, unless they let go of it."""
    child = hold("worker")
    child.kill()
    child.wait()
    with exclusive(State.of(tmp_path / "site")):
        pass


def test_a_forked_worker_does_not_free_the_lock(hold, tmp_path):
    """That a worker lets go changes nothing for the build itself."""
    hold("worker")
    with pytest.raises(MachineError), exclusive(State.of(tmp_path / "site")):
        pytest.fail("both hold the lock")


def test_the_lock_is_free_after_the_block_also_after_an_error(tmp_path):
    """One process can build twice."""
    state = State.of(tmp_path / "site")
    with pytest.raises(KeyError), exclusive(state):
        raise KeyError
    with exclusive(state), pytest.raises(MachineError), exclusive(state):
        pytest.fail("held twice")
    with exclusive(state):
        pass
