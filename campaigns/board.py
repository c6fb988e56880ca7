"""The dashboard over all campaigns (COO1): a lane for each, the worst first."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, Max, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.flow import Court
from agency.keyset import Order, counted
from agency.lanes import Bar, named, tracked
from agency.pages import Page
from agency.workdays import calendar
from campaigns.causes import foreseen
from campaigns.gantt import bar_of, moves_at, told_of
from campaigns.models import Campaign, Step, StepLink, standing
from campaigns.models.template import Kind
from campaigns.movable import movable_by
from campaigns.reading import standing_of
from campaigns.templatetags.spans import span
from clients.owed import days_left

LANES = 20  # campaigns on a page
WIDTH = 480  # about how many px a lane is wide on a desk
BEYOND = 15  # how many days of it the words at its end take
SORTS = {"worst": gettext_lazy("worst first"), "ends": gettext_lazy("ends soonest"), "client": gettext_lazy("client, A to Z")}
GOALS = (Kind.DEADLINE, Kind.EXECUTION)
WORST = (standing.is_late, standing.is_blocked, standing.is_at_risk, standing.is_unassigned)
BEGUN = (Step.State.READY, Step.State.IN_PROGRESS)


@dataclass(frozen=True)
class Job:
    """A campaign on the board. url: empty where the person sees steps of it, but not the campaign · beyond: ends after the
    weeks shown, on that day."""

    campaign: Campaign
    standing: tuple
    next: Step | None
    bars: list
    url: str
    beyond: object

    @property
    def group(self):
        return self.campaign.client.group

    @property
    def told(self):
        """The lane in words, for those who do not see it."""
        return f"{self.campaign.name}: {self.standing[1]}"


# ── Which campaigns, in which sequence ──────────────────────────────────────────────────────────
def jobs_of(steps, person, today, window, request):
    """A page of the campaigns to which these open steps belong, each as a Job, from its steps that `person` sees.

    Six queries, however many campaigns.
    """
    page = page_of_campaigns(Campaign.objects.filter(pk__in=steps.order_by().values("campaign")), person, today, request)
    seen = Step.objects.visible_to(person).filter(campaign__in=page.rows).select_related("person", "department")
    by_campaign = {}
    for step in seen.order_by("position", "pk"):
        by_campaign.setdefault(step.campaign_id, []).append(step)
    open_to = set(Campaign.objects.visible_to(person).filter(pk__in=[it.pk for it in page.rows]).values_list("pk", flat=True))
    links, workdays = {}, calendar()
    movable = movable_by(person, page.rows)
    for campaign, *link in StepLink.objects.filter(after__campaign__in=page.rows).values_list(
        "after__campaign", "before", "after", "lag"
    ):
        links.setdefault(campaign, []).append(tuple(link))
    told = {"today": today, "window": window, "workdays": workdays, "movable": movable}
    page.rows = [job(it, by_campaign[it.pk], links.get(it.pk, ()), is_open=it.pk in open_to, **told) for it in page.rows]
    return page


def grouped(jobs):
    """[(business group or None, its jobs)], in the sequence of the page."""
    groups = {}
    for job in jobs:
        groups.setdefault(job.group, []).append(job)
    return list(groups.items())


def page_of_campaigns(campaigns, person, today, request):
    sort = request.GET.get("board", "")
    sort = sort if sort in SORTS else "worst"
    order = Order(sequence(sort, person, today), scope=f"board.{sort}")
    found = order.sort(campaigns.select_related("client__group__supervisor"))
    if after := request.GET.get("lanes", ""):
        found = order.behind(found, after)
    rows, query = list(found[: LANES + 1]), request.GET.copy()
    if len(rows) > LANES:
        query["lanes"] = order.cursor(rows[LANES - 1])
    return Page(rows[:LANES], f"?{query.urlencode()}" if len(rows) > LANES else "", counted(campaigns))


def sequence(sort, person, today):
    """The text by which campaigns are sorted: first their group, then what is asked for."""
    steps = Step.objects.visible_to(person).filter(campaign=OuterRef("pk")).order_by()
    last = {
        "worst": [rank(steps, today), _edge(steps.unchecked(), Min("due_on"))],
        "ends": [_edge(steps, Max("ends_on"))],
        "client": [F("client__code"), F("job_number")],
    }[sort]
    return Concat(Coalesce(F("client__group__name"), Value("")), Value("|"), *last, output_field=CharField())


def rank(steps, today):
    """0 where a step is late … 4 where nothing is wrong: the sequence of WORST."""
    whens = [When(Exists(steps.filter(condition(today))), then=Value(str(place))) for place, condition in enumerate(WORST)]
    return Case(*whens, default=Value(str(len(WORST))), output_field=CharField())


def _edge(steps, of):
    day = steps.values("campaign").annotate(edge=of).values("edge")
    return Coalesce(Cast(Subquery(day), CharField()), Value(""))


# ── One campaign ────────────────────────────────────────────────────────────────────────────────
def job(campaign, steps, links, *, today, window, workdays, is_open, movable=()):
    kept = [step for step in steps if step.state != Step.State.SKIPPED] or steps
    ends, real = max(step.ends_on for step in kept), foreseen(steps, links, today, workdays)
    return Job(
        campaign, standing_of_work(steps, today, workdays, real), next_of(steps), lane_of(steps, window, today, movable),
        campaign.get_absolute_url() if is_open else "", ends if ends > window.last else None,
    )  # fmt: skip


def next_of(steps):
    """The unchecked step that is due first, or None."""
    left = [step for step in steps if not step.is_settled]
    return min(left, key=lambda step: (step.due_on or step.ends_on, step.position), default=None)


def standing_of_work(steps, today, workdays, real=None):
    """(one of the seven states, a word) for a whole campaign: what hurts most, in the sequence of WORST. real: {key: (first
    day, last day)} as things stand; foreseen past its latest day a step is at risk, however it is planned."""
    late = [step.ends_on for step in steps if step.is_late(today)]
    if late:
        days = -days_left(min(late), today, workdays)
        return "late", ngettext("Late %(n)d day", "Late %(n)d days", days) % {"n": days}
    if any(step.is_blocked(today) for step in steps):
        return "stopped", _("Blocked")
    if any(step.is_at_risk(today) or is_foreseen_late(step, real) for step in steps):
        return "risk", _("At risk")
    if any(step.is_open and step.person_id is None for step in steps):
        return "draft", _("Unassigned")
    begun = [step for step in steps if step.state in BEGUN]
    if begun and all(step.court == Court.CLIENT for step in begun):
        return "client", _("With client")
    if all(step.is_settled for step in steps):
        return "done", _("Completed")
    return "ours", _("On time")


def is_foreseen_late(step, real):
    return bool(real) and step.is_open and step.latest_on is not None and real[step.pk][1] > step.latest_on


def lane_of(steps, window, today, movable=()):
    """The bars of a campaign in the weeks shown: what is checked as one pale bar, the rest step by step, and the goal."""
    checked = [step for step in steps if step.state == Step.State.CHECKED]
    left = [
        bar_of(step, window, today, name=step.name, url=step.get_absolute_url(), move=moves_at(step, movable))
        for step in steps
        if not step.is_settled
    ]
    bars = [bar for bar in [*past(checked, window), *left] if bar.start < window.days and bar.end > 0]
    free = window.days - BEYOND if any(step.ends_on > window.last for step in steps) else window.days
    bars = named(tracked(bars), window.days, WIDTH, free)
    return [*bars, *goal_of(steps, bars, window, today)]


def past(checked, window):
    """What is checked, as one bar for each stretch of days without a gap."""
    stretches = []
    for step in sorted(checked, key=lambda step: step.starts_on):
        start, end = window.place(step.starts_on), window.place(step.ends_on) + 1
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]), [*stretches[-1][2], step])
        else:
            stretches.append((start, end, [step]))
    return [Bar(start, end, "done", form="past", **_said(part)) for start, end, part in stretches]


def _said(checked):
    n = len(checked)
    name = ngettext("%(n)d step checked", "%(n)d steps checked", n) % {"n": n}
    days = span(min(step.starts_on for step in checked), max(step.ends_on for step in checked))
    return {"name": name, "told": f"{name}, {days}"}


def goal_of(steps, bars, window, today):
    """The day on which the work has to be out, or at the media owner's, as the mark that printers aim at."""
    kept = (step for step in reversed(steps) if step.state != Step.State.SKIPPED)
    goal = next((step for step in kept if step.kind in GOALS), None)
    if goal is None or goal.is_settled:
        return []
    on, track = window.place(goal.starts_on), next((it.track for it in bars if it.url == goal.get_absolute_url()), 0)
    return [Bar(on - 1, on, standing_of(goal, today)[0], form="goal", told=told_of(goal, today), track=track)]
