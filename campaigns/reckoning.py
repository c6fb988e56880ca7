"""The arithmetic of money: what a line costs and what the client pays, what a campaign earns, how one currency becomes another.

Pure: knows no record and no database. Every amount is rounded once, on its line, half a cent up; a total is the sum of what
is printed. How the margin counts is told in docs/money.md.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT, NOTHING, HUNDRED = Decimal("0.01"), Decimal("0.00"), Decimal(100)
HIGHEST = Decimal("999999999.99")


def rounded(amount):
    """To the cent, half a cent up."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def percent(part, percentage):
    """So many per cent of an amount, to the cent."""
    return rounded(Decimal(part) * Decimal(percentage) / HUNDRED)


def converted(amount, rate):
    """An amount of the agency's currency in the client's. rate: how much of the client's one unit of ours buys."""
    return rounded(Decimal(amount) * Decimal(rate))


@dataclass(frozen=True)
class Figures:
    """What one line comes to. In the agency's currency: cost (to third parties), markup, price (what we bill, before tax);
    in the client's: said (what the client reads, before tax) and tax."""

    cost: Decimal = NOTHING
    markup: Decimal = NOTHING
    price: Decimal = NOTHING
    said: Decimal = NOTHING
    tax: Decimal = NOTHING

    def __add__(self, other):
        return Figures(*(mine + its for mine, its in zip(self.amounts, other.amounts, strict=True)))

    @property
    def amounts(self):
        return self.cost, self.markup, self.price, self.said, self.tax

    @property
    def income(self):
        """What stays with us: gross income."""
        return self.price - self.cost

    @property
    def to_pay(self):
        """What the client pays in the end, tax included."""
        return self.said + self.tax


def figures_of(quantity, unit_price, *, markup=0, tax=0, ours=False, payer="us", rate=1):
    """The figures of a line. markup, tax: per cent · ours: our own work, which costs no third party · payer: "us" (we pay and
    bill the client), "client" (the client pays the supplier directly: nothing passes through our books) or "house" (we bear
    it: the client reads nothing of it) · rate: see `converted`."""
    base = rounded(Decimal(quantity) * Decimal(unit_price))
    if payer == "house":
        return Figures(cost=NOTHING if ours else base)
    if payer == "client":
        said = converted(base, rate)
        return Figures(said=said, tax=percent(said, tax))
    more = NOTHING if ours else percent(base, markup)
    said = converted(base + more, rate)
    return Figures(NOTHING if ours else base, more, base + more, said, percent(said, tax))


def total(figures):
    """The sum of what is printed, line by line."""
    return sum(figures, Figures())


@dataclass(frozen=True)
class Spent:
    """How the money of one budget line stands. agreed: what it may cost · committed: ordered · actual: invoiced · open:
    ordered and not invoiced yet · to_come: what is still expected beyond that."""

    agreed: Decimal = NOTHING
    committed: Decimal = NOTHING
    actual: Decimal = NOTHING
    open: Decimal = NOTHING
    to_come: Decimal = NOTHING

    def __add__(self, other):
        return Spent(*(mine + its for mine, its in zip(self.amounts, other.amounts, strict=True)))

    @property
    def amounts(self):
        return self.agreed, self.committed, self.actual, self.open, self.to_come

    @property
    def used(self):
        """What is gone or promised: invoices, and orders that no invoice has come for."""
        return self.actual + self.open

    @property
    def forecast(self):
        return self.used + self.to_come

    @property
    def over(self):
        """By how much it will cost more than was agreed."""
        return max(self.forecast - self.agreed, NOTHING)

    @property
    def left(self):
        return self.agreed - self.used

    @property
    def share(self):
        """Used of agreed, in whole per cent, so that 100 is reached by nothing less than all; None of nothing."""
        return int(self.used * HUNDRED // self.agreed) if self.agreed else None

    @property
    def is_over(self):
        """Whether it costs, or will cost, more than was agreed. Compared before anything is rounded."""
        return self.over > 0

    def reaches(self, percentage):
        """Whether so many per cent of what was agreed are used."""
        return self.used * HUNDRED >= self.agreed * percentage and self.used > 0


def spent(agreed, committed, actual, open_, expected=None, *, reserve=False):
    """How a line stands. expected: what somebody said is still to come; without it, what is left of the line ·
    reserve: money put by for what nobody foresees, of which nothing is expected to be needed."""
    used = actual + open_
    if expected is None:
        expected = NOTHING if reserve else max(agreed - used, NOTHING)
    return Spent(agreed, committed, actual, open_, expected)


@dataclass(frozen=True)
class Profit:
    """What a campaign earns, in the agency's currency. billed: what the client is billed, without contingency nobody needed ·
    third_party: what was planned to be paid to others · over: what will be paid beyond that and is borne by us · labour: our
    people's time."""

    billed: Decimal = NOTHING
    third_party: Decimal = NOTHING
    over: Decimal = NOTHING
    labour: Decimal = NOTHING

    def __add__(self, other):
        return Profit(*(mine + its for mine, its in zip(self.amounts, other.amounts, strict=True)))

    @property
    def amounts(self):
        return self.billed, self.third_party, self.over, self.labour

    @property
    def income(self):
        """Gross income: price billed less planned third-party cost."""
        return self.billed - self.third_party

    @property
    def profit(self):
        return self.income - self.over - self.labour

    @property
    def margin(self):
        """Profit in per cent of gross income, to a tenth; None where there is no income."""
        return _share(self.profit, self.income)

    @property
    def margin_of_billings(self):
        return _share(self.profit, self.billed)

    def is_under(self, floor):
        """Whether the margin of gross income lies under a floor in per cent. Compared before anything is rounded."""
        if self.income <= 0:
            return self.profit < 0 or self.billed > 0 or self.third_party > 0
        return self.profit * HUNDRED < self.income * Decimal(floor)


def _share(part, whole):
    return (part * HUNDRED / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole > 0 else None
