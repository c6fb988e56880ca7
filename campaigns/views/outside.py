"""A plan, a change order or a work schedule on its way to the client and back: the same pages for all (SAL5, DEP8)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import require
from campaigns.client_view import client_view, thawed
from campaigns.models import Baseline
from campaigns.models.outside import RECORD
from campaigns.outside_forms import HeardForm, SendForm, refuse_nobody
from clients.filing import files_of
from clients.links import links_of
from clients.models.confirmation import confirmations_of
from clients.models.dispatch import dispatches_of


def view_of(document):
    """What the client reads or would read: what was frozen of it, or as it is written now."""
    sheet = document.sheet
    content = sheet.content if sheet else None
    return thawed(content) if content else client_view(document)


def outside_of(document, person):
    """What left the house of a document and what came back, for the panels of its page; nothing for those without prices."""
    sheet = document.sheet
    if sheet is None or not person.has_perm(sheet.view_right, sheet):
        return {}
    return {
        "sheet": sheet, "links": links_of(sheet, person), "confirmations": confirmations_of(sheet),
        "dispatches": dispatches_of(sheet), "evidence": files_of(sheet, person),
    }  # fmt: skip


def send(request, document, *, right, states):
    """The page that sends a document to a contact."""
    require(request.user, right, document)
    done = _("Sent: %(contact)s has the link.")
    return _asked(
        request, document, states, lambda data: SendForm(data, document=document), done, "campaigns/outside_send.html"
    )


def record(request, document, *, states):
    """The page on which we write down what the client said."""
    require(request.user, RECORD, document)
    files = request.FILES if request.method == "POST" else None
    return _asked(request, document, states, lambda data: HeardForm(data, files, document=document),
                  _("Kept, for good: what %(contact)s said."), "campaigns/outside_record.html")  # fmt: skip


def _asked(request, document, states, make_form, done, template):
    if document.state not in states:
        raise Conflict(document, meanwhile(document))
    refuse_nobody(document)
    form = make_form(request.POST if request.method == "POST" else None)
    if form.is_bound:
        with transaction.atomic():
            kept = attempt(form, lambda: form.act(by=request.user))
            if kept is None:
                transaction.set_rollback(True)
        if kept is not None:
            messages.success(request, done % {"contact": form.cleaned_data["contact"]})
            return redirect(document)
    read = {"baseline": document} if isinstance(document, Baseline) else {"view": view_of(document)}
    shown = {"document": document, "campaign": document.campaign, "form": form, **read}
    return render(request, template, shown, status=422 if form.is_bound else 200)
