"""What became of each version of a draft, in a word: for the tabs above the artwork."""

from django.contrib.contenttypes.models import ContentType

from approvals.models import DraftVersion, InternalReview
from clients.models import Confirmation


def with_fates(versions):
    """The versions, each with `fate`: the client's answer, or what came of the look inside, or nothing yet. Two queries."""
    keys, kind = [it.pk for it in versions], ContentType.objects.get_for_model(DraftVersion)
    looked = InternalReview.objects.filter(draft_version__in=keys).order_by("created_at")
    fates = {it.draft_version_id: it.get_outcome_display() for it in looked}
    answered = Confirmation.objects.filter(content_type=kind, object_id__in=keys).order_by("number")
    fates |= {it.object_id: it.get_answer_display() for it in answered}
    for version in versions:
        version.fate = fates.get(version.pk, "")
    return versions
