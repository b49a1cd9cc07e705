"""Rows -> an XLSX workbook, by XlsxWriter, which is an optional part of the installation (`vijf[xlsx]`).

Texts stay texts: none becomes a formula, a link, a number or markup of the file itself. The same rows give the same
bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, TYPE_CHECKING

from vijf.errors import MachineError, UsageError
from vijf.render.table import Cell, neutral
from vijf.render.text import xml_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576
"""Rows of a sheet, the head included."""
CELL = 32_767
"""UTF-16 units of a cell."""
CUT = " … [cut: a cell of XLSX ends here; CSV and JSON lines have the rest]"
"""How a cell ends whose text is longer."""
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001  # the format's own start, in no time zone: bytes must not tell the hour
_WIDTHS = {
    "shop_name": 24, "address": 20, "title": 32, "text": 80, "author_name": 20, "author_place": 16, "reply": 60,
    "other_replies": 60,
}  # fmt: skip
"""Widths of columns in characters; others get 13, or what their name needs."""


def require() -> None:
    """Raise `UsageError` where XlsxWriter isn't installed."""
    try:
        import xlsxwriter  # noqa: F401
    except ImportError as error:
        raise UsageError("XLSX needs XlsxWriter: `pip install 'vijf[xlsx]'`; csv and jsonl don't") from error


def write_workbook(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[tuple[int, str]]:
    """Write a workbook of one sheet to `file`, which can seek; gives (row as numbered there, column) of each cut text.

    Raises `UsageError` where there are more rows than a sheet can hold, `MachineError` when the disk fails; what stands
    in `file` then is of no use. Memory holds one row.
    """
    require()
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxFileError

    with tempfile.TemporaryDirectory(prefix="vijf-") as folder:
        options = {
            "constant_memory": True, "tmpdir": folder, "use_zip64": True,
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        door = _Door(file)
        try:
            with Workbook(door, options) as book:  # type: ignore[arg-type]  # it takes any file, and says IO[str]
                book.set_properties({"created": _CREATED})
                return _fill(book, head, rows)
        except XlsxFileError as error:
            raise MachineError(f"the workbook can't be written: {error}") from error
        finally:
            door.shut = True


class _Door:
    """A file that takes nothing more once it is shut: an archive that failed tries to end itself when it is dropped."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.shut = file, False

    def write(self, data: bytes) -> int:
        """Write `data`."""
        return len(data) if self.shut else self.file.write(data)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return 0 if self.shut else self.file.seek(place, whence)

    def tell(self) -> int:
        """Tell the place."""
        return 0 if self.shut else self.file.tell()

    def flush(self) -> None:
        """Hand on what was written."""
        if not self.shut:
            self.file.flush()


def _fill(book: Workbook, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[tuple[int, str]]:
    sheet = book.add_worksheet("reviews")
    bold, plain, text = (book.add_format(facts) for facts in ({"bold": True}, {}, {"quote_prefix": True}))
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(head):
        sheet.set_column(column, column, _WIDTHS.get(name, max(13, len(name) + 1)))
        sheet.write_string(0, column, name, bold)
    cut = []
    for number, row in enumerate(rows, 1):
        if number == ROWS:
            raise UsageError(f"a sheet holds {ROWS - 1:,} reviews; take csv or jsonl, or name shops with --shop")
        for column, cell in enumerate(row):
            if isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, str):
                words = _fitting(xml_text(cell))
                # The mark of a text keeps it one when somebody edits the cell.
                formula = neutral(words).startswith("'") and not words.startswith("'")
                _write_text(sheet, number, column, words, text if formula else plain)
                if words.endswith(CUT) and not cell.endswith(CUT):
                    cut.append((number + 1, head[column]))
            elif cell is not None:
                sheet.write_number(number, column, cell)
    return cut


def _write_text(sheet: Worksheet, row: int, column: int, words: str, form: Format) -> None:
    if words.startswith("<r>") and words.endswith("</r>"):
        # XlsxWriter would take it for markup of its own and put it into the file as it is. In parts it is escaped.
        sheet.write_rich_string(row, column, "<", "r", words[2:], form)
    else:
        sheet.write_string(row, column, words, form)


def _fitting(words: str) -> str:
    """`words`, cut to what a cell can hold, which then says so."""
    if len(words) <= CELL // 2:
        return words
    units = words.encode("utf-16-le")
    if len(units) <= 2 * CELL:
        return words
    return units[: 2 * (CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
