"""Reviews -> YAML that the decoder of content reads back as the same reviews, and files that are whole or not there.

`reviews_yaml` and `shop_yaml` are pure. Texts are block scalars where YAML can hold them so, single values are
plain only where no reader could take them for anything but text. `write_files` is the only function that writes.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from vijf import limits
from vijf.errors import MachineError
from vijf.model import Amendment, Incentive, Moment, Origin, Reply, Review

HEAD = "# Written by `vijf import`. Here you may put a review on hold or remove it; the next import keeps that.\n"

# Words that YAML 1.1 or 1.2 reads as a boolean or nothing; all else that is not text starts with a figure or sign.
_NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_PLAIN = re.compile(r"[^\W\d_](?:[\w .'()&+/-]*[\w.)])?")
# What a block scalar can't hold: other ends of lines, and what YAML counts as not printable.
_NO_BLOCK = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile('["\\\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]')


def reviews_yaml(reviews: Iterable[Review]) -> bytes:
    """One file of reviews, oldest first by `Review.sort_key`, whatever their order here."""
    parts = ["\n".join(_review(review)) for review in sorted(reviews, key=lambda review: review.sort_key)]
    return (HEAD + "\n\n".join(parts) + "\n" if parts else HEAD + "[]\n").encode()


def shop_yaml(name: str, url: str) -> bytes:
    """The `shop.yaml` of a new shop."""
    return f"name: {_line(name)}\nurl: {_quoted(url)}\n".encode()


def decimal_text(value: Fraction) -> str:
    """A number that has few decimals, written without loss: `4`, `4.5`."""
    if value.denominator == 1:
        return str(value.numerator)
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")


def _review(review: Review) -> Iterator[str]:
    """The lines of one review, its keys in the order of the format."""
    yield f"- id: {_line(review.id)}"
    yield f"  received: {_moment(review.received)}"
    yield f"  published: {_moment(review.published)}"
    if review.experience is not None:
        yield f"  experience: {review.experience.isoformat()}"
    yield from _words(review)
    yield from _facts(review)
    if review.replies:
        yield "  replies:"
        for reply in review.replies:
            yield from _reply(reply)
    yield from _events(review)
    if review.origin is not None:
        yield f"  origin: {_origin(review.origin)}"


def _words(review: Review) -> Iterator[str]:
    """What the author says, and who that is."""
    if review.rating is not None:
        yield f"  rating: {_mark(review.rating)}"
    if review.title is not None:
        yield f"  title: {_line(review.title)}"
    if review.text is not None:
        yield f"  text: {_text(review.text, 4)}"
    if review.language is not None:
        yield f"  language: {_line(review.language)}"
    if review.author is not None:
        name, place = review.author.name, review.author.place
        yield f"  author: {_flow({'name': name and _line(name), 'place': place and _line(place)})}"


def _facts(review: Review) -> Iterator[str]:
    """How it came in, and the answers beside the mark."""
    if review.collected is not None:
        yield f"  collected: {review.collected}"
    if review.verification is not None:
        method, day = review.verification.method, review.verification.date
        yield f"  verification: {_flow({'method': method, 'date': day.isoformat() if day else None})}"
    if review.incentive is not Incentive.NONE:
        yield f"  incentive: {review.incentive}"
    if review.aspects:
        yield f"  aspects: {_flow({_line(name): _mark(mark) for name, mark in review.aspects.items()})}"
    if review.recommends is not None:
        yield f"  recommends: {'true' if review.recommends else 'false'}"


def _reply(reply: Reply) -> Iterator[str]:
    yield f"    - by: {reply.by}"
    if reply.date is not None:
        yield f"      date: {_moment(reply.date)}"
    yield f"      text: {_text(reply.text, 8)}"


def _events(review: Review) -> Iterator[str]:
    """What happened to a review since it was published."""
    if review.amended:
        yield f"  amended: [{', '.join(map(_amendment, review.amended))}]"
    withdrawn, held, removed = review.rating_withdrawn, review.held, review.removed
    if withdrawn is not None:
        yield f"  rating_withdrawn: {_flow({'date': _moment(withdrawn.date), 'reason': withdrawn.reason})}"
    if review.redacted is not None:
        yield f"  redacted: {_flow({'date': _moment(review.redacted)})}"
    if held is not None:
        since, until = _moment(held.since), _moment(held.until)
        yield f"  held: {_flow({'since': since, 'until': until, 'ground': held.ground})}"
    if removed is not None:
        said = {"date": _moment(removed.date), "ground": removed.ground, "by": removed.by, "notice": removed.notice}
        yield f"  removed: {_flow({**said, 'automated': 'true' if removed.automated else 'false'})}"


def _amendment(change: Amendment) -> str:
    return _flow({"date": _moment(change.date), "rating": None if change.rating is None else _mark(change.rating)})


def _origin(origin: Origin) -> str:
    scale = origin.scale and f"[{', '.join(map(decimal_text, origin.scale))}]"
    mark = None if origin.rating is None else decimal_text(origin.rating)
    id_ = None if origin.id is None else _quoted(origin.id)
    return _flow({"platform": _line(origin.platform), "id": id_, "rating": mark, "scale": scale})


def _flow(values: Mapping[str, str | None]) -> str:
    """A mapping on one line, without what isn't there."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items() if value is not None) + "}"


def _moment(moment: Moment) -> str:
    return moment.instant.isoformat().replace("+00:00", "Z") if moment.exact else moment.day.isoformat()


def _mark(halves: int) -> str:
    return decimal_text(Fraction(halves, 2))


def _line(text: str) -> str:
    """A text of one line, plain where that is safe."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT else _quoted(text)


def _text(text: str, indent: int) -> str:
    """A text of several lines as a block scalar, its lines behind `indent` spaces."""
    if _NO_BLOCK.search(text) or text.startswith((" ", "\n")):
        return _quoted(text)
    margin = " " * indent
    # The line feed at the end would be one character too many for the longest text; `-` keeps it out.
    head = "|" if len(text) < limits.TEXT else "|-"
    return f"{head}\n" + "\n".join(margin + line if line else "" for line in text.split("\n"))


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in '"\\':
        return "\\" + char
    return {"\n": "\\n", "\t": "\\t"}.get(char) or f"\\u{ord(char):04X}"


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write `files`, path below `root` -> bytes: all are on the disk before the first takes its name.

    A `shop.yaml` takes its name before its reviews, so that a stop in between leaves a sound shop.
    Raises `MachineError`, after removing what it had made, where the machine refuses.
    """
    made: list[Path] = []
    folders: list[Path] = []
    try:
        for path, data in files.items():
            target = root / path
            _make_folders(target.parent, folders)
            made.append(target.with_name(f".{target.name}.new"))
            with made[-1].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path in sorted(files, key=lambda path: (not path.endswith("/shop.yaml"), path)):
            target = root / path
            target.with_name(f".{target.name}.new").replace(target)
    except OSError as error:
        for leftover in made:
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                folder.rmdir()
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(root)
        raise MachineError(f"{where}: can't be written: {error.strerror}. Put that right and import again.") from error


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder with those above it, noting the new ones."""
    if folder.is_dir():
        return
    _make_folders(folder.parent, made)
    folder.mkdir()
    made.append(folder)
