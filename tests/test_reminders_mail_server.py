"""A mail server that refuses, is busy, hangs or is away: nothing is lost, the others get theirs, and no page notices."""

import socket
import time
from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, send_mail
from django.db import transaction
from django.urls import reverse

from agency import clock
from agency.celery import app
from campaigns.models import Step
from reminders.delivery import BACK_OFF, deliver
from reminders.errors import is_final
from reminders.models import Letter, Notice
from reminders.notices import tell
from tests.reminders import MailServer, settle_everything, use, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with MailServer() as server:
        use(settings, server)
        yield server


@pytest.fixture
def told(cast, nothing_sent):
    """News waits for Jonas, Marta and Tomas; the notices by short name."""
    settle_everything()
    step = Step.objects.filter(client__code="HRB").first()
    for person in (cast.jonas, cast.marta, cast.tomas):
        tell(person, "campaigns.step_news", step, "“Print run” is ready to begin.", "v1", step.get_absolute_url())
    return lambda person: Notice.objects.get(recipient=person)


def test_a_mail_arrives_with_its_headers(server, told, cast, settings):
    assert deliver(clock.now()) == {"sent": 3}
    [mail] = server.to(cast.jonas)
    assert (mail["Subject"], mail["From"]) == ("“Print run” is ready to begin.", settings.DEFAULT_FROM_EMAIL)
    assert mail["Message-ID"] == f"<{told(cast.jonas).batch}@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_an_unknown_address_is_tried_five_times_and_holds_back_nobody(server, told, cast):
    server.answers[cast.marta.email] = "550 No such person here"
    now = clock.now()
    tallies = [deliver(now := now + pause) for pause in (timedelta(), *BACK_OFF)]
    assert tallies == [{"sent": 2, "failed": 1}] + [{"failed": 1}] * 4
    assert deliver(now + timedelta(hours=3)) == {}
    row = told(cast.marta)
    assert (row.drop_reason, row.attempts) == ("undeliverable", 5)
    assert "550" in row.last_error and "No such person here" in row.last_error
    assert list(Notice.objects.visible_to(cast.marta)) == [row]


def test_a_busy_server_is_asked_again_after_1_5_15_and_60_minutes_and_the_mail_stays_the_same(server, told, cast):
    server.answers[cast.marta.email] = "451 Come back later"
    now, hours = clock.now(), [timedelta(hours=1)] * 3
    deliver(now)
    for pause in (*BACK_OFF, *hours):
        assert deliver(now + pause - timedelta(seconds=1)) == {}
        now += pause
        assert deliver(now) == {"failed": 1}
    batch = told(cast.marta).batch
    server.answers.clear()
    assert deliver(now + timedelta(hours=1)) == {"sent": 1}
    assert [mail["Message-ID"] for mail in server.to(cast.marta)] == [f"<{batch}@127.0.0.1>"]
    assert (told(cast.marta).attempts, told(cast.marta).last_error) == (9, "")


def test_a_server_that_hangs_costs_one_time_out_a_mail_and_loses_none(server, told, cast, settings):
    settings.EMAIL_TIMEOUT = 0.3
    server.hanging = True
    began = time.monotonic()
    assert deliver(clock.now()) == {"failed": 3}
    assert time.monotonic() - began < 5
    server.hanging = False
    server.let_go.set()
    assert deliver(clock.now() + timedelta(minutes=1)) == {"sent": 3}
    assert {mail["Message-ID"] for mail in server.mails} == {f"<{row.batch}@127.0.0.1>" for row in Notice.objects.all()}


def test_a_run_begins_no_new_mail_when_its_time_is_over(server, told, cast):
    assert deliver(clock.now(), seconds=0) == {}
    assert deliver(clock.now(), limit=2) == {"sent": 2}
    assert deliver(clock.now()) == {"sent": 1}


def test_a_server_that_is_away_for_five_days_is_given_up(told, cast, settings):
    use(settings, closed_port())
    hours = [utc(day, hour) for day in range(23, 30) for hour in range(11, 24)]
    failed = [at for at in hours if deliver(at).get("failed")]
    assert {at.day for at in failed} == {23, 24, 25, 26, 27}
    assert told(cast.jonas).dropped_at is None
    assert deliver(utc(30, 8)) == {"failed": 3}
    assert (told(cast.jonas).drop_reason, told(cast.jonas).dropped_at) == ("undeliverable", utc(30, 8))


class closed_port:
    """An address at which nobody listens."""

    def __init__(self):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]


def test_a_request_writes_letters_and_opens_no_socket(cast, settings):
    use(settings, closed_port())
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"
    Letter.objects.all().delete()
    assert send_mail(
        "A new\r\npassword", "text", None, ["Jonas Weber <jonas@example.com>", "tomas@example.com"], html_message="<b>t</b>"
    )
    rows = Letter.objects.order_by("to").values_list("to", "subject", "body", "html")
    assert list(rows) == [(to, "A new password", "text", "<b>t</b>") for to in ("jonas@example.com", "tomas@example.com")]


def test_a_letter_carries_no_attachment(settings):
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"
    with pytest.raises(ValueError, match="no attachments"):
        EmailMessage("A plan", "text", None, ["jonas@example.com"], attachments=[("plan.txt", "text", "text/plain")]).send()


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (SMTPRecipientsRefused({"a@example.com": (550, b"No such person")}), True),
        (SMTPRecipientsRefused({"a@example.com": (451, b"Later")}), False),
        (SMTPDataError(552, b"Too long"), True),
        (SMTPDataError(451, b"Later"), False),
        (SMTPSenderRefused(550, b"Not you", "accord@example.com"), False),
        (SMTPAuthenticationError(535, b"Wrong password"), False),
        (TimeoutError("hangs"), False),
        (SoftTimeLimitExceeded(), False),
        (UnicodeError("cannot be written"), True),
    ],
)
def test_a_refusal_counts_against_a_mail_only_if_the_fault_lies_with_it(error, final):
    assert is_final(error) is final


def test_a_request_that_fails_leaves_no_letter(cast, settings):
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"
    Letter.objects.all().delete()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send_mail("A new password", "text", None, ["jonas@example.com"])
        raise ZeroDivisionError
    assert not Letter.objects.exists()


def test_with_broker_and_mail_server_away_a_password_is_reset_and_a_step_moves_on(client, cast, settings, monkeypatch):
    use(settings, closed_port())
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"
    monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{closed_port().port}/0")
    Letter.objects.all().delete()
    began = time.monotonic()
    assert client.post(reverse("account_reset_password"), {"email": cast.jonas.email}).status_code == 302
    step = Step.objects.filter(client__code="HRB", state="in_progress").first()
    step.report_done(by=cast.mei)
    assert time.monotonic() - began < 3
    assert Letter.objects.get().to == cast.jonas.email
    with MailServer() as server:
        use(settings, server)
        assert deliver(clock.now())["sent"] > 0
        [letter] = [mail for mail in server.to(cast.jonas) if "/password/" in mail.get_content()]
    assert settings.SITE_URL in letter.get_content()


def test_the_trial_shows_a_mail_in_the_console_and_keeps_it_as_one_file(told, cast, settings, tmp_path, capsys):
    settings.DELIVERY_EMAIL_BACKEND = "reminders.backend.ConsoleAndFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    deliver(clock.now())
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == sorted(f"{row.batch}_127.0.0.1.eml" for row in Notice.objects.all())
    assert f"── Mail to {cast.jonas.email} ── “Print run” is ready to begin." in capsys.readouterr().out
