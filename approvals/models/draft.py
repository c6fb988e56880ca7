from string import ascii_uppercase

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from agency.flow import Court, Refused, lock, move
from campaigns.models import Campaign, Deliverable
from campaigns.models.evidence import Evidence
from campaigns.models.outside import WithTheClient
from clients.models import ClientKnot, Confirmation, Dispatch
from clients.models.record import BusinessQuerySet
from clients.visitor import BY_LINK

REGISTER, CLEAR = "approvals.register_draft", "approvals.clear_draft"
COMMENT, SEND, RECORD = "approvals.comment_draft", "approvals.send_draft", "approvals.record_decision"
PURPOSE = "approvals.draft"


class DraftQuerySet(BusinessQuerySet):
    def for_list(self):
        return self.select_related("campaign", "deliverable", "client__group__supervisor", "holder", "maker")

    def open(self):
        """Those that are neither approved nor dropped."""
        return self.exclude(state__in=("approved", "dropped"))


class Draft(WithTheClient, ClientKnot):
    """One concept for one piece of a campaign, from its first sketch to the client's approval, in versions and rounds of amends
    (DEP7, SAL2).

    Made → cleared inside by somebody else → sent to the client → approved, approved with changes, or back for changes. What is
    decided is decided on one version: a later one needs its own decision.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        REVIEW = "review", _("To be cleared")
        CLEARED = "cleared", _("To be sent")
        CLIENT = "client", _("With the client")
        AMENDING = "amending", _("Approved with changes")
        APPROVED = "approved", _("Approved")
        DROPPED = "dropped", _("Dropped")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="drafts", editable=False, verbose_name=_("campaign"))
    deliverable = models.ForeignKey(
        Deliverable, models.PROTECT, related_name="drafts", editable=False, verbose_name=_("deliverable")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.MAKING, editable=False)
    concept = models.CharField(_("concept"), max_length=2, editable=False)
    title = models.CharField(_("concept in a line"), max_length=120)
    maker = models.ForeignKey(
        Person, models.PROTECT, related_name="+", editable=False, db_index=False, verbose_name=_("made by")
    )
    sender = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    round = models.PositiveSmallIntegerField(_("round of amends"), default=0, editable=False)
    wants_round = models.BooleanField(_("the client wants changes"), default=False, editable=False)

    purpose, what, named_outside = PURPOSE, "draft", _("a draft")
    authorities = ("draft",)
    view_right = "approvals.view_draft"
    insiders = owner_fields = ("maker",)
    with_sight = (COMMENT,)
    lies_with = (("holder", Q()),)
    OPEN = (State.MAKING, State.REVIEW, State.CLEARED, State.CLIENT, State.AMENDING)
    told = {"created": _("began a draft"), "opened": _("began a version"), "presented": _("presented the draft")}
    objects = DraftQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["campaign", "deliverable__letter", "concept"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        default_permissions = ()
        permissions = [
            ("view_draft", "View creative draft"),
            ("register_draft", "Register draft version"),
            ("comment_draft", "Comment inside"),
            ("clear_draft", "Internal review: clear or return"),
            ("present_outside", "Present draft to client"),
            ("present_inside", "Present draft to superiors"),
            ("send_draft", "Send a cleared draft for confirmation"),
            ("record_decision", "Record client's decision with evidence"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "concept"], name="one_draft_per_concept"),
            models.CheckConstraint(
                condition=Q(state__in=["making", "review", "cleared", "client", "amending", "approved", "dropped"]),
                name="draft_state",
            ),
        ]

    def __str__(self):
        return f"{self.deliverable.letter}{self.concept} {self.title}"

    def get_absolute_url(self):
        return reverse("draft", args=[self.pk])

    @property
    def reference(self):
        """What it is called on paper: HRB-26-014-BA, the piece and the concept."""
        return f"{self.campaign.job_number}-{self.deliverable.letter}{self.concept}"

    @classmethod
    @transaction.atomic
    def begin(cls, deliverable, *, by, token, title, maker, due_on=None):
        """A concept for a piece that the client has agreed; the draft itself comes as its versions. Sent twice it is one."""
        lock(deliverable)
        if made := cls.objects.filter(token=token, created_by=by).first():
            return made
        if not by.has_perm(REGISTER, deliverable):
            raise PermissionDenied(_("Your role does not begin drafts for this client."))
        if deliverable.state != Deliverable.State.AGREED:
            raise Refused(_("%(piece)s is no longer in the plan.") % {"piece": deliverable})
        there = deliverable.drafts.count()
        if there == len(ascii_uppercase):
            raise Refused(_("A piece has up to %(n)d concepts.") % {"n": there})
        draft = cls(
            client_id=deliverable.client_id, campaign=deliverable.campaign, deliverable=deliverable, title=title,
            concept=ascii_uppercase[there], maker=maker, created_by=by, token=token, due_on=due_on,
        )  # fmt: skip
        draft.holder, draft.court = maker, draft._court_of_maker()
        draft.keep(by=by, reason="began")
        draft.record_event("created", by=by)
        if maker != by:
            draft.tell({maker}, _("%(by)s asks you for a draft: %(draft)s of %(campaign)s."), by)
        return draft

    # ── Its versions ────────────────────────────────────────────────────────────────────────────
    @property
    def sheet(self):
        """The version that is reviewed, sent and decided on: the last that was handed in, or None."""
        if "_sheet" not in vars(self):
            self._sheet = self.versions.handed_in().select_related("maker", "created_by").first()
        return self._sheet

    @property
    def open_version(self):
        """The version that is being put together, or None."""
        return self.versions.filter(state="open").first()

    def refresh_from_db(self, *args, **kwargs):
        vars(self).pop("_sheet", None)
        super().refresh_from_db(*args, **kwargs)

    def is_work_of(self, person):
        """Whoever made the version does not clear it; who only put the file here may."""
        return person.pk is not None and person.pk == self.maker_id

    def _court_of_maker(self):
        return Court.DEPARTMENT if self.maker.role == Role.MEMBER else Court.OURS

    @property
    def clearer(self):
        """Who is asked to clear it: whoever leads the client, or the head of the group; never the maker."""
        return self.decider(CLEAR, self.client.lead, self.client.supervisor)

    @property
    def dispatcher(self):
        """Who sends it: the client's salesman, or whoever leads the client."""
        people = (self.client.holder_of("salesman"), self.client.lead, self.client.supervisor)
        return next((person for person in people if person and person.has_perm(SEND, self)), None)

    # ── Inside ──────────────────────────────────────────────────────────────────────────────────
    @move(_("Hand in"), told=_("handed the version in"), sources=[State.MAKING, State.AMENDING], to=State.REVIEW,
          needs=REGISTER, court=Court.OURS, holder="clearer", within=1, hidden=True)  # fmt: skip
    def hand_in(self, *, by):
        """The version that was put together can be changed no more; somebody else looks whether it is on brief."""
        version = self.open_version
        if version is None:
            raise Refused(_("There is no version to hand in: begin one first."))
        version.finish(by=by)
        vars(self).pop("_sheet", None)
        self.maker, self.wants_round = version.maker, False
        self.tell({self.clearer}, _("%(by)s asks you to clear version %(n)d of %(draft)s."), by, n=version.number)
        return {"number": version.number}

    @move(_("Take out of the review"), told=_("took the version out of the review"), sources=[State.REVIEW, State.CLEARED],
          to=State.MAKING, needs=REGISTER, court=Court.OURS, holder="maker", within=1, reason=True)  # fmt: skip
    def withdraw(self, *, by, reason):
        """The maker has seen something himself: nobody sends this version; the next one follows."""

    @move(_("Clear"), told=_("cleared the version"), sources=[State.REVIEW], to=State.CLEARED, needs=CLEAR, court=Court.OURS,
          holder="dispatcher", within=1, four_eyes=True, hidden=True)  # fmt: skip
    def clear(self, *, by, review):
        """Every question is answered yes (`InternalReview`). Clearing sends nothing."""
        self.tell({self.dispatcher, self.maker}, _("%(by)s cleared version %(n)d of %(draft)s."), by, n=self.sheet.number)
        return {"number": self.sheet.number, "review": review.pk}

    @move(_("Return"), told=_("returned the version"), sources=[State.REVIEW], to=State.MAKING, needs=CLEAR, court=Court.OURS,
          holder="maker", within=2, four_eyes=True, reason=True, hidden=True)  # fmt: skip
    def hand_back(self, *, by, reason, review=None):
        """With what is not as it should be. It uses up no round: the client has not seen it."""
        text = _("%(by)s returned version %(n)d of %(draft)s: %(reason)s")
        self.tell({self.maker}, text, by, n=self.sheet.number, reason=reason)
        return {"number": self.sheet.number, **({"review": review.pk} if review else {})}

    # ── Outside ─────────────────────────────────────────────────────────────────────────────────
    @move(_("Send to the client"), told=_("sent the draft to the client"), sources=[State.CLEARED], to=State.CLIENT, needs=SEND,
          court=Court.CLIENT, holder="chaser", within="answer_due", hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        """Only once it is cleared, and only to who may approve drafts; the contact has a link to this version."""
        self._put_out(contact, Dispatch.How.LINK, by=by)
        return {"number": self.sheet.number}

    @move(_("Take back from the client"), told=_("took the draft back from the client"), sources=[State.CLIENT],
          to=State.CLEARED, needs=SEND, court=Court.OURS, holder="dispatcher", within=1, reason=True)  # fmt: skip
    def take_back(self, *, by, reason):
        """Its link opens nothing any more."""
        self.revoke_links(by=by, reason=reason)

    @move(_("Approve"), told=_("approved the draft"), sources=[State.CLIENT], to=State.APPROVED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def confirm(self, *, by, words=""):
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        return self._approved(by)

    @move(_("Approve with changes"), told=_("approved the draft with changes"), sources=[State.CLIENT], to=State.AMENDING,
          needs=BY_LINK, court=Court.OURS, holder="maker", within=2, hidden=True)  # fmt: skip
    def confirm_with(self, *, by, words):
        """The changes are made and shown once more; they are no round of amends."""
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        return self._answered(_("The client approved version %(n)d of %(draft)s with changes (%(by)s)."), by)

    @move(_("Ask for changes"), told=_("wants the draft changed"), sources=[State.CLIENT], to=State.MAKING, needs=BY_LINK,
          court=Court.OURS, holder="maker", within=2, hidden=True)  # fmt: skip
    def ask_changes(self, *, by, words):
        self.remarks, self.wants_round = words, True
        return self._answered(_("The client wants version %(n)d of %(draft)s changed (%(by)s)."), by)

    @move(_("Record the approval"), told=_("recorded that the client approved the draft"),
          sources=[State.CLEARED, State.CLIENT], to=State.APPROVED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_agreement(self, *, by, contact, words=""):
        self._heard(contact, words, by)
        return self._approved(by)

    @move(_("Record the approval with changes"), told=_("recorded that the client approved the draft with changes"),
          sources=[State.CLEARED, State.CLIENT], to=State.AMENDING, needs=RECORD, court=Court.OURS, holder="maker", within=2,
          hidden=True)  # fmt: skip
    def record_with(self, *, by, contact, words):
        self._heard(contact, words, by)
        return self._answered(_("The client approved version %(n)d of %(draft)s with changes (%(by)s)."), by)

    @move(_("Record the wish for changes"), told=_("recorded that the client wants the draft changed"),
          sources=[State.CLEARED, State.CLIENT], to=State.MAKING, needs=RECORD, court=Court.OURS, holder="maker", within=2,
          hidden=True)  # fmt: skip
    def record_no(self, *, by, contact, words):
        self._heard(contact, words, by)
        self.wants_round = True
        return self._answered(_("The client wants version %(n)d of %(draft)s changed (%(by)s)."), by)

    def recorded_as(self, answer):
        """The move that writes such an answer down."""
        Answer = Confirmation.Answer
        return {Answer.CONFIRMED: self.record_agreement, Answer.WITH: self.record_with}.get(answer, self.record_no)

    @move(_("Change what is approved"), told=_("opened the approved draft again"), sources=[State.APPROVED], to=State.MAKING,
          needs=REGISTER, court=Court.OURS, holder="maker", within=2, reason=True)  # fmt: skip
    def reopen(self, *, by, reason):
        """The approval holds no longer for what is made from now on: everybody who counts on it is told."""
        for step in self.steps_shown():
            step.take_evidence_back(self, by=by)
        text = _("%(by)s opened %(draft)s again, the approval of version %(n)d holds no longer: %(reason)s")
        people = {self.client.lead, self.client.supervisor, self.dispatcher, self.maker}
        self.tell(people | {step.person for step in self.steps_shown()}, text, by, n=self.sheet.number, reason=reason)

    @move(_("Drop"), told=_("dropped the draft"), sources=OPEN, to=State.DROPPED, needs=CLEAR, court=Court.NOBODY,
          reason=True)  # fmt: skip
    def drop(self, *, by, reason):
        """Another concept was chosen, or nobody needs it any more."""
        self.revoke_links(by=by, reason=reason)
        self.tell({self.maker}, _("%(by)s dropped %(draft)s: %(reason)s"), by, reason=reason)

    @move(_("Take up again"), told=_("took the dropped draft up again"), sources=[State.DROPPED], to=State.MAKING, needs=CLEAR,
          court=Court.OURS, holder="maker", within=2, reason=True)  # fmt: skip
    def take_up(self, *, by, reason):
        """It is wanted after all."""
        self.tell({self.maker}, _("%(by)s takes %(draft)s up again: %(reason)s"), by, reason=reason)

    # ── What follows ────────────────────────────────────────────────────────────────────────────
    def steps_shown(self):
        """The open steps of its campaign that have a confirmed draft to show."""
        return [step for step in self.campaign.steps.filter(needs_evidence=Evidence.DRAFT) if not step.is_settled]

    def _approved(self, by):
        for step in self.steps_shown():
            if step.lacks_evidence:
                step.give_evidence(self, by=by if by.pk else self.sender)
        return self._answered(_("The client approved version %(n)d of %(draft)s (%(by)s)."), by)

    def _answered(self, text, by):
        self.tell({self.maker, self.sender, self.client.lead, self.clearer}, text, by, n=self.sheet.number)
        return {"number": self.sheet.number}

    def tell(self, people, text, by, **words):
        words |= {"by": by, "draft": self, "campaign": self.campaign}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by:
                self.give_notice(to=person, text=text, kind="approvals.draft_news", **words)
