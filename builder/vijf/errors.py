"""What can go wrong, as values (`Diagnostic`) and as exceptions; nothing here prints or exits.

A fault in the content is a `Diagnostic`: collected, sorted, shown all at once. An exception ends the
command; each class has the exit code that the command line gives for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: the path as people know it, and line and column, both from 1 (0: the whole file)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One fault or warning: where it is, its code (a key of `vijf.codes.CODES`), what is wrong and what to do."""

    span: Span
    code: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.span}: {kind}{self.message} [{self.code}]"


class VijfError(Exception):
    """Base of all errors that a person can do something about; `exit_code` is what the command returns."""

    exit_code = 3


class ContentError(VijfError):
    """The content has faults; nothing was written. `diagnostics` holds all of them, sorted."""

    exit_code = 1

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(diagnostics))
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class Interrupted(KeyboardInterrupt):  # like its base, it is no error
    """Stopped by a person at a moment when it makes a difference what they are told."""


class UsageError(VijfError):
    """The command was asked for something that makes no sense: a folder that isn't there, an unknown shop."""

    exit_code = 2


class MachineError(VijfError):
    """The machine failed: disk full, no permission, another build is running."""

    exit_code = 3
