"""A client's page, which gathers what hangs on it from every floor, and the minister's assigning (MIN6)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import require
from briefs.models import Brief
from campaigns.models import Campaign
from clients.agreed import glance
from clients.filing import files_of
from clients.forms import AssignForm, ReasonForm
from clients.ledger.pinned import pinned_for
from clients.models import Assignment, Client, Contact
from clients.owed import with_days_left
from clients.sharing import shares_of
from desk.counts import counted
from desk.handover import hand_over, vacate
from desk.happened import happened
from desk.health import with_health

ASSIGN = "clients.assign_client"
ROWS = 20


def visible_client(person, code):
    return get_object_or_404(Client.objects.visible_to(person).select_related("group__supervisor"), code=code)


@require_safe
def client_page(request, code):
    person = request.user
    client = visible_client(person, code)
    may_see_history = person.has_perm("clients.view_history", client)
    shown = {
        "client": with_health([client], person, clock.today_for(person))[0],
        "moves": client.moves_and_undo(person),
        "team": of(Assignment, client, person).current().select_related("person").order_by("seat", "pk"),
        "contacts": of(Contact, client, person).current().order_by("name", "pk")[: ROWS + 1],
        "most": ROWS,
        "glance": glance(client, person, clock.today()),
        "briefs": with_days_left(of(Brief, client, person).for_page().order_by("-pk")[:ROWS], person),
        "campaigns": campaigns_of(client, person),
        "served": of(Assignment, client, person).select_related("person", "ended_by")[:50] if may_see_history else None,
        "happened": happened(person, client),
        "shares": shares_of(client, person),
        "pinned": pinned_for(person, client),
        "files": files_of(client, person),
        "may_assign": person.has_perm(ASSIGN, client),
        "may_place": person.has_perm("clients.add_client", client),
        "may_take": client.state != Client.State.FORMER and person.has_perm("briefs.change_brief", client),
        "may_see_history": may_see_history,
        "may_contact": person.has_perm("clients.log_contact", client),
    }
    return render(request, "desk/client.html", shown)


def of(model, client, person):
    """What of this kind hangs on the client and may be seen."""
    return model.objects.visible_to(person).filter(client=client)


def campaigns_of(client, person):
    """The latest campaigns, each with the counts of its steps."""
    return counted(of(Campaign, client, person).order_by("-pk")[:ROWS], "campaign", person, clock.today_for(person))


@require_http_methods(["GET", "HEAD", "POST"])
def client_assign(request, code):
    client = visible_client(request.user, code)
    require(request.user, ASSIGN, client)
    form = AssignForm(request.POST if request.method == "POST" else None, initial={"seat": request.GET.get("seat")})
    if form.is_bound and (done := attempt(form, lambda: hand_over(client, by=request.user, **form.cleaned_data))):
        messages.success(request, told(*done))
        return redirect(client)
    shown = {"client": client, "form": form, "offers_guide": form.is_bound and form.offers_guide(client), "team": client.team}
    return render(request, "desk/assign.html", shown, status=422 if form.is_bound else 200)


def told(given, ended, passed):
    """What happened, in a sentence or two."""
    words = {"person": given.person, "seat": given.get_seat_display(), "n": passed, "former": ended and ended.person}
    sentence = _("%(person)s now holds the seat: %(seat)s.") % words
    if ended is None:
        return sentence
    return (
        f"{sentence} "
        + ngettext(
            "%(n)d piece of open work passed on from %(former)s, whose seat has ended.",
            "%(n)d pieces of open work passed on from %(former)s, whose seat has ended.",
            passed,
        )
        % words
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request, code, pk):
    client = visible_client(request.user, code)
    require(request.user, ASSIGN, client)
    seat = get_object_or_404(
        of(Assignment, client, request.user).filter(ended_at__isnull=True).select_related("person", "client"), pk=pk
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: (vacate(seat, by=request.user, reason=form.cleaned_data["reason"]),)):
        messages.success(
            request,
            _("%(person)s no longer holds the seat: %(seat)s.") % {"person": seat.person, "seat": seat.get_seat_display()},
        )
        return redirect(client)
    return render(
        request, "desk/seat_end.html", {"client": client, "seat": seat, "form": form}, status=422 if form.is_bound else 200
    )
