"""`vijf build`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from vijf.cli import report
from vijf.cli.options import content_option, json_option, now, output_option, state_option
from vijf.errors import ContentError, UsageError
from vijf.publish.build import Options, Report
from vijf.publish.build import build as build_site
from vijf.publish.build import verify as verify_site
from vijf.publish.hosting import Host
from vijf.publish.state import State
from vijf.publish.workers import cores

_PARTS = ("shops", "pages", "static", "site.yaml")


@click.command(short_help="Make the site from the content.")
@content_option
@output_option
@state_option
@click.option("--keep-going", is_flag=True, help="A shop with faults keeps its last output; build the others (exit 1).")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=None, help="Processes that build at once.  [default: one a core]"
)
@click.option(
    "--changed",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A path of the content that changed; only these are looked at. May be given several times.",
)
@click.option(
    "--host",
    type=click.Choice([host.value for host in Host]),
    metavar="HOST",
    help="Warn of what this host won't take: github, cloudflare or netlify.",
)
@click.option(
    "--swap",
    is_flag=True,
    help="Make of a new or empty output a link to whole generations of the site; later builds switch it too.",
)
@click.option("--explain", is_flag=True, help="Say of each file that was made anew why.")
@click.option(
    "--verify", is_flag=True, help="Change nothing: make everything anew, and compare (exit 1 if it differs)."
)
@json_option
def build(
    content: Path,
    output: Path,
    state: Path | None,
    keep_going: bool,
    jobs: int | None,
    changed: tuple[Path, ...],
    host: str | None,
    swap: bool,
    explain: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Make the site from the content.

    Reads everything first and shows every fault at once, as file:line:col. If there is one, nothing is written
    and the site that stood before still stands. Otherwise only files whose bytes change are written, and files
    that are no longer part of the site are removed: the output folder belongs to Vijf.

    \b
      vijf build
      vijf build --content reviews --output public --json
      vijf build --host cloudflare
      vijf build --output /srv/reviews/site --swap
    """
    started = time.monotonic()
    options = Options(
        keep_going=keep_going,
        jobs=jobs or cores(),
        changed=[below(path, content) for path in changed] or None,
        host=Host(host) if host else None,
        swap=swap,
    )
    try:
        if verify:
            _verify(content, output, state, options, as_json=as_json)
            return
        result = run(content, output, state, options)
    except ContentError as error:
        if as_json:
            click.echo(report.faults_json(error.diagnostics))
        raise
    if as_json:
        click.echo(report.as_json(result))
    else:
        if explain:
            click.echo(report.reasons(result), nl=False)
        click.echo(report.built(result, str(output), time.monotonic() - started))
    report.warnings(result.warnings)
    report.notes(result.changes)
    if result.faults:
        report.warnings(result.faults)
        sys.exit(ContentError.exit_code)


def run(content: Path, output: Path, state: Path | None, options: Options | None = None) -> Report:
    """Build with a progress bar on a terminal, quietly elsewhere."""
    with _progress(options or Options()) as shown:
        return build_site(content, output, State.of(output, state), now(), shown)


def _verify(content: Path, output: Path, state: Path | None, options: Options, *, as_json: bool) -> None:
    """Compare what stands with what a build from nothing makes; exit 1 where they differ."""
    with _progress(options) as shown:
        changes = verify_site(content, output, State.of(output, state), now(), shown)
    click.echo(report.verified_json(changes) if as_json else report.verified(changes, str(output)))
    if changes.changed or changes.removed:
        sys.exit(ContentError.exit_code)


@contextmanager
def _progress(options: Options) -> Iterator[Options]:
    """`options` with a progress bar, where there is a terminal to show it on."""
    if not sys.stderr.isatty():
        yield options
        return
    with click.progressbar(length=1, label="Building", file=sys.stderr, show_eta=False, item_show_func=str) as bar:

        def progress(done: int, total: int, slug: str) -> None:
            bar.length = total
            bar.update(done - bar.pos, slug)

        yield replace(options, progress=progress)
        bar.update((bar.length or 0) - bar.pos)  # also where nothing had to be made


def below(path: Path, content: Path) -> str:
    """A changed path as the build wants it: relative to the content folder. It may be given from there too.

    Raises `UsageError` for one outside.
    """
    real = content.resolve()
    from_there = content / path if path.parts[:1] and path.parts[0] in _PARTS else path
    for candidate in (path, from_there):
        plain = Path(os.path.abspath(candidate))  # noqa: PTH100  # without dots; what it is itself may be a link
        for folder, place in ((Path(os.path.abspath(content)), plain), (real, plain.parent.resolve() / plain.name)):  # noqa: PTH100
            if place.is_relative_to(folder):
                return place.relative_to(folder).as_posix()
    raise UsageError(f"{path} doesn't lie in the content folder {content}; --changed takes paths of the content")
