"""The benchmark's content: the same bytes each time, of the shape that it promises, and the same in all its forms."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

import corpus
import expected
import pytest
import yaml

HERE = Path(__file__).parent


def digest(folder):
    """A digest over the paths and bytes of all files below a folder."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode() + data)
    return whole.hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small site's content in all its forms."""
    folder = tmp_path_factory.mktemp("corpus") / "made"
    corpus.make(folder, 12, 30)
    return folder


def test_same_call_writes_the_same_bytes(made, tmp_path):
    """Another process with other hashes, in another time zone, writes what this one wrote."""
    command = [sys.executable, HERE / "corpus.py", "make", tmp_path / "again", "--shops", "12", "--reviews", "30"]
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati"}
    subprocess.run(command, check=True, capture_output=True, env=env)
    assert digest(tmp_path / "again") == digest(made)


def test_content_is_that_of_other_machines(made):
    """These very bytes are what figures elsewhere were measured with; who changes the content changes this too."""
    assert digest(made)[:12] == "ea5f7083574b"


def test_another_seed_gives_other_reviews():
    """The seed is not for show."""
    assert corpus.shop(0, 30, seed=2) != corpus.shop(0, 30)


def test_shops_do_not_depend_on_how_many_there_are(made, tmp_path):
    """A larger site has the shops of the smaller one, so that sizes can be compared."""
    corpus.make(tmp_path / "small", 3, 30)
    for path in (tmp_path / "small/json").iterdir():
        assert path.read_bytes() == (made / "json" / path.name).read_bytes()


def test_shape_is_what_it_promises():
    """Lengths, replies, marks and small shops are as the module says."""
    shops = [corpus.shop(index, 30) for index in range(300)]
    reviews = [review for shop in shops for review in shop.reviews]
    texts = [review["text"] for review in reviews]
    lengths = [len(text) for text in texts]
    assert 160 <= median(lengths) <= 200
    assert 430 <= quantiles(lengths, n=10)[-1] <= 570
    assert 1800 <= max(lengths) <= 2200
    assert 0.22 <= sum("replies" in review for review in reviews) / len(reviews) <= 0.28
    assert 0.07 <= sum(len(shop.reviews) < 5 for shop in shops) / len(shops) <= 0.13
    assert {review["rating"] for review in reviews} == set(range(1, 11))
    for awkward in ("<script>", "&", '"', "'", "\n\n", "</article>", "👍"):
        assert any(awkward in text for text in texts), awkward
    assert len({shop.slug for shop in shops}) == 300


def test_all_forms_say_the_same(made):
    """What Hugo gets as JSON and as YAML is what Vijf's content says, newest first."""
    content = expected.read(made / "content")
    assert len(content.shops) == 12
    for shop in content.shops:
        as_json = json.loads((made / f"json/{shop.slug}.json").read_bytes())
        as_yaml = yaml.load((made / f"yaml/{shop.slug}.yaml").read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506
        assert json.loads(json.dumps(as_json), parse_int=str) == as_yaml
        assert as_json["name"] == shop.name
        assert [(one["id"], one["date"], one["rating"], one["title"], one["text"]) for one in as_json["reviews"]] == [
            (entry.id, entry.day, entry.mark, entry.title, entry.text) for entry in shop.entries
        ]
        assert [one["reply"]["text"] for one in as_json["reviews"] if "reply" in one] == [
            reply.text for entry in shop.entries for reply in entry.replies
        ]


def test_one_review_more_is_the_newest(tmp_path):
    """What is added stands in the file that is named, comes before all others, and is the same each time."""
    for name in ("a", "b"):
        corpus.make(tmp_path / name, 4, 10)
        before = {shop.slug: shop.entries for shop in expected.read(tmp_path / name / "content").shops}
        path = corpus.newest_file(tmp_path / name, 2, 10)
        bytes_before = path.read_bytes()
        corpus.one_more(tmp_path / name, 2, 10)
        assert path.read_bytes().startswith(bytes_before)
        after = {shop.slug: shop.entries for shop in expected.read(tmp_path / name / "content").shops}
        [slug] = [slug for slug in after if after[slug] != before[slug]]
        assert after[slug][1:] == before[slug]
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
