"""Which artifacts the site has: each with its path, its kind (who renders it) and what distinguishes it.

Pure. A shop's artifacts depend only on the site's settings and on that shop; those of the site itself on
the list of shops. So one changed shop never asks what the others hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vijf import limits, urls
from vijf.digests import digest
from vijf.model import Kind, Page, Shop, Site

BUILD_FILE = "build.json"
BUILT_IN_PAGES = ("house-rules", "score")
SITEMAP_INDEX = "sitemap.xml"
HEADERS_FILE = "_headers"
"""The one file that an operator may add to: `static/_headers` is put below what Vijf says there."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the site. `kind` is a key of the table of renderers; the rest is what that renderer needs."""

    path: str
    kind: str
    language: str = ""
    number: int = 0
    """Page number, where there are several."""
    name: str = ""
    """Which of several of that kind: a page's name, a badge's form, a redirect's target."""


def shop_artifacts(site: Site, shop: Shop, total: int, *, logo: bool) -> list[Artifact]:
    """All artifacts of a shop with `total` entries in its content, those at its earlier addresses included."""
    found = [*_shop_pages(site, shop, total), *_shop_data(site, shop.slug, total, logo=logo)]
    for slug in shop.formerly:
        found += _redirects(site, shop, slug, total)
        found += _shop_data(site, slug, total, logo=logo)
    return found


def _shop_pages(site: Site, shop: Shop, total: int) -> Iterator[Artifact]:
    for language in site.languages:
        own = urls.shop_page(language, shop.slug)
        if shop.merged_into is None:
            yield Artifact(own, "shop", language)
        else:
            yield Artifact(own, "redirect", language, name=urls.shop_page(language, shop.merged_into))
        yield from _embed_page(site, language, shop.slug, shop.merged_into)
        for number in range(1, urls.archive_count(total) + 1):
            yield Artifact(urls.archive_page(language, shop.slug, number), "archive", language, number)
    yield Artifact(urls.write_page(shop.slug), "write", site.languages[0])


def _embed_page(site: Site, language: str, slug: str, target: str | None) -> Iterator[Artifact]:
    """The page with all snippets, or a redirect to that of the shop `target`."""
    if Kind.EMBED not in site.without:
        kind, name = ("embed", "") if target is None else ("redirect", urls.embed_page(language, target))
        yield Artifact(urls.embed_page(language, slug), kind, language, name=name)


def _shop_data(site: Site, slug: str, total: int, *, logo: bool) -> Iterator[Artifact]:
    if logo:
        yield Artifact(urls.data(slug, "logo.png"), "logo")
    yield Artifact(urls.data(slug, "score.json"), "score.json")
    yield Artifact(urls.data(slug, "reviews.json"), "reviews.json")
    for number in range(1, urls.archive_count(total - limits.PER_PAGE) + 1):
        yield Artifact(urls.data(slug, f"reviews/{number}.json"), "reviews.json", number=number)
    if Kind.ATOM not in site.without:
        yield Artifact(urls.data(slug, "feed.xml"), "feed.xml", site.languages[0])
    if Kind.JSONFEED not in site.without:
        yield Artifact(urls.data(slug, "feed.json"), "feed.json", site.languages[0])
    for language in site.languages:
        for form, kinds in BADGES.items():
            if not kinds & site.without:
                yield Artifact(urls.data(slug, badge_file(form, language)), "badge", language, name=form)
        yield Artifact(urls.data(slug, f"widget.{language}.js"), "widget", language)
        yield Artifact(urls.data(slug, f"widget.{language}.json"), "widget.json", language)
        if Kind.FRAME not in site.without:
            yield Artifact(urls.data(slug, f"frame.{language}.html"), "frame", language)
            yield Artifact(urls.data(slug, f"oembed.{language}.json"), "oembed.json", language)
    if Kind.SHIELD not in site.without:
        yield Artifact(urls.data(slug, "shield.json"), "shield.json", site.languages[0])
    yield from _pictures(site, slug)


def _pictures(site: Site, slug: str) -> Iterator[Artifact]:
    """What is drawn in the site's first language only."""
    for name, kind, left_out_by in (
        ("badge.png", "badge.png", Kind.PNG),
        ("card.png", "card", Kind.CARD),
        ("invite.svg", "invite", Kind.INVITE),
    ):
        if left_out_by not in site.without:
            yield Artifact(urls.data(slug, name), kind, site.languages[0])


BADGES: Mapping[str, frozenset[Kind]] = {
    "badge": frozenset(),
    "badge-wide": frozenset({Kind.WIDE}),
    "badge-dark": frozenset({Kind.DARK}),
    "badge-wide-dark": frozenset({Kind.WIDE, Kind.DARK}),
}
"""Form of a badge -> the kinds of output that leave it out."""


def badge_file(form: str, language: str) -> str:
    """A badge's file name: `badge.nl.svg`, `badge-wide.nl-dark.svg`."""
    dark = "-dark" if form.endswith("-dark") else ""
    return f"{form.removesuffix('-dark')}.{language}{dark}.svg"


def _redirects(site: Site, shop: Shop, earlier: str, total: int) -> Iterator[Artifact]:
    for language in site.languages:
        yield Artifact(
            urls.shop_page(language, earlier), "redirect", language, name=urls.shop_page(language, shop.slug)
        )
        yield from _embed_page(site, language, earlier, shop.slug)
        for number in range(1, urls.archive_count(total) + 1):
            target = urls.archive_page(language, shop.slug, number)
            yield Artifact(urls.archive_page(language, earlier, number), "redirect", language, name=target)
    yield Artifact(urls.write_page(earlier), "redirect", site.languages[0], name=urls.write_page(shop.slug))


def site_artifacts(site: Site, pages: Sequence[Page], listed: int, pinned: Iterable[str]) -> list[Artifact]:
    """The artifacts that belong to no shop, for a directory of `listed` shops; `pinned` are the scripts' file names."""
    found = [
        Artifact(urls.INDEX, "languages", site.languages[0]),
        Artifact("404.html", "not-found", site.languages[0]),
        Artifact("robots.txt", "robots"),
        Artifact(HEADERS_FILE, "headers"),
        Artifact(".nojekyll", "nojekyll"),
        Artifact(f"review/{urls.INDEX}", "write-any", site.languages[0]),
    ]
    if Kind.ATOM not in site.without:
        found.append(Artifact(urls.SITE_FEED, "site-feed", site.languages[0]))
    for language in site.languages:
        found += [
            Artifact(urls.directory_page(language, number), "directory", language, number)
            for number in range(1, directory_count(listed) + 1)
        ]
        found += [Artifact(urls.named_page(language, name), name, language) for name in BUILT_IN_PAGES]
    found += [
        Artifact(urls.named_page(page.language, page.name), "page", page.language, name=page.name)
        for page in pages
        if page.name not in BUILT_IN_PAGES
    ]
    found += [Artifact(urls.shared(name), "pinned", name=name) for name in pinned]
    return found


def shard_count(shops: int) -> int:
    """Into how many shards the shops of a site are dealt: files that many shops share hold one shard each.

    A power of two, so that it seldom changes as shops come and go; 1 up to `SHOPS_PER_SHARD` shops.
    """
    return 1 << (max(-(-shops // limits.SHOPS_PER_SHARD), 1) - 1).bit_length()


def shard_of(slug: str, count: int) -> int:
    """The shard of a shop, from 0: decided by its slug alone, so no other shop moves it."""
    return int(digest(slug.encode())[:8], 16) % count


def directory_count(listed: int) -> int:
    """How many pages the directory has; one even when it is empty."""
    return max(1, -(-listed // limits.SHOPS_PER_PAGE))


def collisions(
    site: Site, slugs: Iterable[str], fixed: Iterable[Artifact], static: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Paths of `static` (as they will stand in the site) that something else has, with what has it.

    `slugs` are all slugs, earlier ones included: each claims whole folders, whatever is in them. `fixed` are
    the site's own artifacts. Names are compared as file systems do that ignore case and normal form.
    """
    taken: dict[str, str] = {urls.folded(artifact.path): _owner(artifact.path) for artifact in fixed}
    taken[BUILD_FILE] = BUILD_FILE
    taken |= dict.fromkeys((SITEMAP_INDEX, "sitemap"), "the sitemap")
    if Kind.MERCHANT not in site.without:
        taken |= dict.fromkeys(("merchant-reviews", urls.merchant_feed(0)), "the merchant review feed")
    taken |= {folder: f"the shop {slug}" for slug in slugs for folder in shop_folders(site, slug)}
    above = {parent: "a folder of pages" for path in taken for parent in urls.parents(path)}
    for path in static:
        key = urls.folded(path)
        over = (taken.get(parent) for parent in (*urls.parents(key), key))
        owner = next((one for one in over if one), above.get(key))
        if owner:
            yield path, owner
        taken.setdefault(key, f"the file static/{path}")
        above |= dict.fromkeys(urls.parents(key), f"the folder of static/{path}")


def _owner(path: str) -> str:
    return f"the page {path}" if path.endswith(".html") else f"Vijf's own {path}"


def shop_folders(site: Site, slug: str) -> list[str]:
    """The folders of the site that belong to the slug alone."""
    return [f"v1/{slug}", f"review/{slug}", *(f"{language}/{slug}" for language in site.languages)]
