from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Person
from accounts.models.staff import StaffRecord
from agency import clock
from agency.flow import Court, Refused, move
from agency.records import Knot


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
    told = {"created": _("began the evaluation")}

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
            models.CheckConstraint(condition=models.Q(period_to__gt=models.F("period_from")), name="evaluation_period_runs_forward"),
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
    def begin(cls, *, by, person, token, **period):
        """Start an evaluation of `person`. The same token twice gives the same evaluation. Nobody evaluates himself."""
        if person == by:
            raise Refused(_("Nobody evaluates himself."))
        evaluation = cls(person=person, created_by=by, holder=by, token=token, **period)
        evaluation.keep(by=by, reason="began")
        evaluation.record_event("created", by=by)
        return evaluation

    @move(
        _("Sign and hand over"), told=_("signed the evaluation and handed it over"), sources=[State.DRAFT], to=State.WITH_PERSON,
        needs="accounts.evaluate", court=Court.OURS, holder="person", within=5,
    )  # fmt: skip
    def hand_over(self, *, by):
        if by == self.person:
            raise Refused(_("Nobody evaluates himself."))
        if not self.marks.exists():
            raise Refused(_("Score at least one criterion, with a sentence of evidence, before signing."))
        self.evaluator_signed_at, self.evaluator_signed_by = clock.now(), by
        self.give_notice(to=self.person, text=_("Your evaluation is ready to be read and signed."), kind="accounts.evaluation_to_sign")

    @move(
        _("Sign"), told=_("commented and signed"), sources=[State.WITH_PERSON], to=State.SIGNED,
        needs="accounts.view_own_evaluation", court=Court.NOBODY,
    )  # fmt: skip
    def sign(self, *, by, comment=""):
        if by != self.person:
            raise Refused(_("Only the person evaluated gives the second signature."))
        self.comment, self.person_signed_at = comment, clock.now()
        self.give_notice(
            to=self.evaluator_signed_by, text=_("%(person)s has signed the evaluation.") % {"person": by}, kind="accounts.evaluation_signed"
        )

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

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="score_from_1_to_5"),
            models.UniqueConstraint(fields=["evaluation", "criterion"], name="one_mark_per_criterion"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.score}"
