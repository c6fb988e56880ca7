"""What is agreed with a client: for which days, how it answers, what it pays, and who may confirm what (MGR3).

Terms of a client never overlap. New ones end those before on the day before; those that are over stay as they were.
"""

from datetime import timedelta

import holidays
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Refused, lock, revise
from agency.templatetags.dates import dated
from agency.workdays import calendar
from clients.models.authority import RIGHT, WhoConfirms
from clients.models.client import Client
from clients.models.record import BusinessQuerySet, ClientRecord

MARGIN = "campaigns.see_margin"
DAY = timedelta(days=1)


def known_country(code):
    if code not in holidays.list_supported_countries():
        text = _("No public holidays are known for %(code)s. Use the two letters of the country, such as GB.")
        raise ValidationError(text % {"code": code})


def _refuse_backward(first, last):
    if last and last < first:
        raise Refused(_("The last day of the terms is before their first."))


class TermsQuerySet(BusinessQuerySet):
    def valid_on(self, day):
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def valid_between(self, first, last):
        """Those that hold on a day from `first` to `last`; without a last day, for ever."""
        ahead = self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first))
        return ahead.filter(valid_from__lte=last) if last else ahead


class Terms(WhoConfirms, ClientRecord):
    """The terms of a client from a day on. Whoever sees the client file sees them, but for what tells of our margin."""

    class FeeBasis(models.TextChoices):
        PROJECT = "project", _("A fee for each project")
        RETAINER = "retainer", _("A retainer")
        HOURLY = "hourly", _("By the hour")
        COMMISSION = "commission", _("A commission")

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="terms", db_index=False, editable=False, verbose_name=_("client")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        _("days for an answer"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    rounds = models.PositiveSmallIntegerField(_("rounds of amends"), validators=[MaxValueValidator(20)])
    deemed_acceptance = models.BooleanField(_("silence is acceptance"), default=False)
    deemed_clause = models.TextField(_("clause on silence"), max_length=2000, blank=True)
    late_shift = models.BooleanField(_("a late answer shifts our dates day for day"), default=False)
    currency = models.CharField(
        _("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))]
    )
    country = models.CharField(_("holidays of the country"), max_length=2, blank=True, validators=[known_country])
    subdivision = models.CharField(_("part of the country"), max_length=10, blank=True)
    fee_basis = models.CharField(_("basis of the fee"), max_length=10, choices=FeeBasis)
    fee_note = models.TextField(_("note on the fee"), max_length=2000, blank=True)
    markup = models.DecimalField(
        _("mark-up in per cent"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    view_right = "clients.view_client"
    guarded = {MARGIN: ("markup", "fee_note")}
    told = {
        "created": _("wrote new terms"),
        "revised": _("corrected the terms"),
        "ended": _("ended the terms"),
        "authorised": _("wrote down who may confirm"),
        "unauthorised": _("ended who may confirm"),
    }

    objects = TermsQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-valid_from", "-pk"]
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["client", "valid_from"], name="terms_begin_once_a_day"),
            models.UniqueConstraint(fields=["client"], condition=Q(valid_until__isnull=True), name="one_open_end_of_terms"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")), name="terms_run_forward"
            ),
            models.CheckConstraint(
                condition=Q(deemed_acceptance=False) | ~Q(deemed_clause=""), name="deemed_acceptance_has_its_clause"
            ),
            models.CheckConstraint(condition=Q(answer_days__gte=1, answer_days__lte=60), name="terms_answer_days"),
            models.CheckConstraint(condition=Q(rounds__gte=0, rounds__lte=20), name="terms_rounds"),
            models.CheckConstraint(condition=Q(markup__gte=0, markup__lte=100), name="terms_markup"),
            models.CheckConstraint(
                condition=Q(fee_basis__in=["project", "retainer", "hourly", "commission"]), name="terms_fee_basis"
            ),
        ]

    def __str__(self):
        if self.is_of_the_house:
            return str(_("The house's own terms"))
        return _("Terms from %(day)s") % {"day": dated(self.valid_from)}

    def get_absolute_url(self):
        return reverse("terms", args=[self.client.code])

    # ── What holds ──────────────────────────────────────────────────────────────────────────────
    @classmethod
    def of_the_house(cls, client):
        """What holds where nothing is agreed with the client: the settings of the agency. Nobody is authorised there."""
        return cls(client=client, currency=settings.CURRENCY, **settings.HOUSE_TERMS)

    @property
    def is_of_the_house(self):
        return self.pk is None

    @property
    def is_over(self):
        return self.valid_until is not None and self.valid_until < clock.today()

    @property
    def has_begun(self):
        return self.valid_from <= clock.today()

    def calendar(self):
        """The working days by which the client's answer is counted: the client's country, else the agency's own."""
        return calendar(self.country, self.subdivision)

    def answer_due(self, day):
        """The day by which the client answers what it gets on `day`."""
        return self.calendar().add(day, self.answer_days)

    # ── Writing them ────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def open(cls, *, client, by, token, **fields):
        """New terms of a client. Those that hold on the first day end the day before; who may confirm goes over to the new.

        Raises PermissionDenied, or Refused where they would overlap others. Sent twice they are made once.
        """
        lock(client)
        if not by.has_perm(RIGHT, client):
            raise PermissionDenied(_("Your role does not change the terms of this client."))
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        terms = cls.of_the_house(client)
        for name, value in {**fields, "created_by": by, "token": token}.items():
            setattr(terms, name, value)
        before = terms.refuse_overlap()
        if before:
            before.end_before(terms.valid_from, by=by)
        terms.keep(by=by, reason="opened")
        terms.record_event("created", by=by, day=terms.valid_from.isoformat())
        if before:
            terms.take_over_authorities(before, by=by)
        return terms

    @transaction.atomic
    def rewrite(self, *, by, seen, changes):
        """Correct what is written; see `agency.flow.revise`. Refused where the terms are over or would overlap others.

        Where terms that have not begun are moved, those before end the day before them as ever: first or afterwards, so that
        the two never overlap.
        """
        lock(self.client)
        lock(self)
        first, begun_at, before = changes.get("valid_from", self.valid_from), self.valid_from, self.before
        if seen == self.version:
            self.refuse_changes(changes)
            if before and first < begun_at:
                before.end_before(first, by=by)
        changed = revise(self, by=by, needs=RIGHT, seen=seen, changes=changes)
        if before and first > begun_at:
            before.end_before(first, by=by)
        return changed

    def refuse_changes(self, changes):
        self.refuse_past()
        if changes.get("currency", self.currency) != self.currency and self.authorities.standing().limited().exists():
            raise Refused(
                _("Limits are agreed in %(currency)s: end them first, or write new terms.") % {"currency": self.currency}
            )
        first, last = changes.get("valid_from", self.valid_from), changes.get("valid_until", self.valid_until)
        if self.has_begun and first != self.valid_from:
            raise Refused(_("These terms have begun: their first day stays."))
        _refuse_backward(first, last)
        before = self.before
        reach = self.others().valid_between(first, last)
        self._refuse(reach.exclude(pk=before.pk, valid_from__lt=first).first() if before else reach.first())

    def refuse_past(self):
        if self.is_over:
            raise Refused(_("These terms are over and stay as they were. Write new ones."))

    @property
    def before(self):
        """The terms that end where these begin."""
        return self.others().filter(valid_until=self.valid_from - DAY).first()

    def refuse_overlap(self):
        """Raise Refused where other terms are in the way. Returns those that hold until now and can end the day before."""
        last = self.valid_until
        _refuse_backward(self.valid_from, last)
        meant = self.others().valid_between(self.valid_from, last).order_by("valid_from").first()
        before = meant if meant and meant.valid_from < self.valid_from and not meant.is_over else None
        others = self.others().exclude(pk=before.pk) if before else self.others()
        self._refuse(others.valid_between(self.valid_from, last).order_by("valid_from").first())
        return before

    def others(self):
        return Terms.objects.filter(client=self.client_id).exclude(pk=self.pk)

    def _refuse(self, other):
        if other is None:
            return
        words = {"first": dated(other.valid_from), "last": other.valid_until and dated(other.valid_until)}
        if other.valid_until:
            raise Refused(_("Other terms hold from %(first)s to %(last)s. Choose days on which none do.") % words)
        raise Refused(_("Other terms hold from %(first)s on. Choose a later first day, or a last day before.") % words)

    def end_before(self, day, *, by):
        self.valid_until = day - DAY
        self.keep(by=by, reason="ended by new terms")
        self.record_event("ended", by=by, day=self.valid_until.isoformat())
