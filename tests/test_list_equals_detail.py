"""What a person finds in a list and what he may open are the same records, for every role and every kind of record."""

from uuid import uuid4

import pytest

from accounts.models import Person
from accounts.rights import TABLE
from campaigns.models import Nudge, Step, StepNote, StepProgress
from clients.models.record import business_models
from tests.thorough import one_of_each

PEOPLE = (
    "helena",
    "omar",
    "ingrid",
    "marta",
    "david",
    "lucia",
    "tomas",
    "priya",
    "jonas",
    "amina",
    "mei",
    "felix",
    "noor",
    "admin",
)


@pytest.fixture(autouse=True)
def chased(cast):
    """What the demo agency has none of: a note, a nudge and an answer how far it is, on the print run of Sunday Loaf."""
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    StepNote.write(step, by=cast.noor, token=uuid4(), words="The paper is here.")
    StepProgress.say(step, by=cast.noor, token=uuid4(), percent=50, forecast_on=step.ends_on)
    Nudge.send(step, by=cast.mei, token=uuid4())


@pytest.mark.parametrize("model", business_models(), ids=lambda model: model.__name__)
def test_list_equals_detail(model, cast):
    records = list(model.objects.all())
    for login in PEOPLE:
        person = getattr(cast, login)
        opened = {record for record in records if person.has_perm(model.view_right, record)}
        assert set(model.objects.visible_to(person)) == opened, login


@pytest.mark.parametrize("login", one_of_each(PEOPLE, "omar", "jonas", "felix"))
@pytest.mark.parametrize("app", sorted({model._meta.app_label for model in business_models()}))
def test_every_right_on_a_listed_record_is_the_same_in_bulk_and_in_hand(app, login, cast):
    person = getattr(cast, login)
    rights = [right for right in TABLE if right.startswith(app)]
    for model in (model for model in business_models() if model._meta.app_label == app):
        records = list(model.objects.all()[:20])
        for right in rights:
            held = {record for record in records if person.has_perm(right, record)}
            listed = model.objects.where(person, right).filter(pk__in=[record.pk for record in records])
            assert held == set(listed), (model, right)


def test_the_comparison_has_something_to_compare(cast):
    """Every kind of record of the thread exists in the demo agency, and nobody of one group sees all."""
    assert {model.__name__ for model in business_models() if not model.objects.exists()} <= {"SafeLink"}
    assert 0 < business_models()[0].objects.visible_to(cast.jonas).count() < business_models()[0].objects.count()
    assert Person.objects.count() == 18
