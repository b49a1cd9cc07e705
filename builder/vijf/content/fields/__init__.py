"""The kinds of value that content is made of: each decodes a located value and describes itself as JSON Schema.

`field.decode(node, reading)` gives the value, or None after noting a fault (null itself is always refused, so
None means nothing else). The type comes from the field, not from the look of the scalar: where a text is wanted,
what YAML would read as a number is refused with "quote it"; where a number is wanted, quotes are refused.
"""

from vijf.content.fields.addresses import COUNTRY, DEVICES, EMAIL, LANGUAGE, PERIOD, PHONE, Slug, Url, slug_problem
from vijf.content.fields.base import Field, Reading, Schema
from vijf.content.fields.dates import Day, When
from vijf.content.fields.numbers import Boolean, Decimal, Integer, Rating
from vijf.content.fields.records import LOCALIZED_LINE, LOCALIZED_MARKDOWN, LOCALIZED_TEXT, Many, Record, Table
from vijf.content.fields.texts import Choice, Markdown, Pattern, Text, markdown_problem

__all__ = [
    "COUNTRY",
    "DEVICES",
    "EMAIL",
    "LANGUAGE",
    "LOCALIZED_LINE",
    "LOCALIZED_MARKDOWN",
    "LOCALIZED_TEXT",
    "PERIOD",
    "PHONE",
    "Boolean",
    "Choice",
    "Day",
    "Decimal",
    "Field",
    "Integer",
    "Many",
    "Markdown",
    "Pattern",
    "Rating",
    "Reading",
    "Record",
    "Schema",
    "Slug",
    "Table",
    "Text",
    "Url",
    "When",
    "markdown_problem",
    "slug_problem",
]
