"""The contact card: how a shop can be reached, when, and what isn't known. It says so; it doesn't accuse."""

from __future__ import annotations

from dataclasses import dataclass

from vijf import urls
from vijf.model import WEEK, Checker, Contact, Hours, Shop
from vijf.render.language import Language


@dataclass(frozen=True, slots=True)
class ContactView:
    """The contact card. Lists of hours are (day, periods) for a whole week."""

    phone: str
    phone_href: str
    email: str
    links: tuple[tuple[str, str], ...]
    address: tuple[str, ...]
    phone_hours: tuple[tuple[str, str], ...]
    counter_hours: tuple[tuple[str, str], ...]
    checked: str
    no_phone: str


def contact_view(contact: Contact | None, language: Language) -> ContactView | None:
    """How a shop can be reached, in words; None when nothing at all is known."""
    if contact is None:
        return None
    links = [
        (language.gettext("Contact form"), contact.form),
        (language.gettext("Contact page"), contact.page),
        (language.gettext("Chat"), contact.chat),
    ]
    return ContactView(
        phone=contact.phone or "",
        phone_href="tel:" + "".join(c for c in contact.phone or "" if c in "+0123456789"),
        email=contact.email or "",
        links=tuple((name, link) for name, link in links if link)
        + tuple((urls.host(link), link) for link in contact.social),
        address=_address(contact, language),
        phone_hours=_week(contact.phone_hours, language),
        counter_hours=_week(contact.counter_hours, language),
        checked=_checked(contact, language),
        no_phone=_no_phone(contact, language),
    )


def _address(contact: Contact, language: Language) -> tuple[str, ...]:
    address = contact.address
    if address is None:
        return ()
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    country = language.country(address.country) if address.country else None
    return tuple(line for line in (address.street, town, country) if line)


def _week(hours: Hours | None, language: Language) -> tuple[tuple[str, str], ...]:
    if not hours:
        return ()
    closed = language.gettext("closed")
    return tuple(
        (
            language.weekday(index),
            ", ".join(period.replace("-", "\N{EN DASH}") for period in hours.get(day, ())) or closed,
        )
        for index, day in enumerate(WEEK)
    )


def _checked(contact: Contact, language: Language) -> str:
    if contact.checked is None:
        return language.gettext("We have not checked these details.")
    day = language.day(contact.checked.date)
    if contact.checked.by is Checker.OPERATOR:
        return language.gettext("Checked by us on %(date)s.", date=day)
    return language.gettext("Confirmed by the company on %(date)s.", date=day)


def _no_phone(contact: Contact, language: Language) -> str:
    if contact.phone:
        return ""
    if contact.checked is None:
        return language.gettext("No phone number known to us")
    return language.gettext(
        "No phone number known to us (checked on %(date)s)", date=language.day(contact.checked.date)
    )


def place_of(shop: Shop) -> str:
    """The town of a shop, empty where it isn't known."""
    return shop.contact.address.city or "" if shop.contact and shop.contact.address else ""
