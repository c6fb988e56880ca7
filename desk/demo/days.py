"""The agency's own days: it closes on Christmas Eve and works on one Saturday before. Two of its people will be away."""

from datetime import date, timedelta

from accounts.models import Absence
from agency.models import AgencyDay
from clients.covering import cover, to_cover
from desk.demo.people import found
from desk.demo.stage import Act, token


def mark(stage):
    """A day closed although the country works, and a day open although it does not; both lie ahead."""
    admin = stage.people["admin"]
    with stage.at(-60):
        found(AgencyDay(date=christmas_eve(stage), name="Christmas Eve", is_open=False), admin)
        found(AgencyDay(date=saturday(stage), name="Saturday worked for Christmas Eve", is_open=True), admin)
    stage.reopen()


def acts(stage):
    """A coordinator goes away for a week, for whom the other stands in; a director for three days, whose clients a colleague
    covers."""
    yield Act(-15, "10:00", lambda: absent(stage, "rafael", 10, 14))
    yield Act(-2, "11:30", lambda: absent(stage, "david", 16, 18))
    yield Act(-2, "15:00", lambda: covered(stage, "david", "marta"))


def absent(stage, name, first, last):
    who, days = stage.people[name], {"first": stage.day(first), "last": stage.day(last)}
    Absence.enter(by=who, token=token(f"away-{name}"), kind=Absence.Kind.HOLIDAY, **days)


def covered(stage, name, colleague):
    """The minister gives every client that the person leads to a colleague, for those days."""
    minister, absence = stage.people["helena"], Absence.objects.get(person=stage.people[name])
    chosen = [(client, stage.people[colleague]) for client in to_cover(absence, minister)]
    cover(absence, chosen, by=minister)


def christmas_eve(stage):
    """The last working day before the next Christmas."""
    this_year, next_year = (
        stage.workdays.on_or_before(date(year, 12, 24)) for year in (stage.today.year, stage.today.year + 1)
    )
    return this_year if this_year > stage.today else next_year


def saturday(stage):
    """The first Saturday two weeks ahead or later."""
    ahead = stage.today + timedelta(days=14)
    return ahead + timedelta(days=(5 - ahead.weekday()) % 7)
