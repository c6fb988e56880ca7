"""Nudging by hand, and the day that is promised in answer (COO2)."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.flow import Refused, lock, move
from agency.templatetags.dates import day, moment
from campaigns.models.step import Step
from campaigns.models.thread import NUDGE, OfStepQuerySet
from clients.ladder import Ladder
from clients.models.record import ClientRecord

PAUSE = timedelta(hours=4)  # between two nudges of one step
FARTHEST = timedelta(days=366)
KIND = "campaigns.nudged"
told_later = lazy(day, str)  # a day in the language of whoever reads the notice


class Nudge(ClientRecord):
    """Somebody was asked, by hand, when a step will be done; and what came back."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        PROMISED = "promised", _("Promised")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED, editable=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="nudges", editable=False, verbose_name=_("step"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="nudges", editable=False, verbose_name=_("who was asked")
    )  # fmt: skip
    words = models.CharField(_("words"), max_length=500, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=500, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    view_right = "campaigns.view_campaign"
    seen_with = "step"
    told = {"created": _("nudged whoever has the step in hand")}
    objects = OfStepQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("nudge")
        verbose_name_plural = _("nudges")
        permissions = [("nudge", "Nudge by hand")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", promised_on__isnull=True, answered_at__isnull=True)
                | Q(state="promised", promised_on__isnull=False, answered_at__isnull=False),
                name="nudge_promise_is_a_pair",
            ),
        ]

    def __str__(self):
        return _("Nudge of %(person)s on %(step)s") % {"person": self.person, "step": self.step}

    def get_absolute_url(self):
        return self.step.get_absolute_url()

    @classmethod
    @transaction.atomic
    def send(cls, step, *, by, token, words=""):
        """Ask whoever has the step in hand; at most once in four hours. The client's steps are asked of the salesman: nothing
        goes to a contact from here. Sent twice it is one. Raises PermissionDenied or Refused."""
        lock(step)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(NUDGE, step):
            raise PermissionDenied(_("Your role does not nudge."))
        if why := why_no_nudge(step, by):
            raise Refused(why)
        nudge = cls(client_id=step.client_id, step=step, person=whom_to_nudge(step), words=words, created_by=by, token=token)
        nudge.keep(by=by, reason="asked")
        nudge.record_event("created", by=by, person=nudge.person_id)
        text = _("%(by)s asks: when will “%(step)s” of %(campaign)s be done? %(words)s")
        if step.is_clients:
            text = _("%(by)s asks: when will the client have done “%(step)s” of %(campaign)s? %(words)s")
        nudge.give_notice(to=nudge.person, text=text, kind=KIND, by=by, step=step, campaign=step.campaign, words=words)
        return nudge

    @property
    def is_asked(self):
        """Whether an answer still makes sense."""
        return not self.step.is_settled

    @move(_("Promise a day"), told=_("promised a day"), sources=[State.ASKED], to=State.PROMISED,
          needs="campaigns.view_campaign", only="person", when="is_asked", hidden=True)  # fmt: skip
    def promise(self, *, by, on, words=""):
        """The day by which it will be done, and a few words; whoever asked is told."""
        if not clock.today() <= on <= clock.today() + FARTHEST:
            raise Refused(_("Promise a day from today on, within a year."))
        self.promised_on, self.answer, self.answered_at = on, words, clock.now()
        text = _("%(by)s promises “%(step)s” of %(campaign)s for %(day)s. %(words)s")
        self.give_notice(to=self.created_by, text=text, kind=KIND, by=by, step=self.step, campaign=self.step.campaign,
                         day=told_later(on), words=words)  # fmt: skip
        return {"on": on.isoformat()}

    def standing(self, today):
        """(tone, word) of what came back; broken and too late are told by word and mark."""
        if self.state == self.State.ASKED:
            return "draft", _("No answer yet")
        if self.promised_on < today and self.step.is_open:
            return "late", _("Promise broken")
        if self.promised_on > self.step.ends_on:
            return "risk", _("Promised past the last day")
        return ("ours", _("Promised")) if self.step.is_open else ("done", _("Promised"))

    @property
    def next_at(self):
        """The instant from which this step may be nudged again."""
        return self.created_at + PAUSE


def whom_to_nudge(step):
    """Whoever has the step in hand; for the client's own steps the salesman, who chases the client's answers. Or None."""
    return Ladder([step.client_id]).salesman(step.client_id) if step.is_clients and step.is_open else step.in_hands_of


def why_no_nudge(step, by):
    """The sentence why nobody is nudged on this step by this person now; "" if it may be done."""
    whom = whom_to_nudge(step)
    if step.is_settled:
        return _("This step is checked: nobody owes anything on it.")
    if whom is None:
        return _("Nobody has this step in hand: give it to somebody first.")
    if whom == by:
        return _("This step lies with you.")
    last = step.nudges.order_by("-created_at", "-pk").first()
    if last and clock.now() < last.next_at:
        words = {"person": last.person, "moment": moment(last.next_at)}
        return _("%(person)s was nudged less than four hours ago; the next may go at %(moment)s.") % words
    return ""


def latest_promises(steps):
    """step's key → its newest promise, for the steps of a list: one query."""
    found = {}
    given = Nudge.objects.filter(step__in=[step.pk for step in steps], promised_on__isnull=False)
    for nudge in given.select_related("person").order_by("created_at", "pk"):
        found[nudge.step_id] = nudge
    return found
