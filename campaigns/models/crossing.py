from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.standing import SETTLED
from campaigns.models.step import Step, StepLink


class Crossing(models.Model):
    """A step waits for a step of another campaign of the same client (COO6); `lag` as between steps of one campaign.

    Apart from `StepLink`, because what one may see of a step goes along the links within its campaign, and not along these.
    """

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+", db_index=False, verbose_name=_("client"))
    before = models.ForeignKey(Step, models.PROTECT, related_name="crossings_after", verbose_name=_("before"))
    after = models.ForeignKey(Step, models.PROTECT, related_name="crossings_before", verbose_name=_("after"))
    lag = models.SmallIntegerField(_("clear working days between"), default=0)

    class Meta:
        verbose_name = _("dependency across campaigns")
        verbose_name_plural = _("dependencies across campaigns")
        indexes = [models.Index(fields=["client"], name="crossing_of_client")]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_crossing_per_pair"),
            models.CheckConstraint(condition=Q(lag__gte=-20, lag__lte=60), name="crossing_lag"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="crossing_never_to_itself"),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"


def joined(campaign, also=()):
    """The keys of this campaign and of all that hang together with it through such dependencies. also: keys of further
    campaigns that are about to be joined. One query."""
    pairs = Crossing.objects.filter(client=campaign.client_id).values_list("before__campaign", "after__campaign")
    return _reached({campaign.pk, *also}, list(pairs))


def _reached(found, pairs):
    while True:
        more = {end for pair in pairs if found & set(pair) for end in pair} - found
        if not more:
            return found
        found |= more


def network_links(campaigns):
    """{(before, after): lag} within and between these campaigns: two queries, or one where there is one campaign alone."""
    kinds = [StepLink, Crossing] if len(campaigns) > 1 else [StepLink]
    rows = (kind.objects.filter(after__campaign__in=campaigns).values_list("before", "after", "lag") for kind in kinds)
    return {(before, after): lag for part in rows for before, after, lag in part}


def link_between(before, after):
    """The kind of dependency that two steps have, and what tells it from others of its kind."""
    pair = {"before_id": before.pk, "after_id": after.pk}
    return (StepLink, pair) if before.campaign_id == after.campaign_id else (Crossing, {**pair, "client_id": after.client_id})


def waiting(keys):
    """Those of these steps, by key, that wait for a step neither checked nor left out: two queries."""
    found = set()
    for kind in (StepLink, Crossing):
        found |= set(kind.objects.filter(after__in=keys).exclude(before__state__in=SETTLED).values_list("after", flat=True))
    return found


def hold(keys):
    """These campaigns by key, locked in one order, so that two rearrangements never wait for each other."""
    found = Campaign.objects.filter(pk__in=keys).select_related("client__group__supervisor").order_by("pk")
    return {it.pk: it for it in found.select_for_update(of=("self",), no_key=True)}


def edition_of(campaign):
    """What grows with every rearrangement of this campaign or of one that hangs together with it: the sum of their versions."""
    return Campaign.objects.filter(pk__in=joined(campaign)).aggregate(all=Sum("version"))["all"]
