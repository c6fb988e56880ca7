"""How the house says no, and how it answers those who ask whether it stands."""

import logging
import socket
import time

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client as Browser
from django.urls import path, reverse

from agency import urls
from agency.flow import Conflict, Refused
from agency.log import OneLine, security

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def raising(error):
    def view(request, **kwargs):
        raise error()

    return view


class Record:
    def get_absolute_url(self):
        return "/briefs/7/"


urlpatterns = [
    *urls.urlpatterns,
    path("refused", raising(lambda: Refused("The brief is <already> accepted."))),
    path("conflict", raising(lambda: Conflict(Record(), "Marta was here first."))),
    path("forbidden", raising(PermissionDenied)),
    path("broken", raising(ZeroDivisionError)),
]
here = pytest.mark.urls(__name__)


@here
def test_a_refusal_that_no_view_caught_is_a_page_with_its_sentence(login, cast):
    response = login(cast.jonas).get("/refused")
    assert response.status_code == 409
    assert "The brief is &lt;already&gt; accepted." in response.text


@here
def test_a_conflict_leads_back_to_the_record(login, cast):
    response = login(cast.jonas).get("/conflict")
    assert response.status_code == 409
    assert "Marta was here first." in response.text
    assert 'href="/briefs/7/"' in response.text


@here
def test_a_refusal_by_right_is_a_page_and_a_line_in_the_security_log(login, cast, caplog):
    with caplog.at_level(logging.INFO, "accord.security"):
        response = login(cast.jonas).post("/forbidden")
    assert response.status_code == 403
    assert "Your role does not allow this." in response.text
    line = next(record.message for record in caplog.records if record.name == "accord.security")
    assert line == f'refused actor="accounts.person {cast.jonas.pk} jonas" object="/forbidden" method="POST"'


@here
def test_while_the_database_is_away_a_page_asks_to_come_back_in_a_minute(login, cast, monkeypatch):
    browser = login(cast.jonas)
    browser.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", broken_database)
        response = browser.get("/broken")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "The house is being looked after." in response.text
    assert "<nav" not in response.text


def broken_database(*args):
    raise OperationalError("no database")


def test_an_unknown_address_is_a_page(login, cast):
    response = login(cast.jonas).get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_sentence():
    response = Browser(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "jonas"})
    assert response.status_code == 403
    assert "reload it and send it again" in response.text


def test_healthz_asks_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"process": "ok"})
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}


@pytest.mark.django_db
def test_readyz_tells_an_embedded_broker(client, settings):
    settings.EMBEDDED_BROKER = True
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "embedded"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_503_while_the_database_is_away(client, settings, monkeypatch):
    settings.EMBEDDED_BROKER = True
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", broken_database)
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "down", "broker": "embedded"})


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_is_missing(client, settings):
    settings.EMBEDDED_BROKER = True
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'briefs'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "unmigrated", "broker": "embedded"})


@pytest.mark.django_db
def test_a_hung_redis_is_degraded_within_two_seconds(client, settings):
    began = time.perf_counter()
    with socket.create_server(("127.0.0.1", 0)) as hung:
        settings.EMBEDDED_BROKER, settings.REDIS_URL = False, f"redis://127.0.0.1:{hung.getsockname()[1]}/0"
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "degraded"})
    assert time.perf_counter() - began < 2.5


@pytest.mark.django_db
def test_a_dead_redis_is_degraded(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settings.EMBEDDED_BROKER, settings.REDIS_URL = False, f"redis://127.0.0.1:{port}/0"
    assert client.get("/readyz").json()["broker"] == "degraded"


@pytest.mark.redis
@pytest.mark.django_db
@pytest.mark.skipif(site.EMBEDDED_BROKER, reason="needs Redis (REDIS_URL)")
def test_a_living_redis_is_ok(client):
    assert client.get("/readyz").json() == {"database": "ok", "broker": "ok"}


def test_a_record_is_one_line_whatever_a_name_contains():
    record = logging.LogRecord(
        "accord", logging.INFO, __file__, 1, "login of %s", ("eve\r\n2026 INFO admin\x1b[2J\u2028",), None
    )
    record.created = 1_795_428_000.25
    line = OneLine("%(asctime)s %(message)s").format(record)
    assert line == r"2026-11-23T10:00:00.250Z login of eve\r\n2026 INFO admin\x1b[2J\u2028"


def test_a_traceback_is_one_line_too():
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("accord", logging.ERROR, __file__, 1, "oh", (), (type(error), error, error.__traceback__))
    assert "\n" not in OneLine().format(record)


def test_no_value_in_the_security_log_can_pass_for_another_field(caplog):
    with caplog.at_level(logging.INFO, "accord.security"):
        security("login failed", object='eve" actor="helena')
    assert caplog.messages == ['login failed object="eve\\" actor=\\"helena"']
