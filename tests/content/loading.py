"""Loads a content folder as a build does, for tests: find, site, pages, names, shops; every diagnostic of it."""

from datetime import UTC, datetime

from vijf.content.files import find
from vijf.content.load import Loaded, check_names, load_names, load_pages, load_shop, load_site
from vijf.errors import Diagnostic

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def load_all(root):
    """All diagnostics of the content folder `root`, sorted, and what was loaded of each shop without faults."""
    folder = find(root)
    found: list[Diagnostic] = []
    shops = {}
    site, _ = load_site(folder, NOW)
    if site is not None:
        load_pages(folder, site, NOW)
        check_names(folder, [load_names(folder, slug, site) for slug in folder.shops])
        for slug in folder.shops:
            loaded = load_shop(folder, slug, site, NOW)
            if isinstance(loaded, Loaded):
                shops[slug] = loaded.content
            else:
                found += loaded
    return sorted(found + folder.faults), shops
