"""Pages that belong to no shop: choice of language, directory, built-in pages, the operator's pages, not found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from vijf import limits, urls
from vijf.model import CUSTOMER_GROUNDS, AppliesTo, Ground, Page, Preset, Site, Status
from vijf.plan import Artifact, directory_count
from vijf.render import phrases
from vijf.render.contact import place_of
from vijf.render.feed_links import links, site_files
from vijf.render.frame import frame, render
from vijf.render.items import Newest
from vijf.render.language import Language, load_language
from vijf.render.markdown import page_html
from vijf.render.stars import star_width
from vijf.render.views import ShopBundle
from vijf.rules.procedure import HOLD_DAYS


@dataclass(frozen=True, slots=True)
class ShopSummary:
    """What the directory says of a shop: small enough to keep for a hundred thousand, and plain enough to store.

    `mean` is (numerator, denominator) of the exact mean, None below the threshold.
    """

    slug: str
    name: str
    place: str
    category: str
    status: str
    visible: int
    counted: int
    mean: tuple[int, int] | None
    received: int
    merged_into: str | None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> ShopSummary | None:
        """The summary that was stored as `asdict` gives it; None for anything else."""
        if set(stored) != {field.name for field in fields(cls)}:
            return None
        mean = stored["mean"]
        return cls(**{**stored, "mean": (mean[0], mean[1]) if mean else None})


def summarise(bundle: ShopBundle) -> ShopSummary:
    """The summary of a shop."""
    shop, facts = bundle.content.shop, bundle.facts
    mean = facts.score.mean.exact if facts.score else None
    return ShopSummary(
        slug=shop.slug,
        name=shop.name,
        place=place_of(shop),
        category=shop.category or "",
        status=shop.status.value,
        visible=facts.account.visible,
        counted=facts.counted,
        mean=(mean.numerator, mean.denominator) if mean else None,
        received=facts.account.received,
        merged_into=shop.merged_into,
    )


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory of shops, in the order of their names; never of anything that ranks.

    `initials`: each initial that occurs -> the page where it starts. `pages`: page number, from 1 -> its shops; only
    those pages that are wanted.
    """

    listed: int
    initials: Mapping[str, int]
    pages: Mapping[int, Sequence[ShopSummary]]

    @classmethod
    def of(cls, shops: Iterable[ShopSummary]) -> Directory:
        """The whole directory of these shops, in any order; those that merged into another aren't listed."""
        listed = sorted((shop for shop in shops if shop.merged_into is None), key=directory_key)
        starts = range(0, len(listed) or 1, limits.SHOPS_PER_PAGE)  # an empty directory has its page too
        initials: dict[str, int] = {}
        for index, shop in enumerate(listed):
            initials.setdefault(initial(name_key(shop.name)), index // limits.SHOPS_PER_PAGE + 1)
        pages = {start // limits.SHOPS_PER_PAGE + 1: listed[start : start + limits.SHOPS_PER_PAGE] for start in starts}
        return cls(len(listed), initials, pages)


@dataclass(frozen=True)
class SiteBundle:
    """All that the site's own artifacts are made from."""

    site: Site
    pages: tuple[Page, ...]
    directory: Directory
    newest: Newest = field(default_factory=Newest)
    """The newest items of all shops, for the site's feed."""
    own_headers: bytes = b""
    """What the operator adds to `_headers`."""

    @cached_property
    def by_page(self) -> Mapping[tuple[str, str], Page]:
        """(name, language) -> the operator's page."""
        return {(page.name, page.language): page for page in self.pages}

    def languages_of(self, name: str) -> tuple[str, ...]:
        """The languages in which the operator's page `name` exists, in the site's order."""
        return tuple(code for code in self.site.languages if (name, code) in self.by_page)


def directory_key(shop: ShopSummary) -> tuple[str, str]:
    """What shops stand in the directory by: their name, then their slug."""
    return name_key(shop.name), shop.slug


def name_key(name: str) -> str:
    """What names are ordered by: without case, accents and leading signs, the same in every language."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return plain.lstrip(" '\"\u2018\u2019\u201c\u201d.,-_(#&") or plain


def initial(key: str) -> str:
    """The heading under which a name stands: its first letter, or `0-9` for anything else."""
    return key[0].upper() if key and key[0].isalpha() else "0\N{EN DASH}9"


def languages_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """`/`: the choice of language; with a single language, the way there."""
    site = bundle.site
    languages = [load_language(code) for code in site.languages]
    return render(
        "languages.html",
        site,
        load_language(artifact.language),
        languages=[(language, urls.href(site, urls.directory_page(language.code))) for language in languages],
    )


def directory_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """A page of the directory: a hundred shops, by name."""
    language = load_language(artifact.language)
    site, number = bundle.site, artifact.number
    groups: dict[str, list[dict[str, Any]]] = {}
    for shop in bundle.directory.pages[number]:
        groups.setdefault(initial(name_key(shop.name)), []).append(_row(site, shop, language))
    last = directory_count(bundle.directory.listed)

    def link(to: int) -> str | None:
        return urls.href(site, urls.directory_page(language.code, to)) if 1 <= to <= last else None

    return render(
        "directory.html",
        site,
        language,
        frame=frame(
            site,
            language,
            site.name if number == 1 else language.gettext("%(name)s, page %(number)s", name=site.name, number=number),
            lambda code: urls.directory_page(code, number),
            description=language.gettext("Companies, with all reviews that their customers wrote."),
            links=links(site, site_files(site), site.name),
        ),
        groups=[(letter, letter_anchor(letter), shops) for letter, shops in groups.items()],
        letters=_letters(bundle, language),
        count=language.ngettext("%(count)s company", "%(count)s companies", bundle.directory.listed),
        own_pages=_own_pages(bundle, language),
        feeds=[(file.format, file.type, urls.href(site, file.path)) for file in site_files(site)],
        number=number,
        previous=link(number - 1),
        next=link(number + 1),
    )


def _row(site: Site, shop: ShopSummary, language: Language) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": shop.name,
        "href": urls.href(site, urls.shop_page(language.code, shop.slug)),
        "details": [part for part in (shop.place, shop.category) if part],
        "status": phrases.short_status(language, Status(shop.status)),
        "mean": None,
        "count": phrases.review_count(language, shop.visible),
    }
    if shop.mean is not None and shop.counted >= site.threshold:
        mean = phrases.stored_mean(shop.mean, shop.counted)
        row["mean"] = phrases.mean_text(language, mean)
        row["label"] = phrases.out_of_ten(language, row["mean"])
        row["fill"] = star_width(mean.fill)
        row["count"] = phrases.counted(language, shop.counted)
    return row


def _letters(bundle: SiteBundle, language: Language) -> list[tuple[str, str]]:
    """(initial, link) for each initial that occurs, to the page where it starts."""
    return [
        (letter, f"{urls.href(bundle.site, urls.directory_page(language.code, number))}#{letter_anchor(letter)}")
        for letter, number in bundle.directory.initials.items()
    ]


def letter_anchor(letter: str) -> str:
    """The fragment of an initial."""
    return "letter-" + "".join(f"{ord(c):x}" for c in letter[:1])


def _own_pages(bundle: SiteBundle, language: Language) -> list[tuple[str, str]]:
    return [
        (page.title, urls.href(bundle.site, urls.named_page(language.code, page.name)))
        for page in bundle.pages
        if page.language == language.code and page.name != "house-rules"
    ]


def markdown_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """One of the operator's pages."""
    language = load_language(artifact.language)
    page = bundle.by_page[artifact.name, artifact.language]
    return render(
        "page.html",
        bundle.site,
        language,
        frame=frame(
            bundle.site,
            language,
            page.title,
            lambda code: urls.named_page(code, page.name),
            description=page.description or "",
            codes=bundle.languages_of(page.name),
        ),
        body=page_html(page.body),
    )


def house_rules_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """The built-in house rules: what may happen to a review here; the operator's own are added below."""
    language = load_language(artifact.language)
    site = bundle.site
    own = bundle.by_page.get(("house-rules", language.code))
    return render(
        "house-rules.html",
        site,
        language,
        frame=frame(site, language, language.gettext("House rules"), lambda code: urls.named_page(code, "house-rules")),
        preset=site.procedure.preset.value,
        holds=site.procedure.preset is not Preset.IMMEDIATE,
        insufficient=site.procedure.applies_to is AppliesTo.INSUFFICIENT,
        days=site.procedure.days or HOLD_DAYS[site.procedure.preset],
        grounds=[phrases.ground(language, ground) for ground in Ground if ground not in CUSTOMER_GROUNDS],
        own=(own.title, page_html(own.body)) if own else None,
        score_href=urls.href(site, urls.named_page(language.code, "score")),
    )


def score_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """How the score is made, in plain words."""
    language = load_language(artifact.language)
    site = bundle.site
    return render(
        "score.html",
        site,
        language,
        frame=frame(
            site,
            language,
            language.gettext("How is the score made?"),
            lambda code: urls.named_page(code, "score"),
        ),
        threshold=language.integer(site.threshold),
        counted_platforms=[phrases.platform_name(platform) for platform in sorted(site.count_imports)],
        exact=language.hundredths(865),
        example=language.score(87),
        house_rules_href=urls.href(site, urls.named_page(language.code, "house-rules")),
    )


def not_found_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """`404.html`, in all languages at once, since a host has only one."""
    site = bundle.site
    languages = [load_language(code) for code in site.languages]
    return render(
        "not-found.html",
        site,
        load_language(artifact.language),
        languages=[(language, urls.href(site, urls.directory_page(language.code))) for language in languages],
    )


def write_any_page(bundle: SiteBundle, artifact: Artifact) -> bytes:
    """`/review/`: how to write a review when no shop is named yet."""
    site = bundle.site
    languages = [load_language(code) for code in site.languages]
    return render(
        "write-any.html",
        site,
        load_language(artifact.language),
        languages=[(language, urls.href(site, urls.directory_page(language.code))) for language in languages],
    )
