"""When somebody last looked at the desk, so that it can say what is new since then."""

import re
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime

from accounts.models import Habit
from agency import clock

NAME = "looked:desk"
VISIT, MINUTE = timedelta(minutes=30), timedelta(minutes=1)
AHEAD = {"prefetch", "preview", "prerender"}


def since_last_look(request) -> datetime | None:
    """The end of the person's last visit to the desk, or None at the first one; remembers that the desk is looked at now.

    A visit ends with half an hour away from the desk. Within one the mark stays where it is: whoever reloads, follows a line
    and comes back, or makes a move and is led back, still sees what was new when he sat down. Were it every look, the news
    would be gone with the first click. What is no look moves nothing: a HEAD, and a page fetched ahead by a browser that
    guesses. The habit is written at most once a minute.
    """
    kept = Habit.objects.read(request.user, NAME, {})
    now, last, since = clock.now(), _time(kept, "at"), _time(kept, "since")
    if last and now - last > VISIT:
        since = last
    if is_a_look(request) and (last is None or now - last > MINUTE):
        Habit.objects.keep(request.user, NAME, {"at": now.isoformat(), "since": since and since.isoformat()})
    return since


def is_a_look(request):
    """A page somebody asked for, and no browser by itself."""
    purposes = ";".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return request.method == "GET" and not AHEAD & set(re.findall(r"[a-z]+", purposes.lower()))


def _time(kept, name):
    """A remembered instant; a habit that somebody's hand has spoilt counts as none."""
    value = kept.get(name) if isinstance(kept, dict) else None
    return parse_datetime(value) if isinstance(value, str) else None
