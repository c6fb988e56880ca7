"""A file of clients and contacts that somebody sent and has looked at, or is about to."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency import clock

KEPT_DAYS = 2


class ClientImportQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Somebody's own, while the right holds: nobody looks into another's file."""
        return self.filter(created_by=person) if person.has_perm("clients.add_client") else self.none()

    def stale(self):
        """Looked at and left."""
        return self.filter(done_at__isnull=True, created_at__lt=clock.now() - timedelta(days=KEPT_DAYS))


class ClientImport(models.Model):
    """The rows of a file as they were understood. What is looked at is this, and what is made is this, never the file anew.

    Once made, the rows are let go: the clients and contacts tell the rest, each with its own history.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created"), default=clock.now)
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    clients = models.PositiveIntegerField(_("clients"), default=0)
    contacts = models.PositiveIntegerField(_("contacts"), default=0)
    done_at = models.DateTimeField(_("imported"), null=True)

    objects = ClientImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of clients")
        verbose_name_plural = _("imports of clients")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("client_import_look", args=[self.token])

    @classmethod
    def keep(cls, *, rows, arrived, by, token):
        """A file that was read, to be looked at. What others or this person left lying is cleared away."""
        cls.objects.stale().delete()
        it = cls(token=token, created_by=by, name=arrived.name, sha256=arrived.sha256, rows=[row.kept() for row in rows])
        it.count(rows)
        it.save()
        return it

    def count(self, rows):
        self.clients, self.contacts = sum(bool(row.client) for row in rows), sum(bool(row.contact) for row in rows)

    def settle(self, rows):
        """It is made."""
        self.count(rows)
        self.done_at, self.rows = clock.now(), []
        self.save()
