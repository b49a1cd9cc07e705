"""Addresses: which path of the site each thing has, and how it is linked. Pure; paths are relative, in POSIX form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, urlsplit

from vijf import limits
from vijf.model import Site

INDEX = "index.html"
SITE_FEED = "v1/feed.xml"
"""The feed of the whole site."""


def base_path(site: Site) -> str:
    """The path below which the site is served, with its final slash: `/`, or `/reviews/` for a project page."""
    return _path_of(site.url)


@lru_cache(maxsize=8)
def _path_of(url: str) -> str:
    return urlsplit(url).path.rstrip("/") + "/"


def href(site: Site, path: str) -> str:
    """How a page of the site links to `path`: from the root of the host; `index.html` is left out."""
    return base_path(site) + path.removesuffix(INDEX)


def absolute(site: Site, path: str) -> str:
    """The full address of `path`."""
    return f"{site.url}/{path.removesuffix(INDEX)}"


def directory_page(language: str, number: int = 1) -> str:
    """A page of the directory of shops, from 1."""
    return f"{language}/{INDEX}" if number == 1 else f"{language}/-/shops/{number}/{INDEX}"


def shop_page(language: str, slug: str) -> str:
    """A shop's own page."""
    return f"{language}/{slug}/{INDEX}"


def embed_page(language: str, slug: str) -> str:
    """Where a shop finds what it can place on its own website."""
    return f"{language}/{slug}/embed/{INDEX}"


def archive_page(language: str, slug: str, number: int) -> str:
    """A page of a shop's archive, numbered from 1, the oldest."""
    return f"{language}/{slug}/page/{number}/{INDEX}"


def named_page(language: str, name: str) -> str:
    """A built-in page or one of the operator's."""
    return f"{language}/-/{name}/{INDEX}"


def write_page(slug: str) -> str:
    """Where printed codes and "write a review" lead."""
    return f"review/{slug}/{INDEX}"


def data(slug: str, name: str) -> str:
    """A file of a shop below `/v1/`, whose addresses never change."""
    return f"v1/{slug}/{name}"


def sitemap(name: str) -> str:
    """A file of the sitemap; `sitemap.xml` itself is their index."""
    return f"sitemap/{name}.xml"


def merchant_feed(shard: int) -> str:
    """A file of the merchant review feed, from shard 0."""
    return "merchant-reviews.xml" if shard == 0 else f"merchant-reviews/{shard + 1}.xml"


def shared(name: str) -> str:
    """A file below `/v1/` that belongs to no shop."""
    return f"v1/{name}"


def archive_number(position: int) -> int:
    """The archive page of the review that was the `position`-th to be published, from 0."""
    return position // limits.PER_PAGE + 1


def archive_count(total: int) -> int:
    """How many archive pages `total` reviews fill."""
    return -(-total // limits.PER_PAGE)


def anchor(review_id: str) -> str:
    """The fragment by which a page names a review."""
    return f"r-{review_id}"


def parents(path: str) -> Iterator[str]:
    """Yield the folders that `path` lies in, outermost first: "a", "a/b" for "a/b/c"."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def folded(path: str) -> str:
    """Return what `path` is on file systems that ignore case and the normal form of Unicode (macOS, Windows)."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def origin(url: str) -> str:
    """The origin of a web address, as a content security policy names it: `https://reviews.example.nl`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host(url: str) -> str:
    """The host of a web address, as it can be shown."""
    return urlsplit(url).netloc


def mailto(address: str) -> str:
    """A link to a mail address, in which nothing of it can become a header."""
    return f"mailto:{quote(address, safe='@')}"
