"""Change orders: what the client wants beyond the agreed plan, written, sent, answered (DIR2, DEP8)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, page_of, require, tell_saved
from campaigns.models import ChangeOrder, Deliverable
from campaigns.models.change_order import ISSUE, WRITE, with_totals
from campaigns.models.outside import RECORD
from campaigns.order_forms import NewOrderForm, OrderForm
from campaigns.views import outside
from campaigns.views.campaigns import visible_campaign
from campaigns.views.estimates import VIEW, inside_of, new_line
from clients.owed import with_days_left

State = ChangeOrder.State


def visible_order(person, pk):
    """The change order that `person` sees, or 404."""
    seen = ChangeOrder.objects.visible_to(person)
    return get_object_or_404(
        seen.select_related("campaign__client", "client__group__supervisor", "holder", "deliverable"), pk=pk
    )


@require_safe
def change_orders(request, job_number):
    campaign, person = visible_campaign(request.user, job_number), request.user
    if not person.has_perm(VIEW, campaign):
        raise Http404
    page = page_of(campaign.change_orders.select_related("holder", "client"), request)
    shown = {"campaign": campaign, "page": page, "orders": with_totals(with_days_left(page.rows, person), campaign)}
    shown["may_write"] = campaign.plan.in_force is not None and person.has_perm(WRITE, campaign)
    return render(request, "campaigns/change_orders.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def change_order_new(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, WRITE, campaign)
    form = NewOrderForm(
        request.POST if request.method == "POST" else None, campaign=campaign, initial=offered(request, campaign)
    )
    if form.is_bound and (order := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("Begun as %(order)s. Next: what it costs.") % {"order": order.reference})
        return redirect(order)
    shown = {"campaign": campaign, "form": form}
    return render(request, "campaigns/change_order_edit.html", shown, status=422 if form.is_bound else 200)


def offered(request, campaign):
    """What the place where extra work was met already knows: its cause, the piece, the line that is full."""
    cause = request.GET.get("cause", "")
    if cause not in ChangeOrder.Cause:
        return {}
    known = {"cause": cause}
    if piece := campaign.deliverables.filter(letter=request.GET.get("deliverable", "")[:2].replace("\0", "")).first():
        title = _("Round %(n)d of amends: %(piece)s") % {"n": piece.allowed + 1, "piece": piece.what}
        text = ngettext("%(n)d round of amends is in the plan and is used. The client wants another.",
                        "%(n)d rounds of amends are in the plan and are used. The client wants another.",
                        piece.allowed) % {"n": piece.allowed}  # fmt: skip
        known |= {"deliverable": piece, "title": title[:120], "text": text}
    line = request.GET.get("line", "")
    full = campaign.budget_lines.filter(pk=int(line)).first() if line.isdecimal() and len(line) < 12 else None
    if full:
        known["title"] = full.name[:120]
    return known


@require_safe
def change_order(request, pk):
    order, person = visible_order(request.user, pk), request.user
    shown = {
        **inside_of(order, person), **outside.outside_of(order, person), **sheet_of(order),
        "campaign": order.campaign, "moves": order.moves_and_undo(person),
        "left": with_days_left([order], person)[0].left,
        "may_send": order.state == State.DRAFT and person.has_perm(ISSUE, order),
        "may_record": order.state in {State.DRAFT, State.CLIENT} and person.has_perm(RECORD, order),
        "may_see_history": person.has_perm("clients.view_history", order),
        "events": order.events()[:20],
    }  # fmt: skip
    return render(request, "campaigns/change_order.html", shown)


def sheet_of(order):
    title = _("Change order: %(title)s") % {"title": order.title}
    told = {"order": order, "campaign": order.campaign, "view": outside.view_of(order), "reference": order.reference}
    return {**told, "text": order.said(), **paper.document(order, title=title, number=order.reference)}


@require_safe
def change_order_pdf(request, pk):
    order = visible_order(request.user, pk)
    return paper.pdf(request, "campaigns/_order_sheet.html", sheet_of(order), name=order.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def change_order_edit(request, pk):
    order = visible_order(request.user, pk)
    require(request.user, WRITE, order)
    if order.state not in order.WRITABLE and request.method != "POST":
        raise Conflict(order, meanwhile(order))
    form = OrderForm(request.POST if request.method == "POST" else None, instance=order)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        tell_saved(request, order)
        return redirect(order)
    shown = {"campaign": order.campaign, "order": order, "form": form}
    return render(request, "campaigns/change_order_edit.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_order_line(request, pk):
    return new_line(request, visible_order(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def change_order_send(request, pk):
    return outside.send(request, visible_order(request.user, pk), right=ISSUE, states={State.DRAFT})


@require_http_methods(["GET", "HEAD", "POST"])
def change_order_record(request, pk):
    return outside.record(request, visible_order(request.user, pk), states={State.DRAFT, State.CLIENT})


@require_POST
def change_order_move(request, pk, name):
    order = visible_order(request.user, pk)
    return make_move(request, order, name, url=order.get_absolute_url())


@require_POST
def deliverable_move(request, pk, name):
    """Begin a round of amends on a piece, or take that back."""
    seen = Deliverable.objects.visible_to(request.user).select_related("campaign", "client__group__supervisor")
    piece = get_object_or_404(seen, pk=pk)
    return make_move(request, piece, name, url=piece.get_absolute_url())
