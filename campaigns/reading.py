"""What pages read of campaigns and steps, each in a constant number of queries."""

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency import clock
from agency.flow import moves_of
from agency.templatetags.ui import tone
from agency.workdays import calendar
from campaigns.models import Campaign, ChangeOrder, Deliverable, Plan, ProgressReport, Rearrangement, Step
from campaigns.models.evidence import with_file
from campaigns.models.step import doers_of
from clients.models import Event
from clients.owed import with_days_left

NOW = 6
NO_STEPS = {"whole": 0, "checked": 0}


def with_progress(campaigns, person):
    """The campaigns, each with `progress` (how many steps, how many checked) and `next_step`, the one due first, or None."""
    campaigns = list(campaigns)
    steps = Step.objects.visible_to(person).order_by()
    per_campaign = steps.kept().filter(campaign__in=campaigns).values("campaign")
    counted = per_campaign.annotate(whole=Count("pk"), checked=Count("pk", filter=Q(state=Step.State.CHECKED)))
    counts = {row["campaign"]: row for row in counted}
    ahead = _next_steps(campaigns, steps, person)
    for campaign in campaigns:
        campaign.progress = counts.get(campaign.pk, NO_STEPS)
        campaign.next_step = ahead.get(campaign.pk)
    return campaigns


def _next_steps(campaigns, steps, person):
    """campaign's key → its unchecked step that is due first."""
    first = steps.unchecked().filter(campaign=OuterRef("pk")).order_by("due_on", "position").values("pk")[:1]
    keys = Campaign.objects.filter(pk__in=[it.pk for it in campaigns]).values_list(Subquery(first), flat=True)
    found = Step.objects.filter(pk__in=list(keys)).select_related("person", "department")
    return {step.campaign_id: step for step in with_days_left(found, person)}


def now_on(campaign, person, today):
    """The steps of a campaign that come next, each with `left` and `standing`."""
    steps = campaign.steps.visible_to(person).unchecked().for_list().order_by("due_on", "position")[:NOW]
    return with_standing(with_days_left(steps, person), today)


def with_waited(steps, person):
    """The steps, each with `waited`: the working days since it lies where it lies."""
    steps, workdays, today = list(steps), calendar(), clock.today_for(person)
    for step in steps:
        step.waited = workdays.between(localtime(step.court_since).date(), today)
    return steps


def with_standing(steps, today):
    for step in steps:
        step.standing = standing_of(step, today)
    return steps


def standing_of(step, today):
    """(one of the seven states, a word) for how a step stands on a day: what hurts most first."""
    if step.is_late(today):
        return "late", _("Late")
    if step.is_blocked(today):
        return "stopped", _("Blocked")
    if step.is_at_risk(today):
        return "risk", _("At risk")
    waits = {step.State.DONE: _("To take over"), step.State.TAKEN_OVER: _("To check")}
    return tone(step), waits.get(step.state) or step.get_state_display()


def neighbours(step, person):
    """The steps right before and right behind, each with `seen`: whether `person` may open it; and `is_across`: whether it is
    of another campaign, and then not even named to whoever may not open it."""
    related = ("department", "person")
    before = list(step.before.select_related(*related).order_by("position"))
    behind = list(step.successors.select_related(*related).order_by("position"))
    across = Step.objects.select_related(*related, "campaign").order_by("campaign", "position")
    before += across.filter(crossings_after__after=step.pk)
    behind += across.filter(crossings_before__before=step.pk)
    both = [*before, *behind]
    seen = set(Step.objects.visible_to(person).filter(pk__in=[it.pk for it in both]).values_list("pk", flat=True))
    for it in both:
        it.seen, it.is_across = it.pk in seen, it.campaign_id != step.campaign_id
    return {"before": before, "behind": behind}


def happened(campaign, person, most):
    """The latest events of a campaign and of all its parts, newest first, each with its `subject` at hand; of its change
    orders for those who see them."""
    about = Q(pk__in=[])
    parts = [(Campaign, "pk"), *((it, "campaign") for it in (Plan, Step, Rearrangement, Deliverable, ProgressReport))]
    if person.has_perm(ChangeOrder.view_right, campaign):
        parts.append((ChangeOrder, "campaign"))
    for model, field in parts:
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=model.objects.filter(**{field: campaign.pk}).values("pk"))
    events = Event.objects.filter(about, client=campaign.client).with_who()
    # A plan, a rearrangement and a change order are named after something else.
    named = [
        Plan.objects.select_related("campaign"),
        Rearrangement.objects.select_related("step"),
        ProgressReport.objects.select_related("campaign"),
        ChangeOrder.objects.select_related("campaign"),
    ]
    subjects = GenericPrefetch("subject", named)
    return list(events.order_by("-at", "-pk")[:most].prefetch_related(subjects))


def pieces_of(campaign, person):
    """The agreed deliverables of a campaign, each with the `moves` open to `person`. A plan names 30 at most."""
    pieces = list(campaign.deliverables.visible_to(person).filter(state="agreed"))
    writes = bool(pieces) and person.has_perm("campaigns.change_plan", campaign)
    for piece in pieces:
        piece.client, piece.campaign = campaign.client, campaign
        piece.moves = piece.moves_open_to(person) if writes else []
    return pieces


def counts(steps, today, shown):
    """How many steps stand so, for each word of `shown` (word → condition of a day), in one query."""
    conditions = {name: Count("pk", filter=condition(today)) for name, condition in shown.items()}
    return steps.order_by().aggregate(all=Count("pk"), **conditions)


class Hand:
    """A person's rights on the steps of one list, read at once: answers `has_perm` as the person would."""

    def __init__(self, person, steps):
        self.pk, self.rights = person.pk, {}
        for right in {it.needs for it in moves_of(Step).values() if not it.hidden}:
            held = Step.objects.where(person, right).filter(pk__in=[step.pk for step in steps])
            self.rights[right] = set(held.values_list("pk", flat=True))

    def has_perm(self, right, step):
        return step.pk in self.rights[right]


def with_next_move(steps, person):
    """The steps (of `for_list`), each with `next_moves`: the one move `person` would make next, or none."""
    hand, doers = Hand(person, steps), doers_of(steps)
    for step in with_file(steps):
        step.listed_doers = doers.get(step.pk, set())
        step.next_moves = step.moves_open_to(hand)[:1]
    return steps
