"""`_headers` and `.nojekyll`: what hosts without a configuration of their own are told."""

from __future__ import annotations

import base64
import hashlib
import re

import made_content as made
import pytest
from reading import cloudflare, netlify, parse, sent
from vijf.content.files import find
from vijf.content.load import load_site
from vijf.render.hosts import DATA_KEPT, PAGES_KEPT, PINNED_KEPT, policy, rules, style_hash

BOTH = pytest.mark.parametrize("host", [cloudflare, netlify])


def requests(site, base):
    """(file, address as it is asked for) of every file; Cloudflare also answers pages without their ending."""
    for path in sorted(site.files):
        yield path, base + path.removesuffix("index.html")
        if path.endswith(".html") and not path.endswith("index.html"):
            yield path, base + path.removesuffix(".html")


def style_of(page):
    """The hash of the one style that a page holds."""
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@BOTH
@pytest.mark.parametrize(("name", "base"), [("everything", "/"), ("named", "/"), ("below", "/a/b.c/")])
def test_no_header_has_two_values(request, host, name, base):
    """Whatever the slugs, no file gets two values of a header, which hosts would join or choose between."""
    site = request.getfixturevalue(name)
    read = parse(site.text("_headers"))
    found = {address: sent(read, host, address) for _, address in requests(site, base)}
    assert {address: values for address, values in found.items() if any(len(v) > 1 for v in values.values())} == {}


@BOTH
@pytest.mark.parametrize(("name", "base"), [("everything", "/"), ("named", "/"), ("below", "/a/b.c/")])
def test_pages_get_the_policy_of_their_own_style(request, host, name, base):
    """The policy of each page allows the very style that it holds; it is kept for minutes and framed by nobody."""
    site = request.getfixturevalue(name)
    read = parse(site.text("_headers"))
    for path, address in requests(site, base):
        if path.endswith(".html") and not path.startswith("v1/"):
            headers = sent(read, host, address)
            [said] = headers["Content-Security-Policy"]
            assert said == policy(re.search("<style>(.*?)</style>", site.text(path), re.DOTALL)[1])
            assert f"style-src 'sha256-{style_of(site.text(path))}'" in said
            assert {"frame-src 'self'", "frame-ancestors 'none'", "default-src 'none'"} <= set(said.split("; "))
            assert "unsafe" not in said
            assert headers["Cache-Control"] == {PAGES_KEPT}
            assert "Access-Control-Allow-Origin" not in headers


@BOTH
@pytest.mark.parametrize(("name", "base"), [("everything", "/"), ("named", "/"), ("below", "/a/b.c/")])
def test_everything_below_v1_is_open_and_kept_for_an_hour(request, host, name, base):
    """Data, badges and widgets may be read from any site; only a file with a digest for a name is kept for ever."""
    site = request.getfixturevalue(name)
    read = parse(site.text("_headers"))
    for path, address in requests(site, base):
        if path.startswith("v1/"):
            headers = sent(read, host, address)
            assert headers["Access-Control-Allow-Origin"] == {"*"}, address
            assert headers["Cache-Control"] == {PINNED_KEPT if path.startswith("v1/vijf.") else DATA_KEPT}, address


@BOTH
def test_everything_has_its_type_as_sent(everything, host):
    """Sniffing is off and the referrer policy holds for every file, those of nobody included."""
    read = parse(everything.text("_headers"))
    for address in ["/no/such/file", *(address for _, address in requests(everything, "/"))]:
        headers = sent(read, host, address)
        assert headers["X-Content-Type-Options"] == {"nosniff"}
        assert headers["Referrer-Policy"] == {"strict-origin-when-cross-origin"}


@BOTH
def test_frames_may_be_framed_by_anyone(host, loaded_site):
    """A frame has one policy, which names no ancestors; other files below /v1/ have none."""
    read = list(as_lists(rules(loaded_site, ())))
    for address in ("/v1/de-ketting/frame.nl.html", "/v1/de-ketting/frame.nl", "/v1/vijf/frame.pt-BR.html"):
        headers = sent(read, host, address)
        [said] = headers["Content-Security-Policy"]
        assert "default-src 'none'" in said
        assert "frame-ancestors" not in said
        assert headers["Cache-Control"] == {DATA_KEPT}
        assert headers["Access-Control-Allow-Origin"] == {"*"}
    for address in ("/v1/frame/score.json", "/v1/de-ketting/widget.nl.js", "/v1/feed.xml", "/v1/vijf/badge.nl.svg"):
        assert "Content-Security-Policy" not in sent(read, host, address)


@BOTH
def test_a_pinned_script_is_kept_for_ever_and_nothing_else_is(host, loaded_site):
    """A file with its digest in its name is immutable; those of a shop named like it aren't."""
    read = list(as_lists(rules(loaded_site, ["v1/vijf.0a1b2c.js"])))
    assert sent(read, host, "/v1/vijf.0a1b2c.js")["Cache-Control"] == {PINNED_KEPT}
    assert sent(read, host, "/v1/vijf.0a1b2c.js")["Access-Control-Allow-Origin"] == {"*"}
    for address in ("/v1/vijf/score.json", "/v1/vijf/widget.nl.js", "/v1/vijf/reviews/1.json", "/v1/feed.xml"):
        assert sent(read, host, address)["Cache-Control"] == {DATA_KEPT}


def test_a_hash_is_what_browsers_compute():
    """SHA-256 of the style's bytes, in base64: the example of the specification's kind, computed elsewhere."""
    assert style_hash("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert style_hash("é") == "SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw/biumnEw="


def test_the_file_stays_within_what_cloudflare_reads(loaded_site):
    """With twenty languages and fifty pinned scripts there are at most 100 rules, no line has 2,000 characters."""
    many = type(loaded_site)(
        **{name: getattr(loaded_site, name) for name in loaded_site.__slots__}
        | {"languages": tuple(f"l{number}" for number in range(20))}
    )
    found = rules(many, [f"v1/vijf.{number}.js" for number in range(50)])
    assert len(found) <= 100
    assert max(len(f"  {name}: {value}") for _, headers in found for name, value in headers.items()) < 2000
    assert all(headers for _, headers in found)


def as_lists(found):
    """Rules as they are read from a file."""
    return ((pattern, list(headers.items())) for pattern, headers in found)


@pytest.fixture
def loaded_site(tmp_path):
    """The settings of a small site."""
    (tmp_path / "site.yaml").write_text(made.files(made.site(), {})["site.yaml"], encoding="utf-8")
    site, _ = load_site(find(tmp_path), None)
    return site


def test_what_an_operator_puts_into_static_stands_as_it_is(content, run, tmp_path):
    """CNAME, favicon, .well-known and own pages are copied byte for byte; none of them gets a policy."""
    given = {
        "CNAME": b"reviews.example.nl\n",
        "favicon.ico": b"\0\0\1\0\xff\r\n",
        ".well-known/security.txt": b"Contact: mailto:a@b.example\n",
        ".well-known/acme-challenge/x": b"x",
        "verify-0a1b.html": b"<!doctype html><script>1</script>",
        "_redirects": b"/old /nl/ 301\n",
    }
    for path, data in given.items():
        file = content.folder / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    assert run("build").code == 0
    for path, data in given.items():
        assert (tmp_path / "site" / path).read_bytes() == data
    read = parse((tmp_path / "site/_headers").read_text(encoding="utf-8"))
    for host in (cloudflare, netlify):
        for path in given:
            assert set(sent(read, host, f"/{path}")) == {"X-Content-Type-Options", "Referrer-Policy"}


def test_an_operators_own_rules_are_added(content, run, tmp_path):
    """`static/_headers` is put below Vijf's own rules, byte for byte; it counts as content, and goes when it goes."""
    run("build")
    plain = (tmp_path / "site/_headers").read_bytes()
    own = b"https://:project.pages.dev/*\r\n  X-Robots-Tag: noindex\r\n"
    (content.folder / "static").mkdir()
    (content.folder / "static/_headers").write_bytes(own)
    before = (tmp_path / "site/build.json").read_text(encoding="utf-8")
    done = run("build")
    assert (done.code, done.err) == (0, "")
    both = (tmp_path / "site/_headers").read_bytes()
    assert both.startswith(plain)
    assert both.endswith(own)
    assert ("https://:project.pages.dev/*", [("X-Robots-Tag", "noindex")]) in parse(both.decode())
    assert (tmp_path / "site/build.json").read_text(encoding="utf-8") != before
    (content.folder / "static/_headers").unlink()
    run("build")
    assert (tmp_path / "site/_headers").read_bytes() == plain


@pytest.mark.parametrize("name", [".nojekyll", "robots.txt", "404.html", "build.json", "_Headers", "_headers/x"])
def test_other_files_of_vijfs_own_are_refused(content, run, tmp_path, name):
    """A file in `static/` that would stand where one of Vijf's own stands is a fault that says what to do."""
    content.write(f"static/{name}", "mine\n")
    done = run("build")
    assert done.code == 1
    assert f"content/static/{name}: stands where " in done.err
    assert "stands already; rename it or take it out [path-taken]" in done.err
    assert not (tmp_path / "site").exists() or not list((tmp_path / "site").iterdir())


@pytest.mark.usefixtures("content")
def test_nojekyll_is_an_empty_file_at_the_root(run, tmp_path):
    """It is written by every build, put back when it is lost, and takes the place of one that stood there."""
    file = tmp_path / "site/.nojekyll"
    file.parent.mkdir()
    file.write_text("by hand\n", encoding="utf-8")
    assert run("build").code == 0
    assert file.read_bytes() == b""
    file.unlink()
    run("build")
    assert file.read_bytes() == b""
