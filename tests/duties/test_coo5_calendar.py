"""COO5: one's own calendar program shows steps, deadlines and absences, from a secret address, as far as one may see them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import vobject
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import Absence, CalendarFeed
from agency import clock
from agency.flow import Refused
from campaigns.models import Campaign, Deliverable, Step
from desk import feed as feeds
from tests.records import a_confirmed_plan, a_schedule, an_accepted_brief, days

HOSTILE = "Loaf, \nBEGIN:VEVENT; \\ \x00\x1b[31m" + "面包" * 40


@pytest.fixture
def steps(cast, clients):
    """The schedule of a campaign of Hollin & Rye Bakeries, from today on."""
    plan = a_confirmed_plan(
        an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), writer=cast.marta, agreer=cast.omar
    )
    return a_schedule(plan.campaign, cast.mei)


def an_address(person):
    return CalendarFeed.make(by=person, token=uuid4())


def path(feed):
    return feed.address.partition("127.0.0.1:8000")[2]


def events(client, feed):
    """What a calendar program reads: {name that lasts: event}."""
    answer = client.get(path(feed))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    shown = Calendar.from_ical(answer.content)
    assert (str(shown["version"]), shown.errors) == ("2.0", [])
    return {str(event["uid"]): event for event in shown.walk("VEVENT")}


def name_of(record):
    return f"{record._meta.model_name}-{record.pk}@127.0.0.1"


def a_step(cast, campaign, name="Artwork", **fields):
    there = campaign.steps.order_by("position").first()
    told = {"kind": "work", "days": 2, "person": cast.noor, "department": cast.noor.department, "position": there.position,
            "starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 2), **fields}  # fmt: skip
    return Step(client=campaign.client, campaign=campaign, created_by=cast.mei, name=name, **told).keep(by=cast.mei)


class TestWhatIsInIt:
    def test_a_step_stands_on_its_days_and_the_end_is_the_day_after_the_last(self, cast, client, steps):
        step = a_step(cast, steps[0].campaign)
        event = events(client, an_address(cast.noor))[name_of(step)]
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 1), date(2026, 12, 3))
        assert str(event["summary"]) == f"Artwork · {step.campaign.job_number}"
        assert "Hollin & Rye Bakeries" in str(event["description"])
        assert str(event["url"]) == f"http://127.0.0.1:8000/steps/{step.pk}/"

    def test_a_second_reader_reads_the_same(self, cast, client, steps):
        feed = an_address(cast.noor)
        step, found = a_step(cast, steps[0].campaign, name=HOSTILE.replace("\x00", "")), events(client, feed)
        body = client.get(path(feed)).content.decode()
        read = {it.uid.value: it for it in vobject.readOne(body).vevent_list}
        assert read.keys() == events(client, feed).keys() == found.keys()
        assert read[name_of(step)].dtstart.value == date(2026, 12, 1)

    def test_a_moved_step_keeps_its_name_and_counts_one_change_more(self, cast, client, steps, monday):
        step, feed = a_step(cast, steps[0].campaign), an_address(cast.noor)
        before = events(client, feed)[name_of(step)]
        monday.shift(timedelta(hours=1))
        step.starts_on, step.ends_on = date(2026, 12, 3), date(2026, 12, 4)
        step.keep(by=cast.mei)
        after = events(client, feed)[name_of(step)]
        assert int(after["sequence"]) == int(before["sequence"]) + 1
        assert after.decoded("dtstamp") == before.decoded("dtstamp") + timedelta(hours=1)
        assert after.decoded("dtstart") == date(2026, 12, 3)

    def test_a_hostile_name_breaks_no_line_and_no_line_is_too_long(self, cast, client, steps):
        step, feed = a_step(cast, steps[0].campaign), an_address(cast.noor)
        Step.objects.filter(pk=step.pk).update(name=HOSTILE[:120].replace("\x00", "\x01"))
        found, body = events(client, feed), client.get(path(feed)).content
        assert str(found[name_of(step)]["summary"]).startswith("Loaf, BEGIN:VEVENT; \\ [31m面包")
        assert body.count(b"BEGIN:VEVENT\r\n") == len(found)
        assert max(len(line) for line in body.split(b"\r\n")) <= 75
        assert set(body) & set(range(32)) == {13, 10} and b"\n" not in body.replace(b"\r\n", b"")

    def test_who_serves_a_client_finds_its_deadlines_and_presentations_whoever_does_them(self, cast, client, steps):
        found = events(client, an_address(cast.tomas))
        shown = [step for step in steps if step.kind in {"deadline", "presentation"}]
        assert shown and {name_of(step) for step in shown} <= found.keys()
        others = [step for step in steps if step.kind == "work" and step.person != cast.tomas]
        assert others and not {name_of(step) for step in others} & found.keys()

    def test_a_piece_the_client_agreed_stands_on_its_media_deadline_until_it_is_dropped(self, cast, client, steps):
        piece = Deliverable(campaign=steps[0].campaign, client=steps[0].client, letter="A", what="Poster", medium="outdoor",
                            rounds=2, deadline=date(2026, 12, 30), created_by=cast.marta).keep(by=cast.marta)  # fmt: skip
        feed = an_address(cast.marta)
        assert events(client, feed)[name_of(piece)].decoded("dtstart") == date(2026, 12, 30)
        piece.state = Deliverable.State.DROPPED
        piece.keep(by=cast.marta)
        assert name_of(piece) not in events(client, feed)

    def test_what_waits_to_be_checked_is_in_the_coordinators_calendar(self, cast, client, steps):
        step, feed = steps[0], an_address(cast.mei)
        assert name_of(step) not in events(client, feed)
        step.start(by=cast.jonas)
        step.report_done(by=cast.jonas)
        step.take_over(by=cast.marta)
        assert step.holder == cast.mei
        assert name_of(step) in events(client, feed)

    def test_the_own_absence_is_in_it_until_it_is_withdrawn_and_nobody_elses_ever(self, cast, client):
        away = Absence.enter(by=cast.noor, token=uuid4(), kind="illness", first=date(2026, 12, 7), last=date(2026, 12, 8))
        feed = an_address(cast.noor)
        event = events(client, feed)[name_of(away)]
        assert (event.decoded("dtend"), str(event["transp"])) == (date(2026, 12, 9), "OPAQUE")
        assert name_of(away) not in events(client, an_address(cast.mei))
        away.withdraw(by=cast.noor)
        assert name_of(away) not in events(client, feed)

    def test_a_step_that_was_left_out_is_gone(self, cast, client, steps):
        step, feed = a_step(cast, steps[0].campaign), an_address(cast.noor)
        assert name_of(step) in events(client, feed)
        Step.objects.filter(pk=step.pk).update(state="skipped", court="nobody", holder=None)
        assert name_of(step) not in events(client, feed)

    def test_it_spans_two_months_back_and_thirteen_ahead(self, cast, client, steps):
        campaign, today = steps[0].campaign, clock.today()
        spans = {"long past": -61, "past": -60, "ahead": 400, "far": 401}
        made = {word: a_step(cast, campaign, name=word, starts_on=today + days(n), ends_on=today + days(n))
                for word, n in spans.items()}  # fmt: skip
        found = events(client, an_address(cast.noor))
        assert {word for word, step in made.items() if name_of(step) in found} == {"past", "ahead"}

    def test_it_ends_somewhere(self, cast, client, steps, monkeypatch):
        for n in range(3):
            a_step(cast, steps[0].campaign, name=str(n))
        monkeypatch.setattr(feeds, "MOST", 2)
        assert sum(it.startswith("step-") for it in events(client, an_address(cast.noor))) == 2

    def test_it_speaks_the_persons_language(self, cast, client):
        cast.noor.adjust(by=cast.noor, language="zh-hans")
        Absence.enter(by=cast.noor, token=uuid4(), kind="holiday", first=date(2026, 12, 7), last=date(2026, 12, 7))
        assert "缺勤" in {str(it["summary"]) for it in events(client, an_address(cast.noor)).values()}

    def test_three_steps_cost_as_many_queries_as_one(self, cast, client, steps):
        feed, counts = an_address(cast.noor), []
        client.get(path(feed))
        for more in (1, 2):
            for n in range(more):
                a_step(cast, steps[0].campaign, name=f"{more} {n}")
            with CaptureQueriesContext(connection) as asked:
                client.get(path(feed))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestWhoMay:
    @pytest.mark.parametrize("person", ["omar", "marta", "jonas", "mei", "felix", "noor", "lucia"])
    def test_nothing_is_in_it_that_the_person_may_not_open(self, person, cast, client, steps):
        reader = getattr(cast, person)
        found = events(client, an_address(reader))
        keys = {int(name.partition("-")[2].partition("@")[0]) for name in found if name.startswith("step-")}
        assert keys <= set(Step.objects.visible_to(reader).values_list("pk", flat=True))

    def test_other_clients_stay_out_and_money_is_never_in_it(self, cast, client, steps):
        feed = an_address(cast.lucia)
        body = client.get(path(feed)).content.decode().replace("\r\n ", "")
        assert "Hollin" not in body and steps[0].campaign.job_number not in body
        body = client.get(path(an_address(cast.marta))).content.decode().replace("\r\n ", "")
        assert "Hollin" in body and "12000" not in body and "12,000" not in body and "60000" not in body

    def test_who_no_longer_serves_the_client_no_longer_finds_it(self, cast, client, steps):
        feed = an_address(cast.tomas)
        assert any("Hollin" in str(it.get("description")) for it in events(client, feed).values())
        cast.tomas.assignments.current().filter(client__code="HRB").delete()
        left = events(client, feed)
        assert not {name_of(step) for step in steps if step.person != cast.tomas} & left.keys()
        assert {name_of(step) for step in steps} & left.keys() == set()

    def test_who_has_left_has_no_calendar_nor_has_an_administrator(self, cast, client):
        feed = an_address(cast.noor)
        assert client.get(path(feed)).status_code == 200
        cast.noor.is_active = False
        cast.noor.save()
        assert client.get(path(feed)).status_code == 404
        with pytest.raises(Refused, match="people with work of their own"):
            an_address(cast.admin)

    def test_wrong_revoked_and_replaced_addresses_are_answered_alike(self, cast, client):
        old, gone = an_address(cast.noor), an_address(cast.felix)
        new = an_address(cast.noor)
        gone.revoke(by=cast.felix)
        there = [path(old), path(gone), "/f/nothing.ics", "/f/" + "x" * 43 + ".ics"]
        answers = [client.get(it) for it in there]
        assert {(it.status_code, it.content, it["Content-Type"]) for it in answers} == {
            (404, b"There is no calendar at this address.", "text/plain; charset=utf-8")
        }
        assert client.get(path(new)).status_code == 200

    def test_nobody_takes_back_the_address_of_another(self, cast, login):
        feed = an_address(cast.noor)
        with pytest.raises(PermissionDenied):
            feed.revoke(by=cast.helena)
        assert login(cast.helena).post(f"/me/calendar/{feed.pk}/move/revoke/", {"seen": 1}).status_code == 404

    def test_who_guesses_waits(self, cast, client):
        feed = an_address(cast.noor)
        for n in range(30):
            client.get(f"/f/guess{n}.ics")
        answer = client.get(path(feed))
        assert (answer.status_code, answer["Retry-After"]) == (429, "300")


class TestTheDoor:
    def test_it_is_only_read_kept_by_nobody_and_found_by_no_search_engine(self, cast, client):
        feed = an_address(cast.noor)
        answer = client.get(path(feed))
        for name, value in {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer",
                            "X-Content-Type-Options": "nosniff"}.items():  # fmt: skip
            assert answer[name] == value
        assert answer.cookies == {}
        assert client.post(path(feed)).status_code == 405
        assert client.head(path(feed))["ETag"] == answer["ETag"]

    def test_a_program_that_has_it_already_is_told_so(self, cast, client, steps):
        feed = an_address(cast.noor)
        etag = client.get(path(feed))["ETag"]
        assert client.get(path(feed), headers={"If-None-Match": etag}).status_code == 304
        a_step(cast, steps[0].campaign)
        assert client.get(path(feed), headers={"If-None-Match": etag}).status_code == 200

    def test_the_secret_stands_in_no_table_no_history_and_no_log(self, cast, caplog, client):
        feed = an_address(cast.noor)
        secret = path(feed).removeprefix("/f/").removesuffix(".ics")
        assert secret not in str(CalendarFeed.objects.values().get(pk=feed.pk))
        assert not {"seed", "token_hash", "token"} & {field.name for field in feed.history.model._meta.fields}
        assert secret not in str(list(feed.events().values())) + caplog.text

    def test_the_own_page_says_when_a_program_last_asked(self, cast, client, monday):
        feed = an_address(cast.noor)
        client.get(path(feed))
        feed.refresh_from_db()
        first = feed.fetched_at
        monday.shift(timedelta(minutes=30))
        client.get(path(feed))
        feed.refresh_from_db()
        assert feed.fetched_at == first and feed.version == 1


class TestTheOwnPage:
    def test_somebody_makes_an_address_makes_a_new_one_and_takes_it_back(self, cast, login):
        browser, token = login(cast.jonas), uuid4()
        assert "no address yet" in browser.get("/me/calendar/").content.decode()
        for _click in range(2):
            assert browser.post("/me/calendar/", {"token": token}).status_code == 302
        first = CalendarFeed.objects.get(person=cast.jonas)
        assert first.address in browser.get("/me/calendar/").content.decode()
        browser.post("/me/calendar/", {"token": uuid4()})
        first.refresh_from_db()
        second = CalendarFeed.objects.live().get(person=cast.jonas)
        assert (first.state, second.is_live) == ("revoked", True)
        browser.post(f"/me/calendar/{second.pk}/move/revoke/", {"seen": second.version})
        page = browser.get("/me/calendar/").content.decode()
        assert second.address not in page and first.address not in page
        assert browser.get(path(second)).status_code == 404

    def test_a_form_without_its_token_makes_nothing(self, cast, login):
        assert login(cast.jonas).post("/me/calendar/", {"token": "x"}).status_code == 422
        assert not CalendarFeed.objects.exists()

    def test_an_administrator_has_no_such_page(self, cast, login):
        assert login(cast.admin).get("/me/calendar/").status_code == 403


def test_the_demo_agency_has_campaigns_to_show(cast, client):
    assert Campaign.objects.exists() and events(client, an_address(cast.jonas))
