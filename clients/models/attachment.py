"""Files that hang on a record: kept as they came, visible with their record, taken away by an act and never written over."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.files import TYPES, WITH_TEXT, Arrived, digest_of, examine, random_name, stored, text_of
from agency.flow import Refused, lock
from agency.log import security
from clients.models.contact import Contact
from clients.models.record import ClientRecord, HangingQuerySet


class AttachmentQuerySet(HangingQuerySet):
    def kept(self):
        """Those that nobody has taken away."""
        return self.filter(taken_at__isnull=True)

    def of(self, record):
        """The files of one record, the oldest first, with everybody a list names."""
        kind = ContentType.objects.get_for_model(record)
        found = self.filter(content_type=kind, object_id=record.pk).select_related("client", "created_by", "contact")
        return found.defer("words_read").order_by("created_at", "pk")


class Attachment(ClientRecord):
    """A file of a record. `sha256` is the digest of what is kept, from the first moment: confirmations quote it.

    A picture is drawn anew before it is kept; `sha256_arrived` is the digest of what somebody sent.
    """

    class Reading(models.TextChoices):
        READ = "read", _("Text read")
        UNREADABLE = "unreadable", _("Text could not be read")
        NONE = "none", _("No text")

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    subject = GenericForeignKey()
    file = models.FileField(_("file"), upload_to=random_name, max_length=120, editable=False)
    name = models.CharField(_("name"), max_length=120, editable=False)
    media_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    sha256_arrived = models.CharField(_("SHA-256 of what was sent"), max_length=64, editable=False)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("sent by")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    reading = models.CharField(_("reading"), max_length=10, choices=Reading, default=Reading.NONE, editable=False)
    words_read = models.TextField(_("text"), blank=True, editable=False)
    taken_at = models.DateTimeField(_("taken away"), null=True, editable=False)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    view_right = "clients.view_client"
    seen_with = "subject"
    objects = AttachmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["created_at", "pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(fields=["content_type", "object_id", "created_at"], name="attachment_of_record"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True, taken_by__isnull=True)
                | models.Q(taken_at__isnull=False, taken_by__isnull=False),
                name="taking_a_file_away_is_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(reading__in=["read", "unreadable", "none"]), name="attachment_reading"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0) & ~models.Q(sha256=""), name="attachment_holds_something"),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("file", args=[self.pk, self.name])

    @property
    def who(self):
        """Whose file it is: the contact who sent it through a link, else the colleague who put it here."""
        return self.contact or self.created_by

    @property
    def kind(self):
        """What people call its type."""
        return TYPES[self.media_type].label

    @property
    def is_kept(self):
        return self.taken_at is None

    @property
    def text(self):
        """What was read in a DOCX or a PDF."""
        return self.words_read

    @property
    def has_text(self):
        return self.reading == self.Reading.READ

    def sha256_now(self):
        """The digest of what lies in the storage at this moment."""
        with self.file.open("rb") as content:
            return digest_of(content)

    @property
    def is_cited(self):
        """Whether a confirmation or a decision leans on it: then it stays."""
        relations = (field for field in self._meta.get_fields(include_hidden=True) if field.one_to_many)
        proofs = (field for field in relations if getattr(field, "on_delete", None) is models.PROTECT)
        return any(it.related_model._base_manager.filter(**{it.field.name: self}).exists() for it in proofs)

    @transaction.atomic
    def take_away(self, *, by, reason):
        """Serve it no longer. The row and its digest stay, and the trail of its record tells who did it and why."""
        lock(self)
        if not self.subject.may_attach(by):
            raise PermissionDenied(_("Your role does not change the files of this record."))
        if not self.is_kept:
            raise Refused(_("This file had already been taken away."))
        if not reason.strip():
            raise Refused(_("Please say why the file is taken away: it is kept with the record."))
        if self.is_cited:
            raise Refused(_("A decision is proved by this file; it stays where it is."))
        self.taken_at, self.taken_by = clock.now(), by
        self.keep(by=by, reason=reason)
        self.subject.record_event("took_away", by=by, reason=reason, file=self.pk, name=self.name)
        security("file taken away", actor=by, object=self.subject, file=self.pk)


def attach(record, upload, *, by, note="", as_visitor=None, token=None):
    """Keep a file with `record` (a ClientRecord or a client); the caller has asked the right. Returns the Attachment.

    upload: an uploaded file, or an `Arrived` that a form has examined · as_visitor: the client's contact who sends it through a
    link; `by` is then the colleague who sent the link · token: the same one twice keeps one file.
    Raises Refused with a sentence for what is not taken.
    """
    if token and (there := Attachment.objects.filter(token=token, created_by=by).first()):
        return there
    arrived = upload if isinstance(upload, Arrived) else examine(upload)
    reading, text = text_of(arrived.content) if arrived.media_type in WITH_TEXT else ("none", "")
    place = stored(arrived)
    try:
        with transaction.atomic():
            return _kept(record, arrived, by, as_visitor, file=place, note=note, reading=reading, words_read=text, token=token)
    except BaseException:
        default_storage.delete(place)
        raise


def _kept(record, arrived, by, visitor, *, token, **fields):
    attachment = Attachment(
        client=record.client, subject=record, created_by=by, contact=visitor and visitor.contact, name=arrived.name,
        media_type=arrived.media_type, size=arrived.size, sha256=arrived.sha256, sha256_arrived=arrived.arrived, **fields,
    )  # fmt: skip
    if token:
        attachment.token = token
    attachment.keep(by=visitor or by, reason="attached")
    record.record_event("attached", by=visitor or by, file=attachment.pk, name=attachment.name)
    return attachment


def attachments_of(record):
    """The files of a record that are there, the oldest first: for whoever sees the record."""
    return Attachment.objects.of(record).kept()
