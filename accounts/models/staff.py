from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts.models.person import Person
from agency.records import EventBase, Record
from reminders.notices import take_back, tell, worded


class StaffEvent(EventBase):
    """What happened in a matter of staff. Not in the admin, not in any client's trail."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("about"))

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="staffevent_trail")]


class StaffRecordQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Matters of staff this person may read; an administrator reads none."""
        return self.filter(self.model.reach(person)) if person.is_active else self.none()


class StaffRecord(Record):
    """A matter of staff: about one person, without a client. `view_rights` names the rights of which any one lets one read."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("about"), editable=False)

    view_rights = ()
    event_model = StaffEvent
    objects = StaffRecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, person):
        """Q of the records that one of the view rights opens to `person`."""
        reached = models.Q(pk__in=[])
        for right in cls.view_rights:
            reached |= cls.within(person, rights.TABLE[right].scope(person))
        return reached

    @classmethod
    def within(cls, person, scope):
        """Q of one cell of the rights table, read for matters of staff."""
        return {
            "all": models.Q(pk__isnull=False),  # an empty Q would vanish beside another
            "grp": models.Q(person__group__supervisor=person),
            "guided": models.Q(person__guide=person),
            "own": cls.own(person),
        }.get(scope, models.Q(pk__in=[]))

    @classmethod
    def own(cls, person):
        """Q of the records about `person` that have been handed to him."""
        return models.Q(person=person)

    def admits(self, person, right):
        """Whether the cell of `right` covers this record for `person`."""
        scope = rights.TABLE[right].scope(person)
        return bool(scope) and type(self)._base_manager.filter(type(self).within(person, scope), pk=self.pk).exists()

    def record_event(self, verb, *, by, reason="", **details):
        told = {"verb": verb, "reason": reason, "details": details}
        return StaffEvent.objects.create(person_id=self.person_id, actor=by, subject=self, **told)

    def give_notice(self, *, to, text, kind, **words):
        """Lay a notice on somebody's desk; it goes out by mail from the outbox. The text says nothing of the contents."""
        tell(to, kind, self, worded(text, words), occasion=f"v{self.version}", path=self.get_absolute_url())

    def take_news_back(self, *, by, move, version=None):
        """Take back what was told of a move: the last one, or the one made when the record had this version."""
        take_back(self, f"v{version or self.version - 1}", by=by, move=move)
