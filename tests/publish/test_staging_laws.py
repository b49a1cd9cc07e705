"""Laws of the commit, over random former sites, random nodes of other people, and random plans."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from folders import build, files, fill, manifest_of, nodes
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from vijf.errors import MachineError
from vijf.publish.planned import PlanError, Planned
from vijf.publish.stage import Stage
from vijf.publish.state import State
from vijf.urls import parents

BUILD = b'{"generator": "vijf"}'

LAWS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

paths = st.lists(st.sampled_from(["a", "b", "c", "é", "\n", ".d", ".e"]), min_size=1, max_size=3).map("/".join)
contents = st.sampled_from([b"", b"1", b"2", b"long"])


@st.composite
def plans(draw):
    """A site that could be planned: paths that collide are left out."""
    planned, site = Planned(), {"build.json": BUILD}
    for path, data in draw(st.lists(st.tuples(paths, contents), max_size=8)):
        with suppress(PlanError):
            planned.add(path)
            site[path] = data
    return site


strangers = st.lists(st.tuples(paths, st.sampled_from(["file", "folder", "link", "broken link"])), max_size=5)


def put_strangers(output, elsewhere, wanted):
    """Put other people's nodes where there is room for them, following no link; return what was put."""
    put = {}
    for path, kind in wanted:
        node = output / path
        above = [output / folder for folder in parents(path)]
        if node.is_symlink() or node.exists() or any(a.is_symlink() or a.is_file() for a in above):
            continue
        node.parent.mkdir(parents=True, exist_ok=True)
        if kind == "folder":
            node.mkdir()
        elif kind == "file":
            node.write_bytes(b"stranger")
        else:
            node.symlink_to(elsewhere if kind == "link" else "nowhere")
        put[path] = kind
    return put


def identities(folder):
    """Inode and times of every file."""
    status = {path: (folder / path).lstat() for path in files(folder)}
    return {path: (s.st_ino, s.st_mtime_ns) for path, s in status.items()}


@settings(LAWS, max_examples=300)
@given(plans(), strangers, plans())
@example({"build.json": BUILD, ".d/a": b""}, [(".d/b", "file")], {"build.json": BUILD})
@example({"build.json": BUILD}, [(".d", "file")], {"build.json": BUILD, ".d/a": b""})
@example({"build.json": BUILD, "a/b": b""}, [("a/c", "link")], {"build.json": BUILD, "a": b"", "b/a": b""})
def test_after_a_commit_the_folder_holds_the_plan_and_strangers_dotfiles(former, wanted, site):
    """Exactly the planned bytes and others' dotfiles are there; the lists are exact; unchanged files are untouched."""
    with tempfile.TemporaryDirectory() as folder:
        output, elsewhere = Path(folder, "site"), Path(folder, "elsewhere")
        fill(elsewhere, {"a": b"1", "b/c": b"2"})
        build(output, former)
        put = put_strangers(output, elsewhere, wanted)
        before, state, identity = nodes(output), State.of(output), identities(output)
        guests = {path for path in put if path.startswith(".")}
        try:
            with Stage(output, state) as stage:
                for path, data in site.items():
                    if before.get(path) != data or not stage.keep(path):
                        stage.put(path, data)
                changes = stage.commit(manifest_of(site))
        except MachineError:
            assert nodes(output) == before
            assert any(
                f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
                for one in guests
                for other in site
            )
            return
        staying = {path: data for path, data in before.items() if path in guests and path not in site}
        after = nodes(output)
        assert {path: data for path, data in after.items() if data != "folder"} == site | {
            path: data for path, data in staying.items() if data != "folder"
        }
        homes = {above for path in [*site, *guests] for above in parents(path)}
        folders = {path for path, data in after.items() if data == "folder"}
        assert folders <= homes | guests
        assert {path for path in guests if before[path] == "folder"} <= folders
        same = {path for path, data in site.items() if before.get(path) == data}
        assert changes.changed == tuple(sorted(site.keys() - same))
        gone = {path for path, data in before.items() if data != "folder"} - site.keys() - staying.keys()
        assert changes.removed == tuple(sorted(gone))
        now = identities(output)
        assert all(now[path] == identity[path] for path in same)
        assert files(elsewhere) == {"a": b"1", "b/c": b"2"}
        assert not state.journal.exists()
        assert not state.stage.exists()


@LAWS
@given(plans(), plans())
def test_a_build_over_a_former_site_equals_a_clean_one(former, site):
    """What was there before makes no difference to what is there after, and a second build changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        over, clean = Path(folder, "over"), Path(folder, "clean")
        build(over, former)
        build(over, site)
        build(clean, site)
        assert nodes(over, modes=True) == nodes(clean, modes=True)
        again = build(over, site)
        assert (again.changed, again.removed) == ((), ())
