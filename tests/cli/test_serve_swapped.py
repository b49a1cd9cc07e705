"""`vijf serve` of an output that is a link: it shows the generation of now, and `--against` reads it too."""

import pytest
from contents import review
from visiting import serving


@pytest.fixture
def swapped(content, vijf, tmp_path):
    """A site that is published by swapping."""
    content.shop("peer", 6)
    done = vijf("build", "--swap")
    assert done.code == 0, done.err
    return tmp_path / "site"


def test_every_build_shows_at_once_though_generations_go(swapped, content, tmp_path):
    """Three swaps on, the generation that stood when the server began is gone; pages are those of now."""
    with serving(tmp_path) as server:
        for number in range(3):
            content.reviews("peer", "2025.yaml", review(40, text=f"Tekst nummer {number}."))
            server.wait_for("built: ")
            assert f"Tekst nummer {number}." in server.get("/nl/peer/")[2].decode()
        assert server.get("/nl/none/")[0] == 404
    assert str(swapped.readlink()) == ".site.generations/4"
    assert not (tmp_path / ".site.generations/1").exists()


def test_check_compares_with_the_generation_of_now(swapped, content, vijf):
    """`check --against` follows the link."""
    assert vijf("check", "--against", swapped).code == 0
    content.reviews("peer", "2024.yaml", *(review(number) for number in range(5)))
    assert vijf("check", "--against", swapped).code == 1
