from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import Court, Refused, lock, move, revise
from briefs.models.edition import digest_of
from campaigns import reckoning
from campaigns.client_view import client_view, frozen
from campaigns.models.budget import BudgetLine
from campaigns.models.campaign import Campaign
from campaigns.models.deliverable import Deliverable
from campaigns.models.estimate import RIGHT as WRITE
from campaigns.models.estimate import EstimateLine
from campaigns.models.outside import RECORD, WithTheClient
from campaigns.models.plan_text import money
from clients.ladder import Ladder
from clients.models import ClientKnot, Dispatch
from clients.visitor import BY_LINK

ISSUE = "campaigns.issue_change_order"


class ChangeOrder(WithTheClient, ClientKnot):
    """What the client wants beyond the agreed plan: what changes, for how much, and how many days it takes (DIR2, DEP8).

    Printed as an estimate that shows the change only. Being written → with the client → agreed, or declined.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        CLIENT = "client", _("With the client")
        CONFIRMED = "confirmed", _("Agreed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Cause(models.TextChoices):
        ROUND = "round", _("An extra round of amends")
        OUTSIDE = "outside", _("Work outside the plan")
        OVER = "over", _("A line costs more than agreed")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="change_orders", editable=False, verbose_name=_("campaign")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, null=True, blank=True, related_name="change_orders",
                                    verbose_name=_("deliverable"))  # fmt: skip
    title = models.CharField(_("what changes, in a line"), max_length=120)
    text = models.TextField(
        _("what changes"), max_length=4000, help_text=_("As the client reads it: what, why, and what it does not include.")
    )
    days = models.PositiveSmallIntegerField(
        _("working days it takes"),
        default=0,
        validators=[MaxValueValidator(250)],
        help_text=_("By so many working days everything behind it moves; 0 for none."),
    )
    sender = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    content = models.JSONField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    total_sent = money(_("total of the client"), null=True, editable=False)

    WRITABLE = (State.DRAFT,)
    FIELDS = ("cause", "deliverable", "title", "text", "days")
    purpose, what, of_lines = "campaigns.change_order", "change_order", "order"
    authorities = ("change_order",)
    view_right = "campaigns.view_estimate"
    attach_right = RECORD
    told = {"created": _("began a change order"), "revised": _("wrote in the change order")}

    class Meta(ClientKnot.Meta):
        ordering = ["-number"]
        verbose_name = _("change order")
        verbose_name_plural = _("change orders")
        permissions = [("issue_change_order", "Issue a change order")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_change_order_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "client", "confirmed", "declined", "withdrawn"]), name="change_order_state"
            ),
            models.CheckConstraint(condition=Q(cause__in=["round", "outside", "over"]), name="change_order_cause"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | ~Q(digest="") & Q(total_sent__isnull=False, content__isnull=False),
                name="change_order_frozen_with_its_digest",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("change_order", args=[self.pk])

    @property
    def estimate_url(self):
        return self.get_absolute_url()

    @property
    def reference(self):
        """The number of the document: HRB-26-014-C1."""
        return f"{self.campaign.job_number}-C{self.number}"

    @classmethod
    @transaction.atomic
    def open(cls, campaign, *, by, token, **fields):
        """Begin a change order of a campaign whose plan the client has agreed. Sent twice it is one."""
        lock(campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(WRITE, campaign):
            raise PermissionDenied(_("Your role does not write change orders for this client."))
        if campaign.plan.in_force is None:
            raise Refused(_("The client has not agreed a plan yet: what changes stands in the plan itself."))
        number = (campaign.change_orders.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        order = cls(
            client_id=campaign.client_id, campaign=campaign, number=number, created_by=by, holder=by, token=token, **fields
        )
        order._refuse_deliverable()
        order.keep(by=by, reason="opened")
        order.record_event("created", by=by)
        return order

    def write(self, *, by, seen, changes):
        """Only while it is written; see `agency.flow.revise`."""
        return revise(self, by=by, needs=WRITE, seen=seen, changes=changes, while_in=self.WRITABLE)

    def note_figures(self, *, by):
        self.record_revision(by=by, fields=["estimate"], sitting=True)

    def _refuse_deliverable(self):
        if self.deliverable and self.deliverable.campaign_id != self.campaign_id:
            raise Refused(_("Choose a deliverable of this campaign."))
        if self.cause == self.Cause.ROUND and self.deliverable is None:
            raise Refused(_("An extra round is one of a deliverable: choose which."))

    # ── What it comes to ────────────────────────────────────────────────────────────────────────
    contingency = reckoning.NOTHING

    @property
    def estimate(self):
        """Its lines; a list reads them for all its rows."""
        listed = vars(self).get("listed_lines")
        return list(self.lines.standing()) if listed is None else listed

    @property
    def rate(self):
        """As it was fixed when the client agreed the plan."""
        return self._agreed.rate

    @property
    def currency(self):
        return self.content["currency"] if self.content else self._agreed.currency

    @property
    def _agreed(self):
        if "_agreed_edition" not in vars(self):
            self._agreed_edition = self.campaign.plan.in_force or self.campaign.plan
        return self._agreed_edition

    def said(self):
        """What stands in the document besides the money."""
        piece = {"deliverable": str(self.deliverable)} if self.deliverable else {}
        return {"title": self.title, "text": self.text, "days": self.days, "cause": self.cause, **piece}

    @property
    def total(self):
        """Before tax, in the client's currency: as sent, or as it is written."""
        return client_view(self).net if self.total_sent is None else self.total_sent

    @property
    def sheet(self):
        return self

    @property
    def signed_by(self):
        return self.created_by

    @property
    def profit(self):
        """What it adds to the campaign's profit."""
        sums = reckoning.total(line.figures() for line in self.estimate)
        return reckoning.Profit(sums.price, sums.cost)

    # ── Its way ─────────────────────────────────────────────────────────────────────────────────
    named_outside = _("a change order")

    def _freeze(self):
        self._refuse_deliverable()
        lines = self.estimate
        if not lines:
            raise Refused(_("A change order says what it costs: write at least one line, of 0.00 if it costs nothing."))
        for line in lines:
            line.refuse_unsound(self.rate)
        view = client_view(self)
        if view.total > reckoning.HIGHEST:
            raise Refused(_("The estimate comes to more than 999,999,999.99."))
        self.content = frozen(view)
        self.digest, self.total_sent = digest_of(self.content), view.net

    @move(_("Send to the client"), told=_("sent the change order to the client"), sources=[State.DRAFT], to=State.CLIENT,
          needs=ISSUE, court=Court.CLIENT, holder="chaser", within="answer_due", hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        """Its figures are locked; the contact has a link."""
        self._freeze()
        self._put_out(contact, Dispatch.How.LINK, by=by)

    @move(_("Agree"), told=_("agreed the change order"), sources=[State.CLIENT], to=State.CONFIRMED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def confirm(self, *, by, words=""):
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        self._settle(by)

    @move(_("Decline"), told=_("declined the change order"), sources=[State.CLIENT], to=State.DECLINED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def decline(self, *, by, words=""):
        self.remarks = words
        self._tell(_("The client has declined the change order %(order)s (%(by)s)."), by)

    @move(_("Record the agreement"), told=_("recorded that the client agreed the change order"),
          sources=[State.DRAFT, State.CLIENT], to=State.CONFIRMED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_agreement(self, *, by, contact, words=""):
        self._record(contact, words, by)
        self._settle(by)

    @move(_("Record that it was declined"), told=_("recorded that the client declined the change order"),
          sources=[State.DRAFT, State.CLIENT], to=State.DECLINED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_no(self, *, by, contact, words=""):
        self._record(contact, words, by)
        self._tell(_("The client has declined the change order %(order)s (%(by)s)."), by)

    def _record(self, contact, words, by):
        if self.state == self.State.DRAFT:
            if not by.has_perm(ISSUE, self):
                raise PermissionDenied(_("Your role does not issue change orders for this client."))
            self._freeze()
        self._heard(contact, words, by)

    @move(_("Take back from the client"), told=_("took the change order back from the client"), sources=[State.CLIENT],
          to=State.DRAFT, needs=ISSUE, court=Court.OURS, holder="created_by", within=1, reason=True)  # fmt: skip
    def take_back(self, *, by, reason):
        """It is written again; its link opens nothing any more."""
        self.revoke_links(by=by, reason=reason)
        self.content, self.digest, self.total_sent = None, "", None

    @move(_("Withdraw"), told=_("withdrew the change order"), sources=[State.DRAFT, State.CLIENT], to=State.WITHDRAWN,
          needs=ISSUE, court=Court.NOBODY, reason=True)  # fmt: skip
    def withdraw(self, *, by, reason):
        """Nobody wants it any more; its number is not given again."""
        self.revoke_links(by=by, reason=reason)

    def _settle(self, by):
        """The client has agreed: its lines join the budget, its round is granted, the schedule hears of its days."""
        BudgetLine.add_order(self, by=by)
        if self.cause == self.Cause.ROUND:
            lock(self.deliverable)
            self.deliverable.grant_round(by=by)
        self._tell(_("The client has agreed the change order %(order)s (%(by)s)."), by)
        if self.days:
            for person in Ladder([self.client_id]).coordinators_of(self.client):
                text = _("%(job)s takes %(n)d working days more by a change order: please look at the work schedule.")
                told = {"kind": "campaigns.order_news", "n": self.days, "job": self.campaign.job_number}
                self.give_notice(to=person, text=text, occasion=f"days:{self.pk}", **told)

    def _tell(self, text, by):
        people = {self.created_by, self.sender, self.client.lead, self.client.supervisor}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by:
                self.give_notice(to=person, text=text, kind="campaigns.order_news", by=by, order=self.reference)

    @property
    def is_overdue(self):
        return self.state == self.State.CLIENT and self.due_on is not None and self.due_on < clock.today()


def with_totals(orders, campaign):
    """The change orders of one campaign's list, each ready to say its total: two queries."""
    agreed, lines = campaign.plan.in_force or campaign.plan, {}
    unsent = [order for order in orders if order.total_sent is None]
    for line in EstimateLine.objects.standing().filter(order__in=[order.pk for order in unsent]):
        lines.setdefault(line.order_id, []).append(line)
    for order in orders:
        order.campaign, order._agreed_edition = campaign, agreed
    for order in unsent:
        order.listed_lines = lines.get(order.pk, [])
    return orders
