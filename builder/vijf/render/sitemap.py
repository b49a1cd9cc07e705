"""What crawlers read to find their way: `robots.txt` and the sitemap (sitemaps.org 0.9).

The sitemap is an index and its files: one for the site's own pages, and one for each shard of shops, so that a new
review writes one of them anew. Languages stand in the pages themselves (`hreflang`), not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from markupsafe import escape

from vijf import limits, urls
from vijf.model import Moment, Review
from vijf.plan import SITEMAP_INDEX, Artifact, site_artifacts
from vijf.render.site import SiteBundle
from vijf.render.views import ShopBundle

Entry = tuple[str, str]
"""A path of the site, and the day of its last change as `2026-11-25`; an empty one where that isn't known."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_INDEXED = ("languages", "directory", "page", "house-rules", "score")
"""Kinds of the site's own artifacts that are pages for visitors, and that no `noindex` keeps out."""


def robots_file(bundle: SiteBundle, _artifact: Artifact) -> bytes:
    """`robots.txt`: everything may be read; where the sitemap is. Crawlers look for it at a host's root only."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute(bundle.site, SITEMAP_INDEX)}\n".encode()


def shop_entries(bundle: ShopBundle) -> list[Entry]:
    """The pages of a shop, in all languages; none that only leads on to another page.

    The day of an archive page is that of the last event of its own reviews.
    """
    site, shop, facts = bundle.site, bundle.content.shop, bundle.facts
    changed = _iso(facts.last_event)
    pages = [
        (number, _last_day([review for review, _ in bundle.archive_slice(number)], facts.moments))
        for number in range(1, urls.archive_count(len(bundle.content.reviews)) + 1)
    ]
    found: list[Entry] = []
    for language in site.languages:
        if shop.merged_into is None:
            found.append((urls.shop_page(language, shop.slug), changed))
        found += [(urls.archive_page(language, shop.slug, number), day) for number, day in pages]
    return found


def site_entries(bundle: SiteBundle) -> list[Entry]:
    """The pages that belong to no shop."""
    artifacts = site_artifacts(bundle.site, bundle.pages, bundle.directory.listed, ())
    return [(artifact.path, "") for artifact in artifacts if artifact.kind in _INDEXED]


def sitemap_files(bundle_url: str, name: str, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
    """Yield ((path, last change), bytes) of the files that hold `entries`: one, or more where it would be too large.

    `bundle_url` is the site's address without a final slash. No entries make no file.
    """
    part: list[bytes] = []
    size, changed, number = 0, "", 0
    for path, day in entries:
        element = _element("url", f"{bundle_url}/{path.removesuffix(urls.INDEX)}", day)
        if part and (len(part) == limits.SITEMAP_ADDRESSES or size + len(element) > limits.SITEMAP_BYTES - 1_000):
            yield (_file_path(name, number), changed), _document("urlset", part)
            part, size, changed, number = [], 0, "", number + 1
        part.append(element)
        size += len(element)
        changed = max(changed, day)
    if part:
        yield (_file_path(name, number), changed), _document("urlset", part)


def sitemap_index(bundle_url: str, files: Iterable[Entry]) -> bytes:
    """`sitemap.xml`: names all files of the sitemap."""
    return _document("sitemapindex", [_element("sitemap", f"{bundle_url}/{path}", day) for path, day in files])


def _file_path(name: str, number: int) -> str:
    return urls.sitemap(name if number == 0 else f"{name}-{number + 1}")


def _element(name: str, address: str, day: str) -> bytes:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<{name}><loc>{escape(address)}</loc>{changed}</{name}>\n".encode()


def _document(root: str, elements: Iterable[bytes]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return head.encode() + b"".join(elements) + f"</{root}>\n".encode()


def _last_day(reviews: Iterable[Review], moments: Mapping[str, Moment]) -> str:
    return _iso(max([moments[review.id].day for review in reviews if review.id in moments], default=None))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
