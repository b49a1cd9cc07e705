"""From a content folder to the model: `load_site`, `load_pages`, `load_shop`, each noting all faults it finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from vijf import limits
from vijf.content.fields import Reading, Record
from vijf.content.files import Folder, shop_files
from vijf.content.logo import read_logo
from vijf.content.nodes import Faults, value_node
from vijf.content.nodes import Mapping as MappingNode
from vijf.content.pages import read_page
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP, build_shop
from vijf.content.site import SITE, available_languages, load_zone
from vijf.content.straight import unplaced, unplaced_record
from vijf.digests import digest
from vijf.errors import ContentError, Diagnostic, Span
from vijf.model import Operator, Page, Review, Shop, ShopContent, Site

RESERVED_PAGES = ("score", "search", "shops")
"""Names of built-in pages that the operator's can't take; `house-rules` is added to the built-in one."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A shop that was read without fault, and the digests of the files that it came from."""

    content: ShopContent
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShopNames:
    """The addresses that a shop takes, and the shop that it merged into; enough to find collisions."""

    slug: str
    formerly: tuple[str, ...] = ()
    merged_into: str | None = None


def load_site(folder: Folder, now: datetime | None) -> tuple[Site | None, dict[str, str]]:
    """`site.yaml` and the digest of its bytes; no site after noting faults in `folder.faults`."""
    inputs: dict[str, str] = {}
    if not folder.site:
        return None, inputs
    zone = load_zone("UTC")
    assert zone is not None  # noqa: S101  # for the type checker: tzdata always has UTC
    return _load_record(folder, "site.yaml", SITE, zone, now, inputs), inputs


def load_pages(folder: Folder, site: Site, now: datetime | None) -> tuple[list[Page], dict[str, str]]:
    """The operator's Markdown pages in the site's languages, sorted by name and language; and their digests."""
    pages: list[Page] = []
    inputs: dict[str, str] = {}
    for (name, language), path in sorted(folder.pages.items()):
        if name in RESERVED_PAGES:
            folder.fault(path, "reserved-page", f"`{name}` is the name of a built-in page; choose another")
            continue
        if language not in site.languages:
            folder.fault(
                path,
                "unused-page",
                f"the site isn't published in `{language}`, so this page isn't either",
                warning=True,
            )
            continue
        data = folder.read(path, limits.MARKDOWN_BYTES)
        if data is None:
            continue
        inputs[path] = digest(data)
        reading = Reading(Faults(folder.shown(path)), zone_of(site), now)
        page = read_page(name, language, data, reading)
        folder.faults += reading.faults.found
        if page is not None:
            pages.append(page)
    return pages, inputs


_NAMING = (b"formerly", b"merged_into", b"\\", b"\0")
"""A `shop.yaml` without any of these names no other address: neither key is there, and no escape hides one."""


def load_names(folder: Folder, slug: str, site: Site) -> ShopNames:
    """The names in a `shop.yaml`, for finding collisions before anything is rendered.

    Faults are left to `load_shop`.
    """
    data = Folder(folder.root).read(f"shops/{slug}/shop.yaml", limits.YAML_BYTES)
    if data is None or not any(sign in data for sign in _NAMING):
        return ShopNames(slug)
    values: dict[str, Any] | None = unplaced_record(data, SHOP, zone_of(site), None)
    if values is None:
        return ShopNames(slug)
    return ShopNames(slug, values.get("formerly", ()), values.get("merged_into"))


def check_names(folder: Folder, shops: Iterable[ShopNames]) -> None:
    """Note earlier slugs that are taken, and shops that merged into one that isn't there."""
    named = list(shops)
    lasting = {shop.slug for shop in named if shop.merged_into is None}
    taken = {shop.slug: f"the shop {shop.slug}" for shop in named}
    for shop in named:
        path = f"shops/{shop.slug}/shop.yaml"
        for slug in shop.formerly:
            if slug in taken:
                folder.fault(
                    path, "slug-taken", f"`formerly: {slug}` is the address of {taken[slug]}; drop one of them"
                )
            else:
                taken[slug] = f"the shop {shop.slug}, formerly"
        if shop.merged_into is not None and shop.merged_into not in lasting:
            folder.fault(
                path,
                "unknown-shop",
                f"`merged_into: {shop.merged_into}` is no shop of this site that still stands alone",
            )


def load_shop(folder: Folder, slug: str, site: Site, now: datetime | None) -> Loaded | list[Diagnostic]:
    """One shop with its reviews, or all the faults that it has."""
    mine = Folder(folder.root)
    inputs: dict[str, str] = {}
    zone = zone_of(site)
    review_paths, logo_path = shop_files(mine, slug)
    if any(fault.span.file == mine.shown(f"shops/{slug}/shop.yaml") for fault in mine.faults):
        return sorted(mine.faults)  # a link that leaves the folder: what it leads to isn't read
    values = _load_record(mine, f"shops/{slug}/shop.yaml", SHOP, zone, now, inputs)
    reviews = _load_reviews(mine, review_paths, site, now, inputs)
    logo = None
    if logo_path is not None:
        data = mine.read(logo_path, limits.LOGO_BYTES)
        if data is not None:
            inputs[logo_path] = digest(data)
            faults = Faults(mine.shown(logo_path))
            logo = read_logo(data, logo_path.rpartition(".")[2], faults)
            mine.faults += faults.found
    if mine.faults or values is None:
        return sorted(mine.faults)
    shop: Shop = build_shop(slug, values)
    return Loaded(ShopContent(shop, reviews, logo), inputs)


def shop_digests(folder: Folder, slug: str) -> dict[str, str] | None:
    """The digests of the files that `load_shop` would read; None where something lies there that it would refuse."""
    mine = Folder(folder.root)
    review_paths, logo_path = shop_files(mine, slug)
    if mine.faults:
        return None
    limit = max(limits.YAML_BYTES, limits.LOGO_BYTES)
    found: dict[str, str] = {}
    for path in (f"shops/{slug}/shop.yaml", *review_paths, *([logo_path] if logo_path else [])):
        data = mine.read(path, limit)
        if data is None:
            return None
        found[path] = digest(data)
    return found


def zone_of(site: Site) -> ZoneInfo:
    """The time zone in which the site names days."""
    zone = load_zone(site.timezone)
    if zone is None:
        raise ValueError(f"no time zone {site.timezone}")
    return zone


def _load_record(
    folder: Folder, path: str, record: Record, zone: ZoneInfo, now: datetime | None, inputs: dict[str, str]
) -> Any:  # noqa: ANN401  # each record makes a type of its own
    """What `record` makes of a YAML file, or None after noting faults."""
    data = folder.read(path, limits.YAML_BYTES)
    if data is None:
        return None
    inputs[path] = digest(data)
    value = unplaced_record(data, record, zone, now)
    if value is not None:
        return value
    # Something is wrong with it: read it so that each fault has its place.
    from vijf.content.events import parse

    faults = Faults(folder.shown(path))
    node = parse(data, faults)
    if node is None:
        if not faults.found:
            faults.add_at(1, 1, "empty", f"the file is empty; it needs at least {', '.join(record.required)}")
        folder.faults += faults.found
        return None
    value = record.decode(node, Reading(faults, zone, now))
    folder.faults += faults.found
    return None if faults.found else value


def _load_reviews(
    folder: Folder, paths: list[str], site: Site, now: datetime | None, inputs: dict[str, str]
) -> tuple[Review, ...]:
    """The reviews in `paths`, newest first; those with faults are noted and left out."""
    reviews = _sound_reviews(folder, paths, site, now, inputs)
    if reviews is None:
        reviews = _placed_reviews(folder, paths, site, now, inputs)
    reviews.sort(key=lambda review: review.sort_key, reverse=True)
    return tuple(reviews)


def _sound_reviews(
    folder: Folder, paths: list[str], site: Site, now: datetime | None, inputs: dict[str, str]
) -> list[Review] | None:
    """The reviews in `paths`, read the short way; None at the first sign of a fault, which has no place here."""
    quiet = Folder(folder.root)
    reading = Reading(Faults(""), zone_of(site), now)
    aspects = frozenset(site.aspects or ())
    reviews: dict[str, Review] = {}
    for path in paths:
        data = quiet.read(path, limits.YAML_BYTES)
        if data is None:
            return None
        inputs[path] = digest(data)
        for review in unplaced(data, REVIEW, reading):
            if review is None or review.id in reviews or (review.aspects and not aspects.issuperset(review.aspects)):
                return None
            reviews[review.id] = review
        if reading.faults.found:
            return None
    return list(reviews.values())


def _placed_reviews(
    folder: Folder, paths: list[str], site: Site, now: datetime | None, inputs: dict[str, str]
) -> list[Review]:
    """The same by libyaml's events, which know the place of each fault; reviews with faults are left out."""
    from vijf.content.events import parse_items

    reading = Reading(Faults(""), zone_of(site), now)
    seen: dict[str, Span] = {}
    reviews: list[Review] = []
    for path in paths:
        data = folder.read(path, limits.YAML_BYTES)
        if data is None:
            continue
        inputs[path] = digest(data)
        here = replace(reading, faults=Faults(folder.shown(path)))
        for node in parse_items(data, here.faults):
            review = REVIEW.decode(node, here)
            if review is None or not isinstance(node, MappingNode):
                continue
            _check_aspects(review, node, site, here)
            id_node = value_node(node, "id")
            if review.id in seen:
                here.faults.add(
                    id_node,
                    "duplicate-id",
                    f"`{review.id}` stands at {seen[review.id]} already; ids are unique in a shop",
                )
                continue
            seen[review.id] = Span(here.faults.file, id_node.line, id_node.column)
            reviews.append(review)
        folder.faults += here.faults.found
    return reviews


def _check_aspects(review: Review, node: MappingNode, site: Site, reading: Reading) -> None:
    for aspect in review.aspects or ():
        if aspect not in (site.aspects or {}):
            known = ", ".join(site.aspects or {}) or "none"
            reading.faults.add(
                value_node(node, "aspects"),
                "unknown-aspect",
                f"`{aspect}` is not an aspect of site.yaml (there: {known})",
            )


@dataclass(frozen=True, slots=True)
class SiteContent:
    """What the content says beside its shops, without fault."""

    site: Site
    pages: tuple[Page, ...]
    names: tuple[ShopNames, ...]
    inputs: Mapping[str, str]
    warnings: tuple[Diagnostic, ...]


# Stands in while `site.yaml` has faults, so that the faults of everything else can still be found.
_STAND_IN = Site("?", "https://site.invalid", available_languages(), Operator("?", "?@site.invalid"))
_NEEDS_SITE = ("unknown-aspect", "unused-page")


def open_content(
    folder: Folder, now: datetime | None, known_names: Mapping[str, ShopNames] | None = None
) -> SiteContent:
    """Read all but the shops. Raises `ContentError` with every fault of the whole content if there is any here.

    `now` is the latest moment that a date may have; None allows any. `known_names` are those of shops whose
    files needn't be read for them.
    """
    site, inputs = load_site(folder, now)
    known = site or _STAND_IN
    pages, page_inputs = load_pages(folder, known, now)
    read = known_names or {}
    slugs = sorted({*folder.shops, *read})
    names = tuple(read.get(slug) or load_names(folder, slug, known) for slug in slugs)
    check_names(folder, names)
    warnings = tuple(d for d in folder.faults if d.warning)
    faults = [d for d in folder.faults if not d.warning]
    if site is None or faults:
        for slug in folder.shops:
            loaded = load_shop(folder, slug, known, now)
            faults += loaded if isinstance(loaded, list) else []
        raise ContentError([*warnings, *(d for d in faults if site or d.code not in _NEEDS_SITE)])
    return SiteContent(site, tuple(pages), names, inputs | page_inputs, warnings)
