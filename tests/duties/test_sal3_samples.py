"""SAL3: the salesman reviews the samples made: a checklist for the medium, row by row; passed, corrected or failed."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency import clock
from agency.flow import Conflict, Refused
from approvals.checklist import CHECKLISTS, Medium, medium_of, rows_for
from approvals.due import owed_samples
from approvals.models import Draft, Sample, SampleRow
from clients.models import Requirement
from clients.models.attachment import attach, attachments_of
from desk.health import Round
from reminders.models import Notice
from tests.drafts import a_draft, a_version
from tests.queries import beside_the_bell
from tests.records import a_line, a_schedule, days
from tests.samples import a_photo, a_piece, a_sample, answered, typed


@pytest.fixture
def piece(cast, clients):
    return a_piece(clients["HRB"], cast.jonas, cast.marta)


@pytest.fixture
def sample(cast, piece):
    return a_sample(piece, cast.jonas)


@pytest.fixture
def jonas(cast, login):
    return login(cast.jonas)


def check(browser, sample, **changed):
    return browser.post(reverse("sample_check", args=[sample.pk]), typed(sample, **changed))


def move(browser, sample, name, **sent):
    sample.refresh_from_db()
    return browser.post(f"{sample.get_absolute_url()}move/{name}/", {"seen": sample.version, **sent})


# ── How a sample comes ──────────────────────────────────────────────────────────────────────────
def test_a_sample_is_opened_with_its_number_and_its_checklist(cast, piece, jonas):
    steps = a_schedule(piece.campaign, cast.mei, template="outdoor")
    proof = next(step for step in steps if step.kind == "proof")
    address = reverse("sample_new", args=[piece.campaign.job_number])
    page = jonas.get(f"{address}?step={proof.pk}").content.decode()
    assert f'value="{proof.pk}" selected' in page and page.index(f'value="{proof.pk}"') < page.index(f'value="{steps[0].pk}"')
    sent = {"token": uuid4(), "deliverable": piece.pk, "kind": "contract", "step": proof.pk, "supplier": "Dorrit Print",
            "received_on": clock.today()}  # fmt: skip
    for _double_click in range(2):
        assert jonas.post(address, sent | {"files": [a_photo()]}).status_code == 302
    made = Sample.objects.get(deliverable=piece)
    assert (made.number, made.state, made.medium, made.supplier, made.step) == (1, "received", "outdoor", "Dorrit Print", proof)
    assert (made.court, made.holder, made.due_on) == ("ours", proof.person or cast.jonas, clock.today() + days(1))
    assert [it.name for it in attachments_of(made)] == ["proof.png"]
    assert made.reference == f"{piece.campaign.job_number}-A-S1"
    assert 12 <= made.rows.count() <= 16


def test_an_expected_sample_lies_with_whoever_has_it_made_until_it_comes(cast, piece, jonas):
    steps = a_schedule(piece.campaign, cast.mei, template="outdoor")
    proof = next(step for step in steps if step.kind == "proof")
    maker = proof.before.get()
    maker.give_to(by=cast.mei, person=cast.noor)
    sample = a_sample(piece, cast.jonas, came=False, step=proof)
    assert (sample.state, sample.court, sample.holder, sample.due_on) == (
        "expected", "department", cast.noor, clock.today() + days(2),
    )  # fmt: skip
    sent = {"token": uuid4(), "seen": sample.version, "received_on": clock.today(), "supplier": "Ferrier & Sons"}
    address = reverse("sample_receive", args=[sample.pk])
    assert jonas.post(address, sent | {"received_on": clock.today() + days(1)}).status_code == 422
    assert jonas.post(address, sent).status_code == 302
    sample.refresh_from_db()
    assert (sample.state, sample.supplier, sample.received_on) == ("received", "Ferrier & Sons", clock.today())
    assert jonas.post(address, sent).status_code == 409, "it was taken in once"


def test_a_sample_needs_a_piece_that_the_client_has_agreed(cast, clients, jonas):
    job = "TER-26-001"
    assert jonas.get(reverse("samples", args=[job])).status_code == 404, "not his client"
    theirs = a_piece(clients["VOL"], cast.amina, cast.lucia, contact=clients["VOL"].contacts().first())
    with pytest.raises(PermissionDenied):
        a_sample(theirs, cast.jonas)


def test_a_sample_of_a_foreign_piece_or_for_a_foreign_step_is_refused(cast, clients, piece, jonas):
    other = a_piece(clients["HRB"], cast.jonas, cast.marta, name="Other")
    step = a_schedule(other.campaign, cast.mei, template="outdoor")[0]
    address = reverse("sample_new", args=[piece.campaign.job_number])
    good = {"token": uuid4(), "deliverable": piece.pk, "kind": "colour"}
    wrongs = [{"deliverable": other.pk}, {"deliverable": 10**30}, {"step": step.pk}, {"kind": "dummy"}, {"medium": "smoke"},
              {"supplier": "x" * 121}, {"received_on": "2026-11-24"}, {"received_on": "soon"}, {"token": "x"}]  # fmt: skip
    for wrong in wrongs:
        assert jonas.post(address, good | wrong).status_code == 422, wrong
    assert jonas.post(address, good | {"supplier": "a\0b"}).status_code == 400
    assert not Sample.objects.filter(deliverable__in=(piece, other)).exists()
    assert jonas.get(f"{address}?step={10**30}").status_code == 200


# ── The checklist ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("medium", Medium.values)
def test_every_checklist_has_twelve_to_sixteen_rows_whatever_is_known_of_the_piece(medium, piece):
    known = {"width": 210, "height": 280, "unit": "mm", "bleed": 3, "colour": "CMYK", "file_type": "PDF/X-4", "seconds": 30}
    for specified in ({}, known):
        piece.specified = specified
        rows = rows_for(piece, medium)
        assert 12 <= len(rows) <= 16 and len({text for text, _source in rows}) == len(rows)
        assert not [text for text, _source in rows if "{" in text or len(text) > 600]
    assert CHECKLISTS.keys() == set(Medium.values)


def test_the_rows_name_the_figures_of_the_specification(piece):
    figures = {"medium": "print", "width": 210, "height": 280, "unit": "mm", "bleed": 3}
    piece.specified = {**figures, "colour": "CMYK", "file_type": "PDF/X-4"}
    rows = dict(rows_for(piece, medium_of(piece)))
    assert rows["Format and trim are 210 × 280 mm, measured on the sample."] == "specified"
    assert rows["There is 3 mm of bleed on every side, and nothing that matters stands close to the cut."] == "specified"
    assert sum("CMYK" in text or "PDF/X-4" in text for text in rows) == 2


def test_the_rows_hold_what_the_client_asked_and_forbade_and_no_other_clients_lines(cast, clients, piece):
    for text in ("No children in the pictures.", "No supermarket bread."):
        a_line(clients["HRB"], cast.jonas, text=text)
    a_line(clients["HRB"], cast.jonas, text="Loaf whole.", kind="must").honour(by=cast.marta)
    a_line(clients["SOL"], cast.jonas, text="See your pharmacist.", kind="must")
    texts = [text for text, source in rows_for(piece, "print") if source == "ledger"]
    pinned = Requirement.objects.pinned(clients["HRB"], [piece.campaign.brief])
    told = set(pinned.filter(state="open", kind__in=("must", "must_not")).values_list("text", flat=True))
    assert {text.partition(": ")[2] for text in texts} == told and len(texts) == len(told)
    assert not [text for text in texts if "pharmacist" in text or "Loaf whole" in text]


def test_the_checklist_is_filled_in_on_one_page_and_what_is_typed_wrongly_is_not_lost(jonas, sample):
    page = jonas.get(reverse("sample_check", args=[sample.pk])).content.decode()
    assert page.count('class="checking__row"') == sample.rows.count()
    answer = check(jonas, sample, note_3="Sunday reads eight to one, not ten.", note_4="x" * 501, answer_5="perhaps")
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Sunday reads eight to one, not ten." in said and "x" * 501 in said and "Choose ok, fail or not applicable." in said
    assert check(jonas, sample, answer_3="fail", note_3="Sunday reads eight to one, not ten.", answer_4="ok").status_code == 302
    row = sample.rows.get(position=3)
    assert (row.answer, row.note, row.since) == ("fail", "Sunday reads eight to one, not ten.", sample.version + 1)
    assert sample.rows.exclude(answer="").count() == 2


def test_a_pin_stands_on_a_photo_of_this_sample(cast, piece, jonas, sample):
    first = check(jonas, sample) and jonas.post(
        reverse("sample_check", args=[sample.pk]), typed(sample) | {"files": [a_photo()], "on": "1"}
    )
    assert first.url == reverse("sample_check", args=[sample.pk])
    photo, other = attachments_of(sample).get(), a_sample(piece, cast.jonas)
    said = check(jonas, sample, photo_2=photo.pk, across_2="45.5", down_2="30")
    assert said.status_code == 302
    row = sample.rows.get(position=2)
    assert (row.photo, row.across, row.down) == (photo, 455, 300)
    page = jonas.get(sample.get_absolute_url()).content.decode()
    assert 'x="45.5%" y="30%"' in page and "On proof.png: 45.5% across, 30% down" in page
    sample.refresh_from_db()
    wrongs = [{"across_2": it} for it in ("", "NaN", "1e9", "-1", "100.1")] + [{"photo_2": ""}]
    for wrong in wrongs:
        assert check(jonas, sample, **wrong).status_code == 422, wrong
    assert check(jonas, other, photo_2=photo.pk, across_2="1", down_2="1").status_code == 422, "a photo of another sample"
    photo.refresh_from_db()
    assert photo.is_cited, "what a pin stands on is not taken away"


def test_two_who_answer_different_rows_lose_nothing(cast, login, sample):
    old = typed(sample)
    check(login(cast.tomas), sample, answer_1="ok")
    first, second = sample.rows.get(position=1), sample.rows.get(position=2)
    answer = login(cast.jonas).post(reverse("sample_check", args=[sample.pk]), old | {f"answer-{second.pk}": "fail"})
    assert answer.status_code == 302
    assert list(sample.rows.exclude(answer="").values_list("pk", "answer")) == [(first.pk, "ok"), (second.pk, "fail")]


def test_two_who_answer_the_same_row_are_shown_both_answers_and_choose(cast, login, sample):
    old, row = typed(sample), sample.rows.get(position=6)
    check(login(cast.tomas), sample, answer_6="ok", note_6="Read twice.")
    mine = old | {f"answer-{row.pk}": "fail", f"note-{row.pk}": "A line is missing.", f"note-{row.pk + 1}": "Tried them."}
    browser, address = login(cast.jonas), reverse("sample_check", args=[sample.pk])
    answer = browser.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Read twice." in page and "A line is missing." in page and "Tried them." in page
    row.refresh_from_db()
    assert (row.answer, row.note) == ("ok", "Read twice.")
    sample.refresh_from_db()
    chosen = mine | {"seen": sample.version, "leave": f"answer-{row.pk}"}
    assert browser.post(address, chosen).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.note) == ("ok", "A line is missing.")
    assert sample.rows.get(position=7).note == "Tried them."


@pytest.mark.parametrize("wrong", [{"seen": ""}, {"seen": "x"}, {"token": "x"}, {"seen": "-1"}])
def test_a_checklist_sent_wrongly_is_told_so(jonas, sample, wrong):
    assert jonas.post(reverse("sample_check", args=[sample.pk]), typed(sample) | wrong).status_code == 422


def test_nul_and_rows_of_another_sample_change_nothing(cast, piece, jonas, sample):
    assert check(jonas, sample, note_1="a\0b").status_code == 400
    other = a_sample(piece, cast.jonas)
    foreign = {name: "fail" for name in typed(other) if name.startswith("answer-")}
    assert jonas.post(reverse("sample_check", args=[sample.pk]), typed(sample) | foreign).status_code == 302
    assert not other.rows.exclude(answer="").exists()


# ── What becomes of it ──────────────────────────────────────────────────────────────────────────
def test_nothing_is_decided_before_every_row_is_answered(cast, sample):
    for name in ("pass_it", "pass_with_corrections"):
        with pytest.raises(Refused, match="Every row is answered first"):
            getattr(sample, name)(by=cast.jonas)
    with pytest.raises(Refused, match="Every row is answered first"):
        sample.fail(by=cast.jonas, reason="Wrong hours.")


def test_a_clean_sample_passes_and_waits_for_somebody_else(cast, jonas, sample):
    answered(sample, cast.jonas)
    assert "Passes" in jonas.get(sample.get_absolute_url()).content.decode()
    assert move(jonas, sample, "pass_it").status_code == 302
    sample.refresh_from_db()
    assert (sample.state, sample.reviewer, sample.holder, sample.due_on) == (
        "passed", cast.jonas, cast.tomas, clock.today() + days(1),
    )  # fmt: skip
    assert Notice.objects.filter(recipient=cast.tomas, kind="approvals.sample_news").exists()


def test_rows_that_fail_do_not_pass_and_a_fault_says_what_is_wrong(cast, sample):
    answered(sample, cast.jonas, fails=(6,), notes="")
    with pytest.raises(Refused, match="Say in its note what is wrong"):
        sample.pass_with_corrections(by=cast.jonas)
    answered(sample, cast.jonas, fails=(6,))
    with pytest.raises(Refused, match="Rows fail"):
        sample.pass_it(by=cast.jonas)


def test_a_checklist_on_which_nothing_applies_does_not_pass(cast, sample):
    none = {row.pk: {**row.said, "answer": "none"} for row in sample.rows.all()}
    sample.answer(by=cast.jonas, seen=sample.version, said=none)
    with pytest.raises(Refused, match="Nothing was found in order"):
        sample.pass_it(by=cast.jonas)


def test_a_fail_returns_the_sample_with_its_reason_and_opens_the_next(cast, piece, jonas):
    steps = a_schedule(piece.campaign, cast.mei, template="outdoor")
    proof = next(step for step in steps if step.kind == "proof")
    proof.before.get().give_to(by=cast.mei, person=cast.noor)
    sample = answered(a_sample(piece, cast.jonas, step=proof), cast.jonas, fails=(7,))
    assert move(jonas, sample, "fail", reason="").status_code == 422
    assert move(jonas, sample, "fail", reason="The hours of the branch in Mill Street are last year's.").status_code == 302
    sample.refresh_from_db()
    after = Sample.objects.get(deliverable=piece, number=2)
    assert (sample.state, sample.court, sample.due_on) == ("failed", "nobody", None)
    assert (after.state, after.court, after.holder, after.step, after.kind, after.supplier) == (
        "expected", "department", cast.noor, proof, "colour", "Dorrit Print",
    )  # fmt: skip
    assert not after.rows.exclude(answer="").exists() and after.rows.count() == sample.rows.count()
    told = Notice.objects.about(sample).filter(kind="approvals.sample_news", recipient=cast.noor)
    assert "last year's" in told.get().text and after.reference in told.get().text


def test_what_failed_is_answered_no_more(cast, jonas, sample):
    answered(sample, cast.jonas, fails=(7,)).fail(by=cast.jonas, reason="Wrong hours.")
    assert jonas.get(reverse("sample_check", args=[sample.pk])).status_code == 409
    answer = check(jonas, sample, answer_7="ok", note_7="It was right after all.")
    assert answer.status_code == 409 and "It was right after all." in answer.content.decode()
    assert sample.rows.get(position=7).answer == "fail"


# ── Who may, who sees, who hears ────────────────────────────────────────────────────────────────
def test_a_coordinator_sees_a_sample_and_does_not_check_it(cast, login, sample):
    browser = login(cast.mei)
    assert browser.get(sample.get_absolute_url()).status_code == 200
    assert browser.get(reverse("sample_check", args=[sample.pk])).status_code == 403
    assert check(browser, sample, answer_1="ok").status_code == 403


def test_a_producer_sees_the_one_proof_that_is_shared_with_him(cast, login, piece, sample):
    other = a_sample(piece, cast.jonas)
    assert login(cast.noor).get(sample.get_absolute_url()).status_code == 404
    sample.share_with(cast.noor, until=clock.today() + days(2), reason="Colours", by=cast.marta)
    browser = login(cast.noor)
    page = browser.get(sample.get_absolute_url())
    assert page.status_code == 200 and sample.rows.first().text in page.content.decode().replace("&#x27;", "'")
    assert browser.get(other.get_absolute_url()).status_code == 404
    assert browser.get(reverse("sample_check", args=[sample.pk])).status_code == 403
    seen = set(SampleRow.objects.visible_to(cast.noor).values_list("sample", flat=True))
    assert seen == {sample.pk} | set(Sample.objects.filter(maker=cast.noor).values_list("pk", flat=True))


def test_a_sample_is_owed_first_by_its_checker_and_late_it_climbs(cast, sample):
    due = {(it.recipient.username, it.rung) for it in owed_samples(sample.due_on) if it.subject == sample}
    assert due == {("jonas", 0)}
    late = {it.recipient.username for it in owed_samples(sample.due_on + days(1)) if it.subject == sample}
    assert {"jonas", "tomas", "mei"} <= late
    text = next(it.text() for it in owed_samples(sample.due_on) if it.subject == sample)
    assert "waits to be checked by Jonas Weber" in text


def test_the_sample_stands_on_the_desk_of_whoever_has_it(cast, login, sample):
    assert reverse("sample_check", args=[sample.pk]) in login(cast.jonas).get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_of_the_database_however_many_samples(rows, cast, piece, jonas, django_assert_num_queries):
    for _each in range(rows):
        a_sample(piece, cast.jonas)
    address = reverse("samples", args=[piece.campaign.job_number])
    jonas.get(address)
    with django_assert_num_queries(QUERIES):
        page = jonas.get(address)
    assert page.content.decode().count('class="list__tight jobno"') == rows


QUERIES = 11


def test_a_sample_that_waits_past_its_day_tells_on_the_health_of_its_client(cast, clients, sample):
    def reasons(today):
        [client] = Round([clients["HRB"]], cast.marta, today).visit([clients["HRB"]])
        return [str(reason) for reason in client.health.reasons if sample.reference in reason.text]

    assert reasons(sample.due_on) == []
    assert reasons(sample.due_on + days(1)) == [f"sample {sample.reference} overdue since Tue 24 Nov"]


def test_the_page_of_a_sample_asks_the_same_however_many_others_and_photos(cast, piece, jonas, sample):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            jonas.get(sample.get_absolute_url())
        return beside_the_bell(queries.captured_queries)

    counts = []
    for number in range(1, 4):
        a_sample(piece, cast.jonas)
        attach(sample, a_photo(f"{number}.png"), by=cast.jonas)
        counts.append(asked())
    assert len(set(counts)) == 1, counts


def test_the_confirmed_version_stands_beside_the_checklist(cast, piece, jonas, sample):
    draft = a_draft(piece, cast.jonas, maker=cast.felix)
    version = a_version(draft, cast.felix, copy="Sunday, eight o’clock.")
    address = reverse("sample_check", args=[sample.pk])
    assert "No draft of this piece is approved" in jonas.get(address).content.decode()
    Draft.objects.filter(pk=draft.pk).update(state="approved", court="nobody")
    for page in (jonas.get(address), jonas.get(sample.get_absolute_url())):
        text = page.content.decode()
        assert version.get_absolute_url() in text and "Sunday, eight o’clock." in text
        assert attachments_of(version).get().get_absolute_url() in text


def test_the_database_knows_that_nobody_releases_the_own_review(cast, sample):
    answered(sample, cast.jonas).pass_it(by=cast.jonas)
    sample.state, sample.releaser = "released", cast.jonas
    with pytest.raises(IntegrityError), transaction.atomic():
        sample.save()


def test_the_proof_review_is_printed(jonas, cast, sample):
    answered(sample, cast.jonas)
    answer = jonas.get(reverse("sample_pdf", args=[sample.pk]))
    assert answer.status_code == 200 and answer["Content-Type"] in ("application/pdf", "text/html; charset=utf-8")


def test_facts_are_changed_and_a_stale_change_shows_both(jonas, cast, sample):
    address = reverse("sample_edit", args=[sample.pk])
    sent = {"seen": sample.version, "kind": "contract", "supplier": "Ferrier", "step": "", "expected_on": sample.expected_on}
    assert jonas.post(address, sent).status_code == 302
    answer = jonas.post(address, sent | {"supplier": "Dorrit"})
    assert answer.status_code == 409 and "Ferrier" in answer.content.decode()
    with pytest.raises(Conflict):
        sample.pass_it(by=cast.jonas, seen=1)
