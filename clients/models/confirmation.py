"""What a client has answered, for good: an append-only chain of rows of which each seals the one before. See docs/links.md."""

import json
from datetime import UTC
from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Refused
from clients.models.attachment import Attachment
from clients.models.contact import Contact
from clients.models.link import SafeLink
from clients.models.record import with_their_record

BEGINNING = "0" * 64


class ChainHead(models.Model):
    """Where the chain ends. Whoever appends locks this one row, so that two never write the same number; and a chain that is
    shorter than its head says has lost its end."""

    number = models.PositiveBigIntegerField(default=0, editable=False)
    hash = models.CharField(max_length=64, default=BEGINNING, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("end of the chain of confirmations")
        verbose_name_plural = _("end of the chain of confirmations")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_chain")]

    def __str__(self):
        return f"{self.number}"


class ConfirmationQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Confirmations are visible only with their record."""
        return self.filter(with_their_record(person, self.model)) if person.is_active else self.none()

    def about(self, record):
        """What was answered about one record, newest first, with everybody a panel names."""
        kind = ContentType.objects.get_for_model(record)
        found = self.filter(content_type=kind, object_id=record.pk).order_by("-number")
        return found.select_related("contact__client", "recorded_by", "client")


class Confirmation(models.Model):
    """One answer of a client about one version of one record. Nothing changes or removes it: the database refuses."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        WITH = "with_changes", _("Approved with changes")
        CHANGES = "changes", _("Changes required")
        DECLINED = "declined", _("Declined")

    class How(models.TextChoices):
        LINK = "link", _("Through a safe link")
        TELEPHONE = "telephone", _("On the telephone")
        MAIL = "mail", _("By mail")
        MEETING = "meeting", _("In a meeting")
        LETTER = "letter", _("By letter")

    number = models.PositiveBigIntegerField(_("number"), primary_key=True, editable=False)
    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+", db_index=False, verbose_name=_("client"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    subject_version = models.PositiveIntegerField(_("version"))
    what = models.CharField(_("what"), max_length=40)
    digest = models.CharField(_("SHA-256 of what was confirmed"), max_length=64)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    words = models.TextField(_("words"), max_length=4000, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("contact"))
    name = models.CharField(_("name given"), max_length=120)
    role = models.CharField(_("role given"), max_length=120, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("recorded by")
    )
    link = models.ForeignKey(SafeLink, models.PROTECT, null=True, related_name="confirmations", verbose_name=_("link"))
    address = models.EmailField(_("the link was sent to"), blank=True)
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    evidence_digest = models.CharField(_("SHA-256 of the evidence"), max_length=64, blank=True)
    ip = models.CharField(_("from the address"), max_length=45, blank=True)
    user_agent = models.CharField(_("with the browser"), max_length=300, blank=True)
    token = models.UUIDField(null=True, unique=True, editable=False)
    at = models.DateTimeField(_("when"))
    previous = models.CharField(_("hash of the one before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    WORDED = (Answer.WITH, Answer.CHANGES)  # what says nothing without words
    client_key, client_path = "client", "client__"
    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [
            models.Index(fields=["content_type", "object_id", "-number"], name="confirmation_of_record"),
            models.Index(fields=["client", "-number"], name="confirmation_of_client"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="link", link__isnull=False, recorded_by__isnull=True)
                | (~Q(how="link") & Q(link__isnull=True, recorded_by__isnull=False)),
                name="confirmation_by_link_or_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["confirmed", "with_changes", "changes", "declined"]), name="confirmation_answer"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["link", "telephone", "mail", "meeting", "letter"]), name="confirmation_how"
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["with_changes", "changes"]) | ~Q(words=""), name="changes_are_told"
            ),
        ]

    def __str__(self):
        return _("Confirmation %(number)s") % {"number": self.number}

    @classmethod
    def record(
        cls, *, subject, version, digest, what, answer, words="", contact=None, name, role="", how, by=None, link=None,
        evidence=None, token=None,
    ):  # fmt: skip
        """Append one answer to the chain. Returns its row; the same token twice gives the same row.

        by: who wrote it down, None where it came through a link · link: the live link, which says from where it was opened
        (`link.visit`) · evidence: an attachment of the client's, whose SHA-256 goes into the chain.
        The right is asked by the move that calls this. The chain is locked until the transaction ends: lock the record first,
        and append last. Raises Refused with a sentence.
        """
        row = cls(
            client=subject.client, subject=subject, subject_version=version, digest=digest, what=what, answer=answer,
            words=words.strip(), contact=contact, name=name.strip(), role=role.strip(), how=how, recorded_by=by, link=link,
            evidence=evidence, token=token,
        )  # fmt: skip
        row._refuse()
        row._note_place()
        with transaction.atomic():
            return row._append()

    def _append(self):
        head = ChainHead.objects.select_for_update().get(pk=1)
        if self.token and (there := Confirmation.objects.filter(token=self.token).first()):
            return there._same_as(self)
        self.number, self.previous, self.at = head.number + 1, head.hash, clock.now()
        self.hash = self.sealed()
        self.save(force_insert=True)
        head.number, head.hash = self.number, self.hash
        head.save(force_update=True)
        return self

    def _same_as(self, row):
        if (self.link_id, self.recorded_by_id, self.content_type_id, self.object_id) != (
            row.link_id, row.recorded_by_id, row.content_type_id, row.object_id
        ):  # fmt: skip
            raise Refused(_("Please reload the page and send the form again."))
        return self

    def _refuse(self):
        if self.answer not in self.Answer or self.how not in self.How or (self.how == "link") != (self.link is not None):
            raise ValueError("An answer is one of Answer, comes in one of How, and with its link if through one.")
        if (self.how == "link") == (self.recorded_by is not None):
            raise ValueError("What comes through a link is recorded by nobody; everything else by a person.")
        if len(self.digest) != 64 or (self.link and not self.link.opens(self.subject)):
            raise ValueError("What is confirmed has a SHA-256, and the link opens it.")
        if any(it is not None and it.client_id != self.client_id for it in (self.contact, self.evidence)):
            raise Refused(_("The contact and the evidence have to be this client's."))
        if self.evidence and not self.evidence.is_kept:
            raise Refused(_("This file has been taken away: it proves nothing. Add it again."))
        if not self.name:
            raise Refused(_("Please write down who of the client's gave the answer."))
        if self.answer in self.WORDED and not self.words:
            raise Refused(_("Please say what is to be changed."))
        for field in ("words", "name", "role", "what"):
            if len(getattr(self, field)) > self._meta.get_field(field).max_length:
                raise Refused(_("That is too long: please shorten it."))

    def _note_place(self):
        """Where it came from: the address the link went to and the machine that sent the form, or the evidence."""
        if self.link:
            self.address = self.link.sent_to
            self.ip, self.user_agent = getattr(self.link, "visit", ("", ""))
        if self.evidence:
            self.evidence_digest = self.evidence.sha256

    # ── The chain ───────────────────────────────────────────────────────────────────────────────
    def told(self):
        """Everything the hash covers, as one dictionary without any choice of how to write it."""
        return {
            "number": self.number, "client": self.client_id, "kind": ".".join(self.content_type.natural_key()),
            "key": self.object_id, "version": self.subject_version, "what": self.what, "digest": self.digest,
            "answer": self.answer, "words": self.words, "contact": self.contact_id, "name": self.name, "role": self.role,
            "how": self.how, "recorded_by": self.recorded_by_id, "link": self.link_id, "address": self.address,
            "evidence": self.evidence_id, "evidence_digest": self.evidence_digest, "ip": self.ip,
            "user_agent": self.user_agent, "token": self.token and str(self.token),
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"), "previous": self.previous,
        }  # fmt: skip

    def sealed(self):
        """The hash of this row and, through `previous`, of everything before it."""
        text = json.dumps(self.told(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    @property
    def named(self):
        """Who answered, as a panel tells it."""
        return f"{self.name}, {self.role}" if self.role else self.name

    @property
    def tone(self):
        return {"confirmed": "done", "with_changes": "risk", "changes": "risk", "declined": "stopped"}[self.answer]


def confirmations_of(record):
    """What the client has answered about a record, newest first: for whoever sees the record."""
    return Confirmation.objects.about(record)
