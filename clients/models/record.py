from itertools import chain

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts.models import Person, Role
from agency import clock
from agency.flow import Refused, lock
from agency.log import security
from agency.records import EventBase, EventQuerySet, Knot, Record
from clients import access
from reminders.notices import take_back, tell, worded


def with_their_record(person, model):
    """The condition on what hangs on a record of any kind: visible with its record, and not otherwise.

    Where a role sees a kind of record by its client alone, the row's own client answers for the record (they are the
    same for ever), and one condition on an index stands for a list of every record of the house.
    """
    if scope := sees_by_client(person):
        return access.within(person, scope, model) & ~models.Q(content_type__in=unseen_kinds(person))
    seen = models.Q(pk__in=[])
    for scope, kinds in kinds_by_scope(person).items():
        if scope in access.BY_CLIENT:
            seen |= models.Q(content_type__in=kinds) & access.within(person, scope, model)
        else:
            for kind in kinds:
                records = kind.model_class().objects.visible_to(person).values("pk")
                seen |= models.Q(content_type=kind, object_id__in=records)
    return seen


class ClientEventQuerySet(EventQuerySet):
    def visible_to(self, person):
        """Events are visible only with their record."""
        return self.filter(with_their_record(person, self.model))

    def with_who(self):
        return self.select_related("actor", "contact__client", "content_type")


class Event(EventBase):
    """What happened in a client's affairs: feeds the trail, the progress reports and the evidence for evaluations."""

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+", db_index=False, verbose_name=_("client"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    contact = models.ForeignKey(
        "clients.Contact", models.PROTECT, null=True, related_name="+", verbose_name=_("who, at the client’s")
    )

    client_key, client_path = "client", "client__"
    objects = ClientEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["client", "-at", "-id"], name="event_of_client"),
            models.Index(fields=["content_type", "object_id", "-at"], name="event_trail"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__isnull=True, contact__isnull=False)
                | models.Q(actor__isnull=False, contact__isnull=True),
                name="event_is_of_a_person_or_a_contact",
            ),
        ]

    @property
    def who(self):
        """The person of ours, or the client's contact who acted through a link."""
        return self.actor or self.contact

    @property
    def named(self):
        return str(self.actor) if self.actor else self.contact.named


class BusinessQuerySet(models.QuerySet):
    def visible_to(self, person):
        """The records of which `person` may know. Every list, count, search, choice and file starts here."""
        return self.filter(access.reach(person, self.model.view_right, self.model))

    def where(self, person, right):
        """The records on which `person` holds `right` (and which he sees)."""
        return self.visible_to(person).filter(access.reach(person, right, self.model))


class HangingQuerySet(BusinessQuerySet):
    """Of records that are visible with the record they hang on (`seen_with`)."""

    def visible_to(self, person):
        return self.filter(with_their_record(person, self.model))

    def where(self, person, right):
        seen = self.visible_to(person)
        return seen if right == self.model.view_right else seen.filter(access.reach(person, right, self.model))


class BusinessRecord(Record):
    """What access needs to know of a model; see `clients.access`."""

    view_right = ""  # the right that lets one see the record
    client_key, client_path = "client", "client__"  # how the client is reached from here
    owner_fields = ("created_by",)  # the meaning of "own"
    insiders = ()  # people named on the record who always see it, when their role goes by shares
    part_of = ""  # the field of the whole whose share opens this part as well
    lent_only = False  # shares of it come with something else (`clients.lending`); nobody gives them by hand
    with_sight = ()  # rights that a share, or being an insider, gives together with the sight of the record
    guarded = {}  # a right → the fields that only its holders see, wherever the record is shown
    seen_with = ""  # the record, of whatever kind, with which it is visible; its queryset is a HangingQuerySet
    locked_after = ""  # the record whose moves write this one too: whoever locks both locks that one first
    attach_right = ""  # the right to add files to it; none where files come by its own pages only
    event_model = Event

    shares = GenericRelation("clients.Share", object_id_field="object_pk", content_type_field="content_type")
    group_shares = GenericRelation("clients.GroupShare", object_id_field="object_pk", content_type_field="content_type")

    objects = BusinessQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_owned_by(self, person, right):
        """The cell "own" for this record in hand."""
        return any(getattr(self, f"{name}_id") == person.pk for name in self.owner_fields)

    def withheld_from(self, person):
        """The names of the fields that `person`, who sees the record, does not see."""
        return {name for right, names in self.guarded.items() if not person.has_perm(right, self) for name in names}

    def may_attach(self, person):
        """Whether `person` adds files to this record and takes them away."""
        return bool(self.attach_right) and person.has_perm(self.attach_right, self)

    def record_event(self, verb, *, by, reason="", **details):
        who = {"actor": by} if by.pk else {"contact": by.contact}
        told = {"verb": verb, "subject": self, "reason": reason, "details": details}
        return Event.objects.create(client_id=self.client_id, **who, **told)

    def give_notice(self, *, to, text, kind, occasion="", **words):
        """Lay a notice on somebody's desk (nothing when there is nobody); the outbox mails it. No request ever sends.

        text, words: a lazy sentence and what is filled into it, put together in the language of whoever gets it ·
        occasion: what makes two notices of one kind different; by default the record's version.
        """
        if to is not None and to.is_active:
            tell(to, kind, self, worded(text, words), occasion=occasion or f"v{self.version}", path=self.get_absolute_url())

    def take_news_back(self, *, by, move, version=None):
        """Take back what was told of a move: the last one, or the one made when the record had this version."""
        take_back(self, f"v{version or self.version - 1}", by=by, move=move)

    @transaction.atomic
    def share_with(self, person, *, until, reason, by):
        """Open this one record to a colleague of another department until a date, that day included (CRD2).

        Raises PermissionDenied, or Refused when the colleague's role does not go by shares or the date has passed.
        """
        return self._share(person, until=until, reason=reason, by=by, verb="shared", text=_("%(by)s shared with you: %(what)s"))

    def _share(self, person, *, until, reason, by, verb, text, also=""):
        """also: a further right on it that comes with the share; a longer share to see it stays as long as it is."""
        if not by.has_perm("clients.share_record", self):
            raise PermissionDenied(_("Your role does not share this record."))
        if rights.TABLE[self.view_right].scope(person) != "share" or not person.is_active:
            raise Refused(_("Records are shared with members of other departments; the department itself goes by assignments."))
        if until < clock.today():
            raise Refused(_("The last day of a share cannot be in the past."))
        terms = {"until": until, "reason": reason, "given_by": by, "given_at": clock.now()}
        shares, to_see = self.shares.model.objects, self._grant(person)
        if also:
            shares.update_or_create(**self._grant(person, also), defaults=terms)
            there = shares.filter(**to_see).values_list("until", flat=True).first()
            terms = {**terms, "until": max(until, there or until)}
        share, _new = shares.update_or_create(**to_see, defaults=terms)
        event = self.record_event(verb, by=by, reason=reason, with_person=person.pk, until=until.isoformat())
        security("share given", actor=by, object=self, to=person)
        kind = f"{self._meta.label_lower}.shared"
        self.give_notice(to=person, text=text, kind=kind, occasion=f"event:{event.pk}", by=by, what=self)
        return share

    @transaction.atomic
    def unshare(self, person, *, by):
        """Take the share back at once."""
        if not by.has_perm("clients.share_record", self):
            raise PermissionDenied(_("Your role does not share this record."))
        gone, _models = self.shares.filter(user=person, through="").delete()
        if gone:
            self.record_event("unshared", by=by, with_person=person.pk)
            security("share taken back", actor=by, object=self, to=person)

    def _grant(self, person, right="", through=""):
        """What makes a share one: who, which right (by default the one to see it), on this record, lent by what."""
        kind, codename = ContentType.objects.get_for_model(self), (right or self.view_right).split(".")[1]
        permission = Permission.objects.get(content_type=kind, codename=codename)
        shared = {"permission": permission, "content_type": kind, "object_pk": str(self.pk)}
        return {"user": person, **shared, "through": through}


class ClientRecord(BusinessRecord):
    """A record that belongs to one client for ever. Children take `client` from their parent; it is never edited."""

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="+", db_index=False, editable=False, verbose_name=_("client")
    )

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["client", "-created_at", "-id"], name="%(class)s_of_client")]


class ClientKnot(ClientRecord, Knot):
    """A client's record with state, court, since and by when."""

    # The fields that name with whom it lies, each with the condition while it does; see `clients.stranded`.
    lies_with = (("holder", models.Q()),)

    @property
    def in_hands_of(self):
        """With whom it lies, for words: of several the one who has to act."""
        return self.holder

    def decider(self, right, *asked, by=None):
        """The first of `asked` who may decide on this record: who holds `right` and had no hand in it; else a minister.

        by: who submits it at this moment (four eyes). The ball never lies with somebody who could not play it.
        """
        people = chain(filter(None, asked), Person.objects.in_role(Role.MINISTER).order_by("pk"))
        fit = (person for person in people if person != by and person.has_perm(right, self))
        return next((person for person in fit if not self.is_work_of(person)), None)

    @transaction.atomic
    def hand_on(self, *, to, by):
        """At a handover between people (MIN6): whoever follows in the seat has the ball. The state stays as it is."""
        lock(self)
        if not by.has_perm("clients.assign_client", self):
            raise PermissionDenied(_("Assigning clients is the minister's."))
        self.holder, self.court_since = to, clock.now()
        self.keep(by=by, reason="handed over")
        self.record_event("handed_over", by=by, person=to and to.pk)

    class Meta(ClientRecord.Meta):
        abstract = True
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(
                fields=["due_on", "id"],
                name="%(class)s_open_due",
                condition=models.Q(due_on__isnull=False) & ~models.Q(court="nobody"),
            ),
        ]


def business_models():
    """Every concrete model whose records belong to a client."""
    return [model for model in apps.get_models() if issubclass(model, BusinessRecord)]


def kinds_by_scope(person):
    """For which records this person sees each kind: the cell of the rights table → the kinds (content types)."""
    found = {}
    for model in business_models():
        if _hangs_on_any_kind(model):
            continue
        scope = rights.TABLE[model.view_right].scope(person) if person.is_active else ""
        found.setdefault(scope, []).append(ContentType.objects.get_for_model(model))
    found.pop("", None)
    return found


def _hangs_on_any_kind(model):
    """Whether records of the model are seen with a record of whatever kind. Those seen with one of a single kind, as what is
    said about a step, are a kind like others."""
    return bool(model.seen_with) and model.seen_with not in {field.name for field in model._meta.concrete_fields}


def sees_by_client(person):
    """The cell, if this person sees every kind of record by its client alone, or not at all (`unseen_kinds`); else ""."""
    scopes = {rights.TABLE[model.view_right].scope(person) for model in business_models()} if person.is_active else {""}
    scopes.discard("")
    return scopes.pop() if len(scopes) == 1 and scopes <= access.BY_CLIENT else ""


def unseen_kinds(person):
    """The kinds of record of which this person sees none, whoever the client is: orders and invoices for most."""
    unseen = [model for model in business_models() if not model.seen_with and not _sees_any(person, model)]
    return [ContentType.objects.get_for_model(model) for model in unseen]


def _sees_any(person, model):
    return bool(rights.TABLE[model.view_right].scope(person))
