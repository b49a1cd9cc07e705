"""The work for one shop: read it, render its artifacts, stage them. Done in any process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from vijf.content.files import Folder
from vijf.content.load import Loaded, ShopNames, load_shop
from vijf.content.stamps import shop_stamp
from vijf.errors import Diagnostic
from vijf.model import Site
from vijf.plan import shop_artifacts
from vijf.publish import disk
from vijf.publish.manifest import Pool, ShopRecord
from vijf.publish.newest import pooled
from vijf.publish.shared import shared_part
from vijf.publish.stage import Staged, Stager
from vijf.publish.state import State
from vijf.render.feed_items import newest_of
from vijf.render.renderers import SHOP_RENDERERS
from vijf.render.site import summarise
from vijf.render.views import ShopBundle

Absorbed = tuple[tuple[str, str, int], ...]
"""Shops that merged into another, as that one's pages name them: slug, name, number of their newest archive page."""


@dataclass(frozen=True, slots=True)
class Made:
    """A shop whose artifacts have been staged.

    `stamp` is of its content from before it was read. `newest` are those of its items that may have a place in the
    site's feed.
    """

    record: ShopRecord
    staged: tuple[Staged, ...]
    stamp: str
    newest: Pool


@dataclass(frozen=True)
class ShopWork:
    """What the work for any shop needs; `make` is the work itself, in whichever process."""

    folder: Folder
    output: Path
    state: State
    since: int
    site: Site
    now: datetime | None
    absorbed: Mapping[str, Absorbed]
    names: Mapping[str, ShopNames]
    _stagers: dict[int, Stager] = field(default_factory=dict)
    _pools: dict[int, Pool] = field(default_factory=dict)

    def make(self, worker: int, slug: str) -> Made | list[Diagnostic]:
        """Make the artifacts of a shop, or give its faults. Raises `MachineError`."""
        stamp = shop_stamp(f"{self.folder.root}/shops", slug, self.since)
        loaded = load_shop(self.folder, slug, self.site, self.now)
        if not isinstance(loaded, Loaded):
            return loaded
        stager = self._stagers.get(worker)
        if stager is None:
            stager = self._stagers[worker] = Stager(self.output, self.state, worker + 1)
        content = loaded.content
        if ShopNames(slug, content.shop.formerly, content.shop.merged_into) != self.names[slug]:
            raise disk.changed_meanwhile(self.folder.shown(f"shops/{slug}/shop.yaml"))
        bundle = ShopBundle(self.site, content, self.absorbed.get(slug, ()))
        staged = tuple(
            stager.put(artifact.path, SHOP_RENDERERS[artifact.kind](bundle, artifact))
            for artifact in shop_artifacts(self.site, content.shop, len(content.reviews), logo=content.logo is not None)
        )
        record = ShopRecord(
            slug,
            loaded.inputs,
            {file.path: (file.digest, file.size) for file in staged},
            asdict(summarise(bundle)),
            shared_part(bundle),
        )
        return Made(record, staged, stamp, self._newest(worker, bundle))

    def _newest(self, worker: int, bundle: ShopBundle) -> Pool:
        """The shop's items, less those that have no place among the items of this worker's shops alone."""
        items = newest_of(bundle)
        pool = self._pools[worker] = pooled(self._pools.get(worker, Pool()), items)
        mine = tuple(item for item in items if item.order >= pool.items[-1].order)
        return Pool(mine, more=len(mine) < len(items))
