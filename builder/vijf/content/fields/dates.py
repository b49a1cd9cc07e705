"""Plain days, and days or instants in UTC; within bounds, and not in the future where that makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.fields.base import Reading, Schema, string
from vijf.content.fields.texts import compiled
from vijf.content.nodes import Node, shorten
from vijf.model import Moment

DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT_PATTERN = DAY_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z"


@dataclass(frozen=True, slots=True)
class Day:
    """A plain day, `2026-11-03`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> date | None:
        text = string(node, reading, "a date")
        if text is None:
            return None
        if not compiled(DAY_PATTERN).fullmatch(text):
            reading.faults.add(node, "date", f"`{shorten(text)}` is not a date; write it like 2026-11-03")
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            reading.faults.add(node, "date", f"{text} is not a day of the calendar")
            return None
        return day if _in_range(day, self.ahead, None, node, reading) else None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{DAY_PATTERN}$"}


@dataclass(frozen=True, slots=True)
class When:
    """A plain day, or an instant in UTC such as `2026-11-03T08:00:00Z`. `ahead`: it may lie in the future."""

    ahead: bool = False

    def decode(self, node: Node, reading: Reading) -> Moment | None:
        text = string(node, reading, "a date")
        if text is None:
            return None
        moment = _moment(text, reading.zone)
        if isinstance(moment, str):
            reading.faults.add(node, "date", moment)
            return None
        return moment if _in_range(moment.day, self.ahead, moment, node, reading) else None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^(?:{DAY_PATTERN}|{INSTANT_PATTERN})$"}


@lru_cache(maxsize=4096)
def _moment(text: str, zone: ZoneInfo) -> Moment | str:
    """The moment that `text` names, or what is wrong with it."""
    try:
        if compiled(DAY_PATTERN).fullmatch(text):
            day = date.fromisoformat(text)
            return Moment(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC), day, exact=False)
        if compiled(INSTANT_PATTERN).fullmatch(text):
            if text[11:13] == "24":
                raise ValueError  # some versions of Python read it as midnight, others don't
            instant = datetime.fromisoformat(text)
            return Moment(instant, instant.astimezone(zone).date(), exact=True)
    except (ValueError, OverflowError):
        return f"{text} is not a day and time of the calendar"
    return f"`{shorten(text)}` is not a date; write it like 2026-11-03 or 2026-11-03T08:00:00Z"


def _in_range(day: date, ahead: bool, moment: Moment | None, node: Node, reading: Reading) -> bool:  # noqa: FBT001  # private
    if not limits.EARLIEST <= day <= limits.LATEST:
        reading.faults.add(node, "date", f"{day} lies before {limits.EARLIEST} or after {limits.LATEST}; mend the year")
        return False
    if reading.now is None or ahead:
        return True
    late = (
        moment.instant > reading.now if moment and moment.exact else day > reading.now.astimezone(reading.zone).date()
    )
    if late:
        reading.faults.add(node, "future", f"{day} lies in the future; only `until` may")
    return not late
