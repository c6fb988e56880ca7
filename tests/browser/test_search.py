"""The search box by keyboard alone, as you type; and without JavaScript, as a plain form."""

import pytest

from tests.browser.checks import what_axe_finds

pytestmark = pytest.mark.browser


def box(page):
    return page.get_by_role("combobox", name="Search clients, jobs, people")


def chosen(page):
    """What the arrows stand on, as a screen reader is told."""
    name = box(page).get_attribute("aria-activedescendant")
    return page.locator(f"#{name}").inner_text() if name else None


def test_a_job_is_opened_by_keyboard_alone(visit):
    page = visit("jonas")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("sunday loaf")
    page.wait_for_selector("[role=option]")
    assert box(page).get_attribute("aria-expanded") == "true"
    assert "result" in page.locator("search-box [role=status]").inner_text()
    page.keyboard.press("ArrowDown")
    assert "Sunday Loaf" in chosen(page) and "HRB-26-014" in chosen(page)
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/campaigns/HRB-26-014/")


def test_the_arrows_go_round_escape_closes_and_the_text_stays(visit):
    page = visit("jonas")
    page.keyboard.press("/")
    page.keyboard.type("loaf")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "All results on a page"
    page.keyboard.press("ArrowDown")
    assert "Sunday Loaf" in chosen(page)
    page.keyboard.press("Escape")
    assert (box(page).get_attribute("aria-expanded"), box(page).input_value(), chosen(page)) == ("false", "loaf", None)
    assert page.locator(".search__pop").is_hidden()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Tab")
    assert page.locator(".search__pop").is_hidden()


def test_enter_without_a_choice_goes_to_the_page_and_so_does_the_last_line(visit):
    page = visit("jonas")
    page.keyboard.press("/")
    page.keyboard.type("loaf")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=loaf")
    assert page.get_by_role("heading", name="Found for “loaf”").is_visible()
    assert box(page).input_value() == "loaf"


def test_the_slash_is_a_sign_where_somebody_writes(visit):
    page = visit("jonas")
    page.goto("/briefs/new/", wait_until="load")
    page.get_by_label("Title").fill("Autumn")
    page.get_by_label("Title").press("/")
    assert page.get_by_label("Title").input_value() == "Autumn/"


def test_only_the_last_answer_counts_and_one_letter_asks_nothing(visit):
    page, asked = visit("jonas"), []
    page.on("request", lambda request: asked.append(request.url) if "fragment=1" in request.url else None)
    page.keyboard.press("/")
    page.keyboard.type("z")
    page.wait_for_timeout(400)
    assert asked == []
    page.keyboard.type("ebra", delay=20)
    page.get_by_text("Nothing found.").wait_for()
    assert [url.split("q=")[1] for url in asked] == ["zebra"]
    assert page.locator("search-box [role=status]").inner_text() == "Nothing found"
    page.keyboard.press("Control+A")
    page.keyboard.type("loaf")
    page.wait_for_selector("[role=option]")


def test_the_mouse_may_be_used_too(visit):
    page = visit("jonas")
    box(page).fill("loaf")
    page.get_by_role("option", name="Sunday Loaf HRB-26-014").click()
    page.wait_for_url("**/campaigns/HRB-26-014/")


@pytest.mark.parametrize("width", [1440, 390])
def test_without_javascript_the_form_finds_the_same(visit, width):
    page = visit("jonas", scripts=False, width=width)
    page.get_by_role("searchbox", name="Search clients, jobs, people").fill("sunday loaf")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=sunday+loaf")
    page.get_by_role("link", name="Sunday Loaf HRB-26-014").click()
    page.wait_for_url("**/campaigns/HRB-26-014/")


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_of_the_frame_goes_beyond_the_edge(visit, width):
    page = visit("jonas", width=width)
    box(page).fill("loaf")
    page.wait_for_selector("[role=option]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.locator(".top__person").click()
    page.get_by_role("button", name="Dark").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Dark").click()
    page.wait_for_selector('html[data-theme="dark"]')


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_in_the_open_list_nor_in_the_open_menu(visit, width):
    page = visit("helena", width=width)
    box(page).fill("hrb")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    assert what_axe_finds(page) == []
    box(page).fill("zebra")
    page.get_by_text("Nothing found.").wait_for()
    assert what_axe_finds(page) == []
    page.locator(".top__person").click()
    assert what_axe_finds(page) == []
