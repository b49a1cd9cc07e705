"""What shops place elsewhere: the pinned element, its data, the frame, oEmbed, the shield, and the page with all of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import made_content as made
import pytest
from built_site import BuiltSite, words
from click.testing import CliRunner
from lxml import html
from vijf.cli import main

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "builder/vijf/render/static/released"
INDEX = json.loads((RELEASED / "index.json").read_text(encoding="utf-8"))
LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
FORMS = ("script", "pinned", "image", "frame")


def shops(site: BuiltSite) -> list[str]:
    """Every folder of a shop below /v1/, earlier slugs included."""
    return sorted({path.split("/")[1] for path in site.files if path.startswith("v1/") and path.count("/") > 1})


def snippets(site: BuiltSite, language: str, slug: str) -> list[str]:
    """All texts to copy on an embed page."""
    return [pre.text_content() for pre in site.tree(f"{language}/{slug}/embed/index.html").iter("pre")]


# The pinned element


def test_every_kept_script_is_published_as_it_is_kept(any_site):
    """Each file of the kept folder stands below /v1/, byte for byte, in every site; and no other."""
    kept = {f"v1/{path.name}": path.read_bytes() for path in RELEASED.glob("*.js")}
    assert {path: any_site.bytes(path) for path in any_site.pinned} == kept
    assert set(any_site.pinned) == {f"v1/{entry['file']}" for entry in INDEX}


def test_name_and_integrity_of_every_kept_script_are_those_of_its_bytes():
    """Who edits a kept file breaks the pages of shops that pinned it: its name and digest no longer fit."""
    for entry in INDEX:
        data = (RELEASED / entry["file"]).read_bytes()
        assert entry["file"] == f"vijf.{hashlib.sha256(data).hexdigest()[:16]}.js"
        assert entry["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
    assert len({entry["file"] for entry in INDEX}) == len(INDEX)


def test_only_the_newest_kept_script_may_be_unreleased():
    """All but the last of the index say with which version they came out."""
    assert all(entry["version"] for entry in INDEX[:-1])
    assert {frozenset(entry) for entry in INDEX} == {frozenset({"file", "integrity", "version"})}


def test_the_snippet_names_the_newest_script_and_the_shops_data(shape):
    """The pinned snippet has the newest file, its digest, CORS, and the address of the data in its language."""
    site = shape("everything")
    text = next(text for text in snippets(site, "en", "veel") if "integrity" in text)
    element = html.fragment_fromstring(text, create_parent=True)
    script = element.find(".//script")
    assert script.get("src") == f"{site.url}/v1/{INDEX[-1]['file']}"
    assert script.get("integrity") == INDEX[-1]["integrity"]
    assert (script.get("crossorigin"), script.get("referrerpolicy")) == ("anonymous", "no-referrer")
    assert element.find("vijf-reviews").get("src") == f"{site.url}/v1/veel/widget.en.json"


def test_widget_data_are_those_inside_the_script(any_site):
    """`widget.<lang>.json` says exactly what the one-request script carries."""
    for path in any_site.widgets:
        assert any_site.json(path + "on") == any_site.widget(path)


# The shield


def test_shield_says_what_the_badge_says(any_site):
    """A shields.io endpoint with its three texts, never empty, in the site's first language."""
    for slug in shops(any_site):
        shield = any_site.json(f"v1/{slug}/shield.json")
        assert set(shield) == {"schemaVersion", "label", "message", "color"}
        assert shield["schemaVersion"] == 1
        assert all(isinstance(shield[key], str) and shield[key].strip() for key in ("label", "message"))
        widget = any_site.widget(f"v1/{slug}/widget.nl.js")
        said = widget["score"]["label"] if widget["score"] else widget["summary"]
        assert shield["message"].startswith(said)
        assert widget.get("status", "") in shield["message"]


def test_colour_of_a_shield_tells_nothing(tmp_path):
    """High, low and absent scores have the one colour."""
    marks = {"hoog": [10] * 5, "laag": [1] * 5, "geen": [10] * 4}
    content = made.files(
        made.site(),
        {slug: (made.shop(slug), [made.review(n, mark) for n, mark in enumerate(given)]) for slug, given in marks.items()},
    )
    site = BuiltSite(made.build(tmp_path, content), "https://reviews.example.nl")
    found = {slug: site.json(f"v1/{slug}/shield.json") for slug in marks}
    assert len({shield["color"] for shield in found.values()}) == 1
    assert found["hoog"]["message"] == "10,0 van 10, uit 5 beoordelingen"
    assert found["geen"]["message"] == "Nog geen score: 4 beoordelingen"


# The frame


@LANGUAGES
def test_frame_says_what_the_widget_says(demo, language):
    """Heading, score, summary, every review's date, mark, words, note and reply, status and demo: all are there."""
    for path in [path for path in demo.widgets if f".{language}." in path]:
        data, tree = demo.widget(path), demo.tree(path.replace("widget.", "frame.").removesuffix("js") + "html")
        articles = tree.xpath("//article")
        assert len(articles) == len(data["reviews"])
        for article, review in zip(articles, data["reviews"], strict=True):
            text = words(article)
            said = [review.get(key, "") for key in ("by", "date", "title", "text", "note")]
            said += [review["rating"]["text"]] if "rating" in review else []
            said += list(review["reply"].values()) if "reply" in review else []
            squeezed = "".join(text.split())
            assert [one for one in said if "".join(one.split()) not in squeezed] == []
            assert article.xpath(".//a/@href") == [review["url"]]
            labels = article.xpath(".//*[@role='img']/@aria-label")
            assert labels == ([review["rating"]["label"]] if "rating" in review else [])
        whole = words(tree.find(".//main"))
        expected = [data.get(key, "") for key in ("heading", "summary", "explain", "more", "status", "demo", "none")]
        assert [one for one in expected if one not in whole] == []
        score = tree.xpath("//header//*[contains(@class, 'stars')]/@aria-label")
        assert score == ([data["score"]["label"]] if data["score"] else [])


def test_frame_has_no_script_and_opens_links_beside_the_page(any_site):
    """No script at all, no structured data; every link opens a window of its own and vouches for nothing."""
    for path in [path for path in any_site.pages if "/frame." in path]:
        tree = any_site.tree(path)
        assert not tree.xpath("//script | //@onload | //@onclick | //base | //form | //img"), path
        for link in tree.iter("a"):
            assert (link.get("target"), link.get("rel")) == ("_blank", "nofollow noopener"), path
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert any_site.file_at(tree.xpath("//link[@rel='canonical']/@href")[0]) in any_site.files
        region = tree.xpath("//*[@role='region']")[0]
        assert region.get("tabindex") == "0"
        assert region.get("aria-label").split() == words(tree.find(".//h1")).split()


# oEmbed


@LANGUAGES
def test_page_leads_to_its_oembed_description_and_that_to_the_frame(demo, language):
    """Discovery in the head of a shop's page, the keys of oEmbed 1.0, and a frame whose file is there."""
    for path in [path for path in demo.pages if re.fullmatch(f"{language}/[a-z][^/]*/index.html", path)]:
        link = demo.tree(path).xpath("//head/link[@type='application/json+oembed']")
        if not link:
            assert demo.tree(path).xpath("//meta[@http-equiv]"), path
            continue
        value = demo.json(demo.file_at(link[0].get("href")))
        assert (value["version"], value["type"]) == ("1.0", "rich")
        assert (value["title"], value["author_url"]) == (link[0].get("title"), demo.address(path))
        assert (value["provider_name"], value["provider_url"]) == ("Voorbeeldkeur", demo.url + "/")
        frame = html.fragment_fromstring(value["html"])
        assert frame.tag == "iframe"
        assert (frame.get("width"), frame.get("height")) == (str(value["width"]), str(value["height"]))
        assert frame.get("loading") == "lazy"
        assert frame.get("title") == value["title"]
        assert "style" not in frame.attrib
        assert demo.file_at(frame.get("src")) == f"v1/{path.split('/')[1]}/frame.{language}.html"


# The embed page and the command


@LANGUAGES
def test_every_form_of_the_command_stands_on_the_embed_page(tmp_path, language):
    """`vijf snippet --form` prints a text that the page shows, for each form."""
    site = BuiltSite(made.build(tmp_path, made.everything()), "https://reviews.example.nl")
    shown = snippets(site, language, "veel")
    for form in FORMS:
        arguments = ["snippet", "veel", "--form", form, "--language", language, "--content", str(tmp_path / "content")]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        assert done.output in shown, form


def test_all_addresses_in_snippets_answer(any_site):
    """Every address in any text to copy is that of a file of this site."""
    for path in [path for path in any_site.pages if path.endswith("/embed/index.html")]:
        for pre in any_site.tree(path).iter("pre"):
            markup = html.fragment_fromstring(pre.text_content(), create_parent=True)
            found = [*markup.xpath(".//@src"), *markup.xpath(".//@href")]
            assert [address for address in found if any_site.file_at(address) not in any_site.files] == [], path
            assert not markup.xpath(".//a[not(@rel='nofollow')] | .//@style"), path


def test_images_are_shown_in_the_size_that_their_snippets_give(shape):
    """Each badge is previewed as an image of its own size with a text, light and dark, plain and wide."""
    site = shape("everything")
    images = site.tree("nl/veel/embed/index.html").xpath("//main//img")
    assert len(images) == 4
    for image in images:
        badge = site.tree(site.file_at(site.url + image.get("src")))
        svg = badge.xpath("//svg[@aria-label]")[0]
        assert (image.get("width"), image.get("height")) == (svg.get("width"), svg.get("height"))
        assert image.get("alt")


def test_policies_name_the_host_for_each_way(shape):
    """A strict page learns what to allow: scripts, data, images or frames from the site's origin, nothing more."""
    lines = [text for text in snippets(shape("below a path"), "nl", "veel") if "-src " in text]
    host = "https://reviews.example.nl"
    assert lines == [
        f"script-src {host}",
        f"script-src {host}; connect-src {host}",
        f"img-src {host}",
        f"frame-src {host}",
    ]


def test_shops_page_leads_to_the_embed_page(shape):
    """Quietly, at its end; pages at earlier slugs and of merged shops lead on to the page that holds."""
    site = shape("everything")
    assert site.tree("nl/veel/index.html").xpath("//a[@href='/nl/veel/embed/']")
    for slug in ("vroeger", "dicht"):
        assert site.tree(f"nl/{slug}/embed/index.html").xpath("//a/@href") == ["/nl/veel/embed/"]


@pytest.mark.parametrize(
    ("kind", "gone"),
    [("shield", r"shield\.json"), ("frame", r"(?i)/frame\.|oembed|(<|&lt;)iframe"), ("embed", "/embed/")],
)
def test_what_is_left_out_is_named_nowhere(tmp_path, kind, gone):
    """`without` drops the files and every mention of them; `vijf snippet` refuses a frame that isn't there."""
    root = made.build(tmp_path, made.everything(without=[kind]))
    site = BuiltSite(root, "https://reviews.example.nl")
    assert not [path for path in site.files if re.search(gone, path)]
    assert not [path for path in site.pages if re.search(gone, site.text(path))]
    done = CliRunner().invoke(main, ["snippet", "veel", "--form", "frame", "--content", str(tmp_path / "content")])
    assert done.exit_code == (2 if kind == "frame" else 0)


def test_hostile_words_stay_words(shape):
    """In frames, descriptions and texts to copy, names and reviews are text, and one paste stays one paste."""
    site = shape("hostile")
    for slug in [slug for slug in shops(site) if slug.startswith("shop-")]:
        name = site.widget(f"v1/{slug}/widget.nl.js")["heading"]
        frame = site.tree(f"v1/{slug}/frame.nl.html")
        assert words(frame.find(".//h1")) == " ".join(name.split())
        assert not frame.xpath("//script | //img | //@onerror | //@onload | //@onmouseover | //h1//svg | //style[2]")
        value = site.json(f"v1/{slug}/oembed.nl.json")
        tag = html.fragment_fromstring(value["html"])
        assert (tag.tag, tag.get("title"), len(tag)) == ("iframe", name, 0)
        assert set(tag.attrib) == {"src", "title", "width", "height", "frameborder", "loading", "referrerpolicy"}
        for text in snippets(site, "nl", slug):
            markup = html.fragment_fromstring(text, create_parent=True)
            tags = {element.tag for element in markup.iter()} - {"div"}
            assert tags <= {"vijf-reviews", "a", "svg", "text", "script", "img", "iframe"}
            assert not [key for element in markup.iter() for key in element.attrib if key.startswith("on")]
            for label in markup.xpath(".//@alt | .//@title | .//@aria-label"):
                assert unescape(label) == unescape(name)
