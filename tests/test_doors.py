"""Doors: every address of the product stands in one table with who may open it. An address without a line fails; a stranger
goes to the login; whoever is not named gets 403 or 404."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Evaluation
from agency import clock
from campaigns.models import Rearrangement
from clients.models import Assignment
from reminders.models import Notice
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief

PEOPLE = ("helena", "omar", "ingrid", "marta", "lucia", "tomas", "jonas", "amina", "mei", "felix", "admin")
ROLES = set(PEOPLE) - {"felix", "admin"}
ALL = set(PEOPLE)
HRB = {"helena", "omar", "marta", "tomas", "jonas", "mei"}  # who sees the records of Hollin & Rye Bakeries

PUBLIC = "public"  # no login asked
POST = "post"  # answers to POST alone; who may is asked by the right, see the tests of rights and leaks

# name of the address → who gets the page; the others get 403 or 404
DOORS = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "account_login": PUBLIC,
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_logout": ALL,
    "account_change_password": ALL,
    "style": ALL,
    "desk": ALL,
    "happened": ALL,
    "me": ALL,
    "me_adjust": POST,
    "search": ALL,
    "kept": ALL,
    "list_columns": POST,
    "notices": ALL,
    "notices_seen": POST,
    "notice_seen": POST,
    "notice_unseen": POST,
    "people": ROLES,
    "person": ROLES,
    "evaluations": ALL,
    "evaluate": {"helena"},
    "evaluation": {"helena", "jonas"},
    "evaluation_pdf": {"helena", "jonas"},
    "evaluation_edit": {"helena"},
    "evaluation_sign": POST,
    "evaluation_move": POST,
    "evaluation_history": {"helena", "jonas"},
    "clients": ROLES | {"felix"},
    "client": HRB,
    "client_new": {"helena"},
    "client_edit": {"helena"},
    "client_move": POST,
    "client_assign": {"helena"},
    "seat_end": {"helena"},
    "share": {"helena", "omar", "marta", "mei"},
    "unshare": POST,
    "history": HRB,
    "department": {"helena", "omar", "ingrid"},
    "briefs": ROLES | {"felix"},
    "brief": HRB,
    "brief_pdf": HRB,
    "brief_new": ROLES,
    "brief_edit": HRB,
    "brief_move": POST,
    "campaigns": ROLES | {"felix"},
    "campaign": HRB,
    "campaign_new": {"helena", "omar", "ingrid", "marta", "lucia", "tomas"},
    "plan_pdf": HRB,
    "plan_edit": {"omar", "marta", "tomas"},
    "plan_move": POST,
    "campaign_schedule": HRB,
    "schedule_make": {"helena", "omar", "marta", "mei"},
    "schedule": ALL - {"admin"},
    "step": HRB,
    "step_give": POST,
    "step_move": POST,
    "step_rearrange": {"helena", "omar", "marta", "tomas", "jonas", "mei"},
    "rearrangement_move": POST,
}


@pytest.fixture
def world(cast, clients):
    return a_world(cast, clients)


def a_world(cast, clients):
    """One record of each kind for Hollin & Rye Bakeries, by the argument names of the addresses."""
    written = a_brief(clients["HRB"], cast.jonas)
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    step = a_schedule(plan.campaign, cast.mei)[1]
    draft, evaluation = (an_evaluation(cast) for _each in range(2))
    evaluation.hand_over(by=cast.helena)
    bare = a_plan(plan.campaign.brief, cast.marta, name="Not scheduled").campaign
    wish = Rearrangement.ask(
        step=step, to_start=step.starts_on + timedelta(days=7), reason="Illness", by=cast.jonas, token=uuid4()
    )  # fmt: skip
    kept = {"brief": written, "campaign": plan.campaign, "bare": bare, "step": step, "wish": wish}
    return {**kept, "evaluation": evaluation, "draft": draft}


def an_evaluation(cast):
    period = {"period_from": clock.today() - timedelta(days=90), "period_to": clock.today()}
    evaluation = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), **period)
    evaluation.marks.create(criterion="Tact", score=4, sentence="Called twice.")
    return evaluation


def arguments(name, world):
    """What the address `name` needs, from the world."""
    of_brief, of_step, of_evaluation = ({"pk": world[it].pk} for it in ("brief", "step", "evaluation"))
    job, code = {"job_number": world["campaign"].job_number}, {"code": "HRB"}
    shared = {"kind": "briefs.brief", **of_brief}
    return {
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "list_columns": {"name": "briefs"},
        **{door: {"pk": Notice.objects.first().pk} for door in ("notice_seen", "notice_unseen")},
        "person": {"username": "marta"},
        "evaluate": {"username": "jonas"},
        "evaluation": of_evaluation, "evaluation_edit": {"pk": world["draft"].pk}, "evaluation_sign": of_evaluation,
        "evaluation_pdf": of_evaluation, "evaluation_history": of_evaluation,
        "evaluation_move": {**of_evaluation, "name": "sign"},
        "client": code, "client_edit": code, "client_assign": code, "client_move": {**code, "name": "part"},
        "seat_end": {**code, "pk": Assignment.objects.current().get(client__code="HRB", seat="salesman").pk},
        "share": shared, "unshare": shared, "history": shared,
        "brief": of_brief, "brief_pdf": of_brief, "brief_edit": of_brief, "brief_move": {**of_brief, "name": "submit"},
        "campaign": job, "plan_pdf": job, "plan_edit": job, "plan_move": {**job, "name": "submit"},
        "campaign_schedule": job, "schedule_make": {"job_number": world["bare"].job_number},
        "step": of_step, "step_give": of_step, "step_move": {**of_step, "name": "start"}, "step_rearrange": of_step,
        "rearrangement_move": {"pk": world["wish"].pk, "name": "grant"},
    }.get(name, {})  # fmt: skip


def address(name, world):
    return reverse(name, kwargs=arguments(name, world))


def addresses():
    """Every address that the product knows by name; the admin's and the static files' are their own houses."""

    def walk(patterns, before=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.app_name != "admin":
                    yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield pattern.name or before + str(pattern.pattern)

    return sorted(set(walk(get_resolver().url_patterns)))


def test_every_address_stands_in_the_table_and_every_line_has_its_address():
    assert set(addresses()) == set(DOORS)


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if who != PUBLIC])
def test_a_stranger_goes_to_the_login(name, world, client):
    there = address(name, world)
    for answer in (client.get(there), client.post(there)):
        assert answer.status_code == 302, name
        assert answer.url.startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if who == PUBLIC])
def test_a_public_address_asks_no_login(name, world, client):
    answer = client.get(address(name, world))
    assert answer.status_code in {200, 302}
    assert answer.status_code == 200 or not answer.url.startswith(reverse("account_login") + "?next")


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if isinstance(who, set)])
def test_an_address_opens_to_those_named_in_the_table_and_to_nobody_else(name, world, cast, login):
    there, answers = address(name, world), {}
    for person in PEOPLE:
        answers[person] = login(getattr(cast, person)).get(there).status_code
    opened = {person for person, status in answers.items() if status == 200}
    refused = {person for person, status in answers.items() if status in {403, 404}}
    assert opened == DOORS[name], answers
    assert refused == set(PEOPLE) - DOORS[name], answers


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if who == POST])
def test_what_changes_something_answers_to_a_form_alone(name, world, cast, login):
    assert login(cast.helena).get(address(name, world)).status_code in {404, 405}
