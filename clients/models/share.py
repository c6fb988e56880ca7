from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models import GroupObjectPermissionAbstract, UserObjectPermissionAbstract

from agency import clock


class ShareQuerySet(models.QuerySet):
    def live(self):
        """Shares whose last day has not passed. Nothing depends on a sweep that removes the others."""
        return self.filter(until__gte=clock.today())

    def keys(self):
        """The shared records' primary keys, as numbers, for use in a subquery."""
        return self.values_list(Cast("object_pk", models.BigIntegerField()), flat=True)


class Grant(models.Model):
    """What every grant carries: the last day it holds, who gave it and why."""

    until = models.DateField(_("until"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"), default=clock.now)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        abstract = True


class Share(Grant, UserObjectPermissionAbstract):
    """One right on one record for one person of another department, until a date (CRD2).

    through: empty for what a colleague shared by hand; else what lent it and takes it back (`clients.lending`). Each stands by
    itself: ending the one leaves the other.
    """

    through = models.CharField(_("lent through"), max_length=60, blank=True, default="", editable=False)

    objects = UserObjectPermissionManager.from_queryset(ShareQuerySet)()

    class Meta(UserObjectPermissionAbstract.Meta):
        abstract = False
        unique_together = [["user", "permission", "object_pk", "through"]]
        verbose_name = _("share")
        verbose_name_plural = _("shares")

    def __str__(self):
        return f"{self.user} · {self.permission.codename}"


class GroupShare(Grant, GroupObjectPermissionAbstract):
    """The same for a group of people."""

    objects = GroupObjectPermissionManager.from_queryset(ShareQuerySet)()

    class Meta(GroupObjectPermissionAbstract.Meta):
        abstract = False
        verbose_name = _("share with a group")
        verbose_name_plural = _("shares with groups")

    def __str__(self):
        return f"{self.group} · {self.permission.codename}"
