"""What we understood, played back to the client (DEP3)."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency import clock
from agency.flow import Court, Refused, lock, move, revise
from agency.templatetags.dates import dated
from briefs.models.brief import Brief
from briefs.models.edition import digest_of
from briefs.models.enquiry import ASK, WRITE, concerned, taker_of
from clients.models import ClientKnot, Contact
from clients.models.confirmation import Confirmation
from clients.models.link import PLACE, SafeLink
from clients.models.record import BusinessQuerySet
from clients.visitor import BY_LINK

MOST = 3000  # one page
PURPOSE, WHAT = "briefs.playback", "playback"
LETTER = _(
    "Dear %(contact)s,\n\nthis is what we understood of “%(brief)s”, on one page and in our own words. Please tell us whether "
    "it is right before we work on it; the page needs no login and is for you alone:\n%(link)s\n\n"
    "May we have your answer by %(due)s?\n\n%(sender)s, %(agency)s, %(email)s\n"
)


class PlaybackQuerySet(BusinessQuerySet):
    def confirmed(self):
        return self.filter(state=Playback.State.CONFIRMED)


class Playback(ClientKnot):
    """What we understood, on one page in our own words (DEP3): the client says whether it is right before we work on it.

    Numbered within its brief and frozen once sent, with the digest of the answers it plays back.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SENT = "sent", _("With the client")
        CONFIRMED = "confirmed", _("Confirmed")
        CHANGES = "changes", _("Changes asked")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="playbacks", editable=False, db_index=False,
                              verbose_name=_("brief"))  # fmt: skip
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    task = models.TextField(_("what it is about"), blank=True, max_length=MOST)
    aim = models.TextField(_("what is to change"), blank=True, max_length=MOST)
    people = models.TextField(_("whom we talk to, and what they shall remember"), blank=True, max_length=MOST)
    frame = models.TextField(_("money, dates and what has to be there"), blank=True, max_length=MOST)
    assumed = models.TextField(_("what we assume, and what nobody knows"), blank=True, max_length=MOST)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
                                verbose_name=_("contact"))  # fmt: skip
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    brief_digest = models.CharField(max_length=64, blank=True, editable=False)
    # What the client wrote with the answer: remarks, or what must change.
    remarks = models.TextField(_("remarks of the client"), blank=True, max_length=4000, editable=False)

    PARTS = ("task", "aim", "people", "frame", "assumed")
    WRITABLE = (State.DRAFT,)
    CLOSED = (State.CONFIRMED, State.WITHDRAWN, State.SUPERSEDED)
    # No `part_of`: a share of the brief shows its answers, and not what we and the client write each other.
    view_right = "briefs.view_brief"
    told = {"created": _("began a playback"), "revised": _("wrote in the playback")}
    objects = PlaybackQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-number"]
        verbose_name = _("playback")
        verbose_name_plural = _("playbacks")
        constraints = [
            models.UniqueConstraint(fields=["brief", "number"], name="one_playback_per_number"),
            models.UniqueConstraint(fields=["brief"], condition=models.Q(state="draft"), name="one_playback_in_writing"),
            models.UniqueConstraint(fields=["brief"], condition=models.Q(state="sent"), name="one_playback_with_the_client"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "sent", "confirmed", "changes", "withdrawn", "superseded"]),
                name="playback_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "withdrawn"])
                | ~models.Q(digest="") & ~models.Q(brief_digest="") & models.Q(contact__isnull=False, sent_on__isnull=False),
                name="playback_frozen_with_its_digests",
            ),
        ]

    def __str__(self):
        return _("Playback %(n)d of “%(brief)s”") % {"n": self.number, "brief": self.brief}

    def get_absolute_url(self):
        return reverse("playback", args=[self.brief_id, self.number])

    @classmethod
    @transaction.atomic
    def open(cls, *, brief, by, token, **parts):
        """The next playback of a brief, to be written. Refused while one is being written. Sent twice it is one."""
        lock(brief)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(WRITE, brief):
            raise PermissionDenied(_("Your role does not make this move on this record."))
        if brief.playbacks.filter(state=cls.State.DRAFT).exists():
            raise Refused(_("A playback of this brief is being written already: go on with that one."))
        number = (brief.playbacks.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        playback = cls(client=brief.client, brief=brief, number=number, created_by=by, holder=by, token=token, **parts)
        playback.keep(by=by, reason="opened")
        playback.record_event("created", by=by)
        return playback

    def write(self, *, by, seen, changes):
        """Only while it has not been sent; see `agency.flow.revise`."""
        return revise(self, by=by, needs=WRITE, seen=seen, changes=changes, while_in=self.WRITABLE)

    def content(self):
        """What the client reads and confirms, canonically."""
        written = {name: getattr(self, name) for name in self.PARTS if getattr(self, name)}
        return {"brief": self.brief.title, "number": self.number, "parts": written}

    @property
    def length(self):
        return sum(len(getattr(self, name)) for name in self.PARTS)

    @property
    def parts(self):
        """The parts that say something, each with its heading."""
        return [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in self.PARTS if getattr(self, name)]

    @property
    def covers_brief(self):
        """Whether it plays back what stands in the brief now."""
        return self.brief_digest == self.brief.digest

    @property
    def before(self):
        """The one before it, whose answer it takes up, or None."""
        return self.brief.playbacks.filter(number__lt=self.number).first()

    @property
    def missing(self):
        return [] if self.length else [self.PARTS[0]]

    @property
    def confirmers(self):
        """The client's contacts who may confirm it."""
        return self.client.terms_on().confirmers("playback")

    @property
    def answer_due(self):
        return self.client.terms_on().answer_due(clock.today())

    @property
    def taker(self):
        return taker_of(self.brief)

    # ── The way of a playback ───────────────────────────────────────────────────────────────────
    @move(_("Send to the client"), told=_("sent the playback to the client"), sources=[State.DRAFT], to=State.SENT, needs=ASK,
          court=Court.CLIENT, holder="sender", within="answer_due", hidden=True)  # fmt: skip
    def send(self, *, by, contact):
        """The words are frozen, the one before is superseded, and the contact has a link."""
        self.sender = by
        self._freeze(contact, by)
        SafeLink.send(
            PURPOSE, subject=self, version=self.version + 1, digest=self.digest, contact=contact, by=by,
            letter=(lambda: str(_("What we understood: %(brief)s")) % {"brief": self.brief}, self._letter(by)),
            answer_by=self.answer_due,
        )  # fmt: skip

    def _letter(self, by):
        def text():
            return str(LETTER) % {
                "contact": self.contact.name, "brief": self.brief.title, "link": PLACE, "sender": by, "email": by.email,
                "due": dated(self.answer_due), "agency": settings.AGENCY_NAME,
            }  # fmt: skip

        return text

    def _freeze(self, contact, by):
        self.refuse_unready(contact)
        lock(self.brief)
        self.contact, self.sent_on = contact, clock.today()
        self.digest, self.brief_digest = digest_of(self.content()), self.brief.digest
        for other in self.brief.playbacks.filter(state__in=[self.State.SENT, self.State.CHANGES]).exclude(pk=self.pk):
            other.supersede(by=by)

    def refuse_unready(self, contact):
        """Raise Refused unless it says something, fits a page, and the contact may confirm it."""
        if not self.length:
            raise Refused(_("The playback says nothing yet. Write at least what it is about."))
        if self.length > MOST:
            raise Refused(_("A playback is one page: at most %(most)d characters, and this has %(n)d.") % {
                "most": MOST, "n": self.length})  # fmt: skip
        self.refuse_unauthorised(contact)

    def refuse_unauthorised(self, contact):
        if not self.client.terms_on().may_confirm(contact, "playback"):
            raise Refused(_("%(contact)s is not authorised to confirm a playback. %(who)s") % {
                "contact": contact, "who": self.who_may})  # fmt: skip

    @property
    def who_may(self):
        """The sentence that tells who at the client's may confirm."""
        names = ", ".join(str(it) for it in self.confirmers)
        if names:
            return _("By the terms this is for: %(names)s.") % {"names": names}
        return _("The terms of this client name nobody who may: the head of the group can write it there.")

    @move(_("Confirm"), told=_("confirmed the playback"), sources=[State.SENT], to=State.CONFIRMED, needs=BY_LINK,
          court=Court.NOBODY, hidden=True)  # fmt: skip
    def confirm(self, *, by, words=""):
        self.refuse_unauthorised(by.contact)
        self.remarks = words
        self._tell(_("%(by)s confirmed the playback of “%(brief)s”."), by)

    @move(_("Ask for changes"), told=_("asked for changes to the playback"), sources=[State.SENT], to=State.CHANGES,
          needs=BY_LINK, court=Court.OURS, holder="taker", within=1, hidden=True)  # fmt: skip
    def ask_changes(self, *, by, words):
        self.remarks = words
        self._tell(_("%(by)s wants the playback of “%(brief)s” changed."), by)

    def _tell(self, text, by):
        for person in concerned(self.brief):
            self.give_notice(to=person, text=text, kind="briefs.playback_news", by=by, brief=self.brief)

    @move(_("Record the confirmation"), told=_("recorded that the client confirmed the playback"),
          sources=[State.DRAFT, State.SENT], to=State.CONFIRMED, needs=ASK, court=Court.NOBODY, hidden=True)  # fmt: skip
    def record_confirmation(self, *, by, contact, words=""):
        self._heard(contact, words, by)

    @move(_("Record the wish for changes"), told=_("recorded that the client wants the playback changed"),
          sources=[State.DRAFT, State.SENT], to=State.CHANGES, needs=ASK, court=Court.OURS, holder="taker", within=1,
          hidden=True)  # fmt: skip
    def record_changes(self, *, by, contact, words):
        self._heard(contact, words, by)

    def _heard(self, contact, words, by):
        """Said to one of us; a draft that was read out is frozen as it was."""
        if self.state == self.State.DRAFT:
            self._freeze(contact, by)
        self.refuse_unauthorised(contact)
        self.contact, self.remarks = contact, words
        self._revoke_links(by, gettext_noop("answered otherwise"))

    @transaction.atomic
    def hear(self, *, by, seen, contact, answer, words, how, on, token, evidence=None):
        """Write down what a contact said to one of us, with what proves it; a draft that was read out is frozen as it is.

        answer, how: of Confirmation · on: the day it was said · words: the client's · evidence: a file of this playback.
        """
        confirmed = answer == Confirmation.Answer.CONFIRMED
        (self.record_confirmation if confirmed else self.record_changes)(by=by, seen=seen, contact=contact, words=words)
        if on != clock.today():
            words = f"({on.isoformat()}) {words}"
        return Confirmation.record(
            subject=self, version=self.version, digest=self.digest, what=WHAT, answer=answer, words=words, contact=contact,
            name=contact.name, role=contact.position, how=how, by=by, evidence=evidence, token=token,
        )  # fmt: skip

    @move(_("Withdraw"), told=_("withdrew the playback"), sources=[State.DRAFT, State.SENT], to=State.WITHDRAWN, needs=ASK,
          court=Court.NOBODY, reason=True)  # fmt: skip
    def withdraw(self, *, by, reason):
        """Its link opens nothing any more."""
        self._revoke_links(by, reason)

    @move(_("Supersede"), told=_("put a newer playback in its place"), sources=[State.SENT, State.CHANGES],
          to=State.SUPERSEDED, needs=ASK, court=Court.NOBODY, hidden=True)  # fmt: skip
    def supersede(self, *, by):
        """A newer one is with the client. Its link opens nothing any more."""
        self._revoke_links(by, gettext_noop("replaced by a newer playback"))

    def _revoke_links(self, by, reason):
        for link in SafeLink.objects.about(self).waiting(clock.now()):
            link.revoke(by=by, reason=reason)


def with_playbacks(briefs):
    """The briefs of a list, each knowing what has been confirmed of it: one query where `is_played_back` would ask for each."""
    if briefs:
        found = Playback.objects.confirmed().filter(brief__in=[brief.pk for brief in briefs])
        confirmed = {}
        for key, digest in found.order_by().values_list("brief", "brief_digest"):
            confirmed.setdefault(key, set()).add(digest)
        for brief in briefs:
            brief.listed_playbacks = confirmed.get(brief.pk, set())
    return briefs
