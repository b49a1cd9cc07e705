"""`site.yaml`: who runs the site, in which languages, under which rules."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.fields import (
    EMAIL,
    LANGUAGE,
    LOCALIZED_LINE,
    LOCALIZED_TEXT,
    PHONE,
    Boolean,
    Choice,
    Integer,
    Many,
    Pattern,
    Reading,
    Record,
    Slug,
    Table,
    Text,
    Url,
)
from vijf.content.nodes import Mapping, value_node
from vijf.model import AppliesTo, Kind, Operator, Preset, Procedure, Registration, Site
from vijf.rules.procedure import HOLD_DAYS

REGISTRATION = Record(
    {"register": Text(), "number": Text()},
    lambda values, _node, _reading: Registration(**values),
    required=("register", "number"),
)

OPERATOR = Record(
    {
        "name": Text(),
        "email": EMAIL,
        "address": Text(lines=True),
        "phone": PHONE,
        "registration": Many(REGISTRATION),
        "funding": LOCALIZED_TEXT,
    },
    lambda values, _node, _reading: Operator(**values),
    required=("name", "email"),
)


def _procedure(values: dict[str, Any], node: Mapping, reading: Reading) -> Procedure | None:
    procedure = Procedure(**values)
    if procedure.days is not None:
        most = HOLD_DAYS[procedure.preset]
        if procedure.days > most:
            what = f"waits at most {most} days" if most else "doesn't wait; leave `days` out"
            reading.faults.add(value_node(node, "days"), "procedure", f"the preset {procedure.preset} {what}")
            return None
    return procedure


PROCEDURE = Record(
    {"preset": Choice(Preset), "applies_to": Choice(AppliesTo), "days": Integer(1, limits.PROCEDURE_DAYS)},
    _procedure,
    required=("preset",),
)

IMPORTS = Record(
    {"count": Many(Slug(), unique=True)},
    lambda values, _node, _reading: frozenset(values["count"]),
    required=("count",),
)

SCHEMA_VERSION = 1


def _site(values: dict[str, Any], node: Mapping, reading: Reading) -> Site | None:
    zone = values.get("timezone")
    if zone is not None and load_zone(zone) is None:
        reading.faults.add(
            value_node(node, "timezone"), "timezone", f"`{zone}` is no known time zone; write it like Europe/Amsterdam"
        )
        return None
    known = available_languages()
    unknown = [code for code in values["languages"] if code not in known]
    if unknown:
        reading.faults.add(
            value_node(node, "languages"),
            "no-catalogue",
            f"there are no words for {', '.join(unknown)} yet; there are for {', '.join(known)}",
        )
        return None
    values.pop("schema")
    imports = values.pop("imports", frozenset())
    without = frozenset(values.pop("without", ()))
    return Site(**values, count_imports=imports, without=without)


SITE = Record(
    {
        "schema": Integer(SCHEMA_VERSION, SCHEMA_VERSION),
        "name": Text(),
        "url": Url(base=True),
        "languages": Many(LANGUAGE, limits.LANGUAGES, least=1, unique=True),
        "timezone": Pattern("[A-Za-z]+(?:/[A-Za-z0-9_+-]+){0,2}", "a time zone", "Europe/Amsterdam", "timezone", 64),
        "threshold": Integer(limits.THRESHOLD, limits.THRESHOLD_MAX),
        "desk_url": Url(base=True),
        "operator": OPERATOR,
        "procedure": PROCEDURE,
        "demo": Boolean(),
        "imports": IMPORTS,
        "aspects": Table(Slug(), LOCALIZED_LINE, limits.ASPECTS),
        "without": Many(Choice(Kind), unique=True),
    },
    _site,
    required=("schema", "name", "url", "languages", "operator"),
)


@lru_cache(maxsize=32)
def load_zone(name: str) -> ZoneInfo | None:
    """The time zone `name` from the `tzdata` package, None when there is none.

    Never from the machine, whose version may differ: the same content must give the same days everywhere.
    """
    path = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not path.is_file():
        return None
    with path.open("rb") as file:
        try:
            return ZoneInfo.from_file(file, key=name)
        except ValueError:
            return None


@lru_cache(maxsize=1)
def available_languages() -> tuple[str, ...]:
    """The languages that pages can be written in: English, and each that has a catalogue."""
    folder = files("vijf").joinpath("render", "locales")
    found = {entry.name for entry in folder.iterdir() if entry.joinpath("LC_MESSAGES", "vijf.mo").is_file()}
    return tuple(sorted(found | {"en"}))
