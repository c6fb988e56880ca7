"""Drafts, samples and their proof reviews, and images of pages, to read."""

from django.contrib import admin

from agency.adminsite import ReadOnlyAdmin, RecordAdmin
from approvals.models import (
    Difference,
    Draft,
    DraftComment,
    DraftVersion,
    InternalReview,
    PageImage,
    Presentation,
    Sample,
    SampleRow,
    SupervisionNote,
)
from clients.admin import GroupSharesInline, SharesInline


@admin.register(Draft)
class DraftAdmin(RecordAdmin):
    list_display = ["title", "campaign", "client", "state", "court", "holder", "due_on"]
    list_filter = ["state", "court"]
    list_select_related = ["campaign", "client", "holder"]
    search_fields = ["title", "campaign__job_number", "client__code"]
    inlines = [SharesInline, GroupSharesInline]


@admin.register(DraftVersion)
class DraftVersionAdmin(RecordAdmin):
    list_display = ["draft", "number", "round", "client", "state", "maker", "created_at"]
    list_filter = ["state"]
    list_select_related = ["draft__deliverable", "draft__campaign", "client", "maker"]


@admin.register(InternalReview)
class InternalReviewAdmin(RecordAdmin):
    list_display = ["draft_version", "outcome", "client", "created_by", "created_at"]
    list_filter = ["outcome"]
    list_select_related = ["draft_version__draft__deliverable", "draft_version__draft__campaign", "client", "created_by"]


@admin.register(Presentation)
class PresentationAdmin(RecordAdmin):
    list_display = ["campaign", "client", "kind", "held_on", "state", "presenter"]
    list_filter = ["state", "kind"]
    list_select_related = ["campaign", "client", "presenter"]
    search_fields = ["campaign__job_number", "campaign__name", "said"]


@admin.register(Sample)
class SampleAdmin(RecordAdmin):
    list_display = ["campaign", "deliverable", "number", "kind", "state", "holder", "due_on"]
    list_filter = ["state", "kind"]
    list_select_related = ["campaign", "deliverable", "holder"]
    search_fields = ["campaign__job_number", "campaign__name", "supplier"]
    inlines = [SharesInline, GroupSharesInline]


@admin.register(SampleRow)
class SampleRowAdmin(RecordAdmin):
    list_display = ["sample", "position", "text", "answer", "note"]
    list_filter = ["answer", "source"]
    list_select_related = ["sample__campaign", "sample__deliverable"]
    search_fields = ["text", "note", "sample__campaign__job_number"]


@admin.register(SupervisionNote)
class SupervisionNoteAdmin(RecordAdmin):
    list_display = ["campaign", "number", "kind", "verdict", "state", "holder", "due_on"]
    list_filter = ["state", "kind", "verdict"]
    list_select_related = ["campaign", "holder"]
    search_fields = ["campaign__job_number", "campaign__name", "words"]


@admin.register(PageImage)
class PageImageAdmin(ReadOnlyAdmin):
    """Whether a page was drawn; what is on it is for those who see its file."""

    hidden = {"image", "thumb", "leased_until"}
    list_display = ["id", "attachment", "number", "state", "why", "attempts", "asked_at"]
    list_filter = ["state", "why"]
    list_select_related = ["attachment"]
    date_hierarchy = "asked_at"


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    hidden = {"image", "boxes", "leased_until"}
    list_display = ["id", "before", "after", "state", "why", "share", "attempts", "asked_at"]
    list_filter = ["state", "why"]
    list_select_related = ["before", "after"]
    date_hierarchy = "asked_at"


@admin.register(DraftComment)
class DraftCommentAdmin(RecordAdmin):
    list_display = ["draft", "number", "audience", "state", "client", "created_by", "created_at"]
    list_filter = ["audience", "state"]
    list_select_related = ["draft__deliverable", "draft__campaign", "client", "created_by"]
