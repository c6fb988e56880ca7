from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Person, Role
from agency import clock
from agency.flow import Refused, lock
from agency.log import security
from clients.models.client import SEATS_BY_ROLE, Client
from clients.models.record import BusinessQuerySet, ClientRecord


class AssignmentQuerySet(BusinessQuerySet):
    def current(self):
        """Seats that hold today."""
        today = clock.today()
        over = models.Q(until__lt=today)
        return self.filter(ended_at__isnull=True, since__lte=today).exclude(models.Q(until__isnull=False) & over)


class Assignment(ClientRecord):
    """Who serves whom, in which seat, since when: the truth behind every "asg" of the rights table (MIN6).

    A lead seat (director, manager, salesman) is held by one person at a time. `until` is the last day of a cover or guide
    seat; `ended_at` ends any seat at once, and access with it.
    """

    class Seat(models.TextChoices):
        DIRECTOR = "director", _("Account director")
        MANAGER = "manager", _("Account manager")
        SALESMAN = "salesman", _("Salesman")
        GUIDE = "guide", _("Guide of the salesman")
        COVER = "cover", _("Cover for an absence")

    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments", verbose_name=_("person"))
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="assignments", db_index=False, editable=False, verbose_name=_("client")
    )
    seat = models.CharField(_("seat"), max_length=8, choices=Seat)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("last day"), null=True, blank=True)
    note = models.TextField(_("hand-over note"), blank=True, max_length=4000)
    absence = models.ForeignKey(
        Absence, models.PROTECT, null=True, related_name="seats", editable=False, verbose_name=_("given for the absence")
    )  # fmt: skip
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)

    LEAD = (Seat.DIRECTOR, Seat.MANAGER, Seat.SALESMAN)
    view_right = "clients.view_client"
    objects = AssignmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-since", "-pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        permissions = [("arrange_cover", "Arrange cover for an absence")]
        indexes = [
            *ClientRecord.Meta.indexes,
            models.Index(fields=["person", "client"], name="assignment_open", condition=models.Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "seat"], name="one_holder_per_lead_seat",
                condition=models.Q(ended_at__isnull=True, seat__in=["director", "manager", "salesman"]),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(seat__in=["guide", "cover"]),
                name="only_cover_and_guide_have_a_last_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(seat="cover") | models.Q(until__isnull=False), name="cover_has_a_last_day"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="seat_runs_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ending_a_seat_is_a_pair",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.person}, {self.get_seat_display()}"

    def get_absolute_url(self):
        return self.client.get_absolute_url()

    def end(self, *, by, reason):
        """End this seat now; the person's access to the client ends with the next request."""
        self.ended_at, self.ended_by = clock.now(), by
        self.keep(by=by, reason=reason)
        security("seat ended", actor=by, object=self.client, of=self.person)
        self._tell_former(by)

    def _tell_former(self, by):
        """By a letter from the outbox, because a notice about a client is shown only to those who still see the client."""
        with translation.override(self.person.language):
            words = {"by": by, "client": self.client, "seat": self.get_seat_display()}
            subject = _("Your seat on %(client)s has ended") % words
            self.person.email_user(subject, _("%(by)s ended your seat on %(client)s (%(seat)s).") % words)


@transaction.atomic
def assign(client, *, person, seat, by, note="", until=None, guide_too=False):
    """Give `person` a seat on `client`; a lead seat passes from its holder in the same breath. Returns (new, ended or None).

    Raises PermissionDenied, or Refused with a sentence: the seat does not fit the role, the salesman's guide has no seat on
    the client (pass guide_too=True to give him one), the guide would lose the seat that guides a salesman.
    """
    lock(client)
    if not by.has_perm("clients.assign_client", client):
        raise PermissionDenied(_("Assigning clients is the minister's."))
    _fits(client, person, seat, until)
    _with_guide(client, person, by, guide_too)
    ended = _release(client, seat, person, by, note) if seat in Assignment.LEAD else None
    given = Assignment(client=client, person=person, seat=seat, until=until, note=note, created_by=by)
    given.keep(by=by, reason=note or "assigned")
    client.record_event("assigned", by=by, reason=note, person=person.pk, seat=seat, from_person=ended and ended.person_id)
    security("seat given", actor=by, object=client, to=person)
    _tell(client, given, ended, by)
    return given, ended


@transaction.atomic
def end_seat(assignment, *, by, reason):
    """End a seat without a successor. Refused without a reason, or while it guides a salesman of this client."""
    client = assignment.client
    lock(client)
    lock(assignment)
    if not by.has_perm("clients.assign_client", client):
        raise PermissionDenied(_("Assigning clients is the minister's."))
    if assignment.ended_at:
        raise Refused(_("This seat has already ended."))
    if not reason.strip():
        raise Refused(_("Please say why the seat ends: it is kept with the client."))
    _keeps_guides(client, assignment)
    assignment.end(by=by, reason=reason)
    client.record_event("ended_seat", by=by, reason=reason, person=assignment.person_id, seat=assignment.seat)


def _fits(client, person, seat, until):
    if not person.is_active or seat not in SEATS_BY_ROLE.get(person.role, ()):
        raise Refused(_("%(person)s cannot hold this seat: it does not fit the role.") % {"person": person})
    if seat == "cover" and (until is None or until < clock.today()):
        raise Refused(_("Cover for an absence needs a last day, today or later."))
    if seat in Assignment.LEAD and until is not None:
        raise Refused(_("Only cover and guide seats have a last day."))
    if client.assignments.current().filter(person=person, seat=seat).exists():
        raise Refused(_("%(person)s already holds this seat.") % {"person": person})


def _with_guide(client, person, by, guide_too):
    guide = person.guide
    if person.role != Role.SALESMAN or client.assignments.current().filter(person=guide).exists():
        return
    if not guide_too:
        text = _("%(guide)s guides %(person)s and has no seat on %(client)s: give the guide a seat with the same step.")
        raise Refused(text % {"guide": guide, "person": person, "client": client})
    seat = Assignment(client=client, person=guide, seat=Assignment.Seat.GUIDE, created_by=by)
    seat.keep(by=by, reason="guide")
    client.record_event("assigned", by=by, person=guide.pk, seat="guide")


def _release(client, seat, person, by, note):
    ended = client.assignments.filter(seat=seat, ended_at__isnull=True).select_related("person").first()
    if ended:
        _keeps_guides(client, ended, unless=person)
        ended.end(by=by, reason=note or "handed over")
    return ended


def _keeps_guides(client, leaving, unless=None):
    """A salesman of the client must not lose the guide's seat under his feet."""
    others = client.assignments.current().exclude(pk=leaving.pk)
    left = others.filter(person__guide=leaving.person, person__role=Role.SALESMAN).exclude(person=unless)
    if left.exists() and not others.filter(person=leaving.person).exists():
        text = _("%(person)s guides a salesman on %(client)s: assign another salesman or give a guide's seat first.")
        raise Refused(text % {"person": leaving.person, "client": client})


def _tell(client, given, ended, by):
    text = _("%(by)s gave you a seat on %(client)s: %(seat)s.")
    seat = Assignment.Seat(given.seat).label
    client.give_notice(to=given.person, text=text, kind="clients.seat_news", by=by, client=client, seat=seat)
