"""`vijf snippet`."""

from __future__ import annotations

from pathlib import Path

import click

from vijf.cli.options import content_option, now
from vijf.cli.shops import one_shop
from vijf.errors import UsageError
from vijf.model import Kind
from vijf.render.language import load_language
from vijf.render.snippets import Form
from vijf.render.snippets import snippet as make_snippet


@click.command(short_help="Print what a shop pastes into its pages.")
@click.argument("shop")
@click.option("--language", help="Language of the widget.  [default: the site's first]")
@click.option(
    "--form",
    type=click.Choice([form.value for form in Form]),
    default=Form.SCRIPT.value,
    show_default=True,
    help="Card by script; the same pinned by its digest (SRI); badge in a link; card in a frame.",
)
@content_option
def snippet(shop: str, language: str | None, form: str, content: Path) -> None:
    """Print what a shop pastes into its pages to show its reviews.

    The element holds a link of the right size for visitors without the script, so nothing shifts. The script is
    one request to the site's host; it stores nothing and sends nothing else. The site's page for the company,
    /<language>/<shop>/embed/, shows all forms.

    \b
      vijf snippet de-ketting
      vijf snippet de-ketting --language en
      vijf snippet de-ketting --form image
    """
    site, found = one_shop(content, shop, now())
    code = language or site.languages[0]
    if code not in site.languages:
        raise UsageError(f"the site isn't published in '{code}'; it is in {', '.join(site.languages)}")
    if form == Form.FRAME and Kind.FRAME in site.without:
        raise UsageError("the site has no frames: `without` in site.yaml leaves them out")
    click.echo(make_snippet(site, found.shop, load_language(code), Form(form)), nl=False)
