from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup, Role
from agency import clock
from agency.flow import Refused, move, undo
from clients.models.contact import Contact
from clients.models.record import BusinessQuerySet, BusinessRecord


class Client(BusinessRecord):
    """An advertiser, a prospect, or the house account (the agency itself)."""

    class State(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        ACTIVE = "active", _("Client")
        FORMER = "former", _("Former client")

    class Tier(models.TextChoices):
        KEY = "key", _("Key")
        STATUS = "status", _("Status")
        STANDARD = "standard", _("Standard")
        SMALL = "small", _("Small")

    code = models.CharField(
        _("code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("The code is three capital letters, such as HRB."))],
    )
    name = models.CharField(_("name"), max_length=120)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier, default=Tier.STANDARD)
    group = models.ForeignKey(
        BusinessGroup, models.PROTECT, null=True, blank=True, related_name="clients", verbose_name=_("business group")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROSPECT, editable=False)
    is_house = models.BooleanField(_("house account"), default=False, editable=False)

    view_right = "clients.view_client"
    attach_right = "clients.draft_document"
    client_key, client_path, owner_fields = "pk", "", ()
    told = {
        "created": _("opened the client"),
        "assigned": _("assigned the client"),
        "ended_seat": _("ended a seat"),
    }

    objects = BusinessQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        permissions = [
            ("assign_client", "Assign client to people, hand over"),
            ("share_record", "Share one record with a colleague until a date"),
            ("view_history", "Field history of a record one may view"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["is_house"], condition=models.Q(is_house=True), name="one_house_account"),
            models.CheckConstraint(condition=models.Q(state__in=["prospect", "active", "former"]), name="client_state"),
            models.CheckConstraint(condition=models.Q(tier__in=["key", "status", "standard", "small"]), name="client_tier"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("client", args=[self.code])

    @property
    def client(self):
        """A client is its own client, so that access asks all records alike."""
        return self

    @property
    def client_id(self):
        return self.pk

    @classmethod
    def open(cls, *, by, token, **fields):
        """Take a new prospect into the books (MIN6). Right: clients.add_client."""
        client = cls(created_by=by, token=token, **fields)
        client.keep(by=by, reason="opened")
        client.record_event("created", by=by)
        return client

    @move(_("Win as client"), told=_("won the client"), sources=[State.PROSPECT], to=State.ACTIVE, needs="clients.add_client")
    def win(self, *, by):
        if not self.group_id and not self.is_house:
            raise Refused(_("Give the client to a business group first."))

    @undo(win, told=_("made the client a prospect again"))
    def undo_win(self, *, by):
        """It was not won after all."""

    @move(
        _("Part from client"), told=_("parted from the client"), sources=[State.ACTIVE], to=State.FORMER,
        needs="clients.add_client", reason=True,
    )  # fmt: skip
    def part(self, *, by, reason):
        """The relation is over; the files stay readable to those who have a seat."""

    @undo(part, told=_("did not part from the client after all"))
    def undo_part(self, *, by):
        """A slip; a former client who comes back later is taken back."""

    @move(_("Take back"), told=_("took the client back"), sources=[State.FORMER], to=State.ACTIVE, needs="clients.add_client")
    def take_back(self, *, by):
        """A former client returns."""

    @undo(take_back, told=_("let the client go again"))
    def undo_take_back(self, *, by):
        """It did not return after all."""

    def holder_of(self, seat):
        """The person who holds a seat now, or None."""
        held = self.assignments.current().filter(seat=seat).select_related("person").order_by("pk").first()
        return held.person if held else None

    @property
    def lead(self):
        """Who leads the client's business: the director; for a small client without one, the manager."""
        return self.holder_of("director") or self.holder_of("manager")

    @property
    def supervisor(self):
        """Who heads the client's group, or None."""
        return self.group.supervisor if self.group_id else None

    def contacts(self):
        """Who is at the client's now; those who left stay in the books and are offered nowhere."""
        return Contact.objects.current().filter(client=self)

    def terms_on(self, day=None):
        """What is agreed with the client on a day (default: today); where nothing is, the house's own terms, unsaved."""
        found = self.terms.valid_on(day or clock.today()).first()
        return found or self.terms.model.of_the_house(self)

    @property
    def tone(self):
        """The colour of the state: a client has no court."""
        return {"prospect": "draft", "active": "done", "former": "stopped"}[self.state]

    @property
    def team(self):
        """Current seats with their people, in the order of the seats."""
        return self.assignments.current().select_related("person").order_by("seat", "pk")


SEATS_BY_ROLE = {
    Role.DIRECTOR: ("director", "guide", "cover"),
    Role.MANAGER: ("manager", "guide", "cover"),
    Role.SALESMAN: ("salesman", "cover"),
    Role.SUPERVISOR: ("guide",),
    Role.MINISTER: ("guide",),
}
