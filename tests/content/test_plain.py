"""Whatever the short way of reading takes, libyaml takes too and makes the same of it.

The documents come from three sides: lines that say something, put together in and around the subset; signs in any
order; and good files with a few bytes changed. What is compared is everything but the places, which it doesn't know.
"""

import random
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from loading import load_all
from strategies import LAWS, NOW, SITE, ZONE, as_yaml, document, reviews, shops
from vijf import limits
from vijf.content import plain, straight
from vijf.content.events import parse, parse_items
from vijf.content.fields import Many, Reading, Record
from vijf.content.files import Folder, find, shop_files
from vijf.content.load import Loaded, ShopNames, _placed_reviews, _sound_reviews, load_names, load_shop, load_site
from vijf.content.nodes import Faults, Mapping, Scalar
from vijf.content.review import REVIEW
from vijf.importers.emit import reviews_yaml, shop_yaml
from vijf.model import Review

CONTENT = Path(__file__).parents[2] / "content"


def bare(node):
    """All that a value says, but for its place."""
    if isinstance(node, Scalar):
        return node.text, node.plain
    if isinstance(node, Mapping):
        return [(bare(key), bare(value)) for key, value in node.entries.values()]
    return "list", [bare(item) for item in node.items]


class Anything(Record):
    """A record that has every key and leaves its values as they are; some may be lists of such records."""

    def __init__(self):
        super().__init__({}, None)
        self.fields = self

    def get(self, key):
        return ANYTHINGS if key in "acl" else self

    def __getitem__(self, key):
        return self.get(key)

    def decode(self, node, reading):  # noqa: ARG002
        return bare(node)

    def from_values(self, values, reading):  # noqa: ARG002
        lists = {key: type(value) is tuple and type(value[0]) is not str for key, value in values.items()}
        return [((key, True), ("list", list(value)) if lists[key] else value) for key, value in values.items()]


class Anythings(Many):
    """A list of them, if it is one."""

    def decode(self, node, reading):
        return self.item.decode(node, reading)


ANYTHING = Anything()
ANYTHINGS = Anythings(ANYTHING, 1000)


def quick_items(data):
    """What the short way makes of a file that is a list, up to where it is unsure; and whether it came to the end."""
    found = []
    try:
        for value in straight.items(data, ANYTHING, Reading(Faults("f"), ZONE, NOW)):
            found.append(value)  # noqa: PERF402  # those before `Unsure` are wanted
    except plain.Unsure:
        return found, False
    return found, True


def takes(data):
    """Whether the short way takes a file as a list, and as a document."""
    try:
        plain.document(data)
    except plain.Unsure:
        return quick_items(data)[1], False
    return quick_items(data)[1], True


def check(data):
    """Hold both ways against each other; gives how much of the file the short way took."""
    found, whole = quick_items(data)
    faults = Faults("f")
    wanted = [bare(node) for node in parse_items(data, faults)] if found or whole else []
    assert found == (wanted if whole else wanted[: len(found)]), data
    assert not (whole and faults.found), data
    try:
        node = bare(plain.document(data))
    except plain.Unsure:
        return whole or bool(found)
    faults = Faults("f")
    assert node == bare(parse(data, faults)), data
    assert not faults.found, data
    return True


# --- lines, in and around the subset --------------------------------------------------------------------------------


def table(text):
    """The entries of a table: what stands between ` ; ` and ends of lines, `_` for a space at its edges."""
    entries = (entry for line in text.strip("\n").split("\n") for entry in line.split(" ; "))
    return [re.sub("^_+|_+$", lambda match: " " * len(match.group()), entry) for entry in entries]


KEYS = st.sampled_from(
    table("""
a ; b ; id ; text ; nl ; pt-BR ; 9 ; x_1 ; a b ; é ; "q" ; 'q' ; ? ; - ; << ; ~ ; null ; -a ; a- ; a:b ; a.b
*a ; &a ; !a ; [a] ; {a} ; #a ; a# ; ? a ; - a ; %a ; @a
""")
    + [count * "k" for count in (64, 65, 1025)]
)
WORDS = table(r"""
x ; x y ; 8 ; 8.5 ; 2026-11-03 ; 2026-11-03T08:00:00Z ; true ; null ; ~ ; https://a.example/b?c=d#e ; 🚲 é 日本
a: b ; a :b ; a : ; a: ; a #b ; a# b ; a  #b ; #a ; # a ; a, b ; a] ; a} ; [a ; {a ; - ; -1 ; - a ; a_ ; _a ; _a  # c
? ; ?a ; ? a ; : ; :a ; : a ; &a ; &a b ; *a ; !a b ; !!str a ; %a ; @a ; `a ; |a ; >a ; = ; << ; ... ; ---
'a' ; 'a''b' ; 'a ; 'a' b ; 'a' #b ; 'a'#b ; 'a': ; 'a': b ; '' ; ''' ; '''' ; a 'b' "c" ; O'Hara ; a\nb
"a" ; "a ; "a" b ; "a" # b ; "a"#b ; "a": b ; "" ; "\n\t\"\\\/" ; "\u00e9\u2028" ; "\ud83d\ude00" ; "\x41\N\e\0"
"\q" ; "\" ; "\u00e" ; [] ; {} ; [ ] ; { } ; [a] ; [a, b] ; [a,b] ; [a, ] ; [,] ; [a: b] ; [a b: c] ; [[a], {b: c}]
[[[a]]] ; {a: b} ; {a: b, c: 'd', e: "f"} ; { a: b , c: d } ; {a:b} ; {a: } ; {a} ; {a, b} ; {a: b, a: c} ; {a: b,}
{"a": b} ; {"a":b} ; {? a: b} ; {a: b} # c ; {a: b}# c ; {a: b} c ; {a: {b: [c, d]}} ; {a: b] ; [a} ; {a: http://b}
{a: b:c} ; {a: b: c} ; {a: b::c} ; {a: b?c} ; {a: b #c} ; {a: b'c} ; {a: &b c} ; {a: -b} ; {a: 2026-11-03T08:00:00Z}
{a: b # c} ; [a # b] ; [#a] ; [a:b, c] ; [a:] ; {a: b"c"} ; ['a'b] ; ["a""b"] ; [a'] ; {a: 'b'c: d}
| ; |- ; |+ ; > ; >- ; |2 ; |-2 ; |__ ; | # c ; |#c ; |-  # c ; | c
""")
VALUES = st.one_of(
    st.sampled_from(["", "a\tb", "\ta", "a\t", "{a: b\tc}", "{a:\tb}", "[a\t]", "y" * 1100, f'"{"y" * 1100}"', "a\rb"]),
    st.sampled_from(["\x85", "a\x85b", "a\u2028b", "a\u2029", "\ufeff", "a\ufeffb", "\xa0", "a\xa0", "\x7f", "\x1b"]),
    st.sampled_from(WORDS),
    st.text("ab0 :#-?,[]{}&*!|>'\"%@`\\~=<.\té", max_size=8),
)
FORMS = st.sampled_from(
    table("""
- {v} ; - {v} ; {v} ; {v} ; {k}: ; - {k}: ; {k}:  {v} ; -  {k}: {v} ; - - {v} ; {k}:{v} ; {k} : {v} ; -{v} ; - ; ? {k}
: {v} ; {k}: # c ; - # c ; {k}: | ; {k}: |- ; {k}: {v} # c ; --- ; --- {v} ; ... ; %YAML 1.2 ; {k}: {k}: {v}
""")
    + ["# {v}", "", "-\t{v}"]
    + ["{k}: {v}"] * 6
    + ["- {k}: {v}"] * 4
)
LINE = st.builds(
    lambda indent, form, key, value, end: f"{' ' * indent}{form.format(k=key, v=value)}{end}",
    st.sampled_from([0] * 6 + [2] * 8 + [4] * 5 + [1, 3, 5, 6, 6, 8]),
    FORMS,
    KEYS,
    VALUES,
    st.sampled_from(["\n"] * 20 + ["", " \n", "\n\n", "\n  \n", "\r\n", "\r", "\t\n", "\x85", "\u2028"]),
)
# The same, but with less that is refused, so that what is behind it is reached.
SIMPLE = st.builds(
    lambda indent, form, key, value: f"{' ' * indent}{form.format(k=key, v=value)}\n",
    st.sampled_from([0, 0, 2, 2, 2, 4, 4, 6]),
    st.sampled_from(
        ["{k}: {v}"] * 4 + ["- {k}: {v}", "- {v}", "{k}:", "- {k}:", "{k}: |", "{k}: |-", "# c", "", "{v}"]
    ),
    st.sampled_from("abcdefgh"),
    st.sampled_from(
        ["x", "x y", "'a''b'", '"a"', r'"\n"', "[a, b]", "{a: b, c: d}", "[]", "8", "a:b", "a#b", "x  # c"]
    ),
)
START = st.sampled_from([""] * 20 + ["# head\n", "\n", "\ufeff", " ", "\t", "---\n", "[]\n", "{}\n"])


PLACES = (
    "a: {}\n",
    "- {}\n",
    "- a: {}\n  b: x\n",
    "a:\n  {}\n",
    "a: {}\n# c\nb: x\n",
    "a: {{b: {}}}\n",
    "a: [{}, c]\n",
)


@pytest.mark.parametrize("place", PLACES)
def test_each_form_of_a_value_is_read_as_libyaml_reads_it(place):
    """Every value of the table, in every place where one may stand."""
    for value in WORDS:
        check(place.format(value).encode())


@settings(LAWS, max_examples=1500)
@given(START, st.lists(LINE, min_size=1, max_size=6))
def test_lines_of_any_kind_are_read_as_libyaml_reads_them(start, lines):
    """Lines in and around the subset: what is taken is what libyaml gives, and nothing that it refuses is taken."""
    event(f"taken: {check((start + ''.join(lines)).encode())}")


@settings(LAWS, max_examples=1500)
@given(START, st.lists(SIMPLE, min_size=1, max_size=12))
@example("", ["a:\n", "  b: x\n", "- c\n"])
@example("", ["a: x\n", "  y\n"])
@example("", ["- a: x\n", "b: y\n"])
@example("", ["a: |\n", "    x\n", "  # c\n", "b: y\n"])
@example("", ["a: |\n", "\n", "  x\n"])
@example("", ["a: |\n", "  \tx\n"])
@example("", ["a: |\n", "  x\n", "  \ty\n", "\t\n", "b: z\n"])
@example("", ["a: |-\n", "   x\n", "     \n", "  \n", " # c\n", "b: z\n"])
@example("", ["a:\n", "- b\n", "c:\n", "  - d\n", "  e: f\n"])
@example("", ["- a:\n", "  - b: c\n", "    d: e\n", "  f: g\n", "- h\n"])
def test_lines_that_fit_are_read_as_libyaml_reads_them(start, lines):
    """Lines that are all in the subset by themselves, at all depths and in any order."""
    event(f"taken: {check((start + ''.join(lines)).encode())}")


@settings(LAWS, max_examples=1500)
@given(st.text("ab1 :#-?,[]{}&*!|>'\"%@`\\~\n\n  é\t", max_size=40))
def test_signs_in_any_order_are_read_as_libyaml_reads_them(text):
    """Any signs that mean something in YAML."""
    check(f"{text}\n".encode())
    check(f"- a: {text}\n".encode())


# --- files that were good -------------------------------------------------------------------------------------------

PIECES = [
    *("\n", "\n\n", "|-\n", "\t", "\r\n", "\x85", "\u2028", "\ufeff", "\xa0", "k" * 1100, "\n  a: b", "\n- a"),
    *("\n - a", "\n# c\n", "\n   # c\n", "\n    ", "a:\n"),
    *table("""
__ ; -_ ; :_ ; _# ; " ; ' ; | ; { ; } ; [ ; ] ; ,_ ; &a_ ; *a ; !t_ ; ?_ ; \\ ; --- ; ---_ ; ... ; é ; 🚲 ; ~ ; a: b
'' ; {} ; _-_ ; 0 ; a : b ; {a: 1} ; [a, b]
"""),
]


def damaged(chance, data):
    """`data` with some bytes or lines changed, more often than not near the ends of lines."""
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(data) + 1)
        if chance.random() < 0.4:
            at = data.find(b"\n", at) + chance.randrange(6)
        change = chance.randrange(5)
        if change == 0:
            data[at : at + 1] = chance.choice(PIECES).encode()
        elif change == 1:
            data[at:at] = chance.choice(PIECES).encode()
        elif change == 2:
            del data[at : at + chance.choice((1, 1, 2, 3, 8))]
        elif change == 3:
            data[at:at] = data[at : at + chance.randint(1, 60)]
        else:
            lines = bytes(data).split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one] = chance.choice((lines[two], b" " * chance.randint(1, 4) + lines[one], lines[one][2:]))
            data = bytearray(b"\n".join(lines))
    return bytes(data)


def check_damaged(seed, times):
    """Damage pieces of the demo's files `times` times; some must still be taken, and some not."""
    chance = random.Random(seed)  # noqa: S311  # the same damage in each run
    files = [path.read_bytes() for path in sorted(CONTENT.rglob("*.yaml"))]
    taken = 0
    for _ in range(times):
        data = chance.choice(files)
        start = data.find(b"\n- ", chance.randrange(len(data))) + 1
        end = data.find(b"\n", start + chance.randint(20, 500)) + 1
        taken += check(damaged(chance, data[start:end]))
    assert times // 20 < taken < times


def test_damaged_files_are_read_as_libyaml_reads_them():
    """Thousands of pieces of the demo's files with something wrong in them."""
    check_damaged("some", 8_000)


def test_damaged_files_in_parts_are_read_as_libyaml_reads_them(monkeypatch):
    """A long file is cut into parts between its entries; here after each entry."""
    monkeypatch.setattr(plain, "_PART", 1)
    check_damaged("parts", 8_000)


@pytest.mark.slow
def test_many_damaged_files_are_read_as_libyaml_reads_them():
    """The same for very many."""
    check_damaged("many", 400_000)


# --- what must be taken, or the short way is of no use --------------------------------------------------------------


def test_the_demo_is_taken():
    """Every file of the demo content is read the short way, so that it is what people start from."""
    refused = [
        path.relative_to(CONTENT).as_posix()
        for path in sorted(CONTENT.rglob("*.yaml"))
        if not takes(path.read_bytes())[path.parent.name != "reviews"]
    ]
    assert refused == []


@pytest.mark.parametrize("path", sorted(CONTENT.glob("shops/*/reviews/*.yaml")), ids=lambda path: path.stem)
def test_the_reviews_of_the_demo_need_no_libyaml(path):
    """Reviews with all that belongs to them, such as several replies, are made straight from their lines."""
    found = list(straight.items(path.read_bytes(), REVIEW, Reading(Faults("f"), ZONE, NOW)))
    assert {type(review) for review in found} == {Review}
    with pytest.raises(FrozenInstanceError):
        found[0].id = "x"


def test_an_entry_is_unsure_where_libyaml_sees_another_value():
    """Files that are no list of entries are left to libyaml, and so are entries in whose lists something is odd."""
    good = GOOD.format("x")
    odd = (
        "replies:\n    by: shop\n    text: a",
        "replies:\n    - by: shop\n      by: shop\n      text: a",
        "replies: a",
    )
    for text in ("# c\n", "[]\n", "a: b\n", "  a: b\n", " - a: b\n", *(f"{good}  {lines}\n" for lines in odd)):
        with pytest.raises(plain.Unsure):
            list(straight.items(text.encode(), REVIEW, Reading(Faults("f"), ZONE, NOW)))


@settings(LAWS, max_examples=80)
@given(st.lists(reviews(), min_size=1, max_size=3, unique_by=lambda review: review.id))
def test_what_an_import_writes_is_taken(found):
    """Files of reviews as `vijf import` writes them are read the short way, whatever the customers wrote."""
    data = reviews_yaml(found)
    texts = (part for review in found for part in (review.text, *(reply.text for reply in review.replies)) if part)
    if any(char in data.decode() for char in "\x85\u2028\u2029\ufeff") or any(text[0] == "\t" for text in texts):
        return
    assert quick_items(data)[1]
    check(data)


def test_a_shop_that_an_import_writes_is_taken():
    """The `shop.yaml` of a new shop is read the short way."""
    assert takes(shop_yaml('1001 Auto\'s: "107"', "https://a.example"))[1]


@settings(LAWS, max_examples=80)
@given(reviews(), shops(), st.booleans())
def test_any_good_document_is_read_as_libyaml_reads_it(review, shop, block):
    """All that the format can say, written by another writer."""
    for value in ([document(review)], document(shop), document(SITE)):
        check(as_yaml(value, block=block).encode())


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_what_is_taken_is_never_deeper_than_allowed():
    """The deepest that is taken is within the limit; one deeper is left to libyaml."""
    flow = "[" * plain.FLOWS + "]" * plain.FLOWS

    def nested(depth):
        lines = ["- a:"] + [f"{'  ' * level}- a:" for level in range(1, depth + 1)]
        return ("\n".join(lines) + f" {flow}\n").encode()

    assert takes(nested(plain.BLOCKS)) == (True, False)
    assert check(nested(plain.BLOCKS))
    assert takes(nested(plain.BLOCKS + 1)) == (False, False)
    assert 2 * (plain.BLOCKS + 1) + plain.FLOWS <= limits.DEPTH


@pytest.mark.parametrize(
    "line",
    [
        *(f"a: {'b ' * 500_000}: c", f"a: x{' ' * 1_000_000}: c", f"a: '{chr(39) * 999_999}b"),
        f'a: "{chr(92) * 999_999}"',
        *(f"a: [{'b, ' * 300_000}", f"a: [{' ' * 1_000_000}", f"a: {{b: {'c ' * 500_000}#", f"{'a' * 1_000_000}: b"),
        *(f"a: x{' #' * 500_000}", f"{' ' * 1_000_000}a", f"a: [x{' ' * 1_000_000}#"),
    ],
    ids=lambda line: line[:8],
)  # fmt: skip
def test_long_lines_take_no_longer_than_their_length(line):
    """No line makes the scanner go back and forth: a million characters are read or refused at once."""
    takes(f"{line}\n".encode())


def test_values_of_equal_lines_are_not_changed_by_decoding():
    """Lines that say the same share their values, so decoding leaves these as they are."""
    data = (CONTENT / "shops/het-peertje/reviews/import-kiyoh.yaml").read_bytes()
    reading = Reading(Faults("f"), ZONE, NOW)
    before = [repr(review) for review in straight.items(data, REVIEW, reading)]
    assert [repr(review) for review in straight.items(data, REVIEW, reading)] == before
    assert [repr(REVIEW.decode(node, reading)) for node in parse_items(data, reading.faults)] == before


# --- the loader, which goes the short way first ---------------------------------------------------------------------


@pytest.mark.parametrize("slug", [path.name for path in sorted((CONTENT / "shops").iterdir())])
def test_both_ways_load_the_same_reviews(slug):
    """For each shop of the demo, the reviews read the short way are those read with their places."""
    folder = find(CONTENT)
    site, _ = load_site(folder, NOW)
    paths, _ = shop_files(folder, slug)
    short, placed = {}, {}
    reviews = _sound_reviews(folder, paths, site, NOW, short)
    assert reviews is not None
    assert reviews == _placed_reviews(folder, paths, site, NOW, placed)
    assert short == placed
    assert not folder.faults


GOOD = "- id: {}\n  received: 2026-01-01\n  published: 2026-01-02\n  rating: 8\n"


@pytest.fixture
def root(tmp_path):
    """A content folder with a shop `a` that has no reviews yet."""
    (tmp_path / "shops/a/reviews").mkdir(parents=True)
    (tmp_path / "site.yaml").write_text(as_yaml(document(SITE)), encoding="utf-8")
    (tmp_path / "shops/a/shop.yaml").write_text("name: A\nurl: https://a.example\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["one", "two"])
def test_a_fault_has_its_place_whichever_way_the_files_are_read(root, end, first):
    """An id that stands twice is told with both places, though one file is plain, the other not, and both are sound."""
    other = {"one": "two", "two": "one"}[first]
    reviews = root / "shops/a/reviews"
    (reviews / f"{first}.yaml").write_text(GOOD.format("x") + GOOD.format("y"), encoding="utf-8")
    (reviews / f"{other}.yaml").write_bytes(("# c\n" + GOOD.format("y")).replace("\n", end).encode())
    [fault] = load_all(root)[0]
    places = {first: f"{reviews}/{first}.yaml:5:7", other: f"{reviews}/{other}.yaml:2:7"}
    assert (str(fault.span), fault.code) == (places["two"], "duplicate-id")
    assert places["one"] in fault.message


def test_a_file_that_stops_being_plain_is_read_on_by_libyaml(root):
    """What comes before and behind a value that the short way doesn't know is all read, once and in order."""
    data = GOOD.format("a") + GOOD.format("b") + "  text: >\n    One\n    two\n" + GOOD.format("c")
    (root / "shops/a/reviews/x.yaml").write_text(data, encoding="utf-8")
    assert len(quick_items(data.encode())[0]) == 1
    found, loaded = load_all(root)
    assert not found
    assert sorted((review.id, review.text) for review in loaded["a"].reviews) == [
        ("a", None),
        ("b", "One two"),
        ("c", None),
    ]


def test_names_of_a_shop_are_those_that_it_is_loaded_with(root):
    """The addresses by which collisions are found are those of the shop itself; with faults in it there are none."""
    path = root / "shops/a/shop.yaml"
    text = "name: A\nurl: https://a.example\nformerly: [b, c]\nstatus: closed\nuntil: 2020-01-01\nmerged_into: d\n"
    folder = find(root)
    path.write_text(text, encoding="utf-8")
    assert load_names(folder, "a", SITE) == ShopNames("a", ("b", "c"), "d")
    path.write_text(text + "nmae: x\n", encoding="utf-8")
    assert load_names(folder, "a", SITE) == ShopNames("a")
    assert not folder.faults


@pytest.mark.parametrize(
    "text",
    [
        '"form\\u0065rly": [b]\nname: A\nurl: https://a.example\n',
        '? "form\\x65rly"\n: [b]\nname: A\nurl: https://a.example\n',
        "{name: A, url: https://a.example, formerly: [b]}\n",
        "name: A\nurl: https://a.example\n'formerly':\n- b\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16"])
def test_names_are_found_however_their_key_is_written(root, text, encoding):
    """Escapes and other encodings hide no address: what a shop is loaded with is known before it is."""
    (root / "shops/a/shop.yaml").write_bytes(text.encode(encoding))
    folder = find(root)
    loaded = load_shop(folder, "a", SITE, None)
    expected = ShopNames("a", loaded.content.shop.formerly) if isinstance(loaded, Loaded) else ShopNames("a")
    assert load_names(folder, "a", SITE) == expected
    assert expected.formerly or encoding != "utf-8"


@pytest.mark.parametrize("root", [".", "/", "a", "./a/", "../a", "/a/b"])
def test_paths_are_shown_with_the_folder_as_it_was_named(root):
    """A path in a message is the folder's name and the path below it, as pathlib joins them."""
    folder = Folder(Path(root))
    assert [folder.shown(path) for path in ("", "x", "x/y")] == [
        (Path(root) / path).as_posix() for path in ("", "x", "x/y")
    ]


def test_a_file_as_large_as_allowed_is_read(tmp_path):
    """The bound on bytes is the last size that is read; one more is a fault."""
    (tmp_path / "f").write_bytes(b"12345")
    folder = Folder(tmp_path)
    assert folder.read("f", 5) == b"12345"
    assert folder.read("f", 4) is None
    assert [fault.code for fault in folder.faults] == ["too-large"]
