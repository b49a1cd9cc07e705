"""Content that was made to do harm, or was harmed on its way: it is refused with a diagnostic, or read; never more.

What is tested here: bytes, YAML, texts and folders. Logos have a file of their own.
"""

import os
import random
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import load_all
from strategies import LAWS, NOW, SITE, ZONE, as_yaml, document, reviews, shops, texts
from vijf import limits
from vijf.content.events import parse, parse_items
from vijf.content.fields import Reading
from vijf.content.nodes import Faults, decode_utf8
from vijf.content.pages import read_page
from vijf.content.review import REVIEW
from vijf.content.shop import SHOP
from vijf.content.site import SITE as SITE_RECORD
from vijf.errors import Diagnostic

SITE_YAML = as_yaml(document(SITE), block=True)
SHOP_YAML = "name: De Ketting\nurl: https://deketting.example\n"
REVIEW_YAML = "- id: a\n  received: 2026-11-01\n  published: 2026-11-02\n  rating: 8\n"


def read_reviews(data):
    """The reviews in `data` and the faults found, as the loader reads them."""
    faults = Faults("f.yaml")
    reading = Reading(faults, ZONE, NOW)
    return [REVIEW.decode(node, reading) for node in parse_items(data, faults)], faults.found


def read_shop(data):
    """The values of a shop, or None, and the faults found."""
    faults = Faults("f.yaml")
    node = parse(data, faults)
    if node is None and not faults.found:
        faults.add_at(1, 1, "empty", "the file is empty")
    return (None if node is None else SHOP.decode(node, Reading(faults, ZONE, NOW))), faults.found


def codes(found):
    return [fault.code for fault in found]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b"{a: " * 200_000,
        b"{" * 200_000,
        b"- " * 200_000,
        b"? " * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
    ],
    ids=["[", "{a:", "{", "-", "?", "[...]"],
)
def test_deep_nesting_on_one_line_is_refused(data):
    """Two hundred thousand brackets, dashes or question marks are a fault, not a crash."""
    for found in (read_shop(data)[1], read_reviews(data)[1]):
        assert set(codes(found)) <= {"too-deep", "yaml-syntax"}
        assert found


def test_deep_block_nesting_is_refused():
    """So are two thousand levels of indented mappings; the place named is where the limit is passed."""
    data = "".join(f"{' ' * depth}a:\n" for depth in range(2000)).encode()
    _, found = read_shop(data)
    assert codes(found) == ["too-deep"]
    assert found[0].span.line == limits.DEPTH + 1


def test_nesting_as_deep_as_allowed_is_read():
    """The limit itself isn't refused: one level less than `too-deep` parses."""
    faults = Faults("f")
    assert parse(b"[" * limits.DEPTH + b"]" * limits.DEPTH, faults) is not None
    assert not faults.found
    assert parse(b"[" * (limits.DEPTH + 1) + b"]" * (limits.DEPTH + 1), faults) is None
    assert codes(faults.found) == ["too-deep"]


def test_billion_laughs_is_refused_without_laughing():
    """Aliases of aliases are refused where they stand, never filled in."""
    laughs = ["a0: &a0 ha"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    _, found = read_shop("\n".join(laughs).encode())
    assert {"anchor", "alias"} <= set(codes(found))
    assert codes(found).count("alias") == 90


def test_anchor_on_a_list_of_reviews_is_called_an_anchor():
    """An anchor on the outermost list is refused as that, and as nothing else."""
    _, found = read_reviews(b"&all\n" + REVIEW_YAML.encode())
    assert codes(found) == ["anchor"]


def test_tag_on_a_list_of_reviews_is_called_a_tag():
    """A tag on the outermost list is refused as that, and as nothing else."""
    _, found = read_reviews(b"!!seq\n" + REVIEW_YAML.encode())
    assert codes(found) == ["tag"]


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_huge_scalar_is_refused_by_its_length(quote):
    """A text of millions of characters is too long, and the message stays short."""
    _, found = read_shop(f"name: {quote}{'x' * 4_000_000}{quote}\nurl: https://x.example\n".encode())
    assert codes(found) == ["too-long"]
    assert len(str(found[0])) < 300


def test_huge_key_number_and_date_make_short_messages():
    """Nothing that is repeated in a message makes it long."""
    long = "9" * 100_000
    _, found = read_reviews(
        f'- id: "{long}"\n  received: "{long}"\n  published: {long}\n  rating: {long}\n  language: "{long}"\n'
        f"  ? {'k' * 900}\n  : 1\n  collected: {'i' * 5000}\n  aspects: {{{'a' * 900}: 8}}\n".encode()
    )
    assert len(found) == 8
    assert max(len(fault.message) for fault in found) < 500


def test_ten_thousand_faults_are_cut():
    """A file of faults doesn't fill the memory or the screen: the last one kept says that there are more."""
    _, found = read_reviews(b"- {x: 1, y: 2}\n" * 10_000)
    assert len(found) == limits.FAULTS_SHOWN + 1
    assert codes(found)[-1] == "more-faults"


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\x7f", "\x9b", "\ufffe", "\uffff"])
def test_character_that_cannot_be_seen_is_refused(text):
    """NUL, escape sequences and non-characters are refused as such and as an escape, and no message repeats them."""
    for data in (f"name: a{text}\nurl: https://x.example\n", f"name: {as_yaml('a' + text)}url: https://x.example\n"):
        values, found = read_shop(data.encode())
        assert values is None
        assert codes(found) == ["control-character"]
        assert text not in str(found[0])


@pytest.mark.parametrize("escape", [r"\0", r"\u0007", r"\e", r"\x7f", r"\N", r"\ufffe", r"\uffff"])
@pytest.mark.parametrize(
    "field", ["url: ", "also: [", "contact: {page: ", "contact: {email: ", "contact: {phone: ", "category: "]
)
def test_no_field_takes_a_character_that_cannot_be_seen(field, escape):
    """Escapes don't bring control characters into addresses or anything else that ends in XML and HTML."""
    value = {"contact: {email: ": f"a{escape}@x.example", "contact: {phone: ": f"020{escape}0000"}.get(
        field, f"https://x.example/a{escape}b"
    )
    closing = {"[": "]", "{": "}"}.get(next((c for c in field if c in "[{"), ""), "")
    name = "" if field == "url: " else "url: https://x.example\n"
    _, found = read_shop(f'name: x\n{name}{field}"{value}"{closing}\n'.encode())
    assert len(found) == 1


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\ud83d\ude00", r"\U0000d800", r"\U00110000"])
def test_lone_surrogates_and_numbers_beyond_unicode_are_refused(escape):
    """What is no character can't be brought in by an escape; pairs of surrogates aren't YAML either."""
    _, found = read_shop(f'name: "{escape}"\nurl: https://x.example\n'.encode())
    assert codes(found) == ["yaml-syntax"]


@pytest.mark.parametrize("mark", ["\ufeff".encode(), b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_byte_order_marks(mark):
    """UTF-8's own mark is skipped; other encodings are refused with their place, not guessed."""
    _, found = read_shop(mark + SHOP_YAML.encode())
    if mark == "\ufeff".encode():
        assert not found
    else:
        assert codes(found) == ["encoding"]
        assert found[0].span.line == 1


def test_byte_order_mark_before_a_page_is_skipped():
    """A page that an editor saved with UTF-8's mark is the same page."""
    page = b"---\ntitle: Over ons\n---\nTekst\n"
    reading = Reading(Faults("f"), ZONE, NOW)
    assert read_page("about", "nl", "\ufeff".encode() + page, reading) == read_page("about", "nl", page, reading)
    assert not reading.faults.found


def test_utf_16_is_refused():
    """A whole file in UTF-16, as some editors save it, is refused in both byte orders, with and without its mark."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        values, found = read_shop(SHOP_YAML.encode(encoding))
        assert values is None
        assert codes(found)[0] in ("encoding", "control-character")


def test_windows_line_ends_change_nothing():
    """A file with CRLF gives the same reviews as with LF, and texts hold line feeds only."""
    data = REVIEW_YAML + "  text: |\n    Een.\n\n    Twee.\n"
    plain, with_crlf = read_reviews(data.encode()), read_reviews(data.replace("\n", "\r\n").encode())
    assert plain == with_crlf
    assert plain[0][0].text == "Een.\n\nTwee."


def test_windows_line_ends_change_no_page():
    """A Markdown page with CRLF is the page with LF."""
    page = b"---\ntitle: Over ons\n---\n\nEen.\n\nTwee.\n"
    reading = Reading(Faults("f"), ZONE, NOW)
    assert read_page("about", "nl", page, reading) == read_page("about", "nl", page.replace(b"\n", b"\r\n"), reading)
    assert not reading.faults.found


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_foreign_line_separators_make_no_new_keys(separator):
    """NEL, LS and PS in quotes stay within their value, so nobody can smuggle a key past a reader."""
    data = f'- id: a\n  received: 2026-11-01\n  published: 2026-11-02\n  text: "x{separator}  rating: 10"\n'
    [review], found = read_reviews(data.encode())
    assert not found
    assert review.rating is None
    assert "rating: 10" in review.text


def test_norway_stays_a_country():
    """`NO`, `no`, `on`, `y` and sexagesimal times are texts, whatever YAML 1.1 thought of them."""
    values, found = read_shop((SHOP_YAML + "contact: {address: {country: NO, city: on, street: y}}\n").encode())
    assert not found
    address = values["contact"].address
    assert (address.country, address.city, address.street) == ("NO", "on", "y")


def test_every_plane_of_unicode_is_text():
    """A text may hold any character that is one, from each plane, combining and right-to-left ones too."""
    planes = "".join(chr(plane * 0x10000 + offset) for plane in range(17) for offset in (0x0AE, 0x5D0, 0xFD00, 0xFFF0))
    text = "a" + planes + "e\u0301\u202eb\u200d\ufeffz"
    data = REVIEW_YAML + f"  text: '{text}'\n"
    [review], found = read_reviews(data.encode())
    assert not found
    assert review.text == text


@settings(LAWS, max_examples=150)
@given(texts, st.booleans())
def test_texts_come_back_as_written(text, block):
    """What a customer wrote is what is published, character for character."""
    data = as_yaml([{"id": "a", "received": "2026-11-01", "published": "2026-11-02", "text": text}], block=block)
    [review], found = read_reviews(data.encode())
    assert not found
    assert review.text == text


def _good_documents():
    """Some good files of each kind, as bytes: (how it is read, bytes)."""
    found = []

    @settings(LAWS, max_examples=12)
    @given(reviews(), shops(), st.booleans())
    def collect(review, shop, block):
        found.append((read_reviews, as_yaml([document(review)], block=block).encode()))
        found.append((read_shop, as_yaml(document(shop), block=block).encode()))

    collect()
    return found


def _mutate(chance, data):
    """`data` with one to four bytes changed, cut, doubled or put in."""
    mutated = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutated) + 1)
        piece = bytes(
            chance.choice(b"\x00\t\n\r -:#[]{}&*!|>'\"%@`?,\x7f\x80\xbf\xc2\xe2\xed\xf0\xff09aZ") for _ in range(2)
        )
        change = chance.randrange(4)
        if change == 0:
            mutated[at : at + 1] = piece[:1]
        elif change == 1:
            mutated[at:at] = piece
        elif change == 2:
            del mutated[at : at + chance.randint(1, 20)]
        else:
            mutated[at:at] = mutated[at : at + chance.randint(1, 40)]
    return bytes(mutated)


def check_mutations(times):
    """Read `times` mutated documents; each gives values or diagnostics that stand in the file and can be printed."""
    chance = random.Random("mutations")  # noqa: S311  # the same damage in each run
    good = _good_documents()
    refused = 0
    for _ in range(times):
        read, data = chance.choice(good)
        data = _mutate(chance, data)
        values, found = read(data)
        refused += bool(found)
        for fault in found:
            assert isinstance(fault, Diagnostic)
            assert 1 <= fault.span.line <= data.count(b"\n") + data.count(b"\r") + len(data) + 2
            assert fault.span.column >= 1
            assert str(fault).isprintable()
        assert found or values is not None
    assert times // 4 < refused < times


def test_damaged_files_give_diagnostics_or_values():
    """Thousands of random damages to good files never raise; a fault has a place and a printable message."""
    check_mutations(20_000)


@pytest.mark.slow
def test_many_damaged_files_give_diagnostics_or_values():
    """The same for a hundred times as many."""
    check_mutations(400_000)


def test_damaged_pages_give_diagnostics_or_values():
    """Random damages to a Markdown page never raise."""
    chance = random.Random("pages")  # noqa: S311  # the same damage in each run
    good = "---\ntitle: Over ons\ndescription: 'x'\n---\n\n# Één\n\n[a](b)\n".encode()
    for _ in range(1500):
        reading = Reading(Faults("f.md"), ZONE, NOW)
        page = read_page("about", "nl", _mutate(chance, good), reading)
        assert page is not None or reading.faults.found
        assert all(str(fault).isprintable() for fault in reading.faults.found)


@settings(LAWS, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    """Whatever the bytes: a site, or a fault; never both nothing and silence, but for an empty file."""
    faults = Faults("f")
    node = parse(data, faults)
    if node is not None:
        assert SITE_RECORD.decode(node, Reading(faults, ZONE, NOW)) is None
    assert faults.found or node is None


@settings(LAWS, max_examples=200)
@given(st.text(max_size=30), st.integers(0, 30), st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5", b"\x80"]))
def test_place_of_a_bad_byte_is_exact(text, at, bad):
    """A byte that isn't UTF-8 is named by its line and by its column in characters."""
    good = text[:at].encode("utf-8", "replace")
    # A mark at the very start isn't a column.
    before = good.decode().removeprefix("\ufeff")
    faults = Faults("f")
    assert decode_utf8(good + bad + b"(", faults) is None
    [fault] = faults.found
    assert fault.span.line == before.count("\n") + 1
    if good.decode() == before:
        assert fault.span.column == len(before.rpartition("\n")[2]) + 1


# --- folders ---------------------------------------------------------------------------------------------------


@pytest.fixture
def content(tmp_path):
    """A small sound content folder with a shop `a`."""
    root = tmp_path / "content"
    (root / "shops/a/reviews").mkdir(parents=True)
    (root / "pages").mkdir()
    (root / "static").mkdir()
    (root / "site.yaml").write_text(SITE_YAML, encoding="utf-8")
    (root / "shops/a/shop.yaml").write_text(SHOP_YAML, encoding="utf-8")
    (root / "shops/a/reviews/x.yaml").write_text(REVIEW_YAML, encoding="utf-8")
    return root


class _HangsError(Exception):
    pass


@pytest.fixture
def no_hanging():
    """Turns waiting for ever into a failure."""

    def hangs(*_):
        raise _HangsError

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(3)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_the_sound_folder_is_sound(content):
    """What the other tests of folders break is read without fault as it is."""
    assert load_all(content)[0] == []


PLACES = (
    *("pages/about.en.md", "static/x", "shops/a/shop.yaml", "shops/a/logo.png", "shops/a/logo.jpg"),
    *("shops/a/reviews/y.yaml", "shops/x", "pages", "shops/a/reviews", "x"),
)


def _clear(path):
    if path.is_dir():
        path.rename(path.parents[1].with_name(f"was-{path.name}") if path.name == "pages" else path.with_name(".was"))
    elif path.exists():
        path.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs")
@pytest.mark.usefixtures("no_hanging")
@pytest.mark.parametrize("place", PLACES)
def test_fifo_is_refused_and_not_waited_for(content, place):
    """A FIFO in place of any file or folder is a fault; nothing waits for somebody to write into it."""
    _clear(content / place)
    os.mkfifo(content / place)
    found, _ = load_all(content)
    assert [(d.span.file, d.code) for d in found if d.code in ("unexpected-file", "missing-file")]


@pytest.mark.parametrize(
    "place", ["pages/about.en.md", "shops/a/shop.yaml", "shops/a/logo.png", "shops/a/reviews/y.yaml"]
)
def test_folder_in_place_of_a_file_is_refused(content, place):
    """A folder where a file belongs is a fault of the content, not a failure of the machine."""
    _clear(content / place)
    (content / place).mkdir()
    found, _ = load_all(content)
    assert {d.code for d in found} <= {"unexpected-file", "missing-file"}
    assert found


@pytest.mark.parametrize("target", ["absolute", "relative", "through a link", "null device"])
@pytest.mark.parametrize("place", PLACES)
def test_link_out_of_the_folder_is_refused_and_not_followed(content, tmp_path, place, target):
    """A link that leaves the folder is a fault, by whatever way it leaves, and nothing behind it is used."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(REVIEW_YAML.replace("id: a", "id: secret"), encoding="utf-8")
    _clear(content / place)
    if target == "null device":
        (content / place).symlink_to("/dev/null")
    elif target == "through a link":
        (content / ".inner").symlink_to(outside)
        (content / place).symlink_to(content / ".inner/secret.yaml")
    elif target == "relative":
        (content / place).symlink_to(os.path.relpath(outside / "secret.yaml", (content / place).parent))
    else:
        (content / place).symlink_to(outside)
    found, loaded = load_all(content)
    assert (f"{content}/{place}", "symlink") in {(d.span.file, d.code) for d in found} or place == "shops/a/shop.yaml"
    assert found
    assert not any(review.id == "secret" for shop in loaded.values() for review in shop.reviews)


def test_site_yaml_that_is_a_link_out_of_the_folder_is_not_read(content, tmp_path):
    """Not even the site's own file is read through a link that leaves."""
    outside = tmp_path / "elsewhere.yaml"
    outside.write_text("secret: words\n", encoding="utf-8")
    (content / "site.yaml").unlink()
    (content / "site.yaml").symlink_to(outside)
    found, _ = load_all(content)
    assert codes(found) == ["symlink"]


def test_links_that_turn_in_a_circle_end(content):
    """A link to itself, to each other, or to a folder above it ends in a fault or is read once."""
    (content / "static/self").symlink_to("self")
    (content / "static/one").symlink_to("two")
    (content / "static/two").symlink_to("one")
    (content / "static/up").symlink_to("..")
    (content / "shops/a/reviews/again").symlink_to("../reviews")
    found, _ = load_all(content)
    assert sorted(codes(found)) == ["symlink"] * 4 + ["unexpected-file"]


def test_content_folder_may_itself_be_a_link(content, tmp_path):
    """The folder that the operator names may be a link; what is in it is still inside."""
    (tmp_path / "link").symlink_to(content)
    (content / "shops/a/reviews/y.yaml").symlink_to("../../../shared.yaml")
    (content / "shared.yaml").write_text("[]\n", encoding="utf-8")
    found, _ = load_all(tmp_path / "link")
    assert codes(found) == ["unexpected-file"]  # the shared file itself has no place in the root


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such names")
@pytest.mark.parametrize("place", ["shops", "pages", "static", "shops/a", "shops/a/reviews"])
def test_file_name_that_is_not_text_can_be_reported(content, place):
    """A name of bytes that aren't UTF-8, or with a line feed, is refused with a message that can be printed."""
    Path(os.fsdecode(bytes(content / place) + b"/caf\xe9\n")).write_text("x", encoding="utf-8")
    found, _ = load_all(content)
    assert len(found) == 1
    str(found[0]).encode()
    assert "\n" not in str(found[0])
