"""A site that is really served, and everything that it names asked for."""

from __future__ import annotations

import re
import shutil
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from built_site import BuiltSite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = (".html", ".json", ".xml", ".svg", ".js", ".txt", "_headers")


@contextmanager
def served(site: BuiltSite, root: Path) -> Iterator[str]:
    """Serve `site` below the path of its address, in an otherwise empty host, with the standard library's server.

    Gives the origin, without a final slash.
    """
    folder = root / urlsplit(site.url).path.strip("/")
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(site.root, folder, dirs_exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Files as they are; nothing is logged."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def list_directory(self, path: str) -> None:
        """No folder is listed: it needs its index."""
        del path
        self.send_error(404)


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of a request that follows no redirect."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(urllib.request.Request(url, headers=names), timeout=20) as answer:  # noqa: S310  # loopback
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def named(site: BuiltSite, path: str) -> set[str]:
    """Every address of the site's host that a file names, absolute, without its fragment.

    Of pages, what browsers load or follow; of all text, whatever looks like an address of the site, and `next`.
    """
    host = "{0.scheme}://{0.netloc}".format(urlsplit(site.url))
    found: set[str] = set()
    if path.endswith(".html"):
        found |= {address for _, _, address in site.links(path)}
    if path.endswith(TEXT):
        text = site.text(path).replace("\\/", "/").replace("&amp;", "&")
        found |= set(re.findall(rf"{re.escape(host)}(?![\w.-])[^\"'\\<>&\s)]*", text))
        found |= {urljoin(site.address(path), value) for value in re.findall(r'"next":"([^"]+)"', text)}
    bare = {address.partition("#")[0] for address in found} - {host}  # a host alone is a source in a policy
    return {address for address in bare if (address + "/").startswith(host + "/")}


def crawl(site: BuiltSite, origin: str) -> dict[str, list[str]]:
    """Ask a served site for all that its files name; gives each address that isn't answered, and who names it."""
    host = "{0.scheme}://{0.netloc}".format(urlsplit(site.url))
    names: dict[str, list[str]] = {}
    for path in sorted(site.files):
        for address in named(site, path):
            names.setdefault(address, []).append(path)
    assert names
    return {address: by for address, by in names.items() if get(origin + address.removeprefix(host))[0] != 200}
