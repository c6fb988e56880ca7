"""The money of a campaign, and of the department (DIR2, MIN1). Who sees what is told in docs/money.md."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import clock
from agency.exports import attachment
from agency.forms import attempt
from agency.lists import Column
from agency.pages import make_move, require
from campaigns import reckoning
from campaigns.models import Actual, BudgetLine, Campaign, Commitment, Hours, PlanEdition, Step
from campaigns.models.budget import RECORD
from campaigns.models.estimate import MARGIN
from campaigns.models.hours import cost_of, may_note
from campaigns.money_forms import ENTRIES, EntryForm, ExpectForm, HoursForm, MoneyFilter
from campaigns.profit import Money, gathered, level_of, money_in, money_of
from campaigns.views.campaigns import visible_campaign
from campaigns.views.steps import visible_step
from campaigns.waterfall import waterfall
from clients.filing import files_of
from clients.forms import ShareForm

PRICES, SHARE = "campaigns.view_estimate", "clients.share_record"
ENTRIES_SHOWN, CAMPAIGNS_SHOWN = 100, 50


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
    lines = list(campaign.budget_lines.in_order())
    for line in lines:
        line.stands, line.level = line.spent, level_of(line.spent)
    shown = {"campaign": campaign, "lines": lines, **rights, "warns_at": settings.BUDGET_WARNS_AT}
    shown["may_let"] = rights["sees_margin"] and person.has_perm(SHARE, campaign)
    shown["may_offer"] = person.has_perm("campaigns.change_estimate", campaign)
    shown["price"] = sum((line.price for line in lines), reckoning.NOTHING)
    if rights["records"] or rights["sees_margin"]:
        shown["orders"] = entries_of(Commitment.objects.with_invoiced(), campaign, person)
        shown["invoices"] = entries_of(Actual.objects.select_related("order"), campaign, person)
    if rights["sees_margin"] and (money := money_in(campaign)):
        shown |= {"money": money, "fall": waterfall(money.spent), "profit": money.profit, "floor": settings.MARGIN_FLOOR,
                  "under": money.is_under_floor, "hours_cost": cost_of(money.hours)}  # fmt: skip
    return render(request, "campaigns/money.html", shown)


def entries_of(entries, campaign, person):
    return list(entries.visible_to(person).filter(campaign=campaign).with_names().order_by("-on", "-pk")[:ENTRIES_SHOWN])


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
        "sees_campaign": person.has_perm(Campaign.view_right, entry.campaign),
    }  # fmt: skip
    return render(request, "campaigns/money_entry.html", shown)


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
    form = ExpectForm(request.POST if request.method == "POST" else None, line=line)
    if form.is_bound and attempt(form, lambda: form.expect(by=request.user), field="expected"):
        messages.success(request, _("Saved."))
        return redirect(line)
    shown = {"line": line, "campaign": line.campaign, "form": form, "sees_margin": request.user.has_perm(MARGIN, line)}
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
    noted = list(Hours.objects.visible_to(person).filter(step=step).select_related("created_by", "client")[:ENTRIES_SHOWN])
    for line in noted:
        line.mine = line.created_by_id == person.pk and line.state == Hours.State.NOTED
    shown = {"step": step, "form": form, "noted": noted, "sees_campaign": person.has_perm(Step.view_right, step.campaign)}
    return render(request, "campaigns/step_hours.html", shown, status=422 if form is not None and form.is_bound else 200)


@require_POST
def hours_move(request, pk, name):
    line = get_object_or_404(Hours.objects.visible_to(request.user).select_related("step", "created_by"), pk=pk)
    return make_move(request, line, name, url=f"{line.step.get_absolute_url()}hours/")


# ── The department ──────────────────────────────────────────────────────────────────────────────
COLUMNS = (
    Column("name", _("What"), what=True), Column("campaigns", _("Campaigns"), kind="number"),
    *(Column(name, label, kind="money") for name, label in (
        ("billed", _("Billed")), ("third_party", _("To third parties")), ("income", _("Gross income")),
        ("over", _("Over the lines")), ("labour", _("Time")), ("profit", _("Profit")))),
    Column("margin", _("Margin in % of gross income"), kind="number"),
    Column("of_billings", _("Margin in % of billings"), kind="number"),
)  # fmt: skip


@require_safe
def department_money(request):
    """What the campaigns earn on which a person sees the margin: the department for the minister, the group for its head."""
    person = request.user
    require(person, MARGIN)
    seen = Campaign.objects.where(person, MARGIN)
    editions = PlanEdition.objects.in_force().filter(plan__campaign__in=seen.order_by().values("pk"))
    years = sorted({clock.today().year, *(day.year for day in editions.order_by().dates("confirmed_on", "year"))}, reverse=True)
    clients = seen.order_by("client__code").values_list("client__code", "client__name").distinct()
    asked = MoneyFilter(request.GET, years=years, clients=clients)
    year, by, code = asked.asked("year", years[0]), asked.asked("by", "campaign"), asked.asked("client", "")
    found = seen.filter(plan__editions__in=editions.filter(confirmed_on__year=year))
    found = found.filter(client__code=code) if code else found
    money, campaigns = money_of(found), list(found.select_related("client__group"))
    sums = list(gathered(campaigns, money, KEYS[by]).items())
    whole = sum((it for _key, it in sums), Money())
    if request.GET.get("export") in ("csv", "xlsx"):
        rows = [_row(_name(key), it) for key, it in sums] + [_row(_("Together"), whole)]
        return attachment(request.GET["export"], COLUMNS, rows, "Money", f"money-{year}-by-{by}")
    rows = [Weighed(_name(key), _url(key), it) for key, it in sums[:CAMPAIGNS_SHOWN]]
    shown = {"form": asked, "year": year, "by": by, "code": code, "years": years, "rows": rows, "whole": Weighed("", "", whole),
             "more": len(sums) - len(rows), "floor": settings.MARGIN_FLOOR, "found": bool(campaigns)}  # fmt: skip
    return render(request, "campaigns/department_money.html", shown)


class Weighed:
    """One row of the department's money: a name, where it leads, the sums, and its margin as a bar from 0 to 60 per cent."""

    SCALE = 60

    def __init__(self, name, url, money):
        self.name, self.url, self.money, self.profit = name, url, money, money.profit
        self.under = money.is_under_floor
        self.bar = int(max(0, min(money.profit.margin or 0, self.SCALE)) * 1000 / self.SCALE)
        self.floor = int(min(settings.MARGIN_FLOOR, self.SCALE) * 1000 / self.SCALE)


KEYS = {
    "campaign": lambda campaign, money: campaign,
    "client": lambda campaign, money: campaign.client,
    "group": lambda campaign, money: campaign.client.group,
    "month": lambda campaign, money: money.agreed_on.replace(day=1),
    "quarter": lambda campaign, money: (money.agreed_on.year, (money.agreed_on.month + 2) // 3),
}


def _name(key):
    if isinstance(key, tuple):
        return _("Quarter %(n)d of %(year)d") % {"n": key[1], "year": key[0]}
    if key is None:
        return _("no group")
    return date_format(key, "F Y") if hasattr(key, "month") else str(key)


def _url(key):
    return f"{key.get_absolute_url()}money/" if isinstance(key, Campaign) else ""


def _row(name, money):
    it = money.profit
    margins = [it.margin, it.margin_of_billings]
    return [name, money.campaigns, it.billed, it.third_party, it.income, it.over, it.labour, it.profit, *margins]
