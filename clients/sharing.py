"""Opening one record to a colleague of another department until a day, and taking it back (CRD2).

The same two pages serve every kind of record of which a share can be told (`<model>.shared` among the kinds of notice).
"""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.forms import attempt
from agency.pages import require
from clients.forms import ShareForm
from clients.models.record import business_models
from reminders.registry import KINDS

RIGHT = "clients.share_record"
MOST = 50


def shared_record(person, kind, pk):
    """The record of this kind (`briefs.brief`) that `person` sees, or 404."""
    for model in business_models():
        if model._meta.label_lower == kind and f"{kind}.shared" in KINDS:
            return get_object_or_404(model.objects.visible_to(person), pk=pk)
    raise Http404


class Shares(list):
    """The live shares of a record, one for each person and way, and its kind as the addresses of sharing spell it. `also` of a
    share tells that a further right comes with it."""

    def __init__(self, record):
        self.kind = record._meta.label_lower
        live = record.shares.model.objects.live()
        live = live.filter(content_type=ContentType.objects.get_for_model(record), object_pk=str(record.pk))
        live = list(live.select_related("user__department", "given_by", "permission").order_by("until", "pk")[:MOST])
        to_see = record.view_right.split(".")[1]
        more = {share.user_id for share in live if share.permission.codename != to_see}
        super().__init__(share for share in live if share.permission.codename == to_see)
        for share in self:
            share.also = share.user_id in more and not share.through


def shares_of(record, person):
    """The live shares of a record for its page; None for those who may not share it."""
    return Shares(record) if person.has_perm(RIGHT, record) else None


@require_http_methods(["GET", "HEAD", "POST"])
def share(request, kind, pk):
    record = shared_record(request.user, kind, pk)
    require(request.user, RIGHT, record)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: record.share_with(by=request.user, **form.cleaned_data)):
        messages.success(request, _("%(person)s now sees this record.") % {"person": form.cleaned_data["person"]})
        return redirect(record)
    return render(request, "clients/share.html", {"form": form, "record": record}, status=422 if form.is_bound else 200)


@require_POST
def unshare(request, kind, pk):
    record = shared_record(request.user, kind, pk)
    require(request.user, RIGHT, record)
    by_hand = (it for it in shares_of(record, request.user) if not it.through)
    share = next((it for it in by_hand if str(it.pk) == request.POST.get("share")), None)
    if share is None:
        messages.info(request, _("This share had already ended."))
        return redirect(record)
    record.unshare(share.user, by=request.user)
    messages.success(request, _("%(person)s no longer sees this record.") % {"person": share.user})
    return redirect(record)
