"""Where each generator puts what is compared: paths, order of pages, how a review is addressed, keys of the widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import shown
from expected import Content, Entry, Shop, midnight

PER_PAGE, SHOPS_PER_PAGE, IN_WIDGET = 20, 100, 10


@dataclass(frozen=True, slots=True)
class Planned:
    """A page that has to be there, with its reviews in order. The shop's own page is its `head`."""

    path: str
    entries: Sequence[Entry]
    head: bool


@dataclass(frozen=True, slots=True)
class InWidget:
    """A review in the widget's data."""

    title: str
    mark: str
    text: str


class Layout(Protocol):
    """A generator's layout."""

    content: Content

    def pages(self, shop: Shop) -> list[Planned]:
        """The pages of a shop."""

    def beyond(self, shop: Shop) -> str:
        """The page after the last, which must not be there."""

    def href(self, shop: Shop, entry: Entry) -> str:
        """The lasting address that a review gives on pages."""

    def data(self, shop: Shop, name: str) -> str:
        """The path of `badge`, `feed`, `widget` (its data) or `script`."""

    def widget(self, data: Mapping[str, Any]) -> tuple[str | None, list[InWidget]]:
        """The score and the reviews in the widget's data."""

    def feed(self, shop: Shop) -> list[tuple[str, list[str]]]:
        """Address and texts of each entry of the feed."""

    def directory(self, number: int) -> str:
        """A page of the directory, from 1."""

    def home(self, shop: Shop) -> str:
        """How the directory links to a shop."""

    def sitemaps(self, read: Callable[[str], bytes]) -> Iterator[str]:
        """Every address in the sitemap."""

    def more(self, shop: Shop, root: Path) -> Iterator[str]:
        """What is wrong with files that only this generator has."""


def _paged(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [entries[at : at + PER_PAGE] for at in range(0, len(entries), PER_PAGE)]


def number_of(entries: Sequence[Entry], entry: Entry) -> int:
    """The page of a review when pages are filled from the oldest on."""
    oldest_first = len(entries) - 1 - [one.id for one in entries].index(entry.id)
    return oldest_first // PER_PAGE + 1


@dataclass(frozen=True)
class Hugo:
    """Pages numbered from the newest, as blogs have them; the first is the shop's own. Less work than Vijf's."""

    content: Content

    def pages(self, shop: Shop) -> list[Planned]:
        rest = _paged(shop.entries)[1:]
        more = [Planned(f"{shop.slug}/page/{at}/index.html", part, head=False) for at, part in enumerate(rest, 2)]
        return [Planned(f"{shop.slug}/index.html", shop.entries[:PER_PAGE], head=True), *more]

    def beyond(self, shop: Shop) -> str:
        return f"{shop.slug}/page/{len(self.pages(shop)) + 1}/index.html"

    def href(self, shop: Shop, entry: Entry) -> str:  # noqa: ARG002
        return f"#r-{entry.id}"

    def data(self, shop: Shop, name: str) -> str:
        files = {"badge": "badge.svg", "feed": "feed.xml", "widget": "widget.json", "script": "widget.js"}
        return f"{shop.slug}/{files[name]}"

    def widget(self, data: Mapping[str, Any]) -> tuple[str | None, list[InWidget]]:
        return data["score"], [InWidget(one["title"], str(one["rating"]), one["text"]) for one in data["reviews"]]

    def feed(self, shop: Shop) -> list[tuple[str, list[str]]]:
        home = f"{self.content.url}/{shop.slug}/"
        newest = shop.entries[:PER_PAGE]
        return [(f"{home}#r-{e.id}", [e.text, *(reply.text for reply in e.replies)]) for e in newest]

    def directory(self, number: int) -> str:
        return "index.html" if number == 1 else f"bedrijven/{number}/index.html"

    def home(self, shop: Shop) -> str:
        return f"/{shop.slug}/"

    def sitemaps(self, read: Callable[[str], bytes]) -> Iterator[str]:
        return iter(shown.locations(read("sitemap.xml")))

    def more(self, shop: Shop, root: Path) -> Iterator[str]:  # noqa: ARG002
        return iter(())


@dataclass(frozen=True)
class Vijf:
    """The newest twenty on the shop's page, and an archive filled from the oldest on; open data besides."""

    content: Content

    def pages(self, shop: Shop) -> list[Planned]:
        archive = [part[::-1] for part in _paged(shop.entries[::-1])]
        more = [Planned(f"nl/{shop.slug}/page/{at}/index.html", part, head=False) for at, part in enumerate(archive, 1)]
        return [Planned(f"nl/{shop.slug}/index.html", shop.entries[:PER_PAGE], head=True), *more]

    def beyond(self, shop: Shop) -> str:
        return f"nl/{shop.slug}/page/{len(self.pages(shop))}/index.html"

    def href(self, shop: Shop, entry: Entry) -> str:
        return f"/nl/{shop.slug}/page/{number_of(shop.entries, entry)}/#r-{entry.id}"

    def data(self, shop: Shop, name: str) -> str:
        files = {"badge": "badge.nl.svg", "feed": "feed.xml", "widget": "widget.nl.json", "script": "widget.nl.js"}
        return f"v1/{shop.slug}/{files[name]}"

    def widget(self, data: Mapping[str, Any]) -> tuple[str | None, list[InWidget]]:
        reviews = [InWidget(one["title"], one["rating"]["text"], one["text"]) for one in data["reviews"]]
        return data["score"] and data["score"]["text"], reviews

    def feed(self, shop: Shop) -> list[tuple[str, list[str]]]:
        found = []
        for entry in shop.entries:
            address = self.content.url + self.href(shop, entry)
            found.append(((entry.published, 0, entry.received, entry.id), address, entry.text))
            for reply in entry.replies:
                at = midnight(reply.day, self.content.zone)
                found.append(((at, 1, entry.received, entry.id), address, reply.text))
        return [(address, [text]) for _, address, text in sorted(found, reverse=True)[:40]]

    def directory(self, number: int) -> str:
        return "nl/index.html" if number == 1 else f"nl/-/shops/{number}/index.html"

    def home(self, shop: Shop) -> str:
        return f"/nl/{shop.slug}/"

    def sitemaps(self, read: Callable[[str], bytes]) -> Iterator[str]:
        for part in shown.locations(read("sitemap.xml")):
            yield from shown.locations(read(urlsplit(part).path.removeprefix("/")))

    def more(self, shop: Shop, root: Path) -> Iterator[str]:
        folder = root / "v1" / shop.slug
        yield from _open_score(shop, folder / "score.json")
        yield from _open_reviews(shop, folder, root)
        if not (root / "review" / shop.slug / "index.html").is_file():
            yield f"review/{shop.slug}/: no page to write a review"


def _open_score(shop: Shop, path: Path) -> Iterator[str]:
    score = shown.json.loads(path.read_bytes())
    exact, tenths = shop.exact, shop.tenths
    wanted = {
        "counted": len(shop.entries),
        "score": None if tenths is None else tenths / 10,
        "mean": None if exact is None else f"{exact.numerator}/{exact.denominator}",
    }
    if {key: score[key] for key in wanted} != wanted:
        yield f"v1/{shop.slug}/score.json: {score}"


def _open_reviews(shop: Shop, folder: Path, root: Path) -> Iterator[str]:
    found: list[tuple[str, str]] = []
    path: Path | None = folder / "reviews.json"
    while path:
        part = shown.json.loads(path.read_bytes())
        found += [(one["id"], one["text"]) for one in part["reviews"]]
        path = root / part["next"].removeprefix("/") if part["next"] else None
    if found != [(entry.id, entry.text) for entry in shop.entries]:
        yield f"v1/{shop.slug}/reviews.json: not the shop's reviews, newest first"


LAYOUTS: Mapping[str, Callable[[Content], Layout]] = {"hugo": Hugo, "vijf": Vijf}
