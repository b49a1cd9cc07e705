"""All that a shop's artifacts are made from, and the words that several of them say beside a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from vijf import limits, urls
from vijf.model import Review, ShopContent, Site, Speaker
from vijf.render import phrases
from vijf.render.language import Language
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


class Remarks(NamedTuple):
    """What must be said beside a visible review, as plain text in one language; most have nothing of it.

    `sentences` disclose (incentives, changes, where it comes from), `uncounted` says why it doesn't count, `aspects`
    are (name, mark), `recommends` whether the company is recommended.
    """

    sentences: tuple[str, ...] = ()
    uncounted: str = ""
    aspects: tuple[tuple[str, str], ...] = ()
    recommends: str = ""


def remarks(bundle: ShopBundle, review: Review, language: Language) -> Remarks | None:
    """What must be said beside a visible review, wherever it stands; None where there is nothing."""
    why = bundle.facts.why[review.id]
    sentences = phrases.disclosures(language, review)
    if why is None and review.aspects is None and review.recommends is None and not sentences:
        return None
    return Remarks(
        sentences=tuple(sentences),
        uncounted=phrases.uncounted(language, why) if why else "",
        aspects=_aspects(bundle.site, review.aspects, language) if review.aspects else (),
        recommends=_recommends(review, language),
    )


@lru_cache(maxsize=1)
def speakers(bundle: ShopBundle, language: Language) -> Mapping[Speaker, str]:
    """Who replies to reviews of this shop, in words."""
    return {by: phrases.speaker(language, by, bundle.content.shop, bundle.site) for by in Speaker}


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
