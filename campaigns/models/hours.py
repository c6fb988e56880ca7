"""People's time on the steps of a schedule, if they care to write it down (DIR2). Not a time sheet: one line, one day."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person
from agency import clock
from agency.flow import Refused, move
from campaigns.models.step import Step
from clients.models.record import BusinessQuerySet, ClientRecord

LEAST, DAY = Decimal("0.25"), Decimal(24)


class HoursQuerySet(BusinessQuerySet):
    def standing(self):
        return self.filter(state="noted")


class Hours(ClientRecord):
    """So many hours of one person on one step on one day. A wrong line is struck out."""

    class State(models.TextChoices):
        NOTED = "noted", _("Noted")
        STRUCK = "struck", _("Struck out")

    state = models.CharField(_("state"), max_length=6, choices=State, default=State.NOTED, editable=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="hours", editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="hours", editable=False)
    on = models.DateField(_("day"))
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=2, validators=[MinValueValidator(LEAST), MaxValueValidator(DAY)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    view_right = "campaigns.view_campaign"
    part_of = "campaign"
    insiders = ("created_by", "step__person")
    told = {"created": _("noted hours")}
    objects = HoursQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-on", "-pk"]
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="hours_of_a_day"),
            models.CheckConstraint(condition=Q(state__in=["noted", "struck"]), name="hours_state"),
        ]

    def __str__(self):
        return f"{self.step}, {self.created_by}"

    def get_absolute_url(self):
        return self.step.get_absolute_url()

    @classmethod
    @transaction.atomic
    def note_down(cls, step, *, by, token, on, hours, note=""):
        """Note the own hours on a step one owns, or on any of a campaign one works on. Sent twice they are noted once."""
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two lines for one day the second sees the first
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not may_note(by, step):
            raise PermissionDenied(_("Hours are noted by whoever owns the step, and by those who keep the schedule."))
        if on > clock.today() or on < step.campaign.opened_on:
            raise Refused(_("A day from the opening of the campaign until today."))
        that_day = cls.objects.standing().filter(created_by=by, on=on).aggregate(all=Sum("hours"))["all"] or 0
        if that_day + hours > DAY:
            raise Refused(_("With these, that day would have more than 24 hours."))
        told = {"client": step.client, "campaign": step.campaign, "step": step, "on": on, "hours": hours, "note": note}
        line = cls(**told, created_by=by, token=token)
        line.keep(by=by, reason="noted")
        line.record_event("created", by=by)
        return line

    @move(_("Strike out"), told=_("struck the hours out"), sources=[State.NOTED], to=State.STRUCK,
          needs="campaigns.view_campaign", only="created_by")  # fmt: skip
    def strike_out(self, *, by):
        """They were wrong; only who noted them."""


def may_note(person, step):
    return person.has_perm("campaigns.work_step", step)


def cost_of(hours):
    """What hours cost us by the agency's own rate (HOUR_COST)."""
    return (Decimal(hours) * settings.HOUR_COST).quantize(Decimal("0.01"))


gettext_noop("noted")
