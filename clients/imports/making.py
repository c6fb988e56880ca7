"""Making everything of a file that was looked at, in one act or not at all."""

from uuid import uuid5

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from simple_history.utils import bulk_create_with_history

from agency import clock
from agency.flow import Refused
from agency.log import security
from clients.imports.rows import LOG, entries, met
from clients.models import Client, ClientImport, Contact, Event

RIGHT = "clients.add_client"
BATCH = 200


def make(imported, *, by):
    """Everything of this import, exactly as it was looked at; a second time nothing.

    Raises PermissionDenied, or Refused naming the row where the books have changed meanwhile: then nothing is made.
    """
    if not by.has_perm(RIGHT):
        raise PermissionDenied
    try:
        with transaction.atomic():
            _make(ClientImport.objects.select_for_update().get(pk=imported.pk), by)
    except IntegrityError as error:
        refuse(met(entries(imported), by))
        raise Refused(_("Somebody wrote the same at this moment. Nothing was imported: look at the rows again.")) from error


def _make(imported, by):
    if imported.done_at:
        return
    rows = met(entries(imported), by)
    refuse(rows)
    there = Client.objects.where(by, LOG).filter(code__in={row.code for row in rows})
    clients = {client.code: client for client in there}
    new = [Client(created_by=by, token=token(imported, "client", row), **named(row.client)) for row in rows if row.client]
    clients |= {client.code: client for client in entered(new, by)}
    people = [(clients[row.code], row) for row in rows if row.contact]
    entered([Contact(client=it, created_by=by, token=token(imported, "contact", row), **row.contact) for it, row in people], by)
    imported.settle(rows)
    security("clients imported", actor=by, object=imported.name, clients=imported.clients, contacts=imported.contacts)


def named(client):
    """The fields of a new client, the group by its key."""
    return {("group_id" if name == "group" else name): value for name, value in client.items()}


def token(imported, kind, row):
    return uuid5(imported.token, f"{kind} {row.number}")


def entered(records, by):
    """New records of one kind with history and event as `keep` and `record_event` would write them, but for all in a few
    statements: the one place where records with a history are written in bulk, since a thousand of them make somebody wait.
    """
    if records:
        with override(settings.LANGUAGE_CODE):
            made = {"default_user": by, "default_change_reason": "imported", "default_date": clock.now()}
            bulk_create_with_history(records, type(records[0]), batch_size=BATCH, **made)
        told = {"actor": by, "verb": "created"}
        Event.objects.bulk_create([Event(client_id=it.client_id, subject=it, **told) for it in records], batch_size=BATCH)
    return records


def refuse(rows):
    """Raise Refused with the first row in the way."""
    for row in rows:
        for head, fault in row.told:
            words = {"n": row.number, "column": head, "fault": fault}
            raise Refused(_("Nothing was imported. Row %(n)d, %(column)s: %(fault)s") % words)
