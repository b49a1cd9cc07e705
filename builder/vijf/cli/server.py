"""A small server for looking at a site: static files as a host would serve them, and a channel to open pages.

Pages get a script that isn't in the files: it reloads them after a build, and shows the content's faults.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from vijf.errors import UsageError

EVENTS = "/-vijf/events"
SCRIPT = "/-vijf/reload.js"
_NOT_FOUND = b"<!doctype html><title>404</title><body>There is no such page.</body>"
_TAG = f'<script src="{SCRIPT}"></script>'.encode()
_KEEP_ALIVE_SECONDS = 15

_RELOAD = """\
const shown = document.createElement("pre");
shown.setAttribute("role", "alert");
Object.assign(shown.style, {
  position: "fixed", inset: "auto 0 0 0", margin: 0, padding: "1rem", maxHeight: "50vh", overflow: "auto",
  background: "#5b1212", color: "#fff", font: "14px/1.5 monospace", whiteSpace: "pre-wrap", zIndex: 9,
});
const events = new EventSource("/-vijf/events");
events.addEventListener("changed", () => location.reload());
events.addEventListener("faults", (event) => {
  shown.textContent = JSON.parse(event.data).join("\\n");
  document.body.append(shown);
});
addEventListener("pagehide", () => events.close());
"""


class Notices:
    """What open pages are told: that the site changed, or that the content has faults. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[queue.SimpleQueue[str | None]] = set()
        self._faults: list[str] = []

    def changed(self) -> None:
        """Tell every open page to load itself again."""
        with self._lock:
            self._faults = []
        self._send("event: changed\ndata: {}\n\n")

    def faults(self, lines: list[str]) -> None:
        """Show `lines` in every open page, and in each that is opened until the content is sound again."""
        with self._lock:
            self._faults = lines
        self._send(_fault_event(lines))

    def listen(self) -> queue.SimpleQueue[str | None]:
        """A new page's queue of events; None ends it."""
        listener: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        with self._lock:
            self._listeners.add(listener)
            if self._faults:
                listener.put(_fault_event(self._faults))
        return listener

    def leave(self, listener: queue.SimpleQueue[str | None]) -> None:
        """Forget a page that was closed."""
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all channels."""
        self._send(None)

    def _send(self, event: str | None) -> None:
        with self._lock:
            for listener in self._listeners:
                listener.put(event)


def _fault_event(lines: list[str]) -> str:
    return f"event: faults\ndata: {json.dumps(lines)}\n\n"


def start_server(root: Path, base: str, host: str, port: int, notices: Notices) -> ThreadingHTTPServer:
    """Serve the site in `root` below the path `base`, in a thread of its own; port 0 takes a free one.

    A link is followed anew for each request, so that the site of now is shown. Raises `UsageError` when the address
    can't be listened on.
    """
    handler: Callable[..., Any] = partial(_Handler, root=root.absolute(), base=base, notices=notices)
    try:
        server = ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise UsageError(f"can't listen on {host}:{port}: {error.strerror}; choose another with --port") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Handler(SimpleHTTPRequestHandler):
    """Files below `base`; `404.html` for what isn't there; the reload script in every page."""

    def __init__(self, *args: Any, root: Path, base: str, notices: Notices, **kwargs: Any) -> None:  # noqa: ANN401  # passed on
        self.root, self.base, self.notices = root, base, notices
        super().__init__(*args, directory=str(root), **kwargs)

    def do_GET(self) -> None:
        """Answer a request."""
        path = urlsplit(self.path).path
        if path == EVENTS:
            self._events()
        elif path == SCRIPT:
            self._answer(HTTPStatus.OK, _RELOAD.encode(), "text/javascript; charset=utf-8")
        elif path == "/" and self.base != "/":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self.base)
            self.end_headers()
        elif path.startswith(self.base):
            self._file(unquote(path.removeprefix(self.base)))
        else:
            self._missing()

    do_HEAD = do_GET

    def _file(self, path: str) -> None:
        try:
            root = self.root.resolve()
            file = (root / path).resolve()
            is_folder, inside = file.is_dir(), file.is_relative_to(root)
        except (OSError, ValueError):  # a name that no file can have
            inside = False
        if not inside:
            self._missing()
        elif is_folder and path and not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{self.base}{path}/")
            self.end_headers()
        else:
            if is_folder:
                file /= "index.html"
            try:
                data = file.read_bytes()
            except OSError:
                self._missing()
            else:
                self._answer(HTTPStatus.OK, data, self._type(file))

    def _type(self, file: Path) -> str:
        kind = self.guess_type(str(file))
        return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("javascript", "json")) else kind

    def _missing(self) -> None:
        page = self.root / "404.html"
        data = page.read_bytes() if page.is_file() else _NOT_FOUND
        self._answer(HTTPStatus.NOT_FOUND, data, "text/html; charset=utf-8")

    def _answer(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        if kind.startswith("text/html"):
            data = data.replace(b"</body>", _TAG + b"</body>", 1)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        listener = self.notices.listen()
        try:
            while True:
                try:
                    event = listener.get(timeout=_KEEP_ALIVE_SECONDS)
                except queue.Empty:
                    event = ": still here\n\n"
                if event is None:
                    return
                self.wfile.write(event.encode())
                self.wfile.flush()
        except OSError:
            pass  # the page was closed
        finally:
            self.notices.leave(listener)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  # the library's signature
        """Say nothing: the terminal is for faults."""
