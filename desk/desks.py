"""What stands on whose desk. Every part starts from what the person sees; a role has the panels of its work and no others."""

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person, Role
from briefs.models import Brief
from campaigns.models import Campaign, Step
from clients.models import Client
from desk.counts import figures
from desk.happened import happened
from desk.health import Round
from desk.inbox import Inbox
from desk.panels import approvals, chase, groups, seats, work
from desk.panels import stranded as adrift
from reminders.models import Notice

CLIENTS, NOTICES, SHARED = 8, 5, 10
WATCHERS = {Role.MINISTER, Role.SUPERVISOR, Role.DIRECTOR, Role.MANAGER, Role.COORDINATOR}


class Desk:
    """The desk of one person; since: when he looked at it last."""

    def __init__(self, person, since=None):
        self.person, self.since = person, since
        self.inbox = Inbox(person)
        self.today = self.inbox.today

    def parts(self):
        """Everything the page shows, by name: what all have, and what this role has beside it."""
        return self.of_all() | getattr(self, f"of_{self.person.role}")()

    @cached_property
    def figures(self):
        """The ledger head of those who watch the work of others."""
        return figures(self.person, self.today) if self.person.role in WATCHERS else None

    def of_all(self):
        lines = self.inbox.needs_me()
        return {
            "today": self.today,
            "since": self.since,
            "needs_me": lines,
            "lead": lead(lines),
            "groups": self.grouped(lines),
            "waits_for": self.inbox.waits_for(),
            "happened": happened(self.person, since=self.since, by_others=True),
            "notices": Notice.objects.unseen().visible_to(self.person).order_by("-pk")[:NOTICES],
            "figures": self.figures,
            "may_take": self.person.has_perm("briefs.change_brief"),
            "runs_schedule": self.person.has_perm("campaigns.check_step"),
            "runs_people": self.person.has_perm("accounts.check_director"),
            "may_assign": self.person.has_perm("clients.assign_client"),
        }

    def grouped(self, lines):
        if self.person.role == Role.COORDINATOR:
            return groups.of_coordinator(lines, self.inbox)
        return groups.by_deadline(lines, self.person, self.today)

    def of_minister(self):
        lacking, count = seats.lacking(self.person)
        clients = {**self.clients(), "lacking": lacking, "lacking_count": count}
        return {**clients, "chase": chase.chase_list(self.inbox), "away": self.away(), **self.stranded(), **self.approvals()}

    def of_supervisor(self):
        late = Inbox(self.person, most=CLIENTS)
        load = work.load(self.person, self.today)
        clashes = work.clashes(self.person, self.today, self.colleagues().filter(group__supervisor=self.person))
        watched = {"stuck": late.stuck((Step,)), "load": load, "clashes": clashes, "away": self.away(), **self.approvals()}
        return {**self.clients(), **watched, **self.stranded()}

    def of_director(self):
        return {**self.clients(), "campaigns": work.campaigns(self.person, self.today), **self.approvals()}

    of_manager = of_director

    def of_salesman(self):
        return self.clients()

    def of_coordinator(self):
        steps = {it["word"]: it["value"] for it in self.figures}
        return {
            **self.clients(),
            "lead": _("Late: %(late)d. Due today: %(due)d. Hand-offs to check: %(check)d.") % steps,
            "clashes": work.clashes(self.person, self.today, self.colleagues()),
            **work.lies_between(self.person),
            "away": self.away(),
            "hot": work.campaigns(self.person, self.today, only_hot=True),
            "chase": chase.chase_list(self.inbox, (Step,)),
            **self.stranded((Step,)),
        }

    def of_member(self):
        return {"shared": self.shared(), "clients": []}

    def clients(self):
        """The clients, worst first, and how many stand how."""
        seen = Client.objects.visible_to(self.person).filter(is_house=False).exclude(state=Client.State.FORMER)
        round_ = Round(seen.only("code", "name", "tier", "state"), self.person, self.today, whole=True)
        return {"clients": round_.worst(CLIENTS), "levels": round_.totals(), "serves": self.inbox.serves}

    def colleagues(self):
        return Person.objects.visible_to(self.person).employed().order_by("pk")

    def away(self):
        return work.away(self.person, self.today)

    def approvals(self):
        return {"approvals": approvals.waiting(self.person, self.today)}

    def stranded(self, kinds=adrift.ALL):
        lines, count = adrift.stranded(self.inbox, kinds)
        return {"stranded": lines, "stranded_count": count}

    def shared(self):
        """What has been opened to a member of another department, record by record, with what he was asked and until when."""
        live = self.person.share_set.live().select_related("given_by").order_by("-through")  # those given by hand count most
        shares = {(it.content_type_id, it.object_pk): it for it in live}
        found = [
            it for model in (Client, Brief, Campaign) for it in model.objects.visible_to(self.person).order_by("-pk")[:SHARED]
        ]
        for record in found:
            record.share = shares.get((ContentType.objects.get_for_model(record).pk, str(record.pk)))
        return found


def lead(lines):
    """How much needs a person, in a sentence."""
    late = sum(line.left is not None and line.left < 0 for line in lines)
    if not lines:
        return _("Nothing lies with you now.")
    needs = ngettext("%(n)d thing needs you", "%(n)d things need you", len(lines)) % {"n": len(lines)}
    return (
        _("%(needs)s, %(n)d late.") % {"needs": needs, "n": late} if late else _("%(needs)s, none is late.") % {"needs": needs}
    )
