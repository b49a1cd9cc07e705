"""Feeds: Atom (RFC 4287) and JSON Feed 1.1 of a shop, Atom of the whole site.

They are in the site's default language and hold no score, not even where there is one: a reader keeps what it
fetched for years, and a score would grow old in it. `updated` is the last event in the data, never the time of
the build. A shop's feeds at its earlier addresses are the same files, and name the present address as their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from vijf import limits, urls
from vijf.model import Site
from vijf.plan import Artifact
from vijf.render import phrases
from vijf.render.feed_items import last_moment, shop_items, tag, utc
from vijf.render.frame import Layout, fill, layout, mark
from vijf.render.items import Item, Part
from vijf.render.language import Language, load_language
from vijf.render.site import SiteBundle
from vijf.render.text import escaped_paragraphs, html_text, json_bytes, one_direction, xml_text
from vijf.render.views import ShopBundle
from vijf.render.widget import reviews_page

VERSION = "https://jsonfeed.org/version/1.1"
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated` of a feed in which nothing happened yet: Atom requires one."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in the words of one language, in no format yet; `items` newest first."""

    id: str
    title: str
    description: str
    home: str
    updated: datetime
    items: tuple[Item, ...]


def shop_atom(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`feed.xml`: a shop's newest reviews and replies as Atom."""
    language = load_language(artifact.language)
    path = urls.data(bundle.content.shop.slug, "feed.xml")
    return _atom(_shop_feed(bundle, language), bundle.site, language, path)


def shop_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`feed.json`: the same items as JSON Feed 1.1, as plain text."""
    language = load_language(artifact.language)
    site, feed = bundle.site, _shop_feed(bundle, language)
    value: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": urls.absolute(site, urls.data(bundle.content.shop.slug, "feed.json")),
    }
    if feed.description:
        value["description"] = feed.description
    value |= {
        "language": language.code,
        "authors": [{"name": site.name, "url": f"{site.url}/"}],
        "items": [_json_item(item) for item in feed.items],
    }
    return json_bytes(value)


def site_atom(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """`/v1/feed.xml`: the newest of all shops as Atom; each title names the shop."""
    site, language = bundle.site, load_language(artifact.language)
    feed = Feed(
        id=tag(site),
        title=one_direction(site.name),
        description=_description(
            site, language, language.gettext("Companies, with all reviews that their customers wrote.")
        ),
        home=urls.absolute(site, urls.directory_page(language.code)),
        updated=bundle.newest.updated or NOTHING_YET,
        items=bundle.newest.items[: limits.SITE_FEED_ITEMS],
    )
    return _atom(feed, site, language, urls.SITE_FEED, of_all=True)


def _shop_feed(bundle: ShopBundle, language: Language) -> Feed:
    site, shop = bundle.site, bundle.content.shop
    return Feed(
        id=tag(site, shop.lasting_slug),
        title=language.gettext("Reviews of %(name)s", name=one_direction(shop.name)),
        description=_description(site, language, phrases.status(language, shop) or ""),
        home=urls.absolute(site, reviews_page(bundle, language)),
        updated=last_moment(bundle) or NOTHING_YET,
        items=shop_items(bundle),
    )


def _description(site: Site, language: Language, words: str) -> str:
    demo = language.gettext("Demo content: these companies and reviews are made up.") if site.demo else ""
    return " · ".join(filter(None, [demo, words]))


def _atom(feed: Feed, site: Site, language: Language, path: str, *, of_all: bool = False) -> bytes:
    """The feed as Atom; with `of_all` each entry names its shop, in its title and as a category."""
    return fill(
        _layout(site, language, described=bool(feed.description)),
        id=feed.id,
        title=xml_text(feed.title),
        description=xml_text(feed.description),
        updated=utc(feed.updated),
        own=urls.absolute(site, path),
        home=feed.home,
        entries=Markup(  # noqa: S704  # escaped, see there
            "".join([_entry(item, language, of_all=of_all) for item in feed.items])
        ),
    )


@lru_cache(maxsize=64)
def _layout(site: Site, language: Language, *, described: bool) -> Layout:
    """What stands around the entries of all feeds."""
    own = ("id", "title", "updated", "own", "home", "entries")
    description = mark("description") if described else ""
    return layout("feed.xml", site, language, own, name=xml_text(site.name), description=description)


def _entry(item: Item, language: Language, *, of_all: bool) -> str:
    """An item as Atom: what XML can't hold replaced, everything escaped, the content as HTML once more."""
    title, category = item.title, ""
    if of_all:
        name = one_direction(item.shop_name)
        title = title if name in title else f"{name}: {title}"
        category = f'<category term="{item.shop}" label="{_xml(item.shop_name)}"/>\n'
    published = utc(item.published)
    updated = published if item.updated is item.published else utc(item.updated)
    return (
        f'<entry xml:lang="{html_text(item.language)}">\n'
        f"<id>{html_text(item.id)}</id>\n"
        f"<title>{_xml(title)}</title>\n"
        f"<published>{published}</published>\n"
        f"<updated>{updated}</updated>\n"
        f'<link rel="alternate" type="text/html" hreflang="{language.code}" href="{html_text(item.url)}"/>\n'
        f"<author><name>{_name(item.author)}</name></author>\n"
        f"{category}"
        f'<content type="html">{"".join([_part(part) for part in item.parts])}</content>\n'
        f"</entry>\n"
    )


def _part(part: Part) -> str:
    """A part as HTML, in its language, strangers' words escaped as on pages; all of that escaped once more for XML."""
    before = _before(part.language, part.speaker)
    return f"{before}{escaped_paragraphs(xml_text(part.text))}&lt;/div&gt;"


@lru_cache(maxsize=64)
def _before(language: str, speaker: str) -> str:
    """The beginning of a part, escaped for XML."""
    who = f'<p dir="auto"><b>{_xml(speaker)}</b></p>' if speaker else ""
    return html_text(f'<div lang="{html_text(language)}">{who}')


def _xml(text: str) -> str:
    return html_text(xml_text(text))


_name = lru_cache(maxsize=8192)(_xml)
"""First names and towns come again and again."""


def _json_item(item: Item) -> dict[str, Any]:
    texts = (f"{part.speaker}:\n{part.text}" if part.speaker else part.text for part in item.parts)
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": "\n\n".join(texts),
        "date_published": utc(item.published),
        "date_modified": utc(item.updated),
        "authors": [{"name": item.author}],
        "language": item.language,
        "_vijf": dict(item.facts),
    }
