from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Person
from accounts.rights import TABLE
from agency import clock
from agency.flow import Court, Refused, move, undo
from agency.workdays import calendar
from campaigns.models import standing
from campaigns.models.campaign import Campaign
from campaigns.models.evidence import Evidenced
from campaigns.models.standing import OPEN, SETTLED
from campaigns.models.template import Kind
from clients.ladder import Ladder
from clients.models import ClientKnot, Event
from clients.models.record import BusinessQuerySet


class Cause(models.TextChoices):
    """Whose day it was that a step ended later than agreed (COO4)."""

    CLIENT = "client", _("The client")
    CREATIVE = "creative", _("Creative")
    PRODUCTION = "production", _("Production")
    MEDIA = "media", _("Media")
    SUPPLIER = "supplier", _("A supplier")
    US = "us", _("Client service and others of ours")


class StepQuerySet(BusinessQuerySet):
    def for_list(self):
        """With everybody a row names and those who take over, in two queries however many steps."""
        return self.select_related("campaign", "client__group", "department", "person", "holder").with_takers()

    def with_takers(self):
        """With the steps right behind, whose owners take over; one query more."""
        behind = Step._base_manager.select_related("person").order_by("position", "pk")
        return self.prefetch_related(models.Prefetch("successors", queryset=behind))

    def for_page(self):
        heads = ("campaign__client__group__supervisor", "client__group__supervisor")
        return self.select_related(*heads, "department", "person", "holder")

    def where(self, person, right):
        """As for every record; what a step hands on belongs to the owners of the steps behind it."""
        if right == "campaigns.take_over_step" and TABLE[right].scope(person) == "own":
            return self.visible_to(person).filter(pk__in=StepLink.objects.filter(after__person=person).values("before"))
        return super().where(person, right)

    def concerning(self, person):
        """Of the visible steps those that are a person's work: for members their own and what waits in their hands."""
        if TABLE[Step.view_right].scope(person) != "share":
            return self
        whole = Campaign.objects.visible_to(person).values("pk")
        return self.filter(Q(person=person) | Q(holder=person) | Q(campaign__in=whole))

    def behind(self, due_on, pk):
        """What comes after this row in a list by due day and key."""
        return self.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))

    def unchecked(self):
        """Neither checked nor left out."""
        return self.exclude(state__in=SETTLED)

    def kept(self):
        """Without those that were left out (COO6)."""
        return self.exclude(state="skipped")

    def open(self):
        """Steps whose work is not reported done."""
        return self.filter(standing.is_open())

    def late(self, on):
        return self.filter(standing.is_late(on))

    def due(self, on):
        """Steps that end today."""
        return self.filter(standing.is_due(on))

    def at_risk(self, on):
        return self.filter(standing.is_at_risk(on))

    def blocked(self, on):
        return self.filter(standing.is_blocked(on))

    def unassigned(self):
        return self.filter(standing.is_unassigned())

    def awaiting_check(self):
        return self.filter(standing.is_to_check())


class Step(Evidenced, ClientKnot):
    """One step of a work schedule and its hand-off to the next (COO1, COO3).

    planned → ready (all before it checked) → in progress → done → taken over, or returned with a reason, by the next owner
    → checked by the coordinator. Nobody checks a step he owns. What is left out is skipped, and counts as checked (COO6).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        READY = "ready", _("Ready")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done, to be taken over")
        TAKEN_OVER = "taken_over", _("Taken over, to be checked")
        CHECKED = "checked", _("Checked")
        SKIPPED = "skipped", _("Skipped")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="steps", editable=False, verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.WORK)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED, editable=False)
    days = models.PositiveSmallIntegerField(_("working days"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    latest_on = models.DateField(_("latest day allowed"), null=True, blank=True)
    began_on = models.DateField(_("begun on"), null=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    slip_cause = models.CharField(_("whose day it was"), max_length=10, choices=Cause, blank=True, editable=False)
    before = models.ManyToManyField(
        "self", through="StepLink", through_fields=("after", "before"), symmetrical=False, related_name="successors"
    )

    HANDED_ON = (State.DONE, State.TAKEN_OVER)
    view_right = "campaigns.view_campaign"
    owner_fields = ("person",)
    insiders = ("person", "successors__person")
    part_of = "campaign"
    lies_with = (
        ("holder", Q(holder__isnull=False) | Q(state__in=HANDED_ON)),
        ("person", Q(person__isnull=False, state__in=OPEN)),
    )
    attach_right = "campaigns.work_step"
    told = {
        "created": _("planned the step"),
        "evidence_given": _("showed what the step had to bring"),
        "evidence_gone": _("took back what the step had to show: it holds no longer"),
    }
    objects = StepQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["campaign", "position", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        permissions = [
            ("make_schedule", "Make schedule from template"),
            ("work_step", "Start step, report it done"),
            ("take_over_step", "Take over or return what the step before hands on"),
            ("check_step", "Check hand-off"),
            ("skip_milestone", "Leave out a milestone"),
        ]
        indexes = [
            *ClientKnot.Meta.indexes,
            models.Index(fields=["person", "ends_on"], name="step_open_of_person", condition=Q(state__in=OPEN)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=260), name="step_days"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="step_runs_forward"),
            models.CheckConstraint(
                condition=Q(slip_cause__in=["", "client", "creative", "production", "media", "supplier", "us"]),
                name="step_slip_cause",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "ready", "in_progress", "done", "taken_over", "checked", "skipped"]),
                name="step_state",
            ),
            models.CheckConstraint(condition=Q(needs_evidence__in=["none", "file", "draft", "proof"]), name="step_evidence"),
            models.CheckConstraint(
                condition=Q(evidence_type__isnull=True, evidence_id__isnull=True)
                | Q(evidence_type__isnull=False, evidence_id__isnull=False),
                name="step_evidence_is_a_pair",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("step", args=[self.pk])

    # What the step is at the moment

    @property
    def is_clients(self):
        """Whether the client does this step."""
        return self.department_id is None

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def in_hands_of(self):
        """The owner, while the work is not reported done; then whoever takes over or checks."""
        return self.person if self.is_open and self.person_id else self.holder

    @property
    def is_settled(self):
        """Checked or left out: nobody has to do anything for it."""
        return self.state in SETTLED

    def is_late(self, on):
        return self.is_open and self.ends_on < on

    def is_at_risk(self, on):
        begun_late = self.state == self.State.READY and self.starts_on < on
        no_float = self.latest_on is not None and self.latest_on <= self.ends_on
        return self.is_open and not self.is_late(on) and (begun_late or no_float)

    def is_blocked(self, on):
        return self.state == self.State.PLANNED and self.starts_on <= on

    def is_owned_by(self, person, right):
        """The owner works the step; what it hands on is taken over, or returned, by the owner of a step behind it."""
        if right == "campaigns.take_over_step":
            return any(step.person_id == person.pk for step in self.successors.all())
        return super().is_owned_by(person, right)

    def is_work_of(self, person):
        """Four eyes: nobody checks a step he owns, nor one he did and gave away since."""
        return self.person_id == person.pk or (self.state in self.HANDED_ON and person.pk in self.done_by)

    @property
    def done_by(self):
        """The keys of those whose work was reported done here; a list reads them for all its rows (`doers_of`)."""
        listed = vars(self).get("listed_doers")
        return doers_of([self]).get(self.pk, set()) if listed is None else listed

    @property
    def next_owner(self):
        """The person who takes over what this step hands on: the owner of the first step behind it, or None."""
        owned = [step for step in self.successors.all() if step.person_id]
        return min(owned, key=lambda step: (step.position, step.pk)).person if owned else None

    @property
    def may_be_checked_at_once(self):
        """Taken over, or there is nobody behind it who could take it over."""
        return self.state == self.State.TAKEN_OVER or self.next_owner is None

    @property
    def waits_for_takeover(self):
        return not self.may_be_checked_at_once

    # The moves, in the order of life

    @move(
        _("Make ready"),
        told=_("made the step ready"),
        sources=[State.PLANNED],
        to=State.READY,
        needs="campaigns.check_step",
        hidden=True,
    )
    def become_ready(self, *, by):
        self._with_owner()
        self.give_notice(
            to=self.person, text=_("“%(step)s” of %(campaign)s is ready to begin."), kind="campaigns.step_news",
            step=self, campaign=self.campaign,
        )  # fmt: skip

    @undo(become_ready, told=_("put the step off again"), hidden=True)
    def undo_become_ready(self, *, by):
        """Follows when the check of a step before it is taken back, as long as nobody has begun."""

    @move(_("Start"), told=_("started the step"), sources=[State.READY], to=State.IN_PROGRESS, needs="campaigns.work_step")
    def start(self, *, by):
        self.began_on = clock.today()
        return self._in_name_of_owner(by)

    @undo(start, told=_("took the start back"))
    def undo_start(self, *, by):
        """It was not begun after all."""

    @move(
        _("Report done"),
        told=_("reported the step done"),
        sources=[State.IN_PROGRESS],
        to=State.DONE,
        needs="campaigns.work_step",
    )
    def report_done(self, *, by):
        self.require_evidence()
        self.done_on = clock.today()
        taker = self.next_owner
        self._pass_to(Court.OURS, taker or self._coordinator(), calendar().add(clock.today(), 1))
        self.give_notice(
            to=taker,
            text=_("“%(step)s” of %(campaign)s is done: take it over or return it."),
            kind="campaigns.step_news",
            step=self, campaign=self.campaign,
        )  # fmt: skip
        return self._in_name_of_owner(by)

    @undo(report_done, told=_("took the report back"))
    def undo_report_done(self, *, by):
        """Nobody has taken it over, returned or checked it yet. Who reported it still counts as having done it (four eyes)."""

    @move(
        _("Take over"),
        told=_("took the step over"),
        sources=[State.DONE],
        to=State.TAKEN_OVER,
        needs="campaigns.take_over_step",
    )
    def take_over(self, *, by):
        self._pass_to(Court.OURS, self._coordinator(), calendar().add(clock.today(), 1))

    @undo(take_over, told=_("took the take-over back"))
    def undo_take_over(self, *, by):
        """Nobody has checked it yet."""

    @move(
        _("Return with a reason"), told=_("returned the step"), sources=[State.DONE], to=State.IN_PROGRESS,
        needs="campaigns.take_over_step", reason=True,
    )  # fmt: skip
    def hand_back(self, *, by, reason):
        self.done_on = None
        self._with_owner()
        words = {"step": self, "campaign": self.campaign, "by": by, "reason": reason}
        text = _("%(by)s returned “%(step)s” of %(campaign)s: %(reason)s")
        self.give_notice(to=self.person, text=text, kind="campaigns.step_news", **words)

    @undo(hand_back, told=_("took the return back"))
    def undo_hand_back(self, *, by):
        """It has not been reported done again."""

    @move(
        _("Check"), told=_("checked the hand-off"), sources=[State.DONE, State.TAKEN_OVER], to=State.CHECKED,
        needs="campaigns.check_step", court=Court.NOBODY, four_eyes=True, when="may_be_checked_at_once",
    )  # fmt: skip
    def check_off(self, *, by):
        self.require_evidence()
        self._ready_those_behind(by)

    @undo(check_off, told=_("took the check back"))
    def undo_check_off(self, *, by):
        self._put_off_those_behind(by)

    @move(
        _("Check without take-over"), told=_("checked the hand-off without a take-over"),
        sources=[State.DONE], to=State.CHECKED,
        needs="campaigns.check_step", court=Court.NOBODY, four_eyes=True, reason=True, when="waits_for_takeover",
    )  # fmt: skip
    def check_without_takeover(self, *, by, reason):
        self.require_evidence()
        self._ready_those_behind(by)

    @undo(check_without_takeover, told=_("took the check back"))
    def undo_check_without_takeover(self, *, by):
        self._put_off_those_behind(by)

    @move(
        _("Go on without the evidence"), told=_("said what stands in place of the evidence"),
        sources=[*OPEN, State.DONE, State.TAKEN_OVER], to=None,
        needs="campaigns.check_step", four_eyes=True, reason=True, when="lacks_evidence",
    )  # fmt: skip
    def excuse_evidence(self, *, by, reason):
        """Whoever checks the step says why it counts without; kept with it and told in its trail."""
        self.evidence_words = reason.strip()

    @undo(excuse_evidence, told=_("asked for the evidence again"))
    def undo_excuse_evidence(self, *, by):
        """The sentence goes, and the evidence is lacking again."""

    @move(
        _("Give to"), told=_("gave the step to a colleague"), sources=[*OPEN, State.DONE, State.TAKEN_OVER], to=None,
        needs="campaigns.make_schedule", hidden=True,
    )  # fmt: skip
    def give_to(self, *, by, person):
        """Name the owner. Refused unless he serves the client, watches all work, or is of another department (COO1).

        A step reported done stays where it is; the new owner gets it if it is returned.
        """
        if person is not None and not self.campaign.candidates().filter(pk=person.pk).exists():
            raise Refused(_("%(person)s does not serve this client: assign the client first.") % {"person": person})
        self.person = person
        if self.is_open:
            self._with_owner()
        self.give_notice(
            to=person,
            text=_("%(by)s gave you “%(step)s” of %(campaign)s."),
            kind="campaigns.step_news",
            by=by, step=self, campaign=self.campaign,
        )  # fmt: skip
        return {"person": person and person.pk}

    @undo(give_to, told=_("took back the step given to a colleague"))
    def undo_give_to(self, *, by):
        """Whoever was given it has done nothing with it."""

    @move(
        _("Wait again"), told=_("put the step off again"), sources=[State.READY], to=State.PLANNED,
        needs="campaigns.rearrange_steps", hidden=True,
    )  # fmt: skip
    def wait_again(self, *, by):
        """The work was rearranged, and something has to be done before it (COO6)."""

    @move(
        _("Leave out"), told=_("left the step out"), sources=[*OPEN], to=State.SKIPPED,
        needs="campaigns.rearrange_steps", court=Court.NOBODY, reason=True, hidden=True,
    )  # fmt: skip
    def skip(self, *, by, reason):
        """It is not done, and stays in the schedule as left out; a rearrangement closes the gap (COO6)."""

    @undo(skip, told=_("took the step in again"), hidden=True)
    def undo_skip(self, *, by):
        """With the rearrangement that left it out."""

    @move(
        _("Say whose day it was"), told=_("said whose days the step lost"), sources=[*State], to=None,
        needs="campaigns.rearrange_steps", reason=True, hidden=True,
    )  # fmt: skip
    def say_cause(self, *, by, reason, cause):
        """Whose the days are that this step ended later than agreed (COO4); the system proposes, a person decides."""
        if cause == self.slip_cause:
            raise Refused(_("That is how it stands already."))
        self.slip_cause = cause
        return {"cause": str(cause)}

    @undo(say_cause, told=_("took back whose days the step lost"))
    def undo_say_cause(self, *, by):
        """It stands as it stood before."""

    def _lock_those_behind(self):
        """Of two checks at once the second sees what the first did, and none is forgotten."""
        behind = Step.objects.filter(Q(links_before__before=self) | Q(crossings_before__before=self)).values("pk")
        return list(Step.objects.filter(pk__in=behind).select_for_update(of=("self",), no_key=True).order_by("pk"))

    def _put_off_those_behind(self, by):
        """They waited for this check alone. A Conflict tells where one of them has been begun or changed meanwhile."""
        for step in self._lock_those_behind():
            if step.state != self.State.PLANNED:
                step.undo_become_ready(by=by)

    def _ready_those_behind(self, by):
        behind = [step.pk for step in self._lock_those_behind() if step.state == self.State.PLANNED]
        others = Step.objects.unchecked().filter(client=self.client_id).exclude(pk=self.pk).values("pk")
        waiting = Step.objects.filter(pk__in=behind).exclude(links_before__before__in=others)
        for step in waiting.exclude(crossings_before__before__in=others).order_by("pk"):
            step.become_ready(by=by)

    def _in_name_of_owner(self, by):
        return {} if by.pk == self.person_id else {"in_name_of": self.person_id}

    def _with_owner(self):
        """The ball lies with whoever does the step, until its last day."""
        self._pass_to(self.own_court, self.person, self.ends_on)

    def _pass_to(self, court, holder, due_on):
        self.court, self.holder, self.court_since, self.due_on = court, holder, clock.now(), due_on

    @property
    def own_court(self):
        """In whose court the step is while it is worked on."""
        if self.is_clients:
            return Court.CLIENT
        return Court.OURS if self.department.code == "client-service" else Court.DEPARTMENT

    def _coordinator(self):
        """Who checks: the group's coordinator, another for the coordinator's own step; without one the group's head, for the
        head's own step the minister."""
        ladder = Ladder([self.client_id])
        fit = [*ladder.coordinators_of(self.client), *ladder.coordinators, self.client.supervisor, *ladder.ministers]
        return next((person for person in fit if person and person.is_active and person.pk != self.person_id), None)


def doers_of(steps):
    """step's key → the keys of those who did it: in whose name it was reported done, else who reported it. One query."""
    kind, doers = ContentType.objects.get_for_model(Step), {}
    reports = Event.objects.filter(content_type=kind, object_id__in=[step.pk for step in steps], verb="report_done")
    for key, actor, details in reports.values_list("object_id", "actor", "details"):
        doers.setdefault(key, set()).add(details.get("in_name_of") or actor)
    return doers


class StepLink(models.Model):
    """One step waits for another; `lag` clear working days lie between (negative: it may begin before the other ends)."""

    before = models.ForeignKey(Step, models.PROTECT, related_name="links_after", verbose_name=_("before"))
    after = models.ForeignKey(Step, models.PROTECT, related_name="links_before", verbose_name=_("after"))
    lag = models.SmallIntegerField(_("clear working days between"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_link_per_pair"),
            models.CheckConstraint(condition=Q(lag__gte=-20, lag__lte=60), name="link_lag"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="step_never_waits_for_itself"),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"
