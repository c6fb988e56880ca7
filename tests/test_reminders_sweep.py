"""Who is written what, and for when: the sweep lays what is due into the outbox."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from agency.flow import Court
from agency.models import AgencyDay
from agency.workdays import calendar
from campaigns.models import Campaign, Step
from clients.stranded import is_stranded
from reminders import registry
from reminders.models import Notice
from reminders.registry import Due, Kind, kind_of, register
from reminders.sweep import drafts, sweep
from tests.reminders import fall_due, settle_everything, told, utc
from tests.test_races import at_once

FRIDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 20), *(date(2026, 11, day) for day in (23, 24, 25, 26))


@pytest.fixture
def step(cast, nothing_sent):
    """A step of Hollin & Rye (KEY), with Jonas, a salesman whose guide is Tomas; nothing else in the agency is due.

    It is a short one: how far it is, nobody is asked once a week.
    """
    settle_everything()
    step = Step.objects.filter(client__code="HRB", state="in_progress").first()
    Step.objects.filter(pk=step.pk).update(days=2)
    return Step.objects.get(pk=step.pk)


def when(notice):
    return notice.send_at.astimezone(UTC)


def test_a_step_due_tomorrow_is_a_line_in_its_owners_digest_at_eight(step, cast):
    fall_due(step, TUESDAY, cast.jonas)
    assert sweep(utc(23, 0, 5)) == 1
    notice = Notice.objects.about(step).get(rung__isnull=False)
    assert (notice.recipient, notice.rung, notice.digest, when(notice)) == (cast.jonas, -1, True, utc(23, 8))
    assert (notice.kind, notice.due_on, notice.path) == ("campaigns.step", TUESDAY, step.get_absolute_url())
    assert notice.text == f"Step “{step}” of {step.client}: due Tue 24 Nov, with Jonas Weber."


def test_sweeping_again_changes_nothing(step, cast):
    fall_due(step, MONDAY, cast.jonas)
    assert [sweep(utc(23, hour)) for hour in (1, 2, 9, 23)] == [1, 0, 0, 0]


def test_the_ladder_climbs_rung_by_rung_and_stops_at_the_minister_for_a_key_client(step, cast):
    fall_due(step, TUESDAY, cast.jonas)
    climbed = {}
    for day in (20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30):
        before = set(told(step))
        sweep(utc(day, 6))
        climbed[day] = sorted(set(told(step)) - before)
    assert climbed == {
        20: [],
        21: [],
        22: [],
        23: [("jonas", -1)],
        24: [("jonas", 0)],
        25: [("jonas", 1), ("mei", 1), ("tomas", 1)],
        26: [("marta", 2)],
        27: [("helena", 3), ("omar", 3)],
        28: [],
        29: [],
        30: [],
    }


def test_after_an_outage_everybody_gets_only_the_highest_rung(step, cast):
    fall_due(step, date(2026, 11, 16), cast.jonas)
    assert sweep(utc(23, 10)) == 6
    assert told(step) == [("helena", 3), ("jonas", 1), ("marta", 2), ("mei", 1), ("omar", 3), ("tomas", 1)]
    assert {when(it) for it in Notice.objects.about(step).filter(rung__isnull=False)} == {utc(23, 8)}
    assert sweep(utc(24, 10)) == 0


def test_a_new_due_date_is_a_new_ladder(step, cast):
    fall_due(step, MONDAY, cast.jonas)
    sweep(utc(23, 6))
    fall_due(step, TUESDAY, cast.jonas)
    assert sweep(utc(24, 6)) == 1
    occasions = Notice.objects.about(step).filter(rung=0).order_by("pk").values_list("occasion", flat=True)
    assert list(occasions) == ["due:2026-11-23+0", "due:2026-11-24+0"]


def test_with_the_client_the_salesman_is_reminded_and_without_an_owner_the_coordinator(step, cast):
    fall_due(step, MONDAY, None, Court.CLIENT)
    sweep(utc(23, 6))
    assert told(step) == [("jonas", 0)]
    fall_due(step, TUESDAY, None, Court.OURS)
    sweep(utc(24, 6))
    assert told(step) == [("jonas", 0), ("mei", 0)]


def test_a_rung_on_a_closed_day_moves_to_the_next_working_morning(step, cast):
    fall_due(step, FRIDAY, cast.jonas)
    AgencyDay.objects.create(date=MONDAY, name="Office move", is_open=False)
    sweep(utc(21, 9))
    assert [(it.rung, when(it)) for it in Notice.objects.about(step).filter(recipient=cast.jonas, rung__isnull=False)] == [
        (0, utc(24, 8))
    ]
    sweep(utc(24, 1))
    late = Notice.objects.about(step).get(recipient=cast.jonas, rung=1)
    assert when(late) == utc(24, 8)


def test_nothing_is_late_at_christmas_nor_on_the_agencys_own_christmas_eve(step, cast):
    Campaign.objects.update(report_every="never")  # the reports of the week are due that day as well
    fall_due(step, date(2026, 12, 23), cast.jonas)
    days = [datetime(2026, 12, day, 9, tzinfo=UTC) for day in range(23, 32)]
    assert [sweep(day) for day in days] == [1, 0, 0, 0, 0, 0, 3, 1, 2]


def test_everybody_is_reminded_at_eight_by_the_own_clock_on_the_own_date(step, cast):
    cast.noor.time_zone = "America/Los_Angeles"
    cast.noor.save()
    fall_due(step, MONDAY, cast.noor)
    sweep(utc(23, 7, 30))
    assert not Notice.objects.about(step).filter(recipient=cast.noor, rung=0).exists()
    sweep(utc(23, 8, 30))
    assert when(Notice.objects.about(step).get(recipient=cast.noor, rung=0)) == utc(23, 16)


def test_a_colleague_in_auckland_hears_on_his_monday_while_london_has_sunday(step, cast):
    cast.noor.time_zone = "Pacific/Auckland"
    cast.noor.save()
    fall_due(step, MONDAY, cast.noor)
    sweep(utc(22, 18))
    assert when(Notice.objects.about(step).get(recipient=cast.noor, rung=0)) == utc(22, 19)


def test_eight_stays_eight_when_summer_time_begins_on_a_working_day(step, cast):
    cast.noor.time_zone = "Africa/Cairo"
    cast.noor.save()
    fall_due(step, date(2027, 4, 30), cast.noor)
    for day in (29, 30):
        sweep(datetime(2027, 4, day, 4, tzinfo=UTC))
    mornings = [when(it) for it in Notice.objects.about(step).filter(recipient=cast.noor, rung__isnull=False).order_by("rung")]
    assert mornings == [datetime(2027, 4, 29, 6, tzinfo=UTC), datetime(2027, 4, 30, 5, tzinfo=UTC)]
    assert {it.astimezone(ZoneInfo("Africa/Cairo")).hour for it in mornings} == {8}


def test_a_step_given_to_somebody_else_before_the_morning_no_longer_reminds_the_first(step, cast):
    fall_due(step, MONDAY, cast.jonas)
    sweep(utc(23, 1))
    fall_due(step, MONDAY, cast.marta)
    sweep(utc(23, 2))
    rows = Notice.objects.about(step).filter(rung__isnull=False).order_by("pk")
    assert list(rows.values_list("recipient__username", "drop_reason")) == [("jonas", "settled"), ("marta", "")]


def test_somebody_who_has_left_is_written_nothing_and_the_coordinator_hears_that_the_step_is_nobodys(step, cast):
    fall_due(step, MONDAY, cast.jonas)
    cast.jonas.is_active = False
    cast.jonas.save()
    sweep(utc(23, 6))
    assert told(step) == [("mei", 0)]
    assert Notice.objects.about(step).get(rung__isnull=False).kind == "campaigns.step_stranded"


@pytest.fixture
def stumbling():
    """A kind that fails half way, registered before all others."""
    others = dict(registry.KINDS)
    registry.KINDS.clear()

    def owed(today):
        yield from ()
        raise ZeroDivisionError

    step = others["campaigns.step"]
    register(Kind("tests.stumbling", label="", view_right=step.view_right, model=Step, owed=owed, is_due=step.is_due))
    registry.KINDS.update(others)
    yield
    del registry.KINDS["tests.stumbling"]


def test_a_kind_that_fails_does_not_hold_back_the_others(step, cast, stumbling, caplog):
    fall_due(step, MONDAY, cast.jonas)
    assert sweep(utc(23, 6)) == 1
    assert "What tests.stumbling owes on 2026-11-23 could not be swept." in caplog.text


def test_a_reminder_that_cannot_be_worded_holds_back_no_other(step, cast, caplog):
    fall_due(step, MONDAY, cast.jonas)

    def unspeakable():
        raise ZeroDivisionError

    dues = [Due(step, person, 0, MONDAY, text) for person, text in ((cast.jonas, unspeakable), (cast.tomas, "Due."))]
    assert [it.recipient for it in drafts(kind_of("campaigns.step"), dues, utc(23, 6), calendar())] == [cast.tomas]
    assert f"A reminder of campaigns.step {step.pk} could not be written." in caplog.text


def test_a_kind_is_registered_once_and_says_when_it_is_settled():
    kind = kind_of("campaigns.step")
    with pytest.raises(ValueError, match="registered twice"):
        register(kind)
    with pytest.raises(ValueError, match="needs both"):
        register(Kind("tests.half", label="", view_right="", model=Step, owed=kind.owed))
    with pytest.raises(KeyError, match="belongs in a due"):
        kind_of("tests.unheard_of")


@pytest.mark.postgres
@pytest.mark.skipif(settings.SQLITE, reason="needs PostgreSQL")
def test_four_machines_sweeping_at_once_write_everything_once(agency, nothing_sent):
    settle_everything()
    steps = list(Step.objects.open().filter(client__code="HRB"))
    for number, it in enumerate(steps):
        fall_due(it, TUESDAY, agency.jonas if number % 2 else agency.noor)
    at_once(*[lambda: sweep(utc(23, 6))] * 4)
    assert Notice.objects.filter(kind="campaigns.step").count() == len(steps) > 1
    stranded = Step.objects.filter(is_stranded(Step))
    assert Notice.objects.filter(kind="campaigns.step_stranded").count() == stranded.count() == 1
