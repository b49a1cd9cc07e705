"""Compare content with the site that stands: a review that was public must not vanish without a tombstone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from vijf.content.files import Folder
from vijf.errors import Diagnostic, Span, UsageError

TWELVE_MONTHS = timedelta(days=365)


def check_against(
    site: Path, folder: Folder, ids: Mapping[str, frozenset[str]], names: Collection[str], today: date
) -> list[Diagnostic]:
    """Faults for ids that `site`, a folder that was built before, has and that `ids` lacks.

    `ids` holds for each slug, earlier ones included, all ids of the content, tombstones too. A shop that is gone
    altogether is a fault while it took part, a warning within twelve months after it left, and fine later.
    Shops of the content (`names`: all slugs, earlier ones too) that are missing in `ids` have faults of their own
    and are passed over.
    Raises `UsageError` when `site` is no site of Vijf's.
    """
    if not (site / "build.json").is_file() or not (site / "v1").is_dir():
        raise UsageError(f"{site}: is no site that Vijf built; name the folder that holds its build.json")
    found: list[Diagnostic] = []
    for shop in sorted((site / "v1").iterdir()):
        head = shop / "reviews.json"
        if not head.is_file():
            continue
        known = ids.get(shop.name)
        if known is not None:
            place = Span(folder.shown(f"shops/{shop.name}"))
            found += [
                Diagnostic(place, "review-gone", f"the review `{review}` stands on the site and is gone here; "
                           "bring it back, or put a tombstone (`removed:`) in its place")
                for review in _ids(shop) if review not in known
            ]  # fmt: skip
        elif shop.name not in names:
            found += _gone_shop(shop.name, _read(head), folder, today)
    return found


def _gone_shop(slug: str, head: Mapping[str, Any], folder: Folder, today: date) -> Iterator[Diagnostic]:
    place = Span(folder.shown(f"shops/{slug}"))
    until = head.get("until")
    if head.get("status") == "active" or until is None:
        if head.get("total"):
            yield Diagnostic(
                place,
                "shop-gone",
                "this shop stands on the site and is gone here; set its `status` and `until` instead, "
                "or, if it was renamed, `formerly`",
            )
        return
    keep = date.fromisoformat(until) + TWELVE_MONTHS
    if today < keep:
        yield Diagnostic(
            place, "gone-early", f"this shop left on {until}; its pages should stay until {keep} at least", warning=True
        )


def _ids(shop: Path) -> Iterator[str]:
    """Every id that a built shop's open data holds."""
    for path in (shop / "reviews.json", *sorted((shop / "reviews").glob("*.json"))):
        for review in _read(path).get("reviews", ()):
            if isinstance(review, dict) and isinstance(review.get("id"), str):
                yield review["id"]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: can't be read ({error}); build that site anew") from error
    return value if isinstance(value, dict) else {}
