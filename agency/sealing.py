"""Tables to which rows are only added: the database itself refuses to change or remove what stands there.

Who owns the server can take a seal off; what was then changed is found by whoever checks the chain that the rows make.
SQLite throws triggers away with the old table when a migration rebuilds one, so such a migration seals it anew.
"""

from django.db import connection, migrations

SAID = "Rows of this table are added and stay as they are."
FUNCTION = f"""
CREATE OR REPLACE FUNCTION accord_rows_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = '{SAID}'; END $$
"""


def name_of(table, deed):
    return f"{table}_no_{deed.lower()}"


def sealing(vendor, table, *, counts=""):
    """The statements that seal a table. counts: a number in its one row that may go up by one, and nothing else."""
    step = f" WHEN (NEW.{counts} IS DISTINCT FROM OLD.{counts} + 1)" if counts else ""
    if vendor == "postgresql":
        yield FUNCTION
        for deed, each, when in (("UPDATE", "ROW", step), ("DELETE", "ROW", ""), ("TRUNCATE", "STATEMENT", "")):
            name, run = name_of(table, deed), "EXECUTE FUNCTION accord_rows_stay()"
            yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
            yield f'CREATE TRIGGER "{name}" BEFORE {deed} ON "{table}" FOR EACH {each}{when} {run}'
    if vendor == "sqlite":
        step = step.replace("IS DISTINCT FROM", "IS NOT")
        for deed, when in (("UPDATE", step), ("DELETE", "")):
            name, run = name_of(table, deed), f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield f'CREATE TRIGGER "{name}" BEFORE {deed} ON "{table}"{when} {run}'


def unsealing(vendor, table):
    for deed in ("UPDATE", "DELETE", *(["TRUNCATE"] if vendor == "postgresql" else [])):
        yield f'DROP TRIGGER IF EXISTS "{name_of(table, deed)}"' + (f' ON "{table}"' if vendor == "postgresql" else "")


def is_sealed(table):
    """Whether the table stands under its seal in this database."""
    asked = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor], [table])
        there = {row[0] for row in cursor.fetchall()}
    return {name_of(table, "UPDATE"), name_of(table, "DELETE")} <= there


class Seal(migrations.operations.base.Operation):
    """Migration: seal a table."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table, counts=""):
        self.table, self.counts = table, counts

    def deconstruct(self):
        return type(self).__name__, [self.table], {"counts": self.counts}

    def describe(self):
        return f"Rows of {self.table} are only added"

    def state_forwards(self, app_label, state):
        """Nothing that models know of."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for statement in sealing(schema_editor.connection.vendor, self.table, counts=self.counts):
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for statement in unsealing(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement)
