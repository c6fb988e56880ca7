"""A person's own days, and who has how much to do on them."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.calendars import OwnDays, days_between, own_days
from accounts.models import Absence
from agency.flow import Refused
from agency.workdays import Workdays, calendar
from campaigns import workload
from campaigns.due import absence_still_hits, owed_absences
from campaigns.load import Need, breaks, day_of, days_of
from campaigns.models import Campaign, Step
from tests.records import MONDAY

HOUSE = Workdays("GB", "ENG", zone="Europe/London")
FULL = (100,) * 7
THOROUGHLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def away(by, first, last, **fields):
    return Absence.enter(by=by, token=uuid4(), first=first, last=last, **{"kind": "holiday", **fields})


def a_step(pk=1, person=7, first=MONDAY, last=FRIDAY, kind="work"):
    return SimpleNamespace(pk=pk, person_id=person, starts_on=first, ends_on=last, kind=kind)


class TestOwnDays:
    @THOROUGHLY
    @given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.lists(st.integers(0, 400), max_size=12), st.integers(1, 40))
    def test_nobody_works_on_a_day_the_house_is_closed_or_the_person_away(self, first, gone, n):
        lost = {first + timedelta(days=days): 100 for days in gone}
        own = OwnDays(None, HOUSE, FULL, lost)
        end = own.workdays.add(first, n)
        assert own.free(end) == 100 and end not in lost and HOUSE.is_open(end)
        worked = [day for day in days_between(first + timedelta(days=1), end) if own.free(day)]
        assert len(worked) == own.workdays.between(first, end) == n

    @THOROUGHLY
    @given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.tuples(*[st.sampled_from((0, 50, 100))] * 5))
    def test_a_part_timer_is_never_free_for_more_than_the_share_of_the_weekday(self, day, week):
        own = OwnDays(None, HOUSE, (*week, 0, 0), {day: 50})
        assert own.free(day) == own.usual(day) // 2 and own.usual(day) in (0, (*week, 0, 0)[day.weekday()])

    def test_absences_of_one_and_of_three_people_are_one_query(self, cast, django_assert_num_queries):
        away(cast.noor, MONDAY, TUESDAY)
        for people in ([cast.noor], [cast.noor, cast.felix, cast.sven]):
            with django_assert_num_queries(1):
                found = own_days(people, HOUSE, MONDAY, FRIDAY)
        assert found[cast.noor.pk].away == {MONDAY: 100, TUESDAY: 100}
        assert found[cast.noor.pk].workdays.on_or_after(MONDAY) == MONDAY + timedelta(days=2)

    def test_who_works_part_of_the_week_is_not_scheduled_on_the_rest(self, cast):
        cast.noor.week = "100 100 100 50 0"
        own = own_days([cast.noor], HOUSE, MONDAY, FRIDAY)[cast.noor.pk]
        assert [own.usual(day) for day in days_between(MONDAY, FRIDAY)] == [100, 100, 100, 50, 0]
        assert own.workdays.add(MONDAY + timedelta(days=3), 1) == MONDAY + timedelta(days=7)


class TestAbsences:
    def test_half_days_leave_half_of_the_day(self, cast):
        away(cast.noor, MONDAY, MONDAY, half=True)
        own = own_days([cast.noor], HOUSE, MONDAY, MONDAY)[cast.noor.pk]
        assert (own.free(MONDAY), own.is_away(MONDAY)) == (50, True)

    def test_two_absences_of_one_person_do_not_cross(self, cast):
        away(cast.noor, MONDAY, TUESDAY)
        with pytest.raises(Refused, match="cross an absence"):
            away(cast.noor, TUESDAY, FRIDAY)
        away(cast.felix, TUESDAY, FRIDAY)

    def test_an_absence_runs_forward(self, cast):
        with pytest.raises(Refused, match="before the first"):
            away(cast.noor, TUESDAY, MONDAY)

    def test_a_withdrawn_absence_counts_no_more(self, cast):
        away(cast.noor, MONDAY, TUESDAY).withdraw(by=cast.noor)
        assert own_days([cast.noor], HOUSE, MONDAY, FRIDAY)[cast.noor.pk].away == {}

    def test_who_comes_back_earlier_is_away_no_longer(self, cast):
        it = away(cast.noor, MONDAY, FRIDAY)
        it.come_back(by=cast.noor, last=TUESDAY)
        assert set(own_days([cast.noor], HOUSE, MONDAY, FRIDAY)[cast.noor.pk].away) == {MONDAY, TUESDAY}
        with pytest.raises(Refused):
            it.come_back(by=cast.noor, last=FRIDAY)

    def test_nobody_withdraws_the_absence_of_another(self, cast):
        it = away(cast.noor, MONDAY, TUESDAY)
        for other in (cast.helena, cast.mei, cast.felix, cast.admin):
            with pytest.raises(PermissionDenied):
                it.withdraw(by=other)

    def test_absences_are_read_by_who_is_away_and_who_arranges_cover(self, cast):
        it = away(cast.jonas, MONDAY, TUESDAY)
        seen = {name for name in ("helena", "omar", "ingrid", "marta", "jonas", "amina", "mei", "felix", "admin")
                if it in Absence.objects.visible_to(getattr(cast, name))}  # fmt: skip
        assert seen == {"helena", cast.jonas.group.supervisor.username, "jonas", "mei"}


class TestCounting:
    own = OwnDays("Noor", HOUSE, FULL)

    def test_two_whole_steps_on_one_day_clash(self):
        day = day_of(self.own, MONDAY, [Need(1, 7, MONDAY, FRIDAY), Need(2, 7, MONDAY, MONDAY)])
        assert (day.wanted, day.free, day.is_clash, day.left) == (200, 100, True, 0)

    def test_a_part_timers_work_fills_the_part_worked(self):
        own = OwnDays("Noor", HOUSE, (50, 0, 100, 100, 100, 0, 0))
        monday, tuesday = days_of(own, [MONDAY, TUESDAY], [Need(1, 7, MONDAY, FRIDAY)])
        assert (monday.wanted, monday.is_clash, tuesday.wanted, tuesday.is_clash) == (50, False, 0, False)

    def test_work_on_a_day_away_is_a_clash(self):
        own = OwnDays("Noor", HOUSE, FULL, {TUESDAY: 100})
        assert [day.is_clash for day in days_of(own, [MONDAY, TUESDAY], [Need(1, 7, MONDAY, FRIDAY)])] == [False, True]

    @THOROUGHLY
    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
    def test_the_sequence_of_the_steps_makes_no_difference(self, spans):
        needs = [Need(n, 7, MONDAY + timedelta(days=a), MONDAY + timedelta(days=a + b)) for n, (a, b) in enumerate(spans)]
        days = days_between(MONDAY, MONDAY + timedelta(days=20))
        there, back = (days_of(self.own, days, it) for it in (needs, needs[::-1]))
        assert [day.wanted for day in there] == [day.wanted for day in back]
        assert all(day.wanted == 100 * len(day.needs) for day in there)


class TestBreaks:
    def test_a_change_into_an_absence_says_who_is_away(self):
        own = OwnDays("Noor", HOUSE, FULL, {TUESDAY: 100})
        step = a_step()
        assert breaks([step], {7: own}) == [(step, "Noor", "Noor is away on Tue 24 Nov.")]

    def test_a_change_onto_other_work_says_which_days_are_overbooked(self):
        step, own = a_step(last=TUESDAY), OwnDays("Noor", HOUSE, FULL)
        others = [Need(2, 7, MONDAY, FRIDAY), Need(1, 7, MONDAY, FRIDAY)]
        said = "Noor is overbooked on Mon 23 Nov to Tue 24 Nov: up to 200 per cent of a day."
        assert breaks([step], {7: own}, others) == [(step, "Noor", said)]

    def test_a_change_that_breaks_nothing_says_nothing(self):
        assert breaks([a_step(), a_step(pk=2, person=None)], {7: OwnDays("Noor", HOUSE, FULL)}) == []


def test_the_agencys_own_calendar_is_untouched_by_a_persons(db):
    house = calendar()
    own = house.without([MONDAY], [4])
    assert house.is_open(MONDAY) and not own.is_open(MONDAY) and house.is_open(FRIDAY) and not own.is_open(FRIDAY)


class TestLoadPage:
    def test_the_load_shows_a_person_wanted_twice_with_the_ways_out(self, cast, clients, login):
        first, second = two_steps_of(cast, clients, "HRB", "VOL")
        page = login(cast.mei).get("/schedule/load/")
        shown = page.content.decode()
        clash = next(it for it in page.context["clashes"] if it.person == cast.noor and it.day.on == first.starts_on)
        assert {first, second} <= set(clash.steps) and clash.day.wanted >= 200
        assert f"{first.get_absolute_url()}#give" in shown and f"/steps/{second.pk}/rearrange/" in shown

    def test_work_one_may_not_see_is_another_clients_and_only_its_load_shows(self, cast, clients, login):
        first, second = two_steps_of(cast, clients, "HRB", "VOL", name="Zaunkoenig")
        page = login(cast.jonas).get("/schedule/load/")
        clash = next(it for it in page.context["clashes"] if it.person == cast.noor and it.day.on == first.starts_on)
        assert first in clash.steps and second not in clash.steps and clash.others >= 1 and clash.day.wanted >= 200
        text = page.content.decode()
        assert "Zaunkoenig" not in text and "Voltane" not in text and "another client" in text
        assert "#give" not in text

    def test_the_file_names_no_work_at_all(self, cast, clients, login):
        two_steps_of(cast, clients, "HRB", "VOL", name="=Zaunkoenig")
        answer = login(cast.mei).get("/schedule/load/", {"export": "csv"})
        lines = answer.content.decode().splitlines()
        assert answer["Content-Type"] == "text/csv" or answer["Content-Type"].startswith("text/csv")
        assert "Zaunkoenig" not in answer.content.decode() and "Noor" in answer.content.decode() and len(lines) > 10

    def test_an_absence_shows_as_away_and_never_why(self, cast, login):
        away(cast.noor, MONDAY, TUESDAY, kind="illness", note="Zaunkoenig")
        for address in ("/schedule/load/", "/away/", Absence.objects.get(note="Zaunkoenig").get_absolute_url()):
            text = login(cast.mei).get(address).content.decode()
            assert "away" in text and "Zaunkoenig" not in text and "llness" not in text

    def test_one_person_and_three_cost_the_same_queries(self, cast, clients, django_assert_num_queries):
        two_steps_of(cast, clients, "HRB", "VOL")
        for people in ([cast.noor], [cast.noor, cast.felix, cast.sven]):
            with django_assert_num_queries(6):
                rows = workload.rows_of(people, cast.mei, MONDAY, MONDAY + timedelta(days=13), MONDAY)
                workload.clashes(rows, cast.mei)

    @pytest.mark.parametrize("asked", ["x", "2026-13-45", "0001-01-01", "9999-12-31"])
    def test_a_day_that_is_none_is_a_fault_of_the_address(self, asked, cast, login):
        assert login(cast.mei).get("/schedule/load/", {"from": asked}).status_code == 400

    def test_a_proposed_change_says_whom_it_breaks(self, cast, clients):
        first, _second = two_steps_of(cast, clients, "HRB", "VOL")
        away(cast.noor, first.starts_on, first.starts_on)
        [(step, person, sentence)] = [it for it in workload.broken_by([first], MONDAY) if "away" in it[2]]
        assert (step, person) == (first, cast.noor) and sentence == "Noor Rahman is away on Tue 1 Dec."

    def test_the_coordinator_hears_once_of_an_absence_that_hits_work(self, cast, clients):
        first, _second = two_steps_of(cast, clients, "HRB", "VOL")
        it = away(cast.noor, first.starts_on, first.starts_on)
        owed = [due for due in owed_absences(MONDAY) if due.subject == it]
        assert {due.recipient for due in owed} == {cast.mei, cast.rafael} and len(owed) == 2
        assert {due.due_on for due in owed} == {MONDAY} and absence_still_hits(it, MONDAY, MONDAY)
        it.withdraw(by=cast.noor)
        assert not absence_still_hits(it, MONDAY, MONDAY)
        assert it not in [due.subject for due in owed_absences(MONDAY)]


class TestAbsencePages:
    def test_somebody_enters_an_absence_once_and_withdraws_it(self, cast, login):
        browser = login(cast.felix)
        token, sent = uuid4(), {"first": "2026-12-07", "last": "2026-12-11", "kind": "holiday", "note": ""}
        for _click in range(2):
            assert browser.post("/absences/", {**sent, "token": token}).status_code == 302
        it = Absence.objects.get(person=cast.felix, first="2026-12-07")
        browser.post(f"/absences/{it.pk}/back/", {"seen": 1, "last": "2026-12-09"})
        it.refresh_from_db()
        assert (it.last, it.state) == (date(2026, 12, 9), "entered")
        browser.post(f"/absences/{it.pk}/move/withdraw/", {"seen": 2})
        it.refresh_from_db()
        assert it.state == "withdrawn"

    def test_what_was_typed_stays_when_the_days_make_no_sense(self, cast, login):
        sent = {"first": "2026-12-11", "last": "2026-12-07", "kind": "holiday", "note": "Skiing", "token": uuid4()}
        answer = login(cast.felix).post("/absences/", sent)
        assert answer.status_code == 422 and "Skiing" in answer.content.decode()

    def test_the_absence_of_another_does_not_exist_for_a_colleague(self, cast, login):
        it = away(cast.noor, MONDAY, TUESDAY)
        assert login(cast.jonas).get(it.get_absolute_url()).status_code == 404
        assert login(cast.mei).post(f"{it.get_absolute_url()}move/withdraw/", {"seen": 1}).status_code == 403


def two_steps_of(cast, clients, *codes, name="Artwork"):
    """Two whole-day steps of Noor's on the same days, of a client each; the second carries the name."""
    made = []
    for code in codes:
        campaign = Campaign.objects.filter(client=clients[code], steps__isnull=False).first()
        there = campaign.steps.exclude(department=None).order_by("position").first()
        told = {"kind": "work", "state": "planned", "days": 2, "person": cast.noor, "department": cast.noor.department}
        step = Step(client=campaign.client, campaign=campaign, position=there.position, created_by=cast.mei, name=name,
                    starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2), **told)  # fmt: skip
        made.append(step.keep(by=cast.mei))
    made[0].name = "Poster"
    return [made[0].keep(by=cast.mei), made[1]]
