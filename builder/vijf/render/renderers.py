"""Which function renders which kind of artifact."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vijf.plan import Artifact
from vijf.render import (
    archive,
    badge,
    data,
    embed,
    feeds,
    hosts,
    iframe,
    invite,
    pictures,
    pinned,
    shop,
    site,
    sitemap,
    widget,
)
from vijf.render.site import SiteBundle
from vijf.render.views import ShopBundle

SHOP_RENDERERS: Mapping[str, Callable[[ShopBundle, Artifact], bytes]] = {
    "shop": shop.shop_page,
    "archive": archive.archive_page,
    "redirect": archive.redirect_page,
    "write": archive.write_page,
    "logo": shop.logo_file,
    "score.json": data.score_json,
    "reviews.json": data.reviews_json,
    "feed.xml": feeds.shop_atom,
    "feed.json": feeds.shop_json,
    "badge": badge.badge,
    "badge.png": pictures.badge_png,
    "card": pictures.card_png,
    "invite": invite.invite_svg,
    "widget": widget.widget_script,
    "widget.json": widget.widget_json,
    "frame": iframe.frame_page,
    "oembed.json": iframe.oembed_json,
    "shield.json": badge.shield_json,
    "embed": embed.embed_page,
}
"""Kind of a shop's artifact -> what renders it."""

SITE_RENDERERS: Mapping[str, Callable[[SiteBundle, Artifact], bytes]] = {
    "languages": site.languages_page,
    "directory": site.directory_page,
    "page": site.markdown_page,
    "house-rules": site.house_rules_page,
    "score": site.score_page,
    "not-found": site.not_found_page,
    "write-any": site.write_any_page,
    "robots": sitemap.robots_file,
    "headers": hosts.headers_file,
    "nojekyll": hosts.nojekyll_file,
    "site-feed": feeds.site_atom,
    "pinned": pinned.pinned_script,
}
"""Kind of an artifact of the site itself -> what renders it."""
