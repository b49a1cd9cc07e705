"""What hosts read and visitors don't: `_headers`, by which Cloudflare Pages and Netlify send headers, and `.nojekyll`.

A request gets the headers of every rule whose pattern it matches, and what happens to two values of one header differs
between hosts; so no two rules say different things of one header for one path. Patterns keep to what both hosts take
for the same: a name with a colon is a whole part of the path, one star stands at the end. A dot before a star is any
character to Netlify, so that `/v1/vijf.*` would be all files of a shop named `vijf` too. Cloudflare answers `/x.html`
at `/x`, so no pattern asks for `.html`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vijf import urls
from vijf.model import Kind, Site
from vijf.plan import Artifact
from vijf.render.frame import stylesheet
from vijf.render.iframe import frame_stylesheet
from vijf.render.pinned import pinned_names
from vijf.render.site import SiteBundle

EVERYWHERE = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
PAGES_KEPT = "max-age=300"
"""How long a browser keeps a page: a new review is seen within minutes."""
DATA_KEPT = "max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
"""How long data, badges and widgets are kept: an hour, and for a week when the host is down."""
PINNED_KEPT = "max-age=31536000, immutable"
"""How long a file is kept whose name is its digest."""


class Rule(NamedTuple):
    """The headers of all paths that a pattern matches."""

    pattern: str
    headers: Mapping[str, str]


def policy(style: str, *, framed: bool = False) -> str:
    """The Content-Security-Policy of a page whose only inline style is `style`.

    A page shows images of the site and its frames, and stands in nobody else's frame; a `framed` one may stand in any.
    """
    parts = ["default-src 'none'", f"style-src 'sha256-{style_hash(style)}'", "img-src 'self'"]
    parts += [] if framed else ["frame-src 'self'"]
    parts += ["base-uri 'none'", "form-action 'none'"]
    parts += [] if framed else ["frame-ancestors 'none'"]
    return "; ".join(parts)


def style_hash(style: str) -> str:
    """How a policy names an inline style: its SHA-256 in base64 (CSP 3, `hash-source`)."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def rules(site: Site, pinned: Iterable[str]) -> list[Rule]:
    """All rules, in the order of the file; `pinned` are the paths of the scripts that never change.

    Files of `static/` get no policy: only the operator knows what they need.
    """
    base = urls.base_path(site)
    pages = ["", "404*", "review/*", *(f"{language}/*" for language in site.languages)]
    page = {"Cache-Control": PAGES_KEPT, "Content-Security-Policy": policy(stylesheet())}
    data = ["v1/feed.xml", "v1/:shop/:file", "v1/:shop/reviews/:part"]
    found = [Rule("*", EVERYWHERE)]
    found += [Rule(path, page) for path in pages]
    found += [Rule(path, _open(DATA_KEPT)) for path in data]
    found += [Rule(path, _open(PINNED_KEPT)) for path in pinned]
    if Kind.FRAME not in site.without:
        found.append(Rule("v1/:shop/frame.*", {"Content-Security-Policy": policy(frame_stylesheet(), framed=True)}))
    return [Rule(base + pattern, headers) for pattern, headers in found]


def _open(kept: str) -> dict[str, str]:
    """The headers of what pages of other sites read."""
    return {"Access-Control-Allow-Origin": "*", "Cache-Control": kept}


def headers_file(bundle: SiteBundle, _artifact: Artifact) -> bytes:
    """`_headers`: the rules, and below them those of the operator's own `static/_headers`."""
    blocks = [
        "\n".join([pattern, *(f"  {name}: {value}" for name, value in headers.items())])
        for pattern, headers in rules(bundle.site, map(urls.shared, pinned_names()))
    ]
    own = b"\n# The operator's own rules\n" + bundle.own_headers if bundle.own_headers else b""
    return "\n\n".join(blocks).encode() + b"\n" + own


def nojekyll_file(_bundle: SiteBundle, _artifact: Artifact) -> bytes:
    """`.nojekyll`, an empty file: GitHub Pages then serves a branch as it is, also names that begin with `_`."""
    return b""
