"""How the work of a step stands on a day (COO1): one reading for lists, counts and filters, as conditions on steps."""

from django.db.models import Exists, F, OuterRef, Q

from clients.models import Event

OPEN = ("planned", "ready", "in_progress")
SETTLED = ("checked", "skipped")


def is_open(on=None):
    """The work is not reported done."""
    return Q(state__in=OPEN)


def is_late(on):
    return is_open() & Q(ends_on__lt=on)


def is_due(on):
    """Ends on this day."""
    return is_open() & Q(ends_on=on)


def is_at_risk(on):
    """Not late yet, but ready and not begun in time, or with no day left before the latest day allowed."""
    begun_late = Q(state="ready", starts_on__lt=on)
    no_day_left = Q(latest_on__isnull=False, latest_on__lte=F("ends_on"))
    return is_open() & Q(ends_on__gte=on) & (begun_late | no_day_left)


def is_blocked(on):
    """Should have begun by now, and waits for a step before it."""
    return Q(state="planned", starts_on__lte=on)


def is_unassigned(on=None):
    return is_open() & Q(person__isnull=True)


def is_to_check(on=None):
    """A hand-off on its way: reported done, not yet checked."""
    return Q(state__in=("done", "taken_over"))


def is_returned(on=None):
    """Handed back by whoever should have taken it over, and not reported done again since."""
    returns = Event.objects.filter(content_type__app_label="campaigns", content_type__model="step", verb="hand_back")
    return Q(state="in_progress") & Q(Exists(returns.filter(object_id=OuterRef("pk"), at__gte=OuterRef("court_since"))))


def is_between(on=None):
    """Between two desks: done and not taken over, taken over and not checked, or returned and not begun again."""
    return is_to_check() | is_returned()


def waits_for_client(on=None):
    """Begun, or ready to begin, and the client has to do it."""
    return Q(state__in=("ready", "in_progress"), court="client")
