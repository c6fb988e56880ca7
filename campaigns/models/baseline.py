from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import Court, Refused, lock, move
from briefs.models.edition import digest_of
from campaigns.models.campaign import Campaign
from campaigns.models.outside import RECORD, SEND, WithTheClient
from campaigns.models.template import Kind
from clients.ladder import Ladder
from clients.models import ClientKnot, Dispatch
from clients.models.record import BusinessQuerySet
from clients.visitor import BY_LINK

MAKE = "campaigns.make_schedule"
# Beside the client's own steps, the days on which the client meets the work.
FOR_CLIENT = (Kind.PRESENTATION, Kind.DEADLINE, Kind.EXECUTION)


class BaselineQuerySet(BusinessQuerySet):
    def agreed(self):
        """What the client agreed, the newest first: the first of them is the one that is counted against."""
        return self.filter(state="confirmed").order_by("-number")

    def waiting(self):
        """Made, and not answered yet."""
        return self.filter(state__in=("draft", "client"))


class Baseline(WithTheClient, ClientKnot):
    """A work schedule as it stood at one moment, for the client to agree (DEP4). Agreed it is what reality is held against:
    kept for ever and never changed; one agreed later stands beside it.

    content: what the client reads, the own steps and the deadlines · steps: every step, for us.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("To be sent")
        CLIENT = "client", _("With the client")
        CONFIRMED = "confirmed", _("Agreed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="baselines", editable=False, verbose_name=_("campaign"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    content = models.JSONField(editable=False)
    steps = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    agreed_on = models.DateField(_("agreed by the client"), null=True, editable=False)
    sender = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    purpose, what = "campaigns.baseline", "schedule"
    authorities = ("schedule",)
    total = None  # a schedule costs nothing, so no contact's limit is held against it
    named_outside = _("the work schedule")
    view_right = "campaigns.view_campaign"
    attach_right = RECORD
    part_of = "campaign"
    told = {"created": _("froze the work schedule for the client")}
    objects = BaselineQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-number"]
        verbose_name = _("schedule for the client")
        verbose_name_plural = _("schedules for the client")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_baseline_per_number"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state__in=["draft", "client"]), name="one_baseline_waits"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "client", "confirmed", "declined", "withdrawn"]), name="baseline_state"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", agreed_on__isnull=False) | ~Q(state="confirmed") & Q(agreed_on__isnull=True),
                name="baseline_agreed_with_its_day",
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("Work schedule %(reference)s") % {"reference": self.reference}

    def get_absolute_url(self):
        return reverse("baseline", args=[self.pk])

    @property
    def reference(self):
        """The number of the document: HRB-26-014-S1."""
        return f"{self.campaign.job_number}-S{self.number}"

    @property
    def sheet(self):
        return self

    @property
    def dates(self):
        """What the client reads: rows with name, first, last, who ("client" or "us")."""
        return rows_of(self.content["dates"])

    @property
    def rows(self):
        """Every step as it was planned."""
        return rows_of(self.steps)

    @property
    def spans(self):
        """{key of a step: (first day, last day)}"""
        return {row["step"]: (row["first"], row["last"]) for row in self.rows}

    @property
    def ends_on(self):
        return max(row["last"] for row in self.rows)

    @classmethod
    @transaction.atomic
    def freeze(cls, campaign, *, by, token):
        """The work schedule as it stands now, to be agreed by the client; sent twice it is one.

        Raises PermissionDenied, or Refused where there is no schedule or one already waits for the client's answer.
        """
        lock(campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(MAKE, campaign):
            raise PermissionDenied(_("Your role does not make the schedule of this campaign."))
        if waiting := cls.objects.filter(campaign=campaign).waiting().first():
            raise Refused(_("%(schedule)s has not been answered yet: withdraw it first.") % {"schedule": waiting})
        steps = list(campaign.steps.kept().select_related("department").order_by("position", "pk"))
        if not steps:
            raise Refused(_("This campaign has no work schedule yet."))
        made = cls(client_id=campaign.client_id, campaign=campaign, created_by=by, holder=by, token=token)
        made.number = (campaign.baselines.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        made.steps = [frozen(step) for step in steps]
        mine = [row for step, row in zip(steps, made.steps, strict=True) if step.is_clients or step.kind in FOR_CLIENT]
        read = [{name: row[name] for name in ("name", "first", "last", "who")} for row in mine]
        made.content = {"job": campaign.job_number, "name": campaign.name, "number": made.number, "dates": read}
        made.digest = digest_of(made.content)
        made.keep(by=by, reason="frozen")
        made.record_event("created", by=by)
        return made

    @move(_("Send to the client"), told=_("sent the work schedule to the client"), sources=[State.DRAFT], to=State.CLIENT,
          needs=SEND, court=Court.CLIENT, holder="chaser", within="answer_due", hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        self._put_out(contact, Dispatch.How.LINK, by=by)

    @move(_("Agree"), told=_("agreed the work schedule"), sources=[State.CLIENT], to=State.CONFIRMED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def confirm(self, *, by, words=""):
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        self._settle(by)

    @move(_("Decline"), told=_("declined the work schedule"), sources=[State.CLIENT], to=State.DECLINED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def decline(self, *, by, words=""):
        self.remarks = words
        self._tell(_("The client has declined the work schedule %(schedule)s (%(by)s)."), by)

    @move(_("Record the agreement"), told=_("recorded that the client agreed the work schedule"),
          sources=[State.DRAFT, State.CLIENT], to=State.CONFIRMED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_agreement(self, *, by, contact, words=""):
        self._heard(contact, words, by)
        self._settle(by)

    @move(_("Record that it was declined"), told=_("recorded that the client declined the work schedule"),
          sources=[State.DRAFT, State.CLIENT], to=State.DECLINED, needs=RECORD, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_no(self, *, by, contact, words=""):
        self._heard(contact, words, by)
        self._tell(_("The client has declined the work schedule %(schedule)s (%(by)s)."), by)

    @move(_("Withdraw"), told=_("withdrew the work schedule from the client"), sources=[State.DRAFT, State.CLIENT],
          to=State.WITHDRAWN, needs=MAKE, court=Court.NOBODY, reason=True)  # fmt: skip
    def withdraw(self, *, by, reason):
        """The schedule has changed meanwhile, or nobody needs the answer; its number is not given again."""
        self.revoke_links(by=by, reason=reason)

    def _settle(self, by):
        self.agreed_on = clock.today()
        self._tell(_("The client has agreed the work schedule %(schedule)s (%(by)s)."), by)

    def _tell(self, text, by):
        people = {self.created_by, self.sender, self.client.lead, *Ladder([self.client_id]).coordinators_of(self.client)}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by:
                self.give_notice(to=person, text=text, kind="campaigns.baseline_news", by=by, schedule=self.reference)


def frozen(step):
    """One step as JSON can hold it."""
    days = {"first": step.starts_on.isoformat(), "last": step.ends_on.isoformat(), "days": step.days}
    who = "client" if step.is_clients else "us"
    return {"step": step.pk, "name": step.name, "department": str(step.department or ""), "who": who, **days}


def rows_of(kept):
    """What was frozen, with its dates as dates again."""
    return [{**row, "first": date.fromisoformat(row["first"]), "last": date.fromisoformat(row["last"])} for row in kept]
