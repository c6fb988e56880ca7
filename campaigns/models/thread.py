"""The thread on each step: what those who work on it tell one another (COO2)."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import UNDO_MINUTES, Refused, lock, move
from campaigns.models.step import Step
from clients.models.record import ClientRecord, HangingQuerySet

NUDGE = "campaigns.nudge"


class OfStepQuerySet(HangingQuerySet):
    """Of records that whoever sees their step sees."""

    def visible_to(self, person):
        return self.filter(step__in=Step.objects.visible_to(person).order_by().values("pk"))

    def standing(self):
        return self.filter(state="noted")


class StepNote(ClientRecord):
    """A few words on a step, never changed. Who wrote them takes them back within a quarter of an hour."""

    class State(models.TextChoices):
        NOTED = "noted", _("Noted")
        TAKEN_BACK = "taken_back", _("Taken back")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NOTED, editable=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="notes", editable=False, verbose_name=_("step"))
    words = models.TextField(_("words"), max_length=2000)

    view_right = "campaigns.view_campaign"
    seen_with = "step"
    told = {"created": _("wrote in the thread of a step")}
    objects = OfStepQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["created_at", "pk"]
        verbose_name = _("note on a step")
        verbose_name_plural = _("notes on steps")
        constraints = [models.CheckConstraint(condition=Q(state__in=["noted", "taken_back"]), name="step_note_state")]

    def __str__(self):
        return _("Note of %(person)s on %(step)s") % {"person": self.created_by, "step": self.step}

    def get_absolute_url(self):
        return self.step.get_absolute_url()

    @classmethod
    @transaction.atomic
    def write(cls, step, *, by, token, words):
        """Say something to those who work on the step or wait for it. Sent twice it stands there once."""
        lock(step)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not may_write(by, step):
            raise PermissionDenied(_("In the thread of a step write those who work on it or with it."))
        note = cls(client_id=step.client_id, step=step, words=words, created_by=by, token=token)
        note.keep(by=by, reason="noted")
        note.record_event("created", by=by)
        text = _("%(by)s on “%(step)s” of %(campaign)s: %(words)s")
        for person in note.listeners():
            note.give_notice(to=person, text=text, kind="campaigns.step_note", by=by, step=step, campaign=step.campaign,
                             words=words)  # fmt: skip
        return note

    def listeners(self):
        """The owner, whoever has the step in hand, and who has written here; those who still see it, but not the writer."""
        written = Q(pk__in=self.step.notes.order_by().values("created_by"))
        people = Person.objects.filter(written | Q(pk__in=[self.step.person_id, self.step.holder_id])).exclude(
            pk=self.created_by_id
        )
        return [person for person in people.order_by("pk") if person.has_perm(Step.view_right, self.step)]

    @property
    def is_fresh(self):
        return clock.now() - self.created_at <= timedelta(minutes=UNDO_MINUTES)

    @move(_("Take back"), told=_("took a note back"), sources=[State.NOTED], to=State.TAKEN_BACK,
          needs="campaigns.view_campaign", only="created_by")  # fmt: skip
    def take_back(self, *, by):
        """Only the writer's, for a quarter of an hour; who has read it is told that it no longer holds."""
        if not self.is_fresh:
            raise Refused(_("A note is taken back within %(n)d minutes; by now others have read it.") % {"n": UNDO_MINUTES})
        self.take_news_back(by=by, move=_("a note"), version=self.version)


def may_write(person, step):
    """Whether the person, who sees the step, works on it or with it."""
    if person.has_perm(NUDGE, step):
        return True
    if not person.has_perm(Step.view_right, step):
        return False
    beside = step.successors.filter(person=person) | step.before.filter(person=person)
    return person.pk in (step.person_id, step.holder_id) or beside.exists()
