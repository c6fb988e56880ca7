"""What a person's calendar program is told (COO5): whatever this person may see at the moment it asks, and no more."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import Absence
from agency import clock
from agency.log import UNPRINTABLE
from campaigns.models import Deliverable, Step
from campaigns.models.template import Kind

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 1000  # entries of each kind: more than anybody works on
SHOWN = (Kind.DEADLINE, Kind.PRESENTATION)  # of whoever's steps, on the clients one serves


@dataclass(frozen=True)
class Entry:
    """Whole days, from `first` to `last`. record: what it is about, which names it for ever · changed: when it last was."""

    record: object
    first: date
    last: date
    title: str
    text: str = ""
    busy: bool = False
    changed: datetime | None = None


def calendar_of(person):
    """The calendar of `person` as text for a program, in the language that is switched on."""
    shown = Calendar()
    shown.add("prodid", f"-//{plain(settings.AGENCY_NAME)}//Accord//EN")
    shown.add("version", "2.0")
    shown.add("calscale", "GREGORIAN")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", plain(f"{settings.AGENCY_NAME}: {person}"))
    shown.add("x-wr-timezone", person.time_zone)
    shown.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries_of(person):
        shown.add_component(event_of(entry))
    return shown.to_ical()


def entries_of(person):
    """Everything in the days the calendar spans. What more is to stand in it, as meetings, gets a function beside these."""
    today = clock.today_for(person)
    days = today - BACK, today + AHEAD
    return [*steps_of(person, *days), *pieces_of(person, *days), *absences_of(person, *days)]


def steps_of(person, first, last):
    """The own steps, what waits in the own hands, and deadlines and presentations of the clients served."""
    handed = Q(holder=person, state__in=Step.HANDED_ON)
    served = Q(client__in=person.assignments.current().values("client"), kind__in=SHOWN)
    seen = Step.objects.visible_to(person).kept().filter(starts_on__lte=last, ends_on__gte=first)
    found = seen.filter(Q(person=person) | handed | served).select_related("campaign", "client", "person")
    return told(found.order_by("ends_on", "pk")[:MOST], _of_step)


def _of_step(step, changed):
    words = {"step": step.name, "job": step.campaign.job_number}
    title = _("Done: %(step)s · %(job)s") % words if step.state == Step.State.CHECKED else f"{step.name} · {words['job']}"
    lines = [step.campaign.name, step.client.name, step.get_state_display(), str(step.person or "")]
    return Entry(step, step.starts_on, step.ends_on, title, "\n".join(filter(None, lines)), changed=changed)


def pieces_of(person, first, last):
    """The days by which what the client agreed has to be with the media."""
    seen = Deliverable.objects.visible_to(person).filter(state=Deliverable.State.AGREED, deadline__range=(first, last))
    mine = seen.filter(client__in=person.assignments.current().values("client")).select_related("campaign__client")
    return told(mine.order_by("deadline", "pk")[:MOST], _of_piece)


def _of_piece(piece, changed):
    title = _("Media deadline: %(piece)s · %(job)s") % {"piece": piece, "job": piece.campaign.job_number}
    text = f"{piece.campaign.name}\n{piece.campaign.client.name}\n{piece.medium}"
    return Entry(piece, piece.deadline, piece.deadline, title, text, changed=changed)


def absences_of(person, first, last):
    """One's own alone; of a withdrawn one nothing is left."""
    found = Absence.objects.touching(first, last).filter(person=person).order_by("first", "pk")[:MOST]
    return told(found, lambda it, at: Entry(it, it.first, it.last, _("Away"), it.note, busy=not it.half, changed=at))


def told(records, entry):
    """An entry for each record, with the instant of its last change; two queries, however many."""
    records = list(records)
    if not records:
        return []
    kept = records[0].history.model.objects.filter(id__in=[it.pk for it in records]).values_list("id")
    at = dict(kept.annotate(Max("history_date")).order_by())
    return [entry(it, at.get(it.pk, it.created_at)) for it in records]


def event_of(entry):
    """One event: the same name for ever, a number that grows with each change, an end that is the day after the last."""
    record, shown = entry.record, Event()
    shown.add("uid", f"{record._meta.model_name}-{record.pk}@{urlsplit(settings.SITE_URL).hostname}")
    shown.add("sequence", record.version - 1)
    shown.add("dtstamp", entry.changed)
    shown.add("last-modified", entry.changed)
    shown.add("dtstart", entry.first)
    shown.add("dtend", entry.last + timedelta(days=1))
    shown.add("summary", plain(entry.title))
    if entry.text:
        shown.add("description", "\n".join(plain(line) for line in entry.text.split("\n")))
    shown.add("url", urljoin(settings.SITE_URL, record.get_absolute_url()))
    shown.add("status", "CONFIRMED")
    shown.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return shown


def plain(text):
    """Without anything that a program could take for the end of a line or for a command."""
    return re.sub(r"\s+", " ", UNPRINTABLE.sub(" ", str(text))).strip()
