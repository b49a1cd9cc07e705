"""Small contents for tests of built sites: each a mapping of files, written and built through the command line.

`everything()` holds one of each thing that can happen to a shop or a review; `hostile()` says it all in words that
would break a page if they were ever taken for markup, code or a format.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from strategies import as_yaml

if TYPE_CHECKING:
    from pathlib import Path

Content = dict[str, str]
"""Path below the content folder -> the file's text."""

FIRST_DAY = date(2025, 1, 6)
FAMILY = "👨‍👩‍👧‍👦"
LONG = "Donaudampfschifffahrt" * 239
"""5,019 letters without a place to break."""
LINES = (
    "<script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=\'ran\'">',
    "' onmouseover='document.title=1' x='",
    "]]></title></style></script><svg onload=\"document.title='ran'\">",
    "{{ 7*7 }} {% raw %} ${document.title='ran'} %(name)s %s % {0}",
    "\u202eesrever\u2066 \u2067 \u200f\u061c שלום",
    "\\u003cscript\\u003e \\ \\n \\",
    "&lt;b&gt; &amp; &#x3c;b&#x3e; &copy",
    "<!-- --> <!--<script> --!> <![CDATA[",
    "`'\"` javascript:alert(1) data:text/html,x",
    f"{FAMILY}👩🏽‍🚒🇳🇱 é e\u0301\u0302 日本語のお店 العربية",
    "W" * 200,
)
"""Hostile words of one line, at most 200 characters."""
TEXTS = (*LINES, "a\u2028b\u2029c\n\n\n</p></article></main>\nx", LONG)
"""Hostile words of several lines."""
MARKDOWN = """[link](javascript:document.title='ran') [data](data:text/html,<script>1</script>) [ok](https://ok.example/?a=1&b=2)

<script>document.title='ran'</script><img src=x onerror="document.title='ran'"><b onclick="document.title=1">b</b>

![picture](https://evil.example/p.png) <iframe src="https://evil.example/"></iframe> <style>*{display:none}</style>

- one
    - two
        1. three

<a href="https://ok.example/" onclick="document.title='ran'" style="position:fixed" target="_top">raw</a>
<a href="&#106;avascript:document.title='ran'">entity</a> <form action="/"><input name="q"></form> <https://auto.example/>

# main

<h2 id="main">main</h2> <svg onload="document.title='ran'"><use href="#x"/></svg> {{ 7*7 }} ]]> \u202eesrever
"""


def site(**changes: Any) -> dict[str, Any]:
    """`site.yaml`, with `changes`; a key of None is left out."""
    value = {
        "schema": 1,
        "name": "Voorbeeldkeur",
        "url": "https://reviews.example.nl",
        "languages": ["nl", "en"],
        "operator": {
            "name": "Stichting Voorbeeldkeur",
            "email": "post@example.nl",
            "funding": {"nl": "De bedrijven betalen.", "en": "The companies pay."},
        },
        "aspects": {"delivery": {"nl": "Levering", "en": "Delivery"}, "service": {"nl": "Service", "en": "Service"}},
        **changes,
    }
    return {key: part for key, part in value.items() if part is not None}


def shop(name: str, **facts: Any) -> dict[str, Any]:
    """`shop.yaml`."""
    return {"name": name, "url": "https://shop.example", **facts}


def review(number: int, rating: float | None = None, **facts: Any) -> dict[str, Any]:
    """The `number`-th review of a shop, one a day; without a rating it has a text. A fact of None is left out."""
    day = (FIRST_DAY + timedelta(number)).isoformat()
    value: dict[str, Any] = {"id": f"r{number}", "received": day, "published": day, **facts}
    if rating is not None:
        value["rating"] = rating
    elif not {"text", "held", "removed"} & set(facts):
        value["text"] = "Zonder cijfer."
    return {key: part for key, part in value.items() if part is not None}


def held(number: int, rating: float) -> dict[str, Any]:
    """A review on hold."""
    day = (FIRST_DAY + timedelta(number)).isoformat()
    return review(number, rating, held={"since": day, "until": day, "ground": "fake"})


def removed(number: int, rating: float, ground: str = "fake", **facts: Any) -> dict[str, Any]:
    """A tombstone."""
    day = (FIRST_DAY + timedelta(number)).isoformat()
    by = "customer" if ground in ("withdrawn_by_customer", "erased") else "operator"
    return review(number, rating, removed={"date": day, "ground": ground, "by": by}, **facts)


def files(site: dict[str, Any], shops: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]], **pages: str) -> Content:
    """A content folder; `pages` are named `about_nl`."""
    found = {"site.yaml": as_yaml(site)}
    for slug, (facts, reviews) in shops.items():
        found[f"shops/{slug}/shop.yaml"] = as_yaml(facts)
        if reviews:
            found[f"shops/{slug}/reviews/all.yaml"] = as_yaml(reviews)
    for name, text in pages.items():
        found[f"pages/{name.replace('_', '.')}.md"] = text
    return found


def build(folder: Path, content: Content | Path) -> Path:
    """Build `content`, or the content in that folder, with the command line into `folder/site`, and give that."""
    source = content if not isinstance(content, dict) else folder / "content"
    if isinstance(content, dict):
        for path, text in content.items():
            target = source / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "vijf", "build", "--content", str(source), "--output", str(folder / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def everything(**changes: Any) -> Content:
    """One of each thing that a site can hold, under `site(**changes)`."""
    many = [
        review(
            number,
            1 + number % 10,
            title=f"Titel {number}",
            text="Tekst.\n\nNog een alinea.",
            language="nl",
            author={"name": "Anna", "place": "Zwolle"},
            experience=FIRST_DAY.isoformat(),
            aspects={"delivery": 8},
            recommends=number % 3 > 0,
            verification={"method": "invoice"},
            replies=[{"by": "shop", "date": (FIRST_DAY + timedelta(number)).isoformat(), "text": "Dank."}],
        )
        for number in range(47)
    ]
    many[3] = removed(3, 2)
    many[5] = removed(5, 3, "erased")
    many[7] = removed(7, 4, "withdrawn_by_customer")
    many[46] = held(46, 1)
    many[45] |= {"rating_withdrawn": {"date": "2025-03-01", "reason": "no_answer"}}
    many[44] |= {
        "incentive": "discount",
        "amended": [{"date": "2025-03-02", "rating": 4}],
        "redacted": {"date": "2025-03-03"},
    }
    few = [
        review(0, 9.5, text="Goed.", author={"name": "Bo"}, aspects={"delivery": 9}, recommends=True),
        review(1, 3.5),
        review(2),
        review(3, 10, origin={"platform": "kiyoh", "id": "77", "rating": 5, "scale": [1, 5]}, collected="import"),
        held(4, 1),
        removed(5, 2),
    ]
    five = [review(number, mark) for number, mark in enumerate((8, 9, 7.5, 8.5, 10))]
    shops: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
        "veel": (
            shop("Veel & Meer", formerly=["vroeger"], category="fietsen", description={"nl": "Wij *doen* het."}),
            many,
        ),
        "weinig": (shop("Weinig", formerly=["eerder"], contact={"phone": "020-0000000"}), few),
        "geen": (shop("Geen"), []),
        "vijf": (shop("Vijf"), five),
        "vier": (shop("Vier"), five[:4]),
        "weg": (shop("Weg", status="left", until="2025-06-30"), five),
        "eruit": (shop("Eruit", status="expelled", until="2025-06-30"), five[:3]),
        "dicht": (shop("Dicht", status="closed", until="2025-06-30", merged_into="veel"), five),
        "overgenomen": (shop("Overgenomen", owner_since="2025-01-09"), five),
    }
    about = "---\ntitle: Over ons\ndescription: Wie wij zijn.\n---\n# Kop\n\nTekst met [link](https://example.nl/).\n"
    pages = {f"about_{code}": about for code in site(**changes)["languages"]}
    return files(site(**changes), shops, **pages)


def hostile(**changes: Any) -> Content:
    """Hostile words in every place where words can stand; the first shop has a score, the others have none."""
    shops = {}
    for index, line in enumerate(LINES):
        name, category = line[:200], LINES[(index + 1) % len(LINES)]
        count = 25 if index == 0 else 4
        shops[f"shop-{index}"] = (
            shop(
                name,
                category=category,
                description={"nl": MARKDOWN, "en": MARKDOWN},
                contact={
                    "phone": "+31 20 000 0000",
                    "address": {"street": name, "city": category, "country": "NL"},
                    "social": ["https://" + "s" * 60 + ".example/?a=1&b=2"],
                },
                registration=[{"register": category, "number": name}],
            ),
            [
                review(
                    number,
                    5 + number % 6,
                    title=LINES[(index + number) % len(LINES)],
                    text=TEXTS[(index + number) % len(TEXTS)],
                    author={"name": LINES[(index + number + 1) % len(LINES)], "place": name},
                    language="ar" if number % 2 else "nl",
                    aspects={"delivery": 7},
                    origin={"platform": "kiyoh", "id": line} if number == 24 else None,
                    replies=[
                        {"by": by, "date": "2025-03-03", "text": TEXTS[(index + number + 2) % len(TEXTS)]}
                        for by in ("shop", "customer", "operator")
                    ],
                )
                for number in range(count)
            ],
        )
    operator = {"name": LINES[1], "email": "post@example.nl", "address": TEXTS[2], "funding": {"nl": LINES[0]}}
    settings = site(
        name=LINES[4], operator=operator, aspects={"delivery": {"nl": LINES[3], "en": LINES[2]}}, demo=True, **changes
    )
    front = f'title: "<i>Titel</i> {FAMILY} \\" & </title>"\ndescription: "\\"><script>1</script>"'
    page = f"---\n{front}\n---\n{MARKDOWN}\n{LONG}\n"
    return files(settings, shops, about_nl=page, about_en=page, **{"house-rules_nl": page})
