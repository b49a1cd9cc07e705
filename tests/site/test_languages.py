"""Language versions as a crawler and a screen reader meet them: they name each other, and foreign words say so."""

from __future__ import annotations

from urllib.parse import urljoin

import made_content as made
import pytest
from built_site import BuiltSite, refresh, words

URL = "https://reviews.example.nl/a"
CODES = ("nl", "en", "de", "fr")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site in four languages whose operator's pages exist in all, in three, in two and in one of them."""
    page = "---\ntitle: Titel\n---\nTekst.\n"
    reply = {"by": "shop", "date": "2025-02-01", "text": "Merci."}
    reviews = [
        *(made.review(number, 8) for number in range(19)),
        made.review(19, 8, title="Gut", text="Sehr gut.", language="de"),
        made.review(20, 8, title="جيد", text="جيد جدا.", language="ar"),
        made.review(21, 8, title="Goed", text="Heel goed.", language="nl"),
        made.review(22, 8, title="?", text="Wie weet."),
        made.review(23, 8, text="Bien.", language="fr", replies=[reply]),
    ]
    settings = made.site(url=URL, languages=list(CODES))
    settings["operator"]["funding"] = {"de": "Die Unternehmen zahlen."}
    content = made.files(
        settings,
        {
            "winkel": (made.shop("Winkel", formerly=["vroeger"], description={"nl": "Wij."}), reviews),
            "leeg": (made.shop("Leeg", description={"fr": "Nous.", "de": "Wir."}), []),
        },
        **{f"alle_{code}": page for code in CODES},
        **{f"drie_{code}": page for code in ("en", "de", "fr")},
        **{f"twee_{code}": page for code in ("fr", "de")},
        een_fr=page,
        **{"house-rules_de": page},
    )
    return BuiltSite(made.build(tmp_path_factory.mktemp("languages"), content), URL)


def crawled(site):
    """The pages that a crawler finds from the root, by links and by language versions, but for those that lead on."""
    found, new = set(), ["index.html"]
    while new:
        path = new.pop()
        if path in found:
            continue
        found.add(path)
        addresses = [address for element, _, address in site.links(path) if element.tag in ("a", "link")]
        new += [target for address in addresses if (target := site.file_at(address)) and target.endswith(".html")]
    return sorted(path for path in found if not any(refresh(meta) for meta in site.tree(path).iter("meta")))


def versions(site, path):
    """{language: address} of a page's alternates, in their order."""
    links = site.tree(path).xpath("//head/link[@rel='alternate'][@hreflang]")
    return {link.get("hreflang"): link.get("href") for link in links}


def own_language(path):
    """The language of a page's folder, None for pages of all languages."""
    return path.split("/")[0] if path.split("/")[0] in CODES else None


def test_a_crawler_finds_every_page_of_every_language(site):
    """From the root, all pages are reached that aren't redirects, the error page or left out of search on purpose."""
    met = set(crawled(site))
    left = [
        path
        for path in site.pages
        if path not in met
        and own_language(path)
        and not any(refresh(meta) for meta in site.tree(path).iter("meta"))
    ]
    assert left == []
    assert len(met) > 40


def test_every_page_lists_exactly_the_versions_that_exist(site):
    """Itself and each file of the same path in another language, in the site's order; x-default is the first of them."""
    for path in crawled(site):
        code = own_language(path)
        if code is None:
            continue
        there = [other for other in CODES if f"{other}{path.removeprefix(code)}" in site.files]
        addresses = {other: site.address(f"{other}{path.removeprefix(code)}") for other in there}
        expected = {**addresses, "x-default": addresses[there[0]]} if len(there) > 1 else {}
        assert list(versions(site, path).items()) == list(expected.items()), path


@pytest.mark.parametrize(
    ("name", "codes"), [("alle", CODES), ("drie", ("en", "de", "fr")), ("twee", ("de", "fr")), ("een", ("fr",))]
)
def test_a_page_of_the_operators_claims_no_version_that_nobody_wrote(site, name, codes):
    """The list in the page's head and the one for visitors hold the written languages; one alone needs no list."""
    several = len(codes) > 1
    for code in codes:
        path = f"{code}/-/{name}/index.html"
        assert tuple(versions(site, path)) == ((*codes, "x-default") if several else ())
        choice = site.tree(path).xpath("//header//nav//a/@hreflang")
        assert choice == (list(codes) if several else [])
    assert not any(f"{code}/-/{name}/index.html" in site.files for code in set(CODES) - set(codes))


def test_versions_are_reciprocal_absolute_and_in_the_language_they_say(site):
    """Each version answers, names the same versions, is written in the language it is listed under, and is canonical."""
    for path in crawled(site):
        for code, address in versions(site, path).items():
            target = site.file_at(address)
            assert address.startswith(f"{URL}/"), (path, address)
            assert target in site.files, (path, address)
            assert versions(site, target) == versions(site, path), (path, target)
            assert site.tree(target).xpath("//head/link[@rel='canonical']/@href") == [address]
            assert code == "x-default" or site.tree(target).get("lang") == code


def test_the_choice_of_language_leads_to_the_same_page(site):
    """What a visitor chooses above a page is what its head says; the present language is marked."""
    for path in crawled(site):
        links = site.tree(path).xpath("//header//nav[1]//a[@hreflang]")
        listed = versions(site, path)
        listed.pop("x-default", None)
        assert {a.get("hreflang"): urljoin(f"{URL}/", a.get("href")) for a in links} == listed, path
        assert [a.get("lang") for a in links] == list(listed), path
        if links:
            assert [a.get("hreflang") for a in links if a.get("aria-current")] == [own_language(path)], path


NOTES = {
    "nl": ("In het Duits", "In het Arabisch", "In het Frans"),
    "en": ("In German", "In Arabic", "In Dutch", "In French"),
    "de": ("Auf Arabisch", "Auf Niederländisch", "Auf Französisch"),
    "fr": ("En allemand", "En arabe", "En néerlandais"),
}


@pytest.mark.parametrize("code", CODES)
def test_reviews_say_which_language_they_are_in(site, code):
    """Title, text and reply carry `lang` where the language is known, for every reader; a note says so to foreign ones."""
    found, notes = {}, ""
    for number in (1, 2):
        tree = site.tree(f"{code}/winkel/page/{number}/index.html")
        for article in tree.xpath("//article"):
            texts = article.xpath(".//h3 | .//*[@class='text']")
            found[article.get("id")] = {text.get("lang") for text in texts}
        notes += " ".join(words(line) for line in tree.xpath("//article/p[@class='quiet']"))
    assert [found[f"r-r{number}"] for number in range(19, 24)] == [{"de"}, {"ar"}, {"nl"}, {None}, {"fr"}]
    every = {note for several in NOTES.values() for note in several}
    assert {note for note in every if note in notes} == set(NOTES[code])


@pytest.mark.parametrize("code", CODES)
def test_widgets_carry_the_language_of_each_review(site, code):
    """The data that a widget shows names the language of a review's words where it is known."""
    shown = site.widget(f"v1/winkel/widget.{code}.js")["reviews"]
    assert [review.get("lang") for review in shown[:5]] == ["fr", None, "nl", "ar", "de"]


@pytest.mark.parametrize(("code", "description"), [("nl", "de"), ("en", "de"), ("de", "de"), ("fr", "fr")])
def test_words_in_another_language_than_the_page_say_so(site, code, description):
    """A description, or who pays, that isn't there in the page's language says which of the site's it is in."""
    tree = site.tree(f"{code}/leeg/index.html")
    assert tree.xpath("//section[@id='contact']//div[@class='text']/@lang") == [description]
    assert tree.xpath("//footer/p[@dir='auto']/@lang") == ["de"]


@pytest.mark.parametrize(("code", "said"), [("de", "8,0 von 10, aus 24 Bewertungen"), ("fr", "8,0 sur 10, d’après 24 avis")])
def test_what_search_engines_quote_is_a_sentence(site, code, said):
    """The description of a shop's page says the score once, with what it is of and from how many."""
    found = site.tree(f"{code}/winkel/index.html").xpath("//meta[@name='description']/@content")
    assert [text.rpartition(" – ")[2] for text in found] == [said]
