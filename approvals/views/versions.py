"""One version of a draft: looked at, put together, handed in (DEP7, DIR4)."""

from uuid import uuid5

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.files import takes_media
from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, require, tell_saved
from approvals.forms import VersionForm
from approvals.models import DraftVersion
from approvals.models.draft import REGISTER
from approvals.views.drafts import line_asked, page_for, visible_draft
from clients.filing import is_sent_alone, told_of_file
from clients.forms import MediaForm, ReasonForm
from clients.models.attachment import attachments_of

State = DraftVersion.State


def visible_version(person, pk, number):
    """(draft, version) as `person` sees them, or 404; a version that is put together is seen by who registers versions."""
    draft = visible_draft(person, pk)
    version = get_object_or_404(draft.versions.select_related("maker", "created_by", "client"), number=number)
    version.draft = draft
    if version.state != State.FINAL and not person.has_perm(REGISTER, draft):
        raise Http404
    return draft, version


@require_safe
def version(request, pk, number):
    draft, found = visible_version(request.user, pk, number)
    if found.state != State.FINAL:
        return redirect("draft_version_edit", pk=pk, number=number) if found.state == State.OPEN else redirect(draft)
    return render(request, "approvals/draft.html", page_for(draft, found, request.user) | line_asked(request))


@require_http_methods(["GET", "HEAD", "POST"])
def version_edit(request, pk, number):
    """Put a version together: why it looks as it does, its copy, its files; "Hand in" saves first."""
    draft, found = visible_version(request.user, pk, number)
    require(request.user, REGISTER, draft)
    if found.state != State.OPEN and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    form = VersionForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        if "hand_in" not in request.POST:
            tell_saved(request, found)
            return redirect("draft_version_edit", pk=pk, number=number)
        form = form.again({**request.POST.dict(), "seen": found.version})
        if attempt(form, lambda: draft.hand_in(by=request.user)):
            messages.success(
                request, _("Handed in: %(person)s is asked to clear it.") % {"person": draft.holder or _("Nobody yet")}
            )
            return redirect(draft)
    return _writing(request, draft, found, form, MediaForm())


def _writing(request, draft, version, form, files_form):
    shown = {
        "draft": draft, "version": version, "campaign": draft.campaign, "form": form, "files_form": files_form,
        "files": attachments_of(version), "moves": version.moves_open_to(request.user),
    }  # fmt: skip
    status = 422 if form.is_bound or files_form.is_bound else 200
    return render(request, "approvals/version_edit.html", shown, status=status)


@takes_media
@require_POST
def version_files(request, pk, number):
    """Add files to a version that is put together: several with the form, or one that a browser sends by itself."""
    draft, found = visible_version(request.user, pk, number)
    require(request.user, REGISTER, draft)
    form = MediaForm(request.POST, request.FILES)
    if is_sent_alone(request):
        line = {"line": "approvals/_version_file.html", "version": found}
        return told_of_file(request, form, lambda: _keep(form, found, request.user), **line)
    if attempt(form, lambda: _keep(form, found, request.user)):
        return redirect("draft_version_edit", pk=pk, number=number)
    return _writing(request, draft, found, VersionForm(instance=found), form)


def _keep(form, version, person):
    token = form.cleaned_data["token"]
    return [
        version.add_file(arrived, by=person, token=uuid5(token, f"{arrived.name} {arrived.sha256}"))
        for arrived in form.cleaned_data["files"]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def version_file_gone(request, pk, number, file):
    """Take a file out of a version that is put together, with a reason."""
    draft, found = visible_version(request.user, pk, number)
    require(request.user, REGISTER, draft)
    attachment = get_object_or_404(attachments_of(found), pk=file)
    if found.state != State.OPEN:
        raise Conflict(found, meanwhile(found))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: (attachment.take_away(by=request.user, reason=form.cleaned_data["reason"]),)):
        messages.success(request, _("“%(file)s” is taken out of the version.") % {"file": attachment})
        return redirect("draft_version_edit", pk=pk, number=number)
    shown = {"attachment": attachment, "record": found, "form": form}
    return render(request, "clients/file_take_away.html", shown, status=422 if form.is_bound else 200)


@require_POST
def version_move(request, pk, number, name):
    draft, found = visible_version(request.user, pk, number)
    return make_move(request, found, name, url=draft.get_absolute_url())
