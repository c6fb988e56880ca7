"""Numbers drawn by the server as SVG: geometry goes into attributes, because our content security policy blocks style.

`{% load drawings %}`; why it is so: docs/decisions/07-bars.md.
"""

from django import template
from django.utils.html import format_html, format_html_join

from agency import lanes

register = template.Library()


@register.inclusion_tag("_lane.html")
def lane(bars, *, days, today=None, label="", height=36, first_week=0):
    """A strip of `days` working days with its `agency.lanes.Bar`s. today, first_week: places counted from the left edge."""
    line = lanes.percent(today, days) if today is not None and 0 <= today <= days else ""
    drawn = {"places": lanes.places(bars, days), "weeks": lanes.weeks(days, start=first_week), "today": line}
    return drawn | {"label": label, "height": height, "middle": height // 2, "top": (height - 20) // 2, "foot": height - 7}


@register.inclusion_tag("_weeks.html")
def weeks(starts, *, days, today=None):
    """The head of lanes: `starts` holds (place, date) for each week shown."""
    return {
        "starts": [(lanes.percent(at, days), date, today is not None and at <= today < at + lanes.WEEK) for at, date in starts]
    }


@register.simple_tag
def measure(value, *, state, label, floor=None):
    """A value from 0 to 100 on a scale, with the mark it should reach."""
    at = lanes.percent(floor, 100) if floor else ""
    line = format_html('<line class="measure__floor" x1="{0}" x2="{0}" y1="-3" y2="13"/>', at) if at else ""
    return format_html(
        '<svg class="measure" data-state="{}" width="100%" height="10" role="img" aria-label="{}">'
        '<rect class="measure__ground" width="100%" height="10" rx="2"/>'
        '<rect class="measure__bar" width="{}" height="10" rx="2"/>{}</svg>',
        state, label, lanes.percent(min(max(value, 0), 100), 100), line,
    )  # fmt: skip


@register.simple_tag
def strip(*, label, draft=0, ours=0, client=0, done=0, risk=0, late=0, stopped=0):
    """How a whole divides into the seven states, like a printer's control strip."""
    counts = {"done": done, "ours": ours, "client": client, "risk": risk, "late": late, "stopped": stopped, "draft": draft}
    whole, at, parts = sum(counts.values()), 0, []
    for state, count in counts.items():
        if count:
            parts.append((state, lanes.percent(at, whole), lanes.percent(count, whole)))
        at += count
    rects = format_html_join("", '<rect class="strip__part" data-state="{}" x="{}" width="{}" height="8"/>', parts)
    return format_html('<svg class="strip" width="100%" height="8" role="img" aria-label="{}">{}</svg>', label, rects)
