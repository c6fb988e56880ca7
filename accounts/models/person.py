from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts import rights
from agency.words import all_words


class Role(models.TextChoices):
    MINISTER = "minister", _("Minister")
    SUPERVISOR = "supervisor", _("Business Supervisor")
    DIRECTOR = "director", _("Account Director")
    MANAGER = "manager", _("Account Manager")
    SALESMAN = "salesman", _("Salesman")
    COORDINATOR = "coordinator", _("Operations Coordinator")
    MEMBER = "member", _("Member of another department")


# Those who make up the customer department; members and administrators stand outside it.
SIX = (Role.MINISTER, Role.SUPERVISOR, Role.DIRECTOR, Role.MANAGER, Role.SALESMAN, Role.COORDINATOR)


class Theme(models.TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    __empty__ = _("As the device")


class News(models.TextChoices):
    """When the news of one's desk go out by mail; reminders of what is due or late keep their own hours."""

    AT_ONCE = "at_once", _("At once")
    MORNING = "morning", _("Together, in the morning")
    DESK = "desk", _("Not at all: I read them on my desk")


class Department(models.Model):
    """Who carries out a step: client service, creative, media … "All departments" is one of them, for joint steps."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self):
        return self.name


class BusinessGroup(models.Model):
    """A business group of the customer department and the supervisor who heads it (SUP1)."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="headed_groups",
        verbose_name=_("supervisor"),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("business group")
        verbose_name_plural = _("business groups")

    def __str__(self):
        return self.name

    def clean(self):
        if self.supervisor and self.supervisor.role != Role.SUPERVISOR:
            raise ValidationError({"supervisor": _("A group is headed by a business supervisor.")})


class PersonQuerySet(models.QuerySet):
    def employed(self):
        """People who may work now; everybody else has nothing."""
        return self.filter(is_active=True)

    def in_role(self, *roles):
        return self.employed().filter(role__in=roles)

    def visible_to(self, person):
        """Colleagues in the agency, for the people of the six roles; members and administrators see no list of people."""
        return self.exclude(role="") if person.is_active and person.is_of_the_department else self.none()

    def named_like(self, text):
        """Every word of `text` is in the first, last or short name."""
        return self.filter(all_words(("first_name", "last_name", "username"), text.split()))

    def for_list(self):
        return self.select_related("group", "department", "guide", "reports_to")


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def create_user(self, username, email, password=None, **fields):
        """A person who may log in by `username` or `email`."""
        person = self.model(username=username, email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, username, email, password=None, **fields):
        """A technical administrator: everything in the admin, nothing in the business (CRD5)."""
        return self.create_user(username, email, password, is_superuser=True, **fields)


SHORT_NAME = _("Small letters, digits and hyphens, a letter first. It stays for good: histories and addresses name it.")
TAKEN_BY_PAGES = {"evaluations"}
GUIDES = (Role.MINISTER, Role.SUPERVISOR, Role.DIRECTOR, Role.MANAGER)


def checked_zone(value):
    if value not in available_timezones():
        raise ValidationError(_("%(zone)s is not a time zone such as Europe/London."), params={"zone": value})


def agency_zone():
    return settings.TIME_ZONE


def languages():
    """A function, so that a language more needs no migration."""
    return settings.LANGUAGES


WHOLE_WEEK = "100 100 100 100 100"
PART_TIME = _(
    "From Monday to Friday, the per cent of a day worked: 100 100 100 50 0. A working Saturday is for whole weeks only."
)
A_SHARE = r"(100|[1-9]?[0-9])"


class Person(AbstractUser):
    """Somebody who logs in: one of the six roles, a member of another department, or a technical administrator (no role)."""

    username = models.CharField(
        _("short name"), max_length=30, unique=True, help_text=SHORT_NAME,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*$", SHORT_NAME)],
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), unique=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    group = models.ForeignKey(
        BusinessGroup, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("business group")
    )
    guide = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="guided", verbose_name=_("guide"))
    reports_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("reports to")
    )
    week = models.CharField(
        _("working week"), max_length=19, default=WHOLE_WEEK, help_text=PART_TIME,
        validators=[RegexValidator(rf"^{A_SHARE}( {A_SHARE}){{4}}$", PART_TIME)],
    )  # fmt: skip
    probation_until = models.DateField(_("probation until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=agency_zone, validators=[checked_zone])
    language = models.CharField(_("language"), max_length=10, choices=languages, default=settings.LANGUAGE_CODE)
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, blank=True)
    news = models.CharField(_("news by mail"), max_length=8, choices=News, default=News.AT_ONCE)
    slash = models.BooleanField(_("the / key leads to the search"), default=True)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    OWN = ("time_zone", "language", "theme", "news", "slash")
    objects = PersonManager()
    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["first_name", "last_name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(
                condition=~models.Q(role="salesman") | models.Q(guide__isnull=False),
                name="every_salesman_has_a_guide",
                violation_error_message=_("A salesman works under the guidance of a colleague: name the guide (SAL5)."),
            ),
            models.CheckConstraint(
                condition=~models.Q(guide=models.F("pk")),
                name="nobody_guides_himself",
                violation_error_message=_("Nobody is the own guide."),
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    def get_absolute_url(self):
        return reverse("person", args=[self.username])

    @property
    def shares(self):
        """The per cent of each weekday worked, Monday first, Saturday and Sunday last."""
        at_work = tuple(int(share) for share in self.week.split())
        ends = 100 if self.week == WHOLE_WEEK else 0  # a Saturday worked by the whole agency is no part-timer's
        return (*at_work, ends, ends)

    @property
    def is_of_the_department(self):
        """Whether one of the six roles is held."""
        return self.role in SIX

    @property
    def can_be_evaluated(self):
        """Whether there is somebody to hand an evaluation to: the people of the department, while they work here."""
        return self.is_active and bool(rights.TABLE["accounts.view_own_evaluation"].scope(self))

    @property
    def is_staff(self):
        """Whether the Django admin opens: administrators, and coordinators for the schedule templates alone."""
        return self.is_active and (self.is_superuser or self.role == Role.COORDINATOR)

    def has_perm(self, perm, obj=None):
        """A right of the department's table is answered by the one backend that knows it (`may`), never by the superuser's
        short cut nor by permissions given in the admin; every other permission by the framework. What a client's contact does
        through a link nobody of ours does in his name."""
        if perm == rights.BY_LINK:
            return False
        if perm in rights.TABLE:
            return any(backend.may(self, perm, obj) for backend in get_backends() if hasattr(backend, "may"))
        return super().has_perm(perm, obj)

    def adjust(self, *, by, **own):
        """Change one's own settings (`OWN`) and nothing else: what an administrator changes meanwhile stays changed.

        Returns the names of those that are different now; where nothing is, the history has no line.
        """
        changed = sorted(name for name in own.keys() & self.OWN if getattr(self, name) != own[name])
        if changed:
            for name in changed:
                setattr(self, name, own[name])
            self._history_user = by
            self.save(update_fields=changed)
        return changed

    def clean(self):
        super().clean()
        self.email = self.email.lower()
        faults = dict(self._faults())
        if faults:
            raise ValidationError(faults)

    def _faults(self):
        """Pairs of a field and what is wrong with it beside the others."""
        if self.username in TAKEN_BY_PAGES:
            yield "username", _("This name is taken by a page of the house; please choose another.")
        if self.is_superuser and self.role:
            yield "role", _("A technical administrator has no role in the department.")
        if self.guide and self.guide.role not in GUIDES:
            yield "guide", _("A guide is a manager, director, supervisor or the minister.")
        if self.reports_to and self.pk and self.reports_to.is_under(self):
            yield "reports_to", _("The reporting line would run in a circle.")
        if self.pk and self.role not in GUIDES and (guided := self.guided.filter(role=Role.SALESMAN).first()):
            yield "role", _("%(person)s is guided by this person; name another guide first.") % {"person": guided}
        if self.pk and self.role != Role.SUPERVISOR and (group := self.headed_groups.first()):
            yield "role", _("This person heads %(group)s; name another supervisor there first.") % {"group": group}

    def is_under(self, person):
        """Whether `person` is this one or stands anywhere above in the reporting line."""
        seen, one = set(), self
        while one and one.pk not in seen:
            if one.pk == person.pk:
                return True
            seen.add(one.pk)
            one = one.reports_to
        return False
