"""What every record of the house is made of, whoever it belongs to. Knows no app."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override
from simple_history.models import HistoricalRecords

from agency import clock
from agency.flow import Court, moves_of

SITTING = timedelta(minutes=30)  # what is saved piece by piece is one line of the trail for so long
TOLD = {
    "created": _("created it"),
    "revised": _("changed the text"),
    "shared": _("shared it with a colleague"),
    "unshared": _("took a share back"),
    "handed_over": _("handed it over to a colleague"),
    "attached": _("added a file"),
    "took_away": _("took a file away"),
    "link_sent": _("sent the client a link"),
    "link_remind": _("reminded the client of the link"),
    "link_revoke": _("took the client’s link back"),
}


# What goes on beside the way of a document from hand to hand.
BESIDE = ("revised", "shared", "unshared", "handed_over", "attached", "took_away", "link_sent", "link_remind", "link_revoke")

# Reasons that the house itself writes into histories, beside the labels of moves.
REASONS = [
    gettext_noop("revised"), gettext_noop("opened"), gettext_noop("began"), gettext_noop("planned"), gettext_noop("assigned"),
    gettext_noop("handed over"), gettext_noop("guide"), gettext_noop("password"), gettext_noop("frozen"),
    gettext_noop("withdrawn"), gettext_noop("attached"), gettext_noop("introduced"), gettext_noop("imported"),
    gettext_noop("authorised"), gettext_noop("entered"), gettext_noop("drafted"),
    gettext_noop("changed"), gettext_noop("ended"), gettext_noop("ended by new terms"),
    gettext_noop("sent"), gettext_noop("replaced by a newer link"),
    gettext_noop("asked"), gettext_noop("a section changed"), gettext_noop("the study was closed"),
    gettext_noop("the study was reopened"), gettext_noop("taken back"),
]  # fmt: skip


class History(HistoricalRecords):
    """The history of each kind of record, without what no history keeps: long texts that never change, and secrets."""

    WITHOUT = ("token", "words_read", "seed", "token_hash")

    def create_history_model(self, model, inherited):
        there = {field.name for field in model._meta.fields}
        self.excluded_fields = [name for name in self.WITHOUT if name in there]
        return super().create_history_model(model, inherited)

    def fields_included(self, model):
        return [field for field in model._meta.fields if field.name not in self.WITHOUT]


class Record(models.Model):
    """created by whom and when, a version that grows with every change, a token that makes creating idempotent, history."""

    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, db_index=False, verbose_name=_("created by")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    history = History(inherit=True)

    WORK = ("created", "revised", "submit")  # the verbs that make a person one of its writers

    class Meta:
        abstract = True

    def keep(self, *, by, reason=""):
        """Save with history: `by` and `reason` are who and why. Every change of a record ends here, once.

        Where somebody outside acts through a link, no person of ours is named; the reason says who it was.
        """
        if self.pk:
            self.version += 1
        with override(settings.LANGUAGE_CODE):  # kept in the source's language, shown in the reader's
            said = str(reason) if by.pk else f"{by}: {reason}"
            self._history_user, self._history_date, self._change_reason = by if by.pk else None, clock.now(), said
        self.save()
        return self

    def moves_open_to(self, person):
        """The moves `person` can make on this record now, first the one life would take next."""
        return [it for it in self._shown_moves if not it.undoes and it.is_open_to(person, self)]

    def moves_and_undo(self, person):
        """The same, and the taking back of the person's own last move: that costs a query, and so is for the record's page."""
        return self.moves_open_to(person) + [it for it in self._shown_moves if it.undoes and it.is_open_to(person, self)]

    @property
    def _shown_moves(self):
        return [it for it in moves_of(type(self)).values() if not it.hidden]

    def record_revision(self, *, by, fields, sitting=False):
        """The event of a change of text. sitting: what one person saves piece by piece, nothing else coming between, is told
        once."""
        last = self.last_event() if sitting and by.pk else None
        if last and (last.verb, last.actor_id) == ("revised", by.pk) and clock.now() - last.at <= SITTING:
            last.details = {**last.details, "fields": sorted({*last.details.get("fields", ()), *fields})}
            last.save(update_fields=["details"])
        else:
            self.record_event("revised", by=by, fields=list(fields))

    def events(self):
        """What happened to this record, newest first."""
        return self.event_model.objects.about(self)

    def course(self):
        """The way of a document from hand to hand, oldest first: who took it up, handed it on, returned it and why."""
        return self.events().exclude(verb__in=BESIDE).order_by("at", "pk")

    @property
    def kept_at(self):
        """When the version at hand was written."""
        return self.history.values_list("history_date", flat=True).first()

    def last_event(self):
        return self.events().first()

    def is_work_of(self, person):
        """Whether `person` had a hand in the text: made it, revised it or submitted it (four eyes)."""
        if person.pk is None:
            return False  # somebody outside
        listed = vars(self).get("listed_writers")
        if listed is not None:
            return person.pk in listed
        return self.events().filter(actor=person, verb__in=self.WORK).exists()


def with_writers(records):
    """The records of one kind of a list, each knowing who had a hand in it: one query where `is_work_of` would ask for each."""
    if records:
        model, writers = type(records[0]), {}
        kind, keys = ContentType.objects.get_for_model(model), [record.pk for record in records]
        events = model.event_model.objects.filter(content_type=kind, object_id__in=keys, verb__in=model.WORK)
        for key, actor in events.values_list("object_id", "actor"):
            writers.setdefault(key, set()).add(actor)
        for record in records:
            record.listed_writers = writers.get(record.pk, set())
    return records


class Knot(models.Model):
    """The four things every knot of the thread knows: its state (named by the model), whose court, since when, by when."""

    court = models.CharField(_("court"), max_length=12, choices=Court, default=Court.OURS, editable=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("with"),
    )
    court_since = models.DateTimeField(_("since"), default=clock.now, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class EventQuerySet(models.QuerySet):
    def about(self, record):
        """Events of one record, newest first, with their actors."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).with_who().order_by("-at", "-pk")

    def with_who(self):
        """With everything that a line of the trail names."""
        return self.select_related("actor", "content_type")


class EventBase(models.Model):
    """What happened: who, verb, record, when, why. Holds no money; is visible only with its record."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    verb = models.CharField(_("what"), max_length=40)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    at = models.DateTimeField(_("when"), default=clock.now)
    reason = models.TextField(_("why"), blank=True, max_length=2000)
    details = models.JSONField(default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.named} {self.told}"

    @property
    def who(self):
        return self.actor

    @property
    def named(self):
        """Who it was, as the trail tells it."""
        return str(self.who)

    @property
    def told(self):
        """The verb as the trail tells it, from the declaration of the move."""
        model = self.content_type.model_class()
        it = moves_of(model).get(self.verb) if model else None
        own = getattr(model, "told", {})
        return it.told if it else own.get(self.verb) or TOLD.get(self.verb, self.verb)
