"""`vijf build --host`: warnings where a site is more than a host takes."""

from __future__ import annotations

import json
from pathlib import Path

import made_content as made
import pytest
from contents import files
from vijf.content.files import find
from vijf.content.load import load_site
from vijf.limits import MIB
from vijf.model import Kind
from vijf.publish import hosting
from vijf.publish.hosting import LIMITS, Host, Limit, Measure, host_warnings

PUBLISHING = Path(__file__).parents[2] / "docs/publishing.md"


@pytest.fixture
def site(tmp_path):
    """`site(**changes)`: the settings of a site."""

    def load(**changes):
        text = made.files(made.site(**changes), {})["site.yaml"]
        (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
        return load_site(find(tmp_path), None)[0]

    return load


def shops(count, *names):
    """Sizes of a site in which each of that many shops has these files, of 1,000 bytes each."""
    return {f"v1/s{number}/{name}": 1000 for number in range(count) for name in names}


@pytest.mark.parametrize("host", Host)
def test_a_small_site_is_no_matter(site, host):
    """Every host takes a site of a few files."""
    assert host_warnings(host, site(), {"index.html": 9000, "v1/a/score.json": 200}) == []


@pytest.mark.parametrize(
    ("host", "most", "sizes"),
    [
        (Host.CLOUDFLARE, 20_000, lambda more: {f"nl/s{number}/index.html": 1 for number in range(20_000 + more)}),
        (Host.CLOUDFLARE, 26_214_400, lambda more: {"big.pdf": 25 * MIB + more, "small.pdf": 1}),
        (Host.GITHUB, 1_000_000_000, lambda more: {f"{number}.pdf": 50_000_000 for number in range(20)} | {"x": more}),
        (Host.GITHUB, 104_857_600, lambda more: {"big.pdf": 100 * MIB + more}),
        (Host.NETLIFY, 54_000, lambda more: {f"flat/{number}": 1 for number in range(54_000 + more)}),
    ],
)
def test_a_limit_is_the_last_number_that_a_host_takes(site, host, most, sizes):
    """At the limit nothing is said; one more is one warning that names the host and its number."""
    assert host_warnings(host, site(), sizes(0)) == []
    [warning] = host_warnings(host, site(), sizes(1))
    assert f"{hosting.NAMES[host]} takes {most:,} " in warning


def test_too_many_files_are_told_with_what_to_leave_out(site):
    """The kinds that save most come first, with what each saves; those that are left out already aren't named."""
    names = ["score.json", "badge.nl.svg", "badge-wide.nl.svg", "badge-wide.en.svg", "badge-wide.nl-dark.svg"]
    sizes = shops(4_500, *names, "badge.nl-dark.svg", "shield.json")
    [warning] = host_warnings(Host.CLOUDFLARE, site(), sizes)
    assert warning == (
        "the site has 31,500 files; Cloudflare Pages takes 20,000 files in the free plan, 100,000 in paid ones; "
        "`without` in site.yaml can leave out wide (13,500 files), dark (9,000 files), shield (4,500 files)"
    )
    [warning] = host_warnings(Host.CLOUDFLARE, site(without=["wide"]), sizes)
    assert warning.endswith("can leave out dark (9,000 files), shield (4,500 files)")


def test_it_is_said_where_leaving_out_is_not_enough(site):
    """A site that is too large without all kinds too needs another host, and is told so."""
    sizes = shops(10_000, "score.json", "reviews.json", "widget.nl.js", "badge.nl-dark.svg", "badge-wide.nl-dark.svg")
    [warning] = host_warnings(Host.CLOUDFLARE, site(), sizes)
    assert "dark (20,000 files), wide (10,000 files)" in warning
    assert warning.endswith("even without all kinds 30,000 files are left, so choose another host")
    [warning] = host_warnings(Host.CLOUDFLARE, site(without=["dark", "wide"]), shops(10_001, "a", "b"))
    assert warning.endswith("; choose another host")


def test_too_many_bytes_are_told_in_bytes(site):
    """What each kind would save is counted in the unit of the limit."""
    sizes = {f"v1/s{number}/card.png": 300_000 for number in range(4_000)}
    [warning] = host_warnings(Host.GITHUB, site(), sizes)
    assert warning.startswith("the site has 1,200,000,000 bytes; GitHub Pages takes 1,000,000,000 bytes")
    assert warning.endswith("can leave out card (1,200,000,000 bytes)")


def test_the_largest_file_and_the_fullest_folder_are_named(site):
    """A limit of one file or one folder names which."""
    [warning] = host_warnings(Host.CLOUDFLARE, site(), {"film.mp4": 30 * MIB, "a.html": 1, "zoo.mp4": 26 * MIB})
    assert warning.startswith("film.mp4 has 31,457,280 bytes; ")
    sizes = {f"flat/{number}": 1 for number in range(54_001)} | {"x": 1}
    [warning] = host_warnings(Host.NETLIFY, site(), sizes)
    assert warning.startswith("the folder /flat has 54,001 files; ")


@pytest.mark.parametrize(
    ("host", "url", "said"),
    [
        (Host.GITHUB, "https://x.github.io", None),
        (Host.GITHUB, "https://x.github.io/reviews", None),
        (Host.GITHUB, "https://x.github.io/shop/reviews", "`url` has the path /shop/reviews, and at x.github.io "),
        (Host.GITHUB, "https://reviews.example.nl/a/b", None),
        (Host.CLOUDFLARE, "https://x.pages.dev", None),
        (Host.CLOUDFLARE, "https://x.pages.dev/reviews", "`url` has the path /reviews, and Cloudflare Pages serves"),
        (Host.NETLIFY, "https://reviews.example.nl/r", "`url` has the path /r, and Netlify serves a site at /; "),
    ],
)
def test_an_address_that_cannot_be_right_is_told(site, host, url, said):
    """A path in `url` where the host serves a site at the root is a warning."""
    found = host_warnings(host, site(url=url), {"index.html": 1})
    assert len(found) == (said is not None)
    assert all(warning.startswith(said) for warning in found)


def test_every_kind_of_output_has_its_paths():
    """The table of paths knows every word of `without`."""
    assert set(hosting.OUTPUTS) == set(Kind)


def test_documentation_has_the_limits():
    """The table in publishing.md holds every limit with its number and meaning, and no other."""
    text = PUBLISHING.read_text(encoding="utf-8").split("\n## Limits of hosts\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    stated = [
        [f"`{host}`", f"{limit.measure} {limit.meaning}", f"{limit.most:,}"]
        for host, limits in LIMITS.items()
        for limit in limits
    ]
    assert rows == stated


# The command


@pytest.fixture
def small_limits(monkeypatch):
    """Cloudflare takes twenty files."""
    limits = {**LIMITS, Host.CLOUDFLARE: (Limit(Measure.FILES, 20, "in the free plan"),)}
    monkeypatch.setattr(hosting, "LIMITS", limits)


@pytest.mark.usefixtures("small_limits")
def test_the_command_warns_and_builds_all_the_same(content, run, tmp_path):
    """The warning stands on standard error, in the form of all warnings; the exit code is 0."""
    content.shop("peer", 6)
    plain = run("build")
    assert (plain.code, plain.err) == (0, "")
    before = files(tmp_path / "site")
    done = run("build", "--host", "cloudflare")
    assert done.code == 0
    assert done.err.startswith(
        f"content/site.yaml: warning: the site has {len(before)} files; Cloudflare Pages takes 20 "
    )
    assert done.err.endswith(" [host-limit]\n")
    assert done.err.count("\n") == 1
    assert files(tmp_path / "site") == before
    assert run("build", "--host", "github").err == ""


@pytest.mark.usefixtures("small_limits")
def test_json_holds_the_warning(content, run):
    """Programs find it among `warnings`."""
    content.shop("peer", 6)
    summary = json.loads(run("build", "--host", "cloudflare", "--json").out)
    [warning] = summary["warnings"]
    assert (warning["code"], warning["file"], warning["warning"]) == ("host-limit", "content/site.yaml", True)
    assert f"the site has {summary['files']} files" in warning["message"]


def test_an_unknown_host_is_refused(content, run):
    """A host whose limits aren't known is wrong usage, and nothing is built."""
    content.shop("peer")
    done = run("build", "--host", "geocities")
    assert done.code == 2
    assert "github" in done.err
