from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from agency.adminsite import KeptAdmin, ReadOnlyAdmin
from agency.models import AgencyDay


@admin.register(AgencyDay)
class AgencyDayAdmin(KeptAdmin):
    """A day entered by mistake is turned round ("the agency works"), not deleted: schedules have been counted with it."""

    list_display = ["date", "name", "is_open"]
    list_filter = ["is_open"]
    search_fields = ["name"]
    date_hierarchy = "date"


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What was done in the admin."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__username"]
    date_hierarchy = "action_time"


@admin.register(Permission)
class PermissionAdmin(ReadOnlyAdmin):
    """The codenames that shares name. Who holds which right says the rights table, nothing in here."""

    list_display = ["codename", "name", "content_type"]
    list_filter = ["content_type__app_label"]
    list_select_related = ["content_type"]
    search_fields = ["codename", "name"]
