"""How far a long step is, as its owner says once a week: a percentage and the last day it will take (COO2)."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Court, Refused, lock
from campaigns.models.step import Step
from campaigns.models.thread import OfStepQuerySet
from clients.models.record import ClientRecord

LONG, THURSDAY = 3, 3  # steps over so many working days are asked; the weekday, Monday being 0
FARTHEST = timedelta(days=366)


class StepProgress(ClientRecord):
    """What the owner said of a step on one day. It is never changed: the next answer stands beside it."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="progress", editable=False, verbose_name=_("step"))
    percent = models.PositiveSmallIntegerField(_("per cent done"), validators=[MaxValueValidator(100)])
    forecast_on = models.DateField(_("will be done on"))

    view_right = "campaigns.view_campaign"
    seen_with = "step"
    told = {"created": _("said how far the step is")}
    objects = OfStepQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("progress of a step")
        verbose_name_plural = _("progress of steps")
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="step_progress_percent")]

    def __str__(self):
        return _("%(step)s: %(n)d %%") % {"step": self.step, "n": self.percent}

    def get_absolute_url(self):
        return self.step.get_absolute_url()

    @classmethod
    @transaction.atomic
    def say(cls, step, *, by, token, percent, forecast_on):
        """Say how far the step is and when it will be done: its owner, or the coordinator. Sent twice it is said once."""
        lock(step)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm("campaigns.work_step", step):
            raise PermissionDenied(_("How far a step is says its owner, or the coordinator."))
        if not step.is_open:
            raise Refused(_("This step is reported done already."))
        if not clock.today() <= forecast_on <= clock.today() + FARTHEST:
            raise Refused(_("The last day it will take is from today on, within a year."))
        said = cls(client_id=step.client_id, step=step, percent=percent, forecast_on=forecast_on, created_by=by, token=token)
        said.keep(by=by, reason="noted")
        said.record_event("created", by=by, percent=percent, on=forecast_on.isoformat())
        return said


def asked_on(today):
    """The Thursday on which this week's question is asked, whether it has come or not."""
    return today + timedelta(days=THURSDAY - today.weekday())


def unanswered(today):
    """The long steps in work whose owner has said nothing since Monday of this week."""
    said = said_this_week(today).values("step")
    running = Step.objects.filter(state=Step.State.IN_PROGRESS, days__gt=LONG, person__isnull=False)
    return running.exclude(court=Court.NOBODY).exclude(pk__in=said)


def said_this_week(today):
    """What owners have said of their steps since Monday, the newest for each step first."""
    return StepProgress.objects.filter(created_at__date__gte=today - timedelta(days=today.weekday()))


def is_unanswered(step, due_on, today):
    """Whether the question of a week still waits for its answer."""
    return asked_on(today) == due_on and unanswered(today).filter(pk=step.pk).exists()
