"""The frame around every page: places, search, notices, and the person's menu, whose settings hold at once."""

import gzip

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import News, Theme
from desk.inbox import Inbox

EVERYBODY = ["helena", "omar", "marta", "tomas", "jonas", "mei", "felix", "noor", "admin"]
OUTSIDE = ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example", "\\\\evil.example", ""]


def page(browser, address="/"):
    return browser.get(address).content.decode()


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_frame_leads_everybody_to_search_notices_settings_and_out(name, login, cast):
    text = page(login(getattr(cast, name)), reverse("me"))
    assert 'role="search" action="/search/"' in text
    for address in ("notices", "me", "account_change_password", "account_logout"):
        assert f'"{reverse(address)}' in text, address
    assert text.index('class="skip"') < text.index('class="rail"') < text.index('role="search"') < text.index('id="page"')


def test_a_page_goes_packed_and_a_file_as_it_is(login, cast):
    browser, ready = login(cast.helena), {"HTTP_ACCEPT_ENCODING": "gzip"}
    answer = browser.get("/", **ready)
    assert answer["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer["Vary"]
    assert "Helena" in gzip.decompress(answer.content).decode()
    assert "Content-Encoding" not in browser.get("/")
    listed = browser.get(f"{reverse('briefs')}?export=csv", **ready)
    assert listed["Content-Type"].startswith("text/csv") and "Content-Encoding" not in listed


def test_the_menu_tells_name_role_group_time_zone_and_how_news_comes(login, cast):
    cast.jonas.adjust(by=cast.jonas, time_zone="America/New_York", news=News.MORNING)
    text = page(login(cast.jonas), reverse("me"))
    menu = text[text.index('class="menu__list own"') :]
    for told in ("Jonas Weber", "Salesman", "North", "America/New_York", "in the morning"):
        assert told in menu


# Colours


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_of_the_menu_hold_with_one_click_and_lead_back_to_the_page(theme, login, cast):
    browser = login(cast.jonas)
    answer = browser.post(reverse("me_adjust"), {"theme": theme, "next": "/briefs/?state=draft"})
    assert (answer.status_code, answer.url) == (302, "/briefs/?state=draft")
    text = page(browser, answer.url)
    assert f'data-theme="{theme}"' in text
    assert f'<meta name="color-scheme" content="{theme}">' in text
    assert f'value="{theme}" aria-pressed="true"' in text


def test_as_the_device_leaves_the_choice_to_the_device(login, cast):
    cast.jonas.adjust(by=cast.jonas, theme=Theme.DARK)
    browser = login(cast.jonas)
    browser.post(reverse("me_adjust"), {"theme": ""})
    text = page(browser)
    assert "data-theme" not in text
    assert 'name="theme" value="" aria-pressed="true"' in text


def test_a_strangers_pages_follow_the_device(client, db):
    for text in (page(client, reverse("account_login")), render_to_string("500.html")):
        assert "data-theme" not in text
        assert 'content="light dark"' in text


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_menu_leads_nobody_out_of_the_house(address, login, cast):
    answer = login(cast.jonas).post(reverse("me_adjust"), {"theme": "dark", "next": address})
    assert (answer.status_code, answer.url) == (302, reverse("desk"))


@pytest.mark.parametrize("sent", [{"theme": "purple"}, {"language": "tlh"}, {"theme": "dark", "next": "/" * 3000}])
def test_a_setting_that_does_not_exist_changes_nothing(sent, login, cast):
    assert login(cast.jonas).post(reverse("me_adjust"), sent).status_code == 400
    cast.jonas.refresh_from_db()
    assert (cast.jonas.theme, cast.jonas.language) == ("", "en-gb")


def test_the_menu_changes_what_was_asked_and_nothing_else(login, cast):
    cast.jonas.adjust(by=cast.jonas, theme=Theme.DARK)
    login(cast.jonas).post(reverse("me_adjust"), {"language": "en-gb", "role": "minister", "news": "desk"})
    cast.jonas.refresh_from_db()
    assert (cast.jonas.theme, cast.jonas.role, cast.jonas.news) == ("dark", "salesman", "at_once")


def test_the_menu_offers_every_language_of_the_house_in_its_own_name(login, cast):
    text = page(login(cast.jonas), reverse("me"))
    offered = [code for code, _name in settings.LANGUAGES if f'name="language" value="{code}"' in text]
    assert offered == ([code for code, _name in settings.LANGUAGES] if len(settings.LANGUAGES) > 1 else [])


# The page of settings


def test_the_settings_hold_and_their_change_is_in_the_history(login, cast):
    sent = {"time_zone": "Asia/Shanghai", "language": "en-gb", "theme": "dark", "news": "morning", "slash": "on"}
    assert login(cast.jonas).post(reverse("me"), sent).status_code == 302
    cast.jonas.refresh_from_db()
    assert {name: getattr(cast.jonas, name) for name in sent} == sent | {"slash": True}
    line = cast.jonas.history.first()
    assert (line.history_user, line.theme, line.news) == (cast.jonas, "dark", "morning")


def test_saving_what_stands_there_leaves_no_line_in_the_history(login, cast):
    browser = login(cast.jonas)
    lines = cast.jonas.history.count()
    sent = {name: getattr(cast.jonas, name) for name in cast.jonas.OWN}
    answer = browser.post(reverse("me"), sent, follow=True)
    assert "Nothing was different." in answer.content.decode()
    assert cast.jonas.history.count() == lines


def test_a_time_zone_outside_the_list_is_kept_until_another_is_chosen(login, cast):
    cast.jonas.adjust(by=cast.jonas, time_zone="UTC")
    assert '<option value="UTC" selected>' in page(login(cast.jonas), reverse("me"))


# What the frame costs


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_rail_counts_what_needs_one_and_nothing_else(name, login, cast):
    person = getattr(cast, name)
    waiting = len(Inbox(person).needs_me())
    assert Inbox(person).count(100) == waiting
    rail = page(login(person), reverse("me")).split("</nav>")[0]
    assert ("waiting for you" in rail) == bool(waiting and person.role)


def test_the_count_of_the_desk_stops_and_costs_one_query(cast, django_assert_num_queries):
    assert len(Inbox(cast.noor).needs_me()) > 1
    with django_assert_num_queries(1):
        assert Inbox(cast.noor).count(1) == 1


def test_the_bell_costs_two_queries_however_many_notices_there_are(login, cast):
    browser, asked = login(cast.jonas), []
    for _each in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("me"))
        asked.append(sum('"reminders_notice"' in query["sql"] for query in queries))
        cast.jonas.notices.update(seen_at=None)
    assert asked == [2, 2]


def test_a_fragment_asks_for_no_frame(login, cast):
    browser = login(cast.jonas)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("search"), {"fragment": 1, "q": "loaf"})
    assert not any("reminders_notice" in query["sql"] for query in queries)


def test_the_key_that_leads_to_the_search_can_be_switched_off(cast, login):
    browser = login(cast.jonas)
    assert '<search-box class="search" data-key="/">' in browser.get("/").content.decode()
    browser.post(reverse("me"), {"time_zone": "Europe/London", "language": "en-gb", "news": "at_once"})
    text = browser.get("/").content.decode()
    assert '<search-box class="search">' in text
    assert "search__key" not in text
