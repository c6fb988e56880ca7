"""The vocabulary of our pages: every tag, with an example of each, is told in docs/ui.md. Dates and money are in
`dates`, forms and moves in `forms`, what is told or asked on top of a page in `notices`, bars and lanes in `drawings`.

Arguments after the subject are keyword-only, so a misspelt one is refused when the template is compiled. A tag shows what
it is given and decides nothing. Everything that comes from a person is escaped by `format_html` or by a template.
"""

from zlib import adler32

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from agency.glossary import TERMS
from agency.icons import ICONS, MARKS
from agency.templatetags.dates import dated

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
UNBEGUN = {"draft", "planned"}
ENDED = {"declined", "stopped", "cancelled", "lost", "withdrawn", "struck", "skipped"}


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
def term(key, *, text=""):
    """A word of the trade with its meaning behind it: pointed at it is read, pressed it leads to its place in the glossary."""
    word = TERMS[key]
    address = f"{reverse('glossary')}#{key}"
    return format_html('<a class="term" href="{}" title="{}">{}</a>', address, word.meaning, text or word.word)


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
