"""The newest items of all shops from one build to the next, so that the site's feed never asks every shop again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vijf import limits
from vijf.publish.manifest import Pool
from vijf.render.items import Item


def pooled(pool: Pool, items: Iterable[Item], *, more: bool = False) -> Pool:
    """The newest of a pool and further items, no more than a pool holds.

    `more`: whoever gave the items held others back, none of which would have had a place.
    """
    found = sorted((*pool.items, *items), key=lambda item: item.order, reverse=True)
    full = len(found) > limits.SITE_FEED_POOL
    return Pool(tuple(found[: limits.SITE_FEED_POOL]), pool.more or more or full)


def replaced(former: Pool, touched: Collection[str], new: Pool) -> Pool | None:
    """The pool after the shops `touched` changed or went; `new` holds their items as they are now.

    None where too few are left to be sure of the site's feed: items that the former pool had no place for are older
    than its last, so nothing older than that is sure.
    """
    stay = [item for item in former.items if item.shop not in touched]
    pool = pooled(Pool(tuple(stay), former.more), new.items, more=new.more)
    if not former.more:
        return pool
    sure = tuple(item for item in pool.items if item.order >= former.items[-1].order)
    return Pool(sure, more=True) if len(sure) >= limits.SITE_FEED_ITEMS else None
