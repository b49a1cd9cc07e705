"""nginx and Caddy with the configuration of docs/publishing.md, word for word but for folder, port and hashes. Slow."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from built_site import BuiltSite
from crawling import crawl, get
from playwright.sync_api import sync_playwright
from reading import cloudflare, parse, sent

pytestmark = pytest.mark.slow

PUBLISHING = Path(__file__).parents[2] / "docs/publishing.md"
CHROMIUM = os.environ.get("VIJF_CHROMIUM", "/usr/bin/chromium")
URL = "https://voorbeeldkeur.example"
TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain",
}
"""Endings of files of text, which are sent as UTF-8."""
PLANTED = {
    "v1/de-ketting/frame.nl.html": b"<!doctype html><title>x</title><style>p{color:red}</style><p>x",
    "v1/de-ketting/feed.xml": b'<feed xmlns="http://www.w3.org/2005/Atom"/>' + b" " * 2000,
    "v1/de-ketting/feed.json": b'{"version": "https://jsonfeed.org/version/1.1"}' + b" " * 2000,
    "v1/feed.xml": b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
    "v1/vijf.0a1b2c3d.js": b"export default 1" + b" " * 2000,
    "v1/de-ketting/card.png": b"\x89PNG\r\n\x1a\n" + b"x" * 3000,
    "favicon.ico": b"\0\0\1\0",
    "photo.jpg": b"\xff\xd8\xff",
    "photo.webp": b"RIFF",
    ".well-known/security.txt": b"Contact: mailto:post@example.nl\n",
}
"""Files of kinds that a site can hold, put beside those that this one has."""


def missing(what):
    """A machine without a server may skip it; CI may not."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def documented(language, site, hashes):
    """The one block of a language in publishing.md, with this site's hashes in their places."""
    text = PUBLISHING.read_text(encoding="utf-8")
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    page, frame = hashes
    for former, now in (("'sha256-HASH'", page), ("'sha256-FRAME-HASH'", frame), ("/srv/reviews/site", str(site))):
        assert former in block
        block = block.replace(former, now)
    return block


def nginx(block, folder, port):
    """The server with folders of its own, in the foreground, on loopback."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(found).exists():
        missing("nginx")
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (folder / name).mkdir()
    places = "client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi;"
    places += " uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi; access_log off;"
    assert block.count("listen 80;") == 1
    block = block.replace("listen 80;", f"listen 127.0.0.1:{port};")
    user = "user root;" if os.geteuid() == 0 else ""
    head = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; events {{ }}"
    (folder / "nginx.conf").write_text(f"{head}\nhttp {{ {places.format(folder)}\n{block}\n}}\n", encoding="utf-8")
    return [found, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy(block, folder, port):
    """Caddy without its administration, certificates and ports of its own."""
    found = shutil.which("caddy")
    if found is None:
        missing("caddy")
    assert block.count("reviews.example.nl {") == 1
    block = block.replace("reviews.example.nl {", f"http://127.0.0.1:{port} {{")
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + block, encoding="utf-8")
    return [found, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


SERVERS = {"nginx": ("nginx", nginx), "caddy": ("caddyfile", caddy)}


@pytest.fixture(scope="module")
def site(demo_site, tmp_path_factory):
    """The demo, with a file of every kind that it doesn't have."""
    folder = tmp_path_factory.mktemp("servers") / "site"
    shutil.copytree(demo_site, folder)
    for path, data in PLANTED.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_bytes(data)
    return BuiltSite(folder, URL)


@pytest.fixture(scope="module")
def hashes(site):
    """What the documented command prints: the sources of the styles of pages and of frames."""
    text = PUBLISHING.read_text(encoding="utf-8")
    [command] = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "style-src" in block]
    done = subprocess.run(command, shell=True, cwd=site.root.parent, capture_output=True, text=True, check=True)  # noqa: S602  # as printed
    sources = re.findall(r"^style-src ('[^']+')$", done.stdout, re.MULTILINE)
    assert len(sources) == len(done.stdout.splitlines()) == 2
    return sources


@pytest.fixture(scope="module", params=SERVERS)
def server(request, site, hashes, tmp_path_factory):
    """The address of each server in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    language, start = SERVERS[request.param]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = start(documented(language, site.root, hashes), folder, port)
    with (folder / "log").open("w") as log:
        env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env)
        try:
            for _ in range(200):
                assert process.poll() is None, (folder / "log").read_text()
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def address(path):
    """How a file is asked for."""
    return "/" + path.removesuffix("index.html")


def test_every_file_is_answered_with_its_bytes(server, site):
    """All files of the site but `_headers` are served, each page at its folder."""
    for path in sorted(site.files - {"_headers"}):
        status, _, body = get(server + address(path))
        assert (status, body) == (200, site.bytes(path)), path
    assert get(server + "/_headers")[0] == 404


def test_everything_that_the_site_names_is_there(server, site):
    """Every link, image, script and `next` of every file that was built is answered."""
    assert crawl(site, server) == {}


def test_files_have_their_types(server, site):
    """Each ending has its type, feeds have theirs; text is UTF-8, and nothing is left to guess."""
    for path in sorted(site.files - {"_headers"}):
        _, headers, _ = get(server + address(path))
        ending = path.rpartition(".")[2]
        wanted = f"{TYPES[ending]}; charset=utf-8" if ending in TYPES else None
        if path.startswith("v1/") and path.endswith("/feed.xml"):
            wanted = "application/atom+xml; charset=utf-8"
        if path.startswith("v1/") and path.endswith("/feed.json"):
            wanted = "application/feed+json; charset=utf-8"
        if path.endswith((".png", ".jpg", ".webp", ".svg")):
            wanted = f"image/{ending.replace('jpg', 'jpeg').replace('svg', 'svg+xml')}"
        if path.endswith(".svg"):
            assert headers["content-type"].partition(";")[0] == wanted
        elif wanted:
            assert headers["content-type"].lower() == wanted, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_headers_are_those_of_the_headers_file(server, site):
    """Caching, open data and policies of every file are what `_headers` says to hosts that read it."""
    rules = parse(site.text("_headers"))
    for path in sorted(site.files - {"_headers"}):
        _, headers, _ = get(server + address(path))
        said = {name: value for name, [value] in sent(rules, cloudflare, address(path)).items()}
        own = path in PLANTED and not path.startswith("v1/")
        for name in ("Access-Control-Allow-Origin", "Cache-Control", "Content-Security-Policy"):
            known = path.startswith("v1/") or path.endswith(".html")
            if path.startswith("v1/vijf."):
                continue  # planted here, so `_headers` doesn't know it
            if known and not own:
                assert headers.get(name.lower()) == said.get(name), (path, name)


def test_data_are_open_and_kept_for_an_hour(server):
    """What other sites read may be read by them, and outlives a server that is down."""
    for path in ("/v1/de-ketting/score.json", "/v1/de-ketting/widget.nl.js", "/v1/de-ketting/badge.nl.svg"):
        status, headers, _ = get(server + path, Origin="https://shop.example")
        assert status == 200
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cache-control"] == "max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
        assert "content-security-policy" not in headers


def test_a_pinned_script_is_kept_for_ever(server):
    """A file whose name is its digest is immutable, and open for SRI."""
    _, headers, _ = get(server + "/v1/vijf.0a1b2c3d.js")
    assert headers["cache-control"] == "max-age=31536000, immutable"
    assert headers["access-control-allow-origin"] == "*"


def test_pages_have_a_strict_policy_and_frames_may_be_framed(server, site):
    """A page is framed by nobody; a frame by anyone; neither runs scripts."""
    _, page, _ = get(server + "/nl/de-ketting/")
    assert "frame-ancestors 'none'" in page["content-security-policy"]
    assert "access-control-allow-origin" not in page
    for path in [path for path in site.files if re.match(r"v1/[^/]+/frame\.", path)]:
        _, frame, _ = get(f"{server}/{path}")
        assert "frame-ancestors" not in frame["content-security-policy"]
        assert "default-src 'none'" in frame["content-security-policy"]
        assert "x-frame-options" not in frame


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page/",
        "/nl/no-such-shop/",
        "/v1/no-such-shop/score.json",
        "/v1/de-ketting/score",
        "/v1/de-ketting/badge.nl",
        "/v1/de-ketting/badge",
        "/v1/de-ketting/widget.nl",
        "/v1/de-ketting/reviews",
        "/nl/de-ketting/index",
        "/404",
        "/v1/",
        "/v1/de-ketting/",
        "/.well-known/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/.vijf/",
    ],
)
def test_what_is_not_there_gets_the_page_that_says_so(server, site, path):
    """Nothing answers without its ending, no folder is listed, nothing lies outside; the status is 404 (or 400)."""
    status, headers, body = get(server + path)
    if status in (301, 302, 307, 308):  # a folder of this name: with its slash it isn't listed either
        assert headers["location"].endswith(path + "/")
        status, headers, body = get(server + path + "/")
    if status != 400:
        assert status == 404
        assert body == site.bytes("404.html")
        assert headers["content-type"].lower() == "text/html; charset=utf-8"
        assert headers["cache-control"] == "max-age=300"
        assert headers["x-content-type-options"] == "nosniff"
    assert b"<title>Index of" not in body


def test_a_folder_without_its_slash_leads_to_it(server):
    """An address that was typed without its final slash leads on, on the same host and port."""
    status, headers, _ = get(server + "/nl/de-ketting")
    assert status in (301, 302, 307, 308)
    assert headers["location"].removeprefix(server) in ("/nl/de-ketting/", "de-ketting/")


@pytest.mark.parametrize("name", [".nojekyll", ".well-known/security.txt", "robots.txt", "build.json"])
def test_other_files_at_the_root_do_no_harm(server, site, name):
    """Files for hosts and crawlers are served as they are; none is run or taken for a page."""
    status, headers, body = get(f"{server}/{name}")
    assert (status, body) == (200, site.bytes(name))
    assert "html" not in headers.get("content-type", "")


@pytest.mark.parametrize(
    "path", ["/nl/de-ketting/", "/v1/de-ketting/widget.nl.js", "/v1/de-ketting/reviews.json", "/v1/de-ketting/feed.xml"]
)
def test_text_is_compressed(server, site, path):
    """Whoever takes gzip gets it, and caches are told."""
    _, headers, body = get(server + path, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert "accept-encoding" in headers["vary"].lower()
    file = path.removeprefix("/") + ("index.html" if path.endswith("/") else "")
    assert gzip.decompress(body) == site.bytes(file)
    assert len(body) < len(site.bytes(file))


def test_an_image_is_not_compressed_again(server):
    """Pictures are small already."""
    assert "content-encoding" not in get(server + "/v1/de-ketting/card.png", Accept_Encoding="gzip")[1]


def look(server, paths):
    """(path, what a browser complains of, whether the style is in force) of each page."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_init_script(
            "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push(e.violatedDirective))"
        )
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in paths:
            said.clear()
            page.goto(server + path, wait_until="load")
            styled = page.evaluate("getComputedStyle(document.body).fontFamily")
            found.append((path, [*said, *page.evaluate("refused")], "sans-serif" in styled))
        browser.close()
    return found


def test_a_browser_refuses_nothing_that_pages_need(server):
    """Every kind of page opens in Chromium without a violation of the policy, and with its style."""
    if not Path(CHROMIUM).exists():
        missing("Chromium")
    paths = ["/", "/nl/", "/nl/de-ketting/", "/nl/de-ketting/page/1/", "/en/-/house-rules/", "/en/-/score/"]
    paths += ["/review/", "/review/de-ketting/", "/404.html"]
    with ThreadPoolExecutor(1) as pool:  # another test's browser may be running in this thread
        found = pool.submit(look, server, paths).result()
    assert found == [(path, [], True) for path in paths]
