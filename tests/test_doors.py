"""Doors: every address of the product stands in one table with who may open it. An address without a line fails; a stranger
goes to the login; whoever is not named gets 403 or 404."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Evaluation
from agency import clock
from campaigns.models import Actual, Hours, Rearrangement
from clients.models import Assignment, ClientImport, Contact, Terms
from clients.tokens import token_of
from reminders.models import Notice
from tests.client_pages import a_link
from tests.records import (
    a_brief,
    a_change_order,
    a_confirmed_plan,
    a_file,
    a_line,
    a_plan,
    a_playback,
    a_schedule,
    an_accepted_brief,
    an_answer,
)
from tests.studies import a_study
from tests.thorough import one_of_each

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
    "client_page": PUBLIC,
    "client_thanks": PUBLIC,
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
    "link_move": POST,
    "clients": ROLES | {"felix"},
    "client": HRB,
    "client_new": {"helena"},
    "client_edit": {"helena"},
    "client_import": {"helena"},
    "client_import_template": {"helena"},
    "client_import_look": {"helena"},
    "client_import_make": POST,
    "client_move": POST,
    "client_assign": {"helena"},
    "terms": HRB,
    "terms_new": {"helena", "omar"},
    "terms_edit": {"helena", "omar"},
    "terms_confirm": {"helena", "omar"},
    "contacts": ROLES | {"felix"},
    "contact": HRB,
    "contact_new": HRB,
    "contact_edit": HRB,
    "contact_move": POST,
    "seat_end": {"helena"},
    "share": {"helena", "omar", "marta", "mei"},
    "unshare": POST,
    "history": HRB,
    "ledger": HRB,
    "requirement": HRB,
    "requirement_new": HRB,
    "requirement_edit": HRB,
    "requirement_waive": {"helena", "omar", "marta"},
    "requirement_move": POST,
    "files": HRB,
    "file": HRB,
    "file_text": HRB,
    "file_take_away": HRB,
    "department": {"helena", "omar", "ingrid"},
    "briefs": ROLES | {"felix"},
    "brief": HRB,
    "brief_compare": HRB,
    "brief_pdf": HRB,
    "brief_new": ROLES,
    "brief_edit": HRB,
    "brief_move": POST,
    "study_new": {"helena", "omar", "marta", "tomas"},
    "study": HRB,
    "study_pdf": HRB,
    "study_invite": {"helena", "omar", "marta", "tomas"},
    "study_close": {"helena", "omar", "marta"},
    "study_move": POST,
    "opinion": HRB | {"felix"},
    "opinion_record": {"helena", "omar", "marta", "tomas", "mei"},
    "opinion_reply": {"helena", "omar", "marta", "tomas"},
    "opinion_ask": {"helena", "omar", "marta", "tomas"},
    "opinion_nudge": POST,
    "opinion_move": POST,
    "brief_questions": HRB,
    "brief_ask": HRB,
    "brief_telephone": HRB,
    "brief_telephone_pdf": HRB,
    "question_take": HRB,
    "question_move": POST,
    "enquiry_move": POST,
    "playback": HRB,
    "playback_pdf": HRB,
    "playback_new": POST,
    "playback_edit": HRB,
    "playback_send": HRB - {"mei"},
    "playback_record": HRB - {"mei"},
    "playback_move": POST,
    "campaigns": ROLES | {"felix"},
    "campaign": HRB,
    "campaign_new": {"helena", "omar", "ingrid", "marta", "lucia", "tomas"},
    "campaign_brief": HRB,
    "campaign_brief_looked": POST,
    "plan_pdf": HRB,
    "plan_edit": {"omar", "marta", "tomas"},
    "plan_mark": POST,
    "plan_send": {"helena", "omar", "marta"},
    "plan_record": {"helena", "omar", "marta"},
    "plan_editions": HRB,
    "plan_compare": HRB,
    "plan_estimate": HRB,
    "estimate_pdf": HRB,
    "estimate_line_new": {"helena", "omar", "marta", "tomas"},
    "estimate_line": {"helena", "omar", "marta", "tomas"},
    "estimate_line_drop": POST,
    "change_orders": HRB,
    "change_order_new": {"helena", "omar", "marta", "tomas"},
    "change_order": HRB,
    "change_order_pdf": HRB,
    "change_order_edit": {"helena", "omar", "marta", "tomas"},
    "change_order_line": {"helena", "omar", "marta", "tomas"},
    "change_order_send": {"helena", "omar", "marta"},
    "change_order_record": {"helena", "omar", "marta"},
    "change_order_move": POST,
    "deliverable_move": POST,
    "campaign_money": HRB,
    "entry_new": {"helena", "omar", "marta", "tomas"},
    "campaign_let": {"helena", "omar", "marta"},
    "money_entry": {"helena", "omar", "marta", "tomas"},
    "money_entry_move": POST,
    "budget_line": {"helena", "omar", "marta"},
    "step_hours": HRB,
    "hours_move": POST,
    "money": {"helena", "omar", "ingrid", "marta", "lucia", "tomas"},
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
    line, paper = a_line(clients["HRB"], cast.jonas), a_file(written, cast.jonas)
    studied = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Studied")
    study = a_study(cast, clients, "creative", brief=studied)
    kept = {"line": line, "file": paper, "brief": written, "campaign": plan.campaign, "bare": bare, "step": step, "wish": wish}
    kept["question"], kept["playback"] = an_answer(written, cast.jonas), a_playback(written, cast.jonas)
    kept["imported"] = ClientImport.objects.create(created_by=cast.helena, name="clients.csv", sha256="0" * 64)
    kept["link"] = a_link(written, Contact.objects.get(name="Clara Hollin"), cast.jonas)
    kept |= money_of_the_world(cast, clients, plan, step)
    kept |= {"accepted": plan.campaign.brief, "study": study, "section": study.opinions.get()}
    return {**kept, "evaluation": evaluation, "draft": draft}


def money_of_the_world(cast, clients, plan, step):
    """A plan agreed inside, a campaign on which money is spent with a change order, and hours on a step."""
    inside = a_plan(plan.campaign.brief, cast.marta, name="To be sent")
    inside.submit(by=cast.marta)
    inside.agree(by=cast.omar)
    printing = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("8000")}
    piece = {"letter": "A", "what": "Poster", "medium": "outdoor", "size": "", "rounds": "2", "deadline": "2026-12-30"}
    spent = a_confirmed_plan(plan.campaign.brief, writer=cast.marta, agreer=cast.omar, name="Spent on", lines=[printing],
                             deliverables=[{**piece, "appears": ""}])  # fmt: skip
    line = spent.campaign.budget_lines.get(name="Printing")
    told = {"on": clock.today(), "amount": Decimal("700"), "supplier": "Dorrit Print", "document": "DP-1"}
    invoice = Actual.book(line, by=cast.marta, token=uuid4(), **told)
    step.give_to(by=cast.mei, person=cast.marta)
    hours = Hours.note_down(step, by=cast.marta, token=uuid4(), on=clock.today(), hours=Decimal(1))
    found = {"agreed": inside.campaign, "spending": spent.campaign, "order": a_change_order(spent.campaign, cast.marta)}
    return {**found, "costed": plan.estimate[0], "invoice": invoice, "hours": hours, "piece": spent.campaign.deliverables.get()}


def an_evaluation(cast):
    period = {"period_from": clock.today() - timedelta(days=90), "period_to": clock.today()}
    evaluation = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), **period)
    evaluation.marks.create(criterion="Tact", score=4, sentence="Called twice.")
    return evaluation


def arguments(name, world):
    """What the address `name` needs, from the world."""
    of_brief, of_step, of_evaluation = ({"pk": world[it].pk} for it in ("brief", "step", "evaluation"))
    of_line, of_file = ({"pk": world[it].pk} for it in ("line", "file"))
    of_question, of_playback = {**of_brief, "question": world["question"].pk}, {**of_brief, "number": world["playback"].number}
    job, code = {"job_number": world["campaign"].job_number}, {"code": "HRB"}
    clara = {"pk": Contact.objects.get(name="Clara Hollin").pk}
    terms = {**code, "pk": Terms.objects.get(client__code="HRB", valid_until=None).pk}
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
        "client_import_template": {"form": "csv"},
        **{door: {"token": world["imported"].token} for door in ("client_import_look", "client_import_make")},
        "terms": code, "terms_new": code, "terms_edit": terms, "terms_confirm": {**terms, "contact": clara["pk"]},
        "contact": clara, "contact_edit": clara, "contact_new": code, "contact_move": {**clara, "name": "retire"},
        "seat_end": {**code, "pk": Assignment.objects.current().get(client__code="HRB", seat="salesman").pk},
        "share": shared, "unshare": shared, "history": shared,
        "brief_compare": of_brief, "campaign_brief": job, "campaign_brief_looked": {**job, "side": "plan"},
        "brief": of_brief, "brief_pdf": of_brief, "brief_edit": of_brief, "brief_move": {**of_brief, "name": "submit"},
        "brief_questions": of_brief, "brief_ask": of_brief, "brief_telephone": of_brief, "brief_telephone_pdf": of_brief,
        "question_take": of_question, "question_move": {**of_question, "name": "drop"},
        "enquiry_move": {"pk": world["question"].enquiry_id, "name": "withdraw"}, "playback_new": of_brief,
        **{f"playback{door}": of_playback for door in ("", "_pdf", "_edit", "_send", "_record")},
        "playback_move": {**of_playback, "name": "withdraw"},
        "client_page": {"token": f"{token_of(world['link'].seed)}/"}, "link_move": {"pk": world["link"].pk, "name": "revoke"},
        "study_new": {"pk": world["accepted"].pk},
        **{door: {"pk": world["study"].pk} for door in ("study", "study_pdf", "study_invite", "study_close")},
        "study_move": {"pk": world["study"].pk, "name": "reopen"},
        **{f"opinion{door}": {"pk": world["section"].pk} for door in ("", "_record", "_reply", "_ask", "_nudge")},
        "opinion_move": {"pk": world["section"].pk, "name": "withdraw"},
        "ledger": code, "requirement_new": code, "requirement": of_line, "requirement_edit": of_line,
        "requirement_waive": of_line, "requirement_move": {**of_line, "name": "honour"},
        "files": shared, "file": {**of_file, "name": world["file"].name}, "file_text": of_file, "file_take_away": of_file,
        **{door: {"job_number": world["agreed"].job_number} for door in (
            "plan_send", "plan_record", "plan_editions", "plan_compare")},
        **{door: job for door in ("plan_estimate", "estimate_pdf", "estimate_line_new", "plan_mark")},
        **{door: {"pk": world["costed"].pk} for door in ("estimate_line", "estimate_line_drop")},
        **{door: {"job_number": world["spending"].job_number} for door in (
            "change_orders", "change_order_new", "campaign_money", "campaign_let")},
        **{f"change_order{door}": {"pk": world["order"].pk} for door in ("", "_pdf", "_edit", "_line", "_send", "_record")},
        "change_order_move": {"pk": world["order"].pk, "name": "withdraw"},
        "deliverable_move": {"pk": world["piece"].pk, "name": "begin_round"},
        "entry_new": {"job_number": world["spending"].job_number, "kind": "invoice"},
        "money_entry": {"kind": "invoice", "pk": world["invoice"].pk},
        "money_entry_move": {"kind": "invoice", "pk": world["invoice"].pk, "name": "strike_out"},
        "budget_line": {"pk": world["invoice"].line_id},
        "step_hours": of_step, "hours_move": {"pk": world["hours"].pk, "name": "strike_out"},
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


def test_a_stranger_goes_to_the_login(world, client):
    for name in (name for name, who in DOORS.items() if who != PUBLIC):
        there = address(name, world)
        for answer in (client.get(there), client.post(there)):
            assert answer.status_code == 302, name
            assert answer.url.startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if who == PUBLIC])
def test_a_public_address_asks_no_login(name, world, client):
    answer = client.get(address(name, world))
    assert answer.status_code in {200, 302}
    assert answer.status_code == 200 or not answer.url.startswith(reverse("account_login") + "?next")


@pytest.mark.parametrize("person", one_of_each(PEOPLE, "jonas", "felix", "lucia"))
def test_each_of_us_opens_the_addresses_named_in_the_table_and_no_other(person, world, cast, login):
    browser, opened, strange = login(getattr(cast, person)), set(), {}
    for name in (name for name, who in DOORS.items() if isinstance(who, set)):
        answer = browser.get(address(name, world))
        b"".join(answer)  # a file is open until all of it has been sent
        if answer.status_code == 200:
            opened.add(name)
        elif answer.status_code not in {403, 404}:
            strange[name] = answer.status_code
    assert opened == {name for name, who in DOORS.items() if isinstance(who, set) and person in who}
    assert strange == {}


def test_what_changes_something_answers_to_a_form_alone(world, cast, login):
    browser = login(cast.helena)
    answers = {name: browser.get(address(name, world)).status_code for name, who in DOORS.items() if who == POST}
    assert {name: status for name, status in answers.items() if status not in {404, 405}} == {}
