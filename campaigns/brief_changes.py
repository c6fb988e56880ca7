"""A newer edition of the brief than the one plan and work schedule were looked at with (DEP3, DEP8): it is told wherever they
stand until somebody who answers for them has looked.

Plan and schedule are looked at separately: what changes the plan need not move a date, and the other way round. The account
side looks for the plan, whoever answers for the schedule (coordinator, supervisor, minister) for the schedule.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from briefs.comparison import changed_labels, edition_side
from briefs.models import Edition
from campaigns.models import Campaign, Step

SIDES = ("plan", "schedule")
NAMED = 4


@dataclass(frozen=True)
class BriefChange:
    """edition: the one that holds · since: number of the last one looked at · sides: what waits for somebody to look ·
    mine: of these, what this person looks at · labels: the answers that differ."""

    edition: Any
    since: int
    sides: tuple
    mine: tuple
    labels: list

    @property
    def first_labels(self):
        return self.labels[:NAMED]

    @property
    def more(self):
        return max(len(self.labels) - NAMED, 0)


def waiting_sides(campaign):
    """What of a campaign nobody has looked at since its brief changed. A query only where something has changed."""
    number = campaign.brief.edition_number
    late = [side for side in SIDES if getattr(campaign, f"{side}_edition") < number]
    return tuple(side for side in late if side == "plan" or campaign.is_scheduled)


def change_for(campaign, person):
    """The change of the brief that this campaign has to be looked at for, as this person may see it; or None."""
    sides = waiting_sides(campaign)
    if not sides:
        return None
    since = min(getattr(campaign, f"{side}_edition") for side in sides)
    numbers = {since, campaign.brief.edition_number}
    there = {it.number: it for it in campaign.brief.editions.filter(number__in=numbers).select_related("created_by")}
    edition = there[campaign.brief.edition_number]
    sees = person.has_perm("briefs.view_brief", campaign.brief)
    labels = changed_labels(edition_side(there[since]), edition_side(edition)) if sees and since in there else []
    mine = tuple(side for side in sides if person.has_perm(Campaign.LOOKS[side], campaign)) if sees else ()
    return BriefChange(edition, since, sides, mine, labels)


def changed_under(keys):
    """campaign's key → the edition that holds, for those of these campaigns that wait for somebody to look. Two queries."""
    scheduled = Exists(Step.objects.filter(campaign=OuterRef("pk")))
    behind = Q(plan_edition__lt=F("brief__edition_number")) | Q(schedule_edition__lt=F("brief__edition_number")) & scheduled
    rows = dict(Campaign.objects.filter(behind, pk__in=keys).values_list("pk", "brief"))
    holding = Edition.objects.filter(brief__in=rows.values(), number=F("brief__edition_number")).select_related("created_by")
    by_brief = {it.brief_id: it for it in holding} if rows else {}
    return {key: by_brief[brief] for key, brief in rows.items() if brief in by_brief}
