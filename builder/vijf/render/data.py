"""Open data: `score.json` and `reviews.json` with its archive. Exact, complete, without a key or a limit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from vijf import limits, urls
from vijf.model import Moment, Review
from vijf.plan import Artifact
from vijf.render.text import json_bytes
from vijf.render.views import ShopBundle
from vijf.rules.counting import Uncounted
from vijf.rules.facts import erased
from vijf.rules.score import BEST, WORST

SCHEMA = 1


def score_json(bundle: ShopBundle, _artifact: Artifact) -> bytes:
    """`score.json`: at most 1 KB. Below the threshold `score` and `mean` are null."""
    facts, shop = bundle.facts, bundle.content.shop
    mean = facts.score.mean if facts.score else None
    return json_bytes(
        {
            "schema": SCHEMA,
            "shop": shop.slug,
            "threshold": bundle.site.threshold,
            "counted": facts.counted,
            "visible": facts.account.visible,
            "held": facts.account.held,
            "withdrawn": facts.account.withdrawn,
            "removed": facts.account.removed,
            "score": mean.tenths / 10 if mean else None,
            "mean": f"{mean.exact.numerator}/{mean.exact.denominator}" if mean else None,
            "best": BEST,
            "worst": WORST,
            "as_of": facts.last_event.isoformat() if facts.last_event else None,
        }
    )


def reviews_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`reviews.json` (number 0: the newest) or a part of its archive, numbered like the pages, less what the head has.

    `next` leads from the head through the archive, so that each review is met exactly once.
    """
    site, shop, reviews = bundle.site, bundle.content.shop, bundle.content.reviews
    total = len(reviews)
    beyond = max(total - limits.PER_PAGE, 0)
    if artifact.number == 0:
        part, following = reviews[: limits.PER_PAGE], urls.archive_count(beyond)
    else:
        newest = min(artifact.number * limits.PER_PAGE, beyond)
        oldest = (artifact.number - 1) * limits.PER_PAGE
        part, following = reviews[total - newest : total - oldest], artifact.number - 1
    # An earlier address of the shop leads on through its own parts.
    folder = artifact.path.rpartition("reviews.json")[0] or artifact.path.rpartition("reviews/")[0]
    value: dict[str, Any] = {"schema": SCHEMA, "shop": shop.slug}
    if artifact.number == 0:
        # Only here: a part of the archive must not change with every new review.
        value |= {"status": shop.status.value, "until": _iso(shop.until), "total": total}
    value |= {
        "next": urls.href(site, f"{folder}reviews/{following}.json") if following else None,
        "reviews": [open_review(review, bundle.facts.why[review.id]) for review in part],
    }
    return json_bytes(value)


def open_review(review: Review, why: Uncounted | None) -> dict[str, Any]:
    """One review as open data; what it doesn't have is left out, but for the keys that every entry has.

    What isn't public isn't in it: of a held or removed one neither words nor mark, of an erased one only months.
    """
    gone = erased(review)
    value: dict[str, Any] = {
        "id": review.id,
        "received": _date(review.received, month=gone),
        "published": _date(review.published, month=gone),
        "rating": _mark(review.rating) if review.visible else None,
        "counted": why is None,
        "why": why.value if why else None,
    }
    optional: dict[str, Any] = {
        "experience": review.experience.isoformat() if review.experience and not gone else None,
        "title": review.title,
        "text": review.text,
        "language": review.language,
        "author": _present({"name": review.author.name, "place": review.author.place}) if review.author else None,
        "collected": review.collected,
        "verification": _present({"method": review.verification.method, "date": _iso(review.verification.date)})
        if review.verification and not gone
        else None,
        "incentive": review.incentive,
        "aspects": {name: _mark(mark) for name, mark in review.aspects.items()} if review.aspects else None,
        "recommends": review.recommends,
        "replies": [
            _present({"by": reply.by, "date": _date(reply.date) if reply.date else None, "text": reply.text})
            for reply in review.replies
        ]
        or None,
        "amended": [_present({"date": _date(change.date), "rating": _mark(change.rating)}) for change in review.amended]
        or None,
        "rating_withdrawn": {"date": _date(review.rating_withdrawn.date), "reason": review.rating_withdrawn.reason}
        if review.rating_withdrawn
        else None,
        "redacted": {"date": _date(review.redacted)} if review.redacted else None,
        "held": {
            "since": _date(review.held.since),
            "until": _date(review.held.until),
            "ground": review.held.ground,
        }
        if review.held
        else None,
        "removed": {
            "date": _date(review.removed.date, month=gone),
            "ground": review.removed.ground,
            "by": review.removed.by,
            "notice": review.removed.notice,
            "automated": review.removed.automated,
        }
        if review.removed
        else None,
        "origin": _origin(review),
    }
    return value | _present(optional)


def _origin(review: Review) -> dict[str, Any] | None:
    """Where a review was taken over from; of a hidden one only the platform, since the rest leads to its words."""
    origin = review.origin
    if origin is None:
        return None
    if not review.visible:
        return {"platform": origin.platform}
    scale = [_number(end) for end in origin.scale] if origin.scale else None
    return _present({"platform": origin.platform, "id": origin.id, "rating": _number(origin.rating), "scale": scale})


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _mark(halves: int | None) -> int | float | None:
    if halves is None:
        return None
    return halves / 2 if halves % 2 else halves // 2


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _date(moment: Moment, *, month: bool = False) -> str:
    """A day, an instant, or only the month of what was erased; as it was given."""
    if month:
        return moment.day.strftime("%Y-%m")
    return moment.instant.isoformat().replace("+00:00", "Z") if moment.exact else moment.day.isoformat()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
