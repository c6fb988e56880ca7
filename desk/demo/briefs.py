"""The intake briefs of the demo agency: accepted ones for the campaigns, one being written, one waiting, one returned."""

from decimal import Decimal

from agency.flow import revise
from briefs.models import Brief
from desk.demo.stage import Act, token
from desk.demo.texts import BRIEFS

# Briefs without a campaign yet. story's key, client, writer, opened on, how far they have come, answered by, reason
LOOSE = [
    ("NOR", "NOR", "jonas", -3, "written", None, ""),
    ("SOL winter", "SOL", "jonas", -2, "submitted", None, ""),
    (
        "VOL fleet", "VOL", "amina", -4, "returned", "lucia",
        "The market block names no competitor and the figure does not say whether media is in it. Please ask Sara Lind.",
    ),
]  # fmt: skip
SHARES = [
    ("SOL winter", "felix", "mei", 10, "Please say by Friday whether the vitamin shelf can be drawn instead of photographed."),
    ("VOL", "petra", "lucia", 15, "The pre-test of the script needs the market figures of the brief."),
]


def acts(stage):
    """What happened to the briefs without a campaign, and who of the other departments may read which brief."""
    for key, code, writer, opened, reached, acceptor, reason in LOOSE:
        yield from written(stage, key, code, writer, opened, opened + 1)
        if reached != "written":
            yield Act(opened + 1, "13:30", lambda key=key, writer=writer: submit(stage, key, writer))
        if reached == "returned":
            yield Act(opened + 2, "10:15", lambda key=key, by=acceptor, reason=reason: send_back(stage, key, by, reason))
    for key, reader, giver, until, reason in SHARES:
        yield Act(-1, "14:10", lambda row=(key, reader, giver, until, reason): share(stage, *row))


def accepted(stage, key, code, writer, acceptor, first, last):
    """The life of a brief that becomes a campaign: opened on its first day, submitted and accepted on its last."""
    yield from written(stage, key, code, writer, first, last)
    yield Act(last, "13:30", lambda: submit(stage, key, writer))
    yield Act(last, "14:30", lambda: stage.briefs[key].accept(by=stage.people[acceptor]))


def written(stage, key, code, writer, first, last):
    """Taken with two blocks, completed a day later: the first telephone call never gives everything."""
    title, product, market, budget, amount, plan = BRIEFS[key]
    early = {"title": title, "product_knowledge": product, "market_situation": market}
    rest = {"budget_notes": budget, "budget_amount": Decimal(amount) if amount else None, "market_plan": plan}
    yield Act(first, "10:05", lambda: take(stage, key, code, writer, early))
    yield Act(last, "11:20", lambda: write_on(stage, key, writer, rest))


def take(stage, key, code, writer, fields):
    stage.briefs[key] = Brief.open(client=stage.clients[code], by=stage.people[writer], token=token(f"brief {key}"), **fields)


def write_on(stage, key, writer, changes):
    brief = stage.briefs[key]
    revise(brief, by=stage.people[writer], needs="briefs.change_brief", seen=brief.version, changes=changes)


def submit(stage, key, writer):
    stage.briefs[key].submit(by=stage.people[writer])


def send_back(stage, key, acceptor, reason):
    stage.briefs[key].return_to_writer(by=stage.people[acceptor], reason=reason)


def share(stage, key, reader, giver, until, reason):
    people = stage.people
    stage.briefs[key].share_with(people[reader], until=stage.day(until), reason=reason, by=people[giver])
