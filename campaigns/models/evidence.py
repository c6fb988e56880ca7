"""What a step has to show before it counts as done (COO3): a file, a confirmed draft or a passed proof."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.flow import Refused, lock
from clients.models import Attachment
from clients.models.attachment import attachments_of


class Evidence(models.TextChoices):
    NONE = "none", gettext_lazy("None")
    FILE = "file", gettext_lazy("A file")
    DRAFT = "draft", gettext_lazy("A confirmed draft")
    PROOF = "proof", gettext_lazy("A passed proof")


NEEDED = {
    Evidence.FILE: gettext_lazy("This step is done when its file is here: add the file to the step first."),
    Evidence.DRAFT: gettext_lazy(
        "This step is done when the draft is confirmed: add the client's confirmation as a file, "
        "or ask the coordinator to say what stands in its place."
    ),
    Evidence.PROOF: gettext_lazy(
        "This step is done when the proof has passed: add the passed proof as a file, "
        "or ask the coordinator to say what stands in its place."
    ),
}


class Evidenced(models.Model):
    """The part of a step that asks for evidence. Whatever is asked for, three things count: the record that was given for it, a
    file kept with the step, or a sentence of whoever checks the step."""

    needs_evidence = models.CharField(
        gettext_lazy("evidence needed"), max_length=5, choices=Evidence, default=Evidence.NONE
    )  # fmt: skip
    evidence_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=gettext_lazy("kind of evidence"),
    )  # fmt: skip
    evidence_id = models.PositiveBigIntegerField(gettext_lazy("key of the evidence"), null=True, editable=False)
    evidence_words = models.CharField(gettext_lazy("in place of the evidence"), max_length=2000, blank=True, editable=False)
    evidence = GenericForeignKey("evidence_type", "evidence_id")

    class Meta:
        abstract = True

    @property
    def has_evidence(self):
        """Whether everything that has to be shown is there; one query where a file may be it, none in a list (`with_file`)."""
        if self.needs_evidence == Evidence.NONE or self.evidence_words or self.evidence_id:
            return True
        listed = vars(self).get("listed_file")
        return attachments_of(self).exists() if listed is None else listed

    @property
    def lacks_evidence(self):
        return not self.has_evidence

    @transaction.atomic
    def give_evidence(self, record, *, by):
        """Let `record` (of the same client: a confirmed draft, a passed proof) be what this step has to show; the caller has
        asked the right. Given twice, it is given once. Refused for the record of another client, or a step already checked.
        """
        lock(self)
        if record.client_id != self.client_id:
            raise Refused(_("What is shown for a step belongs to the same client."))
        if self.is_settled:
            raise Refused(_("This step is checked already; nothing more has to be shown for it."))
        kind = ContentType.objects.get_for_model(record)
        if (self.evidence_type_id, self.evidence_id) == (kind.pk, record.pk):
            return
        self.evidence_type, self.evidence_id = kind, record.pk
        self.keep(by=by, reason=str(record))
        self.record_event("evidence_given", by=by, record=str(record))

    def take_evidence_back(self, record, *, by):
        """What was shown holds no longer: the draft is changed, the proof withdrawn. Nothing happens where something else, or
        nothing, was shown; the caller has asked the right."""
        lock(self)
        if self.evidence_id == record.pk and self.evidence_type == ContentType.objects.get_for_model(record):
            self.evidence_type = self.evidence_id = None
            self.keep(by=by, reason=str(record))
            self.record_event("evidence_gone", by=by, record=str(record))

    def require_evidence(self):
        """Refused, with a sentence that says what to do, while something is lacking."""
        if self.lacks_evidence:
            raise Refused(NEEDED[self.needs_evidence])


def with_file(steps):
    """The steps of a list, each with `listed_file`: whether a file is kept with it. One query."""
    kind = ContentType.objects.get_for_model(steps[0]) if steps else None
    kept = Attachment.objects.kept().filter(content_type=kind, object_id__in=[step.pk for step in steps])
    keys = set(kept.values_list("object_id", flat=True))
    for step in steps:
        step.listed_file = step.pk in keys
    return steps
