"""The files that hold a part of many shops: sitemap and merchant review feed by shard, and the newest of all shops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vijf import urls
from vijf.digests import joined, sum_of
from vijf.model import Kind, Site
from vijf.publish.manifest import Files, Shard, ShopRecord, write_part
from vijf.render.feed_items import last_moment
from vijf.render.merchant import MerchantPart, merchant_feed, merchant_part
from vijf.render.sitemap import Entry, shop_entries, sitemap_files
from vijf.render.views import ShopBundle


def shared_part(bundle: ShopBundle) -> dict[str, Any]:
    """A shop's part of the shared files, as JSON that `shard_files` takes."""
    last = last_moment(bundle)
    part: dict[str, Any] = {"sitemap": shop_entries(bundle), "updated": last.isoformat() if last else None}
    if Kind.MERCHANT not in bundle.site.without:
        part["merchant"] = merchant_part(bundle)
    return part


def shard_files(site: Site, shard: int, records: Sequence[ShopRecord]) -> Iterator[tuple[str, bytes, Entry | None]]:
    """Yield path, bytes and entry in the sitemap's index (None for other files) of what a shard's shops share.

    `records` are in the order of their slugs. A shop whose last output was kept without knowing what is in it has none.
    """
    entries = ((path, day) for record in records for path, day in record.shared.get("sitemap", ()))
    for entry, data in sitemap_files(site.url, f"shops-{shard + 1}", entries):
        yield entry[0], data, entry
    if Kind.MERCHANT not in site.without:
        parts = [MerchantPart(*record.shared["merchant"]) for record in records if "merchant" in record.shared]
        yield urls.merchant_feed(shard), merchant_feed(parts), None


def shard_of_records(
    number: int, records: Sequence[ShopRecord], files: Files, entries: Sequence[Entry]
) -> tuple[Shard, bytes]:
    """What the head says of a shard, and the text of the part that holds its records."""
    part, data = write_part(f"shard-{number}", records)
    outputs = [file for record in records for file in record.outputs.items()]
    moments = (record.shared.get("updated") for record in records)
    shard = Shard(
        part=part,
        shops=len(records),
        reviews=sum(record.summary.get("received", 0) for record in records),
        count=len(outputs),
        bytes=sum(size for _, (_, size) in outputs),
        inputs=joined([sum_of(file for record in records for file in record.inputs.items())]),
        outputs=joined([sum_of_outputs(outputs)]),
        files=files,
        sitemap=list(entries),
        updated=max((datetime.fromisoformat(when) for when in moments if when), default=None),
    )
    return shard, data


def sum_of_outputs(files: Iterable[tuple[str, tuple[str, int]]]) -> int:
    """The sum over files of the site."""
    return sum_of((path, digest) for path, (digest, _) in files)


def total(sums: Iterable[str], more: Mapping[str, str]) -> str:
    """The sum of sums that are written in hexadecimal, and over `more` files besides."""
    return joined([*(int(value, 16) for value in sums), sum_of(more.items())])
