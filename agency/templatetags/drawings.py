"""Numbers drawn by the server as SVG: geometry goes into attributes, because our content security policy blocks style.

`{% load drawings %}`; why it is so: docs/decisions/07-bars.md.
"""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import pgettext

from agency import lanes

register = template.Library()
# What stands on a lane beside bars; each is centred on the middle of its track.
MARKED = '<svg class="{form}" data-state="{state}" x="{end}" y="{y}"><title>{told}</title>'
MARKS = {
    "over": '<svg class="over" data-state="{state}" y="{y}"><rect x="{x}" width="{width}" y="-4" height="8"/></svg>',
    "spare": '<line class="spare" x1="{x}" x2="{end}" y1="{y}" y2="{y}"/>',
    "latest": MARKED + '<path d="M0-12v24"/></svg>',
    "promise": MARKED + '<path d="M-3 10v-20h8l-3 4 3 4h-8"/></svg>',
    "goal": MARKED + '<circle r="5"/><path d="M0-8v16M-8 0h16"/></svg>',
}
AT = 'class="{}" data-state="{}" x="{}" width="{}" y="{}" height="{}"'


@register.inclusion_tag("_lane.html")
def lane(bars, *, days, today=None, label="", height=36, first_week=0, axis=False):
    """A strip of `days` working days with its `agency.lanes.Bar`s. today, first_week: places counted from the left edge.

    axis: the rules of its weeks are those of the page's `{% axis %}`, told once for all lanes.
    """
    line = lanes.percent(today, days) if today is not None and 0 <= today <= days else ""
    rules = lanes.weeks(days, start=first_week)
    shapes = drawn(lanes.places(bars, days), height)
    linked = any(bar.url or bar.move for bar in bars)
    return {"weeks": rules, "today": line, "shapes": shapes, "label": label, "height": height, "axis": axis, "linked": linked}


@register.inclusion_tag("_axis.html")
def axis(rules, *, days, today=None):
    """The rules of all lanes of a page, drawn once and used by each with `axis=True`. rules: their places."""
    inside = today is not None and 0 <= today < days
    return {
        "rules": [lanes.percent(place, days) for place in rules if place],
        "today": lanes.percent(today, days) if inside else "",
    }


@register.inclusion_tag("_weeks.html")
def weeks(starts, *, days, today=None, by="week"):
    """The head of lanes: `starts` holds (place, date) for each day, week or month named; above them the month, or the year."""
    ends = [place for place, _date in starts[1:]] + [days]
    heads, said = [], None
    for (place, date), end in zip(starts, ends, strict=True):
        above = date_format(date, pgettext("head of a year", "Y") if by == "month" else pgettext("head of a month", "M"))
        now = today is not None and place <= today < end
        heads.append((lanes.percent(place, days), "" if above == said else above, _head(date, by), now))
        said = above
    return {"heads": heads}


def _head(date, by):
    return date_format(date, pgettext("head of a month", "M") if by == "month" else "j")


@register.inclusion_tag("_ties.html")
def ties(found, *, days, rows):
    """The arrows of a chart of `rows` rows of one height, laid under its lanes. found: `agency.lanes.Tie`s."""
    return {"ties": [lanes.tie_lines(tie, days, rows) | {"critical": tie.critical} for tie in found]}


def drawn(places, height):
    """The shapes of all bars of a lane."""
    tracks = max((place.bar.track for place in places), default=0) + 1
    thick = lanes.TRACKS[tracks]
    top = (height - tracks * thick - (tracks - 1) * 2) / 2
    shapes = (_shapes(place, top + place.bar.track * (thick + 2), thick, height) for place in places)
    return format_html_join("", "{}", ((shape,) for of_bar in shapes for shape in of_bar))


def _shapes(place, y, thick, height):
    """What one bar consists of: its ghost, its body with name and sentence, and the word beside it."""
    middle = f"{y + thick / 2:g}"
    if place.ghost_x:
        ghost = '<rect class="ghost" x="{}" width="{}" y="{}" height="4"/>'
        yield format_html(ghost, place.ghost_x, place.ghost_width, height - 7)
    if place.bar.form in MARKS:
        yield _mark(place, middle)
    elif place.bar.form != "word":
        yield _linked(place.bar, _body(place, f"{y:g}", thick))
    if place.bar.beside:
        yield _beside(place, middle)


def _mark(place, y):
    bar = place.bar
    at = {"x": place.x, "end": place.end, "width": place.width, "y": y}
    return format_html(MARKS[bar.form], form=bar.form, state=bar.state, told=bar.told, **at)


def _linked(bar, body):
    return format_html('<a href="{}"><title>{}</title>{}</a>', bar.url, bar.told, body) if bar.url else body


def _body(place, y, thick):
    bar = place.bar
    kind = "bar" + (f" bar--{bar.form}" if bar.form else "") + (" bar--critical" if bar.critical else "")
    told = format_html("<title>{}</title>", bar.told) if bar.told and not bar.url else ""
    at = format_html(AT, kind, bar.state, place.x, place.width, y, thick)
    if bar.move:
        at = format_html('{} data-move="{}" data-at="{}"', at, bar.move, bar.start)
    if not bar.name and bar.form != "hatched":
        return format_html('<rect {} rx="3">{}</rect>', at, told)
    inside = '<svg {}>{}<rect width="100%" height="100%" rx="3"/>{}{}</svg>'
    return format_html(inside, at, told, _hatch(bar, thick), _name(bar, thick))


def _hatch(bar, thick):
    if bar.form != "hatched":
        return ""
    line = '<line class="bar__hatch" x1="0" x2="200%" y1="{0}" y2="{0}" transform="skewX(-45)"/>'
    return format_html(line, thick // 2)


def _name(bar, thick):
    return format_html('<text class="bar__name" x="5" y="{}">{}</text>', thick // 2 + 4, bar.name) if bar.name else ""


def _beside(place, y):
    """The word beside a bar: behind it, or before it where it would run out of the lane."""
    x, dx, kind = (place.x, -9, "beside beside--before") if place.leftward else (place.end, 9, "beside")
    text = '<text class="{}" data-state="{}" x="{}" dx="{}" y="{}" dy="4">{}</text>'
    return format_html(text, kind, place.bar.state, x, dx, y, place.bar.beside)


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
