"""DEP7: what is said about a draft: on its place, inside or for the client and never confused, settled, carried on."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.flow import Refused
from approvals.drawing import draw
from approvals.models import DraftComment, DraftVersion, PageImage
from campaigns.models import Campaign
from clients.models import Confirmation, Contact, SafeLink
from clients.visitor import Visitor
from reminders.models import Notice
from tests.client_pages import door
from tests.drafts import a_cleared_draft, a_draft, a_version, decided

SECRET = "Zilpzalp"  # in what is said inside


@pytest.fixture
def piece(cast):
    return Campaign.objects.get(job_number="HRB-26-014").deliverables.first()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def draft(cast, piece):
    return a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)


@pytest.fixture
def sent(cast, draft, clara):
    return draft.send(by=cast.jonas, seen=draft.version, contact=clara)


def say(version, by, words="The price has to be seen.", **told):
    return DraftComment.say(version, by=by, token=uuid4(), words=words, **told)


def typed(**changed):
    return {"token": uuid4(), "words": "Up 4 mm.", "audience": "inside", **changed}


def address(draft):
    return reverse("draft_comment", args=[draft.pk, draft.sheet.number])


def the_link(draft):
    return SafeLink.objects.about(draft.sheet).first()


# ── Said ────────────────────────────────────────────────────────────────────────────────────────
def test_a_colleague_sets_a_pin_and_the_maker_hears_of_it(cast, login, draft):
    given = typed(file="1", page="1", across="47", down="33.5")
    assert login(cast.jonas).post(address(draft), given).status_code == 302
    said = draft.comments.get()
    assert (said.number, said.x, said.y, said.audience, said.at) == (1, 470, 335, "inside", {"x": "47%", "y": "33.5%"})
    assert Notice.objects.filter(recipient=cast.felix, kind="approvals.comment", object_id=said.pk).count() == 1
    assert login(cast.jonas).post(address(draft), given).status_code == 302
    assert draft.comments.count() == 1, "a double click says it once"


def test_the_pin_stands_on_the_page_once_the_page_is_drawn(cast, login, draft):
    say(draft.sheet, cast.jonas, file=1, page=1, x=470, y=335, w=100, h=40)
    page = login(cast.marta).get(draft.get_absolute_url()).content.decode()
    assert "This page is being drawn" in page
    draw()
    page = login(cast.marta).get(draft.get_absolute_url()).content.decode()
    assert 'x="52%" y="35.5%"' in page and '<rect class="pin__box" data-state="ours" x="47%" y="33.5%" width="10%"' in page
    image = PageImage.objects.get(attachment__object_id=draft.sheet.pk)
    assert reverse("page_image", args=[image.attachment_id, 1]) in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"words": ""}, "Please write what you see."),
        ({"words": "x" * 2001}, "at most 2000"),
        ({"across": "101", "down": "3"}, "less than or equal to 100"),
        ({"across": "50"}, "across and down"),
        ({"across": "90", "down": "10", "wide": "20", "high": "5"}, "outside of the page"),
        ({"line": "7"}, "no line 7"),
        ({"audience": "everybody"}, "everybody"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_was_typed_stands_there(cast, login, draft, wrong, sentence):
    answer = login(cast.jonas).post(address(draft), typed(**{"words": "Warbler.", **wrong}))
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert wrong.get("words", "Warbler.")[:50] in page
    assert not draft.comments.exists()


def test_the_coordinator_comments_and_another_clients_people_do_not(cast, login, draft):
    say(draft.sheet, cast.mei)
    with pytest.raises(PermissionDenied):
        say(draft.sheet, cast.lucia)
    assert login(cast.amina).post(address(draft), typed()).status_code == 404


def test_a_thread_is_answered_by_whoever_reads_it(cast, login, draft):
    said = say(draft.sheet, cast.jonas, audience="client")
    url = reverse("draft_comment_answer", args=[draft.pk, said.pk])
    assert login(cast.felix).post(url, {"token": uuid4(), "words": "Done in the next."}).status_code == 302
    answer = said.answers.get()
    assert (answer.audience, answer.number, answer.created_by) == ("client", None, cast.felix)
    other = a_draft(draft.deliverable, cast.marta, maker=cast.felix, title="Another")
    a_version(other, cast.felix)
    with pytest.raises(Refused, match="not there any more"):
        DraftComment.say(other.sheet, by=cast.jonas, token=uuid4(), words="Here?", parent=said)


# ── Carried on ──────────────────────────────────────────────────────────────────────────────────
def test_what_is_open_stands_on_the_next_version_and_what_is_done_does_not(cast, login, draft, clara):
    left, done = say(draft.sheet, cast.jonas, words="The roundel."), say(draft.sheet, cast.jonas, words="The hours.")
    done.resolve(by=cast.marta, seen=done.version)
    draft.record_no(by=cast.jonas, contact=clara, words="Again.")
    first, second = draft.versions.get(number=1), a_version(draft, cast.felix)
    assert list(DraftComment.objects.on(first).threads()) == [left, done]
    assert list(DraftComment.objects.on(second).threads()) == [left]
    assert "since v1" in login(cast.marta).get(draft.get_absolute_url()).content.decode()
    done.reopen(by=cast.marta, seen=done.version)
    assert list(DraftComment.objects.on(second).threads()) == [left, done]


def test_settling_leaves_who_did_it(cast, login, draft):
    said = say(draft.sheet, cast.jonas)
    url = reverse("draft_comment_move", args=[draft.pk, said.pk, "resolve"])
    assert login(cast.felix).post(url, {"seen": said.version}).status_code == 302
    said.refresh_from_db()
    assert (said.state, said.done_in, said.events().first().actor) == ("done", 1, cast.felix)


def test_a_page_asks_the_same_for_one_comment_and_for_three(cast, login, draft):
    browser = login(cast.marta)
    say(draft.sheet, cast.jonas)
    counts = []
    for more in (0, 2):
        for _each in range(more):
            said = say(draft.sheet, cast.jonas, audience="client")
            DraftComment.say(draft.sheet, by=cast.felix, token=uuid4(), words="Yes.", parent=said)
        browser.get(draft.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            browser.get(draft.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ── The client's page ───────────────────────────────────────────────────────────────────────────
def test_the_client_reads_what_is_meant_for_her_and_nothing_internal(cast, client, sent):
    say(sent.sheet, cast.jonas, words=f"{SECRET} inside")
    meant = say(sent.sheet, cast.jonas, audience="client", words="We moved the price up.")
    DraftComment.say(sent.sheet, by=cast.marta, token=uuid4(), words="As you wished.", parent=meant)
    page = client.get(door(the_link(sent)))
    assert page.status_code == 200
    words = page.content.decode()
    assert "We moved the price up." in words and "As you wished." in words and "Nobody waits for bread." in words
    assert SECRET not in words and "Marta" in words


def test_the_client_sees_the_pictures_below_her_link_and_none_elsewhere(cast, client, sent):
    draw()
    here = door(the_link(sent))
    assert f"{here}page/1/1/" in client.get(here).content.decode()
    picture = client.get(f"{here}page/1/1/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    b"".join(picture)
    file = client.get(f"{here}file/1/")
    assert (file.status_code, file["Content-Security-Policy"]) == (200, "sandbox")
    b"".join(file)
    for wrong in ("page/1/2/", "page/2/1/", "file/2/", "file/0/", "file/x/", "page/1/", "other/1/", "file/99999999999/"):
        assert client.get(f"{here}{wrong}").status_code == 404, wrong
    attachment = PageImage.objects.get(attachment__object_id=sent.sheet.pk).attachment
    assert client.get(reverse("page_image", args=[attachment.pk, 1])).status_code == 302, "the login"


def test_pictures_close_with_the_link(cast, client, sent):
    here = door(the_link(sent))
    sent.take_back(by=cast.jonas, seen=sent.version, reason="A slip.")
    assert client.get(f"{here}file/1/").status_code == 404


def test_the_client_sets_a_pin_which_decides_nothing_and_reaches_us(cast, client, sent):
    here = door(the_link(sent))
    given = {"token": uuid4(), "words": "Higher, please.", "across": "20", "down": "30"}
    for _twice in range(2):
        answer = client.post(f"{here}comment/", given)
        assert (answer.status_code, answer["Location"]) == (302, f"{here}#comments")
    said = sent.comments.get()
    assert (said.contact.name, said.audience, said.x, said.file, said.page) == ("Clara Hollin", "client", 200, 1, 1)
    sent.refresh_from_db()
    assert sent.state == "client" and not Confirmation.objects.about(sent.sheet).exists()
    assert Notice.objects.filter(recipient=cast.jonas, kind="approvals.comment", object_id=said.pk).exists()


def test_a_pin_of_hers_that_is_refused_loses_no_word(client, sent):
    here = door(the_link(sent))
    answer = client.post(f"{here}comment/", {"token": uuid4(), "words": "Higher, please.", "across": "20"})
    assert answer.status_code == 422
    assert "Higher, please." in answer.content.decode() and "across and down" in answer.content.decode()


def test_the_client_answers_no_internal_thread_and_no_other_version(cast, client, sent, clara):
    inside = say(sent.sheet, cast.jonas, words=SECRET)
    link = the_link(sent)
    with pytest.raises(Refused):
        DraftComment.say(sent.sheet, by=Visitor(link), token=uuid4(), words="Which?", parent=inside)
    client.post(door(link), {"answer": "changes", "words": "Again.", "name": "Clara", "role": "Head", "token": uuid4()})
    assert client.post(f"{door(link)}comment/", {"token": uuid4(), "words": "One more."}).status_code == 404


def test_a_superseded_version_is_not_approved_and_leads_to_the_new_one(cast, client, sent, clara):
    old = the_link(sent)
    sent.take_back(by=cast.jonas, seen=sent.version, reason="A slip in the headline.")
    sent.withdraw(by=cast.jonas, seen=sent.version, reason="A slip in the headline.")
    a_version(sent, cast.felix, changed="The headline.")
    decided(sent, cast.marta)
    sent.send(by=cast.jonas, seen=sent.version, contact=clara)
    given = {"answer": "confirmed", "words": "", "name": "Clara", "role": "Head", "token": uuid4()}
    page = client.post(door(old), given)
    assert page.status_code == 410
    assert "A newer version has taken its place" in page.content.decode() and door(the_link(sent)) in page.content.decode()
    assert not any(Confirmation.objects.about(version).exists() for version in sent.versions.all())
    assert "The headline." in client.get(door(the_link(sent))).content.decode()


def test_approved_with_changes_needs_the_changes(cast, client, sent):
    given = {"answer": "with_changes", "words": "", "name": "Clara", "role": "Head", "token": uuid4()}
    assert client.post(door(the_link(sent)), given).status_code == 422
    assert client.post(door(the_link(sent)), {**given, "words": "The hours."}).status_code == 302
    sent.refresh_from_db()
    assert (sent.state, sent.holder, sent.remarks) == ("amending", cast.felix, "The hours.")
    assert DraftVersion.open(sent, by=cast.felix, token=uuid4()).round == 0
