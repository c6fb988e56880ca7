from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agency import clock
from agency.flow import Refused, move, revise
from briefs.fields import BY_NAME
from briefs.models.brief import Brief
from briefs.models.enquiry import ASK, BY_LINK, WRITE, Enquiry
from clients.models import ClientRecord
from clients.models.record import BusinessQuerySet

OPEN = ("draft", "asked", "answered")
MOST = 40  # open questions of a brief: more is no list to take to anybody


class QuestionQuerySet(BusinessQuerySet):
    def open(self):
        return self.filter(state__in=OPEN)

    def unanswered(self):
        """What can be asked: drafted, or asked and not answered yet."""
        return self.filter(state__in=OPEN[:2])

    def to_take_over(self):
        return self.filter(state=Question.State.ANSWERED)

    def for_page(self):
        return self.select_related("enquiry__contact", "brief__client").order_by("pk")


class Question(ClientRecord):
    """One question to the client (DEP2): for an answer of the brief, or a free one. What the client said stays word for word;
    a person of ours takes it over into the brief."""

    class State(models.TextChoices):
        DRAFT = "draft", _("To ask")
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        TAKEN = "taken", _("Taken over")
        DROPPED = "dropped", _("Dropped")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="questions", editable=False, verbose_name=_("brief"))
    enquiry = models.ForeignKey(
        Enquiry, models.PROTECT, null=True, blank=True, related_name="questions", editable=False, verbose_name=_("asked")
    )
    field = models.CharField(_("answer of the brief"), max_length=40, blank=True, editable=False)
    words = models.TextField(_("question"), max_length=1000)
    reply = models.TextField(_("reply"), blank=True, max_length=4000, editable=False)
    is_unknown = models.BooleanField(_("the client does not know"), default=False, editable=False)
    replied_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    # No `part_of`: see `Enquiry`.
    view_right = "briefs.view_brief"
    told = {"created": _("wrote a question to the client"), "revised": _("reworded the question")}
    objects = QuestionQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("question to the client")
        verbose_name_plural = _("questions to the client")
        constraints = [
            models.UniqueConstraint(
                fields=["brief", "field"], condition=models.Q(state__in=OPEN) & ~models.Q(field=""), name="one_open_question"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "asked", "answered", "taken", "dropped"]), name="question_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(state="dropped") | models.Q(enquiry__isnull=False),
                name="question_asked_of_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(replied_at__isnull=False) | ~models.Q(state__in=["answered", "taken"]),
                name="question_answered_when",
            ),
        ]

    def __str__(self):
        return self.words if len(self.words) <= 80 else f"{self.words[:79]}…"

    def get_absolute_url(self):
        return reverse("brief_questions", args=[self.brief_id])

    @property
    def asked(self):
        """The question of the brief that it asks again, or None for a free one."""
        return BY_NAME.get(self.field)

    @property
    def label(self):
        return Brief.label_of(self.field) if self.asked else _("Something else")

    @property
    def tone(self):
        return {"draft": "draft", "asked": "client", "answered": "ours", "taken": "done", "dropped": "stopped"}[self.state]

    @property
    def link_subject(self):
        """A link to the enquiry lets its contact answer what is asked in it."""
        return self.enquiry

    @classmethod
    def draft(cls, *, brief, field, words, by):
        """A question to be asked; an open one for the same answer is reworded instead. The caller holds the brief."""
        there = brief.questions.open().filter(field=field).first() if field else None
        if there is None and brief.questions.open().count() >= MOST:
            raise Refused(_("There are %(n)d open questions already: nobody answers more. Ask or drop some first.") % {
                "n": MOST})  # fmt: skip
        if there is None:
            there = cls(client=brief.client, brief=brief, field=field, words=words, created_by=by)
            there.keep(by=by, reason="opened")
            there.record_event("created", by=by)
        elif there.state == cls.State.DRAFT and there.words != words:
            there.reword(by=by, seen=there.version, words=words)
        return there

    def reword(self, *, by, seen, words):
        """What has been asked keeps its words."""
        return revise(self, by=by, needs=WRITE, seen=seen, changes={"words": words}, while_in=(self.State.DRAFT,))

    @move(_("Ask"), told=_("asked it"), sources=[State.DRAFT, State.ASKED], to=State.ASKED, needs=ASK, hidden=True)
    def ask(self, *, by, enquiry):
        self.enquiry = enquiry

    @move(_("Not asked any more"), told=_("withdrew it"), sources=[State.ASKED], to=State.DRAFT, needs=ASK, hidden=True)
    def unask(self, *, by):
        self.enquiry = None

    @move(_("Answer"), told=_("answered it"), sources=[State.ASKED], to=State.ANSWERED, needs=BY_LINK, hidden=True)
    def reply_by_link(self, *, by, said):
        self._hear(said)

    @move(_("Note the answer"), told=_("wrote down the answer"), sources=[State.DRAFT, State.ASKED], to=State.ANSWERED,
          needs=WRITE, hidden=True)  # fmt: skip
    def note(self, *, by, enquiry, said):
        self.enquiry = enquiry
        self._hear(said)

    def _hear(self, said):
        self.reply, self.is_unknown = said
        self.reply = self.reply.strip()
        if not self.reply and not self.is_unknown:
            raise Refused(_("An answer says something, or that the client does not know."))
        self.replied_at = clock.now()

    @move(_("Take over"), told=_("took the answer over"), sources=[State.ANSWERED], to=State.TAKEN, needs=WRITE, hidden=True)
    def take_over(self, *, by, brief_seen=None, changes=None, mark="known"):
        """Let the answer land in the brief. changes: columns of this answer → values as the person corrected them; empty with
        mark "unknown", and for a free question that changes nothing written. See `Brief.write` for what it raises."""
        brief = self.brief
        if self.asked and not changes and mark != "unknown":
            raise Refused(_("Say what is to stand in the brief."))
        if mark == "unknown" and (not self.asked or getattr(brief, Brief.attname_of(self.field))):
            raise Refused(_("Something is written there already: take it out first, or drop the question."))
        if changes or self.asked:
            told = {self.field: self.as_mark(mark)} if self.asked else {name: self.as_mark(mark) for name in changes}
            brief.write(by=by, seen=brief_seen or brief.version, changes=changes or {}, marks=told)
        self._done(by)

    def as_mark(self, mark):
        """How sure the answer is, who said it and when: kept in the language of the house."""
        with override(settings.LANGUAGE_CODE):
            return {"mark": mark, "source": self.enquiry.source, "on": self.enquiry.asked_on.isoformat()}

    @move(_("Drop"), told=_("dropped the question"), sources=[State.DRAFT, State.ASKED, State.ANSWERED], to=State.DROPPED,
          needs=WRITE, reason=True)  # fmt: skip
    def drop(self, *, by, reason):
        """It is not needed, or was said elsewhere. A reply stays with it."""
        self._done(by)

    def _done(self, by):
        if self.enquiry_id:
            self.enquiry.settle_if_done(by=by, but=self)
