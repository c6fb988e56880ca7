"""Every page of campaigns for every role: it opens, is refused or does not exist, asks no more for more rows, leaks nothing."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Rearrangement, Step
from tests.records import a_plan, a_schedule, an_accepted_brief
from tests.thorough import one_of_each

PEOPLE = (
    "helena",
    "omar",
    "ingrid",
    "marta",
    "david",
    "lucia",
    "tomas",
    "priya",
    "jonas",
    "amina",
    "mei",
    "felix",
    "noor",
    "ida",
)


def addresses(person):
    """Every kind of address of campaigns that takes the key of a record the person sees."""
    for campaign in Campaign.objects.visible_to(person)[:5]:
        at = campaign.get_absolute_url()
        yield from (at, f"{at}schedule/", f"{at}schedule/make/", f"{at}plan/edit/")
    for step in steps_of_every_kind(person):
        yield from (step.get_absolute_url(), f"{step.get_absolute_url()}rearrange/")


def steps_of_every_kind(person):
    """For each state the first own step and the first of somebody else that the person sees."""
    seen = Step.objects.visible_to(person).order_by("pk")
    kinds = [(mine, state) for state in Step.State.values for mine in (seen.filter(person=person), seen.exclude(person=person))]
    return [step for steps, state in kinds if (step := steps.filter(state=state).first())]


@pytest.mark.parametrize("name", one_of_each(PEOPLE, "jonas", "mei", "felix"))
def test_what_a_person_sees_he_can_open_and_the_rest_is_refused_with_a_page(name, cast, login):
    person = getattr(cast, name)
    browser = login(person)
    for address in addresses(person):
        answer = browser.get(address)
        assert answer.status_code in {200, 302, 403, 409}, address
        page = not address.endswith(("/make/", "/edit/", "/rearrange/"))
        assert not page or answer.status_code == 200, address


@pytest.mark.parametrize("name", one_of_each(PEOPLE, "jonas", "mei", "felix"))
def test_every_button_of_a_page_is_one_the_person_may_press(name, cast, login):
    person = getattr(cast, name)
    browser = login(person)
    for step in steps_of_every_kind(person):
        text = browser.get(step.get_absolute_url()).content.decode()
        offered = set(re.findall(rf'action="{step.get_absolute_url()}move/(\w+)/"', text))
        assert offered == {it.name for it in step.moves_open_to(person)}, step
        assert ("Rearrange</a>" in text) == (step.is_open and person.has_perm("campaigns.rearrange_steps", step))


def test_a_page_links_to_nothing_its_reader_may_not_open(cast, login):
    for name in ("marta", "jonas", "noor", "sven", "felix"):
        browser, links = login(getattr(cast, name)), {}
        for address in addresses(getattr(cast, name)):
            text = browser.get(address).content.decode()
            found = re.findall(r'href="(/(?:campaigns|steps|briefs|clients|history)/[^"#]*)"', text)
            links |= dict.fromkeys(found, address)
        for link, address in list(links.items())[:40]:
            assert browser.get(unescape(link)).status_code == 200, (name, address, link)


@pytest.mark.parametrize("page", ["", "schedule/"])
def test_a_campaigns_page_asks_as_often_for_nineteen_steps_as_for_three(page, cast, clients, login):
    browser = login(cast.mei)
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    steps = a_schedule(campaign, cast.mei, template="outdoor")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(campaign.get_absolute_url() + page).status_code == 200
        return len(asked)

    queries()
    many = queries()
    for model in (
        Step.before.through.objects.filter(after__campaign=campaign),
        Rearrangement.objects.filter(campaign=campaign),
    ):
        model.delete()
    Step.objects.filter(pk__in=[step.pk for step in steps[3:]]).delete()
    assert campaign.steps.count() == 3
    assert queries() == many


def test_the_trail_of_a_campaign_tells_of_its_plan_its_steps_and_its_rearrangements(cast, login):
    text = login(cast.marta).get("/campaigns/VOL-26-001/").status_code
    assert text == 404
    text = login(cast.lucia).get("/campaigns/VOL-26-001/").content.decode()
    assert "asked for a rearrangement" in text
    assert "checked the hand-off" in text


def test_a_campaign_of_one_client_never_shows_events_of_another(cast, login):
    text = login(cast.mei).get("/campaigns/HRB-26-014/").content.decode()
    for other in Campaign.objects.exclude(job_number="HRB-26-014"):
        assert other.job_number not in text


@pytest.mark.parametrize("address", ["/campaigns/", "/campaigns/new/", "/schedule/", "/campaigns/HRB-26-014/", "/steps/1/"])
def test_a_stranger_is_led_to_the_login(address, cast, client):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


@pytest.mark.parametrize(
    ("address", "post"),
    [
        ("/schedule/", True),
        ("/campaigns/", True),
        ("/campaigns/HRB-26-014/plan/move/agree/", False),
        ("/rearrangements/1/move/grant/", False),
    ],
)
def test_what_is_only_read_takes_no_post_and_a_move_no_get(address, post, cast, login):
    browser = login(cast.mei)
    assert (browser.post(address) if post else browser.get(address)).status_code == 405
