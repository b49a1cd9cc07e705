"""The markup of one review, as it stands on a shop's page and in its archive, and of the reviews of a whole page.

This is the only markup of pages that isn't in `templates/`: it is made for every review of a site in every language,
and a template takes many times as long for it. Whatever strangers wrote passes through `html_text`, `isolated` or
`in_paragraphs` on its way into markup, and so do our own words; ids and ISO dates have no character to escape.

Most of what stands around a text is said of many reviews: their day, their mark, how they were checked. Such pieces are
remembered as finished markup, each by a function of just the values that it depends on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from vijf import urls
from vijf.model import Method, Remover, Reply, Review
from vijf.render import phrases
from vijf.render.language import Language
from vijf.render.text import html_text, in_paragraphs, isolated
from vijf.render.views import Remarks, ShopBundle, remarks, speakers
from vijf.rules.counting import Uncounted


def reviews_html(bundle: ShopBundle, page: Sequence[tuple[Review, int]], language: Language) -> Markup:
    """The reviews of a page, each given with the number of its archive page, in their order."""
    newest = _newest_html(bundle, language)
    parts = [newest.get(review.id) or review_html(bundle, review, number, language) for review, number in page]
    return Markup("".join(parts))  # noqa: S704  # markup, see above


@lru_cache(maxsize=1)
def _newest_html(bundle: ShopBundle, language: Language) -> Mapping[str, str]:
    """Id -> markup of the newest reviews: they stand on two pages, the shop's own and one or two of the archive."""
    return {review.id: review_html(bundle, review, number, language) for review, number in bundle.head()}


def review_html(bundle: ShopBundle, review: Review, number: int, language: Language) -> str:
    """`review`, which stands on archive page `number`, or what stands in its place while it isn't public."""
    anchor = urls.anchor(review.id)
    href = f"{_archive_href(urls.base_path(bundle.site), language.code, bundle.content.shop.slug, number)}#{anchor}"
    if not review.visible:
        return _hidden(review, anchor, href, language)
    own, title, author = review.language, review.title, review.author
    lang = f' lang="{html_text(own)}"' if own else ""
    halves = review.rating if review.rating_withdrawn is None else None
    if review.text:
        text = f'<div class="text"{lang}>{in_paragraphs(review.text)}</div>\n'
    else:
        text = _only_a_rating(language) if halves is not None and not title else ""
    name, place = (author.name, author.place) if author else (None, None)
    method = review.verification.method if review.verification else Method.UNKNOWN
    said = remarks(bundle, review, language)
    return (
        f'<article class="review" id="{anchor}">\n'
        f"<header>\n"
        f"{_mark(language, halves)}"
        f"<div>\n"
        f"{_title(title, lang) if title else ''}"
        f'<p class="who">{_who(language, name, place)} · <a class="when" href="{href}"'
        f"{_when(language, review.received.day, review.published.day)}</a></p>\n"
        f"</div>\n"
        f"</header>\n"
        f"{text}"
        f"{_remarks(said) if said else ''}"
        f"{_checked(language, method, review.experience, own)}"
        f"{_replies(bundle, review, lang, language) if review.replies else ''}"
        f"</article>\n\n"
    )


@lru_cache(maxsize=64)
def _archive_href(base: str, code: str, slug: str, number: int) -> str:
    return html_text(base + urls.archive_page(code, slug, number).removesuffix(urls.INDEX))


@lru_cache(maxsize=512)
def _mark(language: Language, halves: int | None) -> str:
    """The mark, in half points, or that there is none."""
    style, shown, label = "mark none", "\N{EN DASH}", language.gettext("no rating")
    if halves is not None:
        style, shown = "mark", language.mark(halves)
        label = phrases.out_of_ten(language, shown)
    return (
        f'<p class="{style}" role="img" aria-label="{html_text(label)}">'
        f'<span aria-hidden="true">{html_text(shown)}</span></p>\n'
    )


def _title(title: str, lang: str) -> str:
    return f'<h3{lang} dir="auto">{html_text(title)}</h3>\n'


@lru_cache(maxsize=8192)
def _who(language: Language, name: str | None, place: str | None) -> str:
    """The author; remembered, since first names and towns come again and again."""
    who = isolated(name) if name else html_text(language.gettext("A customer"))
    town = f", {isolated(place)}" if place else ""
    return f'<span class="name">{who}</span>{town}'


@lru_cache(maxsize=8192)
def _when(language: Language, received: date, published: date) -> str:
    """The rest of the link to a review, behind its address: what it is called, and its day or days."""
    dates = phrases.days(language, received, published)
    label = language.gettext("Lasting address of this review: %(dates)s", dates=dates)
    return f' aria-label="{html_text(label)}"><time datetime="{published.isoformat()}">{html_text(dates)}</time>'


@lru_cache(maxsize=64)
def _only_a_rating(language: Language) -> str:
    return f'<p class="quiet">{html_text(language.gettext("Only a rating, without a text."))}</p>\n'


@lru_cache(maxsize=8192)
def _checked(language: Language, method: Method, experience: date | None, own: str | None) -> str:
    """How it was checked that the author was a customer, when they were one, and the review's language if another."""
    parts = [phrases.verification(language, method)]
    if experience is not None:
        parts.append(language.gettext("experience of %(date)s", date=language.day(experience)))
    if own is not None and own.split("-")[0] != language.code.split("-")[0]:
        parts.append(language.gettext("In %(language)s", language=language.language_name(own)))
    return f'<p class="quiet">{" · ".join(map(html_text, parts))}</p>\n'


def _remarks(said: Remarks) -> str:
    rows = [f"<li>{isolated(name)} <b>{html_text(mark)}</b></li>\n" for name, mark in said.aspects]
    if said.recommends:
        rows.append(f"<li>{html_text(said.recommends)}</li>\n")
    answers = f'<ul class="aspects">\n{"".join(rows)}</ul>\n' if rows else ""
    sentences = (*said.sentences, said.uncounted) if said.uncounted else said.sentences
    return answers + "".join([f'<p class="note">{html_text(sentence)}</p>\n' for sentence in sentences])


def _replies(bundle: ShopBundle, review: Review, lang: str, language: Language) -> str:
    who = speakers(bundle, language)
    return "".join([_reply(reply, who[reply.by], lang, language) for reply in review.replies])


def _reply(reply: Reply, who: str, lang: str, language: Language) -> str:
    date = f" · {_reply_date(language, reply.date.day)}" if reply.date else ""
    return (
        f'<div class="reply">\n'
        f'<p class="speaker">{isolated(who)}{date}</p>\n'
        f'<div class="text"{lang}>{in_paragraphs(reply.text)}</div>\n'
        f"</div>\n"
    )


@lru_cache(maxsize=8192)
def _reply_date(language: Language, day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{html_text(language.day(day))}</time>'


def _hidden(review: Review, anchor: str, href: str, language: Language) -> str:
    """What stands in the place of a review on hold, or of a removed one."""
    if review.removed is not None:
        state, ground = phrases.tombstone(language, review.removed)
        by_customer = review.removed.by is Remover.CUSTOMER
        sentences = [] if by_customer else [phrases.automated(language, automated=review.removed.automated)]
    else:
        state = phrases.hold(language, review)
        ground = phrases.held_ground(language, review.held.ground) if review.held else ""
        sentences = [
            language.gettext("Until then it keeps its place here, without its text."),
            phrases.uncounted(language, Uncounted.ON_HOLD),
        ]
    dates = phrases.published(language, review)
    label = language.gettext("Lasting address of this review: %(dates)s", dates=dates)
    return (
        f'<article class="review hidden-review" id="{anchor}">\n'
        f'<p class="state"><b>{html_text(state)}</b> {html_text(ground)}</p>\n'
        f'<p class="quiet">{"".join([f"{html_text(sentence)} " for sentence in sentences])}'
        f'<a class="when" href="{href}" aria-label="{html_text(label)}">'
        f"{html_text(dates)}</a></p>\n"
        f"</article>\n\n"
    )
