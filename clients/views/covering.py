"""Arranging cover for an absence, which ends with it (MIN1, SUP1)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.absence_forms import BackForm
from accounts.absences import PLAN, shown_absence, visible_absence
from accounts.models import Absence
from agency.forms import attempt
from agency.pages import make_move, require
from clients import covering
from clients.forms import PersonChoice


class CoverForm(forms.Form):
    """Who covers which client: a choice for each."""

    def __init__(self, data, *, absence, clients):
        super().__init__(data)
        self.clients, people = clients, covering.colleagues(absence)
        first = covering.proposed(absence, people)
        for client in clients:
            told = _("Covered by %(people)s.") % {"people": ", ".join(map(str, client.covers))} if client.covers else ""
            self.fields[client.code] = PersonChoice(
                people, label=f"{client.code} {client.name}", required=False, empty_label=gettext_lazy("Nobody"),
                help_text=told, initial=None if client.covers else first,
            )  # fmt: skip

    @property
    def chosen(self):
        return [(client, self.cleaned_data[client.code]) for client in self.clients if self.cleaned_data[client.code]]


@require_http_methods(["GET", "HEAD", "POST"])
def absence_cover(request, pk):
    person = request.user
    absence = get_object_or_404(Absence.objects.visible_to(person).select_related("person__group"), pk=pk)
    if not person.has_perm(covering.COVER):
        raise PermissionDenied
    clients = covering.to_cover(absence, person)
    form = CoverForm(request.POST if request.method == "POST" else None, absence=absence, clients=clients)
    if form.is_bound and (given := attempt(form, lambda: covering.cover(absence, form.chosen, by=person))):
        told = ngettext("Cover is arranged for %(n)d client.", "Cover is arranged for %(n)d clients.", len(given))
        messages.success(request, told % {"n": len(given)})
        return redirect(absence)
    context = {"absence": absence, "form": form, "clients": clients}
    return render(request, "clients/cover.html", context, status=422 if form.is_bound else 200)


@require_POST
@transaction.atomic
def absence_move(request, pk, name):
    """Withdraw it; whoever was to cover the person's clients no longer does."""
    shown = visible_absence(request.user, pk)
    answer = make_move(request, shown, name, url=shown.get_absolute_url())
    if shown.state != Absence.State.ENTERED:
        _tell_ended(request, covering.end_with(shown, by=request.user))
    return answer


@require_POST
def absence_back(request, pk):
    """Back earlier: cover ends with the new last day."""
    shown = visible_absence(request.user, pk)
    require(request.user, PLAN, shown)
    form = BackForm(request.POST)
    if attempt(form, lambda: _come_back(request, shown, form)):
        messages.success(request, _("Saved. Your colleagues see you at work again from the next day on."))
        return redirect(shown)
    return shown_absence(request, visible_absence(request.user, pk), form=form)


@transaction.atomic
def _come_back(request, shown, form):
    shown.come_back(by=request.user, seen=form.cleaned_data["seen"], last=form.cleaned_data["last"])
    _tell_ended(request, covering.end_with(shown, by=request.user))
    return shown


def _tell_ended(request, seats):
    if seats:
        told = ngettext("The cover for %(n)d client ends too.", "The cover for %(n)d clients ends too.", len(seats))
        messages.info(request, told % {"n": len(seats)})
