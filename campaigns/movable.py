"""Which steps of a page a person may move, or ask to have moved (COO6): asked at once for all of them."""

from accounts.rights import TABLE
from campaigns.models import Step

RIGHTS = ("campaigns.rearrange_steps", "campaigns.ask_rearrangement")


def movable_by(person, campaigns):
    """The keys of the steps of these campaigns on which `person` holds one of the rights; two queries at most."""
    held = [right for right in RIGHTS if TABLE[right].scope(person)]
    found = (Step.objects.where(person, right).filter(campaign__in=campaigns) for right in held)
    return {key for steps in found for key in steps.order_by().values_list("pk", flat=True)}
