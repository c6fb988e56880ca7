"""The address at which one's own calendar program finds one's work: made, made anew, taken back (COO5)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import CalendarFeed
from accounts.models.feed import RIGHT
from agency.forms import CreateForm, attempt
from agency.pages import make_move, require

MOST = 20


class FeedForm(CreateForm):
    """Asks nothing: a press makes an address, once."""

    def make(self, *, by):
        return self.make_once(CalendarFeed, by=by, make=lambda token: CalendarFeed.make(by=by, token=token))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request):
    """The address that holds, with what to do with it, and what became of earlier ones."""
    require(request.user, RIGHT)
    form = FeedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: form.make(by=request.user)):
        messages.success(request, _("Your calendar has a new address. It is yours alone: whoever knows it reads along."))
        return redirect("my_calendar")
    feeds = CalendarFeed.objects.visible_to(request.user)[:MOST]
    live = next((it for it in feeds if it.state == CalendarFeed.State.LIVE), None)
    context = {"form": form, "feed": live, "feeds": feeds, "moves": live.moves_open_to(request.user) if live else []}
    return render(request, "accounts/calendar.html", context, status=422 if form.is_bound else 200)


@require_POST
def my_calendar_move(request, pk, name):
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
    return make_move(request, feed, name, url=feed.get_absolute_url())
