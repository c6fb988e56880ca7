from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person
from agency.flow import Conflict, Refused, lock, meanwhile, move, revise
from approvals.models.draft import REGISTER, Draft
from approvals.models.page_image import request_pages
from briefs.models.edition import digest_of
from clients.models.attachment import Attachment, attach, attachments_of
from clients.models.record import ClientRecord, HangingQuerySet

MOST_FILES = 40


class UsedUp(Refused):
    """The next round of amends is one that the client has not agreed to: a change order is offered."""


class OfDraftQuerySet(HangingQuerySet):
    """Of records that whoever sees their draft sees."""

    def visible_to(self, person):
        return self.filter(draft__in=Draft.objects.visible_to(person).order_by().values("pk"))


class DraftVersionQuerySet(OfDraftQuerySet):
    def handed_in(self):
        """Those that can be changed no more, the newest first."""
        return self.filter(state="final").order_by("-number")


class DraftVersion(ClientRecord):
    """A draft as it was handed in: why it looks as it does, its files and its copy, frozen with their SHA-256 (DIR4, SAL2).

    round: 0 for the first draft, then the round of amends it belongs to · brief_edition, plan_edition: what it was made for.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being put together")
        FINAL = "final", _("Handed in")
        DISCARDED = "discarded", _("Thrown away")

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="versions", editable=False, verbose_name=_("draft"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    round = models.PositiveSmallIntegerField(_("round of amends"), default=0, editable=False)
    maker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name=_("made by"))
    idea = models.TextField(
        _("the idea"), max_length=2000, blank=True, help_text=_("In two or three sentences, as the client hears it first.")
    )
    on_brief = models.TextField(_("why it is on brief"), max_length=2000, blank=True)
    how = models.TextField(_("how it works"), max_length=2000, blank=True)
    copy = models.TextField(
        _("copy"),
        max_length=20_000,
        blank=True,
        help_text=_("The text of the piece, line by line; comments can be set on a line."),
    )
    changed = models.TextField(
        _("what is different"), max_length=2000, blank=True, help_text=_("Since the version before, point by point.")
    )
    brief_edition = models.PositiveIntegerField(_("made for edition of the brief"), editable=False)
    plan_edition = models.PositiveIntegerField(_("made for edition of the plan"), null=True, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    FIELDS = ("maker", "idea", "on_brief", "how", "copy", "changed")
    TEXTS = ("idea", "on_brief", "how", "copy", "changed")
    view_right = "approvals.view_draft"
    seen_with = locked_after = "draft"
    owner_fields = ("created_by", "maker")
    told = {"created": _("began a version"), "revised": _("wrote in the version")}
    total = None  # no limit of money stands in the way of approving a draft
    objects = DraftVersionQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-number"]
        verbose_name = _("version of a draft")
        verbose_name_plural = _("versions of drafts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["draft"], condition=Q(state="open"), name="one_version_is_put_together"),
            models.CheckConstraint(condition=Q(state__in=["open", "final", "discarded"]), name="draft_version_state"),
            models.CheckConstraint(condition=~Q(state="final") | ~Q(digest=""), name="draft_version_final_with_its_digest"),
        ]

    def __str__(self):
        return _("%(draft)s, version %(n)d") % {"draft": self.draft, "n": self.number}

    def get_absolute_url(self):
        return reverse("draft_version", args=[self.draft_id, self.number])

    @property
    def campaign(self):
        return self.draft.campaign

    @property
    def reference(self):
        """What it is called on paper: HRB-26-014-BA-v3."""
        return f"{self.draft.reference}-v{self.number}"

    @property
    def link_whole(self):
        """A link to another version of the same draft asks for the same."""
        return self.draft

    # ── Putting it together ─────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def open(cls, draft, *, by, token, maker=None):
        """Begin the next version; what stood in the last one stands in it to be written on. Sent twice it is one.

        After the client asked for changes it begins a round of amends: raises UsedUp where none is left.
        """
        lock(draft)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(REGISTER, draft):
            raise PermissionDenied(_("Your role does not register versions of this draft."))
        if draft.state not in (Draft.State.MAKING, Draft.State.AMENDING):
            raise Conflict(draft, meanwhile(draft))
        if draft.open_version:
            raise Refused(_("Version %(n)d is being put together: go on with that one.") % {"n": draft.open_version.number})
        before, campaign = draft.sheet, draft.campaign
        said = {name: getattr(before, name) for name in ("idea", "on_brief", "how", "copy")} if before else {}
        number = draft.versions.aggregate(models.Max("number"))["number__max"] or 0
        in_force = campaign.plan.in_force
        version = cls(
            client_id=draft.client_id, draft=draft, number=number + 1, round=cls._round(draft, by), created_by=by, token=token,
            maker=maker or draft.maker, brief_edition=campaign.brief.edition_number,
            plan_edition=in_force.number if in_force else None, **said,
        )  # fmt: skip
        version.keep(by=by, reason="began")
        version.record_event("created", by=by)
        return version

    @staticmethod
    def _round(draft, by):
        if not draft.wants_round:
            return draft.round
        piece = draft.deliverable
        lock(piece)
        if draft.round + 1 > piece.used:
            if not piece.has_round_left:
                text = _("All %(n)d rounds of amends of %(what)s are used: let the client agree a change order first.")
                raise UsedUp(text % {"n": piece.allowed, "what": piece})
            piece.use_round(by=by)
        draft.round, draft.wants_round = draft.round + 1, False
        draft.keep(by=by, reason="a round of amends")
        return draft.round

    def write(self, *, by, seen, changes):
        """Only while it is put together; see `agency.flow.revise`."""
        return revise(self, by=by, needs=REGISTER, seen=seen, changes=changes, while_in=(self.State.OPEN,))

    def may_attach(self, person):
        return self.state == self.State.OPEN and person.has_perm(REGISTER, self.draft)

    @transaction.atomic
    def add_file(self, arrived, *, by, token):
        """Keep a file with the version while it is put together; the same token twice keeps it once. Returns the Attachment."""
        lock(self)
        if there := Attachment.objects.filter(token=token, created_by=by).first():
            return there
        self._refuse_finished(by)
        if attachments_of(self).count() >= MOST_FILES:
            raise Refused(_("A version holds up to %(n)d files.") % {"n": MOST_FILES})
        kept = attach(self, arrived, by=by, token=token)
        request_pages(kept)
        return kept

    def _refuse_finished(self, by):
        if self.state != self.State.OPEN:
            raise Conflict(self, meanwhile(self))
        if not self.may_attach(by):
            raise PermissionDenied(_("Your role does not register versions of this draft."))

    @property
    def moves_at(self):
        """Where its buttons post to."""
        return self.get_absolute_url()

    @property
    def missing(self):
        """What has still to be said or brought before it can be handed in, as labels."""
        labels = [self._meta.get_field(name).verbose_name for name in ("idea", "on_brief") if not getattr(self, name).strip()]
        brought = self.copy.strip() or attachments_of(self).exists()
        return labels + ([] if brought else [_("a file, or the copy")])

    @move(_("Finish"), told=_("finished the version"), sources=[State.OPEN], to=State.FINAL, needs=REGISTER, hidden=True)
    def finish(self, *, by):
        """Frozen, files and all: part of handing the draft in, which holds the draft's lock."""
        if missing := self.missing:
            text = _("A version is handed in with the reason why it looks as it does. Still missing: %(missing)s.")
            raise Refused(text % {"missing": ", ".join(str(label) for label in missing)})
        self.digest = digest_of(self.content())

    @move(_("Throw away"), told=_("threw the version away"), sources=[State.OPEN], to=State.DISCARDED, needs=REGISTER)
    def discard(self, *, by):
        """It was only being put together; its number is not given again."""

    # ── What it says ────────────────────────────────────────────────────────────────────────────
    def content(self, *, files=None):
        """Everything the digest covers. files: (name, SHA-256) of each; by default as they were when they were kept."""
        files = [(it.name, it.sha256) for it in attachments_of(self)] if files is None else files
        said = {name: getattr(self, name) for name in self.TEXTS}
        return {"draft": self.draft.reference, "number": self.number, "files": [list(it) for it in files], **said}

    def digest_now(self):
        """The digest of what stands here and lies in the storage at this moment. Raises OSError where a file cannot be read."""
        return digest_of(self.content(files=[(it.name, it.sha256_now()) for it in attachments_of(self)]))

    @property
    def is_latest(self):
        return self.draft.sheet == self

    @property
    def superseded_by(self):
        """The sentence that tells why a decision on this version holds no longer, or None."""
        if not self.is_latest:
            return _("Version %(n)d has taken its place.") % {"n": self.draft.sheet.number}
        if self.draft.state == Draft.State.DROPPED:
            return _("The draft has been dropped.")
        reopened = self.draft.state == Draft.State.MAKING and self.draft.events().filter(verb="reopen").exists()
        return _("The draft has been opened again to be changed.") if reopened else None

    @property
    def rationale(self):
        """(label, text) of the creative rationale, in the order in which it is told."""
        return [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in ("idea", "on_brief", "how")
                if getattr(self, name).strip()]  # fmt: skip

    @property
    def lines(self):
        """(number, text) of the lines of copy."""
        return list(enumerate(self.copy.splitlines(), start=1))

    @property
    def behind(self):
        """What has been agreed anew since it was made: "brief", "plan", both or nothing."""
        campaign, in_force = self.campaign, self.campaign.plan.in_force
        found = ["brief"] if campaign.brief.edition_number > self.brief_edition else []
        newer = in_force is not None and in_force.number > (self.plan_edition or 0)
        return found + (["plan"] if newer else [])


gettext_noop("a round of amends")
