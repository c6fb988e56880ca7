"""What has changed in the brief of a campaign since plan and schedule were looked at, and that somebody has looked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.flow import Refused
from agency.pages import require
from briefs.comparison import NOW, differences, in_blocks, version_of
from campaigns.brief_changes import change_for
from campaigns.models import Campaign
from campaigns.views.campaigns import visible_campaign


@require_safe
def campaign_brief(request, job_number):
    """The brief as it was when somebody looked last, beside what holds now; once nobody waits, the last two editions."""
    person, campaign = request.user, visible_campaign(request.user, job_number)
    require(person, "briefs.view_brief", campaign.brief)
    change = change_for(campaign, person)
    holds = campaign.brief.edition_number
    since = change.since if change else min(campaign.brief_edition, holds)
    shown = {"campaign": campaign, "change": change, "holds": holds}
    return render(request, "campaigns/campaign_brief.html", shown | compared(campaign.brief, since, holds))


def compared(brief, since, holds):
    """What two editions say where they differ; nothing where the brief was accepted before there were editions."""
    try:
        before, after = (version_of(brief, str(number) if number else NOW) for number in (since, holds))
    except Refused:
        return {"blocks": [], "count": 0}
    changed = [it for it in differences(before, after) if it.is_changed]
    return {"before": before, "after": after, "blocks": in_blocks(changed), "count": len(changed)}


@require_POST
def campaign_brief_looked(request, job_number, side):
    campaign = visible_campaign(request.user, job_number)
    if side not in Campaign.LOOKS:
        raise Http404
    require(request.user, "briefs.view_brief", campaign.brief)
    campaign.look(side, by=request.user, edition=_edition_named(request))
    messages.success(request, _("Kept: you have looked at what the brief changed."))
    return redirect(campaign)


def _edition_named(request):
    """The edition that was on the page; a look at nothing is no look."""
    text = request.POST.get("edition", "")
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise Refused(_("Please open the page of what has changed anew, and look again."))
    return int(text)
