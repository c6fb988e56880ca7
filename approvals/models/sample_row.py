from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from agency.refusals import Row
from approvals.checklist import Source
from clients.models import Attachment, ClientRecord

PIN = {"null": True, "editable": False}


class SampleRow(ClientRecord):
    """One row of the checklist of a sample: what is looked at, what was found, and where on which photo (SAL3).

    since: the version of the sample at which it was answered last, so that two who fill in one checklist lose nothing ·
    across, down: where the pin stands, in per mille of the photo's width and height.
    """

    class Answer(models.TextChoices):
        OPEN = "", gettext_lazy("Open")
        OK = "ok", gettext_lazy("OK")
        FAIL = "fail", gettext_lazy("Fail")
        NONE = "none", gettext_lazy("Not applicable")

    sample = models.ForeignKey("approvals.Sample", models.PROTECT, related_name="rows", editable=False)
    position = models.PositiveSmallIntegerField(gettext_lazy("row"), editable=False)
    text = models.CharField(gettext_lazy("what is looked at"), max_length=600, editable=False)
    source = models.CharField(gettext_lazy("where it comes from"), max_length=9, choices=Source, editable=False)
    answer = models.CharField(gettext_lazy("answer"), max_length=4, choices=Answer, blank=True, editable=False)
    note = models.CharField(gettext_lazy("note"), max_length=500, blank=True, editable=False)
    photo = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=gettext_lazy("photo"),
    )  # fmt: skip
    across = models.PositiveSmallIntegerField(gettext_lazy("across"), **PIN)
    down = models.PositiveSmallIntegerField(gettext_lazy("down"), **PIN)
    since = models.PositiveIntegerField(default=1, editable=False)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=gettext_lazy("correction verified by"),
    )  # fmt: skip
    verified_at = models.DateTimeField(gettext_lazy("correction verified"), null=True, editable=False)

    SAID = ("answer", "note", "photo_id", "across", "down")
    view_right = "approvals.view_proof"
    part_of = "sample"
    insiders = ("sample__maker", "sample__step__person")

    class Meta(ClientRecord.Meta):
        ordering = ["sample", "position"]
        verbose_name = gettext_lazy("row of a checklist")
        verbose_name_plural = gettext_lazy("rows of checklists")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="one_sample_row_a_position"),
            models.CheckConstraint(condition=Q(answer__in=["", "ok", "fail", "none"]), name="sample_row_answer"),
            models.CheckConstraint(condition=Q(source__in=["usual", "specified", "ledger"]), name="sample_row_source"),
            models.CheckConstraint(
                condition=Q(across=None, down=None) | Q(across__lte=1000, down__lte=1000, photo__isnull=False),
                name="sample_row_pin_stands_on_a_photo",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None)
                | Q(verified_by__isnull=False, verified_at__isnull=False, answer="fail"),
                name="sample_row_verified_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.text}"

    def get_absolute_url(self):
        return f"{self.sample.get_absolute_url()}#row-{self.position}"

    @property
    def said(self):
        """What stands in it now."""
        return {name: getattr(self, name) for name in self.SAID}

    def said_at(self, seen):
        """What stood in it when the sample had the version `seen`."""
        if self.since <= seen:
            return self.said
        then = self.history.filter(since__lte=seen).order_by("-history_date", "-history_id").first()
        return {name: getattr(then, name) for name in self.SAID} if then else dict.fromkeys(self.SAID)

    def say(self, said, *, by, since):
        for name, value in said.items():
            setattr(self, name, value)
        self.since = since
        self.keep(by=by, reason="answered")

    def verify(self, *, by, at, since):
        """The correction has been made; the sample's move has asked the right."""
        self.verified_by, self.verified_at, self.since = by, at, since
        self.keep(by=by, reason="verified")

    def unverify(self, *, by, since):
        """It is looked at again."""
        self.verified_by, self.verified_at, self.since = None, None, since
        self.keep(by=by, reason="taken back")

    @property
    def tone(self):
        if self.answer == self.Answer.FAIL:
            return "done" if self.verified_at else "late"
        return {"ok": "done", "none": "stopped"}.get(self.answer, "draft")

    @property
    def pin(self):
        """Where the pin stands, in per cent as figures of SVG; nothing where there is none."""
        return None if self.across is None else {"x": f"{percent(self.across)}%", "y": f"{percent(self.down)}%"}

    def both(self, typed, before):
        """The parts that differ, for the page of a conflict; each named as its field of the form."""
        labels = {"answer": _("answer"), "note": _("note"), "photo_id": _("photo"), "across": _("across"), "down": _("down")}
        for name in self.SAID:
            if typed[name] != self.said[name]:
                yield Row(
                    label=_("Row %(n)d, %(part)s: %(text)s") % {"n": self.position, "part": labels[name], "text": self.text},
                    yours=self._worded(name, typed[name]), theirs=self._worded(name, self.said[name]),
                    before=self._worded(name, before[name]), name=field_name(name, self.pk),
                    ours=typed[name] != before[name], long=name == "note",
                )  # fmt: skip

    def _worded(self, name, value):
        if name == "answer":
            return str(self.Answer(value or "").label)
        if value is None:
            return ""
        if name == "photo_id":
            return Attachment.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return f"{percent(value)} %" if name in ("across", "down") else value


def percent(permille):
    """45 for 450, 45.5 for 455."""
    return f"{Decimal(permille) / 10:f}".rstrip("0").rstrip(".") if permille % 10 else str(permille // 10)


def field_name(part, pk):
    """What a part of a row is called in the form: note-12."""
    return f"{part.removesuffix('_id')}-{pk}"
