"""What every page has, and what no page ever holds."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from built_site import refresh, words
from drawn_text import drawn_lines

RUNNING = {
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "video",
    "audio",
    "base",
    "frame",
}


def head(site, path):
    """(canonical addresses, {hreflang: address}, noindex, refresh target) of a page."""
    tree = site.tree(path)
    canonical = [link.get("href") for link in tree.xpath("//head/link[@rel='canonical']")]
    alternates = [(a.get("hreflang"), a.get("href")) for a in tree.xpath("//head/link[@rel='alternate'][@hreflang]")]
    assert len(dict(alternates)) == len(alternates), path
    noindex = bool(tree.xpath("//head/meta[@name='robots'][contains(@content, 'noindex')]"))
    leads = next(filter(None, map(refresh, tree.iter("meta"))), None)
    return canonical, dict(alternates), noindex, leads


def test_every_page_has_one_heading_a_language_and_a_title(any_site):
    """Each page has exactly one h1 with words, `lang`, `dir`, a title with words, UTF-8 and a viewport."""
    for path in any_site.pages:
        tree = any_site.tree(path)
        assert [bool(words(h1)) for h1 in tree.iter("h1")] == [True], path
        assert [bool(words(title)) for title in tree.xpath("//head/title")] == [True], path
        own = path.split("/")[0]
        assert tree.get("lang") == (own if own in any_site.languages else tree.get("lang")) != None, path  # noqa: E711
        assert tree.get("dir") == "ltr", path
        assert tree.xpath("//head/meta[@charset='utf-8']"), path
        assert tree.xpath("//head/meta[@name='viewport']"), path


def test_titles_tell_pages_of_one_language_apart(any_site):
    """No two pages that search engines may list have the same title within a language."""
    titles: dict[tuple[str, str], str] = {}
    for path in any_site.pages:
        _, _, noindex, leads = head(any_site, path)
        if noindex or leads or path == "index.html":
            continue
        key = path.split("/")[0], words(any_site.tree(path).find(".//title"))
        assert titles.setdefault(key, path) == path


def test_every_page_names_its_own_address_or_is_not_listed(any_site):
    """Canonical is the page's own address, on a redirect its target; only pages kept from search engines have none."""
    for path in any_site.pages:
        canonical, _, noindex, leads = head(any_site, path)
        if noindex:
            continue
        assert len(canonical) == 1, path
        if leads:
            assert canonical == [f"{'/'.join(any_site.url.split('/')[:3])}{leads}"], path
        else:
            assert canonical == [any_site.address(path)], path


def test_language_versions_name_each_other(any_site):
    """A page's hreflang set holds itself and x-default, and every page in the set has the same set."""
    several = len(any_site.languages) > 1
    for path in any_site.pages:
        canonical, versions, noindex, leads = head(any_site, path)
        if noindex or leads or path == "index.html":
            continue
        assert set(versions) == ({*any_site.languages, "x-default"} if several else set()), path
        if several:
            own = path.split("/")[0]
            assert versions[own] == canonical[0]
            assert versions["x-default"] in versions.values()
            for address in versions.values():
                assert head(any_site, any_site.file_at(address))[1] == versions


def test_the_choice_of_language_claims_no_version_that_does_not_name_it(shape):
    """Alternates that aren't mutual are void: whatever the root lists lists the root, or the root lists nothing."""
    site = shape("everything")
    _, versions, _, _ = head(site, "index.html")
    for address in versions.values():
        assert site.address("index.html") in head(site, site.file_at(address))[1].values()


def test_structured_data_stands_once_on_shop_pages_only(any_site):
    """Exactly one JSON-LD Organization on each shop's own page, none on archives, directories or anything else."""
    for path in any_site.pages:
        scripts = any_site.tree(path).xpath("//script")
        parts = path.split("/")
        of_shop = len(parts) == 3 and parts[0] in any_site.languages and parts[1] != "-"
        expected = 1 if of_shop and not head(any_site, path)[3] else 0
        assert len(scripts) == expected, path
        for script in scripts:
            value = json.loads(script.text)
            assert (value["@context"], value["@type"]) == ("https://schema.org", "Organization")
            assert value["name"]
            assert "<" not in script.text
            assert ">" not in script.text
    assert not any(
        "ld+json" in any_site.text(path) or "schema.org" in any_site.text(path)
        for path in any_site.files
        if path.endswith((".js", ".svg", "score.json", "shield.json")) or "/widget." in path or "/oembed." in path
    )


def test_nothing_in_a_page_can_run(any_site):
    """No script but JSON-LD, no style attribute, no handler, no frame, form or foreign sheet, no cookie."""
    for path in any_site.pages:
        for element in any_site.tree(path).iter("*"):
            own = element.tag == "iframe" and path.endswith("/embed/index.html")  # what it is there to show
            assert element.tag not in RUNNING or own, (path, element.tag)
            assert element.tag != "script" or element.get("type") == "application/ld+json", path
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"], path
            assert element.tag != "link" or element.get("rel") in ("canonical", "alternate"), path
            assert element.tag != "meta" or (element.get("http-equiv") or "refresh").lower() == "refresh", path
        assert len(any_site.tree(path).xpath("//style")) == 1, path
        assert not re.search(r"@import|url\(|expression", any_site.tree(path).find(".//style").text)


def test_nothing_is_loaded_from_elsewhere(any_site):
    """What a page loads comes from the site itself; what leads elsewhere is a link to click, or to the desk."""
    host = urlsplit(any_site.url).netloc
    for path in any_site.pages:
        for element, attribute, address in any_site.links(path):
            parts = urlsplit(address)
            if element.tag == "a":
                assert parts.scheme in ("http", "https", "mailto", "tel"), (path, address)
            elif attribute == "content":
                assert parts.netloc in (host, "desk.example.nl", "desk.voorbeeldkeur.example"), path
            else:
                assert parts.netloc == host, (path, address)


def test_links_to_shops_vouch_for_nothing(any_site):
    """A link to another host that stands on a shop's page has `rel="nofollow"`."""
    host = urlsplit(any_site.url).netloc
    for path in any_site.pages:
        if "/-/" in path:
            continue  # the operator's own pages: the operator may vouch for what it links to
        for element, _, address in any_site.links(path):
            if element.tag == "a" and urlsplit(address).netloc not in (
                "",
                host,
                "desk.example.nl",
                "desk.voorbeeldkeur.example",
            ):
                assert "nofollow" in (element.get("rel") or "").split(), (path, address)


def test_no_output_hides_a_tracker(any_site):
    """No output speaks of cookies, storage, beacons or fonts from the net; only the pinned element fetches."""
    for path in any_site.files:
        if path in any_site.pinned:
            assert any_site.text(path).count("fetch(") == 1
            assert re.search(r'fetch\(\w+,\{credentials:"omit"', any_site.text(path))
        if path.endswith((".js", ".svg")):
            found = re.search(
                r"document\.cookie|localStorage|sessionStorage|sendBeacon|indexedDB|@font-face|fetch\(",
                any_site.text(path).replace("fetch(", "" if path in any_site.pinned else "fetch("),
            )
            assert found is None, (path, found)


SAYS_DEMO = re.compile(r"\bd[eé]mo\b", re.IGNORECASE)
"""The word in any of the demo's languages."""
DEMO_SITES = pytest.mark.parametrize("name", ["demo", "hostile", "with a desk"])


@DEMO_SITES
def test_demo_content_says_so_everywhere(name, demo, shape):
    """Every page and widget of a demo site says that it is one, and every badge does to those who hear it."""
    site = demo if name == "demo" else shape(name)
    for path in site.files:
        if path.endswith(".html"):
            assert SAYS_DEMO.search(words(site.tree(path).xpath("//*[@class='demo']")[0])), path
        if "/badge" in path and path.endswith(".svg"):
            assert SAYS_DEMO.search(site.tree(path).xpath("//svg/@aria-label")[0]), path
        if path in site.widgets:
            assert SAYS_DEMO.search(site.widget(path)["demo"]), path
        if path.endswith("shield.json"):
            assert site.json(path)["message"].endswith(", demo"), path


@DEMO_SITES
def test_demo_badges_show_that_they_are(name, demo, shape):
    """Every badge of a demo site shows the word, whatever else it has to say."""
    site = demo if name == "demo" else shape(name)
    found = [
        path
        for path in site.files
        if "/badge" in path and path.endswith(".svg") and not SAYS_DEMO.search(" ".join(drawn_lines(site.bytes(path))))
    ]
    assert found == []


def test_other_content_never_says_demo(shape):
    """Where the content is real, no output says demo."""
    site = shape("everything")
    shown = {path: "".join(site.tree(path).xpath("//body//text()")) for path in site.pages} | {
        path: "\n".join([site.text(path), *drawn_lines(site.bytes(path))]) for path in site.files if path.endswith(".svg")
    }
    assert [path for path, text in shown.items() if SAYS_DEMO.search(text)] == []
    assert not any("demo" in site.widget(path) for path in site.widgets)
    assert not any("demo" in site.text(path) for path in site.files if path.endswith("shield.json"))
