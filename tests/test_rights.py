"""The rights table is the law: every row this house keeps is asked of somebody in each role, on records that differ in what
the cell says (of the own group or another, with a seat or without, small or not, owned, shared, the house account)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from accounts.models import Evaluation, Person
from accounts.rights import TABLE
from agency import clock
from briefs.models import Brief
from campaigns.models import Campaign, Plan, ScheduleTemplate, Step

# One of each role, all of group North or looking at it from outside.
ROLES = {
    "minister": "helena",
    "supervisor": "omar",
    "director": "marta",
    "manager": "tomas",
    "salesman": "jonas",
    "coordinator": "mei",
    "member": "felix",
    "admin": "admin",
}
# Where the person of each role in the table above stands to four clients:
# HRB is Marta's, Tomas's and Jonas's in North; PAL is small, Tomas's and Jonas's in North, without a director;
# VOL is South's; QHA is the house account.
GROUP = {"omar": {"HRB", "PAL"}}
SEATS = {"marta": {"HRB"}, "tomas": {"HRB", "PAL"}, "jonas": {"HRB", "PAL"}}
CLIENTS = ("HRB", "PAL", "VOL", "QHA")

THREAD = [
    "clients.view_client", "clients.add_client", "clients.assign_client", "clients.share_record", "clients.view_history",
    "briefs.view_brief", "briefs.change_brief", "briefs.submit_brief", "briefs.accept_brief",
    "briefs.open_study", "briefs.answer_study", "briefs.record_opinion", "briefs.close_study",
    "campaigns.view_campaign", "campaigns.open_campaign", "campaigns.change_plan", "campaigns.submit_plan",
    "campaigns.agree_plan",
    "campaigns.make_schedule", "campaigns.change_template", "campaigns.rearrange_steps", "campaigns.ask_rearrangement",
    "campaigns.answer_rearrangement", "campaigns.work_step", "campaigns.take_over_step", "campaigns.check_step",
]  # fmt: skip


def lawful(cell, login, code):
    """What the cell of the table says for this person and a client's record that he neither owns nor was shown."""
    return {
        "all": True,
        "grp": code in GROUP.get(login, ()),
        "asg": code in SEATS.get(login, ()),
        "sml": code in SEATS.get(login, ()) and code == "PAL",
        "house": code == "QHA",
    }.get(cell, False)


@pytest.mark.parametrize("right", THREAD)
@pytest.mark.parametrize(("role", "login"), ROLES.items())
def test_a_role_holds_a_right_exactly_where_the_table_says(role, login, right, cast, clients):
    cell = "" if role == "admin" else TABLE[right].cells[role]
    person = getattr(cast, login)
    held = {code: person.has_perm(right, clients[code]) for code in CLIENTS}
    if cell in {"own", "share"}:
        assert not any(held[code] for code in CLIENTS), "nothing is owned or shared here"
    else:
        assert held == {code: lawful(cell, login, code) for code in CLIENTS}


@pytest.mark.parametrize("right", TABLE)
def test_an_administrator_holds_no_right_of_the_department(right, cast, clients):
    assert cast.admin.is_superuser
    assert not cast.admin.has_perm(right)
    if not right.startswith("accounts."):
        assert not cast.admin.has_perm(right, clients["HRB"])


@pytest.mark.parametrize("right", TABLE)
def test_somebody_who_left_holds_no_right(right, cast, clients):
    cast.helena.is_active = False
    assert not cast.helena.has_perm(right)
    if not right.startswith("accounts."):
        assert not cast.helena.has_perm(right, clients["HRB"])


@pytest.mark.parametrize("right", [right for right in TABLE if not right.startswith("accounts.")])
def test_a_permission_given_in_the_admin_opens_nothing(right, cast, clients):
    """Only the table speaks: a model permission handed to somebody does not widen the role."""
    app, codename = right.split(".")
    cast.felix.user_permissions.set(Permission.objects.filter(codename=codename, content_type__app_label=app))
    felix = Person.objects.get(pk=cast.felix.pk)
    assert not felix.has_perm(right, clients["VOL"])


def test_an_anonymous_visitor_holds_no_right(clients):
    assert not any(AnonymousUser().has_perm(right, clients["HRB"]) for right in TABLE)


@pytest.mark.parametrize("right", THREAD)
def test_every_right_of_the_thread_is_a_permission_of_the_framework(right, db):
    app, codename = right.split(".")
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()


# "own": the owner of a step works it, whoever owns the step behind takes over


@pytest.fixture
def thread(cast, clients):
    """A brief of HRB accepted, its campaign, a schedule of two days ago; felix owns the first draft, noor what follows."""
    brief = Brief.open(client=clients["HRB"], by=cast.jonas, token=uuid4(), title="Rye crackers")
    plan = Plan(client=clients["HRB"], campaign=_campaign(brief, cast), created_by=cast.marta).keep(by=cast.marta)
    first = _step(plan.campaign, cast, "First draft", cast.felix, 1)
    second = _step(plan.campaign, cast, "Final artwork", cast.noor, 2)
    first.links_after.create(after=second)
    return first, second


def _campaign(brief, cast):
    return Campaign(
        client=brief.client, brief=brief, brief_edition=1, plan_edition=1, schedule_edition=1, name="Crackers",
        job_number="HRB-26-900", created_by=cast.marta,
    ).keep(by=cast.marta)  # fmt: skip


def _step(campaign, cast, name, person, position):
    return Step(
        campaign=campaign, client=campaign.client, created_by=cast.mei, name=name, person=person, position=position, days=2,
        starts_on=clock.today(), ends_on=clock.today() + timedelta(days=1), state=Step.State.READY,
    ).keep(by=cast.mei)  # fmt: skip


def test_a_member_works_his_own_step_and_nobody_elses(thread, cast):
    first, second = thread
    assert cast.felix.has_perm("campaigns.work_step", first)
    assert not cast.felix.has_perm("campaigns.work_step", second)
    assert not cast.sven.has_perm("campaigns.work_step", first)


def test_the_owner_of_the_step_behind_takes_over_and_no_other_member(thread, cast):
    first, second = thread
    assert cast.noor.has_perm("campaigns.take_over_step", first)
    assert not cast.felix.has_perm("campaigns.take_over_step", first)
    assert not cast.noor.has_perm("campaigns.take_over_step", second)


def test_a_member_sees_the_own_step_and_the_one_before_but_not_the_campaign(thread, cast):
    first, second = thread
    assert set(Step.objects.visible_to(cast.noor).filter(campaign=first.campaign)) == {first, second}
    assert set(Step.objects.visible_to(cast.felix).filter(campaign=first.campaign)) == {first}
    assert not cast.noor.has_perm("campaigns.view_campaign", first.campaign)
    assert not Plan.objects.visible_to(cast.noor).filter(campaign=first.campaign).exists()


def test_a_member_asks_for_a_rearrangement_of_the_own_step_only(thread, cast):
    first, second = thread
    assert cast.felix.has_perm("campaigns.ask_rearrangement", first)
    assert not cast.felix.has_perm("campaigns.ask_rearrangement", second)


def test_a_director_without_a_seat_does_not_work_a_step_even_if_his_name_stands_on_it(thread, cast):
    first, _second = thread
    first.person = cast.lucia
    first.keep(by=cast.mei)
    assert not cast.lucia.has_perm("campaigns.work_step", first)
    assert not Step.objects.visible_to(cast.lucia).filter(pk=first.pk).exists()


def test_a_salesman_reads_the_field_history_of_his_own_records_only(thread, cast, clients):
    own = thread[0].campaign.brief
    others = Brief.open(client=clients["HRB"], by=cast.marta, token=uuid4(), title="Marta's")
    assert cast.jonas.has_perm("clients.view_history", own)
    assert not cast.jonas.has_perm("clients.view_history", others)


# "share": one record, until a date


def test_a_share_opens_one_brief_until_its_last_day_and_nothing_else(cast, clients, monday):
    brief, other = (Brief.open(client=clients["VOL"], by=cast.amina, token=uuid4(), title=title) for title in ("A", "B"))
    last = clock.today() + timedelta(days=2)
    brief.share_with(cast.petra, until=last, reason="joint study", by=cast.lucia)
    assert cast.petra.has_perm("briefs.view_brief", brief)
    assert not cast.petra.has_perm("briefs.view_brief", other)
    assert not cast.petra.has_perm("briefs.change_brief", brief)
    assert not cast.petra.has_perm("clients.view_client", clients["VOL"])
    monday.shift(timedelta(days=2))
    assert cast.petra.has_perm("briefs.view_brief", brief)
    monday.shift(timedelta(days=1))
    assert not cast.petra.has_perm("briefs.view_brief", brief)
    assert brief not in Brief.objects.visible_to(cast.petra)


def test_a_share_taken_back_ends_access_at_once(cast, clients):
    brief = Brief.open(client=clients["VOL"], by=cast.amina, token=uuid4(), title="A")
    brief.share_with(cast.petra, until=clock.today(), reason="study", by=cast.lucia)
    brief.unshare(cast.petra, by=cast.lucia)
    assert not cast.petra.has_perm("briefs.view_brief", brief)


def test_a_share_of_a_campaign_opens_its_plan_and_schedule_but_not_its_brief(thread, cast):
    campaign = thread[0].campaign
    campaign.share_with(cast.sven, until=clock.today(), reason="media plan", by=cast.marta)
    assert set(Step.objects.visible_to(cast.sven).filter(campaign=campaign)) == set(thread)
    assert Plan.objects.visible_to(cast.sven).filter(campaign=campaign).exists()
    assert not Brief.objects.visible_to(cast.sven).filter(pk=campaign.brief_id).exists()


# Matters of staff


@pytest.fixture
def evaluation(cast):
    found = Evaluation.begin(
        by=cast.helena,
        person=cast.jonas,
        token=uuid4(),
        period_from=clock.today() - timedelta(days=90),
        period_to=clock.today(),
    )
    found.marks.create(criterion="Minutes in time", score=4, sentence="All but one.")
    return found


def test_an_evaluation_is_read_by_the_two_of_them_and_nobody_else(evaluation, cast):
    evaluation.hand_over(by=cast.helena)
    readers = [login for login in vars(cast) if evaluation in Evaluation.objects.visible_to(getattr(cast, login))]
    assert sorted(readers) == ["helena", "jonas"]


def test_a_draft_evaluation_is_the_ministers_alone(evaluation, cast):
    readers = [login for login in vars(cast) if evaluation in Evaluation.objects.visible_to(getattr(cast, login))]
    assert readers == ["helena"]


def test_list_and_detail_agree_for_every_evaluation_right(evaluation, cast):
    evaluation.hand_over(by=cast.helena)
    assert cast.helena.has_perm("accounts.evaluate", evaluation)
    assert not cast.omar.has_perm("accounts.evaluate", evaluation)
    assert cast.jonas.has_perm("accounts.view_own_evaluation", evaluation)
    assert not cast.tomas.has_perm("accounts.view_own_evaluation", evaluation)
    assert not cast.admin.has_perm("accounts.evaluate", evaluation)


def test_only_administrators_administer(cast):
    """accounts.administer is the admin's column alone; in the product it opens nothing."""
    assert [role for role, cell in TABLE["accounts.administer"].cells.items() if cell] == ["admin"]
    assert not any(getattr(cast, login).has_perm("accounts.administer") for login in vars(cast))


def test_coordinators_edit_schedule_templates_and_directors_do_not(cast):
    assert cast.mei.has_perm("campaigns.change_template")
    assert not cast.marta.has_perm("campaigns.change_template")
    assert ScheduleTemplate.objects.count() == 4
