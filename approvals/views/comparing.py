"""Two versions of a draft compared: side by side, with a slider, or what changed (DEP7)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency.flow import Refused
from approvals.comparison import Way, pair_of
from approvals.views.drafts import file_url, page_url, visible_draft
from campaigns.models import Campaign


@require_safe
def draft_compare(request, pk):
    draft, person = visible_draft(request.user, pk), request.user
    versions = list(draft.versions.handed_in().select_related("maker"))
    for it in versions:
        it.draft = draft
    shown = {"draft": draft, "campaign": draft.campaign, "versions": versions, "ways": Way.choices}
    shown["sees_campaign"] = person.has_perm(Campaign.view_right, draft.campaign)
    try:
        pair = pair_of(versions, request.GET, file_url=file_url, page_url=page_url) if len(versions) > 1 else None
    except Refused as why:
        return render(request, "approvals/draft_compare.html", shown | {"sentence": str(why)}, status=404)
    return render(request, "approvals/draft_compare.html", shown | {"pair": pair})
