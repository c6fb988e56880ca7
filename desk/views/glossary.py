"""The words of the trade, explained in a sentence each (SAL6)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency import glossary as words

LONGEST = 60


@require_safe
def glossary(request):
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    return render(request, "desk/glossary.html", {"asked": asked, "terms": words.found(asked.split()), "longest": LONGEST})
