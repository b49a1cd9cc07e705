"""Options that several commands share, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

content_option = click.option(
    "--content",
    type=click.Path(path_type=Path),
    default=Path("content"),
    show_default=True,
    help="Folder with site.yaml, shops/ and pages/.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Folder that the site goes to; it belongs to Vijf.",
)
state_option = click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder for the build's own notes.  [default: .vijf/<output> beside the output]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON on standard output.")


def now() -> datetime:
    """The present moment, read once by a command and passed on: it may refuse a date, never change a byte."""
    return datetime.now(UTC)
