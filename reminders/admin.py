"""The outbox to look at, never to change. Texts are not shown: they belong to their recipient, and some are secrets."""

from django.contrib import admin

from reminders.models import Letter, Notice


class OutboxAdmin(admin.ModelAdmin):
    """What left, what waits and what was dropped, for administrators. Only shown fields can be asked for by address."""

    list_filter = ["drop_reason"]
    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request):
        """`?body__startswith=` would give a secret away letter by letter."""
        return lookup.split("__")[0] in self.fields and super().lookup_allowed(lookup, value, request)


FATE = ["created_at", "send_at", "attempts", "sent_at", "dropped_at", "drop_reason", "last_error"]


@admin.register(Notice)
class NoticeAdmin(OutboxAdmin):
    fields = ["kind", "recipient", "rung", "digest", "shown_at", "seen_at", *FATE]
    list_display = ["id", "kind", "recipient", "send_at", "sent_at", "dropped_at", "drop_reason"]
    list_filter = ["drop_reason", "digest", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__username", "recipient__email", "kind"]


@admin.register(Letter)
class LetterAdmin(OutboxAdmin):
    fields = ["to", "subject", *FATE]
    list_display = ["id", "to", "subject", "send_at", "sent_at", "dropped_at", "drop_reason"]
    search_fields = ["to"]
