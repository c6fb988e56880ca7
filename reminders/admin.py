"""The outbox to look at, never to change. Texts are hidden: they belong to their recipient, and some are secrets."""

from django.contrib import admin

from agency.adminsite import ForAdministrators, ToRead
from reminders.models import Letter, Notice

# Hidden also from the questions of a list's address: `?body__startswith=` would give a secret away letter by letter.
LEASE = {"batch", "leased_until"}


@admin.register(Notice)
class NoticeAdmin(ToRead, ForAdministrators, admin.ModelAdmin):
    """Who is told of what kind of thing, when, and what became of it. Not the text, nor which record it is about."""

    hidden = {"text", "path", "content_type", "object_id", "occasion", *LEASE}
    list_display = ["id", "kind", "recipient", "send_at", "sent_at", "dropped_at", "drop_reason"]
    list_filter = ["drop_reason", "digest", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__username", "recipient__email", "kind"]


@admin.register(Letter)
class LetterAdmin(ToRead, ForAdministrators, admin.ModelAdmin):
    """Which mail went to which address, and what became of it."""

    hidden = {"body", "html", "kind", "about", *LEASE}
    list_display = ["id", "to", "subject", "send_at", "sent_at", "dropped_at", "drop_reason"]
    list_filter = ["drop_reason"]
    search_fields = ["to"]
