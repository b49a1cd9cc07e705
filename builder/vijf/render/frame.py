"""The frame of every page: its head, its language versions, its foot; and how pages are filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from vijf import urls
from vijf.model import Site
from vijf.render.language import Language, load_language
from vijf.render.package import STATIC
from vijf.render.text import escaped, one_direction

if TYPE_CHECKING:
    from jinja2 import Environment

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""Pixels of `card.png`, as Open Graph's readers want it."""


@dataclass(frozen=True, slots=True)
class Version:
    """The same page in another language."""

    code: str
    name: str
    locale: str
    href: str
    absolute: str


@dataclass(frozen=True, slots=True)
class Link:
    """Something that a page's head points to, for programs: a feed, a form of the page for embedding.

    `rel` and `type` are as HTML's `<link>` wants them, `href` is absolute; `hreflang` is empty where the language
    isn't a matter of the link.
    """

    rel: str
    type: str
    href: str
    title: str
    hreflang: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture by which chats and networks show a page: absolute address, size in pixels, what it says."""

    href: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page's content. `versions` are all language versions, this one included."""

    title: str
    full_title: str
    """The page's title with the site's name, for the tab and for search engines."""
    description: str
    canonical: str
    code: str
    locale: str
    """The language with its country, as Open Graph wants it: `nl_NL`."""
    versions: tuple[Version, ...]
    default: str
    """The address for a visitor whose language isn't among them (hreflang x-default)."""
    links: tuple[Link, ...] = ()
    picture: Picture | None = None


def frame(
    site: Site,
    language: Language,
    title: str,
    path: Callable[[str], str],
    *,
    description: str = "",
    codes: Iterable[str] | None = None,
    links: Iterable[Link] = (),
    picture: Picture | None = None,
) -> Frame:
    """The frame of a page: `path` gives its path in a language; `codes` are the languages that it exists in.

    `links` go into its head, in their order; `picture` is what stands for the page elsewhere.
    """
    existing = tuple(codes) if codes is not None else site.languages
    versions = tuple(
        Version(code, known.name, known.with_country, urls.href(site, path(code)), urls.absolute(site, path(code)))
        for code, known in ((code, load_language(code)) for code in existing)
    )
    return Frame(
        title=title,
        full_title=_full_title(site, title),
        description=description,
        canonical=urls.absolute(site, path(language.code)),
        code=language.code,
        locale=language.with_country,
        versions=versions,
        default=versions[0].absolute if versions else "",
        links=tuple(links),
        picture=picture,
    )


def marked_frame(site: Site, language: Language) -> Frame:
    """The frame of a layout for pages that every language has: with marks for what `page_texts` gives."""
    versions = tuple(
        Version(code, known.name, known.with_country, mark(f"href-{code}"), mark(f"absolute-{code}"))
        for code, known in ((code, load_language(code)) for code in site.languages)
    )
    return Frame(
        title=mark("title"),
        full_title=mark("full_title"),
        description="",
        canonical=mark(f"absolute-{language.code}"),
        code=language.code,
        locale=language.with_country,
        versions=versions,
        default=versions[0].absolute,
    )


def page_texts(site: Site, title: str, paths: Mapping[str, str]) -> dict[str, str]:
    """The texts of a page's own in `marked_frame`: `paths` are language -> its path."""
    texts = {"title": title, "full_title": _full_title(site, title)}
    for code, path in paths.items():
        texts[f"href-{code}"] = urls.href(site, path)
        texts[f"absolute-{code}"] = urls.absolute(site, path)
    return texts


def _full_title(site: Site, title: str) -> str:
    return title if title == site.name else f"{title} \N{EN DASH} {one_direction(site.name)}"


def render(template: str, site: Site, language: Language, **values: object) -> bytes:
    """A template of this package, filled in, as UTF-8."""
    return encoded(_pieces(template, site, language, values))


def encoded(pieces: Iterable[str]) -> bytes:
    """`pieces`, one behind the other, as UTF-8.

    Each is encoded by itself: plain ASCII, as most are, is only copied, unless a single other letter stands in it.
    """
    return b"".join([piece.encode() for piece in pieces])


class Layout(NamedTuple):
    """A page without the texts that are its own: the pieces of it, and the names of the texts between them."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]


def layout(template: str, site: Site, language: Language, own: Iterable[str], **values: object) -> Layout:
    """A template filled in once for many pages, cut where the texts named in `own` stand.

    The template may place those and ask whether they are there, nothing else. The marks in their place are zero bytes,
    which no content holds.
    """
    marks = {name: mark(name) for name in own}
    parts = "".join(_pieces(template, site, language, {**values, **marks})).split("\0")
    return Layout(tuple([part.encode() for part in parts[::2]]), tuple(parts[1::2]))


def mark(name: str) -> Markup:
    """What stands in a layout for the text `name`."""
    return Markup("\0{}\0").format(name)


def fill(of: Layout, **texts: object) -> bytes:
    """A page from its layout and its own texts, which are escaped unless they are markup; as UTF-8."""
    parts = [of.pieces[0]]
    for name, piece in zip(of.names, of.pieces[1:], strict=True):
        parts += escaped(texts[name]).encode(), piece
    return b"".join(parts)


def _pieces(template: str, site: Site, language: Language, values: Mapping[str, object]) -> Iterable[str]:
    found = _templates(language).get_template(template)
    # Shared: the context takes this dictionary as it is, instead of copying it together with the globals.
    context = found.new_context({**_common(site, language), **values}, shared=True)
    return found.root_render_func(context)


def _templates(language: Language) -> Environment:
    from vijf.render.templates import environment  # brings Jinja2, which takes time

    return environment(language.code)


@lru_cache(maxsize=64)
def _common(site: Site, language: Language) -> Mapping[str, Any]:
    """What every template gets: the globals of its language, and what all pages of the site have."""
    return {
        **_templates(language).globals,
        "site": site,
        "language": language,
        "footer": _footer(site, language),
        "home": urls.href(site, urls.directory_page(language.code)),
        "css": stylesheet(),
    }


@lru_cache(maxsize=1)
def stylesheet() -> Markup:
    """The stylesheet that stands inside every page."""
    text = (STATIC / "style.css").read_text("utf-8")
    return Markup(" ".join(text.split()))  # noqa: S704  # our own file


def _footer(site: Site, language: Language) -> Markup:
    """Who answers for the site, and where its rules are."""
    funding, code = language.choose(site.operator.funding, site) or ("", "")
    links = [
        (language.gettext("How is the score made?"), urls.named_page(language.code, "score")),
        (language.gettext("House rules"), urls.named_page(language.code, "house-rules")),
    ]
    template = _templates(language).get_template("footer.html")
    text = template.render(
        operator=site.operator,
        funding=funding,
        funding_language=code,
        links=[(name, urls.href(site, path)) for name, path in links],
    )
    return Markup(text)  # noqa: S704  # a template's output
