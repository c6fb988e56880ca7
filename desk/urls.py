from django.urls import path, re_path

from clients.urls import CLIENT
from desk.views import calendars, client, department, glossary, happened, history, home, owed, search

urlpatterns = [
    path("", home.desk, name="desk"),
    path("search/", search.search, name="search"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("happened/", happened.happened, name="happened"),
    path("owed/", owed.owed, name="owed"),
    re_path(r"^f/(?P<token>[^/]{1,200})\.ics$", calendars.calendar_feed, name="calendar_feed"),
    path("department/", department.department, name="department"),
    re_path(CLIENT + r"$", client.client_page, name="client"),
    re_path(CLIENT + r"assign/$", client.client_assign, name="client_assign"),
    re_path(CLIENT + r"seats/(?P<pk>\d{1,18})/end/$", client.seat_end, name="seat_end"),
    path("history/<str:kind>/<int:pk>/", history.history, name="history"),
]
