"""Plain days, and days or instants in UTC; within bounds, and not in the future where that makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.fields.base import Reading, Schema, string
from vijf.content.fields.texts import compiled
from vijf.content.nodes import Node, Scalar, shorten
from vijf.model import Moment

DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_LENGTH = len("2026-11-03")
INSTANT_PATTERN = DAY_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z"

_FUTURE = "{} lies in the future; only `until` may"


@dataclass(frozen=True, slots=True)
class Day:
    """A plain day, `2026-11-03`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> date | None:
        # What is a day can't be a number or null, so that only what is none is looked at further.
        day = _day(node.text) if type(node) is Scalar else ""
        if isinstance(day, str):
            if string(node, reading, "a date") is not None:
                reading.faults.add(node, "date", day)
            return None
        if self.ahead or reading.now is None or day <= _today(reading.now, reading.zone):
            return day
        reading.faults.add(node, "future", _FUTURE.format(day))
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{DAY_PATTERN}$"}


@dataclass(frozen=True, slots=True)
class When:
    """A plain day, or an instant in UTC such as `2026-11-03T08:00:00Z`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> Moment | None:
        moment = _moment(node.text, reading.zone) if type(node) is Scalar else ""
        if isinstance(moment, str):
            if string(node, reading, "a date") is not None:
                reading.faults.add(node, "date", moment)
            return None
        now = reading.now
        if self.ahead or now is None:
            return moment
        late = moment.instant > now if moment.exact else moment.day > _today(now, reading.zone)
        if late:
            reading.faults.add(node, "future", _FUTURE.format(moment.day))
            return None
        return moment

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^(?:{DAY_PATTERN}|{INSTANT_PATTERN})$"}


# Many reviews share a day, and a text means the same each time.
@lru_cache(maxsize=4096)
def _day(text: str) -> date | str:
    """The day that `text` names, or what is wrong with it."""
    if not compiled(DAY_PATTERN).fullmatch(text):
        return f"`{shorten(text)}` is not a date; write it like 2026-11-03"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"{text} is not a day of the calendar"
    return _out_of_range(day) or day


@lru_cache(maxsize=4096)
def _moment(text: str, zone: ZoneInfo) -> Moment | str:
    """The moment that `text` names, or what is wrong with it."""
    try:
        if len(text) == _DAY_LENGTH and compiled(DAY_PATTERN).fullmatch(text):
            day = date.fromisoformat(text)
            moment = Moment(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC), day, exact=False)
        elif compiled(INSTANT_PATTERN).fullmatch(text):
            if text[11:13] == "24":
                raise ValueError  # some versions of Python read it as midnight, others don't
            instant = datetime.fromisoformat(text)
            moment = Moment(instant, instant.astimezone(zone).date(), exact=True)
        else:
            return f"`{shorten(text)}` is not a date; write it like 2026-11-03 or 2026-11-03T08:00:00Z"
    except (ValueError, OverflowError):
        return f"{text} is not a day and time of the calendar"
    return _out_of_range(moment.day) or moment


@lru_cache(maxsize=4)
def _today(now: datetime, zone: ZoneInfo) -> date:
    """The day that `now` is in `zone`."""
    return now.astimezone(zone).date()


def _out_of_range(day: date) -> str | None:
    if limits.EARLIEST <= day <= limits.LATEST:
        return None
    return f"{day} lies before {limits.EARLIEST} or after {limits.LATEST}; mend the year"
