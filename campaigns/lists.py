"""The list of campaigns."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.lists import by_name
from agency.lists import Column, Listing, by_choice
from agency.templatetags.ui import chip, client_tab, due, person_tag
from campaigns import reading
from campaigns.forms import CampaignFilter
from campaigns.models import Campaign, Plan, Step


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
