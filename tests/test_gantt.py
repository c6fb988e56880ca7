"""How a schedule is drawn: which weeks, which bars, which arrows, what happens if a step slips; at forty steps as at four."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Department
from agency import clock
from agency.lanes import Bar, Tie, named, percent, tie_lines, tracked
from agency.templatetags.drawings import lane
from agency.workdays import calendar
from campaigns.gantt import chart
from campaigns.models import Campaign, ScheduleTemplate, StepLink
from campaigns.models.rearrangement import preview
from campaigns.models.template import TemplateLink, TemplateStep
from campaigns.slips import running, slips
from campaigns.weeks import HEADS, Window, whole, window_around, window_of
from clients.models import Contact
from tests.records import MONDAY, a_baseline, a_plan, a_schedule, an_accepted_brief, days

LOAF = "/campaigns/HRB-26-014/schedule/"


@pytest.fixture
def loaf(cast):
    return Campaign.objects.get(job_number="HRB-26-014")


@pytest.fixture
def forty(cast, clients):
    """A campaign of forty steps, each waiting for the one before it; the fifth of each five waits two days more."""
    template = ScheduleTemplate.objects.create(key="forty", name="Forty steps")
    creative, before = Department.objects.get(code="creative"), None
    for n in range(1, 41):
        told = {"name": f"Part {n} of a very long piece of work", "department": creative, "days": 1 + n % 3}
        step = TemplateStep.objects.create(template=template, position=n, key=f"s{n}", **told)
        if before:
            TemplateLink.objects.create(before=before, after=step, lag=2 * (n % 5 == 0))
        before = step
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    a_schedule(campaign, cast.mei, template="forty")
    return campaign


def network(campaign):
    steps = list(campaign.steps.select_related("person", "department").order_by("position"))
    return steps, list(StepLink.objects.filter(after__campaign=campaign).values_list("before", "after", "lag"))


def drawn(campaign, window=None):
    return chart(*network(campaign), clock.today(), calendar(), window)


# ── Which weeks ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("by", "first", "last"), [
    ("day", date(2026, 11, 16), date(2026, 12, 11)),
    ("week", date(2026, 10, 26), date(2027, 1, 15)),
    ("month", date(2026, 10, 26), date(2027, 4, 23)),
])  # fmt: skip
def test_the_usual_weeks_lie_around_today(by, first, last):
    window = window_around(MONDAY, by)
    assert (window.first, window.last) == (first, last)
    assert window.place_of(MONDAY) == window.place(MONDAY)


def test_days_are_named_one_by_one_weeks_by_their_monday_and_months_by_their_first_working_day():
    assert [day.day for _place, day in window_around(MONDAY, "day").heads][:6] == [16, 17, 18, 19, 20, 23]
    assert window_around(MONDAY, "week").heads[:2] == [(0, date(2026, 10, 26)), (5, date(2026, 11, 2))]
    months = Window(date(2026, 11, 2), 26, "month").heads
    assert months[:3] == [(0, date(2026, 11, 2)), (21, date(2026, 12, 1)), (44, date(2027, 1, 1))]


def test_a_month_that_begins_at_the_edge_is_not_named_over_the_next_one():
    assert window_around(MONDAY, "month").heads[0] == (5, date(2026, 11, 2))


def test_a_schedule_of_many_months_is_told_by_months_and_never_by_more_heads_than_fit():
    long = whole(date(2026, 1, 5), date(2031, 1, 1))
    assert (long.by, long.weeks) == ("month", 104)
    assert len(long.heads) <= HEADS
    assert whole(date(2026, 11, 2), date(2026, 12, 18)).by == "week"


def test_a_day_in_the_address_begins_the_weeks_with_its_monday():
    assert window_of({"by": "week", "from": "2026-12-09"}, MONDAY).first == date(2026, 12, 7)
    assert window_of({}, MONDAY, default="") is None


@pytest.mark.parametrize("page", ["/schedule/", LOAF])
@pytest.mark.parametrize(
    "question",
    ["by=year", "from=tomorrow", "from=2026-02-30", "from=0001-01-01", "from=9999-12-31", "from=" + "9" * 500, "by=day&from=x"],
)
def test_weeks_that_do_not_exist_are_turned_away_with_a_sentence(page, question, cast, login):
    answer = login(cast.mei).get(f"{page}?{question}")
    assert answer.status_code == 400
    assert "schedule" in answer.content.decode()


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_a_campaign_is_shown_by_day_week_or_month_with_links_to_earlier_and_later(by, cast, login):
    answer = login(cast.mei).get(f"{LOAF}?by={by}")
    assert answer.context["chart"].window == window_around(MONDAY, by)
    switch = answer.context["switch"]
    assert [now for _label, _url, now in switch["ways"]] == [False, by == "day", by == "week", by == "month"]
    for way in ("earlier", "later"):
        there = login(cast.mei).get(LOAF + switch[way])
        assert there.context["chart"].window.by == by
        assert there.context["switch"]["today"] == f"?by={by}"
    assert switch["today"] == "", "today is shown already"


def test_a_step_outside_the_weeks_shown_says_when_it_is(loaf):
    rows = drawn(loaf, Window(date(2026, 11, 23), 1)).rows
    assert rows[0].bars[-1].beside == "ended Tue 6 Oct"
    assert rows[18].bars[-1].beside.startswith("begins ")


# ── Bars ────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_ahead_has_the_colour_of_the_court_it_will_be_in(cast, forty):
    steps = list(forty.steps.order_by("position"))
    steps[1].give_to(by=cast.mei, person=cast.felix)
    bars = [row.bar for row in drawn(forty).rows]
    assert (bars[1].state, bars[1].form) == ("ours", "ahead")
    assert (bars[2].state, bars[2].form) == ("draft", "unassigned")


def test_a_late_step_is_drawn_on_until_today_and_says_by_how_much(cast, forty):
    step = forty.steps.order_by("position").first()
    step.starts_on = step.ends_on = clock.today() - days(6)
    step.keep(by=cast.mei)
    row = drawn(forty).rows[0]
    over = next(bar for bar in row.bars if bar.form == "over")
    assert (row.bar.end, over.start, over.end) == (2, 2, 6)
    assert row.bars[-1].beside == "1 · 4 days late"


def test_days_to_slip_and_the_latest_day_are_drawn(loaf):
    rows = drawn(loaf).rows
    assert [bar.form for bar in rows[17].bars] == ["ahead", "latest", "word"]
    assert rows[17].bars[1].told == "Latest day allowed: Thu 26 Nov"
    assert rows[17].bars[-1].beside == "18 · no day left"


def test_a_step_with_room_shows_how_far_it_can_slip(cast, clients):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    a_schedule(campaign, cast.mei)
    row = next(row for row in drawn(campaign).rows if row.spare)
    spare = next(bar for bar in row.bars if bar.form == "spare")
    last = calendar().add(row.step.ends_on, row.spare)
    assert (spare.start, spare.end) == (row.bar.end, drawn(campaign).window.place(last) + 1)


def test_arrows_lead_from_the_end_of_a_step_to_the_beginning_of_the_next_and_the_critical_ones_stand_out(loaf):
    ties = drawn(loaf).ties
    assert len(ties) == StepLink.objects.filter(after__campaign=loaf).count()
    last = next(tie for tie in ties if (tie.above, tie.below) == (16, 17))
    assert (last.from_, last.to, last.critical) == ((33, 38), 38, True)
    assert {(tie.above, tie.below) for tie in ties if tie.critical} == {(16, 17), (17, 18)}


def test_an_arrow_leaves_where_its_step_ends_or_where_the_next_begins_within_it():
    behind = tie_lines(Tie(0, 1, (2, 5), 7), 10, 4)
    assert (behind["x"], behind["to"], behind["y"], behind["down"], behind["up"]) == ("50%", "70%", "12.5%", "37.5%", False)
    within = tie_lines(Tie(3, 1, (2, 5), 4), 10, 4)
    assert (within["x"], within["to"], within["up"]) == ("40%", "40%", True)


def test_bars_at_the_same_time_lie_on_tracks_of_their_own():
    bars = tracked([Bar(0, 5, "ours"), Bar(3, 6, "ours"), Bar(5, 8, "ours"), Bar(4, 7, "ours"), Bar(4, 9, "ours")])
    assert [(bar.start, bar.track) for bar in bars] == [(0, 0), (3, 1), (4, 2), (4, 2), (5, 0)]


def test_a_name_stands_on_its_bar_or_behind_it_or_is_only_told():
    on, beside, nowhere = named(
        [Bar(0, 10, "ours", name="Artwork"), Bar(20, 21, "ours", name="Proof"), Bar(38, 39, "ours", name="Print run")], 40, 400
    )
    assert (on.name, on.beside) == ("Artwork", "")
    assert (beside.name, beside.beside) == ("", "Proof")
    assert (nowhere.name, nowhere.beside) == ("", "")


def test_a_bar_with_an_address_is_a_link_that_says_where_it_leads():
    shapes = str(lane([Bar(1, 3, "late", told="Artwork: Late <b>", url="/steps/7/")], days=10)["shapes"])
    assert shapes.startswith('<a href="/steps/7/"><title>Artwork: Late &lt;b&gt;</title><rect class="bar" data-state="late"')


def test_places_are_numbers_that_no_language_writes_with_a_comma():
    assert percent(1, 3) == "33.333%"


# ── Forty steps ─────────────────────────────────────────────────────────────────────────────────
def test_forty_steps_are_all_there_in_order_and_each_can_be_opened(forty, cast, login):
    text = login(cast.mei).get(f"/campaigns/{forty.job_number}/schedule/").content.decode()
    table = text[text.index('<table class="steps">') : text.index("</table>")]
    keys = [int(key) for key in re.findall(r'class="step__link" href="/steps/(\d+)/"', table)]
    assert keys == list(forty.steps.order_by("position").values_list("pk", flat=True))
    assert text.count('<g class="tie tie--critical">') == 39
    assert ' style="' not in text


def test_forty_steps_weigh_no_more_than_a_page_may(forty, cast, login):
    assert len(login(cast.mei).get(f"/campaigns/{forty.job_number}/schedule/").content) < 200_000


def test_the_chart_asks_as_often_for_forty_steps_as_for_nineteen(forty, cast, login):
    browser, clara = login(cast.mei), Contact.objects.get(name="Clara Hollin")
    a_baseline(forty, cast.mei).record_agreement(by=cast.marta, contact=clara)

    def queries(job):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/campaigns/{job}/schedule/").status_code == 200
        return len(asked)

    queries("HRB-26-014")
    assert queries("HRB-26-014") == queries(forty.job_number)


def test_what_is_checked_is_folded_into_one_line_of_the_list(cast, login):
    text = login(cast.mei).get(LOAF).content.decode()
    folded = text[text.index('<details class="cards__done">') : text.index("</details>", text.index("cards__done"))]
    assert "16 steps checked" in folded
    assert folded.count('<li class="card') == 16


# ── If a step slips ─────────────────────────────────────────────────────────────────────────────
def test_what_follows_if_the_print_run_slips_is_counted_on_the_network(loaf):
    steps, links = network(loaf)
    now = running(drawn(loaf).rows)
    one, _two, three = slips(now, steps, links, clock.today(), calendar())
    assert now.name == "Print run"
    assert (one.done_on, [step.position for step, _old, _new in one.moves]) == (date(2026, 11, 26), [18, 19])
    assert (one.ended, one.ends) == (date(2026, 12, 7), date(2026, 12, 8))
    assert [step.name for step in one.breaks] == ["Posters delivered to media owner"]
    assert (three.done_on, three.ends) == (date(2026, 11, 30), date(2026, 12, 10))


def test_a_late_step_slips_from_today_not_from_the_day_that_is_over(cast, forty):
    step = forty.steps.order_by("position").first()
    step.starts_on = step.ends_on = clock.today() - days(6)
    step.keep(by=cast.mei)
    steps, links = network(forty)
    assert [slip.done_on for slip in slips(steps[0], steps, links, clock.today(), calendar())] == [
        date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
    ]  # fmt: skip


def test_the_slips_are_those_that_a_rearrangement_would_bring(loaf, cast):
    steps, links = network(loaf)
    two = slips(running(drawn(loaf).rows), steps, links, clock.today(), calendar())[1]
    moved = {change.step.pk: change.new_last for change in preview(two.step, calendar().add(two.step.starts_on, 2))}
    assert moved == {two.step.pk: two.done_on, **{step.pk: new for step, _old, new in two.moves}}


def test_where_all_is_checked_nothing_can_slip(cast, login):
    answer = login(cast.mei).get("/campaigns/GRE-26-001/schedule/")
    assert answer.context["slips"] == []
    assert answer.context["standing"] == ("done", "Completed")
