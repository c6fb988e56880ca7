"""How a document of a campaign goes to the client and comes back: sent by a safe link, or said to one of us (SAL5, DEP8)."""

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency import clock
from agency.flow import Refused
from agency.templatetags.dates import dated
from clients.models import Confirmation, Contact, Dispatch, SafeLink
from clients.models.link import PLACE

SEND, RECORD = "clients.send_document", "campaigns.record_agreement"
LETTER_OF_NEWS = _(
    "Dear %(contact)s,\n\nhere is how %(name)s stands (%(reference)s). The page needs no login and is for you alone:\n"
    "%(link)s\n\n"
    "%(sender)s, %(email)s\n"
)
LETTER = _(
    "Dear %(contact)s,\n\nhere is %(what)s for your agreement: %(name)s (%(reference)s). The page needs no login and is for "
    "you alone:\n%(link)s\n\nMay we have your answer by %(due)s?\n\n%(sender)s, %(agency)s, %(email)s\n"
)


class WithTheClient(models.Model):
    """The columns and helpers of a document that a client agrees. The class says `purpose`, `what` (a word of Authority.What),
    `authorities` (the words a contact needs), and gives `sheet`: the record that the client reads, with `digest`, `total` and
    `reference`. Links, dispatches and confirmations hang on the sheet, so that they are seen by those who see its prices."""

    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", editable=False, db_index=False, verbose_name=_("contact")
    )
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    remarks = models.TextField(_("remarks of the client"), blank=True, max_length=4000, editable=False)

    class Meta:
        abstract = True

    @property
    def confirmers(self):
        """The client's contacts who may agree it: for everything it holds, up to its total before tax."""
        terms = self.client.terms_on()
        found = Contact.objects.current().filter(client=self.client_id)
        for what in self.authorities:
            found = found.filter(pk__in=terms.confirmers(what, self.sheet.total).values("pk"))
        return found

    @property
    def who_may(self):
        """The sentence that tells who at the client's may agree it."""
        names = ", ".join(str(it) for it in self.confirmers)
        if names:
            return _("By the terms, up to this total it is for: %(names)s.") % {"names": names}
        return _("By the terms nobody of the client agrees such a total: the head of the group can write there who may.")

    def refuse_unauthorised(self, contact):
        if not self.confirmers.filter(pk=contact.pk).exists():
            raise Refused(_("%(contact)s is not authorised to agree this. %(who)s") % {"contact": contact, "who": self.who_may})

    @property
    def answer_due(self):
        return self.client.terms_on().answer_due(clock.today())

    @property
    def chaser(self):
        """Who has it in hand while it is with the client: whoever sent it."""
        return self.sender

    def _put_out(self, contact, how, *, by):
        """It leaves the house: noted, and by link if so."""
        self.refuse_unauthorised(contact)
        self.sender, self.contact, self.sent_on, self.remarks = by, contact, clock.today(), ""
        sheet = self.sheet
        if how == Dispatch.How.LINK:
            version = self.version + 1 if sheet is self else sheet.version
            told = {"version": version, "digest": sheet.digest, "contact": contact, "by": by}
            letter = (lambda: f"{sheet.reference}: {self.campaign.name}", self._letter(by, contact))
            SafeLink.send(self.purpose, subject=sheet, letter=letter, answer_by=self.answer_due, **told)
        Dispatch.note(sheet, reference=sheet.reference, digest=sheet.digest, contact=contact, how=how, by=by)

    def _letter(self, by, contact):
        def text():
            return str(LETTER) % {
                "contact": contact.name, "what": self.named_outside, "name": self.campaign.name, "link": PLACE,
                "reference": self.sheet.reference, "due": dated(self.answer_due), "sender": by, "email": by.email,
                "agency": settings.AGENCY_NAME,
            }  # fmt: skip

        return text

    def _heard(self, contact, words, by):
        """Said to one of us; what was only shown or read out is noted as handed over."""
        self.refuse_unauthorised(contact)
        if self.state != "client":
            self._put_out(contact, Dispatch.How.HAND, by=by)
        self.remarks = words
        self.revoke_links(by=by, reason=gettext_noop("answered otherwise"))

    def revoke_links(self, *, by, reason):
        if self.sheet:
            SafeLink.revoke_all(self.sheet, by=by, reason=reason)

    @property
    def link_subject(self):
        """What a link opens that leads to a move of this document."""
        return self.sheet

    def recorded_as(self, answer):
        """The move that writes such an answer down."""
        return self.record_agreement if answer == Confirmation.Answer.CONFIRMED else self.record_no

    @transaction.atomic
    def hear(self, *, by, seen, contact, answer, words, how, on, token, evidence=None):
        """Write down for good what a contact said to one of us, with what proves it.

        answer, how: of Confirmation · on: the day it was said · evidence: a file of this document.
        """
        sheet = self.sheet
        if sheet is None:
            raise Refused(_("Nothing has been agreed inside that the client could answer."))
        version = sheet.version
        self.recorded_as(answer)(by=by, seen=seen, contact=contact, words=words)
        if on != clock.today():
            words = f"({on.isoformat()}) {words}"
        return Confirmation.record(
            subject=sheet, version=version, digest=sheet.digest, what=self.what, answer=answer, words=words,
            contact=contact, name=contact.name, role=contact.position, how=how, by=by, evidence=evidence, token=token,
        )  # fmt: skip
