from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from briefs.models.edition import digest_of
from campaigns.models.estimate import MARGIN
from campaigns.models.plan_text import money
from clients.models.record import BusinessQuerySet, ClientRecord


class PlanEditionQuerySet(BusinessQuerySet):
    def standing(self):
        """Those whose agreement inside was not taken back, newest first."""
        return self.filter(withdrawn=False).order_by("-number")

    def in_force(self):
        """What the client agreed and nothing newer has replaced."""
        return self.filter(confirmed_on__isnull=False, superseded_on__isnull=True, withdrawn=False)


class PlanEdition(ClientRecord):
    """A plan with its estimate as it was agreed inside: frozen, numbered from 1; the client reads and agrees this, word for
    word. `content` is the client view and nothing else; `inside` is what we know besides."""

    plan = models.ForeignKey("campaigns.Plan", models.PROTECT, related_name="editions", editable=False, db_index=False)
    number = models.PositiveSmallIntegerField(_("edition"), editable=False)
    content = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    inside = models.JSONField(editable=False)
    total = money(_("total of the client"), editable=False)
    currency = models.CharField(_("currency"), max_length=3, editable=False)
    rate = models.DecimalField(_("rate"), max_digits=12, decimal_places=6, editable=False)
    labour = money(_("our people’s time"), editable=False)
    plan_version = models.PositiveIntegerField(editable=False)
    confirmed_on = models.DateField(_("agreed by the client"), null=True, editable=False)
    superseded_on = models.DateField(_("superseded"), null=True, editable=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False, editable=False)

    view_right = "campaigns.view_estimate"
    attach_right = "campaigns.record_agreement"
    locked_after = "plan"
    guarded = {MARGIN: ("inside", "labour", "rate")}
    objects = PlanEditionQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-number"]
        verbose_name = _("edition of a plan")
        verbose_name_plural = _("editions of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_edition_per_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(confirmed_on__isnull=False, superseded_on__isnull=True, withdrawn=False),
                name="one_plan_edition_in_force",
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("%(plan)s, edition %(n)d") % {"plan": self.plan, "n": self.number}

    def get_absolute_url(self):
        return self.plan.get_absolute_url()

    @property
    def reference(self):
        """The number of the document: HRB-26-014-P1."""
        return f"{self.plan.campaign.job_number}-P{self.number}"

    @property
    def standing(self):
        """How it stands, for a page: (tone, word)."""
        if self.withdrawn:
            return "stopped", _("Withdrawn")
        if self.superseded_on:
            return "draft", _("Superseded")
        if self.confirmed_on:
            return "done", _("Agreed by the client")
        return "ours", _("Agreed inside")

    @classmethod
    def freeze(cls, plan, *, content, inside, total, by):
        """The next edition of a plan as it stands at this moment; the caller holds the plan's lock. content: the client view,
        inside: the figures of ours, both as JSON holds them."""
        number = (plan.editions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        edition = cls(
            client_id=plan.client_id, plan=plan, number=number, content=content, digest=digest_of(content), inside=inside,
            total=total, currency=plan.currency, rate=plan.rate, labour=plan.labour, plan_version=plan.version + 1,
            created_by=by,
        )  # fmt: skip
        return edition.keep(by=by, reason="frozen")

    def withdraw(self, *, by):
        """Its agreement was taken back, or the client wants it changed. The number is not given again."""
        self.withdrawn = True
        return self.keep(by=by, reason="withdrawn")
