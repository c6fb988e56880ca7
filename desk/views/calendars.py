"""The door for calendar programs: `/f/<secret>`, without a login (COO5). What does not open is answered alike."""

from hashlib import sha256

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.models import CalendarFeed
from clients import throttle
from clients.door import outside
from desk.feed import calendar_of

PLAIN = "text/plain; charset=utf-8"


@outside
@require_safe
def calendar_feed(request, token):
    """The calendar behind an address, as it is now; to a program that has it already, that nothing is new."""
    if throttle.is_busy(request):
        busy = {"Retry-After": str(throttle.WINDOW)}
        return HttpResponse(_("Too many wrong addresses. Please try again later."), PLAIN, status=429, headers=busy)
    feed = CalendarFeed.objects.behind(token)
    if feed is None or not feed.is_live:
        throttle.count("guess", request)
        return HttpResponse(_("There is no calendar at this address."), PLAIN, status=404)
    feed.note_fetching()
    with override(feed.person.language):
        body = calendar_of(feed.person)
    etag = quote_etag(sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})
    response["Content-Disposition"] = 'inline; filename="accord.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag, response=response)
