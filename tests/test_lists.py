"""Every list in one pattern: what is asked, sorted and turned over stands in the address, the columns go by the person, and the
file holds what the page shows."""

import csv
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from accounts.lists import EvaluationList, PeopleList
from accounts.models import Habit
from agency import keyset, lists
from agency.exports import harmless
from agency.lists import by_choice
from briefs.lists import BriefList
from briefs.models import Brief
from campaigns.lists import CampaignList, StepList
from clients.lists import ClientList
from clients.models import Client
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief

LISTS = {it.name: it for it in (ClientList, BriefList, CampaignList, PeopleList, EvaluationList)}
# Every list with columns, and somebody who finds rows in it.
PAGES = {"clients": "helena", "briefs": "jonas", "campaigns": "mei", "people": "helena"}
SORTS = [
    (name, sign + column.key)
    for name in PAGES
    for column in LISTS[name].columns
    if column.sort is not None
    for sign in ("", "-")
]  # fmt: skip
CANARY = "Kanarienvogel"


def rows(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [row.pk for row in answer.context["page"]]


def turned(browser, address):
    """The keys of every page of a list, by its links."""
    found, answer = [], browser.get(address)
    while True:
        found.append(rows(answer))
        if not answer.context["page"].older:
            return found
        answer = browser.get(address.split("?")[0] + answer.context["page"].older)


def table(answer):
    """The lines of a CSV answer."""
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def book(answer):
    return load_workbook(BytesIO(answer.content)).active


def cost(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


# Sorting


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_a_list_sorts_by_every_column_that_offers_it_both_ways(name, sort, cast, login):
    browser = login(getattr(cast, PAGES[name]))
    answer = browser.get(reverse(name), {"sort": sort})
    assert sorted(rows(answer)) == sorted(rows(browser.get(reverse(name))))
    if sort.removeprefix("-") in {column.key for column in answer.context["listing"].shown}:
        assert answer.content.decode().count("aria-sort=") == 1


def test_names_sort_whatever_their_capitals(cast, clients, login):
    for title in ("beta", "Alpha", "Gamma", "alpine"):
        a_brief(clients["PAL"], cast.jonas, title=title)
    titles = [row.title for row in login(cast.jonas).get("/briefs/?client=PAL&sort=title").context["page"]]
    assert [title for title in titles if title in {"beta", "Alpha", "Gamma", "alpine"}] == ["Alpha", "alpine", "beta", "Gamma"]


def test_states_sort_in_the_order_of_life(cast, login):
    states = [row.state for row in login(cast.helena).get("/briefs/?sort=state").context["page"]]
    assert states == sorted(states, key=Brief.State.values.index)
    assert len(set(states)) > 1


@pytest.mark.parametrize("sort", ["due", "-due"])
def test_what_has_no_due_date_comes_last_either_way(sort, cast, login):
    dates = [row.due_on for row in login(cast.helena).get("/briefs/", {"sort": sort}).context["page"]]
    named = [due for due in dates if due]
    assert named == sorted(named, reverse=sort == "-due")
    assert named
    assert dates == named + [None] * (len(dates) - len(named))
    assert None in dates


def test_campaigns_sort_by_the_day_of_their_next_step(cast, login):
    page = login(cast.mei).get("/campaigns/?sort=due").context["page"]
    days = [row.next_step.due_on for row in page if row.next_step]
    assert days == sorted(days)
    assert len(set(days)) > 2


def test_the_head_of_a_column_sorts_by_it_and_when_pressed_again_the_other_way_round(cast, login):
    browser = login(cast.jonas)
    heads = {"/briefs/?client=HRB": "?client=HRB&sort=due", "/briefs/?client=HRB&sort=due": "?client=HRB&sort=-due",
             "/briefs/?client=HRB&sort=-due": "?client=HRB&sort=due"}  # fmt: skip
    for address, link in heads.items():
        assert f'href="{link}"' in unescape(browser.get(address).content.decode())
    assert 'aria-sort="descending"' in browser.get("/briefs/?sort=-due").content.decode()


@pytest.mark.parametrize("sort", ["nonsense", "--due", "-", "pk", "client__name", "due'--", "x" * 3000])
def test_a_sort_the_list_does_not_know_is_turned_away_with_a_sentence(sort, cast, login):
    answer = login(cast.jonas).get("/briefs/", {"sort": sort})
    assert answer.status_code == 400
    assert "cannot be sorted like that" in answer.content.decode()


# Paging


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(keyset, "PAGE", 3)


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_turning_the_pages_meets_every_row_once_in_the_order_of_the_whole_list(name, sort, cast, login, monkeypatch):
    browser, address = login(getattr(cast, PAGES[name])), f"{reverse(name)}?sort={sort}"
    whole = rows(browser.get(address))
    monkeypatch.setattr(keyset, "PAGE", 3)
    pages = turned(browser, address)
    assert [key for page in pages for key in page] == whole
    assert [len(page) for page in pages[:-1]] == [3] * (len(pages) - 1)
    assert len(pages) > 1


class EveryRowOnce(TestCase):
    """Briefs with equal, empty and odd keys, made up by chance."""

    orders = {
        "due": "due_on", "since": "court_since", "title": "title", "budget": "budget_amount", "holder": "holder__username",
        "opened": "pk",
    }  # fmt: skip
    row = some.tuples(
        some.sampled_from(["", "a", "A", "b", "ä", "汉", "x' OR 1", "%"]),
        some.sampled_from([None, date(2026, 11, 23), date(2026, 11, 24), date(2027, 1, 1)]),
        some.sampled_from([None, Decimal("0.01"), Decimal("9.90"), Decimal("10.00"), Decimal("999999999.99")]),
        some.sampled_from([0, 0, 1, 999_999]),
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made=some.lists(row, max_size=12), by=some.sampled_from(sorted(orders)), down=some.booleans(),
           size=some.integers(1, 4))  # fmt: skip
    def test_every_row_once(self, made, by, down, size):
        client, now = Client.objects.get(code="PAL"), datetime.fromisoformat("2026-11-23T09:00:00+00:00")
        jonas = client.holder_of("salesman")
        for title, due, budget, microseconds in made:
            since = now + timedelta(microseconds=microseconds)
            brief = a_brief(client, jonas, title=title, budget_amount=budget)
            Brief.objects.filter(pk=brief.pk).update(due_on=due, court_since=since, holder=jonas if budget else None)
        rows, order = Brief.objects.filter(client=client), keyset.Order(self.orders[by], down=down, scope="x")
        whole, seen = list(order.sort(rows)), []
        assert whole == sorted(whole, key=lambda row: row.sort_key is None), "nulls last"
        rest = order.sort(rows)
        while page := list(rest[:size]):
            seen += page
            rest = order.behind(order.sort(rows), order.cursor(page[-1]))
        assert [row.pk for row in seen] == [row.pk for row in whole]


def test_a_row_that_moves_while_the_pages_are_turned_hides_no_other(cast, login, monkeypatch):
    for days, brief in enumerate(Brief.objects.all()):
        Brief.objects.filter(pk=brief.pk).update(due_on=date(2026, 11, 24) + timedelta(days=days))
    browser = login(cast.helena)
    whole = rows(browser.get("/briefs/?sort=-due"))
    monkeypatch.setattr(keyset, "PAGE", 3)
    first = browser.get("/briefs/?sort=-due")
    Brief.objects.filter(pk=whole[2]).update(due_on=date(1999, 1, 1))
    assert rows(browser.get("/briefs/" + first.context["page"].older))[0] == whole[3]


@pytest.mark.parametrize("after", ["60", "x", "W251bGwsMV0.x", "汉", "9" * 5000, "..", "WzEsMV0:1:2"])
def test_a_cursor_somebody_made_up_is_turned_away_with_a_sentence(after, cast, login):
    answer = login(cast.jonas).get("/briefs/", {"after": after})
    assert answer.status_code == 400
    assert "does not lead to a page of the list" in answer.content.decode()


def test_a_cursor_leads_into_its_own_list_and_sequence_alone(cast, login, small_pages):
    browser = login(cast.helena)
    cursor = re.search(r"after=([^&]+)", browser.get("/briefs/?sort=title").context["page"].older)[1]
    assert browser.get(f"/briefs/?sort=title&after={cursor}").status_code == 200
    for address in ("/briefs/?sort=-title", "/briefs/?sort=due", "/campaigns/?sort=name"):
        assert browser.get(f"{address}&after={cursor}").status_code == 400


def test_a_cursor_opens_no_row_that_the_person_does_not_see(cast, login, small_pages):
    cursor = Signer(salt="list.briefs.-opened").sign_object(["2030-01-01T00:00:00+00:00", 10**9])
    seen = set(Brief.objects.visible_to(cast.jonas).values_list("pk", flat=True))
    assert set(rows(login(cast.jonas).get("/briefs/", {"after": cursor}))) <= seen


def test_a_list_counts_to_a_thousand_and_no_further(cast, clients, login, monkeypatch):
    monkeypatch.setattr(keyset, "CAP", 4)
    answer = login(cast.helena).get("/briefs/")
    assert answer.context["page"].count == 5


# Filters


@pytest.mark.parametrize("name", [*PAGES, "evaluations"])
def test_a_filter_in_use_can_be_taken_off_and_all_of_them_cleared(name, cast, login):
    browser, field = login(cast.helena), next(iter(LISTS[name].filters.base_fields))
    text = unescape(browser.get(reverse(name), {field: "zzz", "sort": LISTS[name].order}).content.decode())
    order = f'href="?sort={LISTS[name].order}"'
    assert text.count('class="filter__off"') == 1
    assert text.count(order) >= 2, "one takes off the question, one clears them all; the sequence stays"


@pytest.mark.parametrize("name", [*PAGES, "evaluations"])
def test_when_the_questions_leave_nothing_the_page_says_so_and_offers_to_clear_them(name, cast, login):
    field = next(iter(LISTS[name].filters.base_fields))
    text = login(cast.helena).get(reverse(name), {field: "zzz"}).content.decode()
    assert "Nothing answers these questions" in text
    assert "Clear the filters" in text


def test_an_empty_list_says_what_belongs_there_and_offers_the_first_step(cast, login):
    assert "yours appear here as soon as you have a seat" in login(cast.felix).get("/clients/").content.decode()
    text = login(cast.ida).get("/briefs/").content.decode()
    assert "A brief begins with the first talk" in text
    assert "Take a brief" not in text


# Columns


def choose(browser, name, *columns, back="", **more):
    return browser.post(reverse("list_columns", args=[name]), {"column": columns, "back": back, **more})


def shown(answer):
    return [column.key for column in answer.context["listing"].shown]


def test_the_columns_chosen_are_remembered_for_the_person_alone(cast, login):
    answer = choose(login(cast.jonas), "briefs", "budget", "due", back="/briefs/?client=HRB")
    assert (answer.status_code, answer["Location"]) == (302, "/briefs/?client=HRB")
    assert shown(login(cast.jonas).get("/briefs/")) == ["client", "title", "due", "budget"]
    assert "143,000.00" in login(cast.jonas).get("/briefs/").content.decode()
    assert shown(login(cast.tomas).get("/briefs/")) == ["client", "title", "state", "holder", "since", "due"]


def test_one_may_choose_no_column_at_all_and_go_back_to_the_usual_ones(cast, login):
    browser = login(cast.jonas)
    choose(browser, "briefs")
    assert shown(browser.get("/briefs/")) == ["client", "title"]
    choose(browser, "briefs", "budget", usual="1")
    assert shown(browser.get("/briefs/")) == ["client", "title", "state", "holder", "since", "due"]
    assert not Habit.objects.filter(person=cast.jonas).exists()


@pytest.mark.parametrize("column", ["nonsense", "title", "client", "market_plan", "due,budget"])
def test_a_column_the_list_does_not_offer_is_refused_with_a_sentence(column, cast, login):
    answer = choose(login(cast.jonas), "briefs", "due", column)
    assert answer.status_code == 400
    assert "no such column" in answer.content.decode()
    assert not Habit.objects.filter(person=cast.jonas).exists()


def test_a_remembered_column_that_is_no_more_is_passed_over(cast, login):
    Habit.objects.keep(cast.jonas, "columns:briefs", ["gone", "due"])
    assert shown(login(cast.jonas).get("/briefs/")) == ["client", "title", "due"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil.example"])
def test_choosing_columns_leads_nowhere_outside_the_house(back, cast, login):
    assert choose(login(cast.jonas), "briefs", "due", back=back)["Location"] == reverse("desk")


def test_a_list_that_does_not_exist_has_no_columns(cast, login):
    assert choose(login(cast.jonas), "salaries", "due").status_code == 404


# Files


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_holds_the_rows_and_columns_of_the_page_in_its_order(name, form, cast, login):
    browser = login(getattr(cast, PAGES[name]))
    optional = LISTS[name].optional()
    choose(browser, name, *[column.key for column in optional[::2]])
    sort = next(f"-{column.key}" for column in LISTS[name].columns if column.sort is not None and column.what)
    page = browser.get(reverse(name), {"sort": sort})
    answer = browser.get(reverse(name), {"sort": sort, "export": form})
    lines = table(answer) if form == "csv" else [list(line) for line in book(answer).iter_rows(values_only=True)]
    columns = page.context["listing"].shown
    what = next(index for index, column in enumerate(columns) if column.what)
    assert lines[0] == [str(column.label) for column in columns]
    assert [line[what] for line in lines[1:]] == [str(columns[what].read(row)) for row in page.context["page"]]
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-2026-11-23.{form}"'


def test_the_file_answers_the_questions_of_the_page(cast, login):
    browser = login(cast.jonas)
    page, answer = (
        browser.get("/briefs/?client=HRB&state=accepted"),
        browser.get("/briefs/?client=HRB&state=accepted&export=csv"),
    )
    assert len(table(answer)) - 1 == len(rows(page)) > 0
    assert {line[0] for line in table(answer)[1:]} == {"HRB"}
    assert 'href="?client=HRB&state=accepted&export=xlsx"' in unescape(page.content.decode())


def test_the_file_holds_the_whole_list_wherever_one_had_turned_to(cast, login, small_pages):
    browser = login(cast.helena)
    second = browser.get("/briefs/").context["page"].older
    assert "after=" not in re.search(r'href="([^"]*export=csv)"', browser.get(f"/briefs/{second}").content.decode())[1]
    assert len(table(browser.get(f"/briefs/{second}&export=csv"))) - 1 == Brief.objects.visible_to(cast.helena).count()


@pytest.fixture
def canary(cast, clients):
    """A client of South with a brief, whom Jonas does not serve."""
    client = Client.open(by=cast.helena, token="6f9619ff-8b86-4011-b42d-00c04fc964ff", code="KAN", name=f"{CANARY} Seeds",
                         group=clients["VOL"].group)  # fmt: skip
    a_brief(client, cast.helena, title=f"{CANARY} in spring")
    return client


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("sort", ["", "first"])
def test_a_file_tells_nobody_of_a_client_he_does_not_see(name, sort, canary, cast, login):
    asked = {"sort": LISTS[name].columns[0].key} if sort else {}
    for username in ("jonas", "felix", "omar"):
        browser = login(getattr(cast, username))
        for form in ("csv", "xlsx"):
            answer = browser.get(reverse(name), {**asked, "export": form})
            if answer.status_code == 403:
                assert (name, username) == ("people", "felix")
                continue
            text = answer.content.decode() if form == "csv" else str(list(book(answer).iter_rows(values_only=True)))
            assert CANARY not in text
            assert "KAN" not in text
    if name in {"clients", "briefs"}:
        assert CANARY in login(cast.helena).get(reverse(name), {"export": "csv"}).content.decode()


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1",
     " ＠x", "\x01=1", "\x00\x1f@x", "\u3000＝1"],
)  # fmt: skip
def test_a_cell_is_never_run_as_a_formula(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Rye = bread", "a-b", "2026", "汉字", "x@y.example", "’s", "ends with ="])
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_formulas_and_odd_signs_in_a_title_reach_no_spreadsheet(cast, clients, login):
    for title in ('=HYPERLINK("https://evil.example","x")', "＝1+1", "a\x0bb", "#N/A", 'He said "no", twice\r\n汉字'):
        a_brief(clients["PAL"], cast.jonas, title=title)
    browser, asked = login(cast.jonas), {"client": "PAL", "sort": "opened"}
    kept = ['\'=HYPERLINK("https://evil.example","x")', "'＝1+1", "ab", "#N/A"]
    assert [line[1] for line in table(browser.get("/briefs/", {**asked, "export": "csv"}))][-5:] == [
        *kept, 'He said "no", twice\r\n汉字',
    ]  # fmt: skip
    cells = [line[1] for line in book(browser.get("/briefs/", {**asked, "export": "xlsx"})).iter_rows()][-5:]
    assert [cell.value for cell in cells][:4] == kept
    assert {cell.data_type for cell in cells} == {"s"}


def test_numbers_and_dates_stay_what_they_are(cast, clients, login):
    brief = a_brief(clients["PAL"], cast.jonas)
    Brief.objects.filter(pk=brief.pk).update(due_on=date(2026, 11, 30))
    browser = login(cast.jonas)
    choose(browser, "briefs", "due", "since", "budget")
    sheet = book(browser.get("/briefs/?sort=-opened&export=xlsx"))
    assert [cell.value for cell in sheet[2]][3:] == [datetime(2026, 11, 30, 0, 0), 60000]
    assert [cell.is_date for cell in sheet[2]][2:] == [True, True, False]
    assert sheet[2][2].value.date() == date(2026, 11, 23)
    assert (sheet.freeze_panes, sheet["A1"].font.bold, sheet.column_dimensions["B"].width) == ("A2", True, 44)
    line = table(browser.get("/briefs/?sort=-opened&export=csv"))[1]
    assert line[3:] == ["2026-11-30", "60000.00"]
    assert re.fullmatch(r"2026-11-23 1\d:\d\d:\d\d", line[2])


def test_a_negative_number_is_a_number(tmp_path):
    column = lists.Column("left", "Left", kind="number")
    answer = lists.attachment("csv", [column], [[-5], [Decimal("-1.50")], ["-5"]], "x", "x")
    assert answer.content.decode("utf-8-sig") == "Left\r\n-5\r\n-1.50\r\n'-5\r\n"
    sheet = book(lists.attachment("xlsx", [column], [[-5], ["-5"]], "x", "x"))
    assert [(cell.value, cell.data_type) for cell in sheet["A"]] == [("Left", "s"), (-5, "n"), ("'-5", "s")]


def test_a_csv_file_is_told_to_be_utf_8(cast, login):
    answer = login(cast.jonas).get("/briefs/?export=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_file_is_cut_off_and_says_so(cast, login, monkeypatch):
    monkeypatch.setattr(lists, "MOST", 4)
    monkeypatch.setattr(lists, "BATCH", 2)
    answer = login(cast.helena).get("/briefs/?export=csv")
    lines = table(answer)
    assert len(lines) == 1 + 4 + 1
    assert lines[-1] == ["Cut off here: a file holds the first 4 rows. Ask for fewer with the filters of the list."]
    assert "-cut.csv" in answer["Content-Disposition"]
    monkeypatch.setattr(lists, "MOST", len(rows(login(cast.helena).get("/briefs/"))))
    assert "Cut off" not in login(cast.helena).get("/briefs/?export=csv").content.decode()


def test_a_large_file_leaves_a_line_in_the_security_log(cast, login, monkeypatch, caplog):
    with caplog.at_level("INFO", "accord.security"):
        login(cast.helena).get("/briefs/?export=csv")
        assert "list exported" not in caplog.text
        monkeypatch.setattr(lists, "TOLD", 4)
        count = len(table(login(cast.helena).get("/briefs/?export=csv"))) - 1
    assert (
        f'list exported actor="accounts.person {cast.helena.pk} helena" object="briefs" rows="{count}" form="csv"'
        in caplog.text
    )


@pytest.mark.parametrize("form", ["pdf", "CSV", "csv,xlsx", "../x", "x" * 3000])
def test_a_file_of_a_kind_the_list_does_not_have_is_refused_with_a_sentence(form, cast, login):
    answer = login(cast.jonas).get("/briefs/", {"export": form})
    assert answer.status_code == 400
    assert "cannot be had as such a file" in answer.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_evaluations_leave_the_house_as_no_file(form, cast, login):
    browser = login(cast.helena)
    assert browser.get("/people/evaluations/", {"export": form}).status_code == 400
    assert "export=" not in browser.get("/people/evaluations/").content.decode()


# The steps of the schedule, whose page shows more than a list


@pytest.mark.parametrize("column", [column for column in StepList.columns if column.sort is not None], ids=lambda it: it.key)
def test_the_steps_of_the_schedule_sort_and_turn_as_every_list(column, cast, login, monkeypatch):
    browser = login(cast.mei)
    monkeypatch.setattr(keyset, "PAGE", 1000)
    for way in ("", "-"):
        whole = rows(browser.get(f"/schedule/?order={way}{column.key}"))
        monkeypatch.setattr(keyset, "PAGE", 40)
        pages = turned(browser, f"/schedule/?order={way}{column.key}")
        monkeypatch.setattr(keyset, "PAGE", 1000)
        assert [key for page in pages for key in page] == whole
        assert len(pages) > 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_steps_of_the_schedule_are_a_file_of_what_is_asked_for_without_the_buttons(form, cast, login):
    browser = login(cast.mei)
    page = browser.get("/schedule/?show=late&order=-due")
    answer = browser.get(f"/schedule/?show=late&order=-due&export={form}")
    lines = table(answer) if form == "csv" else [list(line) for line in book(answer).iter_rows(values_only=True)]
    assert lines[0] == ["Client", "Step", "State", "Owner", "Due"]
    assert [line[1] for line in lines[1:]] == [step.name for step in page.context["page"]]
    assert {line[2] for line in lines[1:]} == {"Late"}
    assert "Next move" in page.content.decode()


def test_a_file_of_steps_holds_for_a_member_his_own_alone(cast, login):
    lines = table(login(cast.felix).get("/schedule/?export=csv"))[1:]
    assert {line[3] for line in lines} == {"Felix Arnaud"}


# What it costs


@pytest.mark.parametrize("more", ["", "&export=csv", "&export=xlsx", "&sort=holder", "&sort=-due"])
def test_three_briefs_cost_what_one_costs_on_the_page_and_in_the_file(more, cast, clients, login):
    browser, address = login(cast.jonas), f"/briefs/?client=PAL&state=submitted{more}"
    a_brief(clients["PAL"], cast.jonas).submit(by=cast.jonas)
    one = cost(browser, address)
    for title in ("Second", "Third"):
        a_brief(clients["PAL"], cast.jonas, title=title).submit(by=cast.jonas)
    assert cost(browser, address) == one


@pytest.mark.parametrize(
    ("person", "one", "more"),
    [
        ("helena", "/clients/?tier=key&state=active", "/clients/?tier=standard&state=active"),
        ("helena", "/people/?role=minister", "/people/?role=director"),
    ],
)
@pytest.mark.parametrize("form", ["", "csv", "xlsx"])
def test_a_long_list_costs_what_a_short_one_costs(person, one, more, form, cast, login):
    browser = login(getattr(cast, person))
    few, many = (len(rows(browser.get(address))) for address in (one, more))
    assert 0 < few < many
    assert cost(browser, f"{one}&export={form}") == cost(browser, f"{more}&export={form}")


@pytest.mark.parametrize("more", ["", "&export=csv", "&export=xlsx", "&sort=due"])
def test_three_campaigns_cost_what_one_costs(more, cast, clients, login):
    browser, address = login(cast.mei), f"/campaigns/?plan=draft{more}"
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    one = cost(browser, address)
    for name in ("Second", "Third"):
        a_schedule(a_plan(brief, cast.marta, name=name).campaign, cast.mei)
    assert cost(browser, address) == one


def test_two_lists_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Two lists are called briefs"):
        type("Other", (lists.Listing,), {"name": "briefs"})
    assert LISTS["briefs"] is BriefList


def test_a_state_the_list_does_not_know_sorts_last(cast):
    order = keyset.Order(by_choice("state", Brief.State))
    assert order.sort(Brief.objects.all()).first().state == "draft"
