"""Sentences that several outputs share: pages, badges, widget. Each is plain text in one language.

The words follow the glossary: one word a concept, the same everywhere. Sentences that depend on little more than
the language are remembered: each review has some of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from vijf.model import (
    CUSTOMER_GROUNDS,
    Collected,
    Ground,
    Incentive,
    Method,
    Moment,
    Notice,
    Origin,
    RatingWithdrawn,
    Removal,
    Remover,
    Review,
    Shop,
    Site,
    Speaker,
    Status,
    WithdrawalReason,
)
from vijf.render.language import Language
from vijf.render.text import one_direction
from vijf.rules.counting import Uncounted
from vijf.rules.facts import ShopFacts, erased
from vijf.rules.score import Mean

_A_DAY = timedelta(days=1)


@lru_cache(maxsize=512)
def out_of_ten(language: Language, value: str) -> str:
    """`8,7 van 10`: a mark or score that was formatted already."""
    return language.gettext("%(value)s out of 10", value=value)


def mean_text(language: Language, mean: Mean) -> str:
    """A mean as every output prints it: `8,7`."""
    return language.score(mean.tenths)


def stored_mean(fraction: tuple[int, int], count: int) -> Mean:
    """The mean that a summary keeps as (numerator, denominator)."""
    return Mean(Fraction(*fraction), count)


def review_count(language: Language, count: int) -> str:
    """`17 beoordelingen`."""
    if count == 0:
        return language.gettext("No reviews yet")
    return language.ngettext("%(count)s review", "%(count)s reviews", count)


def counted(language: Language, count: int) -> str:
    """What stands beside a score: its scale, and how many ratings it is made of."""
    return language.ngettext("out of 10, from %(count)s review", "out of 10, from %(count)s reviews", count)


def no_score(language: Language, facts: ShopFacts) -> str:
    """What stands where a score would be, below the threshold; never as `3 of 5`, which reads as a mark."""
    if facts.account.visible == 0:
        return language.gettext("No score yet: no reviews")
    if facts.counted == facts.account.visible:
        return language.ngettext("No score yet: %(count)s review", "No score yet: %(count)s reviews", facts.counted)
    return language.ngettext(
        "No score yet: %(count)s review that counts", "No score yet: %(count)s reviews that count", facts.counted
    )


def from_threshold(language: Language, site: Site) -> str:
    """When a score will be shown."""
    return language.gettext("We show a score from %(count)s", count=language.integer(site.threshold))


def status(language: Language, shop: Shop) -> str | None:
    """What is said of a shop that no longer takes part; None for an active one."""
    if shop.status is Status.ACTIVE or shop.until is None:
        return None
    since = language.day(shop.until + _A_DAY)
    sentences = {
        Status.LEFT: language.gettext("No longer a member since %(date)s", date=since),
        Status.EXPELLED: language.gettext("Expelled by us as of %(date)s", date=since),
        Status.CLOSED: language.gettext("Out of business since %(date)s", date=since),
    }
    return sentences[shop.status]


def short_status(language: Language, status: Status) -> str | None:
    """The status in a few words, without its date; None for an active shop."""
    sentences = {
        Status.ACTIVE: None,
        Status.LEFT: language.gettext("No longer a member"),
        Status.EXPELLED: language.gettext("No longer a member"),
        Status.CLOSED: language.gettext("Out of business"),
    }
    return sentences[status]


@lru_cache(maxsize=512)
def ground(language: Language, ground: Ground) -> str:
    """The fixed sentence for a ground; facts go to the author, never on the page."""
    sentences = {
        Ground.NOT_A_CUSTOMER: language.gettext("It could not be shown that the author was a customer."),
        Ground.FAKE: language.gettext("The review was not based on an experience of the author's own."),
        Ground.INSULTING: language.gettext("The text was insulting or threatening."),
        Ground.PERSONAL_DATA: language.gettext("The text held personal details that could not be made unreadable."),
        Ground.ADVERTISING: language.gettext("The text was advertising."),
        Ground.DEMONSTRABLY_UNTRUE: language.gettext("Facts in the text were demonstrably untrue."),
        Ground.CONFLICT_OF_INTEREST: language.gettext("The author had an interest in the company or in a competitor."),
        Ground.WRONG_COMPANY: language.gettext("The review was about another company."),
        Ground.DUPLICATE: language.gettext("The same experience was reviewed more than once."),
        Ground.ILLEGAL: language.gettext("The text was against the law."),
        Ground.COURT_ORDER: language.gettext("A court ordered it."),
        Ground.WITHDRAWN_BY_CUSTOMER: language.gettext("The customer withdrew the review."),
        Ground.ERASED: language.gettext("The customer asked us to erase the review."),
    }
    return sentences[ground]


@lru_cache(maxsize=512)
def held_ground(language: Language, ground: Ground) -> str:
    """What is being looked into while a review is on hold: the question, since nothing is decided yet."""
    sentences = {
        Ground.NOT_A_CUSTOMER: language.gettext("The company disputes that the author was a customer."),
        Ground.PERSONAL_DATA: language.gettext("The text seems to hold personal details."),
        Ground.ILLEGAL: language.gettext("The text seems to be against the law."),
    }
    return sentences.get(ground) or language.gettext("There is a report that we are looking into.")


def hold(language: Language, review: Review) -> str:
    """The sentence of a review on hold; empty when it isn't."""
    if review.held is None:
        return ""
    return language.gettext(
        "On hold since %(since)s, until %(until)s at the latest.",
        since=language.day(review.held.since.day),
        until=language.day(review.held.until.day),
    )


def removal(language: Language, removal: Removal) -> str:
    """The sentence of a tombstone: when, by whom and on whose notice. Of an erased one, the month only."""
    if removal.ground is Ground.ERASED:
        month = language.month(removal.date.day)
        return language.gettext("Erased at the customer's request in %(month)s.", month=month)
    date = language.day(removal.date.day)
    if removal.ground is Ground.WITHDRAWN_BY_CUSTOMER:
        return language.gettext("Withdrawn by the customer on %(date)s.", date=date)
    if removal.by is Remover.COURT:
        return language.gettext("Removed by order of a court on %(date)s.", date=date)
    sentences = {
        Notice.SHOP: language.gettext("Removed by us on %(date)s, after a notice of the company.", date=date),
        Notice.CUSTOMER: language.gettext("Removed by us on %(date)s, after a notice of a customer.", date=date),
        Notice.VISITOR: language.gettext("Removed by us on %(date)s, after a notice of a visitor.", date=date),
        Notice.AUTHORITY: language.gettext("Removed by us on %(date)s, after a notice of an authority.", date=date),
        Notice.OWN_INITIATIVE: language.gettext("Removed by us on %(date)s, on our own initiative.", date=date),
        Notice.NONE: language.gettext("Removed by us on %(date)s.", date=date),
    }
    return sentences[removal.notice]


def tombstone(language: Language, removed: Removal) -> tuple[str, str]:
    """What stands in the place of a removed review: the sentence of the removal, and of its ground (or nothing)."""
    told = removed.ground in CUSTOMER_GROUNDS or removed.by is Remover.COURT
    return removal(language, removed), "" if told else ground(language, removed.ground)


@lru_cache(maxsize=512)
def automated(language: Language, *, automated: bool) -> str:
    """Whether a person decided (DSA, article 17)."""
    return (
        language.gettext("This was decided automatically.") if automated else language.gettext("A person decided this.")
    )


@lru_cache(maxsize=512)
def verification(language: Language, method: Method) -> str:
    """How it was checked that the author was a customer; never a bare "verified"."""
    sentences = {
        Method.INVITATION: language.gettext("Checked by invitation"),
        Method.INVOICE: language.gettext("Checked by invoice"),
        Method.ORDER: language.gettext("Checked by order"),
        Method.KNOWN_TO_SHOP: language.gettext("Known to the company as a customer"),
        Method.NONE: language.gettext("Not checked"),
        Method.UNKNOWN: language.gettext("Not known whether this was checked"),
    }
    return sentences[method]


@lru_cache(maxsize=512)
def incentive(language: Language, incentive: Incentive) -> str:
    """What the author got for writing; there is no sentence for nothing."""
    sentences = {
        Incentive.FREE_PRODUCT: language.gettext("Incentive: a free product."),
        Incentive.DISCOUNT: language.gettext("Incentive: a discount."),
        Incentive.PAID: language.gettext("Incentive: paid."),
    }
    return sentences[incentive]


@lru_cache(maxsize=512)
def uncounted(language: Language, why: Uncounted) -> str:
    """Why a review doesn't count, in a sentence: "does not count" always comes with its reason."""
    sentences = {
        Uncounted.REMOVED: language.gettext("Does not count: removed."),
        Uncounted.ON_HOLD: language.gettext("Does not count while it is on hold."),
        Uncounted.NO_RATING: language.gettext("Does not count: no rating was given."),
        Uncounted.RATING_WITHDRAWN: language.gettext("Does not count: the rating no longer stands."),
        Uncounted.IMPORTED: language.gettext("Does not count: taken over from elsewhere."),
        Uncounted.FORMER_OWNER: language.gettext("Does not count: from before the change of owner."),
    }
    return sentences[why]


def rating_withdrawn(language: Language, withdrawn: RatingWithdrawn, rating: int) -> str:
    """The sentence of a rating that no longer counts, with what it was."""
    was = language.mark(rating)
    date = language.day(withdrawn.date.day)
    if withdrawn.reason is WithdrawalReason.NO_ANSWER:
        return language.gettext(
            "Rating lapsed on %(date)s: customer did not respond (was %(was)s).", date=date, was=was
        )
    return language.gettext("Rating withdrawn by the customer on %(date)s (was %(was)s).", date=date, was=was)


def amendments(language: Language, review: Review) -> list[str]:
    """A sentence for each change: what the mark was stays visible."""
    found = []
    for change in review.amended:
        date = language.day(change.date.day)
        if change.rating is None:
            found.append(language.gettext("Amended on %(date)s.", date=date))
        else:
            was = language.mark(change.rating)
            found.append(language.gettext("Amended on %(date)s (was %(was)s).", date=date, was=was))
    return found


def redacted(language: Language, moment: Moment) -> str:
    """That personal details were made unreadable, and when."""
    return language.gettext("Details redacted on %(date)s.", date=language.day(moment.day))


def imported(language: Language, origin: Origin) -> str:
    """Where an imported review comes from, with its mark as given there."""
    platform = platform_name(origin.platform)
    if origin.rating is None or origin.scale is None:
        return language.gettext("Taken over from %(platform)s.", platform=platform)
    return language.gettext(
        "Taken over from %(platform)s; rating there: %(rating)s (%(low)s to %(high)s).",
        platform=platform,
        rating=language.decimal(origin.rating),
        low=language.decimal(origin.scale[0]),
        high=language.decimal(origin.scale[1]),
    )


def platform_name(slug: str) -> str:
    """A platform's name, made from its slug: `web-winkel` becomes `Web Winkel`."""
    return slug.replace("-", " ").title()


def speaker(language: Language, by: Speaker, shop: Shop, site: Site) -> str:
    """Who replies: `Reactie van De Ketting`."""
    if by is Speaker.SHOP:
        return language.gettext("Reply from %(name)s", name=one_direction(shop.name))
    if by is Speaker.OPERATOR:
        return language.gettext("Note from %(name)s", name=one_direction(site.operator.name))
    return language.gettext("Customer's follow-up")


def disclosures(language: Language, review: Review) -> list[str]:
    """What must be said of a visible review wherever it is shown, a sentence each."""
    found: list[str] = []
    if review.origin is not None:
        found.append(imported(language, review.origin))
    if review.incentive is not Incentive.NONE:
        found.append(incentive(language, review.incentive))
    if review.collected is Collected.TABLET:
        found.append(language.gettext("Filled in on the spot."))
    if review.amended:
        found += amendments(language, review)
    if review.rating_withdrawn is not None and review.rating is not None:
        found.append(rating_withdrawn(language, review.rating_withdrawn, review.rating))
    if review.redacted is not None:
        found.append(redacted(language, review.redacted))
    return found


def published(language: Language, review: Review) -> str:
    """When a hidden review was received and published, in words that can't be taken for the day of the decision."""
    received, day = review.received.day, review.published.day
    if erased(review) or day - received > _A_DAY:
        return dates(language, review)
    return language.gettext("Published on %(date)s", date=language.day(day))


def dates(language: Language, review: Review) -> str:
    """When it was published, and received where that differs by more than a day. Of an erased one, the months only."""
    if review.removed is not None and erased(review):
        return language.gettext("Published in %(month)s", month=language.month(review.published.day))
    return days(language, review.received.day, review.published.day)


@lru_cache(maxsize=8192)
def days(language: Language, received: date, published: date) -> str:
    """The day of publication, and that of receipt where they are more than a day apart."""
    if published != received and published - received > _A_DAY:
        return language.gettext(
            "Received %(received)s, published %(published)s",
            received=language.day(received),
            published=language.day(published),
        )
    return language.day(published)
