"""`shop.yaml`: one shop, where it is and how it can be reached."""

from __future__ import annotations

from typing import Any

from vijf import limits
from vijf.content.fields import (
    COUNTRY,
    EMAIL,
    LOCALIZED_MARKDOWN,
    PERIOD,
    PHONE,
    Choice,
    Day,
    Many,
    Reading,
    Record,
    Slug,
    Text,
    Url,
)
from vijf.content.nodes import Mapping, value_node
from vijf.content.site import REGISTRATION
from vijf.model import WEEK, Address, Checked, Checker, Contact, Shop, Status


def _hours(values: dict[str, Any], node: Mapping, reading: Reading) -> dict[str, tuple[str, ...]] | None:
    for day, periods in values.items():
        times = [time for period in periods for time in period.split("-")]
        backwards = any(period[:5] >= period[6:] for period in periods)
        if backwards or times != sorted(times) or times[-1] > "24:00":
            reading.faults.add(
                value_node(node, day), "hours", "periods must end after they start, in order and without overlap"
            )
            return None
    return {day: values[day] for day in WEEK if day in values}


HOURS = Record(dict.fromkeys(WEEK, Many(PERIOD, limits.HOURS, least=1)), _hours)

CONTACT = Record(
    {
        "phone": PHONE,
        "phone_hours": HOURS,
        "counter_hours": HOURS,
        "email": EMAIL,
        "form": Url(),
        "page": Url(),
        "chat": Url(),
        "address": Record(
            {"street": Text(), "postal_code": Text(), "city": Text(), "country": COUNTRY},
            lambda values, _node, _reading: Address(**values),
        ),
        "social": Many(Url(), unique=True),
        "checked": Record(
            {"date": Day(), "by": Choice(Checker)},
            lambda values, _node, _reading: Checked(**values),
            required=("date", "by"),
        ),
    },
    lambda values, _node, _reading: Contact(**values),
)


def _shop(values: dict[str, Any], node: Mapping, reading: Reading) -> dict[str, Any] | None:
    """The arguments of `Shop` but for its slug, which is its folder's name."""
    status = values.get("status", Status.ACTIVE)
    until, since = values.get("until"), values.get("member_since")
    problem = None
    if status is Status.ACTIVE and until is not None:
        problem = "until", "a shop with `until` is no longer active; set `status` to left, expelled or closed"
    elif status is not Status.ACTIVE and until is None:
        problem = "status", f"a shop that is {status} needs `until`, its last day"
    elif until is not None and since is not None and until < since:
        problem = "until", f"lies before `member_since` ({since})"
    elif "merged_into" in values and status is Status.ACTIVE:
        problem = "merged_into", "a shop that merged into another is no longer active; set `status` and `until`"
    if problem:
        reading.faults.add(value_node(node, problem[0]), "shop-status", problem[1])
        return None
    return values


SHOP = Record(
    {
        "name": Text(),
        "url": Url(),
        "also": Many(Url(), unique=True),
        "status": Choice(Status),
        "until": Day(ahead=True),
        "merged_into": Slug(),
        "formerly": Many(Slug(), unique=True),
        "owner_since": Day(),
        "category": Text(),
        "member_since": Day(),
        "description": LOCALIZED_MARKDOWN,
        "contact": CONTACT,
        "registration": Many(REGISTRATION),
    },
    _shop,
    required=("name", "url"),
)


def build_shop(slug: str, values: dict[str, Any]) -> Shop:
    """The shop whose folder is named `slug`, from what `SHOP` decoded."""
    return Shop(slug=slug, **values)
