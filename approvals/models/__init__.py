from approvals.models.comment import DraftComment
from approvals.models.draft import Draft
from approvals.models.draft_version import DraftVersion
from approvals.models.internal_review import InternalReview
from approvals.models.page_image import Difference, PageImage
from approvals.models.presentation import Presentation
from approvals.models.sample import Sample
from approvals.models.sample_row import SampleRow
from approvals.models.supervision_note import SupervisionNote

__all__ = [
    "Difference",
    "Draft",
    "DraftComment",
    "DraftVersion",
    "InternalReview",
    "PageImage",
    "Presentation",
    "Sample",
    "SampleRow",
    "SupervisionNote",
]
