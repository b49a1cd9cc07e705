"""`without:` leaves out the files that docs/outputs.md names for each word, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import made_content as made
import pytest
from vijf.model import Kind
from vijf.publish.hosting import OUTPUTS

OUTPUTS_PAGE = Path(__file__).parents[2] / "docs/outputs.md"
WORDS = {"language": "(?:nl|en)", "slug": "[a-z0-9][a-z0-9-]*", "n": "[1-9][0-9]*"}


def documented():
    """Word of `without` -> patterns of the paths that it leaves out, as docs/outputs.md has them."""
    text = OUTPUTS_PAGE.read_text(encoding="utf-8").split("\n## Leaving out\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z]+)` \| (.*) \|$", text, re.MULTILINE)
    return {word: [pattern(path) for path in re.findall("`([^`]+)`", paths)] for word, paths in rows}


def pattern(path):
    """A documented path as an expression."""
    parts = re.split("<([a-z]+)>", path)
    return re.compile("".join(WORDS[part] if at % 2 else re.escape(part) for at, part in enumerate(parts)))


DOCUMENTED = documented()


def content(**changes):
    """A few shops with an archive, an earlier slug, a merged one, one without reviews and own pages."""
    shops = {
        "peer": (made.shop("Peer", formerly=["oude-peer"]), [made.review(number, 8) for number in range(45)]),
        "appel": (made.shop("Appel"), []),
        "weg": (made.shop("Weg", status="closed", until="2025-06-30", merged_into="peer"), [made.review(0, 7)]),
    }
    page = "---\ntitle: Embed\n---\nTekst.\n"
    return made.files(made.site(**changes), shops, embed_nl=page, card_nl=page)


def dead_links(site, path):
    """The addresses within the site that a page names and that have no file."""
    files = {address: site.file_at(address) for _, _, address in site.links(path)}
    return [(path, address) for address, file in files.items() if file is not None and file not in site.files]


@pytest.fixture(scope="module")
def full(site_of):
    """The site with all kinds."""
    return site_of(content())


def test_every_word_is_documented():
    """docs/outputs.md says of each word what it leaves out."""
    assert list(DOCUMENTED) == [kind.value for kind in Kind]


@pytest.mark.parametrize("kind", Kind)
def test_a_word_leaves_out_the_files_that_are_documented(site_of, full, kind):
    """With a word exactly its files are gone, earlier slugs included; no page leads to them; all else stands."""
    left = site_of(content(without=[kind.value]))
    gone = full.files - left.files
    assert left.files <= full.files
    assert gone == {path for path in full.files if any(one.fullmatch(path) for one in DOCUMENTED[kind.value])}
    assert gone == {path for path in full.files if re.fullmatch(OUTPUTS[kind], path)}
    assert gone
    for path in left.pages:
        assert dead_links(left, path) == []
    for path in left.files:
        if path.startswith("v1/") and path.endswith((".json", ".js", ".svg", ".html", ".xml")):
            named = re.findall(rf"{re.escape(left.url)}/([^\"'\\<>&\s)#?]*)", left.text(path).replace("\\/", "/"))
            assert {name for name in named if name in gone} == set(), path


def test_all_words_together_leave_a_sound_site(site_of, full):
    """With all words what stays is what no word names: pages, data, the plain badge, the widget."""
    left = site_of(content(without=[kind.value for kind in Kind]))
    named = [one for patterns in DOCUMENTED.values() for one in patterns]
    assert left.files == {path for path in full.files if not any(one.fullmatch(path) for one in named)}
    assert {"v1/peer/badge.nl.svg", "v1/peer/widget.nl.js", "v1/oude-peer/score.json"} <= left.files
    for path in left.pages:
        assert dead_links(left, path) == []
