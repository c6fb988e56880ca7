"""The campaigns of the demo agency: from which template, since when, who does what, and where the work stands today."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Story:
    """One campaign. Steps fall on the days of the template counted from `begins`, and are worked on those days.

    real: step → the days on which it was really worked · short: step → how far it has come, where that is not what the date
    says (idle, started, done, taken over) · returned: step → done on, returned on, at, because · moves: rearrangements
    (day, hour, step, its new first day, because) · latest: step → latest day allowed · owners: step → who does it, beside
    the department's usual person · loose: steps without an owner · appears: the schedule is counted back from this day ·
    agreed: what the client said when it agreed the schedule.
    """

    key: str
    code: str
    template: str
    begins: int
    real: dict = field(default_factory=dict)
    short: dict = field(default_factory=dict)
    returned: dict = field(default_factory=dict)
    moves: tuple = ()
    latest: dict = field(default_factory=dict)
    owners: dict = field(default_factory=dict)
    loose: tuple = ()
    appears: int | None = None
    agreed: str = ""


USUAL = {"creative": "felix", "production": "noor", "media": "sven"}
EARLIER_JOBS = {"HRB": 13}

# Sunday Loaf, as it really went: one day lost in the first draft, three while the client thought.
REAL_DAYS = {
    "draft1": (-26, -21),
    "intrev": (-20, -20),
    "present": (-19, -19),
    "fb1": (-18, -13),
    "am1": (-12, -11),
    "confirm": (-10, -9),
    "art": (-8, -7),
    "proof": (-6, -5),
    "pcheck": (-4, -4),
    "psign": (-3, -3),
    "print": (-2, 2),
    "deliver": (3, 3),
    "post": (9, 10),
}
MOVES = (
    (-21, "17:40", "intrev", -20, "The first draft came a day late: no price at the gate. All behind it moves by a day."),
    (
        -13, "17:40", "post", 9,
        "Installer moved by four days in all, one from Creative and three from the client. Posting company "
        "confirmed by telephone; the posters stay in charge for 14 days.",
    ),
    (-13, "17:45", "am1", -12, "The client's feedback came three working days late."),
)  # fmt: skip

STORIES = [
    Story(
        "HRB", "HRB", "outdoor", -35, REAL_DAYS, moves=MOVES, latest={"deliver": 3},
        returned={"draft1": (-22, -22, "16:40", "The price of 4.20 is missing on all three concepts.")},
        agreed="Posters in charge from 30 November; our feedback within three working days, please remind us.",
    ),
    Story("VOL", "VOL", "tvc", -44, owners={"clr1": "amina"}, loose=("offline", "online", "clr2", "deliver", "tx")),
    Story("MER", "MER", "digital", -31),
    Story(
        "SOL", "SOL", "print", -27, owners={"art": "felix"}, short={"art": "started"},
        returned={"art": (-2, -1, "10:20", "Fonts missing: the headline opens in a substitute. Please send them.")},
    ),
    Story("TER", "TER", "print", -9, appears=45, loose=("draft1", "am1", "art", "proof", "dispatch", "media", "appear")),
    Story("PAL", "PAL", "print", -23, short={"confirm": "started"}),
    Story("GRE", "GRE", "print", -60),
    Story("GRE lights", "GRE", "digital", -11, short={"media": "idle", "draft1": "done"}, loose=("media",)),
    Story("MER spring", "MER", "print", -8, short={"planok": "taken over"}),
]  # fmt: skip

# Asked and not answered yet: story, step, by, its new first day, because.
WISHES = [
    ("VOL", "shoot", "noor", 8, "The print run of another job needs me to its last sheet; casting cannot end in time."),
]
