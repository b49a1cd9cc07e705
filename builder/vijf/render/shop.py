"""A shop's page: the facts, the score or the state before there is one, the newest reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from vijf import urls
from vijf.model import Incentive, Kind, Method, Preset, Shop
from vijf.plan import Artifact
from vijf.render import phrases, structured
from vijf.render.contact import contact_view
from vijf.render.feed_links import links, shop_files
from vijf.render.frame import (
    CARD_HEIGHT,
    CARD_WIDTH,
    Link,
    Picture,
    frame,
    render,
)
from vijf.render.iframe import oembed_address
from vijf.render.language import Language, load_language
from vijf.render.markdown import description_html
from vijf.render.review_html import reviews_html
from vijf.render.stars import star_width
from vijf.render.text import excerpt, isolate, one_direction
from vijf.render.views import ShopBundle, aspect_name
from vijf.rules.facts import ShopFacts
from vijf.rules.score import Mean, Score

_ACCOUNT = ("received", "visible", "held", "withdrawn", "removed")


class Bar(NamedTuple):
    """A row of a distribution: its label, how many, and how long its bar is, from 0 to 100."""

    label: str
    number: str
    width: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score, ready for a page."""

    value: str
    label: str
    fill: str
    counted: str
    distribution: tuple[Bar, ...]
    aspects: tuple[Bar, ...]
    recommending: str
    years: tuple[tuple[str, str], ...]
    recent: str


def shop_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """The shop's page: facts, score or the state before there is one, the newest reviews."""
    language = load_language(artifact.language)
    site, shop, facts = bundle.site, bundle.content.shop, bundle.facts
    head = bundle.head()
    total = len(bundle.content.reviews)
    older = total > len(head)
    score = score_view(bundle, language, facts.score) if facts.score else None
    description = language.choose(shop.description, site)
    feeds = shop_files(site, shop)
    title = language.gettext("Reviews of %(name)s", name=one_direction(shop.name))
    summary = phrases.no_score(language, facts)
    if score:
        from_reviews = language.ngettext("from %(count)s review", "from %(count)s reviews", facts.counted)
        summary = f"{score.label}, {from_reviews}"
    described = f"{title} \N{EN DASH} {summary}"
    return render(
        "shop.html",
        site,
        language,
        frame=frame(
            site,
            language,
            title,
            lambda code: urls.shop_page(code, shop.slug),
            description=excerpt(described, 200),
            links=(*links(site, feeds, title), *_oembed_link(bundle, language)),
            picture=_card(bundle, described),
        ),
        shop=shop,
        host=urls.host(shop.url),
        logo=logo_view(bundle),
        status=phrases.status(language, shop),
        description=(description_html(description[0]), description[1]) if description else None,
        score=score,
        no_score=phrases.no_score(language, facts),
        from_threshold=phrases.from_threshold(language, site),
        account={name: language.integer(getattr(facts.account, name)) for name in _ACCOUNT},
        replies=reply_sentence(language, bundle),
        methods=method_rows(language, bundle),
        incentives=incentive_sentence(language, bundle),
        contact=contact_view(shop.contact, language),
        registration=shop.registration,
        reviews=reviews_html(bundle, head, language),
        older=urls.href(site, urls.archive_page(language.code, shop.slug, head[-1][1])) if older else None,
        write=urls.href(site, urls.write_page(shop.slug)) if not shop.until else None,
        since=member_sentence(language, shop),
        merged=merged_links(language, bundle),
        account_line=account_line(language, facts),
        removals=removal_rows(language, bundle),
        as_of=language.day(facts.last_event) if facts.last_event else "",
        recent=facts.recent,
        waiting=site.procedure.preset is not Preset.IMMEDIATE,
        feeds=[(file.format, file.type, urls.href(site, file.path)) for file in feeds],
        open_data=urls.href(site, urls.data(shop.slug, "reviews.json")),
        structured=structured.organization(bundle, language, [review for review, _ in head]),
        embed=urls.href(site, urls.embed_page(language.code, shop.slug)) if Kind.EMBED not in site.without else None,
    )


def _card(bundle: ShopBundle, says: str) -> Picture | None:
    """The picture by which others show the shop's page; `says` is what it says, in words."""
    site, shop = bundle.site, bundle.content.shop
    if Kind.CARD in site.without:
        return None
    return Picture(urls.absolute(site, urls.data(shop.slug, "card.png")), CARD_WIDTH, CARD_HEIGHT, says)


def _oembed_link(bundle: ShopBundle, language: Language) -> list[Link]:
    """How programs find the frame of a shop's page (oEmbed 1.0, discovery)."""
    if Kind.FRAME in bundle.site.without:
        return []
    title = language.gettext("Reviews of %(name)s", name=one_direction(bundle.content.shop.name))
    return [Link("alternate", "application/json+oembed", oembed_address(bundle, language), title)]


def logo_file(bundle: ShopBundle, _artifact: Artifact) -> bytes:
    """The logo as it was drawn anew."""
    if bundle.content.logo is None:
        raise ValueError(f"{bundle.content.shop.slug} has no logo")
    return bundle.content.logo.png


def logo_view(bundle: ShopBundle) -> tuple[str, int, int] | None:
    """Address, width and height of the logo for a page; at most 72 pixels, so that a large one is crisp at 2x."""
    logo = bundle.content.logo
    if logo is None:
        return None
    longest = max(logo.width, logo.height)
    scale = min(1.0, 72 / longest)
    return (
        urls.href(bundle.site, urls.data(bundle.content.shop.slug, "logo.png")),
        max(1, round(logo.width * scale)),
        max(1, round(logo.height * scale)),
    )


def score_view(bundle: ShopBundle, language: Language, score: Score) -> ScoreView:
    """The score in words and lengths."""
    value = phrases.mean_text(language, score.mean)
    highest = max(score.distribution.values())
    return ScoreView(
        value=value,
        label=phrases.out_of_ten(language, value),
        fill=star_width(score.mean.fill),
        counted=phrases.counted(language, score.mean.count),
        distribution=tuple(
            Bar(_mark_range(mark, score, language), language.integer(count), _width(count, highest))
            for mark, count in score.distribution.items()
        ),
        aspects=tuple(
            Bar(
                isolate(aspect_name(bundle.site, aspect, language)),
                phrases.mean_text(language, mean),
                _width(*mean.fill.as_integer_ratio()),
            )
            for aspect, mean in score.aspects.items()
        ),
        recommending=_recommending(score, language),
        years=tuple((str(year), _mean_or_few(mean, language)) for year, mean in reversed(list(score.years.items()))),
        recent=_mean_or_few(score.last_twelve_months, language),
    )


def _width(count: int, of: int) -> str:
    return f"{100 * count / of:.1f}".removesuffix(".0")


def _mark_range(mark: int, score: Score, language: Language) -> str:
    if score.halves and mark < 10:
        return f"{language.mark(2 * mark)}\N{EN DASH}{language.mark(2 * mark + 1)}"
    return language.mark(2 * mark)


def _mean_or_few(mean: Mean | None, language: Language) -> str:
    if mean is None:
        return language.gettext("too few reviews for a mean")
    return language.ngettext(
        "%(mean)s from %(count)s review",
        "%(mean)s from %(count)s reviews",
        mean.count,
        mean=phrases.mean_text(language, mean),
    )


def _recommending(score: Score, language: Language) -> str:
    if score.recommending is None:
        return ""
    return language.ngettext(
        "%(share)s of the %(count)s customer who answered this recommends the company",
        "%(share)s of the %(count)s customers who answered this recommend the company",
        score.recommend_answers,
        share=language.percent(score.recommending),
    )


def merged_links(language: Language, bundle: ShopBundle) -> list[tuple[str, str]]:
    """(sentence, link) for each shop that merged into this one and has reviews, which stay readable."""
    return [
        (
            language.gettext("%(name)s merged into this company; its reviews", name=one_direction(name)),
            urls.href(bundle.site, urls.archive_page(language.code, slug, number)),
        )
        for slug, name, number in bundle.absorbed
        if number
    ]


def member_sentence(language: Language, shop: Shop) -> str:
    """Since when, or from when to when, a shop takes part; empty where that isn't known."""
    if shop.member_since is None:
        return ""
    since = language.month(shop.member_since)
    if shop.until is None:
        return language.gettext("Member since %(month)s", month=since)
    return language.gettext("Member from %(since)s to %(until)s", since=since, until=language.month(shop.until))


def account_line(language: Language, facts: ShopFacts) -> str:
    """Where all reviews are now, in a line; on hold and withdrawn only when there are any."""
    account = facts.account
    parts = [language.ngettext("%(count)s received", "%(count)s received", account.received)]
    if account.held:
        parts.append(language.ngettext("%(count)s on hold", "%(count)s on hold", account.held))
    if account.withdrawn:
        parts.append(language.ngettext("%(count)s withdrawn", "%(count)s withdrawn", account.withdrawn))
    parts.append(language.ngettext("%(count)s removed", "%(count)s removed", account.removed))
    return ", ".join(parts)


def removal_rows(language: Language, bundle: ShopBundle) -> list[tuple[str, str]]:
    """Why reviews were removed, and how many for each reason; and their marks, once there is a score."""
    facts = bundle.facts
    rows = [(phrases.ground(language, ground), language.integer(count)) for ground, count in facts.grounds.items()]
    if facts.score:
        rows += [
            (language.gettext("Removed with rating %(mark)s", mark=language.mark(mark)), language.integer(count))
            for mark, count in facts.score.removed.items()
        ]
    return rows


def reply_sentence(language: Language, bundle: ShopBundle) -> str:
    """Whether the company answers, in a sentence; empty while there is nothing to answer."""
    replies = bundle.facts.replies
    if not replies.visible:
        return ""
    if not replies.answered and all(review.origin for review in bundle.content.reviews if review.visible):
        return ""  # other platforms often leave replies out of what they hand over
    if not replies.answered:
        return language.gettext("Has not replied to any review")
    answered = language.integer(replies.answered)
    if replies.median_days is None:
        return language.ngettext(
            "Replied to %(answered)s of %(count)s review",
            "Replied to %(answered)s of %(count)s reviews",
            replies.visible,
            answered=answered,
        )
    if replies.median_days < 1:
        return language.ngettext(
            "Replied to %(answered)s of %(count)s review, usually on the same day",
            "Replied to %(answered)s of %(count)s reviews, usually on the same day",
            replies.visible,
            answered=answered,
        )
    within = language.ngettext("within %(count)s day", "within %(count)s days", replies.median_days.__ceil__())
    return language.ngettext(
        "Replied to %(answered)s of %(count)s review, usually %(within)s",
        "Replied to %(answered)s of %(count)s reviews, usually %(within)s",
        replies.visible,
        answered=answered,
        within=within,
    )


def method_rows(language: Language, bundle: ShopBundle) -> list[tuple[str, str]]:
    """How the visible reviews were checked, and how many by which method."""
    methods = bundle.facts.methods
    return [
        (phrases.verification(language, method), language.integer(methods[method]))
        for method in Method
        if method in methods
    ]


def incentive_sentence(language: Language, bundle: ShopBundle) -> str:
    """How many reviews were given something in return; empty when none."""
    count = sum(bundle.facts.incentives.get(incentive, 0) for incentive in Incentive)
    if not count:
        return ""
    return language.ngettext(
        "%(count)s review got something in return; it says so.",
        "%(count)s reviews got something in return; each says so.",
        count,
    )
