"""The figures of the department overview. Every list is one query, however many people, clients and steps there are."""

from django.db.models import Count
from django.utils.functional import cached_property

from accounts import rights
from accounts.models import BusinessGroup, Person, Role
from campaigns.models import Campaign
from clients.models import Assignment, Client
from desk.counts import NONE, PARTS, counted
from desk.health import Round, tally

MOST = 200
LEVELS = (Role.MINISTER, Role.SUPERVISOR, Role.DIRECTOR, Role.MANAGER, Role.SALESMAN, Role.COORDINATOR)


class Overview:
    """Groups, people and clients as far as `person` is over them."""

    def __init__(self, person, today):
        self.person, self.today = person, today
        self.sees_all = rights.TABLE["accounts.check_director"].scope(person) == "all"

    @cached_property
    def groups(self):
        """The groups, each with its clients' counts added up."""
        groups = BusinessGroup.objects.select_related("supervisor").order_by("name")
        if not self.sees_all:
            groups = groups.filter(supervisor=self.person)
        groups = list(groups)
        for group in groups:
            own = [client for client in self.clients if client.group_id == group.pk]
            group.served, group.running = len(own), sum(client.running for client in own)
            group.levels = tally([client.health.level for client in own])
            group.work = {name: sum(client.work[name] for client in own) for name in NONE}
            group.whole = sum(group.work[name] for name in PARTS)
        return groups

    @cached_property
    def clients(self):
        """The clients, by importance, each with its health, who serves it and its campaigns under way."""
        clients = Client.objects.visible_to(self.person).exclude(state=Client.State.FORMER).select_related("group")
        round_ = Round(clients.order_by("code")[:MOST], self.person, self.today, whole=True)
        clients = round_.visit(round_.clients)
        running = Campaign.objects.visible_to(self.person).running().order_by().values("client").annotate(n=Count("pk"))
        running = {row["client"]: row["n"] for row in running}
        for client in clients:
            client.running = running.get(client.pk, 0)
            client.serving = [seat for seat in self.seats if seat.client_id == client.pk and seat.seat in Assignment.LEAD]
        return sorted(clients, key=lambda client: (Client.Tier.values.index(client.tier), client.code))

    @cached_property
    def seats(self):
        seats = Assignment.objects.visible_to(self.person).current().select_related("person")
        return sorted(seats, key=lambda seat: list(Assignment.Seat.values).index(seat.seat))

    @cached_property
    def people(self):
        """Who belongs to the groups (for the minister: everybody of the department), with clients served and open steps."""
        people = Person.objects.in_role(*LEVELS).select_related("group", "guide")
        if not self.sees_all:
            people = people.filter(group__supervisor=self.person)
        people = counted(people[:MOST], "person", self.person, self.today)
        for each in people:
            each.serves = len({seat.client_id for seat in self.seats if seat.person_id == each.pk})
            each.open = each.whole - each.work["done"]
        return sorted(people, key=lambda each: (LEVELS.index(each.role), str(each)))

    @cached_property
    def unassigned(self):
        return sum(client.work["unassigned"] for client in self.clients)

    @cached_property
    def late(self):
        return sum(client.work["late"] for client in self.clients)
