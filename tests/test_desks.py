"""The desks: what stands on whose, in which groups, with which one next thing to do, at what cost, and nothing of another's."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Habit, Person
from agency import clock
from briefs.models import Brief
from campaigns.models import Step
from clients.access import one_look
from clients.models import Client, Event
from clients.models.record import business_models
from desk.happened import told_to
from desk.health import CONDITIONS, with_health
from desk.inbox import Inbox
from tests.crowd import Crowd
from tests.records import MONDAY, PHONED, a_brief, a_plan, a_schedule, an_accepted_brief, days
from tests.thorough import one_of_each

ROLES = ("helena", "omar", "lucia", "tomas", "jonas", "mei", "felix")
MINUTES = 60


def desk(browser, **headers):
    return browser.get("/", headers=headers or None).context


def group(shown, title):
    """The lines under a heading of "Needs me now"."""
    return [str(line) for it in shown["groups"] if str(it.title) == title for line in it.lines]


# What needs me now


def test_what_was_returned_stands_first_with_who_returned_it_and_why(cast, login):
    first = desk(login(cast.amina))["groups"][0]
    assert (str(first.title), [str(line) for line in first.lines]) == ("Returned to me", ["Voltane Arc for fleets"])
    page = login(cast.amina).get("/").content.decode()
    assert "returned by Lucia Ferrer" in page
    assert "The market block names no competitor" in page


def test_a_member_meets_first_what_came_back_to_him(cast, login):
    shown = desk(login(cast.felix))
    assert str(shown["groups"][0].title) == "Returned to me"
    line = shown["groups"][0].lines[0]
    assert (line.client.code, line.came_back.actor, line.left) == ("SOL", cast.noor, -2)
    assert {str(record.share.given_by) for record in shown["shared"]} == {"Lucia Ferrer", "Mei Lin"}


def test_a_director_has_briefs_and_plans_to_decide_before_the_rest(cast, login):
    shown = desk(login(cast.david))
    assert group(shown, "Briefs and plans to decide") == ["Winter vitamins: shelf and page"]


def test_the_rest_is_grouped_by_day(cast, clients, login):
    steps = a_schedule(
        a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign, cast.mei
    )
    spans = {"Overdue": -3, "Today": 0, "This week": 3, "Later": 12}
    for step, shift in zip(steps, spans.values(), strict=False):
        step.state, step.name, step.holder, step.court = "in_progress", f"in {shift}", cast.jonas, "ours"
        step.due_on = step.ends_on = MONDAY + days(shift)
        step.starts_on = min(step.starts_on, step.ends_on)
        step.keep(by=cast.mei, reason="test")
    shown = desk(login(cast.jonas))
    assert {title: f"in {shift}" in group(shown, title) for title, shift in spans.items()} == dict.fromkeys(spans, True)


def test_a_brief_that_is_not_complete_says_what_is_missing_and_leads_to_where_it_is_written(cast, clients, login):
    bank = Brief.objects.get(client=clients["NOR"])
    answer = login(cast.jonas).get("/")
    line = next(it for it in answer.context["needs_me"] if it == bank)
    assert (line.next_moves, line.link.url) == ([], reverse("brief_edit", args=[bank.pk]))
    assert "still missing: budget figure, market plan" in " ".join(answer.content.decode().split())


def test_a_coordinator_thinks_in_hand_offs_requests_late_due_blocked_and_unassigned(cast, login):
    titles = [str(it.title) for it in desk(login(cast.rafael))["groups"]]
    assert titles[:2] == ["Hand-offs to check", "Requests to answer"]
    assert group(desk(login(cast.rafael)), "Requests to answer") == ["Rearrangement of “Shoot”"]
    shown = desk(login(cast.mei))
    assert [str(it.title) for it in shown["groups"]] == ["Late", "Due today", "Blocked", "Unassigned"]
    lines = [line.pk for it in shown["groups"] for line in it.lines]
    assert len(lines) == len(set(lines))
    assert group(shown, "Late") == ["Placement plan and specs from publishers", "Final artwork", "Client confirms draft"]
    assert shown["groups"][0].lines[0].link.label == "Name owner"


def test_a_coordinator_sees_who_is_wanted_in_two_places_and_whom_to_chase(cast, login):
    shown = desk(login(cast.mei))
    assert [it.person for it in shown["clashes"]] == [cast.noor, cast.sven]
    noors = shown["clashes"][0]
    assert {step.client.code for step in noors.steps} >= {"HRB", "VOL"} and noors.day.wanted > noors.day.free
    assert [(it.person, it.count) for it in shown["chase"]] == [(None, 1), (cast.jonas, 1), (cast.felix, 1)]
    assert [it.client.code for it in shown["hot"]][:3] == ["SOL", "PAL", "GRE"]


def test_a_coordinator_sees_what_lies_between_two_desks(cast, login):
    answer = login(cast.mei).get("/")
    longest = answer.context["between"][0]
    assert (longest.client.code, longest.between[1]) == ("SOL", "Returned, not done again")
    assert answer.context["between_count"] == 3
    assert "Between two desks" in answer.content.decode()


@pytest.mark.parametrize(("name", "told"), [("mei", True), ("ingrid", True), ("omar", False), ("lucia", False)])
def test_whoever_arranges_the_work_reads_a_week_ahead_who_is_away(name, told, cast, login, monday):
    monday.move_to(datetime(2026, 12, 3, 10, 0, tzinfo=UTC))
    page = login(getattr(cast, name)).get("/")
    assert [it.person for it in page.context.get("away", [])] == [cast.rafael] * told
    assert ("away from" in page.content.decode() or "7–11 Dec" in page.content.decode()) is told


def test_a_supervisor_sees_who_of_the_group_is_wanted_for_more_than_there_is(cast, login):
    for code in ("HRB", "SOL"):
        step = Step.objects.filter(client__code=code, state="planned").first()
        step.person, step.kind, step.starts_on, step.ends_on = cast.jonas, "work", MONDAY, MONDAY
        step.keep(by=cast.mei, reason="test")
    assert [(it.person, it.day.wanted >= 200) for it in desk(login(cast.omar))["clashes"]] == [(cast.jonas, True)]
    assert desk(login(cast.ingrid))["clashes"] == []


def test_the_minister_sees_what_is_stuck_with_whom_and_which_client_lacks_somebody(cast, login):
    shown = desk(login(cast.helena))
    assert [it.person for it in shown["chase"]] == [None, cast.jonas, cast.amina, cast.felix]
    assert [(client.code, client.lacks) for client in shown["lacking"]] == [
        ("BRI", "nobody serves it"), ("KES", "nobody serves it"),
    ]  # fmt: skip
    assert shown["lacking_count"] == 2
    assert {it["level"]: it["n"] for it in shown["levels"]} == {"late": 3, "risk": 3, "done": 1, "draft": 3}


def test_a_supervisor_sees_the_groups_late_steps_and_its_load_and_no_other_groups(cast, login):
    shown = desk(login(cast.omar))
    assert {line.client.group.name for line in shown["stuck"]} == {"North"}
    own = Step.objects.visible_to(cast.omar).open()
    assert {row["person"]: row["open"] for row in shown["load"]} == {
        person: own.filter(person=person).count() for person in Person.objects.filter(steps__in=own).distinct()
    }


def test_whoever_serves_a_client_waits_for_all_of_its_answers(cast, login):
    for person in (cast.jonas, cast.tomas):
        line = next(it for it in desk(login(person))["waits_for"] if it.court == "client")
        assert (str(line), line.client.code, line.waited) == ("Client confirms draft", "PAL", 3)
        assert line.link.url == "/clients/PAL/#contacts"
    line = next(it for it in desk(login(cast.jonas))["waits_for"] if it.court == "ours")
    assert line.link.url == "mailto:david@quill-harbour.example?subject=SOL%20Winter%20vitamins%3A%20shelf%20and%20page"


@pytest.mark.parametrize("name", ["helena", "omar", "ingrid", "marta", "david", "lucia", "tomas", "priya", "jonas", "amina",
                                  "mei", "rafael", "felix", "noor", "sven"])  # fmt: skip
def test_the_one_button_is_the_move_that_the_records_own_page_would_offer(name, cast, login):
    person = getattr(cast, name)
    for line in desk(login(person))["needs_me"]:
        if line.next_moves:
            fresh = type(line).objects.get(pk=line.pk)
            assert line.next_moves == fresh.moves_open_to(person)[:1]


def test_a_move_made_on_the_desk_leads_back_to_it(cast, login):
    browser = login(cast.david)
    line = next(it for it in desk(browser)["needs_me"] if isinstance(it, Brief))
    where = f"{line.get_absolute_url()}move/accept_without_playback/"
    assert f'action="{where}"' in browser.get("/").content.decode()
    answer = browser.post(where, {"seen": line.version, "reason": PHONED}, headers={"referer": "http://testserver/"})
    assert (answer.status_code, answer.url) == (302, "/")
    assert line not in desk(browser)["needs_me"]


def test_nobody_is_offered_to_accept_what_he_wrote(cast, clients, login):
    brief = a_brief(clients["HRB"], cast.marta)
    brief.submit(by=cast.jonas)
    brief.holder = cast.marta
    brief.keep(by=cast.mei, reason="handed over by hand")
    line = next(it for it in desk(login(cast.marta))["needs_me"] if it == brief)
    assert [it.name for it in line.next_moves] == ["return_to_writer"]


# Health


def health_of(client, person):
    return with_health([client], person, MONDAY)[0].health


def test_a_client_is_as_well_as_its_worst_condition_and_says_why(cast, clients):
    told = {code: (health_of(clients[code], cast.helena).level, health_of(clients[code], cast.helena).text) for code in clients}
    assert told["SOL"] == (
        "late", "1 step late: Final artwork, 2 working days; 1 step blocked: Colour proof made should have begun Fri 20 Nov."
    )  # fmt: skip
    assert told["PAL"][0] == "late"
    assert told["PAL"][1].startswith("Client’s answer to Client confirms draft overdue since Fri 20 Nov")
    assert told["HRB"] == ("risk", "1 step at risk: Posters delivered to media owner, due Thu 26 Nov.")
    assert told["VOL"] == ("risk", "Brief “Voltane Arc for fleets” overdue since Fri 20 Nov.")
    assert told["TER"] == ("done", "0 of 18 steps checked, nothing late.")
    assert told["NOR"] == ("draft", "No work schedule yet.")


def test_a_step_counts_once_under_the_first_condition_it_meets(cast, clients):
    steps = list(Step.objects.filter(client=clients["TER"]).order_by("position")[:3])
    for n, step in enumerate(steps):
        step.state, step.starts_on, step.ends_on = "planned", date(2026, 11, 16), date(2026, 11, 17 + n)
        step.court = "ours" if n < 2 else "client"
        step.keep(by=cast.rafael, reason="test")
    reasons = [str(reason) for reason in health_of(clients["TER"], cast.helena).reasons]
    assert reasons == [
        f"2 steps late: {steps[0].name}, 4 working days",
        f"client’s answer to {steps[2].name} overdue since Thu 19 Nov",
    ]


def test_a_plan_that_waits_too_long_is_a_risk(cast, clients, monday):
    plan = a_plan(an_accepted_brief(clients["NOR"], writer=cast.jonas, acceptor=cast.david), cast.david)
    plan.submit(by=cast.david)
    assert health_of(clients["NOR"], cast.helena).level == "draft"
    health = with_health([clients["NOR"]], cast.helena, date(2026, 11, 26))[0].health
    assert (health.level, str(health.reasons[-1])) == ("risk", "plan of Crackers overdue since Tue 24 Nov")


def test_the_worst_stand_first_and_every_client_has_its_reasons(cast, login):
    shown = desk(login(cast.helena))["clients"]
    order = ["late", "risk", "done", "draft"]
    levels = [order.index(client.health.level) for client in shown]
    assert levels == sorted(levels)
    assert all(client.health.reasons for client in shown)


def test_desk_clients_page_and_department_show_the_same_health(cast, login):
    browser = login(cast.omar)
    for client in desk(browser)["clients"]:
        assert browser.get(client.get_absolute_url()).context["client"].health.text == client.health.text
        overview = browser.get("/department/").context["overview"]
        assert next(it for it in overview.clients if it == client).health.text == client.health.text


def test_a_condition_has_a_name_of_its_own_and_a_level_that_is_told():
    assert len({it.name for it in CONDITIONS}) == len(CONDITIONS)
    assert {it.level for it in CONDITIONS} <= {"late", "risk"}


# What happened since I last looked


def test_the_mark_moves_with_a_new_visit_and_not_with_a_reload(cast, login, monday):
    browser = login(cast.jonas)
    assert desk(browser)["since"] is None
    came = clock.now()
    monday.shift(20 * MINUTES)
    assert desk(browser)["since"] is None
    monday.shift(20 * MINUTES)
    left = clock.now()
    assert desk(browser)["since"] is None
    monday.shift(31 * MINUTES)
    since = desk(browser)["since"]
    assert came < since
    assert abs((since - left).total_seconds()) < MINUTES
    monday.shift(5 * MINUTES)
    assert desk(browser)["since"] == since


def test_a_page_fetched_ahead_or_only_asked_about_is_no_look(cast, login, monday):
    browser = login(cast.jonas)
    desk(browser)
    kept = Habit.objects.read(cast.jonas, "looked:desk")
    monday.shift(40 * MINUTES)
    browser.head("/")
    for headers in ({"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}):
        desk(browser, **headers)
    assert Habit.objects.read(cast.jonas, "looked:desk") == kept
    desk(browser)
    assert Habit.objects.read(cast.jonas, "looked:desk") != kept


def test_what_others_did_since_then_is_new_and_ones_own_doings_are_left_out(cast, clients, login, monday):
    browser = login(cast.jonas)
    desk(browser)
    monday.shift(60 * MINUTES)
    brief = a_brief(clients["HRB"], cast.jonas)
    brief.submit(by=cast.jonas)
    brief.accept_without_playback(by=cast.marta, reason=PHONED)
    answer = browser.get("/")
    new = [(event.actor, event.verb) for event in answer.context["happened"] if event.is_new]
    assert new == [(cast.marta, "accept_without_playback")]
    assert "new since 10:00" in answer.content.decode()
    assert cast.jonas not in {event.actor for event in answer.context["happened"]}


def test_a_habit_that_somebodys_hand_has_spoilt_counts_as_none(cast, login):
    for spoilt in ("x", [1], {"at": 3, "since": "never"}):
        Habit.objects.keep(cast.jonas, "looked:desk", spoilt)
        assert desk(login(cast.jonas))["since"] is None


@pytest.mark.parametrize("name", [*ROLES, "noor", "petra", "ida", "admin"])
def test_an_event_is_told_exactly_to_those_who_see_its_record(name, cast):
    person = getattr(cast, name)
    by_record = Event.objects.none()
    for model in business_models():
        seen = model.objects.visible_to(person)
        by_record |= Event.objects.filter(content_type__model=model._meta.model_name, object_id__in=seen.values("pk"))
    assert set(Event.objects.visible_to(person)) == set(by_record)


@pytest.mark.parametrize("name", ["helena", "omar", "jonas", "mei"])
def test_the_latest_are_found_without_looking_at_all_the_past(name, cast, login):
    person = getattr(cast, name)
    latest = told_to(person).exclude(actor=person).order_by("-at", "-pk")[:10]
    assert [event.pk for event in desk(login(person))["happened"]] == [event.pk for event in latest]


@pytest.mark.parametrize("name", ["helena", "jonas", "felix", "admin"])
def test_the_pages_of_what_happened_hold_everything_once(name, cast, login):
    person, browser, found, address = getattr(cast, name), login(getattr(cast, name)), [], "/happened/"
    while address:
        page = browser.get(address).context["page"]
        found += [event.pk for event in page]
        address = page.older and f"/happened/{page.older}"
    assert found == list(told_to(person).order_by("-pk").values_list("pk", flat=True))


def test_what_happened_can_be_asked_of_one_client_and_not_of_a_strangers(cast, login):
    browser = login(cast.jonas)
    page = browser.get("/happened/?client=PAL").context["page"]
    assert {event.client.code for event in page} == {"PAL"}
    for asked in ("VOL", "XXX"):
        answer = browser.get(f"/happened/?client={asked}")
        assert (answer.status_code, len(answer.context["page"])) == (200, 0)
        assert "cannot be answered" in answer.content.decode()
    assert browser.get("/happened/?after=invented").status_code == 400


# Nothing of another's, and the same cost however large the agency

TOLD = (
    "needs_me",
    "waits_for",
    "clients",
    "levels",
    "figures",
    "happened",
    "stuck",
    "load",
    "campaigns",
    "chase",
    "hot",
    "shared",
    "clashes",
    "between",
    "away",
)


@pytest.mark.parametrize("name", one_of_each(["omar", "marta", "tomas", "jonas", "noor", "ida"], "jonas", "noor"))
def test_trouble_with_a_strangers_client_changes_nothing_on_a_desk(name, cast, clients, login):
    browser, canary = login(getattr(cast, name)), clients["TER"]
    before = told(desk(browser))
    brief = an_accepted_brief(canary, writer=cast.amina, acceptor=cast.lucia, title="Kanarienvogel")
    a_brief(canary, cast.amina, title="Kanarienvogel waits").submit(by=cast.amina)
    steps = a_schedule(a_plan(brief, cast.lucia, name="Kanarienvogel").campaign, cast.rafael)
    for step in steps:
        step.name, step.starts_on, step.ends_on = "Kanarienvogel", date(2026, 11, 2), date(2026, 11, 3)
        step.keep(by=cast.rafael, reason="Kanarienvogel")
    answer = browser.get("/")
    assert told(answer.context) == before
    for address in ("/", "/happened/"):
        assert "Kanarienvogel" not in browser.get(address).content.decode()
    assert "Kanarienvogel" in login(cast.lucia).get("/").content.decode()
    assert desk(login(cast.ingrid))["figures"] != before


def told(shown):
    """Everything on a desk that could tell of a client, in words."""
    found = {name: shown.get(name) for name in TOLD if shown.get(name) is not None}
    return {name: [str(each) if not isinstance(each, dict) else each for each in rows] for name, rows in found.items()}


@pytest.fixture
def cost(cast, login):
    """How many queries the desk of somebody costs."""

    def asked(name):
        browser = login(getattr(cast, name))
        browser.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/").status_code == 200
        return len(seen)

    return asked


MOST_QUERIES = 90


@pytest.mark.thorough
def test_a_desk_costs_the_same_however_large_the_agency_is(cast, cost):
    long_ago = MONDAY - days(90)
    demo = {name: cost(name) for name in ROLES}
    once = Crowd(told_until=long_ago, clients=4, campaigns=4).come()
    crowded = {name: cost(name) for name in ROLES}
    Crowd(told_until=long_ago, first=len(once.made_clients), clients=8, campaigns=4, members=8).come()
    assert Client.objects.count() == 11 + 8 + 16
    fuller = {name: cost(name) for name in ROLES}
    assert all(fuller[name] <= crowded[name] for name in ROLES), fuller  # fewer where fewer kinds of record come first
    assert all(demo[name] <= crowded[name] for name in ROLES), demo
    assert max(crowded.values()) <= MOST_QUERIES, crowded


def test_clients_by_the_dozen_have_their_health_at_the_price_of_one(cast):
    crowd = Crowd(clients=6).come()

    def price(clients):
        with one_look(), CaptureQueriesContext(connection) as seen:
            with_health(clients, cast.helena, MONDAY)
        return len(seen)

    assert price(crowd.made_clients) == price(crowd.made_clients[:1]) <= 14


def test_an_inbox_stops_at_its_limit(cast):
    Crowd().come()
    assert [len(Inbox(cast.mei, most=most).needs_me()) for most in (1, 2)] == [1, 2]
