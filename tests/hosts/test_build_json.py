"""`build.json`: anyone who holds the content can tell whether a site was built from it. Only hashlib is used here."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import vijf as package
from contents import review

REPOSITORY = Path(__file__).parents[2]


def digest(data):
    """BLAKE2b, 128 bits, hexadecimal: of one file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def counted(folder, passed_over=lambda _path: False):
    """The files below a folder that count: path -> bytes."""
    paths = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    return {path: (folder / path).read_bytes() for path in paths if not passed_over(path)}


def sum_over(files):
    """The sum over files, as docs/outputs.md says in words that it is made."""
    lines = [f"{digest(data)}  {path}\n".encode() for path, data in files.items()]
    numbers = [int(hashlib.blake2b(line, digest_size=32).hexdigest(), 16) for line in lines]
    return f"{sum(numbers) % (1 << 256):064x}"


def check(content, site, passed_over=lambda _path: False):
    """Compare what a build says of itself with what is there."""
    said = json.loads((site / "build.json").read_bytes())
    output = counted(site, lambda path: path == "build.json")
    assert (said["output"], said["files"]) == (sum_over(output), len(output))
    assert said["content"] == sum_over(counted(content, passed_over))
    assert (said["generator"], said["version"], said["schema"]) == ("vijf", package.__version__, 1)


def test_a_stranger_can_recompute_the_demo(demo_site):
    """Both sums of the demo are those of its files."""
    check(REPOSITORY / "content", demo_site)


def test_the_documented_lines_of_code_recompute_the_demo(demo_site):
    """What docs/outputs.md shows works as it stands."""
    text = (REPOSITORY / "docs/outputs.md").read_text("utf-8").partition("\n## build.json\n")[2]
    shown = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], shown)  # noqa: S102  our own documentation
    said = json.loads((demo_site / "build.json").read_bytes())
    assert shown["sum_over"](counted(demo_site, lambda path: path == "build.json")) == said["output"]
    assert shown["sum_over"](counted(REPOSITORY / "content")) == said["content"]


@pytest.fixture
def rich(content):
    """Every kind of content file, with names that are hard to write, and files that aren't content."""
    content.shop("peer", 6)
    content.shop("appel", 2)
    content.write("pages/about.nl.md", "---\ntitle: Over\n---\nTekst.\n")
    content.write("pages/about.fr.md", "---\ntitle: Non lue\n---\nTexte.\n")
    for name in ("Z", "a", "é", "\U0001f600", "\uffe6", ".well-known/x", "_headers", "deep/er/x.bin"):
        content.write(f"static/{name}", f"/{name}\n  X-A: b\n")
    for name in ("README.md", ".git/config", "shops/peer/notes~", "shops/peer/reviews/.swp", "pages/README"):
        content.write(name, "not content")
    return content


def aside(path):
    """Dotfiles but in `static/`, notes, and the page in a language that the site doesn't have."""
    if path.startswith("static/"):
        return False
    names = path.split("/")
    return any(n.startswith((".", "README")) or n.endswith("~") for n in names) or path.endswith(".fr.md")


def test_a_stranger_can_recompute_everything(rich, run, tmp_path):
    """All that is read counts, whatever its name; what isn't read doesn't."""
    assert run("build").code == 0
    check(rich.folder, tmp_path / "site", aside)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.write("static/Z", "other"),
        lambda content: content.write("static/_headers", "/x\n  X-A: c\n"),
        lambda content: content.reviews("appel", "more.yaml", review(9)),
        lambda content: (content.folder / "static/a").rename(content.folder / "static/b"),
        lambda content: content.site(name="Andere naam"),
    ],
)
def test_any_change_of_content_changes_its_sum(rich, run, tmp_path, change):
    """A changed, added or renamed file gives another sum, which can be recomputed too."""
    run("build")
    before = json.loads((tmp_path / "site/build.json").read_bytes())
    change(rich)
    assert run("build").code == 0
    after = json.loads((tmp_path / "site/build.json").read_bytes())
    assert after["content"] != before["content"]
    assert after["output"] != before["output"]
    check(rich.folder, tmp_path / "site", aside)
