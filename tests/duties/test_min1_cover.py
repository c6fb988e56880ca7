"""MIN1: who is away, and who serves the clients meanwhile."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Absence
from agency import clock
from agency.flow import Refused
from clients import covering
from clients.models import Assignment

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def absence(cast):
    return Absence.enter(by=cast.marta, token=uuid4(), kind="illness", first=FIRST, last=LAST, note="Zaunkoenig")


def test_the_coordinator_arranges_cover_for_all_clients_in_one_step(cast, absence, login, mailoutbox):
    browser, clients = login(cast.mei), covering.to_cover(absence, cast.mei)
    page = browser.get(f"/absences/{absence.pk}/cover/")
    assert clients and all(client.name in page.content.decode().replace("&amp;", "&") for client in clients)
    assert "Zaunkoenig" not in page.content.decode()
    sent = {client.code: cast.david.pk for client in clients}
    assert browser.post(f"/absences/{absence.pk}/cover/", sent).status_code == 302
    seats = Assignment.objects.filter(person=cast.david, seat="cover", since=FIRST, until=LAST)
    assert {seat.client for seat in seats} == set(clients)
    assert all(cast.david.has_perm("clients.view_client", client) for client in clients)
    assert [mail.to for mail in mailoutbox if mail.subject.startswith("You cover")] == [[cast.david.email]] * len(clients)


def test_cover_ends_with_the_absence(cast, absence, monday):
    client = covering.to_cover(absence, cast.mei)[0]
    [seat] = covering.cover(absence, [(client, cast.priya)], by=cast.mei)
    with clock.at(clock.now().replace(month=12, day=1)):
        assert seat not in Assignment.objects.current()


def test_nobody_covers_who_is_away_or_of_another_role(cast, absence):
    client = covering.to_cover(absence, cast.mei)[0]
    Absence.enter(by=cast.david, token=uuid4(), kind="holiday", first=LAST, last=LAST)
    for person in (cast.david, cast.felix, cast.marta):
        with pytest.raises(Refused, match="cannot cover"):
            covering.cover(absence, [(client, person)], by=cast.mei)
    assert not Assignment.objects.filter(seat="cover", client=client, since=FIRST).exists()


def test_cover_is_not_the_directors_to_arrange(cast, absence):
    client = covering.to_cover(absence, cast.mei)[0]
    for person in (cast.marta, cast.jonas, cast.felix, cast.admin, cast.ingrid):
        with pytest.raises(PermissionDenied):
            covering.cover(absence, [(client, cast.priya)], by=person)


def test_the_same_cover_is_given_once_and_none_for_what_is_withdrawn(cast, absence):
    client = covering.to_cover(absence, cast.mei)[0]
    covering.cover(absence, [(client, cast.priya)], by=cast.mei)
    with pytest.raises(Refused, match="already"):
        covering.cover(absence, [(client, cast.priya)], by=cast.mei)
    absence.withdraw(by=cast.marta)
    with pytest.raises(Refused, match="nothing to cover"):
        covering.cover(absence, [(client, cast.david)], by=cast.mei)


def test_cover_ends_when_the_absence_is_withdrawn_and_what_was_given_for_another_stays(cast, absence, login, mailoutbox):
    client = covering.to_cover(absence, cast.mei)[0]
    later = Absence.enter(by=cast.marta, token=uuid4(), kind="holiday", first=date(2026, 12, 7), last=date(2026, 12, 11))
    [seat] = covering.cover(absence, [(client, cast.david)], by=cast.mei)
    [other] = covering.cover(later, [(client, cast.priya)], by=cast.mei)
    assert cast.david.has_perm("clients.view_client", client)
    browser = login(cast.marta)
    answer = browser.post(f"/absences/{absence.pk}/move/withdraw/", {"seen": absence.version}, follow=True)
    assert "The cover for 1 client ends too." in answer.content.decode()
    for it in (seat, other):
        it.refresh_from_db()
    assert (seat.ended_at is not None, seat.ended_by, other.ended_at) == (True, cast.marta, None)
    assert not cast.david.has_perm("clients.view_client", client)
    assert seat.history.first().history_change_reason.startswith("Cover is no longer needed")
    assert client.events().first().verb == "ended_seat"


def test_who_comes_back_earlier_is_covered_until_then_and_no_longer(cast, absence, login):
    client = covering.to_cover(absence, cast.mei)[0]
    [seat] = covering.cover(absence, [(client, cast.david)], by=cast.mei)
    sent = {"seen": absence.version, "last": "2026-11-24"}
    assert login(cast.marta).post(f"/absences/{absence.pk}/back/", sent).status_code == 302
    seat.refresh_from_db()
    assert (seat.until, seat.ended_at) == (date(2026, 11, 24), None)


def test_a_withdrawal_that_is_refused_ends_no_cover(cast, absence, login):
    client = covering.to_cover(absence, cast.mei)[0]
    [seat] = covering.cover(absence, [(client, cast.david)], by=cast.mei)
    assert login(cast.mei).post(f"/absences/{absence.pk}/move/withdraw/", {"seen": absence.version}).status_code == 403
    assert login(cast.marta).post(f"/absences/{absence.pk}/move/withdraw/", {"seen": 99}).status_code == 409
    seat.refresh_from_db()
    assert seat.ended_at is None
