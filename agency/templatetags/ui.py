"""The vocabulary of our pages: every tag, with an example of each, is told in docs/ui.md; forms and moves are in
`forms`, what is told or asked on top of a page in `notices`, bars and lanes in `drawings`.

Arguments after the subject are keyword-only, so a misspelt one is refused when the template is compiled. A tag shows what
it is given and decides nothing. Everything that comes from a person is escaped by `format_html` or by a template.
"""

from zlib import adler32

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, to_locale
from django.utils.translation import gettext as _

from agency import clock
from agency.icons import ICONS, MARKS

register = template.Library()

INKS = 8
STATES = {
    "draft": gettext_lazy("Draft"),
    "ours": gettext_lazy("With us"),
    "client": gettext_lazy("With the client"),
    "done": gettext_lazy("Done"),
    "risk": gettext_lazy("At risk"),
    "late": gettext_lazy("Late"),
    "stopped": gettext_lazy("Stopped"),
}
COURTS = {"ours": "ours", "department": "ours", "client": "client", "nobody": "done"}
UNBEGUN, ENDED = {"draft", "planned"}, {"declined", "stopped", "cancelled", "lost", "withdrawn"}


@register.simple_tag
def language_tag():
    """The language of the page as browsers and screen readers spell it: en-GB, zh-Hans."""
    return to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-")


# ── Small recognisable things ───────────────────────────────────────────────────────────────────
@register.simple_tag
def icon(name):
    """One of our line drawings; always beside a word."""
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', SafeString(ICONS[name]))


@register.simple_tag
def mark(state, *, word="", silent=False):
    """The mark of one of the seven states, with its word for those who do not see it. silent: the word stands beside it."""
    said = "" if silent else format_html('<span class="unseen">{}</span>', word or STATES[state])
    return format_html('<span class="marked" data-state="{}">{}{}</span>', state, _drawing(state), said)


def _drawing(state):
    return format_html('<svg class="mark" viewBox="0 0 12 12" aria-hidden="true">{}</svg>', SafeString(MARKS[state]))


@register.simple_tag
def chip(record=None, *, state="", word="", bare=False):
    """State as mark and word: of a record (by its court and state), or given outright."""
    state = state or tone(record)
    word = word or (record.get_state_display() if record is not None else STATES[state])
    kind = "chip chip--bare" if bare else "chip"
    return format_html('<span class="{}" data-state="{}">{}{}</span>', kind, state, _drawing(state), word)


@register.simple_tag
def stamp(record, *, on=None, note=""):
    """The state of a document, as a rubber stamp on its sheet; below it the version and its day, or what `note` says."""
    note = note or _("version %(n)d") % {"n": record.version}
    if on:
        note = f"{note} · {dated(on)}"
    return format_html(
        '<p class="stamp" data-state="{}"><span class="stamp__word">{}</span><span>{}</span></p>',
        tone(record), record.get_state_display(), note,
    )  # fmt: skip


@register.filter
def tone(record):
    """Which of the seven a record shows: its own `tone` if it says so, else its unbegun or ended state, else its court."""
    own = getattr(record, "tone", None)
    if own is not None:
        return own
    if record.state in UNBEGUN:
        return "draft"
    return "stopped" if record.state in ENDED else COURTS[record.court]


@register.simple_tag
def client_tab(client, *, url="", large=False):
    """The three-letter code on a tab whose ink hangs on the code alone; the name comes with it."""
    kind = "tab tab--large" if large else "tab"
    tab = format_html('<abbr class="{}" data-ink="{}" title="{}">{}</abbr>', kind, ink(client.code), client.name, client.code)
    return format_html('<a class="tab-link" href="{}">{}</a>', url, tab) if url else tab


def ink(code):
    """The same client has the same ink on every machine and in every year: 1 to 8."""
    return adler32(code.encode()) % INKS + 1


@register.simple_tag
def person_tag(person, *, url="", outside=False, nobody=""):
    """Initials and name of a person, or the sentence that nobody is named. outside: somebody on the client's side."""
    if person is None:
        return format_html('<span class="quiet">{}</span>', nobody or _("nobody yet"))
    kind = "person person--client" if outside else "person"
    inner = format_html(
        '<span class="person__face" aria-hidden="true">{}</span><span class="person__name">{}</span>', initials(person), person
    )
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', kind, url, inner)
    return format_html('<span class="{}">{}</span>', kind, inner)


def initials(person):
    words = str(person).split() or ["?"]
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()


# ── Dates and money ─────────────────────────────────────────────────────────────────────────────
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


# ── Parts of a page ─────────────────────────────────────────────────────────────────────────────
@register.simple_block_tag
def crumbs(content):
    """The way to this page: client › campaign › thing."""
    return format_html('<nav aria-label="{}"><ol class="crumbs">{}</ol></nav>', _("Where you are"), content)


@register.simple_tag
def crumb(label, *, url="", client=None):
    """One place on the way; without `url` it is this page."""
    tab = format_html("{} ", client_tab(client)) if client else ""
    if not url:
        return format_html('<li aria-current="page">{}{}</li>', tab, label)
    return format_html('<li><a href="{}">{}{}</a></li>', url, tab, label)


@register.simple_block_tag
def page_head(content, *, title, lead="", note="", record=None, left=None, client=None):
    """Name, state, court and buttons (the content). With a `record` it is set like a job ticket."""
    told = {"title": title, "lead": lead, "note": note, "record": record, "left": left, "client": client, "content": content}
    return render_to_string("_page_head.html", told)


@register.inclusion_tag("_court.html")
def court(record, *, left=None):
    """Whose ball, since when, by when."""
    return {"record": record, "left": left, "state": tone(record)}


@register.simple_block_tag
def panel(content, *, title, count=None, more="", more_url="", state="", padded=False, foot="", name=""):
    """A sheet on the ground. padded: text rather than a table; name: makes it a landmark and a place to link to."""
    told = {"title": title, "count": count, "more": more, "more_url": more_url, "state": state}
    return render_to_string("_panel.html", told | {"padded": padded, "foot": foot, "name": name, "content": content})


@register.inclusion_tag("_empty.html")
def empty_state(*, title, text="", url="", action="", icon=""):
    """What belongs here, and the first step towards it."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon}


@register.inclusion_tag("_trail.html")
def trail(events, *, more_url=""):
    """What happened, newest first."""
    return {"events": events, "more_url": more_url}


@register.inclusion_tag("_pager.html", takes_context=True)
def pager(context, page):
    """Links to the older rows and back to the newest of an `agency.pages.Page`."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    newest = query.urlencode() if query and query.pop("after", None) else None
    return {"page": page, "newest": None if newest is None else f"?{newest}"}


@register.inclusion_tag("_figure.html")
def figure(label, *, value, note="", state="", url="", current=False):
    """A figure of a ledger head; with `url` it opens its list. Stands inside <div class="figures">."""
    drawing = _drawing(state) if state else ""
    return {"label": label, "value": value, "note": note, "state": state, "url": url, "current": current, "drawing": drawing}
