from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from briefs.fields import BY_NAME


class BriefTemplate(models.Model):
    """Which questions a kind of job, or an industry, asks first, what each weighs, and what else to ask about it. An
    administrator edits it; a brief keeps its template, and its completeness goes by the weights of the day it is read."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    for_what = models.CharField(_("for which jobs"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=10)
    in_use = models.BooleanField(_("in use"), default=True)
    weights = models.JSONField(_("weights"), default=dict, blank=True, help_text=_("Empty: those of the whole brief."))
    first = models.JSONField(_("asked first"), default=list, blank=True)
    hints = models.JSONField(_("what else to ask"), default=dict, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("brief template")
        verbose_name_plural = _("brief templates")

    def __str__(self):
        return self.name

    def clean(self):
        """Only questions that a brief asks; weights from 0 to 100, not all of them nothing."""
        strange = [name for name in [*self.weights, *self.first, *self.hints] if name not in BY_NAME]
        if strange:
            raise ValidationError(_("No brief asks for: %(names)s.") % {"names": ", ".join(strange)})
        fit = all(type(weight) is int and 0 <= weight <= 100 for weight in self.weights.values())
        if not fit or (self.weights and not any(self.weights.values())):
            raise ValidationError({"weights": _("Each weight is a whole number from 0 to 100, and one is not 0.")})
        if not all(isinstance(hint, str) and len(hint) <= 500 for hint in self.hints.values()):
            raise ValidationError({"hints": capfirst(_("each hint has at most 500 characters."))})
