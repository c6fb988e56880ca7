"""Placing a pin on the photo of a sample: by a press, by figures, on a desk and on a telephone (SAL3)."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models.attachment import attach, attachments_of
from desk.demo.samples import drawn
from tests.browser.house import WIDTHS
from tests.conftest import MONDAY


@pytest.fixture
def address(house):
    """The checklist of a sample with a photo."""
    sample = house.world["came"]
    if not attachments_of(sample).exists():
        with time_machine.travel(MONDAY, tick=False):
            attach(sample, SimpleUploadedFile("poster.png", drawn("8 to 13")), by=house.cast.jonas)
    return reverse("sample_check", args=[sample.pk])


def figures(row):
    return [row.locator(f"[name^='{part}-']").input_value() for part in ("across", "down")]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_press_on_the_photo_sets_the_pin_of_the_row_that_was_chosen(house, address, width):
    page = house.visit(address, "jonas", width=width)
    first, second = page.locator("li.checking__row").nth(3), page.locator("li.checking__row").nth(7)
    first.locator("summary").click()
    second.locator("summary").click()
    page.wait_for_function("document.querySelectorAll('.checking__pin[open]').length === 1")
    frame = page.locator(".pinned__frame").first
    box = frame.locator("img").bounding_box()
    frame.click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    assert figures(first) == ["", ""]
    across, down = (float(figure) for figure in figures(second))
    assert abs(across - 50) < 2 and abs(down - 25) < 2
    pin = page.locator(f".pin[data-row='{second.get_attribute('data-row')}']")
    assert pin.get_attribute("x") == f"{figures(second)[0]}%"
    second.locator("[name^='down-']").fill("90")
    assert pin.get_attribute("y") == "90%"
    second.locator("select").select_option("")
    assert pin.count() == 0, "without a photo there is no pin"


def test_the_checklist_is_answered_by_keyboard_alone(house, address):
    page = house.visit(address, "jonas")
    page.locator("li.checking__row input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    row = page.locator("li.checking__row").first
    assert row.locator("input[value=fail]").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Two millimetres short.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert row.locator("details[open]").count() == 1
    assert row.locator("textarea").input_value() == "Two millimetres short."
