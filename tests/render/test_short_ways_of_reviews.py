"""Reviews become markup, JSON and feed items by short ways too: nothing gets around escaping, and nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import strategies as s
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from vijf import limits
from vijf import model as m
from vijf.render import phrases
from vijf.render.data import review_json
from vijf.render.feed_items import shop_items
from vijf.render.language import load_language
from vijf.render.markdown import _PLAIN_WORDS, _description_markdown, description_html
from vijf.render.review_html import review_html, reviews_html
from vijf.render.structured import organization
from vijf.render.templates import environment
from vijf.render.text import json_ascii, json_text
from vijf.render.views import ShopBundle
from vijf.rules.counting import Uncounted

DUTCH = load_language("nl")
SHOP = m.Shop("shop", "De Ketting", "https://shop.example")
BAD = """<b a="x" c='y'>&amp;"""


def bundle(site, shop, reviews):
    """A shop with these reviews, newest first as content has them."""
    newest_first = tuple(sorted(reviews, key=lambda review: review.sort_key, reverse=True))
    return ShopBundle(site, m.ShopContent(shop, newest_first))


def test_every_word_of_a_review_is_escaped():
    """Whatever strangers and operators can write comes out as that text, wherever it stands in a review."""
    site = replace(
        s.SITE, aspects={"speed": {"nl": f"aspect{BAD}"}}, operator=m.Operator(f"operator{BAD}", "a@b.example")
    )
    day = s.moment(date(2026, 11, 3))
    review = m.Review(
        id="one",
        received=s.moment(date(2026, 11, 1)),
        published=day,
        experience=date(2026, 10, 1),
        rating=17,
        title=f"title{BAD}",
        text=f"text{BAD}\n\nsecond{BAD}",
        language=f"language{BAD}",
        author=m.Author(f"author{BAD}", f"place{BAD}"),
        aspects={"speed": 18},
        recommends=True,
        replies=tuple(m.Reply(by, f"{by.value}-reply{BAD}", day) for by in m.Speaker),
        origin=m.Origin(f"platform{BAD}"),
    )
    of = bundle(site, replace(SHOP, name=f"shop{BAD}"), [review])
    html = review_html(of, review, 1, DUTCH)
    shown = {"title", "text", "second", "language", "author", "place", "aspect", "shop", "operator"}
    shown |= {f"{by.value}-reply" for by in m.Speaker}
    assert "<b a" not in html
    assert [name for name in shown if f"{name}{escape(BAD)}" not in html] == []
    assert escape(phrases.disclosures(DUTCH, review)[0]) in html


WITHOUT = m.Review("one", s.moment(date(2026, 11, 1)), s.moment(date(2026, 11, 3)))
GONE = [
    replace(WITHOUT, held=m.Hold(s.moment(date(2026, 11, 4)), s.moment(date(2026, 11, 9)), m.Ground.NOT_A_CUSTOMER)),
    *(
        replace(WITHOUT, removed=m.Removal(s.moment(date(2026, 11, 4)), m.Ground.FAKE, m.Remover.OPERATOR, notice))
        for notice in m.Notice
    ),
]


@pytest.mark.parametrize("review", GONE)
def test_the_sentences_of_a_hidden_review_are_escaped(review):
    """French has apostrophes in nearly each of them."""
    french = load_language("fr")
    html = review_html(bundle(s.SITE, SHOP, [review]), review, 1, french)
    sentences = [*phrases.tombstone(french, review.removed)] if review.removed else [phrases.hold(french, review)]
    assert [sentence for sentence in sentences if escape(sentence) not in html] == []
    assert "'" not in html


@given(s.reviews(), st.sampled_from([None, *Uncounted]))
@s.LAWS
def test_a_review_as_open_data_is_compact_json(review, why):
    """Put together as text, it is just what an encoder would have written."""
    text = review_json(review, why)
    value = json.loads(text)
    assert json_text(value) == text
    assert (value.get("text"), value.get("title")) == (review.text, review.title)
    assert (value["counted"], value["why"]) == (why is None, why)


@given(s.sites(), s.shops(), st.lists(s.reviews(), max_size=6, unique_by=lambda review: review.id))
@settings(s.LAWS, max_examples=50)
def test_structured_data_is_compact_json_that_ends_no_script(site, shop, reviews):
    """Put together as text, it is what an encoder would have written."""
    of = bundle(site, shop, reviews)
    text = organization(of, DUTCH, list(of.content.reviews))
    assert json_ascii(json.loads(text)) == text
    assert not {"<", ">", "&"} & set(text)


@given(s.shops(), s.review_lists(0, 60))
@settings(s.LAWS, max_examples=50)
def test_feeds_hold_the_newest_of_all_items(shop, reviews):
    """No older review and no late reply to one is overlooked by looking at the newest reviews first."""
    reviews = [
        replace(
            review, replies=(m.Reply(m.Speaker.SHOP, "x", s.moment(max(other.published.day, review.published.day))),)
        )
        if review.visible and index % 3
        else review
        for index, (review, other) in enumerate(zip(reviews, reversed(reviews), strict=True))
    ]
    of = bundle(s.SITE, shop, reviews)
    visible = [review for review in of.content.reviews if review.visible]
    dates = [review.published.instant for review in visible]
    dates += [reply.date.instant for review in visible for reply in review.replies if reply.date]
    items = shop_items(of)
    assert [item.published for item in items] == sorted(dates, reverse=True)[: limits.FEED_ITEMS]
    assert len({item.id for item in items}) == len(items)


@given(s.shops(), s.review_lists(0, 45))
@settings(s.LAWS, max_examples=30)
def test_shared_markup_is_that_of_each_review(shop, reviews):
    """What is made once for several pages is what each would make, also after another shop came between."""
    of, other = bundle(s.SITE, shop, reviews), bundle(s.SITE, shop, reviews[:3])
    for one in (of, other, of):
        page = one.newest(limits.FEED_ITEMS)
        assert reviews_html(one, page, DUTCH) == "".join(review_html(one, *entry, DUTCH) for entry in page)


PIECES = [
    "Wij", "ook", "é", "prijs-kwaliteit", "'s", "zo's", "2", "3.", "-", "- x", "a.", "b,", " ", " ", "  ", "\n", "*x*",
    "_y_", "<b>", "&amp;", "[a](b)", "www.a.nl", "http://a.nl", "#", "1. x", "a:", "\\*", "`c`", "!", "\xa0",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join))
@settings(s.LAWS, max_examples=500)
def test_plain_descriptions_need_no_markdown(text):
    """A description that is taken for a line of words is one for Markdown too."""
    if _PLAIN_WORDS.fullmatch(text):
        assert description_html(text) == _description_markdown().reset().convert(text) == f"<p>{text}</p>"


def test_a_description_leaves_nothing_to_the_next():
    """The converter is used again: references and lists of one text don't reach another."""
    first = description_html("[a]: https://a.example\n\n[a] *x*")
    assert 'href="https://a.example"' in first
    assert "href" not in description_html("[a] *x*")
    assert description_html("[a]: https://a.example\n\n[a] *x*") == first


def test_messages_stand_in_compiled_templates():
    """A message without values is translated and escaped as any other; one with values waits for them."""
    french = environment("fr")
    source = '{{ _("House rules") }}|{{ _("%(value)s out of 10", value=value) }}|<a title="{{ _("a customer") }}">'
    language = load_language("fr")
    expected = (
        f'{escape(language.gettext("House rules"))}|8 sur 10|<a title="{escape(language.gettext("a customer"))}">'
    )
    assert french.from_string(source).render(value=8) == expected


def test_a_template_that_speaks_several_languages_chooses_itself():
    """Where a template sets its own `_`, its messages aren't translated before."""
    source = '{% for choice in choices %}{% set _ = choice.gettext %}{{ _("House rules") }};{% endfor %}'
    choices = [load_language("en"), DUTCH]
    assert environment("fr").from_string(source).render(choices=choices) == "House rules;Huisregels;"
