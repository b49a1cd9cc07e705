"""`reviews/*.yaml`: one review, and what must hold inside it.

Order is checked within the review only, by local day: experience <= received <= published <= later events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from vijf import limits
from vijf.content.fields import (
    LANGUAGE,
    Boolean,
    Choice,
    Day,
    Decimal,
    Field,
    Many,
    Rating,
    Reading,
    Record,
    Slug,
    Table,
    Text,
    When,
)
from vijf.content.nodes import Mapping, Node, key_node, value_node
from vijf.model import (
    CUSTOMER_GROUNDS,
    Amendment,
    Author,
    Collected,
    Ground,
    Hold,
    Incentive,
    Method,
    Moment,
    Notice,
    Origin,
    RatingWithdrawn,
    Removal,
    Remover,
    Reply,
    Review,
    Speaker,
    Verification,
    WithdrawalReason,
)


def _hold(values: dict[str, Any], node: Mapping, reading: Reading) -> Hold | None:
    hold = Hold(**values)
    if hold.until.day < hold.since.day:
        reading.faults.add(
            value_node(node, "until"), "date-order", f"the hold ends before it starts ({hold.since.day})"
        )
        return None
    return hold


def _removal(values: dict[str, Any], node: Mapping, reading: Reading) -> Removal | None:
    removal = Removal(**values)
    own = removal.ground in CUSTOMER_GROUNDS
    if own != (removal.by is Remover.CUSTOMER):
        reading.faults.add(
            value_node(node, "by"),
            "removal",
            "a customer removes by withdrawal or erasure only, and only a customer does: "
            "`by: customer` goes with withdrawn_by_customer and erased",
        )
        return None
    return removal


def _origin(values: dict[str, Any], node: Mapping, reading: Reading) -> Origin | None:
    origin = Origin(**values)
    scale, rating = origin.scale, origin.rating
    if (scale is None) != (rating is None):
        reading.faults.add(node, "origin", "`rating` and `scale` go together: the mark as given there, and its ends")
        return None
    if scale is not None and rating is not None and not (scale[0] < scale[1] and scale[0] <= rating <= scale[1]):
        reading.faults.add(value_node(node, "rating"), "origin", "the mark lies outside its scale [lowest, highest]")
        return None
    return origin


REVIEW_FIELDS: dict[str, Field] = {
    "id": Slug(),
    "received": When(),
    "published": When(),
    "experience": Day(),
    "rating": Rating(),
    "title": Text(limits.TITLE),
    "text": Text(limits.TEXT, lines=True),
    "language": LANGUAGE,
    "author": Record({"name": Text(), "place": Text()}, lambda values, _node, _reading: Author(**values)),
    "collected": Choice(Collected),
    "verification": Record(
        {"method": Choice(Method), "date": Day()},
        lambda values, _node, _reading: Verification(**values),
        required=("method",),
    ),
    "incentive": Choice(Incentive),
    "aspects": Table(Slug(), Rating(), limits.ASPECTS),
    "recommends": Boolean(),
    "replies": Many(
        Record(
            {"by": Choice(Speaker), "date": When(), "text": Text(limits.TEXT, lines=True)},
            lambda values, _node, _reading: Reply(**values),
            required=("by", "text"),
        ),
        limits.REPLIES,
    ),
    "amended": Many(
        Record(
            {"date": When(), "rating": Rating()},
            lambda values, _node, _reading: Amendment(**values),
            required=("date",),
        ),
        limits.AMENDMENTS,
    ),
    "rating_withdrawn": Record(
        {"date": When(), "reason": Choice(WithdrawalReason)},
        lambda values, _node, _reading: RatingWithdrawn(**values),
        required=("date", "reason"),
    ),
    "redacted": Record({"date": When()}, lambda values, _node, _reading: values["date"], required=("date",)),
    "held": Record(
        {"since": When(), "until": When(ahead=True), "ground": Choice(Ground)},
        _hold,
        required=("since", "until", "ground"),
    ),
    "removed": Record(
        {
            "date": When(),
            "ground": Choice(Ground),
            "by": Choice(Remover),
            "notice": Choice(Notice),
            "automated": Boolean(),
        },
        _removal,
        required=("date", "ground", "by"),
    ),
    "origin": Record(
        {
            "platform": Slug(),
            "id": Text(),
            "rating": Decimal(),
            "scale": Many(Decimal(), 2, least=2),
        },
        _origin,
        required=("platform",),
    ),
}

WORDS = ("title", "text", "author", "replies", "aspects", "recommends", "amended", "rating_withdrawn", "redacted")
"""Keys that a held or removed review must not carry: they say what is not public."""


_LATER = frozenset(("replies", "amended", "rating_withdrawn", "redacted", "held", "removed"))
"""Keys of what happens after publication."""


def _review(values: dict[str, Any], _node: Mapping, _reading: Reading) -> Review:
    published: Moment = values["published"]
    replies: tuple[Reply, ...] = values.get("replies", ())
    if len(replies) > 1:
        values["replies"] = tuple(sorted(replies, key=lambda reply: (reply.date or published).instant))
    return Review(**values)


def _check(values: dict[str, Any], present: Collection[str], node: Mapping, reading: Reading) -> None:
    """Note what contradicts itself in one review."""
    hidden = "held" if "held" in present else "removed" if "removed" in present else None
    if "held" in present and "removed" in present:
        reading.faults.add(
            value_node(node, "held"), "held-and-removed", "a removed review is no longer on hold; drop `held`"
        )
    elif hidden:
        _refuse_words(hidden, present, node, reading)
    elif "rating" not in present and "text" not in present:
        reading.faults.add(node, "empty-review", "has neither `rating` nor `text`; a review needs one of them")
    if "rating_withdrawn" in values and "rating" not in present:
        reading.faults.add(
            value_node(node, "rating_withdrawn"), "rating-withdrawn", "there is no `rating` to withdraw; keep it here"
        )
    if values.get("collected") is Collected.IMPORT and "origin" not in present:
        reading.faults.add(value_node(node, "collected"), "origin", "an imported review says where from; add `origin`")
    if "replies" in values and "origin" not in present:
        for n, reply in enumerate(values["replies"]):
            if reply.date is None:
                what = "`date` is missing; only an imported reply may lack it"
                reading.faults.add(value_node(node, "replies", n), "missing-key", what)
    _check_order(values, node, reading)


def _refuse_words(hidden: str, present: Collection[str], node: Mapping, reading: Reading) -> None:
    for name in WORDS:
        if name in present:
            state = "on hold" if hidden == "held" else "removed"
            reading.faults.add(
                key_node(node, name),
                "hidden-words",
                f"a review that is {state} shows no `{name}`; take it out of the content",
            )


def _check_order(values: dict[str, Any], node: Mapping, reading: Reading) -> None:
    received: Moment | None = values.get("received")
    published: Moment | None = values.get("published")
    experience: date | None = values.get("experience")
    if experience is not None and received is not None and experience > received.day:
        _out_of_order(value_node(node, "experience"), experience, "`received`", received.day, reading, after=True)
    if published is None:
        return
    if received is not None and published.day < received.day:
        _out_of_order(value_node(node, "published"), published.day, "`received`", received.day, reading)
    if _LATER.isdisjoint(values):
        return
    for name, moment, *place in _later_events(values):
        if moment.day < published.day:
            what = f"`published`, and {name} can't"
            _out_of_order(value_node(node, *place), moment.day, what, published.day, reading)


def _later_events(values: dict[str, Any]) -> Iterator[tuple[str, Moment, str] | tuple[str, Moment, str, int]]:
    """What happened after publication: its name, when, and under which key it stands, in lists with its number."""
    for n, reply in enumerate(values.get("replies", ())):
        if reply.date is not None:
            yield "a reply", reply.date, "replies", n
    for n, change in enumerate(values.get("amended", ())):
        yield "an amendment", change.date, "amended", n
    for name, part in (("rating_withdrawn", "date"), ("redacted", None), ("held", "since"), ("removed", "date")):
        if name in values:
            moment: Moment = getattr(values[name], part) if part else values[name]
            yield f"`{name}`", moment, name


def _out_of_order(node: Node, day: date, other: str, other_day: date, reading: Reading, *, after: bool = False) -> None:
    reading.faults.add(
        node, "date-order", f"{day} lies {'after' if after else 'before'} {other} ({other_day}); mend one of them"
    )


REVIEW = Record(
    REVIEW_FIELDS,
    _review,
    required=("id", "received", "published"),
    check=_check,
    rules={
        "anyOf": [
            {"required": ["rating"]},
            {"required": ["text"]},
            {"required": ["held"]},
            {"required": ["removed"]},
        ],
        "if": {"anyOf": [{"required": ["held"]}, {"required": ["removed"]}]},
        "then": {
            "not": {"anyOf": [*({"required": [name]} for name in WORDS), {"required": ["held", "removed"]}]},
        },
    },
)
