from dataclasses import replace

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models.person import Person
from accounts.models.staff import StaffEvent, StaffRecord, StaffRecordQuerySet
from agency import clock
from agency.flow import Conflict, Court, Refused, Row, both_texts, lock, meanwhile, move
from agency.records import Knot


class EvaluationQuerySet(StaffRecordQuerySet):
    def for_page(self):
        return self.select_related("person__group", "person__department", "created_by", "holder", "evaluator_signed_by")

    def once_shown_to(self, person):
        """Evaluations of `person` that have been handed over at some time, even if they were taken back since."""
        handed = StaffEvent.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), person=person, verb="hand_over"
        )
        return self.filter(person=person, pk__in=handed.values("object_id")) if person.is_active else self.none()


class Evaluation(StaffRecord, Knot):
    """The minister's evaluation of a member of staff for a period, with two signatures (MIN5).

    The two of them read it and nobody else: it is in no list of others, no admin, no search, and its history goes with it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        WITH_PERSON = "with_person", _("To be signed")
        SIGNED = "signed", _("Signed by both")

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    comment = models.TextField(_("comment of the person evaluated"), blank=True, max_length=4000)
    evaluator_signed_at = models.DateTimeField(_("signed by the evaluator"), null=True, editable=False)
    evaluator_signed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    person_signed_at = models.DateTimeField(_("signed by the person"), null=True, editable=False)

    view_rights = ("accounts.evaluate", "accounts.view_own_evaluation")
    view_right = "accounts.view_own_evaluation"
    told = {"created": _("began the evaluation"), "revised": _("wrote in the evaluation")}
    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-period_to", "-pk"]
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        default_permissions = ()
        permissions = [
            ("evaluate", "Evaluate, sign"),
            ("view_own_evaluation", "See own evaluation, comment, sign"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_to__gt=models.F("period_from")),
                name="evaluation_period_runs_forward",
                violation_error_message=_("The period ends after it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(evaluator_signed_at__isnull=True, evaluator_signed_by__isnull=True)
                | models.Q(evaluator_signed_at__isnull=False, evaluator_signed_by__isnull=False),
                name="evaluator_signature_is_a_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="signed")
                | models.Q(evaluator_signed_at__isnull=False, person_signed_at__isnull=False),
                name="signed_means_two_signatures",
            ),
            models.CheckConstraint(condition=models.Q(state__in=["draft", "with_person", "signed"]), name="evaluation_state"),
        ]

    def __str__(self):
        return _("Evaluation of %(person)s") % {"person": self.person}

    def get_absolute_url(self):
        return reverse("evaluation", args=[self.pk])

    @classmethod
    def own(cls, person):
        return models.Q(person=person) & ~models.Q(state=cls.State.DRAFT)

    @classmethod
    def within(cls, person, scope):
        """Whoever evaluates everybody still does not evaluate himself, nor read what is being written about him."""
        return ~models.Q(person=person) if scope == "all" else super().within(person, scope)

    @classmethod
    @transaction.atomic
    def begin(cls, *, by, person, token, marks=(), **period):
        """Start an evaluation of `person`. The same token twice gives the same evaluation.

        marks: dictionaries of criterion, score and sentence. Raises PermissionDenied, or Refused with a sentence.
        """
        lock(person)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm("accounts.evaluate"):
            raise PermissionDenied(_("Evaluating staff is the minister's."))
        if person == by:
            raise Refused(_("Nobody evaluates himself."))
        if not person.can_be_evaluated:
            raise Refused(_("Evaluated are the people of the department; %(person)s is none of them.") % {"person": person})
        evaluation = cls(person=person, created_by=by, holder=by, token=token, **period)
        evaluation.keep(by=by, reason="began")
        evaluation._write(marks, by)
        evaluation.record_event("created", by=by)
        return evaluation

    @transaction.atomic
    def rewrite(self, *, by, seen, marks, **period):
        """Change period and marks of a draft together. Raises PermissionDenied, or Conflict with both texts: whoever saved
        first is not written over, and whoever comes second keeps what he typed before his eyes."""
        typed = both_texts(self, period) if seen == self.version else []
        lock(self)
        if not by.has_perm("accounts.evaluate", self):
            raise PermissionDenied(_("Evaluating staff is the minister's."))
        if seen != self.version or self.state != self.State.DRAFT:
            rows = [*(both_texts(self, period) or typed), *self._both_marks(marks)]
            whole = [replace(row, name="") for row in rows]  # period and marks are judged, and sent again, as one
            raise Conflict(self, meanwhile(self), whole, may_send=self.state == self.State.DRAFT)
        fields = [name for name, value in period.items() if getattr(self, name) != value]
        for name in fields:
            setattr(self, name, period[name])
        if self._write(marks, by):
            fields.append("marks")
        if fields:
            self.keep(by=by, reason="revised")
            self.record_event("revised", by=by, fields=fields)

    def _write(self, marks, by):
        """Make the marks be these, each change with its history. Returns whether anything changed."""
        there = {mark.criterion: mark for mark in self.marks.all()}
        wanted = {mark["criterion"]: mark for mark in marks}
        gone = [mark.take_away(by) for criterion, mark in there.items() if criterion not in wanted]
        kept = [(there.get(name) or Mark(evaluation=self, criterion=name)).put(by, mark) for name, mark in wanted.items()]
        return bool(gone) or any(kept)

    def _both_marks(self, marks):
        there = {mark.criterion: mark.line for mark in self.marks.all()}
        typed = {mark["criterion"]: f"{mark['score']}: {mark['sentence']}" for mark in marks}
        names = list(dict.fromkeys([*typed, *there]))
        return [Row(name, typed.get(name, ""), there.get(name, "")) for name in names if typed.get(name) != there.get(name)]

    @move(
        _("Sign and hand over"), told=_("signed the evaluation and handed it over"),
        sources=[State.DRAFT], to=State.WITH_PERSON, needs="accounts.evaluate", court=Court.OURS, holder="person", within=5,
    )  # fmt: skip
    def hand_over(self, *, by):
        if not self.marks.exists():
            raise Refused(_("Score at least one criterion, with a sentence of evidence, before signing."))
        self.evaluator_signed_at, self.evaluator_signed_by = clock.now(), by
        text = _("Your evaluation is ready to be read and signed.")
        self.give_notice(to=self.person, text=text, kind="accounts.evaluation_to_sign")

    @move(
        _("Sign"), told=_("commented and signed"), sources=[State.WITH_PERSON], to=State.SIGNED,
        needs="accounts.view_own_evaluation", court=Court.NOBODY,
    )  # fmt: skip
    def sign(self, *, by, comment=""):
        if by != self.person:
            raise PermissionDenied(_("Only the person evaluated gives the second signature."))
        self.comment, self.person_signed_at = comment, clock.now()
        text = _("%(person)s has signed the evaluation.")
        self.give_notice(to=self.evaluator_signed_by, text=text, kind="accounts.evaluation_signed", person=by)

    @move(
        _("Take back"), told=_("took the evaluation back"), sources=[State.WITH_PERSON], to=State.DRAFT,
        needs="accounts.evaluate", court=Court.OURS, holder="created_by", reason=True,
    )  # fmt: skip
    def take_back(self, *, by, reason):
        self.evaluator_signed_at = self.evaluator_signed_by = None


class Mark(models.Model):
    """One criterion of an evaluation: a score from 1 to 5 and the sentence that carries it."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="marks")
    criterion = models.CharField(_("criterion"), max_length=120)
    score = models.PositiveSmallIntegerField(_("score, 1 to 5"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    sentence = models.TextField(_("evidence, one sentence"), max_length=1000)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="score_from_1_to_5"),
            models.UniqueConstraint(fields=["evaluation", "criterion"], name="one_mark_per_criterion"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.score}"

    @property
    def line(self):
        return f"{self.score}: {self.sentence}"

    def put(self, by, told):
        """Take score and sentence from `told`. Returns whether anything changed; only then a history row is written."""
        changed = self._state.adding or (self.score, self.sentence) != (told["score"], told["sentence"])
        if changed:
            self.score, self.sentence = told["score"], told["sentence"]
            self._history_user, self._history_date = by, clock.now()
            self.save()
        return changed

    def take_away(self, by):
        """The criterion is not judged any more; its history stays."""
        self._history_user, self._history_date = by, clock.now()
        self.delete()
