"""All that happened on the records somebody sees, page by page."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agency.forms import ListFilter
from agency.keyset import Order
from agency.pages import Page
from clients.models import Client
from desk.happened import told_to, with_subjects

# In the order in which it was written down: the key is an index that ends a page early, however long the past is.
NEWEST = Order("pk", down=True, scope="happened")
SIZE = 50


class HappenedFilter(ListFilter):
    """Of which client; only those whose file the person sees."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )

    def narrow(self, seen, person):
        self.fields["client"].queryset = Client.objects.visible_to(person).order_by("code")


@require_safe
def happened(request):
    events = told_to(request.user)
    filters = HappenedFilter(request.GET, seen=events, person=request.user)
    shown = {"filters": filters, "page": page_of(filters.of(events), request), "one_client": "client" in filters.asked}
    return render(request, "desk/happened.html", shown)


def page_of(events, request):
    """A page by key, newest first. Its length is not counted: nobody asks how many things have ever happened."""
    after = request.GET.get("after", "")
    found = NEWEST.sort(events)
    rows = with_subjects((NEWEST.behind(found, after) if after else found)[: SIZE + 1])
    older = ""
    if len(rows) > SIZE:
        query = request.GET.copy()
        query["after"] = NEWEST.cursor(rows[SIZE - 1])
        older = "?" + query.urlencode()
    return Page(rows[:SIZE], older, len(rows))
