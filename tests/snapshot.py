"""The laid-down agency, kept as rows: laying it down again for a test with real transactions takes a moment, playing it takes
seconds."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

from agency.sealing import sealing, unsealing

KEPT = {"django_migrations"}
SEALED = {"clients_confirmation": "", "clients_chainhead": "number"}
_rows = {}


def let_flush_through():
    """Between tests the tables are emptied, the sealed ones too: for that one moment their seals are off.

    For Django's own emptying after a test with real transactions as for ours; what runs within a test meets the seals.
    """
    ops = type(connection.ops)
    flush = ops.sql_flush

    def unsealed(self, style, tables, **how):
        sealed, vendor = [table for table in SEALED if table in tables], self.connection.vendor
        off = [statement for table in sealed for statement in unsealing(vendor, table)]
        on = [statement for table in sealed for statement in sealing(vendor, table, counts=SEALED[table])]
        return [*off, *flush(self, style, tables, **how), *on]

    ops.sql_flush = unsealed


def tables():
    with connection.cursor() as cursor:
        return [name for name in connection.introspection.table_names(cursor) if name not in KEPT]


def take():
    """Remember every row of the database."""
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (names of our own tables)
            _rows[table] = [column[0] for column in cursor.description], cursor.fetchall()


def lay_down():
    """The database as it was when the snapshot was taken."""
    with transaction.atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables(), reset_sequences=True, allow_cascade=True):
            cursor.execute(statement)
        for table, (columns, rows) in _rows.items():
            names = ", ".join(map(connection.ops.quote_name, columns))
            places = ", ".join(["%s"] * len(columns))
            into = f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})"  # noqa: S608
            cursor.executemany(into, rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    ContentType.objects.clear_cache()


def break_the_chain_off():
    """No confirmation stands any more, as on the first day; within a test, whose transaction brings them back."""
    with connection.cursor() as cursor:
        for statement in (it for table in SEALED for it in unsealing(connection.vendor, table)):
            cursor.execute(statement)
        for model in (apps.get_model("clients", "Confirmation"), apps.get_model("clients", "ChainHead")):
            model._base_manager.all()._raw_delete("default")
        apps.get_model("clients", "ChainHead").objects.create(pk=1)
        for statement in (it for table in SEALED for it in sealing(connection.vendor, table, counts=SEALED[table])):
            cursor.execute(statement)
