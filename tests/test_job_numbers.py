"""Job numbers CODE-YY-NNN: gapless per client and year of the agency's date, whatever goes wrong or happens at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection

from agency.flow import Refused
from campaigns.models import Campaign, JobCounter, Plan
from tests.conftest import cast_now
from tests.records import a_brief, an_accepted_brief


def opened(brief, by, token=None):
    return Plan.open_with(brief=brief, name="Crackers", by=by, token=token or uuid4()).campaign.job_number


@pytest.fixture
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


def test_each_campaign_of_a_client_gets_the_next_number(cast, brief):
    assert [opened(brief, cast.marta) for _again in range(3)] == ["HRB-26-015", "HRB-26-016", "HRB-26-017"]


def test_each_client_counts_for_itself(cast, clients, brief):
    other = an_accepted_brief(clients["NOR"], writer=cast.jonas, acceptor=cast.david)
    assert opened(brief, cast.marta) == "HRB-26-015"
    assert opened(other, cast.david) == "NOR-26-001"


def test_a_refusal_leaves_no_gap(cast, clients, brief):
    draft = a_brief(clients["HRB"], cast.jonas)
    with pytest.raises(Refused):
        opened(draft, cast.marta)
    with pytest.raises(PermissionDenied):
        opened(brief, cast.jonas)
    with pytest.raises(PermissionDenied):
        opened(brief, cast.lucia)
    assert opened(brief, cast.marta) == "HRB-26-015"


def test_the_same_form_sent_twice_takes_one_number(cast, brief):
    token = uuid4()
    assert opened(brief, cast.marta, token) == opened(brief, cast.marta, token) == "HRB-26-015"
    assert opened(brief, cast.marta) == "HRB-26-016"


def test_a_former_client_gets_no_new_job(cast, brief):
    brief.client.part(by=cast.helena, reason="They went elsewhere.")
    with pytest.raises(Refused, match="former client"):
        opened(brief, cast.marta)
    assert JobCounter.objects.get(client=brief.client, year=2026).last == 14


@pytest.mark.parametrize(
    ("instant", "number"),
    [
        ("2026-12-31T23:59:00+00:00", "HRB-26-015"),
        ("2027-01-01T00:00:01+00:00", "HRB-27-001"),
        ("2027-06-30T23:30:00+00:00", "HRB-27-001"),
    ],
)
def test_the_year_is_that_of_the_agencys_date(instant, number, cast, brief):
    with time_machine.travel(instant):
        assert opened(brief, cast.marta) == number


def test_after_999_the_number_grows(cast, brief, login):
    JobCounter.objects.filter(client=brief.client, year=2026).update(last=998)
    assert [opened(brief, cast.marta) for _again in range(2)] == ["HRB-26-999", "HRB-26-1000"]
    assert login(cast.marta).get("/campaigns/HRB-26-1000/").status_code == 200


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")
def test_twelve_who_open_and_are_refused_at_once_leave_no_gap(agency):
    """Eight directors' clicks for two clients and four clicks of somebody who may not, in threads that start together."""
    cast = cast_now()
    bread, bank = (cast.jonas.assignments.get(client__code=code).client for code in ("HRB", "NOR"))
    crackers = an_accepted_brief(bread, writer=cast.jonas, acceptor=cast.marta)
    savings = an_accepted_brief(bank, writer=cast.jonas, acceptor=cast.david)
    before = {
        client: set(Campaign.objects.filter(client=client).values_list("job_number", flat=True)) for client in (bread, bank)
    }
    together = Barrier(12)

    def attempt(brief, person):
        try:
            together.wait(timeout=20)
            return opened(brief, person)
        except PermissionDenied:
            return None
        finally:
            connection.close()

    wishes = [(crackers, cast.marta)] * 4 + [(savings, cast.david)] * 4 + [(crackers, cast.jonas)] * 4
    with ThreadPoolExecutor(len(wishes)) as pool:
        answers = list(pool.map(lambda wish: attempt(*wish), wishes))
    assert answers[8:] == [None] * 4
    for client, given in ((bread, answers[:4]), (bank, answers[4:8])):
        first = len(before[client]) and max(int(number[-3:]) for number in before[client])
        assert sorted(given) == [f"{client.code}-26-{first + n:03d}" for n in range(1, 5)]
