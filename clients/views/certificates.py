"""The certificate of one answer of a client: what, who, when, how, and whether it still holds (SAL2, DEP8)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agency import clock, paper
from clients.chain import Broken, check
from clients.models import Confirmation
from clients.models.confirmation import BEGINNING


def visible_confirmation(person, number):
    """The answer, for whoever sees the record it is about; else 404."""
    seen = Confirmation.objects.visible_to(person).select_related(
        "client", "contact__client", "recorded_by", "link", "evidence", "content_type"
    )
    found = get_object_or_404(seen, pk=number)
    if found.subject is None:
        raise Http404
    return found


@require_safe
def confirmation(request, number):
    found = visible_confirmation(request.user, number)
    return render(request, "clients/confirmation.html", sheet_of(found))


@require_safe
def confirmation_pdf(request, number):
    found = visible_confirmation(request.user, number)
    return paper.pdf(request, "clients/_certificate_sheet.html", sheet_of(found), name=f"certificate-{found.number}")


def sheet_of(found):
    """What the certificate says; recomputed from the row, its evidence and the files at this moment."""
    title = _("Certificate %(number)s") % {"number": found.number}
    subject = found.subject
    foot = {"title": title, "number": found.client.code, "record": subject, "now": clock.now()}
    return {
        "confirmation": found, "subject": subject, "reference": getattr(subject, "reference", ""), "title": title,
        "broken": broken(found), "superseded": getattr(subject, "superseded_by", None), "foot": foot,
    }  # fmt: skip


def broken(found):
    """The sentence that says why the row does not hold any more, or nothing. The chain as a whole is walked by
    `manage.py verify_confirmations`."""
    before = Confirmation.objects.filter(number=found.number - 1).values_list("hash", flat=True).first()
    try:
        check(found, found.number, before or (BEGINNING if found.number == 1 else ""))
    except Broken as why:
        return str(why)
    return ""
