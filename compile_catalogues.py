"""Compile the message catalogues (*.po) to *.mo: run by the package's build, or by hand as a script."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # by hand: then only `compile_all` is wanted, and hatchling needn't be installed
    BuildHookInterface = object  # type: ignore[assignment,misc]  # never made in that case

LOCALES = Path(__file__).parent / "builder" / "vijf" / "render" / "locales"


def compile_all() -> None:
    from babel import Locale
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=Locale.parse(source.parts[-3], sep="-"))
        # A catalogue says when it was made; the same sources must give the same bytes.
        catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]  # generic only in its stubs
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        compile_all()


if __name__ == "__main__":
    compile_all()
