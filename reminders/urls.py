from django.urls import path

from reminders import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/seen/", views.all_seen, name="notices_seen"),
    path("notices/<int:pk>/seen/", views.seen, name="notice_seen"),
    path("notices/<int:pk>/unseen/", views.unseen, name="notice_unseen"),
]
