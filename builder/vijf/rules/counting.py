"""Which ratings count, and why the others don't (design: section 2, *counted*)."""

from __future__ import annotations

from enum import StrEnum

from vijf.model import Review, Shop, Site


class Uncounted(StrEnum):
    """Why a review doesn't count towards the score; the values stand in `reviews.json`."""

    REMOVED = "removed"
    ON_HOLD = "on_hold"
    NO_RATING = "no_rating"
    RATING_WITHDRAWN = "rating_withdrawn"
    IMPORTED = "imported"
    FORMER_OWNER = "former_owner"


def why_uncounted(review: Review, shop: Shop, site: Site) -> Uncounted | None:
    """Why `review` doesn't count, None when it does.

    Counted: published, neither on hold nor removed, with a rating that isn't withdrawn, not imported (unless
    the operator counts that platform), and not from before a new owner. Where several reasons hold, the
    first of that order is given.
    """
    if review.removed is not None:
        return Uncounted.REMOVED
    if review.held is not None:
        return Uncounted.ON_HOLD
    if review.rating is None:
        return Uncounted.NO_RATING
    if review.rating_withdrawn is not None:
        return Uncounted.RATING_WITHDRAWN
    if review.origin is not None and review.origin.platform not in site.count_imports:
        return Uncounted.IMPORTED
    if shop.owner_since is not None and review.published.day < shop.owner_since:
        return Uncounted.FORMER_OWNER
    return None


def counts(review: Review, shop: Shop, site: Site) -> bool:
    """Whether `review` counts towards the score of its shop."""
    return why_uncounted(review, shop, site) is None
