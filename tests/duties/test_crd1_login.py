"""CRD1: staff log in through a browser. The rules of the door stand in tests/test_login.py."""

import pytest

EVERYBODY = ["helena", "omar", "ingrid", "marta", "david", "lucia", "tomas", "priya", "jonas", "amina", "mei", "rafael"]


@pytest.mark.parametrize("username", [*EVERYBODY, "felix", "noor", "sven", "petra", "ida"])
def test_everybody_of_the_agency_logs_in_and_arrives_at_the_own_desk(client, cast, username):
    answer = client.post("/login/", {"login": username, "password": "accord-demo"}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/", 302)], 200)
    assert str(getattr(cast, username)) in answer.content.decode()


def test_the_administrator_logs_in_and_goes_to_the_administration(client, cast):
    answer = client.post("/login/?next=/admin/", {"login": "admin", "password": "accord-demo"}, follow=True)
    assert (answer.redirect_chain[-1], answer.status_code) == (("/admin/", 302), 200)


def test_whoever_has_not_logged_in_sees_nothing_but_the_door(client, cast):
    for path in ("/", "/people/", "/people/jonas/", "/me/", "/people/evaluations/", "/password/change/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_whoever_logs_out_sees_nothing_any_more(login, cast):
    browser = login(cast.jonas)
    browser.post("/logout/")
    assert browser.get("/people/").status_code == 302
