"""How the parts behave under the hand: dialogs, messages, and buttons whose form is on its way."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def style(house):
    return house.visit("style", "jonas")


def test_a_dialog_opens_and_closes_by_keyboard_and_gives_the_focus_back(style):
    opener = style.locator("section#dialog").get_by_role("button", name="Return …").first
    opener.focus()
    style.keyboard.press("Enter")
    question = style.get_by_role("dialog", name="Return version 3 to Felix Invented?")
    expect(question).to_be_visible()
    assert question.locator(":focus").count() == 1
    for _stop in range(8):
        style.keyboard.press("Tab")
        assert style.evaluate(
            "document.activeElement.closest('section.part') === null || !!document.activeElement.closest('dialog')"
        )
    style.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_dialog_can_be_left_by_its_cancel_button(style):
    style.locator("section#dialog").get_by_role("button", name="Return …").first.click()
    question = style.get_by_role("dialog")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()


def test_without_javascript_a_dialog_opens_in_place(house):
    page = house.tab("jonas", java_script_enabled=False).page
    page.goto(house.address("style"))
    part = page.locator("section#dialog .part__show").first
    expect(part.get_by_text("Return version 3 to Felix Invented?")).to_be_hidden()
    part.locator("summary", has_text="Return …").click()
    expect(part.get_by_text("Return version 3 to Felix Invented?")).to_be_visible()
    expect(part.get_by_role("button", name="Cancel")).to_have_count(0)


def test_a_message_takes_no_focus_stays_and_can_be_closed(style):
    assert style.evaluate("document.activeElement === document.body")
    messages = style.locator("section#notices closing-notice", has_text="The reason is missing")
    assert messages.locator("[role=alert]").count() == 2
    messages.first.get_by_role("button", name="Close this message").click()
    expect(messages).to_have_count(1)
    assert style.evaluate("document.activeElement.localName") == "main"


def test_a_form_on_its_way_says_so_and_is_not_sent_twice(style):
    sent = []

    def stay(route):
        sent.append(route.request.url)
        route.fulfill(status=204)

    style.route("**/style/?*", stay)
    form = style.locator("section#form form").first
    form.get_by_label("Title").fill("Crackers")
    form.get_by_label("the client").check()
    button = form.locator("button")
    button.click(no_wait_after=True)
    expect(button).to_have_text("Saving …")
    expect(button).to_have_attribute("aria-busy", "true")
    expect(style.locator("busy-buttons")).to_have_text("Saving …")
    button.click(no_wait_after=True)
    style.wait_for_timeout(200)
    assert len(sent) == 1
    style.unroute_all()
