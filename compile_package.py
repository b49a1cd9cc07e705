"""Compile what the package needs ready: message catalogues (*.po) to *.mo, and templates to Python code.

Run by the package's build, or by hand as a script. Both results are optional to nobody and kept out of the repository:
without the first there is one language, without the second each run compiles the templates again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # by hand: hatchling needn't be installed
    BuildHookInterface = object  # type: ignore[assignment,misc]  # never made in that case

BUILDER = Path(__file__).parent / "builder"
LOCALES = BUILDER / "vijf" / "render" / "locales"


def compile_catalogues() -> None:
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


def compile_templates() -> None:
    sys.path.insert(0, str(BUILDER))
    from vijf.render.package import COMPILED
    from vijf.render.templates import compiled

    for code in ("en", *(source.parts[-3] for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")))):
        folder, wanted = COMPILED / code, compiled(code)
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.py"):
            if path.name not in wanted:
                path.unlink()
        for name, python in wanted.items():
            (folder / name).write_text(python, encoding="utf-8")


def compile_all() -> None:
    compile_catalogues()
    compile_templates()


class CompilePackage(BuildHookInterface):  # type: ignore[type-arg]  # generic only in its stubs
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        compile_all()


if __name__ == "__main__":
    compile_all()
