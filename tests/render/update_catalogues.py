"""Brings the message catalogues up to date with the sources: run by `make messages`; tests use its parts.

Extracts every message, keeps the translations that still fit, leaves the new ones empty, drops the others, and
compiles. What it writes depends on the sources and the former catalogue only, so that a diff shows words alone.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "builder" / "vijf" / "render" / "locales"
CATALOGUE = "LC_MESSAGES/vijf.po"
NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
"""Babel dates every catalogue; one fixed day keeps the compiled file the same."""


def languages() -> list[str]:
    """The codes of all languages that have a catalogue."""
    return sorted(path.parts[-3] for path in LOCALES.glob(f"*/{CATALOGUE}"))


def extract(root: Path = ROOT) -> Catalog:
    """All messages of the sources below `root`, found as `babel.cfg` says."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(charset="utf-8")
    for _, _, message, _, context in extract_from_dir(root, methods, options):
        found.add(message, context=context)
    return found


def read(code: str) -> Catalog:
    """The catalogue of the language `code` as it stands."""
    with (LOCALES / code / CATALOGUE).open("rb") as file:
        return read_po(file, locale=Locale.parse(code, sep="-"))


def as_text(catalogue: Catalog) -> bytes:
    """A catalogue as a *.po: a header that never changes by itself, then the messages, without line numbers."""
    name = catalogue.locale.english_name if catalogue.locale else ""
    header = (
        f"# Vijf in {name}. How to change it: docs/languages.md\n"
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        "\n"
    )
    body = BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, ignore_obsolete=True, sort_output=True)
    return header.encode() + body.getvalue()


def update(code: str, sources: Catalog) -> list[str]:
    """Write the catalogue of `code` anew, and compile it; gives the messages that have no translation yet."""
    catalogue = read(code)
    catalogue.update(sources, no_fuzzy_matching=True, update_creation_date=False)
    path = LOCALES / code / CATALOGUE
    path.write_bytes(as_text(catalogue))
    written = read(code)
    written.creation_date = written.revision_date = NO_DATE
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, written)
    return [forms(entry.id)[0] for entry in written if entry.id and not all(forms(entry.string))]


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The forms of a message or of its translation: one, or as many as there are plural forms."""
    return (text,) if isinstance(text, str) else tuple(text or ())


if __name__ == "__main__":
    messages = extract()
    for language in languages():
        for missing in update(language, messages):
            sys.stdout.write(f"{language}: not translated: {missing}\n")
