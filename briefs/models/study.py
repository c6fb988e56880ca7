from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Court, Refused, lock, move, undo
from agency.workdays import calendar
from briefs.models.brief import Brief
from briefs.models.opinion import Opinion
from clients.models import ClientKnot

YEAR = timedelta(days=366)


class Study(ClientKnot):
    """The joint study of an accepted brief (DEP3): departments are asked by a day, each answers in its own section (`Opinion`),
    and the account side closes it with conclusions.

    While a department is silent the ball lies with its section; when all have spoken it lies with whoever closes the study.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    brief = models.ForeignKey(Brief, models.PROTECT, related_name="studies", editable=False, verbose_name=_("intake brief"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=0, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    answer_by = models.DateField(_("departments answer by"))
    asks = models.TextField(_("what we want to know"), blank=True, max_length=2000)
    conclusions = models.TextField(_("conclusions"), blank=True, max_length=8000)

    WORK = ()  # closing it is no judgement on the own work: others spoke
    lies_with = (("holder", ~models.Q(court=Court.DEPARTMENT)),)
    view_right = "briefs.view_brief"
    told = {"created": _("opened the joint study")}

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("joint study")
        verbose_name_plural = _("joint studies")
        default_permissions = ()
        permissions = [
            ("open_study", "Open joint study, invite departments"),
            ("close_study", "Close study with conclusions"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["brief"], condition=models.Q(state="open"), name="one_open_study_of_a_brief"),
            models.CheckConstraint(condition=models.Q(state__in=["open", "closed"]), name="study_state"),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(conclusions=""), name="closed_study_has_its_conclusions"
            ),
        ]

    def __str__(self):
        return _("Joint study: %(brief)s") % {"brief": self.brief}

    def get_absolute_url(self):
        return reverse("study", args=[self.pk])

    @classmethod
    @transaction.atomic
    def open(cls, *, brief, by, token, invited, asks="", answer_by=None):
        """Ask departments about an accepted brief. invited: pairs of a department and its member who is asked, or None where
        nobody of it logs in and we ask by telephone.

        The same token twice gives the same study. Raises PermissionDenied or Refused.
        """
        lock(brief)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm("briefs.open_study", brief):
            raise PermissionDenied(_("Your role does not open a study of this brief."))
        answer_by = answer_by or calendar().add(clock.today(), settings.STUDY_DAYS)
        cls._refuse(brief, invited, answer_by)
        study = cls(client=brief.client, brief=brief, edition=brief.edition_number, asks=asks, answer_by=answer_by,
                    created_by=by, token=token, court=Court.DEPARTMENT)  # fmt: skip
        study.keep(by=by, reason="opened")
        study.record_event("created", by=by)
        for department, person in invited:
            study._ask(department, person, by)
        study.look_round(by=by)
        return study

    @classmethod
    def _refuse(cls, brief, invited, answer_by):
        if brief.state != Brief.State.ACCEPTED:
            raise Refused(_("An accepted brief is studied; “%(brief)s” is: %(state)s.")
                          % {"brief": brief, "state": brief.get_state_display()})  # fmt: skip
        if brief.studies.filter(state=cls.State.OPEN).exists():
            raise Refused(_("A study of “%(brief)s” is open already: invite further departments there.") % {"brief": brief})
        if not invited:
            raise Refused(_("Choose at least one department to ask."))
        if not clock.today() <= answer_by <= clock.today() + YEAR:
            raise Refused(_("Departments answer on a day from today on, within a year."))

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_settled(self):
        """Every department asked has spoken, and every "not feasible" has its answer."""
        return not self.opinions.loose().exists()

    @property
    def is_unsettled(self):
        return not self.is_settled

    @property
    def is_of_older_edition(self):
        """The brief has been accepted anew since."""
        return self.edition != self.brief.edition_number

    @property
    def closer(self):
        """Who closes it: whoever opened it if the right is held, else the lead of the business, the head of its group."""
        return self.decider("briefs.close_study", self.created_by, self.client.lead, self.client.supervisor)

    @property
    def keeper(self):
        """Who asks a department that nobody of it answers for here: whoever opened the study, or whoever leads the business."""
        return self.decider("briefs.open_study", self.created_by, self.client.lead, self.client.supervisor)

    @transaction.atomic
    def invite(self, department, person, *, by):
        """Ask one more department. Asked already, it keeps its one section; if the invitation was withdrawn, it is asked again
        there. Returns the section. Raises PermissionDenied or Refused."""
        lock(self)
        if not by.has_perm("briefs.open_study", self):
            raise PermissionDenied(_("Your role does not invite departments."))
        if not self.is_open:
            raise Refused(_("This study is closed. Reopen it to ask a department."))
        section = self.opinions.filter(department=department).first()
        if section and section.state == Opinion.State.WITHDRAWN:
            return section.ask_again(by=by, person=person)
        if section is None:
            section = self._ask(department, person, by)
            self.look_round(by=by)
        return section

    def _ask(self, department, person, by):
        return Opinion.ask(self, department, person, by=by)

    @move(
        _("Close the study"), told=_("closed the joint study"), sources=[State.OPEN], to=State.CLOSED,
        needs="briefs.close_study", court=Court.NOBODY, when="is_settled", hidden=True,
    )  # fmt: skip
    def close(self, *, by, conclusions):
        self._conclude(by, conclusions)

    @undo(close, told=_("took the closing of the study back"))
    def undo_close(self, *, by):
        """Those who were asked have their sections again."""
        self._refuse_a_second()
        self._wake(by)

    @move(
        _("Close despite what is open"), told=_("closed the joint study despite what was open"), sources=[State.OPEN],
        to=State.CLOSED, needs="briefs.close_study", court=Court.NOBODY, when="is_unsettled", reason=True, hidden=True,
    )  # fmt: skip
    def close_despite(self, *, by, conclusions, reason):
        """A department is silent or its "not feasible" unanswered; who agrees the plan will have to say why as well."""
        self._conclude(by, conclusions)

    @undo(close_despite, told=_("took the closing of the study back"))
    def undo_close_despite(self, *, by):
        """As for a study that was settled."""
        self._refuse_a_second()
        self._wake(by)

    @move(
        _("Reopen the study"), told=_("reopened the joint study"), sources=[State.CLOSED], to=State.OPEN,
        needs="briefs.close_study", reason=True,
    )  # fmt: skip
    def reopen(self, *, by, reason):
        """Departments may answer anew; those still silent have the usual days from now."""
        self._refuse_a_second()
        self.answer_by = max(self.answer_by, calendar().add(clock.today(), settings.STUDY_DAYS))
        self._wake(by)
        self._turn()

    def look_round(self, *, by):
        """After anything in a section: with whom the study lies now. Its version grows, so that whoever is about to close it
        looks again. The event is the section's own."""
        was_ours = self.court == Court.OURS
        self._turn()
        self.keep(by=by, reason="a section changed")
        if self.court == Court.OURS and not was_ours and self.holder != by:
            text = _("Every department has spoken on “%(brief)s”: the study can be closed.")
            self.give_notice(to=self.holder, text=text, kind="briefs.study_news", brief=self.brief)

    def _turn(self):
        if self.opinions.silent().exists():
            self.court, self.holder, self.due_on = Court.DEPARTMENT, None, None
        elif self.court != Court.OURS:
            self.court, self.holder = Court.OURS, self.closer
            self.due_on = calendar().add(clock.today(), 1)
        else:
            return
        self.court_since = clock.now()

    def _refuse_a_second(self):
        lock(self.brief)
        if self.brief.studies.filter(state=self.State.OPEN).exclude(pk=self.pk).exists():
            raise Refused(_("Another study of this brief is open by now."))

    def _conclude(self, by, conclusions):
        if not conclusions.strip():
            raise Refused(_("Write the conclusions: what the plan has to respect, and what the departments will do."))
        self.conclusions = conclusions
        for section in self._held():
            section.rest(by=by)
        words = {"by": by, "brief": self.brief}
        for person in dict.fromkeys(filter(None, (self.created_by, self.client.lead, self.client.supervisor))):
            if person != by:
                text = _("%(by)s closed the joint study of “%(brief)s”.")
                self.give_notice(to=person, text=text, kind="briefs.study_news", **words)

    def _wake(self, by):
        for section in self._held():
            section.wake(by=by, study=self)

    def _held(self):
        """Its sections, held until the transaction ends."""
        rows = self.opinions.select_for_update(of=("self",), no_key=True).order_by("pk")
        return list(rows.select_related("department", "person"))
