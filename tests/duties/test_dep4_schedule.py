"""DEP4: the work schedule, carried out by each department, is made from a template, forward or counted back."""

from datetime import date

import pytest

from agency.models import AgencyDay
from campaigns.models import ScheduleTemplate, Step
from tests.records import a_plan, an_accepted_brief


@pytest.fixture
def campaign(cast, clients):
    AgencyDay.objects.all().delete()  # the calendar of England alone, for which the dates below were counted by hand
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign


def make(campaign):
    return f"/campaigns/{campaign.job_number}/schedule/make/"


def typed(template="outdoor", count_from="start", on="2026-11-30", **more):
    return {"template": template, "count_from": count_from, "on": on, **more}


def test_the_coordinator_makes_the_schedule_from_a_first_day(cast, campaign, login):
    answer = login(cast.mei).post(make(campaign), typed())
    assert (answer.status_code, answer.url) == (302, f"/campaigns/{campaign.job_number}/schedule/")
    steps = list(campaign.steps.order_by("position"))
    assert len(steps) == 19
    assert (steps[0].starts_on, steps[0].ends_on, steps[0].state) == (date(2026, 11, 30), date(2026, 12, 1), "ready")
    assert {step.state for step in steps[1:]} == {"planned"}
    assert (steps[0].person, steps[1].person, steps[2].person) == (cast.jonas, cast.marta, cast.marta)
    assert steps[6].person is None, "the creative step has no owner yet"
    assert login(cast.jonas).get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("template", "appears", "brief_begins"),
    [("outdoor", "2027-03-01", date(2027, 1, 4)), ("tvc", "2027-03-15", date(2026, 12, 1))],
)
def test_counted_back_from_the_appearance_the_brief_begins_in_time(template, appears, brief_begins, cast, campaign, login):
    assert login(cast.marta).post(make(campaign), typed(template, "appearance", appears)).status_code == 302
    steps = list(campaign.steps.order_by("position"))
    assert steps[0].starts_on == brief_begins
    assert next(step for step in steps if step.kind == "execution").starts_on == date.fromisoformat(appears)


def test_counted_back_from_the_media_deadline_the_deadline_is_its_last_day(cast, campaign, login):
    login(cast.mei).post(make(campaign), typed("print", "deadline", "2027-01-29"))
    assert campaign.steps.get(kind="deadline").ends_on == date(2027, 1, 29)


def test_a_day_that_cannot_be_met_is_refused_beside_the_day_with_what_is_missing(cast, campaign, login):
    answer = login(cast.mei).post(make(campaign), typed("tvc", "appearance", "2026-12-14"))
    assert answer.status_code == 422
    sentence = answer.context["form"].errors["on"][0]
    assert sentence.startswith("To meet that day the work would have had to begin on ")
    assert sentence.endswith(" working days are missing.")
    assert 'value="2026-12-14"' in answer.content.decode()
    assert not campaign.steps.exists()


def test_the_dates_can_be_seen_before_anything_is_written(cast, campaign, login):
    answer = login(cast.mei).post(make(campaign), typed(preview="1"))
    assert answer.status_code == 200
    plan = answer.context["plan"]
    assert (len(plan), plan[0].first, plan[-1].first) == (19, date(2026, 11, 30), date(2027, 1, 28))
    assert "nothing is written yet" in answer.content.decode()
    assert not campaign.steps.exists()


def test_a_preview_of_a_day_that_cannot_be_met_is_refused_in_the_same_words(cast, campaign, login):
    answer = login(cast.mei).post(make(campaign), typed("tvc", "appearance", "2026-12-14", preview="1"))
    assert answer.status_code == 422
    assert "working days are missing" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"template": "moon"}, {"template": ""}, {"template": "x" * 5000}, {"count_from": "end"}, {"count_from": ""}, {"on": ""},
        {"on": "tomorrow"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}, {"on": "2026-02-30"}, {"on": "99999999-01-01"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("button", ["make", "preview"])
def test_a_form_that_cannot_be_understood_is_shown_again_with_a_sentence(wrong, button, cast, campaign, login):
    answer = login(cast.mei).post(make(campaign), {**typed(), **wrong, button: "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not campaign.steps.exists()


def test_a_template_without_its_goal_is_refused_with_a_sentence(cast, campaign, login):
    template = ScheduleTemplate.objects.get(key="print")
    template.steps.filter(kind="deadline").update(kind="work")
    answer = login(cast.mei).post(make(campaign), typed("print", "deadline", "2027-01-29"))
    assert answer.status_code == 422
    assert "has no step to count back from" in answer.content.decode()


def test_an_empty_template_is_refused_and_one_out_of_use_is_not_offered(cast, campaign, login):
    empty = ScheduleTemplate.objects.create(key="leaflet", name="Leaflet")
    answer = login(cast.mei).post(make(campaign), typed("leaflet"))
    assert "has no steps yet" in answer.content.decode()
    empty.in_use = False
    empty.save()
    assert login(cast.mei).post(make(campaign), typed("leaflet")).status_code == 422


def test_a_second_click_makes_no_second_schedule(cast, campaign, login):
    browser = login(cast.mei)
    browser.post(make(campaign), typed())
    answer = browser.post(make(campaign), typed(), follow=True)
    assert answer.redirect_chain == [(f"/campaigns/{campaign.job_number}/schedule/", 302)]
    assert "has a work schedule already" in answer.content.decode()
    assert campaign.steps.count() == 19


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("helena", 302),
        ("omar", 302),
        ("marta", 302),
        ("rafael", 302),
        ("tomas", 403),
        ("jonas", 403),
        ("ingrid", 404),
        ("lucia", 404),
        ("noor", 404),
        ("admin", 404),
    ],
)
def test_the_schedule_is_made_by_the_coordinator_the_director_and_those_above(name, status, cast, campaign, login):
    answer = login(getattr(cast, name)).post(make(campaign), typed())
    assert answer.status_code == status
    assert campaign.steps.exists() == (status == 302)


def test_who_may_not_make_the_schedule_is_told_who_does(cast, campaign, login):
    text = login(cast.jonas).get(f"/campaigns/{campaign.job_number}/schedule/").content.decode()
    assert "The coordinator or the director makes it from a template" in text
    assert make(campaign) not in text


def test_each_step_waits_for_those_of_its_template(cast, campaign, login):
    login(cast.mei).post(make(campaign), typed("print"))
    rows = login(cast.mei).get(f"/campaigns/{campaign.job_number}/schedule/").context["chart"].rows
    assert [row.waits_for for row in rows][:8] == [[], [1], [2], [3], [4], [4], [5], [7]]
    assert Step.objects.filter(campaign=campaign, state="ready").count() == 1


class TestWhichStepsCouldGive:
    """A poster on 18 January 2027: counted back the work would have begun some days before today."""

    LATE = typed("outdoor", "appearance", "2027-01-11")

    def test_the_page_says_which_steps_could_give_and_how_much(self, cast, campaign, login):
        answer = login(cast.mei).post(make(campaign), self.LATE)
        late = answer.context["form"].too_late
        sentence = answer.context["form"].errors["on"][0]
        assert (answer.status_code, late.lacking) == (422, 0)
        gave = {offer.step.kind for offer in late.offers if offer.gives}
        assert gave and gave <= {"brief", "plan", "work", "draft", "sample"}
        assert all(offer.keeps >= 1 for offer in late.offers)
        assert [offer.gives for offer in late.offers] == sorted((it.gives for it in late.offers), reverse=True)
        assert f"{late.gives} working days are missing" in sentence
        assert "These lengths would meet the day." in answer.content.decode()
        assert not campaign.steps.exists()

    def test_the_proposal_is_accepted_by_pressing_the_button_once_more(self, cast, campaign, login):
        browser = login(cast.mei)
        late = browser.post(make(campaign), self.LATE).context["form"].too_late
        shorter = {f"days-{offer.step.key}": offer.keeps for offer in late.offers}
        seen = browser.post(make(campaign), {**self.LATE, **shorter, "preview": "1"})
        assert (seen.status_code, seen.context["plan"][0].first) == (200, date(2026, 11, 23))
        assert f'name="days-{late.offers[0].step.key}" value="{late.offers[0].keeps}"' in seen.content.decode()
        assert browser.post(make(campaign), {**self.LATE, **shorter}).status_code == 302
        made = {step.name: step.days for step in campaign.steps.all()}
        assert made == {offer.step.name: offer.keeps for offer in late.offers}
        assert campaign.steps.get(kind="execution").starts_on == date(2027, 1, 11)
        template = ScheduleTemplate.objects.get(key="outdoor")
        assert template.steps.get(key=late.offers[0].step.key).days == late.offers[0].step.days, "the template stays"

    def test_somebody_types_other_lengths_even_of_the_clients_steps(self, cast, campaign, login):
        browser = login(cast.mei)
        late = browser.post(make(campaign), self.LATE).context["form"].too_late
        theirs = next(offer.step for offer in late.offers if offer.step.department is None and offer.step.days > 1)
        again = browser.post(make(campaign), {**self.LATE, f"days-{theirs.key}": "1"}).context["form"].too_late
        assert again is None or again.gives < late.gives

    def test_a_day_that_no_step_can_save_is_told(self, cast, campaign, login):
        answer = login(cast.mei).post(make(campaign), typed("tvc", "appearance", "2026-12-07"))
        late, words = answer.context["form"].too_late, answer.content.decode()
        assert late.lacking > 0
        assert f"{late.lacking} working days would be missing" in words

    @pytest.mark.parametrize("length", ["0", "-1", "261", "1.5", "two", "9" * 400])
    def test_a_length_that_makes_no_sense_is_refused_with_a_sentence(self, length, cast, campaign, login):
        answer = login(cast.mei).post(make(campaign), {**typed(), "days-brief": length})
        assert answer.status_code == 422
        assert "a number of working days from 1 to 260" in answer.content.decode()
        assert not campaign.steps.exists()
