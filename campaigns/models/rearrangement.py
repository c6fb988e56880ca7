from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_update_with_history

from agency import clock
from agency.flow import Conflict, Court, Refused, lock, meanwhile, move, undo
from agency.workdays import Impossible, calendar
from campaigns import arithmetic
from campaigns.models.campaign import Campaign
from campaigns.models.step import Step, StepLink
from clients.models import ClientKnot


class Rearrangement(ClientKnot):
    """One step moved to another day, with everything behind it, for a reason (COO6): asked for, or carried out directly."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        DONE = "done", _("Carried out")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="rearrangements", editable=False, verbose_name=_("campaign")
    )
    step = models.ForeignKey(Step, models.PROTECT, related_name="rearrangements", editable=False, verbose_name=_("step"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    to_start = models.DateField(_("new first day"))
    reason = models.CharField(_("reason"), max_length=500)
    moved = models.JSONField(default=list, editable=False)

    view_right = "campaigns.view_campaign"
    insiders = ("created_by", "step__person")
    part_of = "campaign"
    told = {"created": _("asked for a rearrangement")}

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("rearrangement")
        verbose_name_plural = _("rearrangements")
        default_permissions = ()
        permissions = [
            ("rearrange_steps", "Rearrange steps directly"),
            ("ask_rearrangement", "Ask for a rearrangement"),
            ("answer_rearrangement", "Grant or decline a request"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "done", "declined", "withdrawn"]), name="rearrangement_state"
            ),
        ]

    def __str__(self):
        return _("Rearrangement of “%(step)s”") % {"step": self.step}

    def get_absolute_url(self):
        return self.step.get_absolute_url()

    @property
    def answer_url(self):
        """Where granting and declining are posted: `<answer_url>move/<name>/`."""
        return reverse("rearrangement_move", args=[self.pk, "x"]).removesuffix("move/x/")

    @classmethod
    @transaction.atomic
    def ask(cls, *, step, to_start, reason, by, token):
        """Ask the coordinator to move a step. Right: campaigns.ask_rearrangement. Refused if the day is impossible."""
        if not by.has_perm("campaigns.ask_rearrangement", step):
            raise PermissionDenied(_("Your role does not ask for this rearrangement."))
        preview(step, to_start)
        wish = cls._wish(step, to_start, reason, by, token)
        wish.holder = step._coordinator()
        wish.due_on = calendar().add(clock.today(), 1)
        wish.keep(by=by, reason=reason)
        wish.record_event("created", by=by, reason=reason)
        text = _("%(by)s asks to move “%(step)s” of %(campaign)s: %(reason)s")
        words = {"by": by, "step": step, "campaign": step.campaign, "reason": reason}
        wish.give_notice(to=wish.holder, text=text, kind="campaigns.rearrangement_news", **words)
        return wish

    @classmethod
    @transaction.atomic
    def make(cls, *, step, to_start, reason, by, token, seen=None):
        """Move a step at once. Right: campaigns.rearrange_steps. `seen` is the campaign's version in the preview: if another
        rearrangement came between, Conflict tells what the first one did. The same token twice moves once."""
        lock(step.campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if seen is not None and seen != step.campaign.version:
            raise Conflict(step.campaign, meanwhile(step.campaign), may_send=True)
        wish = cls._wish(step, to_start, reason, by, token)
        wish.keep(by=by, reason=reason)
        return wish.carry_out(by=by)

    @classmethod
    def _wish(cls, step, to_start, reason, by, token):
        if not reason.strip():
            raise Refused(_("Please give a reason: it is kept with the schedule and told to those concerned."))
        return cls(
            client=step.client, campaign=step.campaign, step=step, to_start=to_start, reason=reason, created_by=by, token=token
        )  # fmt: skip

    @move(
        _("Carry out"), told=_("rearranged the work"), sources=[State.ASKED], to=State.DONE,
        needs="campaigns.rearrange_steps", court=Court.NOBODY, hidden=True,
    )  # fmt: skip
    def carry_out(self, *, by):
        return self._apply(by)

    @move(
        _("Grant"), told=_("granted the rearrangement"), sources=[State.ASKED], to=State.DONE,
        needs="campaigns.answer_rearrangement", court=Court.NOBODY,
    )  # fmt: skip
    def grant(self, *, by):
        self._answer(_("%(by)s granted the rearrangement of “%(step)s”."), by)
        return self._apply(by)

    @move(
        _("Decline"), told=_("declined the rearrangement"), sources=[State.ASKED], to=State.DECLINED,
        needs="campaigns.answer_rearrangement", court=Court.NOBODY, reason=True,
    )  # fmt: skip
    def decline(self, *, by, reason):
        self._answer(_("%(by)s declined the rearrangement of “%(step)s”: %(reason)s"), by, reason=reason)

    @undo(decline, told=_("took the refusal back"))
    def undo_decline(self, *, by):
        """It is asked again as it was."""

    @move(
        _("Withdraw"), told=_("withdrew the request"), sources=[State.ASKED], to=State.WITHDRAWN,
        needs="campaigns.ask_rearrangement", court=Court.NOBODY, only="created_by",
    )  # fmt: skip
    def withdraw(self, *, by):
        self.take_news_back(by=by, move=_("Ask for a rearrangement"), version=self.version)

    def _answer(self, text, by, **words):
        words |= {"by": by, "step": self.step}
        self.give_notice(to=self.created_by, text=text, kind="campaigns.rearrangement_news", **words)

    def _apply(self, by):
        """Move the steps, in one transaction with the move; the campaign's version grows, so that a stale preview is seen."""
        lock(self.campaign)
        changes = preview(self.step, self.to_start, held=True)
        self.moved = [change.as_row() for change in changes]
        _store(changes, by, self.reason)
        self.campaign.keep(by=by, reason=self.reason)
        self.campaign.record_event("rearranged", by=by, reason=self.reason, moved=self.moved)
        self._tell_owners(changes, by)
        return {"moved": self.moved}

    def _tell_owners(self, changes, by):
        """One notice per person, however many steps of his move; it leads to the first of them, which he may see."""
        for person in owners_told(changes, by):
            mine = [change.step for change in changes if change.step.person_id == person.pk]
            words = {"by": by, "campaign": self.campaign, "steps": ", ".join(str(step) for step in mine)}
            text = _("%(by)s rearranged %(campaign)s. Your steps that move: %(steps)s.")
            mine[0].give_notice(to=person, text=text, kind="campaigns.step_news", **words)


class Change:
    """One step of a preview, from → to."""

    def __init__(self, step, old_first, old_last, new_first, new_last):
        self.step, self.old_first, self.old_last, self.new_first, self.new_last = step, old_first, old_last, new_first, new_last

    @property
    def breaks_deadline(self):
        return self.step.latest_on is not None and self.new_last > self.step.latest_on

    def as_row(self):
        days = (self.old_first, self.old_last, self.new_first, self.new_last)
        return {"step": self.step.pk, "name": self.step.name, "days": [day.isoformat() for day in days]}


def owners_told(changes, by):
    """The owners of the steps that move, by name, without whoever moves them."""
    owners = {change.step.person for change in changes if change.step.person_id} - {by}
    return sorted(owners, key=str)


def preview(step, to_start, *, held=False):
    """Every step that would move if `step` began on `to_start`, in the order of the schedule. Refused where it cannot be.

    held: lock the steps until the transaction ends, because they are about to be moved.
    """
    steps = step.campaign.steps.select_related("person", "department").order_by("pk")
    steps = {other.pk: other for other in (steps.select_for_update(of=("self",), no_key=True) if held else steps)}
    if not steps[step.pk].is_open:
        raise Refused(_("“%(step)s” is done; only open steps can be moved.") % {"step": step})
    if to_start < clock.today():
        raise Refused(_("That day has passed: a step is moved to today or later."))
    links = StepLink.objects.filter(after__in=steps).values_list("before", "after", "lag")
    spans = {key: (other.starts_on, other.ends_on) for key, other in steps.items()}
    try:
        moved = arithmetic.pushed(spans, list(links), step.pk, to_start, calendar())
    except Impossible as why:
        raise Refused(str(why)) from why
    if not moved:
        raise Refused(_("Nothing would move: the step already begins on that day."))
    changes = [Change(steps[key], *days) for key, days in moved.items() if steps[key].is_open]
    return sorted(changes, key=lambda change: (change.step.position, change.step.pk))


def _store(changes, by, reason):
    """The one place where steps are written together: with their history, and never their state."""
    steps = []
    for change in changes:
        step = change.step
        step.starts_on, step.ends_on, step.version = change.new_first, change.new_last, step.version + 1
        step.due_on = change.new_last if step.due_on is not None else None
        steps.append(step)
    bulk_update_with_history(
        steps, Step, ["starts_on", "ends_on", "due_on", "version"],
        default_user=by, default_change_reason=reason, default_date=clock.now(),
    )  # fmt: skip
