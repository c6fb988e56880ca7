"""The lines pinned on the page of a client, a brief, a campaign: what its work is judged by."""

from django.db.models import Case, Count, Value, When

from agency.pages import CAP
from clients.models import Requirement

MOST = 12
ADD = "clients.add_requirement"
FIRST = Case(When(state="broken", then=Value(0)), default=Value(1))


class Pinned(list):
    """The lines that wait, broken ones first; `settled` counts the others. Two queries, and one for the right to add."""

    def __init__(self, client, person, sources=()):
        seen = Requirement.objects.visible_to(person).pinned(client, sources)
        states = dict(seen.order_by().values_list("state").annotate(n=Count("pk")))
        super().__init__(seen.unsettled().for_page().order_by(FIRST, "on", "-said_on", "-pk")[:MOST])
        self.client, self.may_add = client, person.has_perm(ADD, client)
        self.settled = sum(n for state, n in states.items() if state not in Requirement.UNSETTLED)
        self.waiting = sum(states.values()) - self.settled

    @property
    def count_text(self):
        return f"{CAP}+" if self.waiting > CAP else str(self.waiting)

    @property
    def is_cut(self):
        return self.waiting > len(self)


def pinned_for(person, client, *sources):
    """What `clients/_requirements.html` shows: None for whoever does not see the client, and so not its ledger."""
    return Pinned(client, person, sources) if person.has_perm(Requirement.view_right, client) else None
