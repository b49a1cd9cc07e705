"""The golden site: a small content whose whole site is kept, so that every change of any output is seen in review.

`pytest tests/test_golden.py --refresh-golden` (`make golden`) writes it anew after a change that is meant.
"""

import difflib
import json
import re
import shutil
import struct
from pathlib import Path

import pytest
from contents import differing, files
from vijf.publish import disk
from vijf.publish.build import build
from vijf.publish.state import State

GOLDEN = Path(__file__).parent / "golden"
LISTED = "files.txt"
HINT = "If this is meant, `make golden` writes the golden site anew; then review what changed in tests/golden/."
OMITTED = re.compile(
    r"""
      ^en/.+/.+/ | \.en[.-]                              # of English only the directory and the shops' own pages
    | ^v1/oude-naam/                                    # copies of v1/nieuwe-naam
    | ^v1/(het-peertje|nieuwe-naam)/badge.*-dark\.svg   # de-ketting shows the dark colours
    | ^v1/nieuwe-naam/(badge-wide|invite|widget|frame|oembed|feed\.json)   # as de-ketting's and het-peertje's
    | ^v1/[^/]+/widget\.nl\.json                        # the data of widget.nl.js
    | ^v1/vijf\.                                        # built from widget/, and held against that there
    """,
    re.VERBOSE,
)
"""Files of which only the path is kept, since another says the same."""
LINES = 30
"""Lines of a difference that are shown of each file."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site of the golden content, as it is kept."""
    output = tmp_path_factory.mktemp("golden") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "flush", lambda _folder: None)
        build(GOLDEN / "content", output, State.of(output), None)
    return kept(files(output))


def kept(site):
    """What is kept of a site: the paths of all its files, and the files but for `OMITTED`."""
    found = {path: plain(path, data) for path, data in site.items() if not OMITTED.search(path)}
    return found | {LISTED: "".join(f"{path}\n" for path in sorted(site)).encode()}


def plain(path, data):
    """A file without what would drown its differences: style sheets (but in one page), code, digests, pixels."""
    if path.endswith(".html") and path != "404.html":
        return re.sub(rb"(?s)<style>.*?</style>", b"<style>as in 404.html</style>", data)
    if path.endswith(".js"):
        return (json.dumps(widget_data(data), indent=1, ensure_ascii=False) + "\n").encode()
    if path.endswith(".png"):
        return b"PNG, %d x %d\n" % struct.unpack(">II", data[16:24])
    if path == "build.json":
        digests = {"content": "...", "output": "...", "version": "..."}
        return (json.dumps(json.loads(data) | digests, indent=1) + "\n").encode()
    return data


def widget_data(script):
    """The data inside a widget's script."""
    text = script.decode("ascii")
    value, end = json.JSONDecoder().raw_decode(text, text.index('{"v":'))
    assert end < len(text)
    return value


def difference(path, golden, built):
    """What differs in one file, as lines."""
    former, now = ((site.get(path) or b"").decode("utf-8", "replace").splitlines() for site in (golden, built))
    lines = list(difflib.unified_diff(former, now, f"golden/{path}", f"built/{path}", n=1, lineterm=""))
    shown = [line[:200] for line in lines[:LINES]]
    return [*shown, f"... and {len(lines) - LINES} lines more"] if len(lines) > LINES else shown


def test_site_is_the_golden_site(built, request):
    """Every file of the built site has the bytes that are kept; `--refresh-golden` keeps what is built."""
    if request.config.getoption("--refresh-golden"):
        refresh(built)
    golden = files(GOLDEN / "site")
    changed = differing(golden, built)
    if changed:
        shown = [line for path in changed[:8] for line in difference(path, golden, built)]
        pytest.fail("\n".join([f"{len(changed)} files differ: {', '.join(changed)}", *shown, "", HINT]), pytrace=False)


def refresh(built):
    """Keep what is built."""
    shutil.rmtree(GOLDEN / "site", ignore_errors=True)
    for path, data in built.items():
        file = GOLDEN / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def test_golden_site_shows_what_it_is_there_for(built):
    """It stays small, and has a score, a shop without one, one that left, and one that moved."""
    scores = {path.split("/")[1]: json.loads(data)["score"] for path, data in built.items() if "score.json" in path}
    assert scores["de-ketting"] is not None
    assert scores["het-peertje"] is None
    assert scores["nieuwe-naam"] == 8.8
    assert b"v1/oude-naam/score.json" in built[LISTED]
    assert len(built) < 90


def test_a_difference_is_readable(built):
    """A changed file is shown as a difference of lines, and long ones are cut."""
    page = "nl/het-peertje/index.html"
    other = built | {page: built[page].replace(b"</title>", b"!</title>")}
    shown = difference(page, built, other)
    assert shown[:2] == [f"--- golden/{page}", f"+++ built/{page}"]
    assert any(line.startswith("+") and "!</title>" in line for line in shown)
    assert difference(page, built, {})[-1].startswith("... and ")
