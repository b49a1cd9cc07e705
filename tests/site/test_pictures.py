"""Pictures of a shop as they are seen: badges in a browser and in other programs, badge.png, card.png, the printed code."""

from __future__ import annotations

import io
import os
import re
import struct
from pathlib import Path

import made_content as made
import pytest
import resvg_py
import zxingcpp
from built_site import BuiltSite
from lxml import etree
from PIL import Image, ImageChops, ImageDraw, ImageStat
from playwright.sync_api import sync_playwright
from vijf.render.pictures import legible, name_lines, web_host

CHROMIUM = os.environ.get("VIJF_CHROMIUM", "/usr/bin/chromium")
URL = "https://reviews.example.nl"
STAR_COLOURS = {"#bd6500", "#d3dad4"}
NAMES = {
    **{f"line-{number}": line for number, line in enumerate(made.LINES)},
    "greek": "Καφενείο Η Παρέα",
    "cyrillic": "Магазин «Велосипед» и сыновья",
    "chinese": "日本語のお店",
    "emoji": "🚲🚲🚲",
    "long": "Coöperatieve Vereniging van Samenwerkende Zelfstandige Meubelmakers, Stoffeerders en Rietvlechters U.A.",
    "word": "Donaudampfschifffahrtsgesellschaft" * 5,
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Shops with names of all kinds, with a score and without, there and gone, with a logo; not a demo."""
    five = [made.review(number, 10) for number in range(5)]
    shops = {}
    for number, (slug, name) in enumerate(NAMES.items()):
        gone = {"status": "left", "until": "2025-06-30"} if number % 3 == 0 else {}
        shops[slug] = (made.shop(name, **gone), five[: 5 - number % 2])
    shops["nine"] = (made.shop("Nine", formerly=["neuf"]), [made.review(n, 10 if n else 8.5) for n in range(15)])
    content = made.files(made.site(name="W" * 200), shops)
    folder = tmp_path_factory.mktemp("odd")
    for slug in ("nine", "long"):
        target = folder / "content/shops" / slug / "logo.png"
        target.parent.mkdir(parents=True)
        target.write_bytes(logo())
    return BuiltSite(made.build(folder, content), URL)


def logo():
    """A logo of two colours."""
    drawing = Image.new("RGB", (120, 90), "#3050a0")
    ImageDraw.Draw(drawing).rectangle((30, 30, 60, 60), fill="#e02080")
    out = io.BytesIO()
    drawing.save(out, "PNG")
    return out.getvalue()


def image(site, path):
    """A PNG of the site, in true colours."""
    return Image.open(io.BytesIO(site.bytes(path))).convert("RGBA")


def used(site, path):
    """The colours of a PNG with a palette, as CSS writes them: quicker than by its pixels."""
    with Image.open(io.BytesIO(site.bytes(path))) as picture:
        palette = picture.getpalette()
        return {"#" + bytes(palette[3 * index : 3 * index + 3]).hex() for _, index in picture.getcolors()}


def colours(picture):
    """All colours of a picture, as CSS writes them."""
    return {"#" + bytes(colour[:3]).hex() for _, colour in picture.getcolors(1 << 20)}


def chunks(png):
    """The kinds of chunk in a PNG, in their order, each once."""
    at, found = 8, []
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        found.append(kind.decode())
        at += 12 + size
    return list(dict.fromkeys(found))


def drawn(svg, zoom=1):
    """An SVG as a renderer draws it that isn't a browser."""
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom)))).convert("RGBA")


def on(picture, ground):
    """A picture in front of a colour."""
    return Image.alpha_composite(Image.new("RGBA", picture.size, ground), picture).convert("RGB")


def difference(one, other):
    """How far two pictures are apart: the mean over all pixels and channels, of 255, and the share that is far off."""
    apart = ImageChops.difference(one, other)
    far = apart.convert("L").point([255 if value > 96 else 0 for value in range(256)])
    return sum(ImageStat.Stat(apart).mean) / 3, ImageStat.Stat(far).mean[0] / 255


@pytest.mark.parametrize(("name", "size", "most"), [("badge.png", (352, 112), 8_000), ("card.png", (1200, 630), 60_000)])
@pytest.mark.parametrize("which", ["demo", "odd"])
def test_pictures_have_their_size_and_are_light(demo, odd, which, name, size, most):
    """Each shop has both, whole, of the size that is promised, far below the 300 KB that chats accept."""
    site = demo if which == "demo" else odd
    paths = [path for path in site.files if path.endswith(f"/{name}")]
    assert len(paths) == len([path for path in site.files if path.endswith("/score.json")])
    for path in paths:
        assert image(site, path).size == size
        assert len(site.bytes(path)) < most, path


def test_pictures_hold_nothing_but_pixels(demo, odd):
    """No text, time, profile or resolution: the file is palette and pixels."""
    for site in (demo, odd):
        for path in site.files:
            if path.endswith(("badge.png", "card.png")):
                assert set(chunks(site.bytes(path))) <= {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}, path


def test_another_process_draws_the_same_bytes(demo, tmp_path):
    """A picture depends on nothing but its content: two builds agree in every byte."""
    again = BuiltSite(made.build(tmp_path, Path(__file__).parents[2] / "content"), demo.url)
    pictures = [path for path in demo.files if re.search(r"\.(png|svg)$", path)]
    assert len(pictures) > 100
    assert [path for path in pictures if demo.bytes(path) != again.bytes(path)] == []


def test_no_star_is_drawn_below_the_threshold(any_site):
    """Neither a full nor an empty star's colour is anywhere in the pictures of a shop without a score."""
    for path in any_site.files:
        if path.endswith("/score.json"):
            scored = any_site.json(path)["score"] is not None
            for name in ("badge.png", "card.png"):
                seen = STAR_COLOURS & used(any_site, path.replace("score.json", name))
                assert bool(seen) == scored, (path, name)


def test_stars_are_filled_from_the_exact_mean(odd):
    """9.9 is not full, though nearly: the last star has some of the empty colour; 10 has none."""
    for slug, full in (("nine", False), ("greek", True)):
        assert ("#d3dad4" not in colours(image(odd, f"v1/{slug}/card.png"))) == full


def test_words_stay_inside_the_card(odd):
    """Whatever a shop or a site is called, nothing is drawn on the margins, and something between them."""
    for path in odd.files:
        if path.endswith("/card.png"):
            card = image(odd, path)
            for box, ground in (
                ((0, 0, 70, 518), {"#ffffff"}),
                ((1122, 0, 1200, 518), {"#ffffff"}),
                ((0, 522, 74, 630), {"#f4f6f3"}),
                ((1122, 522, 1200, 630), {"#f4f6f3"}),
                ((0, 0, 1200, 20), {"#ffffff"}),
                ((0, 500, 1200, 516), {"#ffffff"}),
            ):
                assert colours(card.crop(box)) == ground, (path, box)
            assert len(colours(card.crop((80, 40, 1120, 220)))) > 8, path
            assert len(colours(card.crop((80, 530, 1120, 620)))) > 8, path


def test_words_stay_inside_the_badge(odd, demo):
    """Between the frame and the words is ground, on all sides, in every badge.png."""
    for site in (odd, demo):
        for path in site.files:
            if path.endswith("/badge.png"):
                badge = image(site, path)
                for box in ((4, 20, 16, 92), (336, 20, 348, 92), (20, 4, 332, 8), (20, 104, 332, 108)):
                    assert colours(badge.crop(box)) == {"#ffffff"}, (path, box)


def test_names_in_other_letters_become_the_host(odd):
    """No box stands for a letter: a Chinese name, Arabic and a bare emoji are drawn as the shop's host."""
    host = image(odd, "v1/chinese/card.png").crop((0, 0, 1200, 220))
    assert image(odd, "v1/emoji/card.png").crop((0, 0, 1200, 220)) == host
    assert image(odd, "v1/line-10/card.png").crop((0, 0, 1200, 220)) == host  # family, Chinese and Arabic in one name
    for slug in ("greek", "cyrillic"):
        assert image(odd, f"v1/{slug}/card.png").crop((0, 0, 1200, 220)) != host


def test_what_can_be_read_is_taken():
    """The first that has letters and only drawable ones; emoji don't hinder; nothing where none fits."""
    assert legible("🚲 Fietsen", "fietsen.example") == "Fietsen"
    assert legible("日本語", "xn--wgv71a119e.example") == "xn--wgv71a119e.example"
    assert legible("🚲", "", "fietsen") == "fietsen"
    assert legible("!!!", "shop.example") == "shop.example"
    assert legible("Καφέ & Жук №1", "x") == "Καφέ & Жук №1"
    assert legible("日本語", "") == ""
    assert legible() == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.shop.example/x?y", "shop.example"),
        ("http://Shop.Example:8080", "shop.example"),
        ("https://日本語.example", "xn--wgv71a119e.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        (f"https://{'ü' * 70}.example", ""),
        ("https://a..b", ""),
    ],
)
def test_a_host_is_written_in_ascii(url, host):
    """As browsers send it, without port and `www.`; an address that has no such form gives nothing."""
    assert web_host(url) == host


@pytest.mark.parametrize("room", [1040, 860])
def test_a_name_takes_at_most_two_lines(room):
    """Smaller where it must be, even where it can be, cut only at the end; nothing is lost before."""
    for name in [*NAMES.values(), "Een", "Fietsenwinkel De Ketting", "Rijwielhersteller Spaak en Velg"]:
        text = legible(name, "shop.example")
        lines = name_lines(text, room)
        assert 1 <= len(lines) <= 2
        assert all(line.width <= room and line.size >= 46 for line in lines)
        shown = "".join(line.text for line in lines).replace(" ", "")
        assert text.replace(" ", "").startswith(shown.removesuffix("…"))
        assert len(lines[0].text) > 1
    assert [line.text for line in name_lines("Rijwielhersteller Spaak en Velg", 1040)] == [
        "Rijwielhersteller",
        "Spaak en Velg",
    ]
    assert [(line.text, line.size) for line in name_lines("Een", 1040)] == [("Een", 76)]


def test_a_demo_says_so_in_its_pictures(tmp_path):
    """The mark of a demo is on card and badge, and is all that differs there."""
    shops = {"vijf": (made.shop("Vijf"), [made.review(n, 8) for n in range(5)]), "geen": (made.shop("Geen"), [])}
    plain, demo = (
        BuiltSite(made.build(tmp_path / str(is_demo), made.files(made.site(demo=is_demo), shops)), URL)
        for is_demo in (False, True)
    )
    for slug in shops:
        one, other = (image(site, f"v1/{slug}/card.png").convert("RGB") for site in (plain, demo))
        left, top, right, bottom = ImageChops.difference(one, other).getbbox()
        assert left > 900
        assert top > 518
        assert "#fff5e2" in colours(other.convert("RGBA").crop((left, top, right, bottom)))
        one, other = (image(site, f"v1/{slug}/badge.png").crop((296, 40, 332, 102)) for site in (plain, demo))
        assert colours(one) == {"#ffffff"}
        assert len(colours(other)) > 4


def test_a_logo_is_on_the_card(odd):
    """A shop with a logo has it at the left of its name, in its own colours."""
    with Image.open(io.BytesIO(logo())) as given:
        wanted = colours(given.convert("RGBA"))
    assert wanted & colours(image(odd, "v1/nine/card.png").crop((80, 64, 220, 204)))
    assert not wanted - {"#ffffff"} & colours(image(odd, "v1/greek/card.png").crop((80, 64, 220, 204)))


def test_a_shop_that_left_says_so(odd):
    """The card of a shop that no longer takes part has a mark that others haven't."""
    for number, slug in enumerate(NAMES):
        assert ("#8a5a00" in colours(image(odd, f"v1/{slug}/card.png"))) == (number % 3 == 0)


def test_earlier_addresses_have_the_same_pictures(odd):
    """What was shared under an earlier slug shows the shop as it is now; the printed code leads to its present form."""
    for name in ("badge.png", "card.png", "invite.svg"):
        assert odd.bytes(f"v1/neuf/{name}") == odd.bytes(f"v1/nine/{name}")


@pytest.mark.parametrize(("kind", "name"), [("png", "badge.png"), ("card", "card.png"), ("invite", "invite.svg")])
def test_pictures_can_be_left_out(tmp_path, kind, name):
    """`without` takes one kind away, and leaves the others."""
    content = made.files(made.site(without=[kind]), {"a": (made.shop("A"), [])})
    site = BuiltSite(made.build(tmp_path, content), URL)
    left = {"badge.png", "card.png", "invite.svg"} - {name}
    assert {path.split("/")[-1] for path in site.files} & {*left, name} == left


def test_pictures_are_in_the_default_language(tmp_path):
    """The first language of the site decides."""
    shops = {"a": (made.shop("A"), [made.review(0, 8)])}
    english, dutch = (
        BuiltSite(made.build(tmp_path / code, made.files(made.site(languages=codes), shops)), URL)
        for code, codes in (("en", ["en", "nl"]), ("nl", ["nl", "en"]))
    )
    for site, own, other in ((english, "en", "nl"), (dutch, "nl", "en")):
        badge = on(image(site, "v1/a/badge.png"), "#fff")
        same, foreign = (difference(badge, on(drawn(site.text(f"v1/a/badge.{c}.svg"), 2), "#fff")) for c in (own, other))
        assert same[0] < 2 < foreign[0]
        assert etree.fromstring(site.bytes("v1/a/invite.svg")).get("lang") == own


def test_the_png_looks_like_the_svg(demo):
    """badge.png and the plain light badge at twice its size differ by less than 2 of 255, and nowhere much."""
    for path in demo.files:
        if path.endswith("/badge.png"):
            svg = drawn(demo.text(path.replace("badge.png", "badge.nl.svg")), 2)
            for ground in ("#fff", "#222"):
                mean, far = difference(on(image(demo, path), ground), on(svg, ground))
                assert mean < 2, path
                assert far < 0.002, path


@pytest.mark.parametrize("slug", ["de-ketting", "de-vlijtige-hamer-meubelmakers-stoffeerders-en-rietvlechters"])
def test_the_printed_code_leads_to_the_form(demo, slug):
    """Scanned, it gives the address where reviews are written; so does its title; correction M or better."""
    svg = demo.text(f"v1/{slug}/invite.svg")
    address = f"{demo.url}/review/{slug}/"
    assert demo.file_at(address) in demo.files
    for size in (drawn(svg), drawn(svg, 4)):
        found = zxingcpp.read_barcodes(on(size, "#fff"))
        assert [(code.text, code.format) for code in found] == [(address, zxingcpp.BarcodeFormat.QRCode)]
        assert found[0].ec_level in ("M", "Q", "H")
    tree = etree.fromstring(svg.encode())
    assert address in tree.find("{*}title").text
    assert tree.get("aria-label") == tree.find("{*}title").text


def test_the_printed_code_has_its_quiet_zone(demo):
    """Four modules of white on each side, on white of its own, so that it is read on any paper; black otherwise."""
    svg = demo.text("v1/de-ketting/invite.svg")
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg).group(1))
    code = drawn(svg.replace('width="320" height="320"', f'width="{side}" height="{side}"'))
    assert code.size == (side, side)
    assert colours(code) == {"#000000", "#ffffff"}
    assert code.getextrema()[3] == (255, 255)
    assert ImageChops.invert(code.convert("L")).getbbox() == (4, 4, side - 4, side - 4)


@pytest.mark.browser
def test_badges_look_the_same_in_a_browser_and_elsewhere(demo, tmp_path):
    """Every badge of the demo, drawn twice as large by Chromium and by resvg: no two letters differ.

    The mean difference is below 1 of 255, and less than one pixel in two hundred is far off (of the frame's and the
    letters' edges, which each program smooths in its own way).
    """
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing")
    paths = sorted(path for path in demo.files if re.search(r"/badge[^/]*\.svg$", path))
    assert len(paths) > 100
    sheet = "".join(
        f'<img src="{(demo.root / path).as_uri()}" style="position:absolute;left:0;top:{60 * number}px">'
        for number, path in enumerate(paths)
    )
    (tmp_path / "sheet.html").write_text(f"<!doctype html><body style='background:#888'>{sheet}", encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 60 * len(paths)}, device_scale_factor=2)
        page.goto((tmp_path / "sheet.html").as_uri())
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    for number, path in enumerate(paths):
        other = on(drawn(demo.text(path), 2), "#888")
        own = shot.crop((0, 120 * number, other.width, 120 * number + other.height))
        mean, far = difference(own, other)
        assert mean < 1, (path, mean)
        assert far < 0.005, (path, far)


def test_the_bounds_would_notice_another_text(demo):
    """Two badges that differ in one digit, and one without letters, are further apart than the bounds above."""
    one, other = (on(drawn(demo.text(f"v1/{slug}/badge.nl.svg"), 2), "#fff") for slug in ("de-ketting", "de-vouw"))
    assert difference(one, other)[0] > 2
    assert difference(one, other)[1] > 0.005
    assert difference(one, Image.new("RGB", one.size, "#fff"))[1] > 0.02
