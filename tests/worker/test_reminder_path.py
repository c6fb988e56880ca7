"""The way of a reminder with real processes: beat, Redis, a Celery worker, PostgreSQL and a mail server."""

import time
from datetime import timedelta

import pytest
from django.conf import settings

from agency import clock
from agency.models import AgencyDay
from agency.workdays import calendar
from campaigns.models import Step
from reminders.models import Letter, Notice
from reminders.notices import tell
from tests.reminders import MailServer, fall_due, settle_everything, told
from tests.worker.crew import MARK, Crew, own_redis, until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.real_time,
    pytest.mark.skipif(settings.SQLITE or not settings.REDIS_URL, reason="needs PostgreSQL and Redis"),
]


@pytest.fixture
def step(agency, nothing_sent):
    """A step of noor, print production, for Hollin & Rye. Nothing else is due, and the agency works on whatever day this is."""
    for day in (clock.today(), clock.today() + timedelta(days=1)):
        AgencyDay.objects.update_or_create(date=day, defaults={"name": "The tests work", "is_open": True})
    settle_everything()
    return Step.objects.open().filter(client__code="HRB", person=agency.noor).first()


@pytest.fixture
def server():
    with MailServer() as server:
        yield server


@pytest.fixture
def broker():
    with own_redis(settings.REDIS_URL) as (url, client):
        client.url = url
        yield client


@pytest.fixture
def crew(step, broker, server, tmp_path):
    with Crew(broker.url, server.port, tmp_path) as crew:
        yield crew


def write_letters(count):
    """Letters are written, as password resets write them. Returns the addresses."""
    addresses = [f"person{number}@example.com" for number in range(count)]
    now = clock.now()
    Letter.objects.bulk_create(Letter(to=to, subject="A new password", body="text", send_at=now) for to in addresses)
    return addresses


def test_a_late_step_is_mailed_once_to_everybody_it_concerns(step, agency, crew, server):
    late_since = calendar().add(clock.today(), -1)
    fall_due(step, late_since, agency.noor)
    crew.worker()
    crew.beat()
    until(lambda: len(server.mails) == 2)
    time.sleep(4)
    assert told(step) == [("mei", 1), ("noor", 1)]
    assert sorted(mail["To"] for mail in server.mails) == sorted([agency.mei.email, agency.noor.email])
    [mail] = server.to(agency.noor)
    assert f"https://accord.example{step.get_absolute_url()}" in mail.get_content()
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_worker_killed_while_it_sends_loses_nothing_and_repeats_only_the_mail_in_flight(step, crew, server):
    addresses = write_letters(12)
    server.holding = 5
    crew.beat()
    worker = crew.worker()
    assert server.reached.wait(40)
    crew.kill(worker)
    server.let_go.set()
    assert Letter.objects.exclude(sent_at=None).count() == 4
    in_flight = Letter.objects.get(leased_until__gt=clock.now())
    crew.worker()
    until(lambda: Letter.objects.exclude(sent_at=None).count() == 11)
    assert Letter.objects.get(sent_at=None) == in_flight
    Letter.objects.filter(pk=in_flight.pk).update(leased_until=clock.now())  # the two minutes of the lease are over
    until(lambda: not Letter.objects.filter(sent_at=None).exists())
    assert sorted(mail["To"] for mail in server.mails) == sorted([*addresses, in_flight.to])
    assert len({mail["Message-ID"] for mail in server.mails}) == 12


def test_a_wiped_broker_costs_at_most_the_next_tick(step, agency, crew, broker, server):
    crew.worker()
    crew.beat()
    first = write_letters(1)
    until(lambda: len(server.mails) == 1)
    broker.flushdb()
    broker.set(MARK, "wiped")
    tell(agency.noor, "campaigns.step_news", step, "“Print run” is ready to begin.", "v1", step.get_absolute_url())
    until(lambda: len(server.mails) == 2)
    assert [mail["To"] for mail in server.mails] == [*first, agency.noor.email]


def test_what_was_written_while_nobody_worked_is_sent_when_work_begins_again(step, crew, server):
    addresses = write_letters(3)
    crew.beat()
    time.sleep(3)
    assert server.mails == []
    crew.worker()
    until(lambda: len(server.mails) == 3)
    time.sleep(2)
    assert sorted(mail["To"] for mail in server.mails) == addresses
