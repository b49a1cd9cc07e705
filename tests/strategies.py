"""Hypothesis strategies for valid content: the models `Site`, `Shop`, `Review`, and the YAML that says the same.

`document(model)` gives the JSON-like value of a model's file and `as_yaml` writes such a value, so that any test
can start from values, from documents or from text. `LAWS` are the settings of every property test: the same
examples in each run, and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from vijf import model as m
from vijf.content.fields import DEVICES
from vijf.content.site import available_languages, load_zone

LAWS = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
NOW = datetime(2027, 1, 1, tzinfo=UTC)
"""Later than any date of these strategies."""
ZONE = load_zone("Europe/Amsterdam")
SITE = m.Site(
    name="Voorbeeldkeur",
    url="https://reviews.example.nl",
    languages=("en",),
    operator=m.Operator("Voorbeeld", "info@example.nl"),
    count_imports=frozenset({"counted"}),
    aspects={"delivery": {"en": "Delivery"}, "service": {"en": "Service"}},
)

_NOT_TEXT = {"exclude_categories": ("Cs", "Cc"), "exclude_characters": "\ufffe\uffff"}
_ONE_LINE = st.characters(**(_NOT_TEXT | {"exclude_characters": "\ufffe\uffff\u2028\u2029"}))
_ANY_LINE = st.one_of(st.characters(**_NOT_TEXT), st.just("\n"))


def _words(alphabet: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    typical = st.sampled_from(
        ["Snel geleverd", "true", "12", "null", "é 日本 🚲", "a: b # c", "- x", '"quoted"', "O'Hara"]
    )
    return st.one_of(typical, st.text(alphabet, min_size=1, max_size=most).map(str.strip).filter(bool))


lines = _words(_ONE_LINE, 30)
texts = _words(_ANY_LINE, 60)
slugs = st.from_regex("[a-z0-9][a-z0-9-]{0,11}", fullmatch=True).filter(lambda slug: slug not in DEVICES)
languages = st.sampled_from(["nl", "en", "de", "fr", "pt-BR", "zh-Hans", "es-419"])
urls = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["shop.example", "münchen.example", "a.b.example:8080", "127.0.0.1"]),
    st.sampled_from(["", "/", "/a/b?c=d&e#f", "?q", "/é/%20", "#x"]),
)
base_urls = st.builds(
    "https://{}{}".format, st.sampled_from(["r.example", "r.example:81"]), st.sampled_from(["", "/a.b"])
)
emails = st.sampled_from(["info@shop.example", "a+b.c@x-y.example.nl"])
phones = st.sampled_from(["+31 20 000 0000", "020-0000000", "(0)".join(["+31", "20 1"])])
marks = st.integers(2, 20)
days = st.dates(date(2020, 1, 1), date(2024, 12, 31))
localized = st.dictionaries(languages, texts, min_size=1, max_size=3)
registrations = st.lists(st.builds(m.Registration, lines, lines), max_size=2).map(tuple)


def choices(enum: type[StrEnum]) -> st.SearchStrategy[Any]:
    """The members of an enumeration."""
    return st.sampled_from(list(enum))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None or one of `values`."""
    return st.one_of(st.none(), values)


def moment(day: date, at: time | None = None) -> m.Moment:
    """A plain day, or a time of that local day, in the zone of `SITE`."""
    local = datetime.combine(day, at or time(), tzinfo=ZONE).astimezone(UTC)
    return m.Moment(local, day, exact=at is not None)


def moments(day: date) -> st.SearchStrategy[m.Moment]:
    """Moments on a local day."""
    whole = st.integers(0, 86_399).map(lambda n: time(n // 3600, n // 60 % 60, n % 60))
    return st.builds(moment, st.just(day), maybe(whole))


@st.composite
def sites(draw: st.DrawFn) -> m.Site:
    """Sites in languages that have words."""
    known = draw(st.permutations(available_languages()))
    preset = draw(choices(m.Preset))
    days_held = {"immediate": 0, "mediation": 7}.get(preset, 14)
    return m.Site(
        name=draw(lines),
        url=draw(base_urls),
        languages=tuple(known[: draw(st.integers(1, len(known)))]),
        operator=draw(
            st.builds(m.Operator, lines, emails, maybe(texts), maybe(phones), registrations, maybe(localized))
        ),
        timezone=draw(st.sampled_from(["Europe/Amsterdam", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+12"])),
        threshold=draw(st.integers(5, 1000)),
        desk_url=draw(maybe(base_urls)),
        procedure=m.Procedure(
            preset, draw(choices(m.AppliesTo)), draw(maybe(st.integers(1, days_held))) if days_held else None
        ),
        demo=draw(st.booleans()),
        count_imports=draw(st.frozensets(slugs, max_size=2)),
        aspects=draw(
            maybe(st.dictionaries(slugs, st.dictionaries(languages, lines, min_size=1), min_size=1, max_size=3))
        ),
        without=draw(st.frozensets(choices(m.Kind))),
    )


_EVERY_TIME = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)] + ["24:00"]


@st.composite
def hours(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """A week's opening hours."""
    week = draw(st.lists(st.sampled_from(("mon", "tue", "wed", "sat", "sun")), min_size=1, unique=True))
    ends = draw(st.lists(st.sampled_from(_EVERY_TIME), min_size=2, max_size=8, unique=True).map(sorted))
    return {day: tuple(f"{start}-{end}" for start, end in zip(ends[::2], ends[1::2], strict=False)) for day in week}


_ADDRESSES = st.builds(m.Address, maybe(lines), maybe(lines), maybe(lines), st.sampled_from(["NL", "NO", "BE"]))
_CONTACTS = st.builds(
    m.Contact,
    phone=phones,
    phone_hours=maybe(hours()),
    counter_hours=maybe(hours()),
    email=maybe(emails),
    form=maybe(urls),
    page=maybe(urls),
    chat=maybe(urls),
    address=maybe(_ADDRESSES),
    social=st.lists(urls, unique=True, max_size=2).map(tuple),
    checked=maybe(st.builds(m.Checked, days, st.sampled_from(["operator", "shop"]))),
)


@st.composite
def shops(draw: st.DrawFn) -> m.Shop:
    """Shops of every status."""
    status = draw(choices(m.Status))
    since = draw(maybe(days))
    gone = status is not m.Status.ACTIVE
    return m.Shop(
        slug=draw(slugs),
        name=draw(lines),
        url=draw(urls),
        also=draw(st.lists(urls, unique=True, max_size=2).map(tuple)),
        status=status,
        until=(since or draw(days)) + timedelta(draw(st.integers(0, 2000))) if gone else None,
        merged_into=draw(maybe(slugs)) if gone else None,
        formerly=draw(st.lists(slugs, unique=True, max_size=2).map(tuple)),
        owner_since=draw(maybe(days)),
        category=draw(maybe(lines)),
        member_since=since,
        description=draw(maybe(localized)),
        contact=draw(maybe(_CONTACTS)),
        registration=draw(registrations),
    )


def _origins() -> st.SearchStrategy[m.Origin]:
    platform = st.sampled_from(["counted", "kiyoh", "x-1"])
    scale = st.sampled_from([(Fraction(1), Fraction(5)), (Fraction(0), Fraction("99.9999"))])
    marked = scale.flatmap(
        lambda ends: st.builds(
            m.Origin,
            platform,
            maybe(lines),
            st.integers(*(int(end * 10_000) for end in ends)).map(lambda n: Fraction(n, 10_000)),
            st.just(ends),
        )
    )
    return st.one_of(st.builds(m.Origin, platform, maybe(lines)), marked)


@st.composite
def reviews(draw: st.DrawFn) -> m.Review:
    """Reviews in every state, with all that one may say, for `SITE`."""
    received = draw(days)
    published = received + timedelta(draw(st.integers(0, 30)))
    later = st.integers(0, 500).flatmap(lambda n: moments(published + timedelta(n)))
    origin = draw(_origins()) if draw(st.integers(0, 4)) == 0 else None
    facts: dict[str, Any] = {
        "id": draw(slugs),
        "received": draw(moments(received)),
        "published": draw(moments(published)),
        "experience": draw(maybe(st.integers(0, 300).map(lambda n: received - timedelta(n)))),
        "rating": draw(maybe(marks)),
        "language": draw(maybe(languages)),
        "collected": draw(maybe(st.sampled_from([c for c in m.Collected if origin or c is not m.Collected.IMPORT]))),
        "verification": draw(maybe(st.builds(m.Verification, choices(m.Method), maybe(days)))),
        "incentive": draw(choices(m.Incentive)),
        "origin": origin,
    }
    state = draw(st.sampled_from(["visible"] * 7 + ["held", "removed"]))
    if state == "held":
        since = draw(later)
        until = draw(moments(since.day + timedelta(draw(st.integers(0, 20)))))
        return m.Review(**facts, held=m.Hold(since, until, draw(choices(m.Ground))))
    if state == "removed":
        by, ground = draw(st.sampled_from(_REMOVALS))
        removal = m.Removal(draw(later), ground, by, draw(choices(m.Notice)), draw(st.booleans()))
        return m.Review(**facts, removed=removal)
    author = st.one_of(st.builds(m.Author, lines, maybe(lines)), st.builds(m.Author, st.none(), lines))
    reply = st.builds(m.Reply, choices(m.Speaker), texts, maybe(later) if origin else later)
    withdrawal = st.builds(m.RatingWithdrawn, later, choices(m.WithdrawalReason))
    return m.Review(
        **facts,
        title=draw(maybe(lines)),
        text=draw(texts if facts["rating"] is None else maybe(texts)),
        author=draw(maybe(author)),
        aspects=draw(maybe(st.dictionaries(st.sampled_from(["delivery", "service"]), marks, min_size=1))),
        recommends=draw(maybe(st.booleans())),
        # a conversation is read oldest first; a reply without a date is as old as the review
        replies=tuple(sorted(draw(st.lists(reply, max_size=2)), key=lambda r: (r.date or facts["published"]).instant)),
        amended=tuple(draw(st.lists(st.builds(m.Amendment, later, maybe(marks)), max_size=2))),
        rating_withdrawn=draw(withdrawal) if facts["rating"] and draw(st.integers(0, 5)) == 0 else None,
        redacted=draw(later) if draw(st.integers(0, 5)) == 0 else None,
    )


_OWN = (m.Ground.WITHDRAWN_BY_CUSTOMER, m.Ground.ERASED)
_REMOVALS = [(m.Remover.CUSTOMER, ground) for ground in _OWN] + [
    (by, ground) for by in (m.Remover.OPERATOR, m.Remover.COURT) for ground in m.Ground if ground not in _OWN
]
_STATES = ("visible",) * 9 + ("withdrawn_rating", "held", "removed", "taken_back", "imported", "counted_import")
_BRIEF = st.tuples(
    st.integers(0, 1200),
    st.sampled_from((None, *range(2, 21), *range(2, 21))),
    st.sampled_from(_STATES),
    st.sampled_from((None, {"delivery": 2}, {"delivery": 17}, {"delivery": 9, "service": 20}, {"service": 13})),
    st.sampled_from((None, True, False)),
    st.sampled_from((None, 0, 1, 30, 400)),
)


def brief_review(number: int, *brief: Any) -> m.Review:
    """Review `number`: only what rules look at (day, mark, state, aspects, recommendation, reply after)."""
    offset, mark, state, aspects, recommends, answered = brief
    at = moment(date(2021, 1, 1) + timedelta(offset))
    review_id = f"r{number}"
    if state == "held":
        return m.Review(review_id, at, at, rating=mark, held=m.Hold(at, at, m.Ground.FAKE))
    if state in ("removed", "taken_back"):
        by, ground = _REMOVALS[-1] if state == "removed" else _REMOVALS[0]
        return m.Review(review_id, at, at, rating=mark, removed=m.Removal(at, ground, by))
    origin = {"imported": m.Origin("kiyoh"), "counted_import": m.Origin("counted")}.get(state)
    withdrawn = m.RatingWithdrawn(at, m.WithdrawalReason.NO_ANSWER) if state == "withdrawn_rating" and mark else None
    reply = m.Reply(m.Speaker.SHOP, "x", moment(at.day + timedelta(answered or 0)))
    return m.Review(
        review_id,
        at,
        at,
        rating=mark,
        text="x",
        aspects=aspects,
        recommends=recommends,
        replies=(reply,) if answered is not None else (),
        rating_withdrawn=withdrawn,
        origin=origin,
    )


def review_lists(least: int = 0, most: int = 30) -> st.SearchStrategy[list[m.Review]]:
    """All reviews of one shop, in any order, with only what rules look at."""
    return st.lists(_BRIEF, min_size=least, max_size=most).map(
        lambda briefs: [brief_review(number, *brief) for number, brief in enumerate(briefs)]
    )


def document(value: Any) -> Any:
    """What a content file says, as lists, mappings and single values, for a model or any part of one."""
    if isinstance(value, m.Moment):
        return value.instant.isoformat().replace("+00:00", "Z") if value.exact else value.day.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, Mapping):
        return {key: document(part) for key, part in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [document(part) for part in (sorted(value) if isinstance(value, frozenset) else value)]
    if not is_dataclass(value):
        return value
    found = {f.name: getattr(value, f.name) for f in fields(value)}
    found = {name: document(part) for name, part in found.items() if part not in (None, (), frozenset())}
    return _as_written(value, found)


def _as_written(value: Any, found: dict[str, Any]) -> dict[str, Any]:
    """The few places where a file says something in another shape than the model."""
    if isinstance(value, (m.Review, m.Amendment)) and "rating" in found:
        found["rating"] = document(Fraction(found["rating"], 2))
    if isinstance(value, m.Review) and "aspects" in found:
        found["aspects"] = {key: document(Fraction(mark, 2)) for key, mark in found["aspects"].items()}
    if isinstance(value, m.Review) and "redacted" in found:
        found["redacted"] = {"date": found["redacted"]}
    if isinstance(value, m.Site):
        found["schema"] = 1
        if "count_imports" in found:
            found["imports"] = {"count": found.pop("count_imports")}
    if isinstance(value, m.Shop):
        del found["slug"]
    return found


_PLAIN = re.compile(
    r"[A-Za-z][A-Za-z0-9./_@+-]*(:[A-Za-z0-9./_@+-]+)*( [A-Za-z0-9./_@+-]+)*|\d{4}-\d\d-\d\d(T[0-9:.]+Z)?"
)
_NOT_PLAIN = {"true", "false", "null", "yes", "no", "on", "off"}
_LITERAL = re.compile(r"[!-~][ -~é-ÿ\n]*[!-~]")
_RAW = re.compile("[ !#-\\[\\]-~\xa0-\u1fff\u3000-\ud7ff\U00010000-\U0001fffd]")


def as_yaml(value: Any, *, block: bool = False) -> str:
    """`value` as YAML: in JSON's form with all texts quoted, or in block form with plain and literal scalars."""
    return _block(value, 0).lstrip("\n") + "\n" if block else _flow(value) + "\n"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _quoted(value) if isinstance(value, str) else _single(value)


def _single(value: Any) -> str:
    return (
        {None: "null", True: "true", False: "false"}[value]
        if value is None or value is True or value is False
        else repr(value)
    )


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(c if _RAW.match(c) else escapes.get(c) or f"\\U{ord(c):08x}" for c in text) + '"'


def _block(value: Any, depth: int) -> str:
    """`value` as it stands behind `key:` or `-`; a collection starts on a new line."""
    indent = "\n" + "  " * depth
    if isinstance(value, dict) and value:
        return "".join(f"{indent}{_block_text(key)}: {_block(part, depth + 1)}" for key, part in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{indent}- {_block(part, depth + 1)}" for part in value)
    if isinstance(value, str):
        if depth and "\n" in value and _LITERAL.fullmatch(value):
            return "|-" + "".join(f"\n{'  ' * depth}{line}" if line else "\n" for line in value.split("\n"))
        return _block_text(value)
    return _flow(value)


def _block_text(text: str) -> str:
    plain = len(text) < 80 and _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if plain else _quoted(text)
