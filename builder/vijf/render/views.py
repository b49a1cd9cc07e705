"""Reviews made ready for templates and data: words chosen, numbers and dates formatted, texts escaped, once each.

Templates get these and decide nothing but where things stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from markupsafe import Markup

from vijf import limits, urls
from vijf.model import Remover, Reply, Review, ShopContent, Site
from vijf.render import phrases
from vijf.render.language import Language
from vijf.render.text import paragraphs
from vijf.rules.counting import Uncounted
from vijf.rules.facts import ShopFacts, shop_facts


@dataclass(frozen=True, eq=False)
class ShopBundle:
    """All that a shop's artifacts are made from: settings, content, facts. What isn't in here can't change them.

    A bundle equals only itself. So what several artifacts of the shop at hand share is kept by a function with
    `lru_cache(maxsize=1)`, until the next shop comes.
    """

    site: Site
    content: ShopContent
    absorbed: tuple[tuple[str, str, int], ...] = ()
    """Shops that merged into this one: slug, name and the number of their newest archive page, 0 for none."""

    @cached_property
    def facts(self) -> ShopFacts:
        """The facts of the shop."""
        return shop_facts(self.content.shop, self.content.reviews, self.site)

    def archive_slice(self, number: int) -> Sequence[tuple[Review, int]]:
        """The reviews of archive page `number`, newest first, each with its own page's number."""
        total = len(self.content.reviews)
        newest = max(total - number * limits.PER_PAGE, 0)
        oldest = total - (number - 1) * limits.PER_PAGE
        return [(review, number) for review in self.content.reviews[newest:oldest]]

    def head(self) -> Sequence[tuple[Review, int]]:
        """The newest reviews, each with the number of its archive page."""
        return self.newest(limits.PER_PAGE)

    def newest(self, most: int) -> Sequence[tuple[Review, int]]:
        """The `most` newest reviews, or all where there are fewer, each with the number of its archive page."""
        total = len(self.content.reviews)
        return [
            (review, urls.archive_number(total - 1 - index)) for index, review in enumerate(self.content.reviews[:most])
        ]


class ReplyView(NamedTuple):
    """A public answer."""

    who: str
    date: str
    datetime: str
    html: Markup


class ReviewView(NamedTuple):
    """One review, on hold or a tombstone included, ready for a page. `sentences` explain its state where it stands."""

    anchor: str
    href: str
    visible: bool
    dates: str
    datetime: str
    mark: str = ""
    mark_label: str = ""
    title: str = ""
    html: str = ""
    lang: str = ""
    language_note: str = ""
    author: str = ""
    place: str = ""
    experience: str = ""
    checked: str = ""
    sentences: tuple[str, ...] = ()
    uncounted: str = ""
    aspects: tuple[tuple[str, str], ...] = ()
    recommends: str = ""
    replies: tuple[ReplyView, ...] = ()
    state: str = ""
    ground: str = ""


@lru_cache(maxsize=1)
def newest_views(bundle: ShopBundle, language: Language) -> Mapping[str, ReviewView]:
    """Id -> view of the newest reviews, as many as feeds hold: they stand on the shop's page and in its archive too."""
    newest = bundle.newest(limits.FEED_ITEMS)
    return {review.id: review_view(bundle, review, number, language) for review, number in newest}


def review_view(bundle: ShopBundle, review: Review, number: int, language: Language) -> ReviewView:
    """`review`, which stands on archive page `number`, in one language."""
    site, shop = bundle.site, bundle.content.shop
    anchor = urls.anchor(review.id)
    href = urls.href(site, urls.archive_page(language.code, shop.slug, number)) + f"#{anchor}"
    if not review.visible:
        return _hidden_view(review, anchor, href, language)
    why = bundle.facts.why[review.id]
    author = review.author
    rated = review.rating is not None and review.rating_withdrawn is None
    mark = language.mark(review.rating) if review.rating is not None and rated else ""
    return ReviewView(
        anchor=anchor,
        href=href,
        visible=True,
        dates=phrases.dates(language, review),
        datetime=review.published.day.isoformat(),
        mark=mark,
        mark_label=phrases.out_of_ten(language, mark) if mark else "",
        title=review.title or "",
        html=paragraphs(review.text) if review.text else "",
        lang=review.language or "",
        language_note=_language_note(review, language),
        author=author.name or "" if author else "",
        place=author.place or "" if author else "",
        experience=language.day(review.experience) if review.experience else "",
        checked=_checked(review, language),
        sentences=tuple(phrases.disclosures(language, review)),
        uncounted=phrases.uncounted(language, why) if why else "",
        aspects=_aspects(site, review.aspects, language) if review.aspects else (),
        recommends=_recommends(review, language),
        replies=tuple([_reply_view(bundle, reply, language) for reply in review.replies]) if review.replies else (),
    )


def _reply_view(bundle: ShopBundle, reply: Reply, language: Language) -> ReplyView:
    return ReplyView(
        who=phrases.speaker(language, reply.by, bundle.content.shop, bundle.site),
        date=language.day(reply.date.day) if reply.date else "",
        datetime=reply.date.day.isoformat() if reply.date else "",
        html=paragraphs(reply.text),
    )


def _hidden_view(review: Review, anchor: str, href: str, language: Language) -> ReviewView:
    if review.removed is not None:
        state, ground = phrases.tombstone(language, review.removed)
        by_customer = review.removed.by is Remover.CUSTOMER
        sentences: tuple[str, ...] = (
            () if by_customer else (phrases.automated(language, automated=review.removed.automated),)
        )
    else:
        state = phrases.hold(language, review)
        ground = phrases.held_ground(language, review.held.ground) if review.held else ""
        sentences = (
            language.gettext("Until then it keeps its place here, without its text."),
            phrases.uncounted(language, Uncounted.ON_HOLD),
        )
    dates = phrases.published(language, review)
    return ReviewView(
        anchor=anchor,
        href=href,
        visible=False,
        dates=dates,
        datetime="",
        state=state,
        ground=ground,
        sentences=sentences,
    )


def _language_note(review: Review, language: Language) -> str:
    own = review.language
    if own is None or own == language.code or own.split("-")[0] == language.code.split("-")[0]:
        return ""
    return language.gettext("In %(language)s", language=language.language_name(own))


def _checked(review: Review, language: Language) -> str:
    if review.verification is None:
        return language.gettext("Not known whether this was checked")
    return phrases.verification(language, review.verification.method)


def _aspects(site: Site, marks: Mapping[str, int], language: Language) -> tuple[tuple[str, str], ...]:
    return tuple(
        (aspect_name(site, aspect, language), language.mark(marks[aspect]))
        for aspect in site.aspects or {}
        if aspect in marks
    )


def aspect_name(site: Site, aspect: str, language: Language) -> str:
    """What an aspect is called, or its key where the operator named it in no language."""
    named = language.choose((site.aspects or {}).get(aspect), site)
    return named[0] if named else aspect


def _recommends(review: Review, language: Language) -> str:
    if review.recommends is None:
        return ""
    if review.recommends:
        return language.gettext("Recommends this company")
    return language.gettext("Does not recommend this company")
