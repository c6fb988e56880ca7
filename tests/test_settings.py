"""A wrong setting stops the start with a sentence that names it; production takes nothing for granted."""

import re
import runpy

import environ
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": "k3Yf0rTests-" * 5,
    "ALLOWED_HOSTS": "accord.test",
    "SITE_URL": "https://accord.test",
    "DATABASE_URL": "postgres://accord@db/accord",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.test:587",
    "DEFAULT_FROM_EMAIL": "accord@accord.test",
}


@pytest.fixture
def start(monkeypatch):
    """The settings as they are read in an environment that holds nothing but what is given."""

    def read(**given):
        monkeypatch.setattr(environ.Env, "ENVIRON", given)
        return runpy.run_path(str(settings.BASE_DIR / "agency" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "staging"),
        ("DEBUG", "maybe"),
        ("LOAD_DEMO", "ja"),
        ("SITE_URL", "accord.test"),
        ("TRUSTED_PROXIES", "-1"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", "../zone"),
        ("COUNTRY", "XX"),
        ("SUBDIVISION", "ZZ"),
        ("LINK_DAYS", "0"),
        ("LINK_DAYS", "a fortnight"),
        ("CURRENCY", "euro"),
        ("DATABASE_URL", "accord.sqlite3"),
        ("DATABASE_URL", "mysql://db/accord"),
        ("REDIS_URL", "localhost:6379"),
        ("REMINDERS_EVERY", "0"),
        ("EMAIL_TIMEOUT", "ten"),
        ("DIGEST_HOUR", "24"),
        ("LOG_LEVEL", "LOUD"),
        ("ANSWER_DAYS", "0"),
        ("STUDY_DAYS", "0"),
        ("ROUNDS", "21"),
        ("MARKUP", "7.5"),
        ("FEE_BASIS", "barter"),
        ("LATE_SHIFT", "sometimes"),
        ("DRAW_EVERY", "0"),
        ("UPLOAD_MEDIA_MB", "24"),
        ("UPLOAD_MEDIA_MB", "much"),
        ("UPLOAD_MEDIA_MB", "1001"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_named(start, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        start(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "on"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "trial-only-not-a-secret-" + "0" * 40),
        ("SECRET_KEY", "please-change-me-" * 5),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "accord.test,*"),
        ("SITE_URL", ""),
        ("SITE_URL", "http://accord.test"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///accord.sqlite3"),
        ("REDIS_URL", ""),
        ("EMAIL_URL", ""),
        ("DEFAULT_FROM_EMAIL", ""),
        ("LOAD_DEMO", "on"),
    ],
)
def test_production_refuses_what_is_good_enough_for_a_trial(start, name, value):
    with pytest.raises(ImproperlyConfigured, match="SQLite" if value.startswith("sqlite") else name):
        start(**PRODUCTION | {name: value})


def test_production_starts_with_what_the_example_asks_for_and_locks_its_cookies(start):
    it = start(**PRODUCTION)
    assert it["DATABASE"]["ENGINE"] == "django.db.backends.postgresql"
    assert it["CELERY_BROKER_URL"] == "redis://redis:6379/0"
    assert (it["DEBUG"], it["LOAD_DEMO"], it["TRIAL"]) == (False, False, False)
    assert it["SESSION_COOKIE_SECURE"] and it["CSRF_COOKIE_SECURE"] and it["SECURE_SSL_REDIRECT"]
    assert it["SECURE_HSTS_SECONDS"] == 31_536_000


def test_a_trial_starts_with_nothing_set_and_without_debug(start):
    it = start()
    assert (it["TRIAL"], it["DEBUG"], it["LOAD_DEMO"], it["EMBEDDED_BROKER"]) == (True, False, True, True)
    assert it["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_what_compose_hands_on_is_what_production_asks_for():
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    for name in PRODUCTION:
        assert f"\n    {name}: " in compose


def test_compose_holds_no_secret_and_names_each_missing_one():
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "EMAIL_URL"):
        assert f"{name}: ${{{name}:?{name} is missing from .env}}" in compose
    assert "accord:${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is missing from .env}@db" in compose


def test_every_variable_stands_in_the_readme():
    read = re.compile(r'(?:env\.str|env\.list|flag|number|address)\("(\w+)"')
    variables = read.findall((settings.BASE_DIR / "agency" / "settings.py").read_text(encoding="utf-8"))
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert len(variables) > 20
    assert [name for name in variables if f"| `{name}` |" not in readme] == []
