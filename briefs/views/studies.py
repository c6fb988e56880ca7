"""The joint study of a brief: opened, looked at side by side, closed with conclusions or reopened (DEP3)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import clock, paper
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import make_move, require, tell_done
from agency.workdays import calendar
from briefs.models import Brief, Study
from briefs.study_forms import CloseForm, InviteForm, OpenStudyForm
from briefs.studying import happened, sheet_of, tally_of, with_acts
from briefs.views.briefs import visible_brief
from clients.owed import with_days_left

OPEN, CLOSE = "briefs.open_study", "briefs.close_study"


def visible_study(person, pk):
    """The study that `person` sees, or 404: members of other departments see their own section alone."""
    related = ("brief", "holder", "created_by", "client__group__supervisor")
    return get_object_or_404(Study.objects.visible_to(person).select_related(*related), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def study_new(request, pk):
    brief = visible_brief(request.user, pk)
    require(request.user, OPEN, brief)
    if request.method != "POST":
        if there := brief.studies.filter(state=Study.State.OPEN).first():
            return redirect(there)
        refuse_unaccepted(brief)
        usual = calendar().add(clock.today(), settings.STUDY_DAYS)
        return _opening(request, brief, OpenStudyForm(initial={"answer_by": usual}))
    form = OpenStudyForm(request.POST)
    if not (study := attempt(form, lambda: form.open(brief, by=request.user))):
        return _opening(request, brief, form, status=422)
    n = len(form.invited)
    messages.success(request, ngettext("%(n)d department is asked.", "%(n)d departments are asked.", n) % {"n": n})
    return redirect(study)


def refuse_unaccepted(brief):
    if brief.state != Brief.State.ACCEPTED:
        raise Refused(_("A brief is studied by the departments once it is accepted."))


def _opening(request, brief, form, status=200):
    return render(request, "briefs/study_new.html", {"brief": brief, "form": form}, status=status)


@require_safe
def study_page(request, pk):
    study, person = visible_study(request.user, pk), request.user
    shown = sheet_of(study, person)
    sections = with_acts(study, shown["tally"].sections, person)
    shown |= {
        "moves": study.moves_and_undo(person),
        "may_close": study.is_open and person.has_perm(CLOSE, study),
        "may_invite": study.is_open and person.has_perm(OPEN, study),
        "may_see_history": person.has_perm("clients.view_history", study),
        "events": happened(study, sections),
        "left": with_days_left([study], person)[0].left,
    }
    return render(request, "briefs/study_page.html", shown)


@require_safe
def study_pdf(request, pk):
    study = visible_study(request.user, pk)
    name = f"{study.client.code}-study-{study.pk}-v{study.version}"
    return paper.pdf(request, "briefs/_study_sheet.html", sheet_of(study, request.user), name=name)


@require_http_methods(["GET", "HEAD", "POST"])
def study_invite(request, pk):
    study = visible_study(request.user, pk)
    require(request.user, OPEN, study)
    form = InviteForm(request.POST if request.method == "POST" else None, study=study)
    if form.is_bound and (asked := attempt(form, lambda: form.invite(study, by=request.user))):
        n = len(asked)
        messages.success(request, ngettext("%(n)d department is asked.", "%(n)d departments are asked.", n) % {"n": n})
        return redirect(study)
    shown = {"study": study, "brief": study.brief, "form": form}
    return render(request, "briefs/study_invite.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def study_close(request, pk):
    study = visible_study(request.user, pk)
    require(request.user, CLOSE, study)
    form = CloseForm(request.POST if request.method == "POST" else None, record=study)
    if form.is_bound and attempt(form, lambda: form.close(by=request.user)):
        verb = "close_despite" if "reason" in form.fields else "close"
        tell_done(request, _("The study is closed; the departments no longer see the brief."), study, verb,
                  at=study.get_absolute_url())  # fmt: skip
        return redirect(study)
    shown = {"study": study, "brief": study.brief, "form": form, "tally": tally_of(study, request.user)}
    return render(request, "briefs/study_close.html", shown, status=422 if form.is_bound else 200)


@require_POST
def study_move(request, pk, name):
    study = visible_study(request.user, pk)
    return make_move(request, study, name, url=study.get_absolute_url())
