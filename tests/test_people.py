"""The list of people and a person's page: colleagues for the six roles, and no client one may not know."""

import pytest
from django.core.exceptions import ValidationError

SIX = ["helena", "omar", "marta", "tomas", "jonas", "mei"]


@pytest.mark.parametrize("username", SIX)
def test_each_of_the_six_roles_sees_the_colleagues(login, cast, username):
    content = login(getattr(cast, username)).get("/people/").content.decode()
    assert all(name in content for name in ("Helena Brandt", "Jonas Weber", "Mei Lin", "Noor"))


@pytest.mark.parametrize("username", ["felix", "noor", "admin"])
def test_members_and_administrators_have_no_list_of_people(login, cast, username):
    browser = login(getattr(cast, username))
    assert browser.get("/people/").status_code == 403
    assert browser.get("/people/jonas/").status_code == 404


def test_the_administrator_is_no_colleague(login, cast):
    assert login(cast.helena).get("/people/admin/").status_code == 404


def test_a_person_page_tells_guide_and_clients_served(login, cast):
    content = login(cast.tomas).get("/people/jonas/").content.decode()
    assert "Salesman" in content
    assert "Tomas Novak" in content
    assert "Hollin" in content


def test_a_client_one_may_not_know_is_another_client(login, cast):
    content = login(cast.lucia).get("/people/jonas/").content.decode()
    assert "another client" in content
    assert "HRB" not in content
    assert "Hollin" not in content


def test_private_matters_stay_private(login, cast):
    content = login(cast.amina).get("/people/jonas/").content.decode()
    assert cast.jonas.email not in content
    assert "robation" not in content


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=weber", {"jonas"}),
        ("role=coordinator", {"mei", "rafael"}),
        ("q=mei&role=salesman", set()),
        ("role=nonsense", set()),
        ("group=99", set()),
    ],
)
def test_the_list_is_searched_by_address(login, cast, asked, found):
    page = login(cast.helena).get(f"/people/?{asked}").context["page"]
    assert {person.username for person in page} == found


@pytest.mark.parametrize(
    "path", ["/people/?after=zzzz", "/people/?after=%F0%9F%8E%88", "/people/nobody/", "/people/evaluations/?after=x"]
)
def test_strange_addresses_are_answered_and_never_fail(login, cast, path):
    assert login(cast.helena).get(path).status_code in {200, 400, 404}


def test_the_list_asks_the_same_number_of_questions_however_many_people(login, cast, django_assert_max_num_queries):
    browser = login(cast.helena)
    counts = []
    for asked in ("q=weber", ""):
        with django_assert_max_num_queries(40) as queries:
            browser.get(f"/people/?{asked}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_salesman_has_a_guide_and_a_guide_does_not_become_a_member_under_his_feet(cast):
    cast.tomas.role = "member"
    with pytest.raises(ValidationError, match="name another guide first"):
        cast.tomas.full_clean()


def test_a_reporting_line_runs_in_no_circle(cast):
    cast.helena.reports_to, cast.marta.reports_to = cast.marta, cast.helena
    cast.marta.save()
    with pytest.raises(ValidationError, match="circle"):
        cast.helena.full_clean()
