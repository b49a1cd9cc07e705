"""What a sound folder becomes: order, digests, and nothing that depends on how it is split into files."""

import pytest
from loading import NOW
from strategies import SITE, as_yaml, document
from vijf.content.files import find
from vijf.content.load import Loaded, load_shop, load_site
from vijf.digests import digest
from vijf.errors import UsageError

REVIEWS = [
    {"id": "b", "received": "2026-01-02", "published": "2026-01-05", "rating": 8},
    {"id": "a", "received": "2026-01-02", "published": "2026-01-05", "rating": 6},
    {"id": "c", "received": "2026-01-01", "published": "2026-01-05", "rating": 7},
    {"id": "late", "received": "2026-01-01", "published": "2026-02-01T08:00:00Z", "rating": 9},
    {"id": "later", "received": "2026-01-01", "published": "2026-02-01T08:00:01Z", "rating": 9},
    {"id": "old", "received": "2025-01-01", "published": "2025-01-01", "rating": 9},
]
NEWEST_FIRST = ["later", "late", "b", "a", "c", "old"]


def write(root, **files):
    """A content folder whose shop `a` has these review files."""
    (root / "shops/a/reviews").mkdir(parents=True)
    (root / "site.yaml").write_text(as_yaml(document(SITE)), encoding="utf-8")
    (root / "shops/a/shop.yaml").write_text("name: A\nurl: https://a.example\n", encoding="utf-8")
    for name, reviews in files.items():
        (root / f"shops/a/reviews/{name}.yaml").write_text(as_yaml(reviews, block=True), encoding="utf-8")
    return root


def load(root):
    loaded = load_shop(find(root), "a", SITE, NOW)
    assert isinstance(loaded, Loaded), loaded
    return loaded


def test_reviews_come_newest_first(tmp_path):
    """By publication, then receipt, then id: the newest first."""
    assert [review.id for review in load(write(tmp_path, all=REVIEWS)).content.reviews] == NEWEST_FIRST


@pytest.mark.parametrize("cut", range(1, len(REVIEWS)))
def test_file_names_and_order_carry_no_meaning(tmp_path, cut):
    """The same reviews in two files, in another order, under other names, are the same content."""
    one = load(write(tmp_path / "one", all=REVIEWS))
    two = load(write(tmp_path / "two", zz=REVIEWS[cut:][::-1], aa=REVIEWS[:cut]))
    assert one.content == two.content


def test_every_file_that_was_read_has_its_digest(tmp_path):
    """The digests name what the shop came from: its own files, by path below the content folder."""
    root = write(tmp_path, desk=REVIEWS[:2], more=REVIEWS[2:])
    inputs = load(root).inputs
    assert set(inputs) == {"shops/a/shop.yaml", "shops/a/reviews/desk.yaml", "shops/a/reviews/more.yaml"}
    assert all(inputs[path] == digest((root / path).read_bytes()) for path in inputs)
    assert set(load_site(find(root), NOW)[1]) == {"site.yaml"}


def test_shop_without_reviews_folder_is_sound(tmp_path):
    """A shop that has just joined needs nothing but its shop.yaml."""
    root = write(tmp_path)
    (root / "shops/a/reviews").rmdir()
    assert load(root).content.reviews == ()


def test_folder_that_is_no_content_is_wrong_usage(tmp_path):
    """A folder that isn't there, or without site.yaml, is refused with what to do."""
    for root in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="vijf init"):
            find(root)
