"""COO4: the schedule shows what has no day to lose, so that the flow ends as planned."""

from datetime import date

import pytest

from agency import clock
from agency.workdays import calendar
from campaigns.gantt import chart, spare_days
from campaigns.models import Campaign, Step, StepLink
from campaigns.templatetags.spans import span
from campaigns.weeks import HEADS, MOST_WEEKS, Window, monday
from tests.records import a_plan, a_schedule, an_accepted_brief, days


def drawn(campaign):
    steps = list(campaign.steps.select_related("person", "department").order_by("position"))
    links = list(StepLink.objects.filter(after__campaign=campaign).values_list("before", "after", "lag"))
    return chart(steps, links, clock.today(), calendar())


@pytest.fixture
def loaf(cast):
    return Campaign.objects.get(job_number="HRB-26-014")


@pytest.fixture
def fresh(cast, clients):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    a_schedule(campaign, cast.mei)
    return campaign


def test_what_is_left_of_sunday_loaf_has_no_day_to_lose(loaf):
    assert [(row.number, row.spare) for row in drawn(loaf).rows if row.spare is not None] == [(17, 0), (18, 0), (19, 0)]


def test_a_step_beside_the_critical_path_tells_how_far_it_can_slip(fresh):
    rows = drawn(fresh).rows
    booking = next(row for row in rows if row.step.name == "Space booking / insertion order")
    assert booking.spare > 0
    assert not booking.is_critical
    assert [row.is_critical for row in rows[:5]] == [True] * 5


def test_a_gap_before_the_next_step_is_room_to_slip(fresh, cast):
    last = fresh.steps.order_by("position").last()
    last.starts_on, last.ends_on = calendar().add(last.starts_on, 4), calendar().add(last.ends_on, 4)
    last.keep(by=cast.mei)
    rows = drawn(fresh).rows
    assert rows[-1].spare == 0
    assert rows[-2].spare == 4


def test_a_step_that_lies_years_ahead_is_still_drawn_and_counted(fresh, cast):
    last = fresh.steps.order_by("position").last()
    last.starts_on = last.ends_on = date(2031, 11, 21)
    last.keep(by=cast.mei)
    found = drawn(fresh)
    assert found.days == MOST_WEEKS * 5
    assert len(found.heads) <= HEADS
    assert found.rows[-1].spare == 0
    assert found.rows[0].spare > 1000


def test_bars_lie_on_their_weeks(loaf):
    found = drawn(loaf)
    assert found.heads[0] == (0, date(2026, 10, 5))
    run = found.rows[16].bar
    assert (run.start, run.end, run.state, run.critical) == (33, 38, "ours", True)
    assert run.told == "Print run: In progress, 19–25 Nov, Noor Rahman"
    assert found.today == 35


def test_a_weekend_counts_to_its_friday():
    assert monday(date(2026, 11, 29)) == date(2026, 11, 23)
    week = Window(date(2026, 11, 23), 4)
    assert [week.place(date(2026, 11, day)) for day in (23, 27, 28, 29, 30)] == [0, 4, 4, 4, 5]


def test_the_picture_says_what_is_late_ownerless_and_over(cast, fresh):
    steps = list(fresh.steps.order_by("position"))
    steps[0].starts_on = steps[0].ends_on = clock.today() - days(3)
    steps[0].keep(by=cast.mei)
    bars = [row.bar for row in drawn(fresh).rows]
    assert (bars[0].state, bars[0].form) == ("late", "")
    assert {bar.form for bar in bars[1:]} == {"ahead", "unassigned"}
    feedback = fresh.steps.get(name="Client feedback on first draft")
    feedback.state, feedback.starts_on, feedback.ends_on = "in_progress", clock.today() - days(7), clock.today() - days(4)
    feedback.keep(by=cast.mei)
    late = next(row.bar for row in drawn(fresh).rows if row.step == feedback)
    assert (late.state, late.form) == ("late", "hatched")


def test_nothing_left_needs_no_path(cast):
    done = Campaign.objects.get(job_number="GRE-26-001")
    assert spare_days(list(done.steps.all()), [], calendar()) == {}
    assert all(row.spare is None for row in drawn(done).rows)


def test_the_schedule_has_no_inline_style(loaf, cast, login):
    text = login(cast.mei).get(f"/campaigns/{loaf.job_number}/schedule/").content.decode()
    assert ' style="' not in text
    assert text.count('class="lane"') == 2 * 19, "once in the chart and once in the list for narrow pages"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 26), date(2026, 11, 26), "Thu 26 Nov"),
        (date(2026, 11, 19), date(2026, 11, 25), "19–25 Nov"),
        (date(2026, 11, 30), date(2026, 12, 4), "30 Nov – 4 Dec"),
    ],
)
def test_days_are_said_as_short_as_they_can_be(first, last, said):
    assert span(first, last) == said


def test_a_blocked_step_says_so_before_it_is_called_planned(cast):
    step = Step.objects.blocked(clock.today()).order_by("pk").first()
    assert step.state == "planned"
    bar = next(row.bar for row in drawn(step.campaign).rows if row.step == step)
    assert bar.state in {"stopped", "late"}
