"""The demo agency: Quill & Harbour Advertising, its people, its clients and its work, relative to the day it is loaded."""

from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from agency import clock
from agency.flow import Refused
from agency.log import security_log
from clients.access import one_look
from clients.models import Client
from desk.demo import (
    asking,
    briefs,
    chasing,
    clients,
    days,
    drafts,
    estimates,
    evaluations,
    jobs,
    ledger,
    mornings,
    people,
    reports,
    samples,
    studies,
    supervision,
    terms,
)
from desk.demo.stage import Stage

PARTS = (days, briefs, asking, studies, jobs, chasing, estimates, drafts, evaluations, ledger, reports, samples, supervision)


@transaction.atomic
def load(day=None):
    """Put the demo agency into an empty database. day: the date on which it stands, without one today.

    Returns what there is now: {"people": 18, "clients": 11 …}, empty if the agency was there already.
    Raises Refused in production, or when the database holds other people or clients: then nothing has changed.
    """
    if Client.objects.filter(code="QHA", is_house=True).exists():
        return {}
    _refuse_a_strange_house()
    with _no_security_log():
        return _play(day or clock.today())


def _play(day):
    stage = Stage(day)
    people.engage(stage)
    days.mark(stage)
    clients.take_on(stage)
    terms.agree(stage)
    with one_look():
        stage.play([act for part in PARTS for act in part.acts(stage)] + [*mornings.acts()])
    mornings.settle(stage)
    there = {"people": stage.people, "clients": stage.clients, "briefs": stage.briefs, "campaigns": stage.jobs}
    return {what: len(found) for what, found in there.items()}


@contextmanager
def _no_security_log():
    """The shares and seats of a made-up past are no matter of security: the log tells only what really happens."""
    before, security_log.disabled = security_log.disabled, True
    try:
        yield
    finally:
        security_log.disabled = before


def _refuse_a_strange_house():
    if not settings.TRIAL:
        raise Refused(_("The demo agency is not loaded in production."))
    if Person.objects.exists() or Client.objects.exists():
        raise Refused(_("There are people or clients already: the demo agency goes into an empty database only."))
