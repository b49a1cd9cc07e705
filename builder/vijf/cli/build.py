"""`vijf build`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from vijf.cli import report
from vijf.cli.options import content_option, json_option, now, output_option, state_option
from vijf.errors import ContentError
from vijf.publish.build import Report
from vijf.publish.build import build as build_site
from vijf.publish.hosting import Host
from vijf.publish.state import State


@click.command(short_help="Make the site from the content.")
@content_option
@output_option
@state_option
@click.option("--keep-going", is_flag=True, help="A shop with faults keeps its last output; build the others (exit 1).")
@click.option(
    "--host",
    type=click.Choice([host.value for host in Host]),
    metavar="HOST",
    help="Warn of what this host won't take: github, cloudflare or netlify.",
)
@json_option
def build(content: Path, output: Path, state: Path | None, keep_going: bool, host: str | None, as_json: bool) -> None:
    """Make the site from the content.

    Reads everything first and shows every fault at once, as file:line:col. If there is one, nothing is written
    and the site that stood before still stands. Otherwise only files whose bytes change are written, and files
    that are no longer part of the site are removed: the output folder belongs to Vijf.

    \b
      vijf build
      vijf build --content reviews --output public --json
      vijf build --host cloudflare
    """
    started = time.monotonic()
    try:
        result = run(content, output, state, keep_going=keep_going, host=Host(host) if host else None)
    except ContentError as error:
        if as_json:
            click.echo(report.faults_json(error.diagnostics))
        raise
    if as_json:
        click.echo(report.as_json(result))
    else:
        click.echo(report.built(result, str(output), time.monotonic() - started))
    report.warnings(result.warnings)
    if result.faults:
        report.warnings(result.faults)
        sys.exit(ContentError.exit_code)


def run(
    content: Path, output: Path, state: Path | None, *, keep_going: bool = False, host: Host | None = None
) -> Report:
    """Build with a progress bar on a terminal, quietly elsewhere."""
    where = State.of(output, state)
    if not sys.stderr.isatty():
        return build_site(content, output, where, now(), keep_going=keep_going, host=host)
    with click.progressbar(length=1, label="Building", file=sys.stderr, show_eta=False, item_show_func=str) as bar:

        def progress(done: int, total: int, slug: str) -> None:
            bar.length = total
            bar.update(done - bar.pos, slug)

        return build_site(content, output, where, now(), keep_going=keep_going, host=host, progress=progress)
