"""How complete a brief is (DEP2): computed from its answers whenever it is asked, never stored.

What is known counts whole, a guess marked as a guess too; what was accepted as unknown counts half: nobody waits for it any
more, but the plan will have to do without. Complete is 80 per cent, with the four blocks and a budget figure.
"""

from dataclasses import dataclass

from briefs.fields import CATALOGUE, LEADING, Block

ENOUGH = 80
UNKNOWN = 0.5


@dataclass(frozen=True)
class Answer:
    """One question of a brief as it stands: `share` is how much of its weight counts."""

    asked: object
    weight: int
    share: float
    mark: str

    @property
    def name(self):
        return self.asked.name


class Completeness:
    """Of one brief. Costs no query for a brief whose template is at hand."""

    def __init__(self, brief):
        self.brief = brief
        weights = brief.template.weights if brief.template else {}
        self.answers = [
            Answer(asked, _weight(asked, weights), _share(brief, asked.name), brief.mark_of(asked.name)) for asked in CATALOGUE
        ]

    @property
    def percent(self):
        return percent(self.answers)

    def of(self, block):
        """The percentage of one block; a block in which nothing weighs is complete."""
        return percent([it for it in self.answers if it.asked.block == block])

    @property
    def blocks(self):
        return [(block, self.of(block)) for block in Block]

    @property
    def open(self):
        """What nobody knows yet and nobody has accepted as unknown, what weighs most first."""
        return sorted((it for it in self.answers if not it.share and it.weight), key=lambda it: -it.weight)

    @property
    def missing(self):
        """The names of what stands in the way of submitting: the four blocks and the figure; then, until it would be enough,
        what weighs most."""
        leading = [name for name in LEADING if not _written(self.brief, name)]
        whole, there = _sum(self.answers), sum(it.weight * it.share for it in self.answers)
        there += sum(it.weight * (1 - it.share) for it in self.answers if it.name in leading)
        for it in self.open:
            if there * 100 >= ENOUGH * whole:
                break
            if it.name not in leading:
                leading, there = [*leading, it.name], there + it.weight
        return leading

    @property
    def is_enough(self):
        return self.percent >= ENOUGH and all(_written(self.brief, name) for name in LEADING)


def percent(answers):
    """Whole per cent, rounded down: a brief is not at 80 before it is."""
    whole = _sum(answers)
    return int(sum(it.weight * it.share for it in answers) * 100 / whole) if whole else 100


def _sum(answers):
    return sum(it.weight for it in answers)


def _weight(asked, weights):
    return weights.get(asked.name, 0) if weights else asked.weight


def _written(brief, name):
    value = getattr(brief, brief.attname_of(name))
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _share(brief, name):
    if _written(brief, name):
        return 1
    return UNKNOWN if brief.mark_of(name) == "unknown" else 0
