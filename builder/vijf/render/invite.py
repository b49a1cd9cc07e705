"""The code that a shop prints: scanned, it leads to where its reviews are written."""

from __future__ import annotations

from itertools import groupby

from markupsafe import escape

from vijf import urls
from vijf.plan import Artifact
from vijf.render.language import load_language
from vijf.render.text import one_direction, xml_text
from vijf.render.views import ShopBundle

QUIET_ZONE = 4
"""Empty modules on each side, which ISO/IEC 18004 asks for."""
SIZE = 320
"""Width and height that the drawing asks for, in pixels. It can be printed at any size."""


def invite_svg(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`invite.svg`: a QR code of the address `/review/<slug>/`, black on white, error correction M or better.

    Its title says the address in words, in the site's default language.
    """
    shop, language = bundle.content.shop, load_language(artifact.language)
    address = urls.absolute(bundle.site, urls.write_page(shop.slug))
    said = escape(xml_text(f"{one_direction(shop.name)}. {language.gettext('Write a review')}: {address}"))
    import segno  # takes time, and many sites have no codes

    matrix = segno.make_qr(address, error="m", boost_error=True).matrix
    side = len(matrix) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {side} {side}" '
        f'role="img" aria-label="{said}" lang="{escape(language.code)}" shape-rendering="crispEdges">'
        f'<title>{said}</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_modules(matrix)}"/></svg>\n'
    ).encode()


def _modules(matrix: tuple[bytearray, ...]) -> str:
    """Dark modules as path data, each run of them in a row as one box."""
    parts = []
    for y, row in enumerate(matrix, QUIET_ZONE):
        x = QUIET_ZONE
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(parts)
