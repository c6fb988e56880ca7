"""The outbox. Whatever is to leave the house is a row here first, written in the transaction of its cause."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agency import clock
from reminders.registry import label_of, models_told_of

LEASE = timedelta(minutes=2)
OPEN = Q(sent_at__isnull=True, dropped_at__isnull=True)


class OutgoingQuerySet(models.QuerySet):
    def waiting(self, now):
        """What may leave by `now` and is in nobody's hands."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.filter(OPEN, free, send_at__lte=now)

    def claim(self, now, most):
        """Take at most `most` of these rows, which are to be one mail, under a lease; [] if another worker was faster.

        Two workers never get the same row: PostgreSQL skips rows somebody else has locked, SQLite lets one writer in at a time.
        Rows that were claimed before keep their batch, so that the mail repeats under its old Message-ID.
        """
        with transaction.atomic():
            rows = list(self.waiting(now).select_for_update(skip_locked=True, of=("self",)).order_by("send_at", "pk")[:most])
            if not rows:
                return []
            batch = rows[0].batch or uuid.uuid4()
            for row in rows:
                row.batch, row.leased_until, row.attempts = batch, now + LEASE, row.attempts + 1
            keys = [row.pk for row in rows]
            self.model.objects.filter(pk__in=keys).update(batch=batch, leased_until=now + LEASE, attempts=F("attempts") + 1)
        return rows

    def sent(self, now):
        """The mail server has accepted these rows. Returns how many."""
        return self.filter(OPEN).update(sent_at=now, leased_until=None, last_error="", **self.model.blanks)

    def drop(self, now, reason):
        """These rows will not be sent, for this reason. Returns how many."""
        return self.filter(OPEN).update(dropped_at=now, drop_reason=reason, leased_until=None, **self.model.blanks)

    def put_off(self, until, error=""):
        """Leave these rows alone until then; they keep their batch. Returns how many."""
        return self.filter(OPEN).update(leased_until=until, last_error=error[:300])

    def set_aside(self, until, error):
        """Take these rows out of the mail they were claimed for and look at them again later."""
        return self.filter(OPEN).update(leased_until=until, last_error=error[:300], batch=None)


class Outgoing(models.Model):
    """A row of the outbox: from when it may leave, in whose hands it is, and what became of it."""

    class Drop(models.TextChoices):
        SETTLED = "settled", _("No longer due")
        HIDDEN = "hidden", _("No longer visible to the recipient")
        LEFT = "left", _("The recipient has left")
        DESK = "desk", _("Read on the desk, as the recipient wishes")
        OVERTAKEN = "overtaken", _("A higher rung has been reached")
        NO_ADDRESS = "no_address", _("No e-mail address")
        UNDELIVERABLE = "undeliverable", _("Refused by the mail server")

    created_at = models.DateTimeField(_("written"), default=clock.now, editable=False)
    send_at = models.DateTimeField(_("leaves from"))
    leased_until = models.DateTimeField(_("left alone until"), null=True, editable=False)
    batch = models.UUIDField(_("mail"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    dropped_at = models.DateTimeField(_("dropped"), null=True, editable=False)
    drop_reason = models.CharField(_("dropped because"), max_length=16, choices=Drop, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)

    blanks = {}  # what is wiped when the row is done with
    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [models.Index(fields=["send_at", "id"], condition=OPEN, name="%(class)s_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True), name="%(class)s_is_sent_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, drop_reason="") | Q(dropped_at__isnull=False) & ~Q(drop_reason=""),
                name="%(class)s_drop_has_a_reason",
            ),
        ]


class NoticeQuerySet(OutgoingQuerySet):
    def visible_to(self, person):
        """The person's own notices whose hour has come and whose record this person may see at this moment.

        One query by the person's index tells of which kinds of record there are any among these, so that the condition asks
        for the few kinds and not for all of the house. EXISTS asks for each of the person's few notices; IN would list all the
        records of the house first (minutes at scale).
        """
        gone = Q(drop_reason__in=(Outgoing.Drop.SETTLED, Outgoing.Drop.HIDDEN, Outgoing.Drop.LEFT))
        own = self.filter(recipient=person, shown_at__lte=clock.now()).exclude(gone)
        kinds = set(own.order_by().values_list("content_type", flat=True).distinct())
        seen = Q(pk__in=[])
        for content_type, model in models_told_of().items():
            if content_type.pk in kinds:
                there = model._default_manager.visible_to(person).filter(pk=models.OuterRef("object_id")).order_by()
                seen |= Q(models.Exists(there), content_type=content_type)
        return own.filter(seen)

    def unseen(self):
        return self.filter(seen_at__isnull=True)

    def see(self):
        """The recipient has seen these; the first time counts."""
        return self.unseen().update(seen_at=clock.now())

    def unsee(self):
        """The recipient wants to meet these as new again."""
        return self.update(seen_at=None)

    def capped_count(self, cap=99):
        """How many there are, for the frame of every page; cap + 1 means more than cap."""
        return self.order_by()[: cap + 1].count()

    def about(self, subject):
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def overtaken(self, now):
        """Open lines of a recipient who has by now been written a higher rung of the same ladder."""
        higher = self.model.objects.filter(
            **{name: models.OuterRef(name) for name in ("content_type", "object_id", "recipient", "kind", "due_on")},
            rung__gt=models.OuterRef("rung"),
            send_at__lte=now,
        )
        return self.waiting(now).filter(models.Exists(higher))


class Notice(Outgoing):
    """A line on one person's desk, and its mail. The text is kept in the recipient's language; whether it may still be read is
    asked of the record each time (CRD4)."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False, verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=60)
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", db_index=False, verbose_name=_("record type")
    )
    object_id = models.PositiveBigIntegerField(_("record"))
    subject = GenericForeignKey()
    text = models.CharField(_("text"), max_length=500)
    path = models.CharField(_("page"), max_length=200)
    occasion = models.CharField(_("occasion"), max_length=40)
    due_on = models.DateField(_("due"), null=True, blank=True)
    rung = models.SmallIntegerField(_("rung"), null=True, blank=True)
    digest = models.BooleanField(_("in the morning's digest"), default=False)
    shown_at = models.DateTimeField(_("on the desk from"), default=clock.now)
    seen_at = models.DateTimeField(_("seen"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["recipient", "-id"], name="notice_desk"),
            models.Index(fields=["recipient", "-id"], name="notice_unseen", condition=Q(seen_at__isnull=True)),
        ]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["content_type", "object_id", "recipient", "kind", "occasion"], name="notice_once_for_each_occasion"
            ),
            models.CheckConstraint(
                condition=Q(rung__isnull=True, due_on__isnull=True) | Q(rung__isnull=False, due_on__isnull=False),
                name="notice_rung_and_due_are_a_pair",
            ),
        ]

    def __str__(self):
        return f"{self.label} → {self.recipient}"

    @property
    def place(self):
        """The ladder this stands on: record (type and key), recipient, due date."""
        return self.content_type_id, self.object_id, self.recipient_id, self.due_on

    @property
    def is_late(self):
        """Whether the thing was overdue when this was written."""
        return self.rung is not None and self.rung > 0

    @property
    def label(self):
        """What its kind is called; never the text, which is for the recipient alone."""
        return label_of(self.kind)


class Letter(Outgoing):
    """A mail of its own to one address, such as a link to a new password. Its text may hold a secret: gone once it is sent.

    kind, about: of a letter that is looked at again when it leaves; see `registry.Post`.
    """

    to = models.EmailField(pgettext_lazy("a mail", "to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), editable=False)
    html = models.TextField(_("text as HTML"), blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60, blank=True, editable=False)
    about = models.PositiveBigIntegerField(_("record"), null=True, editable=False)

    blanks = {"body": "", "html": ""}

    class Meta(Outgoing.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M} → {self.to}"
