"""The requirements ledger: what the client asked, forbade, promised or fixed, line by line, for ever (DEP8)."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Refused, move, undo
from clients.models.attachment import Attachment
from clients.models.contact import Contact
from clients.models.record import BusinessQuerySet, ClientRecord


class RequirementQuerySet(BusinessQuerySet):
    def from_source(self, source):
        """The lines that were born from one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(source), object_id=source.pk)

    def pinned(self, client, sources=()):
        """What work is judged by: the lines of these sources, and those of the client that hang on no record of their kind.

        For a campaign the source is its brief: the lines of the client's other briefs are not its own.
        """
        mine = models.Q(content_type__isnull=True)
        kinds = {ContentType.objects.get_for_model(source) for source in sources}
        mine |= ~models.Q(content_type__in=kinds) if kinds else models.Q()
        for source in sources:
            mine |= models.Q(content_type=ContentType.objects.get_for_model(source), object_id=source.pk)
        return self.filter(mine, client=client)

    def unsettled(self):
        return self.filter(state__in=Requirement.UNSETTLED)

    def for_page(self):
        """With everybody a line names."""
        return self.select_related("client__group__supervisor", "said_by", "created_by", "waived_by", "evidence")


class Requirement(ClientRecord):
    """One line of the client's word: where and when it was said, and what became of it.

    A line that is born from a record (a field of a brief, later minutes or feedback) carries the record and a key; what the
    source was called is frozen at birth. A line never vanishes: one that its source no longer says waits to be settled.
    """

    class Kind(models.TextChoices):
        MUST = "must", _("Asked")
        MUST_NOT = "must_not", _("Forbade")
        PROMISE = "promise", _("Promised")
        DATE = "date", _("Fixed date")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        HONOURED = "honoured", _("Honoured")
        WAIVED = "waived", _("Waived by the client")
        BROKEN = "broken", _("Broken")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("what"), max_length=500)
    on = models.DateField(_("the day"), null=True, blank=True)
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )  # fmt: skip
    object_id = models.PositiveBigIntegerField(null=True, editable=False)
    source = GenericForeignKey()
    key = models.CharField(max_length=80, blank=True, editable=False)
    source_words = models.CharField(_("where"), max_length=200, blank=True)
    said_on = models.DateField(_("said on"), default=clock.today)
    said_by = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("said by")
    )
    said = models.CharField(_("said by, in words"), max_length=120, blank=True)
    gone_since = models.DateField(_("no longer in the source since"), null=True, editable=False)
    waived_by = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("waived by")
    )
    waived_words = models.TextField(_("words of the waiver"), max_length=2000, blank=True, editable=False)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("evidence")
    )

    UNSETTLED = (State.OPEN, State.BROKEN)
    SETTLE = "clients.settle_requirement"
    view_right = "clients.view_client"
    attach_right = "clients.add_requirement"
    told = {
        "created": _("wrote the line into the ledger"),
        "reworded": _("changed the words of the line"),
        "gone": _("took the line out of its source"),
        "back": _("put the line back into its source"),
    }
    objects = RequirementQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-said_on", "-pk"]
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        permissions = [("settle_requirement", "Mark a line honoured, waived, broken")]
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(fields=["client", "state", "-said_on", "-id"], name="requirement_ledger"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "key"], name="one_line_for_each_key_of_a_source",
                condition=models.Q(content_type__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(content_type__isnull=True, object_id__isnull=True, key="")
                | (models.Q(content_type__isnull=False, object_id__isnull=False) & ~models.Q(key="")),
                name="a_source_has_its_key",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "honoured", "waived", "broken"]), name="requirement_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["must", "must_not", "promise", "date"]), name="requirement_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waived")
                | (models.Q(waived_by__isnull=False) & (~models.Q(waived_words="") | models.Q(evidence__isnull=False))),
                name="a_waiver_has_its_evidence",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.text if len(self.text) <= 80 else f"{self.text[:79].rstrip()}…"

    def get_absolute_url(self):
        return reverse("requirement", args=[self.pk])

    # ── How a line comes into the ledger ────────────────────────────────────────────────────────
    @classmethod
    def add(cls, *, client, by, token, **fields):
        """Write a line by hand (DEP8). Right: clients.add_requirement, which the caller has asked on the client."""
        line = cls(client=client, created_by=by, token=token, **fields)
        line.keep(by=by, reason="opened")
        line.record_event("created", by=by)
        return line

    @classmethod
    @transaction.atomic
    def born(cls, *, source, key, client, text, kind, said_on, by, said_by=None, said="", on=None, words=""):
        """The line of `source` under `key`, made once and told again as often as the source is saved. Returns it.

        by: the colleague through whose hand the source came to say so; the caller has asked the right · words: what the source
        is called here, by default the record's own name. Changed words are revised; if the line was settled, it is open again.
        """
        text = " ".join(text.split())[:500]
        line = cls.objects.select_for_update().from_source(source).filter(key=key).first()
        if line is None:
            words = (words or f"{source._meta.verbose_name} “{source}”")[:200]
            fields = {"kind": kind, "text": text, "on": on, "said_on": said_on, "said_by": said_by, "said": said[:120]}
            line = cls(
                client=client, source=source, key=key, source_words=words[:1].upper() + words[1:], created_by=by, **fields
            )
            line.keep(by=by, reason="opened")
            line.record_event("created", by=by)
            return line
        return line._told_again(by=by, text=text, kind=kind, on=on)

    def _told_again(self, *, by, **now):
        changed = {name: value for name, value in now.items() if getattr(self, name) != value}
        if changed and self.state != self.State.OPEN:
            return self.say_otherwise(by=by, changed=changed)
        if changed or self.gone_since:
            verb = "reworded" if changed else "back"
            self._say(changed)
            self.keep(by=by, reason="revised")
            self.record_event(verb, by=by, fields=sorted(changed))
        return self

    def _say(self, changed):
        self.gone_since = None
        for name, value in changed.items():
            setattr(self, name, value)

    @move(
        _("Say otherwise"), told=_("changed the words of the settled line, which is open again"), to=State.OPEN,
        sources=[State.HONOURED, State.WAIVED, State.BROKEN], needs="clients.view_client", hidden=True,
    )  # fmt: skip
    def say_otherwise(self, *, by, changed):
        """What was settled was another line."""
        self._say(changed)
        return {"fields": sorted(changed)}

    @classmethod
    @transaction.atomic
    def gone(cls, source, keys_left, *, by):
        """Mark the lines that `source` no longer says; they wait for somebody to settle them."""
        for line in cls.objects.select_for_update().from_source(source).filter(gone_since__isnull=True):
            if line.key not in keys_left:
                line.gone_since = clock.today()
                line.keep(by=by, reason="revised")
                line.record_event("gone", by=by)

    # ── What becomes of it ──────────────────────────────────────────────────────────────────────
    @move(_("Honoured"), told=_("found the line honoured"), sources=[State.OPEN, State.BROKEN], to=State.HONOURED, needs=SETTLE)
    def honour(self, *, by):
        """The work does what the client said."""

    @undo(honour, told=_("took it back that the line is honoured"))
    def undo_honour(self, *, by):
        """It is not, or nobody has looked yet."""

    @move(
        _("Waived by the client"), told=_("recorded that the client waived the line"), sources=[State.OPEN, State.BROKEN],
        to=State.WAIVED, needs=SETTLE, hidden=True,
    )  # fmt: skip
    def waive(self, *, by, who, words="", evidence=None):
        """who: the client's contact who let it go · words: what was said, and how · evidence: a file of this line."""
        if who is None or who.client_id != self.client_id:
            raise Refused(_("Name the client's contact who let it go."))
        if not words.strip() and evidence is None:
            raise Refused(_("A waiver needs its evidence: the client's words, or a file."))
        if evidence is not None and evidence.client_id != self.client_id:
            raise Refused(_("The file belongs to another client."))
        self.waived_by, self.waived_words, self.evidence = who, words.strip(), evidence

    @undo(waive, told=_("took the waiver back"))
    def undo_waive(self, *, by):
        """The client did not mean that."""

    @move(
        _("Broken"), told=_("marked the line as broken"), sources=[State.OPEN, State.HONOURED], to=State.BROKEN, needs=SETTLE,
        reason=True,
    )  # fmt: skip
    def break_off(self, *, by, reason):
        """The work did not do what the client said: whoever leads the client hears of it at once."""
        text = _("%(by)s marked a requirement of %(client)s as broken: “%(line)s”. %(reason)s")
        words = {"by": by, "client": self.client, "line": str(self), "reason": reason}
        for person in {self.client.lead, self.client.supervisor} - {by, None}:
            self.give_notice(to=person, text=text, kind="clients.requirement_broken", **words)

    @undo(break_off, told=_("took it back that the line is broken"))
    def undo_break_off(self, *, by):
        """It is not; whoever was told hears of that too."""

    @move(
        _("Open again"), told=_("opened the line again"), sources=[State.HONOURED, State.WAIVED, State.BROKEN], to=State.OPEN,
        needs=SETTLE, reason=True,
    )  # fmt: skip
    def reopen(self, *, by, reason):
        """It counts again."""
        self.waived_by, self.waived_words, self.evidence = None, "", None

    @undo(reopen, told=_("settled the line again"))
    def undo_reopen(self, *, by):
        """It had been settled rightly."""

    @property
    def tone(self):
        return {"open": "ours", "honoured": "done", "waived": "stopped", "broken": "late"}[self.state]

    @property
    def said_by_whom(self):
        """Who said it, as far as anybody wrote that down."""
        return self.said_by or self.said

    @property
    def waits(self):
        """Whether its source no longer says it and nobody has settled it yet."""
        return self.gone_since is not None and self.state in self.UNSETTLED


def pinned(client, sources=()):
    """The lines by which work of this client is judged; see `RequirementQuerySet.pinned`."""
    return Requirement.objects.pinned(client, sources).for_page()
