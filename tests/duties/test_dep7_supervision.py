"""DEP7: supervise design, production and execution for the client: what was seen is noted; a defect is fixed, and verified
by somebody else."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency import clock
from agency.flow import Conflict, Refused
from approvals.due import owed_notes
from approvals.models import SupervisionNote
from clients.models.attachment import attachments_of
from reminders.models import Notice
from tests.queries import beside_the_bell
from tests.records import a_schedule, days
from tests.samples import a_photo, a_piece
from tests.supervision import a_defect, a_note


@pytest.fixture
def piece(cast, clients):
    return a_piece(clients["HRB"], cast.jonas, cast.marta)


@pytest.fixture
def jonas(cast, login):
    return login(cast.jonas)


@pytest.fixture
def printing(cast, piece):
    """A step that Noor of Production owns."""
    step = next(it for it in a_schedule(piece.campaign, cast.mei, template="outdoor") if it.name == "Print run")
    step.give_to(by=cast.mei, person=cast.noor)
    return step


def seen(piece, **fields):
    """What the form sends."""
    usual = {"kind": "production", "verdict": "defect", "words": "The crust prints too dark."}
    return {"token": uuid4(), "deliverable": piece.pk, **usual, **fields}


def new(piece):
    return reverse("supervision_new", args=[piece.campaign.job_number])


def move(browser, note, name, **sent):
    note.refresh_from_db()
    return browser.post(f"{note.get_absolute_url()}move/{name}/", {"seen": note.version, **sent})


# ── Noting ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("verdict", ["ok", "remark"])
def test_what_is_in_order_or_a_remark_is_noted_and_settled_at_once(verdict, piece, jonas):
    sent = seen(piece, verdict=verdict)
    for _double_click in range(2):
        assert jonas.post(new(piece), {**sent, "files": [a_photo()]}).status_code == 302
    note = SupervisionNote.objects.get(campaign=piece.campaign)
    assert (note.state, note.court, note.holder, note.due_on) == ("noted", "nobody", None, None)
    assert note.reference == f"{piece.campaign.job_number}-N1"
    assert [it.name for it in attachments_of(note)] == ["proof.png"]
    assert not note.moves_open_to(note.created_by)


def test_a_defect_lies_with_the_owner_of_its_step_who_hears_of_it(cast, piece, printing, jonas):
    page = jonas.get(f"{new(piece)}?step={printing.pk}").content.decode()
    assert f'value="{printing.pk}" selected' in page
    assert jonas.post(new(piece), seen(piece, step=printing.pk)).status_code == 302
    note = SupervisionNote.objects.get(campaign=piece.campaign)
    assert (note.state, note.court, note.holder, note.due_on) == ("open", "department", cast.noor, clock.today() + days(2))
    assert Notice.objects.about(note).filter(recipient=cast.noor, kind="approvals.supervision_news").exists()


def test_a_defect_may_be_given_to_somebody_by_name_and_a_day(cast, piece, jonas):
    day = clock.today() + days(4)
    assert jonas.post(new(piece), seen(piece, holder=cast.felix.pk, due_on=day)).status_code == 302
    note = SupervisionNote.objects.get(campaign=piece.campaign)
    assert (note.holder, note.due_on) == (cast.felix, day)
    sent = {"seen": note.version, "person": cast.noor.pk, "due_on": day}
    address = reverse("supervision_give", args=[note.pk])
    assert jonas.post(address, sent | {"person": cast.amina.pk}).status_code == 422, "she does not serve this client"
    assert jonas.post(address, sent).status_code == 302
    note.refresh_from_db()
    assert (note.holder, note.state) == (cast.noor, "open")
    assert jonas.post(address, sent).status_code == 409


def test_without_a_step_it_lies_with_the_salesman_of_the_client(cast, piece):
    assert a_defect(piece, cast.marta).holder == cast.jonas


def test_wrong_input_is_told_beside_the_field_and_nothing_typed_is_lost(cast, clients, piece, jonas):
    other = a_piece(clients["HRB"], cast.jonas, cast.marta, name="Other")
    foreign = a_schedule(other.campaign, cast.mei, template="outdoor")[0]
    wrongs = [{"deliverable": other.pk}, {"deliverable": 10**30}, {"deliverable": ""}, {"step": foreign.pk}, {"kind": "dummy"},
              {"verdict": ""}, {"words": ""}, {"words": "x" * 2001}, {"holder": cast.amina.pk}, {"due_on": "2026-11-20"},
              {"due_on": "soon"}, {"token": "x"}]  # fmt: skip
    for wrong in wrongs:
        answer = jonas.post(new(piece), seen(piece) | wrong)
        assert answer.status_code == 422, wrong
        if "words" not in wrong:
            assert "The crust prints too dark." in answer.content.decode()
    assert jonas.post(new(piece), seen(piece, words="a\0b")).status_code == 400
    assert jonas.get(f"{new(piece)}?step={10**30}").status_code == 200
    assert not SupervisionNote.objects.filter(campaign__in=(piece.campaign, other.campaign)).exists()


# ── A defect, to its end ────────────────────────────────────────────────────────────────────────
def test_who_has_it_says_what_was_done_and_another_verifies_it(cast, login, piece, printing, jonas):
    note = a_defect(piece, cast.jonas, step=printing)
    address = reverse("supervision_fix", args=[note.pk])
    assert jonas.get(address).status_code == 200, "he may open it"
    sent = {"token": uuid4(), "seen": note.version, "words": "Less black, new plates."}
    assert jonas.post(address, sent).status_code == 403, "but Noor has it"
    noor = login(cast.noor)
    assert noor.post(address, sent | {"words": " "}).status_code == 422
    assert noor.post(address, sent | {"files": [a_photo("after.png")]}).status_code == 302
    note.refresh_from_db()
    assert (note.state, note.fixer, note.holder, note.due_on) == ("fixed", cast.noor, cast.jonas, clock.today() + days(1))
    assert noor.get(note.get_absolute_url()).status_code == 200
    assert noor.post(address, sent).status_code == 409
    assert move(noor, note, "verify").status_code == 403, "four eyes"
    jonas = login(cast.jonas)
    assert move(jonas, note, "reopen", reason="").status_code == 422
    assert move(jonas, note, "reopen", reason="Still dark on the left.").status_code == 302
    note.refresh_from_db()
    assert (note.state, note.holder, note.fixer, note.fixed_words) == ("open", cast.noor, None, "")
    note.fix(by=cast.noor, words="New ink as well.")
    assert move(jonas, note, "verify").status_code == 302
    note.refresh_from_db()
    assert (note.state, note.court, note.verifier) == ("verified", "nobody", cast.jonas)
    assert Notice.objects.about(note).filter(recipient=cast.noor, text__contains="verified").exists()


def test_who_fixed_the_own_find_leaves_it_to_somebody_else(cast, login, piece, jonas):
    note = a_defect(piece, cast.jonas).fix(by=cast.jonas, words="Telephoned the printer.")
    assert note.holder == cast.tomas
    assert "somebody else verifies it" in jonas.get(note.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        note.verify(by=cast.jonas)
    note.verify(by=cast.tomas)


def test_the_database_knows_that_nobody_verifies_the_own_work(cast, piece):
    note = a_defect(piece, cast.jonas).fix(by=cast.jonas, words="Done.")
    note.state, note.verifier = "verified", cast.jonas
    with pytest.raises(IntegrityError), transaction.atomic():
        note.save()


def test_of_two_who_answer_at_once_the_second_is_told(cast, piece):
    note = a_defect(piece, cast.jonas).fix(by=cast.jonas, words="Done.")
    note.verify(by=cast.tomas, seen=note.version)
    with pytest.raises(Conflict):
        note.reopen(by=cast.marta, reason="Not done.")
    with pytest.raises(Refused):
        a_defect(piece, cast.jonas).fix(by=cast.jonas, words=" ")


# ── Who may, who sees, who hears ────────────────────────────────────────────────────────────────
def test_a_producer_notes_on_his_own_step_and_on_no_other(cast, login, piece, printing):
    noor = login(cast.noor)
    assert noor.get(new(piece)).status_code == 404
    address = reverse("step_supervision", args=[printing.pk])
    page = noor.get(address).content.decode()
    assert 'name="deliverable"' not in page and 'name="step"' not in page
    assert reverse("step_supervision", args=[printing.pk]) in noor.get(printing.get_absolute_url()).content.decode()
    assert noor.post(address, seen(piece, verdict="ok", words="First sheets are right.")).status_code == 302
    note = SupervisionNote.objects.get(campaign=piece.campaign)
    assert (note.step, note.deliverable, note.created_by) == (printing, None, cast.noor)
    before = printing.before.first()
    assert noor.get(reverse("step_supervision", args=[before.pk])).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        a_note(piece, cast.noor)


def test_a_colleague_of_another_department_sees_only_what_concerns_him(cast, login, piece):
    mine, other = a_defect(piece, cast.jonas, holder=cast.felix), a_defect(piece, cast.jonas)
    browser = login(cast.felix)
    assert browser.get(mine.get_absolute_url()).status_code == 200
    assert browser.get(other.get_absolute_url()).status_code == 404
    assert mine.get_absolute_url().rstrip("/") in browser.get("/").content.decode(), "it stands on his desk"


def test_whoever_does_not_serve_the_client_finds_nothing(cast, login, piece):
    note = a_defect(piece, cast.jonas)
    browser = login(cast.amina)
    for address in (new(piece), note.get_absolute_url(), reverse("supervision", args=[piece.campaign.job_number])):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{note.get_absolute_url()}move/verify/", {"seen": 1}).status_code == 404


def test_an_open_defect_is_owed_by_its_holder_and_late_it_climbs(cast, piece):
    note = a_defect(piece, cast.jonas, due_on=clock.today() + days(1))
    due = {(it.recipient.username, it.rung) for it in owed_notes(note.due_on) if it.subject == note}
    assert due == {("jonas", 0)}
    late = {it.recipient.username for it in owed_notes(note.due_on + days(1)) if it.subject == note}
    assert {"jonas", "tomas", "mei"} <= late
    assert "waits to be fixed by Jonas Weber" in next(it.text() for it in owed_notes(note.due_on) if it.subject == note)
    note.fix(by=cast.jonas, words="Done.")
    assert {it.recipient for it in owed_notes(note.due_on) if it.subject == note} == {cast.tomas}
    note.verify(by=cast.tomas)
    assert not [it for it in owed_notes(clock.today() + days(9)) if it.subject == note]


# ── The list ────────────────────────────────────────────────────────────────────────────────────
def test_the_list_is_filtered_by_kind_by_what_was_found_and_by_what_is_open(cast, piece, jonas):
    a_note(piece, cast.jonas, words="Fine paper.", kind="design")
    a_defect(piece, cast.jonas, words="Too dark.")
    a_defect(piece, cast.jonas, words="Cut askew.").fix(by=cast.jonas, words="Cut again.").verify(by=cast.tomas)
    address = reverse("supervision", args=[piece.campaign.job_number])

    def shown(query=""):
        page = jonas.get(address + query).content.decode()
        return {words for words in ("Fine paper.", "Too dark.", "Cut askew.") if words in page}

    assert shown() == {"Fine paper.", "Too dark.", "Cut askew."}
    assert shown("?kind=design") == {"Fine paper."}
    assert shown("?verdict=defect") == {"Too dark.", "Cut askew."}
    assert shown("?show=open") == {"Too dark."}
    assert b"Cut askew." in b"".join(jonas.get(f"{address}?export=csv"))
    assert (
        reverse("supervision", args=[piece.campaign.job_number])
        in jonas.get(piece.campaign.get_absolute_url()).content.decode()
    )


def test_the_list_and_the_page_ask_the_same_of_the_database_however_many_notes(cast, piece, jonas):
    counts, address = [], reverse("supervision", args=[piece.campaign.job_number])
    for _each in range(3):
        note = a_defect(piece, cast.jonas)
        for page in (address, note.get_absolute_url()):
            jonas.get(page)
            with CaptureQueriesContext(connection) as queries:
                jonas.get(page)
            counts.append(beside_the_bell(queries.captured_queries))
    assert counts[:2] == counts[2:4] == counts[4:]
