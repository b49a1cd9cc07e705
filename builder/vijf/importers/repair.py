"""Mend what exports are known to break in texts, and say what was mended; nothing is cut, guessed or reworded.

Each function gives the text and the kinds of repair it made, so that the report can count them.
"""

from __future__ import annotations

import html
import re
from enum import StrEnum


class Repair(StrEnum):
    """Kinds of repair, as the report names them."""

    ENTITIES = "entities"
    """HTML entities became what they stand for."""
    WINDOWS_1252 = "windows-1252"
    """C1 controls, from Windows-1252 that was read as Latin-1, became the letters that they were."""
    INVISIBLE = "invisible"
    """Invisible characters that shape nothing were taken out."""
    LINE_ENDS = "line-ends"
    """Other ends of lines became line feeds."""
    ONE_LINE = "one-line"
    """Line ends and tabs inside a text of one line became spaces."""
    WHITE_SPACE = "white-space"
    """White space around a text was taken off."""
    REPEATED_TITLE = "repeated-title"
    """A title that repeats the beginning of its text was dropped."""
    LANGUAGE = "language"
    """A language code was written as the standard does: `nl_NL` as `nl-NL`."""


_C1 = re.compile("[\x80-\x9f]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_BREAKS = re.compile("[\t\n]+")
# The first alternative is the flag of a country's part, whose tags are kept; then soft hyphens, zero-width spaces,
# marks and overrides of direction, fillers, byte order marks and tags. Joiners are looked at one by one.
_INVISIBLE = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f"
    "|[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
)


def clean(text: str, *, entities: bool, lines: bool) -> tuple[str | None, tuple[Repair, ...]]:
    """`text` mended, None when nothing is left of it, and what was done.

    `entities`: it holds HTML entities, decoded once. `lines`: it may have several lines.
    """
    done: list[Repair] = []

    def step(kind: Repair, mended: str, before: str) -> str:
        if mended != before:
            done.append(kind)
        return mended

    if entities:
        text = step(Repair.ENTITIES, html.unescape(text), text)
    text = step(Repair.WINDOWS_1252, _C1.sub(_from_1252, text), text)
    text = step(Repair.LINE_ENDS, _LINE_END.sub("\n", text), text)
    text = step(Repair.INVISIBLE, _INVISIBLE.sub(_kept, text), text)
    text = step(Repair.WHITE_SPACE, text.strip(), text)
    if not lines:
        text = step(Repair.ONE_LINE, _BREAKS.sub(" ", text), text)
    return text or None, tuple(done)


def repeats(title: str, text: str) -> bool:
    """Whether `title`, without its final ellipsis, is the beginning of `text`, however both are spaced.

    Where the title has an ellipsis it may end inside a word; else it must end with one.
    """
    start = " ".join(title.split())
    whole = " ".join(text.split())
    bare = re.sub(r"(?:…|\.\.\.)$", "", start).rstrip()
    if not whole.startswith(bare):
        return False
    return bare != start or not whole[len(bare) : len(bare) + 1].isalnum()


def language_code(code: str) -> str:
    """A language code as BCP 47 writes it: a hyphen, and the language in small letters."""
    language, hyphen, rest = code.replace("_", "-").partition("-")
    return language.lower() + hyphen + rest


def _from_1252(match: re.Match[str]) -> str:
    """What the byte was in Windows-1252; five bytes are nothing there, and stay to be refused."""
    return match.group().encode("latin-1").decode("windows-1252", "ignore") or match.group()


def _kept(match: re.Match[str]) -> str:
    """What is seen of it: a flag whole, a joiner where it shapes its neighbours, else nothing."""
    found, text, at = match.group(), match.string, match.start()
    if len(found) > 1:
        return found
    if found not in ("\u200c", "\u200d") or at == 0 or at + 1 == len(text):
        return ""
    before, after = text[at - 1], text[at + 1]
    if found == "\u200d" and _pictorial(after) and (_pictorial(before) or before == "\ufe0f"):
        return found
    # Arabic, the Indic scripts and their neighbours form words with joiners; Latin, Greek and Cyrillic don't.
    return found if _joining(before) and _joining(after) else ""


def _pictorial(char: str) -> bool:
    """Whether `char` is of the blocks that emoji come from."""
    return "\u2190" <= char <= "\u2bff" or "\U0001f000" <= char <= "\U0001faff"


def _joining(char: str) -> bool:
    return "\u0600" <= char <= "\u18af" or "\U00011000" <= char <= "\U00011fff"
