"""Where the ball lies, whose work is whose: cases in which somebody would have judged the own work, or waited for nobody."""

import pytest
from django.core.exceptions import PermissionDenied

from agency import clock
from campaigns.models import ScheduleTemplate, Step, TemplateLink
from campaigns.schedule import make_schedule
from clients.models.assignment import end_seat
from desk.handover import hand_over
from reminders.models import Notice
from reminders.sweep import sweep
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def accepted(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


@pytest.fixture
def step(cast, accepted):
    """A step that Mei, the coordinator of the group, does herself."""
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.give_to(by=cast.rafael, person=cast.mei)
    step.start(by=cast.mei)
    return step.report_done(by=cast.mei)


def offered(person, record):
    return [it.name for it in record.moves_open_to(person)]


# Four eyes


def test_whoever_did_a_step_and_gives_it_away_does_not_check_it(step, cast, login):
    step.give_to(by=cast.mei, person=cast.jonas)
    step.take_over(by=cast.rafael)
    assert "check_off" not in offered(cast.mei, step)
    assert "check_off" in offered(cast.rafael, step)
    browser = login(cast.mei)
    assert browser.post(f"/steps/{step.pk}/move/check_off/", {"seen": step.version}).status_code == 403
    rows = {row.pk: row.next_moves for row in browser.get("/schedule/?show=check&client=HRB").context["page"]}
    assert rows[step.pk] == []


def test_a_step_reported_done_in_the_owners_name_is_checked_by_who_reported_it(cast, accepted):
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.start(by=cast.mei)
    step.report_done(by=cast.mei)
    step.take_over(by=cast.mei)
    assert "check_off" in offered(cast.mei, step)


# With whom the ball lies


def test_whoever_did_a_step_that_had_no_owner_does_not_check_it(cast, accepted):
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.give_to(by=cast.mei, person=None)
    step.start(by=cast.mei)
    step.report_done(by=cast.mei)
    step.take_over(by=cast.rafael)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        step.check_off(by=cast.mei)
    assert step.check_off(by=cast.rafael).state == "checked"


def test_who_may_write_but_not_submit_saves_nothing_by_asking_for_both(cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    typed = {"title": "Mei's title", "seen": brief.version, "submit": "1"}
    assert login(cast.mei).post(f"{brief.get_absolute_url()}edit/", typed).status_code == 403
    brief.refresh_from_db()
    assert brief.title == "Rye crackers"


def test_the_coordinators_own_step_waits_for_another_coordinator(step, cast):
    step.take_over(by=cast.rafael)
    assert step.holder == cast.rafael


def test_a_brief_that_the_director_took_waits_for_the_supervisor(cast, clients):
    brief = a_brief(clients["HRB"], cast.marta).submit(by=cast.marta)
    assert brief.holder == cast.omar
    assert "accept_without_playback" in offered(cast.omar, brief)


def test_a_brief_that_the_director_submits_waits_for_the_supervisor(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas).submit(by=cast.marta)
    assert brief.holder == cast.omar


def test_a_brief_that_the_supervisor_took_waits_for_the_director(cast, clients):
    assert a_brief(clients["HRB"], cast.omar).submit(by=cast.omar).holder == cast.marta


def test_a_brief_of_a_large_client_without_a_director_does_not_wait_for_the_manager(cast, clients):
    """A manager accepts for small clients only."""
    end_seat(clients["HRB"].assignments.current().get(seat="director"), by=cast.helena, reason="Marta leaves.")
    brief = a_brief(clients["HRB"], cast.jonas).submit(by=cast.jonas)
    assert brief.holder == cast.omar


def test_a_plan_that_the_supervisor_wrote_waits_for_the_minister(cast, accepted):
    plan = a_plan(accepted, cast.omar).submit(by=cast.omar)
    assert plan.holder == cast.helena
    assert "agree" in offered(cast.helena, plan)


# What a member of another department is told


def test_a_hand_over_note_is_not_told_on_the_records_that_pass(cast, accepted, clients, login):
    """The note is for whoever serves the client next; the owner of a step on its way is a member of another department."""
    step = next(it for it in a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei) if it.next_owner is None)
    step.successors.first().give_to(by=cast.mei, person=cast.jonas)
    step.give_to(by=cast.mei, person=cast.noor)
    Step.objects.filter(pk=step.pk).update(state=Step.State.IN_PROGRESS)
    step.report_done(by=cast.noor)
    hand_over(clients["HRB"], person=cast.amina, seat="salesman", by=cast.helena, note="They fear Noor.", guide_too=True)
    page = login(cast.noor).get(step.get_absolute_url())
    assert page.status_code == 200
    assert "handed it over" in page.content.decode()
    assert "They fear Noor." not in page.content.decode()


def test_who_is_shown_a_campaign_is_not_told_the_title_of_its_brief(cast, clients, login):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Secret rye")
    campaign = a_plan(brief, cast.marta).campaign
    campaign.share_with(cast.felix, until=clock.today(), reason="Drafts", by=cast.marta)
    page = login(cast.felix).get(campaign.get_absolute_url())
    assert page.status_code == 200
    assert "Secret rye" not in page.content.decode()


# Templates and addresses as nobody meant them


def test_a_template_whose_step_waits_for_one_further_down_gives_a_schedule(cast, accepted):
    template = ScheduleTemplate.objects.get(key="print")
    first, second = template.steps.order_by("position")[:2]
    first.position, second.position = second.position, first.position
    first.save()
    second.save()
    assert TemplateLink.objects.filter(before=first, after=second).exists()
    steps = make_schedule(a_plan(accepted, cast.marta).campaign, template, by=cast.mei, on=clock.today())
    later, earlier = (next(step for step in steps if step.name == it.name) for it in (second, first))
    assert earlier in later.before.all()


def test_an_endless_number_in_an_address_is_404(cast, login):
    browser = login(cast.helena)
    for number in ("9" * 30, "9" * 5000):
        for address in ("/clients/HRB/seats/{}/end/", "/briefs/{}/", "/steps/{}/", "/history/briefs.brief/{}/"):
            assert browser.get(address.format(number)).status_code == 404
        assert browser.get(f"/briefs/?after={number}").status_code in {200, 400}
        assert browser.get(f"/schedule/?after=2026-11-23.{number}").status_code in {200, 400}


# Reminders


def test_a_late_step_that_is_reported_done_and_returned_is_late_again(cast, accepted, monday):
    """The reminder that was taken back before it left is owed once more."""
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.give_to(by=cast.mei, person=cast.jonas)
    step.start(by=cast.jonas)
    monday.move_to(clock.now().replace(day=1, month=12, hour=1))
    sweep(clock.now())
    owed = Notice.objects.filter(recipient=cast.jonas, kind="campaigns.step", object_id=step.pk, rung=1)
    assert owed.get().dropped_at is None
    step.report_done(by=cast.jonas)
    sweep(clock.now())
    assert owed.get().drop_reason == "settled"
    step.hand_back(by=cast.mei, reason="The list is missing.")
    sweep(clock.now())
    assert owed.get().dropped_at is None
