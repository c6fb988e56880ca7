"""Clients that lack somebody: without a director (small ones need none), a manager, a salesman or a group (MIN6)."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from clients.models import Assignment, Client

SEATS = ("director", "manager", "salesman")
MOST = 8


def lacking(person, most=MOST):
    """(the first such clients, each with `lacks` in words and the `seats` to fill; how many there are). Two queries."""
    held = Assignment.objects.visible_to(person).current().filter(client=OuterRef("pk"))
    clients = (
        Client.objects.visible_to(person).filter(is_house=False).exclude(state=Client.State.FORMER).select_related("group")
    )
    clients = clients.annotate(**{f"has_{seat}": Exists(held.filter(seat=seat)) for seat in SEATS})
    small = Q(tier=Client.Tier.SMALL)
    wanting = clients.filter(Q(has_director=False) & ~small | Q(has_manager=False) | Q(has_salesman=False) | Q(group=None))
    shown = list(wanting.order_by("code")[:most])
    for client in shown:
        client.seats = [seat for seat in SEATS if not getattr(client, f"has_{seat}") and not _needs_none(client, seat)]
        client.lacks = words(client)
    return shown, wanting.count()


def _needs_none(client, seat):
    return seat == "director" and client.tier == Client.Tier.SMALL


def words(client):
    names = [Assignment.Seat(seat).label for seat in client.seats]
    if len(names) == len(SEATS):
        names = [_("nobody serves it")]
    return ", ".join(map(str, [*names, *([] if client.group_id else [_("no group")])]))
