from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HabitQuerySet(models.QuerySet):
    def read(self, person, name, default=None):
        """What is remembered for `person` under `name`; one query."""
        found = self.filter(person=person, name=name).values_list("value", flat=True).first()
        return default if found is None else found

    def keep(self, person, name, value):
        """Remember `value` (anything JSON holds) for `person` under `name` in place of what was there."""
        self.update_or_create(person=person, name=name, defaults={"value": value})


class Habit(models.Model):
    """How one person likes the pages: the columns of a list, when the desk was last looked at. No record of the business, so it
    has no history; nobody else reads it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="habits", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=60)
    value = models.JSONField(_("value"))

    objects = HabitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("habit")
        verbose_name_plural = _("habits")
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_habit_of_a_name")]

    def __str__(self):
        return self.name
