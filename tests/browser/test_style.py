"""The page of parts is the reference: nothing overlaps or sticks out, dark is light in other colours, and each part looks as
in its picture (docs/decisions/08-pictures.md). `make style` makes the pictures anew after a change that was meant."""

import io
import os

import pytest
import time_machine
from django.conf import settings
from PIL import Image, ImageChops

from agency.style import PARTS
from tests.browser.house import look
from tests.conftest import MONDAY

pytestmark = pytest.mark.browser

FOLDER = settings.BASE_DIR / "tests/browser/style"
MADE_WITH = FOLDER / "made-with.txt"
ANEW = os.environ.get("NEW_PICTURES") == "1"
SCALE, CELL, SLACK = 6, 3, 24  # pictures are a sixth; their means over 3 × 3 dots may differ by so much of 255

# Text is where its letters are: links reach above and below their line, and bars and marks lie on purpose on others.
FAULTS = """(show) => {
  const room = show.getBoundingClientRect(), found = [], words = [];
  const walker = document.createTreeWalker(show, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.textContent.trim() || !holder.checkVisibility() || holder.closest("svg, .unseen, .stamp, option, .list thead"))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) words.push([node.textContent.trim().slice(0, 30), box]);
  }
  for (const [word, { left, right, bottom }] of words)
    if (left < room.left - 1 || right > room.right + 1 || bottom > room.bottom + 1) found.push(`“${word}” sticks out`);
  words.forEach(([word, a], at) => {
    for (const [other, b] of words.slice(at + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 5) found.push(`“${word}” lies on “${other}”`);
    }
  });
  return found;
}"""
BOXES = """(show) => [...show.querySelectorAll(":scope > :not(.part__theme), :scope > :not(.part__theme) *")]
  .map((it) => it.getBoundingClientRect())
  .filter((box) => box.width && box.height)
  .map((box) => [box.left - show.getBoundingClientRect().left, box.width, box.height].map(Math.round).join(" "))"""
HAND = """() => ["system-ui", "Georgia, serif", "monospace", ...["--desk", "--paper", "--mono"].map((name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name))].map((family) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `100px ${family}`;
    return pen.measureText("Hamburgefonstiv 0123456789").width.toFixed(1);
  }).join(" ")"""
RED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".btn--primary { background: rgb(200 0 0); }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(scope="module")
def style(furnished):
    """The page of parts on the Monday on which its pictures were made: longer names of days would break other lines."""
    with time_machine.travel(MONDAY, tick=False):
        return furnished.visit("style", "jonas")


@pytest.mark.parametrize("width", [390, 1440])
def test_in_no_part_does_anything_overlap_or_stick_out(style, width):
    look(style, theme="light", width=width)
    shows = style.locator(".part__show").all()
    assert len(shows) == 2 * len(PARTS)
    assert [fault for show in shows for fault in show.evaluate(FAULTS)] == []


@pytest.mark.parametrize("name", PARTS)
def test_dark_is_light_in_other_colours(style, name):
    light, dark = style.locator(f"section#{name} .part__show").all()
    assert light.evaluate(BOXES) == dark.evaluate(BOXES)
    assert brightness(picture(light)) > 150 > 90 > brightness(picture(dark))


@pytest.mark.parametrize("name", PARTS)
def test_every_part_looks_as_in_its_picture(style, name):
    drawn = picture(style.locator(f"section#{name} .part__pair"))
    if ANEW:
        keep(name, drawn, hand(style))
    elif MADE_WITH.read_text() == hand(style):
        assert difference(drawn, Image.open(FOLDER / f"{name}.png")) <= SLACK
    else:
        print("These pictures were drawn by another browser or with other fonts, so they are not compared.")


def test_a_button_of_another_colour_is_noticed(house):
    style = house.visit("style", "jonas")
    before = picture(style.locator("section#buttons .part__pair"))
    style.evaluate(RED)
    assert difference(picture(style.locator("section#buttons .part__pair")), before) > SLACK


def test_every_part_has_its_picture_and_no_picture_is_left_over():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PARTS)


def picture(place):
    """The place as a small picture."""
    whole = Image.open(io.BytesIO(place.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    return whole.resize((whole.width // SCALE, whole.height // SCALE), Image.Resampling.BOX)


def keep(name, drawn, by):
    FOLDER.mkdir(exist_ok=True)
    drawn.save(FOLDER / f"{name}.png", optimize=True)
    MADE_WITH.write_text(by)


def difference(drawn, kept):
    """By how much of 255 the two differ where they differ most; pictures of different height are wholly different."""
    if abs(drawn.height - kept.height) > 2 or abs(drawn.width - kept.width) > 2:
        return 255
    size = (min(drawn.width, kept.width), min(drawn.height, kept.height))
    one, other = (it.convert("RGB").crop((0, 0, *size)) for it in (drawn, kept))
    cells = ImageChops.difference(coarse(one), coarse(other))
    return max(most for _least, most in cells.getextrema())


def coarse(image):
    return image.resize((max(image.width // CELL, 1), max(image.height // CELL, 1)), Image.Resampling.BOX)


def brightness(image):
    return image.convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


def hand(page):
    """Who draws: the browser's version and how wide its fonts write."""
    major = page.context.browser.version.split(".")[0]
    return f"Chromium {major}, letters {page.evaluate(HAND)}\n"
