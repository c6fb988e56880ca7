"""The one answer to "may I?", for pages, lists, forms, the admin, files and tasks alike.

A right is a row of `accounts.rights.TABLE`; the cell of the person's role says for which records. The answer comes in two
shapes that a test keeps equal: `reach()` as a condition for lists, `may()` for one record in hand. A model says with class
attributes what the cells mean for it: `client_key`, `owner_fields`, `insiders`, `part_of`, `view_right`.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import StaffRecord
from accounts.rights import TABLE

NOTHING = Q(pk__in=[])
BY_CLIENT = frozenset({"all", "grp", "asg", "sml", "house"})
_looks = ContextVar("looks", default=None)


class Access:
    """Authentication backend: knows the rights of the department, lets nobody in, never short-cuts for a superuser."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def may(self, person, right, record=None):
        """Whether `person` holds `right` on `record`; without a record: whether on any record at all."""
        if not person.is_active or not (scope := TABLE[right].scope(person)):
            return False
        if record is None:
            return True
        if isinstance(record, StaffRecord):
            return record.admits(person, right)
        if not sees(person, record):
            return False
        return right == record.view_right or covers(person, right, scope, record)


def sees(person, record):
    """Whether the record is visible to `person` at all (otherwise it does not exist for him: 404)."""
    if record.seen_with:
        whole = getattr(record, record.seen_with)
        return whole is not None and sees(person, whole)
    scope = TABLE[record.view_right].scope(person)
    return person.is_active and bool(scope) and covers(person, record.view_right, scope, record)


def reach(person, right, model):
    """The condition on `model` under which a record is one on which `person` holds `right`."""
    scope = TABLE[right].scope(person) if person.is_active else ""
    if scope == "own":
        return any_of(model.owner_fields, person)
    if scope == "share" and right in model.with_sight:
        return Q(pk__in=model._default_manager.visible_to(person).order_by().values("pk"))
    if scope == "share":
        return through_share(person, right, model)
    return within(person, scope, model)


def within(person, scope, model):
    """The condition of a cell that goes by the client alone (BY_CLIENT); NOTHING for any other."""
    key, group = model.client_key, model.client_path + "group__supervisor"
    if scope in {"asg", "sml"}:
        served = Q(**{f"{key}__in": person.assignments.current().values("client")})
        return served & Q(**{model.client_path + "tier": "small"}) if scope == "sml" else served
    return {"all": Q(), "grp": Q(**{group: person}), "house": Q(**{model.client_path + "is_house": True})}.get(scope, NOTHING)


def covers(person, right, scope, record):
    """The same answer for one record in hand, from what is known of the person's standing."""
    if scope == "all":
        return True
    if scope == "grp":
        return record.client.group_id in look(person).groups
    if scope in {"asg", "sml"}:
        return record.client_id in look(person).clients and (scope == "asg" or record.client.tier == "small")
    if scope == "own":
        return record.is_owned_by(person, right)
    if scope == "house":
        return record.client.is_house
    if right in record.with_sight:
        return True  # whoever asks here sees the record
    return type(record)._base_manager.filter(through_share(person, right, type(record)), pk=record.pk).exists()


def through_share(person, right, model):
    """A live share of the record (or of the whole it is a part of), or being one of its insiders."""
    whole = model._meta.get_field(model.part_of).related_model if model.part_of else model
    found = NOTHING
    for ids in shared_ids(person, right.split(".")[1], ContentType.objects.get_for_model(whole)):
        found |= Q(**{f"{model.part_of or 'pk'}__in": ids})
    if right == model.view_right:
        # One subquery for each way of being an insider: joined under one OR they would be looked for in every record there is.
        for name in model.insiders:
            found |= Q(pk__in=model._base_manager.filter(**{name: person}).values("pk"))
    return found


def shared_ids(person, codename, kind):
    """Two subqueries: keys of the records of one kind shared with `person`, directly and through a group, and not yet over."""
    on = {"permission__codename": codename, "content_type": kind}
    groups = person.groups.through.objects.filter(person=person).values("group")
    return person.share_set.live().filter(**on).keys(), kind.groupshare_set.live().filter(group__in=groups, **on).keys()


def any_of(fields, person):
    found = NOTHING
    for name in fields:
        found |= Q(**{name: person})
    return found


class Standing:
    """What a person is to the clients: the groups headed, the clients on whom a seat is held. Two queries at most."""

    def __init__(self, person):
        self.person = person

    @cached_property
    def groups(self):
        return frozenset(self.person.headed_groups.values_list("pk", flat=True))

    @cached_property
    def clients(self):
        return frozenset(self.person.assignments.current().values_list("client", flat=True))


def look(person):
    """The person's standing: read anew each time, but remembered for the length of `one_look()`."""
    remembered = _looks.get()
    if remembered is None:
        return Standing(person)
    return remembered.setdefault(person.pk, Standing(person))


@contextmanager
def one_look():
    """Remember everybody's standing while one page is only read. Moves and edits always look again."""
    token = _looks.set({})
    try:
        yield
    finally:
        _looks.reset(token)
