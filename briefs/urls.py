from django.urls import path

from briefs import views

urlpatterns = [
    path("briefs/", views.brief_list, name="briefs"),
    path("briefs/new/", views.brief_new, name="brief_new"),
    path("briefs/<int:pk>/", views.brief_page, name="brief"),
    path("briefs/<int:pk>/pdf/", views.brief_pdf, name="brief_pdf"),
    path("briefs/<int:pk>/edit/", views.brief_edit, name="brief_edit"),
    path("briefs/<int:pk>/move/<str:name>/", views.brief_move, name="brief_move"),
]
