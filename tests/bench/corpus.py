"""The benchmark's content: made from a seed, so that the same call writes the same bytes, on any machine.

    python tests/bench/corpus.py make FOLDER --shops 300 --reviews 30
    python tests/bench/corpus.py describe FOLDER

FOLDER/content is a content folder of Vijf with a file of reviews a month. FOLDER/json and FOLDER/yaml hold the same for
other generators: one file a shop, its reviews newest first and already joined, which spares them work.

Lengths follow what people write: half of the texts stay below about 180 characters, one in ten is above 500, a few come
near 2,000. A quarter has a reply. One shop in ten has less than five reviews. Nothing here imports the package.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import words

SITE_URL = "https://vergelijk.example"
SITE_NAME = "Vergelijkproef"
LAST = datetime(2025, 6, 30, 20, 0, tzinfo=UTC)
"""Nothing in the content is later, but for the reviews that `one_more` adds."""
MEDIAN, SPREAD, LONGEST = 180, 0.8, 2000
"""Characters of a text: the median, the deviation of its logarithm, and the most."""
FEW, REPLIED, AWKWARD = 0.10, 0.25, 0.08
"""Shares: of shops below five reviews, of reviews with a reply, of texts with characters to escape."""
MARKS = {10: 26, 9: 28, 8: 21, 7: 8, 6: 5, 5: 3, 4: 2, 3: 2, 2: 2, 1: 3}
"""Mark -> its share in percent."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop, its reviews as the content says them, oldest first."""

    slug: str
    facts: Mapping[str, Any]
    reviews: Sequence[Mapping[str, Any]]


def shop(index: int, reviews: int, seed: int = 1) -> Shop:
    """The shop `index` (from 0) of a site whose shops have about `reviews` reviews; others don't change it."""
    random = Random(f"{seed}/{index}")  # noqa: S311  # it has to be the same each time
    trade, owner = random.choice(words.TRADES), random.choice(words.OWNERS)
    name = f"{trade} {owner} {index + 1}"
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    town = random.choice(words.TOWNS)
    facts = {
        "name": name,
        "url": f"https://{slug}.example",
        "category": trade.lower(),
        "description": {"nl": " ".join(_fill(random, line) for line in random.sample(words.ABOUT, 2))},
        "contact": {
            "phone": f"+31 {random.randint(10, 79)} 000 {random.randint(0, 9999):04}",
            "address": {"city": town, "country": "NL"},
            "checked": {"date": "2025-06-01", "by": "operator"},
        },
    }
    if random.random() < FEW:
        count = random.randint(0, 4)
    else:
        count = random.randint(max(5, round(reviews * 0.6)), max(5, round(reviews * 1.6)))
    age = random.randint(120, 1500)
    # By day: then the day in UTC is also the day in the site's time zone.
    moments = sorted(
        LAST - timedelta(days=random.randint(0, age), seconds=random.randint(0, 50_000)) for _ in range(count)
    )
    return Shop(slug, facts, [_review(random, number, moment) for number, moment in enumerate(moments)])


def _review(random: Random, number: int, published: datetime) -> dict[str, Any]:
    mark = random.choices(list(MARKS), list(MARKS.values()))[0]
    mood = "content" if mark >= 8 else "mixed" if mark >= 5 else "cross"
    received = published - timedelta(hours=random.randint(0, 40))
    author = {"name": random.choice(words.NAMES)}
    if random.random() < 0.6:
        author["place"] = random.choice(words.TOWNS)
    review: dict[str, Any] = {
        "id": f"{random.getrandbits(30):06x}{number:04x}",
        "received": _instant(received),
        "published": _instant(published),
        "experience": (received - timedelta(days=random.randint(3, 30))).date().isoformat(),
        "rating": mark,
        "title": _fill(random, random.choice(words.TITLES[mood])),
        "text": _text(random, mood),
        "language": "nl",
        "author": author,
        "collected": "invitation",
        "verification": {"method": "invitation"},
    }
    if random.random() < REPLIED:
        day = (published + timedelta(days=random.randint(2, 9))).date().isoformat()
        review["replies"] = [{"by": "shop", "date": day, "text": _fill(random, random.choice(words.REPLIES))}]
    return review


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(random: Random, mood: str) -> str:
    """A text whose length follows the distribution above: sentences until the next would lead further away from it."""
    aim = min(LONGEST, max(12, round(math.exp(random.gauss(math.log(MEDIAN), SPREAD)))))
    of_mood = {"content": words.CONTENT, "mixed": words.MIXED, "cross": words.CROSS}[mood]
    text, paragraph = "", 0
    if random.random() < AWKWARD:
        text = random.choice(words.AWKWARD)
    while len(text) < aim:
        sentence = _fill(random, random.choice(of_mood if random.random() < 0.6 else words.STORY))
        if text and len(text) + len(sentence) / 2 > aim:
            break
        if sentence in text:
            continue
        if not text:
            text = sentence
        elif len(text) - paragraph > 380 and random.random() < 0.6:
            text += "\n\n"
            paragraph = len(text)
            text += sentence
        else:
            text += ("\n" if random.random() < 0.02 else " ") + sentence
    return text


def _fill(random: Random, sentence: str) -> str:
    slots: Mapping[str, Callable[[], object]] = {
        "{thing}": lambda: random.choice(words.THINGS),
        "{name}": lambda: random.choice(words.NAMES),
        "{town}": lambda: random.choice(words.TOWNS),
        "{day}": lambda: random.choice(words.DAYS),
        "{number}": lambda: random.randint(2, 9),
        "{age}": lambda: random.randint(12, 88),
        "{percent}": lambda: random.randrange(5, 35, 5),
    }
    for slot, draw in slots.items():
        while slot in sentence:
            sentence = sentence.replace(slot, str(draw()), 1)
    return sentence


# What is written


def make(folder: Path, shops: int, reviews: int, seed: int = 1) -> None:
    """Write the content in its three forms into `folder`, whose parts must not exist yet."""
    for name in ("content/shops", "json", "yaml"):
        (folder / name).mkdir(parents=True)
    write_site(folder, ())
    for index in range(shops):
        _write(folder, shop(index, reviews, seed))


def write_site(folder: Path, without: Sequence[str]) -> None:
    """Write `site.yaml`, with the kinds of output to leave out."""
    site = {
        "schema": 1,
        "name": SITE_NAME,
        "url": SITE_URL,
        "languages": ["nl"],
        "timezone": "Europe/Amsterdam",
        "operator": {"name": "Stichting Vergelijkproef", "email": "post@vergelijk.example"},
    }
    if without:
        site["without"] = list(without)
    (folder / "content/site.yaml").write_text(_block(site), encoding="utf-8")


def newest_file(folder: Path, index: int, reviews: int, seed: int = 1) -> Path:
    """The file to which `one_more` adds: the newest of the shop `index`; a new one where it has none."""
    home = folder / "content/shops" / shop(index, reviews, seed).slug / "reviews"
    return max(home.glob("*.yaml"), default=home / "2025-07.yaml")


def one_more(folder: Path, index: int, reviews: int, seed: int = 1) -> None:
    """Add a review to the content of the shop `index`, a day after all others. Only Vijf's form gets it."""
    path = newest_file(folder, index, reviews, seed)
    random = Random(f"{seed}/{index}/more")  # noqa: S311
    review = _review(random, 0xFFFF, LAST + timedelta(days=1))
    with path.open("a", encoding="utf-8") as file:
        file.write(_items([review]))


def _write(folder: Path, made: Shop) -> None:
    home = folder / "content/shops" / made.slug
    (home / "reviews").mkdir(parents=True)
    (home / "shop.yaml").write_text(_block(made.facts), encoding="utf-8")
    for month, of_month in groupby(made.reviews, key=lambda review: review["published"][:7]):
        (home / "reviews" / f"{month}.yaml").write_text(_items(of_month), encoding="utf-8")
    facts = {
        "name": made.facts["name"],
        "url": made.facts["url"],
        "category": made.facts["category"],
        "city": made.facts["contact"]["address"]["city"],
        "phone": made.facts["contact"]["phone"],
        "about": made.facts["description"]["nl"],
    }
    joined = [_joined(review) for review in reversed(made.reviews)]
    whole = json.dumps({**facts, "reviews": joined}, ensure_ascii=False)
    (folder / "json" / f"{made.slug}.json").write_text(whole, encoding="utf-8")
    reviews = "reviews:\n" + _items(joined) if joined else "reviews: []\n"
    (folder / "yaml" / f"{made.slug}.yaml").write_text(_block(facts) + reviews, encoding="utf-8")


def _joined(review: Mapping[str, Any]) -> dict[str, Any]:
    """A review as other generators get it: only what they show."""
    found = {
        "id": review["id"],
        "at": review["published"],
        "date": review["published"][:10],
        "rating": review["rating"],
        "title": review["title"],
        "text": review["text"],
        "author": review["author"]["name"],
    }
    if "place" in review["author"]:
        found["place"] = review["author"]["place"]
    for reply in review.get("replies", ()):
        found["reply"] = {"date": reply["date"], "text": reply["text"]}
    return found


def _items(reviews: Iterable[Mapping[str, Any]]) -> str:
    """Reviews as a list in YAML."""
    return "".join("- " + _block(review, 2).removeprefix("  ") for review in reviews)


def _block(values: Mapping[str, Any], indent: int = 0) -> str:
    """A mapping as YAML, the way people and their programs write it: texts of several lines as blocks."""
    lines = []
    for key, value in values.items():
        before = f"{' ' * indent}{key}:"
        if isinstance(value, dict):
            lines.append(f"{before}\n{_block(value, indent + 2)}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            inner = "".join(f"{' ' * indent}- {_block(item, indent + 2).lstrip()}" for item in value)
            lines.append(f"{before}\n{inner}")
        elif key == "text":
            inner = "".join(f"{' ' * (indent + 2)}{line}".rstrip(" ") + "\n" for line in value.split("\n"))
            lines.append(f"{before} |-\n{inner}")
        elif key in ("received", "published", "experience", "date"):
            lines.append(f"{before} {value}\n")
        else:
            lines.append(f"{before} {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)


def describe(folder: Path) -> str:
    """One line on what was made."""
    shops = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "json").iterdir())]
    reviews = [review for found in shops for review in found["reviews"]]
    lengths = [len(review["text"]) for review in reviews]
    percent = quantiles(lengths, n=100)
    replied = sum("reply" in review for review in reviews) / len(reviews)
    few = sum(len(found["reviews"]) < 5 for found in shops)
    return (
        f"{len(shops):,} shops ({few} below five reviews), {len(reviews):,} reviews; texts: median {percent[49]:.0f} "
        f"characters, one in ten above {percent[89]:.0f}, longest {max(lengths):,}; {replied:.0%} with a reply"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("--shops", type=int, default=300)
    making.add_argument("--reviews", type=int, default=30)
    making.add_argument("--seed", type=int, default=1)
    commands.add_parser("describe").add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "make":
        make(options.folder, options.shops, options.reviews, options.seed)
    print(describe(options.folder))


if __name__ == "__main__":
    main()
