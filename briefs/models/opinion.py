from datetime import timedelta
from decimal import Decimal
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Person, Role
from agency import clock
from agency.flow import Conflict, Court, Refused, lock, move, undo
from agency.templatetags.dates import day as told_day
from agency.workdays import calendar
from clients.lending import give_back, lend
from clients.models import ClientKnot
from clients.models.record import BusinessQuerySet

told_later = lazy(told_day, str)  # a day in the language of whoever reads the notice
KIND = "briefs.opinion_news"
NUDGE = "campaigns.nudge"
PAUSE = timedelta(hours=4)
OURSELVES = ("client-service", "all")  # no departments to be asked: the one asks, the other is everybody


def house_currency():
    """A function, so that another currency of the house needs no migration."""
    return settings.CURRENCY


def whole_or_half(days):
    if days * 2 != int(days * 2):
        raise ValidationError(_("Days are counted in halves: 1, 1.5, 2."))


def on_study(perform):
    """Whoever acts on a section holds the study first, as whoever closes it does: so they queue at one row and cannot block
    each other, and whom the closing overtook is told. Afterwards the study looks round for whose turn it is."""

    @wraps(perform)
    def held(opinion, *, by, **words):
        with transaction.atomic():
            lock(opinion.study)
            opinion.refuse_late(by)
            perform(opinion, by=by, **words)
            opinion.study.look_round(by=by)
        return opinion

    return held


class OpinionQuerySet(BusinessQuerySet):
    def once_asked_of(self, person):
        """The sections this person is or was asked for, open to the person still or not."""
        return self.filter(pk__in=self.model.history.filter(person=person).values("id"))

    def silent(self):
        return self.filter(state=Opinion.State.ASKED)

    def refused(self):
        """Those in which a department says no and has not been answered."""
        return self.filter(state__in=Opinion.SPOKEN, verdict=Opinion.Verdict.NO, reply="")

    def loose(self):
        """What stands in the way of closing a study, and of agreeing the plan."""
        return self.silent() | self.refused()

    def for_page(self):
        related = ("department", "person", "holder", "replied_by", "created_by")
        return self.select_related(*related, "client__group__supervisor", "study__brief", "study__created_by")


class Opinion(ClientKnot):
    """One department's section of a joint study (DEP3): who is asked, the verdict, days, cost, conditions, questions.

    The invitation lends the person two shares: the brief to read, this section to answer. They end with the study, or when the
    invitation is withdrawn.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        RECORDED = "recorded", _("Recorded for it")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Verdict(models.TextChoices):
        YES = "feasible", _("Feasible")
        CONDITIONS = "conditions", _("Feasible with conditions")
        NO = "no", _("Not feasible")

    class Way(models.TextChoices):
        TELEPHONE = "telephone", _("By telephone")
        MEETING = "meeting", _("In a meeting")
        MAIL = "mail", _("By e-mail")
        LETTER = "letter", _("On paper")

    study = models.ForeignKey(
        "briefs.Study", models.PROTECT, related_name="opinions", editable=False, db_index=False, verbose_name=_("study")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", editable=False, db_index=False, verbose_name=_("department")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="opinions", editable=False, verbose_name=_("person asked")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    grounds = models.TextField(
        _("conditions, or why not"), blank=True, max_length=4000, help_text=_("One line each: they are carried into the plan.")
    )
    note = models.TextField(_("what we can say"), blank=True, max_length=4000)
    days = models.DecimalField(
        _("person-days"), max_digits=4, decimal_places=1, null=True, blank=True, help_text=_("Halves are allowed."),
        validators=[MinValueValidator(0), MaxValueValidator(999), whole_or_half],
    )  # fmt: skip
    cost = models.DecimalField(
        _("cost"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("What is bought outside, if known."),
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("999999999.99"))],
    )  # fmt: skip
    currency = models.CharField(
        _("currency"), max_length=3, default=house_currency,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))],
    )  # fmt: skip
    questions = models.TextField(_("questions"), blank=True, max_length=4000)
    said_by = models.CharField(_("who said it"), max_length=120, blank=True, editable=False)
    said_how = models.CharField(_("how"), max_length=10, choices=Way, blank=True, editable=False)
    reply = models.TextField(_("our answer"), blank=True, max_length=4000, editable=False)
    replied_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("answered by")
    )

    ANSWER = ("verdict", "grounds", "note", "days", "cost", "currency", "questions")
    SPOKEN = (State.ANSWERED, State.RECORDED)
    WORK = ()  # what a department says is not the work of whoever writes it down
    view_right = "briefs.view_brief"
    attach_right = "briefs.answer_study"
    lent_only = True
    told = {"created": _("asked the department"), "nudged": _("nudged the department")}
    objects = OpinionQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["study", "pk"]
        verbose_name = _("department’s opinion")
        verbose_name_plural = _("departments’ opinions")
        default_permissions = ()
        permissions = [
            ("view_brief", "See one's own section of a study"),
            ("answer_study", "Answer one's own section of a study"),
            ("record_opinion", "Record a department's opinion for it"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["study", "department"], name="one_section_for_each_department"),
            models.CheckConstraint(condition=Q(state__in=["asked", "answered", "recorded", "withdrawn"]), name="opinion_state"),
            models.CheckConstraint(condition=Q(verdict__in=["", "feasible", "conditions", "no"]), name="opinion_verdict"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "recorded"]) | ~Q(verdict=""), name="opinion_spoken_has_a_verdict"
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["conditions", "no"]) | ~Q(grounds=""), name="opinion_says_its_conditions"
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded") | (~Q(said_by="") & ~Q(said_how="")), name="opinion_recorded_names_its_source"
            ),
            models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=0, days__lte=999), name="opinion_days"),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="opinion_cost"),
            models.CheckConstraint(condition=Q(reply="") | Q(replied_by__isnull=False), name="opinion_reply_has_its_writer"),
        ]

    def __str__(self):
        return _("%(department)s on “%(brief)s”") % {"department": self.department, "brief": self.study.brief}

    def get_absolute_url(self):
        return reverse("opinion", args=[self.pk])

    @classmethod
    def ask(cls, study, department, person, *, by):
        """A new section; the caller holds the study and has asked the right. Refused for who is no member of the department."""
        opinion = cls(client_id=study.client_id, study=study, department=department, created_by=by)
        opinion._with(person)
        opinion.keep(by=by, reason="asked")
        opinion.record_event("created", by=by)
        opinion._open(by)
        return opinion

    @staticmethod
    def candidates(department=None):
        """Who can be asked: members of other departments who work here."""
        members = Person.objects.in_role(Role.MEMBER).exclude(department__code__in=OURSELVES)
        return members.filter(department=department) if department else members.filter(department__isnull=False)

    @staticmethod
    def departments():
        """The departments that can be asked."""
        return Department.objects.exclude(code__in=OURSELVES)

    @property
    def is_open(self):
        return self.study.is_open

    @property
    def is_silent(self):
        return self.state == self.State.ASKED

    @property
    def has_spoken(self):
        return self.state in self.SPOKEN

    @property
    def is_refused(self):
        """A "not feasible" that nobody has answered."""
        return self.has_spoken and self.verdict == self.Verdict.NO and not self.reply

    @property
    def tone_of_verdict(self):
        """One of the seven states, for the colour of what the department says."""
        return {"feasible": "done", "conditions": "risk", "no": "late"}.get(self.verdict, "draft")

    @property
    def answerer(self):
        """Who answers a "not feasible" for the account side."""
        return self.decider("briefs.open_study", self.study.created_by, self.client.lead, self.client.supervisor)

    # The moves, in the order of life

    @on_study
    @move(
        _("Answer"), told=_("answered for the department"), sources=[State.ASKED, State.RECORDED], to=State.ANSWERED,
        needs="briefs.answer_study", when="is_open", only="person", hidden=True,
    )  # fmt: skip
    def answer(self, *, by, words):
        self._hear(by, words)

    @on_study
    @undo(answer, told=_("took the answer back"))
    def undo_answer(self, *, by):
        """The study is still open; nobody has replied."""
        self._refuse_closed()

    @on_study
    @move(
        _("Change the answer"), told=_("changed the department’s answer"), sources=[State.ANSWERED], to=None,
        needs="briefs.answer_study", when="is_open", only="person", hidden=True,
    )  # fmt: skip
    def change_answer(self, *, by, words):
        """The old one stays in the history; a reply to it no longer counts."""
        self._hear(by, words)

    @on_study
    @undo(change_answer, told=_("took the changed answer back"))
    def undo_change_answer(self, *, by):
        """The answer before it holds again."""
        self._refuse_closed()

    @on_study
    @move(
        _("Record its opinion"), told=_("recorded the department’s opinion"), sources=[State.ASKED, State.RECORDED],
        to=State.RECORDED, needs="briefs.record_opinion", when="is_open", hidden=True,
    )  # fmt: skip
    def record(self, *, by, words, said_by, said_how):
        """What somebody of the department said, written down by us. Whoever is asked there can still answer differently."""
        if not said_by.strip() or said_how not in self.Way.values:
            raise Refused(_("Say who of the department said it, and how."))
        self._hear(by, words, said_by=said_by, said_how=said_how)
        text = _("%(by)s recorded what %(department)s says on “%(brief)s”. Answer yourself if it is not so.")
        self._tell(text, self.person, by=by)

    @on_study
    @undo(record, told=_("took back what was recorded"))
    def undo_record(self, *, by):
        self._refuse_closed()

    @on_study
    @move(
        _("Ask a colleague there"), told=_("asked another colleague of the department"), sources=[State.ASKED], to=None,
        needs="briefs.open_study", when="is_open", hidden=True,
    )  # fmt: skip
    def ask_instead(self, *, by, person):
        """The brief and the section close to the one and open to the other."""
        if person == self.person:
            raise Refused(_("That is who is asked already."))
        give_back(self, by=by)
        self._with(person, due_on=self.due_on)
        self._open(by)
        return {"person": person and person.pk}

    @on_study
    @move(
        _("Withdraw the invitation"), told=_("withdrew the invitation"), sources=[State.ASKED], to=State.WITHDRAWN,
        needs="briefs.open_study", court=Court.NOBODY, when="is_open", reason=True,
    )  # fmt: skip
    def withdraw(self, *, by, reason):
        give_back(self, by=by)

    @on_study
    @undo(withdraw, told=_("let the invitation stand"))
    def undo_withdraw(self, *, by):
        self._refuse_closed()
        self._open(by, tell=False)

    @on_study
    @move(
        _("Ask again"), told=_("asked the department again"), sources=[State.WITHDRAWN], to=State.ASKED,
        needs="briefs.open_study", when="is_open",
    )  # fmt: skip
    def ask_again(self, *, by, person=None):
        self._with(person or self.person)
        self._open(by)

    @on_study
    @move(
        _("Answer the department"), told=_("answered the department"), sources=SPOKEN, to=None,
        needs="briefs.open_study", when="is_open", hidden=True,
    )  # fmt: skip
    def answer_back(self, *, by, reply):
        """Our words to a "not feasible", without which the study is not settled, or to a question."""
        if not reply.strip():
            raise Refused(_("Write what we answer to the department."))
        self.reply, self.replied_by = reply, by
        self._lie(Court.NOBODY, None, self.due_on)
        self._tell(_("%(by)s answered %(department)s on “%(brief)s”."), self.person, by=by)

    @on_study
    @undo(answer_back, told=_("took our answer back"))
    def undo_answer_back(self, *, by):
        self._refuse_closed()

    @transaction.atomic
    def nudge(self, *, by):
        """Remind whoever is silent, by hand (COO2): at most once in four hours. The words somebody is typing are not disturbed:
        the section stays as it is. Raises PermissionDenied or Refused."""
        lock(self)
        if not by.has_perm(NUDGE, self):
            raise PermissionDenied(_("Your role does not nudge."))
        if not (self.is_open and self.is_silent and self.person):
            raise Refused(_("Nobody here owes an answer now."))
        last = self.events().filter(verb="nudged").first()
        if last and clock.now() - last.at < PAUSE:
            raise Refused(_("%(person)s was nudged less than four hours ago.") % {"person": self.person})
        event = self.record_event("nudged", by=by)
        text = _("%(by)s asks for the answer of %(department)s on “%(brief)s”: due %(day)s.")
        self.give_notice(to=self.person, text=text, kind=KIND, occasion=f"event:{event.pk}", by=by, day=told_later(self.due_on),
                         **self._words)  # fmt: skip

    # When the study closes or opens again

    def rest(self, *, by):
        """The study is closed: the section lies with nobody, and is closed to who was asked."""
        give_back(self, by=by)
        if self.court != Court.NOBODY:
            self._lie(Court.NOBODY, None, self.due_on)
            self.keep(by=by, reason="the study was closed")

    def wake(self, *, by, study):
        """The study is open again: the section lies where it lay."""
        if self.state == self.State.WITHDRAWN:
            return
        if self.is_silent:
            self._with(self.person, due_on=max(self.due_on, study.answer_by), same=True)
        elif self.is_refused:
            self._with_us()
        if self.court != Court.NOBODY:
            self.keep(by=by, reason="the study was reopened")
        self._open(by, tell=False)

    # What the moves have in common

    def _hear(self, by, words, said_by="", said_how=""):
        """Take up an answer and tell the account side; a reply to an earlier one no longer counts."""
        self._refuse_half(words)
        for name in self.ANSWER:
            setattr(self, name, words[name])
        self.said_by, self.said_how, self.reply, self.replied_by = said_by, said_how, "", None
        if self.verdict == self.Verdict.NO:
            self._with_us()
            people = (self.study.created_by, self.client.lead, self.client.supervisor)
        else:
            self._lie(Court.NOBODY, None, self.due_on)
            people = (self.study.created_by,)
        text = _("%(department)s on “%(brief)s”: %(verdict)s.")
        if self.questions:
            text = _("%(department)s on “%(brief)s”: %(verdict)s, with questions.")
        self._tell(text, *people, by=by, verdict=self.Verdict(self.verdict).label)

    def _refuse_half(self, words):
        if words["verdict"] not in self.Verdict.values:
            raise Refused(_("Say whether it is feasible."))
        if words["verdict"] != self.Verdict.YES and not words["grounds"].strip():
            raise Refused(_("Write the conditions, or the reasons why it is not feasible."))

    def refuse_late(self, by):
        """Whoever was asked, wrote, and is not asked any more when it arrives: told so, with whom to tell instead."""
        if by.has_perm(self.view_right, self) or not Opinion.objects.once_asked_of(by).filter(pk=self.pk).exists():
            return
        text = _("This is not asked of you any more: the study has been closed, or the invitation has gone to somebody else. "
                 "What you wanted to say can still be told to %(person)s.")  # fmt: skip
        raise Conflict(self, text % {"person": self.study.created_by}, is_gone=True)

    def _refuse_closed(self):
        if not self.is_open:
            raise Refused(_("The study has been closed meanwhile."))

    def _with(self, person, due_on=None, *, same=False):
        """The section lies with whoever is asked; where nobody is, with whoever of ours asks by telephone."""
        if not same and person and not self.candidates(self.department).filter(pk=person.pk).exists():
            words = {"person": person, "department": self.department}
            raise Refused(_("%(person)s is no member of %(department)s.") % words)
        self.person = person
        due_on = due_on or max(self.study.answer_by, calendar().add(clock.today(), 1))
        self._lie(Court.DEPARTMENT if person else Court.OURS, person or self.study.keeper, due_on)

    def _with_us(self):
        self._lie(Court.OURS, self.answerer, calendar().add(clock.today(), 1))

    def _lie(self, court, holder, due_on):
        self.court, self.holder, self.court_since, self.due_on = court, holder, clock.now(), due_on

    def _open(self, by, *, tell=True):
        """Lend the person the brief to read and the section to answer, and say so."""
        if self.person is None or not self.person.is_active:
            return
        reason = self.study.asks[:200] or str(_("Joint study"))
        for record, right in ((self.study.brief, ""), (self, ""), (self, "briefs.answer_study")):
            lend(record, self.person, right=right, through=self, by=by, reason=reason)
        if tell:
            text = _("%(by)s asks %(department)s about “%(brief)s”, by %(day)s. It is open to you until the study is closed.")
            occasion = f"asked:v{self.version}"
            words = {**self._words, "by": by, "day": told_later(self.due_on)}
            self.give_notice(to=self.person, text=text, kind=KIND, occasion=occasion, **words)

    def _tell(self, text, *people, by, **words):
        for person in dict.fromkeys(filter(None, people)):
            if person != by:
                self.give_notice(to=person, text=text, kind=KIND, by=by, **self._words, **words)

    @property
    def _words(self):
        return {"department": self.department, "brief": self.study.brief}
