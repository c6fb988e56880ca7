"""The money of a campaign, and of the department (DIR2, MIN1). Who sees what is told in docs/money.md."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.forms import attempt
from agency.pages import make_move, require
from campaigns import reckoning
from campaigns.client_view import thawed
from campaigns.entry_lists import LISTS
from campaigns.models import Actual, BudgetLine, Campaign, ChangeOrder, Commitment, Hours, Step
from campaigns.models.budget import RECORD
from campaigns.models.estimate import MARGIN
from campaigns.models.hours import cost_of, may_note
from campaigns.money_forms import ENTRIES, EntryForm, ExpectForm, HoursForm
from campaigns.money_lists import MoneyTable
from campaigns.profit import level_of, money_in
from campaigns.views.campaigns import visible_campaign
from campaigns.views.steps import visible_step
from campaigns.waterfall import waterfall
from clients.filing import files_of
from clients.forms import ShareForm

PRICES, SHARE = "campaigns.view_estimate", "clients.share_record"
LATEST = 20  # orders and invoices on the money page; the rest is in their lists
HOURS_SHOWN = 100


# ── One campaign ────────────────────────────────────────────────────────────────────────────────
def moneyed(person, job_number):
    """The campaign and the three rights on its money, for those who hold one of them; else 404."""
    campaign = visible_campaign(person, job_number)
    rights = {name: person.has_perm(right, campaign) for name, right in
              (("sees_margin", MARGIN), ("sees_prices", PRICES), ("records", RECORD))}  # fmt: skip
    if not any(rights.values()):
        raise Http404
    return campaign, rights


@require_safe
def campaign_money(request, job_number):
    person = request.user
    campaign, rights = moneyed(person, job_number)
    lines = list(campaign.budget_lines.select_related("source").in_order())
    for line in lines:
        line.stands, line.level = line.spent, level_of(line.spent)
    shown = {"campaign": campaign, "lines": lines, **rights, "warns_at": settings.BUDGET_WARNS_AT, "latest": LATEST}
    shown["may_let"] = rights["sees_margin"] and person.has_perm(SHARE, campaign)
    shown["may_offer"] = person.has_perm("campaigns.change_estimate", campaign)
    if lines and (rights["sees_prices"] or rights["sees_margin"]):
        shown |= agreed_by_client(campaign)
    if rights["records"] or rights["sees_margin"]:
        shown["orders"] = entries_of(Commitment.objects.with_invoiced(), campaign, person)
        shown["invoices"] = entries_of(Actual.objects.select_related("order"), campaign, person)
    if rights["sees_margin"] and (money := money_in(campaign)):
        shown["budget"] = sum((before_markup(line) for line in lines), reckoning.NOTHING)
        shown |= {
            "money": money,
            "fall": waterfall(money.spent, money.profit.over),
            "profit": money.profit,
            "floor": settings.MARGIN_FLOOR,
            "under": money.is_under_floor,
            "hours_cost": cost_of(money.hours),
        }
    return render(request, "campaigns/money.html", shown)


def agreed_by_client(campaign):
    """The plan in force and the change orders the client agreed, in the client view, and their sum before tax."""
    edition = campaign.plan.in_force
    orders = campaign.change_orders.filter(state=ChangeOrder.State.CONFIRMED).order_by("number")
    papers = [(edition.reference, edition.content)]
    papers += [(f"{campaign.job_number}-C{it.number}", it.content) for it in orders]
    papers = [(reference, thawed(content)) for reference, content in papers]
    total = sum((view.net for _reference, view in papers), reckoning.NOTHING)
    return {"papers": papers, "agreed": total, "currency": edition.currency}


def before_markup(line):
    """What the client agreed for a line, without our mark-up."""
    return min(line.cost, line.price) if line.cost else line.price


def entries_of(entries, campaign, person):
    """The latest of them, one more than is shown."""
    return list(entries.visible_to(person).filter(campaign=campaign).with_names().order_by("-on", "-pk")[: LATEST + 1])


@require_safe
def money_entries(request, job_number, kind):
    """All orders, or all invoices, of a campaign."""
    campaign, rights = moneyed(request.user, job_number)
    if not (rights["records"] or rights["sees_margin"]):
        raise Http404
    return LISTS[kind](request, campaign).response("campaigns/money_entries.html", campaign=campaign, kind=kind, **rights)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request, job_number, kind):
    """Book an order or an invoice."""
    campaign, _rights = moneyed(request.user, job_number)
    require(request.user, RECORD, campaign)
    sent = request.method == "POST"
    initial = {"line": request.GET.get("line") if request.GET.get("line", "").isdecimal() else None}
    form = EntryForm(
        request.POST if sent else None, request.FILES if sent else None, campaign=campaign, kind=kind, initial=initial
    )
    if form.is_bound and (entry := attempt(form, lambda: form.book(by=request.user))):
        messages.success(request, _("Booked: %(entry)s.") % {"entry": entry})
        return redirect("campaign_money", job_number=job_number)
    shown = {"campaign": campaign, "form": form, "kind": kind}
    shown["may_offer"] = request.user.has_perm("campaigns.change_estimate", campaign)
    return render(request, "campaigns/entry_new.html", shown, status=422 if form.is_bound else 200)


def visible_entry(person, kind, pk):
    """The order or invoice that `person` sees, or 404."""
    seen = ENTRIES[kind].objects.visible_to(person).with_names()
    return get_object_or_404(seen.select_related("client__group__supervisor", "line", "campaign", "created_by"), pk=pk)


@require_safe
def money_entry(request, kind, pk):
    entry, person = visible_entry(request.user, kind, pk), request.user
    shown = {
        "entry": entry, "campaign": entry.campaign, "moves": entry.moves_and_undo(person), "files": files_of(entry, person),
        "events": entry.events()[:20], "may_see_history": person.has_perm("clients.view_history", entry),
        "sees_campaign": person.has_perm(Campaign.view_right, entry.campaign), "invoices": invoices_on(entry, person),
        "latest": LATEST, "open": entry.open_amount if entry.kind == Commitment.kind else None,
    }  # fmt: skip
    return render(request, "campaigns/money_entry.html", shown)


def invoices_on(entry, person):
    """The invoices that came on an order, one more than is shown; none of an invoice."""
    if entry.kind == Actual.kind:
        return []
    return list(entry.actuals.visible_to(person).with_names().order_by("-on", "-pk")[: LATEST + 1])


@require_POST
def money_entry_move(request, kind, pk, name):
    entry = visible_entry(request.user, kind, pk)
    return make_move(request, entry, name, url=entry.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def budget_line(request, pk):
    """What is still to come on a line of the budget."""
    seen = BudgetLine.objects.visible_to(request.user).select_related("campaign", "client__group__supervisor")
    line = get_object_or_404(seen, pk=pk)
    require(request.user, RECORD, line.campaign)
    require(request.user, MARGIN, line)
    form = ExpectForm(request.POST if request.method == "POST" else None, line=line)
    if form.is_bound and attempt(form, lambda: form.expect(by=request.user), field="expected"):
        messages.success(request, _("Saved."))
        return redirect(line)
    shown = {"line": line, "campaign": line.campaign, "form": form}
    shown["may_see_history"] = request.user.has_perm("clients.view_history", line)
    return render(request, "campaigns/budget_line.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_let(request, job_number):
    """Let a colleague of another department, Finance mostly, record orders and invoices."""
    campaign, _rights = moneyed(request.user, job_number)
    require(request.user, SHARE, campaign)
    require(request.user, MARGIN, campaign)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: campaign.let_record(by=request.user, **form.cleaned_data)):
        messages.success(request, _("%(person)s may record orders and invoices now.") % {"person": form.cleaned_data["person"]})
        return redirect("campaign_money", job_number=job_number)
    return render(
        request, "campaigns/let_record.html", {"campaign": campaign, "form": form}, status=422 if form.is_bound else 200
    )


# ── Hours ───────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def step_hours(request, pk):
    """The hours of a step, and the form for the own ones."""
    person, step = request.user, visible_step(request.user, pk)
    form = HoursForm(request.POST if request.method == "POST" else None) if may_note(person, step) else None
    if request.method == "POST":
        require(person, "campaigns.work_step", step)
        if attempt(form, lambda: form.note_down(step, by=person)):
            messages.success(request, _("Noted."))
            return redirect("step_hours", pk=pk)
    noted = list(Hours.objects.visible_to(person).filter(step=step).select_related("created_by", "client")[:HOURS_SHOWN])
    for line in noted:
        line.mine = line.created_by_id == person.pk and line.state == Hours.State.NOTED
    shown = {"step": step, "form": form, "noted": noted, "sees_campaign": person.has_perm(Step.view_right, step.campaign)}
    return render(request, "campaigns/step_hours.html", shown, status=422 if form is not None and form.is_bound else 200)


@require_POST
def hours_move(request, pk, name):
    line = get_object_or_404(Hours.objects.visible_to(request.user).select_related("step", "created_by"), pk=pk)
    return make_move(request, line, name, url=f"{line.step.get_absolute_url()}hours/")


# ── The department ──────────────────────────────────────────────────────────────────────────────
@require_safe
def department_money(request):
    """What the campaigns earn on which a person sees the margin: the department for the minister, the group for its head."""
    require(request.user, MARGIN)
    return MoneyTable(request).response("campaigns/department_money.html")
