"""The list of campaigns."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.lists import by_name
from agency import clock
from agency.lists import Column, Listing, by_choice
from agency.templatetags.dates import due
from agency.templatetags.ui import chip, client_tab, person_tag
from campaigns import reading
from campaigns.forms import SHOWN, CampaignFilter, ScheduleFilter, WorkFilter
from campaigns.handing import lies_between, waited
from campaigns.models import Campaign, Plan, Step, standing
from clients.owed import with_days_left


def headed(campaign):
    link = format_html('<a href="{}">{}</a>', campaign.get_absolute_url(), campaign.name)
    return format_html('{} <span class="list__note jobno">{}</span>', link, campaign.job_number)


def next_step(campaign):
    if step := campaign.next_step:
        return format_html('<a href="{}">{}</a>', step.get_absolute_url(), step)
    nothing = _("all steps checked") if campaign.progress["whole"] else _("no work schedule yet")
    return format_html('<span class="quiet">{}</span>', nothing)


def owner(campaign):
    return person_tag(campaign.next_step.person) if campaign.next_step else ""


def deadline(campaign):
    return due(campaign.next_step.due_on, left=campaign.next_step.left) if campaign.next_step else ""


def checked(campaign):
    return "{checked} / {whole}".format(**campaign.progress) if campaign.progress["whole"] else ""


def first_due(person):
    """The due day of the step that a person sees as the next one."""
    ahead = Step.objects.visible_to(person).unchecked().filter(campaign=OuterRef("pk")).order_by("due_on", "position")
    return Subquery(ahead.values("due_on")[:1])


def step_headed(step):
    link = format_html('<a href="{}">{}</a>', step.get_absolute_url(), step)
    job = format_html('{} <span class="jobno">{}</span>', step.campaign.name, step.campaign.job_number)
    return format_html('{} <span class="list__note">{} · {}</span>', link, job, department(step))


def department(step):
    return step.department or _("the client")


class CampaignList(Listing):
    name, order, filters, icon = "campaigns", "-opened", CampaignFilter, "campaigns"
    title, empty = gettext_lazy("Campaigns"), gettext_lazy("No campaigns here")
    explained = gettext_lazy("A campaign is opened on an accepted brief; it gets its job number then.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("name", gettext_lazy("Campaign"), show=headed, sort=Lower("name"), what=True),
        Column("job", gettext_lazy("Job number"), "job_number", sort="job_number", spare=True),
        Column("plan", gettext_lazy("Plan"), "plan.get_state_display", lambda it: chip(it.plan, bare=True),
               by_choice("plan__state", Plan.State), "rank"),
        Column("next", gettext_lazy("Next step"), "next_step", next_step, line=True),
        Column("with", gettext_lazy("With"), "next_step.person", owner),
        Column("due", pgettext_lazy("a deadline", "Due"), "next_step.due_on", deadline, first_due, "date"),
        Column("checked", gettext_lazy("Steps checked"), lambda it: it.progress["checked"], checked, kind="number"),
        Column("steps", gettext_lazy("Steps"), lambda it: it.progress["whole"], kind="number", spare=True),
        Column("opened", gettext_lazy("Opened"), "created_at", sort="created_at", kind="moment", spare=True),
        Column("opened_by", gettext_lazy("Opened by"), "created_by", lambda it: person_tag(it.created_by),
               by_name("created_by"), spare=True),
    )  # fmt: skip

    def visible(self):
        return Campaign.objects.visible_to(self.person).for_page()

    def prepare(self, rows):
        return reading.with_progress(rows, self.person)


class StepList(Listing):
    """The open steps of the schedule that are a person's work; its questions also choose the lanes above it."""

    name, order, sort, filters, icon = "steps", "due", "order", ScheduleFilter, "schedule"
    title, empty = gettext_lazy("Open steps"), gettext_lazy("No open steps")
    explained = gettext_lazy("Steps come from the work schedule of a campaign.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("step", gettext_lazy("Step"), lambda it: it, step_headed, Lower("name"), what=True),
        Column("job", gettext_lazy("Job number"), "campaign.job_number", sort="campaign__job_number", spare=True),
        Column("department", gettext_lazy("Department"), department, department, Lower("department__name"), spare=True),
        Column("state", gettext_lazy("State"), lambda it: it.standing[1],
               lambda it: chip(state=it.standing[0], word=it.standing[1], bare=True), named=False),
        Column("owner", gettext_lazy("Owner"), "person", lambda it: person_tag(it.person), by_name("person")),
        Column("since", gettext_lazy("Lies there since"), "court_since", waited, sort="court_since", kind="moment", spare=True),
        Column("begins", gettext_lazy("First day"), "starts_on", sort="starts_on", kind="date", spare=True),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on", lambda it: due(it.due_on, left=it.left), "due_on", "date"),
        Column("move", gettext_lazy("Next move"), part="campaigns/_step_move.html", named=False),
    )  # fmt: skip

    def __init__(self, request):
        super().__init__(request)
        self.today, self.counted_over = clock.today_for(self.person), self.found
        if shown := self.filter.shown:
            self.found = self.found.filter(SHOWN[shown][2](self.today))
        self.steps, self.found = self.found, self.found.for_list()

    @cached_property
    def shown(self):
        """How long something waits for the client stands there when that is asked for."""
        shown = super().shown
        since = next(column for column in self.columns if column.key == "since")
        return [*shown[:-1], since, shown[-1]] if self.filter.shown == "client" and since not in shown else shown

    def visible(self):
        return Step.objects.visible_to(self.person).concerning(self.person).unchecked()

    def prepare(self, rows):
        rows = reading.with_waited(with_days_left(rows, self.person), self.person)
        rows = reading.with_standing(rows, self.today)
        return reading.with_next_move(rows, self.person)


class HandoffList(Listing):
    """What lies between two desks, the longest first: who had it, who takes it, and who has to act (COO3)."""

    name, order, filters, icon = "hand-offs", "since", WorkFilter, "schedule"
    title, empty = gettext_lazy("Between two desks"), gettext_lazy("Nothing lies between two desks")
    explained = gettext_lazy("What is done and not taken over, returned and not begun again, or taken over and not checked.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("step", gettext_lazy("Step"), lambda it: it, step_headed, Lower("name"), what=True),
        Column("between", gettext_lazy("Stands"), lambda it: lies_between(it)[1],
               lambda it: chip(state=lies_between(it)[0], word=lies_between(it)[1], bare=True), named=False),
        Column("owner", gettext_lazy("Owner"), "person", lambda it: person_tag(it.person), by_name("person")),
        Column("next_owner", gettext_lazy("Next owner"), "next_owner", lambda it: person_tag(it.next_owner)),
        Column("acts", gettext_lazy("Has to act"), "holder", lambda it: person_tag(it.holder), by_name("holder")),
        Column("since", gettext_lazy("Since"), "court_since", waited, sort="court_since", kind="moment"),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on", lambda it: due(it.due_on, left=it.left), "due_on", "date",
               spare=True),
        Column("move", gettext_lazy("Next move"), part="campaigns/_step_move.html", named=False),
    )  # fmt: skip

    def visible(self):
        steps = Step.objects.visible_to(self.person).concerning(self.person)
        return steps.filter(standing.is_between()).for_list()

    def prepare(self, rows):
        return reading.with_next_move(reading.with_waited(with_days_left(rows, self.person), self.person), self.person)
