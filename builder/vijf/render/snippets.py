"""What a shop pastes into its own pages, as text: one place for the embed page and the command `vijf snippet`.

Each form works by itself: a script with everything in it, a pinned script, an image in a link, a frame. Links to
the reviews are `rel="nofollow"`: they are part of a widget, and vouch for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from vijf import urls
from vijf.model import Shop, Site
from vijf.plan import BADGES, badge_file
from vijf.render import badge
from vijf.render.language import Language
from vijf.render.pinned import pinned
from vijf.render.text import one_direction
from vijf.render.widget import CARD_HEIGHT


class Form(StrEnum):
    """The ways to show reviews elsewhere."""

    SCRIPT = "script"
    PINNED = "pinned"
    IMAGE = "image"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Image:
    """A badge to paste: `form` is a key of `vijf.plan.BADGES`, sizes are in pixels, `path` is its path in the site."""

    form: str
    path: str
    width: int
    height: int
    html: str


def snippet(site: Site, shop: Shop, language: Language, form: Form = Form.SCRIPT) -> str:
    """What a shop pastes, ending with a line feed: HTML, as plain text.

    `Form.IMAGE` gives the plain badge; `images` has the others. The caller knows whether the site has frames.
    """
    match form:
        case Form.SCRIPT:
            return str(_script(site, shop, language))
        case Form.PINNED:
            return str(_pinned(site, shop, language))
        case Form.IMAGE:
            return images(site, shop, language)[0].html
        case Form.FRAME:
            return frame_tag(site, shop, language, width="100%") + "\n"


def heading(shop: Shop, language: Language) -> str:
    """What every form is called: `Beoordelingen over De Ketting`."""
    return language.gettext("Reviews of %(name)s", name=one_direction(shop.name))


def _script(site: Site, shop: Shop, language: Language) -> Markup:
    address = _data(site, shop, f"widget.{language.code}.js")
    return Markup(
        '<vijf-reviews shop="{shop}" variant="card">{link}</vijf-reviews>\n'
        '<script async src="{address}" referrerpolicy="no-referrer"></script>\n'
    ).format(shop=shop.slug, link=_fallback(site, shop, language), address=address)


def _pinned(site: Site, shop: Shop, language: Language) -> Markup:
    newest = pinned()[-1]
    return Markup(
        '<vijf-reviews shop="{shop}" variant="card" src="{data}">{link}</vijf-reviews>\n'
        '<script async src="{address}" integrity="{integrity}" crossorigin="anonymous" '
        'referrerpolicy="no-referrer"></script>\n'
    ).format(
        shop=shop.slug,
        data=_data(site, shop, f"widget.{language.code}.json"),
        link=_fallback(site, shop, language),
        address=urls.absolute(site, urls.shared(newest.file)),
        integrity=newest.integrity,
    )


def _fallback(site: Site, shop: Shop, language: Language) -> Markup:
    """A link of the card's size, for when the script doesn't come: it also keeps the place, so nothing shifts."""
    return Markup(
        '<a rel="nofollow" href="{page}"><svg display="block" width="100%" height="{height}" role="img" '
        'aria-label="{heading}"><text x="16" y="32" fill="currentColor" text-decoration="underline">{heading}</text>'
        "</svg></a>"
    ).format(page=shop_address(site, shop, language), height=CARD_HEIGHT, heading=heading(shop, language))


def images(site: Site, shop: Shop, language: Language) -> list[Image]:
    """All badges that the site has of a shop, the plain one first, each inside a link to its reviews."""
    return [_image(site, shop, language, form) for form, kinds in BADGES.items() if not kinds & site.without]


def _image(site: Site, shop: Shop, language: Language, form: str) -> Image:
    path = urls.data(shop.slug, badge_file(form, language.code))
    width = badge.WIDTHS[form.removesuffix("-dark")]
    html = Markup(
        '<a rel="nofollow" href="{page}"><img src="{image}" width="{width}" height="{height}" alt="{heading}" '
        'referrerpolicy="no-referrer"></a>\n'
    ).format(
        page=shop_address(site, shop, language),
        image=urls.absolute(site, path),
        width=width,
        height=badge.HEIGHT,
        heading=heading(shop, language),
    )
    return Image(form, path, width, badge.HEIGHT, str(html))


def frame_tag(site: Site, shop: Shop, language: Language, *, width: int | str) -> str:
    """The `<iframe>`, as plain text. `width` is in pixels, or `100%` for the whole width of where it stands.

    `frameborder` is out of fashion, but a `style` would need a permission under a strict policy.
    """
    tag = Markup(
        '<iframe src="{address}" title="{heading}" width="{width}" height="{height}" frameborder="0" '
        'loading="lazy" referrerpolicy="no-referrer"></iframe>'
    ).format(
        address=_data(site, shop, f"frame.{language.code}.html"),
        heading=heading(shop, language),
        width=width,
        height=CARD_HEIGHT,
    )
    return str(tag)


def shop_address(site: Site, shop: Shop, language: Language) -> str:
    """The address of a shop's page."""
    return urls.absolute(site, urls.shop_page(language.code, shop.slug))


def _data(site: Site, shop: Shop, name: str) -> str:
    return urls.absolute(site, urls.data(shop.slug, name))
