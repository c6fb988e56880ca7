"""Where a brief is written (DEP2): as one form, and piece by piece while one types."""

from functools import partial

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.flow import Refused
from agency.pages import require, submit_saved, tell_saved
from briefs import piecewise
from briefs.asking import Sheet, asked_of
from briefs.forms import RIGHT, BriefForm
from briefs.models import Brief
from briefs.views.briefs import visible_brief
from clients.models import Contact
from clients.models.attachment import attachments_of


@require_http_methods(["GET", "HEAD", "POST"])
def brief_edit(request, pk):
    brief = visible_brief(request.user, pk)
    require(request.user, RIGHT, brief)
    if request.method != "POST":
        return _writing(request, brief, BriefForm(instance=writable(brief)))
    form = BriefForm(request.POST, instance=brief)
    if request.POST.get("save") == "auto":
        return piecewise.answer(request, form)
    if not form.is_valid():
        return _writing(request, brief, form, status=422)
    if "submit" in request.POST:
        require(request.user, "briefs.submit_brief", brief)
    form.write(by=request.user)
    if "submit" in request.POST:
        done, at = _("Submitted. %(person)s is asked to accept it."), brief.get_absolute_url()
        return submit_saved(request, form, at=at, done=done, again=partial(_writing, request, brief))
    tell_saved(request, brief)
    return redirect(brief)


def writable(brief):
    if brief.state not in Brief.WRITABLE:
        words = {"brief": brief, "state": brief.get_state_display()}
        raise Refused(
            _("“%(brief)s” is: %(state)s. It is written only while it is being drafted or has been returned.") % words
        )
    return brief


def _writing(request, brief, form, status=200):
    shown = {
        "brief": brief,
        "form": form,
        "sheet": Sheet(form, asked_of(brief)),
        "contacts": Contact.objects.current().filter(client=brief.client_id).order_by("name"),
        "may_submit": request.user.has_perm("briefs.submit_brief", brief),
        "attachment": text_of(brief),
        "unsaved": status == 422 and form.is_bound and not form.is_valid(),
    }
    return render(request, "briefs/brief_edit.html", shown, status=status)


def text_of(brief):
    """The last document of a brief whose text can be copied from, or None."""
    return next((file for file in reversed(attachments_of(brief)) if file.has_text), None)
