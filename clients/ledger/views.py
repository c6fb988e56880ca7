"""The ledger of a client, one line of it, adding, mending and settling (DEP8)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.forms import attempt
from agency.pages import make_move, require, tell_done, tell_saved
from clients.filing import files_of
from clients.ledger.forms import LineForm, RewordForm, WaiveForm, refuse_unless_open_by_hand
from clients.ledger.lists import Ledger
from clients.ledger.pinned import ADD
from clients.models import Client, Requirement
from clients.models.attachment import attach


def visible_line(person, pk):
    return get_object_or_404(Requirement.objects.visible_to(person).for_page(), pk=pk)


def visible_client(person, code):
    return get_object_or_404(Client.objects.visible_to(person), code=code)


@require_safe
def ledger(request, code):
    client = visible_client(request.user, code)
    may_add = request.user.has_perm(ADD, client)
    return Ledger(request, client).response("clients/ledger.html", client=client, may_add=may_add)


@require_safe
def requirement(request, pk):
    line, person = visible_line(request.user, pk), request.user
    may_settle, by_hand = person.has_perm(Requirement.SETTLE, line), not line.key
    shown = {
        "line": line,
        "moves": line.moves_and_undo(person),
        "source_url": source_of(line, person),
        "may_waive": may_settle and line.state in Requirement.waive.move.sources,
        "may_reword": by_hand and line.state == line.State.OPEN and person.has_perm(ADD, line),
        "may_see_history": person.has_perm("clients.view_history", line),
        "files": files_of(line, person),
        "events": line.events()[:20],
    }
    return render(request, "clients/requirement.html", shown)


def source_of(line, person):
    """Where the line comes from, for whoever may see that."""
    source = line.source
    return source.get_absolute_url() if source is not None and person.has_perm(source.view_right, source) else ""


@require_http_methods(["GET", "HEAD", "POST"])
def requirement_new(request, code):
    client = visible_client(request.user, code)
    require(request.user, ADD, client)
    form = LineForm(request.POST if request.method == "POST" else None, client=client)
    if form.is_bound and (line := attempt(form, lambda: form.add(by=request.user))):
        messages.success(request, _("The line stands in the ledger of %(client)s.") % {"client": client.name})
        return redirect("requirement", pk=line.pk) if "more" not in request.POST else redirect("requirement_new", code=code)
    return render(
        request, "clients/requirement_form.html", {"client": client, "form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def requirement_edit(request, pk):
    line = visible_line(request.user, pk)
    require(request.user, ADD, line)
    refuse_unless_open_by_hand(line)
    form = RewordForm(request.POST if request.method == "POST" else None, instance=line)
    if form.is_bound and form.is_valid():
        form.revise(by=request.user, needs=ADD, while_in=[Requirement.State.OPEN])
        tell_saved(request, line)
        return redirect(line)
    shown = {"client": line.client, "line": line, "form": form}
    return render(request, "clients/requirement_form.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def requirement_waive(request, pk):
    line = visible_line(request.user, pk)
    require(request.user, Requirement.SETTLE, line)
    form = WaiveForm(request.POST, request.FILES, line=line) if request.method == "POST" else WaiveForm(line=line)
    if form.is_bound and attempt(form, lambda: waive(line, by=request.user, **form.cleaned_data)):
        tell_done(request, _("The line is waived by the client."), line, "waive", at=line.get_absolute_url())
        return redirect(line)
    return render(request, "clients/requirement_waive.html", {"line": line, "form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def waive(line, *, by, seen, who, words, file, evidence=None):
    """Keep the new file, if there is one, and waive the line on it; neither without the other."""
    evidence = attach(line, file, by=by, note=_("Evidence of the waiver")) if file else evidence
    return line.waive(by=by, seen=seen, who=who, words=words, evidence=evidence)


@require_POST
def requirement_move(request, pk, name):
    line = visible_line(request.user, pk)
    return make_move(request, line, name, url=line.get_absolute_url())
