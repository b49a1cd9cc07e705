"""A shop's other pages: its archive, redirects from earlier addresses, and where to write a review.

There are many archive pages, and apart from their reviews they differ in a few texts. So a template makes the layout of
all those that have the same texts, once for a site and a language.
"""

from __future__ import annotations

from functools import lru_cache

from vijf import urls
from vijf.model import Site
from vijf.plan import Artifact
from vijf.render import phrases
from vijf.render.frame import Layout, fill, layout, mark, marked_frame, page_texts, render
from vijf.render.language import Language, load_language
from vijf.render.review_html import reviews_html
from vijf.render.text import isolate, one_direction
from vijf.render.views import ShopBundle


def archive_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """A page of the archive, numbered from the oldest: no score, total or "n of m", so that it stays as it is."""
    language = load_language(artifact.language)
    site, shop = bundle.site, bundle.content.shop
    last = urls.archive_count(len(bundle.content.reviews))
    number = artifact.number
    page = bundle.archive_slice(number)
    name = one_direction(shop.name)

    def link(to: int) -> str:
        return urls.href(site, urls.archive_page(language.code, shop.slug, to)) if 1 <= to <= last else ""

    status, older, newer = phrases.status(language, shop) or "", link(number - 1), link(number + 1)
    there = tuple([name for name, text in (("status", status), ("older", older), ("newer", newer)) if text])
    paths = {code: urls.archive_page(code, shop.slug, number) for code in site.languages}
    return fill(
        _archive_layout(site, language, there, merged=shop.merged_into is not None),
        **page_texts(
            site,
            language.gettext("Reviews of %(name)s, archive page %(number)s", name=name, number=number),
            paths,
        ),
        heading=isolate(shop.name),
        name=name,
        number=str(number),
        shop_href=urls.href(site, urls.shop_page(language.code, shop.slug)),
        status=status,
        reviews=reviews_html(bundle, page, language),
        older=older,
        newer=newer,
    )


@lru_cache(maxsize=256)
def _archive_layout(site: Site, language: Language, there: tuple[str, ...], *, merged: bool) -> Layout:
    """The layout of archive pages that have the texts `there` besides those that all have."""
    return layout(
        "archive.html",
        site,
        language,
        ("heading", "name", "number", "shop_href", "reviews", *there),
        **dict.fromkeys({"status", "older", "newer"}.difference(there), ""),
        frame=marked_frame(site, language),
        merged=merged,
    )


def redirect_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """A page at an earlier address that leads to `artifact.name`, on any static host."""
    language = load_language(artifact.language)
    return render(
        "redirect.html",
        bundle.site,
        language,
        target=urls.href(bundle.site, artifact.name),
        canonical=urls.absolute(bundle.site, artifact.name),
        name=bundle.content.shop.name,
    )


def write_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """Where printed codes lead: on to the desk's form, or to the operator's mail address where there is no desk.

    One page for all languages of the site.
    """
    site, shop = bundle.site, bundle.content.shop
    target = f"{site.desk_url}/review/{shop.slug}" if site.desk_url and not shop.until else ""
    texts = {"name": shop.name, "heading": isolate(shop.name), "target": target}
    for language in map(load_language, site.languages):
        texts[f"href-{language.code}"] = urls.href(site, urls.shop_page(language.code, shop.slug))
        texts[f"status-{language.code}"] = phrases.status(language, shop) or ""
    there = tuple([name for name, text in texts.items() if text])
    return fill(_write_layout(site, load_language(artifact.language), there), **texts)


@lru_cache(maxsize=256)
def _write_layout(site: Site, language: Language, there: tuple[str, ...]) -> Layout:
    """The layout of those pages to write a review on that have just the texts `there`."""

    def text(name: str) -> str:
        return mark(name) if name in there else ""

    versions = [(load_language(code), text(f"href-{code}"), text(f"status-{code}")) for code in site.languages]
    return layout("write.html", site, language, ("name", "heading"), target=text("target"), versions=versions)
