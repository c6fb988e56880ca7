"""COO1: the hot list is printed, the screen on the wall shows what hurts, and a person gives names to what he asks often."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from campaigns.kept_views import MOST, views_of
from campaigns.models import Step
from tests.test_board import many_campaigns

SCHEDULE, VIEWS, HOT, WALL = "/schedule/", "/schedule/views/", "/schedule/hot/", "/schedule/wall/"


def keep(browser, name, query):
    return browser.post(VIEWS, {"name": name, "query": query})


def change(browser, view, **button):
    return browser.post(VIEWS, {"view": view, "name": view} | button)


def kept(person):
    return [(view.name, view.query) for view in views_of(person)]


# ── Views that have a name ──────────────────────────────────────────────────────────────────────
def test_what_is_asked_often_gets_a_name_and_is_one_press_away(cast, login):
    browser = login(cast.mei)
    assert f'href="{VIEWS}?client=HRB&show=late"' in unescape(browser.get(f"{SCHEDULE}?show=late&client=HRB").content.decode())
    form = browser.get(f"{VIEWS}?client=HRB&show=late").context["form"]
    answer = keep(browser, "Bakery, late", form["query"].value())
    assert (answer.status_code, answer.url) == (302, f"{SCHEDULE}?client=HRB&show=late")
    page = unescape(browser.get(answer.url).content.decode())
    assert '<a class="switch__way" href="?client=HRB&show=late" aria-current="true">Bakery, late</a>' in page


def test_only_what_the_schedule_knows_is_kept_of_an_address(cast, login):
    asked = login(cast.mei).get(f"{VIEWS}?lanes=x&after=y&export=csv&by=month&order=-due&evil=1&client=HRB").context["form"]
    assert asked["query"].value() == "client=HRB&by=month&order=-due"


def test_a_view_is_renamed_opened_first_and_deleted(cast, login):
    browser = login(cast.mei)
    keep(browser, "Late", "show=late")
    assert browser.post(VIEWS, {"view": "Late", "name": "What is late"}).status_code == 302
    assert kept(cast.mei) == [("What is late", "show=late")]
    change(browser, "What is late", first="")
    answer = browser.get(SCHEDULE)
    assert (answer.status_code, answer.url) == (302, f"{SCHEDULE}?show=late")
    assert browser.get(f"{SCHEDULE}?show=").status_code == 200
    assert browser.get(SCHEDULE, HTTP_REFERER=f"http://testserver{SCHEDULE}?show=late").status_code == 200
    change(browser, "What is late", first="")
    assert browser.get(SCHEDULE).status_code == 200
    change(browser, "What is late", drop="")
    assert kept(cast.mei) == []


def test_a_renamed_view_stays_the_one_the_schedule_opens_with(cast, login):
    browser = login(cast.mei)
    keep(browser, "Late", "show=late")
    change(browser, "Late", first="")
    browser.post(VIEWS, {"view": "Late", "name": "Burning"})
    assert browser.get(SCHEDULE).url == f"{SCHEDULE}?show=late"


def test_nobody_meets_the_views_of_another(cast, login):
    keep(login(cast.mei), "Secret plans", "client=HRB")
    login(cast.mei).get(SCHEDULE)
    for person in (cast.rafael, cast.helena):
        assert "Secret plans" not in login(person).get(SCHEDULE).content.decode()
        assert "Secret plans" not in login(person).get(VIEWS).content.decode()
    assert change(login(cast.rafael), "Secret plans", drop="").status_code == 422
    assert kept(cast.mei) == [("Secret plans", "client=HRB")]


def test_a_name_is_given_once_and_a_second_click_changes_nothing(cast, login):
    browser = login(cast.mei)
    keep(browser, "Late", "show=late")
    assert keep(browser, "Late", "show=late").status_code == 302
    answer = keep(browser, "Late", "show=risk")
    assert answer.status_code == 422
    assert "You have a view of this name" in answer.content.decode()
    assert 'value="Late"' in answer.content.decode()
    keep(browser, "Risk", "show=risk")
    assert browser.post(VIEWS, {"view": "Risk", "name": "Late"}).status_code == 422
    assert kept(cast.mei) == [("Late", "show=late"), ("Risk", "show=risk")]


def test_there_are_at_most_twenty(cast, login):
    browser = login(cast.mei)
    for number in range(MOST):
        keep(browser, f"View {number}", "show=late")
    answer = keep(browser, "One more", "show=late")
    assert answer.status_code == 422
    assert "You have 20 views already" in answer.content.decode()
    assert len(kept(cast.mei)) == MOST == 20


@pytest.mark.parametrize(
    "fields", [{"name": "", "query": "show=late"}, {"name": "x" * 61, "query": "show=late"}, {"name": "x"}]
)
def test_a_view_without_a_name_or_questions_is_refused(fields, cast, login):
    assert login(cast.mei).post(VIEWS, fields).status_code == 422
    assert kept(cast.mei) == []


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_view_is_not_renamed_to_nothing_or_to_a_novel(name, cast, login):
    browser = login(cast.mei)
    keep(browser, "Late", "show=late")
    answer = browser.post(VIEWS, {"view": "Late", "name": name})
    assert answer.status_code == 422
    assert "needs a name" in answer.content.decode()


def test_a_form_that_was_tampered_with_leads_nowhere_but_to_the_schedule(cast, login):
    answer = keep(login(cast.mei), "Odd", "next=//evil.example&show=late")
    assert answer.url == f"{SCHEDULE}?show=late"
    assert kept(cast.mei) == [("Odd", "show=late")]


def test_a_view_of_a_client_one_no_longer_sees_says_so_and_shows_nothing(cast, login):
    keep(login(cast.lucia), "Bakery", "client=HRB")
    answer = login(cast.lucia).get(f"{SCHEDULE}?client=HRB")
    assert "One of these questions cannot be answered" in answer.content.decode()
    assert answer.context["page"].rows == []


# ── The hot list on paper ───────────────────────────────────────────────────────────────────────
def test_the_hot_list_is_printed_whole_with_reasons_and_owners(cast, login):
    answer = login(cast.mei).get(HOT)
    board = login(cast.mei).get(SCHEDULE).context["hot"]
    assert [it.step for it in answer.context["hot"]][: len(board)] == [it.step for it in board]
    assert len(answer.context["hot"]) > len(board)
    text = unescape(answer.content.decode())
    for it in answer.context["hot"]:
        assert it.reason in text


def test_the_printed_list_answers_the_questions_of_the_schedule(cast, login):
    answer = login(cast.mei).get(f"{HOT}?client=SOL")
    assert {it.step.client.code for it in answer.context["hot"]} == {"SOL"}
    assert "One of these questions cannot be answered" in login(cast.lucia).get(f"{HOT}?client=HRB").content.decode()


def test_the_printed_list_asks_as_often_for_more(cast, clients, login):
    browser = login(cast.mei)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"{HOT}?client=SOL")
        return len(asked), len(answer.context["hot"])

    queries()
    few, some = queries()
    step = Step.objects.late(clock.today()).filter(client__code="SOL").first()
    more = step.campaign.steps.filter(state="planned").order_by("-position")[:2]
    Step.objects.filter(pk__in=[it.pk for it in more]).update(starts_on=step.starts_on, ends_on=step.ends_on)
    many, others = queries()
    assert others > some
    assert few == many


# ── The screen on the wall ──────────────────────────────────────────────────────────────────────
def test_the_wall_shows_figures_hot_list_deadlines_and_hand_offs(cast, login):
    text = login(cast.mei).get(WALL).content.decode()
    for words in (
        "Waits for the client",
        "Hot list",
        "Media deadlines",
        "Between two desks",
        "Final artwork",
        "working days late",
    ):
        assert words in text
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in text
    assert " style=" not in text
    assert "/steps/" not in text, "nobody presses anything on a wall"


def test_what_does_not_fit_on_the_wall_is_counted(cast, clients, login):
    shown = login(cast.mei).get(WALL).context
    assert len(shown["hot"]) == 7
    assert shown["more_hot"] > 0
    assert f"and {shown['more_hot']} more" in login(cast.mei).get(WALL).content.decode()


def test_the_inside_of_the_wall_comes_alone_and_is_the_same_until_something_changes(cast, login):
    browser = login(cast.mei)
    first = browser.get(f"{WALL}?fragment=1")
    assert first["Cache-Control"] == "private, no-store"
    assert "<html" not in first.content.decode()
    assert browser.get(f"{WALL}?fragment=1").content == first.content
    Step.objects.get(campaign__job_number="HRB-26-014", name="Print run").report_done(by=cast.noor)
    assert browser.get(f"{WALL}?fragment=1").content != first.content


@pytest.mark.parametrize(("look", "told"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_wall_is_dark_or_light_as_asked(look, told, cast, login):
    assert told in login(cast.mei).get(f"{WALL}?look={look}").content.decode()


def test_the_wall_shows_nobody_more_than_he_sees(cast, login):
    text = login(cast.lucia).get(WALL).content.decode()
    assert "Hollin" not in text
    assert "HRB" not in text


def test_the_wall_asks_as_often_for_more_campaigns(cast, clients, login):
    browser = login(cast.mei)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get(WALL)
        return len(asked)

    queries()
    few = queries()
    many_campaigns(cast, clients, 3)
    assert queries() == few


# ── How much it is ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.thorough
def test_sixty_campaigns_ask_as_often_as_twenty_and_weigh_the_same(cast, clients, login):
    browser = login(cast.mei)

    def measured():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(SCHEDULE)
        return len(asked), len(answer.content), answer.context["jobs"].count

    many_campaigns(cast, clients, 13)
    measured()
    few, light, _some = measured()
    many_campaigns(cast, clients, 40)
    many, heavy, whole = measured()
    assert whole >= 60
    assert many == few
    assert heavy < light + 20_000
    assert heavy < 300_000
