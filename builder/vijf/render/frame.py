"""The frame of every page: templates, title, language versions. One Jinja2 environment a language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from vijf import urls
from vijf.model import Registration, Site
from vijf.render.language import Language, load_language
from vijf.render.stars import STAR_PATH
from vijf.render.text import isolate, one_direction

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
        full_title=title if title == site.name else f"{title} \N{EN DASH} {one_direction(site.name)}",
        description=description,
        canonical=urls.absolute(site, path(language.code)),
        code=language.code,
        locale=language.with_country,
        versions=versions,
        default=versions[0].absolute if versions else "",
        links=tuple(links),
        picture=picture,
    )


def render(template: str, site: Site, language: Language, **values: object) -> bytes:
    """A template of this package, filled in, as UTF-8."""
    text = (
        _environment(language.code)
        .get_template(template)
        .render(
            site=site,
            language=language,
            footer=_footer(site, language),
            home=urls.href(site, urls.directory_page(language.code)),
            css=stylesheet(),
            **values,
        )
    )
    return text.encode()


@lru_cache(maxsize=1)
def stylesheet() -> Markup:
    """The stylesheet that stands inside every page."""
    text = files("vijf").joinpath("render", "static", "style.css").read_text("utf-8")
    return Markup(" ".join(text.split()))  # noqa: S704  # our own file


@lru_cache(maxsize=64)
def _environment(code: str) -> Environment:
    language = load_language(code)
    environment = Environment(
        loader=PackageLoader("vijf.render"),
        extensions=[_Translated],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"isolate": isolate, "one_direction": one_direction, "mailto": urls.mailto}
    environment.globals |= {"_": language.gettext, "ngettext": language.ngettext, "star_path": STAR_PATH}
    environment.globals["star_shapes"] = environment.get_template("stars.html").make_module().shapes()  # type: ignore[attr-defined]  # a macro
    return environment


class _Translated(Extension):
    """Puts messages without values into a template's own text when it is compiled, once for each language."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """`_("Words")` becomes the string `"Woorden"`, which Jinja2 escapes where it stands, as any other.

        A template that speaks several languages, and so sets its own `_`, is left as it is.
        """
        tokens = list(stream)
        if any((one.value, other.value) == ("set", "_") for one, other in pairwise(tokens)):
            yield from tokens
            return
        translate = cast("Callable[[str], str]", self.environment.globals["_"])
        at = 0
        while at < len(tokens):
            call = tokens[at : at + 4]
            if [token.type for token in call] == ["name", "lparen", "string", "rparen"] and call[0].value == "_":
                yield Token(call[0].lineno, "string", translate(call[2].value))
                at += 4
            else:
                yield tokens[at]
                at += 1


class Footer(NamedTuple):
    """Who answers for the site, and the path below which its rules are: the same on every page of a language."""

    path: str
    funding: str
    funding_language: str
    name: str
    email: str
    address: str | None
    phone: str | None
    registration: tuple[Registration, ...]


def _footer(site: Site, language: Language) -> Markup:
    operator = site.operator
    funding, code = language.choose(operator.funding, site) or ("", "")
    return _footer_html(
        language,
        Footer(
            path=urls.base_path(site),
            funding=funding,
            funding_language=code,
            name=operator.name,
            email=operator.email,
            address=operator.address,
            phone=operator.phone,
            registration=operator.registration,
        ),
    )


@lru_cache(maxsize=64)
def _footer_html(language: Language, footer: Footer) -> Markup:
    links = [
        (language.gettext("How is the score made?"), urls.named_page(language.code, "score")),
        (language.gettext("House rules"), urls.named_page(language.code, "house-rules")),
    ]
    text = (
        _environment(language.code)
        .get_template("footer.html")
        .render(footer=footer, links=[(name, footer.path + path.removesuffix(urls.INDEX)) for name, path in links])
    )
    return Markup(text)  # noqa: S704  # a template's output
