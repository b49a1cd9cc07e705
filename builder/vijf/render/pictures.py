"""Pictures in pixels, in the site's default language: the badge as PNG, and the card that chats show beside a link.

They are drawn in the shipped typeface, so what it can't draw is said in another way: a name in other letters becomes
the web host, and in a language with other letters the words are English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vijf.model import Shop, Site
from vijf.plan import Artifact
from vijf.render import glyphs, phrases
from vijf.render.badge import CORNER, HEIGHT, LIGHT, layout
from vijf.render.frame import CARD_HEIGHT, CARD_WIDTH
from vijf.render.glyphs import Line, Weight
from vijf.render.language import Language, load_language
from vijf.render.views import ShopBundle

if TYPE_CHECKING:
    from vijf.render.canvas import Canvas

BADGE_SCALE = 2
"""Pixels of `badge.png` for each of the badge: it is shown at half its size, sharp on fine screens."""
_MARGIN = 80
_FOOTER = 112
_LOGO = 140
_NAME_SIZES = (76, 64, 54, 46)
# As in the style sheet.
_GROUND, _SURFACE, _RULE, _INK, _QUIET, _ACCENT = "#ffffff", "#f4f6f3", "#d9dfda", "#1a2320", "#56615c", "#0b5a4a"
_STAR, _STAR_EMPTY, _WARM, _WARM_LINE = "#bd6500", "#d3dad4", "#fff5e2", "#8a5a00"


def badge_png(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`badge.png`: the plain light badge, twice as large, transparent outside its frame."""
    from vijf.render.canvas import Canvas  # brings the drawing library, which takes time

    language = drawn_language(artifact.language)
    drawn = layout(bundle, language, "badge", site_name(bundle.site))
    by, colours = BADGE_SCALE, LIGHT
    width, height = drawn.width * by, HEIGHT * by
    ground, line = colours["ground"], colours["line"]
    canvas = Canvas(width, height, None)
    canvas.rounded(0, 0, width, height, (CORNER + 1) * by - 1, line, None)
    canvas.rounded(by, by, width - by, height - by, CORNER * by - 1, ground, line)
    if drawn.stars:
        x, y, wide = round(drawn.stars.x * by), round(drawn.stars.y * by), drawn.stars.width * by
        canvas.stars(x, y, wide, drawn.stars.fill, colours["star"], colours["empty"], ground)
    for text in drawn.texts:
        fitted = glyphs.fit(glyphs.tidy(text.text), text.weight, text.size * by, text.room * by)
        canvas.text(fitted, text.x * by, text.y * by, colours[text.colour], ground)
    return canvas.png()


def card_png(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`card.png`, 1200 x 630: name, score or the state before five, status, who publishes it."""
    from vijf.render.canvas import Canvas

    site, content = bundle.site, bundle.content
    language = drawn_language(artifact.language)
    canvas = Canvas(CARD_WIDTH, CARD_HEIGHT, _GROUND)
    status = phrases.status(language, content.shop)
    _footer(canvas, site, language)
    _name(canvas, shop_name(content.shop), beside_logo=content.logo is not None)
    if bundle.facts.score:
        _score(canvas, bundle, language, 150 if status else 176, 380 if status else 430)
    else:
        _no_score(canvas, bundle, language, 252 if status else 306)
    if status:
        _status(canvas, status)
    if content.logo:
        canvas.picture(content.logo.png, _MARGIN, 64, _LOGO, _GROUND)
    return canvas.png()


def _name(canvas: Canvas, name: str, *, beside_logo: bool) -> None:
    """The shop's name in one or two lines, level with the middle of the logo where there is one."""
    left = _MARGIN + (_LOGO + 36 if beside_logo else 0)
    lines = name_lines(name, CARD_WIDTH - _MARGIN - left)
    step = lines[0].size * 1.16
    middle = 64 + _LOGO / 2 if beside_logo or len(lines) > 1 else 116
    baseline = middle - step * (len(lines) - 1) / 2 + lines[0].size * 0.36
    for number, line in enumerate(lines):
        canvas.text(line, left, baseline + step * number, _INK, _GROUND)


def _score(canvas: Canvas, bundle: ShopBundle, language: Language, size: int, baseline: int) -> None:
    """The score, large; beside it the stars and how many reviews it is made of."""
    score = bundle.facts.score
    if score is None:
        raise ValueError(f"{bundle.content.shop.slug} has no score")
    value = glyphs.fit(phrases.mean_text(language, score.mean), "bold", size, 420)
    canvas.text(value, _MARGIN - size / 22, baseline, _INK, _GROUND)
    left = round(_MARGIN + value.width + 40)
    canvas.stars(
        left - 4, baseline - round(size * 0.73), round(size * 2.1), score.mean.fill, _STAR, _STAR_EMPTY, _GROUND
    )
    of = _fit(phrases.counted(language, bundle.facts.counted), "regular", 42, CARD_WIDTH - _MARGIN - left)
    canvas.text(of, left, baseline - 3, _QUIET, _GROUND)


def _no_score(canvas: Canvas, bundle: ShopBundle, language: Language, top: int) -> None:
    """The state before five, designed as such: how many reviews there are, and from when there is a score."""
    room = CARD_WIDTH - 2 * _MARGIN - 2 * 40
    canvas.rounded(_MARGIN, top, CARD_WIDTH - _MARGIN, top + 148, 20, _SURFACE, _GROUND)
    sentence = _fit(phrases.no_score(language, bundle.facts), "bold", 48, room)
    canvas.text(sentence, _MARGIN + 40, top + 66, _INK, _SURFACE)
    when = _fit(phrases.from_threshold(language, bundle.site), "regular", 36, room)
    canvas.text(when, _MARGIN + 40, top + 118, _QUIET, _SURFACE)


def _status(canvas: Canvas, status: str) -> None:
    """That the shop no longer takes part."""
    line = _fit(status, "bold", 34, CARD_WIDTH - 2 * _MARGIN - 60)
    top, right = 426, _MARGIN + round(line.width) + 60
    canvas.rounded(_MARGIN, top, right, top + 62, 8, _WARM, _GROUND)
    canvas.box(_MARGIN, top, _MARGIN + 7, top + 62, _WARM_LINE, _GROUND)
    canvas.text(line, _MARGIN + 30, top + 43, _INK, _WARM)


def _footer(canvas: Canvas, site: Site, language: Language) -> None:
    """Who publishes this, and that it is a demo where it is one."""
    top, right = CARD_HEIGHT - _FOOTER, CARD_WIDTH - _MARGIN
    canvas.box(0, top, CARD_WIDTH, CARD_HEIGHT, _SURFACE, _GROUND)
    canvas.box(0, top, CARD_WIDTH, top + 2, _RULE, _GROUND)
    if site.demo:
        word = _fit(language.gettext("Demo"), "bold", 34, 300)
        left = right - round(word.width) - 48
        canvas.rounded(left, top + 26, right, top + 86, 30, _WARM, _SURFACE)
        canvas.text(word, left + 24, top + 68, _WARM_LINE, _WARM)
        right = left - 40
    name = _fit(site_name(site), "bold", 40, right - _MARGIN)
    canvas.text(name, _MARGIN, top + 70, _ACCENT, _SURFACE)


def name_lines(name: str, room: float) -> list[Line]:
    """A drawable name in at most two lines of at most `room` pixels: smaller where it must be, at last cut."""
    size = next((size for size in _NAME_SIZES if len(wrapped(name, "bold", size, room)) <= 2), _NAME_SIZES[-1])
    lines = wrapped(name, "bold", size, room)
    if len(lines) > 1:
        first = lines[0] if len(lines) > 2 else _even(name, size, room) or lines[0]
        lines = [first, glyphs.cut(name[len(first) :].strip(), "bold", size, room)]
    return [glyphs.fit(line, "bold", size, room) for line in lines]


def _even(name: str, size: float, room: float) -> str:
    """The first of two lines that are as even as can be; "" where no break between words makes both fit."""
    words = name.split()
    breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    widest = {first: max(glyphs.width(first, "bold"), glyphs.width(rest, "bold")) for first, rest in breaks}
    best = min(widest, key=widest.__getitem__, default="")
    return best if best and widest[best] * size <= room * glyphs.units() else ""


def wrapped(text: str, weight: Weight, size: float, room: float) -> list[str]:
    """A drawable text in lines of at most `room` pixels, broken between words, and inside one only where it must."""
    most = room / size * glyphs.units()
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if glyphs.width(longer, weight) <= most:
            lines[-1:] = [longer]
            continue
        rest = word
        while glyphs.width(rest, weight) > most:
            keep = max(1, sum(at + glyphs.width(c, weight) <= most for c, at in glyphs.places(rest, weight)))
            lines.append(rest[:keep])
            rest = rest[keep:]
        if rest:
            lines.append(rest)
    return lines


def shop_name(shop: Shop) -> str:
    """What a shop is called in a picture: its name, else its host, else its slug, which is always drawable."""
    return legible(shop.name, web_host(shop.url), shop.slug)


def site_name(site: Site) -> str:
    """What a site is called in a picture: its name, else its host."""
    return legible(site.name, web_host(site.url))


def legible(*texts: str) -> str:
    """The first of `texts` that can be drawn, without its emoji; "" where none can."""
    plain = (glyphs.tidy(text) for text in texts)
    return next((text for text in plain if any(map(str.isalnum, text)) and glyphs.drawable(text)), "")


def web_host(url: str) -> str:
    """The host of a web address in ASCII (punycode), without `www.`; "" where it has no such form."""
    try:
        host = (urlsplit(url).hostname or "").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return host.removeprefix("www.")


def drawn_language(code: str) -> Language:
    """The language `code`, or English where the typeface lacks its letters."""
    language = load_language(code)
    words = (language.gettext("No score yet"), language.gettext("Demo"), language.score(87))
    return language if all(map(glyphs.drawable, map(glyphs.tidy, words))) else load_language("en")


def _fit(text: str, weight: Weight, size: float, room: float) -> Line:
    return glyphs.fit(glyphs.tidy(text), weight, size, room)
