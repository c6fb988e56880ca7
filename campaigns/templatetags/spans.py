"""`{% load spans %}`: the days of a step, as short as they can be said."""

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

from agency.templatetags.dates import day

register = template.Library()


@register.simple_tag
def span(first, last):
    """Thu 26 Nov for one day, else 19–25 Nov or 30 Nov – 4 Dec."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        begin, end = pgettext("first day of two in a month", "j"), pgettext("last day of two in a month", "j M")
        return f"{date_format(first, begin)}–{date_format(last, end)}"
    return f"{date_format(first, pgettext('short date', 'j M'))} – {date_format(last, pgettext('short date', 'j M'))}"
