from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from agency.flow import Refused, lock
from approvals.models.draft import CLEAR, Draft
from approvals.models.draft_version import DraftVersion, OfDraftQuerySet
from clients.models import Requirement
from clients.models.record import ClientRecord

MOST_LINES = 100


class Question(models.TextChoices):
    """What whoever clears a version answers (DEP7)."""

    OBJECTIVE = "objective", gettext_lazy("Does it serve the objective of the brief?")
    AUDIENCE = "audience", gettext_lazy("Does it speak to the audience?")
    MESSAGE = "message", gettext_lazy("Does it say the one message?")
    MANDATORIES = "mandatories", gettext_lazy("Are logo, legal lines and other mandatories in it?")
    FRAME = "frame", gettext_lazy("Does it keep to budget and deadline?")


class Reply(models.TextChoices):
    YES = "yes", gettext_lazy("Yes")
    NO = "no", gettext_lazy("No")
    NONE = "none", gettext_lazy("Does not apply")


class InternalReview(ClientRecord):
    """One look of somebody else at one version: the five questions and the client's requirements, line by line (DEP7, DEP8).
    Never changed.

    answers: question → [reply, note] · requirements: [key, text, reply, note] of each line as it stood then.
    """

    class Outcome(models.TextChoices):
        CLEARED = "cleared", gettext_lazy("Cleared")
        RETURNED = "returned", gettext_lazy("Returned")

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="reviews", editable=False)
    draft_version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="reviews", editable=False)
    outcome = models.CharField(gettext_lazy("outcome"), max_length=8, choices=Outcome, editable=False)
    answers = models.JSONField(gettext_lazy("answers"), default=dict, editable=False)
    requirements = models.JSONField(gettext_lazy("requirements"), default=list, editable=False)
    reason = models.TextField(gettext_lazy("why it is returned"), blank=True, max_length=2000, editable=False)

    view_right = "approvals.view_draft"
    seen_with = "draft"
    objects = OfDraftQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = gettext_lazy("internal review")
        verbose_name_plural = gettext_lazy("internal reviews")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["cleared", "returned"]), name="internal_review_outcome"),
            models.CheckConstraint(condition=Q(outcome="cleared") | ~Q(reason=""), name="internal_review_returned_with_reason"),
        ]

    def __str__(self):
        return _("Review of %(version)s") % {"version": self.draft_version}

    def get_absolute_url(self):
        return self.draft_version.get_absolute_url()

    @classmethod
    @transaction.atomic
    def decide(cls, draft, *, by, seen, token, outcome, answers, requirements, reason=""):
        """Clear the version in review, or return it; sent twice it is decided once. Returns the review.

        answers: {question: (reply, note)} · requirements: [(key, reply, note)] of the lines that `requirements_for` gave.
        Refused where something is unanswered, or cleared although something is answered no.
        """
        lock(draft)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(CLEAR, draft):
            raise PermissionDenied(_("Your role does not clear drafts for this client."))
        review = cls(
            client_id=draft.client_id, draft=draft, draft_version=draft.sheet, outcome=outcome, reason=reason.strip(),
            answers={str(name): list(said) for name, said in answers.items()}, created_by=by, token=token,
            requirements=_as_they_stand(draft, requirements),
        )  # fmt: skip
        review._refuse()
        review.keep(by=by, reason="looked through")
        if outcome == cls.Outcome.CLEARED:
            draft.clear(by=by, seen=seen, review=review)
        else:
            draft.hand_back(by=by, seen=seen, reason=review.reason, review=review)
        return review

    def _refuse(self):
        if self.draft_version is None:
            raise Refused(_("There is no version to review."))
        if self.outcome == self.Outcome.RETURNED:
            if not self.reason:
                raise Refused(_("Please say why it is returned: the maker works from it."))
            return
        if any(self.answers.get(question, [""])[0] not in (Reply.YES, Reply.NONE) for question in Question.values):
            raise Refused(_("It is cleared when every question is answered yes. With a no it is returned, with the reason."))
        if any(reply not in (Reply.YES, Reply.NONE) for _key, _text, reply, _note in self.requirements):
            raise Refused(_("It is cleared when it keeps everything the client asked for. With a no it is returned."))

    @property
    def told(self):
        """(question, reply, note) of the five, for a page."""
        return [(label, *self._shown(self.answers.get(name, ["", ""]))) for name, label in Question.choices]

    @property
    def lines(self):
        """(text, reply, note) of the requirements."""
        return [(text, *self._shown([reply, note])) for _key, text, reply, note in self.requirements]

    @staticmethod
    def _shown(said):
        reply, note = said
        return (reply, Reply(reply).label if reply in Reply else "—", note)


def requirements_for(draft):
    """What the client asked for and this draft has to keep: the open lines of the ledger that the campaign is judged by."""
    return Requirement.objects.pinned(draft.client_id, [draft.campaign.brief]).unsettled().order_by("pk")[:MOST_LINES]


def _as_they_stand(draft, said):
    """The lines with their texts as they are at this moment; one that is not the client's is refused."""
    texts = {it.pk: str(it) for it in requirements_for(draft)}
    if not {key for key, *_rest in said} <= set(texts):
        raise Refused(_("The client’s requirements have changed meanwhile: please look at them again."))
    given = {key: (reply, note) for key, reply, note in said}
    return [[key, text, *given.get(key, ("", ""))] for key, text in texts.items()]


gettext_noop("looked through")
