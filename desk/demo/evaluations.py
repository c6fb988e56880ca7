"""Three evaluations by the minister: one signed by both, one waiting for the second signature, one being written (MIN5)."""

from accounts.models import Evaluation
from desk.demo.stage import Act, token

# person, written on, handed over on, signed on, comment, marks
EVALUATIONS = [
    (
        "marta", -15, -12, -9, "Agreed. I should like to lead the pitch for the water utility.",
        [
            ("Judgement for the client", 5, "Told Hollin & Rye on the day that the posters come four days late."),
            ("Plan and budget", 4, "Sunday Loaf was planned to the euro; the production line ran over by six in a hundred."),
            ("Guiding others", 4, "Jonas was rehearsed before every meeting."),
        ],
    ),
    (
        "jonas", -4, -2, None, "",
        [
            ("Contact with clients", 4, "Reached Clara Hollin on each of the three late days without spoiling her mood."),
            ("Briefs", 3, "The first version of the bank's brief has no figure in its fourth week."),
        ],
    ),
    ("priya", -1, None, None, "", [("Small clients", 4, "Greenlea came back with a second job within ten weeks.")]),
]  # fmt: skip
PERIOD = (-130, -16)


def acts(stage):
    for username, *days, comment, marks in EVALUATIONS:
        yield from _life(stage, stage.people["helena"], stage.people[username], days, comment, marks)


def _life(stage, helena, person, days, comment, marks):
    there = []
    written, handed, signed = days
    told = [dict(zip(("criterion", "score", "sentence"), mark, strict=True)) for mark in marks]
    yield Act(written, "11:10", lambda: there.append(begin(stage, helena, person, told)))
    if handed:
        yield Act(handed, "12:00", lambda: there[0].hand_over(by=helena))
    if signed:
        yield Act(signed, "17:20", lambda: there[0].sign(by=person, comment=comment))


def begin(stage, helena, person, marks):
    first, last = (stage.day(offset) for offset in PERIOD)
    name = token(f"evaluation {person.username}")
    return Evaluation.begin(by=helena, person=person, token=name, marks=marks, period_from=first, period_to=last)
