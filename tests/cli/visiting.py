"""`vijf serve` in a process of its own, and visits to it as a browser would make them."""

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from contents import environment
from vijf.cli.server import EVENTS

PATIENCE = 30
"""Seconds until a test gives up; nothing is expected to take as long."""


class Serving:
    """A server under way: what it says on standard error, line by line, and what it answers."""

    def __init__(self, process):
        self.process = process
        self.lines = SimpleQueue()
        threading.Thread(
            target=lambda: [*map(self.lines.put, process.stderr), self.lines.put(None)], daemon=True
        ).start()
        opened = self.wait_for("open http://")
        self.host, self.port, self.base = re.match(
            r"open http://([\d.]+):(\d+)(/\S*)  \(Ctrl-C stops\)", opened
        ).groups()

        self.wait_until_it_watches()

    def wait_until_it_watches(self):
        """Wait until the kernel tells it of changes: it says where it is open a moment earlier."""
        deadline = time.monotonic() + PATIENCE
        while not self.watches():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def watches(self):
        """Whether one of its descriptors is told of changes."""
        with suppress(FileNotFoundError):  # a descriptor was closed meanwhile
            return any("inotify" in file.read_text() for file in Path(f"/proc/{self.process.pid}/fdinfo").iterdir())
        return False

    def wait_for(self, start):
        """The next line that starts so."""
        seen = []
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except Empty:
                line = None
            if line is None:
                pytest.fail(f"no line starts with {start!r}; there were {seen}")
            if line.startswith(start):
                return line
            seen.append(line)

    def get(self, path, method="GET"):
        """The answer to a request: status, headers, body. The path goes out as it is."""
        connection = http.client.HTTPConnection(self.host, int(self.port), timeout=PATIENCE)
        connection.putrequest(method, path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body

    @contextmanager
    def listening(self):
        """An open page's channel: a function that gives the next event and its data."""
        connection = http.client.HTTPConnection(self.host, int(self.port), timeout=PATIENCE)
        connection.request("GET", EVENTS)
        answer = connection.getresponse()
        assert answer.headers["Content-Type"] == "text/event-stream"

        def event():
            while True:
                line = answer.readline().decode()
                if line.startswith("event: "):
                    return line.removeprefix("event: ").strip(), json.loads(
                        answer.readline().decode().removeprefix("data: ")
                    )
                if not line:
                    return None, None

        try:
            yield event
        finally:
            connection.close()

    def stop(self):
        """Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(folder, *arguments):
    """`vijf serve` in a folder, on a free port."""
    command = [sys.executable, "-m", "vijf", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()
