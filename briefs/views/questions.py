"""Questions to the client: grown from the gaps, taken to the telephone or sent, and their answers taken over (DEP2, SAL1)."""

from contextlib import contextmanager

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Conflict, Refused, lock, meanwhile
from agency.forms import attempt
from agency.pages import make_move, require
from briefs.forms import RIGHT
from briefs.models import Brief, Enquiry, Question, Way
from briefs.question_forms import AskForm, TelephoneForm, form_for
from briefs.reading import words
from briefs.views.briefs import visible_brief
from clients.links import links_of
from clients.owed import with_days_left

ASK = "briefs.submit_brief"


def writers_brief(person, pk):
    """The brief, for whoever works on it; a share shows its answers and nothing of this."""
    brief = visible_brief(person, pk)
    require(person, RIGHT, brief)
    return brief


@require_safe
def brief_questions(request, pk):
    brief, person = writers_brief(request.user, pk), request.user
    questions = list(brief.questions.for_page())
    enquiries = with_days_left(brief.enquiries.select_related("contact", "holder", "client"), person)
    for enquiry in enquiries:
        enquiry.asked_now = [it for it in questions if it.enquiry_id == enquiry.pk and it.state == "asked"]
        enquiry.moves = enquiry.moves_open_to(person)
        enquiry.move_base = reverse("enquiry_move", args=[enquiry.pk, "x"]).removesuffix("move/x/")
    may_take = brief.state in Brief.WRITABLE
    for it in questions:
        it.now_in_brief = it.asked and words(brief, it.asked)
    shown = {
        "brief": brief,
        "answers": [(it, form_for(it, brief) if may_take else None) for it in questions if it.state == "answered"],
        "enquiries": [it for it in enquiries if it.court == "client"],
        "links": [link for it in enquiries if it.court == "client" and it.way == Way.LINK for link in links_of(it, person)],
        "drafts": [it for it in questions if it.state == "draft"],
        "left": [it for it in questions if it.state == "asked" and it.enquiry.state == "answered"],
        "done": [it for it in questions if it.state in {"taken", "dropped"}],
        "may_ask": person.has_perm(ASK, brief),
        "may_take": may_take,
    }
    return render(request, "briefs/questions.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def brief_ask(request, pk):
    brief, person = writers_brief(request.user, pk), request.user
    form = AskForm(request.POST if request.method == "POST" else None, brief=brief)
    asks = "ask" in request.POST and "keep" not in request.POST
    if asks:
        require(person, ASK, brief)
    if form.is_bound and (done := attempt(form, lambda: _ask(form, person, asks))):
        messages.success(request, done)
        by_telephone = asks and form.cleaned_data["way"] == Way.TELEPHONE
        return redirect("brief_telephone" if by_telephone else "brief_questions", brief.pk)
    shown = {"brief": brief, "form": form, "may_ask": person.has_perm(ASK, brief)}
    return render(request, "briefs/ask.html", shown, status=422 if form.is_bound else 200)


def _ask(form, person, asks):
    """What was done, in a sentence."""
    way = form.cleaned_data["way"]
    if not asks or way == Way.TELEPHONE:
        n = len(form.keep(by=person))
        return ngettext("%(n)d question is kept to be asked.", "%(n)d questions are kept to be asked.", n) % {"n": n}
    contact, n = form.ask(by=person).contact, len(form.ticked)
    if way == Way.LINK:
        told = ngettext("%(contact)s gets a link to %(n)d question.", "%(contact)s gets a link to %(n)d questions.", n)
    else:
        told = ngettext("%(contact)s was asked %(n)d question.", "%(contact)s was asked %(n)d questions.", n)
    return told % {"contact": contact, "n": n}


@require_http_methods(["GET", "HEAD", "POST"])
def brief_telephone(request, pk):
    brief, person = writers_brief(request.user, pk), request.user
    form = TelephoneForm(request.POST if request.method == "POST" else None, brief=brief)
    if form.is_bound and form.is_valid() and form.cleaned_data["later"]:
        require(person, ASK, brief)
    if form.is_bound and attempt(form, lambda: (form.hear(by=person),)):
        n = len(form.replies)
        messages.success(request, ngettext("%(n)d answer is kept.", "%(n)d answers are kept.", n) % {"n": n})
        return redirect("brief_questions", brief.pk)
    shown = {"brief": brief, "form": form, "may_ask": person.has_perm(ASK, brief)}
    return render(request, "briefs/telephone.html", shown, status=422 if form.is_bound else 200)


@require_safe
def brief_telephone_pdf(request, pk):
    """The list on paper, with room to write."""
    brief = writers_brief(request.user, pk)
    title = _("Questions on “%(brief)s”") % {"brief": brief}
    shown = {"brief": brief, "questions": list(brief.questions.unanswered().for_page()), "title": title}
    name = f"{brief.client.code}-questions-{brief.pk}"
    told = paper.document(brief, title=title, number=brief.client.code)
    return paper.pdf(request, "briefs/_telephone_sheet.html", {**shown, **told}, name=name)


def own_question(person, pk, question):
    brief = writers_brief(person, pk)
    return brief, get_object_or_404(Question.objects.visible_to(person).filter(brief=brief).for_page(), pk=question)


@require_http_methods(["GET", "HEAD", "POST"])
def question_take(request, pk, question):
    brief, it = own_question(request.user, pk, question)
    if it.state != Question.State.ANSWERED:
        raise Conflict(it, meanwhile(it))
    if brief.state not in Brief.WRITABLE:
        raise Refused(not_writable(brief))
    form = form_for(it, brief, request.POST if request.method == "POST" else None)
    if form.is_bound and _take(request, form, it):
        messages.success(request, _("Taken over: %(question)s") % {"question": it})
        return redirect("brief_questions", brief.pk)
    brief = visible_brief(request.user, pk)  # the form has tried what was typed on the one before
    it.now_in_brief = it.asked and words(brief, it.asked)
    shown = {"brief": brief, "question": it, "form": form}
    return render(request, "briefs/take_over.html", shown, status=422 if form.is_bound else 200)


def _take(request, form, question):
    with held(question):
        if "unknown" in request.POST:
            return question.take_over(by=request.user, mark="unknown")
        return attempt(form, lambda: form.take(by=request.user))


def not_writable(brief):
    words = {"brief": brief, "state": brief.get_state_display()}
    told = _("“%(brief)s” is: %(state)s. Answers are taken over while it is being written: return it, or open it for a change.")
    return told % words


@require_POST
def question_move(request, pk, question, name):
    _brief, it = own_question(request.user, pk, question)
    with held(it):
        return make_move(request, it, name, url=it.get_absolute_url())


@contextmanager
def held(question):
    """The brief first, then the enquiry, then the question: always in this order, so that nobody waits for nobody."""
    with transaction.atomic():
        lock(question.brief)
        if question.enquiry_id:
            lock(question.enquiry)
        yield


@require_POST
def enquiry_move(request, pk, name):
    enquiry = get_object_or_404(Enquiry.objects.visible_to(request.user).select_related("brief", "contact"), pk=pk)
    return make_move(request, enquiry, name, url=enquiry.get_absolute_url())
