"""DIR2: the director does business by plan and budget: a campaign under its job number, opened on an accepted brief."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from briefs.models import Brief
from campaigns.models import Campaign
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief

LIST, NEW = "/campaigns/", "/campaigns/new/"


@pytest.fixture
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Rye crackers")


def typed(brief, name="Crackers", **more):
    return {"token": str(uuid4()), "brief": brief.pk, "name": name, **more}


def shown(answer):
    return [campaign.job_number for campaign in answer.context["page"]]


def test_the_director_opens_a_campaign_and_goes_on_to_its_plan(cast, brief, login):
    answer = login(cast.marta).post(NEW, typed(brief))
    assert (answer.status_code, answer.url) == (302, "/campaigns/HRB-26-015/plan/edit/")
    campaign = Campaign.objects.get(job_number="HRB-26-015")
    assert (campaign.name, campaign.brief, campaign.created_by) == ("Crackers", brief, cast.marta)
    assert (campaign.plan.state, campaign.plan.holder) == ("draft", cast.marta)


def test_a_double_click_opens_one_campaign(cast, brief, login):
    browser, form = login(cast.marta), typed(brief)
    assert browser.post(NEW, form).url == browser.post(NEW, form).url
    assert Campaign.objects.filter(brief=brief).count() == 1


def test_the_minister_opens_but_does_not_write_the_plan(cast, brief, login):
    browser = login(cast.helena)
    assert browser.post(NEW, typed(brief)).url == "/campaigns/HRB-26-015/"
    assert browser.get("/campaigns/HRB-26-015/plan/edit/").status_code == 403


@pytest.mark.parametrize("name", ["jonas", "amina", "mei", "felix", "admin"])
def test_who_may_not_open_campaigns_is_refused_and_sees_no_button(name, cast, brief, login):
    browser = login(getattr(cast, name))
    assert browser.get(NEW).status_code == 403
    assert browser.post(NEW, typed(brief)).status_code == 403
    assert "Open a campaign" not in browser.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["david", "lucia", "tomas", "priya"])
def test_nobody_opens_a_campaign_on_a_brief_of_a_client_he_does_not_lead(name, cast, brief, login):
    answer = login(getattr(cast, name)).post(NEW, typed(brief))
    assert answer.status_code == 422
    assert "Choose one of the accepted briefs" in answer.content.decode()
    assert 'value="Crackers"' in answer.content.decode() or not answer.context["form"].fields["brief"].queryset
    assert not Campaign.objects.filter(brief=brief).exists()


def test_a_manager_opens_campaigns_of_small_clients_alone(cast, clients, brief, login):
    small = an_accepted_brief(clients["PAL"], writer=cast.jonas, acceptor=cast.tomas)
    browser = login(cast.tomas)
    offered = set(browser.get(NEW).context["form"].fields["brief"].queryset)
    assert small in offered
    assert {it.client.code for it in offered} == {"PAL"}
    assert browser.post(NEW, typed(small)).status_code == 302


def test_only_accepted_briefs_of_living_relations_are_offered(cast, clients, login):
    waiting = a_brief(clients["HRB"], cast.jonas)
    waiting.submit(by=cast.jonas)
    browser = login(cast.marta)
    assert browser.post(NEW, typed(waiting)).status_code == 422
    offered = browser.get(NEW).context["form"].fields["brief"].queryset
    assert {it.state for it in offered} == {Brief.State.ACCEPTED}
    clients["HRB"].part(by=cast.helena, reason="They went elsewhere.")
    assert not browser.get(NEW).context["form"].fields["brief"].queryset.filter(client=clients["HRB"]).exists()
    assert "No accepted brief" in browser.get(NEW).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"brief": ""},
        {"brief": "0"},
        {"brief": "x"},
        {"brief": "9" * 40},
        {"name": ""},
        {"name": "x" * 121},
        {"token": "x"},
        {"token": ""},
    ],
)
def test_a_form_that_cannot_be_understood_is_shown_again_with_a_sentence(wrong, cast, brief, login):
    answer = login(cast.marta).post(NEW, {**typed(brief), **wrong})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Campaign.objects.filter(brief=brief).exists()


def test_the_name_of_a_campaign_is_shown_as_it_was_typed_and_runs_nowhere(cast, brief, login):
    browser = login(cast.marta)
    browser.post(NEW, typed(brief, name="<script>alert(1)</script>"))
    text = browser.get("/campaigns/HRB-26-015/").content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


# The list


def test_the_list_holds_the_campaigns_one_sees_with_plan_and_next_step(cast, login):
    answer = login(cast.marta).get(LIST)
    assert shown(answer) == ["HRB-26-014"]
    loaf = answer.context["page"].rows[0]
    assert (str(loaf.next_step), loaf.next_step.left) == ("Print run", 2)
    assert (loaf.progress["checked"], loaf.progress["whole"]) == (16, 19)
    assert "16 / 19" in answer.content.decode()


def test_client_and_state_of_the_plan_are_questions_in_the_address(cast, brief, login):
    a_plan(brief, cast.marta)
    browser = login(cast.mei)
    assert shown(browser.get(f"{LIST}?client=HRB")) == ["HRB-26-015", "HRB-26-014"]
    assert shown(browser.get(f"{LIST}?client=HRB&plan=draft")) == ["HRB-26-015"]
    assert len(shown(browser.get(LIST))) == Campaign.objects.count()


@pytest.mark.parametrize("question", ["client=VOL", "client=ZZZ", "plan=moon", "client=" + "x" * 3000])
def test_a_question_about_what_one_does_not_see_finds_nothing(question, cast, login):
    answer = login(cast.marta).get(f"{LIST}?{question}")
    assert answer.status_code == 200
    assert shown(answer) == []


def test_an_address_of_no_page_is_turned_away(cast, login):
    assert login(cast.mei).get(f"{LIST}?after=x").status_code == 400


def test_the_list_asks_as_often_for_three_campaigns_as_for_one(cast, clients, brief, login):
    browser = login(cast.marta)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"{LIST}?client=HRB")
        return len(asked), len(shown(answer))

    queries()
    once, one = queries()
    a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    thrice, three = queries()
    assert (one, three) == (1, 3)
    assert once == thrice


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("helena", 200),
        ("omar", 200),
        ("marta", 200),
        ("tomas", 200),
        ("jonas", 200),
        ("mei", 200),
        ("ingrid", 404),
        ("lucia", 404),
        ("amina", 404),
        ("noor", 404),
        ("admin", 404),
    ],
)
def test_a_campaign_is_found_by_those_who_serve_its_client(name, status, cast, login):
    browser = login(getattr(cast, name))
    assert browser.get("/campaigns/HRB-26-014/").status_code == status
    assert browser.get("/campaigns/HRB-26-014/schedule/").status_code == status


@pytest.mark.parametrize("number", ["HRB-26-999", "hrb-26-014", "HRB-26-14", "HRB-26-014x", "x", "HRB-26-" + "1" * 40])
def test_a_job_number_nobody_has_given_is_404(number, cast, login):
    assert login(cast.mei).get(f"/campaigns/{number}/").status_code == 404


def test_a_member_with_a_share_sees_the_campaign_and_its_steps(cast, login, clients):
    campaign = Campaign.objects.get(job_number="HRB-26-014")
    campaign.share_with(cast.ida, until=campaign.steps.last().ends_on, reason="Costs", by=cast.marta)
    browser = login(cast.ida)
    assert browser.get("/campaigns/HRB-26-014/").status_code == 200
    assert browser.get(campaign.steps.last().get_absolute_url()).status_code == 200
    assert "HRB-26-014" in shown(browser.get(LIST))
    campaign.unshare(cast.ida, by=cast.marta)
    assert browser.get("/campaigns/HRB-26-014/").status_code == 404
