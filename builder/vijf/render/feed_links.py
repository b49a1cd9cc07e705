"""How feeds are found: which there are, what they are called, and the links to them in a page's head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vijf import urls
from vijf.model import Kind, Shop, Site
from vijf.render.frame import Link


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A feed as one finds it: what its format is called, its media type, its path."""

    format: str
    type: str
    path: str


_ATOM, _JSON = ("Atom", "application/atom+xml"), ("JSON Feed", "application/feed+json")


def shop_files(site: Site, shop: Shop) -> list[FeedFile]:
    """The feeds that a shop has."""
    files = {
        Kind.ATOM: FeedFile(*_ATOM, urls.data(shop.slug, "feed.xml")),
        Kind.JSONFEED: FeedFile(*_JSON, urls.data(shop.slug, "feed.json")),
    }
    return [file for kind, file in files.items() if kind not in site.without]


def site_files(site: Site) -> list[FeedFile]:
    """The feeds that the site as a whole has."""
    return [] if Kind.ATOM in site.without else [FeedFile(*_ATOM, urls.SITE_FEED)]


def links(site: Site, files: Iterable[FeedFile], title: str) -> list[Link]:
    """The feeds for a page's head. They have no `hreflang`: with it they would pass as the page in another language."""
    return [Link("alternate", file.type, urls.absolute(site, file.path), f"{title} ({file.format})") for file in files]
