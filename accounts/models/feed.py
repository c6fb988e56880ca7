"""The secret address at which a person's own calendar program finds steps and deadlines (COO5). See docs/calendar.md."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Person
from accounts.models.staff import StaffRecord, StaffRecordQuerySet
from agency import clock
from agency.flow import Refused, move
from agency.log import security
from agency.tokens import hash_of, new_seed, token_of

SALT = "accord.accounts.calendar"
RIGHT = "accounts.plan_absence"  # whoever has days of the own here: all roles, and no administrator
NOTED = timedelta(hours=1)  # a program asks every few minutes: when it last did is written down once in an hour


class CalendarFeedQuerySet(StaffRecordQuerySet):
    def live(self):
        return self.filter(state=CalendarFeed.State.LIVE)

    def behind(self, token):
        """The address with this secret, live or not, or None: always one query, whatever was typed."""
        return self.select_related("person").filter(token_hash=hash_of(token)).first()


class CalendarFeed(StaffRecord):
    """One address of one person. Whoever knows it reads the calendar, without a login, until it is taken back or renewed."""

    class State(models.TextChoices):
        LIVE = "live", _("Open")
        REVOKED = "revoked", _("Taken back")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LIVE, editable=False)
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    fetched_at = models.DateTimeField(_("last fetched"), null=True, editable=False)

    view_rights = (RIGHT,)
    view_right = RIGHT
    told = {"created": _("made an address for the own calendar")}
    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="live"), name="one_live_calendar_address"),
            models.CheckConstraint(condition=Q(state__in=["live", "revoked"]), name="calendar_feed_state"),
        ]

    def __str__(self):
        return str(_("Calendar address"))

    def get_absolute_url(self):
        return reverse("my_calendar")

    @property
    def moves_at(self):
        """Where its buttons post to."""
        return reverse("my_calendar_move", args=[self.pk, "x"]).removesuffix("move/x/")

    @property
    def address(self):
        """For the person's own page; starts at SITE_URL, whatever host a request may have named."""
        return urljoin(settings.SITE_URL, reverse("calendar_feed", args=[token_of(self.seed, salt=SALT)]))

    @property
    def tone(self):
        return "ours" if self.state == self.State.LIVE else "stopped"

    @property
    def is_live(self):
        """Asked at each fetch: whoever has left, or has no role any more, has no calendar."""
        return self.state == self.State.LIVE and self.person.has_perm(RIGHT)

    @classmethod
    @transaction.atomic
    def make(cls, *, by, token):
        """Give `by` an address; the one there was dies. Sent twice it is made once. Raises Refused for who has no calendar."""
        by = Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        if not by.has_perm(RIGHT):
            raise Refused(_("A calendar is for people with work of their own here."))
        for old in cls.objects.live().filter(person=by):
            old.revoke(by=by, reason="replaced by a newer link")
        feed = cls(person=by, created_by=by, token=token)
        feed.token_hash = hash_of(token_of(feed.seed, salt=SALT))
        feed.keep(by=by, reason="began")
        feed.record_event("created", by=by)
        security("calendar address made", actor=by, object=feed)
        return feed

    @move(
        _("Take back"), told=_("took the calendar address back"), sources=[State.LIVE], to=State.REVOKED, needs=RIGHT
    )  # fmt: skip
    def revoke(self, *, by):
        """Programs that know the address find nothing there from now on."""
        security("calendar address taken back", actor=by, object=self)

    def note_fetching(self):
        """Somebody asked for it: the person sees on the own page whether anything still does. Changes no version."""
        if self.fetched_at is None or clock.now() - self.fetched_at >= NOTED:
            CalendarFeed.objects.filter(pk=self.pk).update(fetched_at=clock.now())
