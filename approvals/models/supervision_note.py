from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from agency import clock
from agency.flow import Court, Refused, lock, move, undo
from agency.workdays import calendar
from campaigns.models import Campaign, Deliverable, Step
from clients.models import ClientKnot
from clients.models.record import BusinessQuerySet

NOTE = "approvals.note_supervision"
MEND_DAYS = 2  # working days in which a defect is fixed, unless a day is named
VERIFY_DAYS = 1  # and in which somebody else has looked at it


class SupervisionNoteQuerySet(BusinessQuerySet):
    def open(self):
        """Defects that are not verified yet."""
        return self.filter(state__in=SupervisionNote.OPENED)

    def for_list(self):
        """With everybody and everything a row names."""
        return self.select_related("campaign", "deliverable__campaign", "step", "client", "holder", "created_by")

    def for_page(self):
        return self.for_list().select_related("campaign__client", "client__group__supervisor", "fixer", "verifier")


class SupervisionNote(ClientKnot):
    """What was seen while a piece was designed, produced or put up, noted on the client's behalf (DEP7).

    In order, or a remark: noted, and that is all. A defect: open → fixed by whoever has it → verified by somebody else, or back
    to be fixed with a reason.
    """

    class State(models.TextChoices):
        NOTED = "noted", _("Noted")
        OPEN = "open", _("To be fixed")
        FIXED = "fixed", _("To be verified")
        VERIFIED = "verified", _("Verified")

    class Kind(models.TextChoices):
        DESIGN = "design", _("Design")
        PRODUCTION = "production", _("Production")
        EXECUTION = "execution", _("Execution")

    class Verdict(models.TextChoices):
        OK = "ok", _("In order")
        REMARK = "remark", _("Remark")
        DEFECT = "defect", _("Defect")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="supervision_notes", editable=False, verbose_name=_("campaign")
    )
    deliverable = models.ForeignKey(
        Deliverable, models.PROTECT, null=True, blank=True, related_name="supervision_notes", verbose_name=_("deliverable")
    )
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, blank=True, related_name="supervision_notes", verbose_name=_("step"),
        help_text=_("A defect lies with the owner of this step, unless somebody else is named."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NOTED, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    kind = models.CharField(_("what was looked at"), max_length=10, choices=Kind)
    verdict = models.CharField(_("what was found"), max_length=6, choices=Verdict)
    words = models.TextField(_("words"), max_length=2000, help_text=_("What was seen, where, and what has to be otherwise."))
    fixer = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("fixed by")
    )
    fixed_on = models.DateField(_("fixed on"), null=True, editable=False)
    fixed_words = models.TextField(_("what was done"), max_length=2000, blank=True, editable=False)
    verifier = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("verified by")
    )
    verified_on = models.DateField(_("verified on"), null=True, editable=False)

    OPENED = (State.OPEN, State.FIXED)
    WORK = ("fix",)  # four eyes: nobody verifies what he has fixed
    view_right = "campaigns.view_campaign"
    attach_right = NOTE
    part_of = "campaign"
    owner_fields = ("holder", "step__person")
    insiders = ("holder", "fixer", "created_by", "step__person")
    told = {"created": _("noted what was seen")}
    objects = SupervisionNoteQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-pk"]
        verbose_name = _("supervision note")
        verbose_name_plural = _("supervision notes")
        default_permissions = ()
        permissions = [("note_supervision", "Supervision note and execution proof")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_note_per_number"),
            models.CheckConstraint(
                condition=Q(kind__in=["design", "production", "execution"]), name="supervision_kind"
            ),
            models.CheckConstraint(
                condition=Q(verdict="defect", state__in=["open", "fixed", "verified"])
                | Q(verdict__in=["ok", "remark"], state="noted"),
                name="only_a_defect_is_mended",
            ),
            models.CheckConstraint(
                condition=Q(deliverable__isnull=False) | Q(step__isnull=False), name="supervision_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["noted", "open"], fixer=None, verifier=None)
                | Q(state="fixed", fixer__isnull=False, verifier=None)
                | Q(state="verified", fixer__isnull=False, verifier__isnull=False) & ~Q(verifier=F("fixer")),
                name="defect_verified_by_four_eyes",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.reference} {Truncator(self.words).chars(60)}"

    def get_absolute_url(self):
        return reverse("supervision_note", args=[self.pk])

    @property
    def reference(self):
        """What it is called on paper: HRB-26-014-N2."""
        return f"{self.campaign.job_number}-N{self.number}"

    @property
    def about(self):
        """What was looked at: the piece, else the step."""
        return self.deliverable or self.step

    @property
    def tone(self):
        found = {"noted": "risk" if self.verdict == self.Verdict.REMARK else "done", "open": "late", "verified": "done"}
        return found.get(self.state, "ours")

    def is_owned_by(self, person, right):
        return person.pk in (self.holder_id, self.step and self.step.person_id)

    # ── Noting ──────────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def write(cls, campaign, *, by, token, holder=None, due_on=None, **fields):
        """Note what was seen of a piece or at a step. holder, due_on: with whom a defect lies, and until when; by default the
        owner of the step, and two working days. Sent twice it is one."""
        lock(campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        note = cls(client_id=campaign.client_id, campaign=campaign, created_by=by, token=token, **fields)
        if not by.has_perm(NOTE, note.step or campaign):
            raise PermissionDenied(_("Your role does not note this on this campaign."))
        note._refuse_foreign(holder)
        last = cls.objects.filter(campaign=campaign).order_by("-number").values_list("number", flat=True).first() or 0
        note.number, note.court, note.court_since = last + 1, Court.NOBODY, clock.now()
        if note.verdict == cls.Verdict.DEFECT:
            note.state = cls.State.OPEN
            note._lie_with(holder or note._mender(by), due_on or calendar().add(clock.today(), MEND_DAYS))
        note.keep(by=by, reason="entered")
        note.record_event("created", by=by)
        if note.holder and note.holder != by:
            note._news(note.holder, _("%(by)s found a defect, and you have it: %(note)s"), by=by)
        return note

    def _refuse_foreign(self, holder):
        if self.about is None:
            raise Refused(_("Choose the deliverable or the step that was looked at."))
        if any(it and it.campaign_id != self.campaign_id for it in (self.deliverable, self.step)):
            raise Refused(_("Choose a deliverable and a step of this campaign."))
        if holder and not self.campaign.candidates().filter(pk=holder.pk).exists():
            raise Refused(_("Choose somebody who works for this client."))

    def _mender(self, by):
        """Who has a defect when nobody is named: the owner of the step, else the client's salesman, else who noted it."""
        asked = (self.step and self.step.person, self.client.holder_of("salesman"))
        return next((person for person in asked if person and person.is_active), by)

    # ── A defect, to its end ────────────────────────────────────────────────────────────────────
    @move(_("Give to"), told=_("gave the defect to somebody"), sources=[State.OPEN], to=None, needs=NOTE, hidden=True)
    def give(self, *, by, person, due_on=None):
        """Somebody else fixes it."""
        self._refuse_foreign(person)
        self._lie_with(person, due_on or self.due_on)
        if person != by:
            self._news(person, _("%(by)s gave you a defect: %(note)s"), by=by)
        return {"person": person.pk}

    @move(_("Fixed"), told=_("fixed the defect"), sources=[State.OPEN], to=State.FIXED, needs=NOTE, only="holder", hidden=True)
    def fix(self, *, by, words):
        """By whoever has it, who says what was done; somebody else looks."""
        if not words.strip():
            raise Refused(_("Say what was done: whoever verifies it goes by that."))
        self.fixer, self.fixed_on, self.fixed_words = by, clock.today(), words.strip()
        seats = (self.client.holder_of("salesman"), self.client.holder_of("manager"), self.client.lead)
        author = self.created_by if self.created_by.role != Role.MEMBER else None
        self._lie_with(self.decider(NOTE, author, *seats, by=by), calendar().add(clock.today(), VERIFY_DAYS))
        self._news(self.holder, _("%(by)s fixed %(note)s Please look and verify it."), by=by)

    @move(_("Verify"), told=_("verified that the defect is fixed"), sources=[State.FIXED], to=State.VERIFIED, needs=NOTE,
          court=Court.NOBODY, four_eyes=True)  # fmt: skip
    def verify(self, *, by):
        """Somebody who did not fix it has looked."""
        self.verifier, self.verified_on = by, clock.today()
        if self.fixer != by:
            self._news(self.fixer, _("%(by)s verified: %(note)s"), by=by)

    @undo(verify, told=_("took the verification back"))
    def undo_verify(self, *, by):
        """Somebody looks again."""

    @move(_("Not fixed"), told=_("found the defect not fixed"), sources=[State.FIXED], to=State.OPEN, needs=NOTE, reason=True)
    def reopen(self, *, by, reason):
        """Back to whoever fixed it, with the reason."""
        mender, self.fixer, self.fixed_on, self.fixed_words = self.fixer, None, None, ""
        self._lie_with(mender, calendar().add(clock.today(), MEND_DAYS))
        if mender != by:
            self._news(mender, _("%(by)s found this not fixed: %(note)s %(reason)s"), by=by, reason=reason)

    def _lie_with(self, person, due_on):
        self.court = Court.DEPARTMENT if person and person.role == Role.MEMBER else Court.OURS
        self.holder, self.court_since, self.due_on = person, clock.now(), due_on

    def _news(self, person, text, **words):
        self.give_notice(to=person, text=text, kind="approvals.supervision_news", note=str(self), **words)
