"""`vijf explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from vijf.cli.options import content_option, json_option, now
from vijf.cli.shops import one_shop
from vijf.model import Review, ShopContent, Site
from vijf.plan import Artifact
from vijf.render.data import score_json
from vijf.render.views import ShopBundle
from vijf.rules.counting import Uncounted
from vijf.rules.facts import ShopFacts, shop_facts

REASONS = {
    Uncounted.REMOVED: "removed",
    Uncounted.ON_HOLD: "on hold",
    Uncounted.NO_RATING: "no rating was given",
    Uncounted.RATING_WITHDRAWN: "its rating was withdrawn or has lapsed",
    Uncounted.IMPORTED: "imported from a platform that imports.count doesn't name",
    Uncounted.FORMER_OWNER: "from before owner_since",
}


@click.command(short_help="Say for each review of a shop whether it counts, and why.")
@click.argument("shop")
@content_option
@json_option
def explain(shop: str, content: Path, as_json: bool) -> None:
    """Say for each review of a shop whether it counts and why, and recompute the score step by step.

    \b
      vijf explain de-ketting
    """
    site, found = one_shop(content, shop, now())
    facts = shop_facts(found.shop, found.reviews, site)
    if as_json:
        click.echo(_json(site, found, facts))
        return
    for line in _lines(found, facts, site.threshold):
        click.echo(line)


def _lines(found: ShopContent, facts: ShopFacts, threshold: int) -> Iterator[str]:
    yield f"{found.shop.name} ({found.shop.slug}), newest first:"
    yield ""
    width = max((len(review.id) for review in found.reviews), default=0)
    for review in found.reviews:
        why = facts.why[review.id]
        verdict = "counts" if why is None else f"doesn't count: {REASONS[why]}"
        yield f"  {review.published.day}  {review.id:<{width}}  {mark(review):>4}  {verdict}"
    account = facts.account
    yield ""
    yield (
        f"received {account.received} = visible {account.visible} + on hold {account.held} "
        f"+ withdrawn {account.withdrawn} + removed {account.removed}"
    )
    if facts.score is None:
        yield f"no score: {facts.counted} of at least {threshold} ratings count"
        return
    mean = facts.score.mean
    total = sum(review.rating or 0 for review in found.reviews if facts.why[review.id] is None)
    yield (
        f"score: {total // 2}{'.5' if total % 2 else ''} points / {mean.count} ratings = {mean.exact} "
        f"= {mean.tenths / 10:.1f} (rounded once, half up)"
    )


def mark(review: Review) -> str:
    """A review's mark as it is, `-` without one."""
    return f"{review.rating / 2:g}" if review.rating is not None else "-"


def _json(site: Site, found: ShopContent, facts: ShopFacts) -> str:
    score = json.loads(score_json(ShopBundle(site, found), Artifact("score.json", "score.json")))
    reviews = [
        {"id": review.id, "counted": facts.why[review.id] is None, "why": facts.why[review.id]}
        for review in found.reviews
    ]
    return json.dumps({**score, "reviews": reviews})
