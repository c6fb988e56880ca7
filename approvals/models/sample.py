from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import Conflict, Court, Refused, lock, meanwhile, move, revise, undo
from agency.workdays import calendar
from approvals.checklist import Medium, rows_for
from approvals.models.sample_row import SampleRow
from campaigns.models import Campaign, Deliverable, Step
from clients.models import ClientKnot
from clients.models.record import BusinessQuerySet

REVIEW, RELEASE = "approvals.review_sample", "approvals.release_sample"
NEXT_DAYS = 2  # working days in which the next sample is expected after a fail
MEND_DAYS = 2  # and in which corrections are made and verified


class SampleQuerySet(BusinessQuerySet):
    def for_list(self):
        """With everybody and everything a row names."""
        return self.select_related("campaign", "deliverable", "client__group__supervisor", "holder", "reviewer", "releaser")

    def for_page(self):
        heads = ("campaign__client__group__supervisor", "client__group__supervisor")
        people = ("holder", "maker", "reviewer", "releaser", "created_by")
        return self.select_related(*heads, "deliverable", "step", *people)


class Sample(ClientKnot):
    """What comes back from those who make the piece, and what was found on it: a proof review (SAL3, SAL5, DEP7).

    expected → received → passed, passed with corrections, or failed, which opens the next one. What passed is released to
    production by somebody who had no hand in the review; with corrections only when each of them is verified.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        RECEIVED = "received", _("To be checked")
        PASSED = "passed", _("Passed")
        CORRECTIONS = "corrected", _("Passed with corrections")
        FAILED = "failed", _("Failed")
        RELEASED = "released", _("Released")
        DROPPED = "dropped", _("Not needed")

    class Kind(models.TextChoices):
        LASER = "laser", _("Laser print")
        COLOUR = "colour", _("Colour proof")
        CONTRACT = "contract", _("Contract proof")
        PRINT = "print", _("Print sample")
        OFFLINE = "offline", _("Off-line")
        MASTER = "master", _("Master")
        DEVICE = "device", _("Device")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="samples", editable=False, verbose_name=_("campaign"))
    deliverable = models.ForeignKey(
        Deliverable, models.PROTECT, related_name="samples", editable=False, verbose_name=_("deliverable")
    )
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("step it is for"),
        help_text=_("What is released is the evidence of this step."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.EXPECTED, editable=False)
    kind = models.CharField(_("kind of sample"), max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    medium = models.CharField(_("checklist"), max_length=7, choices=Medium)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True, help_text=_("Who makes it: printer, studio, house."))
    maker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("has it made")
    )
    expected_on = models.DateField(_("expected by"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, editable=False)
    reviewer = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("reviewed by")
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, editable=False)
    releaser = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("released by")
    )
    released_on = models.DateField(_("released on"), null=True, editable=False)

    FIELDS = ("step", "kind", "supplier", "expected_on")
    WRITABLE = (State.EXPECTED, State.RECEIVED)
    SETTLED = (State.FAILED, State.RELEASED, State.DROPPED)
    WORK = ("answered", "pass_it", "pass_with_corrections", "fail", "verify")
    view_right = "approvals.view_proof"
    attach_right = REVIEW
    insiders = ("maker", "step__person")
    told = {
        "created": _("opened the sample"),
        "answered": _("answered rows of the checklist"),
        "revised": _("changed what is said of the sample"),
    }
    objects = SampleQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-pk"]
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        default_permissions = ()
        permissions = [
            ("view_proof", "View proof review"),
            ("review_sample", "Run sample checklist"),
            ("release_sample", "Release sample to production"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="one_sample_per_number"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["expected", "received", "passed", "corrected", "failed", "released", "dropped"]
                ),
                name="sample_state",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["laser", "colour", "contract", "print", "offline", "master", "device"]),
                name="sample_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["expected", "dropped"]) | Q(received_on__isnull=False), name="sample_was_received"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") & Q(releaser=None)
                | Q(state="released", releaser__isnull=False, reviewer__isnull=False) & ~Q(releaser=F("reviewer")),
                name="sample_released_by_four_eyes",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.reference} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("sample", args=[self.pk])

    @property
    def reference(self):
        """What it is called on paper: HRB-26-014-A-S2."""
        return f"{self.campaign.job_number}-{self.deliverable.letter}-S{self.number}"

    @property
    def tone(self):
        return {"failed": "late", "corrected": "risk", "released": "done", "dropped": "stopped", "expected": "draft"}.get(
            self.state, "ours"
        )

    # ── How it comes ────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def open(cls, deliverable, *, by, token, **fields):
        """Open the next sample of a piece; it is expected until somebody has it in hand. Sent twice it is one."""
        lock(deliverable)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(REVIEW, deliverable):
            raise PermissionDenied(_("Your role does not check samples for this client."))
        if deliverable.state != Deliverable.State.AGREED:
            raise Refused(_("%(piece)s is no longer in the plan.") % {"piece": deliverable})
        return cls._begin(deliverable, by=by, token=token, **fields)

    @classmethod
    def _begin(cls, deliverable, *, by, **fields):
        last = cls.objects.filter(deliverable=deliverable).order_by("-number").values_list("number", flat=True).first() or 0
        campaign = deliverable.campaign
        sample = cls(client_id=campaign.client_id, campaign=campaign, deliverable=deliverable, created_by=by, **fields)
        sample._refuse_foreign_step()
        sample.number, sample.maker = last + 1, maker_of(sample.step)
        sample.expected_on = sample.expected_on or calendar().add(clock.today(), NEXT_DAYS)
        sample._pass_to(Court.DEPARTMENT if sample.maker else Court.OURS, sample.maker or by, sample.expected_on)
        sample.keep(by=by, reason="opened")
        for position, (text, source) in enumerate(rows_for(deliverable, sample.medium), start=1):
            row = SampleRow(client_id=sample.client_id, sample=sample, position=position, text=text, source=source)
            row.created_by = by
            row.keep(by=by, reason="opened")
        sample.record_event("created", by=by)
        return sample

    def _refuse_foreign_step(self):
        if self.step and self.step.campaign_id != self.campaign_id:
            raise Refused(_("Choose a step of this campaign."))

    def write(self, *, by, seen, changes):
        """What is said of it besides the checklist; see `agency.flow.revise`."""
        return revise(self, by=by, needs=REVIEW, seen=seen, changes=changes, while_in=self.WRITABLE)

    @move(_("Take in"), told=_("took the sample in"), sources=[State.EXPECTED], to=State.RECEIVED, needs=REVIEW,
          hidden=True)  # fmt: skip
    def receive(self, *, by, on=None, supplier=""):
        """It lies here and is checked within a working day."""
        self.received_on, self.supplier = on or clock.today(), supplier or self.supplier
        if self.received_on > clock.today():
            raise Refused(_("A sample is taken in on the day it comes, not before."))
        self._pass_to(Court.OURS, self._checker(by), calendar().add(clock.today(), 1))
        if self.holder != by:
            self._news(self.holder, _("%(sample)s of %(campaign)s is here and waits to be checked."))

    # ── The checklist ───────────────────────────────────────────────────────────────────────────
    @transaction.atomic
    def answer(self, *, by, seen, said):
        """Write answers into the checklist. said: key of a row → its parts (`SampleRow.SAID`) · seen: the version of the sample
        that the person had before him.

        Where two people answer at once, each row stays as whoever changed it left it; a row that both changed is a Conflict
        for this row, and nothing is written. Returns the rows that changed.
        """
        lock(self)
        if not by.has_perm(REVIEW, self):
            raise PermissionDenied(_("Your role does not check samples for this client."))
        typed = [(row, said[row.pk]) for row in self.rows.all() if row.pk in said and said[row.pk] != row.said]
        if self.state != self.State.RECEIVED:
            raise Conflict(self, meanwhile(self), [it for row, mine in typed for it in row.both(mine, row.said_at(seen))])
        before = {row.pk: row.said_at(seen) for row, _mine in typed}
        typed = [(row, mine) for row, mine in typed if mine != before[row.pk]]
        both = [it for row, mine in typed if row.said != before[row.pk] for it in row.both(mine, before[row.pk])]
        if both:
            raise Conflict(self, meanwhile(self), both, may_send=True)
        for row, mine in typed:
            row.say(mine, by=by, since=self.version + 1)
        if typed:
            self.keep(by=by, reason="answered")
            self.record_event("answered", by=by, rows=[row.position for row, _mine in typed])
        return [row for row, _mine in typed]

    @property
    def checked(self):
        """Its rows in their order; read once."""
        if "_checked" not in vars(self):
            self._checked = list(self.rows.select_related("photo", "verified_by"))
        return self._checked

    @property
    def open_rows(self):
        return [row for row in self.checked if not row.answer]

    @property
    def faults(self):
        return [row for row in self.checked if row.answer == SampleRow.Answer.FAIL]

    @property
    def unverified(self):
        return [row for row in self.faults if row.verified_at is None]

    def _answered(self):
        """The faults, once every row is answered and each fault says what is wrong; read under the lock."""
        vars(self).pop("_checked", None)
        if rows := self.open_rows:
            raise Refused(_("Every row is answered first; these are open: %(rows)s.") % {"rows": numbers(rows)})
        if rows := [row for row in self.faults if not row.note.strip()]:
            raise Refused(_("Say in its note what is wrong; there is none in these rows: %(rows)s.") % {"rows": numbers(rows)})
        return self.faults

    # ── What becomes of it ──────────────────────────────────────────────────────────────────────
    @move(_("Passes"), told=_("let the sample pass"), sources=[State.RECEIVED], to=State.PASSED, needs=REVIEW)
    def pass_it(self, *, by):
        """Nothing is wrong with it; somebody else releases it."""
        if self._answered():
            raise Refused(_("Rows fail: let it pass with corrections, or let it fail."))
        if not any(row.answer == SampleRow.Answer.OK for row in self.checked):
            raise Refused(_("Nothing was found in order: a sample passes by what was looked at."))
        self._judge(by)
        self._to_releaser(by)
        self._tell(by, _("%(by)s let %(sample)s of %(campaign)s pass; it waits to be released."))

    @undo(pass_it, told=_("took the pass back"))
    def undo_pass_it(self, *, by):
        """Somebody looks again."""

    @move(_("Passes with corrections"), told=_("let the sample pass with corrections"), sources=[State.RECEIVED],
          to=State.CORRECTIONS, needs=REVIEW)  # fmt: skip
    def pass_with_corrections(self, *, by):
        """Each fault is mended and verified before it is released; no further sample is needed."""
        faults = self._answered()
        if not faults:
            raise Refused(_("No row fails: let it pass."))
        self._judge(by)
        self._pass_to(Court.OURS, by, calendar().add(clock.today(), MEND_DAYS))
        text = _("%(by)s let %(sample)s of %(campaign)s pass with corrections: %(faults)s")
        self._tell(by, text, faults=" · ".join(row.note for row in faults)[:300])

    @undo(pass_with_corrections, told=_("took the pass back"))
    def undo_pass_with_corrections(self, *, by):
        """Somebody looks again."""

    @move(_("Fails"), told=_("let the sample fail"), sources=[State.RECEIVED, State.CORRECTIONS], to=State.FAILED, needs=REVIEW,
          court=Court.NOBODY, reason=True)  # fmt: skip
    def fail(self, *, by, reason):
        """It goes back to who makes it, and the next one is expected."""
        if not self._answered():
            raise Refused(_("No row fails: answer what is wrong in its row first."))
        self._judge(by)
        lock(self.deliverable)
        same = {name: getattr(self, name) for name in ("step", "kind", "medium", "supplier")}
        after = type(self)._begin(self.deliverable, by=by, **same)
        told = {"reason": reason, "next": after.reference}
        self._tell(by, _("%(by)s let %(sample)s of %(campaign)s fail: %(reason)s %(next)s is expected."), **told)
        return {"next": after.pk}

    @move(_("Verify a correction"), told=_("verified a correction"), sources=[State.CORRECTIONS], to=None, needs=REVIEW,
          hidden=True)  # fmt: skip
    def verify(self, *, by, row):
        """row: the position of the fault that is mended. After the last one it waits to be released."""
        found = next((it for it in self.faults if it.position == row), None)
        if found is None:
            raise Refused(_("Row %(n)d has no correction to be verified.") % {"n": row})
        if found.verified_at:
            raise Refused(_("This correction is verified already."))
        found.verify(by=by, at=clock.now(), since=self.version + 1)
        if not self.unverified:
            self._to_releaser(by)
            self._tell(by, _("All corrections on %(sample)s of %(campaign)s are verified; it waits to be released."))
        return {"row": row}

    @move(_("Release"), told=_("released the sample"), sources=[State.PASSED, State.CORRECTIONS], to=State.RELEASED,
          needs=RELEASE, court=Court.NOBODY, four_eyes=True)  # fmt: skip
    def release(self, *, by):
        """To production, by somebody who had no hand in the review; the step it is for has its evidence."""
        vars(self).pop("_checked", None)
        if rows := self.unverified:
            raise Refused(_("These corrections are not verified yet: %(rows)s.") % {"rows": numbers(rows)})
        self.releaser, self.released_on = by, clock.today()
        if self.step:
            lock(self.step)
            if not self.step.is_settled:
                self.step.give_evidence(self, by=by)
        self._tell(by, _("%(by)s released %(sample)s of %(campaign)s."))

    @move(_("Check again"), told=_("took the sample up again"), sources=[State.PASSED, State.CORRECTIONS], to=State.RECEIVED,
          needs=REVIEW, reason=True)  # fmt: skip
    def look_again(self, *, by, reason):
        """Something was overlooked; the checklist is open again."""
        vars(self).pop("_checked", None)
        for row in self.faults:
            if row.verified_at:
                row.unverify(by=by, since=self.version + 1)
        self.reviewer, self.reviewed_on = None, None
        self._pass_to(Court.OURS, by, calendar().add(clock.today(), 1))
        self._tell(by, _("%(by)s takes %(sample)s of %(campaign)s up again: %(reason)s"), reason=reason)

    @move(_("Not needed"), told=_("said that the sample is not needed"), sources=[State.EXPECTED, State.RECEIVED],
          to=State.DROPPED, needs=REVIEW, court=Court.NOBODY, reason=True)  # fmt: skip
    def drop(self, *, by, reason):
        """Nobody waits for it any more; its number is not given again."""
        if self.maker != by:
            self._news(self.maker, _("%(sample)s of %(campaign)s is not needed: %(reason)s"), reason=reason)

    @undo(drop, told=_("needs the sample after all"))
    def undo_drop(self, *, by):
        """It is waited for as before."""

    # ── Who has it next, and who must know ──────────────────────────────────────────────────────
    def _judge(self, by):
        self.reviewer, self.reviewed_on = by, clock.today()

    def _to_releaser(self, by):
        seats = (self.client.holder_of("manager"), self.client.lead, self.client.supervisor)
        self._pass_to(Court.OURS, self.decider(RELEASE, *seats, by=by), calendar().add(clock.today(), 1))

    def _checker(self, by):
        """Who checks it: the owner of its step, else the client's salesman; else whoever has it in hand."""
        asked = (self.step and self.step.person, self.client.holder_of("salesman"))
        return next((person for person in asked if person and person.is_active and person.has_perm(REVIEW, self)), by)

    def _pass_to(self, court, holder, due_on):
        self.court, self.holder, self.court_since, self.due_on = court, holder, clock.now(), due_on

    def _tell(self, by, text, **words):
        """Everybody whose work hangs on it: who leads the client, owns the step, has it made, took it in or has it next."""
        people = {self.client.lead, self.step and self.step.person, self.maker, self.reviewer, self.created_by, self.holder}
        for person in sorted(filter(None, people - {by}), key=lambda it: it.pk):
            self._news(person, text, by=by, **words)

    def _news(self, person, text, **words):
        told = {"sample": str(self), "campaign": self.campaign, **words}
        self.give_notice(to=person, text=text, kind="approvals.sample_news", **told)


def maker_of(step):
    """Who of another department has the sample of a step made: its owner, else the owner of a step right before it."""
    if step is None:
        return None
    before = Step.objects.filter(links_after__after=step).select_related("department", "person").order_by("position", "pk")
    made = (it for it in (step, *before) if it.department and it.department.code != "client-service")
    return next((it.person for it in made if it.person and it.person.is_active), None)


def numbers(rows):
    return ", ".join(str(row.position) for row in rows)
