"""Badges as SVG: two widths, light and dark. An image on a shop's page: no script, no font file, no foreign host.

Text can't be measured here as every renderer will draw it, so each line is estimated, cut if far too long, and
given a `textLength` when it might not fit: it is squeezed rather than running over the edge.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from vijf.plan import Artifact
from vijf.render import phrases
from vijf.render.frame import render
from vijf.render.language import Language, load_language
from vijf.render.stars import star_width
from vijf.render.text import excerpt, json_bytes, one_direction, xml_text
from vijf.render.views import ShopBundle

HEIGHT = 56
WIDTHS = {"badge": 200, "badge-wide": 320}
_PADDING = 12
SHIELD_COLOUR = "3d5a80"
"""Of every shield; a slate blue that is neither a good nor a bad mark's."""
SHIELD_LABEL = 60
"""Characters of the site's name in a shield."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a badge; `length` is the width to squeeze it to, None where it surely fits."""

    text: str
    length: int | None


def badge(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`badge.<lang>.svg` and its wide and dark forms: the score, stars and number, or the state before five."""
    language = load_language(artifact.language)
    form = artifact.name.removesuffix("-dark")
    wide = form == "badge-wide"
    width, score = WIDTHS[form], bundle.facts.score
    value = phrases.mean_text(language, score.mean) if score else ""
    offset = _PADDING + (_value_width(value) + 10 if score else 0)
    room = width - offset - _PADDING
    sizes = (11, 10) if score else (13, 11)
    first, second = _lines(bundle, language, wide=wide)
    demo = language.gettext("demo") if bundle.site.demo else ""
    beside = round(estimate(demo, sizes[1])) + 8 if demo else 0
    return render(
        "badge.svg",
        bundle.site,
        language,
        width=width,
        height=HEIGHT,
        dark=artifact.name.endswith("-dark"),
        label=xml_text(label(bundle, language)),
        value=value,
        value_width=_value_width(value),
        fill=star_width(score.mean.fill) if score else "",
        offset=offset,
        first=fit(first, sizes[0], room),
        second=fit(second, sizes[1], room - beside),
        demo=demo,
    )


def _value_width(value: str) -> int:
    """Pixels that the score is drawn in: `8,7` or `10,0`."""
    return 46 if len(value) <= 3 else 62


def label(bundle: ShopBundle, language: Language) -> str:
    """What the badge says, read aloud in one sentence."""
    name = one_direction(bundle.content.shop.name)
    return ", ".join([language.gettext("Reviews of %(name)s", name=name), *_said(bundle, language)])


def _said(bundle: ShopBundle, language: Language) -> list[str]:
    """What is said of the shop, in parts: the score and what it is made of, or the state before five; then the rest."""
    facts = bundle.facts
    status = phrases.status(language, bundle.content.shop)
    parts = []
    if facts.score:
        parts.append(phrases.out_of_ten(language, phrases.mean_text(language, facts.score.mean)))
        parts.append(language.ngettext("from %(count)s review", "from %(count)s reviews", facts.counted))
    else:
        parts.append(phrases.no_score(language, facts))
    if status:
        parts.append(status)
    if bundle.site.demo:
        parts.append(language.gettext("demo"))
    return parts


def shield_json(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`shield.json`, an endpoint of shields.io: what the badge says, in the site's first language.

    The colour is the same whatever is said, so that it tells nothing of ratings. The message is never empty.
    """
    language = load_language(artifact.language)
    return json_bytes(
        {
            "schemaVersion": 1,
            "label": one_direction(excerpt(bundle.site.name, SHIELD_LABEL)),
            "message": ", ".join(_said(bundle, language)),
            "color": SHIELD_COLOUR,
        }
    )


def _lines(bundle: ShopBundle, language: Language, *, wide: bool) -> tuple[str, str]:
    """The first line, beside the stars or in their place, and the second: the status, else who publishes this."""
    site, shop, facts = bundle.site, bundle.content.shop, bundle.facts
    status = phrases.status(language, shop) if wide else phrases.short_status(language, shop.status)
    second = status or one_direction(site.name)
    if facts.score and wide:
        first = language.ngettext("from %(count)s review", "from %(count)s reviews", facts.counted)
    elif facts.score:
        first = language.ngettext("%(count)s review", "%(count)s reviews", facts.counted)
    elif wide:
        first = phrases.no_score(language, facts)
    else:
        first = language.gettext("No score yet")
        second = status or phrases.review_count(language, facts.account.visible)
    return xml_text(first), xml_text(second)


def fit(text: str, size: int, room: int) -> Line:
    """`text` so that it fits into `room` pixels at font size `size`: cut where it can't be read, else squeezed."""
    most = room * 1.15
    if estimate(text, size) > most:
        keep = len(text)
        while keep > 1 and estimate(text[:keep], size) > most - size:
            keep -= 1
        text = excerpt(text, keep)
    width = estimate(text, size)
    return Line(text, room if width > room * 0.92 else None)


def estimate(text: str, size: int) -> float:
    """About how wide `text` is, in pixels, in an ordinary sans-serif font; rather too wide than too narrow."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    if character in "iljtfrI.,:;'|! ()[]-·":
        return 0.38
    if character in "mwMW@%—":
        return 0.98
    return 0.7 if character.isupper() else 0.6
