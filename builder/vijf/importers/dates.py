"""Dates as exports write them: taken exactly, or refused with what to do; none is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from vijf.content.nodes import shorten

_DATE = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.(?P<fraction>[0-9]{1,9}))?"
    r" ?(?P<offset>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_RELATIVE = re.compile(
    r"\b(?:ago|geleden|yesterday|today|gisteren|vandaag|gestern|heute|hier|vor|il y a|hace|siden|fa)\b", re.IGNORECASE
)


def read_date(text: str, zone: ZoneInfo | None) -> date | datetime:
    """The day, or the instant, that `text` names in ISO 8601; digits beyond microseconds are dropped.

    A time without an offset is one of `zone`. Raises `ValueError` saying what to do where `text` needs guessing.
    """
    match = _DATE.fullmatch(text)
    shown = shorten(text)
    if match is None and _RELATIVE.search(text):
        raise ValueError(f"`{shown}` is no date but how long ago somebody looked; take the date from a true export")
    if match is None:
        raise ValueError(f"`{shown}` can't be read without guessing; write 2026-11-03 or 2026-11-03T08:00:00Z")
    try:
        if match["time"] is None:
            return date.fromisoformat(match["day"])
        offset = "+00:00" if match["offset"] in ("Z", "UTC") else match["offset"] or ""
        fraction = f".{match['fraction'][:6]:0<6}" if match["fraction"] else ""
        moment = datetime.fromisoformat(f"{match['day']}T{match['time']}{fraction}{offset}")
        if moment.tzinfo is None and zone is not None:
            moment = moment.replace(tzinfo=zone)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{shown} is not a day and time of the calendar") from None
    raise ValueError(f"`{shown}` has no time zone; say which in the map, such as `timezone: UTC`")
