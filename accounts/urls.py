"""People, evaluations, one's own settings, and the doors in and out.

Of allauth only these doors are open: no sign-up (the address exists, and says so), no e-mail addresses to manage.
"""

from allauth.account import views as doors
from django.urls import path, re_path

from accounts import absences, feeds, views

urlpatterns = [
    path("login/", doors.login, name="account_login"),
    path("logout/", doors.logout, name="account_logout"),
    path("inactive/", doors.account_inactive, name="account_inactive"),
    path("signup/", doors.signup, name="account_signup"),
    path("password/change/", doors.password_change, name="account_change_password"),
    path("password/reset/", doors.password_reset, name="account_reset_password"),
    path("password/reset/done/", doors.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", doors.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        doors.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("me/", views.me, name="me"),
    path("me/adjust/", views.me_adjust, name="me_adjust"),
    path("me/calendar/", feeds.my_calendar, name="my_calendar"),
    path("me/calendar/<int:pk>/move/<slug:name>/", feeds.my_calendar_move, name="my_calendar_move"),
    path("absences/", absences.my_absences, name="absences"),
    path("absences/<int:pk>/", absences.absence, name="absence"),
    path("away/", absences.away, name="away"),
    path("people/", views.people, name="people"),
    path("people/evaluations/", views.evaluations, name="evaluations"),
    path("people/evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("people/evaluations/<int:pk>/pdf/", views.evaluation_pdf, name="evaluation_pdf"),
    path("people/evaluations/<int:pk>/edit/", views.edit_evaluation, name="evaluation_edit"),
    path("people/evaluations/<int:pk>/sign/", views.sign_evaluation, name="evaluation_sign"),
    path("people/evaluations/<int:pk>/move/<slug:name>/", views.move_evaluation, name="evaluation_move"),
    path("people/evaluations/<int:pk>/history/", views.evaluation_history, name="evaluation_history"),
    path("people/<slug:username>/", views.person, name="person"),
    path("people/<slug:username>/evaluate/", views.evaluate, name="evaluate"),
]
