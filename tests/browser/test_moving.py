"""A bar is dragged along its lane, by mouse, finger or arrow keys: nothing has moved before the preview is confirmed (COO6)."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from agency.workdays import calendar
from campaigns.models import Step

pytestmark = pytest.mark.browser

JOB = "HRB-26-014"
CHART = f"/campaigns/{JOB}/schedule/"


@pytest.fixture
def step(agency):
    """An open step of Sunday Loaf that begins after today."""
    return Step.objects.filter(campaign__job_number=JOB, state="planned").order_by("position").first()


def bar(page, step):
    return page.locator(f'[data-move="/steps/{step.pk}/rearrange/"]').first


def day_asked(page):
    page.wait_for_url(re.compile(r"/rearrange/\?to_start="))
    return date.fromisoformat(page.url.partition("to_start=")[2])


def drag(page, step, days, *, drop=True):
    """Take the bar and draw it so many working days to the right."""
    it = bar(page, step)
    it.scroll_into_view_if_needed()
    box, lane = it.bounding_box(), it.locator("xpath=ancestor::*[contains(@class,'lane')][1]").bounding_box()
    whole = int(page.locator("moving-bars").get_attribute("data-days"))
    x, y = box["x"] + min(5, box["width"] / 2), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * lane["width"] / whole, y, steps=6)
    if drop:
        page.mouse.up()


def workdays_later(day, n):
    return calendar().add(day, n)


def test_a_bar_that_is_let_go_leads_to_the_preview_and_nothing_has_moved(visit, step):
    page = visit("mei")
    page.goto(CHART)
    drag(page, step, 5)
    asked = day_asked(page)
    assert asked == workdays_later(step.starts_on, 5)
    expect(page.get_by_label("New first day")).to_have_value(asked.isoformat())
    assert Step.objects.get(pk=step.pk).starts_on == step.starts_on


def test_while_it_is_dragged_the_day_is_told_and_escape_gives_up(visit, step):
    page = visit("mei")
    page.goto(CHART)
    drag(page, step, 5, drop=False)
    expect(page.locator(".bar--moving")).to_have_count(1)
    expect(page.locator("moving-bars output")).to_contain_text(re.compile(r"To begin on \w{3}, \d+ \w+ 202\d"))
    bar(page, step).dispatch_event("keydown", {"key": "Escape"})
    expect(page.locator(".bar--moving")).to_have_count(0)
    page.mouse.up()
    assert page.url.endswith(CHART)


def test_arrow_keys_do_the_same(visit, step):
    page = visit("mei")
    page.goto(CHART)
    it = bar(page, step)
    it.focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    wanted = workdays_later(step.starts_on, 2)
    assert str(wanted.day) in it.get_attribute("aria-valuetext")
    page.keyboard.press("Enter")
    assert day_asked(page) == wanted


def test_an_arrow_passes_over_days_on_which_nobody_works(visit, step):
    page = visit("mei")
    page.goto(CHART)
    closed = page.locator("moving-bars").get_attribute("data-closed").split()
    it = bar(page, step)
    it.focus()
    for _press in range(30):
        page.keyboard.press("ArrowRight")
        assert it.get_attribute("aria-valuenow") not in closed


def test_on_the_board_a_bar_is_dragged_too_and_a_mere_click_opens_the_step(visit, step):
    page = visit("mei")
    page.goto("/schedule/?client=HRB")
    it = page.locator("moving-bars a [data-move]").first
    pk = int(it.get_attribute("data-move").split("/")[2])
    drag(page, Step.objects.get(pk=pk), 3)
    assert day_asked(page)
    page.goto("/schedule/?client=HRB")
    page.locator("moving-bars a:has([data-move])").first.click(position={"x": 3, "y": 5}, force=True)
    page.wait_for_url(f"**/steps/{pk}/")


def test_who_may_only_ask_is_led_to_asking_and_what_is_done_has_no_handle(visit, step):
    page = visit("jonas")
    page.goto(CHART)
    drag(page, step, 5)
    assert day_asked(page)
    expect(page.get_by_role("button", name="Ask the coordinator")).to_be_visible()
    page.goto(CHART)
    checked = Step.objects.filter(campaign__job_number=JOB, state="checked").first()
    expect(bar(page, checked)).to_have_count(0)


def test_without_scripts_the_step_leads_there(visit, step):
    page = visit("mei", scripts=False)
    page.goto(f"/steps/{step.pk}/")
    expect(page.get_by_role("link", name="Rearrange").first).to_have_attribute("href", f"/steps/{step.pk}/rearrange/")
