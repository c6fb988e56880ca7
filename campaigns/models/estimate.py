from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.flow import Conflict, Refused, lock, meanwhile, revise
from campaigns.models.costed import Costed, Payer, checks
from clients.models.record import BusinessQuerySet, ClientRecord

RIGHT, MARGIN = "campaigns.change_estimate", "campaigns.see_margin"
MOST = 100


class EstimateLineQuerySet(BusinessQuerySet):
    def standing(self):
        """Those that nobody has struck out, in their order."""
        return self.filter(dropped=False).order_by("number", "pk")


class EstimateLine(Costed, ClientRecord):
    """One line of the estimate of a plan, or of a change order (DIR2). Written while its document is; then locked."""

    plan = models.ForeignKey("campaigns.Plan", models.PROTECT, null=True, related_name="lines", editable=False)
    order = models.ForeignKey("campaigns.ChangeOrder", models.PROTECT, null=True, related_name="lines", editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    dropped = models.BooleanField(_("struck out"), default=False, editable=False)

    FIELDS = ("kind", "name", "supplier", "quantity", "unit", "unit_price", "markup", "tax", "payer")
    OF_MARGIN = ("markup", "payer")  # what only those write who see the margin
    view_right = "campaigns.view_estimate"
    guarded = {MARGIN: ("unit_price", "markup", "payer", "supplier")}
    objects = EstimateLineQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["number", "pk"]
        verbose_name = _("line of an estimate")
        verbose_name_plural = _("lines of estimates")
        permissions = [("change_estimate", "Write estimate lines"), ("see_margin", "See cost, mark-up and margin"),
                       ("view_estimate", "View estimate in the client view")]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=True, order__isnull=False) | Q(plan__isnull=False, order__isnull=True),
                name="line_of_plan_or_order",
            ),
            *checks("estimate_line"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    def get_absolute_url(self):
        return self.document.estimate_url

    @property
    def document(self):
        """The plan or the change order whose line it is."""
        return self.plan or self.order

    # ── Writing ─────────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def open(cls, document, *, by, token, **fields):
        """A new line at the end of a plan's estimate or of a change order. Sent twice it is one line.

        Raises PermissionDenied, Conflict where the document is no longer written, or Refused.
        """
        lock(document)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        _require(document, by)
        lines = document.lines.order_by("-number")
        if lines.filter(dropped=False).count() >= MOST:
            raise Refused(_("An estimate has at most %(n)d lines.") % {"n": MOST})
        last = lines.values_list("number", flat=True).first() or 0
        line = cls(client_id=document.client_id, number=last + 1, created_by=by, token=token, **fields)
        setattr(line, document.of_lines, document)
        line._refuse(by, fields)
        line.keep(by=by, reason="opened")
        document.note_figures(by=by)
        return line

    @transaction.atomic
    def write(self, *, by, seen, changes):
        """Change what the line says; see `agency.flow.revise`. Only while its document is written."""
        document = self.document
        lock(document)
        _require(document, by)
        if seen == self.version:
            self._refuse(by, changes)
        changed = revise(self, by=by, needs=RIGHT, seen=seen, changes=changes)
        if changed:
            document.note_figures(by=by)
        return changed

    @transaction.atomic
    def drop(self, *, by, seen):
        """Strike the line out; what it said stays in its history."""
        document = self.document
        lock(document)
        lock(self)
        _require(document, by)
        if self.dropped:
            return
        if seen is not None and seen != self.version:
            raise Conflict(self, meanwhile(self))
        self._refuse(by, {})
        self.dropped = True
        self.keep(by=by, reason="struck out")
        document.note_figures(by=by)

    def withheld_from(self, person):
        """As ever; of a line that the house bears, or once bore, not even what it is."""
        withheld = super().withheld_from(person)
        if "payer" in withheld and self.history.filter(payer=Payer.HOUSE).exists():
            withheld |= set(self.FIELDS)
        return withheld

    @property
    def has_hidden_terms(self):
        """Whether more stands behind its price than who does not see the margin may know."""
        return bool(self.markup) or self.payer != Payer.US or bool(self.supplier)

    def refuse_hidden(self, person):
        """Raise Refused where `person` writes prices only, and this line has terms behind its price."""
        if self.has_hidden_terms and not person.has_perm(MARGIN, self.document):
            raise Refused(_("This line has terms with the supplier that are not yours to change: ask the account director."))

    def _refuse(self, by, changes):
        """What cannot be meant, and what is not this person's to write."""
        self.refuse_hidden(by)
        if not by.has_perm(MARGIN, self.document) and EstimateLine(**changes).has_hidden_terms:
            raise Refused(_("Terms with suppliers are not yours to write: ask the account director."))
        meant = EstimateLine(**{name: changes.get(name, getattr(self, name)) for name in self.FIELDS})
        meant.refuse_unsound(self.document.rate)


def _require(document, by):
    if not by.has_perm(RIGHT, document):
        raise PermissionDenied(_("Your role does not write the estimate of this client."))
    if document.state not in document.WRITABLE:
        raise Conflict(document, meanwhile(document))
