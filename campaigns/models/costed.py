"""What a line of money is made of, in an estimate as in a change order."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.flow import Refused
from campaigns import reckoning
from campaigns.models.plan_text import LEAST, money

PER_CENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class Kind(models.TextChoices):
    FEE = "fee", _("Fee")
    CREATIVE = "creative", _("Creative work")
    PRODUCTION = "production", _("Production")
    MEDIA = "media", _("Media")
    RESEARCH = "research", _("Research")
    OTHER = "other", _("Other")


class Payer(models.TextChoices):
    US = "us", _("Through us")
    CLIENT = "client", _("The client, directly")
    HOUSE = "house", _("We bear it")


OWN = (Kind.FEE, Kind.CREATIVE)  # our own work, unless a supplier is named


class Costed(models.Model):
    """One line: what, from whom, how many at what price, with what mark-up and tax, and who pays it."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("what"), max_length=160)
    supplier = models.CharField(
        _("supplier"), max_length=120, blank=True, help_text=_("Empty for our own work; a fee with a supplier is his work.")
    )
    quantity = models.DecimalField(
        _("quantity"), max_digits=9, decimal_places=2, default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("9999999.99"))],
    )  # fmt: skip
    unit = models.CharField(_("unit"), max_length=20, blank=True, help_text=_("Such as day, page, site."))
    unit_price = money(_("price of one"), LEAST)
    markup = models.DecimalField(_("mark-up in %"), max_digits=5, decimal_places=2, default=Decimal(0), validators=PER_CENT)
    tax = models.DecimalField(_("tax in %"), max_digits=5, decimal_places=2, default=Decimal(0), validators=PER_CENT)
    payer = models.CharField(_("who pays"), max_length=6, choices=Payer, default=Payer.US)

    class Meta:
        abstract = True

    @property
    def is_ours(self):
        """Our own people's work: it costs no third party and bears no mark-up."""
        return self.kind in OWN and not self.supplier

    def figures(self, rate=1):
        """What the line comes to; see `campaigns.reckoning`."""
        terms = {"markup": self.markup, "tax": self.tax, "ours": self.is_ours, "payer": self.payer, "rate": rate}
        return reckoning.figures_of(self.quantity, self.unit_price, **terms)

    def refuse_unsound(self, rate=1):
        """Raise Refused where the line cannot be meant."""
        if self.markup and (self.is_ours or self.payer != Payer.US):
            raise Refused(_("A mark-up stands only on what others do and we bill: take it away, or name the supplier."))
        if self.quantity * self.unit_price * (1 + self.markup / 100) * max(rate, 1) > reckoning.HIGHEST:
            raise Refused(_("That comes to more than a line can hold: at most 999,999,999.99."))


def checks(prefix):
    """The same for the database, whoever writes to it."""
    return [
        models.CheckConstraint(condition=Q(quantity__gt=0), name=f"{prefix}_quantity"),
        models.CheckConstraint(condition=Q(unit_price__gte=0), name=f"{prefix}_price"),
        models.CheckConstraint(condition=Q(markup__gte=0, markup__lte=100), name=f"{prefix}_markup"),
        models.CheckConstraint(condition=Q(tax__gte=0, tax__lte=100), name=f"{prefix}_tax"),
        models.CheckConstraint(condition=Q(kind__in=[it.value for it in Kind]), name=f"{prefix}_kind"),
        models.CheckConstraint(condition=Q(payer__in=[it.value for it in Payer]), name=f"{prefix}_payer"),
    ]
