"""Open data: `score.json` and `reviews.json` with its archive. Exact, complete, without a key or a limit."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from vijf import limits, urls
from vijf.model import Method, Moment, Reply, Review
from vijf.plan import Artifact
from vijf.render.text import json_bytes, json_string, json_text
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
    value["next"] = urls.href(site, f"{folder}reviews/{following}.json") if following else None
    entries = ",".join([review_json(review, bundle.facts.why[review.id]) for review in part])
    return f'{json_text(value)[:-1]},"reviews":[{entries}]}}\n'.encode()


def open_review(review: Review, why: Uncounted | None) -> dict[str, Any]:
    """One review as open data, for what isn't JSON in the end."""
    value: dict[str, Any] = json.loads(review_json(review, why))
    return value


def review_json(review: Review, why: Uncounted | None) -> str:
    """One review as open data, in JSON; what it doesn't have is left out, but for the keys that every entry has.

    What isn't public isn't in it: of a held or removed one neither words nor mark, of an erased one only months.
    Put together as text, member by member, which takes a third of the time of a dictionary and its encoding.
    """
    gone = review.removed is not None and erased(review)
    mark = _mark(review.rating) if review.visible else None
    text = (
        f'{{"id":"{review.id}","received":"{_date(review.received, month=gone)}",'
        f'"published":"{_date(review.published, month=gone)}","rating":{"null" if mark is None else mark},'
    )
    text += f'"counted":false,"why":"{why}"' if why else '"counted":true,"why":null'
    if review.experience is not None and not gone:
        text += f',"experience":"{review.experience.isoformat()}"'
    if review.title is not None:
        text += f',"title":{json_string(review.title)}'
    if review.text is not None:
        text += f',"text":{json_string(review.text)}'
    if review.language is not None:
        text += f',"language":{json_string(review.language)}'
    if review.author is not None:
        text += _author(review.author.name, review.author.place)
    if review.collected is not None:
        text += f',"collected":"{review.collected}"'
    if review.verification is not None and not gone:
        text += _verification(review.verification.method, review.verification.date)
    text += f',"incentive":"{review.incentive}"'
    if review.aspects:
        text += f',"aspects":{json_text({name: _mark(mark) for name, mark in review.aspects.items()})}'
    if review.recommends is not None:
        text += f',"recommends":{"true" if review.recommends else "false"}'
    if review.replies:
        text += f',"replies":[{",".join([_reply(reply) for reply in review.replies])}]'
    if review.origin or review.held or review.removed or _changed(review):
        life = _life(review, month=gone)
        text += f",{json_text(life)[1:-1]}" if life else ""
    return text + "}"


@lru_cache(maxsize=8192)
def _author(name: str | None, place: str | None) -> str:
    return f',"author":{json_text(_present({"name": name, "place": place}))}'


@lru_cache(maxsize=8192)
def _verification(method: Method, day: date | None) -> str:
    return f',"verification":{json_text(_present({"method": method, "date": _iso(day)}))}'


def _reply(reply: Reply) -> str:
    day = f',"date":"{_date(reply.date)}"' if reply.date is not None else ""
    return f'{{"by":"{reply.by}"{day},"text":{json_string(reply.text)}}}'


def _changed(review: Review) -> bool:
    return bool(review.amended) or review.rating_withdrawn is not None or review.redacted is not None


def _life(review: Review, *, month: bool) -> dict[str, Any]:
    """What happened to a review, and where it came from: most have nothing of this."""
    withdrawn, held, removed = review.rating_withdrawn, review.held, review.removed
    return _present(
        {
            "amended": [
                _present({"date": _date(change.date), "rating": _mark(change.rating)}) for change in review.amended
            ]
            or None,
            "rating_withdrawn": {"date": _date(withdrawn.date), "reason": withdrawn.reason} if withdrawn else None,
            "redacted": {"date": _date(review.redacted)} if review.redacted else None,
            "held": {"since": _date(held.since), "until": _date(held.until), "ground": held.ground} if held else None,
            "removed": {
                "date": _date(removed.date, month=month),
                "ground": removed.ground,
                "by": removed.by,
                "notice": removed.notice,
                "automated": removed.automated,
            }
            if removed
            else None,
            "origin": _origin(review),
        }
    )


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
