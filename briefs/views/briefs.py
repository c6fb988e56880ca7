"""Intake briefs: the list, taking one, its page and its moves (DEP2, DEP3)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.forms import attempt
from agency.pages import make_move, require
from briefs.asked import asking_of
from briefs.comparison import changed_since
from briefs.forms import RIGHT, TakeForm
from briefs.lists import BriefList
from briefs.models import Brief
from briefs.reading import parts
from briefs.studying import may_study, of_brief
from clients.filing import files_of
from clients.ledger.pinned import pinned_for
from clients.owed import with_days_left
from clients.sharing import shares_of


def visible_brief(person, pk):
    return get_object_or_404(Brief.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def brief_list(request):
    require(request.user, Brief.view_right)
    return BriefList(request).response("briefs/brief_list.html", may_take=request.user.has_perm(RIGHT))


@require_safe
def brief_page(request, pk):
    brief, person = visible_brief(request.user, pk), request.user
    shown = {
        **sheet_of(brief),
        "moves": brief.moves_and_undo(person),
        "complete_state": "done" if brief.is_complete else "risk",
        "missing": [(name, brief.label_of(name)) for name in brief.missing],
        "may_write": brief.state in Brief.WRITABLE and person.has_perm(RIGHT, brief),
        "may_see_history": person.has_perm("clients.view_history", brief),
        "shares": shares_of(brief, person),
        "studying": (studying := of_brief(brief, person)),
        "may_study": may_study(brief, studying["study"], person),
        "pinned": pinned_for(person, brief.client, brief),
        "files": files_of(brief, person),
        "asking": asking_of(brief, person),
        "events": brief.events()[:20],
        "left": with_days_left([brief], person)[0].left,
    }
    return render(request, "briefs/brief_page.html", shown)


@require_safe
def brief_pdf(request, pk):
    brief = visible_brief(request.user, pk)
    name = f"{brief.client.code}-brief-{brief.pk}-v{brief.version}"
    return paper.pdf(request, "briefs/_brief_sheet.html", sheet_of(brief), name=name)


def sheet_of(brief):
    """What the sheet of a brief tells, on the page and on paper."""
    title = _("Intake brief: %(brief)s") % {"brief": brief}
    editions = list(brief.editions.select_related("created_by"))
    edition = next((it for it in editions if it.number == brief.edition_number), None)
    return {
        "brief": brief,
        "parts": parts(brief),
        "editions": editions,
        "edition": edition,
        "changed": changed_since(brief, edition),
        **paper.document(brief, title=title, number=brief.client.code),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def brief_new(request):
    require(request.user, RIGHT)
    form = TakeForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        person=request.user,
        initial={"client": request.GET.get("client")},
    )
    if form.is_bound and (brief := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("The brief is opened. Write what you know; you can save and come back."))
        return redirect("brief_edit", pk=brief.pk)
    return render(request, "briefs/brief_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def brief_move(request, pk, name):
    brief = visible_brief(request.user, pk)
    return make_move(request, brief, name, url=brief.get_absolute_url())
