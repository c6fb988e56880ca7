from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person
from agency import clock
from agency.flow import Court, Refused, lock, move, revise, undo
from briefs.studying import loose_ends_of
from campaigns import reckoning
from campaigns.client_view import client_view, frozen
from campaigns.models.budget import BudgetLine
from campaigns.models.campaign import Campaign
from campaigns.models.deliverable import Deliverable
from campaigns.models.estimate import MARGIN, EstimateLine
from campaigns.models.outside import RECORD, SEND, WithTheClient
from campaigns.models.plan_edition import PlanEdition
from campaigns.models.plan_text import PlanText, Standing
from clients.models import ClientKnot, Dispatch
from clients.visitor import BY_LINK

WRITE, AGREE = "campaigns.change_plan", "campaigns.agree_plan"


class Plan(PlanText, WithTheClient, ClientKnot):
    """The advertising plan of a campaign with its estimate: what is to be reached, how, for how much (DEP4, DIR3).

    One record that is written again and again; each agreement inside freezes an edition of it, and the client agrees an
    edition. Preliminary → under study → agreed inside → with the client → agreed; a newer agreed edition supersedes it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Preliminary")
        SUBMITTED = "submitted", _("Under study")
        RETURNED = "returned", _("Returned")
        AGREED = "agreed", _("Agreed inside")
        CLIENT = "client", _("With the client")
        CONFIRMED = "confirmed", _("Agreed")
        REOPENED = "reopened", _("Being changed")

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="plan", editable=False, verbose_name=_("campaign"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    sender = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    WRITABLE = (State.DRAFT, State.RETURNED, State.REOPENED)
    NOT_AGREED = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.REOPENED)
    NEEDED = ("objectives", "strategy", "budget")
    MONEY = ("budget", "contingency", "labour", "rate")
    WORK = ("revised", "submit")  # four eyes: opening the campaign is not writing its plan
    purpose, what, of_lines = "campaigns.plan", "plan", "plan"
    authorities = ("plan", "estimate")
    view_right = "campaigns.view_campaign"
    part_of = "campaign"
    guarded = {"campaigns.view_estimate": ("contingency", "rate"), MARGIN: ("labour",)}
    told = {"marked": _("marked how far a section is agreed")}

    class Meta(ClientKnot.Meta):
        verbose_name = _("advertising plan")
        verbose_name_plural = _("advertising plans")
        permissions = [("submit_plan", "Submit plan"), ("agree_plan", "Agree plan and estimate inside"),
                       ("record_agreement", "Record the client's agreement")]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gt=0), name="plan_budget_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(contingency__gte=0, labour__gte=0, rate__gt=0), name="plan_money_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["draft", "submitted", "returned", "agreed", "client", "confirmed", "reopened"]
                ),
                name="plan_state",
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("Plan of %(campaign)s") % {"campaign": self.campaign}

    def get_absolute_url(self):
        return self.campaign.get_absolute_url()

    @property
    def estimate_url(self):
        return f"{self.campaign.get_absolute_url()}estimate/"

    @classmethod
    @transaction.atomic
    def open_with(cls, *, brief, name, by, token):
        """Open a campaign and, in the same breath, the empty plan for its lead to write (DIR2, DIR3). See `Campaign.open`."""
        campaign = Campaign.open(brief=brief, name=name, by=by, token=token)
        plan = cls.objects.filter(campaign=campaign).first()
        if plan is None:
            client = campaign.client
            currency = client.terms_on().currency
            plan = cls(client=client, campaign=campaign, created_by=by, holder=client.lead or by, currency=currency)
            plan.keep(by=by, reason="opened")
        return plan

    # ── Writing ─────────────────────────────────────────────────────────────────────────────────
    @transaction.atomic
    def write(self, *, by, seen, changes):
        """Change what the plan says. Several people write at once (see `agency.flow.revise`); a section that says something
        else now is ours again, whatever had been agreed."""
        lock(self)
        anew = {self.section_of(name) for name, value in changes.items() if getattr(self, name) != value} - {None}
        marks = {section: None for section in anew if section in self.marks}
        return revise(
            self, by=by, needs=WRITE, seen=seen, changes=changes, while_in=self.WRITABLE, merged={"marks": marks}, together=True
        )

    @transaction.atomic
    def mark(self, section, standing, *, by):
        """Note how far a section is agreed with the client (DIR3). Refused for one that says nothing."""
        lock(self)
        if not by.has_perm(WRITE, self):
            raise Refused(_("Your role does not write the plans of this client."))
        if section not in self.SECTIONS or standing not in Standing:
            raise Refused(_("Choose a section and how far it is agreed."))
        if not self.says(section):
            raise Refused(_("This section says nothing yet."))
        if self.standing_of(section) == standing:
            return
        self.marks = {**self.marks, section: self._mark(standing, by)}
        self.keep(by=by, reason="marked")
        self.record_event("marked", by=by, section=section, standing=standing)

    def _mark(self, standing, by):
        return {"standing": str(standing), "by": by.pk, "who": str(by), "on": clock.today().isoformat()}

    def note_figures(self, *, by):
        """A line of the estimate was written: work on the plan, by whoever did it."""
        self.record_revision(by=by, fields=["estimate"], sitting=True)

    # ── What it comes to ────────────────────────────────────────────────────────────────────────
    @property
    def estimate(self):
        """The lines of its estimate; a list reads them for all its rows."""
        listed = vars(self).get("listed_lines")
        return list(self.lines.standing()) if listed is None else listed

    @property
    def profit(self):
        """What the plan would earn as it is written, in the agency's currency."""
        sums = reckoning.total(line.figures() for line in self.estimate)
        return reckoning.Profit(sums.price, sums.cost, reckoning.NOTHING, self.labour)

    @property
    def is_under_floor(self):
        """Whether the margin lies under the agency's floor (MARGIN_FLOOR)."""
        return self.profit.is_under(settings.MARGIN_FLOOR)

    @property
    def is_over_frame(self):
        """Whether the client would read more than the frame it named."""
        return self.budget is not None and client_view(self).net > self.budget

    @property
    def missing(self):
        """The names of the fields without which nobody is asked to agree."""
        return [name for name in self.NEEDED if not str(getattr(self, name) or "").strip()]

    @property
    def missing_labels(self):
        return [self._meta.get_field(name).verbose_name for name in self.missing]

    # ── What stands in the way of agreeing ──────────────────────────────────────────────────────
    @property
    def loose_ends(self):
        """The departments' sections on the brief that are not settled (DEP3); a list reads them for all its rows."""
        listed = vars(self).get("listed_loose_ends")
        brief = self.campaign.brief_id
        return loose_ends_of([brief]).get(brief, []) if listed is None else listed

    @property
    def is_doubtful(self):
        """Whether it can be agreed only with a reason: a department is silent or its "not feasible" unanswered, the margin
        lies under the floor, or the total over the client's frame."""
        return bool(self.loose_ends) or self.is_under_floor or self.is_over_frame

    @property
    def is_sound(self):
        return not self.is_doubtful

    @property
    def agreer(self):
        """Who is asked to agree inside: the head of the client's group, unless the plan is that person's own work."""
        return self.decider(AGREE, self.client.supervisor, by=self.submitted_by)

    @property
    def writer(self):
        """Who mends a returned plan: its writer, or the client's lead if the writer no longer serves the client."""
        if self.submitted_by.has_perm(WRITE, self):
            return self.submitted_by
        return self.client.lead or self.client.supervisor

    @property
    def signed_by(self):
        """In whose name stands what follows from it."""
        return self.submitted_by

    @property
    def dispatcher(self):
        """Who sends what is agreed inside: its writer if he may, else the client's lead, else the head of the group."""
        people = (self.submitted_by, self.client.lead, self.client.supervisor)
        return next((person for person in people if person and person.has_perm(SEND, self)), None)

    # ── Inside ──────────────────────────────────────────────────────────────────────────────────
    @move(
        _("Submit the plan"), told=_("submitted the plan"), sources=WRITABLE, to=State.SUBMITTED,
        needs="campaigns.submit_plan", court=Court.OURS, holder="agreer", within=1,
    )  # fmt: skip
    def submit(self, *, by):
        if missing := self.missing_labels:
            sentence = _("A plan says what is to be reached, how and for how much. Still missing: %(missing)s.")
            raise Refused(sentence % {"missing": ", ".join(str(label) for label in missing)})
        self._refuse_figures()
        self.submitted_by = by
        self.give_notice(
            to=self.agreer,
            text=_("%(by)s asks you to agree the plan of %(campaign)s."),
            kind="campaigns.plan_news",
            by=by, campaign=self.campaign,
        )  # fmt: skip

    def _refuse_figures(self):
        lines = self.estimate
        if not lines:
            raise Refused(_("A plan is agreed with its estimate: write at least one line of it."))
        currency = self.client.terms_on().currency
        if currency != self.currency:
            self.currency = currency
        if self.currency == settings.CURRENCY:
            self.rate = 1
        elif self.rate == 1:
            raise Refused(_("The client pays in %(currency)s: write the rate into the plan.") % {"currency": self.currency})
        for line in lines:
            line.refuse_unsound(self.rate)
        if client_view(self).total > reckoning.HIGHEST:
            raise Refused(_("The estimate comes to more than 999,999,999.99."))

    @undo(submit, told=_("took the submitted plan back"))
    def undo_submit(self, *, by):
        """Nobody has agreed or returned it yet."""

    @move(
        _("Agree inside"), told=_("agreed the plan"), sources=[State.SUBMITTED], to=State.AGREED,
        needs=AGREE, court=Court.OURS, holder="dispatcher", within=1, four_eyes=True, when="is_sound",
    )  # fmt: skip
    def agree(self, *, by):
        return self._agree(_("%(by)s agreed the plan of %(campaign)s."), by)

    @undo(agree, told=_("took the agreement back"))
    def undo_agree(self, *, by):
        self._take_edition_back(by=by)

    @move(
        _("Agree all the same"), told=_("agreed the plan all the same"), sources=[State.SUBMITTED], to=State.AGREED,
        needs=AGREE, court=Court.OURS, holder="dispatcher", within=1, four_eyes=True, when="is_doubtful", reason=True,
    )  # fmt: skip
    def agree_all_the_same(self, *, by, reason):
        """Something speaks against it (`is_doubtful`): whoever agrees all the same says why."""
        return self._agree(_("%(by)s agreed the plan of %(campaign)s all the same: %(reason)s"), by, reason=reason)

    @undo(agree_all_the_same, told=_("took the agreement back"))
    def undo_agree_all_the_same(self, *, by):
        self._take_edition_back(by=by)

    def _agree(self, text, by, **words):
        self._answer(text, by, **words)
        view = client_view(self)
        edition = PlanEdition.freeze(self, content=frozen(view), inside=self._inside(), total=view.net, by=by)
        return {"edition": edition.number}

    def _inside(self):
        """The figures of ours that go with an edition."""
        lines = [
            {name: str(value) for name, value in zip(("cost", "markup", "price"), line.figures().amounts, strict=False)}
            | {"line": line.pk}
            for line in self.estimate
        ]  # fmt: skip
        return {"lines": lines, "labour": str(self.labour), "contingency": str(self.contingency)}

    def _take_edition_back(self, *, by):
        if edition := self.editions.standing().filter(confirmed_on__isnull=True).first():
            edition.withdraw(by=by)

    @move(
        _("Return with a reason"), told=_("returned the plan"), sources=[State.SUBMITTED], to=State.RETURNED,
        needs=AGREE, court=Court.OURS, holder="writer", within=1, reason=True,
    )  # fmt: skip
    def return_to_writer(self, *, by, reason):
        self._answer(_("%(by)s returned the plan of %(campaign)s: %(reason)s"), by, reason=reason)

    @undo(return_to_writer, told=_("took the return back"))
    def undo_return_to_writer(self, *, by):
        """Nothing has been written since."""

    def _answer(self, text, by, **words):
        words |= {"by": by, "campaign": self.campaign}
        self.give_notice(to=self.writer, text=text, kind="campaigns.plan_news", **words)

    # ── Outside ─────────────────────────────────────────────────────────────────────────────────
    named_outside = _("our advertising plan with its estimate")

    @property
    def sheet(self):
        """The edition that is to be agreed, or was: what the client reads."""
        return self.editions.standing().first()

    @property
    def in_force(self):
        """The edition the client agreed and nothing newer has replaced, or None."""
        return self.editions.in_force().first()

    @move(_("Send to the client"), told=_("sent the plan to the client"), sources=[State.AGREED], to=State.CLIENT, needs=SEND,
          court=Court.CLIENT, holder="chaser", within="answer_due", hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        """The contact has a link to the edition that was agreed inside."""
        self._put_out(contact, Dispatch.How.LINK, by=by)

    @move(_("Agree"), told=_("agreed the plan and its estimate"), sources=[State.CLIENT], to=State.CONFIRMED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def confirm(self, *, by, words=""):
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        return self._settle(by)

    @move(_("Ask for changes"), told=_("wants the plan changed"), sources=[State.CLIENT], to=State.RETURNED, needs=BY_LINK,
          court=Court.OURS, holder="writer", within=1, hidden=True)  # fmt: skip
    def ask_changes(self, *, by, words):
        self.remarks = words
        self._open_again(by)

    @move(_("Record the agreement"), told=_("recorded that the client agreed the plan and its estimate"),
          sources=[State.AGREED, State.CLIENT], to=State.CONFIRMED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_agreement(self, *, by, contact, words=""):
        self._heard(contact, words, by)
        return self._settle(by)

    @move(_("Record the wish for changes"), told=_("recorded that the client wants the plan changed"),
          sources=[State.AGREED, State.CLIENT], to=State.RETURNED, needs=RECORD, court=Court.OURS, holder="writer", within=1,
          hidden=True)  # fmt: skip
    def record_no(self, *, by, contact, words):
        self._heard(contact, words, by)
        self._open_again(by)

    @move(_("Take back from the client"), told=_("took the plan back from the client"), sources=[State.CLIENT],
          to=State.AGREED, needs=SEND, court=Court.OURS, holder="dispatcher", within=1, reason=True)  # fmt: skip
    def take_back(self, *, by, reason):
        """Its link opens nothing any more."""
        self.revoke_links(by=by, reason=reason)

    @move(_("Change the plan"), told=_("opened the plan again"), sources=[State.AGREED, State.CLIENT, State.CONFIRMED],
          to=State.REOPENED, needs=WRITE, court=Court.OURS, holder="writer", reason=True)  # fmt: skip
    def reopen(self, *, by, reason):
        """It is written again. What the client agreed stays in force, with its budget, until another edition is agreed."""
        self.revoke_links(by=by, reason=reason)
        self._take_edition_back(by=by)

    def _settle(self, by):
        """The client has agreed: this edition is in force, its figures are the budget."""
        edition, today = self.sheet, clock.today()
        for before in self.editions.in_force():
            before.superseded_on = today
            before.keep(by=by, reason="superseded")
        edition.confirmed_on = today
        edition.keep(by=by, reason="agreed by the client")
        self.marks = {section: self._mark(Standing.AGREED, by) for section in self.SECTIONS if self.says(section)}
        BudgetLine.set_up(self, by=by)
        Deliverable.set_up(self, by=by)
        self._tell(_("The client has agreed the plan of %(campaign)s (%(by)s)."), by)
        return {"edition": edition.number}

    def _open_again(self, by):
        self._take_edition_back(by=by)
        self._tell(_("The client wants the plan of %(campaign)s changed (%(by)s)."), by)

    def _tell(self, text, by):
        people = {self.submitted_by, self.sender, self.client.lead, self.client.supervisor}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by:
                self.give_notice(to=person, text=text, kind="campaigns.plan_news", by=by, campaign=self.campaign)

    @property
    def returned_because(self):
        """The event of the last return, while the plan is returned."""
        if self.state != self.State.RETURNED:
            return None
        return self.events().filter(verb__in=["return_to_writer", "ask_changes", "record_no"]).first()


gettext_noop("marked"), gettext_noop("agreed by the client"), gettext_noop("superseded")


def ready_to_answer(plans):
    """The plans of a list, each knowing its estimate and what of the brief's studies is not settled: two queries."""
    asked = [plan for plan in plans if plan.state == Plan.State.SUBMITTED]
    found = loose_ends_of({plan.campaign.brief_id for plan in asked}) if asked else {}
    lines = {}
    if asked:
        for line in EstimateLine.objects.standing().filter(plan__in=[plan.pk for plan in asked]):
            lines.setdefault(line.plan_id, []).append(line)
    for plan in plans:
        plan.listed_loose_ends = found.get(plan.campaign.brief_id, [])
        plan.listed_lines = lines.get(plan.pk, [])
    return plans
