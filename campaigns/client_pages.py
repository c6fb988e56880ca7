"""What a client's contact is asked about a plan, a change order and a work schedule through a safe link (DEP8). Each shows the
client view of what was frozen when it was sent, and nothing of ours."""

from functools import partial

from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.client_view import thawed
from campaigns.models import Baseline, ChangeOrder, Plan, ProgressReport
from campaigns.models.progress_report import ISSUE, PURPOSE
from campaigns.sheets import said_of
from clients.answering import Answer, answer_page
from clients.links import Purpose, register

PLAN_CHOICES = [
    (Answer.CONFIRMED, gettext_lazy("We agree the plan and its estimate")),
    (Answer.CHANGES, gettext_lazy("This must change")),
]
ORDER_CHOICES = [
    (Answer.CONFIRMED, gettext_lazy("We agree the change order")),
    (Answer.DECLINED, gettext_lazy("We decline it: the plan stays as agreed")),
]

SCHEDULE_CHOICES = [
    (Answer.CONFIRMED, gettext_lazy("We agree the work schedule")),
    (Answer.DECLINED, gettext_lazy("We do not agree these days")),
]


def plan_page(request, link):
    edition = link.subject
    if edition.plan.state != Plan.State.CLIENT or edition.digest != link.digest or edition != edition.plan.sheet:
        raise Http404
    shown = {"view": thawed(edition.content), "reference": edition.reference, **said_of(edition.content["text"])}
    question = _("Do you agree the plan and its estimate?")
    return answer_page(
        request, link, what=Plan.what, sheet="campaigns/_plan_outside.html", shown=shown, question=question,
        choices=PLAN_CHOICES, then=partial(_decide_plan, edition.plan),
    )  # fmt: skip


def _decide_plan(plan, visitor, confirmation):
    decide = plan.confirm if confirmation.answer == Answer.CONFIRMED else plan.ask_changes
    decide(by=visitor, words=confirmation.words)


def order_page(request, link):
    order = link.subject
    if order.state != ChangeOrder.State.CLIENT or order.digest != link.digest:
        raise Http404
    shown = {"view": thawed(order.content), "reference": order.reference, "text": order.content["text"]}
    return answer_page(
        request, link, what=ChangeOrder.what, sheet="campaigns/_order_outside.html", shown=shown,
        question=_("Do you agree the change order?"), choices=ORDER_CHOICES, then=partial(_decide_order, order),
    )  # fmt: skip


def _decide_order(order, visitor, confirmation):
    decide = order.confirm if confirmation.answer == Answer.CONFIRMED else order.decline
    decide(by=visitor, words=confirmation.words)


def schedule_page(request, link):
    schedule = link.subject
    if schedule.state != Baseline.State.CLIENT or schedule.digest != link.digest:
        raise Http404
    return answer_page(
        request, link, what=Baseline.what, sheet="campaigns/_baseline_outside.html", shown={"baseline": schedule},
        question=_("Do you agree the work schedule?"), choices=SCHEDULE_CHOICES, then=partial(_decide_schedule, schedule),
    )  # fmt: skip


def _decide_schedule(schedule, visitor, confirmation):
    decide = schedule.confirm if confirmation.answer == Answer.CONFIRMED else schedule.decline
    decide(by=visitor, words=confirmation.words)


def report_page(request, link):
    """To be read: nothing is asked, and nothing is decided by opening it."""
    report = link.subject
    if report.state != ProgressReport.State.RELEASED or report.digest != link.digest:
        raise Http404
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    shown = {
        "link": link,
        "report": report,
        "campaign": report.campaign,
        "sheet": "campaigns/_report_sheet.html",
        "outside": True,
    }
    return render(request, "client/read.html", shown)


register(Purpose(PURPOSE, gettext_lazy("How your campaign stands"), report_page, right=ISSUE, reminds=False))
register(Purpose(Plan.purpose, gettext_lazy("Agree our advertising plan and its estimate"), plan_page))
register(Purpose(ChangeOrder.purpose, gettext_lazy("Agree a change order"), order_page, right="campaigns.issue_change_order"))
register(Purpose(Baseline.purpose, gettext_lazy("Agree our work schedule"), schedule_page))
