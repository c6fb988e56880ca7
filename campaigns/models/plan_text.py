"""What an advertising plan says, section by section (MGR1, DIR3): the columns, and how far each section is agreed."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from briefs.rows import Cell, RowsField
from campaigns.reckoning import HIGHEST

LONG = 8000
LEAST = MinValueValidator(Decimal("0.00"))


class Standing(models.TextChoices):
    """How far a section has come with the client."""

    OURS = "ours", _("Ours")
    DISCUSSED = "discussed", _("Discussed with the client")
    AGREED = "agreed", _("Agreed with the client")


def text(name, help_text=""):
    return models.TextField(name, blank=True, max_length=LONG, help_text=help_text)


def money(name, least=LEAST, **more):
    return models.DecimalField(name, max_digits=12, decimal_places=2, validators=[least, MaxValueValidator(HIGHEST)], **more)


class PlanText(models.Model):
    """The sections of a plan. `marks` keeps for each section how far it is agreed, by whom and when."""

    marketing_policy = text(
        _("the client’s marketing policy"), _("What the client wants of its market, and how it goes there.")
    )
    contribution = text(_("our contribution to it"), _("What advertising can do for that policy, and what it cannot."))
    objectives = text(_("objectives"), _("What is to change, by how much, until when."))
    targets = RowsField(
        _("targets"),
        cells=(
            Cell("metric", _("measured by"), needed=True),
            Cell("baseline", _("today")),
            Cell("target", _("target"), needed=True),
            Cell("until", _("until"), "date", needed=True),
        ),
    )
    audience = text(_("audience"), _("Whom we talk to: one of them, not a million."))
    proposition = text(_("proposition"), _("The one thing they remember, and why they believe it."))
    strategy = text(_("strategy"), _("The way there: audience, proposition, media."))
    media = text(_("media"), _("Where and when we meet the audience."))
    media_mix = RowsField(
        _("media mix"), whole="share",
        cells=(
            Cell("medium", _("medium"), needed=True),
            Cell("period", _("period")),
            Cell("reach", _("what it is for")),
            Cell("share", _("share of the media money in %"), "percent"),
        ),
    )  # fmt: skip
    creative = text(_("creative direction"), _("Tone, idea and what has to be there; no layouts yet."))
    deliverables = RowsField(
        _("deliverables"), distinct="letter",
        cells=(
            Cell("letter", _("letter"), "letter", needed=True),
            Cell("what", _("what"), needed=True),
            Cell("medium", _("medium"), needed=True),
            Cell("specification", _("specification"), "listed"),
            Cell("size", _("size or length")),
            Cell("rounds", _("rounds of amends"), "number"),
            Cell("deadline", _("media deadline"), "date", needed=True),
            Cell("appears", _("appears on"), "date"),
        ),
        order=(("deadline", "appears"),),
    )  # fmt: skip
    risks = text(_("risks"), _("What may go wrong, how we would notice, and what we would do."))
    budget = money(
        _("budget"), MinValueValidator(Decimal("0.01")), null=True, blank=True,
        help_text=format_lazy(
            _("The frame the client named, before tax, in the client’s currency ({currency} unless agreed otherwise)."),
            currency=settings.CURRENCY,
        ),
    )  # fmt: skip
    contingency = money(_("contingency"), default=Decimal("0.00"), blank=True,
                        help_text=_("Put by for what nobody foresees; billed only as far as it is needed."))  # fmt: skip
    labour = money(_("our people’s time"), default=Decimal("0.00"), blank=True,
                   help_text=_("What the planned hours of our own people cost us."))  # fmt: skip
    currency = models.CharField(_("currency of the client"), max_length=3, default=settings.CURRENCY, editable=False)
    rate = models.DecimalField(
        _("rate"), max_digits=12, decimal_places=6, default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.000001")), MaxValueValidator(Decimal("100000"))],
        help_text=format_lazy(_("How much of the client’s currency one {currency} buys."), currency=settings.CURRENCY),
    )  # fmt: skip
    marks = models.JSONField(_("how far agreed"), default=dict, blank=True, editable=False)

    SECTIONS = {
        "marketing_policy": ("marketing_policy",),
        "contribution": ("contribution",),
        "objectives": ("objectives", "targets"),
        "audience": ("audience",),
        "proposition": ("proposition",),
        "strategy": ("strategy",),
        "media": ("media", "media_mix"),
        "creative": ("creative",),
        "deliverables": ("deliverables",),
        "risks": ("risks",),
    }
    TEXT = tuple(name for names in SECTIONS.values() for name in names)

    class Meta:
        abstract = True

    @classmethod
    def section_of(cls, name):
        """The section that a column belongs to, or None."""
        return next((section for section, names in cls.SECTIONS.items() if name in names), None)

    @classmethod
    def section_label(cls, section):
        return cls._meta.get_field(section).verbose_name

    def says(self, section):
        """Whether anything is written in a section."""
        return any(getattr(self, name) for name in self.SECTIONS[section])

    def standing_of(self, section):
        return Standing(self.marks.get(section, {}).get("standing", Standing.OURS))

    def said(self):
        """Everything written, as JSON can hold it."""
        return {name: getattr(self, name) for name in self.TEXT if getattr(self, name)}


def lettered(rows):
    """Deliverables by their letter."""
    return {row["letter"]: row for row in rows or []}
