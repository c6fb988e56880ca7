from django.contrib import admin

from agency.adminsite import KeptAdmin, RecordAdmin
from briefs.models import Brief, BriefTemplate, Edition, Enquiry, Opinion, Playback, Question, Study
from briefs.template_form import InWords, TemplateForm, fieldsets
from clients.admin import GroupSharesInline, SharesInline


@admin.register(Brief)
class BriefAdmin(RecordAdmin):
    list_display = ["title", "client", "state", "court", "holder", "due_on", "created_at"]
    list_filter = ["state", "court"]
    list_select_related = ["client", "holder"]
    search_fields = ["title", "client__code", "client__name"]
    inlines = [SharesInline, GroupSharesInline]


@admin.register(Edition)
class EditionAdmin(RecordAdmin):
    list_display = ["brief", "number", "client", "created_by", "created_at", "withdrawn"]
    list_select_related = ["brief", "client", "created_by"]
    search_fields = ["brief__title", "client__code"]

    @property
    def hidden(self):
        """What was accepted holds the budget."""
        return {*super().hidden, "content"}


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    list_display = ["brief", "client", "contact", "way", "state", "court", "holder", "due_on"]
    list_filter = ["state", "way"]
    list_select_related = ["brief", "client", "contact", "holder"]
    search_fields = ["brief__title", "client__code"]


@admin.register(Question)
class QuestionAdmin(RecordAdmin):
    list_display = ["words", "brief", "client", "state", "created_at"]
    list_filter = ["state"]
    list_select_related = ["brief", "client"]
    search_fields = ["words", "brief__title", "client__code"]


@admin.register(Playback)
class PlaybackAdmin(RecordAdmin):
    list_display = ["brief", "number", "client", "contact", "state", "court", "holder", "due_on"]
    list_filter = ["state"]
    list_select_related = ["brief", "client", "contact", "holder"]
    search_fields = ["brief__title", "client__code"]


@admin.register(Study)
class StudyAdmin(RecordAdmin):
    list_display = ["brief", "client", "state", "court", "holder", "answer_by", "created_by", "created_at"]
    list_filter = ["state"]
    list_select_related = ["brief", "client", "holder", "created_by"]
    search_fields = ["brief__title", "client__code"]


@admin.register(Opinion)
class OpinionAdmin(RecordAdmin):
    list_display = ["study", "department", "person", "client", "state", "verdict", "due_on", "created_at"]
    list_filter = ["state", "verdict", "department"]
    list_select_related = ["study__brief", "department", "person", "client"]
    search_fields = ["study__brief__title", "client__code"]


@admin.register(BriefTemplate)
class BriefTemplateAdmin(KeptAdmin):
    """Kinds of job: what each asks first, what weighs how much, what else to ask."""

    form = TemplateForm
    list_display = ["name", "for_what", "position", "in_use"]

    def get_fieldsets(self, request, obj=None):
        return fieldsets()

    def get_historical_record_context_helper(self, request, historical_record):
        return InWords(self.model, historical_record, max_displayed_delta_change_chars=2000)
