from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = _("Clients")

    def ready(self):
        """Every app says in its `client_pages.py` what a client's contact can be sent a link for; found by name."""
        autodiscover_modules("client_pages")
