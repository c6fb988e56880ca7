"""Samples and their proof reviews: expected, taken in, checked row by row, passed or failed, released (SAL3, SAL5, DEP7)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, page_of, require, tell, tell_saved
from approvals.models import Draft, Sample
from approvals.models.sample import RELEASE, REVIEW
from approvals.sample_forms import ChecklistForm, FactsForm, ReceiveForm, SampleForm
from campaigns.views.campaigns import visible_campaign
from clients.filing import files_of
from clients.models.attachment import attachments_of
from clients.owed import with_days_left
from clients.sharing import shares_of

State = Sample.State
APPROVED = (Draft.State.APPROVED, Draft.State.AMENDING)
JUDGING = {"pass_it", "pass_with_corrections", "fail"}


def visible_sample(person, pk):
    """The sample that `person` sees, or 404."""
    return get_object_or_404(Sample.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def samples(request, job_number):
    """The samples of a campaign, the newest first: those that the person sees."""
    campaign, person = visible_campaign(request.user, job_number), request.user
    page = page_of(Sample.objects.visible_to(person).filter(campaign=campaign).for_list(), request)
    shown = {"campaign": campaign, "page": page, "samples": with_days_left(page.rows, person)}
    shown["may_open"] = person.has_perm(REVIEW, campaign)
    return render(request, "approvals/samples.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def sample_new(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, REVIEW, campaign)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SampleForm(*given, campaign=campaign, initial=_named(request, campaign))
    if form.is_bound and (made := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("Opened as %(sample)s.") % {"sample": made})
        return redirect(made)
    shown = {"campaign": campaign, "form": form, "pieces": form.fields["deliverable"].queryset.exists()}
    return render(request, "approvals/sample_new.html", shown, status=422 if form.is_bound else 200)


def _named(request, campaign):
    """What the address names: the step for which a sample is opened."""
    key = request.GET.get("step", "")
    return {"step": campaign.steps.filter(pk=int(key)).first()} if key.isdecimal() and len(key) < 12 else {}


@require_safe
def sample(request, pk):
    found, person = visible_sample(request.user, pk), request.user
    may_review = person.has_perm(REVIEW, found)
    shown = {
        **sheet_of(found), "moves": moves_for(found, person), "left": with_days_left([found], person)[0].left,
        "photos": photos_of(found), "files": files_of(found, person), "shares": shares_of(found, person),
        "may_receive": found.state == State.EXPECTED and may_review,
        "may_check": found.state == State.RECEIVED and may_review,
        "may_write": found.state in Sample.WRITABLE and may_review,
        "may_verify": found.state == State.CORRECTIONS and may_review,
        "own_review": found.state in (State.PASSED, State.CORRECTIONS) and found.is_work_of(person)
        and person.has_perm(RELEASE, found),
        "others": others_of(found, person), "confirmed": confirmed_for(found, person),
        "sees_campaign": person.has_perm("campaigns.view_campaign", found.campaign),
        "may_see_history": person.has_perm("clients.view_history", found), "events": found.events()[:20],
    }  # fmt: skip
    return render(request, "approvals/sample.html", shown)


def moves_for(sample, person):
    """The moves that make sense as the checklist stands: it is judged when every row is answered, and released when each
    correction is verified. Asked for otherwise, each says what is lacking."""
    found = sample.moves_and_undo(person)
    hidden = {"pass_it"} if sample.faults else {"pass_with_corrections", "fail"}
    hidden |= JUDGING if sample.open_rows else set()
    hidden |= {"release"} if sample.unverified else set()
    return [it for it in found if it.name not in hidden]


def others_of(sample, person):
    """The other samples of the same piece that the person sees, the newest first."""
    seen = Sample.objects.visible_to(person).filter(deliverable=sample.deliverable_id).exclude(pk=sample.pk)
    return list(seen.for_list()[:20])


def photos_of(sample):
    """The pictures among its files, each with the rows whose pin stands on it."""
    photos = [file for file in attachments_of(sample) if file.media_type.startswith("image/")]
    for photo in photos:
        photo.pinned = [row for row in sample.checked if row.photo_id == photo.pk and row.pin]
    return photos


def confirmed_for(sample, person):
    """What the client has approved for the piece, as far as the person sees it: each version with its pictures and files."""
    drafts = Draft.objects.visible_to(person).filter(deliverable=sample.deliverable_id, state__in=APPROVED)
    found = [draft.sheet for draft in drafts.for_list().order_by("concept")[:3] if draft.sheet]
    for version in found:
        version.files = list(attachments_of(version))
        version.pictures = [file for file in version.files if file.media_type.startswith("image/")][:4]
    return found


def sheet_of(sample):
    title = _("Proof review: %(sample)s") % {"sample": sample}
    told = {"sample": sample, "campaign": sample.campaign, "rows": sample.checked, "answered": counted(sample)}
    return {**told, **paper.document(sample, title=title, number=sample.reference)}


def counted(sample):
    """How many rows say what."""
    said = [row.answer for row in sample.checked]
    return {"whole": len(said), "done": sum(map(bool, said)), "ok": said.count("ok"), "fail": said.count("fail"),
            "none": said.count("none")}  # fmt: skip


@require_safe
def sample_pdf(request, pk):
    found = visible_sample(request.user, pk)
    return paper.pdf(request, "approvals/_sample_sheet.html", sheet_of(found), name=found.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def sample_edit(request, pk):
    found = visible_sample(request.user, pk)
    require(request.user, REVIEW, found)
    if found.state not in Sample.WRITABLE and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    form = FactsForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        tell_saved(request, found)
        return redirect(found)
    shown = {"sample": found, "campaign": found.campaign, "form": form}
    return render(request, "approvals/sample_edit.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sample_receive(request, pk):
    """Take an expected sample in: from whom, on which day, with a photo or a file."""
    found = visible_sample(request.user, pk)
    require(request.user, REVIEW, found)
    if found.state != State.EXPECTED and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceiveForm(*given, sample=found)
    if form.is_bound and attempt(form, lambda: form.receive(by=request.user)):
        messages.success(request, _("Taken in. Next: the checklist."))
        return redirect("sample_check" if found.holder == request.user else "sample", pk=found.pk)
    shown = {"sample": found, "campaign": found.campaign, "form": form}
    return render(request, "approvals/sample_receive.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sample_check(request, pk):
    """The checklist: every row on one page."""
    found, person = visible_sample(request.user, pk), request.user
    require(person, REVIEW, found)
    if found.state != State.RECEIVED and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    photos = photos_of(found)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ChecklistForm(*given, sample=found, photos=photos)
    if form.is_bound and attempt(form, lambda: form.answer(by=person)):
        _tell_answered(request, found)
        return redirect("sample_check" if "on" in request.POST else "sample", pk=found.pk)
    shown = {"sample": found, "campaign": found.campaign, "form": form, "photos": photos, "answered": counted(found)}
    shown["confirmed"] = confirmed_for(found, person)
    return render(request, "approvals/sample_check.html", shown, status=422 if form.is_bound else 200)


def _tell_answered(request, sample):
    vars(sample).pop("_checked", None)
    left = len(sample.open_rows)
    told = ngettext("Saved. %(n)d row is still open.", "Saved. %(n)d rows are still open.", left) % {"n": left}
    tell(request, told if left else _("Saved. Every row is answered: say what becomes of the sample."))


@require_POST
def sample_verify(request, pk, row):
    """One correction has been made."""
    found = visible_sample(request.user, pk)
    require(request.user, REVIEW, found)
    seen = request.POST.get("seen", "")
    found.verify(by=request.user, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, row=row)
    messages.success(request, _("The correction of row %(n)d is verified.") % {"n": row})
    return redirect(found)


@require_POST
def sample_move(request, pk, name):
    found = visible_sample(request.user, pk)
    return make_move(request, found, name, url=found.get_absolute_url())
