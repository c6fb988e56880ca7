"""Money that leaves the house: orders to suppliers, and their invoices, each against a line of the budget (DIR2)."""

from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency import clock
from agency.flow import Refused, lock, move
from campaigns import reckoning
from campaigns.models.budget import RECORD, BudgetLine
from campaigns.models.plan_text import money
from clients.models.record import BusinessQuerySet, ClientRecord

LEAST = MinValueValidator(reckoning.CENT)


class EntryQuerySet(BusinessQuerySet):
    def standing(self):
        """Those that nobody has struck out."""
        return self.filter(state="booked")

    def with_names(self):
        return self.select_related("line", "campaign", "client", "created_by")


class CommitmentQuerySet(EntryQuerySet):
    def with_invoiced(self):
        """Each with what has been invoiced on it, in the same query."""
        on_it = Sum("actuals__amount", filter=Q(actuals__state="booked"))
        return self.annotate(invoiced=Coalesce(on_it, reckoning.NOTHING))


class Entry(ClientRecord):
    """What orders and invoices have in common. An entry is not rewritten: a wrong one is struck out and another written."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        STRUCK = "struck", _("Struck out")

    state = models.CharField(_("state"), max_length=6, choices=State, default=State.BOOKED, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", editable=False, db_index=False)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="%(class)ss", editable=False, verbose_name=_("line"))
    on = models.DateField(_("day"))
    amount = money(_("amount"), LEAST)
    supplier = models.CharField(_("supplier"), max_length=120)
    document = models.CharField(_("document number"), max_length=60)
    note = models.CharField(_("note"), max_length=300, blank=True)
    over_because = models.TextField(_("why over the line"), max_length=1000, blank=True, editable=False)

    view_right = RECORD
    part_of = "campaign"
    attach_right = RECORD

    class Meta(ClientRecord.Meta):
        abstract = True
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(class)s_amount"),
            models.CheckConstraint(condition=Q(state__in=["booked", "struck"]), name="%(class)s_state"),
        ]

    def __str__(self):
        return f"{self.document} {self.supplier}"

    def get_absolute_url(self):
        return reverse("money_entry", args=[self.kind, self.pk])

    @classmethod
    @transaction.atomic
    def book(cls, line, *, by, token, over_because="", **fields):
        """Write one down against a line of the budget. Sent twice it is one.

        Raises PermissionDenied, or Refused: before the campaign, in the days to come, or over the line without a reason.
        """
        if order := fields.get("order"):
            lock(order)  # it may be struck out at this moment; an entry is locked before its line
        lock(line)
        if not by.has_perm(RECORD, line.campaign):
            raise PermissionDenied(_("Your role does not record money of this client."))
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        entry = cls(client_id=line.client_id, campaign=line.campaign, line=line, created_by=by, token=token, **fields)
        entry._refuse()
        used = line.spent.used
        after = used + entry.more
        if after > max(line.cost, used):
            if not over_because.strip():
                raise OverLine(line, after - line.cost)
            entry.over_because = over_because.strip()
        entry.keep(by=by, reason="booked")
        entry.record_event("created", by=by, reason=entry.over_because)
        return entry

    @property
    def more(self):
        """By how much it fills its line further."""
        return self.amount

    def keep(self, *, by, reason=""):
        """As ever; and its line is counted again. A reason somebody typed stays with the entry: more people see the line."""
        super().keep(by=by, reason=reason)
        lock(self.line)
        self.line.recount(by=by, reason="counted again")
        return self

    def _refuse(self):
        if not self.line.is_spent_on:
            sentence = _("“%(line)s” is our own work, or the client pays it directly: nobody sends us an invoice for it.")
            raise Refused(sentence % {"line": self.line})
        if not reckoning.CENT <= self.amount <= reckoning.HIGHEST:
            raise Refused(_("An amount between 0.01 and 999,999,999.99."))
        if self.on < self.campaign.opened_on:
            raise Refused(_("The campaign was not there yet on this day."))
        if self.on > clock.today():
            raise Refused(_("This day has not come yet."))

    @move(_("Strike out"), told=_("struck the entry out"), sources=[State.BOOKED], to=State.STRUCK, needs=RECORD, reason=True)
    def strike_out(self, *, by, reason):
        """It was wrong: the line is counted without it, the entry stays to be read."""


class OverLine(Refused):
    """An entry would take its line over what the client agreed."""

    def __init__(self, line, over):
        super().__init__(
            _("This takes “%(line)s” over what was agreed. Say why we bear it, or let the client agree a change order.")
            % {"line": line}
        )
        self.line, self.over = line, over


gettext_noop("booked"), gettext_noop("counted again")


class Commitment(Entry):
    """An order placed with a supplier."""

    told = {"created": _("placed an order")}
    objects = CommitmentQuerySet.as_manager()
    kind = "order"

    class Meta(Entry.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    @property
    def open_amount(self):
        """What no invoice has come for; `with_invoiced` reads it for a list."""
        known = vars(self).get("invoiced")
        if known is None:
            known = self.actuals.standing().aggregate(all=Coalesce(Sum("amount"), reckoning.NOTHING))["all"]
        return max(self.amount - known, reckoning.NOTHING)

    @move(_("Strike out"), told=_("struck the entry out"), sources=["booked"], to="struck", needs=RECORD, reason=True)
    def strike_out(self, *, by, reason):
        """An order that was invoiced stays: its invoices go first."""
        if self.actuals.standing().exists():
            raise Refused(_("Invoices stand on this order: strike them out first."))


class Actual(Entry):
    """An invoice, on an order if there was one; what is open of the order goes down by it."""

    order = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="actuals", verbose_name=_("order")
    )

    told = {"created": _("booked an invoice")}
    objects = EntryQuerySet.as_manager()
    kind = "invoice"

    class Meta(Entry.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    @property
    def more(self):
        """What the order had promised already fills the line no further."""
        return self.amount - min(self.amount, self.order.open_amount) if self.order else self.amount

    def _refuse(self):
        super()._refuse()
        if self.order and (self.order.line_id != self.line_id or self.order.state != Entry.State.BOOKED):
            raise Refused(_("The order is one of this line that still stands."))
