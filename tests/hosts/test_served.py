"""The site on a host that serves files and does nothing else: at its root, below a path, and at earlier addresses."""

from __future__ import annotations

import json
from urllib.parse import urljoin, urlsplit

import pytest
from built_site import refresh
from crawling import crawl, get, named, served

RENAMED = [("vroeger", "veel"), ("eerder", "weinig")]


@pytest.fixture(scope="module")
def below_origin(below, tmp_path_factory):
    """The origin of a host that serves a site below a path and nothing else."""
    with served(below, tmp_path_factory.mktemp("below")) as origin:
        yield origin


@pytest.fixture(scope="module")
def root_origin(everything, tmp_path_factory):
    """The origin of a host that serves a site at its root."""
    with served(everything, tmp_path_factory.mktemp("root")) as origin:
        yield origin


@pytest.fixture(params=["root", "below"])
def host(request):
    """(site, origin) of both."""
    site = request.getfixturevalue("everything" if request.param == "root" else "below")
    return site, request.getfixturevalue(f"{request.param}_origin")


def test_everything_that_the_site_names_is_there(host):
    """Every link, image, script, `next`, feed and sitemap entry of every file is answered, whoever asks."""
    site, origin = host
    assert crawl(site, origin) == {}


def test_nothing_lies_outside_the_path(below, below_origin):
    """A site below a path names nothing of its host that lies above that path."""
    assert get(f"{below_origin}/")[0] == 404
    assert get(f"{below_origin}/nl/")[0] == 404
    assert get(f"{below_origin}/a/b.c/nl/")[0] == 200
    outside = {
        (path, address)
        for path in below.files
        for address in named(below, path)
        if not (address + "/").startswith(below.url + "/")
    }
    assert outside == set()


def test_the_page_for_what_is_not_there_leads_back_from_any_depth(below, below_origin):
    """`404.html` is shown at any address, so all that it names starts at the root of the host, with the path."""
    links = [element.get("href") for element in below.tree("404.html").iter("a") if element.get("href")]
    rooted = [link for link in links if not link.startswith(("mailto:", "#"))]
    assert rooted
    for link in rooted:
        assert link.startswith("/a/b.c/")
        assert get(urljoin(f"{below_origin}/a/b.c/v1/no/such/thing.json", link))[0] == 200, link


def test_next_leads_through_all_reviews(host):
    """Open data can be read to the end over the network, at the present and at earlier slugs."""
    site, origin = host
    base = urlsplit(site.url).path
    for slug in ("veel", "vroeger"):
        after, ids = f"{base}/v1/{slug}/reviews.json", []
        while after:
            status, _, body = get(origin + after)
            assert status == 200
            part = json.loads(body)
            ids += [review["id"] for review in part["reviews"]]
            assert part["next"] is None or part["next"].startswith(f"{base}/v1/{slug}/reviews/")
            after = part["next"]
        assert len(ids) == len(set(ids)) == 47


@pytest.mark.parametrize(("earlier", "slug"), RENAMED)
def test_every_file_of_a_shop_answers_at_its_earlier_address(host, earlier, slug):
    """What is below /v1/ for a shop is there for its earlier slug too: the same, but for its own address."""
    site, origin = host
    base = urlsplit(site.url).path
    own = [path for path in site.files if path.startswith(f"v1/{slug}/")]
    assert own
    for path in own:
        status, _, body = get(f"{origin}{base}/{path.replace(f'/{slug}/', f'/{earlier}/', 1)}")
        assert status == 200, path
        addresses = f"/v1/{earlier}/".encode(), f"/v1/{slug}/".encode()
        assert body.replace(*addresses) == site.bytes(path).replace(*addresses), path


@pytest.mark.parametrize(("earlier", "slug"), RENAMED)
def test_every_page_of_a_shop_leads_on_from_its_earlier_address(host, earlier, slug):
    """Each page, in each language, is found by its earlier address, without any help of the host."""
    site, origin = host
    base = urlsplit(site.url).path
    pages = [path for path in site.pages if path.split("/")[1:2] == [slug] and not path.startswith("v1/")]
    assert len(pages) >= 5
    for path in pages:
        old = path.replace(f"/{slug}/", f"/{earlier}/", 1)
        assert get(f"{origin}{base}/{old.removesuffix('index.html')}")[0] == 200, old
        target = f"{base}/{path.removesuffix('index.html')}"
        tree = site.tree(old)
        assert [refresh(meta) for meta in tree.iter("meta") if refresh(meta) is not None] == [target]
        assert tree.xpath("//link[@rel='canonical']/@href") == [site.address(path)]
        assert get(origin + target)[0] == 200
