"""The embed page: every snippet to copy, with a preview of those that need no script, and what data flow."""

from __future__ import annotations

from dataclasses import dataclass

from vijf import urls
from vijf.model import Kind
from vijf.plan import Artifact
from vijf.render import snippets
from vijf.render.frame import frame, render
from vijf.render.language import Language, load_language
from vijf.render.snippets import Form
from vijf.render.text import one_direction
from vijf.render.views import ShopBundle
from vijf.render.widget import CARD_HEIGHT


@dataclass(frozen=True, slots=True)
class ImageView:
    """A badge on the page: the address of the picture, its size in pixels, and its snippet."""

    src: str
    width: int
    height: int
    dark: bool
    snippet: str


def _files(bundle: ShopBundle, language: Language) -> list[tuple[str, str]]:
    """(name, address) of the pictures that aren't for a website."""
    site, slug = bundle.site, bundle.content.shop.slug
    files = [
        (Kind.INVITE, "invite.svg", language.gettext("QR code that leads to the form for a review")),
        (Kind.PNG, "badge.png", language.gettext("Badge as a PNG, sharp at half its size, where SVG isn't shown")),
    ]
    return [(name, urls.href(site, urls.data(slug, file))) for kind, file, name in files if kind not in site.without]


def embed_page(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`/<lang>/<slug>/embed/`: what a shop is sent to. Not for search engines; it works without JavaScript."""
    site, shop = bundle.site, bundle.content.shop
    language = load_language(artifact.language)
    name = one_direction(shop.name)
    host = urls.origin(site.url)
    path = urls.data(shop.slug, f"frame.{language.code}.html")
    return render(
        "embed.html",
        site,
        language,
        frame=frame(
            site,
            language,
            language.gettext("Reviews of %(name)s on your own website", name=name),
            lambda code: urls.embed_page(code, shop.slug),
        ),
        host=urls.host(site.url),
        shop_href=urls.href(site, urls.shop_page(language.code, shop.slug)),
        shop_address=snippets.shop_address(site, shop, language),
        heading=snippets.heading(shop, language),
        script=snippets.snippet(site, shop, language),
        script_policy=f"script-src {host}",
        pinned=snippets.snippet(site, shop, language, Form.PINNED),
        pinned_policy=f"script-src {host}; connect-src {host}",
        images=[
            ImageView(
                urls.href(site, image.path),
                image.width,
                image.height,
                image.form.endswith("-dark"),
                image.html,
            )
            for image in snippets.images(site, shop, language)
        ],
        image_policy=f"img-src {host}",
        framed=snippets.snippet(site, shop, language, Form.FRAME) if Kind.FRAME not in site.without else None,
        frame_src=urls.href(site, path),
        frame_height=CARD_HEIGHT,
        frame_policy=f"frame-src {host}",
        files=_files(bundle, language),
    )
