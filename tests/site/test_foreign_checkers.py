"""What others say of the site: the Nu HTML checker of every page, a browser that draws every badge, a program that
finds embeds by oEmbed. Minutes.
"""  # noqa: D205  # one sentence

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import made_content as made
import pytest
from lxml import etree
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.slow

CHECKERS = Path(__file__).parents[1] / "checkers"
CONSUMER = CHECKERS / "node_modules/@extractus/oembed-extractor"
JAR = CHECKERS / "node_modules/vnu-jar/build/dist/vnu.jar"
CHROMIUM = os.environ.get("VIJF_CHROMIUM", "/usr/bin/chromium")
# For each line of a badge, drawn as outlines or as text: where it is, in the badge's own pixels.
BOXES = """() => [...document.querySelectorAll("svg > g, svg > text")].map((line) => {
  const { left, right, top, bottom } = line.getBoundingClientRect();
  return { left, right, top, bottom };
})"""


def missing(what):
    """A machine without a checker may skip it; CI may not."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def install(what):
    """Have the checker whose file or folder this is."""
    if not what.exists():
        subprocess.run(["npm", "--prefix", str(CHECKERS), "ci", "--silent", "--no-audit", "--no-fund"], check=True)


@pytest.fixture(scope="module")
def checker():
    """The command of the Nu HTML checker."""
    if not shutil.which("java"):
        missing("java")
    install(JAR)
    return ["java", "-jar", str(JAR), "--errors-only", "--format", "json", "--stdout", "--exit-zero-always"]


@pytest.mark.parametrize("name", ["demo", "everything", "hostile", "one language", "no shops"])
def test_the_html_checker_finds_no_error(checker, demo, shape, name):
    """Every page is valid HTML, its style sheet valid CSS, whatever stands in it."""
    site = demo if name == "demo" else shape(name)
    done = subprocess.run([*checker, "--skip-non-html", str(site.root)], capture_output=True, text=True, check=True)
    messages = json.loads(done.stdout)["messages"]
    assert [(m["url"].partition("/site/")[2], m.get("lastLine"), m["message"]) for m in messages][:20] == []


def test_the_html_checker_would_find_an_error(checker, tmp_path):
    """The checker runs and sees faults: a page with an unknown attribute and a stray end tag."""
    (tmp_path / "x.html").write_text("<!doctype html><html lang=en><title>x</title><p style>x</div>", encoding="utf-8")
    done = subprocess.run([*checker, "--skip-non-html", str(tmp_path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["messages"]


@pytest.fixture(scope="module")
def canvas():
    """A browser page to draw badges in, without background."""
    if not Path(CHROMIUM).exists():
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 340, "height": 80})
        browser.close()


@pytest.mark.parametrize("name", ["demo", "everything", "hostile"])
def test_badges_are_well_formed_and_their_texts_stay_inside(canvas, demo, shape, name):
    """Each badge is XML of its own size; as drawn, no text leaves the frame, whatever its words and language."""
    site = demo if name == "demo" else shape(name)
    outside = []
    for path in sorted(path for path in site.files if "/badge" in path and path.endswith(".svg")):
        badge = etree.fromstring(site.bytes(path))
        width, height = int(badge.get("width")), int(badge.get("height"))
        assert badge.get("viewBox") == f"0 0 {width} {height}"
        canvas.goto((site.root / path).as_uri())
        boxes = canvas.evaluate(BOXES)
        assert boxes
        outside += [(path, box) for box in boxes if min(box["left"], box["top"]) < 0]
        outside += [(path, box) for box in boxes if box["right"] > width - 1 or box["bottom"] > height]
    assert outside == []


@pytest.mark.parametrize("form", ["badge.nl", "badge-wide.nl", "badge.en-dark", "badge-wide.en-dark"])
def test_outside_its_rounded_frame_a_badge_is_transparent(canvas, demo, form):
    """The corners of a badge are see-through, so that it suits any page; its middle isn't."""
    canvas.goto("about:blank")
    canvas.set_content(f'<body style="margin:0;background:#f0f">{demo.text(f"v1/de-ketting/{form}.svg")}</body>')
    canvas.evaluate("document.documentElement.style.background = '#f0f'")
    box = canvas.locator("svg").first.bounding_box()
    shot = canvas.screenshot(clip=box)
    colours = canvas.evaluate(
        """async (data) => {
          const image = new Image(); image.src = "data:image/png;base64," + data; await image.decode();
          const drawing = new OffscreenCanvas(image.width, image.height).getContext("2d");
          drawing.drawImage(image, 0, 0);
          const at = (x, y) => [...drawing.getImageData(x, y, 1, 1).data].slice(0, 3).join();
          const right = image.width - 1, bottom = image.height - 1;
          return [at(0, 0), at(right, 0), at(0, bottom), at(right, bottom), at(right >> 1, 3)];
        }""",
        base64.b64encode(shot).decode(),
    )
    assert colours[:4] == ["255,0,255"] * 4
    assert colours[4] != "255,0,255"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_program_that_knows_oembed_finds_the_frame_of_a_page(tmp_path, language):
    """Given nothing but the address of a shop's page, a foreign library discovers and reads its embed."""
    install(CONSUMER)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        made.build(tmp_path, made.everything(url=url))
        code = f"""
            import {{ extract }} from "@extractus/oembed-extractor";
            console.log(JSON.stringify(await extract("{url}/{language}/veel/")));
        """
        command = ["node", "--input-type=module", "--eval", code]
        done = subprocess.run(command, cwd=CHECKERS, capture_output=True, text=True, check=False)
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["method"], found["type"], found["version"]) == ("auto-discovery", "rich", "1.0")
    assert (found["width"], found["height"], found["author_name"]) == (600, 260, "Veel & Meer")
    assert f'src="{url}/v1/veel/frame.{language}.html"' in found["html"]
