"""COO6: a step waits for a step of another campaign of the same client; the days cascade, and names stay where they belong."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agency.flow import Conflict, Refused
from agency.workdays import calendar
from campaigns.models import Crossing, Rearrangement, Step
from campaigns.rearranging import planned
from reminders.models import Notice
from tests.duties.test_coo6_kinds import REASON, named, page, rearrange, taken_back, typed, work
from tests.records import a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def jobs(cast, clients):
    """Two campaigns of one client; nothing has begun."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    campaigns = [a_plan(brief, cast.marta, name=name).campaign for name in ("Crackers", "Loaves")]
    for campaign in campaigns:
        a_schedule(campaign, cast.mei)
    return campaigns


@pytest.fixture
def crossed(cast, jobs):
    """The artwork of the second campaign waits for that of the first."""
    first, second = (named(campaign, "Final artwork") for campaign in jobs)
    rearrange(second, cast.mei, "link", before=first.pk, lag=0)
    second.refresh_from_db()
    return first, second


def test_a_step_waits_for_one_of_another_campaign_and_both_previews_show_it(cast, jobs, login):
    first, second = (named(campaign, "Final artwork") for campaign in jobs)
    browser, before = login(cast.mei), [work(campaign) for campaign in jobs]
    shown = browser.post(page(second, "link"), typed(second, "link", before=first.pk, lag="0", preview="1"))
    assert f"“{second}” waits for “{first}”" in shown.text
    wish = rearrange(second, cast.mei, "link", before=first.pk, lag=0)
    second.refresh_from_db()
    assert second.starts_on > first.ends_on
    assert Crossing.objects.filter(before=first, after=second, client=first.client).count() == 1
    browser.get(page(first, "length"))
    shown = browser.post(page(first, "length"), typed(first, "length", days="9", preview="1", seen=""))
    assert second in [it.step for it in shown.context["changes"]]
    assert str(jobs[1]) in shown.text
    taken_back(wish, cast.mei)
    assert [work(campaign) for campaign in jobs] == before
    assert not Crossing.objects.exists()


def test_the_days_cascade_into_the_waiting_campaign_and_back(cast, jobs, crossed):
    first, second = crossed
    before, versions = [work(campaign) for campaign in jobs], [type(it).objects.get(pk=it.pk).version for it in jobs]
    wish = rearrange(first, cast.mei, "length", days=13)
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.starts_on == calendar().add(first.ends_on, 1)
    for campaign, version in zip(jobs, versions, strict=True):
        assert type(campaign).objects.get(pk=campaign.pk).version == version + 1
        assert campaign.events()[0].verb == "rearranged"
    told = [row["name"] for row in jobs[0].events()[0].details["moved"]]
    assert len(told) == jobs[0].steps.filter(position__gte=first.position).count()
    taken_back(wish, cast.mei)
    assert [work(campaign) for campaign in jobs] == before


def test_the_waiting_step_is_ready_only_when_the_other_campaigns_step_is_checked(cast, jobs):
    first, second = (campaign.steps.order_by("position").first() for campaign in jobs)
    rearrange(second, cast.mei, "link", before=first.pk, lag=0)
    second.refresh_from_db()
    assert second.state == "planned"
    first.start(by=first.person)
    first.report_done(by=first.person)
    first.check_without_takeover(by=cast.mei, reason="Seen.") if first.waits_for_takeover else first.check_off(by=cast.mei)
    second.refresh_from_db()
    assert second.state == "ready"
    first.undo_check_without_takeover(by=cast.mei)
    second.refresh_from_db()
    assert second.state == "planned"


def test_the_page_of_a_step_names_the_step_of_the_other_campaign_to_who_may_see_it(cast, jobs, crossed, login):
    first, second = crossed
    for step, other in ((first, second), (second, first)):
        text = login(cast.mei).get(step.get_absolute_url()).text
        assert f'href="{other.get_absolute_url()}"' in text
        assert str(other.campaign) in text
    first.give_to(by=cast.mei, person=cast.felix)
    text = login(cast.felix).get(first.get_absolute_url()).text
    assert "a step of another campaign" in text
    assert second.get_absolute_url() not in text


def test_no_step_waits_for_one_of_another_client(cast, jobs, clients, login):
    other = Step.objects.exclude(client=clients["HRB"]).filter(state="planned").first()
    second = named(jobs[1], "Final artwork")
    with pytest.raises(Refused, match="Choose a step of this client"):
        rearrange(second, cast.mei, "link", before=other.pk, lag=0)
    answer = login(cast.mei).post(page(second, "link"), typed(second, "link", before=other.pk, lag="0", confirm="1"))
    assert answer.status_code == 422
    assert not Crossing.objects.exists()


def test_a_circle_through_two_campaigns_is_refused_with_its_names(cast, jobs, crossed):
    first, second = crossed
    with pytest.raises(Refused, match=r"These steps wait for each other: .* → "):
        rearrange(first, cast.mei, "link", before=second.pk, lag=0)


def test_who_sees_one_campaign_alone_is_told_only_that_it_is_a_step_of_another(cast, jobs, crossed, login):
    first, second = crossed
    for step in jobs[1].steps.all():
        step.name = f"Secret {step.name}"
        step.keep(by=cast.mei, reason="canary")
    jobs[1].name = "Secret loaves"
    jobs[1].keep(by=cast.mei, reason="canary")
    until = first.starts_on + timedelta(days=30)
    jobs[0].share_with(cast.felix, until=until, reason="Helps", by=cast.marta)
    first.give_to(by=cast.mei, person=cast.felix)
    browser = login(cast.felix)
    asked = browser.post(page(first, "length"), typed(first, "length", days="13", preview="1"))
    assert asked.context["unseen"] > 0
    assert "of other campaigns" in asked.text
    scene = planned(first, "length", {"days": 13}, viewer=cast.felix).scene
    assert scene.shape.name(second.pk) == "a step of another campaign"
    rearrange(Step.objects.get(pk=first.pk), cast.mei, "length", days=13)
    pages = [asked, *(browser.get(at) for at in (first.get_absolute_url(), page(first, "link"), page(first, "unlink"),
             f"/campaigns/{jobs[0].job_number}/", f"/campaigns/{jobs[0].job_number}/schedule/", "/"))]  # fmt: skip
    assert [answer.status_code for answer in pages][:2] == [200, 200]
    assert all("Secret" not in answer.text for answer in pages)
    assert not any("Secret" in notice.text for notice in Notice.objects.filter(recipient=cast.felix))
    assert not any("Secret" in str(event.details) for event in jobs[0].events())
    assert browser.get(second.get_absolute_url()).status_code == 404


def test_a_preview_grows_old_when_the_other_campaign_was_rearranged(cast, jobs, crossed, login):
    first, second = crossed
    browser = login(cast.mei)
    seen = browser.get(page(first, "length") + "&days=9").context["edition"]
    rearrange(second, cast.rafael, "length", days=5)
    with pytest.raises(Conflict):
        rearrange(first, cast.mei, "length", days=9, seen=seen)


def test_a_request_that_reaches_into_another_campaign_is_granted(cast, jobs, crossed):
    first, second = crossed
    wish = Rearrangement.ask(step=first, kind="length", days=13, reason=REASON, by=cast.jonas, token=uuid4())
    wish.grant(by=cast.mei)
    begin = second.starts_on
    second.refresh_from_db()
    assert second.starts_on > begin
    assert any(row["name"] == "" for row in wish.moved)
