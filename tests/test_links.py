"""Safe links: one purpose, one version, one contact; whatever does not open is answered alike, and opening decides nothing."""

import logging
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client as Caller
from django.test.utils import CaptureQueriesContext

from agency import clock
from agency.flow import Refused
from agency.log import OneLine
from briefs.models import Brief
from clients import purposes, throttle
from clients.links import BY_LINK, Visitor, links_of
from clients.models import Confirmation, Contact, SafeLink
from clients.tokens import token_of
from reminders.delivery import deliver
from reminders.models import Letter, Notice
from reminders.sweep import sweep
from tests.client_pages import LETTER, SUMMARY, a_link, door
from tests.records import a_brief
from tests.reminders import settle_everything, utc
from tests.snapshot import tables

pytestmark = pytest.mark.usefixtures("nothing_sent")
ANSWER = {"answer": "confirmed", "words": "", "name": "Clara Hollin", "role": "Marketing director"}
HOUR = timedelta(hours=1)


@pytest.fixture
def clara(cast):
    return Contact.objects.select_related("client").get(name="Clara Hollin")


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def link(brief, clara, cast):
    return a_link(brief, clara, cast.jonas)


@pytest.fixture
def outbox(settings):
    """What the mail server gets from now on; what was written before has left already."""
    Letter.objects.all().delete()
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def sent_form(client, link, **typed):
    """The form of the page as a contact sends it."""
    token = client.get(door(link)).context["form"]["token"].value()
    return {**ANSWER, "token": token, **typed}


# ── Answering ───────────────────────────────────────────────────────────────────────────────────
def test_a_contact_confirms_through_a_link_without_a_login(link, client, brief, clara):
    page = client.get(door(link))
    assert page.status_code == 200
    assert brief.title in page.text and "Jonas" in page.text and "Clara Hollin" in page.text
    answer = client.post(door(link), sent_form(client, link), headers={"User-Agent": "Telephone/7"})
    assert (answer.status_code, answer.url) == (302, "/c/thanks/")
    found = Confirmation.objects.get()
    assert (found.number, found.answer, found.how, found.contact) == (1, "confirmed", "link", clara)
    assert (found.name, found.role, found.address) == ("Clara Hollin", "Marketing director", clara.email)
    assert (found.ip, found.user_agent, found.link, found.recorded_by) == ("127.0.0.1", "Telephone/7", link, None)
    assert (found.digest, found.subject_version) == (link.digest, brief.version)
    link.refresh_from_db()
    assert link.state == SafeLink.State.ANSWERED


def test_a_form_sent_twice_is_thanked_for_twice_and_taken_once(link, client):
    form = sent_form(client, link)
    assert [client.post(door(link), form).url for _click in range(3)] == ["/c/thanks/"] * 3
    assert Confirmation.objects.count() == 1


def test_another_form_after_the_answer_is_answered_like_any_dead_link(link, client):
    form = sent_form(client, link)
    client.post(door(link), form)
    assert client.post(door(link), {**form, "token": str(uuid4()), "answer": "changes", "words": "No!"}).status_code == 404
    assert client.post(door(link), {**form, "token": ""}).status_code == 404
    assert Confirmation.objects.get().answer == "confirmed"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_decides_nothing_however_often(link, client, method):
    for _look in range(5):
        assert getattr(client, method)(f"{door(link)}?answer=confirmed&name=x&role=y").status_code == 200
    link.refresh_from_db()
    assert link.state == SafeLink.State.SENT
    assert not Confirmation.objects.exists()
    assert (link.opened_times, bool(link.opened_at)) == ((5, True) if method == "get" else (0, False))
    assert link.version == 1 and link.history.count() == 1


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_ways_of_asking_get_what_a_dead_link_gets(link, client, method):
    assert getattr(client, method)(door(link)).status_code == 404
    link.refresh_from_db()
    assert link.state == SafeLink.State.SENT


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({"answer": "changes", "words": "  "}, "words"),
        ({"answer": "declined", "words": "kept"}, "answer"),
        ({"answer": "", "words": "kept"}, "answer"),
        ({"name": " ", "words": "kept"}, "name"),
        ({"role": "", "words": "kept"}, "role"),
        ({"words": "kept" + "x" * 4000}, "words"),
        ({"name": "n" * 121, "words": "kept"}, "name"),
    ],
)
def test_what_is_missing_or_too_long_is_told_and_nothing_typed_is_lost(link, client, typed, faulty):
    form = sent_form(client, link, **typed)
    page = client.post(door(link), form)
    assert page.status_code == 422
    assert faulty in page.context["form"].errors
    assert all(page.context["form"][name].value() == value for name, value in typed.items())
    assert not Confirmation.objects.exists()
    assert client.post(door(link), {**form, **ANSWER}).url == "/c/thanks/"


def test_changes_come_with_words(link, client):
    client.post(door(link), sent_form(client, link, answer="changes", words="The loaf is wrong."))
    assert [(it.answer, it.words) for it in Confirmation.objects.all()] == [("changes", "The loaf is wrong.")]


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "00000000"])
def test_a_form_without_a_proper_token_is_taken_all_the_same(link, client, token):
    sent = client.post(door(link), {**ANSWER, "token": token})
    assert sent.status_code == (422 if len(token) > 64 else 302)


def test_no_cookie_and_no_session_is_needed_or_made(link, client):
    before = Session.objects.count()
    client.get(door(link))
    client.post(door(link), {**ANSWER, "token": str(uuid4())})
    client.get("/c/thanks/")
    assert dict(client.cookies) == {}
    assert Session.objects.count() == before


def test_the_answer_needs_no_cookie_of_a_form_either(link):
    strict = Caller(enforce_csrf_checks=True)
    assert strict.post(door(link), {**ANSWER, "token": str(uuid4())}).url == "/c/thanks/"


def test_nothing_of_these_pages_is_kept_found_or_told_to_others(link, client):
    answers = [client.get(door(link)), client.get("/c/thanks/"), client.get("/c/nothing/"), client.post(door(link), {})]
    answers += [client.get("/c/%00/"), client.post(door(link), {**ANSWER, "words": "a\0b"}), client.get("/c/")]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies


def test_control_characters_are_refused_before_anything_is_looked_up(link, client):
    assert client.get("/c/%00/").status_code == 400
    assert client.post(door(link), {**ANSWER, "words": "a\0b"}).status_code == 400
    assert not Confirmation.objects.exists()


def test_the_page_speaks_the_language_of_the_browser(link, client):
    assert '<html lang="zh-Hans"' in client.get(door(link), headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert '<html lang="en-GB"' in client.get(door(link), headers={"Accept-Language": "fr"}).text


def test_one_of_ours_at_the_same_browser_is_noted(link, cast, login, caplog):
    caplog.set_level(logging.INFO, "accord.security")
    login(cast.jonas).post(door(link), {**ANSWER, "token": str(uuid4())})
    assert any("link used by one of ours" in line and "jonas" in line for line in caplog.messages)


# ── What does not open ──────────────────────────────────────────────────────────────────────────
def used(link, cast):
    link.spend(uuid4())


def revoked(link, cast):
    link.revoke(by=cast.jonas, reason="Sent too early")


def of_somebody_gone(link, cast):
    link.contact.retire(by=cast.jonas, reason="Left")


def of_another_address(link, cast):
    link.contact.rewrite(by=cast.jonas, seen=link.contact.version, changes={"email": "other@hollin.example"})


def expired(link, cast):
    link.expires_at = clock.now()
    link.keep(by=cast.jonas)


def of_no_purpose(link, cast):
    link.purpose = "tests.forgotten"
    link.keep(by=cast.jonas)


DEATHS = [used, revoked, of_somebody_gone, of_another_address, expired, of_no_purpose]
MALFORMED = ["x/", "", "a b/", "%E2%82%AC/", "%ff%fe/", "x" * 3000, "../../admin/", "a/b/c/", "thanks/more/", "'--/", "=/", "."]


def asked(client, path, method="get"):
    """Everything an answer tells, and how many questions the database was asked."""
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = getattr(client, method)(path)
    return answer.status_code, answer.content, dict(answer.headers), dict(answer.cookies), len(queries)


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_wrong_used_expired_and_revoked_links_are_answered_to_the_letter_alike(link, cast, client, clara, method):
    alike = asked(client, f"/c/{'A' * 43}/", method)
    assert alike[0] == 404
    for path in MALFORMED:
        assert asked(client, f"/c/{path}", method) == alike, path
    assert asked(client, door(link)[:-2] + "/", method) == alike, "truncated"
    for number, die in enumerate(DEATHS):
        if number:
            clara.refresh_from_db()
            if clara.state != "current":
                clara.take_back(by=cast.jonas)
            link = a_link(a_brief(clara.client, cast.jonas), clara, cast.jonas)
        die(link, cast)
        assert asked(client, door(link), method) == alike, die.__name__


def test_a_link_lives_until_its_very_second(link, client):
    with clock.at(link.expires_at - timedelta(seconds=1)):
        assert client.get(door(link)).status_code == 200
    with clock.at(link.expires_at):
        assert client.get(door(link)).status_code == 404
        assert client.post(door(link), {**ANSWER, "token": str(uuid4())}).status_code == 404


@pytest.mark.parametrize("die", DEATHS)
def test_what_dies_between_opening_and_sending_takes_no_answer(link, cast, client, die):
    form = sent_form(client, link)
    die(link, cast)
    assert client.post(door(link), form).status_code == 404
    assert not Confirmation.objects.exists()


def test_the_address_opens_without_its_last_stroke_too(link, client):
    assert client.get(door(link).rstrip("/")).status_code == 200


def test_a_refusal_of_the_page_is_told_in_the_clients_own_frame_and_changes_nothing(link, client, monkeypatch):
    def page(request, link):
        link.spend()
        raise Refused("This plan has been withdrawn.")

    monkeypatch.setitem(purposes.PURPOSES, SUMMARY.name, purposes.Purpose(SUMMARY.name, "x", page))
    answer = client.post(door(link), ANSWER)
    assert (answer.status_code, "This plan has been withdrawn." in answer.text, "rail" in answer.text) == (409, True, False)
    link.refresh_from_db()
    assert link.state == SafeLink.State.SENT


@pytest.mark.parametrize("why", [PermissionDenied, Http404])
def test_a_page_that_may_not_be_shown_is_answered_like_a_dead_link(link, client, monkeypatch, why):
    def page(request, link):
        raise why

    monkeypatch.setitem(purposes.PURPOSES, SUMMARY.name, purposes.Purpose(SUMMARY.name, "x", page))
    assert client.get(door(link)).content == client.get("/c/nothing/").content


# ── Trying ──────────────────────────────────────────────────────────────────────────────────────
def test_who_guesses_too_often_waits_and_learns_nothing(link, client):
    for _guess in range(throttle.LIMITS["guess"]):
        assert client.get(f"/c/{uuid4()}/").status_code == 404
    answers = [client.get(path) for path in (door(link), "/c/wrong/", f"/c/{'A' * 43}/")]
    assert {(it.status_code, it.content, it["Retry-After"]) for it in answers} == {(429, answers[0].content, "300")}
    with clock.at(clock.now()):
        assert client.get(door(link), REMOTE_ADDR="203.0.113.9").status_code == 200, "another address is not meant"


def test_after_five_minutes_one_may_try_again(link, client, monday):
    for _guess in range(throttle.LIMITS["guess"]):
        client.get(f"/c/{uuid4()}/")
    assert client.get(door(link)).status_code == 429
    monday.shift(timedelta(seconds=throttle.WINDOW))
    assert client.get(door(link)).status_code == 200


def test_forms_are_counted_too(link, client):
    for _form in range(throttle.LIMITS["post"]):
        assert client.post(door(link), {"answer": ""}).status_code == 422
    assert client.post(door(link), {"answer": ""}).status_code == 429


def test_behind_proxies_the_visitors_own_address_counts(link, client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _guess in range(throttle.LIMITS["guess"]):
        client.get("/c/x/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.1"})
    assert client.get(door(link), headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.1"}).status_code == 429
    assert client.get(door(link), headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.2"}).status_code == 200


# ── The secret ──────────────────────────────────────────────────────────────────────────────────
def everything_kept():
    """Every value of every table."""
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (names of our own tables)
            for row in cursor.fetchall():
                yield table, repr(row)


def test_the_secret_stands_in_no_table_before_or_after_the_letter_left(link, outbox, brief, clara, cast, client):
    link = a_link(brief, clara, cast.jonas)
    secret = token_of(link.seed)
    assert [table for table, row in everything_kept() if secret in row] == []
    assert deliver(clock.now())["sent"] >= 1
    assert secret in outbox[-1].body and outbox[-1].to == [clara.email]
    client.get(door(link))
    client.post(door(link), {**ANSWER, "token": str(uuid4())})
    assert [table for table, row in everything_kept() if secret in row] == []


def test_the_secret_is_long_and_another_for_every_link(link, brief, clara, cast):
    other = a_link(brief, clara, cast.jonas)
    assert len(token_of(link.seed)) == 43
    assert token_of(link.seed) != token_of(other.seed)
    assert link.token_hash not in door(link)


def test_no_log_tells_an_address(link, client, monkeypatch):
    told = StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(), logging.getLogger("django.request"), logging.getLogger("accord.security")]
    for log in loggers:
        log.addHandler(handler)
    client.raise_request_exception = False
    monkeypatch.setattr("clients.answering.take", lambda *given, **more: 1 / 0)
    statuses = [client.post(door(link), {**ANSWER, "token": str(uuid4())}).status_code]
    statuses += [client.put(door(link)).status_code, client.get(door(link)[:-2] + "/").status_code]
    statuses += [client.post(door(link), {**ANSWER, "words": "\0"}).status_code]
    statuses += [client.get(door(link)).status_code for _guess in range(2)]
    cache.clear()
    for _guess in range(throttle.LIMITS["guess"]):
        client.get("/c/x/")
    statuses.append(client.get(door(link)).status_code)
    for log in loggers:
        log.removeHandler(handler)
    assert set(statuses) == {500, 404, 400, 200, 429}
    assert "ZeroDivisionError" in told.getvalue() and "/c/…" in told.getvalue()
    assert token_of(link.seed)[:-2] not in told.getvalue()


def test_the_security_log_tells_of_sending_answering_and_taking_back(brief, clara, cast, client, caplog):
    caplog.set_level(logging.INFO, "accord.security")
    link = a_link(brief, clara, cast.jonas)
    client.post(door(link), {**ANSWER, "token": str(uuid4())})
    a_link(brief, clara, cast.jonas).revoke(by=cast.jonas, reason="Too early")
    events = [line.split(" actor=")[0].split(" object=")[0] for line in caplog.messages if "link" in line]
    assert events == ["link sent", "link answered", "link sent", "link taken back"]


def test_an_administrator_sees_which_links_are_out_and_none_of_their_secrets(link, login, cast):
    text = login(cast.admin).get(f"/admin/clients/safelink/{link.pk}/change/").text
    assert "Clara Hollin" in text
    assert link.seed not in text and link.token_hash not in text and token_of(link.seed) not in text
    assert login(cast.admin).get("/admin/clients/safelink/", {"seed__startswith": "a"}).status_code == 400


def test_the_history_of_a_link_knows_no_secret(link, cast):
    assert {"seed", "token_hash", "token"}.isdisjoint({field.name for field in link.history.model._meta.fields})


# ── Sending ─────────────────────────────────────────────────────────────────────────────────────
def test_a_link_goes_to_a_contact_of_the_same_client_alone(brief, cast):
    erik = Contact.objects.get(name="Erik Voss")
    with pytest.raises(Refused, match="not a contact of this client"):
        a_link(brief, erik, cast.jonas)


def test_a_link_needs_an_address_somebody_who_is_there_and_nobody_of_ours(brief, clara, cast):
    clara.rewrite(by=cast.jonas, seen=clara.version, changes={"email": ""})
    with pytest.raises(Refused, match="no e-mail address"):
        a_link(brief, clara, cast.jonas)
    clara.rewrite(by=cast.jonas, seen=clara.version, changes={"email": cast.jonas.email.upper()})
    with pytest.raises(Refused, match="belongs to a colleague"):
        a_link(brief, clara, cast.jonas)
    clara.retire(by=cast.jonas, reason="Left")
    with pytest.raises(Refused, match="no longer there"):
        a_link(brief, clara, cast.jonas)
    assert not SafeLink.objects.filter(contact=clara).exists()


@pytest.mark.parametrize("name", ["amina", "felix", "mei", "admin"])
def test_who_has_no_right_on_the_record_sends_no_link(brief, clara, cast, name):
    with pytest.raises(PermissionDenied):
        a_link(brief, clara, getattr(cast, name))


def test_a_newer_link_takes_the_place_of_the_one_before(link, brief, clara, cast, client):
    newer = a_link(brief, clara, cast.jonas, version=brief.version + 1)
    page = client.get(door(link))
    assert page.status_code == 410
    assert "A newer version has taken its place" in page.content.decode()
    assert door(newer) in page.content.decode()
    assert client.get(door(newer)).status_code == 200
    link.refresh_from_db()
    assert (link.state, link.replaced_by) == (SafeLink.State.REVOKED, newer)


def test_an_answer_to_what_was_replaced_decides_nothing_and_stands_on_the_page(link, brief, clara, cast, client):
    form = sent_form(client, link)
    newer = a_link(brief, clara, cast.jonas, version=brief.version + 1)
    page = client.post(door(link), {**form, "words": "The price is wrong."})
    assert page.status_code == 410 and "The price is wrong." in page.content.decode()
    assert not Confirmation.objects.exists()
    newer.revoke(by=cast.jonas, reason="A slip.")
    assert client.get(door(link)).status_code == 404, "what is taken back leads on to nothing"


def test_a_link_that_was_replaced_leads_nobody_to_another_address(link, brief, clara, cast, client):
    Contact.objects.filter(pk=clara.pk).update(email="clara.new@hollin.example")
    clara.refresh_from_db()
    newer = a_link(brief, clara, cast.jonas, version=brief.version + 1)
    assert newer.sent_to != link.sent_to
    assert client.get(door(link)).status_code == 404


def test_below_an_address_lies_nothing_unless_the_purpose_says_so(link, client):
    assert client.get(f"{door(link)}file/1/").status_code == 404
    assert client.post(f"{door(link)}comment/", {"words": "Bigger."}).status_code == 404


def test_a_link_opens_for_two_weeks_and_at_least_until_the_answer_is_due(brief, clara, cast, settings):
    assert a_link(brief, clara, cast.jonas).expires_at - clock.now() == pytest.approx(timedelta(days=14), abs=HOUR)
    settings.LINK_DAYS = 1
    late = a_link(brief, clara, cast.jonas, answer_by=clock.today() + timedelta(days=40))
    assert late.expires_at > clock.now() + timedelta(days=40)


def test_the_letter_speaks_the_language_of_the_contact(brief, clara, cast):
    clara.rewrite(by=cast.jonas, seen=clara.version, changes={"language": "zh-hans"})
    a_link(brief, clara, cast.jonas, letter=(lambda: str(Brief._meta.verbose_name), lambda: "%(link)s"))
    assert Letter.objects.latest("pk").subject != "intake brief"


def test_a_letter_without_a_place_for_the_link_is_not_written(brief, clara, cast):
    with pytest.raises(ValueError, match="place"):
        a_link(brief, clara, cast.jonas, letter=("x", "no place"))
    assert not SafeLink.objects.filter(subject_version=brief.version, contact=clara, state="sent").exists()


def test_percent_signs_in_a_letter_are_left_alone(brief, clara, cast, outbox):
    a_link(brief, clara, cast.jonas, letter=("50 % off", "A 50 % guess, %d, %(name)s: %(link)s"))
    deliver(clock.now())
    assert outbox[-1].body.startswith("A 50 % guess, %d, %(name)s: http")


@pytest.mark.parametrize("die", [revoked, of_somebody_gone, of_another_address, expired, used])
def test_a_letter_whose_link_died_before_it_left_stays_here(link, cast, outbox, die):
    link = a_link(link.subject, link.contact, cast.jonas)
    die(link, cast)
    tally = deliver(clock.now())
    assert [it for it in outbox if "summary" in it.subject.lower()] == []
    assert tally["dropped"] == 1
    letter = Letter.objects.get(about=link.pk)
    assert (letter.drop_reason, letter.body) == ("settled", "")


def test_a_letter_that_left_has_its_text_wiped(link, outbox, cast):
    a_link(link.subject, link.contact, cast.jonas)
    deliver(clock.now())
    assert Letter.objects.latest("pk").body == ""


def test_after_a_change_of_the_houses_key_letters_on_the_way_still_open(link, outbox, settings, client, cast):
    link = a_link(link.subject, link.contact, cast.jonas)
    old = door(link)
    settings.SECRET_KEY = "another-key-" * 6
    deliver(clock.now())
    assert client.get(old).status_code == 404
    assert door(link) in outbox[-1].body and client.get(door(link)).status_code == 200


# ── Reminding, taking back ──────────────────────────────────────────────────────────────────────
def test_a_nudge_by_hand_sends_the_link_again_at_most_once_in_four_hours(link, cast, outbox, monday):
    with pytest.raises(Refused, match="less than four hours"):
        link.remind(by=cast.jonas)
    monday.shift(4 * HOUR)
    link.remind(by=cast.jonas)
    with pytest.raises(Refused, match="less than four hours"):
        link.remind(by=cast.marta)
    deliver(clock.now())
    assert [it.to for it in outbox] == [[link.sent_to]]
    assert door(link) in outbox[0].body and "Reminder" in outbox[0].subject and cast.jonas.email in outbox[0].body
    assert [event.verb for event in link.subject.events()[:2]] == ["link_remind", "link_sent"]


@pytest.mark.parametrize("move", ["remind", "revoke"])
@pytest.mark.parametrize(("name", "status"), [("jonas", 302), ("marta", 302), ("mei", 403), ("amina", 404), ("felix", 404)])
def test_the_buttons_of_a_link_are_for_those_who_send_it(link, cast, login, monday, move, name, status):
    monday.shift(5 * HOUR)
    sent = login(getattr(cast, name)).post(f"/links/{link.pk}/move/{move}/", {"seen": link.version, "reason": "Too early"})
    assert sent.status_code == status


def test_taking_back_asks_for_a_reason_and_tells_it_in_the_trail(link, cast, login):
    browser = login(cast.jonas)
    assert browser.post(f"/links/{link.pk}/move/revoke/", {"seen": 1, "reason": " "}).status_code == 422
    browser.post(f"/links/{link.pk}/move/revoke/", {"seen": 1, "reason": "Sent too early"})
    event = link.subject.last_event()
    assert (event.verb, event.reason, event.told) == ("link_revoke", "Sent too early", "took the client’s link back")


@pytest.mark.parametrize("name", ["answer", "spend", "send"])
def test_nobody_answers_by_the_address_of_moves(link, cast, login, name):
    assert login(cast.jonas).post(f"/links/{link.pk}/move/{name}/", {"seen": 1}).status_code == 404


def test_a_dead_link_is_not_reminded_of(link, cast, monday):
    monday.shift(5 * HOUR)
    of_another_address(link, cast)
    with pytest.raises(Refused):
        SafeLink.objects.get(pk=link.pk).remind(by=cast.jonas)


def test_nobody_is_offered_to_remind_a_contact_who_has_just_been_written_to(link, brief, cast):
    assert [move.name for move in links_of(brief, cast.jonas)[0].moves] == ["revoke"]


def test_a_panel_shows_the_moves_to_those_who_may_and_asks_the_same_for_one_and_three(link, brief, clara, cast, monday):
    monday.shift(5 * HOUR)
    assert [move.name for move in links_of(brief, cast.jonas)[0].moves] == ["remind", "revoke"]
    assert links_of(brief, cast.mei)[0].moves == []
    assert links_of(brief, cast.felix) == []
    with CaptureQueriesContext(connection) as one:
        links_of(brief, cast.jonas)
    a_link(brief, Contact.objects.get(name="Peter Dorn"), cast.jonas)
    a_link(brief, clara, cast.jonas)
    with CaptureQueriesContext(connection) as three:
        assert len(links_of(brief, cast.jonas)) == 3
    assert len(one) == len(three)


def test_all_links_of_a_record_are_taken_back_with_it(link, brief, cast):
    other = a_link(brief, Contact.objects.get(name="Peter Dorn"), cast.jonas)
    SafeLink.revoke_all(brief, by=cast.jonas, reason="Withdrawn")
    assert {SafeLink.objects.get(pk=it.pk).state for it in (link, other)} == {"revoked"}


# ── By itself ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def quiet(db):
    settle_everything()


def sweep_at(instant):
    with clock.at(instant):
        sweep(instant)


def reminders():
    return Letter.objects.filter(subject__startswith="Reminder").count()


def test_the_contact_is_reminded_once_on_the_working_day_before_the_answer_is_due(quiet, link):
    assert (link.due_on.isoformat(), link.remind_on.isoformat()) == ("2026-11-26", "2026-11-25")
    for instant, letters in [(utc(24, 12), 0), (utc(25, 7, 59), 0), (utc(25, 8), 1), (utc(25, 8, 1), 1), (utc(26, 9), 1)]:
        sweep_at(instant)
        assert reminders() == letters, instant


def test_after_an_outage_the_reminder_goes_while_the_answer_is_not_overdue(quiet, link):
    sweep_at(utc(26, 9))
    assert reminders() == 1


def test_an_overdue_answer_is_no_matter_of_the_links_reminder(quiet, link):
    sweep_at(utc(27, 9))
    assert reminders() == 0


@pytest.mark.parametrize("die", [revoked, used, of_somebody_gone, of_another_address])
def test_who_has_answered_or_is_not_asked_any_more_is_not_reminded(quiet, link, cast, die):
    die(link, cast)
    sweep_at(utc(25, 8))
    assert reminders() == 0


def test_who_was_nudged_by_hand_is_not_reminded_by_the_machine(quiet, link, cast, monday):
    monday.shift(5 * HOUR)
    link.remind(by=cast.jonas)
    sweep_at(utc(25, 8))
    assert reminders() == 1


def test_a_purpose_may_want_no_reminder(quiet, brief, clara, cast, monkeypatch):
    monkeypatch.setitem(
        purposes.PURPOSES, "tests.quiet", purposes.Purpose("tests.quiet", "x", SUMMARY.page, SUMMARY.right, reminds=False)
    )
    SafeLink.send("tests.quiet", subject=brief, version=1, digest="0" * 64, contact=clara, by=cast.jonas, letter=LETTER)
    sweep_at(utc(25, 8))
    assert reminders() == 0


def test_the_sender_hears_once_of_a_link_that_ran_out(quiet, link, cast):
    over = link.expires_at
    sweep_at(over - HOUR)
    assert not Notice.objects.filter(kind="clients.link_expired").exists()
    for later in (HOUR, 2 * HOUR, timedelta(days=1)):
        sweep_at(over + later)
    notice = Notice.objects.get(kind="clients.link_expired")
    assert notice.recipient == cast.jonas
    assert notice.text.startswith("Clara Hollin (Hollin & Rye Bakeries) has not answered: the link has expired")


def test_nobody_hears_of_a_link_that_was_answered_or_taken_back(quiet, link, cast):
    used(link, cast)
    sweep_at(link.expires_at + HOUR)
    assert not Notice.objects.filter(kind="clients.link_expired").exists()


# ── The visitor ─────────────────────────────────────────────────────────────────────────────────
def test_a_visitor_holds_one_right_on_one_record_while_the_link_lives(link, brief, cast, clients):
    visitor, other = Visitor(link), a_brief(clients["HRB"], cast.jonas)
    assert visitor.has_perm(BY_LINK, brief)
    assert not visitor.has_perm(BY_LINK, other)
    assert not visitor.has_perm(BY_LINK, clients["HRB"]) and not visitor.has_perm(BY_LINK)
    assert not visitor.has_perm("briefs.view_brief", brief)
    link.revoke(by=cast.jonas, reason="Too early")
    assert not visitor.has_perm(BY_LINK, brief)


def test_what_hangs_on_the_record_is_opened_with_it(link, brief, cast):
    child = a_brief(brief.client, cast.jonas)
    child.link_subject = brief
    assert link.opens(child)
    child.link_subject = None
    assert not link.opens(child)


@pytest.mark.parametrize("name", ["helena", "jonas", "mei", "felix", "admin"])
def test_nobody_of_ours_ever_holds_the_right_of_visitors(cast, brief, name):
    person = getattr(cast, name)
    assert not person.has_perm(BY_LINK) and not person.has_perm(BY_LINK, brief)


def test_what_a_visitor_did_is_told_everywhere_as_the_clients_own(link, brief, cast, login):
    visitor = Visitor(link)
    brief.keep(by=visitor, reason="Confirm")
    event = brief.record_event("accept", by=visitor)
    assert (event.actor, event.contact, event.named) == (None, link.contact, "Clara Hollin (Hollin & Rye Bakeries)")
    row = brief.history.first()
    assert (row.history_user, row.history_change_reason) == (None, "Clara Hollin (Hollin & Rye Bakeries): Confirm")
    assert not brief.is_work_of(visitor)
    browser = login(cast.jonas)
    for path in (f"/briefs/{brief.pk}/", "/happened/", f"/history/briefs.brief/{brief.pk}/", "/clients/HRB/"):
        text = browser.get(path).text
        assert "Clara Hollin (Hollin &amp; Rye Bakeries)" in text, path
    assert login(cast.admin).get("/admin/clients/event/").status_code == 200
    with pytest.raises(Refused, match=r"Meanwhile Clara Hollin \(Hollin & Rye Bakeries\) accepted"):
        brief.accept(by=cast.marta, seen=1)


def test_an_event_is_of_one_of_ours_or_of_a_contact_and_never_of_both(brief, clara, cast):
    event = brief.last_event()
    for actor, contact in ((None, None), (cast.jonas, clara)):
        event.pk, event.actor, event.contact = None, actor, contact
        with pytest.raises(IntegrityError), transaction.atomic():
            event.save(force_insert=True)
