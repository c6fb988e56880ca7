"""Random walks through every state machine: whoever tries whatever in whatever order, no record ever reaches a state that was
not declared, each move that is made leaves one history row and one event, each that is not leaves nothing."""

from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Evaluation
from agency import clock
from agency.flow import Refused, moves_of
from campaigns.models import Rearrangement
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief, days
from tests.samples import a_piece, a_sample, answered
from tests.studies import FEASIBLE, REFUSED, a_study, section

WALKERS = ("helena", "omar", "marta", "tomas", "jonas", "mei", "lucia", "felix", "noor", "admin")
EXTRA = {
    "give_to": {"person": None}, "answer": {"words": FEASIBLE}, "change_answer": {"words": REFUSED},
    "record": {"words": REFUSED, "said_by": "Noor", "said_how": "mail"}, "ask_instead": {"person": None},
    "answer_back": {"reply": "In April then."}, "close": {"conclusions": "Go on."}, "close_despite": {"conclusions": "Go on."},
    "say_cause": {"cause": "client"}, "verify": {"row": 2},
}  # fmt: skip
walks = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(WALKERS)), min_size=1, max_size=14)
quick = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip


def walk(record, steps, cast):
    """Try the moves of `record` one after another and look at what each leaves behind."""
    record = type(record).objects.get(pk=record.pk)
    moves = list(moves_of(type(record)).values())
    for index, login in steps:
        it, before = moves[index % len(moves)], (record.state, record.version, *traces(record))
        reason = {"reason": "Because."} if it.asks_reason else {}
        made = False
        with suppress(PermissionDenied, Refused), transaction.atomic():
            getattr(record, it.name)(by=getattr(cast, login), **reason, **EXTRA.get(it.name, {}))
            made = True
        record.refresh_from_db()
        after = (record.state, record.version, *traces(record))
        if made:
            assert before[0] in it.sources
            after_it = {it.to or before[0]} if not it.undoes else back_to(moves_of(type(record))[it.undoes], before[0])
            assert after[0] in after_it
            assert after[1:] == (before[1] + 1, before[2] + 1, before[3] + 1)
        else:
            assert after == before


def back_to(it, now):
    """Where a record may be after this move has been taken back."""
    return it.sources if it.to else {now}


@contextmanager
def undone():
    """Each walk begins where the last one began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def traces(record):
    return record.history.count(), record.events().count()


@quick
@given(steps=walks)
def test_a_brief_walks_only_where_it_may(steps, cast, clients):
    with undone():
        walk(a_brief(clients["HRB"], cast.jonas), steps, cast)


@quick
@given(steps=walks)
def test_a_plan_walks_only_where_it_may(steps, cast, clients):
    with undone():
        brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
        walk(a_plan(brief, cast.marta), steps, cast)


@pytest.fixture
def schedule(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)


@quick
@given(steps=walks)
def test_a_step_walks_only_where_it_may(steps, cast, schedule):
    with undone():
        walk(schedule[0], steps, cast)


@quick
@given(steps=walks)
def test_a_rearrangement_walks_only_where_it_may(steps, cast, schedule):
    with undone():
        day = clock.today() + days(7)
        wish = Rearrangement.ask(step=schedule[0], to_start=day, reason="Illness", by=cast.jonas, token=uuid4())
        walk(wish, steps, cast)


@quick
@given(steps=walks, fails=st.sampled_from([(), (2,)]))
def test_a_sample_walks_only_where_it_may(steps, fails, cast, clients):
    with undone():
        piece = a_piece(clients["HRB"], cast.jonas, cast.marta)
        walk(answered(a_sample(piece, cast.jonas), cast.jonas, fails=fails), steps, cast)


@quick
@given(steps=walks)
def test_a_joint_study_walks_only_where_it_may(steps, cast, clients):
    with undone():
        walk(a_study(cast, clients), steps, cast)


@quick
@given(steps=walks)
def test_a_departments_section_walks_only_where_it_may(steps, cast, clients):
    with undone():
        walk(section(a_study(cast, clients)), steps, cast)


@quick
@given(steps=walks)
def test_a_client_walks_only_where_it_may(steps, cast, clients):
    with undone():
        walk(clients["HRB"], steps, cast)


@quick
@given(steps=walks)
def test_an_evaluation_walks_only_where_it_may(steps, cast):
    with undone():
        period = {"period_from": clock.today() - days(90), "period_to": clock.today()}
        evaluation = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), **period)
        evaluation.marks.create(criterion="Minutes in time", score=4, sentence="All but one.")
        walk(evaluation, steps, cast)
