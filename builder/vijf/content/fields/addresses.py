"""What stands in an address or is one: slugs, web addresses, mail, phone, languages, countries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from vijf import limits
from vijf.content.fields.base import Reading, Schema, string
from vijf.content.fields.texts import Pattern, compiled
from vijf.content.nodes import Node, shorten

# Names that Windows keeps for devices can't be folders there, with or without an ending.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})
SLUG_PATTERN = "[a-z0-9][a-z0-9-]{0,63}"
_SLUG = re.compile(SLUG_PATTERN)


@dataclass(frozen=True, slots=True)
class Slug:
    """A name in an address: slugs, ids, platforms, keys of aspects."""

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = string(node, reading, "a slug")
        if text is None:
            return None
        problem = slug_problem(text)
        if problem:
            reading.faults.add(node, "slug", problem)
            return None
        return text

    def schema(self) -> Schema:
        return {
            "type": "string",
            "maxLength": limits.SLUG,
            "pattern": f"^{SLUG_PATTERN}$",
            "not": {"enum": sorted(DEVICES)},
        }


def slug_problem(text: str) -> str | None:
    """What is wrong with `text` as a slug or id, and what to do; None when it is one."""
    if text in DEVICES:
        return f"`{text}` is the name of a device on Windows, where it can't be a folder; choose another"
    if not _SLUG.fullmatch(text):
        return (
            f"`{shorten(text)}` can't stand in an address; use a-z, 0-9 and -, start with a letter or figure, "
            f"at most {limits.SLUG} characters"
        )
    return None


# A web address: http or https, a host without user or password, nothing that can't be part of one.
_NEVER_IN_URL = "\\s\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff\\\\\"'<>`{}|^"
_HOST = f"[^{_NEVER_IN_URL}/?#@:\\[\\]%]+(?::[0-9]{{1,5}})?"
URL_PATTERN = f"https?://{_HOST}(?:[/?#][^{_NEVER_IN_URL}]*)?"


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute address on the web."""

    base: bool = False
    """A base that paths are put behind: no query, no fragment; without its final slash."""

    def decode(self, node: Node, reading: Reading) -> str | None:
        text = string(node, reading, "an address")
        if text is None:
            return None
        if len(text) > limits.URL or not compiled(self._pattern()).fullmatch(text) or not _is_sound(text):
            reading.faults.add(
                node, "url", f"`{shorten(text)}` is not a web address; write it like https://shop.example/page"
            )
            return None
        return text.rstrip("/") if self.base else text

    def _pattern(self) -> str:
        return BASE_URL_PATTERN if self.base else URL_PATTERN

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": limits.URL, "pattern": f"^(?:{self._pattern()})$"}


BASE_URL_PATTERN = "https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?"


def _is_sound(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    segments = parts.path.split("/")
    return bool(host.strip(".-")) and ".." not in host and text.isprintable() and port != 0 and ".." not in segments


EMAIL = Pattern(
    r"[A-Za-z0-9.!#$%&*+/=?_~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "a mail address",
    "info@shop.example",
    "email",
    limits.EMAIL,
)
PHONE = Pattern(r"\+?[0-9][0-9 ()./-]{3,38}", "a phone number", '"+31 20 000 0000"', "phone", limits.PHONE)
LANGUAGE = Pattern("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "a language code", "nl or pt-BR", "language", 35)
COUNTRY = Pattern("[A-Z]{2}", "a country code of two capitals", "NL", "country", 2)
PERIOD = Pattern(
    "(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-4]):[0-5][0-9]", "a period", '"09:00-17:30"', "hours", 11
)
