"""The laid-down agency, kept as rows: laying it down again for a test with real transactions takes a moment, playing it takes
seconds."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

KEPT = {"django_migrations"}
_rows = {}


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
