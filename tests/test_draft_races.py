"""Drafts at the same moment, with real threads on PostgreSQL: one decision on one version, and never on another."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection  # noqa: F401 (the condition of the mark)
from django.test import Client as Browser

from agency import clock
from agency.flow import Conflict, Refused
from approvals.models import Draft, DraftComment, DraftVersion
from campaigns.models import Deliverable
from clients.models import Confirmation, Contact, SafeLink
from tests.client_pages import door
from tests.conftest import cast_now
from tests.drafts import a_draft, a_sent_draft, a_version, decided
from tests.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")]
YES = {"answer": "confirmed", "words": "", "name": "Clara Hollin", "role": "Marketing director"}


@pytest.fixture
def cast(agency):
    return cast_now()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def piece(cast):
    return Deliverable.objects.get(campaign__job_number="HRB-26-014", letter="A")


@pytest.fixture
def sent(cast, piece, clara):
    return a_sent_draft(piece, maker=cast.felix, clearer=cast.marta, sender=cast.jonas, contact=clara)


def link_of(draft):
    return SafeLink.objects.about(draft.sheet).get()


def answers_to(draft):
    return Confirmation.objects.about(draft.sheet)


def made(results):
    """Those that did what they were to do."""
    return [it for it in results if not isinstance(it, (Conflict, Refused, PermissionDenied))]


def tried(deed):
    """A deed that may be told no."""

    def run():
        try:
            return deed()
        except PermissionDenied as why:
            return why

    return run


def test_fifty_approvals_at_once_are_one(sent):
    there = door(link_of(sent))
    codes = at_once(*[lambda: Browser().post(there, {**YES, "token": str(uuid4())}).status_code] * 50)
    sent.refresh_from_db()
    assert codes.count(302) == 1
    assert (answers_to(sent).count(), sent.state) == (1, "approved")
    assert sent.events().filter(verb="confirm").count() == 1


def test_the_client_approves_or_a_new_version_comes_and_never_both(cast, sent):
    there, first = door(link_of(sent)), sent.sheet

    def newer():
        draft = Draft.objects.get(pk=sent.pk)
        draft.take_back(by=cast.jonas, reason="A slip.")
        draft.withdraw(by=cast.jonas, reason="A slip.")
        return a_version(draft, cast.felix)

    code, _version = at_once(lambda: Browser().post(there, {**YES, "token": str(uuid4())}).status_code, newer)
    sent.refresh_from_db()
    if code == 302:
        assert (sent.state, sent.sheet, answers_to(sent).count()) == ("approved", first, 1)
    else:
        assert (sent.state, sent.sheet.number) == ("review", 2)
        assert not Confirmation.objects.about(first).exists()


def test_a_version_is_cleared_or_taken_out_of_the_review(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    seen = draft.version
    results = at_once(
        lambda: decided(Draft.objects.get(pk=draft.pk), cast.marta),
        lambda: Draft.objects.get(pk=draft.pk).withdraw(by=cast.felix, seen=seen, reason="The logo."),
    )
    draft.refresh_from_db()
    assert len(made(results)) == 1
    assert (draft.state == "cleared") == draft.reviews.exists()


def test_the_clients_answer_or_the_link_taken_back(cast, sent):
    link, seen = link_of(sent), sent.version
    code, back = at_once(
        lambda: Browser().post(door(link), {**YES, "token": str(uuid4())}).status_code,
        lambda: Draft.objects.get(pk=sent.pk).take_back(by=cast.jonas, seen=seen, reason="Too early."),
    )
    sent.refresh_from_db()
    link.refresh_from_db()
    assert (code == 302) == isinstance(back, Conflict)
    assert (sent.state, link.state) in {("approved", "answered"), ("cleared", "revoked")}
    assert answers_to(sent).count() == (sent.state == "approved")


def test_two_who_write_down_what_was_said_write_one_answer(cast, sent, clara):
    told = {"contact": clara, "words": "Yes, print it.", "how": "telephone", "on": clock.today(), "answer": "confirmed"}
    seen = sent.version
    results = at_once(*[
        tried(lambda by=by: Draft.objects.get(pk=sent.pk).hear(by=by, seen=seen, token=uuid4(), **told))
        for by in (cast.jonas, cast.tomas, cast.marta)
    ])  # fmt: skip
    assert len(made(results)) == 1
    assert answers_to(sent).count() == 1


def test_eight_who_begin_the_next_version_begin_one_and_one_round(cast, sent, clara, piece):
    sent.record_no(by=cast.jonas, contact=clara, words="Again.")
    piece.refresh_from_db()
    before = piece.used
    results = at_once(
        *[lambda: DraftVersion.open(Draft.objects.get(pk=sent.pk), by=cast.felix, token=uuid4())] * 8
    )  # fmt: skip
    piece.refresh_from_db()
    assert len(made(results)) == 1
    assert sent.versions.filter(state="open").count() == 1
    assert piece.used == max(before, 1)


def test_ten_comments_at_once_have_ten_numbers(cast, sent):
    say = [lambda n=n: DraftComment.say(sent.sheet, by=cast.jonas, token=uuid4(), words=f"{n}") for n in range(10)]
    at_once(*say)
    assert sorted(sent.comments.values_list("number", flat=True)) == list(range(1, 11))
