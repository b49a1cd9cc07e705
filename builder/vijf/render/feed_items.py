"""What stands in feeds: an item for each visible review and for each dated reply, newest first by its own date.

Reviews on hold and tombstones have no item, nor any word in another's. A reply without a date (an imported one)
stands in its review's own content. Nothing here sums up ratings: a mark stands beside its own review only.

Ids are tag URIs (RFC 4151) and never change, since a reader shows whatever has a new id as new. They are made of
the site's host and path, the shop's *first* slug, and what names the review and the reply in the content; not of
words, marks, dates of events, the present slug, or anything of the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from urllib.parse import urlsplit

from vijf import limits, urls
from vijf.model import Method, Moment, Reply, Review, Site, Speaker
from vijf.render import phrases
from vijf.render.items import Item, Order, Part
from vijf.render.language import Language, load_language
from vijf.render.text import one_direction
from vijf.render.views import ShopBundle, remarks, speakers
from vijf.render.widget import author

TAG_YEAR = 2026
"""The year in every id, frozen: RFC 4151 wants a date, and one that could change would change the ids."""


def newest_of(bundle: ShopBundle) -> tuple[Item, ...]:
    """What one shop gives to the feed of the whole site: so few that an import can't push all others out."""
    return shop_items(bundle)[: limits.SITE_FEED_OF_ONE_SHOP]


@lru_cache(maxsize=1)
def shop_items(bundle: ShopBundle) -> tuple[Item, ...]:
    """The newest items of a shop, as many as its feeds hold, in the site's default language."""
    language = load_language(bundle.site.languages[0])
    site, shop, total = bundle.site, bundle.content.shop, len(bundle.content.reviews)
    ids = tag(site, shop.lasting_slug)
    entries = sorted(_entries(bundle), key=itemgetter(0), reverse=True)
    items = []
    for order, index, reply in entries[: limits.FEED_ITEMS]:
        review = bundle.content.reviews[index]
        page = _page(site.url, language.code, shop.slug, urls.archive_number(total - 1 - index))
        names = f"{ids}/{review.id}", f"{page}#{urls.anchor(review.id)}"
        if reply is None:
            items.append(_review_item(bundle, review, names, order, language))
        else:
            items.append(_reply_item(bundle, review, reply, names, order, language))
    return tuple(items)


@lru_cache(maxsize=64)
def _page(url: str, code: str, slug: str, number: int) -> str:
    """The address of a page of the archive, where reviews have their lasting place."""
    return f"{url}/{urls.archive_page(code, slug, number).removesuffix(urls.INDEX)}"


def last_moment(bundle: ShopBundle) -> datetime | None:
    """When the last thing happened to any of a shop's reviews; erased ones left out, as everywhere."""
    return max([moment.instant for moment in bundle.facts.moments.values()], default=None)


def _entries(bundle: ShopBundle) -> Iterator[tuple[Order, int, Reply | None]]:
    """(order, index of the review, reply or None) of what may be among the newest items, and little else."""
    slug = bundle.content.shop.slug
    left = limits.FEED_ITEMS
    oldest = None
    for index, review in enumerate(bundle.content.reviews):
        if not review.visible:
            continue
        received = review.received.instant
        if left:
            # Reviews come newest first: all others are older than these, and so are replies from before the last.
            oldest = review.published.instant
            left -= 1
            yield (oldest, False, received, review.id, 0, slug), index, None
        for position, reply in enumerate(review.replies):
            if reply.date is not None and (left or oldest is None or reply.date.instant >= oldest):
                yield (reply.date.instant, True, received, review.id, position, slug), index, reply


def tag(site: Site, *names: str) -> str:
    """A tag URI for what `names` lead to, from the site down; without any, for the site itself."""
    return _tag_of(site.url) + "/".join(names)


@lru_cache(maxsize=8)
def _tag_of(url: str) -> str:
    parts = urlsplit(url)
    return f"tag:{parts.hostname or ''},{TAG_YEAR}:{parts.path.rstrip('/')}/v1/"


def _review_item(bundle: ShopBundle, review: Review, names: tuple[str, str], order: Order, language: Language) -> Item:
    """The item of a review; `names` are its id in feeds and its lasting address."""
    shop = bundle.content.shop
    why = bundle.facts.why[review.id]
    who = author(review, language)
    own = review.language or language.code
    words = review.text or ""
    if not words and not review.title:
        words, own = language.gettext("Only a rating, without a text."), language.code
    parts = [Part(words, own), Part(_notes(bundle, review, language), language.code)]
    if review.replies:
        speaker = speakers(bundle, language)
        parts += [Part(reply.text, own, speaker[reply.by]) for reply in review.replies if reply.date is None]
    mark = ""
    if review.rating is not None and review.rating_withdrawn is None:
        mark = phrases.out_of_ten(language, language.mark(review.rating))
    heading = one_direction(review.title or "") or who
    return Item(
        order=order,
        id=names[0],
        shop=shop.slug,
        shop_name=shop.name,
        url=names[1],
        title=f"{mark} \N{EN DASH} {heading}" if mark and heading else mark or heading,
        author=who,
        language=review.language or language.code,
        published=review.published.instant,
        updated=_changed(review),
        parts=tuple([part for part in parts if part.text]),
        facts={
            "shop": shop.slug,
            "review": review.id,
            "rating": _number(review.rating),
            "counted": why is None,
            "why": why.value if why else None,
        },
    )


def _reply_item(
    bundle: ShopBundle, review: Review, reply: Reply, names: tuple[str, str], order: Order, language: Language
) -> Item:
    site, shop = bundle.site, bundle.content.shop
    date = reply.date or review.published  # only dated replies make an item
    own = review.language or language.code
    parts = [Part(reply.text, own)]
    if site.demo:
        parts.append(Part(language.gettext("Demo content: these companies and reviews are made up."), language.code))
    return Item(
        order=order,
        id="/".join([names[0], *_reply_names(review, reply)]),
        shop=shop.slug,
        shop_name=shop.name,
        url=names[1],
        title=_reply_title(review, speakers(bundle, language)[reply.by], language),
        author=_speaker_name(bundle, review, reply, language),
        language=own,
        published=date.instant,
        updated=date.instant,
        parts=tuple(parts),
        facts={"shop": shop.slug, "review": review.id, "by": reply.by.value},
    )


def _reply_names(review: Review, reply: Reply) -> list[str]:
    """What names a reply among those below its review: who spoke and when; a number from the second of one moment on.

    Not its position: a reply that comes in with an earlier date must not rename the others.
    """
    names = [reply.by.value, _stamp(reply.date or review.published)]
    if len(review.replies) > 1:
        same = [other for other in review.replies if (other.by, other.date) == (reply.by, reply.date)]
        number = next(at for at, other in enumerate(same, 1) if other is reply)
        names += [str(number)] if number > 1 else []
    return names


def _stamp(moment: Moment) -> str:
    return utc(moment.instant) if moment.exact else moment.day.isoformat()


@lru_cache(maxsize=8192)
def utc(instant: datetime) -> str:
    """An instant as RFC 3339 writes it, in UTC with `Z`."""
    return instant.isoformat().replace("+00:00", "Z")


def _reply_title(review: Review, speaker: str, language: Language) -> str:
    if review.title:
        return language.gettext("%(reply)s on “%(title)s”", reply=speaker, title=one_direction(review.title))
    if review.author and review.author.name:
        name = one_direction(review.author.name)
        return language.gettext("%(reply)s on the review by %(name)s", reply=speaker, name=name)
    return language.gettext("%(reply)s on a customer's review", reply=speaker)


def _speaker_name(bundle: ShopBundle, review: Review, reply: Reply, language: Language) -> str:
    if reply.by is Speaker.CUSTOMER:
        return author(review, language)
    return one_direction(bundle.content.shop.name if reply.by is Speaker.SHOP else bundle.site.operator.name)


def _changed(review: Review) -> datetime:
    """When a review's own words or mark last changed: replies don't change them, nor does the build."""
    latest = review.published.instant
    for change in review.amended:
        latest = max(latest, change.date.instant)
    if review.rating_withdrawn is not None:
        latest = max(latest, review.rating_withdrawn.date.instant)
    if review.redacted is not None:
        latest = max(latest, review.redacted.instant)
    return latest


def _notes(bundle: ShopBundle, review: Review, language: Language) -> str:
    """What must be said beside a review wherever it stands, a line each."""
    dates = phrases.days(language, review.received.day, review.published.day)
    method = review.verification.method if review.verification else Method.UNKNOWN
    line = f"{dates} · {phrases.verification(language, method)}"
    if review.experience is not None:
        line += f" · {language.gettext('experience of %(date)s', date=language.day(review.experience))}"
    if bundle.site.demo:
        line += "\n" + language.gettext("Demo content: these companies and reviews are made up.")
    said = remarks(bundle, review, language)
    if said is None:
        return line
    aspects = [f"{one_direction(name)} {mark}" for name, mark in said.aspects]
    return "\n".join(filter(None, [*aspects, said.recommends, *said.sentences, said.uncounted, line]))


def _number(halves: int | None) -> int | float | None:
    if halves is None:
        return None
    return halves / 2 if halves % 2 else halves // 2
