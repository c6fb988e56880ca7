"""MIN6: the minister assigns clients; a seat passes with its open work and a note, and access changes at once, both ways."""

import pytest

from campaigns.models import Plan, Step
from clients.models import Assignment, Event
from desk.handover import hand_over, vacate
from reminders.models import Letter, Notice
from tests.records import PHONED, a_brief, a_plan, a_schedule, an_accepted_brief


def assign(browser, code="HRB", **form):
    return browser.post(f"/clients/{code}/assign/", {"note": "", "until": "", **form})


@pytest.fixture
def steps(cast, clients):
    """A print job of Hollin & Rye; its first step is Jonas's."""
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    return a_schedule(plan.campaign, cast.mei)


def test_the_director_seat_passes_and_access_changes_with_the_next_request(cast, clients, login):
    assert login(cast.david).get("/clients/HRB/").status_code == 404
    answer = assign(login(cast.helena), seat="director", person=cast.david.pk, note="Clara likes short calls.")
    assert answer.status_code == 302
    assert login(cast.david).get("/clients/HRB/").status_code == 200
    assert login(cast.marta).get("/clients/HRB/").status_code == 404
    assert "HRB" not in [client.code for client in login(cast.marta).get("/").context["clients"]]


def test_who_served_whom_stays_readable_with_the_note(cast, clients, login):
    assign(login(cast.helena), seat="director", person=cast.david.pk, note="Clara likes short calls.")
    page = login(cast.helena).get("/clients/HRB/")
    served = [(seat.person.username, seat.seat, bool(seat.ended_at)) for seat in page.context["served"]]
    assert ("david", "director", False) in served
    assert ("marta", "director", True) in served
    assert "Clara likes short calls." in page.content.decode()
    event = Event.objects.about(clients["HRB"]).get(verb="assigned", reason="Clara likes short calls.")
    assert (event.actor, event.details["person"], event.details["from_person"]) == (cast.helena, cast.david.pk, cast.marta.pk)


def test_the_new_holder_is_told(cast, clients, login):
    assign(login(cast.helena), seat="director", person=cast.david.pk)
    text = Notice.objects.filter(recipient=cast.david, kind="clients.seat_news").latest("pk").text
    assert text == "Helena Brandt gave you a seat on HRB Hollin & Rye Bakeries: Account director."


@pytest.mark.parametrize("name", ["omar", "marta", "mei", "jonas"])
def test_nobody_but_the_minister_assigns(name, cast, clients, login):
    browser = login(getattr(cast, name))
    assert browser.get("/clients/HRB/assign/").status_code == 403
    assert assign(browser, seat="director", person=cast.david.pk).status_code == 403
    assert clients["HRB"].holder_of("director") == cast.marta


def test_a_salesmans_guide_gets_a_seat_with_the_same_step_or_the_salesman_gets_none(cast, clients, login):
    """Amina's guide is Priya, who has no seat on Hollin & Rye."""
    browser = login(cast.helena)
    answer = assign(browser, seat="salesman", person=cast.amina.pk, note="Keep my note")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Priya Nair guides Amina Diallo and has no seat on HRB" in page
    assert 'name="guide_too"' in page
    assert "Keep my note" in page
    assert clients["HRB"].holder_of("salesman") == cast.jonas
    assert assign(browser, seat="salesman", person=cast.amina.pk, guide_too="on").status_code == 302
    assert clients["HRB"].holder_of("salesman") == cast.amina
    assert clients["HRB"].holder_of("guide") == cast.priya


def test_the_checkbox_for_the_guide_is_not_there_where_nobody_needs_it(cast, login):
    assert 'name="guide_too"' not in login(cast.helena).get("/clients/HRB/assign/").content.decode()


def test_open_steps_pass_to_the_new_salesman_and_what_is_checked_stays(steps, cast, clients, login):
    own = [step for step in steps if step.person == cast.jonas]
    own[0].start(by=cast.jonas)
    own[0].report_done(by=cast.jonas)
    own[0].check_without_takeover(by=cast.mei, reason="Seen on the telephone.")
    assign(login(cast.helena), seat="salesman", person=cast.amina.pk, guide_too="on")
    assert Step.objects.get(pk=own[0].pk).person == cast.jonas
    later = Step.objects.filter(pk__in=[step.pk for step in own[1:]])
    assert later.count() >= 2
    assert {step.person for step in later} == {cast.amina}
    assert {step.holder for step in later} == {cast.amina}
    assert not Step.objects.filter(client=clients["HRB"], holder=cast.jonas).exclude(court="nobody").exists()


def test_a_step_reported_done_finds_the_new_owner_if_it_is_returned(steps, cast, clients):
    first, taker = steps[0], steps[0].next_owner
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    hand_over(clients["HRB"], person=cast.amina, seat="salesman", by=cast.helena, guide_too=True)
    first.refresh_from_db()
    assert (first.state, first.person) == ("done", cast.amina)
    if taker:
        first.hand_back(by=cast.mei, reason="The budget is missing.")
        assert (first.state, first.holder) == ("in_progress", cast.amina)


def test_briefs_and_plans_that_wait_for_the_director_wait_for_the_new_one(cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    brief.submit(by=cast.jonas)
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    assign(login(cast.helena), seat="director", person=cast.david.pk)
    brief.refresh_from_db()
    assert (brief.holder, brief.state) == (cast.david, "submitted")
    assert Plan.objects.get(pk=plan.pk).holder == cast.david
    assert brief in login(cast.david).get("/").context["needs_me"]
    brief.accept_without_playback(by=cast.david, reason=PHONED)
    assert brief.state == "accepted"


def test_a_brief_returned_after_the_handover_reaches_who_serves_the_client_now(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas)
    brief.submit(by=cast.jonas)
    hand_over(clients["HRB"], person=cast.amina, seat="salesman", by=cast.helena, guide_too=True)
    brief.return_to_writer(by=cast.marta, reason="Name the competitors.")
    assert brief.holder == cast.amina


def test_a_handover_that_is_refused_changes_nothing(steps, cast, clients, login):
    before = list(Assignment.objects.filter(client=clients["HRB"]).values_list("pk", "ended_at"))
    assert assign(login(cast.helena), seat="salesman", person=cast.amina.pk).status_code == 422
    assert list(Assignment.objects.filter(client=clients["HRB"]).values_list("pk", "ended_at")) == before
    assert {step.person for step in Step.objects.filter(pk__in=[it.pk for it in steps])} == {step.person for step in steps}


@pytest.mark.parametrize(
    "wrong",
    [
        {"seat": "director", "person": "jonas"}, {"seat": "salesman", "person": "marta"}, {"seat": "cover", "person": "david"},
        {"seat": "director", "person": "david", "until": "2027-01-01"},
        {"seat": "guide", "person": "david", "until": "2026-11-01"},
        {"seat": "throne", "person": "david"}, {"seat": "director", "person": "mei"}, {"seat": "director", "person": "marta"},
        {"seat": "director", "person": "david", "note": "x" * 4001}, {"seat": "cover", "person": "david", "until": "soon"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_a_sentence(wrong, cast, clients, login):
    wrong = {**wrong, "person": getattr(cast, wrong["person"]).pk}
    answer = assign(login(cast.helena), **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert clients["HRB"].holder_of("director") == cast.marta


def test_a_cover_ends_with_its_last_day(cast, clients, monday, login):
    assign(login(cast.helena), seat="cover", person=cast.david.pk, until="2026-11-24")
    assert login(cast.david).get("/clients/HRB/").status_code == 200
    monday.shift(86400)
    assert login(cast.david).get("/clients/HRB/").status_code == 200
    monday.shift(86400)
    assert login(cast.david).get("/clients/HRB/").status_code == 404


def test_a_seat_ends_only_with_a_reason_and_leaves_the_open_steps_without_an_owner(steps, cast, clients, login):
    seat = Assignment.objects.get(client=clients["HRB"], seat="salesman", ended_at=None)
    browser, address = login(cast.helena), f"/clients/HRB/seats/{seat.pk}/end/"
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert browser.post(address, {"reason": "Jonas moves to media."}).status_code == 302
    assert login(cast.jonas).get("/clients/HRB/").status_code == 404
    assert not Step.objects.exclude(state="checked").filter(client=clients["HRB"], person=cast.jonas).exists()
    assert login(cast.helena).post(address, {"reason": "Again"}).status_code == 404


def test_what_lay_with_who_leaves_goes_to_the_lead(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas)
    seat = Assignment.objects.get(client=clients["HRB"], seat="salesman", ended_at=None)
    vacate(seat, by=cast.helena, reason="Jonas moves to media.")
    brief.refresh_from_db()
    assert brief.holder == cast.marta


def test_a_guide_cannot_be_taken_from_under_a_salesman(cast, clients, login):
    seat = Assignment.objects.get(client=clients["HRB"], seat="manager", ended_at=None)
    answer = login(cast.helena).post(f"/clients/HRB/seats/{seat.pk}/end/", {"reason": "Tomas is full."})
    assert answer.status_code == 422
    assert "Tomas Novak guides a salesman on HRB" in answer.content.decode()


def test_a_seat_of_another_client_does_not_end_here(cast, clients, login):
    seat = Assignment.objects.filter(client=clients["VOL"], ended_at=None).first()
    assert login(cast.helena).post(f"/clients/HRB/seats/{seat.pk}/end/", {"reason": "x"}).status_code == 404
    seat.refresh_from_db()
    assert seat.ended_at is None


def test_whoever_loses_a_seat_is_told_by_letter_because_the_client_is_no_longer_his_to_see(cast, clients, settings):
    settings.EMAIL_BACKEND = "reminders.backend.OutboxBackend"
    hand_over(clients["HRB"], person=cast.david, seat="director", by=cast.helena, note="Marta takes a new client")
    letter = Letter.objects.latest("pk")
    assert (letter.to, letter.subject) == (cast.marta.email, "Your seat on HRB Hollin & Rye Bakeries has ended")
    assert letter.sent_at is None
