"""DEP3: what we understood goes to the client on one page; a brief is accepted on its confirmation, or with the reason for
doing without."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agency.flow import Conflict, Refused
from briefs.models import Brief, Playback
from briefs.models.playback import MOST
from clients.access import one_look
from clients.models import Confirmation, Contact, SafeLink
from desk.inbox import Inbox
from reminders.models import Letter, Notice
from tests.client_pages import door
from tests.records import PHONED, a_brief, played_back

WORDS = {"task": "A thin rye cracker.", "aim": "Forty thousand packs.", "people": "", "frame": "60,000.", "assumed": ""}
ANSWER = {"answer": "confirmed", "words": "", "name": "Clara Hollin", "role": "Marketing director"}


@pytest.fixture
def clara(cast):
    return Contact.objects.select_related("client").get(name="Clara Hollin")


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def draft(brief, cast):
    return Playback.open(brief=brief, by=cast.jonas, token=uuid4(), **WORDS)


@pytest.fixture
def sent(draft, clara, cast):
    return draft.send(by=cast.jonas, contact=clara)


@pytest.fixture
def link(sent):
    return SafeLink.objects.about(sent).get()


def at(playback, page=""):
    return f"{playback.get_absolute_url()}{page}"


def answer(client, link, **more):
    token = client.get(door(link)).context["form"]["token"].value()
    return client.post(door(link), {**ANSWER, "token": token, **more})


# ── Writing and sending ─────────────────────────────────────────────────────────────────────────
def test_it_is_begun_from_what_the_brief_says_and_put_into_our_own_words(brief, cast, login):
    browser = login(cast.jonas)
    made = browser.post(f"/briefs/{brief.pk}/playbacks/new/", {"token": uuid4()})
    playback = brief.playbacks.get()
    assert made.url == at(playback, "edit/")
    assert "Rye crackers, thin, baked on stone." in playback.task
    assert playback.length <= MOST
    assert browser.post(at(playback, "edit/"), {**WORDS, "seen": 1}).status_code == 302
    playback.refresh_from_db()
    assert (playback.number, playback.aim, playback.state) == (1, "Forty thousand packs.", "draft")
    assert browser.post(f"/briefs/{brief.pk}/playbacks/new/").url == at(playback, "edit/")
    assert brief.playbacks.count() == 1


def test_one_page_is_three_thousand_characters(draft, cast, login):
    answer = login(cast.jonas).post(at(draft, "edit/"), {**WORDS, "seen": 1, "task": "x" * 2000, "aim": "y" * 1200})
    assert answer.status_code == 422
    assert "at most 3000 characters, and this has 3207" in answer.content.decode()


def test_sending_freezes_the_words_with_two_digests_and_lies_with_the_client_as_long_as_its_terms_say(sent, link, brief, clara):
    assert (sent.state, sent.court, sent.contact, sent.due_on.isoformat()) == ("sent", "client", clara, "2026-11-26")
    assert (sent.brief_digest, len(sent.digest)) == (brief.digest, 64)
    assert (link.subject, link.digest, link.subject_version) == (sent, sent.digest, sent.version)
    assert "what we understood of “Rye crackers”" in Letter.objects.get(about=link.pk).body


def test_what_is_sent_is_written_no_more(sent, cast, login):
    assert login(cast.jonas).post(at(sent, "edit/"), {**WORDS, "seen": sent.version, "task": "Other"}).status_code == 409
    sent.refresh_from_db()
    assert sent.task == WORDS["task"]


def test_it_goes_to_a_contact_whom_the_terms_authorise_and_a_sentence_tells_who_that_is(draft, cast, login):
    peter = Contact.objects.get(name="Peter Dorn")
    with pytest.raises(Refused, match="By the terms this is for: Clara Hollin"):
        draft.send(by=cast.jonas, contact=peter)
    browser = login(cast.jonas)
    assert "By the terms this is for: Clara Hollin." in browser.get(at(draft, "send/")).content.decode()
    refused = browser.post(at(draft, "send/"), {"seen": draft.version, "contact": peter.pk})
    assert (refused.status_code, "may confirm a playback" in refused.content.decode()) == (422, True)
    foreign = browser.post(at(draft, "send/"), {"seen": draft.version, "contact": Contact.objects.get(name="Erik Voss").pk})
    assert foreign.status_code == 422


def test_where_the_terms_name_nobody_it_cannot_be_sent_and_the_sentence_says_so(cast, clients, login):
    playback = Playback.open(brief=a_brief(clients["GRE"], cast.amina), by=cast.amina, token=uuid4(), **WORDS)
    for authority in clients["GRE"].terms_on().authorities.standing():
        authority.end(by=cast.ingrid, reason="He has sold the shop.")
    answer = login(cast.amina).get(at(playback, "send/"))
    assert answer.status_code == 409
    assert "name nobody who may" in answer.content.decode()


@pytest.mark.parametrize("name", ["mei", "felix", "lucia", "admin"])
def test_who_may_not_send_does_not(name, draft, clara, cast, login):
    person = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        draft.send(by=person, contact=clara)
    assert login(person).post(at(draft, "send/"), {"seen": 1, "contact": clara.pk}).status_code in {403, 404}


# ── The client's page ───────────────────────────────────────────────────────────────────────────
def test_the_client_says_that_it_is_right_and_that_is_kept_for_good(sent, link, brief, client, cast):
    assert "Did we understand you?" in client.get(door(link)).content.decode()
    assert answer(client, link).url == "/c/thanks/"
    sent.refresh_from_db()
    it = Confirmation.objects.about(sent).get()
    assert (sent.state, sent.court) == ("confirmed", "nobody")
    assert (it.subject, it.digest, it.subject_version, it.what, it.answer) == (sent, sent.digest, 2, "playback", "confirmed")
    assert Brief.objects.get(pk=brief.pk).is_played_back
    told = Notice.objects.about(sent).filter(kind="briefs.playback_news")
    assert set(told.values_list("recipient__username", flat=True)) == {"jonas", "marta"}


def test_right_with_remarks_confirms_and_keeps_the_remarks(sent, link, client):
    assert "Please write your remarks" in answer(client, link, answer="remarked").content.decode()
    answer(client, link, answer="remarked", words="The packs are called sleeves here.")
    sent.refresh_from_db()
    assert (sent.state, sent.remarks) == ("confirmed", "The packs are called sleeves here.")
    assert Confirmation.objects.about(sent).get().words == "The packs are called sleeves here."


def test_what_must_change_comes_back_to_who_has_the_brief_and_stands_beside_the_next_one(sent, link, client, cast, login):
    answer(client, link, answer="changes", words="Sixty thousand, not forty.")
    sent.refresh_from_db()
    assert (sent.state, sent.court, sent.holder, sent.due_on.isoformat()) == ("changes", "ours", cast.jonas, "2026-11-24")
    browser = login(cast.jonas)
    assert sent in browser.get("/").context["needs_me"]
    browser.post(f"/briefs/{sent.brief_id}/playbacks/new/")
    second = sent.brief.playbacks.get(number=2)
    assert "Sixty thousand, not forty." in browser.get(at(second, "edit/")).content.decode()
    second.send(by=cast.jonas, contact=sent.contact)
    sent.refresh_from_db()
    assert sent.state == "superseded"


@pytest.mark.parametrize("typed", [{"answer": ""}, {"answer": "agreed"}, {"name": ""}, {"role": ""}, {"words": "x" * 4001},
                                   {"answer": "changes"}])  # fmt: skip
def test_what_is_not_whole_is_told_and_decides_nothing(typed, sent, link, client):
    assert answer(client, link, **typed).status_code == 422
    sent.refresh_from_db()
    assert (sent.state, Confirmation.objects.about(sent).count()) == ("sent", 0)


def test_opening_decides_nothing(sent, link, client):
    for _look in range(3):
        client.get(door(link))
        client.head(door(link))
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_withdrawn_one_cannot_be_confirmed_and_its_link_says_what_every_dead_link_says(sent, link, client, cast):
    sent.withdraw(by=cast.jonas, reason="A figure was wrong.")
    dead = client.post(door(link), {**ANSWER, "token": uuid4()})
    assert (dead.status_code, dead.content) == (404, client.get("/c/nothing-at-all/").content)
    sent.refresh_from_db()
    assert (sent.state, Confirmation.objects.about(sent).count()) == ("withdrawn", 0)


def test_a_new_one_takes_the_place_of_the_one_that_lies_with_the_client(sent, link, brief, clara, client, cast):
    second = Playback.open(brief=brief, by=cast.jonas, token=uuid4(), **WORDS).send(by=cast.jonas, contact=clara)
    sent.refresh_from_db()
    assert (sent.state, second.number) == ("superseded", 2)
    assert client.get(door(link)).status_code == 404
    assert client.get(door(SafeLink.objects.about(second).get())).status_code == 200


def test_whoever_has_lost_the_authority_meanwhile_confirms_nothing(sent, link, clara, client, cast):
    for it in clara.authorities.standing().filter(what="playback"):
        it.end(by=cast.omar, reason="Another house.")
    refused = answer(client, link)
    assert (refused.status_code, "is not authorised" in refused.content.decode()) == (422, True)
    sent.refresh_from_db()
    assert (sent.state, Confirmation.objects.about(sent).count()) == ("sent", 0)


def test_nobody_of_ours_makes_the_clients_move(sent, cast):
    for name in ("jonas", "marta", "helena", "admin"):
        with pytest.raises(PermissionDenied):
            sent.confirm(by=getattr(cast, name))
        assert not {"confirm", "ask_changes"} & {it.name for it in sent.moves_open_to(getattr(cast, name))}


# ── Recorded by us ──────────────────────────────────────────────────────────────────────────────
def heard(clara, **more):
    form = {"token": uuid4(), "contact": clara.pk, "how": "telephone", "on": "2026-11-23", "answer": "confirmed"}
    return {**form, "words": "Yes, exactly so.", **more}


def test_the_salesman_records_what_was_said_on_the_telephone(sent, clara, cast, login):
    form = heard(clara, seen=sent.version)
    for _click in range(2):
        assert login(cast.jonas).post(at(sent, "record/"), form).status_code in {302, 409}
    sent.refresh_from_db()
    it = Confirmation.objects.about(sent).get()
    assert (sent.state, it.recorded_by, it.how, it.words, it.name) == (
        "confirmed", cast.jonas, "telephone", "Yes, exactly so.", "Clara Hollin",
    )  # fmt: skip
    assert not SafeLink.objects.about(sent).get().is_live


def test_a_draft_read_out_is_frozen_as_it_was(draft, clara, brief, cast, login):
    login(cast.jonas).post(at(draft, "record/"), heard(clara, seen=draft.version))
    draft.refresh_from_db()
    assert (draft.state, draft.brief_digest, draft.sent_on.isoformat()) == ("confirmed", brief.digest, "2026-11-23")


def test_a_file_proves_it_and_its_digest_is_in_the_chain(sent, clara, cast, login):
    file = SimpleUploadedFile("answer.txt", b"Dear Jonas, exactly so. Clara", content_type="text/plain")
    login(cast.jonas).post(at(sent, "record/"), heard(clara, seen=sent.version, words="", file=file, how="mail"))
    it = Confirmation.objects.about(sent).get()
    assert it.evidence.name == "answer.txt"
    assert it.evidence_digest == it.evidence.sha256


@pytest.mark.parametrize(("typed", "told"), [
    ({"words": ""}, "Write what was said"),
    ({"answer": "changes", "words": ""}, "what is to be changed"),
    ({"on": "2026-11-24"}, "on a day to come"),
    ({"on": "2026-11-20"}, "was not there yet"),
    ({"how": "link"}, "Select a valid choice"),
    ({"contact": "999999"}, "may confirm a playback"),
])  # fmt: skip
def test_what_cannot_be_true_is_not_recorded(typed, told, sent, clara, cast, login):
    answer = login(cast.jonas).post(at(sent, "record/"), heard(clara, seen=sent.version, **typed))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not Confirmation.objects.about(sent).exists()


# ── Acceptance ──────────────────────────────────────────────────────────────────────────────────
def submitted(brief, cast):
    brief.submit(by=cast.jonas)
    return brief


def test_what_the_client_confirmed_is_accepted_without_a_reason(brief, cast):
    submitted(played_back(brief, cast.jonas), cast)
    assert [it.name for it in brief.moves_open_to(cast.marta)] == ["accept", "return_to_writer"]
    with pytest.raises(Refused):
        brief.accept_without_playback(by=cast.marta, reason=PHONED)
    assert brief.accept(by=cast.marta).state == "accepted"
    assert brief.undo_accept(by=cast.marta).state == "submitted"


def test_without_a_playback_it_takes_a_reason(brief, cast):
    submitted(brief, cast)
    assert [it.name for it in brief.moves_open_to(cast.marta)] == ["accept_without_playback", "return_to_writer"]
    with pytest.raises(Refused):
        brief.accept(by=cast.marta)
    with pytest.raises(Refused):
        brief.accept_without_playback(by=cast.marta, reason=" ")
    assert brief.accept_without_playback(by=cast.marta, reason=PHONED).state == "accepted"


def test_a_playback_of_other_answers_covers_nothing_and_the_page_says_so(brief, cast, login):
    played_back(brief, cast.jonas)
    brief.write(by=cast.jonas, seen=brief.version, changes={"price": "4.20"})
    assert not brief.is_played_back
    assert "no longer covers what is written now" in login(cast.jonas).get(brief.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        submitted(brief, cast).accept(by=cast.marta)


@pytest.mark.parametrize("move", ["accept", "accept_without_playback"])
def test_nobody_accepts_the_own_work_either_way(move, brief, cast, clients):
    brief = a_brief(clients["HRB"], cast.marta)
    if move == "accept":
        played_back(brief, cast.jonas)
    brief.submit(by=cast.jonas)
    reason = {"reason": PHONED} if move == "accept_without_playback" else {}
    with pytest.raises(PermissionDenied):
        getattr(brief, move)(by=cast.marta, **reason)


def test_ten_briefs_on_a_desk_cost_what_one_costs(cast, clients):
    def cost():
        with one_look(), CaptureQueriesContext(connection) as seen:
            lines = Inbox(cast.marta, most=50).needs_me()
        return len(seen), [it.next_moves[0].name for it in lines if isinstance(it, Brief) and it.next_moves]

    submitted(a_brief(clients["HRB"], cast.jonas), cast)
    one, _moves = cost()
    for n in range(4):
        brief = a_brief(clients["HRB"], cast.jonas)
        submitted(played_back(brief, cast.jonas) if n % 2 else brief, cast)
    many, moves = cost()
    assert one == many
    assert (moves.count("accept"), moves.count("accept_without_playback")) == (2, 3)


# ── The database ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("wrong", [{"state": "agreed"}, {"digest": ""}, {"brief_digest": ""}, {"contact": None}])
def test_the_database_keeps_a_sent_playback_whole(wrong, sent):
    with pytest.raises(IntegrityError), transaction.atomic():
        Playback.objects.filter(pk=sent.pk).update(**wrong)


def test_one_is_being_written_at_a_time(draft, brief, cast):
    with pytest.raises(Refused):
        Playback.open(brief=brief, by=cast.jonas, token=uuid4(), **WORDS)


def test_a_page_left_open_does_not_send_what_was_rewritten_meanwhile(draft, clara, cast):
    seen = draft.version
    draft.write(by=cast.tomas, seen=seen, changes={"task": "Other words."})
    with pytest.raises(Conflict):
        draft.send(by=cast.jonas, contact=clara, seen=seen)


@pytest.mark.parametrize("page", ["", "edit/", "send/", "record/", "pdf/"])
def test_the_pages_open_for_those_who_serve_the_client_and_for_nobody_else(page, draft, brief, cast, login):
    brief.share_with(cast.felix, until=brief.created_at.date(), reason="Look", by=cast.omar)
    assert login(cast.jonas).get(at(draft, page)).status_code == 200
    assert login(cast.felix).get(at(draft, page)).status_code == 403
    assert login(cast.lucia).get(at(draft, page)).status_code == 404
