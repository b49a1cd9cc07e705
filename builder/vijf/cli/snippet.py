"""`vijf snippet`."""

from __future__ import annotations

from pathlib import Path

import click

from vijf.cli.options import content_option, now
from vijf.cli.shops import one_shop
from vijf.errors import UsageError
from vijf.render.language import load_language
from vijf.render.widget import snippet as make_snippet


@click.command(short_help="Print what a shop pastes into its pages.")
@click.argument("shop")
@click.option("--language", help="Language of the widget.  [default: the site's first]")
@content_option
def snippet(shop: str, language: str | None, content: Path) -> None:
    """Print what a shop pastes into its pages to show its reviews.

    The element holds a link of the right size for visitors without the script, so nothing shifts. The script is
    one request to the site's host; it stores nothing and sends nothing else.

    \b
      vijf snippet de-ketting
      vijf snippet de-ketting --language en
    """
    site, found = one_shop(content, shop, now())
    code = language or site.languages[0]
    if code not in site.languages:
        raise UsageError(f"the site isn't published in '{code}'; it is in {', '.join(site.languages)}")
    click.echo(make_snippet(site, found.shop, load_language(code)), nl=False)
