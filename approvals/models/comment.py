from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency.flow import Refused, lock, move
from approvals.models.draft import COMMENT, Draft
from approvals.models.draft_version import DraftVersion, OfDraftQuerySet
from clients.models import Contact
from clients.models.record import ClientRecord
from clients.visitor import BY_LINK

WHOLE = 1000  # a place is so many thousandths across and down


def thousandths(name):
    return models.PositiveSmallIntegerField(name, null=True, editable=False, validators=[MaxValueValidator(WHOLE)])


class DraftCommentQuerySet(OfDraftQuerySet):
    def on(self, version):
        """What is shown with a version: said about it or an earlier one, and not done before it came."""
        still = Q(done_in__isnull=True) | Q(done_in__gte=version.number)
        return self.filter(still, draft=version.draft_id, on_version__lte=version.number)

    def for_client(self):
        """What the client's contacts read and wrote; everything else stays inside."""
        return self.filter(audience=DraftComment.Audience.CLIENT)

    def threads(self):
        """Those that begin a thread, in the order of their numbers, with everybody a page names."""
        answers = models.Prefetch("answers", queryset=self.model.objects.select_related("created_by", "contact__client"))
        return self.filter(parent__isnull=True).select_related("created_by", "contact__client").prefetch_related(answers)


class DraftComment(ClientRecord):
    """A remark on a draft: on a place of a page, a line of copy, a second of a film, or on the whole (DEP7).

    Inside, or for the client: chosen when it is written, and never changed. Left open it stands on the versions that follow.
    file: which of the version's files, counted from 1 · x, y, w, h: thousandths of the page, w and h where it is a box.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")

    class Audience(models.TextChoices):
        INSIDE = "inside", _("Internal")
        CLIENT = "client", _("For the client")

    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="comments", editable=False, verbose_name=_("draft"))
    on_version = models.PositiveSmallIntegerField(_("on version"), editable=False)
    done_in = models.PositiveSmallIntegerField(_("done in version"), null=True, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers", editable=False)
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    audience = models.CharField(_("who reads it"), max_length=6, choices=Audience)
    words = models.TextField(_("words"), max_length=2000)
    file = models.PositiveSmallIntegerField(_("file"), null=True, editable=False, validators=[MinValueValidator(1)])
    page = models.PositiveSmallIntegerField(_("page"), null=True, editable=False, validators=[MinValueValidator(1)])
    x, y, w, h = thousandths(_("across")), thousandths(_("down")), thousandths(_("wide")), thousandths(_("high"))
    second = models.DecimalField(_("second"), max_digits=7, decimal_places=1, null=True, editable=False,
                                 validators=[MinValueValidator(Decimal(0))])  # fmt: skip
    line = models.PositiveSmallIntegerField(_("line"), null=True, editable=False, validators=[MinValueValidator(1)])
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("contact")
    )

    PLACES = ("file", "page", "x", "y", "w", "h", "second", "line")
    view_right = "approvals.view_draft"
    seen_with = "draft"
    with_sight = (COMMENT,)
    told = {"created": _("commented on the draft")}
    objects = DraftCommentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["number", "pk"]
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_comment_per_number"),
            models.CheckConstraint(condition=Q(state__in=["open", "done"]), name="draft_comment_state"),
            models.CheckConstraint(condition=Q(audience__in=["inside", "client"]), name="draft_comment_audience"),
            models.CheckConstraint(
                condition=Q(contact__isnull=True) | Q(audience="client"), name="what_a_contact_says_is_read_by_the_client"
            ),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True, w__isnull=True, h__isnull=True)
                | Q(x__lte=WHOLE, y__lte=WHOLE, page__isnull=False, file__isnull=False),
                name="a_place_lies_on_a_page",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, number__isnull=False) | Q(parent__isnull=False, number__isnull=True),
                name="a_thread_is_numbered",
            ),
        ]

    def __str__(self):
        return _("Comment %(n)s on %(draft)s") % {"n": self.number or self.parent.number, "draft": self.draft}

    def get_absolute_url(self):
        return f"{self.draft.get_absolute_url()}#comment-{self.parent_id or self.pk}"

    @property
    def moves_at(self):
        """Where its buttons post to."""
        return f"{self.draft.get_absolute_url()}comments/{self.pk}/"

    @property
    def who(self):
        return self.contact or self.created_by

    @classmethod
    @transaction.atomic
    def say(cls, version, *, by, token, words, audience="inside", parent=None, **place):
        """Write a comment on a version, or answer one. by: a person, or the visitor of a link. Sent twice it stands there once.

        place: of PLACES. A visitor writes for the client's eyes, while the draft is with the client. Raises PermissionDenied,
        or Refused with a sentence.
        """
        draft = version.draft
        lock(draft)
        writer = by if by.pk else by.link.created_by
        if there := cls.objects.filter(token=token, created_by=writer).first():
            return there
        cls._refuse_writer(version, by)
        if parent is not None:
            parent, audience, place = cls._thread(parent, draft, by), parent.audience, {}
        said = cls(
            client_id=draft.client_id, draft=draft, on_version=version.number, words=words.strip(), parent=parent,
            audience=audience if by.pk else cls.Audience.CLIENT, created_by=writer, token=token,
            contact=None if by.pk else by.contact, **{name: value for name, value in place.items() if value is not None},
        )  # fmt: skip
        said._refuse_place(version)
        if parent is None:
            said.number = (draft.comments.aggregate(models.Max("number"))["number__max"] or 0) + 1
        said.keep(by=by, reason="commented")
        said.record_event("created", by=by, comment=said.pk)
        said._tell(by)
        return said

    @staticmethod
    def _refuse_writer(version, by):
        draft = version.draft
        if by.pk is None:
            if not by.has_perm(BY_LINK, version) or draft.state != Draft.State.CLIENT or not version.is_latest:
                raise PermissionDenied
        elif not by.has_perm(COMMENT, draft):
            raise PermissionDenied(_("Your role does not comment on this draft."))
        if version.state != DraftVersion.State.FINAL:
            raise Refused(_("A version is commented on once it is handed in."))

    @classmethod
    def _thread(cls, parent, draft, by):
        if parent.draft_id != draft.pk or (by.pk is None and parent.audience != cls.Audience.CLIENT):
            raise Refused(_("This comment is not there any more."))
        return parent.parent or parent

    def _refuse_place(self, version):
        if not self.words:
            raise Refused(_("Please write what you see."))
        if (self.x is None) != (self.y is None) or (self.w is None) != (self.h is None):
            raise Refused(_("A place is said across and down."))
        if self.x is not None and (max(self.x + (self.w or 0), self.y + (self.h or 0)) > WHOLE or self.page is None):
            raise Refused(_("The place lies outside of the page."))
        if self.line and self.line > len(version.lines):
            raise Refused(_("The copy has no line %(n)d.") % {"n": self.line})

    def _tell(self, by):
        """Who made it, in whose hands it is, who wrote in the thread; a client's words reach the salesman and the lead too."""
        draft, people = self.draft, {self.draft.maker, self.draft.holder}
        if self.parent:
            people |= {self.parent.created_by, *(it.created_by for it in self.parent.answers.select_related("created_by"))}
        if self.contact:
            people |= {draft.sender, draft.client.lead}
        text = _("%(by)s on %(draft)s of %(campaign)s: %(words)s")
        told = {"by": self.who, "draft": draft, "campaign": draft.campaign, "words": self.words}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by and person.has_perm(Draft.view_right, draft):
                self.give_notice(to=person, text=text, kind="approvals.comment", **told)

    # ── What becomes of it ──────────────────────────────────────────────────────────────────────
    @move(_("Done"), told=_("settled a comment"), sources=[State.OPEN], to=State.DONE, needs=COMMENT, when="is_thread")
    def resolve(self, *, by):
        """From the version on that is the newest now."""
        self.done_in = self.draft.sheet.number

    @move(_("Open again"), told=_("opened a comment again"), sources=[State.DONE], to=State.OPEN, needs=COMMENT)
    def reopen(self, *, by):
        """It is not as it should be after all."""
        self.done_in = None

    @property
    def is_thread(self):
        return self.parent_id is None

    # ── Where it stands on a page ───────────────────────────────────────────────────────────────
    @property
    def is_pin(self):
        return self.x is not None

    @property
    def tone(self):
        return "done" if self.state == self.State.DONE else "client" if self.audience == self.Audience.CLIENT else "ours"

    @property
    def at(self):
        """Where its number stands on the page, as a drawing takes it: in the middle of its box if it has one."""
        across, down = self.x + (self.w or 0) // 2, self.y + (self.h or 0) // 2
        return {"x": f"{across / 10:g}%", "y": f"{down / 10:g}%"}

    @property
    def box(self):
        """The box as a drawing takes it, or None."""
        if self.w is None:
            return None
        places = {"x": self.x, "y": self.y, "w": self.w, "h": self.h}
        return {name: f"{place / 10:g}%" for name, place in places.items()}


gettext_noop("commented")
