"""`_headers` as its hosts read it: what each sends for a path, every value that a rule gives."""

from __future__ import annotations

import re

Rules = list[tuple[str, list[tuple[str, str]]]]


def parse(text: str) -> Rules:
    """The rules of a `_headers` file: pattern, and (name, value) of each header."""
    rules: Rules = []
    for line in text.splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        if not line.startswith(" "):
            rules.append((line, []))
        else:
            name, _, value = line.strip().partition(": ")
            rules[-1][1].append((name, value))
    return rules


def cloudflare(pattern: str) -> re.Pattern[str]:
    """A star is anything, once; a name is all up to a slash or a dot's end of word; the rest is as it stands."""
    assert pattern.count("*") <= 1
    parts = re.split(r"(\*|:[A-Za-z]\w*)", pattern)
    return re.compile("".join(_TAKEN.get(part[:1], re.escape(part)) for part in parts))


_TAKEN = {"*": ".*", ":": "[^/]+"}


def netlify(pattern: str) -> re.Pattern[str]:
    """The same part by part; a star alone may be nothing, one within a part makes the part an expression."""
    parts = [_part(part) for part in pattern.split("/") if part]
    return re.compile(f"/{'/'.join(parts)}/?", re.IGNORECASE)


def _part(part: str) -> str:
    if part.startswith(":"):
        return "[^/]+"
    if part == "*":
        return "?.*"
    return part.replace("*", ".*") if "*" in part else re.escape(part)


def sent(rules: Rules, host, path: str) -> dict[str, set[str]]:
    """Every value that the rules which match `path` (with a slash before it) give to each header."""
    found: dict[str, set[str]] = {}
    for pattern, headers in rules:
        if host(pattern).fullmatch(path):
            for name, value in headers:
                found.setdefault(name, set()).add(value)
    return found
