"""Who is at the client's: the list, somebody, adding, changing, leaving (SAL1)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import make_move, require, tell_saved
from clients.agreed import confirmers
from clients.forms import ContactForm, NewContactForm
from clients.lists import ContactList
from clients.models import Client, Contact

RIGHT = "clients.log_contact"


def visible_contact(person, pk):
    return get_object_or_404(Contact.objects.visible_to(person).select_related("client__group__supervisor"), pk=pk)


@require_safe
def contact_list(request):
    require(request.user, Contact.view_right)
    return ContactList(request).response("clients/contact_list.html")


@require_safe
def contact_page(request, pk):
    contact, person = visible_contact(request.user, pk), request.user
    terms = contact.client.terms_on()
    shown = {
        "contact": contact,
        "client": contact.client,
        "terms": terms,
        "confirms": [it for it in confirmers(terms, person, clock.today()) if it.contact == contact],
        "moves": contact.moves_open_to(person),
        "may_write": person.has_perm(RIGHT, contact),
        "may_authorise": contact.is_current and not terms.is_of_the_house and person.has_perm("clients.change_terms", terms),
        "may_see_history": person.has_perm("clients.view_history", contact),
        "events": contact.events()[:20],
    }
    return render(request, "clients/contact_page.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request, code):
    client = get_object_or_404(Client.objects.visible_to(request.user), code=code)
    require(request.user, RIGHT, client)
    form = NewContactForm(request.POST if request.method == "POST" else None, client=client)
    if form.is_bound and (contact := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("%(contact)s is in the books.") % {"contact": contact})
        return redirect(contact)
    return render(request, "clients/contact_form.html", {"form": form, "client": client}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request, pk):
    contact = visible_contact(request.user, pk)
    require(request.user, RIGHT, contact)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    if form.is_bound and (done := attempt(form, lambda: [form.rewrite(by=request.user)])):
        tell_saved(request, contact) if done[0] else messages.success(request, _("Nothing was different."))
        return redirect(contact)
    shown = {"form": form, "client": contact.client, "contact": contact}
    return render(request, "clients/contact_form.html", shown, status=422 if form.is_bound else 200)


@require_POST
def contact_move(request, pk, name):
    contact = visible_contact(request.user, pk)
    return make_move(request, contact, name, url=contact.get_absolute_url())
