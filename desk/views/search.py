"""The search page, and the same as a fragment for the box in the frame while somebody types."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from desk.search import PAGE, TYPING, Search


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def search(request):
    """What matches ?q=, grouped by kind."""
    typing = bool(request.htmx) or "fragment" in request.GET
    found = Search(request.user, request.GET.get("q", ""), most=TYPING if typing else PAGE)
    return render(request, "desk/_search.html" if typing else "desk/search.html", {"search": found})
