"""The main job, from brief to evaluation, by seven people at seven browsers (one test, because it is one thread)."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BLOCKS = {
    "Product knowledge": "Rye crackers, thin, baked on stone.",
    "Market situation": "Two rivals, a growing shelf.",
    "Advertising budget": "Media, production and fee until June.",
    "Market plan": "Forty thousand packs a month by autumn.",
}


def press(page, name):
    """Press a button; when a reason is asked, the button that opens the question has the same name with an ellipsis."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def with_a_reason(page, move, reason):
    more = page.locator("main summary", has_text="More")
    opener = page.locator("details.reason > summary", has_text=move)
    if not opener.is_visible():
        more.first.click()
    opener.click()
    form = page.locator("details.reason[open] form")
    form.get_by_label("Reason").fill(reason)
    form.get_by_role("button", name=move).click()
    page.wait_for_load_state()


def says(page, text):
    expect(page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_main_job_from_brief_to_evaluation(visit, scripts):
    how = {"scripts": scripts}
    brief = a_salesman_takes_and_submits_a_brief(visit("jonas", **how))
    the_director_returns_and_then_accepts_it(visit, brief, how)
    campaign = the_director_opens_a_campaign_and_submits_its_plan(visit("marta", **how))
    the_supervisor_agrees_the_plan(visit("omar", **how), campaign)
    step = the_coordinator_makes_the_schedule(visit("mei", **how), campaign)
    the_coordinator_rearranges_and_checks(visit, step, how)
    the_minister_hands_the_client_over(visit, campaign, how)
    the_minister_evaluates_the_salesman(visit, how)


def a_salesman_takes_and_submits_a_brief(page):
    assert re.findall(r"VOL|MER|TER|GRE", page.locator("main").inner_text()) == []
    page.goto("/briefs/new/")
    assert set(page.get_by_label("Client", exact=True).locator("option").all_inner_texts()) >= {"HRB Hollin & Rye Bakeries"}
    page.get_by_label("Client", exact=True).select_option("HRB")
    page.get_by_label("Title").fill("Rye crackers")
    page.get_by_role("radio", name="Small job").check()
    press(page, "Open the brief")
    for label, text in BLOCKS.items():
        page.get_by_role("textbox", name=label).fill(text)
    press(page, "Save and submit")
    says(page, "Fill the four blocks and name a budget figure")
    for label, text in BLOCKS.items():
        expect(page.get_by_role("textbox", name=label)).to_have_value(text)
    page.get_by_label("Budget figure").fill("60000")
    press(page, "Save and submit")
    says(page, "Awaiting acceptance")
    expect(page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    return page.url


def the_director_returns_and_then_accepts_it(visit, brief, how):
    marta, jonas = visit("marta", **how), visit("jonas", **how)
    says(marta, "Rye crackers")
    marta.goto(brief)
    with_a_reason(marta, "Return with a reason", "Which shops?")
    jonas.goto(brief)
    says(jonas, "Which shops?")
    press(jonas, "Submit for acceptance")
    marta.goto(brief)
    with_a_reason(marta, "Accept without playback", "Read out by telephone.")
    says(marta, "Accepted")
    assert visit("lucia", **how).goto(brief).status == 404


def the_director_opens_a_campaign_and_submits_its_plan(page):
    page.goto("/campaigns/new/")
    page.get_by_label("Intake brief").select_option(label="HRB Rye crackers")
    page.get_by_label("Name").fill("Crackers in spring")
    press(page, "Open the campaign")
    page.goto(page.url if "/plan/" in page.url else page.url + "plan/edit/")
    page.get_by_label(re.compile("^Objectives")).fill("Known to one in five.")
    page.get_by_label(re.compile("^Strategy")).fill("Posters near shops.")
    page.get_by_label(re.compile("^Budget")).fill("60000")
    press(page, "Save")
    an_estimate_of_one_line(page)
    press(page, "Submit the plan")
    says(page, "Under study")
    expect(page.get_by_role("button", name="Agree inside")).to_have_count(0)
    assert re.search(r"/campaigns/HRB-\d\d-015/$", page.url), page.url
    return page.url


def an_estimate_of_one_line(page):
    follow(page, "Estimate")
    page.get_by_role("link", name="Add a line").first.click()
    page.get_by_label("Kind").select_option("creative")
    page.get_by_label("What", exact=True).fill("Idea and layouts")
    page.get_by_label("Price of one, before tax").fill("12000")
    press(page, "Save")
    says(page, "12,000.00")
    follow(page, "The plan")


def the_supervisor_agrees_the_plan(page, campaign):
    page.goto(campaign)
    press(page, "Agree inside")
    says(page, "Agreed inside")


def the_coordinator_makes_the_schedule(page, campaign):
    page.goto(campaign + "schedule/make/")
    page.get_by_label("Template").select_option("print")
    page.get_by_role("textbox", name="Day").fill("2026-11-23")
    press(page, "Make the schedule")
    page.goto(campaign + "schedule/")
    follow(page, "Take intake brief, check completeness")
    step = page.url
    page.goto("/schedule/")
    says(page, "Late")
    page.goto("/schedule/?client=HRB")
    says(page, "Take intake brief, check completeness")
    return step


def the_coordinator_rearranges_and_checks(visit, step, how):
    page = visit("mei", **how)
    page.goto(step + "rearrange/")
    page.get_by_label("New first day").fill("2026-11-25")
    page.get_by_label("Reason").fill("The client asked for two days.")
    press(page, "Show what would move")
    page.get_by_role("button", name=re.compile(r"^Move \d+ steps$")).click()
    says(page, "Wed 25 Nov")
    press(page, "Start")
    press(page, "Report done")
    marta = visit("marta", **how)
    marta.goto(step)
    press(marta, "Take over")
    page.goto(step)
    press(page, "Check")
    says(page, "Checked")


def the_minister_hands_the_client_over(visit, campaign, how):
    page, marta, lucia = visit("helena", **how), visit("marta", **how), visit("lucia", **how)
    page.goto("/clients/HRB/assign/")
    page.get_by_label("Seat").select_option("director")
    page.get_by_label("Person").select_option(label="Lucia Ferrer, Account Director")
    page.get_by_label("Hand-over note").fill("Sunday Loaf is on press.")
    press(page, "Assign")
    assert marta.goto(campaign).status == 404
    assert lucia.goto(campaign).status == 200


def the_minister_evaluates_the_salesman(visit, how):
    page = visit("helena", **how)
    page.goto("/people/jonas/evaluate/")
    page.get_by_label("From").fill("2026-07-01")
    page.get_by_label("To", exact=True).fill("2026-09-30")
    first = page.locator("fieldset", has_text="Criterion 1")
    first.get_by_label("Criterion").fill("Contact with clients")
    first.get_by_label("Score").select_option("4")
    first.get_by_label("Evidence").fill("The bakery asks for him by name.")
    press(page, "Save draft")
    evaluation = page.url.removesuffix("edit/")
    page.goto(evaluation)
    press(page, "Sign and hand over")
    jonas = visit("jonas", **how)
    jonas.goto(evaluation)
    jonas.locator("textarea[name=comment]").fill("Thank you.")
    press(jonas, "Sign")
    says(jonas, "Signed by both")
    for stranger in ("omar", "tomas", "admin"):
        assert visit(stranger, **how).goto(evaluation).status == 404
