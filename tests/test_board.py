"""The dashboard over all campaigns: whose lanes, in which sequence, how they stand, what is hot, and what it weighs."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from agency.workdays import calendar
from campaigns.board import LANES, SORTS, standing_of_work
from campaigns.hot import MOST
from campaigns.models import Campaign, Step
from tests.queries import beside_the_bell
from tests.records import a_plan, a_schedule, an_accepted_brief, days

BOARD = "/schedule/"


def names(answer):
    return [job.campaign.name for job in answer.context["jobs"].rows]


def panel(answer, name):
    """The HTML of one panel of the page."""
    text = unescape(answer.content.decode())
    begin = text.index(f'id="{name}"')
    return text[begin : text.index("</section>", begin)]


def many_campaigns(cast, clients, n, *, template="print"):
    """So many campaigns of Hollin & Rye, begun three weeks ago one day after the other, each with its first steps done."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    for number in range(n):
        campaign = a_plan(brief, cast.marta, name=f"Crackers {number:02d}").campaign
        steps = a_schedule(campaign, cast.mei, template=template, on=clock.today() - days(21 - number % 7))
        steps[0].start(by=cast.jonas)


# ── Whose lanes ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["helena", "omar", "ingrid", "marta", "lucia", "tomas", "jonas", "mei"])
def test_everybody_sees_a_lane_for_each_campaign_in_work_that_is_his_to_see(name, cast, login):
    person = getattr(cast, name)
    seen = Campaign.objects.visible_to(person).filter(steps__in=Step.objects.unchecked()).distinct()
    answer = login(person).get(BOARD)
    assert sorted(names(answer)) == sorted(seen.values_list("name", flat=True))
    assert answer.context["jobs"].count == len(seen)


@pytest.mark.parametrize("question", ["", "?by=month", "?board=client", "?show=late", "?client=HRB", "?client=HRB&show=late"])
def test_an_outsider_finds_neither_name_nor_number_nor_bar_of_a_client_he_does_not_serve(question, cast, clients, login):
    many_campaigns(cast, clients, 1)
    hidden = Campaign.objects.filter(client=clients["HRB"])
    text = unescape(login(cast.lucia).get(BOARD + question).content.decode()).replace("client=HRB", "")
    assert "Hollin" not in text
    assert "HRB" not in text
    for campaign in hidden:
        assert campaign.name not in text
    for step in Step.objects.filter(campaign__in=hidden):
        assert f"/steps/{step.pk}/" not in text


def test_a_member_sees_his_own_steps_of_a_campaign_and_no_way_into_the_rest(cast, login):
    answer = login(cast.noor).get(BOARD)
    jobs = answer.context["jobs"].rows
    own = Step.objects.visible_to(cast.noor)
    assert {job.campaign.pk for job in jobs} == set(own.concerning(cast.noor).unchecked().values_list("campaign", flat=True))
    assert all(job.url == "" for job in jobs)
    links = {int(key) for key in re.findall(r'href="/steps/(\d+)/"', panel(answer, "board"))}
    assert links <= set(own.values_list("pk", flat=True))
    assert "/campaigns/" not in panel(answer, "board")


def test_the_neighbour_a_member_may_not_see_is_not_named_in_the_reason(cast, login):
    seen = {f"“{step}”" for step in Step.objects.visible_to(cast.noor)}
    for hot in login(cast.noor).get(BOARD).context["hot"]:
        assert set(re.findall("“.*?”", hot.reason)) <= seen


# ── Groups and sequence ─────────────────────────────────────────────────────────────────────────
def test_who_sees_both_groups_finds_the_campaigns_under_them(cast, login):
    answer = login(cast.mei).get(BOARD)
    assert [str(group) for group, _jobs in answer.context["groups"]] == ["North", "South"]
    for group, jobs in answer.context["groups"]:
        assert {job.campaign.client.group for job in jobs} == {group}
    assert panel(answer, "board").count('class="job-group"') == 2
    assert panel(login(cast.omar).get(BOARD), "board").count('class="job-group"') == 0


def test_the_worst_comes_first_in_each_group_as_its_word_says(cast, login):
    rank = {"late": 0, "stopped": 1, "risk": 2, "draft": 3}
    for _group, jobs in login(cast.mei).get(BOARD).context["groups"]:
        ranks = [rank.get(job.standing[0], 4) for job in jobs]
        assert ranks == sorted(ranks)
    assert {job.standing[0] for job in login(cast.mei).get(BOARD).context["jobs"]} >= {
        "late",
        "stopped",
        "risk",
        "draft",
        "ours",
    }


def test_sorted_by_client_or_by_the_end_the_address_says_so(cast, login):
    for _group, jobs in login(cast.mei).get(f"{BOARD}?board=client").context["groups"]:
        numbers = [job.campaign.job_number for job in jobs]
        assert numbers == sorted(numbers)
    for _group, jobs in login(cast.mei).get(f"{BOARD}?board=ends").context["groups"]:
        ends = [max(step.ends_on for step in job.campaign.steps.all()) for job in jobs]
        assert ends == sorted(ends)


@pytest.mark.parametrize("question", ["board=nonsense", "group=North", "group=999999", "group=" + "9" * 400])
def test_a_question_to_the_board_that_makes_no_sense_is_told(question, cast, login):
    answer = login(cast.mei).get(f"{BOARD}?{question}")
    assert answer.status_code == 200
    assert "One of these questions cannot be answered" in answer.content.decode()
    assert names(answer) == []


def test_a_tile_leaves_only_the_campaigns_that_have_such_a_step(cast, login):
    late = set(Step.objects.late(clock.today()).values_list("campaign__name", flat=True))
    assert set(names(login(cast.mei).get(f"{BOARD}?show=late"))) == late


def test_a_group_can_be_asked_for_by_those_who_see_several(cast, clients, login):
    north = clients["HRB"].group
    answer = login(cast.mei).get(f"{BOARD}?group={north.pk}")
    assert {job.campaign.client.group for job in answer.context["jobs"].rows} == {north}
    assert login(cast.lucia).get(f"{BOARD}?group={north.pk}").context["jobs"].rows != []


# ── How the work stands ─────────────────────────────────────────────────────────────────────────
def test_a_campaign_stands_as_its_worst_step_does(cast):
    today, workdays = clock.today(), calendar()

    def word(job):
        steps = list(Step.objects.filter(campaign__job_number=job).select_related("department"))
        return standing_of_work(steps, today, workdays)

    assert word("SOL-26-001") == ("late", "Late 2 days")
    assert word("HRB-26-014") == ("risk", "At risk")
    assert word("MER-26-002") == ("stopped", "Blocked")
    assert word("VOL-26-001") == ("draft", "Unassigned")
    assert word("MER-26-001") == ("ours", "On time")
    assert word("GRE-26-001") == ("done", "Completed")


def test_work_that_only_the_client_can_go_on_with_is_with_the_client(cast, login):
    steps = list(Step.objects.filter(campaign__job_number="MER-26-001").select_related("department"))
    begun = [step for step in steps if step.state in {"ready", "in_progress"}]
    for step in begun:
        step.court = "client"
    assert begun
    assert standing_of_work(steps, clock.today(), calendar()) == ("client", "With client")


def test_a_lane_says_in_words_how_its_campaign_stands_and_each_bar_what_it_is(cast, login):
    board = panel(login(cast.mei).get(BOARD), "board")
    assert 'aria-label="Sunday Loaf: At risk"' in board
    assert "<title>Print run: In progress, 19–25 Nov, Noor Rahman</title>" in board
    assert "bar--hatched" in board
    assert "bar--unassigned" in board
    assert 'class="lane__today"' in board
    assert ' style="' not in board


def test_before_and_after_its_weeks_the_board_has_no_today(cast, login):
    board = panel(login(cast.mei).get(f"{BOARD}?from=2027-02-01"), "board")
    assert "lane__today" not in board
    assert "weeks__week--now" not in board


# ── The hot list ────────────────────────────────────────────────────────────────────────────────
def test_the_hot_list_holds_what_hurts_most_with_its_reason(cast, login):
    hot = login(cast.mei).get(BOARD).context["hot"]
    assert len(hot) == MOST
    assert [it.state for it in hot][:4] == ["late", "late", "late", "stopped"]
    assert [(it.step.name, it.reason) for it in hot][:3] == [
        ("Placement plan and specs from publishers", "3 working days late."),
        ("Final artwork", "2 working days late."),
        ("Client confirms draft", "The client is 1 working day late."),
    ]
    assert hot[3].reason == "Should begin on Fri 20 Nov; waits for “Final artwork”."


@pytest.mark.parametrize(
    ("name", "helps"), [("mei", {"Give", "Rearrange"}), ("jonas", {"Ask for a day"}), ("felix", {"Ask for a day", "Open"})]
)
def test_what_helps_is_what_one_may_do(name, helps, cast, login):
    browser = login(getattr(cast, name))
    hot = browser.get(BOARD).context["hot"]
    assert {it.help[0] for it in hot} <= helps
    assert hot
    for it in hot:
        assert browser.get(it.help[1]).status_code == 200, it.help


def test_who_has_nothing_hot_is_told_so(cast, login):
    Step.objects.filter(person=cast.noor).update(
        latest_on=None, ends_on=clock.today() + days(30), starts_on=clock.today() + days(20)
    )
    answer = login(cast.noor).get(BOARD)
    assert answer.context["hot"] == []
    assert "Nothing is late, at risk or ownerless" in answer.content.decode()


# ── How much it is ──────────────────────────────────────────────────────────────────────────────
def test_twenty_campaigns_with_real_schedules_weigh_less_than_200_kb(cast, clients, login):
    many_campaigns(cast, clients, 9)
    many_campaigns(cast, clients, 3, template="tvc")
    answer = login(cast.mei).get(BOARD)
    assert len(names(answer)) == LANES == 20
    assert len(answer.content) < 200_000


def test_more_campaigns_than_fit_are_on_further_pages_each_once(cast, clients, login):
    many_campaigns(cast, clients, 16)
    for sort in SORTS:
        browser, address, found = login(cast.mei), f"?board={sort}" if sort != "worst" else "", []
        while True:
            answer = browser.get(BOARD + address)
            found += names(answer)
            if not (address := answer.context["jobs"].older):
                break
        assert len(found) == len(set(found)) == answer.context["jobs"].count == 24, sort


@pytest.mark.parametrize("place", ["nonsense", "1", "W1sxXV0:x"])
def test_an_address_that_leads_to_no_page_of_the_board_is_turned_away(place, cast, login):
    answer = login(cast.mei).get(BOARD, {"lanes": place})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["mei", "omar", "marta", "jonas"])
def test_the_board_asks_as_often_for_three_campaigns_as_for_one(name, cast, clients, login):
    browser = login(getattr(cast, name))

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"{BOARD}?client=HRB")
        return beside_the_bell(asked), len(names(answer))

    queries()
    few, one = queries()
    many_campaigns(cast, clients, 2)
    many, three = queries()
    assert (one, three) == (1, 3)
    assert many == few
