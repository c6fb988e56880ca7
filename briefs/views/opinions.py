"""One department's section of a joint study: answered by the department, recorded for it, answered by us (DEP3).

A member of another department sees this section and its brief, and nothing of the study beside them.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.forms import attempt
from agency.pages import make_move, require, tell, tell_done
from briefs.models import Opinion, Study
from briefs.study_forms import AnswerForm, InsteadForm, RecordForm, ReplyForm
from briefs.views.studies import study_page
from clients.filing import files_of
from clients.owed import with_days_left

ANSWER = "briefs.answer_study"


def visible_section(person, pk):
    return get_object_or_404(Opinion.objects.visible_to(person).for_page(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk):
    """Where whoever is asked answers; everybody else who sees it reads the whole study."""
    person = request.user
    if request.method == "POST":
        _refuse_late(person, pk)
    section = visible_section(person, pk)
    if not person.has_perm(ANSWER, section):
        if request.method == "POST" or not person.has_perm(Study.view_right, section.study):
            raise PermissionDenied
        return study_page(request, section.study_id)
    form = AnswerForm(request.POST if request.method == "POST" else None, instance=section)
    if form.is_bound and attempt(form, lambda: form.answer(by=person)):
        verb = "change_answer" if section.last_event().verb == "change_answer" else "answer"
        done = _("Sent. You can change it until the study is closed; then the brief and this page close to you.")
        tell_done(request, done, section, verb, at=section.get_absolute_url())
        return redirect(section)
    return _answering(request, pk, form)


def _refuse_late(person, pk):
    """An hour's words are not answered with "not found" because the study was closed over them."""
    for section in Opinion.objects.once_asked_of(person).filter(pk=pk).select_related("study__created_by"):
        section.refuse_late(person)


def _answering(request, pk, form):
    section = visible_section(request.user, pk)  # the form has written into the other one
    shown = {
        "section": with_days_left([section], request.user)[0],
        "form": form,
        "moves": [it for it in section.moves_and_undo(request.user) if it.undoes],
        "files": files_of(section, request.user),
        "events": section.events()[:20],
    }
    return render(request, "briefs/opinion_answer.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_record(request, pk):
    section = visible_section(request.user, pk)
    require(request.user, "briefs.record_opinion", section)
    form = RecordForm(request.POST if request.method == "POST" else None, instance=section)
    if form.is_bound and attempt(form, lambda: form.record(by=request.user)):
        return _done(request, section, "record", _("Recorded. Whoever is asked there is told and can answer differently."))
    return _page(request, "briefs/opinion_record.html", pk, form)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_reply(request, pk):
    section = visible_section(request.user, pk)
    require(request.user, "briefs.open_study", section)
    form = ReplyForm(request.POST if request.method == "POST" else None, record=section, initial={"reply": section.reply})
    if form.is_bound and attempt(form, lambda: section.answer_back(by=request.user, **form.said)):
        return _done(request, section, "answer_back", _("Answered; the department is told."))
    return _page(request, "briefs/opinion_reply.html", pk, form)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_ask(request, pk):
    section = visible_section(request.user, pk)
    require(request.user, "briefs.open_study", section)
    form = InsteadForm(request.POST if request.method == "POST" else None, record=section)
    if form.is_bound and attempt(form, lambda: section.ask_instead(by=request.user, **form.said), field="person"):
        tell(request, _("%(person)s is asked now.") % {"person": section.person})
        return redirect(section.study)
    return _page(request, "briefs/opinion_ask.html", pk, form)


def _page(request, template, pk, form):
    section = visible_section(request.user, pk)
    shown = {"section": section, "study": section.study, "brief": section.study.brief, "form": form}
    return render(request, template, shown, status=422 if form.is_bound else 200)


def _done(request, section, verb, sentence):
    tell_done(request, sentence, section, verb, at=section.get_absolute_url())
    return redirect(f"{section.study.get_absolute_url()}#section-{section.pk}")


@require_POST
def opinion_nudge(request, pk):
    section = visible_section(request.user, pk)
    section.nudge(by=request.user)
    tell(request, _("%(person)s is reminded.") % {"person": section.person})
    return redirect(section.study)


@require_POST
def opinion_move(request, pk, name):
    section = visible_section(request.user, pk)
    person = request.user
    sees_study = person.has_perm(Study.view_right, section.study)
    return make_move(request, section, name, url=(section.study if sees_study else section).get_absolute_url())
