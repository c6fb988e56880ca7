import hashlib
import json

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models import ClientRecord


def digest_of(content):
    """The SHA-256 of what a document says; confirmations quote it. content: what JSON can hold."""
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


class Edition(ClientRecord):
    """A brief as it was accepted: frozen, numbered from 1. What hangs on a brief names the edition it was made from."""

    brief = models.ForeignKey("briefs.Brief", models.PROTECT, related_name="editions", editable=False, db_index=False)
    number = models.PositiveSmallIntegerField(_("edition"), editable=False)
    content = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    brief_version = models.PositiveIntegerField(editable=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False, editable=False)
    because = models.TextField(_("why it was changed"), blank=True, max_length=2000, editable=False)

    view_right = "briefs.view_brief"
    part_of = "brief"

    class Meta(ClientRecord.Meta):
        ordering = ["-number"]
        verbose_name = _("edition of a brief")
        verbose_name_plural = _("editions of briefs")
        constraints = [models.UniqueConstraint(fields=["brief", "number"], name="one_edition_per_number")]

    def __str__(self):
        return _("%(brief)s, edition %(n)d") % {"brief": self.content["title"], "n": self.number}

    def get_absolute_url(self):
        return reverse("brief", args=[self.brief_id])

    @classmethod
    def freeze(cls, brief, *, by, because=""):
        """The next edition of a brief, as it stands at this moment; the caller holds the brief's lock."""
        number = (brief.editions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        content = brief.content()
        edition = cls(
            client_id=brief.client_id, brief=brief, number=number, content=content, digest=digest_of(content),
            brief_version=brief.version + 1, because=because, created_by=by,
        )  # fmt: skip
        return edition.keep(by=by, reason="frozen")

    def withdraw(self, *, by):
        """Its acceptance was taken back at once. The number is not given again."""
        self.withdrawn = True
        return self.keep(by=by, reason="withdrawn")
