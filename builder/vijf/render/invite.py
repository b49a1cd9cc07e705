"""The code that a shop prints: scanned, it leads to where its reviews are written."""

from __future__ import annotations

import re

from markupsafe import escape

from vijf import urls
from vijf.plan import Artifact
from vijf.render import qr
from vijf.render.language import load_language
from vijf.render.text import one_direction, xml_text
from vijf.render.views import ShopBundle

QUIET_ZONE = 4
"""Empty modules on each side, which ISO/IEC 18004 asks for."""
SIZE = 320
"""Width and height that the drawing asks for, in pixels. It can be printed at any size."""

_DARK = re.compile("1+")


def invite_svg(bundle: ShopBundle, artifact: Artifact) -> bytes:
    """`invite.svg`: a QR code of the address `/review/<slug>/`, black on white, error correction M or better.

    Its title says the address in words, in the site's default language.
    """
    shop, language = bundle.content.shop, load_language(artifact.language)
    address = urls.absolute(bundle.site, urls.write_page(shop.slug))
    said = escape(xml_text(f"{one_direction(shop.name)}. {language.gettext('Write a review')}: {address}"))
    rows = qr.rows(address)
    side = len(rows) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {side} {side}" '
        f'role="img" aria-label="{said}" lang="{escape(language.code)}" shape-rendering="crispEdges">'
        f'<title>{said}</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_modules(rows)}"/></svg>\n'
    ).encode()


def _modules(rows: list[str]) -> str:
    """Dark modules as path data, each run of them in a row as one box."""
    parts = []
    for y, row in enumerate(rows, QUIET_ZONE):
        for run in _DARK.finditer(row):
            length = run.end() - run.start()
            parts.append(f"M{run.start() + QUIET_ZONE} {y}h{length}v1h-{length}z")
    return "".join(parts)
