"""Safe links: the way by which a client's contact answers without a login. See docs/links.md."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Person
from agency import clock
from agency.flow import Refused, lock, move
from agency.log import security
from agency.templatetags.dates import dated
from clients.models.contact import Contact
from clients.models.record import ClientRecord, HangingQuerySet
from clients.purposes import PURPOSES
from clients.tokens import hash_of, new_seed, token_of
from clients.visitor import BY_LINK, Visitor
from reminders.models import Letter

PLACE = "%(link)s"  # where the address goes in the text of a letter; it is filled in when the letter leaves
KIND = "clients.link"
PAUSE = timedelta(hours=4)  # between two nudges by hand
REMINDER = _("Reminder: %(what)s")
REMINDED = _(
    "Dear %(contact)s,\n\n%(sender)s of %(agency)s asked you on %(day)s: %(what)s (%(subject)s).\n\n"
    "Your answer is expected by %(due)s. This page opens it, without a login and for you alone:\n%(link)s\n\n"
    "%(sender)s, %(email)s\n"
)  # fmt: skip


class SafeLinkQuerySet(HangingQuerySet):
    def about(self, record):
        """The links that open one record, newest first."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-created_at", "-pk")

    def waiting(self, now):
        """Those that nobody has answered, whose time is not over."""
        return self.filter(state=SafeLink.State.SENT, expires_at__gt=now)

    def with_names(self):
        return self.select_related("contact__client", "client", "created_by", "content_type")

    def behind(self, token):
        """The link with this secret, live or not, or None: always one query, whatever was typed."""
        return self.with_names().filter(token_hash=hash_of(token)).first()


class SafeLink(ClientRecord):
    """One purpose, one record in one version, one contact, until an hour. The answer spends it."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        ANSWERED = "answered", _("Answered")
        REVOKED = "revoked", _("Taken back")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.SENT, editable=False)
    purpose = models.CharField(_("purpose"), max_length=60, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    subject = GenericForeignKey()
    subject_version = models.PositiveIntegerField(_("version it shows"), editable=False)
    digest = models.CharField(_("SHA-256 of what it shows"), max_length=64, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="links", editable=False, verbose_name=_("contact"))
    sent_to = models.EmailField(_("sent to"), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    due_on = models.DateField(_("answer due"), editable=False)
    remind_on = models.DateField(_("reminds on"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    opened_at = models.DateTimeField(_("first opened"), null=True, editable=False)
    opened_times = models.PositiveIntegerField(_("times opened"), default=0, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_with = models.UUIDField(null=True, editable=False)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    view_right = "clients.view_client"
    seen_with = "subject"
    objects = SafeLinkQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("safe link")
        verbose_name_plural = _("safe links")
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(fields=["content_type", "object_id", "-created_at"], name="link_of_record"),
            models.Index(fields=["expires_at"], name="link_open", condition=Q(state="sent")),
            models.Index(fields=["remind_on"], name="link_reminds", condition=Q(state="sent", remind_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["sent", "answered", "revoked"]), name="link_state"),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False) | ~Q(state="answered") & Q(answered_at__isnull=True),
                name="link_answered_is_a_pair",
            ),
        ]

    def __str__(self):
        return _("%(what)s, %(contact)s") % {"what": self.label, "contact": self.contact}

    def get_absolute_url(self):
        return self.subject.get_absolute_url()

    @property
    def moves_at(self):
        """Where its buttons post to."""
        return reverse("link_move", args=[self.pk, "x"]).removesuffix("move/x/")

    # ── Sending ─────────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def send(cls, purpose, *, subject, version, digest, contact, by, letter, expires=None, answer_by=None):
        """Give `contact` a link to one version of `subject`, and write the letter that carries it. Returns the link.

        letter: (subject line, text) lazily translated, or functions that give them; PLACE stands where the address goes ·
        expires: an instant; by default in LINK_DAYS days · answer_by: a date; by default as the client's terms say.
        An earlier link to the same contact for the same is taken back. The caller has decided that the contact may be asked.
        Raises PermissionDenied, or Refused with a sentence.
        """
        right = PURPOSES[purpose].right
        if not by.has_perm(right, subject):
            raise PermissionDenied(_("Your role does not send this to the client."))
        lock(contact)
        _refuse_contact(contact, subject)
        link = cls(
            purpose=purpose, subject=subject, subject_version=version, digest=digest, contact=contact, client=subject.client,
            sent_to=contact.email, created_by=by,
        )  # fmt: skip
        link.token_hash = hash_of(token_of(link.seed))
        link._count_days(expires, answer_by)
        link.keep(by=by, reason="sent")
        link._replace_earlier(by)
        link._write(*letter)
        link.record_event("sent", by=by, contact=contact.pk)
        security("link sent", actor=by, object=link, to=contact.email)
        return link

    @classmethod
    def revoke_all(cls, subject, *, by, reason):
        """Take back every link to a record that nobody has answered: it is withdrawn, or a newer one takes its place."""
        for link in cls.objects.about(subject).filter(state=cls.State.SENT).select_related("contact"):
            link.revoke(by=by, reason=reason)

    def _count_days(self, expires, answer_by):
        terms, today = self.client.terms_on(), clock.today()
        self.due_on = answer_by or terms.answer_due(today)
        over = datetime.combine(self.due_on + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))
        self.expires_at = expires or max(clock.now() + timedelta(days=settings.LINK_DAYS), over)
        day_before = terms.calendar().add(self.due_on, -1)
        self.remind_on = day_before if PURPOSES[self.purpose].reminds and day_before > today else None

    def _replace_earlier(self, by):
        """What this contact was asked before about the same leads to here from now on."""
        before = SafeLink.objects.filter(purpose=self.purpose, contact=self.contact, client=self.client_id, replaced_by=None)
        for earlier in before.exclude(pk=self.pk).prefetch_related("subject"):
            if earlier.whole == self.whole:
                if earlier.state == self.State.SENT:
                    earlier.revoke(by=by, reason="replaced by a newer link")
                earlier.replaced_by = self
                earlier.keep(by=by, reason="replaced by a newer link")

    def _write(self, subject, text):
        """The letter with the link; the address comes in when it leaves, see `clients.link_letters`."""
        with override(self.contact.language or settings.LANGUAGE_CODE):
            subject, text = (str(it() if callable(it) else it) for it in (subject, text))
        if PLACE not in text:
            raise ValueError(f"The letter of a link has a place for it: {PLACE}.")
        longest = Letter._meta.get_field("subject").max_length
        subject, now = " ".join(subject.split())[:longest], clock.now()
        words = {"subject": subject, "body": text, "kind": KIND, "about": self.pk}
        Letter.objects.create(to=self.sent_to, created_at=now, send_at=now, **words)

    # ── What becomes of it ──────────────────────────────────────────────────────────────────────
    @move(
        _("Remind"), told=_("reminded the client of the link"), sources=[State.SENT], to=None, needs="right", when="is_live"
    )  # fmt: skip
    def remind(self, *, by):
        """Write once more, at most once in four hours; then the link does not do so by itself."""
        if not self.is_rested:
            text = _("%(contact)s was written to less than four hours ago. Please use the telephone, or wait a little.")
            raise Refused(text % {"contact": self.contact})
        self.reminded_at, self.remind_on = clock.now(), None
        self.write_reminder()
        security("link sent again", actor=by, object=self, to=self.sent_to)

    @move(
        _("Take back"), told=_("took the client’s link back"), sources=[State.SENT], to=State.REVOKED, needs="right",
        reason=True,
    )  # fmt: skip
    def revoke(self, *, by, reason):
        """The address leads nowhere from now on; a letter that has not left stays here."""
        security("link taken back", actor=by, object=self)

    @move(_("Answer"), told=_("answered"), sources=[State.SENT], to=State.ANSWERED, needs=BY_LINK, hidden=True)
    def answer(self, *, by, token=None):
        self.answered_at, self.answered_with = clock.now(), token

    def spend(self, token=None):
        """Used up. token: of the form that was sent, so that the same form sent twice is thanked for twice."""
        self.answer(by=Visitor(self), token=token)
        security("link answered", object=self)

    @transaction.atomic
    def run_out(self, *, by, reason):
        """Its time is over at once, if nobody has answered meanwhile: the contact has left."""
        lock(self)
        if self.state == self.State.SENT:
            self.expires_at = clock.now()
            self.keep(by=by, reason=reason)

    def note_opening(self):
        """Somebody, or a machine that looks through mail, has opened the page: it decides nothing and changes no version."""
        first = Coalesce("opened_at", models.Value(clock.now()), output_field=models.DateTimeField())
        SafeLink.objects.filter(pk=self.pk).update(opened_at=first, opened_times=F("opened_times") + 1)

    def write_reminder(self):
        def text():
            return str(REMINDED) % {
                "contact": self.contact.name, "sender": self.created_by, "agency": settings.AGENCY_NAME, "what": self.label,
                "day": dated(localdate(self.created_at)), "subject": self.subject, "due": dated(self.due_on), "link": PLACE,
                "email": self.created_by.email,
            }  # fmt: skip

        self._write(lambda: str(REMINDER) % {"what": self.label}, text)

    def record_event(self, verb, *, by, reason="", **details):
        """Told in the trail of the record that the link opens; the answer is told by what it does there."""
        if verb != "answer":
            self.subject.record_event(f"link_{verb}", by=by, reason=reason, **{**details, "link": self.pk})

    # ── How it stands ───────────────────────────────────────────────────────────────────────────
    @property
    def label(self):
        """What it asks of the client."""
        return PURPOSES[self.purpose].label if self.purpose in PURPOSES else self.purpose

    @property
    def right(self):
        """Who takes it back and reminds of it."""
        return PURPOSES[self.purpose].right if self.purpose in PURPOSES else "clients.send_document"

    @property
    def whole(self):
        """What it is about, in whatever version: links about two versions of one draft ask for the same (`link_whole`)."""
        return getattr(self.subject, "link_whole", self.subject)

    @property
    def newer(self):
        """The live link that has taken its place, for the same contact at the same address, or None."""
        found = self.replaced_by
        while found and not found.is_live:
            found = found.replaced_by
        return found if found and found.sent_to.lower() == self.sent_to.lower() else None

    @property
    def is_live(self):
        return self.state == self.State.SENT and not self.is_expired and not self.is_adrift and self.purpose in PURPOSES

    @property
    def is_rested(self):
        """Whether the contact has not been written to for a while."""
        return clock.now() - (self.reminded_at or self.created_at) >= PAUSE

    @property
    def is_expired(self):
        return self.expires_at <= clock.now()

    @property
    def is_adrift(self):
        """Whether its contact has left or has another address by now: then it might open to somebody else."""
        contact = self.contact
        return contact.state != Contact.State.CURRENT or contact.email.lower() != self.sent_to.lower()

    def opens(self, record):
        """Whether `record` is what this link is about, or hangs on it (`link_subject`)."""
        return self.is_it(record) or self.is_it(getattr(record, "link_subject", None)) or record == self

    def is_it(self, record):
        return isinstance(record, models.Model) and record == self.subject

    @property
    def standing(self):
        """How it stands, for a page: (tone, word)."""
        if self.state != self.State.SENT:
            return ("done" if self.state == self.State.ANSWERED else "stopped"), self.get_state_display()
        if self.is_adrift:
            return "stopped", _("No longer valid: the contact has left or has another address")
        if self.is_expired:
            return "late", _("Expired")
        return "client", _("Opened") if self.opened_at else _("Sent")


def _refuse_contact(contact, subject):
    if contact.client_id != subject.client_id:
        raise Refused(_("%(contact)s is not a contact of this client.") % {"contact": contact})
    if contact.state != Contact.State.CURRENT:
        raise Refused(_("%(contact)s is no longer there.") % {"contact": contact})
    if not contact.email:
        raise Refused(
            _("%(contact)s has no e-mail address: write it down first, or ask on the telephone.") % {"contact": contact}
        )
    if Person.objects.filter(email__iexact=contact.email).exists():
        raise Refused(_("%(email)s belongs to a colleague: nobody of ours answers for the client.") % {"email": contact.email})
