"""A person's own notices. Reading them changes nothing; only the buttons say "seen"."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.pages import page_of
from reminders.forms import SeenForm
from reminders.models import Notice


@require_safe
def notices(request):
    """The inbox. It is read from the top and emptied, so it offers neither columns nor sequences nor files: what it tells of
    is in the lists."""
    page = page_of(Notice.objects.visible_to(request.user), request)
    new = [notice.pk for notice in page if notice.seen_at is None]
    return render(request, "reminders/notices.html", {"page": page, "up_to": max(new, default=None)})


@require_POST
def seen(request, pk):
    """One notice has been seen; somebody else's does not exist."""
    own = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(own, pk=pk)
    own.filter(pk=notice.pk).see()
    return redirect("notices")


@require_POST
def all_seen(request):
    """Everything up to the newest on the page has been seen, but nothing that arrived meanwhile."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Please open the notices again and press the button there."))
    Notice.objects.visible_to(request.user).filter(pk__lte=form.cleaned_data["up_to"]).see()
    return redirect("notices")
