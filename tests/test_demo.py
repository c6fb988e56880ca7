"""The demo agency: who is in it, where its work stands today, and that its past was really lived through."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from simple_history.utils import get_history_manager_for_model

from accounts.models import Evaluation, Person
from agency import clock
from agency.flow import Refused, moves_of
from agency.models import AgencyDay
from agency.records import EventBase, Record
from agency.sealing import sealing, unsealing
from agency.workdays import calendar
from approvals.models import Sample
from briefs.models import Brief, Opinion, Study
from campaigns.models import Campaign, JobCounter, Plan, Rearrangement, Step
from clients.models import Assignment, ChainHead, Client, Contact, Share, Terms
from desk.demo import load
from desk.demo.campaigns import STORIES
from desk.demo.stage import Stage
from reminders.models import Notice
from tests.snapshot import SEALED

MONDAY = date(2026, 11, 23)
KEPT = {"contenttypes.contenttype", "auth.permission", "accounts.department"}
KEPT |= {"briefs.brieftemplate"}
KEPT |= {f"campaigns.{name}" for name in ("scheduletemplate", "templatestep", "templatelink")}


def here(model):
    return KEPT.isdisjoint({model._meta.label_lower}) and model._meta.managed and not model._meta.proxy


@pytest.fixture
def empty_house(db):
    """A database in which only what the migrations bring is left; the test's transaction gives everything back."""
    with connection.cursor() as cursor:
        for statement in (it for table in SEALED for it in unsealing(connection.vendor, table)):
            cursor.execute(statement)
        for model in filter(here, apps.get_models(include_auto_created=True)):
            model._base_manager.all()._raw_delete("default")
        ChainHead.objects.create(pk=1)
        for statement in (it for table in SEALED for it in sealing(connection.vendor, table, counts=SEALED[table])):
            cursor.execute(statement)


@pytest.fixture
def sunday_loaf(clients):
    return Campaign.objects.get(job_number="HRB-26-014")


def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if here(model)}


def day(month, number, year=2026):
    return date(year, month, number)


# The cast


def test_the_department_has_twelve_people_and_five_members_of_other_departments_log_in(cast):
    roles = sorted(Person.objects.exclude(role="").values_list("role", flat=True))
    assert {role: roles.count(role) for role in roles} == {
        "coordinator": 2, "director": 3, "manager": 2, "member": 5, "minister": 1, "salesman": 2, "supervisor": 2,
    }  # fmt: skip
    departments = {it.username: it.department.code for it in Person.objects.filter(role="member").select_related("department")}
    assert departments == {"felix": "creative", "noor": "production", "sven": "media", "petra": "research", "ida": "finance"}


def test_the_technical_administrator_has_no_role(cast):
    assert (cast.admin.is_superuser, cast.admin.role, cast.admin.group) == (True, "", None)
    assert not Person.objects.exclude(username="admin").filter(is_superuser=True).exists()


def test_everybody_logs_in_with_the_password_of_the_demo(cast):
    assert authenticate(username="jonas", password="accord-demo") == cast.jonas
    assert Person.objects.values("password").distinct().count() == 1


def test_salesmen_have_their_guides_and_everybody_reports_up_to_the_minister(cast):
    assert (cast.jonas.guide, cast.amina.guide) == (cast.tomas, cast.priya)
    assert cast.jonas.probation_until == day(1, 15, 2027)
    assert all(person.is_under(cast.helena) for person in Person.objects.exclude(role__in=("", "member")))
    assert (cast.marta.group.supervisor, cast.lucia.group.supervisor) == (cast.omar, cast.ingrid)


def test_ten_clients_and_the_house_account_are_in_the_books(clients):
    assert {code: (it.tier, it.group and it.group.name, it.state) for code, it in clients.items()} == {
        "HRB": ("key", "North", "active"), "VOL": ("key", "South", "active"),
        "NOR": ("status", "North", "active"), "MER": ("status", "South", "active"),
        "SOL": ("standard", "North", "active"), "TER": ("standard", "South", "active"),
        "PAL": ("small", "North", "active"), "GRE": ("small", "South", "active"),
        "BRI": ("standard", "North", "prospect"), "KES": ("standard", "South", "prospect"),
        "QHA": ("standard", None, "active"),
    }  # fmt: skip
    assert [code for code, it in clients.items() if it.is_house] == ["QHA"]
    assert set(Contact.objects.values_list("client__code", flat=True)) == set(clients) - {"QHA"}


def test_each_client_is_served_by_those_who_serve_it_in_the_story(clients):
    team = {}
    for seat in Assignment.objects.current().select_related("client", "person"):
        team.setdefault(seat.client.code, {})[seat.seat] = seat.person.username
    north = {"manager": "tomas", "salesman": "jonas"}
    south = {"manager": "priya", "salesman": "amina"}
    assert team == {
        "HRB": {"director": "marta", **north}, "NOR": {"director": "david", **north}, "SOL": {"director": "david", **north},
        "PAL": north, "GRE": south,
        **{code: {"director": "lucia", **south} for code in ("VOL", "MER", "TER")},
    }  # fmt: skip


def test_the_bank_was_handed_over_from_marta_to_david_with_a_note(cast, clients):
    ended = Assignment.objects.get(ended_at__isnull=False)
    assert (ended.client.code, ended.person, ended.ended_by) == ("NOR", cast.marta, cast.helena)
    assert "David knows banking" in clients["NOR"].assignments.get(seat="director", ended_at=None).note


def test_clara_confirms_up_to_a_limit_and_peter_proofs_alone(clients):
    clara, peter = (Contact.objects.get(name=name) for name in ("Clara Hollin", "Peter Dorn"))
    terms = clients["HRB"].terms_on()
    assert [terms.may_confirm(clara, "estimate", total) for total in (144720, 150001)] == [True, False]
    assert [terms.may_confirm(peter, what) for what in ("proof", "draft", "estimate")] == [True, False, False]
    assert (terms.answer_days, clients["HRB"].terms.count()) == (3, 2)


def test_silence_is_acceptance_at_the_furniture_house_alone_and_the_theatres_limit_is_low(clients):
    assert [code for code, client in clients.items() if client.terms_on().deemed_acceptance] == ["TER"]
    assert clients["TER"].terms_on().deemed_clause
    ruth = clients["PAL"].contacts().get()
    assert [clients["PAL"].terms_on().may_confirm(ruth, "change_order", total) for total in (380, 401)] == [True, False]
    assert clients["QHA"].terms_on().is_of_the_house


# Sunday Loaf, from the brief to the posting


def test_sunday_loaf_stands_where_the_story_says_on_the_monday(sunday_loaf):
    steps = list(sunday_loaf.steps.order_by("position"))
    assert [step.state for step in steps] == ["checked"] * 16 + ["in_progress", "planned", "planned"]
    assert (sunday_loaf.plan.state, sunday_loaf.plan.budget) == ("confirmed", 145000)
    assert sunday_loaf.brief.state == "accepted"


def test_the_steps_of_sunday_loaf_lie_on_their_real_days(sunday_loaf):
    spans = [(step.starts_on, step.ends_on) for step in sunday_loaf.steps.order_by("position")]
    assert spans == [
        (day(10, 5), day(10, 6)), (day(10, 7), day(10, 7)), (day(10, 8), day(10, 12)), (day(10, 13), day(10, 14)),
        (day(10, 15), day(10, 15)), (day(10, 15), day(10, 19)), (day(10, 16), day(10, 22)), (day(10, 26), day(10, 26)),
        (day(10, 27), day(10, 27)), (day(10, 28), day(10, 30)), (day(11, 5), day(11, 6)), (day(11, 9), day(11, 10)),
        (day(11, 11), day(11, 12)), (day(11, 13), day(11, 16)), (day(11, 17), day(11, 17)), (day(11, 18), day(11, 18)),
        (day(11, 19), day(11, 25)), (day(11, 26), day(11, 26)), (day(12, 4), day(12, 7)),
    ]  # fmt: skip


def test_what_was_late_in_sunday_loaf_is_in_its_trail(sunday_loaf, cast):
    def told(name, *verbs):
        events = reversed(sunday_loaf.steps.get(name__startswith=name).events())
        return [(it.verb, it.at.date(), it.actor.username) for it in events if it.verb in verbs]

    assert told("Concept and first draft", "report_done", "hand_back") == [
        ("report_done", day(10, 22), "felix"), ("hand_back", day(10, 22), "marta"), ("report_done", day(10, 23), "felix"),
    ]  # fmt: skip
    assert told("Client feedback", "start", "report_done") == [
        ("start", day(10, 28), "jonas"), ("report_done", day(11, 4), "jonas"),
    ]  # fmt: skip
    assert told("Print run", "start", "report_done") == [("start", day(11, 19), "noor")]


def test_the_clients_silence_climbed_the_ladder(sunday_loaf):
    step = sunday_loaf.steps.get(name__startswith="Client feedback")
    rungs = Notice.objects.about(step).filter(rung__gt=0, due_on=day(10, 30)).values_list("rung", "recipient__username")
    assert sorted(rungs) == [(1, "jonas"), (1, "mei"), (1, "tomas"), (2, "marta"), (3, "helena"), (3, "omar")]


def test_the_posters_have_no_day_to_lose_and_are_at_risk(sunday_loaf):
    delivery = sunday_loaf.steps.get(name__startswith="Posters delivered")
    assert (delivery.latest_on, delivery.ends_on) == (day(11, 26), day(11, 26))
    assert delivery.is_at_risk(MONDAY)
    assert list(Step.objects.at_risk(MONDAY).filter(campaign=sunday_loaf)) == [delivery]


def test_mei_rearranged_the_installer_with_a_reason(sunday_loaf, cast):
    made = sunday_loaf.rearrangements.get(step__name__startswith="In charge")
    assert (made.state, made.created_by, made.to_start) == ("done", cast.mei, day(12, 4))
    assert "one from Creative and three from the client" in made.reason
    [moved] = made.moved
    assert (moved["step"], moved["name"]) == (made.step_id, made.step.name)
    assert moved["days"] == ["2026-12-01", "2026-12-02", "2026-12-04", "2026-12-07"]


def test_a_clients_numbers_go_on_after_the_jobs_on_paper(clients):
    assert list(Campaign.objects.filter(client=clients["HRB"]).values_list("job_number", flat=True)) == ["HRB-26-014"]
    assert str(JobCounter.objects.get(client=clients["HRB"])) == "HRB-26-014"
    numbers = Campaign.objects.filter(client=clients["GRE"]).order_by("pk").values_list("job_number", flat=True)
    assert list(numbers) == ["GRE-26-001", "GRE-26-002"]


def test_the_printers_proof_failed_for_its_opening_hours_and_passed_the_same_day(sunday_loaf, cast):
    first, second = sunday_loaf.samples.order_by("number")
    assert [(it.state, it.received_on, it.reviewed_on, it.reviewer) for it in (first, second)] == [
        ("failed", day(11, 16), day(11, 17), cast.jonas), ("released", day(11, 17), day(11, 17), cast.jonas),
    ]  # fmt: skip
    [fault] = first.faults
    assert fault.text.startswith("Opening hours") and "8 to 13" in fault.note
    assert (fault.photo.name, fault.pin) == ("proof-1.png", {"x": "50%", "y": "84%"})
    assert (second.releaser, second.step.evidence, second.step.state) == (cast.tomas, second, "checked")


# The rest of the work


def test_a_legal_line_failed_in_the_sample_check_and_the_next_sample_is_expected(clients, cast):
    failed, expected = Sample.objects.filter(client=clients["SOL"]).order_by("number")
    assert (failed.state, failed.kind, failed.reviewer) == ("failed", "contract", cast.jonas)
    assert [row.text.startswith("Legal lines") for row in failed.faults] == [True]
    assert (expected.state, expected.number, expected.expected_on) == ("expected", 2, MONDAY)
    assert any("leaflet" in row.text for row in failed.checked), "the ledger says it too"


def test_the_garden_centres_proof_passed_with_a_correction_that_was_verified(clients, cast):
    sample = Sample.objects.get(client=clients["GRE"])
    assert (sample.state, sample.reviewer, sample.releaser) == ("released", cast.amina, cast.priya)
    assert [row.verified_by for row in sample.faults] == [cast.amina]


def test_every_light_of_the_dashboard_is_lit_somewhere(cast):
    lit = {name: getattr(Step.objects, name)(MONDAY).exists() for name in ("late", "due", "at_risk", "blocked")}
    assert lit == {"late": True, "due": True, "at_risk": True, "blocked": True}
    assert Step.objects.unassigned().exists()
    assert set(Step.objects.values_list("state", flat=True)) == set(Step.State.values) - {Step.State.SKIPPED}


def test_briefs_are_in_every_state_and_the_banks_is_not_complete(cast, clients):
    assert set(Brief.objects.values_list("state", flat=True)) == set(Brief.State.values)
    bank = Brief.objects.get(client=clients["NOR"])
    assert (bank.state, bank.missing) == ("draft", ["budget_amount", "market_plan", "legal_lines"])
    waiting = Brief.objects.get(state="submitted")
    assert (waiting.client.code, waiting.holder, waiting.due_on) == ("SOL", cast.david, MONDAY)
    assert Brief.objects.get(state="returned").returned_because.actor == cast.lucia


def test_a_hand_off_is_stuck_between_creative_and_production(cast, clients):
    artwork = Step.objects.get(client=clients["SOL"], state="in_progress")
    last = artwork.last_event()
    assert (artwork.person, last.verb, last.actor) == (cast.felix, "hand_back", cast.noor)
    assert "Fonts missing" in last.reason
    assert artwork.is_late(MONDAY)
    assert artwork.successors.get().is_blocked(MONDAY)


def test_one_producer_is_wanted_in_two_places_from_today_to_wednesday(cast):
    busy = Step.objects.filter(person=cast.noor, state="in_progress", starts_on__lte=MONDAY, ends_on__gte=day(11, 25))
    assert sorted(busy.values_list("client__code", "name")) == [
        ("HRB", "Print run"),
        ("VOL", "Casting, locations, wardrobe, set"),
    ]


def test_a_member_asks_for_a_rearrangement_and_the_coordinator_has_not_answered(cast):
    wish = Rearrangement.objects.get(state="asked")
    assert (wish.created_by, wish.holder, wish.due_on, wish.client.code) == (cast.noor, cast.rafael, MONDAY, "VOL")


def test_the_garden_centre_is_finished_and_the_furniture_house_begins_soon(clients):
    assert [it.client.code for it in Campaign.objects.finished()] == ["GRE"]
    oak = Campaign.objects.get(client=clients["TER"])
    assert (oak.plan.state, set(oak.steps.values_list("state", flat=True))) == ("confirmed", {"ready", "planned"})
    assert oak.steps.order_by("position").first().starts_on == calendar().add(MONDAY, 4)
    assert not Campaign.objects.filter(client=clients["NOR"]).exists()


def test_two_briefs_are_shared_until_a_date_with_members_of_other_departments(cast):
    by_hand = Share.objects.filter(through="").select_related("user")
    assert {share.user.username: share.until > MONDAY for share in by_hand} == {"felix": True, "petra": True, "ida": True}
    assert {brief.client.code for brief in Brief.objects.visible_to(cast.felix)} == {"SOL", "TER"}
    assert Brief.objects.visible_to(cast.petra).get().client.code == "VOL"
    assert not Brief.objects.visible_to(cast.ida).exists()


def test_one_study_waits_for_a_department_and_those_behind_campaigns_are_closed(cast):
    opened = Study.objects.get(state="open")
    said = {it.department.code: (it.state, it.verdict, bool(it.reply)) for it in opened.opinions.select_related("department")}
    assert said == {
        "creative": ("answered", "conditions", False), "production": ("answered", "no", True), "media": ("asked", "", False),
    }  # fmt: skip
    media = opened.opinions.get(state="asked")
    assert (media.holder, media.due_on) == (cast.sven, MONDAY)
    assert {it.username for it in (cast.felix, cast.noor, cast.sven) if opened.brief in Brief.objects.visible_to(it)} == {
        "felix", "noor", "sven",
    }  # fmt: skip
    loaf = Study.objects.get(brief__client__code="HRB")
    assert (loaf.state, loaf.last_event().actor, loaf.last_event().at.date()) == ("closed", cast.marta, date(2026, 10, 7))
    assert loaf.opinions.get(department__code="production").grounds == "No metallic ink."
    assert Study.objects.filter(state="closed").count() == 5
    assert not Opinion.objects.visible_to(cast.noor).filter(study=loaf).exists()


def test_three_evaluations_are_signed_to_be_signed_and_being_written(cast):
    states = {it.person.username: it.state for it in Evaluation.objects.select_related("person")}
    assert states == {"marta": "signed", "jonas": "with_person", "priya": "draft"}
    assert not Evaluation.objects.exclude(created_by=cast.helena).exists()


def test_the_agency_closes_on_christmas_eve_and_works_on_a_saturday_before(cast):
    assert list(AgencyDay.objects.values_list("date", "is_open")) == [(day(12, 12), True), (day(12, 24), False)]


def test_loading_mails_nothing_and_leaves_only_the_newest_notices_unread(cast):
    assert not Notice.objects.waiting(clock.now()).exists()
    assert not Notice.objects.unseen().filter(created_at__date__lt=day(11, 20)).exists()
    unread = Notice.objects.visible_to(cast.jonas).unseen().count()
    assert 0 < unread < 10


# A past that was really lived through


def test_every_change_has_its_history_with_a_person_and_lies_in_the_past(cast):
    for model in filter(here, apps.get_models()):
        if hasattr(model, "history"):
            rows = get_history_manager_for_model(model)
            nobodys = rows.filter(history_user=None)  # but for what a client's contact did through a link: the reason names him
            assert not nobodys.exclude(history_change_reason__regex=r"\S+ \S+ \(").exists(), model
            assert not rows.filter(history_date__gt=clock.now()).exists(), model
        if issubclass(model, Record):
            for record in model._base_manager.all():
                assert record.history.count() == record.version, record
                assert record.created_at == record.history.earliest().history_date, record
        if issubclass(model, EventBase):
            assert not model.objects.filter(at__gt=clock.now()).exists(), model


@pytest.mark.parametrize("model", [Client, Brief, Plan, Step, Rearrangement, Evaluation, Sample])
def test_every_state_was_reached_by_legal_moves(cast, model):
    moves = moves_of(model)
    for record in model._base_manager.all():
        verbs = [it.verb for it in reversed(record.events()) if it.verb in moves]
        first = record.history.earliest().state
        assert walked(first, [moves[verb] for verb in verbs]) == record.state, record


def walked(state, moves):
    for it in moves:
        assert state in it.sources, it
        state = it.to or state
    return state


def test_everything_passes_the_checks_that_forms_make(cast):
    for thing in chain.from_iterable(model.objects.all() for model in (Person, Client, Brief, Contact, Terms)):
        thing.full_clean()
    for step in Step.objects.all():
        step.full_clean(exclude=["department"] if step.is_clients else [])


def test_nobody_checked_a_step_he_owns(cast):
    for step in Step.objects.filter(state="checked"):
        assert step.last_event().actor_id != step.person_id


# Loading


def test_loading_twice_changes_nothing(cast):
    before = counts()
    assert load() == {}
    assert counts() == before


@pytest.mark.parametrize("ahead", range(7))
def test_the_story_stands_on_the_day_of_loading_or_the_working_day_before(cast, ahead):
    today = day(11, 22) + timedelta(days=ahead)
    assert Stage(today).today == {day(11, 22): day(11, 20), day(11, 28): day(11, 27)}.get(today, today)


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(datetime(2026, 11, 22, 0, 5, tzinfo=UTC), marks=pytest.mark.thorough),
        datetime(2027, 1, 2, 23, 30, tzinfo=UTC),
        pytest.param(datetime(2028, 2, 29, 9, 0, tzinfo=UTC), marks=pytest.mark.thorough),
    ],
    ids=["a Sunday just after midnight", "a Saturday between the years", "a leap day"],
)
def test_the_agency_can_be_loaded_on_any_day(empty_house, instant):
    with time_machine.travel(instant, tick=False):
        assert load() == {"people": 18, "clients": 11, "briefs": 13, "campaigns": len(STORIES)}
        stage = Stage(clock.today())
        loaf = Campaign.objects.get(client__code="HRB")
        states = list(loaf.steps.order_by("position").values_list("state", flat=True))
        assert states == ["checked"] * 16 + ["in_progress", "planned", "planned"]
        assert loaf.steps.get(position=17).starts_on == stage.day(-2)
        assert loaf.steps.get(position=18).latest_on == loaf.steps.get(position=18).ends_on == stage.day(3)
        assert loaf.steps.get(position=19).starts_on == stage.day(9)
        assert Step.objects.due(stage.today).exists()
        assert not Notice.objects.waiting(clock.now()).exists()
        assert not Notice.objects.filter(created_at__gt=clock.now()).exists()


def test_the_demo_does_not_go_into_a_house_where_somebody_lives(empty_house):
    Person.objects.create_user("root", "root@quill-harbour.example", is_superuser=True)
    with pytest.raises(Refused, match="empty database"):
        load()
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo")
    assert not Client.objects.exists()


def test_the_demo_is_refused_in_production(empty_house, settings):
    settings.TRIAL = False
    with pytest.raises(Refused, match="production"):
        load()
    assert not Person.objects.exists()


def test_the_command_says_when_there_is_nothing_to_do(cast, capsys):
    call_command("load_demo")
    assert capsys.readouterr().out == "The demo agency is there already.\n"
