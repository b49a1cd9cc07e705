"""In two made-up languages nothing is left in English, so a fifth language is one catalogue and nothing else."""

from __future__ import annotations

import re

import pseudo
import pytest
from lxml import html

LANGUAGES = (pseudo.LEFT, pseudo.RIGHT)
SHARED = re.compile(r"[^/]+\.html|review/.*")
"""Pages for all languages together: parts of them say which language they are in."""


def of_language(path, code):
    """Whether a file is one language's own."""
    return path.startswith(f"{code}/") or re.search(rf"\.{code}(-dark)?\.", path) is not None


def faults(site, paths, texts, code):
    """(path, words outside brackets, text) of what isn't translated."""
    return [(path, words, text) for path in paths for text in texts(path) if (words := pseudo.outside(text, code))]


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_on_a_page_is_left_untranslated(pseudo_site, code):
    """Whatever is read on a page is a translated message, content, or a number, date or name from the locale data."""
    paths = [path for path in pseudo_site.pages if of_language(path, code)]
    assert len(paths) > 20
    assert faults(pseudo_site, paths, lambda path: pseudo.strings(pseudo_site.tree(path)), code) == []


def test_nothing_on_a_page_for_all_languages_is_left_untranslated(pseudo_site):
    """Choice of language, 404 and where to write a review speak one of the site's languages in each of their parts."""
    paths = [path for path in pseudo_site.pages if SHARED.fullmatch(path)]
    assert len(paths) > 8
    either = pseudo.names(pseudo.LEFT) | pseudo.names(pseudo.RIGHT)
    found = faults(pseudo_site, paths, lambda path: pseudo.strings(pseudo_site.tree(path)), pseudo.LEFT)
    assert [fault for fault in found if not set(fault[1]) <= either] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_on_a_badge_is_left_untranslated(pseudo_site, code):
    """What a badge shows and what it says to those who hear it."""
    paths = [path for path in pseudo_site.files if path.endswith(".svg") and of_language(path, code)]
    assert len(paths) > 20
    assert faults(pseudo_site, paths, lambda path: pseudo.strings(pseudo_site.tree(path)), code) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_in_a_widget_is_left_untranslated(pseudo_site, code):
    """Every text in the data of a widget; its code has no words of its own."""
    paths = [path for path in pseudo_site.files if path.startswith("v1/") and path.endswith(f"widget.{code}.js")]
    assert len(paths) > 6
    assert faults(pseudo_site, paths, lambda path: pseudo.data_strings(pseudo_site.widget(path)), code) == []


def test_an_english_word_would_be_noticed():
    """The control: one word outside brackets is found, whatever stands around it; Greek, dates and addresses aren't."""
    page = "<p>⟦á⟦b⟧c⟧ Λίγα 3 · 2025-Marto-01 a@b.example</p><p>⟦cut…</p><p aria-label='Closed'>⟦a⟧ from ⟦b⟧</p>"
    tree = html.document_fromstring(page)
    assert [words for text in pseudo.strings(tree) if (words := pseudo.outside(text, "eo"))] == [["from"], ["Closed"]]


def test_pages_say_their_language_and_direction(pseudo_site):
    """Pages in a language that runs from right to left say so, as a whole and for each part in another language."""
    for code, direction in ((pseudo.LEFT, "ltr"), (pseudo.RIGHT, "rtl")):
        for path in pseudo_site.pages:
            if of_language(path, code):
                tree = pseudo_site.tree(path)
                assert (tree.get("lang"), tree.get("dir")) == (code, direction), path
    for path in ("404.html", "review/index.html", "review/polla/index.html"):
        parts = pseudo_site.tree(path).xpath("//section[@lang]")
        assert [(part.get("lang"), part.get("dir")) for part in parts] == [("eo", "ltr"), ("ar", "rtl")], path
    widget = pseudo_site.widget("v1/polla/widget.ar.js")
    assert (widget["lang"], widget["dir"]) == ("ar", "rtl")


def test_plural_forms_are_those_of_the_language(pseudo_site):
    """Arabic has six forms: each number finds one, and stands in it."""
    account = pseudo_site.tree("ar/polla/index.html").xpath("string(//a[@href='#account'])")
    numbers = [int(number) for number in re.findall(r"\d+", account)]
    assert numbers == [30, 1, 1, 6]
