"""The cast of the demo agency, on Monday 23 November 2026 at ten: every test that touches the database starts there."""

import os
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings, setup_databases, teardown_databases

from accounts.models import Person
from agency.catalogues import compile_stale
from clients.models import Client as Advertiser
from clients.models import SafeLink
from desk.demo import load
from reminders.models import Letter, Notice
from tests import snapshot

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytest_plugins = ["tests.requirements_plugin"]

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def catalogues():
    """The languages as they stand in locale/, for those who run the tests without make."""
    compile_stale()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite a file, as in the trial: in memory the server's threads would share one connection with the test."""
    if settings.SQLITE:
        settings.DATABASES["default"]["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "agency.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def private_files(tmp_path_factory):
    """The files of the demo agency and of the tests, apart from those of a trial that may run beside."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings, private_files):
    """A database for the tests and the demo agency in it, laid down once; each test works in a transaction that is taken back.

    pytest-django would make none for tests that only look at pages, and they would meet the real one.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        with time_machine.travel(MONDAY, tick=False):
            load()
        snapshot.take()
        snapshot.let_flush_through()
    yield
    with django_db_blocker.unblock():
        send_everybody_out()
        teardown_databases(made, verbosity=0)


def send_everybody_out():
    """PostgreSQL drops no database in which somebody still is: a worker killed with SIGKILL may leave its session behind."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def monday(request):
    """It is Monday morning in the agency, unless a test asks for the real clock (marker `real_time`)."""
    if request.node.get_closest_marker("real_time"):
        yield None
        return
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def agency(transactional_db):
    """The demo agency for tests with real transactions (threads, browsers, workers), which empty the database."""
    lay_down()
    return cast_now()


def lay_down():
    """The demo agency in an empty database; what is there stays."""
    if not Person.objects.exists():
        snapshot.lay_down()


def cast_now():
    return SimpleNamespace(
        **{person.username: person for person in Person.objects.select_related("guide", "group", "department")}
    )


@pytest.fixture
def cast(db):
    """Everybody by short name: cast.jonas, cast.marta, cast.helena …"""
    return cast_now()


@pytest.fixture
def nothing_sent(request):
    """No letter and no notice waits, nobody at a client's is asked anything, nobody has confirmed: a test counts its own."""
    request.getfixturevalue("agency" if request.node.get_closest_marker("postgres") else "db")
    snapshot.break_the_chain_off()
    SafeLink.objects.update(replaced_by=None)
    for model in (SafeLink, Letter, Notice):
        model.objects.all().delete()


@pytest.fixture
def clients(db):
    """The advertisers by code: clients["HRB"] …"""
    return {it.code: it for it in Advertiser.objects.select_related("group__supervisor")}


@pytest.fixture
def login(client):
    """Log somebody in at the test browser and get the browser: login(cast.jonas).get("/")."""

    def enter(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter


@pytest.fixture
def token():
    """A fresh token for a form or a record that is made once."""
    return uuid4()
