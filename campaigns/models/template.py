from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Department
from campaigns.models.evidence import Evidence


class Kind(models.TextChoices):
    """What a step is. Kinds decide who gets a client-service step first and which step a schedule counts back from."""

    BRIEF = "brief", _("Brief")
    MEETING = "meeting", _("Meeting")
    PLAN = "plan", _("Plan")
    CLIENT = "client", _("With the client")
    WORK = "work", _("Work")
    DRAFT = "draft", _("Draft")
    GATE = "gate", _("Internal review")
    PRESENTATION = "presentation", _("Presentation")
    CONFIRMATION = "confirmation", _("Client's confirmation")
    SAMPLE = "sample", _("Sample")
    PROOF = "proof", _("Proof review")
    EXTERNAL = "external", _("Outside the agency")
    DEADLINE = "deadline", _("Media deadline")
    EXECUTION = "execution", _("Appearance")


class ScheduleTemplate(models.Model):
    """The usual steps of a kind of job (PRINT, TVC, OUTDOOR, DIGITAL …), from which a work schedule is made (DEP4)."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    in_use = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["key"]
        verbose_name = _("schedule template")
        verbose_name_plural = _("schedule templates")
        permissions = [("change_template", "Edit schedule templates, specifications")]

    def __str__(self):
        return self.name


class TemplateStep(models.Model):
    """One step of a template. Without a department it is the client's own."""

    template = models.ForeignKey(ScheduleTemplate, models.CASCADE, related_name="steps", verbose_name=_("template"))
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department"),
        help_text=_("Empty: the client does it."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.WORK)
    days = models.PositiveSmallIntegerField(_("working days"), validators=[MinValueValidator(1), MaxValueValidator(260)])
    needs_evidence = models.CharField(
        _("evidence needed"), max_length=5, choices=Evidence, default=Evidence.NONE,
        help_text=_("What the step has to show before it can be reported done."),
    )  # fmt: skip
    latest_after = models.PositiveSmallIntegerField(
        _("may end later by"), null=True, blank=True, validators=[MaxValueValidator(60)],
        help_text=_("Working days after its last day: then comes the latest day allowed. Empty: nobody has said."),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        ordering = ["template", "position"]
        verbose_name = _("template step")
        verbose_name_plural = _("template steps")
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="one_template_step_per_key"),
            models.CheckConstraint(condition=models.Q(days__gte=1, days__lte=260), name="template_step_days"),
            models.CheckConstraint(
                condition=models.Q(needs_evidence__in=["none", "file", "draft", "proof"]), name="template_step_evidence"
            ),
        ]

    def __str__(self):
        return self.name


class TemplateLink(models.Model):
    """One step of a template waits for another; `lag` clear working days lie between."""

    before = models.ForeignKey(TemplateStep, models.CASCADE, related_name="links_after", verbose_name=_("before"))
    after = models.ForeignKey(TemplateStep, models.CASCADE, related_name="links_before", verbose_name=_("after"))
    lag = models.SmallIntegerField(
        _("clear working days between"), default=0, validators=[MinValueValidator(-20), MaxValueValidator(60)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("template link")
        verbose_name_plural = _("template links")
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_template_link_per_pair"),
            models.CheckConstraint(condition=models.Q(lag__gte=-20, lag__lte=60), name="template_link_lag"),
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="template_step_never_waits_for_itself"),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"
