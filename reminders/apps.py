from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders and mail")

    def ready(self):
        """Every app says in its `due.py` what of its records can be due or told; found by name, not imported upward."""
        autodiscover_modules("due")
