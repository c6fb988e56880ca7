"""What lies with a person, what a person waits for, and what stands still: read from holder, court and due date of every knot.

Nobody keeps a second list. One query picks what comes first among all kinds of record, and one for each kind among these reads
it.
"""

from django.db.models import F, Q, Value

from accounts.models import Evaluation
from accounts.rights import TABLE
from agency import clock
from agency.flow import Court
from approvals.models import Draft, Sample, SupervisionNote
from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from campaigns.models import Baseline, ChangeOrder, Plan, ProgressReport, Rearrangement, Step
from desk.lines import Days, with_brief_changes, with_chase, with_next, with_return

MOST = 20
RELATED = {
    Brief: ("client", "submitted_by", "template"),
    Enquiry: ("client", "brief", "contact"),
    Playback: ("client", "brief", "contact"),
    Opinion: ("client", "department", "study__brief"),
    Study: ("client", "brief"),
    Plan: ("client", "campaign", "submitted_by"),
    ChangeOrder: ("client", "campaign"),
    Baseline: ("client", "campaign"),
    ProgressReport: ("client", "campaign"),
    Rearrangement: ("client", "step", "campaign", "created_by"),
    Draft: ("client", "campaign", "deliverable"),
    Sample: ("client", "campaign", "deliverable"),
    SupervisionNote: ("client", "campaign"),
    Step: ("client", "campaign", "department"),
}


class Inbox:
    """The lists of one person's desk."""

    def __init__(self, person, most=MOST):
        self.person, self.most, self.today = person, most, clock.today_for(person)
        self.days = Days(self.today)

    def needs_me(self):
        """Everything that lies with the person: to accept, agree, answer, sign, do, take over, check. By deadline.

        Each with the one next thing to do, and why it came back if it did.
        """
        return with_brief_changes(with_return(with_next(self.lines(self.mine()), self.person)))

    def mine(self):
        """What lies with the person, kind by kind."""
        steps = self.seen(Step).with_takers().exclude(state=Step.State.PLANNED).exclude(court=Court.CLIENT)
        asked = (Enquiry, Playback, Opinion, Study, Plan, ChangeOrder, Baseline, ProgressReport, Draft, Sample,
                 SupervisionNote)  # fmt: skip
        ours = (self.seen(kind).exclude(court=Court.CLIENT) for kind in asked)
        kinds = (self.seen(Brief), *ours, self.seen(Rearrangement), steps, self.evaluations())
        return [records.filter(holder=self.person).exclude(court=Court.NOBODY) for records in kinds]

    def count(self, cap):
        """How many things need the person, at most `cap`: one query by the index on the holder, for the frame of every page."""
        first, *others = (records.order_by().values("pk") for records in self.mine())
        return first.union(*others, all=True)[:cap].count()

    def waits_for(self):
        """What the person has sent on and has not come back, and the client's answers: those he chases, and whoever serves a
        client waits for all of its answers."""
        me = self.person
        own = Q(submitted_by=me) | Q(created_by=me)
        handed_on = Q(person=me, state__in=(Step.State.DONE, Step.State.TAKEN_OVER)) & ~Q(holder=me)
        asked = Q(court=Court.CLIENT) if self.serves else Q(court=Court.CLIENT, holder=me)
        kinds = (
            self.elsewhere(self.seen(Brief).filter(own)),
            self.seen(Enquiry).filter(asked),
            self.seen(Playback).filter(asked),
            self.elsewhere(self.seen(Opinion).filter(Q(created_by=me) | Q(study__created_by=me))),
            self.seen(Plan).filter(own & ~Q(holder=me) | asked),
            self.seen(ChangeOrder).filter(asked),
            self.seen(Baseline).filter(asked),
            self.elsewhere(self.seen(ProgressReport).filter(created_by=me)),
            self.elsewhere(self.seen(Rearrangement).filter(created_by=me)),
            self.seen(Draft).filter((Q(created_by=me) | Q(maker=me)) & ~Q(holder=me) | asked),
            self.elsewhere(self.seen(Sample).filter(Q(created_by=me) | Q(reviewer=me))),
            self.elsewhere(self.seen(SupervisionNote).filter(Q(created_by=me) | Q(fixer=me))),
            self.seen(Step).filter(handed_on | asked & ~Q(state=Step.State.PLANNED)),
            self.elsewhere(self.evaluations().filter(created_by=me)),
        )
        return with_chase(self.lines(records.exclude(court=Court.NOBODY) for records in kinds), me)

    def stuck(self, kinds=tuple(RELATED)):
        """What has lain longest with somebody past its day, and with whom, among all the person sees."""
        found = first(oldest, [self.seen(kind).filter(is_stuck(kind, self.today)) for kind in kinds], self.most)
        return with_chase(self.days.told(found), self.person)

    @property
    def serves(self):
        """Whether the person sees the clients on whom he has a seat, and only those."""
        return TABLE["clients.view_client"].scope(self.person) == "asg"

    def seen(self, model):
        return model.objects.visible_to(self.person).select_related("holder", *RELATED[model])

    def evaluations(self):
        return Evaluation.objects.visible_to(self.person).select_related("holder", "person")

    def elsewhere(self, records):
        return records.exclude(holder=self.person)

    def elsewhere_or_nobodys(self, records):
        return records.filter(~Q(holder=self.person) | Q(holder=None))

    def lines(self, kinds):
        return self.days.told(first(by_deadline, kinds, self.most))


def by_deadline(records):
    return records.order_by(F("due_on").asc(nulls_last=True), "court_since", "nth", "pk")


def oldest(records):
    return records.order_by("court_since", "nth", "pk")


def first(order, kinds, most):
    """The records that come first in that order among several kinds of them, at most so many.

    kinds: a queryset for each. A query picks them all, and one for each kind that is among them reads them.
    """
    kinds = list(kinds)
    picked = [(nth, pk) for nth, pk, _due, _since in order(together(kinds))[:most]]
    found = {}
    for there in sorted({nth for nth, _pk in picked}):
        keys = [pk for nth, pk in picked if nth == there]
        found |= {(there, record.pk): record for record in kinds[there].filter(pk__in=keys)}
    return [found[key] for key in picked if key in found]


def together(kinds):
    """The rows of several kinds of record in one query: (`nth` of the kinds, key, due date, since when it lies there)."""
    rows = (records.order_by().annotate(nth=Value(nth)) for nth, records in enumerate(kinds))
    one, *others = (it.values_list("nth", "pk", "due_on", "court_since") for it in rows)
    return one.union(*others, all=True)


def is_stuck(kind, today):
    """Lies with somebody past its day."""
    begun = ~Q(state=Step.State.PLANNED) if kind is Step else Q()
    return begun & ~Q(court=Court.NOBODY) & Q(due_on__lt=today)
