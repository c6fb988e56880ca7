"""The intake briefs of the demo agency: accepted ones for the campaigns, one being written, one waiting, one returned."""

from decimal import Decimal

from agency import clock
from briefs.models import Brief
from desk.demo import answers, asking
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
# Accepted briefs that are being changed: story's key, by, why
CHANGES = [("MER spring", "amina", "A third coastal route is on sale from January; Ana Duarte wants it in the same pages.")]
# story's key → why its brief was accepted although the client had confirmed no playback
WITHOUT_PLAYBACK = {
    "MER": "Display only, and the brief is word for word Ana Duarte's own paper.",
    "MER spring": "Ana Duarte travels until the end of the week and the magazines close before; the playback follows.",
    "SOL": "Nina Berg went through the brief itself at the meeting; the season does not wait for another paper.",
    "TER booklet": "Ben Ortiz dictated it on the telephone, and the study has to begin.",
    "PAL": "A listings advertisement as in the last three seasons: read out to Ruth Amari, who said yes.",
    "GRE": "The terms name nobody at Greenlea; Kofi Mensah, the owner, said yes on the telephone.",
    "GRE lights": "The terms name nobody at Greenlea; Kofi Mensah wants it as it was last year.",
}
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
    for key, by, reason in CHANGES:
        yield Act(-1, "16:20", lambda row=(key, by, reason): reopen(stage, *row))
    for key, reader, giver, until, reason in SHARES:
        yield Act(-1, "14:10", lambda row=(key, reader, giver, until, reason): share(stage, *row))


def accepted(stage, key, code, writer, acceptor, first, last):
    """The life of a brief that becomes a campaign: opened on its first day, submitted and accepted on its last."""
    yield from written(stage, key, code, writer, first, last)
    yield from asking.before_acceptance(stage, key, writer, first, last)
    yield Act(last, "13:30", lambda: submit(stage, key, writer))
    yield Act(last, "14:30", lambda: accept(stage, key, acceptor))


def accept(stage, key, acceptor):
    brief, by = stage.briefs[key], stage.people[acceptor]
    if key in WITHOUT_PLAYBACK:
        brief.accept_without_playback(by=by, reason=WITHOUT_PLAYBACK[key])
    else:
        brief.accept(by=by)


def written(stage, key, code, writer, first, last):
    """Taken with two blocks, completed a day later: the first telephone call never gives everything. At the bakery it gave
    all but four answers."""
    title, product, market, budget, amount, plan = BRIEFS[key]
    early = {"title": title, "product_knowledge": product, "market_situation": market}
    rest = {"budget_notes": budget, "budget_amount": Decimal(amount) if amount else None, "market_plan": plan}
    later = (first, "10:50") if key == "HRB" else (last, "11:20")
    yield Act(first, "10:05", lambda: take(stage, key, code, writer, early))
    yield Act(*later, lambda: write_on(stage, key, writer, rest))


def take(stage, key, code, writer, fields):
    fields = {"client": stage.clients[code], "template": answers.template_of(key), **fields}
    stage.briefs[key] = Brief.open(by=stage.people[writer], token=token(f"brief {key}"), **fields)


def write_on(stage, key, writer, changes):
    brief = stage.briefs[key]
    said = brief.client.contacts().order_by("pk").first()
    changes, marks = changes | answers.more(stage, key), answers.marks(stage, key, said, clock.today())
    brief.write(by=stage.people[writer], seen=brief.version, changes=changes, marks=marks)


def submit(stage, key, writer):
    stage.briefs[key].submit(by=stage.people[writer])


def send_back(stage, key, acceptor, reason):
    stage.briefs[key].return_to_writer(by=stage.people[acceptor], reason=reason)


def reopen(stage, key, by, reason):
    stage.briefs[key].reopen(by=stage.people[by], reason=reason)


def share(stage, key, reader, giver, until, reason):
    people = stage.people
    stage.briefs[key].share_with(people[reader], until=stage.day(until), reason=reason, by=people[giver])
