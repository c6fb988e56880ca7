from django.urls import path, re_path

from clients import door, filing, links, sharing
from clients.ledger import views as ledger
from clients.views import certificates, contacts, covering, imports, terms
from clients.views import clients as views

CLIENT = r"^clients/(?P<code>[A-Z]{3})/"

urlpatterns = [
    path("clients/", views.client_list, name="clients"),
    path("clients/new/", views.client_new, name="client_new"),
    path("clients/import/", imports.client_import, name="client_import"),
    re_path(r"^clients/import/template\.(?P<form>csv|xlsx)$", imports.client_import_template, name="client_import_template"),
    path("clients/import/<uuid:token>/", imports.client_import_look, name="client_import_look"),
    path("clients/import/<uuid:token>/make/", imports.client_import_make, name="client_import_make"),
    re_path(CLIENT + r"edit/$", views.client_edit, name="client_edit"),
    re_path(CLIENT + r"move/(?P<name>\w+)/$", views.client_move, name="client_move"),
    re_path(CLIENT + r"ledger/$", ledger.ledger, name="ledger"),
    re_path(CLIENT + r"ledger/new/$", ledger.requirement_new, name="requirement_new"),
    path("requirements/<int:pk>/", ledger.requirement, name="requirement"),
    path("requirements/<int:pk>/edit/", ledger.requirement_edit, name="requirement_edit"),
    path("requirements/<int:pk>/waive/", ledger.requirement_waive, name="requirement_waive"),
    path("requirements/<int:pk>/move/<str:name>/", ledger.requirement_move, name="requirement_move"),
    path("files/<int:pk>/text/", filing.file_text, name="file_text"),
    path("files/<int:pk>/take-away/", filing.file_take_away, name="file_take_away"),
    path("files/<int:pk>/<str:name>", filing.file, name="file"),
    path("files/<str:kind>/<int:pk>/", filing.files, name="files"),
    re_path(CLIENT + r"terms/$", terms.terms_page, name="terms"),
    re_path(CLIENT + r"terms/new/$", terms.terms_new, name="terms_new"),
    re_path(CLIENT + r"terms/(?P<pk>\d{1,18})/edit/$", terms.terms_edit, name="terms_edit"),
    re_path(CLIENT + r"terms/(?P<pk>\d{1,18})/confirm/(?P<contact>\d{1,18})/$", terms.terms_confirm, name="terms_confirm"),
    re_path(CLIENT + r"contacts/new/$", contacts.contact_new, name="contact_new"),
    path("absences/<int:pk>/cover/", covering.absence_cover, name="absence_cover"),
    path("absences/<int:pk>/back/", covering.absence_back, name="absence_back"),
    path("absences/<int:pk>/move/<slug:name>/", covering.absence_move, name="absence_move"),
    path("contacts/", contacts.contact_list, name="contacts"),
    path("contacts/<int:pk>/", contacts.contact_page, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/move/<str:name>/", contacts.contact_move, name="contact_move"),
    path("confirmations/<int:number>/", certificates.confirmation, name="confirmation"),
    path("confirmations/<int:number>/pdf/", certificates.confirmation_pdf, name="confirmation_pdf"),
    path("links/<int:pk>/move/<str:name>/", links.link_move, name="link_move"),
    path("c/thanks/", door.client_thanks, name="client_thanks"),
    re_path(r"^c/(?P<token>.*)$", door.client_page, name="client_page"),
    path("share/<str:kind>/<int:pk>/", sharing.share, name="share"),
    path("unshare/<str:kind>/<int:pk>/", sharing.unshare, name="unshare"),
]
