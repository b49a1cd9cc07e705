"""Workers: the same function for many shops in several processes, none of which outlives the work."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import vijf
from vijf.errors import MachineError
from vijf.publish.planned import PlanError
from vijf.publish.workers import cores, each

SLUGS = [f"s{number}" for number in range(40)]
PATIENCE = 30
"""Seconds until a test gives up; nothing is expected to take as long."""


@pytest.fixture
def seen(tmp_path):
    """The folder in which workers leave their number as a process, and what they began."""
    (tmp_path / "workers").mkdir()
    return tmp_path / "workers"


def noted(seen, then=lambda slug: slug):
    """A function for workers that notes who began which shop, and does something with it."""

    def make(worker, slug):
        with (seen / str(os.getpid())).open("a") as file:
            file.write(f"{worker} {slug}\n")
        return then(slug)

    return make


def alive(seen):
    """The processes that have worked and still exist, be it only for want of someone who asks for their end."""
    return [path.name for path in seen.iterdir() if int(path.name) != os.getpid() and exists(int(path.name))]


def exists(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("jobs", [1, 2, 3, 7, 100])
def test_each_shop_has_its_outcome_once_and_is_begun_in_order(seen, jobs):
    """Whatever the number of workers; each has a number of its own, and takes the shops in their order."""
    outcomes = list(each(noted(seen, str.upper), SLUGS, jobs))
    assert sorted(outcomes) == sorted((slug, slug.upper()) for slug in SLUGS)
    workers = set()
    for path in seen.iterdir():
        numbers, begun = zip(*(line.split() for line in path.read_text().splitlines()), strict=True)
        assert list(begun) == sorted(begun, key=SLUGS.index)
        assert len(set(numbers)) == 1
        workers.add(numbers[0])
    assert len(workers) == len(list(seen.iterdir())) <= jobs
    assert workers == {"0"} if jobs == 1 else "0" not in workers and len(workers) > 1
    assert alive(seen) == []


def test_shops_are_dealt_in_order_and_few_ahead(seen):
    """With one worker held up the others go on, but nobody gets the last shops while the first are waiting."""
    gate = seen.parent / "gate"
    os.mkfifo(gate)

    def make(slug):
        if slug == SLUGS[0]:
            gate.read_text()
        return slug

    done = []
    with closing(each(noted(seen, make), SLUGS, 2)) as outcomes:
        for slug, _ in outcomes:
            done.append(slug)
            if len(done) == len(SLUGS) - 4:  # all but what the first worker has been given
                assert done == [slug for slug in SLUGS if slug not in (SLUGS[0], *SLUGS[2:8:2])]
                gate.write_text("")
    assert sorted(done) == sorted(SLUGS)


@pytest.mark.parametrize("slugs", [[], ["a"], SLUGS[:7]])
def test_few_shops_are_made_here(seen, slugs):
    """Forking costs more than it gives; there may be more jobs than shops, and no shop at all."""
    assert list(each(noted(seen), slugs, 64)) == [(slug, slug) for slug in slugs]
    assert {path.name for path in seen.iterdir()} <= {str(os.getpid())}


def test_outcomes_larger_than_a_pipe_arrive_whole(seen):
    """Many times what the system keeps in a pipe, from all workers at once."""
    found = dict(each(noted(seen, lambda slug: slug * 500_000), SLUGS[:12], 3))
    assert found == {slug: slug * 500_000 for slug in SLUGS[:12]}


class OddError(Exception):
    """An error that can be sent, but not received."""

    def __init__(self, *, number):
        super().__init__(f"odd {number}")


def raising(error):
    """Work that goes well but for one shop."""

    def then(slug):
        if slug == "s13":
            raise error
        return slug

    return then


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("error", [MachineError("disk full"), PlanError("two"), KeyError("k"), RuntimeError("r")])
def test_an_error_is_raised_here_and_ends_all_workers(seen, jobs, error):
    """Its type and what it says cross from the worker; nobody is left."""
    with pytest.raises(type(error)) as caught:
        list(each(noted(seen, raising(error)), SLUGS, jobs))
    assert caught.value.args == error.args
    assert alive(seen) == []


@pytest.mark.parametrize("error", [OddError(number=5), RuntimeError(lambda: None)])
def test_an_error_that_cannot_cross_is_told_in_words(seen, error):
    """What it was can still be read."""
    with pytest.raises(RuntimeError, match=r"odd 5|lambda"):
        list(each(noted(seen, raising(error)), SLUGS, 2))
    assert alive(seen) == []


def test_an_outcome_that_cannot_cross_is_an_error(seen):
    """It is neither lost nor waited for."""
    with pytest.raises(RuntimeError, match="lambda"):
        list(each(noted(seen, lambda slug: (slug, lambda: None)), SLUGS, 2))
    assert alive(seen) == []


@pytest.mark.parametrize(
    ("number", "how"), [(signal.SIGKILL, "was ended by signal 9"), (signal.SIGSEGV, "was ended by signal 11")]
)
def test_a_worker_that_is_killed_names_its_shop(seen, number, how):
    """As where memory runs out: a failure of the machine that says at which shop, and what to do; nobody is left."""

    def then(slug):
        if slug == "s13":
            signal.signal(signal.SIGSEGV, signal.SIG_DFL)  # pytest wants to tell of it
            os.kill(os.getpid(), number)
        return slug

    for _ in range(5):
        with pytest.raises(MachineError, match=f"{how} while it was building the shop s13;.*--jobs"):
            list(each(noted(seen, then), SLUGS, 3))
        assert alive(seen) == []


def test_a_worker_that_ends_itself_names_its_shop(seen):
    """What a library does in its despair."""

    def then(slug):
        return os._exit(3) if slug == "s13" else slug

    with pytest.raises(MachineError, match="A worker ended while it was building the shop s13"):
        list(each(noted(seen, then), SLUGS, 3))
    assert alive(seen) == []


def test_who_leaves_early_leaves_no_worker(seen):
    """Also where workers are in the midst of something, and where the error that ends the loop is still held."""

    def then(slug):
        if SLUGS.index(slug) > 9:
            time.sleep(PATIENCE)
        return slug

    with pytest.raises(KeyboardInterrupt), closing(each(noted(seen, then), SLUGS, 3)) as outcomes:
        for number, _ in enumerate(outcomes):
            if number == 5:
                raise KeyboardInterrupt
    assert alive(seen) == []


def test_a_worker_leaves_ctrl_c_to_its_parent(seen):
    """A terminal sends the signal to all processes: one that is in a shop isn't torn out of it."""

    def then(slug):
        os.kill(os.getpid(), signal.SIGINT)
        return slug

    assert len(list(each(noted(seen, then), SLUGS, 2))) == len(SLUGS)


KILLED = """
import os, sys, time
from pathlib import Path
from vijf.publish.workers import each
def make(worker, slug):
    (Path(sys.argv[1]) / str(os.getpid())).touch()
    time.sleep(0.05)
for slug, _ in each(make, [f"s{n}" for n in range(10_000)], 3):
    print(slug, flush=True)
"""


def test_workers_end_when_their_parent_was_killed(seen):
    """Nobody tells them: they find the other end of their pipe closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, seen],
        env=os.environ | {"PYTHONPATH": str(Path(vijf.__file__).parents[1])},
        stdout=subprocess.PIPE,
    )
    for _ in range(6):
        process.stdout.readline()
    process.kill()
    process.communicate()
    assert len(list(seen.iterdir())) == 3
    deadline = time.monotonic() + PATIENCE
    while any(running(int(path.name)) for path in seen.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running(process):
    """Whether it runs: somebody else may be late in asking for the end of one that doesn't."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(") ")[2][0] not in "ZX"


def test_cores_are_those_that_this_process_may_use():
    """A container or `taskset` may give fewer than the machine has."""
    allowed = os.sched_getaffinity(0)
    assert cores() == len(allowed)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_what_is_made_of_a_shop_crosses(content, tmp_path):
    """What a worker gives for a real shop is the same on the other side."""
    from vijf.content.files import find
    from vijf.content.load import load_names, open_content
    from vijf.publish.shops import Made, ShopWork
    from vijf.publish.state import State, claim

    content.shop("peer", 6)
    output = tmp_path / "site"
    state = State.of(output)
    claim(output, state)
    state.stage.mkdir()
    folder = find(content.folder)
    site = open_content(folder, None).site
    work = ShopWork(folder, output, state, 0, site, None, {}, {"peer": load_names(folder, "peer", site)})
    made = work.make(0, "peer")
    assert isinstance(made, Made)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  our own
