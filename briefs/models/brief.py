from datetime import date
from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency.flow import Court, Refused, move, revise, undo
from briefs.completeness import ENOUGH, Completeness
from briefs.fields import COLUMNS, LEADING
from briefs.ledger import write_ledger
from briefs.models.blocks import Budget, Delivery, Market, MarketPlan, Message, Product
from briefs.models.edition import Edition, digest_of
from briefs.models.template import BriefTemplate
from clients.models import ClientKnot
from clients.models.record import BusinessQuerySet


class BriefQuerySet(BusinessQuerySet):
    def for_page(self):
        """With everybody a page names, in one query."""
        people = ("created_by", "holder", "budget_approver", "work_approver")
        return self.select_related("client__group__supervisor", "template", *people)

    def short(self):
        """For lists: without the answers."""
        told = ("title", "state", "version", "court", "court_since", "due_on", "created_at", "budget_amount", "currency")
        return self.only(*told, "client", "created_by", "holder", "submitted_by")


class Brief(ClientKnot, Product, Market, Budget, MarketPlan, Message, Delivery):
    """The intake brief: what the agency must know before it can plan (DEP2), in the four blocks of the department and what
    stands around them. Each answer is known, guessed or accepted as unknown; once accepted the brief is frozen as an edition.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SUBMITTED = "submitted", _("Awaiting acceptance")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")
        REOPENED = "reopened", _("Being changed")

    class Mark(models.TextChoices):
        KNOWN = "known", _("Known")
        GUESS = "guess", _("Our guess")
        UNKNOWN = "unknown", _("Accepted as unknown")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=120, help_text=_("What it is for, as the client would say it."))
    template = models.ForeignKey(
        BriefTemplate, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("template")
    )
    # Of each answer: how sure it is, who said it and when. name → {"mark", "source", "on"}
    marks = models.JSONField(_("marks"), default=dict, editable=False)
    edition_number = models.PositiveSmallIntegerField(_("edition"), default=0, editable=False)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    WRITABLE = (State.DRAFT, State.RETURNED, State.REOPENED)
    view_right = "briefs.view_brief"
    attach_right = "briefs.change_brief"
    told = {"created": _("opened the brief"), "revised": _("wrote in the brief")}
    objects = BriefQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("intake brief")
        verbose_name_plural = _("intake briefs")
        permissions = [("submit_brief", "Submit brief"), ("accept_brief", "Accept or return brief")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget_amount__isnull=True) | models.Q(budget_amount__gt=0), name="brief_budget_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "returned", "accepted", "reopened"]), name="brief_state"
            ),
            models.CheckConstraint(
                condition=models.Q(budget_to__isnull=True) | models.Q(budget_to__gte=models.F("budget_amount")),
                name="brief_budget_range",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("brief", args=[self.pk])

    @classmethod
    def open(cls, *, client, by, token, **fields):
        """Take a brief for a client (DEP2). Right: briefs.change_brief, which the caller has asked on the client."""
        brief = cls(client=client, created_by=by, holder=by, token=token, **fields)
        brief.keep(by=by, reason="opened")
        brief.record_event("created", by=by)
        return brief

    @property
    def completeness(self):
        """How complete it is as it stands in hand; see `briefs.completeness`."""
        return Completeness(self)

    @property
    def missing(self):
        """The names of the fields without which nobody is asked to accept the brief."""
        return self.completeness.missing

    @property
    def missing_labels(self):
        return [self.label_of(name) for name in self.missing]

    @property
    def is_complete(self):
        return self.completeness.is_enough

    @classmethod
    def label_of(cls, name):
        return cls._meta.get_field(name).verbose_name

    @classmethod
    def attname_of(cls, name):
        """The attribute to read a column by without asking the database for the record it names."""
        return cls._meta.get_field(name).attname

    def mark_of(self, name):
        """How sure an answer is: known, guess, unknown, or "" while nobody has said."""
        return self.marks.get(name, {}).get("mark", "")

    def content(self):
        """Everything that is written, in a shape that JSON can hold and that never depends on a language: what an edition
        freezes, what two versions are compared by, what a confirmation's digest is made of."""
        return content_of(self)

    @property
    def digest(self):
        return digest_of(self.content())

    @property
    def edition(self):
        """The edition that holds: the last accepted one, or None. One query."""
        return self.editions.filter(number=self.edition_number).first() if self.edition_number else None

    def write(self, *, by, seen, changes, marks=None, needs="briefs.change_brief"):
        """Write answers (name → value) and marks (name → mark); see `agency.flow.revise`. Two people may write at once: only
        where both changed the same answer does the second get both texts to choose from."""
        return revise(
            self, by=by, needs=needs, seen=seen, changes=changes, merged={"marks": marks or {}}, while_in=self.WRITABLE,
            together=True,
        )  # fmt: skip

    @property
    def acceptor(self):
        """Who is asked to accept: the lead of the client's business, else the head of its group, and never who wrote it."""
        return self.decider("briefs.accept_brief", self.client.lead, self.client.supervisor, by=self.submitted_by)

    @property
    def writer(self):
        """Who mends a returned brief: its writer, or whoever serves the client now if the writer no longer does."""
        if self.submitted_by.has_perm("briefs.change_brief", self):
            return self.submitted_by
        return self.client.holder_of("salesman") or self.client.lead or self.client.supervisor

    @move(
        _("Submit for acceptance"), told=_("submitted the brief"), sources=WRITABLE, to=State.SUBMITTED,
        needs="briefs.submit_brief", court=Court.OURS, holder="acceptor", within=1,
    )  # fmt: skip
    def submit(self, *, by):
        if not self.is_complete:
            raise Refused(self.lacking)
        self.submitted_by = by
        self.give_notice(
            to=self.acceptor,
            text=_("%(by)s asks you to accept the brief “%(brief)s”."),
            kind="briefs.news",
            by=by,
            brief=self,
        )

    @undo(submit, told=_("took the submitted brief back"))
    def undo_submit(self, *, by):
        """Nobody has accepted or returned it yet."""

    @move(
        _("Accept"), told=_("accepted the brief"), sources=[State.SUBMITTED], to=State.ACCEPTED,
        needs="briefs.accept_brief", court=Court.NOBODY, four_eyes=True, when="is_played_back",
    )  # fmt: skip
    def accept(self, *, by):
        """The client has confirmed what is written."""
        self._freeze(by)

    @undo(accept, told=_("took the acceptance back"))
    def undo_accept(self, *, by):
        self._thaw(by)

    @move(
        _("Accept without playback"), told=_("accepted the brief without a playback"), sources=[State.SUBMITTED],
        to=State.ACCEPTED, needs="briefs.accept_brief", court=Court.NOBODY, four_eyes=True, when="lacks_playback", reason=True,
    )  # fmt: skip
    def accept_without_playback(self, *, by, reason):
        """Nobody at the client's has confirmed what is written; the reason says why the work goes on all the same."""
        self._freeze(by)

    @undo(accept_without_playback, told=_("took the acceptance back"))
    def undo_accept_without_playback(self, *, by):
        self._thaw(by)

    def _freeze(self, by):
        self._next_edition(by)
        self._answer(_("%(by)s accepted the brief “%(brief)s”."), by)

    def _thaw(self, by):
        if self.campaigns.exists():
            raise Refused(_("A campaign has been opened on this brief by now; its acceptance stands."))
        if self.studies.filter(edition=self.edition_number).exists():
            raise Refused(_("Departments have been asked about this brief by now; its acceptance stands."))
        self.edition.withdraw(by=by)
        before = self.editions.filter(withdrawn=False).first()
        write_ledger(self, before and before.content, by=by)

    @property
    def is_played_back(self):
        """Whether the client confirmed a playback of what is written now (see `Playback`). One query, none in a list whose
        briefs went through `with_playbacks`."""
        confirmed = vars(self).get("listed_playbacks")
        if confirmed is None:
            confirmed = self.playbacks.confirmed().values_list("brief_digest", flat=True)
        return self.digest in confirmed

    @property
    def lacks_playback(self):
        return not self.is_played_back

    @move(
        _("Return with a reason"), told=_("returned the brief"), sources=[State.SUBMITTED], to=State.RETURNED,
        needs="briefs.accept_brief", court=Court.OURS, holder="writer", within=1, reason=True,
    )  # fmt: skip
    def return_to_writer(self, *, by, reason):
        self._answer(_("%(by)s returned the brief “%(brief)s”: %(reason)s"), by, reason=reason)

    @undo(return_to_writer, told=_("took the return back"))
    def undo_return_to_writer(self, *, by):
        """Nothing has been written since."""

    @move(
        _("Change the accepted brief"), told=_("opened the accepted brief for a change"), sources=[State.ACCEPTED],
        to=State.REOPENED, needs="briefs.change_brief", court=Court.OURS, holder="changer", within=2, reason=True,
    )  # fmt: skip
    def reopen(self, *, by, reason):
        """The edition accepted stands until the next one is; what hangs on it is told then."""
        self.changer = by

    @undo(reopen, told=_("left the brief as it was accepted"))
    def undo_reopen(self, *, by):
        """Nothing has been written since."""

    @move(
        _("Drop the changes"), told=_("dropped the changes to the brief"), sources=[State.REOPENED, State.RETURNED],
        to=State.ACCEPTED, needs="briefs.change_brief", court=Court.NOBODY, when="edition_number", reason=True,
    )  # fmt: skip
    def drop_changes(self, *, by, reason):
        """Back to the words of the edition that holds. What was written in between stays in the history."""
        then = self.history.get(version=self.edition.brief_version)
        for name in ("title", "marks", *(self.attname_of(name) for name in COLUMNS)):
            setattr(self, name, getattr(then, name))

    @undo(drop_changes, told=_("brought the dropped changes back"))
    def undo_drop_changes(self, *, by):
        """They are written on."""

    @property
    def reopened_because(self):
        """Why the edition before was changed, for the next one."""
        last = self.events().filter(verb="reopen").first()
        return last.reason if last and self.edition_number else ""

    @property
    def lacking(self):
        """The sentence that says why the brief is not complete, and what would bring most."""
        words = {"percent": self.completeness.percent, "enough": ENOUGH,
                 "missing": ", ".join(str(label) for label in self.missing_labels)}  # fmt: skip
        if any(name in LEADING for name in self.missing):
            return (
                _("Fill the four blocks and name a budget figure before asking for acceptance. Still missing: %(missing)s.")
                % words
            )
        return (
            _(
                "The brief is %(percent)d %% complete; %(enough)d %% are needed before asking for acceptance. "
                "Still missing: %(missing)s."
            )
            % words
        )

    def _next_edition(self, by):
        """Freeze what is accepted, bring the ledger up to it, and tell those whose work hangs on the edition before."""
        edition = Edition.freeze(self, by=by, because=self.reopened_because)
        self.edition_number = edition.number
        write_ledger(self, edition.content, by=by)
        for campaign in self.campaigns.select_related("client"):
            campaign.brief = self
            campaign.hear_of_edition(by=by)

    def _answer(self, text, by, **words):
        self.give_notice(to=self.writer, text=text, kind="briefs.news", by=by, brief=self, **words)

    @property
    def returned_because(self):
        """The reason of the last return, while the brief is returned."""
        if self.state != self.State.RETURNED:
            return None
        return self.events().filter(verb="return_to_writer").first()


def content_of(version):
    """The same of a brief or of a line of its history."""
    written = {name: _plain(getattr(version, name)) for name in COLUMNS}
    return {"title": version.title, "answers": {k: v for k, v in written.items() if v}, "marks": version.marks}


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, models.Model) else value
