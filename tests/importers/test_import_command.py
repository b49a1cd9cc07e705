"""`vijf import table`: what it writes, what it leaves alone, and what it says."""

import json

import pytest
import yaml
from importing import MAP, SITE, make_content, tree, vijf

ROW = {"id": "1", "mark": 8, "text": "Snel", "by": "A", "day": "2026-01-02"}
OTHER = {**ROW, "id": "2", "mark": 6.5, "day": "2026-01-01T10:00:00+01:00"}
FILE = "shops/winkel/reviews/import-kiyoh.yaml"


@pytest.fixture
def content(tmp_path):
    """A content folder with the shop `winkel`."""
    return make_content(tmp_path, "winkel")


@pytest.fixture
def run(tmp_path, content):
    """Import rows into it; gives the exit code, standard output and standard error."""

    def run(*rows, text=MAP + "shop: winkel\n", words=(), name="in.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
        return vijf("import", "table", tmp_path / name, "--map", tmp_path / "map.yaml", "--content", content, *words)

    return run


def report(run, *rows, **given):
    """What an import says as JSON, without its files."""
    given["words"] = (*given.get("words", ()), "--json")
    code, out, _ = run(*rows, **given)
    assert code == 0
    return json.loads(out)


def test_an_import_becomes_content_that_checks_and_stands_oldest_first(run, content):
    """What was imported is sound content, oldest first, and each review says where it is from."""
    code, out, err = run(ROW, OTHER)
    assert (code, err) == (0, "")
    assert "read 2 rows" in out
    assert "2 new, 0 unchanged, 0 changed" in out
    assert "don't count: `imports.count` in site.yaml doesn't name kiyoh" in out
    text = (content / FILE).read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    assert [review["origin"]["id"] for review in written] == ["2", "1"]
    assert "  published: 2026-01-01T09:00:00Z\n" in text
    assert {review["collected"] for review in written} == {"import"}
    assert vijf("check", "--content", content)[0] == 0


def test_importing_again_changes_nothing(run, content):
    """The same export leaves every byte and says so."""
    run(ROW, OTHER)
    before = tree(content), (content / FILE).stat().st_mtime_ns
    said = report(run, OTHER, ROW)
    assert (said["unchanged"], said["new"], said["changed"], said["written"]) == (2, 0, 0, [])
    assert (tree(content), (content / FILE).stat().st_mtime_ns) == before


def test_a_newer_export_changes_what_changed_and_keeps_what_it_lacks(run, content):
    """Changed reviews change, new ones come, and one that the export lacks stays: it may be a partial one."""
    run(ROW, OTHER)
    said = report(run, {**ROW, "text": "Traag"}, {**ROW, "id": "3"})
    assert [said[key] for key in ("new", "unchanged", "changed", "kept", "decided")] == [1, 0, 1, 1, 0]
    assert len(yaml.safe_load((content / FILE).read_text(encoding="utf-8"))) == 3


@pytest.mark.parametrize(
    "decision",
    [
        "removed: {date: 2026-02-01, ground: fake, by: operator}",
        "held: {since: 2026-02-01, until: 2026-02-10, ground: fake}",
    ],
)
def test_a_decision_survives_the_next_import(run, content, decision):
    """What was removed or put on hold here doesn't come back with the next export."""
    run(ROW)
    review = yaml.safe_load((content / FILE).read_text(encoding="utf-8"))[0]
    tombstone = f"- id: {review['id']}\n  received: 2026-01-02\n  published: 2026-01-02\n  {decision}\n"
    (content / FILE).write_text(tombstone, encoding="utf-8")
    said = report(run, ROW)
    assert (said["decided"], said["changed"], said["written"]) == (1, 0, [])
    assert (content / FILE).read_text(encoding="utf-8") == tombstone


def test_one_bad_row_stops_all(run, content):
    """Nothing is written when a row is refused; the fault has its line, and the exit code is 1."""
    before = tree(content)
    code, out, err = run(ROW, {**ROW, "id": "2", "day": "4 months ago"})
    assert code == 1
    assert "refused: 1\nnothing was written" in out
    assert ":2:1: published: `4 months ago` is no date" in err
    assert tree(content) == before


def test_bad_rows_can_be_skipped(run, content):
    """With --skip-bad-rows the others come in, and each that doesn't is told."""
    code, out, err = run(ROW, "{", words=["--skip-bad-rows"])
    assert code == 0
    assert "refused: 1" in out
    assert ":2:2: is not valid JSON" in err
    assert (content / FILE).exists()


def test_a_broken_csv_file_cannot_be_skipped_through(run, content):
    """Where quotes are broken, rows could be taken for others: nothing is written."""
    before = tree(content)
    rows = ["id,mark,text,by,day", "1,8,a,b,2026-01-02", '2,8,"a,b,2026-01-02']
    code, _, err = run(*rows, name="in.csv", words=["--skip-bad-rows"])
    assert code == 1
    assert "never closed" in err
    assert tree(content) == before


def test_a_dry_run_says_the_same_and_writes_nothing(run, content):
    """--dry-run reports what would happen."""
    before = tree(content)
    dry = report(run, ROW, words=["--dry-run"])
    assert tree(content) == before
    real = report(run, ROW)
    assert dry["written"] == []
    assert real["written"] == [FILE]
    assert {**dry, "written": 0} == {**real, "written": 0}


def test_json_says_what_the_text_says(run):
    """The machine's report has every count, repair and fault that people read."""
    said = report(run, ROW, ROW, {**ROW, "id": "2", "text": " x\r\ny "}, "[]", words=["--skip-bad-rows"])
    assert said["read"] == 4
    assert said["repeated"] == 1
    assert said["new"] == 2
    assert said["repaired"] == {"line-ends": 1, "white-space": 1}
    assert said["refused"] == 1
    assert [(fault["line"], fault["code"]) for fault in said["faults"]] == [(4, "row")]
    assert said["shops"] == {"winkel": {"new": 2, "unchanged": 0, "changed": 0, "decided": 0, "kept": 0}}


def test_a_new_shop_gets_its_file_and_a_known_one_keeps_it(run, content):
    """shop.yaml is written where there is none, and never touched where there is one."""
    text = MAP.replace("by,", "by, shop: s,") + (
        "shops:\n  Oud: {slug: winkel, name: Anders, url: https://anders.example}\n"
        "  Nieuw: {slug: nieuw, name: 'Nieuw: & co', url: https://nieuw.example}\n"
    )
    before = (content / "shops/winkel/shop.yaml").read_bytes()
    said = report(run, {**ROW, "s": "Oud"}, {**ROW, "s": "Nieuw"}, text=text)
    assert said["new_shops"] == ["nieuw"]
    assert (content / "shops/winkel/shop.yaml").read_bytes() == before
    assert yaml.safe_load((content / "shops/nieuw/shop.yaml").read_bytes())["name"] == "Nieuw: & co"
    assert vijf("check", "--content", content)[0] == 0


def test_a_new_shop_without_name_or_address_is_refused(run, content):
    """A typing error in a slug makes no shop."""
    before = tree(content)
    text = MAP.replace("by,", "by, shop: s,") + "shops: {A: {slug: winkle}}\n"
    code, _, err = run({**ROW, "s": "A"}, text=text)
    assert code == 1
    assert "map.yaml:4:12: there is no shop `winkle` yet" in err
    assert tree(content) == before


def test_an_earlier_address_of_a_shop_is_no_new_shop(run, content):
    """A slug that a shop had before is still its own."""
    path = content / "shops/winkel/shop.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "formerly: [oud]\n", encoding="utf-8")
    text = MAP.replace("by,", "by, shop: s,") + "shops: {A: {slug: oud, name: A, url: https://a.example}}\n"
    assert "[slug-taken]" in run({**ROW, "s": "A"}, text=text)[2]


def test_an_id_in_another_file_of_the_shop_is_refused(run, content):
    """Each review has one writer."""
    run(ROW)
    (content / FILE).rename(content / FILE.replace("import-kiyoh", "desk-2026"))
    code, _, err = run(ROW)
    assert code == 1
    assert "desk-2026.yaml:2:3: " in err
    assert "[duplicate-id]" in err
    assert not (content / FILE).exists()


def test_a_link_out_of_the_content_is_not_followed(run, content, tmp_path):
    """An import writes nowhere but into the content folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (content / "shops/winkel/reviews").symlink_to(outside)
    code, _, err = run(ROW)
    assert code == 1
    assert "[symlink]" in err
    assert list(outside.iterdir()) == []


def test_faults_in_the_standing_reviews_stop_an_import(run, content):
    """What can't be read can't be compared; nothing is overwritten."""
    path = content / FILE
    path.parent.mkdir()
    path.write_text("- id: a\n", encoding="utf-8")
    assert run(ROW)[0] == 1
    assert path.read_text(encoding="utf-8") == "- id: a\n"


@pytest.mark.parametrize(
    "text, words, code, message",
    [
        (MAP, [], 2, "which shop are the reviews about?"),
        (MAP, ["--shop", "winkl"], 2, "Did you mean 'winkel'?"),
        (MAP + "shop: winkl\n", [], 1, "map.yaml:4:7: there is no shop 'winkl'"),
        (MAP.replace("by,", "by, shop: s,") + "shops: {A: {slug: a}}\n", ["--shop", "winkel"], 2, "use one of them"),
        (MAP + "x: 1\n", ["--shop", "winkel"], 1, "[unknown-key]"),
    ],
)
def test_wrong_usage_says_what_to_do(run, content, text, words, code, message):
    """Faults of the map are exit code 1, wrong words on the command line 2; nothing is written."""
    before = tree(content)
    got, _, err = run(ROW, text=text, words=words)
    assert (got, message in err) == (code, True), err
    assert tree(content) == before


def test_a_file_whose_ending_says_nothing_needs_its_format(run):
    """The ending names the format, or the map does."""
    assert run(ROW, name="in.txt")[0] == 2
    assert run(ROW, name="in.txt", text=MAP + "shop: winkel\nformat: jsonl\n")[0] == 0


def test_without_a_site_there_is_nothing_to_import_into(tmp_path):
    """An import needs content with a site.yaml."""
    (tmp_path / "in.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    words = ("import", "table", tmp_path / "in.jsonl", "--map", tmp_path / "map.yaml", "--content", tmp_path)
    assert vijf(*words)[0] == 2


def test_csv_and_json_lines_say_the_same(run, content):
    """The same reviews in either form become the same bytes."""
    run(ROW, OTHER)
    before = (content / FILE).read_bytes()
    (content / FILE).unlink()
    rows = ["id,mark,text,by,day", "2,6.5,Snel,A,2026-01-01T10:00:00+01:00", '1,8,"Snel",A,2026-01-02']
    assert run(*rows, name="in.csv")[0] == 0
    assert (content / FILE).read_bytes() == before


def test_platforms_that_count_are_not_called_uncounted(run, content):
    """The hint about imports.count stands only where it is true."""
    (content / "site.yaml").write_text(SITE + "imports: {count: [kiyoh]}\n", encoding="utf-8")
    assert "don't count" not in run(ROW)[1]
