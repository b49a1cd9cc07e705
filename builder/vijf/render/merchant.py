"""The merchant review feed, version 5.0: shops and their reviews as Google's seller ratings take them.

It names what counts towards a shop's score here and was written here: no imported review, no mark that lapsed. A
review that stood in the feed and no longer may is named as deleted, for ever: nothing in a build is dropped by age, so
it stays longer than anyone asks. Everything is UTC with `Z`; ids never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from vijf import urls
from vijf.model import Collected, Review, Shop
from vijf.render.language import load_language
from vijf.render.text import html_text, xml_text
from vijf.render.views import ShopBundle
from vijf.render.widget import reviews_page
from vijf.rules.counting import Uncounted
from vijf.rules.facts import erased, events, last_event
from vijf.rules.score import BEST, WORST

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://schemas.google.com/merchant_reviews/5.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://schemas.google.com/merchant_reviews/5.0 \
http://www.gstatic.com/productsearch/static/reviews/5.0/merchant_reviews.xsd">
"""
_SECTIONS = ("merchants", "reviews", "deleted_reviews")
_METHODS = {
    Collected.INVITATION: "after_fulfillment",
    Collected.TABLET: "point_of_sale",
    Collected.LINK: "unsolicited",
    Collected.WIDGET: "unsolicited",
}
_TAKEN_BACK = (Uncounted.REMOVED, Uncounted.ON_HOLD, Uncounted.RATING_WITHDRAWN)
"""Why a review may have stood in the feed once and doesn't now."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where nothing has a date that may be told: every review was erased."""


class MerchantPart(NamedTuple):
    """What a shop adds to each section of the feed, as XML; empty where it adds nothing."""

    merchants: str
    reviews: str
    deleted_reviews: str


def merchant_part(bundle: ShopBundle) -> MerchantPart:
    """A shop's part of the feed.

    The feed wants the country of each purchase. It isn't known; that of the shop's address stands for it, and a shop
    without one is left out altogether.
    """
    shop, facts = bundle.content.shop, bundle.facts
    country = shop.contact.address.country if shop.contact and shop.contact.address else None
    own = [review for review in bundle.content.reviews if review.origin is None]
    if country is None or not own:
        return MerchantPart("", "", "")
    return MerchantPart(
        _merchant(bundle, own),
        "".join([_review(shop, review, country) for review in own if facts.why[review.id] is None]),
        "".join(_deleted(shop, review) for review in own if facts.why[review.id] in _TAKEN_BACK),
    )


def merchant_feed(parts: Sequence[MerchantPart]) -> bytes:
    """A file of the feed, from the parts of its shops; empty sections are left out, as the format asks."""
    found = [_HEAD]
    for name, contents in zip(_SECTIONS, zip(*parts, strict=True), strict=False):
        content = "".join(contents)
        if content:
            found.append(f"<{name}>\n{content}</{name}>\n")
    found.append("</feed>\n")
    return "".join(found).encode()


def _merchant(bundle: ShopBundle, reviews: Sequence[Review]) -> str:
    site, shop = bundle.site, bundle.content.shop
    moments = [moment.instant for review in reviews if not erased(review) for moment in events(review)]
    first, last = min(moments, default=_EPOCH), max(moments, default=_EPOCH)
    page = urls.absolute(site, reviews_page(bundle, load_language(site.languages[0])))
    return (
        f'<merchant id="{shop.lasting_slug}"><name>{_text(shop.name)}</name>'
        f"<merchant_url>{_text(shop.url)}</merchant_url>"
        f"<rating_url>{_text(page)}</rating_url><create_timestamp>{_utc(first)}</create_timestamp>"
        f"<last_update_timestamp>{_utc(last)}</last_update_timestamp></merchant>\n"
    )


def _review(shop: Shop, review: Review, country: str) -> str:
    halves = review.rating or 0  # what counts has a mark
    name = review.author.name if review.author else None
    method = _METHODS.get(review.collected) if review.collected else None
    parts = [
        f"<reviewer_name>{_text(name)}</reviewer_name>" if name else "",
        f"<create_timestamp>{_utc(review.received.instant)}</create_timestamp>",
        f"<last_update_timestamp>{_utc(last_event(review).instant)}</last_update_timestamp>",
        f"<country_code>{country}</country_code>",
        f"<title>{_text(review.title)}</title>" if review.title else "",
        f"<content>{_text(review.text or '')}</content>",
        f'<ratings><overall min="{WORST}" max="{BEST}">{halves // 2}{".5" if halves % 2 else ""}</overall></ratings>',
        f"<collection_method>{method}</collection_method>" if method else "",
    ]
    return f'<review id="{_id(shop, review)}" mid="{shop.lasting_slug}">{"".join(parts)}</review>\n'


def _deleted(shop: Shop, review: Review) -> str:
    moment = last_event(review)
    month = datetime(moment.day.year, moment.day.month, 1, tzinfo=UTC)
    changed = month if erased(review) else moment.instant  # of what was erased only the month is told
    stamp = f"<last_update_timestamp>{_utc(changed)}</last_update_timestamp>"
    return f'<deleted_review id="{_id(shop, review)}">{stamp}</deleted_review>\n'


def _id(shop: Shop, review: Review) -> str:
    """Unique among all shops; neither slugs nor ids hold a point."""
    return f"{shop.lasting_slug}.{review.id}"


def _text(text: str) -> str:
    return html_text(xml_text(text))


@lru_cache(maxsize=8192)
def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
