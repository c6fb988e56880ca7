"""A person's own notices. Reading them changes nothing; only the buttons say "seen"."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.kept import page_before
from agency.pages import page_of, tell
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
    notice = own_notice(request, pk)
    notice.see()
    if not request.htmx:
        tell(request, _("This notice has been seen."), undo=reverse("notice_unseen", args=[pk]), seen=1)
    return in_place(request, notice)


@require_POST
def unseen(request, pk):
    """It was not meant: the notice is new again."""
    notice = own_notice(request, pk)
    notice.unsee()
    return in_place(request, notice)


def own_notice(request, pk):
    """The notice, as a list of one, or 404."""
    own = Notice.objects.visible_to(request.user)
    return own.filter(pk=get_object_or_404(own, pk=pk).pk)


def in_place(request, notice):
    """The line as it is now, and the bell; without JavaScript the page on which the button was."""
    if request.htmx:
        return render(request, "reminders/_in_place.html", {"notice": notice.get(), "in_place": True})
    return redirect(page_before(request) or "notices")


@require_POST
def all_seen(request):
    """Everything up to the newest on the page has been seen, but nothing that arrived meanwhile."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Please open the notices again and press the button there."))
    Notice.objects.visible_to(request.user).filter(pk__lte=form.cleaned_data["up_to"]).see()
    return redirect("notices")
