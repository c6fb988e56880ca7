"""What a field said before (CRD3): for those concerned, and for nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.flow import revise
from tests.records import a_brief, an_accepted_brief


@pytest.fixture
def brief(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas, budget_amount=None)
    revise(brief, by=cast.jonas, needs="briefs.change_brief", seen=brief.version, changes={"budget_amount": 60000})
    changes = {"market_plan": "Fifty thousand by autumn."}
    revise(brief, by=cast.marta, needs="briefs.change_brief", seen=brief.version, changes=changes)
    brief.submit(by=cast.jonas)
    return brief.return_to_writer(by=cast.marta, reason="Name a competitor.")


def told(answer):
    return [
        (
            str(change.row.history_user),
            change.row.history_change_reason,
            [(it.label, it.before, it.after) for it in change.fields],
        )
        for change in answer.context["changes"]
    ]


def test_the_history_tells_who_changed_what_from_what_to_what_and_why(brief, cast, login):
    rows = told(login(cast.jonas).get(f"/history/briefs.brief/{brief.pk}/"))
    assert [who for who, _why, _what in rows] == [
        "Marta Kowalska",
        "Jonas Weber",
        "Marta Kowalska",
        "Jonas Weber",
        "Jonas Weber",
    ]
    assert rows[0][1] == "Name a competitor."
    assert ("State", "Awaiting acceptance", "Returned") in rows[0][2]
    assert ("With", "Omar Haddad", "Jonas Weber") in rows[0][2]
    assert rows[2][2] == [("Market plan", "Forty thousand packs a month by autumn.", "Fifty thousand by autumn.")]
    assert rows[3][2] == [("Budget figure", "", "60,000.00")]


@pytest.mark.parametrize(
    ("name", "status"), [("helena", 200), ("omar", 200), ("marta", 200), ("mei", 200), ("tomas", 200), ("jonas", 200)]
)
def test_the_people_concerned_read_the_history(name, status, brief, cast, login):
    assert login(getattr(cast, name)).get(f"/history/briefs.brief/{brief.pk}/").status_code == status


@pytest.mark.parametrize("name", ["lucia", "ingrid", "amina", "felix", "admin"])
def test_for_others_there_is_no_history(name, brief, cast, login):
    assert login(getattr(cast, name)).get(f"/history/briefs.brief/{brief.pk}/").status_code == 404


def test_a_salesman_reads_the_history_of_his_own_briefs_only(cast, clients, login):
    foreign = a_brief(clients["HRB"], cast.tomas)
    assert login(cast.jonas).get(f"/briefs/{foreign.pk}/").status_code == 200
    assert login(cast.jonas).get(f"/history/briefs.brief/{foreign.pk}/").status_code == 403
    assert login(cast.jonas).get(f"/history/clients.client/{clients['HRB'].pk}/").status_code == 403


@pytest.mark.parametrize(
    "kind",
    [
        "accounts.person",
        "accounts.evaluation",
        "accounts.mark",
        "clients.share",
        "clients.event",
        "briefs.historicalbrief",
        "x.y",
        ".",
    ],
)
def test_matters_of_staff_and_unknown_kinds_have_no_history_here(kind, brief, cast, login):
    assert login(cast.helena).get(f"/history/{kind}/1/").status_code == 404


def test_a_long_history_costs_what_a_short_one_costs(brief, cast, clients, login):
    browser, short = login(cast.helena), an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    browser.get(f"/history/briefs.brief/{short.pk}/")
    counts = []
    for record in (short, brief):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"/history/briefs.brief/{record.pk}/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["after=x", "after=99999999999999999999", "after=-1"])
def test_a_page_of_the_history_that_does_not_exist_is_told(query, brief, cast, login):
    assert login(cast.helena).get(f"/history/briefs.brief/{brief.pk}/?{query}").status_code in {200, 400}
