from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts import rights


class Role(models.TextChoices):
    MINISTER = "minister", _("Minister")
    SUPERVISOR = "supervisor", _("Business Supervisor")
    DIRECTOR = "director", _("Account Director")
    MANAGER = "manager", _("Account Manager")
    SALESMAN = "salesman", _("Salesman")
    COORDINATOR = "coordinator", _("Operations Coordinator")
    MEMBER = "member", _("Member of another department")


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
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="headed_groups", verbose_name=_("supervisor")
    )
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


def checked_zone(value):
    if value not in available_timezones():
        raise ValidationError(_("%(zone)s is not a time zone such as Europe/London."), params={"zone": value})


def agency_zone():
    return settings.TIME_ZONE


class Person(AbstractUser):
    """Somebody who logs in: one of the six roles, a member of another department, or a technical administrator (no role)."""

    email = models.EmailField(_("e-mail"), unique=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department"))
    group = models.ForeignKey(BusinessGroup, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("business group"))
    guide = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="guided", verbose_name=_("guide"))
    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("reports to"))
    probation_until = models.DateField(_("probation until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=agency_zone, validators=[checked_zone])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

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
                condition=~models.Q(guide=models.F("pk")), name="nobody_guides_himself",
                violation_error_message=_("Nobody is the own guide."),
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def is_staff(self):
        """Whether the Django admin opens: administrators, and coordinators for the schedule templates alone."""
        return self.is_active and (self.is_superuser or self.role == Role.COORDINATOR)

    def has_perm(self, perm, obj=None):
        """A right of the department's table is answered by the one backend that knows it (`may`), never by the superuser's
        short cut nor by permissions given in the admin; every other permission by the framework."""
        if perm in rights.TABLE:
            return any(backend.may(self, perm, obj) for backend in get_backends() if hasattr(backend, "may"))
        return super().has_perm(perm, obj)

    def clean(self):
        super().clean()
        self.email = self.email.lower()
        if self.guide and self.guide.role in {Role.SALESMAN, Role.COORDINATOR, Role.MEMBER, ""}:
            raise ValidationError({"guide": _("A guide is a manager, director, supervisor or the minister.")})
        if self.is_superuser and self.role:
            raise ValidationError({"role": _("A technical administrator has no role in the department.")})
