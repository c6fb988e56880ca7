"""What left the house: which document in which wording, to whom, when and how (SAL5)."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.contact import Contact
from clients.models.record import ClientRecord, HangingQuerySet


class DispatchQuerySet(HangingQuerySet):
    def about(self, record):
        """What was sent of one record, newest first."""
        kind = ContentType.objects.get_for_model(record)
        found = self.filter(content_type=kind, object_id=record.pk).order_by("-created_at", "-pk")
        return found.select_related("contact__client", "created_by", "client")


class Dispatch(ClientRecord):
    """One document, numbered, in one wording, to one contact. Never changed."""

    class How(models.TextChoices):
        LINK = "link", _("Through a safe link")
        HAND = "hand", _("Read out or handed over")

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    subject = GenericForeignKey()
    reference = models.CharField(_("number of the document"), max_length=40, editable=False)
    digest = models.CharField(_("SHA-256 of what was sent"), max_length=64, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", editable=False, verbose_name=_("contact"))
    sent_to = models.EmailField(_("sent to"), blank=True, editable=False)
    how = models.CharField(_("how"), max_length=4, choices=How, editable=False)

    view_right = "clients.view_client"
    seen_with = "subject"
    objects = DispatchQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(fields=["content_type", "object_id", "-created_at"], name="dispatch_of_record"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(how__in=["link", "hand"]), name="dispatch_how")]

    def __str__(self):
        return f"{self.reference}, {self.contact}"

    def get_absolute_url(self):
        return self.subject.get_absolute_url()

    @classmethod
    def note(cls, subject, *, reference, digest, contact, how, by):
        """Note that a document left; called inside the transaction of the move that sends it, which has asked the right."""
        sent_to = contact.email if how == cls.How.LINK else ""
        told = {"subject": subject, "reference": reference, "digest": digest, "contact": contact, "how": how}
        row = cls(client=subject.client, sent_to=sent_to, created_by=by, **told)
        return row.keep(by=by, reason="sent")


def dispatches_of(record):
    """What was sent of a record: for whoever sees the record."""
    return Dispatch.objects.about(record)
