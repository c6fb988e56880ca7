"""Pages that say no: friendly, with a way on, and telling nothing that is not the reader's."""

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.urls import path

from agency import urls
from tests.records import a_brief

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def raising(error):
    def view(request, **kwargs):
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("forbidden", raising(PermissionDenied())),
    path("broken", raising(ZeroDivisionError("secret words"))),
]
here = pytest.mark.urls(__name__)


def words_of(page):
    """The page without what is new on each: tokens, and the own address in the menu."""
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]*', r"\1", page.text)
    return re.sub(r'name="next" value="[^"]*"', 'name="next"', text)


def test_what_one_may_not_know_of_answers_to_the_byte_like_what_is_not_there(cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    browser = login(cast.lucia)
    pairs = [
        (f"/briefs/{brief.pk}/", "/briefs/99999999/"),
        (f"/briefs/{brief.pk}/edit/", "/briefs/99999999/edit/"),
        ("/clients/HRB/", "/clients/XXX/"),
    ]
    for hidden, missing in pairs:
        first, second = browser.get(hidden), browser.get(missing)
        assert (first.status_code, second.status_code) == (404, 404)
        assert words_of(first) == words_of(second), hidden
        assert first.headers.keys() == second.headers.keys(), hidden


def test_a_move_on_what_one_may_not_know_of_is_not_there_either(cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    browser = login(cast.lucia)
    hidden = browser.post(f"/briefs/{brief.pk}/move/submit/", {"seen": brief.version})
    missing = browser.post("/briefs/99999999/move/submit/", {"seen": 1})
    assert words_of(hidden) == words_of(missing)


@here
@pytest.mark.parametrize(("there", "status"), [("/nowhere/", 404), ("/forbidden", 403), ("/briefs/1/move/submit/", 405)])
def test_whoever_is_logged_in_is_led_back_to_the_desk_or_to_the_search(there, status, cast, login):
    page = login(cast.jonas).get(there, HTTP_REFERER="http://testserver/people/?role=salesman")
    assert page.status_code == status
    for way in ('href="/people/?role=salesman"', 'href="/"', 'href="/search/"'):
        assert way in page.text
    assert "<nav" in page.text


@here
def test_the_way_back_never_leads_out_of_the_house_nor_in_a_circle(cast, login):
    browser = login(cast.jonas)
    for came_from in ("http://evil.example/people/", "http://testserver//evil.example", "http://testserver/nowhere/"):
        page = browser.get("/nowhere/", HTTP_REFERER=came_from)
        assert "evil" not in page.text
        assert "Back to where you came from" not in page.text


@pytest.mark.django_db
def test_a_stranger_is_told_without_a_frame(client):
    page = client.get("/nowhere/")
    assert (page.status_code, "<nav" in page.text, 'href="/search/"' in page.text) == (404, False, False)


def test_an_address_for_buttons_says_so_and_names_its_methods(cast, login):
    page = login(cast.jonas).get("/notices/seen/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Open the record and press the button there." in page.text


@here
def test_an_error_inside_tells_nothing_of_it(cast, login):
    browser = login(cast.jonas)
    browser.raise_request_exception = False
    page = browser.get("/broken")
    assert (page.status_code, "secret words" in page.text, "Traceback" in page.text) == (500, False, False)
    assert "Something went wrong on our side." in page.text


@here
def test_where_not_even_the_page_can_be_drawn_the_sentence_stands_alone(cast, login, monkeypatch):
    browser = login(cast.jonas)
    browser.raise_request_exception = False
    monkeypatch.setattr(staticfiles_storage, "url", raising(ValueError("no manifest")))
    page = browser.get("/broken")
    assert (page.status_code, page["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert page.text.startswith("Something went wrong on our side.")


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_without_a_word_on_rights(cast):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.jonas, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.post("/me/", {"theme": "dark"}, HTTP_ORIGIN="http://evil.example")
    assert page.status_code == 403
    assert "This form was not accepted" in page.text
    assert "Rights hang on the role" not in page.text


def test_too_many_tries_are_told_with_the_way_to_the_login(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/login/", {"login": "jonas", "password": "no"})
    page = client.post("/login/", {"login": "jonas", "password": "no"})
    assert page.status_code == 429
    assert "Wait a minute, then go on." in page.text
    assert 'href="/login/"' in page.text


@here
@pytest.mark.parametrize("there", ["/nowhere/", "/forbidden"])
def test_they_are_told_in_the_readers_language_and_colours(there, cast, login):
    cast.jonas.adjust(by=cast.jonas, theme="dark", language="zh-hans")
    page = login(cast.jonas).get(there)
    assert '<html lang="zh-Hans"' in page.text
    assert 'data-theme="dark"' in page.text
