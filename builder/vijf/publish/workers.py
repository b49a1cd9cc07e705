"""Forked workers: the same function for many shops (or shards of them), on all cores, in the memory of a few.

Each worker is a copy of this process, made when everything that all shops need is there already; it gets slugs through
one pipe and gives outcomes back through another. Nothing is shared, so nothing can be half done in two places.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import pickle
import selectors
import signal
import struct
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from vijf.errors import MachineError

T = TypeVar("T")
Make = Callable[[int, str], T]
"""Called with the number of the worker, from 1 (0: this process), and a name: mostly a shop's slug."""

_AHEAD = 4
"""Shops that a worker has been given at once: enough that it never waits for the next."""
_WORTH_FORKING = 8
"""Names below which forking costs more than it gives."""
_PR_SET_PDEATHSIG = 1
_LENGTH = struct.Struct("<I")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    make: Make[T], names: Sequence[str], jobs: int, doing: str = "building the shop"
) -> Generator[tuple[str, T], None, None]:
    """Yield (name, outcome) of `make` for each of `names`, begun in their order, in up to `jobs` processes.

    An error of `make` is raised here. A worker that dies is a `MachineError` that says what it was `doing` with which
    name. No worker outlives the iteration; whoever may leave it early closes it, since an error that is on its way
    keeps it alive.
    """
    jobs = min(jobs, len(names) // 2)
    if jobs < 2 or len(names) < _WORTH_FORKING:
        for name in names:
            yield name, make(0, name)
        return
    workers: list[_Worker] = []
    try:
        for number in range(1, jobs + 1):
            workers.append(_fork(make, number, workers))
        yield from _dealt(workers, deque(names), doing)
    finally:
        for worker in workers:
            worker.end()


@dataclass(slots=True)
class _Worker:
    """A worker as its parent sees it: its pipes, and the names that it was given and hasn't answered for, in order.

    `process` is 0 once its end has been asked for: the number may be another's then.
    """

    process: int
    tasks: int
    results: int
    given: deque[str] = field(default_factory=deque)

    def give(self, name: str) -> None:
        data = name.encode()
        self.given.append(name)
        with contextlib.suppress(BrokenPipeError):  # its end will be read from the other pipe
            os.write(self.tasks, _LENGTH.pack(len(data)) + data)

    def end(self) -> None:
        for descriptor in (self.tasks, self.results):
            os.close(descriptor)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def dead(self, doing: str) -> MachineError:
        """What to say of a worker whose pipe has ended."""
        _, status = os.waitpid(self.process, 0)  # its pipe is closed, so its end has begun
        self.process = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"was ended by signal {-code}" if code < 0 else "ended"
        what = f"was {doing} {self.given[0]}" if self.given else "was idle"
        return MachineError(
            f"A worker {how} while it {what}; the former site stands. Perhaps memory ran out: build with fewer --jobs."
        )


def _dealt(workers: Sequence[_Worker], waiting: deque[str], doing: str) -> Iterator[tuple[str, T]]:
    with selectors.DefaultSelector() as selector:
        for _ in range(_AHEAD):
            for worker in workers:
                if waiting:
                    worker.give(waiting.popleft())
        for worker in workers:
            selector.register(worker.results, selectors.EVENT_READ, worker)
        while any(worker.given for worker in workers):
            for key, _ in selector.select():
                worker = key.data
                data = _read(worker.results)
                if data is None:
                    raise worker.dead(doing)
                outcome = pickle.loads(data)  # noqa: S301  # from our own fork
                if isinstance(outcome, BaseException):
                    raise outcome
                name = worker.given.popleft()
                if waiting:
                    worker.give(waiting.popleft())
                yield name, outcome


def _fork(make: Make[T], number: int, others: Sequence[_Worker]) -> _Worker:
    tasks, results = os.pipe(), os.pipe()
    parent = os.getpid()
    process = os.fork()
    if not process:
        os.close(tasks[1])
        os.close(results[0])
        for other in others:  # or a worker would not see its parent's end
            os.close(other.tasks)
            os.close(other.results)
        _work(make, number, tasks[0], results[1], parent)
    os.close(tasks[0])
    os.close(results[1])
    return _Worker(process, tasks[1], results[0])


def _work(make: Make[T], number: int, tasks: int, results: int, parent: int) -> NoReturn:
    """Be a worker: answer for slug after slug until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    gc.freeze()
    gc.disable()  # what a shop needs holds no circles, and is gone after it
    code = 1
    try:
        _end_with(parent)
        while (slug := _read(tasks)) is not None:
            try:
                outcome: object = make(number, slug.decode())
            except Exception as error:  # noqa: BLE001  # raised again by the parent
                outcome = error
            data = _pickled(outcome)
            _write(results, _LENGTH.pack(len(data)) + data)
        code = 0
    except OSError:
        pass  # the parent is gone
    finally:
        os._exit(code)


def _end_with(parent: int) -> None:
    """Have the kernel end this worker with its parent, where Linux can.

    Else a parent that was killed leaves a worker that goes on for a few shops, in the way of the next build. Raises
    `OSError` where that parent is gone already.
    """
    import ctypes  # it takes longer than the rest of this module

    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before that
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))


def _pickled(outcome: object) -> bytes:
    try:
        data = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
        if isinstance(outcome, BaseException):
            pickle.loads(data)  # noqa: S301  # our own; some can be sent, but not received
        return data
    except Exception as error:  # noqa: BLE001  # an error that can't cross is told in words
        return pickle.dumps(RuntimeError(f"{outcome!r} ({error})"))


def _read(descriptor: int) -> bytes | None:
    """The next message of a pipe; None at its end."""
    head = _exactly(descriptor, _LENGTH.size)
    return _exactly(descriptor, _LENGTH.unpack(head)[0]) if head is not None else None


def _exactly(descriptor: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
