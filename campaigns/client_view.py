"""What the client reads of a plan, an estimate or a change order: the client view. Documents, exports and links show this and
nothing else; there is no cost, no mark-up and no margin in it, so none can slip out."""

from dataclasses import dataclass, field
from decimal import Decimal

from campaigns import reckoning
from campaigns.models.costed import Kind, Payer


@dataclass(frozen=True)
class ClientLine:
    """One line as the client reads it. amount: before tax, in the client's currency · tax_rate in per cent · direct: the
    client pays the supplier, not us."""

    number: int
    kind: str
    name: str
    quantity: Decimal
    unit: str
    amount: Decimal
    tax_rate: Decimal
    tax: Decimal
    direct: bool

    @property
    def kind_label(self):
        return Kind(self.kind).label


@dataclass(frozen=True)
class ClientView:
    """A document for the client. text: what a plan says, section by section, or what a change order changes."""

    job: str
    name: str
    currency: str
    lines: list = field(default_factory=list)
    contingency: Decimal = reckoning.NOTHING
    text: dict = field(default_factory=dict)

    @property
    def net(self):
        """Everything before tax, contingency included: what a contact's limit is held against."""
        return sum((line.amount for line in self.lines), self.contingency)

    @property
    def tax(self):
        return sum((line.tax for line in self.lines), reckoning.NOTHING)

    @property
    def total(self):
        return self.net + self.tax

    @property
    def direct(self):
        """Of the net amount, what the client pays to suppliers directly."""
        return sum((line.amount for line in self.lines if line.direct), reckoning.NOTHING)

    @property
    def by_kind(self):
        """(label, sum before tax) for each kind of line that there is, in the order of the trade."""
        sums = {}
        for line in self.lines:
            sums[line.kind] = sums.get(line.kind, reckoning.NOTHING) + line.amount
        return [(kind.label, sums[kind]) for kind in Kind if kind in sums]


def client_view(document):
    """The client view of a plan or a change order as it stands now; of lines the house bears the client reads nothing."""
    campaign, rate = document.campaign, document.rate
    read = [line for line in document.estimate if line.payer != Payer.HOUSE]
    lines = [_line(number, line, line.figures(rate)) for number, line in enumerate(read, 1)]
    return ClientView(
        job=campaign.job_number, name=campaign.name, currency=document.currency, lines=lines,
        contingency=reckoning.converted(document.contingency, rate), text=document.said(),
    )  # fmt: skip


def _line(number, line, figures):
    return ClientLine(
        number, line.kind, line.name, line.quantity, line.unit, figures.said, line.tax, figures.tax, line.payer == Payer.CLIENT
    )


NUMBERS = ("quantity", "amount", "tax_rate", "tax")


def frozen(view):
    """The view as JSON can hold it; its digest is what the client confirms."""
    lines = [vars(line) | {name: str(getattr(line, name)) for name in NUMBERS} for line in view.lines]
    sums = {"contingency": str(view.contingency), "net": str(view.net), "tax": str(view.tax), "total": str(view.total)}
    return {"job": view.job, "name": view.name, "currency": view.currency, "text": view.text, "lines": lines, **sums}


def thawed(content):
    """The view that was frozen."""
    lines = [ClientLine(**{**line, **{name: Decimal(line[name]) for name in NUMBERS}}) for line in content["lines"]]
    own = {name: content[name] for name in ("job", "name", "currency", "text")}
    return ClientView(**own, lines=lines, contingency=Decimal(content["contingency"]))
