"""`vijf check`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from vijf.cli import report
from vijf.cli.options import content_option, json_option, now
from vijf.content.against import check_against
from vijf.content.files import find
from vijf.content.load import Loaded, load_shop, open_content
from vijf.errors import ContentError, Diagnostic
from vijf.model import ShopContent
from vijf.publish.paths import check_paths


@click.command(short_help="Find every fault in the content; write nothing.")
@content_option
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="SITE",
    help="Folder of the site that stands: refuse reviews of it that are gone without a tombstone.",
)
@json_option
def check(content: Path, against: Path | None, as_json: bool) -> None:
    """Find every fault in the content, and write nothing.

    Each fault is a line `file:line:col: what is wrong, what to do [code]`. In GitHub Actions they are
    annotations too.

    \b
      vijf check
      vijf check --against site
    """
    try:
        shops, reviews, warnings = run(content, against, now())
    except ContentError as error:
        if as_json:
            click.echo(report.faults_json(error.diagnostics))
        raise
    report.warnings(warnings)
    if as_json:
        click.echo(json.dumps({"shops": shops, "reviews": reviews, "faults": [],
                               "warnings": [report.diagnostic_json(d) for d in warnings]}))  # fmt: skip
    else:
        click.echo(f"{report.number(shops, 'shop')}, {report.number(reviews, 'review')}: no faults")


def run(content: Path, against: Path | None, moment: datetime) -> tuple[int, int, list[Diagnostic]]:
    """Read all content: how many shops and reviews, and the warnings. Raises `ContentError` with every fault."""
    folder = find(content)
    opened = open_content(folder, moment)
    found: list[Diagnostic] = [*opened.warnings, *check_paths(folder, opened, len(folder.shops))]
    reviews = 0
    ids: dict[str, frozenset[str]] = {}
    for slug in folder.shops:
        loaded = load_shop(folder, slug, opened.site, moment)
        if isinstance(loaded, Loaded):
            reviews += len(loaded.content.reviews)
            if against is not None:
                ids |= _ids(loaded.content)
        else:
            found += loaded
    if against is not None:
        names = {slug for shop in opened.names for slug in (shop.slug, *shop.formerly)}
        found += check_against(against, folder, ids, names, moment.date())
    if any(not diagnostic.warning for diagnostic in found):
        raise ContentError(found)
    return len(folder.shops), reviews, found


def _ids(content: ShopContent) -> dict[str, frozenset[str]]:
    """Slug, earlier ones included, -> the ids that the content has now."""
    ids = frozenset(review.id for review in content.reviews)
    return dict.fromkeys((content.shop.slug, *content.shop.formerly), ids)
