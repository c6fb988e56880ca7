"""A brief that is saved as one types: each answer by itself, through the same form and the same checks.

The page sends the answers touched since the last time, the version it knows and `save=auto`. It is told in JSON what is
shown where; the words are ready HTML. `seen`: the version known from now on · `states`: how a question stands · `parts`: the
percentages and what is missing · `news`: answers that somebody else has changed meanwhile. What cannot be kept comes back as
`wrong` (422); what two people changed at once as `both` (409), nothing being overwritten.
"""

from itertools import pairwise

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from agency import clock
from agency.flow import Conflict, Refused
from agency.templatetags.dates import moment
from briefs.asking import Sheet, asked_of
from briefs.fields import BY_NAME, CATALOGUE
from briefs.forms import BriefForm
from briefs.models import Brief

MOST = 50  # versions of others that are looked through for what has changed
OWNERS = {name: asked.name for asked in CATALOGUE for name in asked.names}


def answer(request, form):
    """The answer to one piece of a form."""
    if not form.is_valid():
        return told(422, wrong=faults(form))
    seen = form.cleaned_data["seen"]
    try:
        written = form.write(by=request.user)
    except Conflict as conflict:
        if not conflict.may_send:
            return told(409, refused=str(conflict))
        return told(409, **both(request, conflict), news=news(request, form, seen))
    except Refused as why:
        return told(409, refused=str(why))
    alone = form.instance.version == seen + bool(written)
    return told(200, **saved(request, form), news=[] if alone else news(request, form, seen))


def told(status, **said):
    answer = JsonResponse(said, status=status)
    add_never_cache_headers(answer)
    return answer


def faults(form):
    """The sentences, by the question beside which they stand."""
    found = {}
    for name, errors in form.errors.items():
        found.setdefault(OWNERS.get(name, name), []).extend(str(error) for error in errors)
    return found


def saved(request, form):
    brief = form.instance
    sheet = sheet_of(brief)
    return {
        "seen": brief.version,
        "told": _("Saved %(hour)s") % {"hour": moment(clock.now())},
        "parts": {
            "asking": drawn(request, "briefs/_asking_now.html", sheet=sheet),
            "missing": drawn(request, "briefs/_asking_missing.html", sheet=sheet),
            **{f"block-{it.value}": drawn(request, "briefs/_percent.html", percent=of) for it, of in sheet.completeness.blocks},
        },
        "states": {
            name: drawn(request, "briefs/_stands.html", it=sheet.question(name)) for name in touched_by(form) if name in BY_NAME
        },
    }


def sheet_of(brief):
    return Sheet(BriefForm(instance=brief), asked_of(brief))


def touched_by(form):
    return {OWNERS.get(name, name) for name in (*form.sent, *form.marks_typed)}


def both(request, conflict):
    """For each question that two people changed: both texts, and the question as it stands now to take over."""
    brief = conflict.record
    sheet = sheet_of(brief)
    found = {}
    for row in conflict.rows:
        found.setdefault(OWNERS.get(row.name, row.name), []).append(row)
    return {
        "seen": brief.version,
        "both": {
            name: {
                "shown": drawn(request, "briefs/_both_here.html", rows=rows, sentence=str(conflict), name=name),
                "theirs": question(request, sheet, name),
            }
            for name, rows in found.items()
        },
    }


def news(request, form, seen):
    """What others have changed since the version `seen`, except for what this piece is about, as it stands now."""
    found, touched = others(form.instance, seen), touched_by(form)
    sheet = sheet_of(form.instance)
    return [{"name": name, "html": question(request, sheet, name, by)} for name, by in found.items() if name not in touched]


def others(brief, seen):
    """question → who changed it last, in the versions after `seen`."""
    rows = brief.history.filter(version__gte=seen).select_related("history_user").order_by("-version")[:MOST]
    found = {}
    for before, after in pairwise(reversed(rows)):
        found |= dict.fromkeys(changed_between(before, after), str(after.history_user or ""))
    return found


def changed_between(before, after):
    """The questions of which two lines of a history say different things."""
    for name in ("title", *OWNERS):
        attribute = Brief.attname_of(name)
        if getattr(before, attribute) != getattr(after, attribute):
            yield OWNERS.get(name, name)
    for name in before.marks.keys() | after.marks.keys():
        if before.marks.get(name) != after.marks.get(name):
            yield name


def question(request, sheet, name, by=""):
    """One question ready to stand on the page, as it is now."""
    if name == "title":
        return drawn(request, "briefs/_title_asked.html", field=sheet.form["title"], news=by)
    return drawn(request, "briefs/_question.html", it=sheet.question(name, news=by))


def drawn(request, template, **shown):
    return render_to_string(template, shown, request=request)
