"""Two versions of a brief side by side, and where it stands until somebody has looked (DEP3, DEP8)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from briefs.comparison import words_compared
from briefs.fields import COLUMNS
from tests.records import a_plan, a_schedule, an_accepted_brief
from tests.test_brief_changed import accept_again

NEW_PLAN = "Fifty thousand packs a month by autumn."


@pytest.fixture
def brief(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return accept_again(brief, cast, market_plan=NEW_PLAN)


@pytest.fixture
def campaign(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_plan(brief, cast.marta).campaign


def rows(answer):
    return {row.name: row for _letter, _title, found in answer.context["blocks"] for row in found}


def text(parts, kind):
    return [words for is_kind, words in parts if is_kind == kind]


def test_words_are_compared_word_by_word():
    old, new = words_compared("Forty thousand packs a month.", "Fifty thousand packs a month.")
    assert (text(old, "out"), text(new, "in")) == (["Forty "], ["Fifty "])
    assert "".join(words for _kind, words in old) == "Forty thousand packs a month."
    assert "".join(words for _kind, words in new) == "Fifty thousand packs a month."


@pytest.mark.parametrize(
    ("before", "after"), [("", "New"), ("Old", ""), ("", ""), ("黑麦饼干", "黑麦面包"), ("a" * 8000, "b" * 8000)]
)
def test_nothing_of_either_text_is_lost(before, after):
    old, new = words_compared(before, after)
    assert ("".join(w for _k, w in old), "".join(w for _k, w in new)) == (before, after)
    assert not text(old, "in")
    assert not text(new, "out")


def test_two_editions_stand_side_by_side_with_what_differs(brief, cast, login):
    answer = login(cast.jonas).get(f"/briefs/{brief.pk}/compare/?a=1&b=2")
    assert list(rows(answer)) == ["market_plan"]
    row = rows(answer)["market_plan"]
    assert (text(row.before, "out"), text(row.after, "in")) == (["Forty "], ["Fifty "])
    page = answer.content.decode()
    assert '<del><span class="unseen">taken out: </span>Forty </del>' in page
    assert '<ins><span class="unseen">put in: </span>Fifty </ins>' in page


def test_all_fields_come_when_asked_for(brief, cast, login):
    found = rows(login(cast.jonas).get(f"/briefs/{brief.pk}/compare/?a=1&b=2&all=1"))
    assert len(found) == 1 + len(COLUMNS)
    assert [name for name, row in found.items() if row.is_changed] == ["market_plan"]


def test_an_edition_stands_beside_what_is_written_now_with_marks_and_rows(brief, cast, login):
    brief.reopen(by=cast.jonas, reason="More news.")
    changes = {"competitors": [{"name": "Finn", "spend": "120000.00", "does": ""}], "launch_is_fixed": True}
    brief.write(by=cast.jonas, seen=brief.version, changes=changes, marks={"market_plan": {"mark": "guess", "source": "Paul"}})
    found = rows(login(cast.jonas).get(f"/briefs/{brief.pk}/compare/?a=2&b=now"))
    assert list(found) == ["competitors", "market_plan", "launch_is_fixed"]
    assert text(found["competitors"].after, "in") == ["Competitor: Finn; Spends on advertising: 120,000.00"]
    assert found["market_plan"].marks == ("", "our guess, Paul")


def test_lines_of_the_history_are_compared_by_their_number(brief, cast, login):
    answer = login(cast.jonas).get(f"/briefs/{brief.pk}/compare/?a=v1&b=v{brief.version}")
    assert list(rows(answer)) == ["market_plan"]


@pytest.mark.parametrize(
    "query",
    ["a=9&b=1", "a=1&b=v999", "a=x&b=1", "a=1&b=%00", "a=99999999999&b=1", "a=v99999999999999&b=1", "a=&b=", "a=-1&b=now"],
)
def test_a_version_that_does_not_exist_is_told_with_a_sentence(query, brief, cast, login):
    answer = login(cast.jonas).get(f"/briefs/{brief.pk}/compare/?{query}")
    assert answer.status_code in {400, 404}


def test_without_a_question_the_edition_stands_beside_what_is_written_now(brief, cast, login):
    answer = login(cast.jonas).get(f"/briefs/{brief.pk}/compare/")
    assert (answer.context["a"], answer.context["b"]) == ("2", "now")
    assert "Both say the same" in answer.content.decode()


def test_editions_of_another_brief_are_out_of_reach(brief, cast, clients, login):
    other = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Other")
    assert login(cast.jonas).get(f"/briefs/{other.pk}/compare/?a=1&b=2").status_code == 404
    assert login(cast.amina).get(f"/briefs/{brief.pk}/compare/?a=1&b=2").status_code == 404


def test_a_member_to_whom_it_is_shared_compares_editions_but_not_the_history(brief, cast, login):
    brief.share_with(cast.felix, until=brief.created_at.date(), reason="Study it", by=cast.marta)
    felix = login(cast.felix)
    answer = felix.get(f"/briefs/{brief.pk}/compare/?a=1&b=2")
    assert answer.status_code == 200
    assert not [ref for ref, _words in answer.context["offered"] if ref.startswith("v")]
    assert felix.get(f"/briefs/{brief.pk}/compare/?a=v1&b=2").status_code == 403


def test_while_it_is_being_changed_the_page_marks_what_differs_from_the_edition(brief, cast, login):
    brief.reopen(by=cast.jonas, reason="More news.")
    brief.write(by=cast.jonas, seen=brief.version, changes={"price": "3.90", "market_situation": "Three rivals."})
    answer = login(cast.jonas).get(brief.get_absolute_url())
    assert answer.context["changed"] == {"price", "market_situation"}
    page = answer.content.decode()
    assert page.count("changed since edition 2") == 2
    assert f"/briefs/{brief.pk}/compare/?a=2&amp;b=now" in page


# What hangs on the brief


PLACES = ("", "plan/edit/", "schedule/")


def test_campaign_plan_and_schedule_say_that_the_brief_changed_until_both_have_been_looked_at(campaign, cast, login):
    a_schedule(campaign, cast.mei)
    accept_again(campaign.brief, cast, market_plan=NEW_PLAN)
    browser, at = login(cast.marta), campaign.get_absolute_url()
    for place in PLACES:
        page = browser.get(at + place).content.decode()
        assert "Brief changed: edition 2 accepted by Marta Kowalska" in page
        assert "What changed: Market plan" in page
    answer = browser.get(f"{at}brief/")
    assert list(rows(answer)) == ["market_plan"]
    assert answer.context["change"].mine == ("plan",)
    assert browser.post(f"{at}brief/looked/plan/", {"edition": 2}).url == at
    assert "Not looked at yet for the work schedule." in browser.get(at).content.decode()
    assert login(cast.mei).get(f"{at}brief/").context["change"].mine == ("schedule",)
    browser.post(f"{at}brief/looked/schedule/", {"edition": 2})
    login(cast.marta)
    for place in PLACES:
        assert "Brief changed" not in browser.get(at + place).content.decode()
    assert "have been looked at" in browser.get(f"{at}brief/").content.decode()


def test_the_line_on_the_desk_says_so_too_and_costs_no_more_with_three(campaign, cast, clients, login):
    accept_again(campaign.brief, cast, market_plan=NEW_PLAN)
    browser = login(cast.omar)
    campaign.plan.submit(by=cast.marta)
    page = browser.get("/").content.decode()
    assert "brief changed: edition 2" in page
    with CaptureQueriesContext(connection) as one:
        browser.get("/")
    for n in range(2):
        brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title=f"More {n}")
        plan = a_plan(brief, cast.marta, name=f"More {n}")
        accept_again(plan.campaign.brief, cast, market_plan=NEW_PLAN)
        plan.refresh_from_db()
        plan.submit(by=cast.marta)
    with CaptureQueriesContext(connection) as three:
        assert browser.get("/").content.decode().count("brief changed: edition 2") == 3
    assert len(three) == len(one)


@pytest.mark.parametrize(("name", "side", "edition", "status"), [
    ("jonas", "plan", "2", 403), ("mei", "plan", "2", 403), ("marta", "schedule", "2", 403), ("marta", "tea", "2", 404),
    ("amina", "plan", "2", 404), ("marta", "plan", "3", 409), ("marta", "plan", "", 409), ("marta", "plan", "٣", 409),
])  # fmt: skip
def test_a_look_that_is_not_theirs_or_at_nothing_is_refused(name, side, edition, status, campaign, cast, login):
    accept_again(campaign.brief, cast, market_plan=NEW_PLAN)
    answer = login(getattr(cast, name)).post(f"{campaign.get_absolute_url()}brief/looked/{side}/", {"edition": edition})
    assert answer.status_code == status
    campaign.refresh_from_db()
    assert campaign.plan_edition == 1


def test_who_sees_the_campaign_but_not_the_brief_learns_that_it_changed_and_not_what(campaign, cast, login):
    accept_again(campaign.brief, cast, market_plan=NEW_PLAN)
    campaign.share_with(cast.felix, until=campaign.created_at.date(), reason="Draw it", by=cast.marta)
    browser = login(cast.felix)
    page = browser.get(campaign.get_absolute_url()).content.decode()
    assert "Brief changed: edition 2" in page
    assert "What changed" not in page
    assert browser.get(f"{campaign.get_absolute_url()}brief/").status_code == 403
