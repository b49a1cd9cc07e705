"""The widget: what it shows, as data, inside the one-request script or in a file of its own for the pinned one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from vijf import limits, urls
from vijf.model import Review
from vijf.plan import Artifact
from vijf.render import phrases
from vijf.render.language import Language, load_language
from vijf.render.package import STATIC
from vijf.render.text import excerpt, json_ascii, json_bytes, one_direction
from vijf.render.views import ShopBundle
from vijf.rules.score import STARS

PLACEHOLDER = b'"@VIJF_DATA@"'
VERSION = 1
CARD_HEIGHT = 260
"""Height of the card and of the frame in pixels, frozen: snippets out there reserve just this room."""
EXCERPT = 280
"""Characters of a text that the widget carries; the page has the rest."""


def widget_script(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`widget.<lang>.js`: ASCII only, so that no page's encoding can break it."""
    data = json_ascii(widget_data(bundle, load_language(artifact.language)))
    before, after = _code()
    return b"".join([before, data.encode("ascii"), after])


def widget_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`widget.<lang>.json`: the same data, which the pinned element fetches."""
    return json_bytes(widget_data(bundle, load_language(artifact.language)))


@lru_cache(maxsize=1)
def _code() -> tuple[bytes, bytes]:
    """The script before and after its data."""
    before, _, after = (STATIC / "widget.js").read_bytes().partition(PLACEHOLDER)
    return before, after


@lru_cache(maxsize=1)
def widget_data(bundle: ShopBundle, language: Language) -> Mapping[str, Any]:
    """All that the widget shows, ready-made in one language: it formats nothing at run time. Keys are frozen.

    Script, data and frame share it, so nobody may change it.
    """
    site, shop, facts = bundle.site, bundle.content.shop, bundle.facts
    page = urls.absolute(site, reviews_page(bundle, language))
    value: dict[str, Any] = {
        "v": VERSION,
        "shop": shop.slug,
        "formerly": list(shop.formerly),
        "lang": language.code,
        "dir": language.direction,
        "name": shop.name,
        "url": page,
        "heading": language.gettext("Reviews of %(name)s", name=one_direction(shop.name)),
        "score": None,
        "more": language.gettext("Read all reviews at %(site)s", site=one_direction(site.name)),
        "reviews": [
            _review(bundle, review, number, language) for review, number in bundle.head()[: limits.WIDGET_REVIEWS]
        ],
    }
    if facts.score:
        text = phrases.mean_text(language, facts.score.mean)
        value["score"] = {
            "text": text,
            "label": phrases.out_of_ten(language, text),
            "fill": round(float(facts.score.mean.fill), 4),
        }
        value["summary"] = phrases.counted(language, facts.counted)
    else:
        value["summary"] = phrases.no_score(language, facts)
        value["explain"] = phrases.from_threshold(language, site)
    status = phrases.status(language, shop)
    if status:
        value["status"] = status
    if site.demo:
        value["demo"] = language.gettext("Demo")
    if not value["reviews"]:
        value["none"] = language.gettext("Nobody has written a review yet.")
    return value


def reviews_page(bundle: ShopBundle, language: Language) -> str:
    """The page where a shop's reviews are read: its own, or the newest of its archive when it merged into another."""
    shop, total = bundle.content.shop, len(bundle.content.reviews)
    if shop.merged_into is not None and total:
        return urls.archive_page(language.code, shop.slug, urls.archive_count(total))
    return urls.shop_page(language.code, shop.slug)


def _review(bundle: ShopBundle, review: Review, number: int, language: Language) -> dict[str, Any]:
    site, shop = bundle.site, bundle.content.shop
    page = urls.absolute(site, urls.archive_page(language.code, shop.slug, number))
    value: dict[str, Any] = {"url": f"{page}#{urls.anchor(review.id)}", "date": phrases.dates(language, review)}
    if not review.visible:
        value["date"] = phrases.published(language, review)
    if review.removed is not None:
        return value | {"note": " ".join(phrases.tombstone(language, review.removed)).strip()}
    if review.held is not None:
        return value | {"note": f"{phrases.hold(language, review)} {phrases.held_ground(language, review.held.ground)}"}
    value["by"] = author(review, language)
    if review.rating is not None and review.rating_withdrawn is None:
        mark = language.mark(review.rating)
        value["rating"] = {
            "text": mark,
            "label": phrases.out_of_ten(language, mark),
            "fill": review.rating / (4 * STARS),
        }
    if review.language:
        value["lang"] = review.language
    if review.title:
        value["title"] = review.title
    if review.text:
        value["text"] = excerpt(review.text, EXCERPT)
    notes = _notes(bundle, review, language)
    if notes:
        value["note"] = " ".join(notes)
    if review.replies:
        reply = review.replies[0]
        who = phrases.speaker(language, reply.by, shop, site)
        value["reply"] = {"by": who, "text": excerpt(reply.text, EXCERPT)}
    return value


def _notes(bundle: ShopBundle, review: Review, language: Language) -> list[str]:
    """What must not be missing beside a review, wherever it is shown."""
    why = bundle.facts.why[review.id]
    notes = phrases.disclosures(language, review)
    if why:
        notes.append(phrases.uncounted(language, why))
    return notes


def author(review: Review, language: Language) -> str:
    """Who wrote a review, in a few words."""
    if review.author is None:
        return language.gettext("A customer")
    return _author(language, review.author.name, review.author.place)


@lru_cache(maxsize=8192)
def _author(language: Language, name: str | None, place: str | None) -> str:
    who = one_direction(name or language.gettext("A customer"))
    return language.gettext("%(name)s from %(place)s", name=who, place=one_direction(place)) if place else who
