"""Who holds what past its day, and for how long: the chase list by person (COO1, MIN1)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Min, Value, Window
from django.db.models.functions import RowNumber

from accounts.models import Person
from desk.inbox import RELATED, is_stuck
from desk.lines import Link, with_chase

PEOPLE, ITEMS = 8, 2


@dataclass
class Held:
    """What one person (None: nobody) holds past its day: how many things, since when the oldest, and the oldest of them."""

    person: Person | None
    count: int = 0
    since: datetime | None = None
    lines: list = field(default_factory=list)
    link: Link | None = None

    @property
    def more(self):
        return self.count - len(self.lines)


def chase_list(inbox, kinds=tuple(RELATED), most=PEOPLE):
    """Those who hold most past its day, among all that the person sees. One query counts, one for each kind reads."""
    held, there = {}, set()
    for nth, holder, count, since in counted(inbox, kinds):
        mine = held.setdefault(holder, Held(None))
        mine.count, mine.since = mine.count + count, min(mine.since or since, since)
        there.add(nth)
    worst = sorted(held, key=lambda key: (-held[key].count, held[key].since))[:most]
    for nth in sorted(there):
        for line in oldest_of_each(inbox, kinds[nth], worst):
            held[line.holder_id].lines.append(line)
    return [named(held[key], inbox) for key in worst]


def counted(inbox, kinds):
    """Of which kind who holds how much past its day, since when: (which of the kinds, key of the person, how many, since)."""
    rows = (stuck(inbox, kind).order_by().annotate(nth=Value(nth)) for nth, kind in enumerate(kinds))
    first, *others = (it.values_list("nth", "holder").annotate(n=Count("pk"), since=Min("court_since")) for it in rows)
    return first.union(*others, all=True)


def stuck(inbox, kind):
    return kind.objects.visible_to(inbox.person).filter(is_stuck(kind, inbox.today))


def oldest_of_each(inbox, kind, holders):
    place = Window(RowNumber(), partition_by=[F("holder")], order_by=["court_since", "pk"])
    records = inbox.seen(kind).filter(is_stuck(kind, inbox.today))
    keys = [key for key in holders if key is not None]
    mine = records.filter(holder__in=keys) | records.filter(holder__isnull=True)
    return mine.annotate(place=place).filter(place__lte=ITEMS).order_by("court_since", "pk")


def named(held, inbox):
    held.lines = sorted(held.lines, key=lambda line: line.court_since)[:ITEMS]
    inbox.days.told(held.lines)
    held.person = held.lines[0].holder
    if held.person and held.person != inbox.person:
        held.link = with_chase(held.lines[:1], inbox.person)[0].link
    return held
