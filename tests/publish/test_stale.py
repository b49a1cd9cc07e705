"""Which shops changed paths are of, where somebody names them."""

from __future__ import annotations

import pytest
from vijf.publish.stale import named_shops


@pytest.mark.parametrize(
    ("changed", "shops"),
    [
        (["shops/peer/shop.yaml"], {"peer"}),
        (["shops/peer/reviews/2024.yaml", "shops/peer/logo.png", "shops/appel/shop.yaml"], {"peer", "appel"}),
        (["shops/peer"], {"peer"}),
        (["pages/about.nl.md", "site.yaml"], set()),
        (["site.yaml", "shops/peer/reviews"], {"peer"}),
    ],
)
def test_paths_below_a_shop_name_it(changed, shops):
    """Pages and settings name none, and are read by every build."""
    assert named_shops(changed) == shops


@pytest.mark.parametrize("path", ["shops", ".", "static/x", "static", "README.md", ""])
def test_paths_that_may_concern_any_shop_name_none(path):
    """Then all are looked at."""
    assert named_shops([path]) is None
    assert named_shops(["shops/peer/shop.yaml", path]) is None
