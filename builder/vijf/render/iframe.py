"""The frame: the card as a small page for places that take no script, and its oEmbed description.

It shows what the widget's data say, so that both say the same; there is no script and no structured data in it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup

from vijf import urls
from vijf.plan import Artifact
from vijf.render import snippets
from vijf.render.frame import render
from vijf.render.language import Language, load_language
from vijf.render.package import STATIC
from vijf.render.stars import star_width
from vijf.render.text import json_bytes, one_direction, paragraphs
from vijf.render.views import ShopBundle
from vijf.render.widget import CARD_HEIGHT, widget_data

OEMBED_WIDTH = 600
"""Pixels: oEmbed wants a number. The frame itself suits any width from 240."""
CACHE_AGE = 3600
"""Seconds for which consumers may keep an answer: as long as data below `/v1/` are kept."""


def frame_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`frame.<lang>.html`: a complete page of 260 pixels, in which the list of reviews scrolls."""
    language = load_language(artifact.language)
    data = widget_data(bundle, language)
    score = bundle.facts.score
    return render(
        "iframe.html",
        bundle.site,
        language,
        frame_css=frame_stylesheet(),
        data={**dict.fromkeys(("status", "demo", "none")), **data},
        fill=star_width(score.mean.fill) if score else "",
        reviews=[_ready(review) for review in data["reviews"]],
    )


def _ready(review: dict[str, Any]) -> dict[str, Any]:
    """A review of the widget's data with its texts as HTML, and with every key that the template asks for."""
    wanted = dict.fromkeys(("rating", "title", "by", "lang", "note"), None)
    reply = review.get("reply")
    return {
        **wanted,
        **review,
        "html": paragraphs(review["text"]) if "text" in review else None,
        "reply": {"by": reply["by"], "html": paragraphs(reply["text"])} if reply else None,
    }


@lru_cache(maxsize=1)
def frame_stylesheet() -> Markup:
    """The stylesheet that stands inside every frame."""
    text = (STATIC / "iframe.css").read_text("utf-8")
    return Markup(" ".join(text.split()))  # noqa: S704  # our own file


def oembed_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`oembed.<lang>.json`: oEmbed 1.0, type `rich`. A file can't heed `maxwidth`: it always says the same."""
    site, shop = bundle.site, bundle.content.shop
    language = load_language(artifact.language)
    return json_bytes(
        {
            "version": "1.0",
            "type": "rich",
            "title": snippets.heading(shop, language),
            "author_name": one_direction(shop.name),
            "author_url": snippets.shop_address(site, shop, language),
            "provider_name": one_direction(site.name),
            "provider_url": site.url + "/",
            "cache_age": CACHE_AGE,
            "html": snippets.frame_tag(site, shop, language, width=OEMBED_WIDTH),
            "width": OEMBED_WIDTH,
            "height": CARD_HEIGHT,
        }
    )


def oembed_address(bundle: ShopBundle, language: Language) -> str:
    """Where the description of a shop's page lies."""
    path = urls.data(bundle.content.shop.slug, f"oembed.{language.code}.json")
    return urls.absolute(bundle.site, path)
