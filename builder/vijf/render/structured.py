"""Structured data for search engines: one `Organization` a shop page, as schema.org and Google ask.

Never in a widget. Below the threshold there is neither `aggregateRating` nor any `reviewRating`; a shop whose
score counts reviews from another platform has no `aggregateRating` (ratings from elsewhere aren't aggregated).
"""

from __future__ import annotations

from functools import lru_cache
from json.encoder import encode_basestring_ascii as _string
from typing import Any

from markupsafe import Markup

from vijf import urls
from vijf.model import WEEK, Contact, Hours, Review
from vijf.render.language import Language
from vijf.render.text import json_ascii, no_markup
from vijf.render.views import ShopBundle
from vijf.rules.score import BEST, WORST, Mean

_WEEKDAYS = dict(zip(WEEK, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


def organization(bundle: ShopBundle, language: Language, reviews: list[Review]) -> Markup:
    """The JSON-LD of a shop's page, ready to stand in a `<script>`; `reviews` are those on the page."""
    site, shop, facts = bundle.site, bundle.content.shop, bundle.facts
    page = urls.absolute(site, urls.shop_page(language.code, shop.slug))
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{page}#organization",
        "name": shop.name,
        "url": shop.url,
        **_contact(shop.contact),
    }
    if shop.registration:
        value["identifier"] = [
            {"@type": "PropertyValue", "propertyID": entry.register, "value": entry.number}
            for entry in shop.registration
        ]
    if bundle.content.logo is not None:
        value["logo"] = urls.absolute(site, urls.data(shop.slug, "logo.png"))
    counts_imports = any(r.origin is not None and facts.why[r.id] is None for r in bundle.content.reviews)
    if facts.score is not None and not counts_imports:
        value["aggregateRating"] = _aggregate(facts.score.mean)
    own = [review for review in reviews if review.visible and review.origin is None]
    text = json_ascii(value)
    if own:
        rated = facts.score is not None
        entries = [_review(review, page, language, rating=rated and facts.why[review.id] is None) for review in own]
        text = f'{text[:-1]},"review":[{no_markup(",".join(entries))}]}}'
    return Markup(text)  # noqa: S704  # `<`, `>` and `&` are escaped in it


def point(tenths: int) -> str:
    """A rounded mean with a point, in every language: 87 is `8.7`."""
    return f"{tenths // 10}.{tenths % 10}"


def _aggregate(mean: Mean) -> dict[str, Any]:
    return {
        "@type": "AggregateRating",
        "ratingValue": point(mean.tenths),
        "bestRating": BEST,
        "worstRating": WORST,
        "ratingCount": mean.count,
    }


def _review(review: Review, page: str, language: Language, *, rating: bool) -> str:
    """A review as JSON, in which `<`, `>` and `&` are still as they were."""
    name = review.author.name if review.author and review.author.name else language.gettext("a customer")
    text = (
        f'{{"@type":"Review","@id":{_string(f"{page}#{urls.anchor(review.id)}")},'
        f'"author":{{"@type":"Person","name":{_string(name)}}},'
        f'"datePublished":"{review.published.day.isoformat()}"'
    )
    if review.title:
        text += f',"name":{_string(review.title)}'
    if review.text:
        text += f',"reviewBody":{_string(review.text)}'
    if review.language:
        text += f',"inLanguage":{_string(review.language)}'
    if rating and review.rating is not None:
        text += f',"reviewRating":{_rating(review.rating)}'
    return text + "}"


@lru_cache(maxsize=32)
def _rating(halves: int) -> str:
    whole, half = divmod(halves, 2)
    value = f"{whole}.5" if half else str(whole)
    return json_ascii({"@type": "Rating", "ratingValue": value, "bestRating": BEST, "worstRating": WORST})


def _contact(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {}
    value: dict[str, Any] = {}
    if contact.phone:
        value["telephone"] = contact.phone
    if contact.email:
        value["email"] = contact.email
    if contact.address:
        names = {
            "street": "streetAddress",
            "postal_code": "postalCode",
            "city": "addressLocality",
            "country": "addressCountry",
        }
        parts = {schema: getattr(contact.address, ours) for ours, schema in names.items()}
        value["address"] = {"@type": "PostalAddress", **{k: v for k, v in parts.items() if v}}
    if contact.social:
        value["sameAs"] = list(contact.social)
    points = _contact_points(contact)
    if points:
        value["contactPoint"] = points
    return value


def _contact_points(contact: Contact) -> list[dict[str, Any]]:
    """The ways in which customers reach a shop: by phone or mail, and by each page that is there for it."""
    points: list[dict[str, Any]] = []
    if contact.phone or contact.email:
        ways = {"telephone": contact.phone, "email": contact.email}
        point = _contact_point({name: way for name, way in ways.items() if way})
        if contact.phone and contact.phone_hours:
            point["hoursAvailable"] = _opening_hours(contact.phone_hours)
        points.append(point)
    return points + [_contact_point({"url": page}) for page in (contact.form, contact.page, contact.chat) if page]


def _contact_point(ways: dict[str, str]) -> dict[str, Any]:
    return {"@type": "ContactPoint", "contactType": "customer service", **ways}


def _opening_hours(hours: Hours) -> list[dict[str, str]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{_WEEKDAYS[day]}",
            "opens": period.partition("-")[0],
            "closes": period.partition("-")[2],
        }
        for day in WEEK
        for period in hours.get(day, ())
    ]
