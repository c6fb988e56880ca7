"""The health of a client: one rule for the desk, the client's page and the department (told in docs/health.md).

A condition says which records of a kind count against their client, how badly, and what is said of them. A record counts once,
under the first condition that it meets. A client is as well as its worst condition; the reasons are always told.
A later slice adds its condition to CONDITIONS and nothing else. However many clients: two queries for each kind of record.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from agency.flow import Court
from agency.templatetags.dates import day as told_day
from agency.workdays import calendar
from approvals.models import Sample
from briefs.models import Brief, Enquiry, Opinion, Playback
from campaigns.models import Plan, Step, standing
from clients.models import Client
from clients.owed import days_left
from desk.counts import counted
from desk.sieve import Sieve

LATE, RISK, WELL, IDLE = "late", "risk", "done", "draft"
LEVELS = {
    LATE: gettext_lazy("Late"),
    RISK: gettext_lazy("At risk"),
    WELL: gettext_lazy("On track"),
    IDLE: gettext_lazy("No work yet"),
}
WORST_FIRST = list(LEVELS)
TIERS = list(Client.Tier.values)


@dataclass(frozen=True)
class Condition:
    """name · level: how badly it counts · model: of which records · holds: today → condition on them · by: the day that
    makes one worse than another, earliest first · said: (how many, the worst of them, its working days left) → a sentence."""

    name: str
    level: str
    model: type
    holds: Callable
    by: str
    said: Callable


@dataclass(frozen=True)
class Reason:
    """Why a client stands as it does: how badly, the sentence, and the page of the record it names."""

    level: str
    text: str
    url: str = ""

    def __str__(self):
        return self.text


class Health:
    """Level and reasons of one client, worst first."""

    def __init__(self, reasons, work, whole):
        self.work, self.whole = work, whole
        self.reasons = reasons or [_no_reason(work, whole)]
        self.level = self.reasons[0].level

    @property
    def word(self):
        return LEVELS[self.level]

    @property
    def text(self):
        """All reasons as one sentence."""
        return capfirst(pgettext("between reasons", "; ").join(map(str, self.reasons))) + pgettext("end of a sentence", ".")


def _no_reason(work, whole):
    if not whole:
        return Reason(IDLE, _("no work schedule yet"))
    told = ngettext(
        "%(done)d of %(whole)d step checked, nothing late", "%(done)d of %(whole)d steps checked, nothing late", whole
    )
    return Reason(WELL, told % {"done": work["done"], "whole": whole})


def tally(levels):
    """How many stand how, worst first; levels on which none stands are left out."""
    return [{"level": it, "word": word, "n": levels.count(it)} for it, word in LEVELS.items() if it in levels]


# ── What counts against a client ────────────────────────────────────────────────────────────────


def _late_ours(today):
    return standing.is_late(today) & ~Q(court=Court.CLIENT)


def _late_theirs(today):
    return standing.is_late(today) & Q(court=Court.CLIENT)


def _late_said(n, step, left):
    over = ngettext("%(n)d working day", "%(n)d working days", -left) % {"n": -left}
    told = ngettext("%(n)d step late: %(step)s, %(over)s", "%(n)d steps late: %(step)s, %(over)s", n)
    return told % {"n": n, "step": step, "over": over}


def _answer_said(n, step, left):
    told = ngettext(
        "client’s answer to %(step)s overdue since %(day)s",
        "%(n)d answers of the client overdue, the first to %(step)s since %(day)s",
        n,
    )
    return told % {"n": n, "step": step, "day": told_day(step.ends_on)}


def _risk_said(n, step, left):
    told = ngettext("%(n)d step at risk: %(step)s, due %(day)s", "%(n)d steps at risk, the first %(step)s, due %(day)s", n)
    return told % {"n": n, "step": step, "day": told_day(step.ends_on)}


def _blocked_said(n, step, left):
    told = ngettext(
        "%(n)d step blocked: %(step)s should have begun %(day)s",
        "%(n)d steps blocked, the first %(step)s, which should have begun %(day)s",
        n,
    )
    return told % {"n": n, "step": step, "day": told_day(step.starts_on)}


def _waits(today):
    return ~Q(court=Court.NOBODY) & Q(due_on__lt=today)


def _brief_said(n, brief, left):
    told = ngettext("brief “%(brief)s” overdue since %(day)s", "%(n)d briefs overdue, the first “%(brief)s” since %(day)s", n)
    return told % {"n": n, "brief": brief, "day": told_day(brief.due_on)}


def _silent(today):
    """The client has not answered by the day that the terms give it."""
    return Q(court=Court.CLIENT, due_on__lt=today)


def _enquiry_said(n, enquiry, left):
    told = ngettext(
        "answers on “%(brief)s” overdue since %(day)s",
        "%(n)d lists of questions unanswered, the first on “%(brief)s” since %(day)s",
        n,
    )
    return told % {"n": n, "brief": enquiry.brief, "day": told_day(enquiry.due_on)}


def _playback_said(n, playback, left):
    told = ngettext(
        "playback of “%(brief)s” unanswered since %(day)s",
        "%(n)d playbacks unanswered, the first of “%(brief)s” since %(day)s",
        n,
    )
    return told % {"n": n, "brief": playback.brief, "day": told_day(playback.due_on)}


def _opinion_said(n, opinion, left):
    told = ngettext(
        "joint study: %(department)s overdue on “%(brief)s” since %(day)s",
        "joint studies: %(n)d answers overdue, the first of %(department)s on “%(brief)s” since %(day)s",
        n,
    )
    words = {"department": opinion.department, "brief": opinion.study.brief, "day": told_day(opinion.due_on)}
    return told % {"n": n, **words}


def _plan_said(n, plan, left):
    told = ngettext("plan of %(job)s overdue since %(day)s", "%(n)d plans overdue, the first of %(job)s since %(day)s", n)
    return told % {"n": n, "job": plan.campaign.name, "day": told_day(plan.due_on)}


def _sample_said(n, sample, left):
    told = ngettext("sample %(sample)s overdue since %(day)s", "%(n)d samples overdue, the first %(sample)s since %(day)s", n)
    return told % {"n": n, "sample": sample.reference, "day": told_day(sample.due_on)}


CONDITIONS = (
    Condition("late_steps", LATE, Step, _late_ours, "ends_on", _late_said),
    Condition("overdue_answers", LATE, Step, _late_theirs, "ends_on", _answer_said),
    Condition("steps_at_risk", RISK, Step, standing.is_at_risk, "ends_on", _risk_said),
    Condition("blocked_steps", RISK, Step, standing.is_blocked, "ends_on", _blocked_said),
    Condition("waiting_briefs", RISK, Brief, _waits, "due_on", _brief_said),
    Condition("silent_on_questions", RISK, Enquiry, _silent, "due_on", _enquiry_said),
    Condition("silent_on_playback", RISK, Playback, _silent, "due_on", _playback_said),
    Condition("waiting_studies", RISK, Opinion, _waits, "due_on", _opinion_said),
    Condition("waiting_plans", RISK, Plan, _waits, "due_on", _plan_said),
    Condition("waiting_samples", RISK, Sample, _waits, "due_on", _sample_said),
)
# What a sentence or an address names besides the record.
RELATED = {Plan: ("campaign",), Enquiry: ("brief",), Playback: ("brief",), Opinion: ("department", "study__brief"),
           Sample: ("campaign", "deliverable")}  # fmt: skip


# ── The rule ────────────────────────────────────────────────────────────────────────────────────


class Round:
    """One person's round of clients: counts every condition for all of them at once, then tells the reasons of those shown.

    whole: these are all the clients that the person sees, or nearly; then the records need not be asked for each by name.
    """

    def __init__(self, clients, person, today, *, whole=False, conditions=CONDITIONS):
        self.clients, self.person, self.today, self.whole = list(clients), person, today, whole
        self.conditions = {it.name: it for it in conditions}

    def sieves(self, clients=None, conditions=None):
        """One for each kind of record that a condition (of these, or of all) is about."""
        conditions = self.conditions.values() if conditions is None else conditions
        for model in dict.fromkeys(it.model for it in conditions):
            records = model.objects.visible_to(self.person)
            if clients is not None:
                records = records.filter(client__in=[client.pk for client in clients])
            own = {it.name: it.holds(self.today) for it in conditions if it.model is model}
            yield model, Sieve(records, own)

    @cached_property
    def found(self):
        """client's key → condition's name → how many."""
        found = {client.pk: {} for client in self.clients}
        for _model, sieve in self.sieves(None if self.whole else self.clients):
            for row in sieve.counts("client"):
                found.get(row["client"], {})[row["under"]] = row["n"]
        return found

    @cached_property
    def idle(self):
        """The keys of the clients without a single step."""
        steps = Step.objects.visible_to(self.person).filter(client=OuterRef("pk"))
        clients = Client.objects.visible_to(self.person)
        if not self.whole:
            clients = clients.filter(pk__in=[client.pk for client in self.clients])
        return set(clients.filter(~Exists(steps)).values_list("pk", flat=True))

    def level(self, client):
        worst = min((self.conditions[name].level for name in self.found[client.pk]), key=WORST_FIRST.index, default=WELL)
        return IDLE if worst == WELL and client.pk in self.idle else worst

    def totals(self):
        """How many of all the clients stand how."""
        return tally([self.level(client) for client in self.clients])

    def worst(self, most):
        """The `most` clients that are worst: by level, then by importance, then by how much is late. Each with `health`."""

        def place(client):
            late = self.found[client.pk].get("late_steps", 0)
            return WORST_FIRST.index(self.level(client)), TIERS.index(client.tier), -late, client.code

        return self.visit(sorted(self.clients, key=place)[:most])

    def visit(self, clients):
        """These clients, each with `health`."""
        clients = counted(clients, "client", self.person, self.today)
        worst, workdays = self._worst_records(clients), calendar()
        for client in clients:
            reasons = [
                self._reason(it, self.found[client.pk][it.name], worst[client.pk, it.name], workdays)
                for it in self.conditions.values()
                if (client.pk, it.name) in worst and it.name in self.found[client.pk]
            ]
            client.health = Health(reasons, client.work, client.whole)
        return clients

    def _worst_records(self, clients):
        """(client's key, condition's name) → the record that is worst; asked of the conditions that were found to hold."""
        found, there = {}, {name for client in clients for name in self.found[client.pk]}
        holding = [it for it in self.conditions.values() if it.name in there]
        for model, sieve in self.sieves(clients, holding):
            by = dict.fromkeys(it.by for it in holding if it.model is model)
            for record in sieve.first(1, by=by, within=("client",)).select_related(*RELATED.get(model, ())):
                found[record.client_id, record.under] = record
        return found

    def _reason(self, condition, n, record, workdays):
        left = days_left(getattr(record, condition.by), self.today, workdays)
        return Reason(condition.level, condition.said(n, record, left), record.get_absolute_url())


def with_health(clients, person, today):
    """The clients, each with `health`, in the order given."""
    round_ = Round(clients, person, today)
    return round_.visit(round_.clients)
