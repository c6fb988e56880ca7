from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from agency import clock
from agency.flow import Refused, lock
from briefs.models import Brief
from campaigns.models.standing import SETTLED
from campaigns.rhythm import Every, Weekday
from clients.ladder import Ladder
from clients.models import Client, ClientRecord
from clients.models.record import BusinessQuerySet


class JobCounter(models.Model):
    """The last job number given to a client in a year. Counted under the client's lock, so that no number is ever missing."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("job counter")
        verbose_name_plural = _("job counters")
        constraints = [models.UniqueConstraint(fields=["client", "year"], name="one_job_counter_per_year")]

    def __str__(self):
        return f"{self.client.code}-{self.year % 100:02d}-{self.last:03d}"

    @classmethod
    def next_for(cls, client):
        """The next job number `CODE-YY-NNN` of the agency's current year; the caller holds the client's lock."""
        counter, _new = cls.objects.get_or_create(client=client, year=clock.today().year)
        counter.last += 1
        counter.save()
        return str(counter)


class CampaignQuerySet(BusinessQuerySet):
    def for_page(self):
        return self.select_related("client__group__supervisor", "created_by", "brief", "plan__holder")

    def running(self):
        """Campaigns of which some step is not checked yet, or that have no schedule yet."""
        return self.exclude(pk__in=self.finished().values("pk"))

    def finished(self):
        """Campaigns whose every step is checked, or left out. Nothing stores this: it is so when the steps say so."""
        unchecked = models.Count("steps", filter=~models.Q(steps__state__in=SETTLED))
        return self.filter(steps__isnull=False).annotate(unchecked=unchecked).filter(unchecked=0)


class Campaign(ClientRecord):
    """One job for one client, under its job number: the plan, the estimate and the work schedule hang on it (DIR2)."""

    job_number = models.CharField(_("job number"), max_length=12, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="campaigns", verbose_name=_("intake brief"))
    # Editions of the brief: the one it was opened on, and the latest that somebody has looked at for plan and work schedule.
    brief_edition = models.PositiveIntegerField(_("opened on edition"), editable=False)
    plan_edition = models.PositiveIntegerField(_("edition looked at for the plan"), editable=False)
    schedule_edition = models.PositiveIntegerField(_("edition looked at for the schedule"), editable=False)

    # How often the client is told how it goes (DIR6).
    report_every = models.CharField(_("progress report"), max_length=10, choices=Every, default=Every.WEEK)
    report_day = models.PositiveSmallIntegerField(_("on"), choices=Weekday, default=Weekday.FRIDAY)

    # The account side answers for the plan, the coordinator for the schedule: who looks for which when the brief has changed.
    LOOKS = {"plan": "campaigns.change_plan", "schedule": "campaigns.answer_rearrangement"}
    view_right = "campaigns.view_campaign"
    attach_right = "campaigns.change_plan"
    told = {
        "created": _("opened the campaign"),
        "kept_as_template": _("kept the work schedule as a template"),
        "scheduled": _("made the work schedule"),
        "rearranged": _("rearranged the work schedule"),
        "rearranged_back": _("took a rearrangement of the work schedule back"),
        "let_record": _("let a colleague record orders and invoices"),
        "looked_plan": _("looked at the changed brief, for the plan"),
        "looked_schedule": _("looked at the changed brief, for the work schedule"),
    }
    objects = CampaignQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("open_campaign", "Open a campaign"), ("record_actual", "Record commitments and actuals")]

    def __str__(self):
        return f"{self.job_number} {self.name}"

    def get_absolute_url(self):
        return reverse("campaign", args=[self.job_number])

    @classmethod
    @transaction.atomic
    def open(cls, *, brief, name, by, token):
        """Open a campaign on an accepted brief (`Plan.open_with` adds the empty plan). The job number is gapless.

        The same token twice gives the same campaign. Raises PermissionDenied or Refused.
        """
        lock(brief.client)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm("campaigns.open_campaign", brief.client):
            raise PermissionDenied(_("Your role does not open campaigns for this client."))
        lock(brief)  # its acceptance may be taken back at this moment
        if brief.state != Brief.State.ACCEPTED:
            raise Refused(_("A campaign is opened on an accepted brief."))
        if brief.client.state == Client.State.FORMER:
            raise Refused(_("%(client)s is a former client: take the client back first.") % {"client": brief.client})
        edition = brief.edition_number
        campaign = cls(
            client=brief.client, brief=brief, brief_edition=edition, plan_edition=edition, schedule_edition=edition, name=name,
            job_number=JobCounter.next_for(brief.client), created_by=by, token=token,
        )  # fmt: skip
        campaign.keep(by=by, reason="opened")
        campaign.record_event("created", by=by)
        return campaign

    @property
    def opened_on(self):
        """The agency's day on which it was opened: no money is spent on it before."""
        return localdate(self.created_at, get_default_timezone())

    @transaction.atomic
    def let_record(self, person, *, until, reason, by):
        """Open the campaign to a colleague of another department until a date, and let him record orders and invoices (DIR2).

        Raises as `share_with` does; taken back with the share.
        """
        if not by.has_perm("campaigns.see_margin", self):
            raise PermissionDenied(_("Your role does not open the money of this client."))
        text = _("%(by)s asks you to book the orders and invoices of %(what)s.")
        told = {"until": until, "reason": reason, "by": by, "verb": "let_record", "text": text}
        return self._share(person, also="campaigns.record_actual", **told)

    @property
    def is_scheduled(self):
        return self.steps.exists()

    @transaction.atomic
    def look(self, side, *, by, edition):
        """Keep that `by` has seen what an accepted edition of the brief changed, for "plan" or "schedule". Twice is once.

        edition: the number that was looked at. Raises PermissionDenied, or Refused where no such edition holds.
        """
        lock(self)
        if not by.has_perm(self.LOOKS[side], self):
            raise PermissionDenied(_("Your role does not answer for this part of the campaign."))
        if edition > self.brief.edition_number:
            raise Refused(_("This edition of the brief has not been accepted. Look at the brief as it is now."))
        if edition <= getattr(self, f"{side}_edition"):
            return
        setattr(self, f"{side}_edition", edition)
        self.keep(by=by, reason="looked")
        self.record_event(f"looked_{side}", by=by, edition=edition)

    def hear_of_edition(self, *, by):
        """Another edition of the brief has been accepted: who answers for plan and schedule is asked to look (DEP3)."""
        coordinators = Ladder([self.client_id]).coordinators_of(self.client) if self.is_scheduled else ()
        text = _("%(by)s accepted edition %(edition)d of the brief of %(campaign)s: please look at what has changed.")
        for person in {self.client.lead, *coordinators} - {None, by}:
            words = {"by": by, "edition": self.brief.edition_number, "campaign": self}
            self.give_notice(to=person, text=text, kind="campaigns.brief_news", occasion=f"e{words['edition']}", **words)

    def candidates(self):
        """Who may own a step here: those who see the client anyway, and members of other departments (insiders of the step)."""
        served = models.Q(pk__in=self.client.assignments.current().values("person"))
        watching = models.Q(role__in=(Role.COORDINATOR, Role.MINISTER, Role.MEMBER))
        heading = models.Q(headed_groups=self.client.group_id) & models.Q(headed_groups__isnull=False)
        return Person.objects.employed().filter(served | watching | heading).distinct()
