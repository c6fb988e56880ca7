from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency.flow import Court, Refused, move, undo
from clients.models import ClientKnot
from clients.models.record import BusinessQuerySet


class BriefQuerySet(BusinessQuerySet):
    def for_page(self):
        """With everybody a page names, in one query."""
        return self.select_related("client__group__supervisor", "created_by", "holder")


class Brief(ClientKnot):
    """The intake brief: what the agency must know before it can plan (DEP2), in the four blocks of the department."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SUBMITTED = "submitted", _("Awaiting acceptance")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=120, help_text=_("What it is for, as the client would say it."))
    product_knowledge = models.TextField(
        _("product knowledge"),
        blank=True,
        max_length=8000,
        help_text=_("What it is, what it does for whom, price, strengths and weaknesses."),
    )
    market_situation = models.TextField(
        _("market situation"),
        blank=True,
        max_length=8000,
        help_text=_("Size and trend, competitors, consumers, past advertising."),
    )
    budget_amount = models.DecimalField(
        _("budget figure"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("999999999.99"))],
        help_text=format_lazy(_("In {currency}. A careful guess is better than nothing."), currency=settings.CURRENCY),
    )  # fmt: skip
    budget_notes = models.TextField(
        _("advertising budget"),
        blank=True,
        max_length=8000,
        help_text=_("What it covers, for which period, fixed or open, who approves it."),
    )
    market_plan = models.TextField(
        _("market plan"), blank=True, max_length=8000, help_text=_("Objectives, sales goals, channels, promotion calendar.")
    )
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    BLOCKS = ("product_knowledge", "market_situation", "budget_notes", "market_plan")
    WRITABLE = (State.DRAFT, State.RETURNED)
    view_right = "briefs.view_brief"
    told = {"created": _("opened the brief"), "revised": _("wrote in the brief")}
    objects = BriefQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("intake brief")
        verbose_name_plural = _("intake briefs")
        permissions = [("submit_brief", "Submit brief"), ("accept_brief", "Accept or return brief")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget_amount__isnull=True) | models.Q(budget_amount__gt=0), name="brief_budget_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "returned", "accepted"]), name="brief_state"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("brief", args=[self.pk])

    @classmethod
    def open(cls, *, client, by, token, **fields):
        """Take a brief for a client (DEP2). Right: briefs.change_brief, which the caller has asked on the client."""
        brief = cls(client=client, created_by=by, holder=by, token=token, **fields)
        brief.keep(by=by, reason="opened")
        brief.record_event("created", by=by)
        return brief

    @property
    def missing(self):
        """The names of the fields without which nobody is asked to accept the brief."""
        empty = [name for name in self.BLOCKS if not getattr(self, name).strip()]
        return [*empty, *(["budget_amount"] if self.budget_amount is None else [])]

    @property
    def missing_labels(self):
        return [self._meta.get_field(name).verbose_name for name in self.missing]

    @property
    def is_complete(self):
        return not self.missing

    @property
    def acceptor(self):
        """Who is asked to accept: the lead of the client's business, else the head of its group, and never who wrote it."""
        return self.decider("briefs.accept_brief", self.client.lead, self.client.supervisor, by=self.submitted_by)

    @property
    def writer(self):
        """Who mends a returned brief: its writer, or whoever serves the client now if the writer no longer does."""
        if self.submitted_by.has_perm("briefs.change_brief", self):
            return self.submitted_by
        return self.client.holder_of("salesman") or self.client.lead or self.client.supervisor

    @move(
        _("Submit for acceptance"), told=_("submitted the brief"), sources=[State.DRAFT, State.RETURNED], to=State.SUBMITTED,
        needs="briefs.submit_brief", court=Court.OURS, holder="acceptor", within=1,
    )  # fmt: skip
    def submit(self, *, by):
        if not self.is_complete:
            sentence = _(
                "Fill the four blocks and name a budget figure before asking for acceptance. Still missing: %(missing)s."
            )
            raise Refused(sentence % {"missing": ", ".join(str(label) for label in self.missing_labels)})
        self.submitted_by = by
        self.give_notice(
            to=self.acceptor,
            text=_("%(by)s asks you to accept the brief “%(brief)s”."),
            kind="briefs.news",
            by=by,
            brief=self,
        )

    @undo(submit, told=_("took the submitted brief back"))
    def undo_submit(self, *, by):
        """Nobody has accepted or returned it yet."""

    @move(
        _("Accept"), told=_("accepted the brief"), sources=[State.SUBMITTED], to=State.ACCEPTED,
        needs="briefs.accept_brief", court=Court.NOBODY, four_eyes=True,
    )  # fmt: skip
    def accept(self, *, by):
        self._answer(_("%(by)s accepted the brief “%(brief)s”."), by)

    @undo(accept, told=_("took the acceptance back"))
    def undo_accept(self, *, by):
        if self.campaigns.exists():
            raise Refused(_("A campaign has been opened on this brief by now; its acceptance stands."))

    @move(
        _("Return with a reason"), told=_("returned the brief"), sources=[State.SUBMITTED], to=State.RETURNED,
        needs="briefs.accept_brief", court=Court.OURS, holder="writer", within=1, reason=True,
    )  # fmt: skip
    def return_to_writer(self, *, by, reason):
        self._answer(_("%(by)s returned the brief “%(brief)s”: %(reason)s"), by, reason=reason)

    @undo(return_to_writer, told=_("took the return back"))
    def undo_return_to_writer(self, *, by):
        """Nothing has been written since."""

    def _answer(self, text, by, **words):
        self.give_notice(to=self.writer, text=text, kind="briefs.news", by=by, brief=self, **words)

    @property
    def returned_because(self):
        """The reason of the last return, while the brief is returned."""
        if self.state != self.State.RETURNED:
            return None
        return self.events().filter(verb="return_to_writer").first()
