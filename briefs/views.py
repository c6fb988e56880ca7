"""Intake briefs: taken, written, submitted, accepted or returned (DEP2, DEP3)."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import make_move, require, submit_saved, tell_saved
from briefs.forms import RIGHT, BriefForm, TakeForm
from briefs.lists import BriefList
from briefs.models import Brief
from clients.owed import with_days_left
from clients.sharing import shares_of


def visible_brief(person, pk):
    return get_object_or_404(Brief.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def brief_list(request):
    require(request.user, Brief.view_right)
    return BriefList(request).response("briefs/brief_list.html", may_take=request.user.has_perm(RIGHT))


@require_safe
def brief_page(request, pk):
    brief, person = visible_brief(request.user, pk), request.user
    shown = {
        **sheet_of(brief),
        "moves": brief.moves_and_undo(person),
        "may_write": brief.state in Brief.WRITABLE and person.has_perm(RIGHT, brief),
        "may_see_history": person.has_perm("clients.view_history", brief),
        "shares": shares_of(brief, person),
        "events": brief.events()[:20],
        "left": with_days_left([brief], person)[0].left,
    }
    return render(request, "briefs/brief_page.html", shown)


@require_safe
def brief_pdf(request, pk):
    brief = visible_brief(request.user, pk)
    name = f"{brief.client.code}-brief-{brief.pk}-v{brief.version}"
    return paper.pdf(request, "briefs/_brief_sheet.html", sheet_of(brief), name=name)


def sheet_of(brief):
    """What the sheet of a brief tells, on the page and on paper."""
    title = _("Intake brief: %(brief)s") % {"brief": brief}
    return {"brief": brief, **paper.document(brief, title=title, number=brief.client.code)}


@require_http_methods(["GET", "HEAD", "POST"])
def brief_new(request):
    require(request.user, RIGHT)
    form = TakeForm(
        request.POST if request.method == "POST" else None, person=request.user, initial={"client": request.GET.get("client")}
    )
    if form.is_bound and (brief := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("The brief is opened. Write what you know; you can save and come back."))
        return redirect("brief_edit", pk=brief.pk)
    return render(request, "briefs/brief_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_edit(request, pk):
    brief = visible_brief(request.user, pk)
    require(request.user, RIGHT, brief)
    if request.method != "POST":
        return _writing(request, brief, BriefForm(instance=writable(brief)))
    form = BriefForm(request.POST, instance=brief)
    if not form.is_valid():
        return _writing(request, brief, form, status=422)
    if "submit" in request.POST:
        require(request.user, "briefs.submit_brief", brief)
    form.revise(by=request.user, needs=RIGHT, while_in=Brief.WRITABLE)
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
    may_submit = request.user.has_perm("briefs.submit_brief", brief)
    return render(request, "briefs/brief_edit.html", {"brief": brief, "form": form, "may_submit": may_submit}, status=status)


@require_POST
def brief_move(request, pk, name):
    brief = visible_brief(request.user, pk)
    return make_move(request, brief, name, url=brief.get_absolute_url())
