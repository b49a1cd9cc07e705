"""`vijf serve`: look at the site while writing its content."""

from __future__ import annotations

from pathlib import Path

import click
import watchfiles

from vijf.cli import report
from vijf.cli.build import below, run
from vijf.cli.options import content_option, now, output_option, state_option
from vijf.cli.server import Notices, start_server
from vijf.content.files import find
from vijf.content.load import load_site
from vijf.errors import ContentError, UsageError, VijfError
from vijf.publish.build import Options, Report
from vijf.urls import base_path

_FIRST_LOOK = 50
"""Milliseconds between two looks for changes."""
_MANY = 1_000
"""Paths saved at once beyond which the system may have forgotten to name some."""


@click.command(short_help="Show the site in your browser; build anew on every change.")
@content_option
@output_option
@state_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
def serve(content: Path, output: Path, state: Path | None, host: str, port: int) -> None:
    """Show the site in your browser; build anew on every change.

    Builds, serves the output at http://127.0.0.1:8000/, watches the content, and reloads open pages after each
    build. Faults are printed and shown in the page; the last sound site stays up. Stop with Ctrl-C.

    This is for looking, not for publishing: put the output folder on any static host for that.
    """
    find(content)
    notices = Notices()
    # The watch begins before the first build, so that nothing saved meanwhile is missed.
    changes = watchfiles.watch(content, raise_interrupt=True, yield_on_timeout=True, rust_timeout=_FIRST_LOOK)
    try:
        next(changes, None)
        _build(content, output, state, notices, Options())
        site, _ = load_site(find(content), now())
        base = base_path(site) if site else "/"
        server = start_server(output, base, host, port, notices)
        click.echo(f"open http://{host}:{server.server_port}{base}  (Ctrl-C stops)", err=True)
        unbuilt: set[str] = set()
        for change in changes:
            unbuilt.update(path for _, path in change)
            if change and _build(content, output, state, notices, _only(unbuilt, content)):
                unbuilt.clear()
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        notices.close()


def _only(unbuilt: set[str], content: Path) -> Options:
    """To look only at what was saved since the last build that went well; at everything after a great change."""
    return Options(changed=[below(Path(path), content) for path in unbuilt] if len(unbuilt) <= _MANY else ["."])


def _build(content: Path, output: Path, state: Path | None, notices: Notices, options: Options) -> bool:
    """Build once, and tell the terminal and open pages of it; gives whether it went well."""
    try:
        result: Report = run(content, output, state, options)
    except ContentError as error:
        report.faults(error.diagnostics)
        notices.faults([str(diagnostic) for diagnostic in error.diagnostics])
        return False
    except VijfError as error:
        if isinstance(error, UsageError) and options.changed is None:
            raise
        click.echo(f"vijf: {error}", err=True)
        notices.faults([str(error)])
        return False
    changed = len(result.changes.changed) + len(result.changes.removed)
    click.echo(f"built: {changed:,} of {result.files:,} files changed", err=True)
    report.warnings(result.warnings)
    report.notes(result.changes)
    notices.changed()
    return True
