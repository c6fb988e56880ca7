"""What media and printers ask of a piece (SAL6): one library for the whole house. Nothing in it is invented: every figure names
its source."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.models import HistoricalRecords

from agency.workdays import calendar

CODE = RegexValidator(r"\A[A-Z0-9]+(-[A-Z0-9]+)*\Z", gettext_lazy("Capital letters, figures and hyphens, such as ISO-A4."))


def figure(name, most, help_text=""):
    """A whole number from 1 to `most`, or nothing where no source names one."""
    limits = [MinValueValidator(1), MaxValueValidator(most)]
    return models.PositiveIntegerField(name, null=True, blank=True, validators=limits, help_text=help_text)


class Specification(models.Model):
    """The requirements of one medium or format. It belongs to no client; everybody in the house reads it."""

    class Medium(models.TextChoices):
        PAPER = "paper", gettext_lazy("Paper sizes")
        PRINT = "print", gettext_lazy("Newspapers and magazines")
        OUTDOOR = "outdoor", gettext_lazy("Outdoor")
        TELEVISION = "tv", gettext_lazy("Television and cinema")
        RADIO = "radio", gettext_lazy("Radio and audio")
        DIGITAL = "digital", gettext_lazy("Digital")

    class Unit(models.TextChoices):
        MM = "mm", gettext_lazy("millimetres")
        PX = "px", gettext_lazy("pixels")

    code = models.CharField(gettext_lazy("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(gettext_lazy("name"), max_length=120)
    medium = models.CharField(gettext_lazy("medium"), max_length=8, choices=Medium)
    format = models.CharField(gettext_lazy("format"), max_length=120, blank=True)
    width = figure(gettext_lazy("width"), 100_000)
    height = figure(gettext_lazy("height"), 100_000)
    unit = models.CharField(gettext_lazy("measured in"), max_length=2, choices=Unit, default=Unit.MM)
    bleed = figure(gettext_lazy("bleed"), 1_000, gettext_lazy("On each side, in the same unit."))
    colour = models.CharField(gettext_lazy("colour"), max_length=120, blank=True)
    seconds = figure(gettext_lazy("length in seconds"), 36_000)
    file_type = models.CharField(gettext_lazy("file type"), max_length=120, blank=True)
    lead_days = figure(
        gettext_lazy("lead time in working days"), 260,
        gettext_lazy("From the media deadline to the appearance: 10 means that a piece which appears on a Monday is delivered "
                     "by the Monday two weeks before, if no day between is a holiday."),
    )  # fmt: skip
    contact = models.CharField(gettext_lazy("contact"), max_length=200, blank=True)
    source = models.TextField(
        gettext_lazy("source"), max_length=1000, blank=True,
        help_text=gettext_lazy("Where the figures stand: needed as soon as one is given."),
    )  # fmt: skip
    in_use = models.BooleanField(gettext_lazy("in use"), default=True)
    history = HistoricalRecords()

    FIGURES = ("width", "height", "bleed", "seconds", "lead_days")

    class Meta:
        ordering = ["code"]
        verbose_name = gettext_lazy("specification")
        verbose_name_plural = gettext_lazy("specifications")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="") | Q(width=None, height=None, bleed=None, seconds=None, lead_days=None),
                name="specification_names_its_source",
                violation_error_message=gettext_lazy("Name the source of the figures, or leave the figures empty."),
            ),
            models.CheckConstraint(
                condition=Q(width=None, height=None) | Q(width__gte=1, height__gte=1),
                name="specification_width_with_height",
                violation_error_message=gettext_lazy("Give width and height together."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("specification", args=[self.pk])

    def clean(self):
        self.source = self.source.strip()
        if not self.source and any(getattr(self, name) for name in self.FIGURES):
            raise ValidationError({"source": _("Name the source of the figures, or leave the figures empty.")})

    @property
    def size(self):
        """Width by height, "" where no source names them."""
        return f"{self.width} × {self.height} {self.unit}" if self.width else ""

    @property
    def length(self):
        if not self.seconds:
            return ""
        return ngettext("%(n)d second", "%(n)d seconds", self.seconds) % {"n": self.seconds}

    @property
    def in_short(self):
        """What a deliverable says as its size or length: size, bleed, length and format, as far as they are known."""
        bleed = _("bleed %(n)d %(unit)s") % {"n": self.bleed, "unit": self.unit} if self.bleed else ""
        return ", ".join(str(it) for it in (self.size, bleed, self.length, self.format) if it)

    def deadline_for(self, appears):
        """The media deadline that the lead time leaves for an appearance on this date, or None without a lead time."""
        if not self.lead_days:
            return None
        workdays = calendar()
        return workdays.add(workdays.on_or_before(appears), -self.lead_days)

    def kept(self):
        """Everything it says at this moment, as JSON: what was agreed stays readable after the library has changed."""
        names = ("code", "name", "medium", "format", "width", "height", "unit", "bleed", "colour", "seconds", "file_type",
                 "lead_days", "contact", "source")  # fmt: skip
        return {name: getattr(self, name) for name in names}
