"""What the tests of importing share: a small content folder, a map, and runs of the reader and of the command."""

import json
from datetime import UTC, datetime

from click.testing import CliRunner
from vijf.cli import main
from vijf.content.site import load_zone
from vijf.importers.batch import collect
from vijf.importers.mapping import Format, decode_map
from vijf.importers.table import Refusal, read_rows

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ZONE = load_zone("Europe/Amsterdam")
SITE = """\
schema: 1
name: Keur
url: https://keur.example
languages: [nl, en]
operator: {name: Keur, email: post@keur.example}
"""
MAP = """\
platform: kiyoh
columns: {id: id, rating: mark, text: text, author: by, published: day}
scale: [1, 10]
"""


def make_content(root, *shops, site=SITE):
    """A content folder below `root` with empty shops of these slugs."""
    content = root / "content"
    content.mkdir()
    (content / "site.yaml").write_text(site, encoding="utf-8")
    for slug in shops:
        folder = content / "shops" / slug
        folder.mkdir(parents=True)
        (folder / "shop.yaml").write_text(f"name: {slug}\nurl: https://{slug}.example\n", encoding="utf-8")
    return content


def rows_of(data, text=MAP, form=Format.JSONL):
    """All rows and refusals of `data`: bytes, or a list of chunks."""
    chunks = [data] if isinstance(data, bytes) else data
    return list(read_rows(chunks, "in", decode_map(text.encode(), "map.yaml"), form))


def faults_of(data, text=MAP, form=Format.JSONL):
    """What is refused while reading `data`, as lines."""
    return [str(found.diagnostic) for found in rows_of(data, text, form) if isinstance(found, Refusal)]


def batch_of(*objects, text=MAP, data=None, form=Format.JSONL):
    """The batch that JSON lines with these objects come to, all about the shop `winkel`."""
    data = b"\n".join(json.dumps(value).encode() for value in objects) if data is None else data
    mapping = decode_map(text.encode(), "map.yaml")
    return collect(
        read_rows([data], "in", mapping, form), mapping, "in", None if mapping.shops else "winkel", ZONE, NOW
    )


def one_review(text=MAP, /, **given):
    """The review that one row comes to."""
    batch = batch_of({"id": "1", "mark": 8, "text": "Snel", "day": "2026-01-02", **given}, text=text)
    assert batch.refusals == []
    (review,) = batch.shops["winkel"].values()
    return review


def refusals_of(text=MAP, /, **given):
    """Why one row is refused, as lines."""
    batch = batch_of({"id": "1", "mark": 8, "text": "Snel", "day": "2026-01-02", **given}, text=text)
    assert batch.refused == 1
    return [str(found) for found in batch.refusals]


def vijf(*words):
    """Run the command; gives its exit code, standard output and standard error."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def tree(root):
    """Path -> bytes of everything below `root`."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
