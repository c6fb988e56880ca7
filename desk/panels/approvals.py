"""How many drafts wait for what, and how many lie with the clients past their day (DEP7, SAL2)."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.board import STAGES, capped, is_late
from approvals.models import Draft

SHOWN = ("review", "cleared", "client")


def waiting(person, today):
    """(label, state, how many, where they are shown) of what waits among the drafts that the person sees; one query."""
    asked = {word: Count("pk", filter=STAGES[word][2]) for word in SHOWN}
    asked["silent"] = Count("pk", filter=STAGES["client"][2] & is_late(today))
    asked["late"] = Count("pk", filter=is_late(today) & ~Q(state=Draft.State.CLIENT))
    found = Draft.objects.visible_to(person).open().order_by().aggregate(**asked)
    rows = [(STAGES[word][0], STAGES[word][1], found[word], {"stage": word}) for word in SHOWN]
    rows += [
        (_("With clients, late"), "late", found["silent"], {"stage": "client", "late": "1"}),
        (_("With us, late"), "late", found["late"], {"late": "1"}),
    ]
    return [
        {"label": label, "state": state, "value": capped(n), "url": reverse("approvals", query=query)}
        for label, state, n, query in rows
        if n
    ]
