"""How long rendering takes, by kind of artifact: `PYTHONPATH=builder python tests/bench/time_rendering.py CONTENT`.

Reads the first `--shops` shops of a content folder, renders every artifact of each in the order of a build, and
prints milliseconds of processor time a shop for each kind, best of `--repeat` rounds, with a digest of its bytes.
What several artifacts share is made by the first that asks, so it stands with that kind; `facts` are the rules and
`shared` the shop's parts of files that many shops share. To compare two versions, run both by turns: figures of
different minutes say nothing on a machine that others use too.
"""

from __future__ import annotations

import argparse
import gc
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from vijf.content.files import find
from vijf.content.load import Loaded, load_shop, open_content
from vijf.digests import digest
from vijf.model import Kind, ShopContent, Site
from vijf.plan import shop_artifacts
from vijf.render.feed_items import newest_of
from vijf.render.merchant import merchant_part
from vijf.render.renderers import SHOP_RENDERERS
from vijf.render.site import summarise
from vijf.render.sitemap import shop_entries
from vijf.render.views import ShopBundle


def load(content: Path, most: int) -> tuple[Site, list[ShopContent]]:
    """The site and its first `most` shops; shops with faults are left out."""
    folder = find(content)
    opened = open_content(folder, None)
    loaded = (load_shop(folder, slug, opened.site, None) for slug in sorted(folder.shops)[:most])
    return opened.site, [one.content for one in loaded if isinstance(one, Loaded)]


def render_all(site: Site, shops: Sequence[ShopContent], digests: dict[str, str]) -> dict[str, float]:
    """Seconds of processor time by kind for all `shops`; `digests` takes one over the bytes of each kind."""
    spent: dict[str, float] = defaultdict(float)
    for content in shops:
        bundle = ShopBundle(site, content)
        begun = process_time()
        _ = bundle.facts
        spent["facts"] += process_time() - begun
        for artifact in shop_artifacts(site, content.shop, len(content.reviews), logo=content.logo is not None):
            begun = process_time()
            data = SHOP_RENDERERS[artifact.kind](bundle, artifact)
            spent[artifact.kind] += process_time() - begun
            digests[artifact.kind] = digest(f"{digests.get(artifact.kind)} {artifact.path} {digest(data)}".encode())
        begun = process_time()
        shop_entries(bundle)
        summarise(bundle)
        newest_of(bundle)
        if Kind.MERCHANT not in site.without:
            merchant_part(bundle)
        spent["shared"] += process_time() - begun
    return spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    site, shops = load(options.content, options.shops)
    reviews = sum(len(content.reviews) for content in shops)
    gc.freeze()
    gc.disable()
    best: dict[str, float] = {}
    digests: dict[str, str] = {}
    for _ in range(options.repeat):
        digests.clear()
        for kind, seconds in render_all(site, shops, digests).items():
            best[kind] = min(seconds, best.get(kind, seconds))
    print(f"{len(shops)} shops, {reviews} reviews, {len(site.languages)} languages")
    for kind, seconds in best.items():
        print(f"{kind:<14}{seconds / len(shops) * 1e3:8.3f} ms a shop   {digests.get(kind, '')}")
    whole = sum(best.values())
    print(f"{'all':<14}{whole / len(shops) * 1e3:8.3f} ms a shop, {whole / reviews * 1e6:.1f} us a review")


if __name__ == "__main__":
    main()
