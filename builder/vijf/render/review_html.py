"""The markup of one review, as it stands on a shop's page and in its archive, and of the reviews of a whole page.

This is the only markup of pages that isn't in `templates/`: it is made for every review of a site in every language,
and a template takes five times as long for it. Nothing comes in here but a `ReviewView`; every word of it passes
through `html_text` or `isolated`, but for texts, which `paragraphs` escaped, and ids and numbers of days, which have no
character to escape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from vijf.model import Review
from vijf.render.language import Language
from vijf.render.text import html_text, isolated
from vijf.render.views import ReplyView, ReviewView, ShopBundle, newest_views, review_view


def reviews_html(bundle: ShopBundle, page: Sequence[tuple[Review, int]], language: Language) -> Markup:
    """The reviews of a page, each given with the number of its archive page, in their order."""
    known, newest = newest_views(bundle, language), _newest_html(bundle, language)
    parts = [
        newest.get(review.id)
        or review_html(known.get(review.id) or review_view(bundle, review, number, language), language)
        for review, number in page
    ]
    return Markup("".join(parts))  # noqa: S704  # markup, see above


@lru_cache(maxsize=1)
def _newest_html(bundle: ShopBundle, language: Language) -> Mapping[str, str]:
    """Id -> markup of the newest reviews: they stand on two pages, the shop's own and one or two of the archive."""
    known = newest_views(bundle, language)
    return {review.id: review_html(known[review.id], language) for review, _ in bundle.head()}


def review_html(view: ReviewView, language: Language) -> str:
    """One review, or what stands in its place while it is on hold or after it was removed."""
    if not view.visible:
        return _hidden(view, language)
    lang = f' lang="{_usual(view.lang)}"' if view.lang else ""
    place = f", {isolated(view.place)}" if view.place else ""
    experience = _experience(language, view.experience) if view.experience else ""
    note = f" · {_usual(view.language_note)}" if view.language_note else ""
    return (
        f'<article class="review" id="{view.anchor}">\n'
        f"<header>\n"
        f"{_mark(language, view.mark, view.mark_label)}"
        f"<div>\n"
        f"{_title(view.title, lang) if view.title else ''}"
        f'<p class="who"><span class="name">{_author(view, language)}</span>{place}'
        f' · <a class="when" href="{html_text(view.href)}" aria-label="{_address_label(language, view.dates)}">'
        f'<time datetime="{view.datetime}">{_usual(view.dates)}</time></a></p>\n'
        f"</div>\n"
        f"</header>\n"
        f"{_text(view, lang, language)}"
        f"{_answers(view) if view.aspects or view.recommends else ''}"
        f"{_notes(view) if view.sentences or view.uncounted else ''}"
        f'<p class="quiet">{_usual(view.checked)}{experience}{note}</p>\n'
        f"{''.join([_reply(reply, lang) for reply in view.replies]) if view.replies else ''}"
        f"</article>\n\n"
    )


_usual = lru_cache(maxsize=8192)(html_text)
"""Our own words, days and languages, escaped: they come again and again."""


def _hidden(view: ReviewView, language: Language) -> str:
    sentences = "".join(f"{html_text(sentence)} " for sentence in view.sentences)
    return (
        f'<article class="review hidden-review" id="{view.anchor}">\n'
        f'<p class="state"><b>{html_text(view.state)}</b> {html_text(view.ground)}</p>\n'
        f'<p class="quiet">{sentences}'
        f'<a class="when" href="{html_text(view.href)}" aria-label="{_address_label(language, view.dates)}">'
        f"{html_text(view.dates)}</a></p>\n"
        f"</article>\n\n"
    )


@lru_cache(maxsize=512)
def _mark(language: Language, mark: str, label: str) -> str:
    style, shown = ("mark", html_text(mark)) if mark else ("mark none", "\N{EN DASH}")
    label = html_text(label or language.gettext("no rating"))
    return f'<p class="{style}" role="img" aria-label="{label}"><span aria-hidden="true">{shown}</span></p>\n'


def _title(title: str, lang: str) -> str:
    return f'<h3{lang} dir="auto">{html_text(title)}</h3>\n'


def _author(view: ReviewView, language: Language) -> str:
    return isolated(view.author) if view.author else _usual(language.gettext("A customer"))


@lru_cache(maxsize=8192)
def _address_label(language: Language, dates: str) -> str:
    return html_text(language.gettext("Lasting address of this review: %(dates)s", dates=dates))


def _text(view: ReviewView, lang: str, language: Language) -> str:
    if view.html:
        return f'<div class="text"{lang}>{view.html}</div>\n'
    if view.mark and not view.title:
        return f'<p class="quiet">{_usual(language.gettext("Only a rating, without a text."))}</p>\n'
    return ""


def _answers(view: ReviewView) -> str:
    rows = [f"<li>{isolated(name)} <b>{_usual(mark)}</b></li>\n" for name, mark in view.aspects]
    if view.recommends:
        rows.append(f"<li>{_usual(view.recommends)}</li>\n")
    return f'<ul class="aspects">\n{"".join(rows)}</ul>\n'


def _notes(view: ReviewView) -> str:
    sentences = (*view.sentences, view.uncounted) if view.uncounted else view.sentences
    return "".join(f'<p class="note">{html_text(sentence)}</p>\n' for sentence in sentences)


@lru_cache(maxsize=8192)
def _experience(language: Language, day: str) -> str:
    return f" · {html_text(language.gettext('experience of %(date)s', date=day))}"


def _reply(reply: ReplyView, lang: str) -> str:
    date = f' · <time datetime="{reply.datetime}">{_usual(reply.date)}</time>' if reply.date else ""
    return (
        f'<div class="reply">\n'
        f'<p class="speaker">{isolated(reply.who)}{date}</p>\n'
        f'<div class="text"{lang}>{reply.html}</div>\n'
        f"</div>\n"
    )
