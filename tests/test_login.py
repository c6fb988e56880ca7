"""Who comes in, who does not, and when access ends (SAFETY 8)."""

import logging
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import BusinessGroup
from reminders.models import Letter

PASSWORD = "accord-demo"
HERE, ELSEWHERE = "10.0.0.7", "10.0.0.99"


def come(client, name, password=PASSWORD, *, at=HERE, to="/people/"):
    return client.post(f"/login/?next={to}", {"login": name, "password": password}, REMOTE_ADDR=at)


def try_wrongly(client, name, *, times, at=HERE):
    return [come(client, name, "not-the-password", at=at) for _ in range(times)][-1]


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def outbox(settings, nothing_sent):
    """The test runner puts a mailbox of its own in place of the house's outbox."""
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"


@pytest.fixture
def reset_link(client):
    """Ask for a new password and give back the path in the letter that the outbox holds."""

    def ask(address, **headers):
        client.post("/password/reset/", {"email": address}, **headers)
        letter = Letter.objects.get(to=address)
        return re.search(r"https?://\S+", letter.body)[0]

    return ask


@pytest.mark.parametrize("name", ["jonas", "Jonas", "jonas@quill-harbour.example", "JONAS@quill-harbour.example"])
def test_people_come_in_by_short_name_or_e_mail(client, cast, name):
    answer = come(client, name)
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert client.session["_auth_user_id"] == str(cast.jonas.pk)


@pytest.mark.parametrize("name", ["jonas", "nobody", "nobody@quill-harbour.example", "", "a" * 300, "jonas\n"])
def test_a_wrong_password_is_told_like_an_unknown_name(client, cast, name):
    answer = come(client, name, "not-the-password")
    assert answer.status_code == 200
    assert not is_in(client)


def test_the_same_sentence_for_a_wrong_password_and_an_unknown_name(client, cast):
    known = come(client, "jonas", "not-the-password").context["form"].errors
    unknown = come(client, "nobody", "not-the-password").context["form"].errors
    assert known == unknown


def test_after_five_wrong_passwords_even_the_right_one_waits(client, cast):
    try_wrongly(client, "jonas", times=5)
    answer = come(client, "jonas")
    assert "Too many failed login attempts" in str(answer.context["form"].errors)
    assert not is_in(client)


def test_short_name_and_e_mail_share_the_same_five_tries(client, cast):
    try_wrongly(client, "jonas", times=3)
    try_wrongly(client, "jonas@quill-harbour.example", times=2)
    come(client, "jonas")
    assert not is_in(client)


def test_a_stranger_elsewhere_cannot_lock_the_rightful_person_out(client, cast):
    try_wrongly(client, "jonas", times=8, at=ELSEWHERE)
    assert come(client, "jonas", at=HERE).status_code == 302
    assert is_in(client)


def test_one_address_cannot_try_one_password_on_everybody(client, cast):
    for number in range(20):
        come(client, f"guess{number}", "not-the-password")
    come(client, "jonas")
    assert not is_in(client)


def test_a_forwarded_address_is_not_believed_without_a_proxy(client, cast):
    for number in range(5):
        client.post("/login/", {"login": "jonas", "password": "no"}, REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=f"10.9.9.{number}")
    come(client, "jonas")
    assert not is_in(client)


def test_a_failed_login_leaves_one_line_in_the_security_log_without_the_password(client, cast, caplog):
    with caplog.at_level(logging.INFO, "accord.security"):
        come(client, 'jonas" actor="helena', "top-secret-guess")
    lines = [record.getMessage() for record in caplog.records if record.name == "accord.security"]
    assert lines == [f'login failed object="jonas\\" actor=\\"helena" ip="{HERE}"']


def test_logging_in_writes_no_line_into_the_persons_history(client, cast):
    before = cast.jonas.history.count()
    come(client, "jonas")
    assert cast.jonas.history.count() == before


def test_the_way_on_after_login_never_leads_out_of_the_house(client, cast):
    answer = come(client, "jonas", to="https://elsewhere.example/")
    assert "elsewhere" not in answer["Location"]


def test_a_login_form_needs_its_csrf_token(cast):
    assert Client(enforce_csrf_checks=True).post("/login/", {"login": "jonas", "password": PASSWORD}).status_code == 403


def test_logging_out_needs_a_button_and_ends_the_session(login, cast):
    browser = login(cast.jonas)
    assert browser.get("/logout/").status_code == 200
    assert is_in(browser)
    assert browser.post("/logout/").status_code == 302
    assert browser.get("/people/")["Location"] == "/login/?next=/people/"


def test_nobody_signs_up(client, cast):
    for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), {"username": "eve"})):
        assert answer.status_code == 200
        assert b"No sign-up" in answer.content


@pytest.mark.parametrize(
    "path", ["/email/", "/confirm-email/", "/login/code/", "/password/set/", "/reauthenticate/", "/signup/passkey/"]
)
def test_no_other_door_of_the_login_library_is_open(login, cast, path):
    assert login(cast.jonas).get(path).status_code == 404


# ── Forgotten password ──────────────────────────────────────────────────────────────────────────
def test_a_forgotten_password_goes_through_the_outbox_and_never_through_smtp(client, cast, reset_link):
    reset_link("jonas@quill-harbour.example")
    assert mail.outbox == []
    assert list(Letter.objects.values_list("to", "sent_at")) == [("jonas@quill-harbour.example", None)]


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client, cast):
    known = client.post("/password/reset/", {"email": "jonas@quill-harbour.example"})
    unknown = client.post("/password/reset/", {"email": "nobody@quill-harbour.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert list(Letter.objects.values_list("to", flat=True)) == ["jonas@quill-harbour.example"]


def test_the_link_starts_at_the_site_and_not_at_the_host_of_the_request(client, cast, reset_link, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert reset_link("jonas@quill-harbour.example", HTTP_HOST="evil.example").startswith(
        settings.SITE_URL + "/password/reset/key/"
    )


def test_the_link_sets_a_new_password_once_and_ends_the_old_sessions(client, cast, reset_link, settings):
    come(client, "jonas")
    link = reset_link("jonas@quill-harbour.example").removeprefix(settings.SITE_URL)
    other = type(client)()
    form = other.get(link, follow=True)
    new = {"password1": "a-quite-new-word", "password2": "a-quite-new-word"}
    assert other.post(form.request["PATH_INFO"], new)["Location"] == "/password/reset/key/done/"
    assert client.get("/people/").status_code == 302
    assert come(other, "jonas").status_code == 200
    assert come(other, "jonas", "a-quite-new-word").status_code == 302
    assert b"no longer works" in type(client)().get(link, follow=True).content


def test_an_address_given_up_opens_nothing_any_more(client, cast, reset_link):
    old = cast.jonas.email
    reset_link(old)
    cast.jonas.email = "weber@quill-harbour.example"
    cast.jonas.save()
    come(client, old)
    assert not is_in(client)
    client.post("/password/reset/", {"email": old})
    assert Letter.objects.filter(to=old).count() == 1
    assert not EmailAddress.objects.exists()


def test_a_link_asked_for_before_the_e_mail_changed_opens_nothing(client, cast, reset_link, settings):
    link = reset_link("jonas@quill-harbour.example").removeprefix(settings.SITE_URL)
    cast.jonas.email = "weber@quill-harbour.example"
    cast.jonas.save()
    assert b"no longer works" in client.get(link, follow=True).content


def test_a_link_asked_for_before_the_last_log_in_opens_nothing(client, cast, reset_link, settings):
    link = reset_link("jonas@quill-harbour.example").removeprefix(settings.SITE_URL)
    come(client, "jonas")
    assert b"no longer works" in client.get(link, follow=True).content


def test_somebody_who_left_gets_no_letter(client, cast):
    close(cast.jonas)
    client.post("/password/reset/", {"email": "jonas@quill-harbour.example"})
    assert not Letter.objects.exists()


# ── When access ends ────────────────────────────────────────────────────────────────────────────
def close(person):
    person.is_active = False
    person.save()


def test_changing_the_password_keeps_this_session_and_ends_every_other(client, cast):
    here, there = client, type(client)()
    come(here, "jonas")
    come(there, "jonas")
    words = {"oldpassword": PASSWORD, "password1": "another-long-word", "password2": "another-long-word"}
    assert here.post("/password/change/", words).status_code == 302
    assert here.get("/people/").status_code == 200
    assert there.get("/people/")["Location"] == "/login/?next=/people/"
    assert cast.jonas.history.first().history_change_reason == "password"


def test_a_password_is_not_changed_without_the_old_one(login, cast):
    words = {"oldpassword": "wrong", "password1": "another-long-word", "password2": "another-long-word"}
    login(cast.jonas).post("/password/change/", words)
    cast.jonas.refresh_from_db()
    assert cast.jonas.check_password(PASSWORD)


def test_a_closed_account_is_out_with_the_next_request(login, cast):
    browser = login(cast.jonas)
    assert browser.get("/people/").status_code == 200
    close(cast.jonas)
    assert browser.get("/people/")["Location"] == "/login/?next=/people/"


def test_a_closed_account_does_not_come_in_again(client, cast):
    close(cast.jonas)
    assert come(client, "jonas")["Location"] == "/inactive/"
    assert not is_in(client)


def test_a_change_of_role_takes_effect_with_the_next_request(login, cast):
    browser = login(cast.helena)
    assert browser.get("/people/jonas/evaluate/").status_code == 200
    cast.helena.role = "director"
    cast.helena.save()
    assert browser.get("/people/jonas/evaluate/").status_code == 403
    cast.helena.role = "member"
    cast.helena.save()
    assert browser.get("/people/").status_code == 403


def test_a_new_head_of_a_group_is_seen_with_the_next_request(login, cast, clients):
    assert clients["HRB"] in type(clients["HRB"]).objects.visible_to(cast.omar)
    BusinessGroup.objects.filter(name="North").update(supervisor=cast.ingrid)
    assert clients["HRB"] not in type(clients["HRB"]).objects.visible_to(cast.omar)


# ── One's own settings ──────────────────────────────────────────────────────────────────────────
def test_everybody_sets_the_own_time_zone_and_nothing_else(login, cast):
    browser = login(cast.felix)
    sent = {
        "time_zone": "America/New_York",
        "language": "en-gb",
        "news": "at_once",
        "slash": "on",
        "role": "minister",
        "is_superuser": "on",
        "email": "x@y.example",
    }
    assert browser.post("/me/", sent).status_code == 302
    cast.felix.refresh_from_db()
    assert (cast.felix.time_zone, cast.felix.role, cast.felix.is_superuser) == ("America/New_York", "member", False)
    assert cast.felix.email == "felix@quill-harbour.example"
    line = cast.felix.history.first()
    assert (line.history_user, line.time_zone) == (cast.felix, "America/New_York")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "x" * 500])
def test_an_unknown_time_zone_is_refused_with_a_sentence(login, cast, zone):
    answer = login(cast.jonas).post("/me/", {"time_zone": zone, "language": "en-gb", "news": "at_once"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["time_zone"]
