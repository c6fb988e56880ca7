"""What reaches the house: what cannot be read is turned away at the door with a sentence, and never becomes an error inside."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from agency.middleware import CONTROL
from agency.wsgi import application

pytestmark = pytest.mark.django_db
CONTROLS = [chr(code) for code in [*range(32), 127] if chr(code) not in "\t\n\r"]


@pytest.fixture
def door():
    return reverse("account_login")


def assert_turned_away(response, *, status=400, sentence="control characters"):
    assert response.status_code == status
    assert "Could not be read" in response.text
    assert sentence in response.text
    assert "script-src" in response["Content-Security-Policy"]


def test_every_control_character_but_tab_and_line_breaks_is_refused():
    assert [sign for sign in map(chr, range(128)) if CONTROL.search(sign)] == CONTROLS


@pytest.mark.parametrize("sign", ["%00", "%01", "%1B", "%7F"])
def test_a_control_character_in_path_or_query_is_turned_away(client, door, sign):
    assert_turned_away(client.get(f"{door}?q=a{sign}b"))
    assert_turned_away(client.get(f"{door}?a{sign}b=q"))
    assert_turned_away(client.get(f"{door}a{sign}b"))


def test_a_control_character_in_a_form_is_turned_away(client, door):
    assert_turned_away(client.post(door, {"login": "jon\0as", "password": "x"}))
    assert_turned_away(client.post(door, {"log\0in": "jonas"}))


def test_a_control_character_in_the_name_of_an_uploaded_files_field_is_turned_away(client, door):
    assert_turned_away(client.post(door, {"pho\x01to": SimpleUploadedFile("a.png", b"\0\1\2")}))


def test_the_content_of_an_uploaded_file_may_hold_any_byte(client, door):
    assert client.post(door, {"photo": SimpleUploadedFile("a.png", b"\0\1\2")}).status_code == 200


def test_tabs_line_breaks_and_every_script_may_pass(client, door):
    assert client.post(door, {"login": "a\tb\r\nc ü 汉字 🙂", "password": "x"}).status_code == 200
    assert client.get(door, {"q": "a\tb\nc ü 汉字 🙂"}).status_code == 200


@pytest.mark.parametrize("broken", ["%ff", "%c3%28", "%ed%a0%80"])
def test_broken_utf_8_in_an_address_is_turned_away(client, door, broken):
    assert_turned_away(client.get(f"{door}?q={broken}"), sentence="cannot be read")
    assert client.get(f"{door}{broken}").status_code == 404


@pytest.mark.parametrize("charset", ["charset=hex", "charset=rot13", "charset=utf-16", "charset=latin-1", "charset*=no''utf-8"])
def test_text_in_a_foreign_character_set_is_turned_away(charset):
    assert answer(f"text/plain; {charset}") == "400 Bad Request"


@pytest.mark.parametrize("kind", ["", "text/plain", "text/plain; charset=UTF-8", "multipart/form-data; boundary=x"])
def test_text_in_utf_8_may_pass(kind):
    assert answer(kind) == "200 OK"


def answer(content_type):
    """The status that a web server is given for /healthz?q=1 with this content type."""
    told = []
    environ = RequestFactory()._base_environ(PATH_INFO="/healthz", QUERY_STRING="q=1", CONTENT_TYPE=content_type)
    application(environ, lambda status, headers: told.append(status))
    return told[0]


def test_a_nul_hidden_in_the_session_cookie_is_turned_away_before_the_database_is_asked(
    client, django_assert_num_queries, door
):
    cookie = f'{settings.SESSION_COOKIE_NAME}="\\000aaaaaaaaaaaaaaaa"'
    with django_assert_num_queries(0):
        assert_turned_away(client.get(door, HTTP_COOKIE=cookie))


def test_a_control_character_in_a_header_is_turned_away(client, door):
    assert_turned_away(client.get(door, HTTP_ACCEPT_LANGUAGE="en\x1b[31m"))


def test_a_foreign_cookie_with_control_characters_bars_nobody(client, door):
    assert client.get(door, HTTP_COOKIE='neighbour="\\000"').status_code == 200


def test_too_large_a_form_is_answered_with_a_sentence(client, door):
    too_long = {"login": "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    assert_turned_away(client.post(door, too_long), status=413, sentence="too much at once")


def test_too_many_fields_are_answered_with_a_sentence(client, door):
    fields = {f"field{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert_turned_away(client.post(door, fields), status=413, sentence="too much at once")
    assert_turned_away(client.get(door, fields), status=413, sentence="too much at once")


def test_a_file_name_in_an_unknown_character_set_is_no_error(client, door):
    part = b"--x\r\nContent-Disposition: form-data; name=photo; filename*=no''a\r\n\r\nbytes\r\n--x--\r\n"
    assert client.post(door, part, content_type="multipart/form-data; boundary=x").status_code in {200, 400}


def test_a_form_in_pieces_that_do_not_fit_is_answered_with_a_sentence(client, door):
    response = client.post(door, b"--x\r\n", content_type="multipart/form-data")
    assert_turned_away(response, sentence="could not be read")


def test_a_stranger_among_the_hosts_is_turned_away(client, door):
    assert_turned_away(client.get(door, HTTP_HOST="evil.example"), sentence="could not be read")
