"""What the tests of `vijf dump` share: contents to dump, and foreign readers of what was dumped."""

import csv
import io
import json
import re
import sys
import unicodedata

import made_content as made
import openpyxl

END = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"  # noqa: RUF001
SKIPPED = '"' + "".join(
    char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cc", "Cf")
)
"""What a spreadsheet might skip before a formula."""
_MAY_STAND = "".join(char for char in SKIPPED + "'" if char not in END)
_APOSTROPHE = re.compile(
    rf"(?:\A'(?='*[{END}])|(?:\A|(?<=[;{END}]))'(?=[{re.escape(_MAY_STAND)}]*[{re.escape(SIGNS)}]))"
)


def write(folder, content):
    """Write a mapping of files."""
    for path, text in content.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def everything():
    """One of each thing that can happen to a review, many replies among them."""
    content = made.everything()
    replies = [
        {"by": "customer", "date": "2025-02-01", "text": "Nog iets."},
        {"by": "shop", "date": "2025-02-02", "text": "Dank."},
        {"by": "shop", "date": "2025-02-03T10:00:00Z", "text": "Nogmaals."},
        {"by": "operator", "date": "2025-02-04", "text": "Tot zover."},
    ]
    extra = [
        made.review(0, 7.5, text="Goed", replies=replies, amended=[{"date": "2025-03-02", "rating": 4}]),
        made.review(
            1,
            8,
            received="2025-01-07T10:00:00.25Z",
            published="2025-01-07T11:00:00Z",
            verification={"method": "order", "date": "2025-01-07"},
            amended=[{"date": "2025-03-02"}, {"date": "2025-03-03", "rating": 4.5}],
            replies=[{"by": "shop", "text": "Ooit."}],
            origin={"platform": "kiyoh", "id": "00123", "rating": 4.5, "scale": [1, 5]},
        ),
        made.review(2, held={"since": "2025-03-01", "until": "2025-03-09", "ground": "fake"}, origin={
            "platform": "kiyoh", "id": "secret-id", "rating": 2, "scale": [1, 5]}),
    ]  # fmt: skip
    return content | made.files(made.site(), {"alles": (made.shop("Alles"), extra)})


def jsonl(text):
    """The objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def table(data, **form):
    """The rows of CSV as Python reads them, without the byte order mark."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), **form))


def records(data):
    """The rows of CSV, each by the names of the columns."""
    head, *rows = table(data)
    return [dict(zip(head, row, strict=True)) for row in rows]


def restored(text):
    """A cell of CSV without the apostrophes that went before formulas, as docs/dumping.md says."""
    return _APOSTROPHE.sub("", text)


def sheet(path):
    """The one sheet of a workbook, as openpyxl reads it."""
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def cells(page):
    """The values of a sheet, as the texts that CSV has for them."""
    return [[spelt(value) for value in row] for row in page.values]


def spelt(value):
    """A single value as the text that CSV has for it."""
    words = {None: "", True: "true", False: "false"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def unescaped(text):
    """A text of a workbook as Excel shows it: openpyxl leaves its `_x0041_` (ECMA-376, ST_Xstring) as they are."""
    return re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)
