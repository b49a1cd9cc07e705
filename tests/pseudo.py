"""A language that nobody speaks, so that what was never translated shows, and one that runs from right to left.

Made as `docs/languages.md` says to add a language: in a copy of the sources an empty catalogue is filled by the script
behind `make messages`, and translated. `eo` gets the English words with accents, in ⟦brackets⟧, and 40 per cent longer;
`ar` the same in Arabic letters. The content is in Greek letters, so that every other letter belongs to the site.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import made_content as made
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po, write_po
from contents import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LEFT, RIGHT = "eo", "ar"
URL = "https://kritiki.example"
ACCENTED = str.maketrans("aceginosuyzACEGINOSUYZ", "áçéĝíñöšúýžÁÇÉĜÍÑÖŠÚÝŽ")
ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابجدهفغحيجكلمنوبقرستعوصشيز" * 2)
PLACEHOLDER = re.compile(r"(%\(\w+\)s)")


def translated(english: str, code: str) -> str:
    """A message in a pseudo-language: bracketed, longer by 40 per cent, its placeholders kept."""
    letters = ARABIC if code == RIGHT else ACCENTED
    parts = PLACEHOLDER.split(english)
    text = "".join(part if PLACEHOLDER.fullmatch(part) else part.translate(letters) for part in parts)
    longer = len(PLACEHOLDER.sub("", english)) * 2 // 5 + 1
    # One word becomes a longer one, as in German; a sentence gets more words.
    filling = ("lorem " * longer if " " in english else "m" * longer)[:longer].translate(letters).rstrip()
    return f"⟦{text}{' ' if ' ' in english else ''}{filling}⟧"


def add_languages(tree: Path) -> str:
    """Add both languages to the sources in `tree`; what the script still finds missing at the end."""
    script = [sys.executable, str(tree / "tests" / "render" / "update_catalogues.py")]

    def update() -> str:
        done = subprocess.run(script, env=environment(), check=True, capture_output=True, text=True, encoding="utf-8")
        return done.stdout

    catalogues = {
        code: tree / "builder" / "vijf" / "render" / "locales" / code / "LC_MESSAGES" / "vijf.po"
        for code in (LEFT, RIGHT)
    }
    for path in catalogues.values():
        path.parent.mkdir(parents=True)
        path.touch()
    update()
    for code, path in catalogues.items():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=Locale.parse(code))
        for message in catalogue:
            if message.id and isinstance(message.id, str):
                message.string = translated(message.id, code)
            elif message.id:
                message.string = tuple(translated(message.id[-1], code) for _ in message.string)
        with path.open("wb") as file:
            write_po(file, catalogue)
    return update()


def build(folder: Path) -> Path:
    """A site in both languages, built by a copy of the sources that has them; gives its folder."""
    tree = folder / "tree"
    shutil.copytree(ROOT / "builder", tree / "builder", ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "tests" / "render").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "render" / "update_catalogues.py", tree / "tests" / "render")
    shutil.copy(ROOT / "babel.cfg", tree)
    assert add_languages(tree) == ""
    for path, text in content().items():
        target = folder / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "vijf", "build", "--content", folder / "content", "--output", folder / "site"]
    done = subprocess.run(
        command, env=environment(PYTHONPATH=str(tree / "builder")), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def content() -> made.Content:
    """Shops and reviews in every state, in Greek letters; a page of the operator's in both languages."""
    hours = {"mon": ["09:00-12:00", "13:00-17:30"], "sat": ["10:00-16:00"]}
    address = {"street": "Οδός 5", "postal_code": "10431", "city": "Αθήνα", "country": "GR"}
    full = {
        "phone": "+30 21 0000 0000",
        "phone_hours": hours,
        "counter_hours": hours,
        "email": "a@kritiki.example",
        "form": "https://shop.example/a",
        "page": "https://shop.example/b",
        "chat": "https://shop.example/c",
        "address": address,
        "social": ["https://social.example/a"],
        "checked": {"date": "2025-01-01", "by": "operator"},
    }
    many = states()
    five = [made.review(number, mark) for number, mark in enumerate((8, 9, 7.5, 8.5, 10))]
    origin = {"platform": "kiyoh", "id": "7", "rating": 5, "scale": [1, 5]}
    few = [made.review(0, 9.5), made.review(1), made.review(2, 10, origin=origin, collected="import")]
    few[1]["text"] = "Χωρίς βαθμό."
    facts: dict[str, Any] = {
        "category": "ποδήλατα",
        "member_since": "2021-03-01",
        "description": {"el": "Ποδήλατα και *επισκευές*."},
        "registration": [{"register": "ΓΕΜΗ", "number": "00000005"}],
    }
    gone = {"until": "2025-06-30", **facts}
    shops = {
        "polla": (
            made.shop("Ποδήλατα Αλυσίδα", formerly=["palia"], contact=full, owner_since="2025-01-08", **facts),
            many,
        ),
        "liga": (
            made.shop("Λίγα", contact={"email": "b@kritiki.example", "checked": {"date": "2025-01-01", "by": "shop"}}),
            few,
        ),
        "kanena": (made.shop("Κανένα", contact={"phone": "+30 21 0000 0000"}), []),
        "efyge": (made.shop("Έφυγε", status="left", **gone), five),
        "exo": (made.shop("Έξω", status="expelled", **gone), five[:3]),
        "kleisto": (made.shop("Κλειστό", status="closed", **gone), five),
        "enosi": (made.shop("Ένωση", status="closed", merged_into="polla", **gone), five),
    }
    operator = {
        "name": "Ίδρυμα",
        "email": "post@kritiki.example",
        "address": "Οδός 1",
        "funding": {"el": "Πληρώνουν οι εταιρείες."},
    }
    settings = made.site(
        name="Κριτική",
        url=URL,
        languages=[LEFT, RIGHT],
        operator=operator,
        aspects={"delivery": {"el": "Παράδοση"}, "service": {"el": "Εξυπηρέτηση"}},
        procedure={"preset": "mediation", "applies_to": "insufficient"},
        demo=True,
    )
    page = "---\ntitle: Ποιοι είμαστε\ndescription: Ποιοι.\n---\n# Εμείς\n\nΚείμενο.\n"
    return made.files(settings, shops, about_eo=page, about_ar=page)


def states() -> list[dict[str, Any]]:
    """Reviews of one shop: ordinary ones, and one in each state that has words of its own."""
    day = "2025-03-20"
    ordinary: dict[str, Any] = {
        "title": "Καλό",
        "text": "Πολύ καλό.\n\nΞανά.",
        "language": "el",
        "author": {"name": "Άννα", "place": "Πάτρα"},
        "experience": made.FIRST_DAY.isoformat(),
        "aspects": {"delivery": 8, "service": 7.5},
        "recommends": True,
    }
    by = ("shop", "customer", "operator")
    unusual: list[dict[str, Any]] = [
        *(
            {"verification": {"method": method}}
            for method in ("invitation", "invoice", "order", "known_to_shop", "none")
        ),
        *({"incentive": incentive} for incentive in ("free_product", "discount", "paid")),
        *({"rating_withdrawn": {"date": day, "reason": reason}} for reason in ("no_answer", "customer")),
        {"collected": "tablet", "author": None, "recommends": False, "language": "nl"},
        {"amended": [{"date": day}, {"date": day, "rating": 4}], "redacted": {"date": day}},
        {"replies": [{"by": one, "date": day, "text": "Ευχαριστώ."} for one in by]},
        {"title": None, "text": None, "language": None, "aspects": None, "recommends": None},
    ]
    found = [made.review(number, 6 + number % 5, **ordinary) for number in range(8)]
    found += [made.review(8 + number, 7, **{**ordinary, **facts}) for number, facts in enumerate(unusual)]
    grounds = ("not_a_customer", "fake", "insulting", "personal_data", "illegal", "withdrawn_by_customer", "erased")
    found += [made.removed(len(found) + number, 3, ground) for number, ground in enumerate(grounds)]
    return [*found, made.held(len(found), 2)]


_READ = (
    ("@property", "og", "title"),
    ("@property", "og", "description"),
    ("@property", "og", "site_name"),
    ("@property", "og", "image:alt"),
    ("@name", "twitter", "title"),
    ("@name", "twitter", "description"),
    ("@name", "twitter", "image:alt"),
)
"""The social tags that hold words."""


def strings(tree: Any) -> Iterator[str]:
    """Every text of a page or a badge that somebody may see or hear, but for code and what is marked untranslatable."""
    apart = (
        "ancestor-or-self::*[self::code or self::pre or self::kbd or self::script or self::style or @translate='no']"
    )
    yield from tree.xpath(f"//text()[not({apart})][normalize-space()]")
    for name in ("aria-label", "alt", "title", "placeholder", "label", "summary", "aria-description"):
        yield from tree.xpath(f"//*[not({apart})]/@{name}")
    read = " or ".join(f"{name}='{kind}:{part}'" for name, kind, part in _READ)
    yield from tree.xpath(f"//meta[@name='description' or {read}]/@content")


def data_strings(value: Any, key: str = "") -> Iterator[str]:
    """Every text in the data of a widget; addresses, codes and slugs are none."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from data_strings(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from data_strings(part, key)
    elif isinstance(value, str) and key not in ("url", "shop", "formerly", "lang", "dir"):
        yield value


def outside(text: str, code: str) -> list[str]:
    """The words of a text that stand outside all brackets and are neither content nor a name from the locale data."""
    former = None
    while former != text:
        former, text = text, re.sub(r"⟦[^⟦⟧]*(?:⟧|…)", " ", text)
    text = re.sub(r"\S*(?:@|\.example|//)\S*", " ", text)
    text = re.sub(r"\b(?:Atom|JSON Feed|oEmbed)\b", " ", text)  # names of formats, in the titles of links
    found = re.findall(r"[^\W\d_]+", text)
    return [
        word for word in found if not re.fullmatch(r"[\u0370-\u03ff\u1f00-\u1fff]+", word) and word not in names(code)
    ]


def names(code: str) -> frozenset[str]:
    """The words of dates, weekdays, languages and countries, and the name of the platform in the content."""
    locale = Locale.parse(code)
    days = [date(2025, month, 1) for month in range(1, 13)]
    texts = [format_date(day, form, locale=locale) for day in days for form in ("long", "LLLL y")]
    texts += [locale.days["stand-alone"]["wide"][index] for index in range(7)]
    texts += [locale.languages["nl"], locale.languages["el"], locale.territories["GR"], "Kiyoh"]
    for own in (LEFT, RIGHT):
        name = Locale.parse(own).get_display_name(own)
        texts += [name, name[:1].upper() + name[1:]]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+", text))
