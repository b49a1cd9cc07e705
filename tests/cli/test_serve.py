"""`vijf serve` as people meet it: pages, reloading, faults, and its end."""

import re
from queue import Empty

import pytest
from contents import Content, files, review
from vijf.cli.server import EVENTS, SCRIPT, Notices, start_server
from visiting import PATIENCE, serving


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Content that tests of this module share; each leaves it sound."""
    content = Content(tmp_path_factory.mktemp("serve") / "content")
    content.site()
    content.shop("peer", 6)
    return content


@pytest.fixture(scope="module")
def server(written):
    """One server for all tests that leave it running."""
    with serving(written.folder.parent) as running:
        yield running


def test_a_page_is_shown_with_the_script_that_reloads_it(server):
    """The script stands once in each page that is shown; what it asks for is answered, and never kept."""
    status, headers, body = server.get("/nl/peer/")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "text/html; charset=utf-8", "no-store")
    assert body.count(f'<script src="{SCRIPT}"></script></body>'.encode()) == 1
    status, headers, body = server.get(SCRIPT)
    assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert EVENTS.encode() in body


@pytest.mark.usefixtures("server")
def test_files_on_disk_stay_without_that_script(written):
    """What is published has no trace of the server."""
    assert not [path for path, data in files(written.folder.parent / "site").items() if SCRIPT.encode() in data]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/peer/score.json", "application/json; charset=utf-8"),
        ("/v1/peer/widget.nl.js", "text/javascript; charset=utf-8"),
        ("/v1/peer/badge.nl.svg", "image/svg+xml"),
    ],
)
def test_data_is_served_as_it_is(server, written, path, kind):
    """Scripts, data and images are the very bytes of the site, and other origins may ask for them."""
    status, headers, body = server.get(path)
    assert (status, headers["Content-Type"], headers["Access-Control-Allow-Origin"]) == (200, kind, "*")
    assert body == (written.folder.parent / f"site{path}").read_bytes()


def test_what_is_not_there_is_answered_with_the_sites_own_page(server):
    """404 with `404.html`, as a host would."""
    status, _, body = server.get("/nl/nobody/")
    assert status == 404
    assert body == server.get("/404.html")[2]


def test_a_folder_without_its_slash_leads_on(server):
    """As static hosts do; relative links would break otherwise."""
    status, headers, _ = server.get("/nl/peer")
    assert (status, headers["Location"]) == (301, "/nl/peer/")


ESCAPES = [
    "/../content/site.yaml",
    "/%2e%2e/content/site.yaml",
    "/nl/..%2f..%2f..%2fcontent/site.yaml",
    "/nl/%2e%2e/%2e%2e/.vijf/site/manifest",
    "/..%5ccontent/site.yaml",
    "/%2Fetc/passwd",
    "//etc/passwd",
    "//[",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_address_leads_out_of_the_site(server, path):
    """Whatever is asked for, nothing outside the output is answered."""
    status, _, body = server.get(path)
    assert status == 404
    assert b"operator:" not in body
    assert b"root:" not in body


def test_a_link_that_leads_out_of_the_site_is_not_followed(server, written):
    """Somebody's link in the output doesn't open the rest of the disk."""
    link = written.folder.parent / "site/nl/out"
    link.symlink_to(written.folder)
    assert server.get("/nl/out/site.yaml")[0] == 404
    link.unlink()


@pytest.mark.parametrize("path", ["/%00", "/" + "x" * 300])
def test_an_odd_address_is_simply_not_there(server, path):
    """An address that no file can have is answered with 404."""
    assert server.get(path)[0] == 404


def test_head_answers_as_get_does(server):
    """A request for the head gives the same status and headers, and no body."""
    got, asked = server.get("/nl/peer/"), server.get("/nl/peer/", "HEAD")
    assert asked[2] == b""
    assert (asked[0], asked[1]["Content-Length"], asked[1]["Cache-Control"]) == (
        got[0], got[1]["Content-Length"], "no-store",
    )  # fmt: skip


def test_a_saved_change_reloads_open_pages(server, written):
    """Saving a review builds anew and tells open pages; the page then shows it."""
    with server.listening() as event:
        written.reviews("peer", "new.yaml", review(50, text="Een heel nieuwe tekst."))
        assert event() == ("changed", {})
    assert "Een heel nieuwe tekst." in server.get("/nl/peer/")[2].decode()
    assert server.wait_for("built: ")


def test_faults_are_shown_and_the_last_sound_site_stays(server, written):
    """A fault goes to the terminal, to open pages and to those opened later; mending it reloads them all."""
    with server.listening() as event:
        written.write("shops/peer/reviews/new.yaml", "- id: x\n")
        kind, lines = event()
        assert kind == "faults"
        assert lines[0].startswith("content/shops/peer/reviews/new.yaml:1:3: ")
        assert server.wait_for("content/shops/peer/reviews/new.yaml:1:3: ")
        assert server.get("/nl/peer/")[0] == 200
        with server.listening() as later:
            assert later() == (kind, lines)
        written.reviews("peer", "new.yaml", review(51))
        assert event() == ("changed", {})
    assert server.wait_for("built: ")


def test_a_fault_is_shown_until_it_is_mended_whatever_else_is_saved(content, tmp_path):
    """Each build looks at all that was saved since the last one that went well, not only at what was saved last."""
    content.shop("other", 1)
    content.shop("peer", 1)
    with serving(tmp_path) as server, server.listening() as event:
        content.write("shops/peer/reviews/new.yaml", "- id: x\n")
        assert event()[0] == "faults"
        content.reviews("other", "new.yaml", review(52, text="Een tweede, ook niet verkeerd."))
        kind, lines = event()
        assert kind == "faults"
        assert "content/shops/peer/reviews/new.yaml:1:3: " in lines[0]
        assert "Een tweede" not in server.get("/nl/other/")[2].decode()
        content.reviews("peer", "new.yaml", review(51))
        assert event()[0] == "changed"
        assert "Een tweede" in server.get("/nl/other/")[2].decode()


def test_settings_that_are_gone_for_a_while_do_not_end_it(content, tmp_path):
    """An editor may remove a file before it puts the new one there."""
    content.shop("peer")
    with serving(tmp_path) as server, server.listening() as event:
        (content.folder / "site.yaml").unlink()
        kind, lines = event()
        assert kind == "faults"
        assert "holds no site.yaml" in lines[0]
        content.site()
        assert event()[0] == "changed"
        assert server.get("/nl/peer/")[0] == 200


def test_faults_from_the_start_do_not_end_it(content, tmp_path):
    """Content that can't be built yet: the server starts, and shows the site once it is mended."""
    content.write("shops/peer/shop.yaml", "name: Peer\n")
    with serving(tmp_path) as server:
        assert server.get("/nl/")[0] == 404
        with server.listening() as event:
            assert event()[0] == "faults"
            content.shop("peer")
            assert event()[0] == "changed"
        assert server.get("/nl/")[0] == 200


def test_faults_from_the_start_are_shown_in_the_page(content, tmp_path):
    """Where no site stands yet, an open page shows the faults too, and is reloaded when they are mended."""
    content.write("shops/peer/shop.yaml", "name: Peer\n")
    with serving(tmp_path) as server:
        assert SCRIPT.encode() in server.get("/")[2]


def test_a_site_below_a_path_is_served_there(content, tmp_path):
    """With a path in `url`, links of pages work: the site is below that path, and `/` leads there."""
    content.site(url="https://example.nl/reviews/")
    content.shop("peer")
    with serving(tmp_path) as server:
        assert server.base == "/reviews/"
        assert server.get("/")[1]["Location"] == "/reviews/"
        page = server.get("/reviews/nl/peer/")[2]
        assert server.get("/nl/peer/")[0] == 404
        linked = [path for path in re.findall(r'(?:href|src)="(/[^"#]*)', page.decode()) if path != SCRIPT]
        assert len(linked) >= 4
        assert {server.get(path)[0] for path in linked} == {200}
        assert server.get("/reviews/nl/peer")[1]["Location"] == "/reviews/nl/peer/"


@pytest.mark.usefixtures("content")
def test_ctrl_c_ends_it_quietly(tmp_path):
    """Exit code 0 and no traceback, also while a page is listening."""
    with serving(tmp_path) as server, server.listening():
        assert server.stop() == 0
        rest = []
        while (line := server.lines.get(timeout=PATIENCE)) is not None:
            rest.append(line)
        assert "".join(rest).strip() == ""


@pytest.mark.usefixtures("content")
def test_a_port_that_is_taken_is_wrong_usage(server, vijf):
    """It says so, and how to choose another."""
    done = vijf("serve", "--port", server.port)
    assert done.code == 2
    assert f"can't listen on 127.0.0.1:{server.port}: Address already in use; choose another with --port" in done.err


def test_no_content_is_wrong_usage(run):
    """Where there is nothing to serve it doesn't start."""
    assert run("serve", "--content", "nowhere").code == 2


def test_pages_that_were_closed_are_forgotten(tmp_path):
    """A listener that left hears nothing more; closing ends all that are left."""
    notices = Notices()
    stays, leaves = notices.listen(), notices.listen()
    notices.leave(leaves)
    notices.changed()
    notices.close()
    assert [stays.get_nowait(), stays.get_nowait()] == ["event: changed\ndata: {}\n\n", None]
    with pytest.raises(Empty):
        leaves.get_nowait()
    server = start_server(tmp_path, "/", "127.0.0.1", 0, notices)
    server.shutdown()
    server.server_close()
