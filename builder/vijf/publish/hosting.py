"""What hosts take, and warnings where a site is more than that. Numbers are theirs, as documented in November 2026.

A limit says what it holds for, so that whoever has another plan knows that it isn't theirs. Nothing here stops a build.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from vijf.limits import MIB
from vijf.model import Kind, Site

_SHOWN = 4
"""Kinds of output that a warning names at most."""


class Host(StrEnum):
    """Hosts whose limits are known here."""

    GITHUB = "github"
    CLOUDFLARE = "cloudflare"
    NETLIFY = "netlify"


class Measure(StrEnum):
    """What a limit is about."""

    FILES = "files"
    BYTES = "bytes"
    FILE_BYTES = "bytes of one file"
    FOLDER_FILES = "files in one folder"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` of what is measured, and what that number holds for."""

    measure: Measure
    most: int
    meaning: str


NAMES: Mapping[Host, str] = {
    Host.GITHUB: "GitHub Pages",
    Host.CLOUDFLARE: "Cloudflare Pages",
    Host.NETLIFY: "Netlify",
}

LIMITS: Mapping[Host, tuple[Limit, ...]] = {
    Host.GITHUB: (
        Limit(Measure.BYTES, 1_000_000_000, "for a published site"),
        Limit(Measure.FILE_BYTES, 100 * MIB, "in a repository, so where a branch is published"),
    ),
    Host.CLOUDFLARE: (
        Limit(Measure.FILES, 20_000, "in the free plan, 100,000 in paid ones"),
        Limit(Measure.FILE_BYTES, 25 * MIB, "in every plan"),
    ),
    Host.NETLIFY: (Limit(Measure.FOLDER_FILES, 54_000, "in every plan"),),
}

OUTPUTS: Mapping[Kind, str] = {
    Kind.PNG: r"v1/[^/]+/badge\.png",
    Kind.CARD: r"v1/[^/]+/card\.png",
    Kind.FRAME: r"v1/[^/]+/(frame\.[^/]+\.html|oembed\.[^/]+\.json)",
    Kind.MERCHANT: r"merchant-reviews(/[0-9]+)?\.xml",
    Kind.INVITE: r"v1/[^/]+/invite\.svg",
    Kind.EMBED: r"[^/]+/[^/-][^/]*/embed/index\.html",
    Kind.SHIELD: r"v1/[^/]+/shield\.json",
    Kind.JSONFEED: r"v1/[^/]+/feed\.json",
    Kind.ATOM: r"v1/([^/]+/)?feed\.xml",
    Kind.WIDE: r"v1/[^/]+/badge-wide\.[^/]+\.svg",
    Kind.DARK: r"v1/[^/]+/badge(-wide)?\.[^/]+-dark\.svg",
}
"""Kind of output -> the paths that `without` it aren't there (a regular expression for the whole path)."""


def host_warnings(host: Host, site: Site, sizes: Mapping[str, int]) -> list[str]:
    """What a host won't take of a site, a sentence each.

    `sizes` has the bytes of each path of the site.
    """
    found = list(_address_warnings(host, site))
    for limit in LIMITS[host]:
        amount, what = _measured(limit.measure, sizes)
        if amount > limit.most:
            takes = f"{NAMES[host]} takes {limit.most:,} {limit.measure} {limit.meaning}"
            found.append(f"{what}; {takes}; {_advice(limit, site, sizes)}")
    return found


def _address_warnings(host: Host, site: Site) -> Iterator[str]:
    parts = urlsplit(site.url)
    path = parts.path.strip("/")
    if host is Host.GITHUB:
        if parts.netloc.endswith(".github.io") and "/" in path:
            yield (
                f"`url` has the path /{path}, and at {parts.netloc} {NAMES[host]} serves a site at / or below the name "
                "of its repository only; name that in `url`"
            )
    elif path:
        yield (
            f"`url` has the path /{path}, and {NAMES[host]} serves a site at /; take the path out of `url`, or publish "
            f"a folder that holds the site in {path}/ and its _headers beside that"
        )


def _measured(measure: Measure, sizes: Mapping[str, int]) -> tuple[int, str]:
    """(amount, what there is) of what a limit is about."""
    match measure:
        case Measure.FILES:
            return len(sizes), f"the site has {len(sizes):,} files"
        case Measure.BYTES:
            total = sum(sizes.values())
            return total, f"the site has {total:,} bytes"
        case Measure.FILE_BYTES:
            size, path = max((size, path) for path, size in sizes.items())
            return size, f"{path} has {size:,} bytes"
        case Measure.FOLDER_FILES:
            folders = Counter(path.rpartition("/")[0] for path in sizes)
            count, folder = max((count, folder) for folder, count in folders.items())
            return count, f"the folder /{folder} has {count:,} files"


def _advice(limit: Limit, site: Site, sizes: Mapping[str, int]) -> str:
    """What to do where a limit is passed."""
    match limit.measure:
        case Measure.FILES:
            return _saving(site, dict.fromkeys(sizes, 1), limit.most, "files")
        case Measure.BYTES:
            return _saving(site, sizes, limit.most, "bytes")
        case Measure.FILE_BYTES:
            return "make it smaller, or put it elsewhere"
        case Measure.FOLDER_FILES:
            return "choose another host"


def _saving(site: Site, weights: Mapping[str, int], most: int, unit: str) -> str:
    """Which kinds of output to leave out, those that save most first, and whether that would do."""
    patterns = {kind: re.compile(text) for kind, text in OUTPUTS.items() if kind not in site.without}
    saved: Counter[Kind] = Counter()
    left = 0
    for path, weight in weights.items():
        kinds = [kind for kind, pattern in patterns.items() if pattern.fullmatch(path)]
        saved.update(dict.fromkeys(kinds, weight))
        left += 0 if kinds else weight
    if not saved:
        return "choose another host"
    first = sorted(saved, key=lambda kind: (-saved[kind], kind))[:_SHOWN]
    named = ", ".join(f"{kind} ({saved[kind]:,} {unit})" for kind in first)
    advice = f"`without` in site.yaml can leave out {named}"
    return (
        f"{advice}; even without all kinds {left:,} {unit} are left, so choose another host" if left > most else advice
    )
