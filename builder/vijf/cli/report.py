"""How faults, warnings and summaries look on a terminal, in CI and as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import click

from vijf.errors import Diagnostic
from vijf.publish.build import Report
from vijf.publish.stage import Changes


def faults(diagnostics: Iterable[Diagnostic]) -> None:
    """Print each fault and warning on a line of its own on standard error, then how many there are."""
    found = list(diagnostics)
    for diagnostic in found:
        click.echo(str(diagnostic), err=True)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(annotation(diagnostic), err=True)
    count = sum(1 for diagnostic in found if not diagnostic.warning)
    if count:
        click.echo(f"vijf: {number(count, 'fault')}; nothing was written", err=True)


def warnings(diagnostics: Iterable[Diagnostic]) -> None:
    """Print warnings, which stop nothing."""
    for diagnostic in diagnostics:
        click.echo(str(diagnostic), err=True)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(annotation(diagnostic), err=True)


def notes(changes: Changes) -> None:
    """Print what failed without any harm to the site."""
    for note in changes.notes:
        click.echo(f"vijf: {note}", err=True)


def annotation(diagnostic: Diagnostic) -> str:
    """A fault as a GitHub Actions workflow command, which shows it beside the line."""
    kind = "warning" if diagnostic.warning else "error"
    span = diagnostic.span
    place = f"file={_property(span.file)}"
    if span.line:
        place += f",line={span.line},col={span.column}"
    return f"::{kind} {place},title={_property(diagnostic.code)}::{_data(diagnostic.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def size(count: int) -> str:
    """A number of bytes for people: `3.4 MB`."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:.1f} kB"
    return f"{count / 1_000_000:.1f} MB"


def number(count: int, what: str) -> str:
    """`1 shop`, `1,000 shops`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def built(report: Report, output: str, seconds: float) -> str:
    """What a build did, in a line or two."""
    changed, removed = len(report.changes.changed), len(report.changes.removed)
    shops = f"{number(report.shops, 'shop')}, {number(report.reviews, 'review')} -> {output}"
    files = f"{report.files:,} files, {size(report.bytes)}"
    work = f"{changed:,} written, {removed:,} removed, {report.files - changed:,} unchanged"
    lines = [f"{shops}: {files}; {work} ({seconds:.2f} s)"]
    if report.recovered:
        lines.insert(0, "an earlier build had been interrupted; its change was completed first")
    if report.kept:
        lines.append(f"kept as they stood because of faults: {', '.join(report.kept)}")
    if report.left_out:
        lines.append(f"left out because of faults: {', '.join(report.left_out)}")
    return "\n".join(lines)


def reasons(report: Report) -> str:
    """Why each file was made anew, and whether its bytes changed, a line each."""
    return "".join(
        f"{path}: {reason.value}{'' if changed else ' (same bytes)'}\n" for path, reason, changed in report.reasons
    )


def verified(changes: Changes, output: str) -> str:
    """What `--verify` found."""
    if not changes.changed and not changes.removed:
        return f"{output} is what its content makes"
    lines = [f"{path}: differs or is missing" for path in changes.changed]
    lines += [f"{path}: is no part of the site" for path in changes.removed]
    found = number(len(lines), "file")
    return "\n".join([*lines, f"{found} of {output} aren't what the content makes; `vijf build` puts that right"])


def verified_json(changes: Changes) -> str:
    """The same as JSON."""
    return json.dumps({"differing": list(changes.changed), "foreign": list(changes.removed)})


def as_json(report: Report) -> str:
    """What a build did, for a CDN purge or a sync."""
    return json.dumps(
        {
            "shops": report.shops,
            "reviews": report.reviews,
            "files": report.files,
            "bytes": report.bytes,
            "changed": list(report.changes.changed),
            "removed": list(report.changes.removed),
            "kept": list(report.kept),
            "left_out": list(report.left_out),
            "recovered": report.recovered,
            "faults": [diagnostic_json(d) for d in report.faults],
            "warnings": [diagnostic_json(d) for d in report.warnings],
        }
    )


def faults_json(diagnostics: Iterable[Diagnostic]) -> str:
    """All faults and warnings of content that can't be built, as JSON."""
    found = [diagnostic_json(d) for d in diagnostics]
    return json.dumps(
        {"faults": [d for d in found if not d["warning"]], "warnings": [d for d in found if d["warning"]]}
    )


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A fault or warning as JSON."""
    span = diagnostic.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "warning": diagnostic.warning,
    }


def nearest(word: str, known: Sequence[str]) -> str:
    """` Did you mean X?` where something is near, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
