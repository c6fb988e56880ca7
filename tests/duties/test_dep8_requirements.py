"""DEP8: the client's word inward. What was asked, forbidden, promised and fixed stands in the ledger, line by line, until it is
honoured, waived by the client or broken."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agency import clock
from agency.flow import Conflict, Refused
from clients.ledger.pinned import pinned_for
from clients.models import Contact, Requirement
from clients.models.attachment import attachments_of
from reminders.models import Notice
from tests.records import a_brief, a_file, a_line, a_plan, an_accepted_brief

LEDGER = "/clients/HRB/ledger/"
Kind, State = Requirement.Kind, Requirement.State


@pytest.fixture
def hrb(clients):
    return clients["HRB"]


@pytest.fixture
def clara(db):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def line(hrb, cast):
    return a_line(hrb, cast.jonas)


def said(text="No children in the pictures.", **more):
    """What is typed about a line."""
    return {
        "token": uuid4(), "kind": "must_not", "text": text, "said_on": "2026-11-20", "said": "The owner's daughter",
        "source_words": "Telephone call", **more,
    }  # fmt: skip


def born(brief, cast, key="mandatories:1", text="Show the loaf whole.", **more):
    fields = {"kind": Kind.MUST, "said_on": date(2026, 11, 20), "by": cast.jonas, **more}
    return Requirement.born(source=brief, key=key, client=brief.client, text=text, **fields)


# Writing a line by hand


def test_jonas_writes_down_what_he_heard_on_the_telephone(cast, clara, login):
    browser = login(cast.jonas)
    answer = browser.post(LEDGER + "new/", said(said_by=clara.pk), follow=True)
    page = answer.content.decode()
    line = Requirement.objects.get(text="No children in the pictures.", source_words="Telephone call", created_by=cast.jonas,
                                   said_on=date(2026, 11, 20))  # fmt: skip
    assert answer.redirect_chain[-1][0] == line.get_absolute_url()
    assert "The line stands in the ledger" in page and "Clara Hollin" in page and "wrote the line into the ledger" in page
    assert "No children in the pictures." in browser.get(LEDGER).content.decode()


def test_a_form_sent_twice_writes_one_line(cast, login):
    browser, form, before = login(cast.jonas), said("Once."), Requirement.objects.count()
    for _time in range(2):
        browser.post(LEDGER + "new/", form)
    assert Requirement.objects.count() == before + 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"kind": "date"}, "Which day is fixed?"),
        ({"said_on": "2026-11-24"}, "still to come"),
        ({"said_on": "yesterday"}, "valid date"),
        ({"text": ""}, "required"),
        ({"text": "x" * 501}, "500 characters"),
        ({"source_words": ""}, "required"),
        ({"kind": "wish"}, "valid choice"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_typed_is_lost(typed, told, cast, login):
    answer = login(cast.jonas).post(LEDGER + "new/", said(**typed))
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and "The owner&#x27;s daughter" in page


def test_a_contact_of_another_client_said_nothing_here(cast, login):
    erik = Contact.objects.get(name="Erik Voss")
    answer = login(cast.jonas).post(LEDGER + "new/", said(said_by=erik.pk))
    assert answer.status_code == 422 and "valid choice" in answer.content.decode()


def test_a_slip_is_mended_while_the_line_is_open(cast, line, login):
    browser, form = login(cast.jonas), said("No children, no dogs.", seen=line.version)
    assert "Saved." in browser.post(f"{line.get_absolute_url()}edit/", form, follow=True).content.decode()
    line.refresh_from_db()
    assert line.text == "No children, no dogs."
    assert browser.post(f"{line.get_absolute_url()}edit/", {**form, "seen": 1, "text": "Other."}).status_code == 409
    line.honour(by=cast.marta)
    assert "settled" in browser.get(f"{line.get_absolute_url()}edit/").content.decode()


def test_what_a_brief_said_is_mended_in_the_brief(cast, hrb, login):
    line = born(a_brief(hrb, cast.jonas), cast)
    answer = login(cast.jonas).get(f"{line.get_absolute_url()}edit/")
    assert answer.status_code == 409 and "Change it there" in answer.content.decode()


# Born from a record


def test_a_line_is_born_once_however_often_its_source_is_saved(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    first, second = born(brief, cast), born(brief, cast)
    assert (first, first.version, second.version) == (second, 1, 1)
    assert (first.source, first.source_words, first.state) == (brief, "Intake brief “Rye crackers”", "open")


def test_the_words_of_the_source_are_frozen_at_birth_and_the_line_follows_its_source(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    line = born(brief, cast)
    brief.title = "Rusks"
    brief.keep(by=cast.jonas)
    line = born(brief, cast, text="Show the loaf whole, uncut.")
    assert (line.text, line.source_words, line.version) == ("Show the loaf whole, uncut.", "Intake brief “Rye crackers”", 2)
    assert [event.verb for event in line.events()] == ["reworded", "created"]


def test_a_settled_line_whose_words_change_is_open_again(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    born(brief, cast).honour(by=cast.marta)
    assert born(brief, cast).state == State.HONOURED
    line = born(brief, cast, text="Show two loaves.")
    assert (line.state, line.text, line.last_event().verb) == (State.OPEN, "Show two loaves.", "say_otherwise")


def test_a_line_that_its_source_no_longer_says_waits_to_be_settled_and_never_vanishes(cast, hrb, login):
    brief = a_brief(hrb, cast.jonas)
    kept, lost = born(brief, cast), born(brief, cast, key="mandatories:2", text="Name the mill.")
    Requirement.gone(brief, {"mandatories:1"}, by=cast.jonas)
    for line in (kept, lost):
        line.refresh_from_db()
    assert (kept.waits, lost.waits, lost.gone_since) == (False, True, clock.today())
    browser = login(cast.marta)
    assert "no longer in its source" in browser.get(lost.get_absolute_url()).content.decode()
    assert "no longer in its source" in browser.get(LEDGER).content.decode()
    Requirement.gone(brief, {"mandatories:1"}, by=cast.jonas)
    assert lost.events().count() == 2, "told once"
    assert born(brief, cast, key="mandatories:2", text="Name the mill.").gone_since is None
    lost.refresh_from_db()
    assert lost.last_event().verb == "back"


def test_a_source_has_one_line_for_each_key(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    line = born(brief, cast)
    line.pk, line.token = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


# Settling


def test_marta_settles_and_takes_back(cast, line, login):
    browser, at = login(cast.marta), line.get_absolute_url()
    page = browser.post(f"{at}move/honour/", {"seen": 1}, follow=True).content.decode()
    assert "Done: Honoured." in page and "undo_honour" in page
    browser.post(f"{at}move/undo_honour/", {"seen": 2})
    line.refresh_from_db()
    assert line.state == State.OPEN
    assert browser.post(f"{at}move/break_off/", {"seen": 3}).status_code == 422
    browser.post(f"{at}move/break_off/", {"seen": 3, "reason": "A child in motif 2"})
    browser.post(f"{at}move/reopen/", {"seen": 4, "reason": "It was a dwarf"})
    line.refresh_from_db()
    assert [event.verb for event in line.events()] == ["reopen", "break_off", "undo_honour", "honour", "created"]
    assert [event.reason for event in line.events()][:2] == ["It was a dwarf", "A child in motif 2"]


def test_who_serves_writes_and_who_leads_settles(cast, line, hrb):
    for person in (cast.jonas, cast.tomas, cast.mei, cast.felix, cast.admin, cast.amina, cast.ingrid):
        for act in (line.honour, lambda by: line.break_off(by=by, reason="x")):
            with pytest.raises(PermissionDenied):
                act(by=person)
    assert {who for who in ("helena", "omar", "marta") if getattr(cast, who).has_perm(Requirement.SETTLE, line)} == {
        "helena", "omar", "marta",
    }  # fmt: skip
    adders = {name for name, person in vars(cast).items() if person.has_perm("clients.add_requirement", hrb)}
    assert adders == {"helena", "omar", "marta", "tomas", "jonas", "mei", "rafael"}


def test_a_waiver_needs_its_evidence_and_somebody_of_the_client(cast, line, clara, login):
    browser, at = login(cast.marta), f"{line.get_absolute_url()}waive/"
    assert "needs its evidence" in browser.post(at, {"seen": 1, "who": clara.pk}).content.decode()
    nobody = browser.post(at, {"seen": 1, "words": "It is fine."})
    assert nobody.status_code == 422 and "It is fine." in nobody.content.decode()
    assert browser.post(at, {"seen": 9, "who": clara.pk, "words": "Fine."}).status_code == 409
    page = browser.post(
        at, {"seen": 1, "who": clara.pk, "words": "Children are fine on the jam."}, follow=True
    ).content.decode()
    assert "The line is waived by the client." in page and "Children are fine on the jam." in page
    line.refresh_from_db()
    assert (line.state, line.waived_by) == (State.WAIVED, clara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.filter(pk=line.pk).update(waived_words="", evidence=None)


def test_a_letter_is_evidence_of_its_own(cast, line, clara, login):
    form = {"seen": 1, "who": clara.pk, "file": SimpleUploadedFile("mail.txt", b"Children are fine.")}
    login(cast.marta).post(f"{line.get_absolute_url()}waive/", form)
    line.refresh_from_db()
    assert (line.state, line.evidence.name, line.evidence.is_cited) == (State.WAIVED, "mail.txt", True)


def test_a_file_comes_with_the_waiver_or_not_at_all(cast, line, clara, login):
    line.honour(by=cast.marta)
    form = {"seen": 1, "who": clara.pk, "file": SimpleUploadedFile("mail.txt", b"Children are fine.")}
    assert login(cast.marta).post(f"{line.get_absolute_url()}waive/", form).status_code == 409
    assert not attachments_of(line).exists()


def test_nobody_of_another_client_waives_and_no_file_of_another_client_proves(cast, line, clara, clients):
    erik = Contact.objects.get(name="Erik Voss")
    with pytest.raises(Refused, match="contact"):
        line.waive(by=cast.marta, who=erik, words="Fine.")
    with pytest.raises(Refused, match="another client"):
        line.waive(by=cast.marta, who=clara, evidence=a_file(clients["VOL"], cast.lucia))


def test_reopening_forgets_the_waiver_and_the_history_keeps_it(cast, line, clara):
    line.waive(by=cast.marta, who=clara, words="Fine.")
    line.reopen(by=cast.marta, reason="She changed her mind")
    assert (line.state, line.waived_by, line.waived_words) == (State.OPEN, None, "")
    assert line.history.get(version=2).waived_words == "Fine."
    line.undo_reopen(by=cast.marta)
    assert (line.state, line.waived_by, line.waived_words) == (State.WAIVED, clara, "Fine.")


def test_two_settle_at_once_and_the_second_is_told(cast, line):
    line.honour(by=cast.marta)
    with pytest.raises(Conflict, match="Honoured"):
        line.waive(by=cast.omar, who=Contact.objects.get(name="Clara Hollin"), words="Fine.", seen=1)


def test_a_broken_line_is_told_to_whoever_leads_the_client(cast, line):
    line.break_off(by=cast.helena, reason="A child in motif 2")
    told = Notice.objects.filter(kind="clients.requirement_broken", object_id=line.pk)
    assert {notice.recipient.username for notice in told} == {"marta", "omar"}
    line.reopen(by=cast.helena, reason="x")
    line.break_off(by=cast.marta, reason="It is one")
    latest = Notice.objects.filter(kind="clients.requirement_broken", object_id=line.pk).order_by("-pk")[:1]
    assert latest[0].recipient == cast.omar


# Where work is judged


def test_a_campaign_is_judged_by_its_brief_and_by_what_hangs_on_no_brief(cast, hrb, login):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    mine, general = (
        born(brief, cast, key="x:1", text="Show the crackers whole."),
        a_line(hrb, cast.jonas, text="Never on Sundays."),
    )
    other = born(a_brief(hrb, cast.jonas, title="Rusks"), cast, text="Rusks are round.")
    found = pinned_for(cast.marta, hrb, brief)
    assert {mine, general} <= set(found) and other not in found
    campaign = a_plan(brief, cast.marta).campaign
    browser = login(cast.marta)
    for address in (brief.get_absolute_url(), campaign.get_absolute_url(), f"{campaign.get_absolute_url()}plan/edit/"):
        page = browser.get(address).content.decode()
        assert mine.text in page and general.text in page and other.text not in page, address
    assert other.text in browser.get(hrb.get_absolute_url()).content.decode()


def test_broken_lines_come_first_and_settled_ones_are_counted(cast, hrb):
    before = pinned_for(cast.marta, hrb)
    broken, honoured = a_line(hrb, cast.jonas, text="Broken."), a_line(hrb, cast.jonas, text="Honoured.")
    broken.break_off(by=cast.marta, reason="x")
    honoured.honour(by=cast.marta)
    now = pinned_for(cast.marta, hrb)
    assert now[0].state == State.BROKEN and honoured not in now
    assert (now.settled, now.waiting) == (before.settled + 1, before.waiting + 1)


@pytest.mark.parametrize("name", ["felix", "amina", "ingrid", "admin"])
def test_who_does_not_see_the_client_sees_no_line_of_it(name, cast, hrb, line, login):
    person = getattr(cast, name)
    brief = a_brief(hrb, cast.jonas)
    if name == "felix":
        brief.share_with(person, until=clock.today() + timedelta(days=3), reason="Study", by=cast.marta)
        page = login(person).get(brief.get_absolute_url()).content.decode()
        assert line.text not in page and "ledger" not in page
    assert pinned_for(person, hrb) is None
    browser, at = login(person), line.get_absolute_url()
    for address in (LEDGER, f"{LEDGER}new/", at, f"{at}edit/", f"{at}waive/"):
        assert browser.get(address).status_code in {403, 404}, address
    assert browser.post(f"{at}move/honour/", {"seen": 1}).status_code == 404
    assert line not in Requirement.objects.visible_to(person)


# The list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?state=broken", {"Broken."}),
        ("?kind=promise", {"Promised."}),
        ("?source=hand&state=broken", {"Broken."}),
        ("?state=wrong", set()),
        ("?source=99-99", set()),
    ],
)
def test_the_ledger_answers_questions(asked, found, cast, hrb, login):
    Requirement.objects.filter(client=hrb).update(state="honoured", kind="must")
    a_line(hrb, cast.jonas, text="Broken.").break_off(by=cast.marta, reason="x")
    a_line(hrb, cast.jonas, text="Promised.", kind="promise")
    page = login(cast.marta).get(LEDGER + asked).content.decode()
    assert {text for text in ("Broken.", "Promised.", "No children in the pictures.") if f">{text}</a>" in page} == found


def test_the_ledger_is_asked_for_what_one_brief_said_or_one_contact(cast, hrb, clara, login):
    brief = a_brief(hrb, cast.jonas)
    line = born(brief, cast, said_by=clara)
    browser = login(cast.marta)
    page = browser.get(f"{LEDGER}?source={line.content_type_id}-{brief.pk}").content.decode()
    assert line.text in page and "Rye crackers" in page and page.count('class="list__what"') == 1
    assert line.text in browser.get(f"{LEDGER}?who={clara.pk}").content.decode()


def test_the_ledger_is_had_as_a_file(cast, hrb, login):
    a_line(hrb, cast.jonas, text="=cmd|'/c calc'!A0")
    sent = login(cast.marta).get(LEDGER + "?export=csv").content.decode()
    assert "'=cmd" in sent and "Forbade" in sent and "HRB" not in sent.partition("\n")[0]


def test_three_lines_ask_no_more_of_the_database_than_one(cast, hrb, login):
    browser, asked = login(cast.marta), {}
    for address in (LEDGER, hrb.get_absolute_url()):
        browser.get(address)  # the kinds of records are read once by a process
        for number in (1, 3):
            for part in range(number):
                a_line(hrb, cast.jonas, text=f"{number} {part}", said_by=Contact.objects.filter(client=hrb).first())
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            asked.setdefault(address, []).append(len(queries))
    assert all(three <= one for one, three in asked.values()), asked


def test_the_words_of_a_line_are_only_words(cast, hrb, login):
    line = a_line(hrb, cast.jonas, text="<script>alert(1)</script>")
    for address in (LEDGER, line.get_absolute_url(), hrb.get_absolute_url()):
        assert "<script>alert" not in login(cast.marta).get(address).content.decode()
