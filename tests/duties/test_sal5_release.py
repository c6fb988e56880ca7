"""SAL5: what is released to production was looked at by two; each correction is verified, and the step has its evidence."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from agency import clock
from agency.flow import Conflict, Refused
from approvals.models import Sample
from campaigns.models import Step
from reminders.models import Notice
from tests.records import a_schedule
from tests.samples import a_piece, a_sample, answered


@pytest.fixture
def piece(cast, clients):
    return a_piece(clients["HRB"], cast.jonas, cast.marta)


@pytest.fixture
def proof(cast, piece):
    """The step of the proof review, which is done when a proof has passed."""
    step = next(it for it in a_schedule(piece.campaign, cast.mei, template="outdoor") if it.kind == "proof")
    step.needs_evidence = "proof"
    step.keep(by=cast.mei)
    return step


@pytest.fixture
def passed(cast, piece, proof):
    return answered(a_sample(piece, cast.jonas, step=proof), cast.jonas).pass_it(by=cast.jonas)


@pytest.fixture
def corrected(cast, piece, proof):
    sample = answered(a_sample(piece, cast.jonas, step=proof), cast.jonas, fails=(6, 7))
    return sample.pass_with_corrections(by=cast.jonas)


def move(browser, sample, name, **sent):
    sample.refresh_from_db()
    return browser.post(f"{sample.get_absolute_url()}move/{name}/", {"seen": sample.version, **sent})


def verify(browser, sample, row):
    sample.refresh_from_db()
    return browser.post(reverse("sample_verify", args=[sample.pk, row]), {"seen": sample.version})


def test_what_passed_is_released_by_somebody_else_and_the_step_has_its_evidence(cast, login, passed, proof):
    assert Step.objects.get(pk=proof.pk).lacks_evidence
    assert move(login(cast.tomas), passed, "release").status_code == 302
    passed.refresh_from_db()
    assert (passed.state, passed.releaser, passed.released_on) == ("released", cast.tomas, clock.today())
    assert (passed.court, passed.holder, passed.due_on) == ("nobody", None, None)
    step = Step.objects.get(pk=proof.pk)
    assert (step.evidence, step.has_evidence) == (passed, True)
    page = login(cast.tomas).get(step.get_absolute_url()).content.decode()
    assert passed.reference in page
    assert Notice.objects.filter(recipient=cast.jonas, kind="approvals.sample_news", text__contains="released").exists()


def test_the_page_of_a_proof_review_leads_to_its_sample(cast, login, proof):
    address = f"{reverse('sample_new', args=[proof.campaign.job_number])}?step={proof.pk}"
    assert address in login(cast.jonas).get(proof.get_absolute_url()).content.decode()
    assert address not in login(cast.mei).get(proof.get_absolute_url()).content.decode()


def test_a_salesman_releases_nothing(cast, login, passed):
    assert move(login(cast.jonas), passed, "release").status_code == 403
    assert "move/release/" not in login(cast.jonas).get(passed.get_absolute_url()).content.decode()


def test_whoever_answered_a_row_does_not_release(cast, piece, login):
    sample = a_sample(piece, cast.jonas)
    row = sample.rows.get(position=1)
    sample.answer(by=cast.tomas, seen=sample.version, said={row.pk: {**row.said, "answer": "ok"}})
    answered(sample, cast.jonas).pass_it(by=cast.jonas)
    assert sample.holder == cast.marta, "the manager had a hand in it"
    with pytest.raises(PermissionDenied, match="Four eyes"):
        sample.release(by=cast.tomas)
    page = login(cast.tomas).get(sample.get_absolute_url()).content.decode()
    assert "You had a hand in this review" in page
    assert sample.release(by=cast.marta).state == "released"


def test_whoever_took_the_sample_in_may_release_it(cast, piece):
    sample = a_sample(piece, cast.tomas)
    assert sample.holder == cast.jonas, "the salesman checks it"
    answered(sample, cast.jonas).pass_it(by=cast.jonas)
    assert sample.release(by=cast.tomas).releaser == cast.tomas


def test_nothing_is_released_before_each_correction_is_verified(cast, login, corrected):
    assert (corrected.state, corrected.holder) == ("corrected", cast.jonas)
    with pytest.raises(Refused, match="not verified yet: 6, 7"):
        corrected.release(by=cast.tomas)
    browser = login(cast.jonas)
    assert verify(browser, corrected, 6).status_code == 302
    corrected.refresh_from_db()
    with pytest.raises(Refused, match="not verified yet: 7"):
        corrected.release(by=cast.tomas)
    assert verify(browser, corrected, 7).status_code == 302
    corrected = Sample.objects.get(pk=corrected.pk)
    assert corrected.holder == cast.tomas
    found = [(row.position, row.verified_by, row.verified_at.date()) for row in corrected.faults]
    assert found == [(6, cast.jonas, clock.today()), (7, cast.jonas, clock.today())]
    assert move(login(cast.tomas), corrected, "release").status_code == 302


def test_a_correction_is_verified_once_and_only_where_there_is_one(cast, login, corrected):
    browser = login(cast.jonas)
    assert [verify(browser, corrected, row).status_code for row in (6, 6, 1, 99)] == [302, 409, 409, 409]
    old = corrected.version
    assert browser.post(reverse("sample_verify", args=[corrected.pk, 7]), {"seen": old - 1}).status_code == 409
    assert browser.post(reverse("sample_verify", args=[corrected.pk, 7])).status_code == 409
    assert login(cast.mei).post(reverse("sample_verify", args=[corrected.pk, 7]), {"seen": old}).status_code == 403


def test_a_correction_that_was_not_made_lets_the_sample_fail(cast, corrected):
    corrected.fail(by=cast.jonas, reason="The hour is still wrong.")
    assert Sample.objects.get(deliverable=corrected.deliverable_id, number=2).state == "expected"


def test_a_sample_that_is_checked_again_is_not_released_meanwhile(cast, passed):
    seen = passed.version
    passed.look_again(by=cast.tomas, reason="The QR code was not tried.")
    assert (passed.state, passed.reviewer, passed.holder) == ("received", None, cast.tomas)
    with pytest.raises(Conflict):
        passed.release(by=cast.marta, seen=seen)


def test_a_pass_is_taken_back_within_minutes(cast, login, passed):
    assert move(login(cast.jonas), passed, "undo_pass_it").status_code == 302
    passed.refresh_from_db()
    assert (passed.state, passed.reviewer, passed.holder) == ("received", None, cast.jonas)


def test_a_step_that_is_checked_already_needs_no_evidence_any_more(cast, passed, proof):
    Step.objects.filter(pk=proof.pk).update(state="checked", court="nobody")
    assert passed.release(by=cast.tomas).state == "released"
    assert Step.objects.get(pk=proof.pk).evidence is None


def test_the_step_behind_goes_on_only_when_the_proof_is_released(cast, passed, proof):
    for step in [*proof.campaign.steps.filter(position__lt=proof.position)]:
        Step.objects.filter(pk=step.pk).update(state="checked", court="nobody", holder=None, due_on=None)
    Step.objects.filter(pk=proof.pk).update(state="in_progress", person=cast.jonas)
    step = Step.objects.get(pk=proof.pk)
    with pytest.raises(Refused, match="when the proof has passed"):
        step.report_done(by=cast.jonas)
    passed.release(by=cast.tomas)
    step = Step.objects.get(pk=proof.pk)
    step.report_done(by=cast.jonas)
    step.check_without_takeover(by=cast.mei, reason="Peter Dorn waits.") if step.next_owner else step.check_off(by=cast.mei)
    assert step.successors.get().state == "ready"
