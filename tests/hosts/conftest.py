"""Sites for hosts: one of each thing, at the root and below a path, each built once in a session."""

from __future__ import annotations

import made_content as made
import pytest
from built_site import BuiltSite

URL = "https://reviews.example.nl"
NAMES = ("vijf", "feed", "frame", "reviews", "v1", "404", "review", "nl", "static")
"""Slugs that look like other parts of an address."""


@pytest.fixture(scope="session")
def site_of(tmp_path_factory):
    """`site_of(content, url)`: a built site."""

    def build(content, url=URL):
        return BuiltSite(made.build(tmp_path_factory.mktemp("hosts"), content), url)

    return build


@pytest.fixture(scope="session")
def everything(site_of):
    """One of each thing that a site can hold."""
    return site_of(made.everything())


@pytest.fixture(scope="session")
def below(site_of):
    """The same for a host that serves it below a path."""
    return site_of(made.everything(url=f"{URL}/a/b.c"), f"{URL}/a/b.c")


@pytest.fixture(scope="session")
def named(site_of):
    """Shops whose slugs look like other parts of an address, with archives."""
    reviews = [made.review(number, 8) for number in range(45)]
    return site_of(made.files(made.site(), {name: (made.shop(name), reviews) for name in NAMES}))
