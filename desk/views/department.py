"""The department at a glance: groups, people, clients, the state of their schedules, what is stuck with whom (MIN1, SUP1)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency.pages import require
from desk.inbox import Inbox
from desk.overview import Overview


@require_safe
def department(request):
    """The minister sees everything, a supervisor the groups he heads: whoever checks the account directors' work (SUP3)."""
    require(request.user, "accounts.check_director")
    inbox = Inbox(request.user, most=10)
    overview = Overview(request.user, inbox.today)
    return render(request, "desk/department.html", {"overview": overview, "stuck": inbox.stuck(), "today": inbox.today})
