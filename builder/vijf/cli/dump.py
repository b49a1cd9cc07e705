"""`vijf dump`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from vijf.cli import report, workbook
from vijf.cli.options import content_option, now
from vijf.cli.shops import check_known
from vijf.content.files import Folder, find
from vijf.content.load import Loaded, SiteContent, load_shop, open_content
from vijf.errors import ContentError, MachineError, UsageError
from vijf.model import Site
from vijf.publish.disk import FILE_MODE
from vijf.publish.paths import check_paths
from vijf.render.table import CSV_START, Entry, columns, csv_row, entries, jsonl_line, row
from vijf.render.views import ShopBundle

_NAMED = 10
"""Cut cells that are named; of the others only the number is told."""


FORMATS = ("csv", "jsonl", "xlsx")


@click.command(short_help="Write all public reviews as CSV, JSON lines or XLSX.")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--shop", "shops", metavar="SLUG", multiple=True, help="Only this shop; may be given several times.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="File to write, instead of standard output."
)
@content_option
def dump(form: str, shops: tuple[str, ...], out: Path | None, content: Path) -> None:
    """Write all public reviews as CSV, JSON lines or XLSX (docs/dumping.md).

    One row for each entry, what is on hold or removed in its place without words; shops by slug, newest first. With
    a fault in the content nothing is written, and a file that stood there stays.

    \b
      vijf dump --format xlsx --out reviews.xlsx
      vijf dump --format jsonl --shop de-ketting > de-ketting.jsonl
    """
    if form == "xlsx":
        workbook.require()
        if out is None and sys.stdout.isatty():
            raise UsageError("XLSX is nothing for a terminal; name a file with --out")
    with _target(out) as file:
        source = _Source(content, shops, now())
        _write(form, file, source)
        report.warnings(source.opened.warnings)
    if out is not None:
        count = f"{report.number(source.reviews, 'review')} of {report.number(len(source.slugs), 'shop')}"
        click.echo(f"{count} -> {out}")


class _Source:
    """The content's public reviews, read shop by shop."""

    def __init__(self, content: Path, shops: Iterable[str], moment: datetime) -> None:
        self.folder: Folder = find(content)
        self.moment = moment
        for slug in shops:
            check_known(self.folder, slug)
        self.slugs = sorted(set(shops)) or self.folder.shops
        self.opened: SiteContent = open_content(self.folder, moment)
        self.reviews = 0

    @property
    def site(self) -> Site:
        """The site's settings."""
        return self.opened.site

    def entries(self) -> Iterator[Entry]:
        """Every review of the shops, or those up to the first fault: then all faults are raised at the end."""
        faults = check_paths(self.folder, self.opened, len(self.folder.shops))
        for slug in self._with_progress():
            loaded = load_shop(self.folder, slug, self.site, self.moment)
            if not isinstance(loaded, Loaded):
                faults += loaded
            elif not faults:
                self.reviews += len(loaded.content.reviews)
                yield from entries(ShopBundle(self.site, loaded.content))
        if faults:
            raise ContentError([*self.opened.warnings, *faults])

    def _with_progress(self) -> Iterator[str]:
        if not sys.stderr.isatty():
            yield from self.slugs
            return
        with click.progressbar(self.slugs, label="Reading", file=sys.stderr, show_eta=False) as bar:
            yield from bar


def _write(form: str, file: IO[bytes], source: _Source) -> None:
    site = source.site
    if form == "jsonl":
        file.writelines(map(jsonl_line, source.entries()))
        return
    head = columns(site)
    rows = (row(entry, site) for entry in source.entries())
    if form == "csv":
        file.write(CSV_START + csv_row(head))
        file.writelines(map(csv_row, rows))
        return
    cut = workbook.write_workbook(file, head, rows)
    if cut:
        named = ", ".join(f"row {number} {column}" for number, column in cut[:_NAMED])
        more = f" and {len(cut) - _NAMED:,} more" if len(cut) > _NAMED else ""
        click.echo(
            f"vijf: {report.number(len(cut), 'text')} cut to the {workbook.CELL:,} signs that a cell of XLSX holds; "
            f"csv and jsonl have the whole: {named}{more}",
            err=True,
        )


@contextmanager
def _target(out: Path | None) -> Iterator[IO[bytes]]:
    """A file to fill: it comes to its place only when the block ends well, all at once."""
    if out is None:
        with tempfile.TemporaryFile(prefix="vijf-") as file:
            yield file
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    place = Path(os.path.realpath(out))  # where a link leads, so that it stays one
    if place.exists() and not place.is_file():
        raise UsageError(f"{out}: is no file that could be replaced; name another")
    if not place.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")
    try:
        descriptor, name = tempfile.mkstemp(prefix=".vijf-", dir=place.parent)
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb+") as file:
                yield file
                file.flush()
                os.fchmod(file.fileno(), place.stat().st_mode & 0o777 if place.exists() else FILE_MODE)
                os.fsync(file.fileno())
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise MachineError(f"{out}: can't be written: {error.strerror or error}") from error
