"""What a field said before, who changed it, when and why (CRD3). Records of clients only; matters of staff keep their own."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agency.pages import page_of, require
from clients.models.record import business_models
from desk.changes import changes_of


@require_safe
def history(request, kind, pk):
    model = next((model for model in business_models() if model._meta.label_lower == kind), None)
    if model is None:
        raise Http404
    record = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    require(request.user, "clients.view_history", record)
    page = page_of(record.history.select_related("history_user"), request)
    shown = {"record": record, "client": record.client, "page": page, "changes": changes_of(record, page.rows, request.user)}
    return render(request, "desk/history.html", shown)
