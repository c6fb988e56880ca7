"""Open work that lies with nobody who can do it (COO1, MIN6): the one condition, and who is told of it.

Work strands in many ways: somebody left, changed the role, lost the seat or the group; the client went to another group; a
cover ran out. None of them has to remember the work: it is stranded while the person with whom it lies could not even see it.
"""

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from accounts.models import BusinessGroup, Person, Role
from accounts.rights import TABLE
from agency.flow import Court
from clients.ladder import Ladder
from clients.models import Assignment, GroupShare, Share
from reminders.registry import Due


def is_stranded(model):
    """The condition on the records of one ClientKnot model; what is whose it reads from `model.lies_with`."""
    found = Q(pk__in=[])
    for name, while_so in model.lies_with:
        found |= while_so & ~sees(model, name)
    return ~Q(court=Court.NOBODY) & found


def sees(model, name):
    """Whether the person in the field `name` works here and sees the record: `access.sees`, asked of a column.

    False where the field is empty. Neither NULL nor the number of records makes a difference to the answer.
    """
    right, may = TABLE[model.view_right], Q(pk__in=[])
    for role, scope in right.cells.items():
        if scope:
            may |= Q(role=role) & REACH[scope](model, right)
    return Exists(Person.objects.employed().filter(may, pk=OuterRef(name)).order_by())


def _all(model, right):
    return Q()


def _heads(model, right):
    return Q(Exists(BusinessGroup.objects.filter(supervisor=OuterRef("pk"), clients=of_record(model.client_key)).order_by()))


def _serves(model, right):
    held = Assignment.objects.current().filter(person=OuterRef("pk"), client=of_record(model.client_key))
    return Q(Exists(held.order_by()))


def _shares(model, right):
    """As `access.through_share`: an insider of the record, or a live share of it or of the whole it is a part of."""
    whole = model._meta.get_field(model.part_of).related_model if model.part_of else model
    key = Cast(of_record(model.part_of or "pk"), CharField())
    kind, codename = ContentType.objects.get_for_model(whole), right.codename.split(".")[1]
    on = {"permission__codename": codename, "content_type": kind, "object_pk": key}
    may = Q(Exists(Share.objects.live().filter(user=OuterRef("pk"), **on)))
    may |= Q(Exists(GroupShare.objects.live().filter(group__user=OuterRef("pk"), **on)))
    for insider in model.insiders:
        inside = model._base_manager.filter(pk=of_record("pk"), **{insider: OuterRef("pk")})
        may |= Q(Exists(inside.order_by()))
    return may


def of_record(name):
    """A field of the record, seen from a question about the person with whom it lies."""
    return OuterRef(OuterRef(name))


REACH = {"all": _all, "grp": _heads, "asg": _serves, "share": _shares}


def owed_stranded(model, mended_by):
    """For `Kind.owed`: a function today → one `Due` for each who can mend it. mended_by: (ladder, client) → people.

    The day on which the ball came to its holder stands for the due date, so that everybody hears once of a record and a holder.
    """
    return partial(_owed, model, mended_by)


def _owed(model, mended_by, today):
    stranded = list(
        model.objects.filter(is_stranded(model)).select_related("client", *(name for name, _while in model.lies_with))
    )
    ladder = Ladder({knot.client_id for knot in stranded})
    for knot in stranded:
        for person in mended_by(ladder, ladder.clients[knot.client_id]):
            yield Due(subject=knot, recipient=person, rung=0, due_on=lies_since(knot), text=partial(sentence, knot))


def lies_since(knot):
    return localdate(knot.court_since, get_default_timezone())


def is_still_stranded(knot, since, today):
    """For `Kind.is_due`: it lies where it lay. The sweep takes back each minute what is stranded no more."""
    return knot.court != Court.NOBODY and lies_since(knot) == since


def sentence(knot):
    """What is told, in the language that is active when it is asked for."""
    words = {"record": knot, "client": knot.client, "person": knot.in_hands_of}
    if words["person"] is None:
        return _("“%(record)s” of %(client)s lies with nobody.") % words
    return _("“%(record)s” of %(client)s lies with %(person)s, who can no longer do it.") % words


def heads_of(ladder, client):
    """Who mends texts and requests: the head of the client's group, or the ministers."""
    head = client.supervisor
    return [head] if head and head.is_active and head.role == Role.SUPERVISOR else ladder.ministers


def coordinators_of(ladder, client):
    """Who gives a step to somebody else: the coordinator, or else whoever mends the rest."""
    return ladder.coordinators_of(client) or heads_of(ladder, client)
