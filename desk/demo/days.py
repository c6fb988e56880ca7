"""The agency's own days: it closes on Christmas Eve and works on one Saturday before."""

from datetime import date, timedelta

from agency.models import AgencyDay
from desk.demo.people import found


def mark(stage):
    """A day closed although the country works, and a day open although it does not; both lie ahead."""
    admin = stage.people["admin"]
    with stage.at(-60):
        found(AgencyDay(date=christmas_eve(stage), name="Christmas Eve", is_open=False), admin)
        found(AgencyDay(date=saturday(stage), name="Saturday worked for Christmas Eve", is_open=True), admin)
    stage.reopen()


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
