"""COO3: steps are handed on from one to the next through their pages, and the coordinator checks every hand-off."""

import pytest

from campaigns.models import Step
from reminders.models import Notice


@pytest.fixture
def printing(cast):
    """The print run of Sunday Loaf: Noor's, in progress; behind it the delivery, given to Sven here."""
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    delivery = step.successors.get()
    delivery.give_to(by=cast.mei, person=cast.sven)
    return step


@pytest.fixture
def press(login):
    """Press a button of a step's page as somebody; gives the answer. `seen`: the version on the page, now unless told."""

    def pressed(person, step, name, reason="", seen=None):
        seen = Step.objects.get(pk=step.pk).version if seen is None else seen
        return login(person).post(f"/steps/{step.pk}/move/{name}/", {"seen": seen, "reason": reason})

    return pressed


def state(step):
    step.refresh_from_db()
    return step.state


def buttons(answer):
    return [it.name for it in answer.context["moves"]]


def test_a_step_walks_from_its_owner_to_the_next_and_is_checked(cast, printing, press):
    assert press(cast.noor, printing, "report_done").status_code == 302
    assert (state(printing), printing.holder) == ("done", cast.sven)
    assert press(cast.sven, printing, "take_over").status_code == 302
    assert (state(printing), printing.holder) == ("taken_over", cast.mei)
    assert press(cast.mei, printing, "check_off").status_code == 302
    assert state(printing) == "checked"
    assert printing.successors.get().state == "ready"
    verbs = list(printing.events().values_list("verb", flat=True)[:3])
    assert verbs == ["check_off", "take_over", "report_done"]


def test_the_next_owner_returns_a_step_with_a_reason_which_its_owner_reads(cast, printing, press, login):
    press(cast.noor, printing, "report_done")
    refused = press(cast.sven, printing, "hand_back")
    assert refused.status_code == 422
    assert "Please give a reason" in refused.content.decode()
    assert state(printing) == "done"
    press(cast.sven, printing, "hand_back", reason="Two sheets are smeared.")
    assert (state(printing), printing.holder) == ("in_progress", cast.noor)
    assert "Two sheets are smeared." in login(cast.noor).get(printing.get_absolute_url()).content.decode()
    assert Notice.objects.filter(recipient=cast.noor, text__contains="Two sheets are smeared.").count() == 1


def test_checking_without_a_take_over_needs_a_reason(cast, printing, press, login):
    press(cast.noor, printing, "report_done")
    assert "check_without_takeover" in buttons(login(cast.mei).get(printing.get_absolute_url()))
    refused = press(cast.mei, printing, "check_off")
    assert refused.status_code == 422
    assert "does not allow “Check” as it stands now" in refused.content.decode()
    assert press(cast.mei, printing, "check_without_takeover").status_code == 422
    assert press(cast.mei, printing, "check_without_takeover", reason="Sven is at the printer's.").status_code == 302
    assert state(printing) == "checked"


def test_nobody_checks_a_step_he_owns(cast, printing, press, login):
    printing.give_to(by=cast.rafael, person=cast.mei)
    press(cast.mei, printing, "report_done")
    press(cast.sven, printing, "take_over")
    assert "check_off" not in buttons(login(cast.mei).get(printing.get_absolute_url()))
    assert press(cast.mei, printing, "check_off").status_code == 403
    assert press(cast.rafael, printing, "check_off").status_code == 302
    assert state(printing) == "checked"


@pytest.mark.parametrize("name", ["marta", "tomas", "jonas", "noor", "sven"])
def test_who_is_neither_coordinator_nor_head_of_the_group_does_not_check(name, cast, printing, press):
    press(cast.noor, printing, "report_done")
    press(cast.sven, printing, "take_over")
    assert press(getattr(cast, name), printing, "check_off").status_code == 403
    assert state(printing) == "taken_over"


@pytest.mark.parametrize("name", ["helena", "omar", "rafael"])
def test_the_minister_the_supervisor_and_any_coordinator_check(name, cast, printing, press):
    press(cast.noor, printing, "report_done")
    press(cast.sven, printing, "take_over")
    assert press(getattr(cast, name), printing, "check_off").status_code == 302


@pytest.mark.parametrize(
    ("name", "status"), [("marta", 403), ("jonas", 403), ("helena", 403), ("lucia", 404), ("felix", 404), ("admin", 404)]
)
def test_only_the_owner_and_the_coordinator_report_a_step_done(name, status, cast, printing, press):
    assert press(getattr(cast, name), printing, "report_done").status_code == status
    assert state(printing) == "in_progress"


def test_the_second_click_tells_what_the_first_did(cast, printing, press):
    seen = Step.objects.get(pk=printing.pk).version
    assert press(cast.noor, printing, "report_done", seen=seen).status_code == 302
    answer = press(cast.noor, printing, "report_done", seen=seen)
    assert answer.status_code == 409
    assert "reported the step done" in answer.content.decode()
    assert printing.events().filter(verb="report_done").count() == 1


@pytest.mark.parametrize("name", ["become_ready", "give_to", "delete", "__init__", "save", "é"])
def test_a_move_that_has_no_button_does_not_exist(name, cast, printing, press):
    assert press(cast.mei, printing, name).status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "1e9", "9" * 30])
def test_a_button_without_a_proper_version_is_refused_with_a_sentence(seen, cast, printing, press):
    answer = press(cast.noor, printing, "report_done", seen=seen)
    assert answer.status_code in {409, 422}
    assert state(printing) == "in_progress"


def test_a_move_is_posted_never_fetched(cast, printing, login):
    assert login(cast.noor).get(f"/steps/{printing.pk}/move/report_done/").status_code == 405


# Who does it


def give(browser, step, username, seen=None):
    seen = Step.objects.get(pk=step.pk).version if seen is None else seen
    return browser.post(f"/steps/{step.pk}/give/", {"seen": seen, "person": username})


def test_the_coordinator_gives_a_step_to_a_member_who_sees_it_from_then_on(cast, printing, login):
    assert login(cast.petra).get(printing.get_absolute_url()).status_code == 404
    assert give(login(cast.mei), printing, "petra").status_code == 302
    assert login(cast.petra).get(printing.get_absolute_url()).status_code == 200
    assert login(cast.noor).get(printing.get_absolute_url()).status_code == 404
    assert Notice.objects.filter(recipient=cast.petra, text__contains="Print run").count() == 1


def test_nobody_is_given_a_step_of_a_client_he_does_not_serve(cast, printing, login):
    answer = give(login(cast.mei), printing, "lucia")
    assert answer.status_code == 422
    assert "Choose somebody who serves this client" in answer.content.decode()
    printing.refresh_from_db()
    assert printing.person == cast.noor


@pytest.mark.parametrize("username", ["nobody", "admin", "x" * 999, "1", "noor' or 1=1"])
def test_an_unknown_owner_is_refused_with_a_sentence(username, cast, printing, login):
    assert give(login(cast.mei), printing, username).status_code == 422


@pytest.mark.parametrize(
    ("name", "status"), [("marta", 302), ("omar", 302), ("jonas", 403), ("tomas", 403), ("noor", 403), ("lucia", 404)]
)
def test_who_may_make_the_schedule_names_the_owners(name, status, cast, printing, login):
    assert give(login(getattr(cast, name)), printing, "petra").status_code == status


def test_a_step_left_without_an_owner_stands_among_the_unassigned(cast, printing, login):
    browser = login(cast.mei)
    assert give(browser, printing, "").status_code == 302
    assert printing in Step.objects.unassigned()


def test_two_who_give_the_same_step_at_once_are_told_of_each_other(cast, printing, login):
    seen = Step.objects.get(pk=printing.pk).version
    give(login(cast.mei), printing, "petra", seen=seen)
    answer = give(login(cast.rafael), printing, "felix", seen=seen)
    assert answer.status_code == 409
    assert "gave the step to a colleague" in answer.content.decode()


# What an insider sees


def test_a_member_sees_his_step_and_the_one_before_it_and_no_more_of_the_campaign(cast, printing, login):
    browser, campaign = login(cast.sven), printing.campaign
    delivery = printing.successors.get()
    text = browser.get(delivery.get_absolute_url()).content.decode()
    assert browser.get(printing.get_absolute_url()).status_code == 200
    for address in (
        campaign.get_absolute_url(),
        f"{campaign.get_absolute_url()}schedule/",
        f"{campaign.get_absolute_url()}plan/edit/",
    ):
        assert browser.get(address).status_code == 404
        assert address not in text
    for hidden in ("144,720", "One in five", "Felix Arnaud", "Marta Kowalska", "Client signs off proof"):
        assert hidden not in text
    assert "Noor Rahman" in text


def test_a_neighbour_behind_is_named_but_not_opened(cast, printing, login):
    text = login(cast.noor).get(printing.get_absolute_url()).content.decode()
    delivery = printing.successors.get()
    assert delivery.name in text
    assert delivery.get_absolute_url() not in text
    assert login(cast.noor).get(delivery.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999999", "9" * 30])
def test_a_step_that_is_not_there_is_404(pk, cast, login):
    for address in (f"/steps/{pk}/", f"/steps/{pk}/rearrange/"):
        assert login(cast.mei).get(address).status_code == 404
    assert login(cast.mei).post(f"/steps/{pk}/give/", {"seen": 1, "person": "noor"}).status_code == 404
