from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Refused, lock
from clients.models.contact import Contact
from clients.models.record import BusinessQuerySet, ClientRecord

RIGHT = "clients.change_terms"


class AuthorityQuerySet(BusinessQuerySet):
    def standing(self):
        """Those that have not been ended."""
        return self.filter(ended_at__isnull=True)

    def held_on(self, day):
        """Those that held at the end of a day."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__date__gt=day), created_at__date__lte=day)

    def limited(self):
        return self.filter(up_to__isnull=False)


class Authority(ClientRecord):
    """One contact may confirm one kind of thing under these terms, up to a total if one is named."""

    class What(models.TextChoices):
        PLAYBACK = "playback", _("Playback of the brief")
        PLAN = "plan", _("Advertising plan")
        ESTIMATE = "estimate", _("Estimate")
        SCHEDULE = "schedule", _("Work schedule")
        CHANGE_ORDER = "change_order", _("Change order")
        DRAFT = "draft", _("Creative draft")
        PROOF = "proof", _("Proof")
        CONTACT_REPORT = "contact_report", _("Contact report")
        PROGRESS = "progress", _("Progress report")

    terms = models.ForeignKey(
        "clients.Terms", models.PROTECT, related_name="authorities", editable=False, verbose_name=_("terms")
    )
    contact = models.ForeignKey(
        "clients.Contact", models.PROTECT, related_name="authorities", editable=False, verbose_name=_("contact")
    )
    what = models.CharField(_("what"), max_length=14, choices=What, editable=False)
    up_to = models.DecimalField(_("up to"), max_digits=12, decimal_places=2, null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("ended by"),
    )  # fmt: skip

    view_right = "clients.view_client"
    objects = AuthorityQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["contact__name", "pk"]
        verbose_name = _("authority to confirm")
        verbose_name_plural = _("authorities to confirm")
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "contact", "what"], condition=Q(ended_at__isnull=True), name="one_authority_for_a_thing"
            ),
            models.CheckConstraint(condition=Q(up_to__isnull=True) | Q(up_to__gte=0), name="authority_limit"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ending_an_authority_is_a_pair",
            ),
        ]

    def __str__(self):
        return f"{self.contact}: {self.get_what_display()}"

    def get_absolute_url(self):
        return self.terms.get_absolute_url()

    def end(self, *, by, reason):
        self.ended_at, self.ended_by = clock.now(), by
        self.keep(by=by, reason=reason)
        self.terms.record_event("unauthorised", by=by, contact=self.contact_id, what=self.what)


class WhoConfirms:
    """The part of terms that says who at the client's confirms what."""

    def may_confirm(self, contact, what, total=None):
        """Whether `contact` may confirm such a thing (a word of Authority.What) for the client, up to a total of money."""
        return self.confirmers(what, total).filter(pk=contact.pk).exists()

    def confirmers(self, what, total=None):
        """The contacts who may confirm such a thing, up to a total of money."""
        held = self.authorities.standing().filter(what=what) if self.pk else Authority.objects.none()
        if total is not None:
            held = held.filter(Q(up_to__isnull=True) | Q(up_to__gte=total))
        return Contact.objects.current().filter(pk__in=held.values("contact"), client=self.client_id)

    @transaction.atomic
    def authorise(self, contact, *, kinds, up_to=None, by):
        """Write down that `contact` may confirm such things, up to a total. Returns how many lines are new or different.

        Raises PermissionDenied, or Refused: a contact of another client, one who left, terms that are over.
        """
        lock(self)
        lock(contact)
        if not by.has_perm(RIGHT, self):
            raise PermissionDenied(_("Your role does not change the terms of this client."))
        self._refuse_authority(contact, up_to)
        return sum(self._authorise(contact, what, up_to, by) for what in kinds)

    @transaction.atomic
    def settle(self, contact, wanted, *, by, seen):
        """What `contact` confirms from now on, and nothing else. wanted: word of Authority.What → limit or None · seen:
        what `standing_of` said when the person looked. Returns how many lines are different now; raises as `authorise` does.
        """
        lock(self)
        if seen != self.standing_of(contact):
            raise Refused(_("Somebody changed this meanwhile: see the page of the terms. Save again if yours is to stand."))
        changed = sum(self.authorise(contact, kinds=[what], up_to=limit, by=by) for what, limit in wanted.items())
        gone = list(self.authorities.standing().filter(contact=contact).exclude(what__in=wanted).select_related("terms"))
        if gone and not by.has_perm(RIGHT, self):
            raise PermissionDenied(_("Your role does not change the terms of this client."))
        self.refuse_past()
        for it in gone:
            it.end(by=by, reason="ended")
        return changed + len(gone)

    def standing_of(self, contact):
        """What `contact` confirms, as one line to compare."""
        held = self.authorities.standing().filter(contact=contact).order_by("what").values_list("what", "up_to")
        return " ".join(f"{what}:{limit}" for what, limit in held)

    def _refuse_authority(self, contact, up_to):
        if contact.client_id != self.client_id:
            raise Refused(_("%(contact)s is not a contact of this client.") % {"contact": contact})
        if contact.state != Contact.State.CURRENT:
            raise Refused(_("%(contact)s is no longer there and confirms nothing.") % {"contact": contact})
        self.refuse_past()
        if up_to is not None and up_to < 0:
            raise Refused(_("A limit is a sum of money, nought or more."))

    def _authorise(self, contact, what, up_to, by):
        held = self.authorities.standing().filter(contact=contact, what=what).first()
        if held and held.up_to == up_to:
            return False
        if held:
            held.end(by=by, reason="changed")
        given = Authority(client=self.client, terms=self, contact=contact, what=what, up_to=up_to, created_by=by)
        given.keep(by=by, reason="authorised")
        self.record_event("authorised", by=by, contact=contact.pk, what=what)
        return True

    def take_over_authorities(self, before, *, by):
        """Who might confirm goes on to; a limit in another currency does not."""
        held = before.authorities.standing().filter(contact__state=Contact.State.CURRENT).select_related("contact")
        for it in held.order_by("pk"):
            if it.up_to is None or before.currency == self.currency:
                self._authorise(it.contact, it.what, it.up_to, by)
