"""Dates, instants and amounts as our pages write them; in every template without loading, see docs/ui.md."""

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agency import clock

register = template.Library()


@register.filter(expects_localtime=True)
def day(value):
    """Tue 24 Nov; the year is added where it is not this one."""
    if not value:
        return ""
    near = value.year == clock.today().year
    return date_format(value, pgettext("date format", "D j M") if near else pgettext("date format", "D j M Y"))


@register.filter
def moment(value):
    """When something happened, in the person's zone: 10:32 today, else with its day."""
    if not value:
        return ""
    local = timezone.localtime(value)
    hour = date_format(local, pgettext("time format", "H:i"))
    if local.date() == timezone.localdate(clock.now()):
        return hour
    return pgettext("day and hour", "%(day)s, %(hour)s") % {"day": day(local), "hour": hour}


@register.filter(expects_localtime=True)
def dated(value):
    """Tue 24 Nov 2026: a day as a document tells it, which may be read in another year."""
    return date_format(value, pgettext("date format", "D j M Y")) if value else ""


@register.filter
def timed(value):
    """Tue 24 Nov 2026, 10:32: an instant as a document tells it, in the person's zone."""
    if not value:
        return ""
    local = timezone.localtime(value)
    hour = date_format(local, pgettext("time format", "H:i"))
    return pgettext("day and hour", "%(day)s, %(hour)s") % {"day": dated(local), "hour": hour}


@register.filter
def exact(value):
    """An instant for machines, in the attribute `datetime`: to the second, as HTML wants it."""
    return timezone.localtime(value).isoformat(timespec="seconds")


@register.filter
def since_when(value):
    """Since when something has lain somewhere: its hour today, else the day alone."""
    local = timezone.localtime(value)
    return moment(value) if local.date() == timezone.localdate(clock.now()) else day(local)


@register.simple_tag
def due(value, *, left=None, settled=False):
    """A date with the working days left to it, which the caller counts. settled: done, so that nothing is late any more."""
    if not value:
        return ""
    if left is None or settled:
        return format_html('<span class="due">{}</span>', day(value))
    state = format_html(' data-state="{}"', "late" if left < 0 else "risk") if left <= 0 else ""
    return format_html('<span class="due"{}>{}<span class="due__left">{}</span></span>', state, day(value), days_left(left))


def days_left(left):
    """In words: in 2 working days, today, 1 working day late."""
    if left == 0:
        return _("today")
    if left < 0:
        return ngettext("%(n)d working day late", "%(n)d working days late", -left) % {"n": -left}
    return ngettext("in %(n)d working day", "in %(n)d working days", left) % {"n": left}


@register.simple_tag
def money(amount, *, currency="", decimals=2):
    """An amount with its currency; nothing where no amount is named."""
    if amount is None:
        return ""
    figure = number_format(amount, decimals, use_l10n=True, force_grouping=True)
    return format_html(
        '<span class="money"><span class="money__cur">{}</span> {}</span>', currency or settings.CURRENCY, figure
    )
