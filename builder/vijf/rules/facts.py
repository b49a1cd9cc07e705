"""The facts of a shop: its account, its replies, how its reviews were checked, and its score once there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from vijf.model import Ground, Incentive, Method, Moment, Review, Shop, Site, Speaker
from vijf.rules.counting import Uncounted, why_uncounted
from vijf.rules.score import Score, aggregate, year_before

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Where every review that came in is now: `received` is always the sum of the other four."""

    received: int
    visible: int
    held: int
    withdrawn: int
    removed: int


@dataclass(frozen=True, slots=True)
class Replies:
    """How a shop answers; this needs no threshold, since it says nothing of ratings."""

    visible: int
    """Visible reviews."""
    answered: int
    """Visible reviews that the shop answered."""
    median_days: Fraction | None
    """Median of days from publication to the shop's first dated answer; None when no answer has a date."""


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """All facts of a shop. `score` is None below the threshold, and then no sum of ratings exists anywhere."""

    account: Account
    counted: int
    why: Mapping[str, Uncounted | None]
    """Review id -> why it doesn't count, None when it does."""
    score: Score | None
    replies: Replies
    methods: Mapping[Method, int]
    """How visible reviews were checked; those that don't say count as unknown."""
    grounds: Mapping[Ground, int]
    """Why reviews were removed (not withdrawn), and how many for each reason."""
    incentives: Mapping[Incentive, int]
    """Visible reviews that got something in return, by what."""
    moments: Mapping[str, Moment]
    """Review id -> the last thing that happened to it; erased ones aren't in it: of these only months are told."""
    last_event: date | None
    """Day of the last thing that happened to any review, erased ones left out."""
    recent: int
    """Visible reviews of the twelve months up to the last event."""


def shop_facts(shop: Shop, reviews: Sequence[Review], site: Site) -> ShopFacts:
    """The facts of `shop` from all its `reviews`, in any order."""
    why: dict[str, Uncounted | None] = {}
    moments: dict[str, Moment] = {}
    counted, visible, gone = [], [], []
    for review in reviews:
        reason = why[review.id] = why_uncounted(review, shop, site)
        if reason is None:
            counted.append(review)
        if review.removed is not None:
            gone.append(review)
            if erased(review):
                continue
        elif review.held is None:
            visible.append(review)
        moments[review.id] = last_event(review)
    removed = [review for review in gone if not withdrawn_by_customer(review)]
    last = max([moment.day for moment in moments.values()], default=None)
    since = year_before(last) if last else None
    return ShopFacts(
        account=Account(
            received=len(reviews),
            visible=len(visible),
            held=len(reviews) - len(visible) - len(gone),
            withdrawn=len(gone) - len(removed),
            removed=len(removed),
        ),
        counted=len(counted),
        why=why,
        moments=moments,
        score=aggregate(counted, removed, site.threshold, last),
        replies=_replies(visible),
        methods=_tally([r.verification.method if r.verification is not None else Method.UNKNOWN for r in visible]),
        grounds=_tally([review.removed.ground for review in removed if review.removed]),
        incentives=_tally([r.incentive for r in visible if r.incentive is not Incentive.NONE]),
        last_event=last,
        recent=len([review for review in visible if review.published.day > since]) if since else 0,
    )


def withdrawn_by_customer(review: Review) -> bool:
    """Whether `review` is the tombstone of one that its customer took back."""
    return review.removed is not None and review.removed.ground is Ground.WITHDRAWN_BY_CUSTOMER


def erased(review: Review) -> bool:
    """Whether `review` is the tombstone of one that was erased at its customer's request."""
    return review.removed is not None and review.removed.ground is Ground.ERASED


def events(review: Review) -> list[Moment]:
    """Everything dated that has happened to a review since it came in (not what lies ahead, as a hold's end)."""
    found = [review.received, review.published]
    if review.replies:
        found += [reply.date for reply in review.replies if reply.date is not None]
    if review.amended:
        found += [amendment.date for amendment in review.amended]
    if review.rating_withdrawn is not None:
        found.append(review.rating_withdrawn.date)
    if review.redacted is not None:
        found.append(review.redacted)
    if review.held is not None:
        found.append(review.held.since)
    if review.removed is not None:
        found.append(review.removed.date)
    return found


def last_event(review: Review) -> Moment:
    """The latest of a review's events, of several at one instant the first."""
    latest, published = review.received, review.published
    if published.instant > latest.instant:
        latest = published
    if not (review.replies or review.amended or review.held or review.removed) and not (
        review.rating_withdrawn or review.redacted
    ):
        return latest  # nothing has happened to most since they were published
    for moment in events(review):
        if moment.instant > latest.instant:
            latest = moment
    return latest


def _replies(visible: Sequence[Review]) -> Replies:
    answered, days = 0, []
    for review in visible:
        given = [reply.date for reply in review.replies if reply.by is Speaker.SHOP] if review.replies else ()
        dated = [moment.day for moment in given if moment is not None]
        if given:
            answered += 1
        if dated:
            days.append((min(dated) - review.published.day).days)
    return Replies(
        visible=len(visible),
        answered=answered,
        median_days=_median(days) if days else None,
    )


def _median(days: list[int]) -> Fraction:
    """The middle one, or halfway between the two in the middle."""
    days.sort()
    return Fraction(days[len(days) // 2] + days[(len(days) - 1) // 2], 2)


def _tally(values: Sequence[T]) -> dict[T, int]:
    return dict(sorted(Counter(values).items())) if values else {}
