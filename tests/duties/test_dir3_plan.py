"""DIR1, DIR3: the director writes objectives and strategy and submits the plan up the line; another one agrees it."""

from decimal import Decimal

import pytest

from campaigns.models import Plan
from reminders.models import Notice
from tests.records import a_plan, an_accepted_brief


@pytest.fixture
def plan(cast, clients):
    """A plan with words and without a budget: not ready to be submitted."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_plan(brief, cast.marta, budget=None)


def at(plan, more=""):
    return f"/campaigns/{plan.campaign.job_number}/{more}"


def typed(plan, **more):
    seen = Plan.objects.get(pk=plan.pk).version
    return {"seen": seen, "objectives": "Known to one in four.", "strategy": "Posters near schools.", "budget": "61000", **more}


def press(browser, plan, name, reason="", seen=None):
    seen = Plan.objects.get(pk=plan.pk).version if seen is None else seen
    return browser.post(at(plan, f"plan/move/{name}/"), {"seen": seen, "reason": reason})


def now(plan):
    return Plan.objects.get(pk=plan.pk)


def test_what_the_director_writes_is_kept_and_shown(cast, plan, login):
    browser = login(cast.marta)
    assert browser.post(at(plan, "plan/edit/"), typed(plan, save="1")).url == at(plan)
    text = browser.get(at(plan)).content.decode()
    assert "Known to one in four." in text
    assert "61,000.00" in text
    assert (now(plan).state, now(plan).budget) == ("draft", Decimal("61000"))


def test_submitting_without_a_budget_is_refused_with_a_sentence_and_nothing_typed_is_lost(cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, budget="", submit="1"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Still missing: budget." in text
    assert "What you typed is saved; it is not submitted yet." in text
    assert "Known to one in four." in text
    assert (now(plan).state, now(plan).objectives) == ("draft", "Known to one in four.")


def test_the_refused_form_can_be_mended_and_sent_again(cast, plan, login):
    browser = login(cast.marta)
    answer = browser.post(at(plan, "plan/edit/"), typed(plan, budget="", submit="1"))
    seen = answer.context["form"]["seen"].value()
    assert browser.post(at(plan, "plan/edit/"), typed(plan, seen=seen, submit="1")).status_code == 302
    assert (now(plan).state, now(plan).holder) == ("submitted", cast.omar)


def test_words_of_spaces_are_no_objectives(cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, objectives=" \r\n ", submit="1"))
    assert answer.status_code == 422
    assert "Still missing: objectives." in answer.content.decode()


def test_the_supervisor_agrees_and_the_director_hears_of_it(cast, plan, login):
    login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, submit="1"))
    assert press(login(cast.omar), plan, "agree").status_code == 302
    assert (now(plan).state, now(plan).court) == ("agreed", "ours")
    assert Notice.objects.filter(recipient=cast.marta, text__startswith="Omar Haddad agreed the plan").exists()


def test_the_supervisor_returns_a_plan_with_a_reason_that_its_writer_reads(cast, plan, login):
    login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, submit="1"))
    assert press(login(cast.omar), plan, "return_to_writer").status_code == 422
    assert press(login(cast.omar), plan, "return_to_writer", reason="Name the schools.").status_code == 302
    assert (now(plan).state, now(plan).holder) == ("returned", cast.marta)
    for page in ("", "plan/edit/"):
        assert "Name the schools." in login(cast.marta).get(at(plan, page)).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("marta", 403), ("tomas", 403), ("jonas", 403), ("mei", 403), ("ingrid", 404), ("lucia", 404), ("noor", 404)],
)
def test_nobody_agrees_a_plan_but_the_head_of_the_group_and_the_minister(name, status, cast, plan, login):
    login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, submit="1"))
    assert press(login(getattr(cast, name)), plan, "agree").status_code == status
    assert now(plan).state == "submitted"


def test_a_supervisor_who_wrote_the_plan_does_not_agree_it(cast, plan, login):
    browser = login(cast.omar)
    assert browser.post(at(plan, "plan/edit/"), typed(plan, submit="1")).status_code == 302
    assert press(browser, plan, "agree").status_code == 403
    assert "agree" not in [it.name for it in browser.get(at(plan)).context["moves"]]
    assert press(login(cast.helena), plan, "agree").status_code == 302


@pytest.mark.parametrize(
    ("name", "status"), [("helena", 403), ("jonas", 403), ("mei", 403), ("ingrid", 404), ("amina", 404), ("admin", 404)]
)
def test_who_may_not_write_the_plan_does_not(name, status, cast, plan, login):
    browser = login(getattr(cast, name))
    assert browser.get(at(plan, "plan/edit/")).status_code == status
    assert browser.post(at(plan, "plan/edit/"), typed(plan, save="1")).status_code == status
    assert now(plan).objectives == "Known to one in five."


def test_a_manager_writes_but_does_not_submit_for_a_key_client(cast, plan, login):
    browser = login(cast.tomas)
    assert "Save and submit" not in browser.get(at(plan, "plan/edit/")).content.decode()
    assert browser.post(at(plan, "plan/edit/"), typed(plan, save="1")).status_code == 302
    assert browser.post(at(plan, "plan/edit/"), typed(plan, submit="1")).status_code == 403
    assert now(plan).state == "draft"


def test_the_second_of_two_writers_gets_both_texts_and_overwrites_nothing(cast, plan, login):
    old = typed(plan, strategy="Radio at breakfast.", save="1")
    login(cast.tomas).post(at(plan, "plan/edit/"), typed(plan, save="1"))
    answer = login(cast.marta).post(at(plan, "plan/edit/"), old)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Radio at breakfast." in text
    assert "Posters near schools." in text
    assert now(plan).strategy == "Posters near schools."


def test_a_plan_that_is_submitted_is_not_written_any_more(cast, plan, login):
    browser = login(cast.marta)
    browser.post(at(plan, "plan/edit/"), typed(plan, submit="1"))
    assert browser.get(at(plan, "plan/edit/")).status_code == 409
    answer = browser.post(at(plan, "plan/edit/"), typed(plan, objectives="Too late", save="1"))
    assert answer.status_code == 409
    assert "Too late" in answer.content.decode()
    assert now(plan).objectives == "Known to one in four."


@pytest.mark.parametrize("budget", ["-1", "0", "0.001", "1e99", "NaN", "Infinity", "9" * 30, "sixty", "12,5,5"])
def test_a_budget_that_is_no_amount_is_refused_beside_the_field(budget, cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, budget=budget, save="1"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["budget"]
    assert now(plan).budget is None


def test_a_text_longer_than_a_plan_is_refused_and_stays_in_the_form(cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, objectives="x" * 8001, save="1"))
    assert answer.status_code == 422
    assert "x" * 8001 in answer.content.decode()


@pytest.mark.parametrize("seen", ["", "x", "0", "-1", "9" * 40])
def test_a_form_without_a_proper_version_overwrites_nothing(seen, cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, seen=seen, save="1"))
    assert answer.status_code in {409, 422}
    assert now(plan).objectives == "Known to one in five."


def test_a_nul_is_turned_away_at_the_door(cast, plan, login):
    assert login(cast.marta).post(at(plan, "plan/edit/"), typed(plan, objectives="a\0b", save="1")).status_code == 400
