"""Rearranging two hundred and five hundred steps: few queries, and done while one waits (COO6)."""

from time import perf_counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Rearrangement, StepLink
from campaigns.rearranging import planned
from campaigns.storing import relink, store
from tests.duties.test_coo6_kinds import named
from tests.records import a_plan, a_schedule, an_accepted_brief

REASON = "All of it takes longer."


def a_long_job(cast, client, count):
    """A campaign in which each of so many steps waits for the one before it; the first of them."""
    brief = an_accepted_brief(client, writer=cast.jonas, acceptor=cast.marta)
    campaign = a_plan(brief, cast.marta, name=f"{count} steps").campaign
    steps = a_schedule(campaign, cast.mei)
    first, sample = named(campaign, "Colour proof"), steps[-1]
    last, people = sample.pk, [cast.felix, cast.noor, cast.sven, None]
    for number in range(count - len(steps)):
        sample.pk, sample._state.adding, sample.token = None, True, uuid4()
        sample.position, sample.name, sample.person = 100 + number, f"Sheet {number}", people[number % 4]
        sample.save()
        StepLink.objects.create(before_id=last, after_id=sample.pk)
        last = sample.pk
    Rearrangement.make(step=first, kind="length", days=first.days + 1, reason="Put in order", by=cast.mei, token=uuid4())
    first.refresh_from_db()
    return first


def queries(asked):
    """Without what opens and closes the transaction."""
    return [it["sql"] for it in asked if not it["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def test_two_hundred_steps_are_read_counted_and_stored_with_their_history_in_six_queries_or_twelve(cast, clients):
    first = a_long_job(cast, clients["HRB"], 200)
    assert first.campaign.is_scheduled  # the campaign is at hand, as its move has locked it
    with CaptureQueriesContext(connection) as asked:
        outcome = planned(first, "length", {"days": first.days + 3}, by=cast.mei, held=True)
        changes = outcome.changes
        store(changes, cast.mei, REASON)
        relink(outcome.links, outcome.scene.steps)
    assert len(changes) > 180
    assert len(queries(asked)) <= (6 if connection.vendor == "postgresql" else 12), "\n".join(q[:90] for q in queries(asked))
    assert {change.step.history.count() for change in changes[-3:]} == {3}


def test_the_whole_of_it_asks_no_more_for_four_hundred_steps_than_for_a_hundred(cast, clients):
    counts = []
    for count in (100, 400):
        first = a_long_job(cast, clients["HRB"], count)
        with CaptureQueriesContext(connection) as asked:
            Rearrangement.make(step=first, kind="length", days=9, reason=REASON, by=cast.mei, token=uuid4())
        counts.append(len(queries(asked)))
    slack = 0 if connection.vendor == "postgresql" else 12  # SQLite takes many rows in several pieces
    assert counts[1] - counts[0] <= slack


@pytest.mark.thorough
def test_five_hundred_steps_are_previewed_and_moved_in_two_seconds_each(cast, clients, login):
    first = a_long_job(cast, clients["HRB"], 500)
    browser = login(cast.mei)
    sent = {"kind": "length", "days": str(first.days + 5), "reason": REASON, "token": str(uuid4())}
    at = f"/steps/{first.pk}/rearrange/"
    browser.post(at, {**sent, "preview": "1"})
    begin = perf_counter()
    shown = browser.post(at, {**sent, "preview": "1"})
    between = perf_counter()
    assert browser.post(at, {**sent, "confirm": "1", "seen": shown.context["edition"]}).status_code == 302
    end = perf_counter()
    assert len(shown.context["changes"]) > 480
    print(f"500 steps: preview {between - begin:.2f} s, carried out {end - between:.2f} s")
    assert between - begin < 2
    assert end - between < 2
