"""`vijf init`."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from vijf.errors import MachineError, UsageError

# Files that would not survive in the package under their own names.
_RENAMED = {"gitignore": ".gitignore"}


@click.command(short_help="Start a new site in a folder.")
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Start a new site in FOLDER, with two example shops to change or delete.

    \b
      vijf init my-reviews
      cd my-reviews
      vijf build
      vijf serve
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not an empty folder; choose another name")
    try:
        _copy(files("vijf").joinpath("starter"), folder)
    except OSError as error:
        raise MachineError(f"{folder}: can't be written: {error.strerror}") from error
    click.echo(
        f"""\
{folder} is ready:
  content/site.yaml         who you are: name, address, languages; change this first
  content/shops/<name>/     a folder for each shop, with shop.yaml and reviews/
  content/pages/            your own pages, in Markdown

Next:
  cd {folder}
  vijf build                make the site in ./site
  vijf serve                look at it, while you change the content"""
    )


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        to = target / _RENAMED.get(entry.name, entry.name)
        if entry.is_dir():
            _copy(entry, to)
        else:
            to.write_bytes(entry.read_bytes())
