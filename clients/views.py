"""The list of clients, and what the minister decides about one: opening it, its tier and group, winning and parting (MIN6).

The client's own page gathers from many floors and is in `desk/`.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.forms import attempt
from agency.pages import make_move, page_of, require
from clients.forms import ClientFilter, ClientForm, PlaceForm
from clients.models import Assignment, Client

ADD = "clients.add_client"


@require_safe
def client_list(request):
    require(request.user, Client.view_right)
    seen = Client.objects.visible_to(request.user).select_related("group__supervisor")
    filters = ClientFilter(request.GET, seen=seen)
    page = page_of(filters.of(seen), request, key="code", newest_first=False)
    leads = leads_of(page, request.user)
    for client in page:
        client.led_by = leads.get((client.pk, "director")) or leads.get((client.pk, "manager"))
        client.sold_by = leads.get((client.pk, "salesman"))
    shown = {"page": page, "filters": filters, "may_add": request.user.has_perm(ADD)}
    return render(request, "clients/client_list.html", shown)


def leads_of(clients, person):
    """(client, seat) → person for the clients of one page, in one query."""
    seats = Assignment.objects.visible_to(person).current().filter(client__in=[client.pk for client in clients])
    return {
        (seat.client_id, seat.seat): seat.person for seat in seats.filter(seat__in=Assignment.LEAD).select_related("person")
    }


@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request):
    require(request.user, ADD)
    form = ClientForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (client := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("%(client)s is in the books. Next: who serves it.") % {"client": client})
        return redirect(client)
    return render(request, "clients/client_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def client_edit(request, code):
    client = get_object_or_404(Client.objects.visible_to(request.user), code=code)
    require(request.user, ADD, client)
    form = PlaceForm(request.POST if request.method == "POST" else None, instance=client)
    if form.is_bound and form.is_valid():
        changed = form.revise(by=request.user, needs=ADD)
        messages.success(request, _("Saved.") if changed else _("Nothing was different."))
        return redirect(client)
    return render(request, "clients/client_form.html", {"form": form, "client": client}, status=422 if form.is_bound else 200)


@require_POST
def client_move(request, code, name):
    client = get_object_or_404(Client.objects.visible_to(request.user), code=code)
    return make_move(request, client, name, url=client.get_absolute_url())
