"""Drafts of a campaign: begun, put together, handed in, cleared, sent and decided on (DEP7, SAL2)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.flow import Conflict, Refused, meanwhile
from agency.forms import attempt
from agency.pages import make_move, page_of, require
from approvals.comment_forms import CommentForm
from approvals.fates import with_fates
from approvals.forms import BeginForm, OpenForm
from approvals.models import Draft
from approvals.models.draft import CLEAR, COMMENT, RECORD, REGISTER, SEND
from approvals.models.draft_version import UsedUp
from approvals.models.presentation import presentations_of
from approvals.outside_forms import DraftHeardForm
from approvals.review_forms import ReviewForm
from approvals.showing import comments_on, pieces_of
from campaigns.models import Campaign
from campaigns.outside_forms import SendForm, refuse_nobody
from campaigns.views.campaigns import visible_campaign
from clients.links import Held, links_of
from clients.models.confirmation import confirmations_of
from clients.models.dispatch import dispatches_of
from clients.owed import with_days_left

State = Draft.State


def visible_draft(person, pk):
    """The draft that `person` sees, or 404."""
    seen = Draft.objects.visible_to(person).select_related(
        "campaign__client__group__supervisor", "campaign__brief", "campaign__plan", "client__group__supervisor", "deliverable",
        "holder", "maker", "sender", "contact",
    )  # fmt: skip
    return get_object_or_404(seen, pk=pk)


@require_safe
def drafts(request, job_number):
    """The drafts of one campaign, piece by piece."""
    campaign, person = visible_campaign(request.user, job_number), request.user
    page = page_of(Draft.objects.visible_to(person).filter(campaign=campaign).for_list(), request)
    shown = {"campaign": campaign, "page": page, "drafts": with_days_left(page.rows, person)}
    shown["may_begin"] = campaign.deliverables.exists() and person.has_perm(REGISTER, campaign)
    return render(request, "approvals/drafts.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, REGISTER, campaign)
    form = BeginForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_bound and (draft := attempt(form, lambda: form.begin(by=request.user))):
        messages.success(request, _("Begun: %(person)s is asked to make it.") % {"person": draft.maker})
        return redirect(draft)
    shown = {"campaign": campaign, "form": form}
    return render(request, "approvals/draft_new.html", shown, status=422 if form.is_bound else 200)


@require_safe
def draft(request, pk):
    """The draft as it stands: its last version that was handed in, and what is to be done next."""
    found = visible_draft(request.user, pk)
    return render(request, "approvals/draft.html", page_for(found, found.sheet, request.user) | line_asked(request))


def line_asked(request):
    """The form for a comment on a line of copy, where the address names one."""
    line = request.GET.get("line", "")
    return {"comment_form": CommentForm(initial={"line": int(line)})} if line.isdecimal() and len(line) < 6 else {}


def page_for(draft, version, person):
    """What the page of a draft shows with one of its versions (None: none is handed in)."""
    versions = with_fates(list(draft.versions.handed_in().select_related("maker")))
    return {
        "draft": draft, "version": version, "versions": versions, "campaign": draft.campaign,
        "sees_campaign": person.has_perm(Campaign.view_right, draft.campaign),
        "open_version": draft.open_version, "moves": draft.moves_and_undo(person),
        "left": with_days_left([draft], person)[0].left, "open_form": OpenForm(),
        "may_open": draft.state in (State.MAKING, State.AMENDING) and person.has_perm(REGISTER, draft),
        "may_clear": draft.state == State.REVIEW and person.has_perm(CLEAR, draft) and not draft.is_work_of(person),
        "may_send": draft.state == State.CLEARED and person.has_perm(SEND, draft),
        "may_record": draft.state in (State.CLEARED, State.CLIENT) and person.has_perm(RECORD, draft),
        "may_see_history": person.has_perm("clients.view_history", draft),
        "sees_client": person.has_perm("clients.view_client", draft.client),
        "presentations": presentations_of(draft, person),
        "events": draft.events()[:20], **({**told_of(version, person), **talk_on(version, person)} if version else {}),
    }  # fmt: skip


def told_of(version, person):
    return {
        "links": links_of(version, person), "confirmations": confirmations_of(version),
        "dispatches": dispatches_of(version), "reviews": version.reviews.select_related("created_by"),
    }  # fmt: skip


def talk_on(version, person):
    """The artwork with its pins, and what is said about it: inside and for the client, never mixed."""
    comments, may = comments_on(version), person.has_perm(COMMENT, version.draft)
    for it in comments:
        it.moves = it.moves_open_to(Held({COMMENT: may}))
    return {
        "comments": comments, "inside": [it for it in comments if it.audience == "inside"],
        "outside": [it for it in comments if it.audience == "client"], "may_comment": may, "comment_form": CommentForm(),
        "pieces": pieces_of(version, comments, file_url=file_url, page_url=page_url),
    }  # fmt: skip


def file_url(file, _number):
    return file.get_absolute_url()


def page_url(file, _number, page, thumb):
    return reverse("page_thumb" if thumb else "page_image", args=[file.pk, page])


@require_POST
def draft_open(request, pk):
    """Begin the next version; where no round is left, the way to a change order."""
    found, form = visible_draft(request.user, pk), OpenForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Please reload the page and send the form again."))
    try:
        version = form.open(found, by=request.user)
    except UsedUp as why:
        shown = {"draft": found, "campaign": found.campaign, "sentence": str(why)}
        return render(request, "approvals/used_up.html", shown, status=422)
    return redirect("draft_version_edit", pk=found.pk, number=version.number)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_review(request, pk):
    """Clear the version, or return it, question by question."""
    found, person = visible_draft(request.user, pk), request.user
    require(person, CLEAR, found)
    if found.state != State.REVIEW and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    form = ReviewForm(request.POST if request.method == "POST" else None, draft=found)
    if form.is_bound and (review := attempt(form, lambda: form.decide(by=person))):
        cleared = review.outcome == review.Outcome.CLEARED
        messages.success(request, _("Cleared: nothing is sent yet.") if cleared else _("Returned to the maker."))
        return redirect(found)
    shown = {**page_for(found, found.sheet, person), "form": form}
    return render(request, "approvals/draft_review.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_send(request, pk):
    found = visible_draft(request.user, pk)
    require(request.user, SEND, found)
    return _asked(request, found, {State.CLEARED}, lambda data: SendForm(data, document=found),
                  _("Sent: %(contact)s has the link."), "approvals/draft_send.html")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def draft_record(request, pk):
    """Write down what the client said on the telephone, by mail or in a meeting, with what proves it."""
    found = visible_draft(request.user, pk)
    require(request.user, RECORD, found)
    files = request.FILES if request.method == "POST" else None
    return _asked(request, found, {State.CLEARED, State.CLIENT}, lambda data: DraftHeardForm(data, files, document=found),
                  _("Kept, for good: what %(contact)s said."), "approvals/draft_record.html")  # fmt: skip


def _asked(request, draft, states, make_form, done, template):
    if draft.state not in states and request.method != "POST":
        raise Conflict(draft, meanwhile(draft))
    refuse_nobody(draft)
    form = make_form(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: form.act(by=request.user)):
        messages.success(request, done % {"contact": form.cleaned_data["contact"]})
        return redirect(draft)
    shown = {"draft": draft, "version": draft.sheet, "campaign": draft.campaign, "form": form}
    return render(request, template, shown, status=422 if form.is_bound else 200)


@require_POST
def draft_move(request, pk, name):
    found = visible_draft(request.user, pk)
    return make_move(request, found, name, url=found.get_absolute_url())
