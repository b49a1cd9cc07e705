"""`vijf build` over a site that stands: what changed, why, whether all is sound, and in how many processes."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from contents import differing, environment, files, review
from vijf import limits
from vijf.publish import environment as environments
from vijf.publish import workers
from vijf.publish.shops import ShopWork
from vijf.publish.stale import Reason
from vijf.publish.state import State

PATIENCE = 60
"""Seconds until a test gives up; nothing is expected to take as long."""


@pytest.fixture
def three(content, run):
    """Three shops, built."""
    content.site(without=["png", "card"])
    for slug in ("aap", "boom", "cel"):
        content.shop(slug, 6)
    assert run("build").code == 0
    return content


def changed(done):
    """The shops of which a build with `--json` changed files."""
    paths = json.loads(done.out)["changed"]
    return sorted({path.split("/")[1] for path in paths if path.startswith("v1/") and path.count("/") > 1})


def explained(done):
    """Path -> (reason, whether its bytes changed) of what a build with `--explain` says."""
    found = {}
    for line in done.out.splitlines()[:-1]:
        path, _, reason = line.partition(": ")
        found[path] = (Reason(reason.removesuffix(" (same bytes)")), not reason.endswith(" (same bytes)"))
    return found


# ---------------------------------------------------------------------- --changed


@pytest.mark.parametrize(
    "path",
    [
        "shops/boom/reviews/2024.yaml",
        "content/shops/boom/reviews/2024.yaml",
        "{root}/content/shops/boom/reviews/2024.yaml",
        "{root}/link/shops/boom/reviews/2024.yaml",
        "content/shops/aap/../boom/reviews/2024.yaml",
        "content/shops/boom",
        "content/shops/boom/",
        "content/shops",
        "content",
        "shops/boom/reviews/gone.yaml",
    ],
)
def test_changed_paths_are_found_however_they_are_named(three, run, tmp_path, path):
    """From the content folder, from here, absolute, by a link; a file, a folder, or what is no more."""
    (tmp_path / "link").symlink_to("content")
    three.shop("boom", 7)
    done = run("build", "--json", "--changed", path.format(root=tmp_path))
    assert (done.code, done.err) == (0, "")
    assert changed(done) == ["boom"]
    run("build", "--output", "clean")
    assert differing(files(tmp_path / "site"), files(tmp_path / "clean")) == []


def test_changed_paths_are_found_from_within_the_content(three, vijf):
    """Where one stands in the content folder paths are as git says them there."""
    three.shop("boom", 7)
    options = ("--content", ".", "--output", "../site", "--changed", "shops/boom/shop.yaml", "--json")
    assert changed(vijf("build", *options, cwd=three.folder)) == ["boom"]


def test_several_paths_may_have_changed(three, run):
    """Each `--changed` names one more; what isn't named isn't looked at."""
    for slug in ("aap", "boom", "cel"):
        three.shop(slug, 7)
    done = run("build", "--json", "--changed", "shops/aap/reviews/2024.yaml", "--changed", "content/shops/cel")
    assert changed(done) == ["aap", "cel"]
    assert changed(run("build", "--json")) == ["boom"]


def test_a_shop_that_is_gone_may_be_named(three, run, tmp_path):
    """A path of a folder that is no more takes that shop out of the site."""
    shutil.rmtree(three.folder / "shops/boom")
    assert run("build", "--changed", "content/shops/boom/shop.yaml").code == 0
    run("build", "--output", "clean")
    assert differing(files(tmp_path / "site"), files(tmp_path / "clean")) == []


@pytest.mark.parametrize("path", ["elsewhere", "/etc/passwd", "content/../elsewhere", "../content", "shopz/boom"])
def test_a_changed_path_outside_the_content_is_wrong_usage(three, run, path):
    """It returns 2, says which path, and builds nothing."""
    three.shop("boom", 7)
    done = run("build", "--changed", path)
    assert (done.code, done.out) == (2, "")
    assert f"{path} doesn't lie in the content folder content" in done.err


# ---------------------------------------------------------------------- --explain


def test_every_reason_is_met(three, run, tmp_path, monkeypatch):  # one history
    """`--explain` says of each file that was made why, and whether its bytes changed; each reason has its occasion."""
    monkeypatch.setattr(limits, "SHOPS_PER_SHARD", 4)
    met = {}

    def build(*options, code=0):
        done = run("build", "--explain", *options)
        assert done.code == code
        reasons = explained(done)
        met.update({reason: path for path, (reason, _) in reasons.items()})
        return reasons

    first = build("--output", "other")
    assert {reason for reason, _ in first.values()} == {Reason.FIRST, Reason.SHOPS, Reason.BUILD}
    assert set(first) == set(files(tmp_path / "other"))
    assert build() == {}
    three.shop("boom", 7)
    found = build()
    assert found["v1/boom/score.json"] == (Reason.CONTENT, True)
    assert found["review/boom/index.html"] == (Reason.CONTENT, False)
    assert found["nl/index.html"] == (Reason.SHOPS, True)
    assert not any("/aap/" in path for path in found)
    three.shop("deur", 1)
    assert build()["v1/deur/score.json"] == (Reason.NEW, True)
    three.shop("deur", 1, status="closed", until="2025-01-01", merged_into="aap")
    found = build()
    assert found["nl/aap/index.html"] == (Reason.MERGED, True)
    assert found["nl/deur/index.html"] == (Reason.CONTENT, True)
    (tmp_path / "site/v1/cel/score.json").unlink()
    found = build()
    assert found["v1/cel/score.json"] == (Reason.OUTPUT, True)
    assert found["v1/cel/feed.xml"] == (Reason.OUTPUT, False)
    three.write("pages/about.nl.md", "---\ntitle: Over ons\n---\nWij.\n")
    assert build()["nl/-/about/index.html"] == (Reason.PAGES, True)
    three.write("static/a.txt", "a")
    assert build()["a.txt"] == (Reason.PAGES, True)
    three.write("shops/cel/reviews/x.yaml", "- nonsense\n")
    run("build", "--keep-going")
    (three.folder / "shops/cel/reviews/x.yaml").unlink()
    assert build()["v1/cel/score.json"] == (Reason.FAULTS, False)
    three.site(without=["png", "card"], name="Anders")
    assert build()["v1/cel/score.json"][0] == Reason.SETTINGS
    three.shop("ezel", 1)
    assert build()["v1/cel/score.json"] == (Reason.SHARDS, False)
    monkeypatch.setattr(environments, "_libraries", lambda: "another")
    assert build()["v1/cel/score.json"] == (Reason.LIBRARIES, False)
    monkeypatch.setattr(environments, "_package", lambda: "another")
    assert build()["v1/cel/score.json"] == (Reason.VIJF, False)
    monkeypatch.setattr(limits, "SITE_FEED_POOL", 2)
    monkeypatch.setattr(limits, "SITE_FEED_ITEMS", 2)
    three.shop("boom", 9)
    assert build()["v1/boom/score.json"] == (Reason.CONTENT, True)
    three.shop("boom", 1)
    assert build()["v1/cel/score.json"] == (Reason.NEWEST, False)
    assert set(met) == set(Reason)


def test_reviews_that_vanish_are_told_of_also_where_everything_is_made_anew(three, run, monkeypatch):
    """Where the newest of all shops went at once, the build begins again, and still knows what the site had."""
    monkeypatch.setattr(limits, "SITE_FEED_POOL", 2)
    monkeypatch.setattr(limits, "SITE_FEED_ITEMS", 2)
    three.shop("boom", 9)
    assert run("build").code == 0
    three.shop("boom", 1)
    assert "has 8 fewer entries than the site had" in run("build").err


# ---------------------------------------------------------------------- --verify


@pytest.mark.usefixtures("three")
def test_a_sound_site_is_verified(run, tmp_path):
    """It says so, returns 0, and changes nothing."""
    before = files(tmp_path / "site")
    done = run("build", "--verify")
    assert (done.code, done.out, done.err) == (0, "site is what its content makes\n", "")
    assert json.loads(run("build", "--verify", "--json").out) == {"differing": [], "foreign": []}
    assert files(tmp_path / "site") == before


@pytest.mark.usefixtures("three")
def test_what_is_not_sound_is_named_and_then_put_right(run, tmp_path):
    """Tampered, foreign and missing files are named, and it returns 1; the next build puts that right."""
    sound = files(tmp_path / "site")
    tampered, missing = tmp_path / "site/v1/aap/score.json", tmp_path / "site/nl/index.html"
    status = tampered.stat()
    tampered.write_bytes(tampered.read_bytes().replace(b"{", b"["))
    os.utime(tampered, ns=(status.st_atime_ns, status.st_mtime_ns))
    missing.unlink()
    (tmp_path / "site/foreign.txt").write_text("x")
    before = files(tmp_path / "site")
    done = run("build", "--verify")
    assert done.code == 1
    assert done.out.splitlines() == [
        "nl/index.html: differs or is missing",
        "v1/aap/score.json: differs or is missing",
        "foreign.txt: is no part of the site",
        "3 files of site aren't what the content makes; `vijf build` puts that right",
    ]
    found = json.loads(run("build", "--verify", "--json").out)
    assert found == {"differing": ["nl/index.html", "v1/aap/score.json"], "foreign": ["foreign.txt"]}
    assert files(tmp_path / "site") == before
    assert run("build").code == 0
    assert files(tmp_path / "site") == sound
    assert run("build", "--verify").code == 0


def test_content_with_faults_is_not_verified(three, run):
    """It shows the faults and returns 1."""
    three.write("shops/cel/reviews/x.yaml", "- nonsense\n")
    done = run("build", "--verify")
    assert done.code == 1
    assert "content/shops/cel/reviews/x.yaml:1:3" in done.err


# ---------------------------------------------------------------------- processes


def many(content, reviews=21):
    """So many shops that workers are worth it, and that a build takes a while."""
    for number in range(24):
        content.shop(f"s{number:02}", reviews)


def test_any_number_of_processes_makes_the_same(content, run, tmp_path):
    """`--jobs` 1, 2 and 5 give the same bytes and the same summary; 0 is refused."""
    content.site(without=["png", "card"])
    many(content, 3)
    summaries = []
    for jobs in (1, 2, 5):
        done = run("build", "--jobs", jobs, "--output", f"site{jobs}", "--json")
        summaries.append(json.loads(done.out))
    assert summaries[0] == summaries[1] == summaries[2]
    assert files(tmp_path / "site1") == files(tmp_path / "site2") == files(tmp_path / "site5")
    assert run("build", "--jobs", 0).code == 2


def start(tmp_path, *options, **arguments):
    """A real build in a process group of its own."""
    command = [sys.executable, "-m", "vijf", "build", "--jobs", "2", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    return subprocess.Popen(command, cwd=tmp_path, env=environment(), **{**pipes, **arguments})


def children(process):
    """The processes that a process has started and that still run."""
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def wait_until(condition, process):
    """Wait until a build has come so far."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.001)


def at_work(tmp_path, process):
    """Wait until both workers have written files."""
    stage = State.of(tmp_path / "site").stage
    wait_until(lambda: stage.exists() and len({path.name[0] for path in stage.iterdir()}) == 2, process)


def gone(process):
    """Whether nothing of a process group runs any more."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def former(content, run, tmp_path):
    """A site of which a new build changes much: its files."""
    content.site()
    many(content, 1)
    assert run("build").code == 0
    many(content)
    return files(tmp_path / "site")


def equals_clean(vijf, tmp_path):
    """The next build is fine, and makes what a clean one makes."""
    done = vijf("build")
    assert (done.code, done.err) == (0, "")
    assert vijf("build", "--output", "clean").code == 0
    assert differing(files(tmp_path / "site"), files(tmp_path / "clean")) == []


def test_ctrl_c_stops_all_processes(former, vijf, tmp_path):
    """Stopped while shops are made: 130, a word of comfort, the site as it was, and no process is left."""
    process = start(tmp_path)
    at_work(tmp_path, process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (130, "\nvijf: stopped; the site is as it was\n")
    assert gone(process)
    assert files(tmp_path / "site") == former
    assert not State.of(tmp_path / "site").stage.exists()
    equals_clean(vijf, tmp_path)


def test_a_killed_worker_is_told_of(former, vijf, tmp_path):
    """A worker that the kernel ends stops the build with 3 and a word on memory; the site is as it was."""
    process = start(tmp_path)
    at_work(tmp_path, process)
    os.kill(children(process)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert re.fullmatch(
        r"vijf: A worker was ended by signal 9 while it was building the shop s\d\d; the former site stands\. "
        r"Perhaps memory ran out: build with fewer --jobs\.\n",
        said,
    )
    assert gone(process)
    assert files(tmp_path / "site") == former
    equals_clean(vijf, tmp_path)


def test_the_shop_that_ends_a_worker_is_named(content, run, monkeypatch):
    """The message names the very shop that the worker was at."""
    many(content, 1)
    make = ShopWork.make

    def deadly(work, worker, slug):
        if slug == "s13":
            os.kill(os.getpid(), signal.SIGKILL)
        return make(work, worker, slug)

    monkeypatch.setattr(ShopWork, "make", deadly)
    done = run("build", "--jobs", 2)
    assert done.code == 3
    assert "was ended by signal 9 while it was building the shop s13;" in done.err


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_worker_is_told_as_one_here(content, run, monkeypatch, jobs):
    """What the machine refuses a worker ends the build as it would in one process."""
    many(content, 1)
    made = ShopWork.make

    def failing(work, worker, slug):
        if slug == "s13":
            raise MemoryError
        return made(work, worker, slug)

    monkeypatch.setattr(ShopWork, "make", failing)
    done = run("build", "--jobs", jobs)
    assert done.code == 3
    assert "out of memory" in done.err


@pytest.mark.usefixtures("former")
def test_a_second_build_is_refused_while_workers_run(vijf, tmp_path):
    """The second says so and returns 3. After a kill of the first neither its lock nor its workers are in the way."""
    process = start(tmp_path)
    at_work(tmp_path, process)
    process.send_signal(signal.SIGSTOP)
    done = vijf("build")
    assert done.code == 3
    assert done.err.startswith("vijf: Another build of this output is running")
    process.kill()
    equals_clean(vijf, tmp_path)
    process.communicate()
    assert gone(process)


@pytest.mark.usefixtures("former")
def test_killed_builds_leave_no_worker_behind(vijf, tmp_path):
    """Killed in the middle, five times, each followed at once by another build."""
    for _ in range(5):
        process = start(tmp_path)
        at_work(tmp_path, process)
        process.kill()
        process.communicate()
        assert gone(process)
    equals_clean(vijf, tmp_path)


# ---------------------------------------------------------------------- progress


def test_progress_counts_the_shops_that_are_made(content, tmp_path, monkeypatch):
    """From 1 to the number of shops that are made, each once, in any number of processes; not those that stay."""
    from vijf.publish.build import Options, build

    monkeypatch.setattr(workers, "_WORTH_FORKING", 2)
    many(content, 1)
    for jobs, expected in ((2, 24), (2, 3), (1, 0)):
        told = []
        options = Options(jobs=jobs, progress=lambda *news, told=told: told.append(news))
        build(content.folder, tmp_path / "site", State.of(tmp_path / "site"), None, options)
        assert [(done, total) for done, total, _ in told] == [(n, expected) for n in range(1, expected + 1)]
        assert len({slug for _, _, slug in told}) == expected
        if expected == 24:
            for slug in ("s01", "s05", "s09"):
                content.reviews(slug, "2024.yaml", review(0), review(1))


def test_progress_reaches_its_end_on_a_terminal(content, tmp_path):
    """The bar goes up to 100%, and a build that makes nothing doesn't stay at 0%."""
    many(content, 1)
    shown = []
    for _ in range(2):
        terminal, end = pty.openpty()
        process = start(tmp_path, stderr=end, stdout=subprocess.DEVNULL)
        os.close(end)
        said = b""
        while True:
            try:
                part = os.read(terminal, 10_000)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        os.close(terminal)
        assert process.wait() == 0
        shown.append([int(percent) for percent in re.findall(rb"(\d+)%", said)])
    first, second = shown
    assert first == sorted(first)
    assert first[-1] == 100
    assert second[-1] == 100
