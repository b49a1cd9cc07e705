"""How long reading a content folder takes, a step at a time: run it by hand, it is no test and asserts no figure.

    python tests/bench/time_reading.py CONTENT [--shops N] [--rounds N]

Prints for each step the processor time in microseconds a review, the least and the median of the rounds:

- find: which folders and files there are;
- read: the bytes of the review files, and their digests;
- events: libyaml's events to located values, the way that is gone where something is wrong;
- decode: these to reviews, the order of dates and all other checks among them;
- straight: the short way from bytes to reviews, libyaml only from where that is unsure on;
- load: all of it and `shop.yaml`, as a build does.

and how many of the files of reviews are read the short way to their end. Compare figures of one run only: machines
differ from minute to minute. For the code of another version, run that version's own copy of this file in turn.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from vijf.content import plain, straight
from vijf.content.events import parse_items
from vijf.content.fields import Reading
from vijf.content.files import find, shop_files
from vijf.content.load import load_shop, load_site, zone_of
from vijf.content.nodes import Faults
from vijf.content.review import REVIEW
from vijf.digests import digest

NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""Later than anything in the content, so that dates are held against it and none is refused."""


def is_plain(data: bytes, reading: Reading) -> bool:
    """Whether the short way comes to the end of a file."""
    try:
        drop(straight.items(data, REVIEW, reading))
    except plain.Unsure:
        return False
    return True


def drop(values: Iterable[Any]) -> None:
    """Take all values and keep none, as a build keeps none of a shop that is done."""
    deque(values, maxlen=0)


def main() -> None:
    parser = argparse.ArgumentParser(description="How long reading a content folder takes.")
    parser.add_argument("content", type=Path)
    parser.add_argument("--shops", type=int, default=200, help="read no more shops than these")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()

    folder = find(options.content)
    site, _ = load_site(folder, NOW)
    assert site is not None, "site.yaml has faults: vijf check"
    reading = Reading(Faults("f"), zone_of(site), NOW)
    shops = folder.shops[: options.shops]
    paths = [path for slug in shops for path in shop_files(folder, slug)[0]]
    files = [(options.content / path).read_bytes() for path in paths]
    values = [list(parse_items(data, reading.faults)) for data in files]
    count = sum(map(len, values)) or 1

    steps: dict[str, Callable[[], Any]] = {
        "find": lambda: drop(shop_files(folder, slug) for slug in shops),
        "read": lambda: drop(digest((options.content / path).read_bytes()) for path in paths),
        "events": lambda: drop(node for data in files for node in parse_items(data, reading.faults)),
        "decode": lambda: drop(REVIEW.decode(node, reading) for nodes in values for node in nodes),
        "straight": lambda: drop(review for data in files for review in straight.unplaced(data, REVIEW, reading)),
        "load": lambda: drop(load_shop(folder, slug, site, NOW) for slug in shops),
    }
    gc.freeze()  # what is kept from here on isn't looked through in each round
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(options.rounds):
        for name, step in steps.items():
            start = time.process_time()
            step()
            taken[name].append((time.process_time() - start) / count * 1e6)
    short = sum(is_plain(data, reading) for data in files)
    lines = [f"{len(shops)} shops, {count} reviews in {len(files)} files, {short} of them plain"]
    lines += [f"{name:9}{min(times):8.1f}{median(times):8.1f}" for name, times in taken.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
