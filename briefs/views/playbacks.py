"""What we understood, on one page: written, sent, answered (DEP3)."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, require, tell_saved
from briefs.forms import RIGHT
from briefs.models import Playback
from briefs.playback_forms import HeardForm, PlaybackForm, SendForm, refuse_nobody
from briefs.summary import first_words
from briefs.views.questions import ASK, writers_brief
from clients.filing import files_of
from clients.links import links_of
from clients.models.confirmation import confirmations_of
from clients.owed import with_days_left


def visible_playback(person, pk, number):
    brief = writers_brief(person, pk)
    seen = Playback.objects.visible_to(person).select_related("brief__client", "client", "contact", "holder", "created_by")
    return get_object_or_404(seen.filter(brief=brief), number=number)


@require_POST
def playback_new(request, pk):
    """Begin the next playback from what the brief says; where one is being written, go on with that one."""
    brief = writers_brief(request.user, pk)
    if there := brief.playbacks.filter(state=Playback.State.DRAFT).first():
        return redirect("playback_edit", brief.pk, there.number)
    playback = Playback.open(brief=brief, by=request.user, token=_token(request), **first_words(brief))
    messages.success(request, _("The playback is begun from the answers. Put it into your own words."))
    return redirect("playback_edit", brief.pk, playback.number)


def _token(request):
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


@require_safe
def playback_page(request, pk, number):
    playback, person = visible_playback(request.user, pk, number), request.user
    may_send = person.has_perm(ASK, playback)
    shown = {
        **sheet_of(playback),
        "moves": playback.moves_and_undo(person),
        "may_write": playback.state == playback.State.DRAFT,
        "may_send": may_send and playback.state == playback.State.DRAFT,
        "may_record": may_send and playback.state in {playback.State.DRAFT, playback.State.SENT},
        "links": links_of(playback, person),
        "confirmations": confirmations_of(playback),
        "files": files_of(playback, person),
        "others": playback.brief.playbacks.exclude(pk=playback.pk),
        "events": playback.events()[:20],
        "left": with_days_left([playback], person)[0].left,
    }
    return render(request, "briefs/playback.html", shown)


@require_safe
def playback_pdf(request, pk, number):
    playback = visible_playback(request.user, pk, number)
    name = f"{playback.client.code}-playback-{playback.brief_id}-{playback.number}"
    return paper.pdf(request, "briefs/_playback_sheet.html", sheet_of(playback), name=name)


def sheet_of(playback):
    title = _("What we understood: %(brief)s") % {"brief": playback.brief}
    return {
        "playback": playback, "brief": playback.brief,
        **paper.document(playback, title=title, number=playback.client.code),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def playback_edit(request, pk, number):
    playback = visible_playback(request.user, pk, number)
    require(request.user, RIGHT, playback)
    if playback.state not in Playback.WRITABLE and request.method != "POST":
        raise Conflict(playback, meanwhile(playback))
    form = PlaybackForm(request.POST if request.method == "POST" else None, instance=playback)
    if form.is_bound and form.is_valid():
        form.write(by=request.user)
        if "send" in request.POST:
            return redirect("playback_send", playback.brief_id, playback.number)
        tell_saved(request, playback)
        return redirect(playback)
    shown = {"playback": playback, "brief": playback.brief, "form": form, "before": playback.before}
    shown["may_send"] = request.user.has_perm(ASK, playback)
    return render(request, "briefs/playback_edit.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def playback_send(request, pk, number):
    return _asked(request, pk, number, SendForm, "send", _("Sent: %(contact)s has the link."), "briefs/playback_send.html")


@require_http_methods(["GET", "HEAD", "POST"])
def playback_record(request, pk, number):
    make = partial(_heard_form, request)
    return _asked(request, pk, number, make, "hear", _("Kept, for good: what %(contact)s said."), "briefs/playback_record.html")


def _heard_form(request, data=None, *, playback):
    return HeardForm(data, request.FILES if data is not None else None, playback=playback)


def _asked(request, pk, number, make_form, act, done, template):
    """A page with a form that carries a playback on, for whoever may send one."""
    playback = visible_playback(request.user, pk, number)
    require(request.user, ASK, playback)
    if playback.state in Playback.CLOSED or (act == "send" and playback.state != Playback.State.DRAFT):
        raise Conflict(playback, meanwhile(playback))
    refuse_nobody(playback)
    form = make_form(request.POST if request.method == "POST" else None, playback=playback)
    if form.is_bound:
        with transaction.atomic():
            kept = attempt(form, lambda: getattr(form, act)(by=request.user))
            if kept is None:
                transaction.set_rollback(True)
        if kept is not None:
            messages.success(request, done % {"contact": form.cleaned_data["contact"]})
            return redirect(playback)
    shown = {"playback": playback, "brief": playback.brief, "form": form}
    return render(request, template, shown, status=422 if form.is_bound else 200)


@require_POST
def playback_move(request, pk, number, name):
    playback = visible_playback(request.user, pk, number)
    return make_move(request, playback, name, url=playback.get_absolute_url())
