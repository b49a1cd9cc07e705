"""The catalogues say everything, in the right words: complete, with the same placeholders, and nothing left in English.

`make messages` brings a catalogue up to date; `docs/languages.md` says which words to use.
"""

import ast
import html
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from babel.messages.mofile import read_mo
from jinja2 import Environment, nodes
from update_catalogues import CATALOGUE, LOCALES, ROOT, as_text, extract, forms, languages, read
from vijf import model as m
from vijf.content.site import available_languages
from vijf.plan import shop_artifacts, site_artifacts
from vijf.render.language import load_language
from vijf.render.renderers import SHOP_RENDERERS, SITE_RENDERERS
from vijf.render.site import Directory, SiteBundle, summarise
from vijf.render.views import ShopBundle

RENDER = ROOT / "builder" / "vijf" / "render"
LANGUAGES = languages()
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CALLS = {"_", "gettext", "ngettext"}

FORBIDDEN = {
    "en": r"independent\w*|guaranteed?|genuine|google|verified|arbitrat\w+|tamper\W?proof",
    "nl": r"onafhankelijk\w*|gegarandeerd\w*|google|geverifieerd\w*|waardering\w*|reviews?|geschil\w*|arbitrage"
    r"|uitspra\w+|winkels?|webshops?|je|jij|jou|jouw|jullie",
    "de": r"unabhängig\w*|garantiert\w*|google|verifiziert\w*|schlichtung\w*|reviews?|du|dich|dir|deine?[mnrs]?",
    "fr": r"indépendant\w*|garantie?s?|google|arbitrage|reviews?|tu|te|toi|ton|tes",
}
"""Language -> words that claim too much, that name a thing by a second word, or that address the reader informally."""


@pytest.fixture(scope="module")
def sources():
    """The catalogue of messages that the sources have now."""
    return extract()


def messages(catalogue):
    """The messages of a catalogue, without its header."""
    return [message for message in catalogue if message.id]


def translations(catalogue):
    """Message -> translation, each as the tuple of its forms."""
    return {forms(message.id): forms(message.string) for message in messages(catalogue)}


def constant_calls(path):
    """(message, line) of each call for a translation in a source file; message is None where it isn't a literal."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in CALLS:
                yield getattr(call.args[0], "value", None), call.lineno
        return
    environment = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for call in environment.parse(text).find_all(nodes.Call):
        if getattr(call.node, "name", getattr(call.node, "attr", None)) in CALLS:
            yield getattr(call.args[0], "value", None), call.lineno


def test_every_message_that_the_code_asks_for_is_extracted(sources):
    """A call that the extraction can't see (within an f-string, through another name) would stay English for ever."""
    known = {forms(message.id)[0] for message in messages(sources)}
    files = [*RENDER.glob("*.py"), *(RENDER / "templates").iterdir()]
    missed = [
        f"{path.name}:{line}: {text}"
        for path in files
        if path.name != "language.py"  # where gettext itself is called, with whatever it is given
        for text, line in constant_calls(path)
        if text not in known
    ]
    assert missed == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_holds_exactly_the_messages_of_the_sources(code, sources):
    """No message is missing, and none is left that the code no longer asks for."""
    catalogue = read(code)
    found = {message.id for message in messages(catalogue)}
    wanted = {message.id for message in messages(sources)}
    assert sorted(map(str, wanted - found)) == [], "missing: run `make messages` and translate"
    assert sorted(map(str, found - wanted)) == [], "no longer asked for: run `make messages`"
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated_in_every_plural_form(code):
    """No form of a message is empty or only guessed (fuzzy), and there are as many as the language has."""
    catalogue = read(code)
    for message in messages(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        assert not message.fuzzy, message.id
        assert len(forms(message.string)) == expected, message.id
        assert all(form.strip() for form in forms(message.string)), message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(code):
    """Each value stands in each form of the translation as often as in the message, and nothing else is asked for."""
    for message in messages(read(code)):
        wanted = Counter(PLACEHOLDER.findall(forms(message.id)[-1]))
        for form in forms(message.string):
            assert Counter(PLACEHOLDER.findall(form)) == wanted, form
            assert not (wanted and "%" in PLACEHOLDER.sub("", form)), f"a bare % in {form}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_message_does(code):
    """White space, colons and full stops at the ends hold what stands around; they are the same on both sides."""
    for message in messages(read(code)):
        english = forms(message.id)[-1]
        for form in forms(message.string):
            assert form == form.strip() and "  " not in form, repr(form)
            assert form.endswith(":") == english.endswith(":"), form
            assert not (english.endswith(".") and not form.endswith(".")), form


TIGHT = re.compile(r"\s[:;!?.,»”“](?=\s|$)|[„«“]\s")
FRENCH = re.compile(r"(?<!\N{NO-BREAK SPACE})[:;!?»]|«(?!\N{NO-BREAK SPACE})|\s[.,]|\N{NARROW NO-BREAK SPACE}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_signs_stand_as_the_language_sets_them(code):
    """French puts a no-break space before `: ; ! ?` and inside « »; the others put none. Quotes are curly ones."""
    wrong = FRENCH if code == "fr" else TIGHT
    texts = [form for message in messages(read(code)) for form in forms(message.string)]
    assert [text for text in texts if wrong.search(text) or "'" in text or '"' in text] == []
    assert code == "fr" or not any("\N{NO-BREAK SPACE}" in text for text in texts)


@pytest.mark.parametrize("code", [*LANGUAGES, "en"])
def test_no_forbidden_word_stands_in_a_catalogue(code, sources):
    """No word that claims too much, none beside the one word of a concept, no informal address; English included."""
    forbidden = re.compile(rf"\b(?:{FORBIDDEN[code]})\b", re.IGNORECASE)
    entries = messages(sources) if code == "en" else messages(read(code))
    texts = [form for entry in entries for form in forms(entry.id if code == "en" else entry.string)]
    assert [text for text in texts if forbidden.search(PLACEHOLDER.sub("", text))] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_compiled_catalogue_says_what_its_source_says(code):
    """What pages read (.mo) was compiled from the catalogue that people edit (.po)."""
    compiled = (LOCALES / code / CATALOGUE).with_suffix(".mo")
    assert compiled.is_file(), "run `make messages`"
    with compiled.open("rb") as file:
        found = translations(read_mo(file))
    assert found == translations(read(code))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_is_written_as_make_messages_writes_it(code):
    """The file stands in its one form (order, line breaks, header), so that a diff shows changed words alone."""
    assert (LOCALES / code / CATALOGUE).read_bytes() == as_text(read(code))


def test_a_language_has_a_catalogue_exactly_when_sites_may_choose_it():
    """English is the language of the messages; every other language that a site may name has a catalogue."""
    assert set(available_languages()) == {"en", *LANGUAGES}


# Every kind of state that a page can show, made once, with no English of its own in it.

FIRST = date(2026, 1, 1)


def moment(day):
    """The moment that stands for a plain day."""
    return m.Moment(datetime(day.year, day.month, day.day, tzinfo=UTC), day, exact=False)


def states():
    """What reviews can be like besides ordinary: one mapping of fields each."""
    later = moment(FIRST + timedelta(days=200))
    yield from ({"removed": m.Removal(later, ground, m.Remover.OPERATOR)} for ground in m.Ground)
    yield from ({"removed": m.Removal(later, m.Ground.FAKE, m.Remover.OPERATOR, notice)} for notice in m.Notice)
    yield {"removed": m.Removal(later, m.Ground.FAKE, m.Remover.COURT, automated=True)}
    yield from ({"held": m.Hold(later, later, ground)} for ground in m.Ground)
    yield from ({"verification": m.Verification(method)} for method in m.Method)
    yield from ({"incentive": incentive} for incentive in m.Incentive)
    yield from ({"collected": way} for way in m.Collected)
    yield from ({"rating_withdrawn": m.RatingWithdrawn(later, reason)} for reason in m.WithdrawalReason)
    yield from ({"replies": (m.Reply(by, "Xx", later),)} for by in m.Speaker)
    yield {"replies": (m.Reply(m.Speaker.SHOP, "Xx", later),), "author": None}
    yield {"amended": (m.Amendment(later), m.Amendment(later, 4))}
    yield {"redacted": later, "language": "tlh", "text": None, "title": None}
    yield {"origin": m.Origin("kiyoh")}
    yield {"origin": m.Origin("kiyoh", rating=Fraction(4), scale=(Fraction(1), Fraction(5)))}
    yield {"recommends": False, "author": None, "text": None, "title": None}


def many_reviews():
    """Ordinary reviews, and one in each state, newest first."""
    ordinary = [{"recommends": True, "aspects": {"a": 16}, "experience": FIRST} for _ in range(6)]
    found = []
    for number, fields in enumerate([*states(), *ordinary]):
        day = FIRST + timedelta(days=number)
        review = m.Review(
            id=f"r{number}",
            received=moment(day - timedelta(days=number % 4)),
            published=moment(day),
            rating=16,
            text="Xx",
            language="xx",
            author=m.Author("Nn", "Pp"),
        )
        hidden = {"removed", "held"} & set(fields)
        bare = replace(review, text=None, author=None, rating=None, language=None) if hidden else review
        found.append(replace(bare, **fields))
    return tuple(sorted(found, key=lambda review: review.sort_key, reverse=True))


def contents():
    """A shop with reviews in every state, and small ones: without reviews, left, expelled, closed, with few."""
    hours = {"mon": ("09:00-12:00",)}
    contact = m.Contact(
        phone="1", phone_hours=hours, counter_hours=hours, email="a@b.example", form="https://c.example"
    )
    full = m.Shop("aa", "Aa", "https://a.example", contact=contact, member_since=FIRST, owner_since=FIRST)
    yield m.ShopContent(full, many_reviews())
    unknown = m.Contact(checked=m.Checked(FIRST, "operator"), page="https://c.example", chat="https://c.example")
    few = tuple(review for review in many_reviews() if review.origin or review.incentive is m.Incentive.PAID)
    for number, status in enumerate(m.Status):
        shop = replace(full, slug=f"b{number}", name=f"B{number}", status=status, formerly=(f"c{number}",))
        until = None if status is m.Status.ACTIVE else FIRST
        yield m.ShopContent(replace(shop, until=until, contact=None, owner_since=None), few[:number])
        confirmed = replace(unknown, checked=m.Checked(FIRST, "shop" if number else "operator"))
        yield m.ShopContent(replace(shop, slug=f"d{number}", formerly=(), contact=confirmed), ())


def procedures():
    """Each preset, for all reviews and for insufficient ones, with what else a site can differ in."""
    for preset in m.Preset:
        yield m.Procedure(preset, m.AppliesTo.INSUFFICIENT), "https://d.example", frozenset({"kiyoh"})
    yield m.Procedure(), None, frozenset()


def rendered(code):
    """All that a small site writes in the language `code`, as one text with entities resolved."""
    found = []
    for procedure, desk, imports in procedures():
        site = m.Site(
            name="Ss",
            url="https://s.example",
            languages=(code,),
            operator=m.Operator("Oo", "o@s.example"),
            desk_url=desk,
            procedure=procedure,
            demo=True,
            count_imports=imports,
            aspects={"a": {"xx": "Ll"}},
        )
        bundles = [ShopBundle(site, content) for content in contents()]
        for bundle in bundles:
            shop = bundle.content.shop
            artifacts = shop_artifacts(site, shop, len(bundle.content.reviews), logo=False)
            found += [SHOP_RENDERERS[one.kind](bundle, one) for one in artifacts if not one.path.endswith(".png")]
        summaries = [summary for bundle in bundles if (summary := summarise(bundle))]
        for shops in (summaries, []):
            whole = SiteBundle(site, (), Directory.of(shops))
            found += [SITE_RENDERERS[one.kind](whole, one) for one in site_artifacts(site, (), len(shops), ())]
    return html.unescape(b"\n".join(found).decode())


def phrases(catalogue):
    """The parts of English messages, between their placeholders, that have at least three words."""
    parts = {part.strip() for entry in messages(catalogue) for form in forms(entry.id) for part in split(form)}
    return sorted(part for part in parts if len(re.findall(r"[A-Za-z']+", part)) >= 3)


def split(text):
    """What stands between the placeholders of a message."""
    return re.split(r"%\(\w+\)s", text)


def test_the_small_site_shows_nearly_every_message(sources):
    """The control of the next test: in English, the same site says nearly everything that there is to say."""
    text = rendered("en")
    wanted = phrases(sources)
    unseen = [phrase for phrase in wanted if phrase not in text]
    assert len(unseen) <= len(wanted) // 10, unseen


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_english_message_is_left_on_a_page_in_another_language(code, sources):
    """Pages, badges and widgets of a site in one language hold no English message of three words or more."""
    assert load_language(code).gettext("House rules") != "House rules"
    text = rendered(code)
    assert [phrase for phrase in phrases(sources) if phrase in text] == []
