"""All open data as a table: one entry for each review, one row for each entry. Pure; files are written elsewhere.

An entry is what `reviews.json` says of a review and which shop it is about; a row is made from nothing but its
entry, so that it can't tell more.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import regex

from vijf import urls
from vijf.model import Site, Speaker
from vijf.render.data import open_review
from vijf.render.text import json_bytes
from vijf.render.views import ShopBundle

Entry = dict[str, Any]
"""A review as open data, with `shop`, `shop_name` and `address` before it."""
Cell = str | int | float | bool | None
"""None: nothing is said."""

_PLACES: Mapping[str, tuple[str, ...]] = {
    "shop": ("shop",),
    "shop_name": ("shop_name",),
    "id": ("id",),
    "address": ("address",),
    "received": ("received",),
    "published": ("published",),
    "experience": ("experience",),
    "rating": ("rating",),
    "counted": ("counted",),
    "why": ("why",),
    "title": ("title",),
    "text": ("text",),
    "language": ("language",),
    "author_name": ("author", "name"),
    "author_place": ("author", "place"),
    "collected": ("collected",),
    "verification_method": ("verification", "method"),
    "verification_date": ("verification", "date"),
    "incentive": ("incentive",),
    "recommends": ("recommends",),
    "reply_date": ("reply", "date"),
    "reply": ("reply", "text"),
    "other_replies": ("other_replies",),
    "amended": ("amended",),
    "rating_withdrawn_date": ("rating_withdrawn", "date"),
    "rating_withdrawn_reason": ("rating_withdrawn", "reason"),
    "redacted_date": ("redacted", "date"),
    "held_since": ("held", "since"),
    "held_until": ("held", "until"),
    "held_ground": ("held", "ground"),
    "removed_date": ("removed", "date"),
    "removed_ground": ("removed", "ground"),
    "removed_by": ("removed", "by"),
    "removed_notice": ("removed", "notice"),
    "removed_automated": ("removed", "automated"),
    "origin_platform": ("origin", "platform"),
    "origin_id": ("origin", "id"),
    "origin_rating": ("origin", "rating"),
    "origin_scale": ("origin", "scale"),
}
"""Column -> where in an entry its value is, once the lists in it have become single values."""


def columns(site: Site) -> tuple[str, ...]:
    """The names of the columns: those that every site has, then `aspect_<name>` for each aspect of the site."""
    return (*_PLACES, *(f"aspect_{aspect}" for aspect in site.aspects or ()))


def entries(bundle: ShopBundle) -> Iterator[Entry]:
    """Every review of a shop, newest first. `address` is where it stands for ever, in the site's first language."""
    site, shop, total = bundle.site, bundle.content.shop, len(bundle.content.reviews)
    for index, review in enumerate(bundle.content.reviews):
        page = urls.archive_page(site.languages[0], shop.slug, urls.archive_number(total - 1 - index))
        yield {
            "shop": shop.slug,
            "shop_name": shop.name,
            "address": f"{urls.absolute(site, page)}#{urls.anchor(review.id)}",
            **open_review(review, bundle.facts.why[review.id]),
        }


def row(entry: Entry, site: Site) -> list[Cell]:
    """The cells of an entry, one for each of `columns(site)`."""
    flat = entry | _single_values(entry)
    marks = entry.get("aspects", {})
    return [_at(flat, place) for place in _PLACES.values()] + [marks.get(aspect) for aspect in site.aspects or ()]


def _at(value: Any, place: Iterable[str]) -> Cell:  # noqa: ANN401  # JSON
    for key in place:
        value = value.get(key) if value is not None else None
    return str(value) if isinstance(value, str) else value  # a word from a closed list is an enum


def _single_values(entry: Entry) -> Entry:
    """The lists of an entry as cells that people can read; the shop's first reply stands by itself."""
    replies = entry.get("replies", [])
    first = next((reply for reply in replies if reply["by"] == Speaker.SHOP), None)
    others = [f"{_heading(reply)}\n{reply['text']}" for reply in replies if reply is not first]
    changes = [f"{c['date']} (was {c['rating']})" if "rating" in c else c["date"] for c in entry.get("amended", [])]
    found: Entry = {"reply": first, "other_replies": "\n\n".join(others) or None, "amended": "\n".join(changes) or None}
    scale = entry.get("origin", {}).get("scale")
    if scale:
        # With a hyphen a spreadsheet would take it for a date.
        found["origin"] = {**entry["origin"], "scale": f"{scale[0]}..{scale[1]}"}
    return found


def _heading(reply: Mapping[str, str]) -> str:
    return f"{reply['by']}, {reply['date']}:" if "date" in reply else f"{reply['by']}:"


# JSON lines


def jsonl_line(entry: Entry) -> bytes:
    """An entry as one line of JSON. Separators that some programs take for the end of a line are escaped."""
    return json_bytes(entry).replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")


# CSV

CSV_START = b"\xef\xbb\xbf"
"""The byte order mark with which the file begins: without it Excel takes UTF-8 for Windows-1252."""

_END = r"\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029"
# Where a cell begins: at the start, and, for a program that separates by semicolons or tabs (Excel does in most of
# Europe) and so misses the quotes, behind each of those. What it may skip there can't reach the next such place, so
# that the time is that of one pass.
_FORMULA = regex.compile(
    rf"(?:\A(?='*+[{_END}])"
    rf"|(?:\A|(?<=[;{_END}]))(?=(?:(?![;{_END}])[\p{{Z}}\p{{Cc}}\p{{Cf}}'\"])*+[-=+@＝＋－＠﹦﹢﹣﹫−]))"  # noqa: RUF001
)


def neutral(text: str) -> str:
    """`text` with an apostrophe before whatever a spreadsheet might take for the beginning of a formula.

    A formula begins with = + - or @, also in full width and behind white space, apostrophes and quotes; a tab or line
    end at the start is treated alike (OWASP, CSV injection). Taking away one apostrophe from each place where the rest
    would get one gives `text` back.
    """
    return _FORMULA.sub("'", text)


def csv_row(cells: Iterable[Cell]) -> bytes:
    """A row of CSV as RFC 4180 has it, in UTF-8: quoted where needed, ended by CRLF; numbers with a point."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_csv_cell(cell) for cell in cells])
    return line.getvalue().encode()


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return neutral(cell) if isinstance(cell, str) else cell
