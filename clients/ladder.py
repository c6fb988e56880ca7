"""Who hears of a late thing, and when (working days from the due date). One ladder for everything that can be due.

-1 and 0 are lines in the owner's digest; from +1 on a mail of its own: +1 the owner, the guide if the owner is a salesman, a
coordinator; +2 the director (for small clients the leading manager); +3 the supervisor, for key clients the minister too.
"""

from django.utils.functional import cached_property

from accounts.models import Absence, Person, Role
from agency import clock
from clients.models import Assignment, Client


def rung_of(due_on, today, workdays):
    """Working days from the due date to today: -1 the working day before, 0 the day, 1 the first working day after."""
    return workdays.between(workdays.on_or_after(due_on), today)


class Ladder:
    """The recipients for many records at once: reads what it is asked for, in a constant number of queries."""

    def __init__(self, client_ids):
        self.client_ids = set(client_ids)

    @cached_property
    def clients(self):
        return Client.objects.select_related("group__supervisor").in_bulk(self.client_ids)

    @cached_property
    def seats(self):
        held = Assignment.objects.current().filter(client__in=self.client_ids, seat__in=Assignment.LEAD)
        return {(it.client_id, it.seat): it.person for it in held.select_related("person__guide")}

    @cached_property
    def coordinators(self):
        return list(Person.objects.in_role(Role.COORDINATOR).order_by("pk"))

    @cached_property
    def away(self):
        """The keys of the coordinators who are away all of today."""
        gone = Absence.objects.touching(clock.today(), clock.today()).filter(half=False, person__in=self.coordinators)
        return set(gone.values_list("person", flat=True))

    @cached_property
    def ministers(self):
        return list(Person.objects.in_role(Role.MINISTER).order_by("pk"))

    def rungs(self, client_id, owner):
        """Pairs (rung, person), lowest first, for a thing of this client owned by `owner` (None: the coordinator)."""
        client = self.clients[client_id]
        owners = [owner] if owner else self.coordinators_of(client)
        yield from ((rung, person) for person in owners for rung in (-1, 0, 1))
        if owner and owner.role == Role.SALESMAN and owner.guide:
            yield 1, owner.guide
        yield from ((1, person) for person in self.coordinators_of(client))
        if lead := self.lead(client):
            yield 2, lead
        if client.group and client.group.supervisor:
            yield 3, client.group.supervisor
        if client.tier == Client.Tier.KEY:
            yield from ((3, person) for person in self.ministers)

    def reached(self, client_id, owner, rung):
        """For each recipient the highest rung reached by now: person → rung. Nobody is told twice of what he has outgrown."""
        reached = {}
        for step, person in self.rungs(client_id, owner):
            if step <= rung and person.is_active:
                reached[person] = max(step, reached.get(person, step))
        return reached

    def lead(self, client):
        return self.seats.get((client.pk, "director")) or self.seats.get((client.pk, "manager"))

    def salesman(self, client_id):
        """Who chases the client's answers."""
        return self.seats.get((client_id, "salesman"))

    def coordinators_of(self, client):
        """A coordinator: the one of the client's group, else the first of all; one who is away today only if all are (MIN1)."""
        here = [person for person in self.coordinators if person.pk not in self.away] or self.coordinators
        own = [person for person in here if person.group_id == client.group_id]
        return (own or here)[:1]
