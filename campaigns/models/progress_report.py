from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Court, Refused, lock, move, revise, undo
from agency.workdays import calendar
from briefs.models.edition import digest_of
from campaigns.models.campaign import Campaign
from campaigns.models.outside import LETTER_OF_NEWS
from campaigns.rhythm import next_due
from clients.models import ClientKnot, Contact, Dispatch, SafeLink
from clients.models.link import PLACE

DRAFT, ISSUE = "campaigns.draft_progress", "campaigns.issue_progress"
PURPOSE = "campaigns.progress_report"


class ProgressReport(ClientKnot):
    """What a client is told of the progress of a campaign (DIR6): numbered, drafted from what happened since the last one,
    written on by a person, and frozen when it is released. Nothing of our costs stands in it.

    first, last: the days it tells of; the next one goes on from there.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("To be released")
        RELEASED = "released", _("Released")
        DROPPED = "dropped", _("Dropped")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="progress_reports", editable=False, verbose_name=_("campaign")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    first = models.DateField(_("from"), editable=False)
    last = models.DateField(_("to"), editable=False)
    happened = models.TextField(_("what was done"), blank=True, max_length=8000)
    at_work = models.TextField(_("what is in work"), blank=True, max_length=8000)
    ahead = models.TextField(_("what comes next"), blank=True, max_length=8000)
    awaited = models.TextField(_("what we wait for from you"), blank=True, max_length=8000)
    days_lost = models.TextField(_("how the days stand"), blank=True, max_length=8000)
    released_on = models.DateField(_("released on"), null=True, editable=False)
    content = models.JSONField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    TEXTS = ("happened", "at_work", "ahead", "awaited", "days_lost")
    WRITABLE = (State.DRAFT,)
    WORK = ("created", "revised")
    view_right = "campaigns.view_campaign"
    part_of = "campaign"
    told = {"created": _("drafted a progress report")}

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        default_permissions = ()
        permissions = [("draft_progress", "Draft progress report"), ("issue_progress", "Issue progress report to client")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_progress_report_per_number"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state__in=["draft", "submitted"]), name="one_progress_report_is_written"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "released", "dropped"]), name="progress_report_state"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_on__isnull=False) | ~Q(state="released") & Q(released_on__isnull=True),
                name="progress_report_released_with_its_day",
            ),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="progress_report_runs_forward"),
        ]

    def __str__(self):
        return _("Progress report %(reference)s") % {"reference": self.reference}

    def get_absolute_url(self):
        return reverse("progress_report", args=[self.pk])

    @property
    def reference(self):
        """The number of the document: HRB-26-014-R3."""
        return f"{self.campaign.job_number}-R{self.number}"

    @property
    def parts(self):
        """(name, label, text) of the parts as they stand, or as they were released; empty ones left out."""
        texts = self.content["texts"] if self.content else {name: getattr(self, name) for name in self.TEXTS}
        return [(name, self._meta.get_field(name).verbose_name, texts[name]) for name in self.TEXTS if texts[name].strip()]

    @property
    def releaser(self):
        """Who releases what somebody else drafted: whoever leads the client, if that is his, else the head of the group."""
        lead = self.client.lead
        return lead if lead and lead.has_perm(ISSUE, self) else self.client.supervisor

    @classmethod
    @transaction.atomic
    def draft(cls, campaign, *, by, token, texts):
        """Begin the next report of a campaign; sent twice it is one. texts: how its parts begin, see `campaigns.telling`.

        Raises PermissionDenied, or Refused where one is being written already, or nothing has passed since the last.
        """
        lock(campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(DRAFT, campaign):
            raise PermissionDenied(_("Your role does not write the progress reports of this campaign."))
        if written := cls.objects.filter(campaign=campaign, state__in=("draft", "submitted")).first():
            raise Refused(_("%(report)s is being written: go on with that one.") % {"report": written})
        first, last = days_of_next(campaign)
        made = cls(client_id=campaign.client_id, campaign=campaign, first=first, last=last, created_by=by, token=token, **texts)
        made.number = (campaign.progress_reports.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        made.holder, made.due_on = by, due_after(campaign)
        made.keep(by=by, reason="drafted")
        made.record_event("created", by=by)
        return made

    def write(self, *, by, seen, changes):
        """Change the text while it is a draft; see `agency.flow.revise`."""
        return revise(self, by=by, needs=DRAFT, seen=seen, changes=changes, while_in=self.WRITABLE)

    @move(_("Release"), told=_("released the progress report"), sources=[State.DRAFT, State.SUBMITTED], to=State.RELEASED,
          needs=ISSUE, court=Court.NOBODY, when="has_text")  # fmt: skip
    def release(self, *, by):
        """From now on it stays as it is; it tells of the days up to today."""
        self.last, self.released_on = max(self.first, clock.today()), clock.today()
        texts = {name: getattr(self, name) for name in self.TEXTS}
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        self.content = {
            "job": self.campaign.job_number,
            "name": self.campaign.name,
            "number": self.number,
            **days,
            "texts": texts,
        }
        self.digest = digest_of(self.content)

    @move(_("Submit"), told=_("submitted the progress report"), sources=[State.DRAFT], to=State.SUBMITTED, needs=DRAFT,
          court=Court.OURS, holder="releaser", when="has_text")  # fmt: skip
    def submit(self, *, by):
        """To whoever releases it."""

    @undo(submit, told=_("took the progress report back"))
    def undo_submit(self, *, by):
        """It is a draft again."""

    @move(_("Return"), told=_("returned the progress report"), sources=[State.SUBMITTED], to=State.DRAFT, needs=ISSUE,
          court=Court.OURS, holder="created_by", reason=True)  # fmt: skip
    def hand_back(self, *, by, reason):
        """With what is to be said otherwise."""

    @move(_("Drop"), told=_("dropped the progress report"), sources=[State.DRAFT, State.SUBMITTED], to=State.DROPPED,
          needs=DRAFT, court=Court.NOBODY, reason=True)  # fmt: skip
    def drop(self, *, by, reason):
        """Nobody needs it; its number is not given again."""

    @move(_("Send to the client"), told=_("sent the progress report to the client"), sources=[State.RELEASED], to=None,
          needs=ISSUE, hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        """A link under which one contact reads it; nothing is asked."""
        told = {"version": self.version + 1, "digest": self.digest, "contact": contact, "by": by}
        letter = (lambda: f"{self.reference}: {self.campaign.name}", self._letter(by, contact))
        SafeLink.send(PURPOSE, subject=self, letter=letter, **told)
        Dispatch.note(self, reference=self.reference, digest=self.digest, contact=contact, how=Dispatch.How.LINK, by=by)
        return {"contact": contact.pk}

    def _letter(self, by, contact):
        words = {"contact": contact.name, "name": self.campaign.name, "reference": self.reference, "link": PLACE, "sender": by}
        return lambda: str(LETTER_OF_NEWS) % {**words, "email": by.email}

    @property
    def has_text(self):
        return any(getattr(self, name).strip() for name in self.TEXTS)

    @property
    def readers(self):
        """The contacts to whom it can be sent."""
        return Contact.objects.current().filter(client=self.client_id).exclude(email="")


def days_of_next(campaign):
    """(first, last) of the days that the next report tells of: from the day after the last one to today."""
    reports = campaign.progress_reports.filter(state=ProgressReport.State.RELEASED)
    told_until, today = reports.aggregate(models.Max("last"))["last__max"], clock.today()
    first = calendar().add(told_until, 1) if told_until else campaign.opened_on
    return min(first, today), today


def due_after(campaign):
    """The day on which the next report is due, or None where the campaign has no rhythm."""
    reports = campaign.progress_reports.filter(state=ProgressReport.State.RELEASED)
    told_until = reports.aggregate(models.Max("last"))["last__max"] or campaign.opened_on
    workdays = calendar()
    due = next_due(campaign.report_every, campaign.report_day, told_until, workdays)
    return due and max(due, workdays.on_or_after(clock.today()))
