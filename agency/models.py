from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class AgencyDay(models.Model):
    """A day on which the agency differs from the country's calendar: closed although ordinary, or open although a holiday."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_open = models.BooleanField(_("the agency works"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["date"]
        verbose_name = _("agency day")
        verbose_name_plural = _("agency days")

    def __str__(self):
        return f"{self.date} {self.name}"
