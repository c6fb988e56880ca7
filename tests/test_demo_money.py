"""The demo agency's Sunday Loaf: its money is the example by which everybody learns how a margin counts (docs/money.md)."""

import re
from decimal import Decimal
from html import unescape

import pytest

from campaigns.models import Campaign
from campaigns.profit import level_of, money_in
from campaigns.views.money import agreed_by_client, before_markup

HRB = "HRB-26-014"
PAGE = f"/campaigns/{HRB}/money/"


@pytest.fixture
def loaf(db):
    return Campaign.objects.get(job_number=HRB)


def money_lines(campaign):
    return {line.kind if not line.is_reserve else "contingency": line for line in campaign.budget_lines.all()}


def words(answer):
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_the_budget_is_143000_and_the_client_reads_144720(loaf):
    lines = money_lines(loaf)
    assert sum(before_markup(line) for line in lines.values()) == Decimal("143000.00")
    assert agreed_by_client(loaf)["agreed"] == loaf.plan.in_force.total == Decimal("144720.00")
    assert sum(line.price for line in lines.values()) == Decimal("144720.00")


def test_of_media_96000_are_agreed_94200_ordered_and_1800_still_to_come(loaf):
    media = money_lines(loaf)["media"].spent
    told = (media.agreed, media.committed, media.to_come, media.forecast)
    assert told == tuple(map(Decimal, ("96000.00", "94200.00", "1800.00", "96000.00")))


def test_production_has_cost_22840_of_21500_which_is_106_per_cent_and_red(loaf):
    production = money_lines(loaf)["production"].spent
    assert (production.agreed, production.actual) == (Decimal("21500.00"), Decimal("22840.00"))
    assert (production.share, production.over, level_of(production)) == (106, Decimal("1340.00"), "late")


def test_the_margin_is_17_1_per_cent_of_income_and_2_4_of_billings_under_the_floor_of_20(loaf, settings):
    money = money_in(loaf)
    earned = money.profit
    assert (earned.billed, earned.third_party, earned.labour) == tuple(map(Decimal, ("141720", "122000", "15000")))
    assert (earned.income, earned.profit) == (Decimal("19720.00"), Decimal("3380.00"))
    assert (earned.margin, earned.margin_of_billings) == (Decimal("17.1"), Decimal("2.4"))
    assert (settings.MARGIN_FLOOR, money.is_under_floor) == (20, True)


def test_the_page_tells_its_director_all_of_it(cast, login):
    text = words(login(cast.marta).get(PAGE))
    figures = [
        "143,000.00",
        "144,720.00",
        "96,000.00",
        "94,200.00",
        "1,800.00",
        "21,500.00",
        "22,840.00",
        "19,720.00",
        "3,380.00",
    ]
    margins = ["106 %", "17.1 % of gross income", "2.4 % of billings", "under the floor of 20 %"]
    for told in figures + margins:
        assert told in text, told


def test_production_is_red_there_and_the_margin_amber(cast, login):
    page = login(cast.marta).get(PAGE).content.decode()
    row = page[page.index("Printing 18/1") :].split("</tr>")[0]
    assert 'data-state="late"' in row
    assert "106 %" in row
    assert re.search(r'<div class="figure" data-state="risk">(?:(?!</div>).)*Margin', page, re.S)


def test_finance_books_the_film_and_sees_neither_what_was_agreed_nor_what_is_earned(cast, login):
    browser = login(cast.ida)
    job = Campaign.objects.visible_to(cast.ida).get().job_number
    answer = browser.get(f"/campaigns/{job}/money/")
    text = words(answer)
    assert answer.status_code == 200
    assert "62,000.00" in text  # the invoice of the film
    for secret in ("186,000", "209,250", "Margin", "margin", "Gross income", "Forecast"):
        assert secret not in text, secret
    assert browser.get(PAGE).status_code == 404
