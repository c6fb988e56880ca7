"""A brief that has changed under a campaign: who is told, who looks, and that it is kept (DEP3, DEP8)."""

import pytest
from django.core.exceptions import PermissionDenied

from agency.flow import Refused
from reminders.models import Notice
from tests.records import a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def campaign(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_plan(brief, cast.marta).campaign


def accept_again(brief, cast, **changes):
    """Another edition of an accepted brief."""
    brief.refresh_from_db()
    brief.reopen(by=cast.jonas, reason="The client changed his mind.")
    brief.write(by=cast.jonas, seen=brief.version, changes=changes or {"market_plan": "Fifty thousand packs."})
    brief.submit(by=cast.jonas)
    if hasattr(brief, "accept_without_playback"):
        return brief.accept_without_playback(by=cast.marta, reason="By telephone.")
    return brief.accept(by=cast.marta)


def editions(campaign):
    campaign.refresh_from_db()
    return campaign.brief_edition, campaign.plan_edition, campaign.schedule_edition


def test_a_campaign_hangs_on_the_edition_it_was_opened_on(campaign, cast):
    assert editions(campaign) == (1, 1, 1)
    accept_again(campaign.brief, cast)
    assert editions(campaign) == (1, 1, 1)


def test_the_schedule_is_made_for_the_edition_of_its_day(campaign, cast):
    accept_again(campaign.brief, cast)
    campaign.refresh_from_db()
    a_schedule(campaign, cast.mei)
    assert editions(campaign) == (1, 1, 2)


def test_whoever_looked_is_kept_once_and_stands_in_the_trail(campaign, cast):
    accept_again(campaign.brief, cast)
    for _click in range(2):
        campaign.look("plan", by=cast.tomas, edition=2)
    assert editions(campaign) == (1, 2, 1)
    looks = campaign.events().filter(verb="looked_plan")
    assert [(it.actor, it.details) for it in looks] == [(cast.tomas, {"edition": 2})]
    assert campaign.history.first().history_user == cast.tomas


def test_looking_at_an_older_edition_takes_nothing_back(campaign, cast):
    accept_again(campaign.brief, cast)
    campaign.look("plan", by=cast.marta, edition=2)
    campaign.look("plan", by=cast.marta, edition=1)
    assert editions(campaign)[1] == 2


@pytest.mark.parametrize(
    ("side", "name"), [("plan", "mei"), ("plan", "jonas"), ("plan", "helena"), ("schedule", "marta"), ("schedule", "tomas")]
)
def test_each_side_is_looked_at_by_whoever_answers_for_it(side, name, campaign, cast):
    accept_again(campaign.brief, cast)
    with pytest.raises(PermissionDenied):
        campaign.look(side, by=getattr(cast, name), edition=2)


def test_an_edition_that_was_never_accepted_cannot_have_been_looked_at(campaign, cast):
    with pytest.raises(Refused):
        campaign.look("plan", by=cast.marta, edition=2)


def test_the_coordinator_hears_of_a_new_edition_once_there_is_a_schedule(campaign, cast):
    news = Notice.objects.filter(kind="campaigns.brief_news")
    accept_again(campaign.brief, cast)
    assert not news.exists()  # the lead accepted it herself, and nothing is scheduled
    a_schedule(campaign, cast.mei)
    accept_again(campaign.brief, cast, market_plan="Sixty thousand packs.")
    assert {it.recipient for it in news} == {cast.mei}


def test_the_lead_hears_of_an_edition_that_somebody_else_accepted(campaign, cast):
    brief = campaign.brief
    brief.refresh_from_db()
    brief.reopen(by=cast.jonas, reason="The client changed his mind.")
    brief.submit(by=cast.jonas)
    move = getattr(brief, "accept_without_playback", None)
    move(by=cast.omar, reason="By telephone.") if move else brief.accept(by=cast.omar)
    told = Notice.objects.get(kind="campaigns.brief_news", recipient=cast.marta)
    assert "edition 2" in told.text
