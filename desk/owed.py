"""What others owe a person, by person: steps before the own ones, steps he nudged, hand-offs he waits for (COO2)."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Person
from agency import clock
from campaigns.models import Nudge, Step, standing
from campaigns.models.step import StepLink

MOST = 200
CHASES = "campaigns.check_step"


@dataclass
class Debtor:
    """One person (None: nobody has it in hand) and the steps he owes."""

    person: Person | None
    steps: list = field(default_factory=list)

    @property
    def late(self):
        return sum(step.late for step in self.steps)


def owed_to(person):
    """(those who owe, most late first; whether there is more than the page holds). Three queries, however much is owed.

    Whoever checks hand-offs is owed everything that is late as well: the chase list by person.
    """
    today = clock.today_for(person)
    steps = list(steps_owed(person, today)[: MOST + 1])
    told, found = nudges_of(steps), {}
    for step in steps[:MOST]:
        step.late, step.why = step.is_late(today), why(step)
        step.asked, step.promise, step.first_promise = told.get(step.pk, (None, None, None))
        step.stands = step.promise and step.promise.standing(today)
        step.rests_until = step.asked.next_at if step.asked and clock.now() < step.asked.next_at else None
        whose = step.in_hands_of
        found.setdefault(whose and whose.pk, Debtor(whose)).steps.append(step)
    return sorted(found.values(), key=lambda it: (-it.late, -len(it.steps), str(it.person or ""))), len(steps) > MOST


def steps_owed(person, today):
    """The steps that lie with others and that this person waits for, by their last day; each says why (`why`)."""
    mine_behind = StepLink.objects.filter(before=OuterRef("pk"), after__person=person)
    nudged = Nudge.objects.filter(step=OuterRef("pk"), created_by=person)
    marked = Step.objects.visible_to(person).unchecked().annotate(before_mine=Exists(mine_behind), nudged=Exists(nudged))
    handed_on = Q(person=person, state__in=Step.HANDED_ON) & ~Q(holder=person)
    wanted = Q(before_mine=True) | Q(nudged=True) | handed_on
    if person.has_perm(CHASES):
        wanted |= standing.is_late(today)
    own = Q(person=person) & standing.is_open() | Q(holder=person) & ~standing.is_open()
    return marked.filter(wanted).exclude(own).for_list().order_by("ends_on", "pk")


def nudges_of(steps):
    """step's key → (its last nudge, its newest promise, its oldest promise): one query."""
    found = {}
    asked = Nudge.objects.filter(step__in=[step.pk for step in steps]).order_by("created_at", "pk")
    of = {step.pk: step for step in steps}
    for nudge in asked:
        nudge.step = of[nudge.step_id]
        _last, newest, oldest = found.get(nudge.step_id, (None, None, None))
        answered = nudge if nudge.promised_on else None
        found[nudge.step_id] = (nudge, answered or newest, oldest or answered)
    return found


def why(step):
    if step.state in Step.HANDED_ON:
        return _("to be taken over or checked")
    if step.before_mine:
        return _("stands before a step of yours")
    return _("you asked for it") if step.nudged else _("is late")
