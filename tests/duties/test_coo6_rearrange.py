"""COO6: the coordinator moves a step with everything behind it, after having seen what moves; the others ask."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.models import Absence
from campaigns.models import Rearrangement, Step
from reminders.models import Notice

REASON = "The press stands still until Wednesday week."


@pytest.fixture
def printing(cast):
    """The print run of Sunday Loaf, 19–25 November; behind it the delivery (26) and the posting (4–7 December)."""
    return Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")


def page(step):
    return f"/steps/{step.pk}/rearrange/"


def typed(step, day="2026-12-02", reason=REASON, **more):
    return {"token": str(uuid4()), "seen": step.campaign.version, "to_start": day, "reason": reason, **more}


def days(campaign):
    return list(campaign.steps.order_by("position").values_list("starts_on", "ends_on"))


def test_the_preview_tells_every_step_that_moves_what_breaks_and_who_is_told_and_moves_nothing(cast, printing, login):
    before = days(printing.campaign)
    answer = login(cast.mei).post(page(printing), typed(printing, preview="1"))
    assert answer.status_code == 200
    moved = [(str(it.step), it.old_first, it.new_first, it.new_last) for it in answer.context["changes"]]
    assert moved == [
        ("Print run", date(2026, 11, 19), date(2026, 12, 2), date(2026, 12, 8)),
        ("Posters delivered to media owner", date(2026, 11, 26), date(2026, 12, 9), date(2026, 12, 9)),
        ("In charge (posted); site inspection photos", date(2026, 12, 4), date(2026, 12, 16), date(2026, 12, 17)),
    ]
    text = answer.content.decode()
    assert "“Posters delivered to media owner” would end on Wed 9 Dec; the latest day allowed is Thu 26 Nov." in text
    assert answer.context["told"] == [cast.noor, cast.sven]
    assert "Move 3 steps" in text
    assert days(printing.campaign) == before
    assert not Rearrangement.objects.filter(step=printing).exists()


def test_what_was_confirmed_is_carried_out_in_one_change_and_told_once_to_each(cast, printing, login):
    browser = login(cast.mei)
    shown = browser.post(page(printing), typed(printing, preview="1"))
    fields = dict(
        re.findall(r'<input type="hidden" name="(token|seen|to_start|reason)" value="([^"]*)"', shown.content.decode())
    )
    assert browser.post(page(printing), {**fields, "confirm": "1"}).status_code == 302
    printing.refresh_from_db()
    assert (printing.starts_on, printing.ends_on, printing.due_on) == (date(2026, 12, 2), date(2026, 12, 8), date(2026, 12, 8))
    wish = Rearrangement.objects.get(step=printing)
    assert (wish.state, wish.reason, len(wish.moved)) == ("done", REASON, 3)
    for person, step in ((cast.noor, printing), (cast.sven, printing.campaign.steps.last())):
        notice = Notice.objects.filter(recipient=person, text__startswith="Mei Lin rearranged").latest("pk")
        assert notice.path == step.get_absolute_url()
        assert login(person).get(notice.path).status_code == 200


def test_a_double_click_moves_once(cast, printing, login):
    browser, form = login(cast.mei), typed(printing, confirm="1")
    assert browser.post(page(printing), form).status_code == 302
    assert browser.post(page(printing), form).status_code == 302
    assert Rearrangement.objects.filter(step=printing).count() == 1


def test_who_confirms_a_preview_that_has_grown_old_is_told_what_happened_and_moves_nothing(cast, printing, login):
    old = typed(printing, day="2026-12-09", confirm="1")
    login(cast.rafael).post(page(printing), typed(printing, confirm="1"))
    answer = login(cast.mei).post(page(printing), old)
    assert answer.status_code == 409
    assert "Rafael Costa rearranged the work schedule" in answer.content.decode()
    printing.refresh_from_db()
    assert printing.starts_on == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("step", "day", "sentence"),
    [
        ("Print run", "2026-11-20", "That day has passed"),
        ("Print run", "0001-01-01", "from last year to five years ahead"),
        ("Print run", "9999-12-31", "from last year to five years ahead"),
        ("Print run", "31 February", "Enter a valid date"),
        ("Print run", "", "This field is required"),
        ("Posters delivered to media owner", "2026-11-24", "allow it to begin on Thu 26 Nov 2026 at the earliest"),
        ("Posters delivered to media owner", "2026-11-26", "Nothing would move"),
        ("Final artwork per format", "2026-12-02", "is done; only open steps can be moved"),
    ],
)
@pytest.mark.parametrize("button", ["preview", "confirm"])
def test_a_day_that_cannot_be_is_refused_beside_the_form_and_nothing_typed_is_lost(step, day, sentence, button, cast, login):
    step = Step.objects.get(campaign__job_number="HRB-26-014", name=step)
    before = days(step.campaign)
    answer = login(cast.mei).post(page(step), typed(step, day=day, **{button: "1"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert REASON in text
    assert days(step.campaign) == before


def test_nothing_moves_without_a_reason(cast, printing, login):
    answer = login(cast.mei).post(page(printing), typed(printing, reason="  ", confirm="1"))
    assert answer.status_code == 422
    assert not Rearrangement.objects.filter(step=printing).exists()


@pytest.mark.parametrize("field", ["token", "seen"])
@pytest.mark.parametrize("value", ["", "x", "-5", "9" * 40])
def test_a_form_that_was_tampered_with_moves_nothing_and_breaks_nothing(field, value, cast, printing, login):
    answer = login(cast.mei).post(page(printing), {**typed(printing, confirm="1"), field: value})
    assert answer.status_code in ({302} if (field, value) == ("seen", "") else {409, 422})


@pytest.mark.parametrize("name", ["marta", "tomas", "jonas", "noor"])
def test_who_may_not_move_asks_and_the_coordinator_hears_of_it(name, cast, printing, login):
    person, before = getattr(cast, name), days(printing.campaign)
    assert login(person).post(page(printing), typed(printing, confirm="1")).status_code == 302
    wish = Rearrangement.objects.get(step=printing)
    assert (wish.state, wish.created_by, wish.holder) == ("asked", person, cast.mei)
    assert days(printing.campaign) == before
    assert Notice.objects.filter(recipient=cast.mei, text__contains=REASON).count() == 1


@pytest.mark.parametrize(("name", "status"), [("lucia", 404), ("amina", 404), ("felix", 404), ("admin", 404), ("sven", 404)])
def test_who_does_not_see_the_step_does_not_find_its_page(name, status, cast, printing, login):
    browser = login(getattr(cast, name))
    assert browser.get(page(printing)).status_code == status
    assert browser.post(page(printing), typed(printing, confirm="1")).status_code == status


def test_the_next_owner_sees_the_step_before_his_but_does_not_ask_to_move_it(cast, printing, login):
    printing.successors.get().give_to(by=cast.mei, person=cast.sven)
    assert login(cast.sven).get(page(printing)).status_code == 403
    assert login(cast.sven).post(page(printing), typed(printing, confirm="1")).status_code == 403


def test_a_member_who_asks_is_not_shown_the_steps_of_others(cast, printing, login):
    answer = login(cast.noor).post(page(printing), typed(printing, preview="1"))
    assert answer.context["changes"] == []
    assert "In charge" not in answer.content.decode()
    assert "In charge" not in login(cast.noor).get(page(printing) + "?to_start=2026-12-02").content.decode()


@pytest.fixture
def wish(cast, printing):
    return Rearrangement.ask(step=printing, to_start=date(2026, 12, 2), reason=REASON, by=cast.jonas, token=uuid4())


def answer_to(browser, wish, name, reason="", seen=None):
    return browser.post(f"/rearrangements/{wish.pk}/move/{name}/", {"seen": seen or wish.version, "reason": reason})


def test_the_coordinator_grants_on_the_page_of_the_step_and_the_work_moves(cast, printing, wish, login):
    browser = login(cast.mei)
    text = browser.get(printing.get_absolute_url()).content.decode()
    assert "Jonas Weber asks to begin on Wed 2 Dec" in text
    assert f"{page(printing)}?to_start=2026-12-02" in text
    assert answer_to(browser, wish, "grant").status_code == 302
    printing.refresh_from_db()
    assert printing.starts_on == date(2026, 12, 2)
    assert Notice.objects.filter(recipient=cast.jonas, text__contains="granted").count() == 1


def test_the_coordinator_declines_with_a_reason_and_nothing_moves(cast, printing, wish, login):
    assert answer_to(login(cast.mei), wish, "decline").status_code == 422
    assert answer_to(login(cast.mei), wish, "decline", reason="The site is booked.").status_code == 302
    printing.refresh_from_db()
    assert printing.starts_on == date(2026, 11, 19)
    assert Notice.objects.filter(recipient=cast.jonas, text__contains="The site is booked.").count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("jonas", 403), ("marta", 403), ("noor", 403), ("ingrid", 404), ("lucia", 404), ("ida", 404)]
)
def test_nobody_grants_a_wish_but_coordinator_supervisor_and_minister(name, status, cast, printing, wish, login):
    assert answer_to(login(getattr(cast, name)), wish, "grant").status_code == status
    wish.refresh_from_db()
    assert wish.state == "asked"


def test_a_wish_is_answered_once(cast, wish, login):
    seen = wish.version
    answer_to(login(cast.mei), wish, "grant", seen=seen)
    answer = answer_to(login(cast.omar), wish, "decline", reason="No", seen=seen)
    assert answer.status_code == 409
    assert "Mei Lin granted the rearrangement" in answer.content.decode()


def test_a_wish_whose_day_has_become_impossible_is_refused_with_a_sentence(cast, printing, wish, login):
    printing.report_done(by=cast.noor)
    answer = answer_to(login(cast.mei), wish, "grant")
    assert answer.status_code == 422
    assert "is done; only open steps can be moved" in answer.content.decode()


# Taking it back


def undone(browser, wish, **more):
    at = f"/rearrangements/{wish.pk}/move/undo_carry_out/"
    return browser.post(at, {"seen": Rearrangement.objects.get(pk=wish.pk).version, **more})


@pytest.fixture
def carried_out(cast, printing, login):
    """Mei has moved the print run and all behind it; what the days were before."""
    before, browser = days(printing.campaign), login(cast.mei)
    page_after = browser.post(page(printing), typed(printing, cause="supplier", confirm="1"), follow=True)
    return before, Rearrangement.objects.get(step=printing), page_after.content.decode()


def test_a_rearrangement_is_taken_back_whole_and_those_concerned_are_told_again(cast, printing, carried_out, login):
    before, wish, told = carried_out
    assert f"/rearrangements/{wish.pk}/move/undo_carry_out/" in told
    assert wish.cause == "supplier"
    assert days(printing.campaign) != before
    assert undone(login(cast.mei), wish).status_code == 302
    assert days(printing.campaign) == before
    wish.refresh_from_db()
    assert (wish.state, wish.moved) == ("not_done", [])
    for person in (cast.noor, cast.sven):
        assert Notice.objects.filter(recipient=person, text__contains="took a rearrangement").count() == 1
    assert undone(login(cast.mei), wish).status_code == 409


def test_once_somebody_works_on_a_moved_step_the_rearrangement_stays(cast, printing, carried_out, login):
    before, wish, _told = carried_out
    step = Step.objects.get(pk=printing.pk)
    step.report_done(by=cast.noor)
    answer = undone(login(cast.mei), wish)
    assert answer.status_code == 422
    assert "has been worked on since" in answer.content.decode()
    assert days(printing.campaign) != before


def test_nor_does_it_go_back_after_a_quarter_of_an_hour_or_by_somebody_else(cast, printing, carried_out, login, monday):
    before, wish, _told = carried_out
    assert undone(login(cast.helena), wish).status_code == 409
    monday.shift(timedelta(minutes=16))
    assert undone(login(cast.mei), wish).status_code == 422
    assert days(printing.campaign) != before


def test_a_granted_request_taken_back_waits_for_another_answer(cast, printing, login):
    before = days(printing.campaign)
    wish = Rearrangement.ask(step=printing, to_start=date(2026, 12, 2), reason="Ink", by=cast.marta, token=uuid4())
    wish.grant(by=cast.mei)
    assert days(printing.campaign) != before
    wish.undo_grant(by=cast.mei)
    assert (wish.state, days(printing.campaign)) == ("asked", before)


def test_moved_earlier_the_steps_behind_follow_only_where_it_is_asked(cast, printing, login):
    browser = login(cast.mei)
    browser.post(page(printing), typed(printing, confirm="1"))
    printing.refresh_from_db()
    printing.campaign.refresh_from_db()
    back = typed(printing, day="2026-11-25", preview="1")
    alone = browser.post(page(printing), back).context["changes"]
    together = browser.post(page(printing), {**back, "pull": "on"}).context["changes"]
    assert [str(it.step) for it in alone] == ["Print run"]
    assert len(together) == 3
    fields = {**back, "pull": "on", "confirm": "1"}
    assert browser.post(page(printing), fields).status_code == 302
    assert Rearrangement.objects.filter(step=printing, wanted__pull=True).count() == 1


def test_the_preview_names_who_is_away_or_overbooked_on_the_new_days(cast, printing, login):
    Absence.enter(first=date(2026, 12, 2), last=date(2026, 12, 4), kind="holiday", by=cast.noor, token=uuid4())
    text = login(cast.mei).post(page(printing), typed(printing, preview="1")).content.decode()
    assert "Noor" in text.split("What breaks")[1].split("Who will be told")[0]
    assert "is away on" in text
