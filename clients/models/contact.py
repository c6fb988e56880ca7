from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.person import languages
from agency import clock
from agency.flow import Refused, lock, move, revise
from clients.models.record import BusinessQuerySet, ClientRecord

RIGHT = "clients.log_contact"
DIALLED = r"^[+(]?\d[\d ()./-]*( ?(x|ext\.?) ?\d{1,6})?$"


class ContactQuerySet(BusinessQuerySet):
    def current(self):
        """Those who are at the client's now."""
        return self.filter(state=Contact.State.CURRENT)


class Contact(ClientRecord):
    """Somebody at the client's: standing in the firm matters to the contact rhythm (SUP4)."""

    class State(models.TextChoices):
        CURRENT = "current", _("Is there")
        RETIRED = "retired", _("No longer there")

    class Standing(models.TextChoices):
        DECISION_MAKER = "decides", _("Decision maker")
        MARKETING_DIRECTOR = "director", _("Marketing director")
        MARKETING_MANAGER = "manager", _("Marketing manager")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    standing = models.CharField(_("standing in the firm"), max_length=8, choices=Standing, default=Standing.OTHER)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True,
        validators=[RegexValidator(DIALLED, _("Write a number that can be dialled, such as +44 20 7946 0101."))],
    )  # fmt: skip
    language = models.CharField(_("language of letters"), max_length=10, choices=languages, default=settings.LANGUAGE_CODE)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CURRENT, editable=False)

    view_right = "clients.view_client"
    told = {"created": _("added the contact"), "revised": _("changed the contact")}

    objects = ContactQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("log_contact", "Log contact")]
        constraints = [
            models.UniqueConstraint(
                "client", Lower("email"), name="one_contact_per_address",
                condition=models.Q(state="current") & ~models.Q(email=""),
            ),
            models.CheckConstraint(condition=models.Q(state__in=["current", "retired"]), name="contact_state"),
            models.CheckConstraint(
                condition=models.Q(standing__in=["decides", "director", "manager", "other"]), name="contact_standing"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def named(self):
        """The name among our own people's: with the firm."""
        return _("%(contact)s (%(client)s)") % {"contact": self.name, "client": self.client.name}

    def get_absolute_url(self):
        return reverse("contact", args=[self.pk])

    @classmethod
    @transaction.atomic
    def add(cls, *, client, by, token, why="opened", **fields):
        """Somebody new at the client's. Right: clients.log_contact. Refused where the address is another's."""
        lock(client)
        contact = cls(client=client, created_by=by, token=token, **fields)
        contact.refuse_taken(contact.email)
        contact.keep(by=by, reason=why)
        contact.record_event("created", by=by)
        return contact

    @transaction.atomic
    def rewrite(self, *, by, seen, changes):
        """Change what the books say; see `agency.flow.revise`. Refused where the address is another's."""
        lock(self.client)
        self.refuse_taken(changes.get("email", ""))
        return revise(self, by=by, needs=RIGHT, seen=seen, changes=changes)

    @move(
        _("No longer there"), told=_("noted that the contact is no longer there"), sources=[State.CURRENT], to=State.RETIRED,
        needs=RIGHT, reason=True,
    )  # fmt: skip
    def retire(self, *, by, reason):
        """Whoever left confirms nothing any more, and the links that wait for an answer end; what was confirmed stays."""
        for link in self.links.waiting(clock.now()):
            link.run_out(by=by, reason=reason)
        for authority in self.authorities.standing().select_related("terms"):
            authority.end(by=by, reason=reason)

    @move(_("Is there again"), told=_("noted that the contact is there again"), sources=[State.RETIRED], to=State.CURRENT,
          needs=RIGHT)  # fmt: skip
    def take_back(self, *, by):
        """Back in the books, without the authority of before."""
        self.refuse_taken(self.email)

    def refuse_taken(self, email):
        """Raise Refused where a colleague at the client's has this address."""
        others = Contact.objects.current().filter(client=self.client_id, email__iexact=email).exclude(pk=self.pk)
        if email and (other := others.first()):
            raise Refused(_("%(contact)s has this address already: change the one that is there.") % {"contact": other})

    @property
    def described(self):
        """Position and standing, where the one does not say the other."""
        standing = "" if self.standing == self.Standing.OTHER else self.get_standing_display()
        same = standing.lower() in self.position.lower()
        return self.position if same else " · ".join(filter(None, (self.position, standing)))

    @property
    def is_current(self):
        return self.state == self.State.CURRENT

    @property
    def tone(self):
        """The colour of the state: a contact has no court."""
        return "done" if self.is_current else "stopped"

    @property
    def dialled(self):
        """The telephone number as a link takes it."""
        number = self.phone.lower().partition("x")[0].removesuffix("e")
        return "".join(sign for sign in number if sign.isdigit() or sign == "+")
