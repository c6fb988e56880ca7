"""A brief saved as one types, in a real browser: a lost line, two people at once, keyboard, phone, and no script at all."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from briefs.models import Brief
from clients.models import Client
from tests.browser.checks import what_axe_finds
from tests.records import a_brief

pytestmark = pytest.mark.browser
WORDS = "Thin, and full of rye — 黑麦."


@pytest.fixture
def brief(agency):
    return a_brief(Client.objects.get(code="HRB"), agency.jonas)


@pytest.fixture
def writing(visit, brief):
    """writing("jonas") → the page on which somebody writes the brief."""

    def enter(name, **how):
        page = visit(name, **how)
        page.goto(reverse("brief_edit", args=[brief.pk]))
        return page

    return enter


def box(page, name):
    return page.locator(f"[name={name}]")


def says(page, words):
    expect(page.locator("saved-line")).to_have_text(re.compile(words), timeout=15_000)


def saved(page):
    """Everything is kept, and the line says so."""
    expect(page.locator("saved-line")).to_have_attribute("data-how", "kept", timeout=15_000)
    expect(page.locator("[data-open]")).to_have_count(0)


def nothing_is_left_in(page):
    """Whether the browser keeps no words any more, in a moment at the latest."""
    for _try in range(50):
        if page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('accord-words:')).length") == 0:
            return True
        page.wait_for_timeout(100)
    return False


def kept(brief):
    return Brief.objects.get(pk=brief.pk)


def test_what_is_typed_is_saved_and_the_page_follows_without_losing_the_focus(writing, brief):
    page = writing("jonas")
    box(page, "message").press_sequentially(WORDS)
    saved(page)  # typing has rested
    says(page, r"^Saved \d\d:\d\d$")
    expect(box(page, "message")).to_be_focused()
    assert kept(brief).message == WORDS
    expect(page.locator("[data-part=block-E]")).to_have_text(re.compile("100 %"))
    expect(page.locator(".asking__figure")).to_have_text("90 %")
    expect(page.locator("#ask-message .ask__stands")).to_have_text("known")
    page.get_by_text("More to ask (8)").click()
    box(page, "price").fill("3.90")
    page.keyboard.press("Tab")  # left: saved at once
    saved(page)
    expect(page.locator("#ask-price .ask__stands")).to_have_text("known")
    assert kept(brief).price == "3.90"
    assert what_axe_finds(page) == []


def test_a_fault_is_told_beside_its_box_until_it_is_mended(writing, brief):
    page = writing("jonas")
    box(page, "budget_amount").fill("-5")
    page.keyboard.press("Tab")
    says(page, "something has to be mended")
    expect(page.locator("#ask-budget_amount .field__error")).to_contain_text("greater than or equal to 0.01")
    box(page, "message").fill(WORDS)
    page.keyboard.press("Tab")
    expect(page.locator("#ask-message .ask__stands")).to_have_text("known")
    assert kept(brief).message == WORDS
    box(page, "budget_amount").fill("70000")
    page.keyboard.press("Tab")
    saved(page)
    expect(page.locator("#ask-budget_amount .field__error")).to_be_hidden()
    assert kept(brief).budget_amount == 70000


def test_without_a_line_the_words_stay_in_the_browser_and_go_when_it_is_back(writing, brief):
    page = writing("jonas")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')) }")
    box(page, "message").fill(WORDS)
    page.keyboard.press("Tab")
    says(page, "no connection")
    assert kept(brief).message == ""
    page.on("dialog", lambda dialog: dialog.accept())  # leaving with something unsaved asks first
    page.reload()
    expect(box(page, "message")).to_have_value(WORDS)
    saved(page)
    assert kept(brief).message == WORDS
    assert nothing_is_left_in(page)


def test_leaving_asks_only_while_something_is_really_not_saved(writing, brief):
    page, asked = writing("jonas"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    box(page, "message").fill(WORDS)
    page.get_by_role("link", name="To the brief").click()
    page.wait_for_url(re.compile(rf"/briefs/{brief.pk}/$"))
    page.reload()  # the last words may have come after the page
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert asked == []


def test_two_people_write_at_once_and_nothing_of_either_is_lost(writing, brief):
    jonas, marta = writing("jonas"), writing("marta")
    box(marta, "message").fill("Marta was first")
    box(marta, "market_plan").fill("Fifty thousand packs.")
    marta.keyboard.press("Tab")
    saved(marta)
    box(jonas, "message").fill("Jonas came second")
    jonas.keyboard.press("Tab")
    says(jonas, "two of you")
    question = jonas.locator("#ask-message")
    expect(question.get_by_text("Marta was first")).to_be_visible()
    expect(box(jonas, "message")).to_have_value("Jonas came second")
    expect(box(jonas, "market_plan")).to_have_value("Fifty thousand packs.")  # hers, where he had not written
    expect(jonas.locator("#ask-market_plan")).to_contain_text("Marta Kowalska has changed this answer.")
    assert what_axe_finds(jonas) == []
    question.get_by_role("button", name="Keep mine").click()
    saved(jonas)
    assert kept(brief).message == "Jonas came second"
    box(marta, "message").fill("Marta again")
    marta.keyboard.press("Tab")
    marta.locator("#ask-message").get_by_role("button", name="Take theirs").click()
    expect(box(marta, "message")).to_have_value("Jonas came second")
    box(marta, "market_situation").fill("Three rivals.")
    marta.keyboard.press("Tab")
    saved(marta)
    assert (kept(brief).message, kept(brief).market_plan) == ("Jonas came second", "Fifty thousand packs.")


def test_whoever_is_logged_out_meanwhile_presses_save_and_finds_every_word(writing, brief):
    page = writing("jonas")
    box(page, "market_plan").fill(WORDS)
    Session.objects.all().delete()
    page.keyboard.press("Tab")
    says(page, "you have been logged out")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("[name=login]").fill("jonas")
    page.locator("[name=password]").fill("accord-demo")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("textarea[name=market_plan]")).to_have_value(WORDS)
    page.get_by_role("button", name="Send it again").click()
    expect(page).to_have_url(re.compile(rf"/briefs/{brief.pk}/$"))
    assert kept(brief).market_plan == WORDS


def test_rows_are_added_by_keyboard_and_saved(writing, brief):
    page = writing("jonas")
    box(page, "deliverables-0-what").fill("Poster")
    add = page.get_by_role("button", name=re.compile("Add a row.*Deliverables"))
    add.focus()
    page.keyboard.press("Enter")
    expect(box(page, "deliverables-2-what")).to_be_focused()
    page.keyboard.type("Leaflet")
    page.keyboard.press("Tab")
    add.focus()
    page.locator("#ask-launch_on summary").focus()
    saved(page)
    assert [row["what"] for row in kept(brief).deliverables] == ["Poster", "Leaflet"]


def test_whoever_logs_out_leaves_no_words_behind(writing, brief):
    page = writing("jonas")
    page.evaluate("sessionStorage.setItem('accord-words:1:1', '[]')")
    page.goto("/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert nothing_is_left_in(page)


def test_without_script_on_a_phone_everything_is_there_and_saved_with_the_button(writing, brief):
    page = writing("jonas", scripts=False, width=390)
    page.get_by_text("More to ask (8)").click()
    box(page, "price").fill("3.90")
    box(page, "deliverables-0-what").fill("Poster")
    page.locator("#ask-price .ask__mark summary").click()
    page.locator("#ask-price").get_by_label("Our guess").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("3.90")).to_be_visible()
    assert (kept(brief).price, kept(brief).mark_of("price")) == ("3.90", "guess")
    assert kept(brief).deliverables == [{"what": "Poster", "format": "", "number": ""}]
