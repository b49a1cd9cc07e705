"""Sites to look at: the demo content, and small ones of every shape, each built once in a session."""

from __future__ import annotations

import made_content as made
import pytest
from built_site import BuiltSite
from recount import DEMO

URL = "https://reviews.example.nl"


def many_shops() -> made.Content:
    """250 shops in no order of names, each with a review."""
    special = ["éclair", "Eclair", "ECLAIRS", "Ångström", "angst", "Zebra", "zèbre", "2Wielers", "'t Hoekje", "Çelik"]
    names = special + [f"Winkel {number * 37 % 240:03}" for number in range(240)]
    return made.files(
        made.site(), {f"s{number}": (made.shop(name), [made.review(0, 7)]) for number, name in enumerate(names)}
    )


SHAPES = {
    "everything": (URL, made.everything),
    "hostile": (URL, made.hostile),
    "one language": (URL, lambda: made.everything(languages=["nl"])),
    "below a path": (f"{URL}/a/b.c", lambda: made.everything(url=f"{URL}/a/b.c")),
    "threshold of ten": (URL, lambda: made.everything(threshold=10)),
    "no wide or dark": (URL, lambda: made.everything(without=["wide", "dark"])),
    "with a desk": (URL, lambda: made.everything(desk_url="https://desk.example.nl", demo=True)),
    "counted imports": (URL, lambda: made.everything(imports={"count": ["kiyoh"]})),
    "no shops": (URL, lambda: made.files(made.site(), {})),
    "many shops": (URL, many_shops),
}


@pytest.fixture(scope="session")
def shape(tmp_path_factory):
    """`shape(name)`: the site of one of `SHAPES`, built when it is first asked for."""
    built: dict[str, BuiltSite] = {}

    def get(name: str) -> BuiltSite:
        if name not in built:
            url, content = SHAPES[name]
            built[name] = BuiltSite(made.build(tmp_path_factory.mktemp("shape"), content()), url)
        return built[name]

    return get


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo content, built."""
    return BuiltSite(made.build(tmp_path_factory.mktemp("demo"), DEMO), "https://voorbeeldkeur.example")


@pytest.fixture(scope="session", params=["demo", *SHAPES])
def any_site(request, shape, demo):
    """Each site in turn."""
    return demo if request.param == "demo" else shape(request.param)
