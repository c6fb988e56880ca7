"""Putting a notice on a desk, and its mail into the outbox."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agency import clock
from agency.workdays import calendar
from reminders.models import Notice, Outgoing
from reminders.mornings import coming_morning, leaves_at
from reminders.registry import kind_of


def tell(person, kind, subject, text, occasion, path):
    """Tell a person once of something that happened to a record; to be called inside the transaction of its cause.

    kind: a registered name · text: the sentence, or a function that gives it (asked for in the person's language) ·
    occasion: what makes it once ("v7": this version of the record) · path: the page of the record.
    It stands on the desk at once; its mail goes as the person wants news to go (`by_mail`).
    """
    kind_of(kind)
    now = clock.now()
    notice = Notice(
        recipient=person,
        kind=kind,
        subject=subject,
        text=sentence(text, person),
        path=path,
        occasion=occasion,
        created_at=now,
        shown_at=now,
        **by_mail(person, now, calendar()),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def untell(subject, occasion):
    """Take back the news of this occasion as far as nobody has seen it or been sent it. Returns the others: they know.

    A mail that a worker holds at this moment counts as sent.
    """
    now, told = clock.now(), Notice.objects.about(subject).filter(occasion=occasion, rung=None)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    unheard = told.filter(free, seen_at=None, sent_at=None)
    unheard.update(dropped_at=now, drop_reason=Outgoing.Drop.SETTLED, leased_until=None)
    return list(told.exclude(drop_reason=Outgoing.Drop.SETTLED).select_related("recipient"))


def by_mail(person, now, workdays):
    """How news made now goes to this person by mail: the fields of the notice that say so.

    At once (on a closed day the next working morning), among the lines of the coming morning, or not at all. What is due or
    late does not ask for this: the sweep writes it to everybody, for a missed deadline costs the account.
    """
    if person.news == "desk":
        return {"send_at": now, "dropped_at": now, "drop_reason": Outgoing.Drop.DESK}
    if person.news == "morning":
        return {"send_at": coming_morning(now, person, workdays), "digest": True}
    return {"send_at": leaves_at(now, person, workdays)}


TAKEN_BACK = _("%(by)s took back “%(move)s”: %(record)s")


def take_back(record, occasion, **words):
    """Take the news of a record back: whoever knows of it by now is told that it no longer holds. words: by, move."""
    for notice in untell(record, occasion):
        if notice.recipient.is_active:
            text = worded(TAKEN_BACK, {"record": record, **words})
            tell(notice.recipient, notice.kind, record, text, f"back:{occasion}", notice.path)


def worded(text, words):
    """A function that gives the sentence, its words filled in, in the language that is active when it is asked."""
    return lambda: str(text) % words if words else str(text)


def sentence(text, person):
    """The text in the person's language, as one line that fits."""
    with override(person.language or settings.LANGUAGE_CODE):
        said = " ".join(str(text() if callable(text) else text).split())
    longest = Notice._meta.get_field("text").max_length
    return said if len(said) <= longest else said[: longest - 1] + "…"
