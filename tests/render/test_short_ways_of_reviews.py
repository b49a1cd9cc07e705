"""Reviews become markup, JSON and feed items by short ways too: nothing gets around escaping, and nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_type_hints

import pytest
import strategies as s
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape
from vijf import limits
from vijf import model as m
from vijf.render import ShopBundle
from vijf.render.data import review_json
from vijf.render.feed_items import shop_items
from vijf.render.frame import _environment
from vijf.render.language import load_language
from vijf.render.markdown import _PLAIN_WORDS, _description_markdown, description_html
from vijf.render.review_html import review_html
from vijf.render.structured import organization
from vijf.render.text import json_ascii, json_text
from vijf.render.views import ReplyView, ReviewView, newest_views, review_view
from vijf.rules.counting import Uncounted

DUTCH = load_language("nl")
BAD = """<b a="x" c='y'>&amp;"""
CHECKED = {"anchor", "datetime", "visible", "html"}
"""Fields of a view without characters to escape, and its text, which is escaped already."""


def bundle(site, shop, reviews):
    """A shop with these reviews, newest first as content has them."""
    newest_first = tuple(sorted(reviews, key=lambda review: review.sort_key, reverse=True))
    return ShopBundle(site, m.ShopContent(shop, newest_first))


@pytest.mark.parametrize("visible", [True, False])
def test_every_word_of_a_review_is_escaped(visible):
    """Whatever a view says comes out as that text: a visible review shows all of it, a hidden one what it may."""
    words = {name: f"{name}{BAD}" for name, kind in get_type_hints(ReviewView).items() if kind is str}
    words |= {name: name for name in CHECKED & words.keys()}
    reply = ReplyView(f"who{BAD}", f"date{BAD}", "2026-11-03", Markup("<p>reply</p>"))
    view = ReviewView(
        **words,
        visible=visible,
        sentences=(f"sentence{BAD}",),
        aspects=((f"aspect{BAD}", f"nine{BAD}"),),
        replies=(reply,),
    )
    html = review_html(view, DUTCH)
    shown = {"href", "dates", "sentence"}
    if visible:
        shown |= {"mark", "mark_label", "title", "lang", "language_note", "author", "place", "experience", "checked"}
        shown |= {"uncounted", "aspect", "nine", "recommends", "who", "date"}
    else:
        shown |= {"state", "ground"}
    assert "<b a" not in html
    assert [name for name in shown if f"{name}{escape(BAD)}" not in html] == []
    assert html.count(str(escape(BAD))) == html.count("&lt;b a=")


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
def test_shared_views_are_those_of_each_review(shop, reviews):
    """What is made once for several artifacts is what each would make, also after another shop came between."""
    of, other = bundle(s.SITE, shop, reviews), bundle(s.SITE, shop, reviews[:3])
    for one in (of, other, of):
        expected = {
            review.id: review_view(one, review, number, DUTCH) for review, number in one.newest(limits.FEED_ITEMS)
        }
        assert newest_views(one, DUTCH) == expected


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
    french = _environment("fr")
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
    assert _environment("fr").from_string(source).render(choices=choices) == "House rules;Huisregels;"
