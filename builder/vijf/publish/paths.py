"""Before anything is rendered: whether each path of the site has one source only."""

from __future__ import annotations

from vijf import limits
from vijf.content.files import Folder
from vijf.content.load import SiteContent
from vijf.errors import Diagnostic, Span
from vijf.plan import HEADERS_FILE, collisions, site_artifacts
from vijf.render.pinned import pinned_names

OWN_HEADERS = f"static/{HEADERS_FILE}"
"""The one file of `static/` that isn't copied: its lines are put below those of Vijf."""


def check_paths(folder: Folder, opened: SiteContent, shops: int) -> list[Diagnostic]:
    """Faults of files in `static/` that are too large, or that stand where something else does.

    `shops` is how many there are, of which `opened` may name a few only.
    """
    static = [path.removeprefix("static/") for path in folder.static if path != OWN_HEADERS]
    slugs = [slug for names in opened.names for slug in (names.slug, *names.formerly)]
    fixed = site_artifacts(opened.site, opened.pages, shops, pinned_names())
    found = [
        Diagnostic(
            Span(folder.shown(f"static/{path}")),
            "path-taken",
            f"stands where {owner} stands already; rename it or take it out",
        )
        for path, owner in collisions(opened.site, slugs, fixed, static)
    ]
    found += [
        Diagnostic(
            Span(folder.shown(path)), "too-large", f"is larger than {limits.STATIC_BYTES:,} bytes; make it smaller"
        )
        for path in folder.static
        if (folder.root / path).stat().st_size > limits.STATIC_BYTES
    ]
    return found
