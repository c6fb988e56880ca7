"""The desk: what needs me now, what I wait for, my clients, what happened. Each panel is a bounded number of queries."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import rights
from briefs.models import Brief
from campaigns.models import Campaign
from clients.models import Client
from desk.happened import happened
from desk.health import counted, figures
from desk.inbox import Inbox
from reminders.models import Notice

CLIENTS = 12
WATCHED = {"all", "grp", "asg"}


@require_safe
def desk(request):
    person = request.user
    if not person.role:
        return render(request, "desk/no_role.html")
    inbox = Inbox(person)
    scope = rights.TABLE["clients.view_client"].scope(person)
    shown = {
        "today": inbox.today,
        "needs_me": inbox.needs_me(),
        "waits_for": inbox.waits_for(),
        "notices": Notice.objects.visible_to(person).unseen().order_by("-pk")[:5],
        "happened": happened(person),
        "clients": counted(my_clients(person), "client", person, inbox.today) if scope in WATCHED else [],
        "figures": figures(person, inbox.today) if scope in WATCHED else None,
        "shared": shared_with(person) if scope == "share" else [],
        "serves": scope == "asg",
        "may_take": person.has_perm("briefs.change_brief"),
        "runs_schedule": person.has_perm("campaigns.check_step"),
        "runs_people": person.has_perm("accounts.check_director"),
    }
    shown["late"] = sum(record.left is not None and record.left < 0 for record in shown["needs_me"])
    return render(request, "desk/desk.html", shown)


def my_clients(person):
    """The clients one serves; for those who see more than that, the most important first."""
    clients = Client.objects.visible_to(person).filter(is_house=False).exclude(state=Client.State.FORMER)
    return sorted(
        clients.order_by("code")[: CLIENTS * 4], key=lambda client: (Client.Tier.values.index(client.tier), client.code)
    )[:CLIENTS]


def shared_with(person):
    """What has been opened to a member of another department, record by record."""
    return [record for model in (Client, Brief, Campaign) for record in model.objects.visible_to(person).order_by("-pk")[:10]]
