"""The desk of every role, and all that happened. What stands on which desk is told in `desk.desks`."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.desks import Desk
from desk.looks import since_last_look


@require_safe
def desk(request):
    person = request.user
    if not person.role:
        return render(request, "desk/no_role.html")
    return render(request, "desk/desk.html", Desk(person, since_last_look(request)).parts())
