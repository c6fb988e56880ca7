"""The list of clients."""

from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from agency.lists import Column, Listing, by_choice
from agency.templatetags.ui import chip, client_tab, person_tag, tone
from clients.forms import ClientFilter, ContactFilter
from clients.models import Assignment, Client, Contact


def headed(client):
    link = format_html('<a href="{}">{}</a>', client.get_absolute_url(), client.name)
    return format_html('{} <span class="list__note">{}</span>', link, client.industry)


def state(client):
    return chip(state=tone(client), word=client.get_state_display(), bare=True)


class ClientList(Listing):
    name, order, filters, icon = "clients", "code", ClientFilter, "clients"
    title, empty = gettext_lazy("Clients"), gettext_lazy("No client here")
    explained = gettext_lazy("The minister assigns clients; yours appear here as soon as you have a seat.")
    columns = (
        Column("code", gettext_lazy("Code"), show=client_tab, sort="code", fixed=True, named=False),
        Column("name", gettext_lazy("Client"), show=headed, sort=Lower("name"), what=True),
        Column("state", gettext_lazy("State"), "get_state_display", state, by_choice("state", Client.State), "rank",
               named=False),
        Column("tier", gettext_lazy("Tier"), "get_tier_display", sort=by_choice("tier", Client.Tier), kind="rank"),
        Column("group", gettext_lazy("Group"), sort=Lower("group__name")),
        Column("led_by", gettext_lazy("Led by"), show=lambda it: person_tag(it.led_by)),
        Column("sold_by", gettext_lazy("Salesman"), show=lambda it: person_tag(it.sold_by)),
        Column("industry", gettext_lazy("Industry"), sort=Lower("industry"), spare=True),
        Column("supervisor", gettext_lazy("Supervisor"), show=lambda it: person_tag(it.supervisor), spare=True),
        Column("opened", gettext_lazy("In the books since"), "created_at", sort="created_at", kind="moment", spare=True),
    )  # fmt: skip

    def visible(self):
        return Client.objects.visible_to(self.person).select_related("group__supervisor")

    def prepare(self, rows):
        leads = leads_of(rows, self.person)
        for client in rows:
            client.led_by = leads.get((client.pk, "director")) or leads.get((client.pk, "manager"))
            client.sold_by = leads.get((client.pk, "salesman"))
        return rows


def leads_of(clients, person):
    """(client, seat) → person for the clients of one page, in one query."""
    seats = Assignment.objects.visible_to(person).current().filter(client__in=[client.pk for client in clients])
    return {
        (seat.client_id, seat.seat): seat.person for seat in seats.filter(seat__in=Assignment.LEAD).select_related("person")
    }


def who(contact):
    link = format_html('<a href="{}">{}</a>', contact.get_absolute_url(), contact.name)
    return format_html('{} <span class="list__note">{}</span>', link, contact.position)


class ContactList(Listing):
    name, order, filters, icon = "contacts", "name", ContactFilter, "people"
    title, empty = gettext_lazy("Contacts"), gettext_lazy("No contact here")
    explained = gettext_lazy("Whom we know at a client's is written down on the client's page.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("name", gettext_lazy("Contact"), show=who, sort=Lower("name"), what=True),
        Column("standing", gettext_lazy("Standing"), "get_standing_display", sort=by_choice("standing", Contact.Standing),
               kind="rank"),
        Column("phone", gettext_lazy("Telephone"), show=lambda it: reached("tel", it.dialled, it.phone)),
        Column("email", gettext_lazy("E-mail"), show=lambda it: reached("mailto", it.email, it.email), sort=Lower("email")),
        Column("state", gettext_lazy("State"), "get_state_display", lambda it: chip(it, bare=True),
               by_choice("state", Contact.State), "rank", spare=True),
        Column("position", gettext_lazy("Position"), sort=Lower("position"), spare=True),
        Column("language", gettext_lazy("Language"), "get_language_display", spare=True),
    )  # fmt: skip

    def visible(self):
        return Contact.objects.visible_to(self.person).select_related("client").defer("note")


def reached(way, place, words):
    """A link that dials or writes; nothing where there is no number or address."""
    return format_html('<a href="{}:{}">{}</a>', way, place, words) if words else ""
