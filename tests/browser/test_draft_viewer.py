"""The page of a draft in a browser: a pin by mouse and by keyboard, close to, and two versions under a slider (DEP7)."""

import pytest
from django.urls import reverse

from approvals.models import Draft
from tests.browser.house import WIDTHS


@pytest.fixture
def strip(house):
    """The window strip of the demo agency: two versions, with copy."""
    return Draft.objects.get(client__code="HRB", deliverable__letter="B", state="review")


def place(page):
    return [page.locator(f"set-pin [name={name}]").input_value() for name in ("across", "down", "wide", "high")]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_press_sets_a_pin_and_a_drag_draws_a_box(house, strip, width):
    page = house.visit(strip.get_absolute_url(), "marta", width=width)
    frame = page.locator(".artwork .pinned__frame").first
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    frame.click(position={"x": box["width"] / 4, "y": box["height"] / 8})
    across, down, wide, high = place(page)
    assert abs(float(across) - 25) < 1 and abs(float(down) - 12.5) < 1 and (wide, high) == ("", "")
    assert page.evaluate("document.activeElement.name") == "words"
    page.evaluate("document.querySelector('.artwork .pinned__frame').scrollIntoView()")
    box = frame.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.3)
    page.mouse.up()
    assert all(abs(float(is_at) - wanted) < 1 for is_at, wanted in zip(place(page), (20, 20, 30, 10), strict=True))


def test_a_pin_is_set_moved_and_written_to_by_keyboard_alone(house, strip):
    page = house.visit(strip.get_absolute_url(), "marta")
    page.locator(".artwork .pinned__frame").first.focus()
    for key in ("p", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert place(page) == ["51", "45", "", ""]
    assert page.locator(".artwork .pin[data-state=risk]").get_attribute("x") == "51%"
    page.keyboard.press("Enter")
    page.keyboard.type("Up 4 mm.")
    assert page.locator("set-pin textarea").input_value() == "Up 4 mm."


def test_one_goes_close_to_the_artwork_and_back(house, strip):
    page = house.visit(strip.get_absolute_url(), "marta")
    frame = page.locator(".artwork .pinned__frame").first
    whole = frame.bounding_box()["width"]
    frame.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert abs(frame.bounding_box()["width"] / whole - 2) < 0.05
    page.get_by_role("button", name="Whole page").click()
    assert abs(frame.bounding_box()["width"] - whole) < 2
    page.get_by_role("button", name="Pins").click()
    assert not page.locator(".artwork .pin").first.is_visible()


def test_a_line_of_copy_is_chosen_by_its_plus(house, strip):
    page = house.visit(strip.get_absolute_url(), "marta")
    page.get_by_role("link", name="Comment on line 2").click()
    assert page.locator("set-pin [name=line]").input_value() == "2"
    page = house.visit(f"{strip.get_absolute_url()}?line=3", "marta")
    assert page.locator("set-pin [name=line]").input_value() == "3", "without JavaScript the address says it"


def test_the_slider_is_moved_by_keyboard_and_by_a_press(house, strip):
    page = house.visit(f"{reverse('draft_compare', args=[strip.pk])}?way=slider", "marta")
    slider, both = page.locator("compare-slider"), page.locator(".slider__both")
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    assert slider.evaluate("(it) => it.style.getPropertyValue('--cut')") == "51%"
    both.click(position={"x": both.bounding_box()["width"] * 0.25, "y": 40})
    assert page.locator("input[type=range]").input_value() == "25"
