"""The list of clients, and what the minister decides about one: opening it, its tier and group, winning and parting (MIN6).

The client's own page gathers from many floors and is in `desk/`.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.forms import attempt
from agency.pages import make_move, require, tell_saved
from clients.forms import ClientForm, PlaceForm
from clients.lists import ClientList
from clients.models import Client

ADD = "clients.add_client"


@require_safe
def client_list(request):
    require(request.user, Client.view_right)
    return ClientList(request).response("clients/client_list.html", may_add=request.user.has_perm(ADD))


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
        tell_saved(request, client) if changed else messages.success(request, _("Nothing was different."))
        return redirect(client)
    return render(request, "clients/client_form.html", {"form": form, "client": client}, status=422 if form.is_bound else 200)


@require_POST
def client_move(request, code, name):
    client = get_object_or_404(Client.objects.visible_to(request.user), code=code)
    return make_move(request, client, name, url=client.get_absolute_url())
