"""Handing a client over: the seat, and with it everything that lies with who held it (MIN6, COO1).

`clients` knows seats but not steps, `campaigns` knows steps but not who assigns; here the two meet in one transaction.
"""

from django.db import transaction

from agency.flow import Court
from campaigns.models import Step
from clients.models import ClientKnot
from clients.models.assignment import assign, end_seat
from clients.models.record import business_models


@transaction.atomic
def hand_over(client, *, person, seat, by, note="", until=None, guide_too=False):
    """Give `person` a seat; with a lead seat the open work of who held it passes on. Returns (new, ended or None, how many).

    Raises PermissionDenied, or Refused with a sentence; then nothing has changed. See `clients.models.assignment.assign`.
    """
    given, ended = assign(client, person=person, seat=seat, by=by, note=note, until=until, guide_too=guide_too)
    passed = pass_work(client, ended.person, person, by=by) if ended else 0
    return given, ended, passed


@transaction.atomic
def vacate(seat, *, by, reason):
    """End a seat without a successor. Who serves no more leaves steps unassigned, the rest to the lead."""
    client = seat.client
    end_seat(seat, by=by, reason=reason)
    if client.assignments.current().filter(person=seat.person).exists():
        return 0
    return pass_work(client, seat.person, None, by=by)


def pass_work(client, former, person, *, by):
    """Every step of `former` that is not checked, and every ball that lies with him, goes to `person`. Returns how many.

    The note stays with the seat: the trail of a step is read by members of other departments too.
    """
    steps = list(Step.objects.filter(client=client, person=former).unchecked())
    for step in steps:
        step.give_to(by=by, person=person)
    held = [
        knot for model in knots() for knot in model.objects.filter(client=client, holder=former).exclude(court=Court.NOBODY)
    ]
    for knot in held:
        knot.hand_on(to=person or client.lead or client.supervisor, by=by)
    return len(steps) + len(held)


def knots():
    """Every kind of record that can lie with somebody."""
    return [model for model in business_models() if issubclass(model, ClientKnot)]
