from django.urls import path, re_path

from clients import sharing, views

CLIENT = r"^clients/(?P<code>[A-Z]{3})/"

urlpatterns = [
    path("clients/", views.client_list, name="clients"),
    path("clients/new/", views.client_new, name="client_new"),
    re_path(CLIENT + r"edit/$", views.client_edit, name="client_edit"),
    re_path(CLIENT + r"move/(?P<name>\w+)/$", views.client_move, name="client_move"),
    path("share/<str:kind>/<int:pk>/", sharing.share, name="share"),
    path("unshare/<str:kind>/<int:pk>/", sharing.unshare, name="unshare"),
]
