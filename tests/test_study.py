"""The joint study: who is asked sees one brief and one section and no more; nothing is agreed over a silent department."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Department, Person
from agency.flow import Conflict, Court, Refused
from briefs.models import Brief, Edition, Opinion, Study
from clients.admin import shareable_rights
from clients.models import Event, Share
from reminders.models import Notice
from tests.records import MONDAY, a_brief, a_plan, an_accepted_brief, days
from tests.studies import CONDITIONS, FEASIBLE, REFUSED, a_study, section

SILENT = "A department is still thinking."


@pytest.fixture
def study(cast, clients):
    return a_study(cast, clients, "production", "media")


@pytest.fixture
def production(study):
    return section(study)


def told(person, *, since=0):
    return list(Notice.objects.visible_to(person).order_by("pk").values_list("text", flat=True))[since:]


def fresh(record):
    return type(record).objects.get(pk=record.pk)


# Opening and inviting


def test_a_study_asks_each_department_by_the_second_working_day(study, cast):
    assert [(it.department.code, it.person, it.court, it.holder, it.due_on) for it in study.opinions.order_by("pk")] == [
        ("production", cast.noor, Court.DEPARTMENT, cast.noor, MONDAY + days(2)),
        ("media", cast.sven, Court.DEPARTMENT, cast.sven, MONDAY + days(2)),
    ]
    assert (study.court, study.holder, study.due_on, study.edition) == (Court.DEPARTMENT, None, None, 1)


def test_the_days_of_a_study_are_a_setting(cast, clients, settings):
    settings.STUDY_DAYS = 4
    assert a_study(cast, clients).answer_by == MONDAY + days(4)


@pytest.mark.parametrize("name", ["jonas", "mei", "noor", "admin", "lucia", "david"])
def test_who_has_no_right_opens_no_study(name, cast, clients):
    with pytest.raises(PermissionDenied):
        a_study(cast, clients, by=getattr(cast, name))


def test_only_an_accepted_brief_is_studied(cast, clients):
    with pytest.raises(Refused, match="An accepted brief is studied"):
        a_study(cast, clients, brief=a_brief(clients["HRB"], cast.jonas))


def test_a_brief_has_one_open_study(study, cast, clients):
    with pytest.raises(Refused, match="open already"):
        a_study(cast, clients, brief=study.brief)


def test_a_study_without_departments_or_of_the_past_is_refused(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    with pytest.raises(Refused, match="at least one"):
        Study.open(brief=brief, by=cast.marta, token=uuid4(), invited=[])
    with pytest.raises(Refused, match="from today on"):
        a_study(cast, clients, brief=brief, answer_by=MONDAY - days(1))


def test_whoever_is_asked_is_of_that_department(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    for person in (cast.felix, cast.marta):
        with pytest.raises(Refused, match="no member of Production"):
            Study.open(brief=brief, by=cast.marta, token=uuid4(), invited=[(Department.objects.get(code="production"), person)])
    assert not brief.studies.exists()


def test_inviting_a_department_twice_keeps_one_section(study, production, cast):
    assert study.invite(production.department, cast.noor, by=cast.marta) == production
    assert study.opinions.count() == 2


def test_a_department_without_a_login_is_asked_by_whoever_opened_the_study(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    finance = Department.objects.get(code="finance")
    study = Study.open(brief=brief, by=cast.marta, token=uuid4(), invited=[(finance, None)])
    it = section(study, "finance")
    assert (it.person, it.court, it.holder) == (None, Court.OURS, cast.marta)


def test_an_acceptance_that_departments_study_is_not_taken_back(study, cast):
    with pytest.raises(Refused, match="Departments have been asked"):
        fresh(study.brief).undo_accept_without_playback(by=cast.marta)


# What a member sees


def test_whoever_is_asked_sees_that_brief_and_the_own_section_and_nothing_else(study, production, cast, clients):
    other = a_brief(clients["HRB"], cast.jonas, title="Another")
    assert set(Brief.objects.visible_to(cast.noor).filter(client=clients["HRB"])) == {study.brief}
    assert set(Opinion.objects.visible_to(cast.noor).filter(study=study)) == {production}
    assert not Study.objects.visible_to(cast.noor).filter(pk=study.pk).exists()
    assert not cast.noor.has_perm("briefs.view_brief", other)
    assert not cast.noor.has_perm("briefs.view_brief", study)
    assert not cast.noor.has_perm("briefs.view_brief", section(study, "media"))
    assert not cast.noor.has_perm("clients.view_client", clients["HRB"])
    assert cast.noor.has_perm("briefs.answer_study", production)
    assert not cast.noor.has_perm("briefs.record_opinion", production)


def test_a_colleague_of_the_department_who_was_not_asked_sees_nothing(study, production, cast):
    other = Person.objects.create_user("nils", "nils@quill-harbour.example", role="member", department=cast.noor.department)
    assert study.brief not in Brief.objects.visible_to(other)
    assert production not in Opinion.objects.visible_to(other)
    with pytest.raises(PermissionDenied):
        production.answer(by=other, words=FEASIBLE)


def test_nobody_answers_in_the_name_of_whoever_was_asked(production, cast):
    for name in ("marta", "omar", "helena", "mei", "sven", "felix", "admin"):
        with pytest.raises(PermissionDenied):
            production.answer(by=getattr(cast, name), words=FEASIBLE)


def test_the_shares_end_with_the_study_and_what_was_shared_by_hand_stays(study, production, cast):
    study.brief.share_with(cast.noor, until=MONDAY + days(9), reason="For your own print run.", by=cast.marta)
    production.answer(by=cast.noor, words=FEASIBLE)
    section(study, "media").answer(by=cast.sven, words=FEASIBLE)
    fresh(study).close(by=cast.marta, conclusions="Go on.")
    assert cast.noor.has_perm("briefs.view_brief", study.brief)
    assert not cast.sven.has_perm("briefs.view_brief", study.brief)
    assert not Opinion.objects.visible_to(cast.noor).filter(study=study).exists()
    keys = [f"briefs.opinion:{it.pk}" for it in study.opinions.all()]
    assert not Share.objects.filter(through__in=keys).exists()


def test_taking_back_a_share_by_hand_leaves_the_study_open_to_who_is_asked(study, production, cast):
    study.brief.share_with(cast.noor, until=MONDAY + days(9), reason="For your own print run.", by=cast.marta)
    study.brief.unshare(cast.noor, by=cast.marta)
    assert cast.noor.has_perm("briefs.view_brief", study.brief)
    assert cast.noor.has_perm("briefs.answer_study", production)


def test_a_withdrawn_invitation_closes_at_once_and_asking_again_opens_the_same_section(study, production, cast):
    production.withdraw(by=cast.marta, reason="No print after all.")
    assert not cast.noor.has_perm("briefs.view_brief", study.brief)
    assert not cast.noor.has_perm("briefs.view_brief", production)
    again = fresh(study).invite(production.department, cast.noor, by=cast.marta)
    assert (again.pk, again.state) == (production.pk, "asked")
    assert cast.noor.has_perm("briefs.answer_study", again)


def test_a_withdrawal_taken_back_opens_both_again(study, production, cast):
    production.withdraw(by=cast.marta, reason="A slip.")
    production.undo_withdraw(by=cast.marta)
    assert production.state == "asked"
    assert cast.noor.has_perm("briefs.answer_study", production)


def test_another_colleague_asked_instead_has_what_the_first_one_had(study, production, cast):
    nils = Person.objects.create_user("nils", "nils@quill-harbour.example", role="member", department=cast.noor.department)
    production.ask_instead(by=cast.marta, person=nils)
    assert not cast.noor.has_perm("briefs.view_brief", study.brief)
    assert nils.has_perm("briefs.answer_study", production)
    assert production.holder == nils
    with pytest.raises(Refused, match="no member of Production"):
        production.ask_instead(by=cast.marta, person=cast.sven)


def test_whoever_changes_to_the_department_itself_goes_by_the_seat(study, production, cast):
    cast.noor.role = "salesman"
    assert not cast.noor.has_perm("briefs.view_brief", production)


# Answering


def test_an_answer_counts_at_once_and_a_new_one_keeps_the_old_in_the_history(study, production, cast):
    production.answer(by=cast.noor, words=CONDITIONS)
    assert (production.state, production.court, production.verdict) == ("answered", Court.NOBODY, "conditions")
    production.change_answer(by=cast.noor, words={**FEASIBLE, "days": Decimal("3.0")})
    assert [it.verdict for it in production.history.all()][:2] == ["feasible", "conditions"]
    assert production.days == 3


@pytest.mark.parametrize(
    "wrong", [{"verdict": "perhaps"}, {"verdict": ""}, {"verdict": "no", "grounds": " "}, {"verdict": "conditions"}]
)
def test_half_an_answer_is_refused_with_a_sentence(wrong, production, cast):
    with pytest.raises(Refused, match=r"feasible|conditions"):
        production.answer(by=cast.noor, words={**FEASIBLE, **wrong})
    assert fresh(production).state == "asked"


def test_an_answer_to_what_stood_there_before_is_a_conflict(production, cast):
    seen = production.version
    production.answer(by=cast.noor, words=FEASIBLE, seen=seen)
    with pytest.raises(Conflict):
        fresh(production).change_answer(by=cast.noor, words=REFUSED, seen=seen)


def test_what_we_record_names_its_source_and_the_department_may_say_otherwise(production, cast):
    with pytest.raises(Refused, match="who of the department"):
        production.record(by=cast.mei, words=FEASIBLE, said_by="", said_how="telephone")
    production.record(by=cast.mei, words=FEASIBLE, said_by="Noor Rahman", said_how="telephone")
    assert (production.state, production.said_by) == ("recorded", "Noor Rahman")
    assert "Mei Lin recorded what Production says" in told(cast.noor)[-1]
    production.answer(by=cast.noor, words=REFUSED)
    assert (production.state, production.verdict, production.said_by) == ("answered", "no", "")


@pytest.mark.parametrize("name", ["jonas", "sven", "noor", "lucia", "admin"])
def test_who_has_no_right_records_nothing(name, production, cast):
    with pytest.raises(PermissionDenied):
        production.record(by=getattr(cast, name), words=FEASIBLE, said_by="Noor", said_how="mail")


def test_a_department_that_says_no_is_answered_by_us(study, production, cast):
    production.answer(by=cast.noor, words=REFUSED)
    assert (production.court, production.holder, production.due_on) == (Court.OURS, cast.marta, MONDAY + days(1))
    assert production.is_refused
    production.answer_back(by=cast.tomas, reply="We move the date to April.")
    assert (production.court, production.replied_by, production.is_refused) == (Court.NOBODY, cast.tomas, False)
    production.change_answer(by=cast.noor, words=REFUSED)
    assert (production.reply, production.is_refused) == ("", True)


def test_an_answer_taken_back_is_silence_again(study, production, cast):
    section(study, "media").answer(by=cast.sven, words=FEASIBLE)
    production.answer(by=cast.noor, words=FEASIBLE)
    assert fresh(study).court == Court.OURS
    production.undo_answer(by=cast.noor)
    assert (production.state, production.verdict, production.court) == ("asked", "", Court.DEPARTMENT)
    assert fresh(study).court == Court.DEPARTMENT


def test_lead_and_supervisor_hear_of_a_no_and_the_opener_of_every_answer(cast, clients):
    study = a_study(cast, clients, "production", "media", by=cast.tomas)
    section(study).answer(by=cast.noor, words=REFUSED)
    for person in (cast.tomas, cast.marta, cast.omar):
        assert "Production on “Rye crackers”: Not feasible." in told(person)
    section(study, "media").answer(by=cast.sven, words={**FEASIBLE, "questions": "Which weeks?"})
    assert "Media on “Rye crackers”: Feasible, with questions." in told(cast.tomas)
    assert not any("Media on" in text for text in told(cast.omar))


def test_the_study_lies_with_who_closes_it_once_all_have_spoken(cast, clients):
    study = a_study(cast, clients, by=cast.tomas)
    section(study).answer(by=cast.noor, words=FEASIBLE)
    study = fresh(study)
    assert (study.court, study.holder, study.due_on) == (Court.OURS, cast.marta, MONDAY + days(1))
    assert "Every department has spoken on “Rye crackers”: the study can be closed." in told(cast.marta)


# Nudging


def test_a_silent_department_is_nudged_once_in_four_hours_and_its_typing_is_not_disturbed(production, cast, monday):
    seen = production.version
    production.nudge(by=cast.jonas)
    assert "Jonas Weber asks for the answer of Production on “Rye crackers”: due Wed 25 Nov." in told(cast.noor)
    with pytest.raises(Refused, match="less than four hours"):
        production.nudge(by=cast.marta)
    monday.shift(4 * 3600)
    production.nudge(by=cast.mei)
    production.answer(by=cast.noor, words=FEASIBLE, seen=seen)
    with pytest.raises(Refused, match="Nobody here owes"):
        production.nudge(by=cast.mei)


# Closing


def test_a_study_is_not_closed_over_a_silent_department_without_a_reason(study, production, cast):
    production.answer(by=cast.noor, words=FEASIBLE)
    with pytest.raises(Refused):
        fresh(study).close(by=cast.marta, conclusions="Go on.")
    with pytest.raises(Refused, match="reason"):
        fresh(study).close_despite(by=cast.marta, conclusions="Go on.")
    closed = fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    assert (closed.state, closed.court) == ("closed", Court.NOBODY)
    assert section(study, "media").court == Court.NOBODY


def test_nor_over_a_no_that_nobody_answered(cast, clients):
    study = a_study(cast, clients)
    section(study).answer(by=cast.noor, words=REFUSED)
    with pytest.raises(Refused):
        fresh(study).close(by=cast.marta, conclusions="Go on.")
    section(study).answer_back(by=cast.marta, reply="In April then.")
    assert fresh(study).close(by=cast.marta, conclusions="Go on.").state == "closed"


def test_a_study_is_closed_with_conclusions(cast, clients):
    study = a_study(cast, clients)
    section(study).answer(by=cast.noor, words=FEASIBLE)
    with pytest.raises(Refused, match="Write the conclusions"):
        fresh(study).close(by=cast.marta, conclusions="  ")


@pytest.mark.parametrize("name", ["tomas", "jonas", "mei", "noor", "lucia", "admin"])
def test_who_has_no_right_closes_nothing(name, study, cast):
    with pytest.raises(PermissionDenied):
        study.close_despite(by=getattr(cast, name), conclusions="Go on.", reason=SILENT)


def test_in_a_closed_study_nothing_is_said_any_more(study, production, cast):
    fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    with pytest.raises(Conflict, match="told to Marta Kowalska"):
        production.answer(by=cast.noor, words=FEASIBLE)
    with pytest.raises(Refused):
        fresh(production).record(by=cast.mei, words=FEASIBLE, said_by="Noor", said_how="mail")
    with pytest.raises(Refused):
        fresh(study).invite(production.department, cast.noor, by=cast.marta)


def withdrawn(study, production, cast):
    production.withdraw(by=cast.marta, reason="Asked by mistake.")


def asked_of_another(study, production, cast):
    place = {"role": "member", "department": production.department}
    nils = Person.objects.create_user("nils", "nils@quill-harbour.example", "accord-demo", **place)
    production.ask_instead(by=cast.marta, person=nils)
    production.answer(by=nils, words={**FEASIBLE, "note": "Nils’s own words."})


def closed(study, production, cast):
    fresh(study).close_despite(by=cast.marta, conclusions="Marta’s own words.", reason=SILENT)


@pytest.mark.parametrize("overtake", [withdrawn, asked_of_another, closed])
def test_who_was_overtaken_while_writing_is_told_so_and_keeps_the_words(study, production, cast, login, overtake):
    browser, at = login(cast.noor), production.get_absolute_url()
    seen = browser.get(at).context["form"]["seen"].value()
    overtake(study, production, cast)
    sent = browser.post(at, {**FEASIBLE, "note": "An hour’s words.", "seen": seen})
    assert sent.status_code == 409
    assert "not asked of you any more" in sent.text and "Marta Kowalska" in sent.text and "An hour’s words." in sent.text
    assert "own words" not in sent.text and production.study.brief.title not in sent.text
    assert browser.get(at).status_code == 404


def test_whoever_was_never_asked_meets_no_section_even_when_sending(study, production, cast, login):
    closed(study, production, cast)
    for person in (cast.sven, cast.ida, cast.lucia):
        assert login(person).post(production.get_absolute_url(), {**FEASIBLE, "seen": 1}).status_code == 404


def test_reopened_it_is_open_to_those_who_were_asked_and_the_silent_have_days_again(study, production, cast, monday):
    section(study, "media").answer(by=cast.sven, words=REFUSED)
    fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    monday.shift(3 * 24 * 3600)
    fresh(study).reopen(by=cast.marta, reason="Production is back.")
    production, media = section(study), section(study, "media")
    assert (production.court, production.holder, production.due_on) == (Court.DEPARTMENT, cast.noor, MONDAY + days(7))
    assert (media.court, media.holder) == (Court.OURS, cast.marta)
    assert fresh(study).court == Court.DEPARTMENT
    assert cast.sven.has_perm("briefs.answer_study", media)
    production.answer(by=cast.noor, words=FEASIBLE)


def test_a_closing_taken_back_opens_everything_as_it_was(study, production, cast):
    before = [(it.court, it.holder_id, it.due_on) for it in study.opinions.order_by("pk")]
    closed = fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    closed.undo_close_despite(by=cast.marta)
    assert [(it.court, it.holder_id, it.due_on) for it in study.opinions.order_by("pk")] == before
    assert (closed.state, closed.conclusions, closed.court) == ("open", "", Court.DEPARTMENT)
    assert cast.noor.has_perm("briefs.answer_study", fresh(production))


def test_a_study_closed_while_an_answer_came_in_is_looked_at_again(study, production, cast):
    seen = study.version
    production.answer(by=cast.noor, words=REFUSED)
    with pytest.raises(Conflict):
        fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT, seen=seen)


def test_money_is_in_no_event_and_no_notice(study, production, cast):
    production.answer(by=cast.noor, words={**REFUSED, "cost": Decimal("98765.00")})
    assert not any("98765" in str(event.details) + event.reason for event in Event.objects.about(production))
    assert not Notice.objects.filter(text__contains="98").filter(text__contains="765").exists()


def test_editions_are_parts_of_the_brief_that_is_lent(study, cast):
    assert Edition.objects.visible_to(cast.noor).filter(brief=study.brief).exists()


# The gate before the plan


@pytest.fixture
def plan(study, cast):
    plan = a_plan(study.brief, cast.marta)
    plan.submit(by=cast.marta)
    return plan


def test_no_plan_is_agreed_over_a_silent_department(plan, production, study, cast):
    assert [it.name for it in plan.moves_open_to(cast.omar)] == ["agree_all_the_same", "return_to_writer"]
    with pytest.raises(Refused):
        plan.agree(by=cast.omar)
    production.answer(by=cast.noor, words=FEASIBLE)
    section(study, "media").answer(by=cast.sven, words=REFUSED)
    with pytest.raises(Refused):
        fresh(plan).agree(by=cast.omar)
    section(study, "media").answer_back(by=cast.marta, reply="Then without posters.")
    assert [it.name for it in fresh(plan).moves_open_to(cast.omar)] == ["agree", "return_to_writer"]
    assert fresh(plan).agree(by=cast.omar).state == "agreed"


def test_a_supervisor_agrees_all_the_same_and_says_why(plan, cast):
    with pytest.raises(Refused, match="reason"):
        plan.agree_all_the_same(by=cast.omar)
    plan.agree_all_the_same(by=cast.omar, reason="The posters are booked elsewhere.")
    assert plan.last_event().reason == "The posters are booked elsewhere."
    plan.undo_agree_all_the_same(by=cast.omar)
    assert plan.state == "submitted"


def test_nobody_agrees_the_own_plan_despite_the_study_nor_without_the_right(plan, cast):
    for name in ("marta", "tomas", "jonas", "mei", "noor", "ingrid"):
        with pytest.raises(PermissionDenied):
            plan.agree_all_the_same(by=getattr(cast, name), reason="Because.")


def test_a_study_closed_despite_a_silence_leaves_the_reason_to_who_agrees_the_plan(plan, study, cast):
    fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    with pytest.raises(Refused):
        fresh(plan).agree(by=cast.omar)


def test_a_withdrawn_invitation_stands_in_nobodys_way(plan, production, study, cast):
    production.withdraw(by=cast.marta, reason="No print.")
    section(study, "media").answer(by=cast.sven, words=FEASIBLE)
    assert fresh(plan).agree(by=cast.omar).state == "agreed"


def test_a_later_study_speaks_for_the_department(plan, study, cast, clients):
    fresh(study).close_despite(by=cast.marta, conclusions="Go on.", reason=SILENT)
    later = a_study(cast, clients, "production", "media", brief=study.brief)
    section(later).answer(by=cast.noor, words=FEASIBLE)
    section(later, "media").answer(by=cast.sven, words=FEASIBLE)
    assert fresh(plan).is_sound


def test_a_plan_without_any_study_is_agreed_as_before(cast, clients):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    plan.submit(by=cast.marta)
    assert plan.agree(by=cast.omar).state == "agreed"


def test_an_administrator_cannot_share_a_section_by_hand(study):
    kinds = {permission.content_type.model for permission in shareable_rights()}
    assert "brief" in kinds
    assert "opinion" not in kinds
