"""JSON Schemas of the content's files, for editors; made from the very fields that decode them."""

from __future__ import annotations

from collections.abc import Callable

from vijf.content.fields import Schema
from vijf.content.pages import FRONT_MATTER
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP
from vijf.content.site import SITE

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: dict[str, tuple[str, Callable[[], Schema]]] = {
    "site": ("site.yaml", SITE.schema),
    "shop": ("shops/<slug>/shop.yaml", SHOP.schema),
    "reviews": ("shops/<slug>/reviews/*.yaml", lambda: {"type": "array", "items": REVIEW.schema()}),
    "page": ("the front matter of pages/<name>.<language>.md", FRONT_MATTER.schema),
}
"""Name -> (what it describes, how to make it)."""


def json_schema(name: str) -> Schema:
    """The JSON Schema (draft 2020-12) called `name`, a key of `SCHEMAS`.

    It says all that can be said of a file by itself, value by value; what a schema can't say (the order of
    dates, ids that are taken, files) only `vijf check` finds.
    """
    title, make = SCHEMAS[name]
    return {"$schema": _DIALECT, "title": f"Vijf: {title}", **make()}
