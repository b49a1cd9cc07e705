"""Find and read one shop of the content for a command that is about it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from vijf.cli.report import nearest
from vijf.content.files import Folder, find
from vijf.content.load import Loaded, load_shop, load_site
from vijf.errors import ContentError, UsageError
from vijf.model import ShopContent, Site


def one_shop(content: Path, slug: str, now: datetime) -> tuple[Site, ShopContent]:
    """The site and the shop `slug`. Raises `UsageError` when there is no such shop, `ContentError` for faults."""
    folder = find(content)
    site, _ = load_site(folder, now)
    if site is None:
        raise ContentError(folder.faults)
    check_known(folder, slug)
    loaded = load_shop(folder, slug, site, now)
    if not isinstance(loaded, Loaded):
        raise ContentError(loaded)
    return site, loaded.content


def check_known(folder: Folder, slug: str) -> None:
    """Raise `UsageError`, with the nearest slug, when the content has no shop `slug`."""
    if slug not in folder.shops:
        shops = ", ".join(folder.shops[:10]) + (" ..." if len(folder.shops) > 10 else "") or "none"
        raise UsageError(f"there is no shop '{slug}' in {folder.root}.{nearest(slug, folder.shops)} Shops: {shops}")
