"""The library of specifications, read by everybody in the house and kept in the administration (SAL6)."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.library import SpecificationList
from campaigns.models import Specification

KEEP = "campaigns.change_template"


def keeps(person):
    return person.is_superuser or person.has_perm(KEEP)


@require_safe
def specification_list(request):
    return SpecificationList(request).response("campaigns/specifications.html", may_keep=keeps(request.user))


@require_safe
def specification(request, pk):
    """One specification, also one out of use: a piece that was agreed may still name it."""
    found = get_object_or_404(Specification, pk=pk)
    return render(request, "campaigns/specification.html", {"it": found, "may_keep": keeps(request.user)})
