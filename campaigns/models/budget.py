"""The budget of a campaign: the figures the client agreed, line by line, and what of them is ordered, invoiced and to come."""

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency.flow import Conflict, Refused, lock, meanwhile
from campaigns import reckoning
from campaigns.models.costed import Kind, Payer
from campaigns.models.estimate import MARGIN
from campaigns.models.plan_text import money
from clients.models.record import BusinessQuerySet, ClientRecord

RECORD = "campaigns.record_actual"
RESERVE = 999  # the number of the line of contingency, after all others


class BudgetLineQuerySet(BusinessQuerySet):
    def in_order(self):
        return self.order_by("number", "pk")


class BudgetLine(ClientRecord):
    """One agreed line. `cost` and `price` change with another agreed edition of the plan only; a change order adds lines."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="budget_lines", editable=False)
    source = models.OneToOneField(
        "campaigns.EstimateLine", models.PROTECT, null=True, related_name="budget_line", editable=False
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    name = models.CharField(_("what"), max_length=160, editable=False)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True, editable=False)
    payer = models.CharField(_("who pays"), max_length=6, choices=Payer, default=Payer.US, editable=False)
    cost = money(_("agreed cost"), editable=False)
    price = money(_("agreed price"), editable=False)
    committed = money(_("ordered"), default=0, editable=False)
    actual = money(_("invoiced"), default=0, editable=False)
    open = money(_("ordered, not invoiced"), default=0, editable=False)
    expected = money(_("still to come"), null=True, blank=True,
                     help_text=_("Beyond what is ordered. Empty: what is left of the line."))  # fmt: skip

    view_right = "campaigns.view_estimate"
    guarded = {MARGIN: ("cost", "committed", "actual", "open", "expected", "supplier", "payer")}
    told = {"expected": _("said what is still to come"), "agreed": _("took the agreed figures over")}
    objects = BudgetLineQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["number", "pk"]
        verbose_name = _("line of a budget")
        verbose_name_plural = _("lines of budgets")
        indexes = [*ClientRecord.Meta.indexes, models.Index(fields=["campaign", "number"], name="budget_of_campaign")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0, price__gte=0, committed__gte=0, actual__gte=0, open__gte=0), name="budget_not_negative"
            ),
            models.UniqueConstraint(fields=["campaign"], condition=Q(number=RESERVE), name="one_contingency"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("campaign_money", args=[self.campaign.job_number])

    @property
    def is_reserve(self):
        return self.number == RESERVE

    @property
    def is_spent_on(self):
        """Whether money goes to third parties on it through our books."""
        return self.payer != Payer.CLIENT and (self.cost > 0 or self.is_reserve or self.committed > 0 or self.actual > 0)

    @property
    def spent(self):
        """How it stands; see `campaigns.reckoning.Spent`."""
        return reckoning.spent(self.cost, self.committed, self.actual, self.open, self.expected, reserve=self.is_reserve)

    @property
    def profit(self):
        """What it adds to the campaign's profit: of contingency only what was needed is billed."""
        needed = min(self.spent.forecast, self.cost) if self.is_reserve else None
        price, cost = (self.price, self.cost) if needed is None else (needed, needed)
        return reckoning.Profit(price, cost, self.spent.over, reckoning.NOTHING)

    # ── Set up by what the client agreed ────────────────────────────────────────────────────────
    @classmethod
    def set_up(cls, plan, *, by):
        """The budget as the client has now agreed it; the caller holds the plan's lock. Lines that are no longer in the
        estimate stay with nothing agreed, as what was spent on them stays."""
        there = {line.source_id: line for line in plan.campaign.budget_lines.select_for_update(no_key=True)}
        for line in plan.lines.standing():
            cls._take(there.pop(line.pk, None), plan, line, number=line.number, by=by)
        cls._set_reserve(there.pop(None, None), plan, by=by)
        for gone in there.values():
            if gone.source.plan_id:  # a change order's lines stay agreed
                gone.cost = gone.price = reckoning.NOTHING
                gone.keep(by=by, reason="no longer in the estimate")

    @classmethod
    def _take(cls, held, document, line, *, number, by):
        figures = line.figures()
        held = held or cls(client_id=document.client_id, campaign=document.campaign, source=line,
                           created_by=document.signed_by)  # fmt: skip
        held.number, held.kind, held.name = number, line.kind, line.name
        held.supplier, held.payer = line.supplier, line.payer
        held.cost, held.price = figures.cost, figures.price
        held.keep(by=by, reason="agreed")

    @classmethod
    def _set_reserve(cls, held, plan, *, by):
        if held is None and not plan.contingency:
            return
        held = held or cls(client_id=plan.client_id, campaign=plan.campaign, number=RESERVE, created_by=plan.signed_by)
        held.kind, held.name = Kind.OTHER, str(_("Contingency"))
        held.cost = held.price = plan.contingency
        held.keep(by=by, reason="agreed")

    @classmethod
    def add_order(cls, order, *, by):
        """What a change order adds, as lines of their own behind those of the plan."""
        used = order.campaign.budget_lines.exclude(number=RESERVE).order_by("-number").values_list("number", flat=True)
        last = used.first() or 0
        for place, line in enumerate(order.lines.standing(), last + 1):
            cls._take(None, order, line, number=place, by=by)

    # ── How it stands ───────────────────────────────────────────────────────────────────────────
    def recount(self, *, by, reason):
        """Add its orders and invoices up again; the caller holds the line's lock."""
        from_orders = self.commitments.standing().aggregate(all=Coalesce(Sum("amount"), reckoning.NOTHING))
        from_invoices = self.actuals.standing().aggregate(all=Coalesce(Sum("amount"), reckoning.NOTHING))
        self.committed, self.actual = from_orders["all"], from_invoices["all"]
        self.open = sum((it.open_amount for it in self.commitments.standing().with_invoiced()), reckoning.NOTHING)
        self.keep(by=by, reason=reason)

    @transaction.atomic
    def expect(self, *, by, seen, amount):
        """Say what is still to come beyond what is ordered (None: what is left of the line)."""
        lock(self)
        if not by.has_perm(RECORD, self.campaign):
            raise PermissionDenied(_("Your role does not record money of this client."))
        if seen is not None and seen != self.version:
            raise Conflict(self, meanwhile(self))
        if amount is not None and not 0 <= amount <= reckoning.HIGHEST:
            raise Refused(_("An amount between 0.00 and 999,999,999.99."))
        if amount == self.expected:
            return
        self.expected = amount
        self.keep(by=by, reason="expected")
        self.record_event("expected", by=by)


gettext_noop("agreed"), gettext_noop("expected"), gettext_noop("no longer in the estimate")
