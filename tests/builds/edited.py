"""A content folder under edit, and the site that incremental builds make of it.

`World` keeps the content as a plain value, makes it sound before it is written, and writes only what differs. Edits are
(name, number, number): whatever the numbers are, there is something to do, so any sequence of edits is one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contents import SITE, differing, review
from strategies import NOW, as_yaml
from vijf.errors import ContentError
from vijf.publish.build import Options, Report, build, verify
from vijf.publish.state import State

SLUGS = ("aap", "boom", "cel", "deur", "ezel", "fles", "gans", "hond", "ijs", "jas")
NAMES = ("Aap", "aap", "Éclair", "Zwaan", "007", "Boom & Co", "Ünal", "zwaan", "\N{BICYCLE} fiets")
QUICK = ["png", "card", "frame", "invite", "dark", "wide", "shield", "jsonfeed"]
"""Kinds that cost time and depend on nothing that others don't."""
STATIC = (
    "a.txt",
    "b/c.txt",
    ".well-known/x",
    "v1/zz/file.txt",
    "nl/zz/x.txt",
    "review/zz.txt",
    "merchant/x",
    "_headers",
)
LANGUAGES = (["nl"], ["nl", "en"], ["en", "nl"])
Edit = tuple[str, int, int]
CONTACT = {"address": {"country": "NL"}}
MODES = 3
"""Ways to write a file: in place, by renaming a new one, and in place with its former time put back."""


@dataclass
class Shop:
    """A shop as the content says it; `reviews` are texts, `fault` is what is wrong with it."""

    name: str
    reviews: list[str] = field(default_factory=list)
    formerly: list[str] = field(default_factory=list)
    merged_into: str | None = None
    closed: bool = False
    logo: int = 0
    fault: str = ""


@dataclass
class World:
    """Content, output and state in one folder."""

    folder: Path
    site: dict[str, Any] = field(default_factory=lambda: {"without": QUICK})
    shops: dict[str, Shop] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    static: dict[str, str] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)
    builds: int = 0
    saved: dict[str, Path] = field(default_factory=dict)
    foreign: bool = False
    """Whether output or state were touched since the last build."""
    inplace: bool = False
    """Whether a file of the output was overwritten where it stands, which leaves no trace in its folder."""

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def output(self) -> Path:
        return self.folder / "site"

    @property
    def state(self) -> State:
        return State.of(self.output)

    @property
    def faulty(self) -> list[str]:
        return sorted(slug for slug, shop in self.shops.items() if shop.fault)

    def start(self, count: int, reviews: int = 2) -> None:
        """Some shops with some reviews."""
        for number, slug in enumerate(SLUGS[:count]):
            self.shops[slug] = Shop(NAMES[number % len(NAMES)], [f"{slug} {n}" for n in range(reviews + number % 3)])

    # ------------------------------------------------------------------ writing

    def files(self) -> dict[str, bytes]:
        """The content as files."""
        self._mend()
        found = {"site.yaml": as_yaml({**SITE, **self.site}, block=True).encode()}
        for slug, shop in self.shops.items():
            values: dict[str, Any] = {"name": shop.name, "url": f"https://{slug}.example", "contact": CONTACT}
            if shop.formerly:
                values["formerly"] = shop.formerly
            if shop.closed or shop.merged_into:
                values |= {"status": "closed", "until": "2026-01-01"}
            if shop.merged_into:
                values["merged_into"] = shop.merged_into
            if shop.fault == "shop":
                values["nonsense"] = 1
            found[f"shops/{slug}/shop.yaml"] = as_yaml(values, block=True).encode()
            entries = [review(n, text=text) for n, text in enumerate(shop.reviews)]
            for name, part in (("one", entries[::2]), ("two", entries[1::2])):
                if part:
                    found[f"shops/{slug}/reviews/{name}.yaml"] = as_yaml(part, block=True).encode()
            if shop.fault == "reviews":
                found[f"shops/{slug}/reviews/bad.yaml"] = b"- id: x\n"
            if shop.logo:
                found[f"shops/{slug}/logo.png"] = logo(shop.logo)
        found |= {f"pages/{name}.md": text.encode() for name, text in self.pages.items()}
        found |= {f"static/{path}": text.encode() for path, text in self.static.items()}
        return found

    def _mend(self) -> None:
        """Take out what would be a fault, but for those that are meant."""
        taken = set(self.shops)
        for slug, shop in self.shops.items():
            shop.formerly = [name for name in shop.formerly if name not in taken]
            taken.update(shop.formerly)
            target = self.shops.get(shop.merged_into or "")
            if target is None or target.merged_into or shop.merged_into == slug:
                shop.merged_into = None
        for slug in taken:
            self.static.pop(f"nl/{slug}/own.txt", None)

    def write(self, mode: int = 0) -> list[str]:
        """Write what differs; gives these paths."""
        new = self.files()
        changed = differing(self.written, new)
        for path in changed:
            file = self.content / path
            if path not in new:
                file.unlink(missing_ok=True)
                folder = file.parent
                while folder != self.content and folder.exists() and not any(folder.iterdir()):
                    folder.rmdir()
                    folder = folder.parent
                parts = path.split("/")
                if parts[0] == "shops" and parts[1] not in self.shops:
                    shutil.rmtree(self.content / "shops" / parts[1], ignore_errors=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            put(file, new[path], mode)
        self.written = new
        return changed

    # ------------------------------------------------------------------ building

    def build(self, output: Path | None = None, **options: Any) -> Report:
        """Build what is written."""
        output = output or self.output
        return build(self.content, output, State.of(output), NOW, Options(**{"jobs": 1, **options}))

    def check(self, **options: Any) -> Report:
        """Build, and compare with a clean build."""
        if self.inplace:
            assert self.verify() != ((), ()), "unseen"
        report = self.build(**options)
        self.foreign = self.inplace = False
        self.equals_clean()
        return report

    def equals_clean(self) -> None:
        """The site is what a clean build makes, byte for byte."""
        self.builds += 1
        clean = self.folder / f"clean{self.builds}" / "site"
        self.build(clean)
        found = differing(tree(self.output), tree(clean))
        assert not found, found
        shutil.rmtree(clean.parent)

    def verify(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What `--verify` finds."""
        found = verify(self.content, self.output, self.state, NOW, Options(jobs=1))
        return found.changed, found.removed

    # ------------------------------------------------------------------ edits of the content

    def edit(self, edit: Edit) -> None:
        """Carry out one edit; nothing where there is nothing to edit."""
        name, one, two = edit
        EDITS[name](self, one, two)

    def shop(self, number: int) -> str | None:
        slugs = sorted(self.shops)
        return slugs[number % len(slugs)] if slugs else None


def each_shop(change: Callable[[World, str, int], None]) -> Callable[[World, int, int], None]:
    """An edit of the shop that its first number chooses."""

    def edit(world: World, one: int, two: int) -> None:
        slug = world.shop(one)
        if slug is not None:
            change(world, slug, two)

    return edit


def add_review(world: World, slug: str, two: int) -> None:
    shop = world.shops[slug]
    shop.reviews += [f"{slug} {len(shop.reviews) + n}" for n in range(1 + two % 3)]


def change_review(world: World, slug: str, two: int) -> None:
    reviews = world.shops[slug].reviews
    if reviews:
        at = two % len(reviews)
        reviews[at] = reviews[at].swapcase()  # as long as it was


def remove_review(world: World, slug: str, two: int) -> None:
    del world.shops[slug].reviews[-(two % 4 + 1) :]


def add_shop(world: World, one: int, two: int) -> None:
    slug = SLUGS[one % len(SLUGS)]
    taken = {name for shop in world.shops.values() for name in shop.formerly}
    if two % 2 or slug not in taken:
        for shop in world.shops.values():  # who had the address before gives it up
            shop.formerly = [name for name in shop.formerly if name != slug]
        world.shops.setdefault(slug, Shop(NAMES[two % len(NAMES)], [f"{slug} new"] * (two % 4)))


def remove_shop(world: World, slug: str, _two: int) -> None:
    del world.shops[slug]


def rename_shop(world: World, slug: str, two: int) -> None:
    free = [name for name in SLUGS if name not in world.shops]
    if free:
        new = free[two // 2 % len(free)]
        shop = world.shops.pop(slug)
        for other in world.shops.values():
            other.formerly = [name for name in other.formerly if name not in (slug, new)]
            if other.merged_into == slug:
                other.merged_into = new
        shop.formerly = [name for name in shop.formerly if name != new]
        if two % 2:
            shop.formerly.append(slug)
        world.shops[new] = shop


def swap_shops(world: World, slug: str, two: int) -> None:
    other = world.shop(two)
    if other:
        world.shops[slug], world.shops[other] = world.shops[other], world.shops[slug]


def forget_former(world: World, slug: str, two: int) -> None:
    world.shops[slug].formerly = world.shops[slug].formerly[two % 2 :]


def change_name(world: World, slug: str, two: int) -> None:
    world.shops[slug].name = NAMES[two % len(NAMES)]


def merge(world: World, slug: str, two: int) -> None:
    world.shops[slug].merged_into = None if world.shops[slug].merged_into else world.shop(two)


def close(world: World, slug: str, _two: int) -> None:
    world.shops[slug].closed = not world.shops[slug].closed


def change_logo(world: World, slug: str, two: int) -> None:
    world.shops[slug].logo = two % 3


def change_site(world: World, one: int, two: int) -> None:
    key, values = (
        ("name", ["Voorbeeldkeur", "Anders"]),
        ("languages", LANGUAGES),
        ("without", [QUICK, [*QUICK, "merchant"], [*QUICK, "atom"], [*QUICK, "embed"]]),
        ("url", ["https://reviews.example.nl", "https://x.example/sub"]),
        ("threshold", [5, 6]),
        ("demo", [False, True]),
    )[one % 6]
    world.site[key] = values[two % len(values)]


def change_page(world: World, one: int, two: int) -> None:
    name = ("about.nl", "about.en", "house-rules.nl", "other.nl")[one % 4]
    if two % 4 == 0:
        world.pages.pop(name, None)
    else:
        world.pages[name] = f"---\ntitle: Title {two % 4}\n---\nWords.\n"


def change_static(world: World, one: int, two: int) -> None:
    path = STATIC[one % len(STATIC)]
    if two % 4 == 0:
        world.static.pop(path, None)
    else:
        world.static[path] = f"/x{two % 4}\n  X-A: b\n" if path == "_headers" else f"file {two % 4}\n"


def take_address(world: World, one: int, _two: int) -> None:
    """A static file where a shop might be."""
    world.static[f"nl/{SLUGS[one % len(SLUGS)]}/own.txt"] = "mine\n"


def break_shop(world: World, slug: str, two: int) -> None:
    world.shops[slug].fault = ("shop", "reviews", "")[two % 3]


# ---------------------------------------------------------------------- edits that change nothing


def touch(world: World, one: int, two: int) -> None:
    """New times for a file, or for a folder."""
    paths = sorted(path for path in world.written if (world.content / path).exists())
    if paths:
        path = world.content / paths[one % len(paths)]
        os.utime(path.parent if two % 2 else path)


def rewrite(world: World, one: int, two: int) -> None:
    """The same bytes again."""
    paths = sorted(path for path in world.written if (world.content / path).exists())
    if paths:
        path = world.content / paths[one % len(paths)]
        put(path, path.read_bytes(), two)


def note(world: World, slug: str, two: int) -> None:
    """A file that isn't content."""
    file = world.content / f"shops/{slug}/.note"
    if file.parent.exists():
        file.write_text(str(two))


# ---------------------------------------------------------------------- edits of output and state


def touch_output(world: World, one: int, two: int) -> None:
    """Something that nobody should do to a file or folder of the output."""
    found = sorted(tree(world.output))
    if not found:
        return
    world.foreign = True
    path = world.output / found[one * 37 % len(found)]
    match two % 7:
        case 0:
            path.unlink()
        case 1:
            put(path, b"forged", 1)
        case 2:
            (path.parent / "foreign.html").write_text("x")
        case 3:
            (path.parent / "foreign").mkdir(exist_ok=True)
            (path.parent / "foreign/x").write_text("x")
        case 4:
            folder = path.parent if path.parent != world.output else path
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
        case 5 if not path.name.startswith("."):
            data = path.read_bytes()
            path.unlink()
            path.mkdir()
            (path / "x").write_bytes(data)
        case 6:
            if path.parent != world.output:
                moved = world.folder / "moved"
                shutil.rmtree(moved, ignore_errors=True)
                path.parent.rename(moved)
                path.parent.symlink_to(moved)


def overwrite_output(world: World, one: int, two: int) -> None:
    """A file of the output overwritten where it stands, with its time put back."""
    found = sorted(path for path in tree(world.output) if not path.endswith("build.json"))
    if found:
        path = world.output / found[one * 37 % len(found)]
        if path.is_file() and not path.is_symlink():
            put(path, (b"x" if path.read_bytes()[:1] != b"x" else b"y") + path.read_bytes()[1:], 2 * (two % 2))
            world.inplace = world.foreign = True


def touch_state(world: World, one: int, two: int) -> None:
    """A file of the state removed, cut short, forged, emptied, or taken for another."""
    state = world.state
    paths = sorted(path for path in state.folder.rglob("*") if path.is_file() and path.name not in ("owner", "lock"))
    if not paths:
        return
    world.foreign = True
    path, other = paths[one * 7 % len(paths)], paths[one * 5 % len(paths)]
    data = path.read_bytes()
    match two % 6:
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(data[: len(data) // 2])
        case 2:
            path.write_bytes(data.replace(b"1", b"2"))
        case 3:
            path.write_bytes(b"")
        case 4:
            path.write_bytes(other.read_bytes())
        case 5:
            path.write_bytes(b"\n".join(data.split(b"\n")[:-2]) + b"\n")


def drop_state(world: World, one: int, _two: int) -> None:
    """All of one kind of notes lost, or all of them."""
    world.foreign = True
    state = world.state
    path = (state.folder, state.parts, state.stamps, state.manifest)[one % 4]
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def save(world: World, one: int, _two: int) -> None:
    """Keep a copy of the output or of the state."""
    name, source = (("state", world.state.folder), ("site", world.output))[one % 2]
    target = world.folder / f"saved-{name}"
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, symlinks=True)
        world.saved[name] = target


def restore(world: World, one: int, two: int) -> None:
    """Put an earlier output or state back, copied with its times or moved."""
    name, target = (("state", world.state.folder), ("site", world.output))[one % 2]
    source = world.saved.pop(name, None)
    if source is not None:
        world.foreign = True
        shutil.rmtree(target, ignore_errors=True)
        if two % 2:
            shutil.copytree(source, target, symlinks=True)
        else:
            source.rename(target)


def copy_output(world: World, _one: int, two: int) -> None:
    """The output as another disk gives it back: other inodes, and times as they were."""
    world.foreign = True
    if world.output.exists():
        other = world.folder / "copied"
        shutil.copytree(world.output, other, symlinks=True)
        shutil.rmtree(world.output)
        shutil.copytree(other, world.output, symlinks=True) if two % 2 else other.rename(world.output)
        shutil.rmtree(other, ignore_errors=True)


CONTENT: dict[str, Callable[[World, int, int], None]] = {
    "add review": each_shop(add_review),
    "change review": each_shop(change_review),
    "remove review": each_shop(remove_review),
    "add shop": add_shop,
    "remove shop": each_shop(remove_shop),
    "rename shop": each_shop(rename_shop),
    "swap shops": each_shop(swap_shops),
    "forget former": each_shop(forget_former),
    "change name": each_shop(change_name),
    "merge": each_shop(merge),
    "close": each_shop(close),
    "change logo": each_shop(change_logo),
    "change page": change_page,
    "change static": change_static,
    "take address": take_address,
    "change site": change_site,
}
"""Edits that change content."""
IDLE = {"touch": touch, "rewrite": rewrite, "note": each_shop(note)}
"""Edits that change nothing."""
FOREIGN = {
    "touch output": touch_output,
    "overwrite output": overwrite_output,
    "touch state": touch_state,
    "drop state": drop_state,
    "save": save,
    "restore": restore,
    "copy output": copy_output,
}
"""Edits of what belongs to Vijf."""
EDITS = CONTENT | IDLE | FOREIGN | {"break shop": each_shop(break_shop)}


def put(file: Path, data: bytes, mode: int) -> None:
    """Write a file in one of several ways."""
    before = file.stat() if file.exists() else None
    if mode % MODES == 1:
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_bytes(data)
        fresh.replace(file)
        return
    file.write_bytes(data)
    if mode % MODES == 2 and before:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def tree(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file, and of every link that it is one."""
    found = {}
    for above, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if Path(above, name).is_symlink())]:
            path = Path(above, name)
            found[path.relative_to(folder).as_posix()] = b"link" if path.is_symlink() else path.read_bytes()
    return found


def run(world: World, rounds: Iterable[tuple[list[Edit], int]]) -> None:
    """Carry out rounds of edits, each followed by a build that equals a clean one.

    The number of a round says how files are written, and in how many processes the build runs.
    """
    world.write()
    world.check()
    for edits, number in rounds:
        for edit in edits:
            world.edit(edit)
        changed = world.write(number)
        named = number % 2 == 0 and not world.foreign
        report = world.check(jobs=1 + number % 3 % 2, changed=changed if named else None)
        assert not report.faults
    assert world.verify() == ((), ())


def broken(world: World, before: dict[str, bytes]) -> None:
    """While a shop has faults nothing changes."""
    try:
        world.build()
    except ContentError:
        assert tree(world.output) == before
        return
    raise AssertionError("faults went unseen")


def logo(number: int) -> bytes:
    """A small picture."""
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (8, 8 + number), (number * 40, 0, 0)).save(data, "PNG")
    return data.getvalue()


__all__ = ["CONTENT", "EDITS", "FOREIGN", "IDLE", "World", "broken", "deepcopy", "run", "tree"]
