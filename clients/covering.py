"""Cover for an absence (MIN1): who serves the clients of somebody who is away, from the first day to the last, in one step."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Absence, Person, Role
from agency import clock
from agency.flow import Refused, lock
from agency.log import security
from clients.models.assignment import Assignment
from clients.models.client import SEATS_BY_ROLE, Client

COVER = "clients.arrange_cover"
FIT = tuple(role for role, seats in SEATS_BY_ROLE.items() if "cover" in seats)


def to_cover(absence, person):
    """The clients on which the person away leads a seat and `person` may arrange cover; each with the `covers` there are."""
    held = Assignment.objects.current().filter(person=absence.person, seat__in=Assignment.LEAD)
    clients = list(Client.objects.where(person, COVER).filter(pk__in=held.values("client")).order_by("code"))
    there = {client.pk: [] for client in clients}
    for seat in covers(absence).filter(client__in=clients).select_related("person"):
        there[seat.client_id].append(seat.person)
    for client in clients:
        client.covers = there[client.pk]
    return clients


def covers(absence):
    """The seats of cover that hold on days of this absence, for others than the person away."""
    seats = Assignment.objects.filter(seat=Assignment.Seat.COVER, ended_at=None, since__lte=absence.last)
    return seats.filter(until__gte=absence.first).exclude(person=absence.person).order_by("pk")


def colleagues(absence):
    """Who can cover: people of a fitting role who are not away themselves on one of the days."""
    gone = Absence.objects.touching(absence.first, absence.last).values("person")
    fit = Person.objects.in_role(*FIT).exclude(pk=absence.person_id).exclude(pk__in=gone)
    return fit.select_related("guide", "group")


def proposed(absence, people):
    """Whom the house would ask: the one of the same role and group, else of the group, who stands first by name; or None."""
    mine = absence.person
    return min(
        (it for it in people if it.group_id == mine.group_id), key=lambda it: (it.role != mine.role, str(it)), default=None
    )


@transaction.atomic
def cover(absence, chosen, *, by):
    """Give seats of cover from the first day of the absence (or today) to its last. chosen: pairs of a client and a person.

    Returns the seats given. Raises PermissionDenied, or Refused with a sentence: then none is given.
    """
    lock(absence)
    if absence.state != Absence.State.ENTERED or absence.last < clock.today():
        raise Refused(_("This absence is over or withdrawn; there is nothing to cover."))
    if not chosen:
        raise Refused(_("Choose who covers at least one of the clients."))
    return [_cover(absence, client, person, by) for client, person in sorted(chosen, key=lambda pair: pair[0].pk)]


def _cover(absence, client, person, by):
    lock(client)
    if not by.has_perm(COVER, client):
        raise PermissionDenied(_("Arranging cover for this client is not yours."))
    if not colleagues(absence).filter(pk=person.pk).exists():
        raise Refused(_("%(person)s cannot cover: the role does not fit, or the person is away too.") % {"person": person})
    if covers(absence).filter(client=client, person=person).exists():
        raise Refused(_("%(person)s covers %(client)s on these days already.") % {"person": person, "client": client})
    since = max(absence.first, clock.today())
    if person.role == Role.SALESMAN and not client.assignments.current().filter(person=person.guide).exists():
        _give(client, person.guide, Assignment.Seat.GUIDE, since, absence, by)
    return _give(client, person, Assignment.Seat.COVER, since, absence, by)


def end_with(absence, *, by):
    """The seats given for this absence end with it: at once when it is withdrawn, on its new last day when that came nearer.

    Called in the transaction in which `by` withdrew or shortened it. Returns the seats that ended or end earlier now.
    """
    seats = absence.seats.filter(ended_at=None, until__gte=clock.today()).select_related("client", "person").order_by("pk")
    gone = absence.state != Absence.State.ENTERED
    changed = [seat for seat in seats if gone or seat.until > absence.last]
    for seat in changed:
        lock(seat.client)
        _cut_short(seat, absence, gone or seat.since > absence.last, by)
    return changed


def _cut_short(seat, absence, at_once, by):
    reason = _("Cover is no longer needed: %(absence)s") % {"absence": absence}
    if at_once:
        seat.end(by=by, reason=reason)
        seat.client.record_event("ended_seat", by=by, reason=reason, person=seat.person_id, seat=seat.seat)
    else:
        seat.until = absence.last
        seat.keep(by=by, reason=reason)


def _give(client, person, seat, since, absence, by):
    given = Assignment(client=client, person=person, seat=seat, since=since, until=absence.last, absence=absence, created_by=by)
    given.keep(by=by, reason=_("Cover: %(absence)s") % {"absence": absence})
    client.record_event("assigned", by=by, person=person.pk, seat=seat, for_person=absence.person_id)
    security("seat given", actor=by, object=client, to=person)
    _tell(given, absence, by)
    return given


def _tell(given, absence, by):
    """By a letter from the outbox: a notice about a client is shown only to those who see it, and the seat may begin later."""
    with translation.override(given.person.language):
        words = {"by": by, "client": given.client, "absence": absence, "seat": given.get_seat_display()}
        text = _("%(by)s gave you a seat on %(client)s (%(seat)s), from the first day to the last: %(absence)s.")
        given.person.email_user(_("You cover %(client)s") % words, text % words)
