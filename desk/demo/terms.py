"""What is agreed with the clients: since when, in which money, and who at the client's confirms what up to how much."""

from decimal import Decimal

from clients.models import Authority, Contact, Terms
from desk.demo.stage import token

AGREED_ON, REVISED_ON = -264, -130
EVERYTHING = list(Authority.What)
WORK = ["playback", "draft", "proof", "contact_report", "progress"]
MONEY = ["plan", "estimate", "schedule", "change_order"]

CLAUSE = (
    "The agency issues a contact report within two working days. What the client does not correct within two working days "
    "of its receipt is agreed."
)
FEE = {
    "HRB": "A fee for each campaign, agreed with its estimate; 12,500 a year for advice are in it.",
    "VOL": "9,800 a month for the team in the South; production by estimate.",
    "TER": "86 an hour, two hours of each month free.",
}
# client, from which day, what differs from the house's own terms
AGREED = [
    ("HRB", AGREED_ON, {"answer_days": 5, "rounds": 3, "markup": Decimal(10), "fee_note": FEE["HRB"]}),
    ("HRB", REVISED_ON, {"answer_days": 3, "markup": Decimal(8), "late_shift": True, "fee_note": FEE["HRB"]}),
    ("VOL", AGREED_ON, {"markup": Decimal("12.5"), "fee_basis": "retainer", "fee_note": FEE["VOL"], "late_shift": True}),
    ("NOR", AGREED_ON, {"answer_days": 5, "markup": Decimal(10)}),
    ("MER", AGREED_ON, {"country": "IE", "markup": Decimal(5), "fee_basis": "commission"}),
    ("SOL", AGREED_ON, {"rounds": 3, "late_shift": True}),
    ("TER", AGREED_ON, {
        "deemed_acceptance": True, "deemed_clause": CLAUSE, "fee_basis": "hourly", "fee_note": FEE["TER"], "markup": Decimal(8),
    }),
    ("PAL", AGREED_ON, {"answer_days": 2}),
    ("GRE", AGREED_ON, {}),
]  # fmt: skip
# contact, what, up to (None: without a limit)
CONFIRM = [
    ("Clara Hollin", EVERYTHING, 150_000),
    ("Peter Dorn", ["proof"], None),
    ("Erik Voss", EVERYTHING, None),
    ("Sara Lind", ["draft", "proof", "contact_report"], None),
    ("Paul Reyes", EVERYTHING, 400_000),
    ("Ana Duarte", WORK, None),
    ("Ana Duarte", MONEY, 90_000),
    ("Nina Berg", WORK, None),
    ("Nina Berg", MONEY, 120_000),
    ("Ben Ortiz", EVERYTHING, 75_000),
    ("Ruth Amari", WORK, None),
    ("Ruth Amari", ["plan", "estimate", "schedule"], 12_000),
    ("Ruth Amari", ["change_order"], 400),
    ("Kofi Mensah", WORK, None),
    ("Kofi Mensah", MONEY, 10_000),
]


def agree(stage):
    """The supervisors write down what was agreed; who may confirm goes over where terms follow terms."""
    write_all(stage, AGREED_ON)
    with stage.at(AGREED_ON, "15:00"):
        for name, kinds, up_to in CONFIRM:
            authorise(name, kinds, up_to)
    write_all(stage, REVISED_ON)


def write_all(stage, on):
    for code, offset, fields in AGREED:
        if offset == on:
            with stage.at(offset, "14:00"):
                write(stage, code, offset, fields)


def write(stage, code, offset, fields):
    client = stage.clients[code]
    by, day = client.supervisor, stage.day(offset)
    Terms.open(client=client, by=by, token=token(f"terms {code} {offset}"), valid_from=day, **fields)


def authorise(name, kinds, up_to):
    contact = Contact.objects.get(name=name)
    terms = contact.client.terms_on()
    terms.authorise(contact, kinds=kinds, up_to=None if up_to is None else Decimal(up_to), by=contact.client.supervisor)
