"""DEP7, SAL2: a draft is made, cleared by somebody else, sent by the salesman, and approved by the client."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from agency import clock
from agency.flow import Conflict, Refused
from approvals.models import Draft, DraftVersion, InternalReview
from approvals.models.draft_version import UsedUp
from campaigns.models import Campaign
from clients.models import Confirmation, Contact, SafeLink
from reminders.models import Notice
from tests.client_pages import door
from tests.drafts import a_cleared_draft, a_draft, a_picture, a_sent_draft, a_version, decided

ANSWER = {"name": "Clara Hollin", "role": "Marketing director", "words": ""}


@pytest.fixture
def piece(cast):
    return Campaign.objects.get(job_number="HRB-26-014").deliverables.first()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def sent(cast, piece, clara):
    return a_sent_draft(piece, maker=cast.felix, clearer=cast.marta, sender=cast.jonas, contact=clara)


def the_link(draft):
    return SafeLink.objects.about(draft.sheet).first()


# ── Made ────────────────────────────────────────────────────────────────────────────────────────
def test_the_art_director_is_asked_for_a_draft_and_sees_nothing_else_of_the_client(cast, login, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    assert (draft.court, draft.holder, str(draft)) == ("department", cast.felix, f"{piece.letter}D {draft.title}")
    assert Notice.objects.filter(recipient=cast.felix, path=draft.get_absolute_url()).count() == 1
    browser = login(cast.felix)
    assert browser.get(draft.get_absolute_url()).status_code == 200
    assert browser.get(piece.campaign.get_absolute_url()).status_code == 404


def test_the_maker_puts_the_version_together_and_hands_it_in(cast, login, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    browser = login(cast.felix)
    page = browser.post(reverse("draft_open", args=[draft.pk]), {"token": uuid4()}, follow=True)
    assert page.status_code == 200
    version = draft.versions.get()
    files = reverse("draft_version_files", args=[draft.pk, 1])
    assert browser.post(files, {"files": a_picture(), "token": uuid4()}).status_code == 302
    words = {
        "seen": version.version,
        "maker": cast.felix.pk,
        "idea": "Smell.",
        "on_brief": "Shows the price.",
        "how": "",
        "copy": "",
    }
    assert browser.post(f"{version.get_absolute_url()}edit/", {**words, "hand_in": "1"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.holder) == ("review", cast.marta)
    assert draft.sheet.state == "final" and draft.sheet.digest == draft.sheet.digest_now()


def test_a_version_without_a_reason_is_not_handed_in_and_nothing_typed_is_lost(cast, login, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    version = DraftVersion.open(draft, by=cast.felix, token=uuid4())
    words = {"seen": 1, "maker": cast.felix.pk, "idea": "Smell.", "on_brief": "", "how": "", "copy": "SUNDAY\nfrom four"}
    page = login(cast.felix).post(f"{version.get_absolute_url()}edit/", {**words, "hand_in": "1"})
    assert page.status_code == 422
    assert "Still missing: why it is on brief" in page.content.decode()
    version.refresh_from_db()
    assert (version.state, version.idea, version.lines) == ("open", "Smell.", [(1, "SUNDAY"), (2, "from four")])


def test_what_is_handed_in_takes_no_word_and_no_file_any_more(cast, login, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    version = a_version(draft, cast.felix)
    with pytest.raises(Conflict):
        version.write(by=cast.felix, seen=version.version, changes={"idea": "Another."})
    files = reverse("draft_version_files", args=[draft.pk, 1])
    assert login(cast.felix).post(files, {"files": a_picture(), "token": uuid4()}).status_code == 409
    assert login(cast.felix).post(f"/files/approvals.draftversion/{version.pk}/", {"files": a_picture()}).status_code == 404
    attachment = draft.sheet.campaign and version.content()["files"]
    assert len(attachment) == 1


def test_beginning_a_version_twice_begins_one(cast, piece):
    draft, token = a_draft(piece, cast.marta, maker=cast.felix), uuid4()
    assert DraftVersion.open(draft, by=cast.felix, token=token) == DraftVersion.open(draft, by=cast.felix, token=token)
    with pytest.raises(Refused, match="Version 1 is being put together"):
        DraftVersion.open(draft, by=cast.marta, token=uuid4())


def test_what_is_thrown_away_leaves_its_number_unused(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    version = DraftVersion.open(draft, by=cast.felix, token=uuid4())
    version.discard(by=cast.felix, seen=version.version)
    assert DraftVersion.open(draft, by=cast.felix, token=uuid4()).number == 2
    assert draft.sheet is None


# ── Cleared inside ──────────────────────────────────────────────────────────────────────────────
def test_the_maker_never_clears_the_own_work(cast, piece):
    draft = a_draft(piece, cast.omar, maker=cast.marta)
    a_version(draft, cast.marta)
    assert draft.holder == cast.omar, "the head of the group, for the director made it"
    with pytest.raises(PermissionDenied):
        decided(draft, cast.marta)
    decided(draft, cast.omar)
    assert (draft.state, draft.holder) == ("cleared", cast.jonas)


def test_a_salesman_clears_nothing(cast, piece, login):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    with pytest.raises(PermissionDenied):
        decided(draft, cast.jonas)
    assert login(cast.jonas).get(reverse("draft_review", args=[draft.pk])).status_code == 403


def test_a_version_with_one_no_is_returned_and_not_cleared(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    with pytest.raises(Refused, match="every question is answered yes"):
        decided(draft, cast.marta, reply="no")
    with pytest.raises(Refused, match="why it is returned"):
        decided(draft, cast.marta, outcome="returned", reply="no")
    decided(draft, cast.marta, outcome="returned", reply="no", reason="The price is missing.")
    assert (draft.state, draft.holder, draft.round) == ("making", cast.felix, 0)


def test_the_review_is_made_line_by_line_on_its_page(cast, piece, login):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    browser, url = login(cast.marta), reverse("draft_review", args=[draft.pk])
    form = browser.get(url).context["form"]
    names = [field.name for field, _note in [*form.questions(), *form.requirements()]]
    given = {"token": form["token"].value(), "seen": draft.version, "outcome": "cleared", **dict.fromkeys(names, "yes")}
    half = browser.post(url, given | {names[0]: "", "q_audience_note": "Rather the young"})
    assert half.status_code == 422 and "Rather the young" in half.content.decode()
    assert browser.post(url, given).status_code == 302
    assert browser.post(url, given).status_code == 302, "a double click decides once"
    review = InternalReview.objects.get(draft=draft)
    assert review.outcome == "cleared" and len(review.requirements) == len(form.lines)


# ── Sent and answered ───────────────────────────────────────────────────────────────────────────
def test_the_salesman_sends_it_once_it_is_cleared_and_never_before(cast, piece, clara):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    with pytest.raises(Conflict):
        draft.send(by=cast.jonas, contact=clara)
    decided(draft, cast.marta)
    draft.send(by=cast.jonas, contact=clara)
    assert (draft.state, draft.court, the_link(draft).subject) == ("client", "client", draft.sheet)


def test_it_goes_to_nobody_who_may_not_approve_drafts(cast, piece):
    draft = a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
    stranger = Contact.objects.filter(client=piece.client).exclude(pk__in=draft.confirmers.values("pk")).first()
    stranger = stranger or Contact.objects.exclude(client=piece.client).first()
    with pytest.raises(Refused):
        draft.send(by=cast.jonas, contact=stranger)


def test_the_client_approves_the_version_she_saw(cast, client, sent):
    given = {**ANSWER, "answer": "confirmed", "token": uuid4()}
    assert client.post(door(the_link(sent)), given).status_code == 302
    sent.refresh_from_db()
    confirmation = Confirmation.objects.about(sent.sheet).get()
    assert (sent.state, confirmation.answer, confirmation.digest) == ("approved", "confirmed", sent.sheet.digest)
    assert sent.sheet.superseded_by is None


def test_changes_come_back_to_the_maker_and_begin_a_round(cast, client, sent, piece):
    given = {**ANSWER, "answer": "changes", "words": "The price has to be seen.", "token": uuid4()}
    assert client.post(door(the_link(sent)), given).status_code == 302
    sent.refresh_from_db()
    before = piece.used
    assert (sent.state, sent.holder, sent.remarks) == ("making", cast.felix, "The price has to be seen.")
    version = DraftVersion.open(sent, by=cast.felix, token=uuid4())
    piece.refresh_from_db()
    assert (version.round, version.number, piece.used) == (1, 2, max(before, 1))
    assert version.idea == sent.sheet.idea, "the next one begins with what the last one said"


def test_the_round_after_the_last_one_agreed_offers_a_change_order(cast, login, piece, clara):
    draft = a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
    piece.refresh_from_db()
    for number in range(1, piece.allowed + 1):
        draft.record_no(by=cast.jonas, contact=clara, words="Again.")
        a_version(draft, cast.felix)
        decided(draft, cast.marta)
        assert draft.round == number
    draft.record_no(by=cast.jonas, contact=clara, words="And again.")
    with pytest.raises(UsedUp):
        DraftVersion.open(draft, by=cast.felix, token=uuid4())
    page = login(cast.marta).post(reverse("draft_open", args=[draft.pk]), {"token": uuid4()})
    assert page.status_code == 422
    assert f"/campaigns/HRB-26-014/change-orders/new/?cause=round&amp;deliverable={piece.letter}" in page.content.decode()


def test_a_return_inside_uses_no_round(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    before = piece.used
    for _again in range(3):
        a_version(draft, cast.felix)
        decided(draft, cast.marta, outcome="returned", reply="no", reason="The price is missing.")
    piece.refresh_from_db()
    assert (piece.used, draft.sheet.number) == (before, 3)


def test_a_salesman_records_what_was_said_on_the_telephone_with_the_evidence(cast, login, piece, clara):
    draft = a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
    browser, url = login(cast.jonas), reverse("draft_record", args=[draft.pk])
    form = browser.get(url).context["form"]
    given = {"token": form["token"].value(), "seen": draft.version, "contact": clara.pk, "how": "telephone", "on": "2026-11-23"}
    assert browser.post(url, {**given, "answer": "confirmed"}).status_code == 422, "words or a file prove it"
    assert browser.post(url, {**given, "answer": "confirmed", "words": "Yes, print it."}).status_code == 302
    assert browser.post(url, {**given, "answer": "confirmed", "words": "Yes, print it."}).status_code == 302
    draft.refresh_from_db()
    confirmation = Confirmation.objects.about(draft.sheet).get()
    assert (draft.state, confirmation.recorded_by, confirmation.how) == ("approved", cast.jonas, "telephone")


# ── What holds no longer ────────────────────────────────────────────────────────────────────────
def test_an_approval_holds_for_no_later_version(cast, client, sent):
    link = the_link(sent)
    client.post(door(link), {**ANSWER, "answer": "confirmed", "token": uuid4()})
    sent.refresh_from_db()
    approved = sent.sheet
    sent.reopen(by=cast.marta, seen=sent.version, reason="The opening hours change.")
    approved.draft.refresh_from_db()
    assert approved.superseded_by == "The draft has been opened again to be changed."
    a_version(sent, cast.felix)
    approved.draft.refresh_from_db()
    assert approved.superseded_by == "Version 2 has taken its place."
    assert sent.state == "review" and not Confirmation.objects.about(sent.sheet).exists()


def test_a_draft_taken_back_cannot_be_answered(cast, client, sent):
    link = the_link(sent)
    sent.take_back(by=cast.jonas, seen=sent.version, reason="A slip in the headline.")
    given = {**ANSWER, "answer": "confirmed", "token": uuid4()}
    assert client.post(door(link), given).status_code == 404
    sent.refresh_from_db()
    assert sent.state == "cleared"


def test_a_dropped_concept_is_asked_for_nothing_and_can_be_taken_up_again(cast, client, sent):
    sent.drop(by=cast.marta, seen=sent.version, reason="Concept B was chosen.")
    assert client.get(door(the_link(sent))).status_code == 404
    sent.take_up(by=cast.marta, seen=sent.version, reason="Clara wants it after all.")
    assert (sent.state, sent.holder) == ("making", cast.felix)


def test_another_clients_people_know_nothing_of_it(cast, login, sent):
    browser = login(cast.amina)
    for url in (sent.get_absolute_url(), sent.sheet.get_absolute_url(), "/campaigns/HRB-26-014/drafts/"):
        assert browser.get(url).status_code == 404
    assert not Draft.objects.visible_to(cast.lucia).filter(client=sent.client).exists()


def test_approved_with_changes_said_on_the_telephone_comes_back_to_the_maker_without_a_round(cast, piece, clara):
    draft = a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
    told = {"contact": clara, "how": "telephone", "on": clock.today(), "token": uuid4()}
    draft.hear(by=cast.jonas, seen=draft.version, answer="with_changes", words="The hours, please.", **told)
    assert (draft.state, draft.holder, draft.wants_round) == ("amending", cast.felix, False)
    version = DraftVersion.open(draft, by=cast.felix, token=uuid4())
    assert (version.number, version.round) == (2, 0)
    assert Confirmation.objects.about(draft.sheet).get().answer == "with_changes"
