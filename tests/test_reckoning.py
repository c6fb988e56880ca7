"""Sums of money: never a cent off their parts, and a margin that counts as docs/money.md says."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import reckoning
from campaigns.reckoning import Profit, figures_of, rounded, spent, total

AMOUNTS = st.decimals("0", "99999.99", places=2)
QUANTITIES = st.decimals("0.01", "9999.99", places=2)
SHARES = st.decimals("0", "100", places=2)
RATES = st.decimals("0.01", "200", places=6)
LINES = st.lists(
    st.tuples(QUANTITIES, AMOUNTS, SHARES, SHARES, st.booleans(), st.sampled_from(["us", "client", "house"])),
    min_size=0,
    max_size=12,
)


def figured(lines, rate):
    return [
        figures_of(quantity, price, markup=markup, tax=tax, ours=ours, payer=payer, rate=rate)
        for quantity, price, markup, tax, ours, payer in lines
    ]


@settings(max_examples=300, deadline=None)
@given(LINES, RATES)
def test_a_total_is_the_sum_of_what_is_printed(lines, rate):
    found = figured(lines, rate)
    summed = total(found)
    for name in ("cost", "markup", "price", "said", "tax"):
        printed = [Decimal(f"{getattr(it, name):.2f}") for it in found]
        assert getattr(summed, name) == sum(printed, Decimal(0))
        assert all(getattr(it, name) == rounded(getattr(it, name)) for it in found)


@settings(max_examples=200, deadline=None)
@given(LINES, RATES)
def test_what_the_client_pays_directly_or_we_bear_passes_through_nobodys_bill(lines, rate):
    for (quantity, price, _markup, _tax, ours, payer), it in zip(lines, figured(lines, rate), strict=True):
        base = rounded(quantity * price)
        if payer == "client":
            assert (it.cost, it.price) == (0, 0) and it.said == rounded(base * rate)
        elif payer == "house":
            assert (it.price, it.said, it.tax) == (0, 0, 0) and it.cost == (0 if ours else base)
        else:
            assert it.price == base + it.markup and it.income == (it.price if ours else it.markup)


@pytest.mark.parametrize("amount, cents", [("0.005", "0.01"), ("0.015", "0.02"), ("2.345", "2.35"), ("2.344", "2.34")])
def test_half_a_cent_goes_up(amount, cents):
    assert rounded(Decimal(amount)) == Decimal(cents)


def test_our_own_work_costs_no_third_party_and_bears_no_mark_up():
    it = figures_of(3, "400.00", markup=10, tax=20, ours=True)
    assert (it.cost, it.markup, it.price, it.tax, it.to_pay) == (0, 0, 1200, 240, 1440)


def test_a_rate_is_used_once_on_each_line():
    it = figures_of(1, "100.05", markup=8, rate=Decimal("0.853"))
    assert (it.price, it.said) == (Decimal("108.05"), Decimal("92.17"))


def test_a_line_knows_what_is_used_left_and_to_come():
    media = spent(Decimal(96000), Decimal(94200), Decimal(0), Decimal(94200))
    assert (media.used, media.to_come, media.forecast, media.over, media.share) == (94200, 1800, 96000, 0, 98)
    printing = spent(Decimal(21500), Decimal(21500), Decimal(22840), Decimal(0))
    assert (printing.forecast, printing.over, printing.share) == (22840, 1340, 106)


def test_what_somebody_expects_counts_instead_of_what_is_left():
    line = spent(Decimal(1000), Decimal(600), Decimal(200), Decimal(400), Decimal(0))
    assert (line.forecast, line.left) == (600, 400)


def test_nothing_is_expected_of_the_contingency():
    assert spent(Decimal(3000), Decimal(0), Decimal(0), Decimal(0), reserve=True).forecast == 0


def test_a_line_without_money_is_over_with_its_first_cent():
    none, one_cent = spent(*[Decimal(0)] * 4), spent(Decimal(0), Decimal(0), Decimal("0.01"), Decimal(0))
    assert (none.is_over, none.reaches(80), one_cent.is_over) == (False, False, True)


@pytest.mark.parametrize("used, share, near, over", [
    ("79.99", 79, False, False), ("80.00", 80, True, False), ("99.99", 99, True, False), ("100.00", 100, True, False),
    ("100.01", 100, True, True),
])  # fmt: skip
def test_the_warning_comes_at_the_very_cent(used, share, near, over):
    line = spent(Decimal(100), Decimal(0), Decimal(used), Decimal(0))
    assert (line.share, line.reaches(80), line.is_over) == (share, near, over)


@settings(max_examples=200, deadline=None)
@given(AMOUNTS, AMOUNTS, AMOUNTS, st.none() | AMOUNTS)
def test_forecast_is_what_is_gone_promised_and_to_come(agreed, actual, open_, expected):
    line = spent(agreed, actual + open_, actual, open_, expected)
    assert line.forecast == line.used + line.to_come and line.over >= 0
    assert line.is_over == (line.forecast > line.agreed)


def test_the_margin_is_profit_over_gross_income_and_over_billings():
    it = Profit(billed=Decimal(141720), third_party=Decimal(122000), over=Decimal(1340), labour=Decimal(15000))
    assert (it.income, it.profit) == (19720, 3380)
    assert (it.margin, it.margin_of_billings) == (Decimal("17.1"), Decimal("2.4"))
    assert it.is_under(20) and not it.is_under(17)


def test_the_floor_is_compared_before_anything_is_rounded():
    it = Profit(billed=Decimal("100.00"), labour=Decimal("80.04"))
    assert it.margin == Decimal("20.0") and it.is_under(20)


def test_a_campaign_without_income_has_no_margin_and_is_under_the_floor_if_money_goes_through_it():
    assert Profit().margin is None and not Profit().is_under(20)
    assert Profit(Decimal(500), Decimal(500)).is_under(20)


def test_profits_of_several_campaigns_add_up():
    several = [
        Profit(Decimal(100), Decimal(40), Decimal(5), Decimal(20)),
        Profit(Decimal(10), Decimal(4), Decimal(0), Decimal(1)),
    ]
    assert sum(several, Profit()) == Profit(Decimal(110), Decimal(44), Decimal(5), Decimal(21))
    assert sum(several, Profit()).profit == sum(it.profit for it in several)


def test_currencies_change_by_the_rate_alone():
    assert reckoning.converted("10.00", "1.17") == Decimal("11.70")
