"""The terms of a client: what holds, what held before, and who at the client's confirms what (MGR3)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import require, tell, tell_saved
from clients.agreed import confirmers, facts
from clients.forms import ConfirmForm, NewTermsForm, OnForm, TermsForm
from clients.models import Client, Contact, Terms

RIGHT = "clients.change_terms"
BESIDE = 4  # so many stand side by side; those before follow below them
OTHERS = 12


def visible_client(person, code):
    """The client, seen by its file and not by a share of it alone: a share opens nothing below."""
    client = get_object_or_404(Client.objects.visible_to(person), code=code)
    require(person, Terms.view_right, Terms.of_the_house(client))
    return client


@require_safe
def terms_page(request, code):
    person, client = request.user, visible_client(request.user, code)
    asked = OnForm(request.GET or None)
    day = (asked.is_valid() and asked.cleaned_data["on"]) or clock.today()
    terms, past = client.terms_on(day), list(before(client, request.GET.get("before", "")))
    held = confirmers(terms, person, day)
    shown = {
        "client": client, "terms": terms, "day": day, "asked": asked, "is_today": day == clock.today(),
        "facts": facts([terms], person),
        "confirmers": held,
        "columns": past[:BESIDE],
        "beside": facts(past[:BESIDE], person) if past else [],
        "older": past[BESIDE - 1].valid_from if len(past) > BESIDE else None,
        "may_write": person.has_perm(RIGHT, client),
        "may_correct": person.has_perm(RIGHT, client) and not (terms.is_of_the_house or terms.is_over),
        "others": client.contacts().exclude(pk__in=[it.contact.pk for it in held]).order_by("name", "pk")[:OTHERS],
        "may_see_history": not terms.is_of_the_house and person.has_perm("clients.view_history", terms),
    }  # fmt: skip
    return render(request, "clients/terms.html", shown)


def before(client, day):
    """The terms of a client, the latest first; those that begin before a day (as the address spells it), if one is named."""
    form = OnForm({"on": day})
    first = form.is_valid() and form.cleaned_data["on"]
    found = client.terms.filter(valid_from__lt=first) if first else client.terms.all()
    return found.select_related("client").order_by("-valid_from")[: BESIDE + 1]


@require_http_methods(["GET", "HEAD", "POST"])
def terms_new(request, code):
    client = visible_client(request.user, code)
    require(request.user, RIGHT, client)
    form = NewTermsForm(request.POST if request.method == "POST" else None, client=client, person=request.user)
    if form.is_bound and (terms := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("%(terms)s are written.") % {"terms": terms})
        return redirect(client.terms_on(terms.valid_from))
    return render(request, "clients/terms_form.html", {"form": form, "client": client}, status=422 if form.is_bound else 200)


def terms_of(client, person, pk):
    return get_object_or_404(Terms.objects.visible_to(person).filter(client=client).select_related("client"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def terms_edit(request, code, pk):
    client = visible_client(request.user, code)
    terms = terms_of(client, request.user, pk)
    require(request.user, RIGHT, terms)
    terms.refuse_past()
    form = TermsForm(request.POST if request.method == "POST" else None, instance=terms, person=request.user)
    if form.is_bound and (done := attempt(form, lambda: [form.rewrite(by=request.user)])):
        tell_saved(request, terms) if done[0] else messages.success(request, _("Nothing was different."))
        return redirect(terms)
    shown = {"form": form, "client": client, "terms": terms}
    return render(request, "clients/terms_form.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def terms_confirm(request, code, pk, contact):
    """What one contact confirms under these terms."""
    client = visible_client(request.user, code)
    terms = terms_of(client, request.user, pk)
    require(request.user, RIGHT, terms)
    who = get_object_or_404(Contact.objects.visible_to(request.user).current().filter(client=client), pk=contact)
    terms.refuse_past()
    form = ConfirmForm(request.POST if request.method == "POST" else None, terms=terms, contact=who)
    if form.is_bound and attempt(form, lambda: [form.settle(by=request.user)]):
        tell(request, _("Saved: what %(contact)s confirms.") % {"contact": who})
        return redirect(terms)
    shown = {"form": form, "client": client, "terms": terms, "contact": who}
    return render(request, "clients/terms_confirm.html", shown, status=422 if form.is_bound else 200)
