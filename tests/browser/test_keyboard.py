"""The main job with a keyboard and no mouse: Tab, Enter, Space, letters. At every stop one sees where one is."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import what_hides_the_focus
from tests.browser.conftest import Visitor
from tests.browser.test_main_job import BLOCKS, says

pytestmark = pytest.mark.browser

NAME = """() => {
  const it = document.activeElement;
  return ((it.labels && it.labels[0]) || it).innerText.trim() || it.getAttribute("aria-label") || it.value || "";
}"""
FAR = 150  # nobody should have to press Tab that often


class Hands:
    """Somebody who uses the keyboard alone. Every stop of the focus is looked at."""

    def __init__(self, visitor, name):
        self.page = visitor.page
        self.page.goto("/login/", wait_until="load")
        self.write("E-mail or short name", name)
        self.write("Password", "accord-demo")
        self.press("Log in")

    def to(self, name, *, kind="*"):
        """Tab until the focus is on what is called so; kind: a selector it has to meet."""
        for _stop in range(FAR):
            self.page.keyboard.press("Tab")
            assert what_hides_the_focus(self.page) == ""
            if self.page.evaluate(NAME).startswith(name) and self.page.locator(f"{kind}:focus").count():
                return
        raise AssertionError(f"{name} cannot be reached on {self.page.url}")

    def press(self, name, key="Enter", kind=":is(button, a, input)"):
        self.to(name, kind=kind)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def open(self, name):
        """A menu, or the question that a move asks."""
        self.to(name, kind="summary")
        self.page.keyboard.press("Space")

    def write(self, label, text):
        self.to(label, kind=":is(input, textarea)")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label, first_letters):
        self.to(label, kind="select")
        self.page.keyboard.type(first_letters)


@pytest.fixture
def hands(chromium, live_server, agency):
    """hands("jonas") → somebody at a browser of his own who has logged in without a mouse."""
    visitors = []

    def enter(name):
        visitors.append(Visitor(chromium, live_server))
        return Hands(visitors[-1], name)

    yield enter
    for visitor in visitors:
        visitor.leave()
    assert [error for visitor in visitors for error in visitor.errors] == []


def test_the_main_job_by_keyboard_alone(hands):
    jonas, marta = hands("jonas"), hands("marta")
    a_salesman_submits_a_brief(jonas)
    the_director_accepts_it_and_opens_a_campaign(marta)
    the_supervisor_agrees_its_plan(hands("omar"))
    mei = hands("mei")
    the_coordinator_makes_its_schedule(mei)
    a_step_is_started_and_reported(mei)
    she_leaves_by_the_menu(marta)


def test_the_first_stop_leads_past_the_frame_and_escape_closes_a_menu(hands):
    jonas = hands("jonas")
    jonas.to("Skip to the page")
    jonas.page.keyboard.press("Enter")
    jonas.page.keyboard.press("Tab")
    assert jonas.page.locator("main :focus").count() == 1
    jonas.open("JW")
    expect(jonas.page.get_by_text("My settings")).to_be_visible()
    jonas.page.keyboard.press("Escape")
    expect(jonas.page.get_by_text("My settings")).to_be_hidden()
    assert jonas.page.locator("summary:focus").count() == 1


def a_salesman_submits_a_brief(jonas):
    jonas.press("Briefs")
    jonas.press("Take a brief")
    jonas.choose("Client", "HRB")
    jonas.write("Title", "Rye crackers")
    jonas.to("The whole brief", kind="input")
    jonas.page.keyboard.press("ArrowDown")
    jonas.press("Open the brief")
    for label, text in BLOCKS.items():
        jonas.write(label, text)
    jonas.write("Budget figure", "60000")
    jonas.press("Save and submit", key="Space")
    says(jonas.page, "Awaiting acceptance")


def the_director_accepts_it_and_opens_a_campaign(marta):
    marta.press("Briefs")
    marta.press("Rye crackers")
    marta.open("Accept without playback")
    marta.write("Reason", "Read out by telephone.")
    marta.press("Accept without playback", kind="button")
    says(marta.page, "Accepted")
    marta.press("Campaigns")
    marta.press("Open a campaign")
    marta.choose("Intake brief", "HRB Rye")
    marta.write("Name", "Crackers in spring")
    marta.press("Open the campaign")
    if "/plan/" not in marta.page.url:
        marta.press("Write the plan")
    marta.write("Objectives", "Known to one in five.")
    marta.write("Strategy", "Posters near shops.")
    marta.write("Budget", "60000")
    marta.press("Save", key="Space", kind="button[name=save]")
    marta.press("Estimate")
    marta.press("Add a line")
    marta.choose("Kind", "Creative")
    marta.write("What", "Idea and layouts")
    marta.write("Price of one", "12000")
    marta.press("Save", kind="button")
    marta.press("The plan")
    marta.press("Submit the plan")
    says(marta.page, "Under study")


def the_supervisor_agrees_its_plan(omar):
    omar.press("Campaigns")
    omar.press("Crackers in spring")
    omar.press("Agree inside")
    says(omar.page, "Agreed inside")


def the_coordinator_makes_its_schedule(mei):
    mei.press("Campaigns")
    mei.press("Crackers in spring")
    mei.press("Make the schedule")
    mei.choose("Template", "Print")
    mei.to("Day", kind="input")
    mei.page.keyboard.type("12122026")  # reads the same wherever the month comes first
    mei.press("Make the schedule")
    expect(mei.page).to_have_url(re.compile("/schedule/"))


def a_step_is_started_and_reported(mei):
    mei.press("Take intake brief, check completeness")
    mei.press("Start")
    says(mei.page, "In progress")
    mei.press("Report done", key="Space")
    says(mei.page, "Done")


def she_leaves_by_the_menu(marta):
    marta.open("MK")
    marta.press("Log out")
    expect(marta.page.get_by_role("button", name="Log in")).to_be_visible()
