"""What lies with a person, what a person waits for, and what stands still: read from holder, court and due date of every knot.

Nobody keeps a second list. Each kind of record costs one query with a limit, however much there is.
"""

from datetime import date

from django.db.models import F, Q

from accounts.models import Evaluation
from accounts.rights import TABLE
from agency import clock
from agency.flow import Court
from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from campaigns.models import ChangeOrder, Plan, Rearrangement, Step
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
    Rearrangement: ("client", "step", "campaign", "created_by"),
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
        asked = (Enquiry, Playback, Opinion, Study, Plan, ChangeOrder)
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
            self.elsewhere(self.seen(Rearrangement).filter(created_by=me)),
            self.seen(Step).filter(handed_on | asked & ~Q(state=Step.State.PLANNED)),
            self.elsewhere(self.evaluations().filter(created_by=me)),
        )
        return with_chase(self.lines(records.exclude(court=Court.NOBODY) for records in kinds), me)

    def stuck(self, kinds=tuple(RELATED)):
        """What has lain longest with somebody past its day, and with whom, among all the person sees."""
        found = [it for kind in kinds for it in self.oldest(self.seen(kind).filter(is_stuck(kind, self.today)))]
        found.sort(key=lambda record: record.court_since)
        return with_chase(self.days.told(found[: self.most]), self.person)

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

    def oldest(self, records):
        return records.order_by("court_since", "pk")[: self.most]

    def lines(self, kinds):
        found = [it for records in kinds for it in records.order_by(F("due_on").asc(nulls_last=True), "pk")[: self.most]]
        found.sort(key=lambda record: (record.due_on or date.max, record.court_since))
        return self.days.told(found[: self.most])


def is_stuck(kind, today):
    """Lies with somebody past its day."""
    begun = ~Q(state=Step.State.PLANNED) if kind is Step else Q()
    return begun & ~Q(court=Court.NOBODY) & Q(due_on__lt=today)
