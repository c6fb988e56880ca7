"""News of the client file: told once, by the move that made it."""

from django.utils.translation import gettext_lazy as _

from clients.models import Client
from reminders.registry import Kind, register

register(Kind("clients.seat_news", label=_("Seats on clients"), view_right="clients.view_client", model=Client))
register(Kind("clients.client.shared", label=_("Shares"), view_right="clients.view_client", model=Client))
