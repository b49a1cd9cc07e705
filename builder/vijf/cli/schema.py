"""`vijf schema`."""

from __future__ import annotations

import json

import click

from vijf.content.schema import SCHEMAS, json_schema


@click.command(short_help="Print the JSON Schema of a kind of file.")
@click.argument("name", type=click.Choice(list(SCHEMAS)))
def schema(name: str) -> None:
    """Print the JSON Schema of a kind of file, for completion and checks in your editor.

    \b
      vijf schema reviews > reviews.schema.json

    In editors with the YAML language server, a first line in a file then names it:

    \b
      # yaml-language-server: $schema=../../../../reviews.schema.json
    """
    click.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
