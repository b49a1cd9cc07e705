"""A built site as a visitor's programs meet it: files by path, pages as trees, links led to the file they mean."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REFRESH = re.compile(r"\s*\d+\s*;\s*url=(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class BuiltSite:
    """The site in the folder `root`, to be served at `url` (absolute, without a final slash)."""

    root: Path
    url: str

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    @cached_property
    def pages(self) -> list[str]:
        """The paths of all pages."""
        return sorted(path for path in self.files if path.endswith(".html"))

    @property
    def languages(self) -> list[str]:
        """The languages of its directories."""
        return sorted(path.split("/")[0] for path in self.pages if re.fullmatch("[a-z]{2}/index.html", path))

    def bytes(self, path: str) -> bytes:
        """A file."""
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str:
        """A file of text."""
        return self.bytes(path).decode()

    def json(self, path: str) -> Any:
        """A file of JSON."""
        return json.loads(self.bytes(path))

    def tree(self, path: str) -> html.HtmlElement:
        """A page, parsed as browsers do."""
        return _tree(self.root / path)

    def widget(self, path: str) -> Any:
        """The data inside a widget's script."""
        code = self.bytes(path).decode("ascii")
        return json.JSONDecoder().raw_decode(code, code.index('{"v":1'))[0]

    @property
    def widgets(self) -> list[str]:
        """The paths of all one-request widgets."""
        return sorted(path for path in self.files if re.search(r"/widget\.[^/]+\.js$", path))

    @property
    def pinned(self) -> list[str]:
        """The paths of the pinned scripts, which are the same in every site."""
        return sorted(path for path in self.files if re.fullmatch(r"v1/vijf\.[0-9a-f]{16}\.js", path))

    def shop_files(self, slug: str) -> list[str]:
        """All files below any folder named `slug`."""
        return sorted(path for path in self.files if slug in path.split("/")[:-1])

    def address(self, path: str) -> str:
        """The absolute address of a file."""
        return f"{self.url}/{path.removesuffix('index.html')}"

    def file_at(self, address: str) -> str | None:
        """The file that answers at an absolute address (without its fragment); None outside the site."""
        bare = address.partition("#")[0]
        if not (bare + "/").startswith(self.url + "/"):
            return None
        path = urlsplit(bare).path[len(urlsplit(self.url).path) + 1 :]
        return path + "index.html" if not path or path.endswith("/") else path

    def links(self, path: str) -> Iterator[tuple[html.HtmlElement, str, str]]:
        """(element, attribute, absolute address) of everything that a page names by address."""
        for element in self.tree(path).iter("*"):
            for name in ("href", "src", "action", "poster", "cite", "data", "formaction"):
                if element.get(name) is not None:
                    yield element, name, urljoin(self.address(path), element.get(name))
            for candidate in (element.get("srcset") or "").split(","):
                if candidate.strip():
                    yield element, "srcset", urljoin(self.address(path), candidate.split()[0])
            target = refresh(element)
            if target is not None:
                yield element, "content", urljoin(self.address(path), target)


def refresh(element: html.HtmlElement) -> str | None:
    """Where `<meta http-equiv="refresh">` leads."""
    if element.tag != "meta" or (element.get("http-equiv") or "").lower() != "refresh":
        return None
    found = _REFRESH.fullmatch(element.get("content") or "")
    return found.group(1) if found else ""


@cache
def _tree(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_bytes().decode(), parser=html.HTMLParser(huge_tree=True))


def words(element: html.HtmlElement) -> str:
    """The text of an element, its white space collapsed."""
    return " ".join(element.text_content().split())


def strip_reviews(tree: html.HtmlElement) -> bytes:
    """A page without its single reviews."""
    copy = html.fromstring(html.tostring(tree))
    for article in copy.xpath("//article"):
        article.drop_tree()
    return html.tostring(copy)
