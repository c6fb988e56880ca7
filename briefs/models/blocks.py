"""What a brief asks, block by block (DEP2): the columns. What each weighs, and the question behind it, is in `briefs.fields`.

Abstract parts of one record: whatever is written is one row with one history.
"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from briefs.rows import Cell, RowsField
from clients.models import Contact

MOST = Decimal("999999999.99")
LONG, LINES = 8000, 4000


def text(name, most=LINES, **more):
    """A column of prose; empty while nothing is known."""
    return models.TextField(name, blank=True, max_length=most, **more)


def money(name, **more):
    least = MinValueValidator(Decimal("0.01"))
    return models.DecimalField(
        name, max_digits=12, decimal_places=2, null=True, blank=True, validators=[least, MaxValueValidator(MOST)], **more
    )


def contact(name, **more):
    """Somebody at the client's; only people of the brief's own client are ever offered or taken."""
    return models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=name, **more)


class Product(models.Model):
    class Novelty(models.TextChoices):
        LAUNCH = "launch", _("Launch")
        RELAUNCH = "relaunch", _("Relaunch")
        EXISTING = "existing", _("Existing product")

    class Cycle(models.TextChoices):
        INTRODUCTION = "introduction", _("Introduction")
        GROWTH = "growth", _("Growth")
        MATURITY = "maturity", _("Maturity")
        DECLINE = "decline", _("Decline")

    product_name = models.CharField(_("name of the product"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=120, blank=True)
    novelty = models.CharField(_("launch, relaunch or existing"), max_length=8, blank=True, choices=Novelty)
    product_knowledge = text(
        _("product knowledge"), LONG, help_text=_("What it is, what it does for whom, price, strengths and weaknesses.")
    )
    price = text(_("price"))
    distribution = text(_("distribution"))
    life_cycle = models.CharField(_("life cycle"), max_length=12, blank=True, choices=Cycle)
    strengths = text(_("strengths"))
    weaknesses = text(_("weaknesses"))

    class Meta:
        abstract = True


class Market(models.Model):
    COMPETITORS = (
        Cell("name", _("Competitor"), needed=True),
        Cell("spend", _("Spends on advertising"), "money"),
        Cell("does", _("What they do")),
    )

    market_situation = text(
        _("market situation"), LONG, help_text=_("Size and trend, competitors, consumers, past advertising.")
    )
    competitors = RowsField(_("competitors and what they spend"), cells=COMPETITORS)
    consumers = text(_("consumers"))
    seasons = text(_("seasons"))
    past_advertising = text(_("past advertising and its results"))

    class Meta:
        abstract = True


class Budget(models.Model):
    class Binding(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        OPEN = "open", _("Open to argument")

    class Covers(models.TextChoices):
        ALL = "all", _("Media, production and fee")
        MEDIA = "media", _("Media only")
        MEDIA_PRODUCTION = "media_production", _("Media and production, the fee apart")
        PRODUCTION_FEE = "production_fee", _("Production and fee, media apart")
        PRODUCTION = "production", _("Production only")

    budget_amount = money(
        _("budget figure"),
        help_text=format_lazy(_("In {currency}. A careful guess is better than nothing."), currency=settings.CURRENCY),
    )
    budget_to = money(_("up to"), help_text=_("Only for a range."))
    currency = models.CharField(
        _("currency"), max_length=3, default=settings.CURRENCY,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))],
    )  # fmt: skip
    budget_binding = models.CharField(_("fixed or open"), max_length=5, blank=True, choices=Binding)
    budget_covers = models.CharField(_("what the budget covers"), max_length=16, blank=True, choices=Covers)
    budget_notes = text(
        _("advertising budget"), LONG, help_text=_("What it covers, for which period, fixed or open, who approves it.")
    )
    budget_from = models.DateField(_("period from"), null=True, blank=True)
    budget_until = models.DateField(_("period until"), null=True, blank=True)
    budget_approver = contact(_("who approves the budget"))

    class Meta:
        abstract = True


class MarketPlan(models.Model):
    OBJECTIVES = (
        Cell("metric", _("What is measured"), needed=True),
        Cell("baseline", _("Today")),
        Cell("baseline_on", _("Measured on"), "date"),
        Cell("target", _("Target"), needed=True),
        Cell("target_on", _("Reached by"), "date"),
    )
    PROMOTIONS = (
        Cell("what", _("Promotion"), needed=True),
        Cell("begins_on", _("Begins"), "date"),
        Cell("ends_on", _("Ends"), "date"),
    )

    market_plan = text(_("market plan"), LONG, help_text=_("Objectives, sales goals, channels, promotion calendar."))
    objectives = RowsField(_("objectives"), cells=OBJECTIVES, order=[("baseline_on", "target_on")])
    channels = text(_("channels"))
    promotions = RowsField(_("promotion calendar"), cells=PROMOTIONS, order=[("begins_on", "ends_on")])

    class Meta:
        abstract = True


class Message(models.Model):
    audience = text(_("audience"))
    message = text(_("the single message"), 500)
    support = text(_("what supports the message"))
    tone_of_voice = text(_("tone"), 1000)

    class Meta:
        abstract = True


class Delivery(models.Model):
    DELIVERABLES = (
        Cell("what", _("Deliverable"), needed=True),
        Cell("format", _("Format, size or length")),
        Cell("number", _("How many"), "number"),
    )

    mandatories = text(_("mandatories"), help_text=_("What has to be there, and what must not. One on a line."))
    legal_lines = text(_("legal lines"), help_text=_("Word for word. One on a line."))
    deliverables = RowsField(_("deliverables and formats"), cells=DELIVERABLES)
    launch_on = models.DateField(_("launch date"), null=True, blank=True)
    launch_is_fixed = models.BooleanField(_("the launch date is fixed"), default=False)
    measure = text(_("how success is measured"))
    work_approver = contact(_("who approves the work"))

    class Meta:
        abstract = True
