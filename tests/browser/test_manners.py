"""Manners in a real browser: nothing typed is lost, what was done can be undone, and the focus is where the eyes are."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from briefs.models import Brief
from clients.models import Client
from reminders.models import Notice
from tests.browser.checks import what_axe_finds
from tests.records import a_brief

pytestmark = pytest.mark.browser
WORDS = "Baked on stone, <b>thin</b>.\nSold since 1904 — 黑麦."


@pytest.fixture
def brief(agency):
    return a_brief(Client.objects.get(code="HRB"), agency.jonas)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_whoever_is_logged_out_while_writing_finds_every_word_and_saves(visit, brief, scripts):
    page = visit("jonas", scripts=scripts)
    page.goto(reverse("brief_edit", args=[brief.pk]))
    page.locator("[name=product_knowledge]").fill(WORDS)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("nothing of it is lost")).to_be_visible()
    assert what_axe_finds(page) == [] if scripts else True
    page.locator("[name=login]").fill("jonas")
    page.locator("[name=password]").fill("accord-demo")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("textarea[name=product_knowledge]")).to_have_value(WORDS)
    assert what_axe_finds(page) == [] if scripts else True
    page.get_by_role("button", name="Send it again").click()
    expect(page).to_have_url(page.url.partition("/briefs/")[0] + brief.get_absolute_url())
    assert Brief.objects.get(pk=brief.pk).product_knowledge == WORDS


def test_a_form_older_than_the_login_in_another_tab_is_sent_again(visit, brief):
    page = visit("jonas")
    page.goto(reverse("brief_edit", args=[brief.pk]))
    page.locator("[name=product_knowledge]").fill(WORDS)
    other = page.context.new_page()
    other.goto("/logout/")
    other.get_by_role("main").get_by_role("button", name="Log out").click()
    other.locator("[name=login]").fill("jonas")
    other.locator("[name=password]").fill("accord-demo")
    other.get_by_role("button", name="Log in").click()
    other.wait_for_url("**/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="This page was older than your login")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("h1")).to_contain_text("Rye crackers")
    assert Brief.objects.get(pk=brief.pk).product_knowledge == WORDS


def test_after_a_move_the_focus_is_at_what_was_done_and_the_next_stop_takes_it_back(visit, brief):
    page = visit("jonas")
    page.goto(brief.get_absolute_url())
    page.get_by_role("button", name="Submit for acceptance").click()
    expect(page.locator(".messages")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Taken back: Submit for acceptance.")).to_be_visible()
    assert Brief.objects.get(pk=brief.pk).state == "draft"


def test_a_notice_is_seen_in_place_and_the_focus_stays_in_its_line(visit, brief, agency):
    brief.submit(by=agency.jonas)
    page = visit("marta")
    page.goto(reverse("notices"))
    notice = Notice.objects.visible_to(agency.marta).about(brief).get()
    button = page.locator(f"#seen-{notice.pk}")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Not seen")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Seen")
    expect(button).to_be_focused()
    assert not page.url.endswith("/seen/")


def test_a_notice_seen_without_a_session_leads_the_whole_page_to_the_login_and_back(visit, brief, agency):
    brief.submit(by=agency.jonas)
    page = visit("marta")
    page.goto(reverse("notices"))
    Session.objects.all().delete()
    page.get_by_role("button", name="Seen", exact=True).first.click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert page.locator(".rail").count() == 0
    page.locator("[name=login]").fill("marta")
    page.locator("[name=password]").fill("accord-demo")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/notices/")


def test_the_first_stop_of_a_page_is_the_way_past_the_frame(visit, brief):
    page = visit("jonas")
    page.goto(brief.get_absolute_url())
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
