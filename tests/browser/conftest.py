"""A real Chromium for all browser tests, and web servers of different origins for them to visit."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium; where it is missing, CI fails and other machines skip."""
    path = os.environ.get("VIJF_CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        reason = f"no Chromium at {path}; VIJF_CHROMIUM names another place"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGS)
        yield chromium
        chromium.close()


@dataclass
class Origin:
    """A web server: what it answers by path (all else is 404), and what it was asked, in order.

    A path in `gates` is answered only once its event is set, so that a test decides when a script arrives.
    """

    url: str = ""
    answers: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def page(self, path: str, html: str, **headers: str) -> str:
        """Serve a page; an underscore in a header's name stands for a hyphen. Gives the address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = ("text/html; charset=utf-8", html, named)
        return self.url + path

    def script(self, path: str, code: str) -> str:
        """Serve a script. Gives the address."""
        self.answers[path] = ("text/javascript", code, {})
        return self.url + path


def serve(origin: Origin) -> ThreadingHTTPServer:
    """Start answering for `origin` in threads; it gets its address here."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # else each answer closes a connection that the browser may be reusing

        def do_GET(self) -> None:
            origin.asked.append(self.path)
            if self.path in origin.gates:
                origin.gates[self.path].wait(30)
            kind, text, headers = origin.answers.get(self.path, ("text/plain", "", {}))
            body = text.encode()
            self.send_response(200 if self.path in origin.answers else 404)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: what was asked is in `origin.asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    origin.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def origins() -> Iterator[tuple[Origin, Origin]]:
    """Two servers on ports of their own: the shop's site, and the site of the reviews."""
    pair = (Origin(), Origin())
    servers = [serve(origin) for origin in pair]
    yield pair
    for origin, server in zip(pair, servers, strict=True):
        for gate in origin.gates.values():
            gate.set()
        server.shutdown()
        server.server_close()
