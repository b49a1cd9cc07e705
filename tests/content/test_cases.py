r"""One case file per refusal: small content, and exactly what is said of it.

A case file starts with a sentence on what it states. Then follow files, each behind `=== path`, as text; a word
after the path (in quotes if it has spaces) changes how the body is read:

- `escaped`: `\xNN` in it is that byte, `\n` a line feed, and so on; the line breaks of the body don't count;
- `base64`: the bytes that it encodes;
- `-> target`: a symbolic link, no body;
- `size N`: N bytes of value zero, no body;
- `repeat N`: the body N times;
- `folder`: an empty folder.

Last comes `=== expected`, a line for each diagnostic. Diagnostics that differ only in lines that follow each
other stand on one line, `file:1..9:3: ...`. A case is named after the code that it is about, or `fine-...`, and then
nothing is refused. A case without `site.yaml`, or with something of a shop but
without its `shop.yaml`, gets the smallest one, unless it is named as absent: `=== site.yaml absent`.
"""

import base64
import re
import shlex
from itertools import groupby
from pathlib import Path

import pytest
from loading import load_all
from vijf.codes import CODES
from vijf.errors import Diagnostic, Span

CASES = Path(__file__).with_name("cases")
ELSEWHERE = {"host-limit", "review-gone", "shop-gone", "gone-early", "map", "row", "path-taken", "fewer-reviews"}
"""Codes that don't come from loading content; their own parts are tested for them."""

SITE = """\
schema: 1
name: Voorbeeldkeur
url: https://reviews.example.nl
languages: [nl, en]
operator: {name: Voorbeeld, email: info@example.nl}
aspects: {delivery: {nl: Levering}}
"""
SHOP = "name: De Ketting\nurl: https://deketting.example\n"


def _sections(text):
    """The head, and (header, body) of each section of a case."""
    head, *rest = re.split(r"^=== ", text, flags=re.MULTILINE)
    return head, [tuple(section.split("\n", 1)) for section in rest]


def _write(root, header, body):
    name, kind, argument = [*shlex.split(header), "", ""][:3]
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "":
        path.write_text(body, encoding="utf-8", newline="")
    elif kind == "escaped":
        path.write_bytes(body.replace("\n", "").encode("latin-1").decode("unicode_escape").encode("latin-1"))
    elif kind == "base64":
        path.write_bytes(base64.b64decode(body))
    elif kind == "->":
        path.symlink_to(argument)
    elif kind == "size":
        with path.open("wb") as file:
            file.truncate(int(argument))
    elif kind == "repeat":
        path.write_text(body * int(argument), encoding="utf-8")
    elif kind == "folder":
        path.mkdir(exist_ok=True)
    else:
        assert kind == "absent", f"unknown kind of section: {header}"


def _lay_out(root, sections):
    named = {shlex.split(header)[0] for header, _ in sections}
    defaults = {"site.yaml": SITE}
    for name in named:
        if match := re.match("shops/[^/]+/", name):
            defaults[f"{match.group()}shop.yaml"] = SHOP
    for name in sorted(defaults.keys() - named):
        _write(root, name, defaults[name])
    for header, body in sections:
        _write(root, header, body)


def _shown(diagnostics):
    """The diagnostics as text, runs of equal ones on lines that follow each other as one."""

    def same(numbered):
        index, d = numbered
        return d.span.file, d.span.column, d.code, d.message, d.warning, d.span.line - index

    shown = []
    for _, run in groupby(enumerate(diagnostics), key=same):
        first, *others = [d for _, d in run]
        text = str(first)
        if others:
            text = text.replace(f":{first.span.line}:", f":{first.span.line}..{others[-1].span.line}:", 1)
        shown.append(text + "\n")
    return "".join(shown)


def test_runs_of_equal_diagnostics_are_shown_as_one_line():
    """The abbreviation in case files loses nothing: first and last line stand in it, another column ends a run."""
    run = [Diagnostic(Span("f", line, 3), "type", "x") for line in (1, 2, 3)]
    other = Diagnostic(Span("f", 4, 1), "type", "x")
    assert _shown([*run, other]) == "f:1..3:3: x [type]\nf:4:1: x [type]\n"


@pytest.fixture
def all_languages(monkeypatch):
    """Catalogues as if there were these, whatever catalogues there are."""
    monkeypatch.setattr("vijf.content.site.available_languages", lambda: ("de", "en", "fr", "nl"))


@pytest.mark.usefixtures("all_languages")
@pytest.mark.parametrize("path", sorted(CASES.glob("*.case")), ids=lambda path: path.stem)
def test_case(path, tmp_path, monkeypatch, request):
    """What the loader says of a case's content is exactly what the case expects."""
    text = path.read_text(encoding="utf-8")
    head, sections = _sections(text)
    assert sections[-1][0] == "expected", "a case ends with `=== expected`"
    monkeypatch.chdir(tmp_path)
    _lay_out(Path(), sections[:-1])
    diagnostics, _ = load_all(Path())
    found = _shown(diagnostics)
    if request.config.getoption("--refresh-cases", default=False):
        before = text[: text.rindex("=== expected\n")]
        path.write_text(f"{before}=== expected\n{found}", encoding="utf-8")
        return
    assert head.strip(), "a case says first what it states"
    assert found == sections[-1][1]
    codes = {code for code in CODES if path.stem == code or path.stem.startswith(f"{code}-")}
    assert not found if path.stem.startswith("fine-") else any(f"[{code}]" in found for code in codes), (
        f"{path.name} isn't named after what is said of it"
    )


def test_every_code_has_a_case():
    """Each code of `vijf.codes` occurs in the expectation of a case that is named after it."""
    named = {path.stem: path.read_text(encoding="utf-8") for path in CASES.glob("*.case")}
    shown = {
        code
        for code in CODES
        for stem, text in named.items()
        if (stem == code or stem.startswith(f"{code}-")) and f"[{code}]" in _sections(text)[1][-1][1]
    }
    assert set(CODES) - shown == ELSEWHERE


def test_no_code_is_used_that_the_list_does_not_have():
    """Every code that a case expects stands in `vijf.codes`."""
    used = {
        code
        for path in CASES.glob("*.case")
        for code in re.findall(r"\[([a-z-]+)\]$", _sections(path.read_text(encoding="utf-8"))[1][-1][1], re.MULTILINE)
    }
    assert used <= set(CODES)
