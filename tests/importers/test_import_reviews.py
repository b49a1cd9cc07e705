"""From rows to reviews: marks, dates, checks and ids are taken exactly or refused; nothing is invented or upgraded."""

import re

import pytest
from importing import MAP, batch_of, one_review, refusals_of
from vijf import limits
from vijf.model import Collected, Method, Speaker


def scaled(scale):
    return MAP.replace("[1, 10]", scale)


@pytest.mark.parametrize(
    "scale, given, halves",
    [
        ("[1, 5]", 1, 4),
        ("[1, 5]", 5, 20),
        ("[1, 5]", 4.5, 18),
        ("[1, 5]", "4,5", 18),
        ("[1, 5]", 4.25, 17),
        ("[0, 5]", 0.5, 2),
        ("[1, 10]", 1, 2),
        ("[1, 10]", 8.5, 17),
        ("[1, 10]", "10.0", 20),
        ("[0, 100]", 85, 17),
        ("[1, 4]", 3, 15),
    ],
)
def test_a_mark_is_converted_exactly(scale, given, halves):
    """A mark is multiplied by ten over the highest of its scale; the given one stands in the origin."""
    review = one_review(scaled(scale), mark=given)
    assert review.rating == halves
    assert review.origin.rating * 10 / review.origin.scale[1] * 2 == halves


@pytest.mark.parametrize(
    "scale, given, reason",
    [
        ("[1, 5]", 4.3, "`4.3` on a scale up to 5 is no whole or half mark out of 10, and nothing is rounded here"),
        ("[0, 100]", 83, "is no whole or half mark out of 10"),
        ("[1, 3]", 2, "is no whole or half mark out of 10"),
        ("[0, 5]", 0, "`0` on a scale up to 5 is less than 1"),
        ("[1, 5]", 0, "`0` lies outside its scale, 1 to 5; where there is no mark, leave it empty"),
        ("[1, 5]", 6, "lies outside its scale"),
        ("[1, 5]", "FIVE", "`FIVE` is not a number"),
        ("[1, 5]", "1e0", "is not a number"),
        ("[1, 5]", -1, "is not a number"),
        ("[1, 5]", "٤", "is not a number"),
    ],
)
def test_a_mark_that_would_need_rounding_or_guessing_is_refused(scale, given, reason):
    """What isn't exactly a half mark is refused with the reason, at its row."""
    (fault,) = refusals_of(scaled(scale), mark=given)
    assert fault.startswith("in:1:1: rating: ")
    assert reason in fault


def test_null_is_not_a_mark():
    """A row without a mark is a review without one, not a nought."""
    review = one_review(mark=None)
    assert review.rating is None
    assert review.origin.rating is None
    assert review.origin.scale is None


def test_a_review_without_text_stays():
    """Star-only reviews count, so they stay."""
    assert one_review(text="").text is None


def test_a_review_with_neither_is_refused():
    """Nothing at all is no review."""
    assert "has neither `rating` nor `text`" in refusals_of(text="\u200b ", mark=None)[0]


@pytest.mark.parametrize("ends", [[1, 5], "1-5", "1..5"])
def test_a_scale_may_come_from_a_column(ends):
    """Each row then says its own scale."""
    assert one_review(scaled("ends"), mark=4, ends=ends).rating == 16


@pytest.mark.parametrize(
    "ends, reason", [(None, "scale: is missing"), ("5", "not a scale"), ([2, 5], "starts at 0 or 1")]
)
def test_a_row_without_a_sound_scale_is_refused(ends, reason):
    """A mark without its scale says nothing."""
    assert reason in refusals_of(scaled("ends"), mark=4, ends=ends)[0]


@pytest.mark.parametrize(
    "given, instant, exact",
    [
        ("2026-01-02", "2026-01-01T23:00:00+00:00", False),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00", True),
        ("2026-01-02T03:04:05.123Z", "2026-01-02T03:04:05.123000+00:00", True),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456+00:00", True),
        ("2026-01-02T03:04+02:00", "2026-01-02T01:04:00+00:00", True),
        ("2026-01-02 03:04:05 -0530", "2026-01-02T08:34:05+00:00", True),
        ("2026-01-02 03:04:05 UTC", "2026-01-02T03:04:05+00:00", True),
    ],
)
def test_iso_dates_are_taken_and_brought_to_utc(given, instant, exact):
    """A day stays a day; an instant is in UTC."""
    moment = one_review(day=given).published
    assert (moment.instant.isoformat(), moment.exact) == (instant, exact)


@pytest.mark.parametrize(
    "given, reason",
    [
        ("4 months ago", "take the date from a true export"),
        ("vor 4 Monaten", "take the date from a true export"),
        ("gisteren", "take the date from a true export"),
        ("03-11-2025", "can't be read without guessing"),
        ("20251103", "can't be read without guessing"),
        ("2025-02-30", "is not a day and time of the calendar"),
        ("2025-02-03T24:01Z", "is not a day and time of the calendar"),
        ("0001-01-01T00:00+14:00", "is not a day and time of the calendar"),
        ("2025-02-03T10:00", "has no time zone; say which in the map"),
        ("2026-11-21", "lies in the future"),
        ("0960-01-01", "mend the year"),
        (None, "published: is missing"),
    ],
)
def test_a_date_that_is_none_is_refused(given, reason):
    """No date is guessed, whatever it looks like."""
    (fault,) = refusals_of(day=given)
    assert fault.startswith("in:1:1: published: ")
    assert reason in fault


def test_times_without_an_offset_are_in_the_zone_of_the_map():
    """Only a zone that the map names gives them a meaning."""
    text = MAP + "timezone: Europe/Amsterdam\n"
    assert one_review(text, day="2026-07-02 10:00").published.instant.isoformat() == "2026-07-02T08:00:00+00:00"


def test_the_only_date_is_both():
    """Where the platform knows one date, it was received and published then."""
    review = one_review()
    assert review.received == review.published


def test_the_day_of_the_experience_is_local():
    """An instant gives the site's local day; dates in an order that can't be are refused."""
    text = MAP.replace("published: day", "published: day, experience: bought")
    assert one_review(text, bought="2025-12-31T23:30:00Z").experience.isoformat() == "2026-01-01"
    assert "experience: 2026-01-03 lies after" in refusals_of(text, bought="2026-01-03")[0]


CHECKED = MAP.replace("by,", "by, verification: v,") + 'verification: {"yes": order, "false": none}\n'


@pytest.mark.parametrize(
    "given, method",
    [
        ("yes", Method.ORDER),
        ("YES", Method.ORDER),
        (False, Method.NONE),
        (True, Method.UNKNOWN),
        (None, Method.UNKNOWN),
    ],
)
def test_a_check_is_never_upgraded(given, method):
    """Only the map's own words mean a check; everything else is unknown."""
    assert one_review(CHECKED, v=given).verification.method is method


def test_without_a_column_the_check_is_unknown():
    """An import that says nothing of checks claims none."""
    assert one_review().verification.method is Method.UNKNOWN


def test_an_import_says_that_it_is_one():
    """Each review says that it was imported, and from where."""
    review = one_review()
    assert review.collected is Collected.IMPORT
    assert (review.origin.platform, review.origin.id) == ("kiyoh", "1")


def test_an_id_is_stable_and_tells_nothing():
    """The same platform and id give the same id, whatever else changes; it is a slug of 16 characters."""
    first, again = one_review(), one_review(text="Anders", mark=3, day="2026-02-03")
    assert first.id == again.id == "643ylvyqgil76izm"
    assert re.fullmatch("[a-z0-9]{16}", first.id)
    assert one_review(id="2").id != first.id
    assert one_review(MAP.replace("kiyoh", "other")).id != first.id


@pytest.mark.parametrize("change", [{"day": "2026-01-03"}, {"by": "B"}, {"mark": 7}, {"text": "x"}])
def test_without_their_id_what_is_said_makes_the_id(change):
    """Shop, day, author, mark and text make the id; each of them makes another."""
    assert one_review(id=None).id == one_review(id="").id
    assert one_review(id=None, **change).id != one_review(id=None).id


ROW = {"id": "1", "mark": 8, "text": "Snel", "day": "2026-01-02"}


def test_a_row_that_repeats_another_is_dropped_and_counted():
    """Paging repeats rows; the same said twice is one review."""
    batch = batch_of(ROW, ROW, {**ROW, "text": " Snel "})
    assert (batch.read, batch.repeated, batch.refused) == (3, 2, 0)
    assert len(batch.shops["winkel"]) == 1


def test_the_same_id_saying_something_else_is_refused():
    """Which of the two is right can't be known."""
    batch = batch_of(ROW, {**ROW, "text": "Traag"})
    assert [str(fault) for fault in batch.refusals] == [
        "in:2:1: id: line 1 has the same id and says something else; delete one of them [row]"
    ]


SHOPS = MAP.replace("by,", "by, shop: s,") + "shops: {A: {slug: a}, B b: {slug: b}}\n"


def test_rows_go_to_the_shops_that_they_name():
    """Their name leads to our slug, and the same id in two shops is two reviews."""
    batch = batch_of({**ROW, "s": "A"}, {**ROW, "s": " B b "}, text=SHOPS)
    assert {slug: len(found) for slug, found in batch.shops.items()} == {"a": 1, "b": 1}


@pytest.mark.parametrize("name, reason", [("C", "`C` is not in `shops` of the map"), (None, "says not which shop")])
def test_a_row_about_no_known_shop_is_refused(name, reason):
    """No row is put with a shop that it doesn't name."""
    assert reason in refusals_of(SHOPS, s=name)[0]


REPLIES = MAP.replace("by,", "by, reply: r.body, reply_date: r.at,")


def test_a_reply_may_lack_its_date():
    """Many exports have replies without dates; they come in as they are."""
    (reply,) = one_review(REPLIES, r={"body": "Dank", "at": None}).replies
    assert (reply.by, reply.text, reply.date) == (Speaker.SHOP, "Dank", None)


def test_a_reply_keeps_its_date():
    """A reply's date is brought to UTC too."""
    (reply,) = one_review(REPLIES, r={"body": "Dank", "at": "2026-01-03T00:00:00+01:00"}).replies
    assert reply.date.instant.isoformat() == "2026-01-02T23:00:00+00:00"


def test_a_reply_before_its_review_is_refused():
    """The order of dates holds for imports too."""
    assert "reply: 2026-01-01 lies before" in refusals_of(REPLIES, r={"body": "Dank", "at": "2026-01-01"})[0]


def test_a_date_without_a_reply_is_no_reply():
    """A reply whose words aren't in the file can't be shown."""
    assert one_review(REPLIES, r={"body": " ", "at": "2026-01-03"}).replies == ()


@pytest.mark.parametrize(
    "change, reason",
    [
        (
            {"text": "a" * (limits.TEXT + 1)},
            "text: 20,001 characters; at most 20,000 are possible: shorten it [too-long]",
        ),
        ({"by": "a" * (limits.LINE + 1)}, "author: 201 characters"),
        ({"id": "a" * (limits.LINE + 1)}, "id: 201 characters"),
        ({"text": "a\x00b"}, "text: holds control character U+0000; delete it [control-character]"),
        ({"text": "a\x81b"}, "text: holds control character U+0081; delete it [control-character]"),
        ({"text": "a\uffffb"}, "text: holds control character U+FFFF"),
    ],
)
def test_what_content_would_refuse_is_refused(change, reason):
    """The rules of content hold for imports, and nothing is cut to fit."""
    assert reason in refusals_of(**change)[0]


def test_every_fault_of_a_row_is_told():
    """Two faults in one row are two lines and one refused row."""
    assert len(refusals_of(by="a" * 201, text="b" * 20_001)) == 2


def test_languages_are_written_as_the_standard_does():
    """`nl_NL` is `nl-NL`; a row without one takes the map's; what isn't a code is refused."""
    text = MAP.replace("by,", "by, language: l,") + "language: de\n"
    assert one_review(text, l="NL_be").language == "nl-be"
    assert one_review(text, l=None).language == "de"
    assert "[language]" in refusals_of(text, l="Nederlands!")[0]


def test_entities_are_decoded_once_and_only_where_the_map_says():
    """`&amp;lt;` is the text `&lt;`, and without `html: true` it is itself."""
    assert one_review(MAP + "html: true\n", text="a &amp;lt; b").text == "a &lt; b"
    assert one_review(text="a &amp; b").text == "a &amp; b"


def test_a_title_that_repeats_the_text_is_dropped_and_counted():
    """Platforms without titles make them from the text."""
    text = MAP.replace("by,", "by, title: t,")
    batch = batch_of({**ROW, "text": "Snel en goed", "t": "Snel en…"}, text=text)
    (review,) = batch.shops["winkel"].values()
    assert review.title is None
    assert batch.repaired == {"repeated-title": 1}


def test_repairs_of_refused_rows_are_not_counted():
    """The report counts what came in."""
    assert batch_of({**ROW, "text": " x ", "day": "?"}).repaired == {}


def test_refusals_are_bounded_and_still_counted():
    """A file of nothing but faults is counted to its end without keeping every reason."""
    batch = batch_of(data=b"{\n" * (limits.FAULTS_SHOWN + 500))
    assert batch.refused == batch.read == limits.FAULTS_SHOWN + 500
    assert len(batch.refusals) == limits.FAULTS_SHOWN
