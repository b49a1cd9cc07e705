"""The command `vijf`: the only package that prints, exits, or reads the clock.

Exit codes: 0 done, 1 the content has faults, 2 wrong usage, 3 the machine failed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from vijf import __version__
from vijf.cli import report
from vijf.errors import ContentError, Interrupted, MachineError, VijfError

COMMANDS = {
    "init": "vijf.cli.init:init",
    "check": "vijf.cli.check:check",
    "build": "vijf.cli.build:build",
    "serve": "vijf.cli.serve:serve",
    "explain": "vijf.cli.explain:explain",
    "snippet": "vijf.cli.snippet:snippet",
    "schema": "vijf.cli.schema:schema",
    "import": "vijf.cli.importing:import_",
    "dump": "vijf.cli.dump:dump",
}
"""Command -> where it is; loaded only when it is asked for, so that a small command starts at once."""


class Commands(click.Group):
    """The commands in the order in which one meets them; errors become messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Name the commands in their own order, not the alphabet's."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Load a command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that doesn't exist."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = report.nearest(args[0], list(COMMANDS))
            raise click.UsageError(f"{error.message}{near}", ctx) from None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's signature
        """Run the command; errors that a person can do something about end it with their exit code."""
        try:
            return super().invoke(ctx)
        except ContentError as error:
            report.faults(error.diagnostics)
            ctx.exit(error.exit_code)
        except VijfError as error:
            click.echo(f"vijf: {error}", err=True)
            ctx.exit(error.exit_code)
        except Interrupted as error:
            click.echo(f"\nvijf: {error}", err=True)
            ctx.exit(130)
        except KeyboardInterrupt:
            click.echo("\nvijf: stopped; the site is as it was", err=True)
            ctx.exit(130)
        except MemoryError:
            click.echo("vijf: out of memory; build again with more, nothing is lost", err=True)
            ctx.exit(MachineError.exit_code)
        except (ImportError, SystemError) as error:  # libraries are loaded late; how little memory shows then
            click.echo(f"vijf: a part of the program can't be loaded: {error}", err=True)
            click.echo("Perhaps memory ran out, or the installation is incomplete; nothing is lost.", err=True)
            ctx.exit(MachineError.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            click.echo(f"vijf: {error.strerror or error}", err=True)
            ctx.exit(MachineError.exit_code)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="vijf")
def main() -> None:
    """Publish shop reviews from YAML: pages, widgets and badges, as a static site.

    A first site takes four lines:

    \b
      vijf init my-reviews
      cd my-reviews
      vijf build
      vijf serve

    Content lies in ./content, the site goes to ./site. Exit codes: 0 done, 1 the content has faults,
    2 wrong usage, 3 the machine failed.
    """
