"""What a campaign delivers, as the client agreed it, and the rounds of amends gone through (DIR3, DEP8)."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.flow import Refused, move, undo
from campaigns.models.plan_text import lettered
from campaigns.models.specification import Specification
from clients.models.record import BusinessQuerySet, ClientRecord


class Deliverable(ClientRecord):
    """One piece, under its letter. Its rounds of amends are counted against those agreed; a further one is a change order."""

    class State(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        DROPPED = "dropped", _("No longer in the plan")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.AGREED, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="deliverables", editable=False)
    letter = models.CharField(_("letter"), max_length=2, editable=False)
    what = models.CharField(_("what"), max_length=300, editable=False)
    medium = models.CharField(_("medium"), max_length=300, editable=False)
    size = models.CharField(_("size or length"), max_length=300, blank=True, editable=False)
    rounds = models.PositiveSmallIntegerField(_("rounds of amends agreed"), editable=False)
    more_rounds = models.PositiveSmallIntegerField(_("rounds by change order"), default=0, editable=False)
    used = models.PositiveSmallIntegerField(_("rounds begun"), default=0, editable=False)
    deadline = models.DateField(_("media deadline"), editable=False)
    appears = models.DateField(_("appears on"), null=True, editable=False)
    specification = models.ForeignKey(
        "campaigns.Specification", models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("specification"),
    )  # fmt: skip
    specified = models.JSONField(_("specification as agreed"), default=dict, editable=False)

    view_right = "campaigns.view_campaign"
    part_of = "campaign"
    objects = BusinessQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["letter"]
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        constraints = [models.UniqueConstraint(fields=["campaign", "letter"], name="one_deliverable_a_letter")]

    def __str__(self):
        return f"{self.letter} {self.what}"

    def get_absolute_url(self):
        return reverse("campaign", args=[self.campaign.job_number])

    @property
    def moves_at(self):
        """Where its buttons post to."""
        return reverse("deliverable_move", args=[self.pk, "x"]).removesuffix("move/x/")

    @property
    def allowed(self):
        return self.rounds + self.more_rounds

    @property
    def has_round_left(self):
        return self.used < self.allowed

    @property
    def is_used_up(self):
        """Whether the next round is one the client has not agreed to: a change order is offered."""
        return self.state == self.State.AGREED and not self.has_round_left

    @classmethod
    def set_up(cls, plan, *, by):
        """The pieces as the client has now agreed them; the caller holds the plan's lock. Rounds begun stay counted."""
        there = {it.letter: it for it in plan.campaign.deliverables.select_for_update(no_key=True)}
        usual, library = plan.client.terms_on().rounds, specified_in(plan.deliverables)
        for letter, row in lettered(plan.deliverables).items():
            own = {"client_id": plan.client_id, "campaign": plan.campaign, "letter": letter, "created_by": plan.signed_by}
            it = there.pop(letter, None) or cls(**own)
            it.what, it.medium, it.size, it.state = row["what"], row["medium"], row["size"], cls.State.AGREED
            it.rounds = int(row["rounds"]) if row["rounds"] else usual
            it.deadline = date.fromisoformat(row["deadline"])
            it.appears = date.fromisoformat(row["appears"]) if row["appears"] else None
            it.specify(library.get(row.get("specification")))
            it.keep(by=by, reason="agreed")
        for gone in there.values():
            gone.state = cls.State.DROPPED
            gone.keep(by=by, reason="no longer in the plan")

    def specify(self, specification):
        """Take the specification over as it stands when the client agrees; agreed again, what was agreed once stays."""
        if specification and specification.pk == self.specification_id:
            return
        self.specification, self.specified = specification, specification.kept() if specification else {}

    @move(_("Begin a round of amends"), told=_("began a round of amends"), sources=[State.AGREED], to=None,
          needs="campaigns.change_plan", when="has_round_left")  # fmt: skip
    def begin_round(self, *, by):
        """Counted where it happens; the one after the last that was agreed is refused, and a change order offered."""
        if not self.has_round_left:
            raise Refused(_("All rounds of amends of %(what)s are used: let the client agree a change order.") % {"what": self})
        self.used += 1
        return {"round": self.used}

    @undo(begin_round, told=_("took the round back"))
    def undo_begin_round(self, *, by):
        """It was counted by mistake."""

    def use_round(self, *, by):
        """A round that a draft begins because the client wants changes; the caller holds the lock and has asked the right."""
        self.used += 1
        self.keep(by=by, reason="by a draft")
        self.record_event("begin_round", by=by, round=self.used)

    def grant_round(self, *, by):
        """One round more, by a change order the client agreed; the caller's move has asked the right."""
        self.more_rounds += 1
        self.keep(by=by, reason="by change order")


def specified_in(rows):
    """The specifications that these rows of a plan name, by their code."""
    codes = {row.get("specification") for row in rows or []} - {"", None}
    return {it.code: it for it in Specification.objects.filter(code__in=codes)} if codes else {}
