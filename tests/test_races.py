"""Two people at the same moment, with real threads and real transactions on PostgreSQL: one succeeds, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from time import sleep
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client as Browser

from agency import clock
from agency.flow import Conflict, Refused, lock, revise
from approvals.models import Sample
from briefs.models import Brief, Opinion, Study
from campaigns.models import Actual, BudgetLine, Campaign, Commitment, Plan, Rearrangement, Step
from clients.imports.making import make
from clients.imports.rows import understood
from clients.imports.sheets import Line
from clients.models import Client, ClientImport, Confirmation, Contact, SafeLink, Terms
from clients.models.assignment import assign
from tests.client_pages import a_link, door
from tests.conftest import cast_now
from tests.records import PHONED, a_brief, a_confirmed_plan, a_plan, a_schedule, an_accepted_brief, days
from tests.samples import a_piece, a_sample
from tests.studies import FEASIBLE, REFUSED, a_study, section

pytestmark = [pytest.mark.postgres, pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")]


def at_once(*deeds):
    """Run the deeds in threads that start together. Returns what each gave back or raised, in their order."""
    barrier = Barrier(len(deeds))

    def run(deed):
        try:
            barrier.wait(timeout=10)
            return deed()
        except (Refused, IntegrityError) as why:
            return why
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, deed) for deed in deeds]]


def in_own_connection(deed):
    try:
        return deed()
    finally:
        connection.close()


@pytest.fixture
def cast(agency):
    return cast_now()


@pytest.fixture
def hrb(cast):
    return cast.marta.assignments.get(client__code="HRB").client


def conflicts(answers):
    return sum(isinstance(answer, Conflict) for answer in answers)


def test_a_brief_accepted_and_returned_at_once_ends_in_one_state_with_one_event(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    pk, seen = brief.pk, brief.version
    answers = at_once(
        lambda: Brief.objects.get(pk=pk).accept_without_playback(by=cast.marta, seen=seen, reason=PHONED),
        lambda: Brief.objects.get(pk=pk).return_to_writer(by=cast.omar, seen=seen, reason="Which shops?"),
    )
    assert conflicts(answers) == 1
    brief.refresh_from_db()
    assert brief.version == seen + 1
    assert brief.events().exclude(verb__in=["created", "submit"]).count() == 1


def test_ten_double_clicks_on_accept_accept_once(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    answers = at_once(*[lambda: Brief.objects.get(pk=brief.pk).accept_without_playback(by=cast.marta, reason=PHONED)] * 10)
    assert conflicts(answers) == 9
    assert brief.events().filter(verb="accept_without_playback").count() == 1


def test_two_who_save_the_same_brief_at_once_lose_nothing(cast, hrb):
    brief = a_brief(hrb, cast.jonas)

    def write(person, text):
        it = Brief.objects.get(pk=brief.pk)
        return revise(it, by=person, needs="briefs.change_brief", seen=brief.version, changes={"title": text})

    answers = at_once(lambda: write(cast.jonas, "From Jonas"), lambda: write(cast.tomas, "From Tomas"))
    assert conflicts(answers) == 1
    loser = next(answer for answer in answers if isinstance(answer, Conflict))
    assert {loser.rows[0].yours, loser.rows[0].theirs} == {"From Jonas", "From Tomas"}


def test_job_numbers_stay_gapless_when_eight_campaigns_open_at_once(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    before = Campaign.objects.filter(client=hrb).order_by("-job_number").first()
    last = int(before.job_number.rsplit("-", 1)[1]) if before else 0
    plans = at_once(*[lambda: Plan.open_with(brief=brief, name="Crackers", by=cast.marta, token=uuid4())] * 8)
    numbers = sorted(int(plan.campaign.job_number.rsplit("-", 1)[1]) for plan in plans)
    assert numbers == list(range(last + 1, last + 9))


def test_a_double_click_on_open_campaign_opens_one(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    token = uuid4()
    plans = at_once(*[lambda: Plan.open_with(brief=brief, name="Crackers", by=cast.marta, token=token)] * 4)
    assert len({plan.campaign_id for plan in plans}) == 1
    assert Campaign.objects.filter(token=token).count() == 1


def test_two_rearrangements_at_once_the_second_sees_what_the_first_did(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    step = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)[2]
    seen = step.campaign.version

    def move(person, by_days):
        mine = type(step).objects.get(pk=step.pk)
        return Rearrangement.make(
            step=mine, to_start=step.starts_on + days(by_days), reason="Illness", by=person, token=uuid4(), seen=seen
        )  # fmt: skip

    answers = at_once(lambda: move(cast.mei, 7), lambda: move(cast.rafael, 14))
    assert conflicts(answers) == 1
    assert Rearrangement.objects.filter(step=step, state="done").count() == 1


def test_a_split_and_a_left_out_step_at_once_the_second_sees_what_the_first_did(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    step = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)[6]
    seen, before = step.campaign.version, step.campaign.steps.count()

    def rearrange(person, kind, **wanted):
        mine = type(step).objects.get(pk=step.pk)
        return Rearrangement.make(step=mine, kind=kind, reason="Illness", by=person, token=uuid4(), seen=seen, **wanted)

    split = lambda: rearrange(cast.mei, "split", days=2, name="Rest")  # noqa: E731
    answers = at_once(split, lambda: rearrange(cast.rafael, "skip", pull=True))
    assert conflicts(answers) == 1
    step.refresh_from_db()
    assert (step.state == "skipped") != (step.campaign.steps.count() == before + 1)


def test_two_campaigns_that_hang_together_are_rearranged_at_once_and_nobody_waits_for_ever(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    jobs = [a_plan(brief, cast.marta, name=name).campaign for name in ("Crackers", "Loaves")]
    one, other = (a_schedule(job, cast.mei) for job in jobs)
    for before, after in ((one[2], other[6]), (other[7], one[12])):
        Rearrangement.make(step=after, kind="link", before=before.pk, lag=0, reason="Illness", by=cast.mei, token=uuid4())

    def lengthen(person, step):
        mine = type(step).objects.get(pk=step.pk)
        return Rearrangement.make(step=mine, kind="length", days=9, reason="Illness", by=person, token=uuid4())

    answers = at_once(lambda: lengthen(cast.mei, one[2]), lambda: lengthen(cast.rafael, other[2]))
    assert [answer.state for answer in answers] == ["done", "done"]
    for before, after in ((one[2], other[6]), (other[7], one[12])):
        before.refresh_from_db()
        after.refresh_from_db()
        assert after.starts_on > before.ends_on


def test_two_directors_given_the_same_seat_at_once_leave_one_holder(cast, hrb):
    answers = at_once(
        lambda: assign(hrb, person=cast.david, seat="director", by=cast.helena),
        lambda: assign(hrb, person=cast.lucia, seat="director", by=cast.helena),
    )
    assert hrb.assignments.current().filter(seat="director").count() == 1
    assert any(isinstance(answer, tuple) for answer in answers)


def test_a_move_on_a_record_does_not_wait_for_whoever_holds_the_client(cast, hrb):
    """A handover holds the client and then wants the steps: a move that holds a step must not want the client."""
    brief = a_brief(hrb, cast.jonas)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        lock(hrb)
        submitted = pool.submit(in_own_connection, lambda: Brief.objects.get(pk=brief.pk).submit(by=cast.jonas))
        assert submitted.result(timeout=10).state == "submitted"


def test_a_step_that_waits_for_two_is_ready_when_both_are_checked_at_the_same_moment(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    steps = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    behind = next(step for step in steps if step.before.count() == 2)
    first, second = behind.before.all()
    Step.objects.filter(pk__in=[first.pk, second.pk]).update(state=Step.State.TAKEN_OVER)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Step.objects.get(pk=first.pk).check_off(by=cast.omar)
            other = pool.submit(in_own_connection, lambda: Step.objects.get(pk=second.pk).check_off(by=cast.mei))
            sleep(1)
        other.result(timeout=10)
    behind.refresh_from_db()
    assert behind.state == "ready"


def test_a_brief_taken_back_and_accepted_at_once_ends_in_one_of_the_two(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    pk, seen = brief.pk, brief.version
    answers = at_once(
        lambda: Brief.objects.get(pk=pk).undo_submit(by=cast.jonas, seen=seen),
        lambda: Brief.objects.get(pk=pk).accept_without_playback(by=cast.marta, seen=seen, reason=PHONED),
    )
    assert conflicts(answers) == 1
    brief.refresh_from_db()
    assert (brief.state, brief.version) in {("draft", seen + 1), ("accepted", seen + 1)}


def test_an_acceptance_taken_back_while_a_campaign_is_opened_leaves_no_campaign_on_a_brief_that_is_not_accepted(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    at_once(
        lambda: Brief.objects.get(pk=brief.pk).undo_accept_without_playback(by=cast.marta),
        lambda: Plan.open_with(brief=Brief.objects.get(pk=brief.pk), name="Crackers", by=cast.marta, token=uuid4()),
    )
    brief.refresh_from_db()
    assert (brief.state == "accepted") == brief.campaigns.exists()


def test_a_check_taken_back_while_the_next_step_is_started_leaves_no_started_step_behind_an_unchecked_one(cast, hrb):
    plan = a_plan(an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta), cast.marta)
    first, second, *_others = a_schedule(plan.campaign, cast.mei)
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.take_over(by=cast.marta)
    first.check_off(by=cast.mei)
    answers = at_once(
        lambda: Step.objects.get(pk=first.pk).undo_check_off(by=cast.mei),
        lambda: Step.objects.get(pk=second.pk).start(by=cast.marta),
    )
    assert conflicts(answers) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) in {("taken_over", "planned"), ("checked", "in_progress")}


def test_two_who_write_terms_at_once_leave_days_on_which_one_holds(cast, hrb):
    bare = Client.objects.get(code="GRE")

    def write(person, first, last=None):
        return Terms.open(client=bare, by=person, token=uuid4(), valid_from=first, valid_until=last)

    year = date(2027, 1, 1), date(2027, 12, 31)
    answers = at_once(*[lambda: write(cast.helena, *year), lambda: write(cast.ingrid, *year)] * 3)
    assert sum(isinstance(answer, Refused) for answer in answers) == 5
    assert bare.terms.count() == 2  # those of the story, which end the day before


def test_a_double_click_on_new_terms_makes_them_once(cast, hrb):
    token = uuid4()
    made = at_once(*[lambda: Terms.open(client=hrb, by=cast.helena, token=token, valid_from=date(2027, 1, 1))] * 4)
    assert len({terms.pk for terms in made}) == 1


def test_a_contact_retired_and_authorised_at_once_confirms_nothing(cast, hrb):
    terms = Terms.open(client=hrb, by=cast.helena, token=uuid4(), valid_from=date(2027, 1, 1))
    contact = Contact.add(client=hrb, by=cast.jonas, token=uuid4(), name="Rita Rye")
    at_once(
        lambda: Contact.objects.get(pk=contact.pk).retire(by=cast.jonas, reason="Left"),
        lambda: Terms.objects.get(pk=terms.pk).authorise(contact, kinds=["plan", "draft"], by=cast.omar),
    )
    assert not terms.may_confirm(contact, "plan")
    assert not terms.authorities.standing().filter(contact=contact).exists()


def test_two_contacts_with_one_address_at_once_leave_one(cast, hrb):
    def add(person, address):
        return Contact.add(client=hrb, by=person, token=uuid4(), name="Rita Rye", email=address)

    answers = at_once(lambda: add(cast.jonas, "rita@rye.example"), lambda: add(cast.marta, "RITA@rye.example"))
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Contact.objects.filter(client=hrb, name="Rita Rye").count() == 1


def test_a_file_imported_twice_at_once_is_made_once(cast, hrb):
    rows = [["Code", "Client", "Contact"], ["ALD", "Alder", "Anna"], ["HRB", "", "Rita Rye"]]
    kept = an_import(rows, cast.helena)
    at_once(*[lambda: make(ClientImport.objects.get(pk=kept.pk), by=cast.helena)] * 4)
    assert Contact.objects.filter(name__in=["Anna", "Rita Rye"]).count() == 2
    assert Client.objects.filter(code="ALD").count() == 1


def test_two_files_with_one_code_at_once_leave_one_whole_and_nothing_of_the_other(cast):
    kept = [an_import([["Code", "Client"], [f"A{sign}A", "Only mine"], ["ALD", "Both"]], cast.helena) for sign in "XY"]
    answers = at_once(*[lambda it=it: make(ClientImport.objects.get(pk=it.pk), by=cast.helena) for it in kept])
    [why] = [answer for answer in answers if isinstance(answer, Refused)]
    assert "Row 3, Code: ALD is another client's code." in str(why)
    assert Client.objects.filter(name__in=["Only mine", "Both"]).count() == 2


def an_import(rows, by):
    lines = [Line(n, dict(zip(("code", "client", "contact"), row, strict=False))) for n, row in enumerate(rows, 1)]
    arrived = SimpleNamespace(name="c.csv", sha256="0" * 64)
    return ClientImport.keep(rows=understood(lines[1:]), arrived=arrived, by=by, token=uuid4())


def test_two_answers_of_one_department_at_once_leave_one_and_tell_the_other(cast, hrb):
    it = section(a_study(cast, {"HRB": hrb}))
    send = lambda words: Opinion.objects.get(pk=it.pk).answer(by=cast.noor, words=words, seen=it.version)  # noqa: E731
    answers = at_once(lambda: send(FEASIBLE), lambda: send(REFUSED))
    assert conflicts(answers) == 1
    assert it.events().filter(verb="answer").count() == 1


def test_closing_while_a_department_answers_ends_with_both_seen_or_one_told(cast, hrb):
    study = a_study(cast, {"HRB": hrb}, "production", "media")
    seen, it = Study.objects.get(pk=study.pk).version, section(study)

    def close():
        words = {"conclusions": "Go on.", "reason": "No time."}
        return Study.objects.get(pk=study.pk).close_despite(by=cast.marta, seen=seen, **words)

    answers = at_once(close, lambda: Opinion.objects.get(pk=it.pk).answer(by=cast.noor, words=REFUSED, seen=it.version))
    study.refresh_from_db()
    it.refresh_from_db()
    assert conflicts(answers) == 1
    assert (study.state, it.state) in {("closed", "asked"), ("open", "answered")}
    assert (study.state == "open") == cast.noor.has_perm("briefs.answer_study", it)


def test_three_departments_answer_at_once_and_the_study_knows_it(cast, hrb):
    study = a_study(cast, {"HRB": hrb}, "production", "media", "creative")
    parts = {"production": cast.noor, "media": cast.sven, "creative": cast.felix}
    said = [(section(study, code).pk, person) for code, person in parts.items()]
    at_once(*[lambda pk=pk, by=by: Opinion.objects.get(pk=pk).answer(by=by, words=FEASIBLE) for pk, by in said])
    study.refresh_from_db()
    assert (study.court, study.holder) == ("ours", cast.marta)


def test_two_who_open_a_study_of_one_brief_at_once_open_one(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    answers = at_once(*[lambda by=by: a_study(cast, {}, brief=brief, by=by) for by in (cast.marta, cast.tomas)])
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert brief.studies.count() == 1


def test_ten_nudges_at_once_are_one(cast, hrb):
    it = section(a_study(cast, {"HRB": hrb}))
    at_once(*[lambda: Opinion.objects.get(pk=it.pk).nudge(by=cast.jonas)] * 10)
    assert it.events().filter(verb="nudged").count() == 1


ANSWER = {"answer": "confirmed", "name": "Clara Hollin", "role": "Marketing director"}


@pytest.fixture
def link(cast, hrb, nothing_sent):
    """It waits for Clara's answer."""
    return a_link(a_brief(hrb, cast.jonas), Contact.objects.get(name="Clara Hollin"), cast.jonas)


def test_one_form_sent_six_times_at_once_is_one_answer_and_six_thanks(link):
    form = {**ANSWER, "token": str(uuid4())}
    answers = at_once(*[lambda: Browser().post(door(link), form).status_code] * 6)
    assert answers == [302] * 6
    assert Confirmation.objects.count() == 1


def test_six_forms_sent_at_once_through_one_link_are_one_answer(link):
    answers = at_once(*[lambda: Browser().post(door(link), {**ANSWER, "token": str(uuid4())}).status_code] * 6)
    assert sorted(answers) == [302, *[404] * 5]
    assert Confirmation.objects.count() == 1


def test_a_link_taken_back_while_it_is_answered_is_one_of_the_two(cast, link):
    at_once(
        lambda: Browser().post(door(link), {**ANSWER, "token": str(uuid4())}),
        lambda: SafeLink.objects.get(pk=link.pk).revoke(by=cast.jonas, reason="Too early"),
    )
    link.refresh_from_db()
    assert (link.state == "answered") == Confirmation.objects.exists()


def test_a_contact_who_leaves_while_answering_leaves_no_answered_link_that_waits(cast, link):
    at_once(
        lambda: Browser().post(door(link), {**ANSWER, "token": str(uuid4())}),
        lambda: Contact.objects.get(pk=link.contact_id).retire(by=cast.jonas, reason="Left"),
    )
    link.refresh_from_db()
    assert (link.state == "answered") == Confirmation.objects.exists()


def test_an_order_struck_out_while_its_invoice_arrives_ends_with_the_invoice_or_without_the_order(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    lines = [{"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("2000.00")}]
    campaign = a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=lines).campaign
    line = campaign.budget_lines.get(name="Printing")
    told = {"by": cast.marta, "on": clock.today(), "amount": Decimal("100.00"), "supplier": "Dorrit Print"}
    for n in range(4):
        order = Commitment.book(line, token=uuid4(), document=f"O-{n}", **told)

        def invoice(order=order, n=n):
            there, on_it = BudgetLine.objects.get(pk=line.pk), Commitment.objects.get(pk=order.pk)
            return Actual.book(there, token=uuid4(), document=f"I-{n}", order=on_it, **told)

        def strike(order=order):
            return Commitment.objects.get(pk=order.pk).strike_out(by=cast.marta, reason="Not placed.")

        at_once(strike, invoice)
        order.refresh_from_db()
        assert (order.state == "booked") == order.actuals.filter(state="booked").exists()
    standing = sum(it.amount for it in Actual.objects.filter(campaign=campaign, state="booked"))
    assert BudgetLine.objects.get(pk=line.pk).actual == standing


@pytest.fixture
def proof(cast, hrb):
    """A sample on which every row is answered but the first."""
    piece = a_piece(hrb, cast.jonas, cast.marta)
    sample = a_sample(piece, cast.jonas)
    said = {row.pk: {**row.said, "answer": "ok"} for row in sample.rows.exclude(position=1)}
    sample.answer(by=cast.jonas, seen=sample.version, said=said)
    return sample


def answers(sample, person, position, answer, seen):
    it = Sample.objects.get(pk=sample.pk)
    row = it.rows.get(position=position)
    return it.answer(by=person, seen=seen, said={row.pk: {**row.said_at(seen), "answer": answer, "note": answer}})


def test_two_who_answer_the_same_row_of_a_checklist_at_once_lose_nothing(cast, proof):
    seen = proof.version
    told = at_once(
        lambda: answers(proof, cast.jonas, 1, "ok", seen), lambda: answers(proof, cast.tomas, 1, "fail", seen)
    )  # fmt: skip
    assert conflicts(told) == 1
    loser = next(answer for answer in told if isinstance(answer, Conflict))
    assert {loser.rows[0].yours, loser.rows[0].theirs} == {"OK", "Fail"}
    assert proof.rows.exclude(answer="").count() == proof.rows.count()


def test_two_who_answer_different_rows_at_once_both_keep_their_answer(cast, proof):
    seen = proof.version
    told = at_once(
        lambda: answers(proof, cast.jonas, 1, "ok", seen), lambda: answers(proof, cast.tomas, 2, "fail", seen)
    )  # fmt: skip
    assert conflicts(told) == 0
    assert list(proof.rows.filter(position__in=(1, 2)).values_list("answer", flat=True)) == ["ok", "fail"]


def test_a_pass_against_a_new_answer_never_passes_what_fails(cast, proof):
    answers(proof, cast.jonas, 1, "ok", proof.version)
    seen = Sample.objects.get(pk=proof.pk).version
    told = at_once(
        lambda: Sample.objects.get(pk=proof.pk).pass_it(by=cast.jonas, seen=seen),
        lambda: answers(proof, cast.tomas, 3, "fail", seen),
    )
    proof = Sample.objects.get(pk=proof.pk)
    assert conflicts(told) == 1
    assert (proof.state, bool(proof.faults)) in {("passed", False), ("received", True)}


def test_a_release_against_a_new_look_ends_in_one_of_them(cast, proof):
    answers(proof, cast.jonas, 1, "ok", proof.version)
    seen = Sample.objects.get(pk=proof.pk).pass_it(by=cast.jonas).version
    told = at_once(
        lambda: Sample.objects.get(pk=proof.pk).release(by=cast.tomas, seen=seen),
        lambda: Sample.objects.get(pk=proof.pk).look_again(by=cast.marta, seen=seen, reason="The code was not tried."),
    )
    assert conflicts(told) == 1
    proof.refresh_from_db()
    assert (proof.state, proof.releaser) in {("released", cast.tomas), ("received", None)}


def test_ten_fails_at_once_open_one_next_sample(cast, proof):
    answers(proof, cast.jonas, 1, "fail", proof.version)
    told = at_once(*[lambda: Sample.objects.get(pk=proof.pk).fail(by=cast.jonas, reason="Wrong hours.")] * 10)
    assert conflicts(told) == 9
    assert list(Sample.objects.filter(deliverable=proof.deliverable).values_list("number", "state")) == [
        (2, "expected"), (1, "failed"),
    ]  # fmt: skip


def test_samples_of_one_piece_are_numbered_without_gaps_when_six_are_opened_at_once(cast, proof):
    piece = proof.deliverable
    at_once(*[lambda: a_sample(piece, cast.jonas, came=False)] * 6)
    assert sorted(Sample.objects.filter(deliverable=piece).values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
