from django.contrib import admin

from agency.adminsite import RecordAdmin
from briefs.models import Brief
from clients.admin import GroupSharesInline, SharesInline


@admin.register(Brief)
class BriefAdmin(RecordAdmin):
    list_display = ["title", "client", "state", "court", "holder", "due_on", "created_at"]
    list_filter = ["state", "court"]
    list_select_related = ["client", "holder"]
    search_fields = ["title", "client__code", "client__name"]
    inlines = [SharesInline, GroupSharesInline]
