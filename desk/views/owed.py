"""What others owe me, by person."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency.pages import require
from campaigns.models import Step
from desk.owed import MOST, owed_to


@require_safe
def owed(request):
    require(request.user, Step.view_right)
    debtors, more = owed_to(request.user)
    return render(request, "desk/owed.html", {"debtors": debtors, "more": more, "most": MOST})
