"""What a person finds in a list and what he may open are the same records, for every role and every kind of record."""

import pytest

from accounts.models import Person
from accounts.rights import TABLE
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


@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.parametrize("model", business_models(), ids=lambda model: model.__name__)
def test_list_equals_detail(model, login, cast):
    person = getattr(cast, login)
    listed = set(model.objects.visible_to(person))
    opened = {record for record in model.objects.all() if person.has_perm(model.view_right, record)}
    assert listed == opened


@pytest.mark.parametrize("login", one_of_each(PEOPLE, "omar", "jonas", "felix"))
@pytest.mark.parametrize("model", business_models(), ids=lambda model: model.__name__)
def test_every_right_on_a_listed_record_is_the_same_in_bulk_and_in_hand(model, login, cast):
    person = getattr(cast, login)
    rights = [right for right in TABLE if right.startswith(model._meta.app_label)]
    records = list(model.objects.all()[:40])
    for right in rights:
        held = {record for record in records if person.has_perm(right, record)}
        assert held == set(model.objects.where(person, right).filter(pk__in=[record.pk for record in records])), right


def test_the_comparison_has_something_to_compare(cast):
    """Every kind of record of the thread exists in the demo agency, and nobody of one group sees all."""
    assert {model.__name__ for model in business_models() if not model.objects.exists()} <= {"SafeLink"}
    assert 0 < business_models()[0].objects.visible_to(cast.jonas).count() < business_models()[0].objects.count()
    assert Person.objects.count() == 18
