"""Every address. The health probes and the pages that say no are the agency's own; each app brings the rest."""

from django.contrib import admin
from django.urls import include, path

from agency import style, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("kept/", views.kept_words, name="kept"),
    path("lists/<slug:name>/columns/", views.list_columns, name="list_columns"),
    path("style/", style.style, name="style"),
    path("admin/", admin.site.urls),
    path("", include("reminders.urls")),
    path("", include("accounts.urls")),
    path("", include("clients.urls")),
    path("", include("briefs.urls")),
    path("", include("campaigns.urls")),
    path("", include("approvals.urls")),
    path("", include("desk.urls")),
]

handler400 = "agency.views.bad_request"
handler403 = "agency.views.permission_denied"
handler404 = "agency.views.not_found"
handler429 = "agency.views.too_many"
handler500 = "agency.views.server_error"
