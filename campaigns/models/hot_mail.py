from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person


class HotMail(models.Model):
    """That a person's hot list of one day and hour is written, so that it is written once, whoever sweeps (COO1)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person"))
    on = models.DateField(_("day"))
    hour = models.PositiveSmallIntegerField(_("hour"))

    class Meta:
        verbose_name = _("hot list sent")
        verbose_name_plural = _("hot lists sent")
        constraints = [models.UniqueConstraint(fields=["person", "on", "hour"], name="one_hot_list_per_person_and_hour")]

    def __str__(self):
        return f"{self.person}, {self.on} {self.hour:02}:00"
