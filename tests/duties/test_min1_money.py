"""MIN1: the minister sees what the whole department earns; a supervisor his group, a director the own clients."""

from decimal import Decimal

import pytest

from clients.models import Client


def earned(login, person, query=""):
    return login(person).get(f"/money/{query}").context


def codes(context):
    return {row.client.code for row in context["rows"]}


def test_the_minister_sees_every_client_that_has_agreed_a_plan_and_their_sum(cast, login):
    context = earned(login, cast.helena)
    assert codes(context) == {"HRB", "VOL", "MER", "SOL", "TER", "PAL", "GRE"}
    assert context["whole"].profit.billed == sum(row.profit.billed for row in context["rows"])


@pytest.mark.parametrize(("head", "group"), [("omar", "North"), ("ingrid", "South")])
def test_a_supervisor_sees_the_own_group_and_nothing_of_the_other(head, group, cast, login):
    mine = set(Client.objects.filter(group__name=group).values_list("code", flat=True))
    other = set(Client.objects.exclude(group__name=group).values_list("code", flat=True))
    assert codes(earned(login, getattr(cast, head))) <= mine
    whole = earned(login, cast.helena, "?by=group")
    (row,) = [row for row in whole["rows"] if row.name == group]
    assert earned(login, getattr(cast, head))["whole"].profit == row.profit
    text = login(getattr(cast, head)).get("/money/?export=csv").content.decode()
    assert not any(f"\n{code}," in text for code in other)


@pytest.mark.parametrize(("name", "seen"), [("marta", {"HRB"}), ("lucia", {"VOL", "MER", "TER"}), ("tomas", {"PAL"})])
def test_a_director_sees_the_own_clients_and_the_manager_of_small_ones_theirs(name, seen, cast, login):
    assert codes(earned(login, getattr(cast, name))) == seen


@pytest.mark.parametrize("name", ["jonas", "amina", "mei", "rafael", "felix", "ida", "admin"])
def test_nobody_else_opens_it_and_the_rail_does_not_lead_there(name, cast, login):
    browser = login(getattr(cast, name))
    assert browser.get("/money/").status_code == 403
    assert browser.get("/money/?export=xlsx").status_code == 403
    assert 'href="/money/"' not in browser.get("/").content.decode()


def test_the_weakest_stands_first_and_the_loaf_is_under_the_floor(cast, login):
    context = earned(login, cast.helena)
    margins = [row.profit.margin for row in context["rows"]]
    assert margins == sorted(margins)
    (loaf,) = [row for row in context["rows"] if row.job == "HRB-26-014"]
    assert (loaf.state, loaf.profit.margin) == ("risk", Decimal("17.1"))


def test_quarter_and_month_of_the_agreement_can_be_asked_for_and_stand_in_the_address(cast, login):
    fourth, october = (earned(login, cast.helena, f"?period={period}") for period in ("q4", "10"))
    first = login(cast.helena).get("/money/?period=q1").content.decode()
    assert len(fourth["rows"]) >= len(october["rows"]) > 0
    assert all(row.agreed_on.month == 10 for row in october["rows"])
    assert "Nothing answers these questions" in first


def test_from_a_group_the_minister_goes_to_its_clients_and_to_their_campaigns(cast, login):
    browser = login(cast.helena)
    (north,) = [row for row in browser.get("/money/?by=group").context["rows"] if row.name == "North"]
    clients = browser.get(f"/money/{north.url}").context["rows"]
    assert {row.client.code for row in clients} == {"HRB", "SOL", "PAL"}
    campaigns = browser.get(f"/money/{clients[0].url}&group={cast.omar.headed_groups.get().pk}").context["rows"]
    assert {row.client for row in campaigns} == {clients[0].client}
    assert browser.get(campaigns[0].url).status_code == 200
