from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency.flow import Court, Refused, move, undo
from briefs.studying import loose_ends_of
from campaigns.models.campaign import Campaign
from clients.models import ClientKnot


class Plan(ClientKnot):
    """The preliminary advertising plan of a campaign: what is to be reached, how, for how much (DEP4, DIR3)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Preliminary")
        SUBMITTED = "submitted", _("Awaiting agreement")
        RETURNED = "returned", _("Returned")
        AGREED = "agreed", _("Agreed inside")

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="plan", editable=False, verbose_name=_("campaign"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    objectives = models.TextField(
        _("objectives"), blank=True, max_length=8000, help_text=_("What is to change, by how much, until when.")
    )
    strategy = models.TextField(
        _("strategy"), blank=True, max_length=8000, help_text=_("The way there: audience, proposition, media.")
    )
    budget = models.DecimalField(
        _("budget"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("999999999.99"))],
        help_text=format_lazy(_("The whole amount, in {currency}."), currency=settings.CURRENCY),
    )  # fmt: skip
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    WRITABLE = (State.DRAFT, State.RETURNED)
    NOT_AGREED = (State.DRAFT, State.SUBMITTED, State.RETURNED)
    NEEDED = ("objectives", "strategy", "budget")
    WORK = ("revised", "submit")  # four eyes: opening the campaign is not writing its plan
    view_right = "campaigns.view_campaign"
    part_of = "campaign"

    class Meta(ClientKnot.Meta):
        verbose_name = _("advertising plan")
        verbose_name_plural = _("advertising plans")
        permissions = [("submit_plan", "Submit plan"), ("agree_plan", "Agree plan and estimate inside")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gt=0), name="plan_budget_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "returned", "agreed"]), name="plan_state"
            ),
        ]

    def __str__(self):
        return _("Plan of %(campaign)s") % {"campaign": self.campaign}

    def get_absolute_url(self):
        return self.campaign.get_absolute_url()

    @classmethod
    @transaction.atomic
    def open_with(cls, *, brief, name, by, token):
        """Open a campaign and, in the same breath, the empty plan for its lead to write (DIR2, DIR3). See `Campaign.open`."""
        campaign = Campaign.open(brief=brief, name=name, by=by, token=token)
        plan = cls.objects.filter(campaign=campaign).first()
        if plan is None:
            plan = cls(client=campaign.client, campaign=campaign, created_by=by, holder=campaign.client.lead or by)
            plan.keep(by=by, reason="opened")
        return plan

    @property
    def missing(self):
        """The names of the fields without which nobody is asked to agree."""
        return [name for name in self.NEEDED if not str(getattr(self, name) or "").strip()]

    @property
    def missing_labels(self):
        return [self._meta.get_field(name).verbose_name for name in self.missing]

    @property
    def loose_ends(self):
        """The departments' sections on the brief that are not settled (DEP3); a list reads them for all its rows."""
        listed = vars(self).get("listed_loose_ends")
        brief = self.campaign.brief_id
        return loose_ends_of([brief]).get(brief, []) if listed is None else listed

    @property
    def study_is_settled(self):
        return not self.loose_ends

    @property
    def study_is_open(self):
        return bool(self.loose_ends)

    @property
    def agreer(self):
        """Who is asked to agree inside: the head of the client's group, unless the plan is that person's own work."""
        return self.decider("campaigns.agree_plan", self.client.supervisor, by=self.submitted_by)

    @property
    def writer(self):
        """Who mends a returned plan: its writer, or the client's lead if the writer no longer serves the client."""
        if self.submitted_by.has_perm("campaigns.change_plan", self):
            return self.submitted_by
        return self.client.lead or self.client.supervisor

    @move(
        _("Submit the plan"), told=_("submitted the plan"), sources=[State.DRAFT, State.RETURNED], to=State.SUBMITTED,
        needs="campaigns.submit_plan", court=Court.OURS, holder="agreer", within=1,
    )  # fmt: skip
    def submit(self, *, by):
        if missing := self.missing_labels:
            sentence = _("A plan says what is to be reached, how and for how much. Still missing: %(missing)s.")
            raise Refused(sentence % {"missing": ", ".join(str(label) for label in missing)})
        self.submitted_by = by
        self.give_notice(
            to=self.agreer,
            text=_("%(by)s asks you to agree the plan of %(campaign)s."),
            kind="campaigns.plan_news",
            by=by, campaign=self.campaign,
        )  # fmt: skip

    @undo(submit, told=_("took the submitted plan back"))
    def undo_submit(self, *, by):
        """Nobody has agreed or returned it yet."""

    @move(
        _("Agree inside"), told=_("agreed the plan"), sources=[State.SUBMITTED], to=State.AGREED,
        needs="campaigns.agree_plan", court=Court.NOBODY, four_eyes=True, when="study_is_settled",
    )  # fmt: skip
    def agree(self, *, by):
        self._answer(_("%(by)s agreed the plan of %(campaign)s."), by)

    @undo(agree, told=_("took the agreement back"))
    def undo_agree(self, *, by):
        """It is an agreement inside; nothing has been built on it yet."""

    @move(
        _("Agree despite the study"), told=_("agreed the plan despite the joint study"), sources=[State.SUBMITTED],
        to=State.AGREED, needs="campaigns.agree_plan", court=Court.NOBODY, four_eyes=True, when="study_is_open", reason=True,
    )  # fmt: skip
    def agree_despite_study(self, *, by, reason):
        """A department is silent on the brief, or its "not feasible" is unanswered: whoever agrees all the same says why."""
        self._answer(_("%(by)s agreed the plan of %(campaign)s despite the joint study: %(reason)s"), by, reason=reason)

    @undo(agree_despite_study, told=_("took the agreement back"))
    def undo_agree_despite_study(self, *, by):
        """As for any agreement inside."""

    @move(
        _("Return with a reason"), told=_("returned the plan"), sources=[State.SUBMITTED], to=State.RETURNED,
        needs="campaigns.agree_plan", court=Court.OURS, holder="writer", within=1, reason=True,
    )  # fmt: skip
    def return_to_writer(self, *, by, reason):
        self._answer(_("%(by)s returned the plan of %(campaign)s: %(reason)s"), by, reason=reason)

    @undo(return_to_writer, told=_("took the return back"))
    def undo_return_to_writer(self, *, by):
        """Nothing has been written since."""

    def _answer(self, text, by, **words):
        words |= {"by": by, "campaign": self.campaign}
        self.give_notice(to=self.writer, text=text, kind="campaigns.plan_news", **words)

    @property
    def returned_because(self):
        """The event of the last return, while the plan is returned."""
        if self.state != self.State.RETURNED:
            return None
        return self.events().filter(verb="return_to_writer").first()


def with_loose_ends(plans):
    """The plans of a list, each knowing what of the studies of its brief is not settled: one query for all of them."""
    found = loose_ends_of({plan.campaign.brief_id for plan in plans if plan.state == Plan.State.SUBMITTED}) if plans else {}
    for plan in plans:
        plan.listed_loose_ends = found.get(plan.campaign.brief_id, [])
    return plans
