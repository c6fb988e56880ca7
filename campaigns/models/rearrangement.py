from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import Conflict, Court, Refused, meanwhile, move, undo
from agency.templatetags.dates import day
from agency.workdays import calendar
from campaigns.models.campaign import Campaign
from campaigns.models.crossing import hold
from campaigns.models.step import Step
from campaigns.rearranging import planned, touched
from campaigns.reshaping import NEW
from campaigns.storing import back, begin, relink, stand, store
from clients.models import ClientKnot


class Rearrangement(ClientKnot):
    """A step moved to another day, or changed otherwise, with everything behind it, for a reason (COO6): asked for, or carried
    out directly. `kind` and `wanted` say what is to be done (`campaigns/rearranging.py`); `moved` and `relinked` keep what was.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        DONE = "done", _("Carried out")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NOT_DONE = "not_done", _("Not carried out")

    class Kind(models.TextChoices):
        MOVE = "move", _("Another day")
        LENGTH = "length", _("Another length")
        PERSON = "person", _("Another owner")
        SWAP = "swap", _("Change places")
        INSERT = "insert", _("A new step behind it")
        SPLIT = "split", _("Two steps of one")
        MERGE = "merge", _("One step of two")
        SKIP = "skip", _("Leave it out")
        LINK = "link", _("Wait for a step")
        UNLINK = "unlink", _("Wait no longer")
        ASSIGN = "assign", _("Many steps to one owner")

    class Cause(models.TextChoices):
        CLIENT_LATE = "client_late", _("The client is late")
        CLIENT_CHANGE = "client", _("The client wants it otherwise")
        ABSENCE = "absence", _("Illness or absence")
        SUPPLIER = "supplier", _("A supplier is late")
        MEDIA = "media", _("The media date has changed")
        LONGER = "longer", _("The work takes longer")
        PRIORITY = "priority", _("Other work goes first")
        OTHER = "other", _("Another reason")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="rearrangements", editable=False, verbose_name=_("campaign")
    )
    step = models.ForeignKey(Step, models.PROTECT, related_name="rearrangements", editable=False, verbose_name=_("step"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    kind = models.CharField(_("what is changed"), max_length=8, choices=Kind, default=Kind.MOVE, editable=False)
    wanted = models.JSONField(_("what is wanted"), default=dict, editable=False)
    cause = models.CharField(_("why"), max_length=12, choices=Cause, default=Cause.OTHER)
    reason = models.CharField(_("reason"), max_length=500)
    moved = models.JSONField(default=list, editable=False)
    relinked = models.JSONField(default=list, editable=False)

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
                condition=models.Q(state__in=["asked", "done", "declined", "withdrawn", "not_done"]), name="rearrangement_state"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "move",
                        "length",
                        "person",
                        "swap",
                        "insert",
                        "split",
                        "merge",
                        "skip",
                        "link",
                        "unlink",
                        "assign",
                    ]
                ),
                name="rearrangement_kind",
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

    @property
    def to_start(self):
        """The new first day of a step that moves; else None."""
        return date.fromisoformat(self.wanted["to_start"]) if self.kind == self.Kind.MOVE else None

    @property
    def asked(self):
        """Who asks for what, in a sentence."""
        if self.kind == self.Kind.MOVE:
            return _("%(person)s asks to begin on %(day)s") % {"person": self.created_by, "day": day(self.to_start)}
        return _("%(person)s asks for a rearrangement: %(kind)s") % {"person": self.created_by, "kind": self.get_kind_display()}

    @property
    def preview_url(self):
        """The page that shows what would change."""
        at = {} if self.kind == self.Kind.MOVE else {"kind": self.kind}
        asked = {name: "on" if value is True else value for name, value in self.wanted.items() if value is not False}
        if self.kind == self.Kind.ASSIGN:
            return f"{reverse('campaign_assign', args=[self.campaign.job_number])}?{urlencode(asked, doseq=True)}"
        return f"{reverse('step_rearrange', args=[self.step_id])}?{urlencode(at | asked, doseq=True)}"

    @classmethod
    @transaction.atomic
    def ask(cls, *, step, reason, by, token, kind=Kind.MOVE, cause=Cause.OTHER, **wanted):
        """Ask the coordinator to rearrange a step. Right: campaigns.ask_rearrangement. Refused if it cannot be.

        wanted: what the kind takes, as in `campaigns/rearranging.py`.
        """
        if not by.has_perm("campaigns.ask_rearrangement", step):
            raise PermissionDenied(_("Your role does not ask for this rearrangement."))
        wish = cls._wish(step, reason, by, token, kind=kind, cause=cause, wanted=as_kept(wanted))
        planned(step, kind, wish.wanted, viewer=by)
        wish.holder = step._coordinator()
        wish.due_on = calendar().add(clock.today(), 1)
        wish.keep(by=by, reason=reason)
        wish.record_event("created", by=by, reason=reason)
        text = _("%(by)s asks to move “%(step)s” of %(campaign)s: %(reason)s") if kind == cls.Kind.MOVE else ASKS
        words = {"by": by, "step": step, "campaign": step.campaign, "reason": reason, "what": cls.Kind(kind).label}
        wish.give_notice(to=wish.holder, text=text, kind="campaigns.rearrangement_news", **words)
        return wish

    @classmethod
    @transaction.atomic
    def make(cls, *, step, reason, by, token, kind=Kind.MOVE, cause=Cause.OTHER, seen=None, **wanted):
        """Rearrange at once. Right: campaigns.rearrange_steps. `seen` is the campaign's version in the preview: if another
        rearrangement came between, Conflict tells what the first one did. The same token twice does it once."""
        held = hold(touched(step, kind, as_kept(wanted)))
        step.campaign = held[step.campaign_id]
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if seen is not None and seen != sum(campaign.version for campaign in held.values()):
            raise Conflict(step.campaign, meanwhile(step.campaign), may_send=True)
        told = {"kind": kind, "cause": cause, "wanted": as_kept(wanted), "state": cls.State.NOT_DONE, "court": Court.NOBODY}
        wish = cls._wish(step, reason, by, token, **told)
        wish.keep(by=by, reason=reason)
        return wish.carry_out(by=by)

    @classmethod
    def _wish(cls, step, reason, by, token, **how):
        if not reason.strip():
            raise Refused(_("Please give a reason: it is kept with the schedule and told to those concerned."))
        words = {"reason": reason, "created_by": by, "token": token}
        return cls(client=step.client, campaign=step.campaign, step=step, **words, **how)

    @move(
        _("Carry out"), told=_("rearranged the work"), sources=[State.NOT_DONE], to=State.DONE,
        needs="campaigns.rearrange_steps", court=Court.NOBODY, hidden=True,
    )  # fmt: skip
    def carry_out(self, *, by):
        return self._apply(by)

    @undo(carry_out, told=_("took the rearrangement back"))
    def undo_carry_out(self, *, by):
        """Every step is again where it was, as long as nobody has worked on one of them."""
        self._put_back(by)

    @move(
        _("Grant"), told=_("granted the rearrangement"), sources=[State.ASKED], to=State.DONE,
        needs="campaigns.answer_rearrangement", court=Court.NOBODY,
    )  # fmt: skip
    def grant(self, *, by):
        self._answer(_("%(by)s granted the rearrangement of “%(step)s”."), by)
        return self._apply(by)

    @undo(grant, told=_("took the granting back"))
    def undo_grant(self, *, by):
        """Every step is again where it was; the request waits for another answer."""
        self._put_back(by)

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
        """Change the steps, in one transaction with the move; the campaign's version grows, so that a stale preview is seen."""
        held = hold(touched(self.step, self.kind, self.wanted))
        self.campaign = self.step.campaign = held[self.campaign_id]
        outcome = planned(self.step, self.kind, self.wanted, by=by, held=True)
        changes, steps = outcome.changes, outcome.scene.steps
        store([change for change in changes if not change.is_new and not change.is_skipped], by, self.reason)
        for change in changes:
            if change.is_skipped:
                change.step.skip(by=by, reason=self.reason)
            elif change.is_new:
                steps[NEW] = begin(change, by, self.reason)
        self.relinked = relink(outcome.links, steps)
        changes += stand(self.campaign, steps, outcome.links, changes, by)
        self.moved = [self._row(change) for change in changes]
        self._note("rearranged", changes, held, by=by, reason=self.reason)
        self._tell_owners(changes, by)
        return {"moved": [row for row in self.moved if row["name"]]}

    def _row(self, change):
        """A step of another campaign stays unnamed where this one is told of."""
        row = change.as_row()
        return row if change.step.campaign_id == self.campaign_id else row | {"name": ""}

    def _note(self, verb, changes, held, *, by, reason):
        """In the trail of each campaign what has changed in it; their versions grow."""
        for key, campaign in held.items():
            rows = [change.as_row() for change in changes if change.step.campaign_id == key]
            if rows or key == self.campaign_id:
                campaign.keep(by=by, reason=reason)
                campaign.record_event(verb, by=by, reason=self.reason, kind=str(self.kind), moved=rows)

    def _put_back(self, by):
        """Every step as it was before. Refused where a step has been worked on, or changed again, since."""
        keys = {row["step"] for row in self.moved} | {key for before, after, *_lags in self.relinked for key in (before, after)}
        steps = Step.objects.filter(pk__in=keys)
        held = hold({self.campaign_id, *steps.values_list("campaign", flat=True)})
        self.campaign = held[self.campaign_id]
        steps = steps.select_related("person", "department", "campaign").order_by("pk")
        steps = {it.pk: it for it in steps.select_for_update(of=("self",), no_key=True)}
        changes = [back(row, steps[row["step"]]) for row in self.moved]
        links = [(before, after, new, old) for before, after, old, new in self.relinked]
        relink(links, steps)
        for change in changes:
            if change.is_new:
                change.step.undo_skip(by=by)
            elif change.is_skipped:
                change.step.skip(by=by, reason="taken back")
        store([change for change in changes if not change.is_new and not change.is_skipped], by, "taken back")
        stand(self.campaign, steps, links, changes, by)
        self._note("rearranged_back", changes, held, by=by, reason="taken back")
        self._tell_owners(changes, by, back=True)

    def _tell_owners(self, changes, by, *, back=False):
        """One notice per person, however many steps of his change; it leads to the first of them."""
        for person in owners_told(changes, by):
            mine = [change for change in changes if person.pk in change.owners()]
            text = BACK if back else _text_for(person, mine)
            words = {"by": by, "campaign": mine[0].step.campaign, "steps": ", ".join(str(change.step) for change in mine)}
            mine[0].step.give_notice(to=person, text=text, kind="campaigns.step_news", **words)


ASKS = _("%(by)s asks about “%(step)s” of %(campaign)s, %(what)s: %(reason)s")
MOVED = _("%(by)s rearranged %(campaign)s. Your steps that move: %(steps)s.")
GIVEN = _("%(by)s rearranged %(campaign)s. You now do: %(steps)s.")
TAKEN = _("%(by)s rearranged %(campaign)s. Somebody else now does: %(steps)s.")
LEFT_OUT = _("%(by)s rearranged %(campaign)s. Your steps that are left out: %(steps)s.")
BACK = _("%(by)s took a rearrangement of %(campaign)s back. Your steps move back: %(steps)s.")


def _text_for(person, changes):
    """What a person is told of what all these changes have in common; else that his steps move."""
    if all(change.is_new or ("person_id" in change.fields and change.owners()[1] == person.pk) for change in changes):
        return GIVEN
    if all("person_id" in change.fields and change.owners()[0] == person.pk for change in changes):
        return TAKEN
    return LEFT_OUT if all(change.is_skipped for change in changes) else MOVED


def as_kept(wanted):
    """What is wanted, as it is kept: a day as text, a record as its key; what was left empty is left out."""
    return {name: _plain(value) for name, value in wanted.items() if value not in (None, "")}


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [_plain(it) for it in value]
    return value


def owners_told(changes, by):
    """The owners, before and after, of the steps that change, by name, without whoever changes them."""
    keys = {key for change in changes for key in change.owners() if key} - {by.pk}
    return sorted(Person.objects.filter(pk__in=keys), key=str) if keys else []


def preview(step, to_start, *, pull=False):
    """Every step that would move if `step` began on `to_start`, in the order of the schedule. Refused where it cannot be.

    pull: moved earlier, it takes the steps behind along, as close as their links allow.
    """
    return planned(step, "move", as_kept({"to_start": to_start, "pull": pull})).changes
