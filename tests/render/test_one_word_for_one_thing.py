"""The table of words in `docs/languages.md` is what the catalogues say: one word for one thing, in every language."""

from __future__ import annotations

import re
import unicodedata

import pytest
from update_catalogues import ROOT, forms, languages, read
from vijf.render.language import load_language

_TABLE = (ROOT / "docs" / "languages.md").read_text("utf-8").partition("## Which words")[2]
NAMES = {"Dutch": "nl", "German": "de", "French": "fr"}


def rows():
    """The rows of the table: {language: its terms}, as many terms in each, English under `en`."""
    lines = [line for line in _TABLE.splitlines() if line.startswith("|")]
    heads = [cell.strip() for cell in lines[0].strip("|").split("|")]
    codes = ["en", *(NAMES[head] for head in heads[1:])]
    for line in lines[2:]:
        cells = [re.sub(r"\(.*?\)", "", cell) for cell in line.strip("|").split("|")]
        yield {code: [term.strip() for term in cell.split(";")] for code, cell in zip(codes, cells, strict=True)}


def terms():
    """English term -> {language: its term}."""
    return {
        english: {code: cells[code][index] for code in cells if code != "en"}
        for cells in rows()
        for index, english in enumerate(cells["en"])
    }


TERMS = terms()


def translations(code):
    """(English, translation) of every message, in its singular and its plural."""
    for message in read(code):
        if message.id:
            english, translated = forms(message.id), forms(message.string)
            yield english[0], translated[0]
            yield english[-1], translated[-1]


def plain(text):
    """Without case and accents: Grund and Gründe begin alike."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


def words_of(term):
    """What any form of a term has: of each word all but its last letters, which change; short ones may be elided."""
    return [word[: max(4, len(word) - 2)] for word in plain(term).split() if len(word) > 3]


def said(english):
    """What finds a term in an English sentence, also in the plural."""
    return re.compile(rf"\b{english[:-1]}(?:y|ies)\b" if english.endswith("y") else rf"\b{english}s?\b", re.IGNORECASE)


OFTEN_A_VERB = {"reply", "complaint", "to publish", "not checked", "counts, does not count"}
"""Terms whose word changes with what a sentence does with it: people read those, a test can't."""


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("english", sorted(set(TERMS) - OFTEN_A_VERB))
def test_a_thing_has_its_one_word_in_every_sentence(english, code):
    """Where the English says a term of the table, the translation says the table's word for it; some sentence does."""
    found = [(source, text) for source, text in translations(code) if said(english).search(source)]
    wanted = words_of(TERMS[english][code])
    assert found
    assert [text for _, text in found if not all(word in plain(text) for word in wanted)] == []


@pytest.mark.parametrize("code", languages())
def test_the_score_is_never_confused_with_a_rating(code):
    """The word for the score stands where the English says score, and nowhere else: a rating is something else."""
    word = TERMS["score"][code].casefold()
    wrong = [text for source, text in translations(code) if (word in text.casefold()) != ("score" in source.casefold())]
    assert wrong == []


@pytest.mark.parametrize("code", languages())
def test_what_has_a_sentence_of_its_own_says_it_as_the_table_does(code):
    """A term of the table that is a message by itself (a heading, a label) is translated by exactly that word."""
    language = load_language(code)
    own = {source for source, _ in translations(code)}
    found = {term: words for term, words in TERMS.items() if term.capitalize() in own}
    assert len(found) >= 8
    for term, words in found.items():
        said_there = [word for word in plain(language.gettext(term.capitalize())).split() if len(word) > 3]
        wanted = words_of(words[code])
        assert [word.startswith(start) for word, start in zip(said_there, wanted, strict=True)] == [True] * len(wanted)
