"""The files that hold a part of many shops: the sitemap and the merchant review feed, made shard by shard.

Only the parts of the shard at hand are kept in memory, however many shops there are.
"""

from __future__ import annotations

from vijf import urls
from vijf.model import Kind, Site
from vijf.plan import SITEMAP_INDEX, Artifact
from vijf.publish.stage import Stage
from vijf.render import ShopBundle, SiteBundle
from vijf.render.merchant import MerchantPart, merchant_feed, merchant_part
from vijf.render.sitemap import Entry, shop_entries, site_entries, sitemap_files, sitemap_index


class SharedFiles:
    """Takes the shops of each shard in the order of their slugs and stages what they share.

    `artifacts` are those that were staged so far.
    """

    def __init__(self, site: Site, stage: Stage) -> None:
        self.artifacts: list[Artifact] = []
        self._site, self._stage = site, stage
        self._entries: list[Entry] = []
        self._parts: list[MerchantPart] = []
        self._index: list[Entry] = []

    def add(self, bundle: ShopBundle) -> None:
        """Take up a shop's part of the shard at hand."""
        self._entries += shop_entries(bundle)
        if Kind.MERCHANT not in self._site.without:
            self._parts.append(merchant_part(bundle))

    def close_shard(self, shard: int) -> None:
        """Stage the files of a shard whose shops are all there, or have none."""
        self._put_sitemap(f"shops-{shard + 1}", self._entries)
        if Kind.MERCHANT not in self._site.without:
            self._put(urls.merchant_feed(shard), "merchant", merchant_feed(self._parts))
        self._entries, self._parts = [], []

    def close(self, bundle: SiteBundle) -> None:
        """Stage what names the site's own pages, and the sitemap's index."""
        self._put_sitemap("pages", site_entries(bundle))
        self._put(SITEMAP_INDEX, "sitemap", sitemap_index(self._site.url, self._index))

    def _put_sitemap(self, name: str, entries: list[Entry]) -> None:
        for entry, data in sitemap_files(self._site.url, name, entries):
            self._index.append(entry)
            self._put(entry[0], "sitemap", data)

    def _put(self, path: str, kind: str, data: bytes) -> None:
        self.artifacts.append(Artifact(path, kind))
        self._stage.put(path, data)
