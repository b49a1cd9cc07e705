"""What the content says, as frozen values: `Site`, `Shop`, `Review` and their parts.

Only `vijf.content` makes these, from files that it has checked; everything after it may trust them.
Ratings are exact: a rating is an `int` in half points (2 is a 1, 17 is an 8.5, 20 is a 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

Localized = Mapping[str, str]
"""One text in several languages: language code -> text. Never empty."""


class Moment(NamedTuple):
    """When something happened.

    `instant` is in UTC; a plain day stands as 00:00 of that day in the site's time zone. `day` is the local
    day in that zone. `exact` says that a time was given.
    """

    instant: datetime
    day: date
    exact: bool


class Ground(StrEnum):
    """Why a review is on hold or was removed: a closed list, each with a fixed sentence on pages (DSA, art. 17)."""

    NOT_A_CUSTOMER = "not_a_customer"
    FAKE = "fake"
    INSULTING = "insulting"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"
    DEMONSTRABLY_UNTRUE = "demonstrably_untrue"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    WRONG_COMPANY = "wrong_company"
    DUPLICATE = "duplicate"
    ILLEGAL = "illegal"
    COURT_ORDER = "court_order"
    WITHDRAWN_BY_CUSTOMER = "withdrawn_by_customer"
    ERASED = "erased"


CUSTOMER_GROUNDS = (Ground.WITHDRAWN_BY_CUSTOMER, Ground.ERASED)
"""Grounds on which a customer removes their own review; all others need the operator or a court."""


class Status(StrEnum):
    """Whether a shop takes part."""

    ACTIVE = "active"
    LEFT = "left"
    EXPELLED = "expelled"
    CLOSED = "closed"


class Collected(StrEnum):
    """By which way a review came in."""

    INVITATION = "invitation"
    LINK = "link"
    WIDGET = "widget"
    TABLET = "tablet"
    IMPORT = "import"


class Method(StrEnum):
    """How it was checked that the author was a customer. `NONE`: it was not; `UNKNOWN`: it isn't recorded."""

    INVITATION = "invitation"
    INVOICE = "invoice"
    ORDER = "order"
    KNOWN_TO_SHOP = "known_to_shop"
    NONE = "none"
    UNKNOWN = "unknown"


class Incentive(StrEnum):
    """What the author got for writing; anything but `NONE` is shown."""

    NONE = "none"
    FREE_PRODUCT = "free_product"
    DISCOUNT = "discount"
    PAID = "paid"


class Speaker(StrEnum):
    """Who wrote a reply."""

    SHOP = "shop"
    CUSTOMER = "customer"
    OPERATOR = "operator"


class Remover(StrEnum):
    """Who removed a review."""

    OPERATOR = "operator"
    CUSTOMER = "customer"
    COURT = "court"


class Notice(StrEnum):
    """Who asked for a removal."""

    SHOP = "shop"
    CUSTOMER = "customer"
    VISITOR = "visitor"
    AUTHORITY = "authority"
    OWN_INITIATIVE = "own_initiative"
    NONE = "none"


class WithdrawalReason(StrEnum):
    """Why a rating no longer counts although its text stands."""

    NO_ANSWER = "no_answer"
    CUSTOMER = "customer"


class Checker(StrEnum):
    """Who checked the ways to reach a shop."""

    OPERATOR = "operator"
    SHOP = "shop"


class Preset(StrEnum):
    """What may happen to a review before it is published."""

    IMMEDIATE = "immediate"
    QUARANTINE = "quarantine"
    MEDIATION = "mediation"
    DECISION = "decision"


class AppliesTo(StrEnum):
    """Which reviews the preset holds back."""

    ALL = "all"
    INSUFFICIENT = "insufficient"


class Kind(StrEnum):
    """Kinds of output that an operator may leave out (`without:`)."""

    PNG = "png"
    CARD = "card"
    FRAME = "frame"
    MERCHANT = "merchant"
    INVITE = "invite"
    EMBED = "embed"
    SHIELD = "shield"
    JSONFEED = "jsonfeed"
    ATOM = "atom"
    WIDE = "wide"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Registration:
    """An entry in a public register, such as a chamber of commerce."""

    register: str
    number: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the site and answers for it."""

    name: str
    email: str
    address: str | None = None
    phone: str | None = None
    registration: tuple[Registration, ...] = ()
    funding: Localized | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """The procedure before publication; `days` is None where the preset's own number holds."""

    preset: Preset = Preset.IMMEDIATE
    applies_to: AppliesTo = AppliesTo.ALL
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """`site.yaml`. `url` is absolute, without a final slash; `languages[0]` is the default."""

    name: str
    url: str
    languages: tuple[str, ...]
    operator: Operator
    timezone: str = "Europe/Amsterdam"
    threshold: int = 5
    desk_url: str | None = None
    procedure: Procedure = Procedure()
    demo: bool = False
    count_imports: frozenset[str] = frozenset()
    aspects: Mapping[str, Localized] | None = None
    without: frozenset[Kind] = frozenset()

    def __hash__(self) -> int:
        """By what tells sites apart; so functions can remember what is the same on all pages of a site."""
        return hash((self.url, self.name))


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """When and by whom the ways to reach a shop were last checked."""

    date: date
    by: Checker


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = Mapping[str, tuple[str, ...]]
"""A week: day ("mon" .. "sun") -> periods such as "09:00-17:30". A day that isn't named: closed."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The ways in which a shop can be reached."""

    phone: str | None = None
    phone_hours: Hours | None = None
    counter_hours: Hours | None = None
    email: str | None = None
    form: str | None = None
    page: str | None = None
    chat: str | None = None
    address: Address | None = None
    social: tuple[str, ...] = ()
    checked: Checked | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """`shop.yaml`. `until` is the last day of a shop that is no longer active; `formerly` has the oldest slug first."""

    slug: str
    name: str
    url: str
    also: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    until: date | None = None
    merged_into: str | None = None
    formerly: tuple[str, ...] = ()
    owner_since: date | None = None
    category: str | None = None
    member_since: date | None = None
    description: Localized | None = None
    contact: Contact | None = None
    registration: tuple[Registration, ...] = ()

    @property
    def lasting_slug(self) -> str:
        """The slug that the shop had first: what feeds name it by, since it survives a change of slug."""
        return self.formerly[0] if self.formerly else self.slug


@dataclass(frozen=True, slots=True)
class Author:
    """What a reviewer says of themselves; both may be missing."""

    name: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """How, and when, it was checked that the author was a customer."""

    method: Method
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A public answer. Only an imported reply may lack its date."""

    by: Speaker
    text: str
    date: Moment | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change by the customer; `rating` is what the mark was before, None where only words changed."""

    date: Moment
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class RatingWithdrawn:
    """The text stays, the mark no longer counts."""

    date: Moment
    reason: WithdrawalReason


@dataclass(frozen=True, slots=True)
class Hold:
    """On hold: keeps its place, without text, not counted; `until` is the last day on which it ends."""

    since: Moment
    until: Moment
    ground: Ground


@dataclass(frozen=True, slots=True)
class Removal:
    """A tombstone: when, why, by whom, on whose notice, and whether a machine did it."""

    date: Moment
    ground: Ground
    by: Remover
    notice: Notice = Notice.NONE
    automated: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported review was first published, with its mark as given there."""

    platform: str
    id: str | None = None
    rating: Fraction | None = None
    scale: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One entry of a shop's reviews, public in some form: visible, on hold, or a tombstone.

    `rating` is in half points, 2 to 20, None where the customer gave no mark. A held or removed review has
    no words at all (title, text, author, replies are absent), by the decoder's rule.
    """

    id: str
    received: Moment
    published: Moment
    experience: date | None = None
    rating: int | None = None
    title: str | None = None
    text: str | None = None
    language: str | None = None
    author: Author | None = None
    collected: Collected | None = None
    verification: Verification | None = None
    incentive: Incentive = Incentive.NONE
    aspects: Mapping[str, int] | None = None
    recommends: bool | None = None
    replies: tuple[Reply, ...] = ()
    amended: tuple[Amendment, ...] = ()
    rating_withdrawn: RatingWithdrawn | None = None
    redacted: Moment | None = None
    held: Hold | None = None
    removed: Removal | None = None
    origin: Origin | None = None

    @property
    def visible(self) -> bool:
        """Whether its words and mark are public."""
        return self.held is None and self.removed is None

    @property
    def sort_key(self) -> tuple[datetime, datetime, str]:
        """The order of all lists: oldest first by (published, received, id); pages reverse it."""
        return (self.published.instant, self.received.instant, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown page of the operator's, in one language; `body` is Markdown, not yet sanitised."""

    name: str
    language: str
    title: str
    body: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Logo:
    """A shop's logo as it is published: a PNG drawn anew from the file as given, and its size in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShopContent:
    """All that the content says of one shop; `reviews` newest first by `Review.sort_key`."""

    shop: Shop
    reviews: tuple[Review, ...]
    logo: Logo | None = None
