"""DEP4: schedule templates are made from a schedule that has been gone through, copied, and edited in the administration."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from agency import clock
from agency.flow import Refused
from campaigns.models import ScheduleTemplate, Step, StepLink, TemplateLink, TemplateStep
from campaigns.schedule import make_schedule, planned
from campaigns.templating import copied, keep_as_template
from tests.records import a_plan, a_schedule, an_accepted_brief

STEP = ("name", "department", "kind", "days", "needs_evidence")


@pytest.fixture
def campaign(cast, clients):
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign


@pytest.fixture
def steps(campaign, cast):
    return a_schedule(campaign, cast.mei)


def kept(campaign, by, **more):
    return keep_as_template(campaign, by=by, token=uuid4(), **{"key": "loaf", "name": "Loaf", **more})


def rows(steps):
    return list(steps.order_by("position").values_list(*STEP))


def links(model, **whole):
    return sorted(model.objects.filter(**whole).values_list("before__name", "after__name", "lag"))


def test_the_template_of_a_schedule_keeps_everything_but_people_and_dates(campaign, steps, cast):
    StepLink.objects.filter(after=steps[3]).update(lag=-2)
    template = kept(campaign, cast.mei)
    assert rows(template.steps) == rows(campaign.steps)
    assert links(TemplateLink, after__template=template) == links(StepLink, after__campaign=campaign)
    assert (-2 in [lag for *_names, lag in links(TemplateLink, after__template=template)]) is True


def test_a_schedule_made_from_it_falls_on_the_same_days(campaign, steps, cast):
    template = kept(campaign, cast.mei)
    again = planned(template, on=clock.today(), count_from="start")
    assert [(it.name, it.first, it.last) for it in again] == [(it.name, it.starts_on, it.ends_on) for it in steps]


def test_what_is_done_keeps_the_days_it_really_took_if_that_is_asked(campaign, steps, cast):
    first = steps[0]
    assert first.days == 2
    first.began_on, first.done_on = date(2026, 11, 23), date(2026, 11, 30)
    first.keep(by=cast.mei)
    really = kept(campaign, cast.mei, key="really", really=True)
    assert [it.days for it in really.steps.all()] == [6, *(it.days for it in steps[1:])]
    assert kept(campaign, cast.mei).steps.first().days == 2


def test_how_far_a_deadline_might_have_slipped_is_kept_and_used_again(campaign, steps, cast):
    goal = campaign.steps.get(kind="deadline")
    goal.latest_on = date(2027, 3, 31)
    goal.ends_on = goal.starts_on = date(2027, 3, 24)
    goal.keep(by=cast.mei)
    template = kept(campaign, cast.mei)
    assert list(template.steps.exclude(latest_after=None).values_list("kind", "latest_after")) == [("deadline", 3)]  # Easter
    bare = a_plan(campaign.brief, cast.marta, name="Again").campaign
    made = make_schedule(bare, template, by=cast.mei, on=date(2027, 6, 7))
    found = [(it.kind, it.latest_on > it.ends_on) for it in made if it.latest_on]
    assert found == [("deadline", True)]


def test_a_copy_is_the_same_under_another_key(cast):
    template = ScheduleTemplate.objects.get(key="tvc")
    first, second = copied(template, by=cast.mei), copied(template, by=cast.mei)
    assert (first.key, second.key) == ("tvc-2", "tvc-2-2")
    assert rows(first.steps) == rows(template.steps)
    assert links(TemplateLink, after__template=first) == links(TemplateLink, after__template=template)
    assert first.history.get().history_user == cast.mei


def test_a_coordinator_makes_one_on_the_page_and_goes_on_in_the_administration(campaign, steps, cast, login):
    browser, sent = login(cast.mei), {"name": "Loaf", "key": "loaf", "really": "", "token": uuid4()}
    page = f"/campaigns/{campaign.job_number}/schedule/"
    assert f"{page}template/" in browser.get(page).content.decode()
    answers = [browser.post(f"{page}template/", sent) for _click in range(2)]
    template = ScheduleTemplate.objects.get(key="loaf")
    there = f"/admin/campaigns/scheduletemplate/{template.pk}/change/"
    assert [(it.status_code, it.url) for it in answers] == [(302, there)] * 2
    assert browser.get(there).status_code == 200
    assert campaign.events().first().told == "kept the work schedule as a template"


def test_a_coordinator_copies_one_in_the_administration(cast, login):
    template = ScheduleTemplate.objects.get(key="print")
    sent = {"action": "copy", "_selected_action": [template.pk]}
    assert login(cast.mei).post("/admin/campaigns/scheduletemplate/", sent).status_code == 302
    assert ScheduleTemplate.objects.get(key="print-2").steps.count() == template.steps.count()


def test_a_key_that_is_taken_is_refused_beside_the_key_and_nothing_typed_is_lost(campaign, steps, cast, login):
    sent = {"name": "My own words", "key": "print", "token": uuid4()}
    answer = login(cast.mei).post(f"/campaigns/{campaign.job_number}/schedule/template/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"key": ["There is a template with this key already. Please choose another."]}
    assert "My own words" in answer.content.decode()


def test_who_keeps_no_templates_is_refused(campaign, steps, cast, login):
    page = f"/campaigns/{campaign.job_number}/schedule/"
    assert f"{page}template/" not in login(cast.marta).get(page).content.decode()
    with pytest.raises(PermissionDenied):
        kept(campaign, cast.marta)
    assert not TemplateStep.objects.filter(template__key="loaf").exists()


def test_a_campaign_without_a_schedule_gives_no_template(campaign, cast):
    with pytest.raises(Refused, match="no work schedule yet"):
        kept(campaign, cast.mei)


def test_steps_of_the_same_name_or_of_no_latin_letter_get_keys_of_their_own(campaign, steps, cast):
    Step.objects.filter(pk__in=[it.pk for it in steps[:3]]).update(name="面包")
    Step.objects.filter(pk__in=[it.pk for it in steps[3:6]]).update(name="Concept and first draft of everything")
    keys = list(kept(campaign, cast.mei).steps.values_list("key", flat=True))
    assert keys[:6] == ["step", "step-2", "step-3", "concept-and-firs", "concept-and-firs-2", "concept-and-firs-3"]


def test_a_step_that_was_left_out_is_not_kept_nor_what_waited_for_it_alone(campaign, steps, cast):
    Step.objects.filter(pk=steps[1].pk).update(state="skipped", court="nobody", holder=None)
    template = kept(campaign, cast.mei)
    assert rows(template.steps) == rows(campaign.steps.exclude(pk=steps[1].pk))
    assert not [link for link in links(TemplateLink, after__template=template) if steps[1].name in link]
