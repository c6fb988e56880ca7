"""Two versions of a brief side by side (DEP3)."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agency.flow import Refused
from agency.pages import require
from agency.templatetags.dates import timed
from briefs.comparison import HISTORY, NOW, differences, in_blocks, version_of
from briefs.views.briefs import visible_brief

LINES = 30  # of the history are offered; older ones are reached by their number in the address


@require_safe
def brief_compare(request, pk):
    brief, person = visible_brief(request.user, pk), request.user
    may_see_history = person.has_perm("clients.view_history", brief)
    offered = versions_offered(brief, may_see_history)
    before, after = refs_asked(request.GET, offered)
    if HISTORY.fullmatch(before) or HISTORY.fullmatch(after):
        require(person, "clients.view_history", brief)
    shown = {"brief": brief, "offered": offered, "a": before, "b": after, "all": request.GET.get("all") == "1"}
    try:
        return render(request, "briefs/brief_compare.html", shown | compared(brief, before, after, shown["all"]))
    except Refused as why:
        return render(request, "briefs/brief_compare.html", shown | {"sentence": str(why)}, status=404)


def compared(brief, before, after, with_all):
    """What two versions say, under the blocks of the brief."""
    before, after = version_of(brief, before), version_of(brief, after)
    rows = differences(before, after)
    changed = [it for it in rows if it.is_changed]
    return {"before": before, "after": after, "count": len(changed), "blocks": in_blocks(rows if with_all else changed)}


def versions_offered(brief, with_history):
    """(reference, words) of what can be compared: what stands now, the editions, the lines of the history."""
    editions = brief.editions.values_list("number", "withdrawn", "created_at")
    words = {False: _("Edition %(n)d, accepted %(when)s"), True: _("Edition %(n)d, withdrawn, of %(when)s")}
    found = [(NOW, _("As it stands now"))]
    found += [(str(number), words[gone] % {"n": number, "when": timed(at)}) for number, gone, at in editions]
    lines = brief.history.order_by("-version").values_list("version", "history_date") if with_history else ()
    written = _("Version %(n)d of %(when)s")
    return found + [(f"v{number}", written % {"n": number, "when": timed(at)}) for number, at in lines[:LINES]]


def refs_asked(asked, offered):
    """The two versions of the address; without them what stands now, beside the edition or the version before."""
    now, *others = [ref for ref, _words in offered]
    editions = [ref for ref in others if not ref.startswith("v")]
    usual = (editions or others[1:] or [now])[0]
    return asked.get("a", usual).strip(), asked.get("b", now).strip()
