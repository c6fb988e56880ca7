"""What lies with a person, what a person waits for, and what stands still: read from holder, court and due date of every knot.

Nobody keeps a second list. Each kind of record costs one query with a limit, however much there is.
"""

from datetime import date

from django.db.models import F, Q

from accounts.models import Evaluation
from agency import clock
from agency.flow import Court
from briefs.models import Brief
from campaigns.models import Plan, Rearrangement, Step
from clients.owed import with_days_left

MOST = 30


class Inbox:
    """The lists of one person's desk."""

    def __init__(self, person, most=MOST):
        self.person, self.most, self.today = person, most, clock.today_for(person)

    def needs_me(self):
        """Everything that lies with the person: to accept, agree, answer, sign, do, take over, check. By deadline."""
        steps = self.seen(Step).exclude(state=Step.State.PLANNED).exclude(court=Court.CLIENT)
        kinds = (self.seen(Brief), self.seen(Plan), self.seen(Rearrangement), steps, self.evaluations())
        return self.lines(records.filter(holder=self.person).exclude(court=Court.NOBODY) for records in kinds)

    def waits_for(self):
        """What the person has sent on and has not come back, and the client's answers the person chases."""
        me = self.person
        own = Q(submitted_by=me) | Q(created_by=me)
        handed_on = Q(person=me, state__in=(Step.State.DONE, Step.State.TAKEN_OVER)) & ~Q(holder=me)
        chased = Q(court=Court.CLIENT, holder=me) & ~Q(state=Step.State.PLANNED)
        kinds = (
            self.elsewhere(self.seen(Brief).filter(own)),
            self.elsewhere(self.seen(Plan).filter(own)),
            self.elsewhere(self.seen(Rearrangement).filter(created_by=me)),
            self.seen(Step).filter(handed_on | chased),
            self.elsewhere(self.evaluations().filter(created_by=me)),
        )
        return self.lines(records.exclude(court=Court.NOBODY) for records in kinds)

    def stuck(self):
        """What has lain longest with somebody past its day, and with whom, among all the person sees."""
        kinds = (self.seen(Brief), self.seen(Plan), self.seen(Rearrangement), self.seen(Step).exclude(state=Step.State.PLANNED))
        found = [
            it for records in kinds for it in self.oldest(records.exclude(court=Court.NOBODY).filter(due_on__lt=self.today))
        ]
        found.sort(key=lambda record: record.court_since)
        return self.told(found)

    def seen(self, model):
        related = {
            Brief: ("client",),
            Plan: ("client", "campaign"),
            Rearrangement: ("client", "step"),
            Step: ("client", "campaign", "department"),
        }
        return model.objects.visible_to(self.person).select_related("holder", *related[model])

    def evaluations(self):
        return Evaluation.objects.visible_to(self.person).select_related("holder", "person")

    def elsewhere(self, records):
        return records.exclude(holder=self.person)

    def oldest(self, records):
        return records.order_by("court_since", "pk")[: self.most]

    def lines(self, kinds):
        found = [it for records in kinds for it in records.order_by(F("due_on").asc(nulls_last=True), "pk")[: self.most]]
        found.sort(key=lambda record: (record.due_on or date.max, record.court_since))
        return self.told(found)

    def told(self, records):
        """The records as lines of a list: each with `left`, the working days to its due date, and `kind`, what it is."""
        for record in records[: self.most]:
            record.kind = record._meta.verbose_name
        return with_days_left(records[: self.most], self.person)
