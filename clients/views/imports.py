"""Clients and contacts out of a file: send it, look at every row, then make all of it or nothing (MIN6)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.exports import attachment
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import require
from clients.forms import ImportForm
from clients.imports.columns import COLUMNS
from clients.imports.making import RIGHT, make
from clients.imports.rows import entries, met
from clients.models import ClientImport

ROWS, FAULTS = 100, 100


@require_http_methods(["GET", "HEAD", "POST"])
def client_import(request):
    require(request.user, RIGHT)
    form = ImportForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_bound and (kept := attempt(form, lambda: form.open(by=request.user))):
        return redirect(kept)
    shown = {"form": form, "columns": COLUMNS}
    return render(request, "clients/import.html", shown, status=422 if form.is_bound else 200)


@require_safe
def client_import_template(request, form):
    require(request.user, RIGHT)
    return attachment(form, COLUMNS, [], "clients", "clients-and-contacts")


def own_import(person, token):
    require(person, RIGHT)
    return get_object_or_404(ClientImport.objects.visible_to(person), token=token)


@require_safe
def client_import_look(request, token):
    return look(request, own_import(request.user, token))


def look(request, imported, refused="", status=200):
    """Every row as it would be made now, and what is in the way."""
    rows = met(entries(imported), request.user)
    wrong = [row for row in rows if row.faults]
    page = page_number(request, len(rows))
    shown = {
        "imported": imported, "refused": refused, "wrong": wrong[:FAULTS], "more_wrong": max(0, len(wrong) - FAULTS),
        "faults": len(wrong), "rows": rows[(page - 1) * ROWS : page * ROWS], "count": len(rows),
        "earlier": page - 1 if page > 1 else None, "later": page + 1 if page * ROWS < len(rows) else None,
    }  # fmt: skip
    return render(request, "clients/import_look.html", shown, status=status)


def page_number(request, count):
    """The page asked for, or the nearest there is."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return max(1, min(number, -(-count // ROWS)))


@require_POST
def client_import_make(request, token):
    imported = own_import(request.user, token)
    try:
        make(imported, by=request.user)
    except Refused as why:
        return look(request, imported, refused=str(why), status=422)
    imported.refresh_from_db()
    words = {"clients": imported.clients, "contacts": imported.contacts}
    messages.success(request, _("In the books: %(clients)d new clients and %(contacts)d contacts.") % words)
    return redirect("clients")
