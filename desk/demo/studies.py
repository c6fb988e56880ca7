"""The joint studies of the demo agency: closed ones behind the campaigns that run, and one that waits for a department."""

from decimal import Decimal

from accounts.models import Department
from briefs.models import Study
from desk.demo import briefs
from desk.demo.stage import Act, token

MEMBERS = {"creative": "felix", "production": "noor", "media": "sven"}
YES, BOUND, NO = "feasible", "conditions", "no"

# story's key: what is asked, department → (verdict, days, cost, conditions or reasons, note, questions), conclusions
STUDIES = {
    "HRB": (
        "Can posters stand near all 61 branches on the first Sunday, and what does the bread look like on them?",
        {
            "creative": (YES, "8", None, "", "Three concepts in five days, if the price is known.", ""),
            "production": (BOUND, "3", "21500", "No metallic ink.", "Metallic dries two days longer than we have.", ""),
            "media": (YES, "1.5", "96000", "", "48 sites free within ten minutes of a branch, for 14 days.", ""),
        },
        "48 sites, 14 days. The loaf is printed without metallic ink. Creative begins once the price is in the brief.",
    ),
    "VOL": (
        "A film of 30 seconds in two bursts of airtime: what is the earliest first day?",
        {
            "creative": (YES, "14", None, "", "Script and storyboard in eight days.", ""),
            "production": (BOUND, "22", "238000", "The van is there for two days.\nClearance is counted from the offline cut.",
                           "", "May the van be driven on a public road?"),
            "media": (YES, "4", "310000", "", "Both bursts can be had if they are booked before the shoot.", ""),
        },
        "Book the airtime before the shoot. Voltane lends a van for two days. First transmission not before the clearance.",
    ),
    "MER": (
        "Eleven routes, four airports: how many formats?",
        {
            "creative": (YES, "4.5", None, "", "One layout in six formats.", ""),
            "media": (YES, "2", "41000", "", "Three publishers take the six formats; files four days before.", ""),
        },
        "Six formats from one layout, files four working days before the first day.",
    ),
    "SOL": (
        "One page with the legal line, and its variations for local papers.",
        {
            "creative": (YES, "5", None, "", "", ""),
            "production": (BOUND, "2.5", "6400", "The legal line in 8 point or larger in every variation.", "", ""),
        },
        "The legal line stays in 8 point or larger, whatever the format.",
    ),
    "TER": (
        "Pages for January and a table that is photographed where it is built.",
        {
            "creative": (YES, "6", None, "", "The builder's workshop instead of a studio.", ""),
            "media": (BOUND, "1", "38000", "Copy on the 18th of the month before.", "", ""),
        },
        "Photographed at the builder's. January issues only, copy on the 18th.",
    ),
}  # fmt: skip

# The one that is open: of which brief, since when, what is asked, whom
OPEN = (
    "TER booklet",
    "lucia",
    "Can a booklet lie in the showroom when the January pages appear?",
    ("creative", "production", "media"),
)
SAID = {
    "creative": (-1, "11:05", (BOUND, "5", None, "Texts about the builders by the end of the week.",
                               "Sixteen pages, the photographs of the pages.", "")),
    "production": (-1, "15:20", (NO, "4", "8900", "The bindery is closed between the holidays: sewn booklets come in February.",
                                 "", "Would they take staples?")),
}  # fmt: skip
REPLY = "Stapled then, and sewn for the second printing. Ben Ortiz agreed on the telephone."


def acts(stage):
    """An accepted brief without a campaign, studied: one department says yes, one no and is answered, one is silent."""
    key, by, *_rest = OPEN
    yield from briefs.accepted(stage, key, "TER", "amina", by, -5, -4)
    yield Act(-2, "10:20", lambda: open_study(stage, key, by, OPEN[2], OPEN[3]))
    for code, (day, hour, said) in SAID.items():
        yield Act(day, hour, lambda code=code, said=said: answer(stage, key, code, said))
    yield Act(-1, "16:45", lambda: section(stage, key, "production").answer_back(by=stage.people[by], reply=REPLY))


def closed(stage, key, by, accepted, studied):
    """The study behind a campaign: opened when the brief is accepted, answered and closed on the day of the study."""
    if key not in STUDIES:
        return
    asks, said, conclusions = STUDIES[key]
    yield Act(accepted, "15:10", lambda: open_study(stage, key, by, asks, said))
    for minute, (code, words) in enumerate(said.items()):
        yield Act(studied, f"11:{10 + minute * 7}", lambda code=code, words=words: answer(stage, key, code, words))
    yield Act(studied, "14:20", lambda: fresh(stage, key).close(by=stage.people[by], conclusions=conclusions))


def open_study(stage, key, by, asks, codes):
    departments = {it.code: it for it in Department.objects.filter(code__in=list(codes))}
    invited = [(departments[code], stage.people[MEMBERS[code]]) for code in codes]
    Study.open(brief=stage.briefs[key], by=stage.people[by], token=token(f"study {key}"), invited=invited, asks=asks)


def answer(stage, key, code, said):
    verdict, days, cost, grounds, note, questions = said
    words = {"verdict": verdict, "days": Decimal(days), "cost": cost and Decimal(cost), "currency": "EUR", "grounds": grounds,
             "note": note, "questions": questions}  # fmt: skip
    section(stage, key, code).answer(by=stage.people[MEMBERS[code]], words=words)


def section(stage, key, code):
    return fresh(stage, key).opinions.get(department__code=code)


def fresh(stage, key):
    return Study.objects.get(brief=stage.briefs[key])
