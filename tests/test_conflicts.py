"""Two people with the same text: whoever comes second sees both, and goes on from there without typing anything again."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Evaluation
from briefs.models import Brief
from campaigns.models import Rearrangement, Step
from clients.models import Client
from tests.records import FULL, PHONED, a_brief, a_plan, a_schedule, an_accepted_brief, days


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


def typed(brief, **fields):
    return {**FULL, "title": brief.title, "seen": brief.version, **fields}


@pytest.fixture
def plan(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_plan(brief, cast.marta)


def written(plan, **fields):
    kept = {"objectives": plan.objectives, "strategy": plan.strategy, "budget": plan.budget}
    return {**kept, "seen": plan.version, **fields}


def offered(page):
    """The fields of the form on the page of a conflict, as a browser would send them."""
    form = page.text[page.text.index('<form class="both"') :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S))
    leave = re.findall(r'name="leave" value="([^"]+)" checked', form)
    return {name: unescape(value) for name, value in fields.items()} | {"leave": leave}


def second(login, first, then, url, one, two):
    """Both had the page open; `first` saves, and then `then` does. Returns the second one's browser and answer."""
    assert login(first).post(url, one).status_code == 302
    browser = login(then)
    return browser, browser.post(url, two)


def test_two_who_write_different_answers_of_a_brief_at_once_both_keep_their_words(brief, cast, login):
    url = reverse("brief_edit", args=[brief.pk])
    _browser, page = second(
        login, cast.tomas, cast.jonas, url,
        typed(brief, title="From Tomas"), typed(brief, market_plan="From Jonas\nin two lines"),
    )  # fmt: skip
    assert page.status_code == 302
    brief.refresh_from_db()
    assert (brief.title, brief.market_plan) == ("From Tomas", "From Jonas\nin two lines")


def test_whoever_wrote_another_section_of_a_plan_saves_beside_the_colleague_and_takes_nothing_back(plan, cast, login):
    url = reverse("plan_edit", args=[plan.campaign.job_number])
    _browser, page = second(
        login, cast.tomas, cast.marta, url,
        written(plan, objectives="From Tomas"), written(plan, strategy="From Marta\nin two lines"),
    )  # fmt: skip
    assert page.status_code == 302
    plan.refresh_from_db()
    assert (plan.objectives, plan.strategy) == ("From Tomas", "From Marta\nin two lines")


def test_where_both_wrote_the_same_field_one_sees_both_texts_and_what_they_began_from(brief, cast, login):
    url = reverse("brief_edit", args=[brief.pk])
    browser, page = second(login, cast.tomas, cast.jonas, url, typed(brief, title="Tomas'"), typed(brief, title="<b>Jonas</b>"))
    assert "Tomas&#x27;" in page.text
    assert "&lt;b&gt;Jonas&lt;/b&gt;" in page.text
    assert "What you both began from" in page.text
    form = offered(page)
    assert form["leave"] == []
    browser.post(url, {**form, "title": "Both of us"})
    assert Brief.objects.get(pk=brief.pk).title == "Both of us"


def test_what_the_colleague_wrote_can_be_left_field_by_field(brief, cast, login):
    url = reverse("brief_edit", args=[brief.pk])
    browser, page = second(
        login, cast.tomas, cast.jonas, url,
        typed(brief, title="Tomas", budget_amount="70000.00"), typed(brief, title="Jonas", budget_amount="80000.00"),
    )  # fmt: skip
    browser.post(url, {**offered(page), "leave": ["title"]})
    brief.refresh_from_db()
    assert (brief.title, brief.budget_amount) == ("Tomas", Decimal("80000.00"))


def test_a_third_who_saves_in_between_makes_it_a_conflict_again(brief, cast, login):
    url = reverse("brief_edit", args=[brief.pk])
    _browser, page = second(login, cast.tomas, cast.jonas, url, typed(brief, title="Tomas"), typed(brief, title="Jonas"))
    brief.refresh_from_db()
    login(cast.marta).post(url, typed(brief, title="Marta"))
    page = login(cast.jonas).post(url, offered(page))
    assert (page.status_code, "Marta Kowalska wrote in the brief" in page.text) == (409, True)
    assert Brief.objects.get(pk=brief.pk).title == "Marta"


def test_saving_on_top_does_not_submit_by_itself(brief, cast, login):
    url = reverse("brief_edit", args=[brief.pk])
    browser, page = second(
        login, cast.tomas, cast.jonas, url, typed(brief, title="Tomas"), typed(brief, title="Jonas", submit="1")
    )
    browser.post(url, offered(page))
    brief.refresh_from_db()
    assert (brief.title, brief.state) == ("Jonas", "draft")


def test_what_can_no_longer_be_written_is_shown_and_not_offered_to_be_sent(brief, cast, login):
    url, mine = reverse("brief_edit", args=[brief.pk]), typed(brief, title="Jonas")
    brief.submit(by=cast.tomas)
    page = login(cast.jonas).post(url, mine)
    assert page.status_code == 409
    assert "Jonas" in page.text
    assert '<form class="both"' not in page.text


def test_the_plan_is_treated_alike(cast, clients, login):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    url = reverse("plan_edit", args=[plan.campaign.job_number])
    same = {"objectives": plan.objectives, "strategy": plan.strategy, "budget": plan.budget, "seen": plan.version}
    omars, martas = {**same, "strategy": "Omar"}, {**same, "objectives": "Marta", "strategy": "Marta"}
    browser, page = second(login, cast.omar, cast.marta, url, omars, martas)
    assert page.status_code == 409 and "Meanwhile Omar Haddad" in page.text
    assert browser.post(url, offered(page)).status_code == 302
    plan.refresh_from_db()
    assert (plan.objectives, plan.strategy) == ("Marta", "Marta")


def test_the_place_of_a_client_is_told_in_words_and_sent_as_chosen(cast, clients, login):
    hrb = clients["HRB"]
    url = reverse("client_edit", args=["HRB"])
    same = {"name": hrb.name, "industry": hrb.industry, "tier": hrb.tier, "group": hrb.group_id, "seen": hrb.version}
    browser, page = second(login, cast.helena, cast.helena, url, {**same, "tier": "small"}, {**same, "tier": "status"})
    assert ">\nStatus</textarea>" in page.text
    assert ">\nSmall</textarea>" in page.text
    assert browser.post(url, offered(page)).status_code == 302
    assert Client.objects.get(pk=hrb.pk).tier == "status"


def test_an_evaluation_is_saved_on_top_as_a_whole(cast, login):
    period = {"period_from": date(2026, 8, 1), "period_to": date(2026, 11, 1)}
    mark = {"criterion": "Tact", "score": 4, "sentence": "Called twice."}
    it = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), marks=[mark], **period)
    url = reverse("evaluation_edit", args=[it.pk])

    def sheet(sentence):
        marks = {f"marks-0-{name}": value for name, value in {**mark, "sentence": sentence}.items()}
        return {**period, **marks, "marks-TOTAL_FORMS": 1, "marks-INITIAL_FORMS": 0, "seen": it.version}

    browser, page = second(login, cast.helena, cast.helena, url, sheet("First tab."), sheet("Second tab."))
    assert "5: " not in page.text
    assert "4: First tab." in page.text
    assert "4: Second tab." in page.text
    assert browser.post(url, offered(page)).status_code == 302
    assert [it.sentence for it in it.marks.all()] == ["Second tab."]


def test_a_reason_typed_for_a_move_that_came_too_late_is_still_there(brief, cast, login):
    brief.submit(by=cast.jonas)
    seen = brief.version
    brief.accept_without_playback(by=cast.marta, reason=PHONED)
    page = login(cast.omar).post(
        f"/briefs/{brief.pk}/move/return_to_writer/", {"seen": seen, "reason": "Which shops, and until when?"}
    )
    assert page.status_code == 409
    assert "Which shops, and until when?" in page.text


@pytest.fixture
def step(cast, clients):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    return a_schedule(plan.campaign, cast.mei)[2]


def test_a_rearrangement_that_came_second_is_looked_at_again_with_what_was_typed(step, cast, login):
    url, seen = reverse("step_rearrange", args=[step.pk]), step.campaign.version
    to_start = step.starts_on + days(14)
    Rearrangement.make(step=step, to_start=step.starts_on + days(7), reason="Illness", by=cast.rafael, token=uuid4())
    browser = login(cast.mei)
    sent = {"to_start": to_start, "reason": "The client asks", "seen": seen, "token": uuid4(), "confirm": "1"}
    page = browser.post(url, sent)
    assert page.status_code == 409
    page = browser.post(url, offered(page))
    assert page.status_code == 200
    assert "The client asks" in page.text
    assert Step.objects.get(pk=step.pk).starts_on != to_start


def test_a_step_given_twice_at_once_tells_whom_one_had_chosen(step, cast, login):
    url, seen = reverse("step_give", args=[step.pk]), step.version
    _browser, page = second(
        login, cast.mei, cast.rafael, url, {"person": "marta", "seen": seen}, {"person": "jonas", "seen": seen}
    )
    assert page.status_code == 409
    assert "Mei Lin gave the step to a colleague" in page.text
    assert "What you typed: Person" in page.text
