from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models.person import Person
from accounts.models.staff import StaffRecord, StaffRecordQuerySet
from agency import clock
from agency.flow import Refused, move

LONGEST = 366  # days: who is away for longer enters it again


class AbsenceQuerySet(StaffRecordQuerySet):
    def entered(self):
        """Those that count."""
        return self.filter(state=Absence.State.ENTERED)

    def touching(self, first, last):
        """Of the absences that count those with a day from `first` to `last`."""
        return self.entered().filter(first__lte=last, last__gte=first)


class Absence(StaffRecord):
    """Days on which somebody does not work (MIN1). Others read that the person is away and when; kind and note are the own."""

    class State(models.TextChoices):
        ENTERED = "entered", _("Entered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        ILLNESS = "illness", _("Illness")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ENTERED, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HOLIDAY)
    first = models.DateField(_("first day away"))
    last = models.DateField(_("last day away"))
    half = models.BooleanField(_("half of each day only"), default=False)
    note = models.CharField(_("note to yourself"), max_length=200, blank=True)

    view_rights = ("accounts.plan_absence", "clients.arrange_cover")
    view_right = "clients.arrange_cover"
    told = {"created": _("entered an absence")}
    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-first", "-pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        default_permissions = ()
        permissions = [("plan_absence", "Enter own absence")]
        indexes = [models.Index(fields=["last", "first"], name="absence_that_counts", condition=Q(state="entered"))]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_runs_forward"),
            models.CheckConstraint(condition=Q(state__in=["entered", "withdrawn"]), name="absence_state"),
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "illness", "training", "other"]), name="absence_kind"
            ),
        ]  # fmt: skip

    def __str__(self):
        pattern = pgettext("date format", "D j M")
        words = {"first": date_format(self.first, pattern), "last": date_format(self.last, pattern), "person": self.person}
        if self.first == self.last:
            return _("%(person)s away on %(first)s") % words
        return _("%(person)s away from %(first)s to %(last)s") % words

    def get_absolute_url(self):
        return reverse("absence", args=[self.pk])

    @property
    def tone(self):
        return "ours" if self.state == self.State.ENTERED else "stopped"

    @property
    def lost(self):
        """The per cent of a day that each of its days takes."""
        return 50 if self.half else 100

    @classmethod
    @transaction.atomic
    def enter(cls, *, by, token, **fields):
        """Enter the own absence (MIN1). Refused if it crosses another, ends before it begins or is longer than a year."""
        by = Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        absence = cls(person=by, created_by=by, token=token, **fields)
        _is_sound(absence)
        absence.keep(by=by, reason="entered")
        absence.record_event("created", by=by)
        return absence

    @move(
        _("Withdraw"), told=_("withdrew the absence"), sources=[State.ENTERED], to=State.WITHDRAWN,
        needs="accounts.plan_absence",
    )  # fmt: skip
    def withdraw(self, *, by):
        """The person works on those days after all."""

    @move(
        _("Back earlier"), told=_("came back earlier"), sources=[State.ENTERED], to=None, needs="accounts.plan_absence",
        hidden=True,
    )  # fmt: skip
    def come_back(self, *, by, last):
        """last: the last day away, before the one entered."""
        if not self.first <= last < self.last:
            raise Refused(_("Name a last day from the first day of the absence on, and before the last day entered."))
        self.last = last
        return {"last": last.isoformat()}


def _is_sound(absence):
    if absence.last < absence.first:
        raise Refused(_("The last day lies before the first."))
    if (absence.last - absence.first).days >= LONGEST:
        raise Refused(_("An absence is entered for a year at most. Please enter the rest when it comes."))
    if absence.last < clock.today() - timedelta(days=LONGEST):
        raise Refused(_("These days lie more than a year back."))
    crossed = Absence.objects.touching(absence.first, absence.last).filter(person=absence.person).first()
    if crossed:
        raise Refused(
            _("These days cross an absence entered already: %(absence)s. Withdraw that one first.") % {"absence": crossed}
        )
