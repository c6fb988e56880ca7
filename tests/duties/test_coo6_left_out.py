"""COO6: a step that was left out stays to be seen in its schedule, and nowhere else does anybody wait for it."""

from uuid import uuid4

import pytest

from campaigns.models import Rearrangement
from campaigns.reporting import reporting
from campaigns.templating import keep_as_template
from desk.feed import calendar_of
from tests.records import a_plan, a_schedule, an_accepted_brief

REASON = "The client has it in house."


@pytest.fixture
def campaign(cast, clients):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    a_schedule(campaign, cast.mei)
    return campaign


def left_out(step, by):
    return Rearrangement.make(step=step, kind="skip", reason=REASON, by=by, token=uuid4())


def test_a_template_made_of_the_schedule_has_no_step_that_was_left_out(cast, campaign, login):
    names = list(campaign.steps.order_by("position", "pk").values_list("name", flat=True))
    step = campaign.steps.get(name="Final artwork")
    left_out(step, cast.mei)
    page = login(cast.mei).get(f"/campaigns/{campaign.job_number}/schedule/template/")
    assert step not in page.context["steps"]
    template = keep_as_template(campaign, by=cast.mei, token=uuid4(), key="loaf", name="Loaf")
    assert list(template.steps.order_by("position").values_list("name", flat=True)) == [it for it in names if it != step.name]
    (behind,) = template.steps.filter(position=names.index(step.name) + 1)
    assert behind.links_before.exists()


def test_a_step_left_out_is_in_no_calendar_and_comes_back_into_it(cast, campaign):
    step = campaign.steps.get(name="Final artwork")
    step.give_to(by=cast.mei, person=cast.felix)
    uid = f"step-{step.pk}@".encode()
    assert uid in calendar_of(cast.felix)
    wish = left_out(step, cast.mei)
    assert uid not in calendar_of(cast.felix)
    wish.undo_carry_out(by=cast.mei)
    assert uid in calendar_of(cast.felix)


def test_a_campaign_whose_last_steps_were_left_out_owes_no_report_any_more(cast, campaign):
    first, *others = campaign.steps.order_by("position")
    first.start(by=cast.mei)
    assert reporting().filter(pk=campaign.pk).exists()
    for step in [*others, first]:
        left_out(step, cast.helena)
    assert not reporting().filter(pk=campaign.pk).exists()


def test_a_schedule_of_which_everything_was_left_out_still_has_its_pages(cast, campaign, login):
    for step in list(campaign.steps.order_by("position")):
        left_out(step, cast.helena)
    browser = login(cast.helena)
    own = f"/campaigns/{campaign.job_number}/schedule/"
    for page in (own, campaign.get_absolute_url(), step.get_absolute_url(), "/schedule/", "/"):
        assert browser.get(page).status_code == 200
    assert "Skipped" in browser.get(step.get_absolute_url()).text
    assert browser.get(f"/steps/{step.pk}/rearrange/?to_start=2026-12-14").status_code == 422
    assert browser.get(f"{own}assign/").status_code == 404


def test_the_schedule_counts_without_what_was_left_out_and_strikes_its_name(cast, campaign, login):
    browser, whole = login(cast.mei), campaign.steps.count()
    at = f"/campaigns/{campaign.job_number}/schedule/"
    assert f"0 of {whole} checked" in browser.get(at).text
    step = campaign.steps.get(name="Final artwork")
    left_out(step, cast.mei)
    page = browser.get(at)
    assert f"0 of {whole - 1} checked" in page.text
    assert "<s>Final artwork</s>" in page.text
    row = next(row for row in page.context["chart"].rows if row.step == step)
    assert (row.standing, row.bar.state, row.bar.form) == (("stopped", "Skipped"), "stopped", "past")
