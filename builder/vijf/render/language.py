"""One language: its words (gettext), numbers, dates and direction (Babel). Nothing here knows the machine's locale.

What Babel formats is remembered by (language, value), since a site says the same days and small numbers over and over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING

from vijf.model import Localized, Site
from vijf.render.package import catalogue

if TYPE_CHECKING:
    from babel import Locale

_REGIONAL = {"en": "en-GB"}
"""Where a bare language would bring the dates of another continent: pages are read in Europe."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language of the site. `code` is as in `site.yaml`."""

    code: str
    locale: Locale
    words: NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """`message`, which is English, in this language, its `%(name)s` filled in."""
        translated = self.words.gettext(message)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The form of a message for `count`, which stands in it as `%(count)s`."""
        return self.words.ngettext(one, many, count) % {"count": self.integer(count), **values}

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML's `dir` wants it."""
        return _direction(self)

    @property
    def name(self) -> str:
        """The language's name in itself, with a capital, as it stands in a list: `Nederlands`, `Français`."""
        return _own_name(self)

    @property
    def with_country(self) -> str:
        """The language and the country where most of its readers live, with an underscore: `nl_NL`, `pt_BR`."""
        return _with_country(self)

    def integer(self, number: int) -> str:
        """A whole number, its thousands grouped."""
        return _integer(self, number)

    def mark(self, halves: int) -> str:
        """One rating, given in half points: 17 is `8,5`, 16 is `8`."""
        return _marks(self)[halves]

    def score(self, tenths: int) -> str:
        """A mean that was rounded to tenths: 87 is `8,7`, 80 is `8,0`."""
        return _score(self, tenths)

    def hundredths(self, hundredths: int) -> str:
        """A number given in hundredths: 865 is `8,65`."""
        return _decimal(Decimal(hundredths) / 100, "0.00", self.locale)

    def decimal(self, number: Fraction) -> str:
        """A number with at most one decimal, rounded half up."""
        tenths = (number * 10 + Fraction(1, 2)).__floor__()
        return _decimal(Decimal(tenths) / 10, "#,##0.#", self.locale)

    def percent(self, share: Fraction) -> str:
        """A share of 0 to 1 in whole per cents, rounded half up; 100 and 0 only when it is all or none."""
        whole = (share * 100 + Fraction(1, 2)).__floor__()
        if 0 < share < 1:
            whole = min(max(whole, 1), 99)
        return _percent(Decimal(whole) / 100, self.locale)

    def day(self, day: date) -> str:
        """A day in words: `3 november 2026`."""
        return _day(self, day)

    def month(self, day: date) -> str:
        """A month in words: `november 2026`."""
        return _month(self, day.year, day.month)

    def weekday(self, index: int) -> str:
        """The name of a day of the week, 0 for Monday."""
        return _weekdays(self)[index]

    def language_name(self, code: str) -> str:
        """The name of another language in this one, or its code where nobody knows it."""
        return _language_name(self, code)

    def country(self, code: str) -> str:
        """A country's name in this language."""
        return _country(self, code)

    def choose(self, texts: Localized | None, site: Site) -> tuple[str, str] | None:
        """The text that fits best, with its language: this one, else the site's default, else the first."""
        if not texts:
            return None
        for code in (self.code, *site.languages, *texts):
            if code in texts:
                return texts[code], code
        return None


@lru_cache(maxsize=64)
def load_language(code: str) -> Language:
    """The language `code`, one of those that `vijf.content.site.available_languages` names."""
    from babel import Locale

    locale = Locale.parse(_REGIONAL.get(code, code), sep="-")
    if code == "en":
        return Language(code, locale, NullTranslations())
    with catalogue(code).open("rb") as file:
        return Language(code, locale, GNUTranslations(file))


@lru_cache(maxsize=64)
def _direction(language: Language) -> str:
    return "rtl" if language.locale.character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=64)
def _own_name(language: Language) -> str:
    from babel import Locale

    own = Locale.parse(language.code, sep="-")
    name = own.get_display_name(own) or language.code
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=64)
def _with_country(language: Language) -> str:
    locale = language.locale
    country = locale.territory or _likely_country(locale)
    return f"{locale.language}_{country}" if country else locale.language


def _likely_country(locale: Locale) -> str:
    """The country that comes to mind with a language (Unicode's likely subtags), empty where none does."""
    from babel.core import get_global

    likely = get_global("likely_subtags").get(str(locale), "")
    return likely.rpartition("_")[2] if likely else ""


@lru_cache(maxsize=8192)
def _integer(language: Language, number: int) -> str:
    return _decimal(number, "#,##0", language.locale)


@lru_cache(maxsize=64)
def _marks(language: Language) -> dict[int, str]:
    return {halves: _decimal(Decimal(halves) / 2, "0.#", language.locale) for halves in range(2, 21)}


@lru_cache(maxsize=2048)
def _score(language: Language, tenths: int) -> str:
    return _decimal(Decimal(tenths) / 10, "0.0", language.locale)


@lru_cache(maxsize=8192)
def _day(language: Language, day: date) -> str:
    text = _date(day, "long", language.locale)
    if language.locale.language == "fr" and day.day == 1:
        return f"1er{text.removeprefix('1')}"  # the locale data leaves the ordinal out, French readers don't
    return text


@lru_cache(maxsize=2048)
def _month(language: Language, year: int, month: int) -> str:
    return _date(date(year, month, 1), "LLLL y", language.locale)


@lru_cache(maxsize=64)
def _weekdays(language: Language) -> tuple[str, ...]:
    names = language.locale.days["stand-alone"]["wide"]
    return tuple(names[index] for index in range(7))


@lru_cache(maxsize=1024)
def _language_name(language: Language, code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code, sep="-").get_language_name(language.locale) or code
    except (ValueError, UnknownLocaleError):
        return code


@lru_cache(maxsize=1024)
def _country(language: Language, code: str) -> str:
    name: str = language.locale.territories.get(code, code)
    return name


# Babel takes a while to import, and a build in which nothing changed formats nothing.


def _decimal(number: int | Decimal, pattern: str, locale: Locale) -> str:
    from babel.numbers import format_decimal

    return format_decimal(number, pattern, locale=locale)


def _percent(share: Decimal, locale: Locale) -> str:
    from babel.numbers import format_percent

    return format_percent(share, locale=locale)


def _date(day: date, form: str, locale: Locale) -> str:
    from babel.dates import format_date

    text: str = format_date(day, form, locale=locale)
    return text
