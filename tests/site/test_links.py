"""Every address in the site leads somewhere, and to the place that it means."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from built_site import refresh


def dead(site, address: str) -> bool:
    """Whether an address inside the site has no file, or a fragment that its page doesn't have."""
    path = site.file_at(address)
    if path is None:
        return False
    if path not in site.files:
        return True
    fragment = address.partition("#")[2]
    if not fragment or not path.endswith(".html"):
        return False
    # Addresses with a fragment of a redirect are read by the browser at the page that it leads to.
    return len(site.tree(path).xpath("//*[@id=$name]", name=fragment)) != 1


def test_no_link_of_a_page_is_dead(any_site):
    """Every link, image, canonical, alternate and refresh within the site has its file and its fragment."""
    found = [
        (path, address) for path in any_site.pages for _, _, address in any_site.links(path) if dead(any_site, address)
    ]
    assert found == []


def test_links_stay_below_the_sites_own_address(any_site):
    """No link to the site's host leaves the path below which the site is served."""
    host = "/".join(any_site.url.split("/")[:3])
    found = [
        (path, address)
        for path in any_site.pages
        for _, _, address in any_site.links(path)
        if (address + "/").startswith(host + "/") and any_site.file_at(address) is None
    ]
    assert found == []


def test_no_address_in_the_data_is_dead(any_site):
    """`next` of open data, and all addresses that a widget carries, lead to files and to reviews that are there."""
    found = []
    for path in any_site.files:
        if path.endswith(".json") and "/reviews" in path and (after := any_site.json(path)["next"]):
            found.append(urljoin(any_site.address(path), after))
        if "/oembed." in path:
            found += re.findall(r'src="([^"]+)"', any_site.json(path)["html"])
        if path in any_site.widgets:
            data = any_site.widget(path)
            found += [data["url"], *(review["url"] for review in data["reviews"])]
    assert [address for address in found if dead(any_site, address)] == []
    assert all(any_site.file_at(address) for address in found)


def test_structured_data_names_reviews_by_fragments_that_exist(any_site):
    """Every `@id` of a review in JSON-LD is a place on that page."""
    for path in any_site.pages:
        for script in any_site.tree(path).xpath("//script"):
            names = re.findall(r'"@id":"([^"]*#r-[^"]*)"', script.text)
            assert [name for name in names if dead(any_site, name) or any_site.file_at(name) != path] == []


def test_every_file_can_be_reached_from_the_root(shape):
    """A visitor who starts at the root finds every page, but for the pages that printed codes and old links lead to."""
    site = shape("everything")
    seen, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.endswith(".html"):
            linked = [site.file_at(address) for _, _, address in site.links(path)]
            waiting += [target for target in linked if target]
    left = [path for path in site.pages if path not in seen]
    apart = ("404.html", "review/", "nl/vroeger/", "en/vroeger/", "nl/eerder/", "en/eerder/", "nl/dicht/", "en/dicht/")
    apart += ("v1/vroeger/", "v1/eerder/", "v1/dicht/")  # frames, which stand on other people's pages
    assert [path for path in left if not path.startswith(apart)] == []


def test_a_refresh_always_has_a_link_for_those_who_do_not_follow_it(any_site):
    """A page that sends visitors on also holds a link to the same address."""
    for path in any_site.pages:
        tree = any_site.tree(path)
        for target in filter(None, map(refresh, tree.iter("meta"))):
            assert target in [link.get("href") for link in tree.iter("a")]
