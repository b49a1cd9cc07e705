"""Whether a built site says all that the benchmark's content says, and no score below the threshold.

    python tests/bench/check.py hugo|vijf CONTENT SITE

Prints what is wrong, a line each; exit 1 if anything is. What is right is worked out by `expected`, from the YAML; what
the site shows is read by `shown`; `layouts` knows where a generator puts it. Nothing here imports the package.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import expected
import layouts
import shown
from expected import Entry, Shop
from layouts import IN_WIDGET, LAYOUTS, SHOPS_PER_PAGE, Layout
from lxml import etree

SHOWN_FAULTS = 20
_MEAN = re.compile(r"(?<![\d,.])(?:10|[1-9]),\d(?!\d)")
"""A mean as pages write it. Marks of the content are whole, and no name or text of it has a comma between digits."""


@dataclass(frozen=True)
class Check:
    """A site in the folder `root`, made by a generator with that layout."""

    layout: Layout
    root: Path

    def faults(self) -> Iterator[str]:
        """Everything that is wrong, each with the path where it is."""
        content = self.layout.content
        for shop in content.shops:
            yield from self._guarded(shop.slug, self._shop(shop))
        yield from self._guarded("directory", self._directory())
        yield from self._guarded("sitemap", self._sitemap())

    def _guarded(self, name: str, faults: Iterator[str]) -> Iterator[str]:
        """The faults, and as one more that a file is missing or can't be read at all."""
        try:
            yield from faults
        except FileNotFoundError as error:
            yield f"{Path(str(error.filename)).relative_to(self.root)}: missing"
        except (etree.LxmlError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            yield f"{name}: can't be read: {type(error).__name__}: {error}"

    def _read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    # A shop

    def _shop(self, shop: Shop) -> Iterator[str]:
        for planned in self.layout.pages(shop):
            yield from self._guarded(planned.path, self._page(shop, planned))
        if (self.root / self.layout.beyond(shop)).exists():
            yield f"{self.layout.beyond(shop)}: a page too many"
        yield from self._guarded(self.layout.data(shop, "badge"), self._badge(shop))
        yield from self._guarded(self.layout.data(shop, "widget"), self._widget(shop))
        yield from self._guarded(self.layout.data(shop, "feed"), self._feed(shop))
        yield from self._guarded(shop.slug, self.layout.more(shop, self.root))

    def _page(self, shop: Shop, planned: layouts.Planned) -> Iterator[str]:
        page = shown.page(self._read(planned.path))
        for what in page.active:
            yield f"{planned.path}: would run: {what}"
        ids, wanted = [review.id for review in page.reviews], [entry.id for entry in planned.entries]
        if ids != wanted:
            yield f"{planned.path}: reviews {ids}, not {wanted}"
            return
        for review, entry in zip(page.reviews, planned.entries, strict=True):
            wrong = self._differences(shop, review, entry)
            if wrong:
                yield f"{planned.path}: review {entry.id}: {', '.join(wrong)}"
        mean, histogram = (shop.mean, shop.histogram) if planned.head else (None, {})
        if page.mean != mean:
            yield f"{planned.path}: average {page.mean}, not {mean}"
        if page.histogram != histogram:
            yield f"{planned.path}: histogram {page.histogram}, not {histogram}"
        if planned.head:
            yield from self._structured(shop, planned, page.structured or {})

    def _differences(self, shop: Shop, review: shown.Review, entry: Entry) -> list[str]:
        """The names of what a page shows differently from the content."""
        replies = [(reply.day, shown.lines_of(reply.text)) for reply in entry.replies]
        same = {
            "address": review.href == self.layout.href(shop, entry),
            "day": review.day == entry.day,
            "mark": review.mark == entry.shown_mark,
            "title": review.title == entry.title,
            "text": review.text == shown.lines_of(entry.text),
            "author": entry.author in review.who and entry.place in review.who,
            "replies": review.replies == replies,
        }
        return [name for name, right in same.items() if not right]

    def _structured(self, shop: Shop, planned: layouts.Planned, data: dict[str, Any]) -> Iterator[str]:
        total = data.get("aggregateRating")
        found = total and (str(total["ratingValue"]), total["ratingCount"])
        wanted = (shop.mean.replace(",", "."), len(shop.entries)) if shop.mean else None
        if found != wanted:
            yield f"{planned.path}: aggregateRating {found}, not {wanted}"
        reviews = [
            (
                one["@id"].partition("#r-")[2],
                one["author"]["name"],
                one["datePublished"],
                one["reviewBody"],
                str(one["reviewRating"]["ratingValue"]) if "reviewRating" in one else None,
            )
            for one in data.get("review", ())
        ]
        if reviews != [
            (entry.id, entry.author, entry.day, entry.text, str(entry.mark) if shop.scored else None)
            for entry in planned.entries
        ]:
            yield f"{planned.path}: reviews in JSON-LD"

    def _badge(self, shop: Shop) -> Iterator[str]:
        path = self.layout.data(shop, "badge")
        said = set(_MEAN.findall(shown.words_of_image(self._read(path))))
        if said != ({shop.mean} if shop.mean else set()):
            yield f"{path}: says {said or 'no score'}, not {shop.mean or 'no score'}"

    def _widget(self, shop: Shop) -> Iterator[str]:
        path, script = self.layout.data(shop, "widget"), self.layout.data(shop, "script")
        data = json.loads(self._read(path))
        score, reviews = self.layout.widget(data)
        if score != shop.mean:
            yield f"{path}: score {score}, not {shop.mean}"
        newest = shop.entries[:IN_WIDGET]
        if len(reviews) != len(newest) or not all(map(_same_in_widget, reviews, newest)):
            yield f"{path}: not the newest {len(newest)} reviews"
        # The data stands in the script as well, as an expression; find it by how it begins.
        code = self._read(script).decode()
        begin = code.find(self._read(path).decode()[:8])
        if begin < 0 or json.JSONDecoder().raw_decode(code, begin)[0] != data:
            yield f"{script}: not the widget's data"

    def _feed(self, shop: Shop) -> Iterator[str]:
        path = self.layout.data(shop, "feed")
        items, wanted = shown.items(self._read(path)), self.layout.feed(shop)
        if [item.href for item in items] != [address for address, _ in wanted]:
            yield f"{path}: entries"
            return
        for item, (address, texts) in zip(items, wanted, strict=True):
            if item.active:
                yield f"{path}: would run: {item.active[0]}"
            said = "\n".join(item.lines)
            for text in texts:
                if "\n".join(line for paragraph in shown.lines_of(text) for line in paragraph) not in said:
                    yield f"{path}: text of {address}"
            if _MEAN.search(item.title):
                yield f"{path}: an average in {item.title!r}"

    # The site

    def _directory(self) -> Iterator[str]:
        shops = self.layout.content.shops
        for number, at in enumerate(range(0, len(shops), SHOPS_PER_PAGE), 1):
            path = self.layout.directory(number)
            rows, active = shown.rows(self._read(path))
            for what in active:
                yield f"{path}: would run: {what}"
            wanted = [shown.Row(self.layout.home(s), s.name, s.mean) for s in shops[at : at + SHOPS_PER_PAGE]]
            for row, right in zip(rows, wanted, strict=False):
                if row != right:
                    yield f"{path}: {row}, not {right}"
                    break
            if len(rows) != len(wanted):
                yield f"{path}: {len(rows)} shops, not {len(wanted)}"

    def _sitemap(self) -> Iterator[str]:
        found = list(self.layout.sitemaps(self._read))
        if len(found) != len(set(found)):
            yield "sitemap: an address twice"
        url = self.layout.content.url
        wanted = {p.path for shop in self.layout.content.shops for p in self.layout.pages(shop)}
        wanted.add(self.layout.directory(1))
        missing = {f"{url}/{path.removesuffix('index.html')}" for path in wanted} - set(found)
        yield from (f"sitemap: without {address}" for address in sorted(missing))
        for address in found:
            if not (self.root / address.removeprefix(f"{url}/") / "index.html").is_file():
                yield f"sitemap: {address} is no page"


def _same_in_widget(one: layouts.InWidget, entry: Entry) -> bool:
    cut = one.text.removesuffix("…")
    whole = one.text == entry.text or (one.text != cut and entry.text.startswith(cut) and len(cut) > 100)
    return whole and (one.title, one.mark) == (entry.title, entry.shown_mark)


def faults(generator: str, content: Path, site: Path) -> list[str]:
    """Everything that is wrong with the `site` that a generator made from `content`."""
    return list(Check(LAYOUTS[generator](expected.read(content)), site).faults())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("generator", choices=LAYOUTS)
    parser.add_argument("content", type=Path)
    parser.add_argument("site", type=Path)
    options = parser.parse_args()
    found = faults(options.generator, options.content, options.site)
    for fault in found[:SHOWN_FAULTS]:
        print(fault)
    if len(found) > SHOWN_FAULTS:
        print(f"and {len(found) - SHOWN_FAULTS} more")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
