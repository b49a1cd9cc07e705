"""Whatever was built before, a build leaves what a clean build makes: over random content and random edits."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from contents import Content, differing, files
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS, NOW, SITE, as_yaml, document, lines, reviews, shops, slugs
from vijf import model as m
from vijf.publish import disk
from vijf.publish.build import build
from vijf.publish.state import State


@pytest.fixture(autouse=True)
def no_flush(monkeypatch):
    """Don't flush the machine's file systems some hundred times."""
    monkeypatch.setattr(disk, "flush", lambda _folder: None)


SITES = st.builds(
    lambda languages, threshold, without, demo: replace(
        SITE, languages=languages, threshold=threshold, without=without, demo=demo
    ),
    st.sampled_from([("en",), ("nl", "en"), ("en", "nl")]),
    st.sampled_from([5, 6]),
    st.frozensets(st.sampled_from([m.Kind.DARK, m.Kind.WIDE]), max_size=1),
    st.booleans(),
)


@st.composite
def contents(draw):
    """A whole content: files by path. Earlier slugs are free, merged shops are there."""
    names = draw(st.lists(slugs, min_size=0, max_size=3, unique=True))
    written = {"site.yaml": as_yaml(document(draw(SITES)))}
    taken = set(names)
    for slug in names:
        shop = draw(shops())
        merged = names[0] if shop.merged_into and slug != names[0] else None  # into one that stands alone itself
        formerly = tuple(name for name in shop.formerly if name not in taken)
        taken.update(formerly)
        shop = replace(shop, slug=slug, merged_into=merged, formerly=formerly)
        written[f"shops/{slug}/shop.yaml"] = as_yaml(document(shop))
        made = draw(st.lists(reviews(), max_size=3, unique_by=lambda review: review.id))
        written[f"shops/{slug}/reviews/some.yaml"] = as_yaml(document(made))
        many = draw(st.sampled_from([0, 4, 21]))
        written[f"shops/{slug}/reviews/many.yaml"] = as_yaml(
            [
                {"id": f"m{n}-of-many", "received": "2019-01-01", "published": "2019-01-01", "rating": 8}
                for n in range(many)
            ]
        )
    if draw(st.booleans()):
        written["pages/about.en.md"] = f"---\ntitle: {as_yaml(draw(lines)).strip()}\n---\nUs.\n"
    if draw(st.booleans()):
        written["static/a/b.txt"] = draw(lines)
    return written


@st.composite
def histories(draw):
    """Contents one after another: each has parts of the one before and parts that are new."""
    history = [draw(contents())]
    for _ in range(draw(st.integers(1, 2))):
        former, other = history[-1], draw(contents())
        keep = {path.rpartition("/reviews/")[0] or path for path in former if draw(st.booleans())}
        own = {path: text for path, text in former.items() if (path.rpartition("/reviews/")[0] or path) in keep}
        history.append(merge(other, own))
    return history


def merge(content, more):
    """`content` with the files of `more`, but for those that would contradict it."""
    shops_of = {path.split("/")[1] for path in content if path.startswith("shops/")}
    return content | {
        path: text
        for path, text in more.items()
        if not path.startswith("shops/") or (path.split("/")[1] in shops_of and path.endswith("many.yaml"))
    }


def put(folder, written):
    """Make the content folder hold these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    content = Content(folder)
    for path, text in written.items():
        content.write(path, text)


def make(content, output):
    """Build, and give the report."""
    return build(content, output, State.of(output), NOW)


@settings(LAWS, max_examples=12)
@given(histories())
def test_building_over_any_former_site_gives_what_a_clean_build_gives(history):
    """Building over another site equals a clean build, byte for byte, and the report names exactly what changed."""
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder), history)


@pytest.mark.slow
@settings(LAWS, max_examples=200)
@given(histories())
def test_building_over_any_former_site_gives_what_a_clean_build_gives_at_length(history):
    """The same, with many more contents."""
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder), history)


def check(folder, history):
    """Build each content over the one before and into an empty folder."""
    content, output = folder / "content", folder / "site"
    former = {}
    for number, written in enumerate(history):
        put(content, written)
        report = make(content, output)
        make(content, folder / f"clean{number}")
        built = files(output)
        assert differing(built, files(folder / f"clean{number}")) == []
        assert list(report.changes.changed) == sorted(path for path in built if built[path] != former.get(path))
        assert list(report.changes.removed) == sorted(former.keys() - built.keys())
        former = built
