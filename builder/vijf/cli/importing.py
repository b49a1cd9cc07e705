"""`vijf import`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from vijf import limits
from vijf.cli import report
from vijf.cli.options import content_option, json_option, now
from vijf.content.files import Folder, find
from vijf.content.load import load_site, zone_of
from vijf.errors import ContentError, Diagnostic, MachineError, UsageError
from vijf.importers.batch import Batch, collect
from vijf.importers.emit import write_files
from vijf.importers.mapping import Format, Map, decode_map
from vijf.importers.merge import Plan, Tally, plan_import
from vijf.importers.table import read_rows
from vijf.model import Site

_CHUNK = 1 << 16
_ENDINGS = {".csv": Format.CSV, ".tsv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}
_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("import", short_help="Bring in reviews from another platform's export.")
def import_() -> None:
    """Bring in reviews from another platform's export.

    Each platform's reviews go to a file of their own, shops/<slug>/reviews/import-<platform>.yaml, oldest first.
    They are shown as imported; they count towards a score only where `imports.count` in site.yaml names the platform.
    """


@import_.command(short_help="Import a CSV or JSON lines file with a map of its columns.")
@click.argument("file", type=_EXISTING)
@click.option("--map", "map_file", type=_EXISTING, required=True, metavar="MAP.yaml", help="Which column means what.")
@click.option("--shop", metavar="SLUG", help="The shop that all rows are about; it must exist.")
@content_option
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave out rows that are refused; without this one stops all.")
@json_option
def table(
    file: Path, map_file: Path, shop: str | None, content: Path, dry_run: bool, skip_bad_rows: bool, as_json: bool
) -> None:
    """Import a CSV or JSON lines file with a map of its columns (docs/importing.md).

    Nothing is written when a row is refused, unless you skip bad rows. Importing again changes only what changed:
    reviews that the file no longer has stay, and so does what was decided about a review here.

    \b
      vijf import table trustpilot.csv --map trustpilot.map.yaml --shop de-ketting --dry-run
      vijf import table reviews.jsonl --map map.yaml
    """
    try:
        moment = now()
        folder, site = _open(content, moment)
        mapping = decode_map(_bytes(map_file), map_file.as_posix())
        slug = _one_shop(folder, mapping, shop, map_file)
        rows = read_rows(_chunks(file), file.as_posix(), mapping, _format(mapping, file))
        batch = collect(rows, mapping, file.as_posix(), slug, zone_of(site), moment)
        plan = plan_import(folder, site, mapping, {} if batch.broken else batch.shops, moment)
    except ContentError as error:
        if as_json:
            click.echo(report.faults_json(error.diagnostics))
        raise
    stopped = batch.broken or (batch.refused > 0 and not skip_bad_rows)
    written = not (stopped or dry_run)
    if written:
        write_files(content, plan.files)
    click.echo(_as_json(batch, plan, written) if as_json else "\n".join(_lines(batch, plan, written, content)))
    if written and not as_json and mapping.platform not in site.count_imports:
        click.echo(f"they are shown and don't count: `imports.count` in site.yaml doesn't name {mapping.platform}")
    if stopped:
        raise ContentError([*batch.refusals, *batch.warnings])
    report.warnings([*batch.refusals, *batch.warnings])


def _open(content: Path, moment: datetime) -> tuple[Folder, Site]:
    folder = find(content)
    site, _ = load_site(folder, moment)
    if site is None:
        raise ContentError(folder.faults)
    return folder, site


def _format(mapping: Map, file: Path) -> Format:
    form = mapping.format or _ENDINGS.get(file.suffix.lower())
    if form is None:
        raise UsageError(f"{file}: its ending doesn't say what it is; add `format: csv` or `format: jsonl` to the map")
    return form


def _one_shop(folder: Folder, mapping: Map, shop: str | None, map_file: Path) -> str | None:
    """The shop that all rows are about, None where each row names its own."""
    if shop is not None and mapping.shops is not None:
        raise UsageError("--shop and `shops` of the map both say where rows go; use one of them")
    slug = shop or (mapping.shop.name if mapping.shop else None)
    if slug is None and mapping.shops is None:
        raise UsageError(f"which shop are the reviews about? Add --shop SLUG, or `shop` or `shops` to {map_file}")
    if slug is not None and slug not in folder.shops:
        problem = f"there is no shop '{slug}' in {folder.root}.{report.nearest(slug, folder.shops)}"
        if shop is not None or mapping.shop is None:
            raise UsageError(problem)
        raise ContentError([Diagnostic(mapping.shop.span, "unknown-shop", f"{problem} Make it first")])
    return slug


def _bytes(path: Path) -> bytes:
    """The map, or one byte more than it may have."""
    try:
        with path.open("rb") as file:
            return file.read(limits.YAML_BYTES + 1)
    except OSError as error:
        raise MachineError(f"{path}: can't be read: {error.strerror}") from error


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, with a progress bar on a terminal."""
    try:
        with path.open("rb") as file:
            if not sys.stderr.isatty():
                while chunk := file.read(_CHUNK):
                    yield chunk
                return
            with click.progressbar(length=path.stat().st_size, label="Reading", file=sys.stderr, show_eta=False) as bar:
                while chunk := file.read(_CHUNK):
                    yield chunk
                    bar.update(len(chunk))
    except OSError as error:
        raise MachineError(f"{path}: can't be read: {error.strerror}") from error


def _sum(plan: Plan) -> Tally:
    """The tallies of all shops together."""
    return Tally(*(sum(part) for part in zip(*(asdict(t).values() for t in plan.tallies.values()), strict=True)))


def _lines(batch: Batch, plan: Plan, written: bool, content: Path) -> Iterator[str]:
    repeated = f", {batch.repeated:,} of them repeated" if batch.repeated else ""
    yield f"read {batch.read:,} rows{repeated}"
    for slug, tally in sorted(plan.tallies.items()):
        yield f"  {slug}: {_counts(tally)}" + (" (new shop)" if slug in plan.new_shops else "")
    yield _counts(_sum(plan))
    if batch.repaired:
        yield "repaired: " + ", ".join(f"{kind} {count:,}" for kind, count in sorted(batch.repaired.items()))
    yield f"refused: {batch.refused:,}"
    if not written:
        yield "nothing was written"
    elif not plan.files:
        yield "nothing to write"
    for path in sorted(plan.files) if written else ():
        yield f"wrote {(content / path).as_posix()}"


def _counts(tally: Tally) -> str:
    """What happens to reviews, in words; the two rare cases only where they occur."""
    words = [f"{tally.new:,} new", f"{tally.unchanged:,} unchanged", f"{tally.changed:,} changed"]
    if tally.decided:
        words.append(f"{tally.decided:,} left as decided here")
    if tally.kept:
        words.append(f"{tally.kept:,} kept that the file doesn't have")
    return ", ".join(words)


def _as_json(batch: Batch, plan: Plan, written: bool) -> str:
    return json.dumps(
        {
            "read": batch.read,
            "repeated": batch.repeated,
            **asdict(_sum(plan)),
            "repaired": dict(sorted(batch.repaired.items())),
            "refused": batch.refused,
            "shops": {slug: asdict(tally) for slug, tally in sorted(plan.tallies.items())},
            "new_shops": sorted(plan.new_shops),
            "written": sorted(plan.files) if written else [],
            "faults": [report.diagnostic_json(d) for d in batch.refusals],
            "warnings": [report.diagnostic_json(d) for d in batch.warnings],
        }
    )
